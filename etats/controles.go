package etats

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"paye/internal/lang"
	"paye/xhl"
)

// Controle is an advisory control: what it looks for, from what threshold, and
// where that comes from. None of them is law.
type Controle struct {
	Nom        string
	Definition lang.Text
	Seuil      string
	Source     string // and its date
}

// Controles lists the advisory controls.
var Controles = []Controle{
	{"net_negatif", lang.Text{FR: "net à payer nul ou négatif", EN: "net to pay zero or negative"}, "0", "[I]"},
	{"plusieurs_bulletins", lang.Text{FR: "plusieurs bulletins d'un agent", EN: "several bulletins of an agent"}, "1", "[I]"},
	{"sans_ligne", lang.Text{FR: "bulletin sans ligne", EN: "bulletin without a line"}, "", "[I]"},
	{"nir_partage", lang.Text{FR: "même NIR sous deux matricules", EN: "one NIR under two matricules"}, "", "[I]"},
	{"compte_partage", lang.Text{FR: "même compte bancaire pour deux noms", EN: "one bank account for two names"}, "", "[I]"},
	{"nbi_non_titulaire", lang.Text{FR: "NBI versée à un non-titulaire", EN: "NBI paid to a non titulaire"}, "", "2015-2018 [S]"},
	{"nbi_points", lang.Text{FR: "plus de points de NBI que le plus fort barème vu", EN: "more points of NBI than the largest scale seen"}, "120", "2015-2018 [S]"},
	{"nbi_valeur", lang.Text{FR: "valeur du point de NBI à plus de 1 € de la moyenne", EN: "value of the NBI point more than 1 € off the mean"}, "1,00", "2015-2018 [S]"},
	{"hs_plafond", lang.Text{FR: "plus de 25 heures supplémentaires dans le mois", EN: "more than 25 supplementary hours in the month"}, "25", "décret 2002-60 [S]"},
	{"hs_non_titulaire", lang.Text{FR: "heures supplémentaires à un non-titulaire", EN: "supplementary hours to a non titulaire"}, "", "2015-2018 [S]"},
	{"ifse_cumul", lang.Text{FR: "IFSE avec IFTS, IAT, ISS, IEMP, PFI, PSR ou PFR", EN: "IFSE with IFTS, IAT, ISS, IEMP, PFI, PSR or PFR"}, "", "2015-2018 [S]"},
	{"ifse_non_titulaire", lang.Text{FR: "IFSE à un non-titulaire", EN: "IFSE to a non titulaire"}, "", "2015-2018 [S]"},
	{"astreinte_hs", lang.Text{FR: "astreintes et heures supplémentaires le même mois", EN: "astreintes and supplementary hours in one month"}, "", "2015-2018 [S]"},
	{"sft_sans_enfant", lang.Text{FR: "supplément familial sans enfant", EN: "supplément familial without a child"}, "0", "2015-2018 [S]"},
	{"vacation_titulaire", lang.Text{FR: "vacations à un titulaire du même employeur", EN: "vacations to a titulaire of the same employer"}, "", "2015-2018 [S]"},
	{"vacation_cumul", lang.Text{FR: "contractuel avec vacations et traitement ou primes", EN: "contractuel with vacations and traitement or primes"}, "", "2015-2018 [S]"},
	{"ligne_double", lang.Text{FR: "deux lignes identiques dans un bulletin", EN: "two identical lines in a bulletin"}, "", "2015-2018 [S]"},
	{"paye_sans_heures", lang.Text{FR: "paye avec 0 heure", EN: "pay with 0 hours"}, "0", "2015-2018 [S]"},
	{"quotite_inconnue", lang.Text{FR: "paye avec quotité nulle, hors vacations et élus", EN: "pay with a quotité of zero, vacations and élus apart"}, "0", "2015-2018 [S]"},
	{"brut_lignes", lang.Text{FR: "brut déclaré différent de la somme des lignes", EN: "declared gross other than the sum of the lines"}, "0,05", "2015-2018 [S]"},
	{"code_natures", lang.Text{FR: "un code dans plusieurs natures", EN: "one code in several natures"}, "1", "2015-2018 [S]"},
	{"libelle_codes", lang.Text{FR: "un libellé pour plusieurs codes d'une nature", EN: "one label for several codes of a nature"}, "1", "2015-2018 [S]"},
}

