package etats

import (
	"cmp"
	"slices"
	"strings"

	"paye/internal/lang"
	"paye/xhl"
)

// Filtre says which bulletins an état is about; the zero value takes all.
type Filtre struct {
	Etablissement string // SIRET or name
	Service       string
}

// takes reports whether a fiche is in the état.
func (q *Filtre) takes(m *Mois, f *Fiche) bool {
	if q.Etablissement != "" && m.Texte(f.Etablissement) != q.Etablissement && m.Etablissement(f.Etablissement) != q.Etablissement {
		return false
	}
	return q.Service == "" || m.Texte(f.Service) == q.Service
}

// NonPorte is what an état shows of what the XHL does not have.
var NonPorte = lang.Text{FR: "non porté par le XHL", EN: "not in the XHL"}

// LigneLiquidee is a row of the état liquidatif: a line of a bulletin.
type LigneLiquidee struct {
	Fiche   *Fiche
	Cle     Cle
	Libelle string
	Compte  string
	Classe  Classe
	Detail  Detail
	Ligne   *Ligne
	Montant xhl.Montant
}

// Liquidatif gives the lines of the bulletins, in the order of the book.
func Liquidatif(m *Mois, c *Classement, q *Filtre, yield func(*LigneLiquidee) bool) {
	var row LigneLiquidee
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		lignes := f.Lignes()
		for i := range lignes {
			l := &lignes[i]
			k := m.Cle(l.Rub)
			row = LigneLiquidee{Fiche: f, Cle: k, Compte: m.compte(k), Classe: c.classe(l.Rub), Detail: f.Detail(i), Ligne: l, Montant: f.Montant(l)}
			if row.Libelle = row.Detail.Libelle; row.Libelle == "" {
				row.Libelle = m.Libelle(l.Rub)
			}
			if !yield(&row) {
				return
			}
		}
	}
}

// Colonne is a rubrique that has a column of its own in the wide état.
type Colonne struct {
	Cle     Cle
	Libelle string
}

// Large is the état liquidatif with one row an agent and one column a rubrique.
type Large struct {
	Colonnes []Colonne
	index    map[uint16]int
	mois     *Mois
	filtre   *Filtre
}

// NewLarge finds the columns.
func NewLarge(m *Mois, q *Filtre) *Large {
	l := &Large{index: make(map[uint16]int), mois: m, filtre: q}
	var rubs []uint16
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		for i := range f.Lignes() {
			if rub := f.Lignes()[i].Rub; !slices.Contains(rubs, rub) {
				rubs = append(rubs, rub)
			}
		}
	}
	slices.SortFunc(rubs, func(a, b uint16) int {
		x, y := m.Cle(a), m.Cle(b)
		return cmp.Or(cmp.Compare(x.Nature, y.Nature), strings.Compare(x.Code, y.Code))
	})
	for i, rub := range rubs {
		l.index[rub] = i
		l.Colonnes = append(l.Colonnes, Colonne{m.Cle(rub), m.Libelle(rub)})
	}
	return l
}

// Rows gives each bulletin with the sums of its columns, which are reused.
func (l *Large) Rows(yield func(*Fiche, []xhl.Montant) bool) {
	sums := make([]xhl.Montant, len(l.Colonnes))
	for f := range l.mois.Fiches() {
		if !l.filtre.takes(l.mois, f) {
			continue
		}
		clear(sums)
		lignes := f.Lignes()
		for i := range lignes {
			sums[l.index[lignes[i].Rub]] += f.Montant(&lignes[i])
		}
		if !yield(f, sums) {
			return
		}
	}
}

// Total is the foot of an état: agents, gross, net, and whether both are what
// the bulletins declare.
type Total struct {
	Bulletins, Agents int
	Brut, NetAPayer   xhl.Montant // declared
	Lignes            xhl.Montant // of the gross, summed from the lines
	Net               xhl.Montant // to pay, summed from the lines
	Comptes           []Compte    // by account
	Etablissements    []Compte
	Services          []Compte
}

// Totals sums a month: the foot of every état.
func Totals(m *Mois, q *Filtre) Total {
	var t Total
	signs := m.signes()
	agents := make(map[string]bool)
	comptes, etabs, services := make(map[string]*Compte), make(map[string]*Compte), make(map[string]*Compte)
	add := func(to map[string]*Compte, key, label string, mt xhl.Montant) {
		if to[key] == nil {
			to[key] = &Compte{Rubrique: key, Piece: label}
		}
		to[key].N++
		to[key].Montant += mt
	}
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		t.Bulletins++
		agents[f.Matricule] = true
		t.Brut += f.Totaux.Brut
		t.NetAPayer += f.Totaux.NetAPayer
		add(etabs, m.Texte(f.Etablissement), m.Etablissement(f.Etablissement), f.Totaux.Brut)
		add(services, m.Texte(f.Service), "", f.Totaux.Brut)
		lignes := f.Lignes()
		for i := range lignes {
			k, mt := m.Cle(lignes[i].Rub), f.Montant(&lignes[i])
			t.Net += mt * xhl.Montant(signs[k.Nature])
			if k.Nature <= xhl.RemDivers || k.Nature == xhl.Rappel {
				t.Lignes += mt
			}
			if compte := m.compte(k); compte != "" {
				add(comptes, compte, m.comptes[compte], mt)
			}
		}
	}
	t.Agents = len(agents)
	t.Comptes, t.Etablissements, t.Services = ordered(comptes), ordered(etabs), ordered(services)
	return t
}

