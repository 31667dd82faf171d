package payslip

import (
	"cmp"
	"slices"

	"paye/internal/pdfw"
	"paye/xhl"
)

// notes are the events of the month and the comments, after the figures.
func (m *layout) notes() {
	b := m.b
	if len(b.Evenement) == 0 && len(b.Remuneration.Commentaire) == 0 {
		return
	}
	m.y += 300
	titre := bold(760, m.accent)
	section := func(name string) {
		m.room(3 * leading)
		m.Text(titre, left, m.y+800, right-left, pdfw.Left, name)
		m.y += 1300
	}
	if len(b.Evenement) > 0 {
		section("Évènements du mois")
		for _, e := range b.Evenement {
			m.note(join(" – ", e.Code, e.Description.V))
		}
		m.y += 300
	}
	if len(b.Remuneration.Commentaire) > 0 {
		section("Informations")
		comments := slices.Clone(b.Remuneration.Commentaire)
		slices.SortStableFunc(comments, func(x, y xhl.Commentaire) int { return cmp.Compare(ordre(x.Ordre), ordre(y.Ordre)) })
		for _, c := range comments {
			m.note(c.Libelle)
		}
	}
}

func (m *layout) note(s string) {
	n := m.Wrap(normal, right-left, s, pdfw.MaxLines)
	if n == 0 {
		return
	}
	m.room(point(n) * leading)
	m.Paragraph(normal, left, m.y+800, right-left, leading, pdfw.Left, pdfw.MaxLines, s)
	m.y += point(n) * leading
}