// Remarque is what a control found.
type Remarque struct {
	Controle  string
	Matricule string
	Nom       xhl.Nominatif
	Code      string
	Valeur    string
}

// controleur runs the controls over a month.
type controleur struct {
	m    *Mois
	c    *Classement
	list []Remarque
	nirs map[uint64]*Fiche
	ribs map[uint64]*Fiche
	vus  map[string]int
	nbi  xhl.Montant // sum of the points' values, and how many
	nNBI xhl.Montant
}

// Check runs the controls over a month.
func Check(m *Mois, c *Classement, q *Filtre) []Remarque {
	x := &controleur{m: m, c: c, nirs: make(map[uint64]*Fiche), ribs: make(map[uint64]*Fiche), vus: make(map[string]int)}
	useNIR := m.nirUtiles()
	for f := range m.Fiches() {
		if q.takes(m, f) {
			v, n := x.nbiPoint(f)
			x.nbi, x.nNBI = x.nbi+v*n, x.nNBI+n
		}
	}
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		x.person(f, useNIR)
		x.pay(f)
		x.rights(f)
		x.lines(f)
	}
	x.codes()
	slices.SortStableFunc(x.list, func(a, b Remarque) int {
		return cmp.Or(strings.Compare(a.Controle, b.Controle), strings.Compare(a.Matricule, b.Matricule), strings.Compare(a.Code, b.Code))
	})
	return x.list
}

func (x *controleur) say(name string, f *Fiche, code, valeur string) {
	x.list = append(x.list, Remarque{name, f.Matricule, f.Nom, code, valeur})
}

// person holds the agents against each other.
func (x *controleur) person(f *Fiche, useNIR bool) {
	if x.vus[f.Matricule]++; x.vus[f.Matricule] == 2 {
		x.say("plusieurs_bulletins", f, "", "")
	}
	if other := x.nirs[f.nir]; useNIR && f.nir != 0 {
		if other != nil && other.Matricule != f.Matricule {
			x.say("nir_partage", f, other.Matricule, "")
		}
		x.nirs[f.nir] = f
	}
	if other := x.ribs[f.compte]; f.compte != 0 && useNIR {
		if other != nil && other.Nom != f.Nom && other.Matricule != f.Matricule {
			x.say("compte_partage", f, other.Matricule, "")
		}
		x.ribs[f.compte] = f
	}
}

// pay looks at the totals.
func (x *controleur) pay(f *Fiche) {
	var gross, arrears xhl.Montant
	lignes := f.Lignes()
	for i := range lignes {
		switch n := x.m.Cle(lignes[i].Rub).Nature; {
		case n <= xhl.RemDivers:
			gross += f.Montant(&lignes[i])
		case n == xhl.Rappel:
			arrears += f.Montant(&lignes[i])
		}
	}
	if f.Totaux.absents&sansNetAPayer == 0 && f.Totaux.NetAPayer <= 0 {
		x.say("net_negatif", f, "", Virgule(f.Totaux.NetAPayer))
	}
	if len(lignes) == 0 {
		x.say("sans_ligne", f, "", "")
		return
	}
	if f.Totaux.absents&sansBrut == 0 && absolu(f.Totaux.Brut-gross) > tolTotal && absolu(f.Totaux.Brut-gross-arrears) > tolTotal {
		x.say("brut_lignes", f, "", Virgule(f.Totaux.Brut-gross-arrears))
	}
	elu := f.sum(x.c, func(k Classe) bool { return k == IndemniteElu || k == Vacation }) != 0
	if f.HeuresTotal == 0 && !elu {
		x.say("paye_sans_heures", f, "", "")
	}
	if f.Quotite == 0 && !elu {
		x.say("quotite_inconnue", f, "", "")
	}
}

// anciennesPrimes are those that the RIFSEEP replaced.
var anciennesPrimes = []string{"IFTS", "I F T S", "IAT", "I A T", "ISS", "I S S", "IEMP", "PFI", "PSR", "PFR", "FORF TRVX SUP*", "ADMINISTRATION ET DE TECHNICITE"}

