package synth

import (
	"strconv"

	"paye/xhl"
)

// index is the bulletin that stands at a rang of the book.
func (r *Run) index(rang int) int {
	if r.suite == nil {
		return rang
	}
	return r.suite.order[rang]
}

// edited tells which édition of the names was planted on the bulletin.
func (f *fiche) edited(names ...string) (string, bool) {
	if f.run.suite == nil {
		return "", false
	}
	for _, one := range f.run.suite.edits[f.index] {
		for _, name := range names {
			if one.nom == name {
				return name, true
			}
		}
	}
	return "", false
}

// has reports whether one édition was planted.
func (f *fiche) has(name string) bool {
	_, planted := f.edited(name)
	return planted
}

// editPoste changes what the record says.
func (f *fiche) editPoste(steps []int, step int) {
	s, a := f.run.suite, &f.b.Agent
	if s == nil {
		return
	}
	if f.has("echelon") && step+1 < len(steps) {
		step++
		f.indice, a.Echelon = steps[step], strconv.Itoa(step+1)
	}
	if f.has("grade") {
		a.Grade += " hors classe"
		f.indice += 14
	}
	if f.has("indice") {
		f.indice += 7
	}
	f.indice += s.points
	if s.bandes {
		f.indice += bande(f.indice)
	}
	a.Indice = strconv.Itoa(f.indice)
	name, planted := f.edited("quotite_80", "quotite_50", "quotite_100", "quotite_fausse")
	if !planted {
		return
	}
	shares := map[string]int{"quotite_80": 85_714, "quotite_50": 50_000, "quotite_100": 100_000, "quotite_fausse": 83_000}
	quotites := map[string]xhl.Decimal{"quotite_80": "80", "quotite_50": "50", "quotite_100": "100", "quotite_fausse": "80"}
	f.quotite, f.b.QuotiteTrav = shares[name], quotites[name]
}

// bande is the points that a reform gives to an index: more to the lowest.
func bande(indice int) int {
	switch {
	case indice <= 370:
		return 9
	case indice <= 380:
		return 7
	case indice <= 400:
		return 5
	case indice <= 420:
		return 2
	}
	return 0
}

// valeurPoint is the yearly value of the index 100 for the agent.
func (f *fiche) valeurPoint() int {
	s := f.run.suite
	if s == nil || s.point == 1_000_000 || s.horsPoint[f.index] {
		return f.run.point
	}
	return int((int64(f.run.point)*s.point + 500_000) / 1_000_000)
}

// wage is the traitement of an index for a month, at the agent's point.
func (f *fiche) wage(indice int) xhl.Montant { return rounded(int64(indice*f.valeurPoint()), 1200) }

// editNBI changes the points of NBI.
func (f *fiche) editNBI(points int) int {
	switch {
	case f.has("nbi_donnee"):
		return 15
	case f.has("nbi_retiree"):
		return 0
	}
	return points
}

// editEnfants changes the number of children; the second value is the number
// that the supplément follows.
func (f *fiche) editEnfants(children int) (declared, paid int) {
	switch {
	case f.has("enfant"):
		more := children%3 + 1
		return more, more
	case f.has("enfant_sans_sft"):
		return children + 1, children
	case f.has("sft_sans_enfant"):
		return 0, 1
	}
	return children, children
}

// rubriques that a first month has not.
var rubriquesSuite = []rubrique{
	{"1320", "Heures complémentaires", xhl.Indemnite, "", "", salPrimes, salPrimesNT},
	{"1850", "Allocation d'aide au retour à l'emploi", xhl.RemDivers, "", "", salPrimes, ""},
	{"1860", "Indemnité compensatrice de congés payés", xhl.RemDivers, "", "", salPrimes, ""},
	{"1870", "Capital décès", xhl.RemDivers, "", "", salPrimes, ""},
}

// editPrimes pays what was planted beside the traitement. full is the wage of a
// full time.
func (f *fiche) editPrimes(full xhl.Montant) {
	s := f.run.suite
	if s == nil {
		return
	}
	amount := func(r *rubrique, mt xhl.Montant) {
		f.line(r, r.nature, mt)
		f.mois.primes += mt
	}
	for _, one := range s.edits[f.index] {
		switch one.nom {
		case "cia":
			amount(&rubriques[rCIA], xhl.Montant(20_000+1000*one.rang))
		case "heures", "heures_plafond", "heures_total", "heures_base", "heures_taux", "heures_compl":
			f.editHeures(full, one)
		case "astreinte":
			amount(&primes[0].rubrique, 15_920)
		case "rappel_periode", "rappel", "trop_percu", "net_negatif":
			f.editRappel(one)
		case "transport":
			f.mois.frais += f.taux(rTransport, 4200, 75_000)
			f.usuel.frais = f.mois.frais
		case "avantage":
			amount(&rubriques[rAvantage], 12_500)
		case "chomage":
			amount(&rubriquesSuite[1], 61_300)
		case "conges_payes":
			amount(&rubriquesSuite[2], xhl.Montant(18_000+100*one.rang))
		case "capital_deces":
			amount(&rubriquesSuite[3], 345_000)
		}
	}
}

