package synth

import (
	"slices"
	"strconv"

	"paye/xhl"
)

// Ceilings and values of 2026, in centimes.
const (
	plafondSS = 400_500 // of a month
)

// charge is a contribution: a rubrique, the base it is on, its rate in
// thousandths of a percent.
type charge struct {
	rubrique   int
	base       func(*assiettes) xhl.Montant
	taux       int
	deductible bool // from the taxable income; of Deduction only
}

func brutTotal(a *assiettes) xhl.Montant  { return a.brut() }
func traitement(a *assiettes) xhl.Montant { return a.traitement }
func bonifie(a *assiettes) xhl.Montant    { return a.traitement + a.nbi }
func nbi(a *assiettes) xhl.Montant        { return a.nbi }
func plafonne(a *assiettes) xhl.Montant   { return min(a.brut(), plafondSS) }
func csg(a *assiettes) xhl.Montant        { return percent(a.brut(), 98_250) }
func trancheA(a *assiettes) xhl.Montant   { return min(a.brut()-a.sft, plafondSS) }
func trancheB(a *assiettes) xhl.Montant   { return max(a.brut()-a.sft-plafondSS, 0) }

// additionnelle is the base of the RAFP: what is not pensionable, up to 20 %
// of the wage.
func additionnelle(a *assiettes) xhl.Montant {
	return min(a.primes+a.sft+a.accessoire, percent(a.traitement, 20_000))
}

// The contributions of each scheme, in the order of a bulletin. Those of 0 are
// left out.
var (
	retraitesTitulaire = []charge{
		{rCNRACL, traitement, 11_100, true},
		{rCNRACLNBI, nbi, 11_100, true},
		{rRAFP, additionnelle, 5000, true},
	}
	retraitesGeneral = []charge{
		{rVieillesse, plafonne, 6900, true},
		{rVieillesseDep, brutTotal, 400, true},
		{rIrcantecA, trancheA, 2800, true},
		{rIrcantecB, trancheB, 6950, true},
	}
	retraitesElu = []charge{
		{rIrcantecA, trancheA, 2800, true},
		{rIrcantecB, trancheB, 6950, true},
	}
	contributions = []charge{
		{rCSG, csg, 6800, true},
		{rCSGImposable, csg, 2400, false},
		{rCRDS, csg, 500, false},
	}
	contributionsDense = []charge{
		{rCSG, csg, 6800, true},
		{rCSGCRDS, csg, 2900, false},
	}
	patronalesTitulaire = []charge{
		{eCNRACL, traitement, 0, false}, // of the year
		{eCNRACLNBI, nbi, 0, false},
		{eATIACL, traitement, 400, false},
		{eRAFP, additionnelle, 5000, false},
		{eMaladie, bonifie, 9880, false},
		{eAF, bonifie, 5250, false},
		{eFNAL, bonifie, 500, false},
		{eCSA, bonifie, 300, false},
		{eMobilite, bonifie, 2000, false},
		{eCNFPT, bonifie, 900, false},
		{eApprentis, bonifie, 100, false},
		{eCDG, bonifie, 800, false},
	}
	patronalesGeneral = []charge{
		{eMaladieRG, brutTotal, 13_000, false},
		{eAF, brutTotal, 5250, false},
		{eVieillesse, plafonne, 8550, false},
		{eVieillesseDep, brutTotal, 2110, false},
		{eAccidents, brutTotal, 1640, false},
		{eIrcantecA, trancheA, 4200, false},
		{eIrcantecB, trancheB, 12_550, false},
		{eFNAL, brutTotal, 500, false},
		{eCSA, brutTotal, 300, false},
		{eMobilite, brutTotal, 2000, false},
		{eCNFPT, brutTotal, 900, false},
		{eApprentis, brutTotal, 100, false},
		{eCDG, brutTotal, 800, false},
		{eChomage, brutTotal, 4000, false},
	}
	patronalesElu = []charge{
		{eIrcantecElus, trancheA, 4200, false},
	}
)

// transferts is the deduction that paid for points of index (décret 2016-588),
// in centimes a month.
var transferts = map[byte]xhl.Montant{'A': 3242, 'B': 2317, 'C': 1392}

// charges adds the contributions of the agent, and sets the taxable income and
// the base of the social security.
func (f *fiche) charges() {
	retraites, base := retraitesGeneral, brutTotal
	switch f.part.regime {
	case cnracl:
		retraites, base = retraitesTitulaire, bonifie
	case mandat:
		retraites = retraitesElu
	}
	var deductible, usual xhl.Montant
	if f.part.regime == cnracl {
		deductible = f.fixe(rTransfert, percent(transferts[f.emploi.categorie], f.quotite))
		usual = deductible
	}
	sociales := contributions
	if f.dense() {
		sociales = contributionsDense
	}
	for _, list := range [][]charge{retraites, sociales} {
		for _, c := range list {
			now := c.base(&f.mois)
			if now <= 0 {
				continue
			}
			mt := f.taux(c.rubrique, now, c.taux)
			if c.deductible {
				deductible += mt
				usual += percent(c.base(&f.usuel), c.taux)
			}
		}
	}
	f.imposable, f.usuelImposable = f.mois.brut()-deductible, f.usuel.brut()-usual
	f.baseSS, f.usuelBaseSS = base(&f.mois), base(&f.usuel)
	f.mois.frais = f.usuel.frais
}