func ordered(all map[string]*Compte) []Compte {
	list := make([]Compte, 0, len(all))
	for _, c := range all {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Compte) int { return strings.Compare(a.Rubrique, b.Rubrique) })
	return list
}

// LigneSFT is a row of the état of the supplément familial.
type LigneSFT struct {
	Fiche   *Fiche
	Montant xhl.Montant
	Moyenne xhl.Montant // of those with as many children
	Ecart   bool        // far from it, or paid without a child
}

// SFTRows lists who has the supplément, or children without it.
func SFTRows(m *Mois, c *Classement, q *Filtre) []LigneSFT {
	var list []LigneSFT
	sums, counts := make(map[int32]xhl.Montant), make(map[int32]xhl.Montant)
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		mt := f.sum(c, func(k Classe) bool { return k == SFT })
		if mt == 0 && f.Enfants == 0 {
			continue
		}
		list = append(list, LigneSFT{Fiche: f, Montant: mt})
		if mt != 0 {
			sums[f.Enfants] += mt
			counts[f.Enfants]++
		}
	}
	for i := range list {
		r := &list[i]
		if n := counts[r.Fiche.Enfants]; n > 0 {
			r.Moyenne = sums[r.Fiche.Enfants] / n
		}
		r.Ecart = r.Montant != 0 && (r.Fiche.Enfants == 0 || 2*absolu(r.Montant-r.Moyenne) > r.Moyenne) || r.Montant == 0
	}
	return list
}

// sum adds up the ordinary lines of the classes that keep takes.
func (f *Fiche) sum(c *Classement, keep func(Classe) bool) xhl.Montant {
	var sum xhl.Montant
	lignes := f.Lignes()
	for i := range lignes {
		if keep(c.classe(lignes[i].Rub)) && !lignes[i].Ancienne() {
			sum += f.Montant(&lignes[i])
		}
	}
	return sum
}

// Charge is a row of the état of charges: a code of a caisse.
type Charge struct {
	Caisse, NomCaisse, Code, Libelle string
	Nature                           xhl.Nature
	Taux                             string // of its lines; several when they differ
	Assiette, Montant                xhl.Montant
	Lignes                           int
}

// Charges sums the contributions by caisse and code. The month must have been
// read with its details.
func Charges(m *Mois, c *Classement, q *Filtre) []Charge {
	type key struct {
		caisse string
		rub    uint16
		taux   string
	}
	all := make(map[key]*Charge)
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		lignes := f.Lignes()
		for i := range lignes {
			l := &lignes[i]
			if k := m.Cle(l.Rub); k.Nature != xhl.Deduction && k.Nature != xhl.Cotisation {
				continue
			}
			d := f.Detail(i)
			caisse := d.Caisse
			if caisse == "" {
				caisse = m.nomenc[m.Cle(l.Rub).Code].CodeCaisse.V
			}
			taux := ""
			if l.AvecTaux() && l.Taux != 0 {
				taux = court(int64(l.Taux), 3)
			}
			one := all[key{caisse, l.Rub, taux}]
			if one == nil {
				k := m.Cle(l.Rub)
				one = &Charge{Caisse: caisse, NomCaisse: m.caisses[caisse], Code: k.Code, Nature: k.Nature, Libelle: m.Libelle(l.Rub), Taux: taux}
				all[key{caisse, l.Rub, taux}] = one
			}
			base, _ := d.Base.Montant() // an absent one adds nothing
			one.Assiette += base
			one.Montant += f.Montant(l)
			one.Lignes++
		}
	}
	list := make([]Charge, 0, len(all))
	for _, one := range all {
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b Charge) int {
		return cmp.Or(strings.Compare(a.Caisse, b.Caisse), cmp.Compare(a.Nature, b.Nature), strings.Compare(a.Code, b.Code), strings.Compare(a.Taux, b.Taux))
	})
	return list
}

// Recapitulatif is the répartition by account: as the journal has it, else made
// of the lines.
func Recapitulatif(m *Mois, q *Filtre) (list []xhl.Repartition, derived bool) {
	if m.Repartition != nil && q.Etablissement == "" && q.Service == "" {
		return m.Repartition, false
	}
	for _, c := range Totals(m, q).Comptes {
		list = append(list, xhl.Repartition{Code: c.Rubrique, Libelle: xhl.Some(c.Piece), Mt: c.Montant.Decimal()})
	}
	return list, true
}
