package synth

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"paye/xhl"
)

// Bulletin makes the bulletin i, from 0, into b, whose lists are reused. It
// depends on nothing but the options and i.
//
// The amounts follow the rules of the fonction publique territoriale, and add
// up to the centime:
//
//	MtBrut      = TraitBrut + IndemResid + SupFam + AvantageNature + Indemnite + RemDivers + Rappel
//	MtNet       = MtBrut - Deduction
//	MtNetAPayer = MtNet - Retenue - Acompte
//	Mt          = Base x Taux / 100, or NbUnite x Taux, rounded to the centime
//	cumuls      = the months of the year before, which are as this one less what is its own, and this one
func (r *Run) Bulletin(i int, b *xhl.Bulletin) {
	*b = xhl.Bulletin{
		Evenement:         b.Evenement[:0],
		NBI:               b.NBI[:0],
		Remuneration:      xhl.Remuneration{Lignes: b.Remuneration.Lignes[:0], Commentaire: b.Remuneration.Commentaire[:0]},
		RepartitionBudget: b.RepartitionBudget[:0],
		PJRef:             b.PJRef[:0],
	}
	f := fiche{run: r, b: b}
	f.begin(i)
	f.agent()
	f.poste()
	f.gains()
	f.charges()
	f.retenues()
	f.editRetenues()
	f.patronales()
	f.termine()
	f.editFin()
	f.reference()
}

// fiche is a bulletin being made.
type fiche struct {
	run     *Run
	b       *xhl.Bulletin
	rang    int // in the book
	index   int // of the recipe: the same, but in a second month
	section *section
	alea    alea // of the agent
	commun  alea // of the section: what neighbours share

	part    part
	emploi  *emploi
	person  int  // index of the agent: that of the bulletin, but for a second contract
	nt      bool // non titulaire: the other code of a rubrique
	femme   bool
	indice  int  // majoré
	quotite int  // thousandths of a percent of the wage
	assure  bool // has the prévoyance to which the employer contributes

	mois  assiettes // of this month
	usuel assiettes // of a month without anything of its own

	imposable, usuelImposable xhl.Montant
	baseSS, usuelBaseSS       xhl.Montant
}

// begin places the bulletin i in the book, which decides its post.
func (f *fiche) begin(i int) {
	seed := f.run.opts.Seed
	f.rang, f.index = i, f.run.index(i)
	place, who := f.index, f.index
	if s := f.run.suite; s != nil {
		place, who = s.sectionAndPerson(f.index)
	}
	f.person = who
	f.section = f.run.sectionOf(place)
	f.alea = newAlea(seed, pourAgent, uint64(who))
	f.commun = newAlea(seed, pourSection, uint64(f.section.debut))
	n := f.section.part
	if n < 0 {
		n = f.partOf(f.section.modele)
	}
	f.part = f.section.modele.parts[n]
	f.emploi = &emplois[f.part.emploi]
}

// assiettes are what contributions are computed on.
type assiettes struct {
	traitement xhl.Montant
	nbi        xhl.Montant
	accessoire xhl.Montant // indemnité de résidence
	sft        xhl.Montant
	primes     xhl.Montant
	frais      xhl.Montant // paid, and bearing nothing
}

func (a *assiettes) brut() xhl.Montant {
	return a.traitement + a.nbi + a.accessoire + a.sft + a.primes
}

// percent is base x taux / 100 with taux in thousandths, rounded half away
// from zero.
func percent(base xhl.Montant, taux int) xhl.Montant {
	return rounded(int64(base)*int64(taux), 100_000)
}

// product is unites x taux, both in thousandths, in centimes.
func product(unites, taux int) xhl.Montant {
	return rounded(int64(unites)*int64(taux), 10_000)
}

func rounded(n, d int64) xhl.Montant {
	if n < 0 {
		return xhl.Montant((n - d/2) / d)
	}
	return xhl.Montant((n + d/2) / d)
}

// milliemes writes thousandths with as few decimals as they need.
func milliemes(n int) xhl.Decimal {
	var buf [16]byte
	out := strconv.AppendInt(buf[:0], int64(n/1000), 10)
	if n %= 1000; n != 0 {
		out = appendPadded(append(out, '.'), n, 3)
		for out[len(out)-1] == '0' {
			out = out[:len(out)-1]
		}
	}
	return xhl.Decimal(out)
}

// line adds a line of a rubrique, and returns it.
func (f *fiche) line(r *rubrique, nature xhl.Nature, mt xhl.Montant) *xhl.LigneP {
	lines := append(f.b.Remuneration.Lignes, xhl.LigneP{Nature: nature, Libelle: r.libelle, Code: r.code, Mt: mt.Decimal()})
	f.b.Remuneration.Lignes = lines
	l := &lines[len(lines)-1]
	if f.nt {
		l.Code = r.codeNT()
	}
	l.Code, l.Libelle = f.run.renamed(l.Code, l.Libelle)
	if f.dense() {
		l.Ordre = strconv.Itoa(len(lines))
		return l
	}
	if r.caisse != "" {
		l.CodeCaisse = xhl.Some(r.caisse)
	}
	l.Ordre = l.Code
	l.Base, l.Taux, l.NbUnite = "0", "0", "0"
	return l
}

