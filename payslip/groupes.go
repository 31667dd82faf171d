package payslip

import (
	"cmp"
	"slices"

	"paye/xhl"
)

// Classe is what a rubriques.csv says of a line.
type Classe struct {
	Titre string // of the group that the line belongs to; empty for that of its kind
	Impot bool   // the line is the prélèvement à la source
}

// groupes are the titles of the kinds of lines. XSD Paye 1.4, annotations of
// Remuneration.
var groupes = [...]string{
	xhl.TraitBrut: "Traitement et accessoires", xhl.IndemResid: "Traitement et accessoires", xhl.SupFam: "Traitement et accessoires",
	xhl.AvantageNature: "Avantages en nature", xhl.Indemnite: "Primes et indemnités", xhl.RemDivers: "Autres rémunérations", xhl.Rappel: "Rappels",
	xhl.Deduction: "Cotisations et contributions", xhl.Cotisation: "Cotisations et contributions",
	xhl.Acompte: "Acomptes", xhl.Retenue: "Retenues sur le net",
}

// classe is what is known of a line besides what the journal says.
func (m *layout) classe(l *xhl.LigneP) Classe {
	if m.r.classe == nil {
		return Classe{}
	}
	return m.r.classe(l)
}

// groupe is the title of the group of a line.
func (m *layout) groupe(l *xhl.LigneP) string {
	if c := m.classe(l); c.Titre != "" {
		return c.Titre
	}
	return groupes[l.Nature]
}

// group puts the rows of one title side by side, the groups in the order of
// their first row. Rows keep their order within a group.
func (m *layout) group() {
	m.titres = m.titres[:0]
	for i := range m.rangs {
		titre := m.groupe(m.rangs[i].ligne())
		m.rangs[i].groupe = slices.Index(m.titres, titre)
		if m.rangs[i].groupe < 0 {
			m.rangs[i].groupe = len(m.titres)
			m.titres = append(m.titres, titre)
		}
	}
	slices.SortStableFunc(m.rangs, func(a, b rang) int { return cmp.Compare(a.groupe, b.groupe) })
}
