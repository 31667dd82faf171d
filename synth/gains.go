package synth

import (
	"strconv"
	"time"

	"paye/xhl"
)

// gains adds what is paid, and what it is the base of.
func (f *fiche) gains() {
	switch f.part.regime {
	case vacations:
		f.heures(&rubriques[rVacations], f.commun.between(1240, 1490)*10, f.vacationHours())
	case aide:
		f.heures(&rubriques[rSalaire], 12020, 86_667) // 20 hours a week at the SMIC of 2026
	case mandat:
		f.indemniteFonction()
	default:
		f.indiciaire()
	}
	if len(f.b.NBI) == 0 {
		f.b.NBI = append(f.b.NBI, "0")
	}
	if f.b.NbHeureSup == "" {
		f.b.NbHeureSup = "0"
	}
}

// vacationHours is the hours of a vacataire, in thousandths: the usual number
// of the section for most.
func (f *fiche) vacationHours() (n int) {
	usual := f.commun.between(24, 70) * 1000
	if f.has("vacation") {
		defer func() { n += 3500 }()
	}
	if f.alea.chance(f.rare(350, 1000)) {
		return f.alea.between(40, 320) * 250
	}
	return usual
}

// heures pays hours; taux is thousandths of a euro an hour.
func (f *fiche) heures(r *rubrique, taux, hours int) {
	f.mois.traitement = f.unites(r, hours, taux)
	f.usuel.traitement = f.mois.traitement
	f.b.NbHeureTotal, f.b.TauxHor = milliemes(hours), milliemes(taux)
	f.b.QuotiteTrav = "0"
	f.b.Agent.NbEnfants = "0"
}

// indemniteFonction pays an élu a share of the highest index of the public
// service (CGCT L2123-20).
func (f *fiche) indemniteFonction() {
	taux := map[int]int{maire: 90_000, adjointMaire: 33_000, conseiller: 6_000}[f.part.emploi]
	if f.has("elu") {
		taux += 1500
	}
	f.mois.primes = f.taux(rFonction, f.wage(835), taux)
	f.usuel.primes = f.mois.primes
	f.b.Agent.NbEnfants = "0"
}

// indiciaire pays by the index: titulaires, and contractuels on the same grid.
func (f *fiche) indiciaire() {
	full := f.wage(f.indice)
	share := f.quotite
	if f.has("demi_traitement") {
		share /= 2
	}
	f.usuel.traitement = f.taux(rTraitement, full, share)

	points := 0
	if f.part.regime == cnracl {
		points = f.emploi.nbi
		if f.dense() && points == 0 && f.alea.chance(200) {
			points = f.alea.between(1, 6) * 5
		}
	}
	if points = f.editNBI(points); points > 0 {
		f.usuel.nbi = f.taux(rNBI, f.wage(points), f.quotite)
		f.b.NBI = append(f.b.NBI, xhl.Decimal(strconv.Itoa(points)))
	}
	f.usuel.accessoire = f.taux(rResidence, f.usuel.traitement+f.usuel.nbi, 1000)
	f.supplement(full)
	f.indemnites(full)
	f.mois.add(&f.usuel)
	f.exception(full)
	f.editPrimes(full)
	f.b.NbHeureTotal = milliemes(int(rounded(151_670*int64(f.quotite), 100_000)))
}

func (a *assiettes) add(b *assiettes) {
	a.traitement += b.traitement
	a.nbi += b.nbi
	a.accessoire += b.accessoire
	a.sft += b.sft
	a.primes += b.primes
	a.frais += b.frais
}

// supplement pays the supplément familial (décret 85-1148, articles 10 to 12):
// a fixed part, and a share of the wage between the indices 454 and 722.
func (f *fiche) supplement(full xhl.Montant) {
	children := 0
	switch n := f.alea.below(100); {
	case n < 4:
		children = 3
	case n < 16:
		children = 2
	case n < 30:
		children = 1
	}
	declared, children := f.editEnfants(children)
	f.b.Agent.NbEnfants = xhl.Nominatif(strconv.Itoa(declared))
	base := min(max(full, f.wage(454)), f.wage(722))
	switch children {
	case 1:
		f.usuel.sft = 229
	case 2:
		f.usuel.sft = 1067 + percent(base, 3000)
	case 3:
		f.usuel.sft = 1524 + percent(base, 8000)
	default:
		return
	}
	f.fixe(rSFT, f.usuel.sft)
}