func (f *fiche) fixe(r int, mt xhl.Montant) xhl.Montant {
	f.line(&rubriques[r], rubriques[r].nature, mt)
	return mt
}

// taux adds a line base x taux, taux in thousandths of a percent.
func (f *fiche) taux(r int, base xhl.Montant, taux int) xhl.Montant {
	mt := percent(base, taux)
	l := f.line(&rubriques[r], rubriques[r].nature, mt)
	l.Base, l.Taux = base.Decimal(), milliemes(taux)
	return mt
}

// unites adds a line of units, both in thousandths.
func (f *fiche) unites(r *rubrique, unites, taux int) xhl.Montant {
	mt := product(unites, taux)
	l := f.line(r, r.nature, mt)
	l.NbUnite, l.Taux = milliemes(unites), milliemes(taux)
	return mt
}

func (f *fiche) evenement(code string) {
	f.b.Evenement = append(f.b.Evenement, xhl.Evenement{Code: code})
}

func (f *fiche) dense() bool { return f.run.opts.Profil == Dense }

// agent fills in the person: identity, address, account.
func (f *fiche) agent() {
	r, a := f.run, &f.b.Agent
	p := r.nirs.at(f.person)
	f.femme = p%2 == 1
	prenoms, civilite := prenomsHommes, "M."
	if f.femme {
		prenoms, civilite = prenomsFemmes, "Mme"
	}
	nom, prenom := pick(&f.alea, nomsFamille), pick(&f.alea, prenoms)
	a.Civilite = xhl.Some(xhl.Nominatif(civilite))
	a.Nom, a.Prenom = xhl.Nominatif(nom), xhl.Some(xhl.Nominatif(prenom))
	if f.femme && f.alea.chance(f.rare(120, 300)) {
		a.ComplNom = xhl.Some(xhl.Nominatif("née " + pick(&f.alea, nomsFamille)))
	}
	a.Matricule = r.Matricule(f.rang)
	a.NIR = xhl.Nominatif(appendNIR(nil, p))

	c := pick(&f.alea, communes)
	a.Adresse = lieu(strconv.Itoa(f.alea.between(1, 120))+" "+pick(&f.alea, voies), c.cp, c.nom)
	if !f.dense() {
		a.Adresse.Adr1, a.Adresse.Adr3, a.Adresse.CodPays = xhl.Some(xhl.Nominatif("")), xhl.Some(xhl.Nominatif("")), xhl.Some("100")
		if !a.ComplNom.Set {
			a.ComplNom = xhl.Some(xhl.Nominatif(""))
		}
	} else {
		a.Adresse.DteAdr = f.run.anciennete(&f.alea)
		a.Adresse.Adr1 = xhl.Some(xhl.Nominatif("Appartement " + strconv.Itoa(f.alea.between(1, 340))))
	}

	k := makeCompte(&f.alea, uint64(r.comptes.at(f.person)))
	titulaire := []rune(prenom + " " + nom)
	b := &xhl.CptBancaire{LibBanc: xhl.Some(xhl.Nominatif(k.banque.nom)), TitCpte: xhl.Nominatif(string(titulaire[:min(len(titulaire), 32)]))}
	if r.opts.Version == xhl.V14 && f.commun.chance(700) {
		b.BIC, b.IBAN = xhl.Some(xhl.Nominatif(k.banque.bic)), xhl.Some(xhl.Nominatif(k.iban))
	} else {
		b.CodeEtab, b.CodeGuic, b.IdCpte, b.CleRib = xhl.Nominatif(k.banque.code), xhl.Nominatif(k.guichet), xhl.Nominatif(k.numero), xhl.Nominatif(k.cle)
	}
	if f.dense() {
		b.DteBanc = f.run.anciennete(&f.alea)
	}
	a.CptBancaire = b
}

// anciennete is a day of the twenty years before the month.
func (r *Run) anciennete(a *alea) xhl.Date {
	return xhl.Date(r.debutMois(0).AddDate(0, 0, -1-a.below(7300)).Format(time.DateOnly))
}

// rare is a chance in a thousand that depends on the profile.
func (f *fiche) rare(ordinaire, dense int) int {
	if f.dense() {
		return dense
	}
	return ordinaire
}