// patronales adds the contributions of the employer. A dense book has one line
// for those that a caisse collects together, as some HR packages print them.
func (f *fiche) patronales() {
	list := patronalesGeneral
	switch f.part.regime {
	case cnracl:
		list = patronalesTitulaire
	case mandat:
		list = patronalesElu
	}
	var sums [len(totauxCaisses)]xhl.Montant
	for _, c := range list {
		base := c.base(&f.mois)
		if base <= 0 {
			continue
		}
		if c.taux == 0 {
			c.taux = f.run.cnraclPatronale
		}
		total := slices.IndexFunc(totauxCaisses[:], func(t int) bool { return rubriques[t].caisse == rubriques[c.rubrique].caisse })
		if f.dense() && total >= 0 && f.part.regime != mandat {
			sums[total] += percent(base, c.taux)
		} else {
			f.taux(c.rubrique, base, c.taux)
		}
	}
	for i, sum := range sums {
		if sum > 0 {
			f.fixe(totauxCaisses[i], sum)
		}
	}
	if f.assure {
		f.fixe(ePrevoyance, 700)
	}
}

// totauxCaisses are the rubriques that stand for all those of their caisse.
var totauxCaisses = [...]int{tCNRACL, tURSSAF, tIrcantec, tCNFPT}

// neutre is the monthly scale of the tax withheld from those who keep their
// own rate for themselves (CGI 204 H, mainland): up to an income in centimes,
// a rate in thousandths of a percent.
var neutre = []struct {
	below xhl.Montant
	taux  int
}{
	{162_000, 0}, {168_300, 500}, {179_100, 1300}, {191_100, 2100}, {204_200, 2900}, {215_100, 3500}, {229_400, 4100},
	{271_400, 5300}, {310_700, 7500}, {353_900, 9900}, {398_300, 11_900}, {464_800, 13_800}, {557_400, 15_800},
	{697_400, 17_900}, {871_100, 20_000}, {1 << 40, 24_000},
}

// retenues takes what is withheld from the net.
func (f *fiche) retenues() {
	taux := 0
	for _, step := range neutre {
		if taux = step.taux; f.imposable < step.below {
			break
		}
	}
	if f.alea.chance(f.rare(120, 700)) {
		taux = f.alea.below(110) * 100
	}
	if f.has("pas") {
		taux = 6_700
	}
	if f.imposable > 0 {
		f.taux(rImpot, f.imposable, taux)
	}
	if f.emploi.fonctionnel {
		f.fixe(rReprise, 32_000)
	}
	if f.part.regime == cnracl || f.part.regime == general {
		f.volontaires()
	}
}

// volontaires takes what the agent has chosen or owes.
func (f *fiche) volontaires() {
	if f.alea.chance(f.rare(100, 500)) {
		options := []xhl.Montant{2890, 4120, 6750}
		mt := options[f.alea.below(len(options))]
		if f.dense() {
			mt = xhl.Montant(f.alea.between(1800, 14_000))
		}
		f.fixe(rMutuelle, mt)
	}
	if f.commun.chance(600) || f.dense() {
		f.taux(rPrevoyance, f.mois.traitement+f.mois.nbi, 1590)
		f.assure = true
	}
	if f.commun.chance(700) || f.dense() {
		days := 18
		if f.alea.chance(f.rare(80, 800)) {
			days = f.alea.between(8, 21)
		}
		f.unites(&rubriques[rTitres], days*1000, 3600)
	}
	if f.commun.chance(500) {
		f.fixe(rAmicale, 250)
	}
	if f.alea.chance(f.rare(10, 60)) {
		f.fixe(rOpposition, xhl.Montant(f.alea.between(2000, 15_000)))
	}
	if f.alea.chance(f.rare(10, 40)) {
		f.fixe(rAcompte, xhl.Montant(f.alea.between(10, 40))*1000)
	}
	if f.alea.chance(f.rare(15, 200)) {
		f.commente(pick(&f.alea, commentaires))
	}
	if f.dense() {
		f.compteurs()
	}
	if f.alea.chance(f.rare(15, 100)) {
		f.evenement(pick(&f.alea, []string{evtMaladie, evtNaissance, evtBanque, evtPartiel}))
	}
}

// compteurs prints the counters of leave and hours that some packages put at
// the foot of the slip.
func (f *fiche) compteurs() {
	for _, c := range compteurs {
		text := []byte(c.titre)
		for i, name := range c.soldes {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(append(append(text, ' '), name...), ' ')
			text = append(text, milliemes(f.alea.below(c.below)*10)...)
		}
		f.commente(string(text))
	}
	f.commente("Bulletin signé le " + f.jourPasse(20) + ", parapheur " + f.hex(8) + "-" + f.hex(4) + "-4" + f.hex(3) + "-9" + f.hex(3) + "-" + f.hex(12))
}

var compteurs = []struct {
	titre  string
	soldes []string
	below  int // hundredths
}{
	{"Congés, soldes en jours :", []string{"CA", "RTT", "CET", "reliquat", "ASA"}, 4000},
	{"Planning :", []string{"lu", "ma", "me", "je", "ve", "sa"}, 1000},
	{"Heures du mois :", []string{"dues", "faites", "nuit", "dimanche", "report"}, 16_000},
	{"Depuis janvier :", []string{"HS", "récup.", "absences", "astreintes", "km"}, 40_000},
}

func (f *fiche) commente(text string) {
	list := &f.b.Remuneration.Commentaire
	*list = append(*list, xhl.Commentaire{Libelle: text, Ordre: strconv.Itoa(9900 + len(*list))})
}

var commentaires = []string{
	"Le solde de vos congés figure sur votre espace agent.",
	"Votre taux d'imposition a été transmis par la DGFiP.",
	"Pensez à signaler tout changement de situation familiale.",
	"Régularisation effectuée à la suite de votre demande.",
}