// rights looks at what is paid to whom.
func (x *controleur) rights(f *Fiche) {
	of := func(keep func(Classe) bool) xhl.Montant { return f.sum(x.c, keep) }
	is := func(want Classe) func(Classe) bool { return func(k Classe) bool { return k == want } }
	statut := x.m.Texte(f.Statut)
	outside := statut == "NON_TITULAIRE" || statut == "EMPLOI_AIDE"
	hours, ifse, vacations := of(Classe.IHTS), of(is(IFSE)), of(is(Vacation))
	switch {
	case outside && of(is(NBI)) != 0:
		x.say("nbi_non_titulaire", f, "", "")
	case f.NBI > 120_000:
		x.say("nbi_points", f, "", court(int64(f.NBI), 3))
	}
	if v, n := x.nbiPoint(f); n > 0 && absolu(v-x.nbi/max(x.nNBI, 1)) > 100 {
		x.say("nbi_valeur", f, "", Virgule(v))
	}
	if outside && hours != 0 {
		x.say("hs_non_titulaire", f, "", "")
	}
	if outside && ifse != 0 {
		x.say("ifse_non_titulaire", f, "", "")
	}
	if hours != 0 && of(Classe.astreinte) != 0 {
		x.say("astreinte_hs", f, "", "")
	}
	if of(is(SFT)) != 0 && f.Enfants == 0 {
		x.say("sft_sans_enfant", f, "", "")
	}
	if vacations != 0 && statut == "TITULAIRE" {
		x.say("vacation_titulaire", f, "", "")
	}
	if vacations != 0 && outside && of(func(k Classe) bool { return k == Traitement || k == Prime || k == IFSE }) != 0 {
		x.say("vacation_cumul", f, "", "")
	}
}

// nbiPoint is the value of a point of NBI of a fiche, brought to full time, and
// 1 when there is one.
func (x *controleur) nbiPoint(f *Fiche) (value, n xhl.Montant) {
	mt := f.sum(x.c, func(k Classe) bool { return k == NBI })
	if mt <= 0 || f.NBI <= 0 || f.Quotite <= 0 {
		return 0, 0
	}
	share := fractions(f.Quotite)
	return times(mt, ratio(unite, share[len(share)-1])) * 1000 / xhl.Montant(f.NBI), 1
}

// lines looks at the lines of one bulletin.
func (x *controleur) lines(f *Fiche) {
	var hours int64
	old, ifse := "", false
	lignes := f.Lignes()
	for i := range lignes {
		l := &lignes[i]
		k, class := x.m.Cle(l.Rub), x.c.classe(l.Rub)
		if class.IHTS() && l.UnitesConnues() && !l.Ancienne() && k.Nature != xhl.Rappel {
			hours += int64(l.Unites)
		}
		ifse = ifse || class == IFSE
		if k.Nature <= xhl.RemDivers && has(normal(x.m.Libelle(l.Rub)), anciennesPrimes...) {
			old = k.Code
		}
		for j := range i {
			if o := &lignes[j]; o.Rub == l.Rub && o.Taux == l.Taux && o.Unites == l.Unites && f.Montant(o) == f.Montant(l) && f.Montant(l) != 0 {
				x.say("ligne_double", f, k.Code, "")
				break
			}
		}
	}
	if hours > PlafondHeures {
		x.say("hs_plafond", f, "", court(hours, 3))
	}
	if ifse && old != "" {
		x.say("ifse_cumul", f, old, "")
	}
}

// codes looks at the rubriques of the month.
func (x *controleur) codes() {
	natures := make(map[string]int)
	labels := make(map[Cle]string) // a label and a nature, and the first code
	for i := range x.c.Rubriques {
		r := &x.c.Rubriques[i]
		if r.Lignes == 0 {
			continue
		}
		if r.Nature != xhl.Rappel {
			natures[r.Code]++
		}
		k := Cle{normal(r.Libelle), r.Nature}
		if first, known := labels[k]; known && first != r.Code {
			x.list = append(x.list, Remarque{Controle: "libelle_codes", Code: r.Code, Valeur: first})
		} else {
			labels[k] = r.Code
		}
	}
	for code, n := range natures {
		if n > 1 {
			x.list = append(x.list, Remarque{Controle: "code_natures", Code: code, Valeur: strconv.Itoa(n)})
		}
	}
}