// poste fills in the post: grade, échelon, working time.
func (f *fiche) poste() {
	s, b := f.section, f.b
	a := &b.Agent
	a.EmploiMetier, a.Grade = f.emploi.metier, f.emploi.grade
	b.Service = f.run.services[s.service]
	b.Periode = f.run.mois
	f.quotite = 100_000

	switch f.part.regime {
	case cnracl:
		a.Statut = "TITULAIRE"
	case general, vacations:
		a.Statut, f.nt = "NON_TITULAIRE", true
	case mandat:
		a.Statut = "AUTRE_STATUT"
	case aide:
		a.Statut, f.nt = "EMPLOI_AIDE", true
	}
	if f.emploi.fonctionnel {
		a.Statut = "EMPLOI_FONC"
	}
	if steps := f.emploi.echelons; steps != nil {
		step := f.echelon(len(steps))
		if step == 0 && f.part.regime == cnracl && f.alea.chance(400) {
			a.Statut = "STAGIAIRE"
		}
		f.indice = steps[step]
		a.Echelon = strconv.Itoa(step + 1)
		if !f.dense() {
			a.RefNomenStatutaire = &xhl.RefNomenStatutaire{Code: f.emploi.net, Libelle: f.emploi.grade}
		}
		a.Indice = strconv.Itoa(f.indice)
		switch {
		case f.alea.chance(f.rare(40, 120)):
			f.quotite = 85_714 // 80 %
			b.QuotiteTrav = "80"
		case f.alea.chance(f.rare(25, 120)):
			f.quotite = 91_429 // 90 %
			b.QuotiteTrav = "90"
		case f.alea.chance(f.rare(20, 200)):
			hours := f.alea.between(35, 69) // halves of hours a week
			f.quotite = hours * 100_000 / 70
			b.QuotiteTrav = milliemes(f.quotite / 10 * 10)
		}
		f.editPoste(steps, step)
	}
	if b.QuotiteTrav == "" {
		b.QuotiteTrav = "100"
	}
}

// partOf draws a part of a service by the weights.
func (f *fiche) partOf(s *service) int {
	weights := 0
	for _, p := range s.parts {
		weights += p.poids
	}
	n, w := 0, f.alea.below(weights)
	for w >= s.parts[n].poids {
		w -= s.parts[n].poids
		n++
	}
	return n
}

// echelon gives the step of an agent: neighbours descend the grid together,
// contractuels stay at its foot.
func (f *fiche) echelon(steps int) int {
	if f.dense() {
		return f.alea.below(steps)
	}
	if f.part.regime == general {
		return f.commun.below(3)
	}
	top := f.commun.between(steps/2, steps-1)
	across := f.commun.between(5, 9) // agents a step
	if f.alea.chance(20) {
		return 0 // a newcomer
	}
	return max(0, top-(f.index-f.section.debut)/across)
}

// traitement is the wage of an index for a month.
func (r *Run) traitement(indice int) xhl.Montant { return rounded(int64(indice*r.point), 1200) }

// termine writes the totals.
func (f *fiche) termine() {
	b := f.b
	lines := b.Remuneration.Lignes
	slices.SortStableFunc(lines, func(x, y xhl.LigneP) int { return int(x.Nature) - int(y.Nature) })
	var sums [xhl.Cotisation + 1]xhl.Montant
	for i := range lines {
		mt, _ := lines[i].Mt.Montant()
		sums[lines[i].Nature] += mt
	}
	brut := sums[xhl.Rappel]
	for n := xhl.TraitBrut; n <= xhl.RemDivers; n++ {
		brut += sums[n]
	}
	net := brut - sums[xhl.Deduction]
	b.MtBrut, b.MtNet = brut.Decimal(), net.Decimal()
	b.MtNetAPayer = (net - sums[xhl.Retenue] - sums[xhl.Acompte]).Decimal()
	b.DatePaiement = f.run.paiement

	months := xhl.Montant(f.run.opts.Mois - 1)
	if f.dense() && f.nt {
		months = min(months, xhl.Montant(f.alea.below(12)))
	}
	past := func(usual, now xhl.Montant) xhl.Decimal {
		sum := usual*months + now
		if f.dense() && months > 0 {
			sum += xhl.Montant(f.alea.below(90_000))
		}
		return sum.Decimal()
	}
	b.MtImposable = f.imposable.Decimal()
	b.CumulMtImposable = past(f.usuelImposable, f.imposable)
	b.CumulMtBrut = past(f.usuel.brut()+f.usuel.frais, brut)
	b.CumulBaseSS = past(f.usuelBaseSS, f.baseSS)

	if share := f.alea.below(1000); share < f.rare(15, 60) && brut > 0 {
		other := budgets[1+f.commun.below(2)].Code
		if share%2 == 0 {
			b.RepartitionBudget = append(b.RepartitionBudget,
				xhl.RepartitionBudget{CodeBudget: budgets[0].Code, Taux: "60"}, xhl.RepartitionBudget{CodeBudget: other, Taux: "40"})
		} else {
			first := percent(brut, 75_000)
			b.RepartitionBudget = append(b.RepartitionBudget,
				xhl.RepartitionBudget{CodeBudget: budgets[0].Code, Mt: first.Decimal()}, xhl.RepartitionBudget{CodeBudget: other, Mt: (brut - first).Decimal()})
		}
	}
}

// minuscule puts a label inside a sentence.
func minuscule(s string) string {
	if len(s) > 1 && strings.ToUpper(s[:2]) == s[:2] {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