// indemnites pays the régime indemnitaire: that of the post, or in a dense book
// one that years of individual decisions have made.
func (f *fiche) indemnites(full xhl.Montant) {
	ifse := xhl.Montant(f.emploi.ifse)
	if f.dense() {
		ifse = xhl.Montant(f.alea.between(f.emploi.ifse/2, f.emploi.ifse*2))
	}
	if f.has("ifse") {
		ifse += 4000
	} else if f.has("ifse_collective") {
		ifse += 2500
	}
	f.usuel.primes += f.fixe(rIFSE, percent(ifse, f.quotite))
	if f.emploi.fonctionnel {
		// A home that comes with the post: counted in the gross, taken back
		// from the net.
		f.usuel.primes += f.fixe(rAvantage, 32_000)
	}
	if f.alea.chance(f.rare(60, 250)) {
		pass := xhl.Montant(3900)
		if f.dense() {
			pass = xhl.Montant(f.alea.between(2200, 8600))
		}
		f.usuel.frais += f.taux(rTransport, pass, 75_000)
	}
	if !f.dense() {
		return
	}
	from := f.alea.below(len(primes))
	for range f.alea.between(primesMin, primesMax) {
		p := &primes[from]
		from = (from + f.alea.between(1, len(primes)/primesMax)) % len(primes)
		f.usuel.primes += f.prime(p)
	}
}

// How many primes an agent of a dense book has.
const primesMin, primesMax = 11, 15

// prime pays a prime under the label that its decision gives it.
func (f *fiche) prime(p *prime) xhl.Montant {
	amount := f.alea.between(p.low, p.high)
	mt := xhl.Montant(amount)
	if p.unites == 0 {
		f.line(&p.rubrique, p.nature, mt)
	} else {
		mt = f.unites(&p.rubrique, f.alea.between(10, p.unites*100)*10, amount*10+f.alea.below(10))
	}
	lines := f.b.Remuneration.Lignes
	lines[len(lines)-1].Libelle += " - " + f.decision()
	return mt
}

// decision names an arrêté of the last years.
func (f *fiche) decision() string {
	return "arrêté " + f.hex(8) + " du " + f.jourPasse(1500)
}

// hex is the reference of n digits that an electronic signature leaves.
func (f *fiche) hex(n int) string {
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = "0123456789abcdef"[f.alea.below(16)]
	}
	return string(digits)
}

// jourPasse is a day of the n before the month.
func (f *fiche) jourPasse(n int) string {
	return f.run.debutMois(0).AddDate(0, 0, -1-f.alea.below(n)).Format("02/01/2006")
}

// exception pays what is proper to this month: overtime, arrears, yearly
// bonus.
func (f *fiche) exception(full xhl.Montant) {
	if f.alea.chance(f.rare(30, 300)) && f.emploi.categorie != 'A' {
		f.supplementaires(full)
	}
	if f.commun.chance(30) || f.dense() && f.alea.chance(100) {
		bonus := xhl.Montant(30_000)
		if f.dense() {
			bonus = xhl.Montant(f.alea.between(10_000, 90_000))
		}
		f.mois.primes += f.fixe(rCIA, bonus)
	}
	if f.alea.chance(f.rare(25, 250)) {
		f.rappel()
	}
	if f.dense() {
		for range f.alea.between(3, 6) {
			f.rappelPrime(&primes[f.alea.below(len(primes))])
		}
	}
}

// supplementaires pays overtime: a yearly wage over 1820, and 25 % (décret
// 2002-60).
func (f *fiche) supplementaires(full xhl.Montant) {
	hour := int(rounded(int64(full)*12*10*125, 1820*100)) // thousandths of a euro
	n := f.alea.between(1, 28) * 500
	f.mois.primes += f.unites(&rubriques[rIHTS], n, hour)
	if f.dense() && f.alea.chance(400) {
		sunday := f.alea.between(1, 16) * 500
		f.mois.primes += f.unites(&rubriques[rIHTSDimanche], sunday, hour*5/3)
		n += sunday
	}
	f.b.NbHeureSup = milliemes(n)
}

// rappel pays what an advancement owed for months before.
func (f *fiche) rappel() {
	months := f.alea.between(1, 4)
	span := periode(f.run.debutMois(-months), months)
	due := f.run.traitement(f.alea.between(2, 16)) * xhl.Montant(months)
	l := f.line(&rubriques[rTraitement], xhl.Rappel, due)
	l.Libelle, l.PeriodeRef = "Rappel traitement de base", &span
	f.mois.traitement += due
	f.evenement(evtEchelon)
}

// rappelPrime pays or takes back a part of a prime for some days before.
func (f *fiche) rappelPrime(p *prime) {
	first := f.run.debutMois(-f.alea.between(1, 9)).AddDate(0, 0, f.alea.below(28))
	due := xhl.Montant(f.alea.between(-2000, 15_000))
	l := f.line(&p.rubrique, xhl.Rappel, due)
	l.Libelle = "Rappel " + minuscule(p.libelle) + " - " + f.decision()
	l.PeriodeRef = &xhl.Periode{
		DateDebut: xhl.Date(first.Format(time.DateOnly)),
		DateFin:   xhl.Date(first.AddDate(0, 0, f.alea.below(30)).Format(time.DateOnly)),
	}
	f.mois.primes += due
}
