package payslip

import (
	"cmp"
	"slices"

	"paye/internal/pdfw"
	"paye/xhl"
)

// sujets are the headings of the comments; a comment goes under the first whose
// words it has [I].
var sujets = [...]struct {
	titre string
	of    func(words int) bool
}{
	{"Congés et absences", func(w int) bool { return w&motConges != 0 }},
	{"Impôt sur le revenu", func(w int) bool {
		return w&motPAS != 0 || w&(motSource|motPrelevement) == motSource|motPrelevement
	}},
	{"Informations", func(int) bool { return true }},
}

// notes are the events of the month and the comments, after the figures.
func (m *layout) notes() {
	m.y += 300
	if events := m.b.Evenement; len(events) > 0 {
		m.section("Évènements du mois")
		for _, e := range events {
			m.note(join(" – ", e.Code, e.Description.V))
		}
		m.y += 300
	}
	comments := slices.Clone(m.b.Remuneration.Commentaire)
	slices.SortStableFunc(comments, func(x, y xhl.Commentaire) int { return cmp.Compare(ordre(x.Ordre), ordre(y.Ordre)) })
	for i, s := range sujets {
		begun := false
		for _, c := range comments {
			if sujet(c.Libelle) != i {
				continue
			}
			if !begun {
				m.section(s.titre)
				begun = true
			}
			m.note(c.Libelle)
		}
		if begun {
			m.y += 300
		}
	}
}

// sujet is the place of the heading of a comment.
func sujet(comment string) int {
	set := words(comment)
	for i, s := range sujets {
		if s.of(set) {
			return i
		}
	}
	return len(sujets) - 1
}

func (m *layout) section(name string) {
	m.room(3 * leading)
	m.put(pdfw.H2, bold(760, m.accent), left, m.y+800, right-left, pdfw.Left, name)
	m.y += 1300
}

func (m *layout) note(s string) {
	n := m.Wrap(normal, right-left, s, pdfw.MaxLines)
	if n == 0 {
		return
	}
	m.room(n * leading)
	m.Open(pdfw.P, "")
	m.Paragraph(normal, left, m.y+800, right-left, leading, pdfw.Left, pdfw.MaxLines, s)
	m.Close()
	m.y += n * leading
}