// editHeures pays planted hours: right, or wrong in one way.
func (f *fiche) editHeures(full xhl.Montant, one plante) {
	hour := int(rounded(int64(full)*12*10*125, 1820*100))
	n := 2000 + 500*(one.rang%20)
	r := &rubriques[rIHTS]
	switch one.nom {
	case "heures_plafond":
		n = 27_000 + 1000*one.rang
	case "heures_taux":
		hour = hour * 107 / 100
	case "heures_compl":
		r, hour = &rubriquesSuite[0], int(rounded(int64(full)*12*10, 1820))
	}
	f.mois.primes += f.unites(r, n, hour)
	lines := f.b.Remuneration.Lignes
	if l := &lines[len(lines)-1]; one.nom == "heures_base" {
		l.Base, l.NbUnite = xhl.Montant(n/10).Decimal(), "0"
	}
	if one.nom == "heures_total" {
		n += 3000
	}
	if one.nom != "heures_compl" {
		f.b.NbHeureSup = milliemes(n)
	}
}

// editRappel pays planted arrears, or takes back what was paid too much.
func (f *fiche) editRappel(one plante) {
	due := xhl.Montant(4_310 + 250*one.rang)
	switch one.nom {
	case "trop_percu":
		due = -due
	case "net_negatif":
		due = -f.usuel.brut() - 50_000
	}
	l := f.line(&rubriques[rTraitement], xhl.Rappel, due)
	l.Libelle = "Rappel traitement de base"
	if one.nom == "rappel_periode" || one.nom == "trop_percu" {
		span := periode(f.run.debutMois(-2), 2)
		l.PeriodeRef = &span
	}
	f.mois.traitement += due
}

// editRetenues takes what was planted from the net.
func (f *fiche) editRetenues() {
	switch name, _ := f.edited("saisie", "mutuelle", "acompte", "avantage"); name {
	case "saisie":
		f.fixe(rOpposition, 8_200)
	case "mutuelle":
		f.fixe(rMutuelle, 5_150)
	case "acompte":
		f.fixe(rAcompte, 15_000)
	case "avantage":
		f.fixe(rReprise, 12_500)
	}
}

// editFin changes what is left once the bulletin is made.
func (f *fiche) editFin() {
	b := f.b
	switch name, _ := f.edited("rib", "adresse", "totaux", "code_deux_fois", "conge_parental"); name {
	case "rib":
		c := b.Agent.CptBancaire
		c.BIC, c.IBAN = xhl.Opt[xhl.Nominatif]{}, xhl.Opt[xhl.Nominatif]{}
		k := makeCompte(&f.alea, uint64(90_000_000_000+f.index))
		c.CodeEtab, c.CodeGuic, c.IdCpte, c.CleRib = xhl.Nominatif(k.banque.code), xhl.Nominatif(k.guichet), xhl.Nominatif(k.numero), xhl.Nominatif(k.cle)
	case "adresse":
		b.Agent.Adresse.Adr2 = xhl.Some(xhl.Nominatif("14 rue du Changement"))
	case "totaux":
		net, _ := b.MtNet.Montant()
		b.MtNet = (net + 1300).Decimal()
	case "code_deux_fois":
		f.twice()
	case "conge_parental":
		b.Remuneration.Lignes = b.Remuneration.Lignes[:0]
		b.MtBrut, b.MtNet, b.MtNetAPayer, b.MtImposable = "0.00", "0.00", "0.00", "0.00"
	}
}

// twice cuts the line of IFSE in two.
func (f *fiche) twice() {
	lines := f.b.Remuneration.Lignes
	for i := range lines {
		if lines[i].Code != rubriques[rIFSE].code || lines[i].Nature != xhl.Indemnite {
			continue
		}
		mt, _ := lines[i].Mt.Montant()
		second := lines[i]
		lines[i].Mt, second.Mt = (mt / 3).Decimal(), (mt - mt/3).Decimal()
		lines = append(lines, xhl.LigneP{})
		copy(lines[i+2:], lines[i+1:])
		lines[i+1] = second
		f.b.Remuneration.Lignes = lines
		return
	}
}

// renamed is the rubrique of a line under the code and the label of a second
// month.
func (r *Run) renamed(code, libelle string) (string, string) {
	if r.suite == nil {
		return code, libelle
	}
	if r.suite.relibellee && code == rubriques[rAmicale].code {
		libelle = "Cotisation amicale du personnel"
	}
	if r.suite.renumerotee && code == rubriques[rTitres].code {
		code = "6210"
	}
	return code, libelle
}

// sectionAndPerson tells whose section a bulletin is in, and who is paid.
func (s *suite) sectionAndPerson(i int) (place, person int) {
	place, person = i, i
	if at, newcomer := s.place[i]; newcomer {
		place = at
	}
	if who, second := s.personne[i]; second {
		person = who
	}
	return place, person
}

// matricule is the rang of the matricule of a bulletin.
func (s *suite) matricule(i int) int {
	if at, moved := s.mat[i]; moved {
		return at
	}
	_, person := s.sectionAndPerson(i)
	return person
}

// suiteReference keeps the events of the month before, whose pieces travelled
// with it, and references the pieces of this one.
func (f *fiche) suiteReference() {
	s := f.run.suite
	for _, ref := range refsOf(s.baseRefs, f.index) {
		p := &s.basePJ[ref.piece]
		f.b.Evenement = append(f.b.Evenement, xhl.Evenement{Code: p.motif.evenement, Description: xhl.Some(p.Nom)})
	}
	for _, ref := range f.run.refsOf(f.rang) {
		if p := &f.run.pieces[ref.piece]; f.run.opts.References == DansBulletins {
			f.b.PJRef = append(f.b.PJRef, xhl.PJRef{Support: p.Support, IdUnique: p.IdUnique, NomPJ: xhl.Some(p.Fichier)})
		}
	}
}
