package etats

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"paye/xhl"
)

// Mois is the compact index of the bulletins of a month: of one journal, of
// the volumes of a set, or of the trains of the month read as one.
type Mois struct {
	Siret, Nom, APE string
	Annee, Mois     int
	IdVer           string
	Trains          []string // in the order in which they were read
	Bulletins       int

	lex      *Lexique
	lots     []*Lot
	etabs    map[uint32]string // names by SIRET
	libelles map[uint16]string // first label of a line of each rubrique
	nomenc   map[string]xhl.Rubrique
	comptes  map[string]string // labels of accounts
	caisses  map[string]string

	Repartition []xhl.Repartition // as the journal has it, nil when it has none
}

// NewMois starts the month that the head of its first journal names.
func (l *Lexique) NewMois(e *xhl.Entete) *Mois {
	m := &Mois{lex: l, Siret: strings.TrimSpace(e.Employeur.Siret), Nom: e.Employeur.Nom, APE: e.Employeur.APE, IdVer: e.IdVer.Reveal(),
		etabs: make(map[uint32]string), libelles: make(map[uint16]string), nomenc: make(map[string]xhl.Rubrique),
		comptes: make(map[string]string), caisses: make(map[string]string)}
	m.Annee, _ = strconv.Atoi(strings.TrimSpace(e.Annee))
	m.Mois, _ = strconv.Atoi(strings.TrimSpace(e.Mois))
	m.etabs[l.texte(m.Siret)] = m.Nom
	m.Join(e)
	return m
}

// Join notes that the month has another journal.
func (m *Mois) Join(e *xhl.Entete) {
	if train := e.Train.V; train != "" && !slices.Contains(m.Trains, train) {
		m.Trains = append(m.Trains, train)
	}
}

// Same reports whether a journal with this head is of the month and employer.
func (m *Mois) Same(e *xhl.Entete) bool {
	annee, _ := strconv.Atoi(strings.TrimSpace(e.Annee))
	mois, _ := strconv.Atoi(strings.TrimSpace(e.Mois))
	return annee == m.Annee && mois == m.Mois && strings.TrimSpace(e.Employeur.Siret) == m.Siret
}

func (m *Mois) debut() string { return fmt.Sprintf("%04d-%02d-01", m.Annee, m.Mois) }

// Titre is the month as people write it: "05/2026".
func (m *Mois) Titre() string { return fmt.Sprintf("%02d/%04d", m.Mois, m.Annee) }

// rang numbers months, so that they can be subtracted.
func (m *Mois) rang() int { return 12*m.Annee + m.Mois }

// Append adds a lot: lots come in the order of the book.
func (m *Mois) Append(lot *Lot) {
	for i := range lot.Fiches {
		lot.Fiches[i].Rang = int32(m.Bulletins + i)
	}
	m.Bulletins += len(lot.Fiches)
	m.lots = append(m.lots, lot)
	for _, n := range lot.noms {
		if _, known := m.libelles[n.rub]; !known {
			m.libelles[n.rub] = n.libelle
		}
	}
	for _, e := range lot.etabs {
		if _, known := m.etabs[e.siret]; !known || m.etabs[e.siret] == "" {
			m.etabs[e.siret] = e.nom
		}
	}
	lot.noms, lot.etabs = nil, nil
}

// Nomenclatures adds the code lists of a journal, nil for none.
func (m *Mois) Nomenclatures(n *xhl.Nomenclatures) {
	if n == nil {
		return
	}
	for _, r := range n.NomenclatureRubriquePaye.Correspondance {
		if _, known := m.nomenc[r.Code]; !known {
			m.nomenc[r.Code] = r
		}
	}
	for _, c := range n.NomenclatureCaisse.Correspondance {
		m.caisses[c.Code] = c.Libelle
	}
	if n.NomenclatureNature != nil {
		for _, c := range n.NomenclatureNature.Correspondance {
			m.comptes[c.Code] = c.Libelle
		}
	}
}

// RepartitionParNature adds that of a journal, nil for none.
func (m *Mois) RepartitionParNature(r *xhl.RepartitionParNature) {
	if r != nil {
		m.Repartition = append(m.Repartition, r.Repartition...)
	}
}

// Fiches gives the bulletins in the order of the book.
func (m *Mois) Fiches() iter.Seq[*Fiche] {
	return func(yield func(*Fiche) bool) {
		for _, lot := range m.lots {
			for i := range lot.Fiches {
				if !yield(&lot.Fiches[i]) {
					return
				}
			}
		}
	}
}

// Libelle is the label of a rubrique: that of the nomenclature, else that of
// its first line.
func (m *Mois) Libelle(rub uint16) string {
	if r, known := m.nomenc[m.lex.Cle(rub).Code]; known && r.Libelle != "" {
		return r.Libelle
	}
	return m.libelles[rub]
}

// compte is the account that bears a rubrique's line; "" when the journal does
// not tell.
func (m *Mois) compte(k Cle) string {
	r := m.nomenc[k.Code]
	if k.Nature == xhl.Cotisation || r.CodeNatureSal.V == "" && k.Nature <= xhl.RemDivers {
		return r.CodeNatureEmp.V
	}
	return r.CodeNatureSal.V
}

// Etablissement names a SIRET.
func (m *Mois) Etablissement(siret uint32) string {
	if nom := m.etabs[siret]; nom != "" {
		return nom
	}
	return m.lex.Texte(siret)
}

// Texte is a text of the month.
func (m *Mois) Texte(id uint32) string { return m.lex.Texte(id) }

// Cle is the code and nature of a rubrique's number.
func (m *Mois) Cle(rub uint16) Cle { return m.lex.Cle(rub) }

// signes tells by what each nature changes the net to pay: the convention of
// the signs of deductions is that of the file.
func (m *Mois) signes() [nbNatures]int64 {
	s := [nbNatures]int64{}
	for n := xhl.TraitBrut; n <= xhl.RemDivers; n++ {
		s[n] = 1
	}
	s[xhl.Rappel] = 1
	var plus, minus [nbNatures]int
	for f := range m.Fiches() {
		lignes := f.Lignes()
		for i := range lignes {
			n := m.lex.Cle(lignes[i].Rub).Nature
			switch mt := f.Montant(&lignes[i]); {
			case mt > 0:
				plus[n]++
			case mt < 0:
				minus[n]++
			}
		}
		if f.Rang > 5000 {
			break
		}
	}
	for _, n := range []xhl.Nature{xhl.Deduction, xhl.Retenue, xhl.Acompte} {
		s[n] = -1
		if minus[n] > plus[n] {
			s[n] = 1
		}
	}
	return s
}
