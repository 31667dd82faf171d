package etats

import (
	"paye/xhl"
)

// poste makes the row of a rubrique that changed, unless it follows from what
// is told already.
func (s *suite) poste(p *poste) {
	if p.delta() == 0 {
		s.still(p)
		return
	}
	e := s.e
	class := e.classes[p.rub]
	nature := e.somme.types[p.rub]
	if p.rappel {
		if !s.arret || p.b.n > 0 {
			s.rappel(p)
		}
		return
	}
	switch class {
	case Traitement, SFT:
		return // told by wage and children
	case NBI:
		if nature <= xhl.RemDivers {
			s.nbiLine(p)
			return
		}
	case Absence:
		s.line(p, TypeAbsence, CauseAbsence, "maladie")
		return
	case Residence:
		if s.bouge || s.principal != nil || s.arret || s.nbi != nil || s.absence() {
			return
		}
		if !s.general(p) {
			s.line(p, TypeInexplique, CauseLigneModifiee, "").sansPiece = true
		}
		return
	}
	if nature == xhl.Cotisation || nature == xhl.Deduction || nature == xhl.Acompte || nature == xhl.Retenue {
		s.withheld(p, class)
		return
	}
	if s.arret && (p.b.n == 0 || p.a.n == 0 || proportional(p, &s.traitement)) {
		return
	}
	if s.general(p) {
		return
	}
	s.paid(p, class)
}

// still tells a rubrique that a general cause should have moved.
func (s *suite) still(p *poste) bool {
	c := &s.e.commun
	if p.rappel || p.a.n == 0 || p.b.n == 0 {
		return false
	}
	if to, known := c.taux[p.rub]; known && p.memeTaux() && p.a.taux == to[0] {
		s.refuses(c.iTaux[p.rub], "Taux")
		return true
	}
	if p.delta() != 0 || p.a.mt == 0 {
		return false
	}
	if i, known := c.iFacteur[p.rub]; known {
		s.refuses(i, s.e.classes[p.rub].String())
		return true
	}
	if i, known := c.iEcart[p.rub]; known {
		s.refuses(i, s.e.classes[p.rub].String())
		return true
	}
	return false
}

// absence reports whether a row of absence was made.
func (s *suite) absence() bool {
	for _, r := range s.rows {
		if r.Type == TypeAbsence {
			return true
		}
	}
	return false
}

// paid makes the row of what is paid beside the traitement.
func (s *suite) paid(p *poste, class Classe) {
	switch {
	case class.Heures():
		s.heures(p)
	case class.astreinte():
		s.line(p, TypeAstreinte, 0, "astreinte")
	case class == Vacation:
		s.line(p, TypeVacation, 0, "vacation")
	case class == IndemniteElu:
		s.line(p, TypeElu, 0, "elu")
	case class == Avantage:
		s.line(p, TypeAvantage, 0, "avantage")
	case class == Transport:
		s.line(p, TypeDeplacement, 0, "transport")
	case class == Deplacement:
		s.line(p, TypeDeplacement, 0, "deplacement")
	case class == IJSS:
		s.line(p, TypeIJSS, 0, "maladie")
	case class.ponctuelle() || s.e.cls.of(p.rub).Recurrente == NonRecurrente:
		v := s.line(p, TypePonctuelle, 0, class.situation())
		v.sansPiece = p.b.n == 0 || p.b.mt == 0
	case s.byQuotite(p):
	default:
		s.prime(p, class)
	}
}

// situation is the row of the table of pieces that a class of one-off payments
// needs.
func (c Classe) situation() string {
	switch c {
	case CongesPayes, Chomage, Licenciement, CapitalDeces, ActionSociale:
		return c.String()
	case Compensatrice:
		return "compensatrice"
	}
	return "prime"
}

// prime makes the row of a prime that came, went or changed.
func (s *suite) prime(p *poste, class Classe) {
	t := TypePrimeModifiee
	switch {
	case p.a.n == 0 || p.a.mt == 0:
		t = TypePrimeApparue
	case p.b.n == 0 || p.b.mt == 0:
		t = TypePrimeDisparue
	}
	s.line(p, t, 0, class.situation())
}

// byQuotite reports whether a prime moved as the working time did.
func (s *suite) byQuotite(p *poste) bool {
	if s.quotite == nil || p.a.n == 0 || p.b.n == 0 {
		return false
	}
	// Of the move of the traitement, what is not of the index or the point.
	t := somme{mt: times(s.traitement.avant(), s.plein()), unites: s.traitement.unites}
	if proportional(p, &t) {
		return true
	}
	for _, fb := range fractions(s.g.Quotite) {
		for _, fa := range fractions(s.f.Quotite) {
			if fa != 0 && absolu(p.b.mt-times(p.a.mt, ratio(fb, fa))) <= tolTraitement {
				return true
			}
		}
	}
	return false
}

// proportional reports whether a poste moved as the traitement did.
func proportional(p *poste, t *somme) bool {
	share := ratio(int64(t.apres()), int64(t.avant()))
	return share != 0 && absolu(p.b.mt-times(p.a.mt, share)) <= tolTraitement
}

// line makes the row of a rubrique.
func (s *suite) line(p *poste, t Type, c Cause, situation string) *Variation {
	cle := s.e.apres.Cle(p.rub)
	libelle := s.e.apres.Libelle(p.rub)
	if libelle == "" {
		libelle = s.e.avant.Libelle(p.rub)
	}
	if c == SansCause {
		switch {
		case p.a.n == 0 || p.a.mt == 0:
			c = CauseLigneApparue
		case p.b.n == 0 || p.b.mt == 0:
			c = CauseLigneDisparue
		default:
			c = CauseLigneModifiee
		}
	}
	v := s.add(Variation{Type: t, Code: cle.Code, Libelle: libelle, Avant: montant(p.a.mt), Apres: montant(p.b.mt), Delta: p.delta(), Cause: c, situation: situation, classe: s.e.classes[p.rub]})
	if p.b.n == 0 && (t == TypeAstreinte || t == TypeVacation || t == TypeDeplacement || t == TypeHeures) {
		v.sansPiece = true
	}
	return v
}

// nbiLine is a line of NBI: it follows the points, the point and the quotité.
func (s *suite) nbiLine(p *poste) {
	if s.nbi != nil || s.quotite != nil || s.statut || s.arret || s.absence() {
		return
	}
	if absolu(p.b.mt-times(p.a.mt, s.e.commun.point)) <= tolTraitement && s.e.commun.iPoint >= 0 || s.general(p) || proportional(p, &s.traitement) {
		return
	}
	s.line(p, TypeNBI, 0, "nbi")
}

// general reports whether a rubrique moved by a common mode, and notes who
// followed and who did not.
func (s *suite) general(p *poste) bool {
	c, rub := &s.e.commun, p.rub
	if p.a.n == 0 || p.b.n == 0 {
		return false
	}
	if to, known := c.taux[rub]; known && p.a.aTaux && p.b.aTaux && p.a.taux == to[0] && p.b.taux == to[1] {
		s.follows(c.iTaux[rub], p.delta())
		return true
	}
	if r, known := c.facteurs[rub]; known && absolu(p.b.mt-times(p.a.mt, r)) <= tolTraitement {
		s.follows(c.iFacteur[rub], p.delta())
		return true
	}
	if d, known := c.ecarts[rub]; known && absolu(p.delta()-d) <= 1 {
		s.follows(c.iEcart[rub], p.delta())
		return true
	}
	if c.iPoint >= 0 && s.e.classes[rub].indiciaire() && !s.e.classes[rub].Heures() && absolu(p.b.mt-times(p.a.mt, c.point)) <= tolTraitement {
		s.follows(c.iPoint, p.delta())
		return true
	}
	return false
}

// heures makes the row of supplementary hours. Hours that stay the same at a
// rate that follows the traitement are its consequence.
func (s *suite) heures(p *poste) {
	if p.a.n > 0 && p.b.n > 0 && p.a.connus && p.b.connus && p.a.unites == p.b.unites && (s.bouge || s.principal != nil) {
		return
	}
	v := s.line(p, TypeHeures, CauseHeuresPortees, "ihts")
	switch {
	case p.b.n == 0 || p.b.mt == 0:
		v.Cause, v.sansPiece = CauseLigneDisparue, true
	case s.e.classes[p.rub] == HeuresCompl:
		v.situation = "heures_compl"
	case s.overCeiling():
		v.Cause, v.situation = CausePlafond, "ihts_plafond"
	case !p.b.connus:
		v.Cause = CauseHeuresInconnues
	default:
		v.sansPiece = true
	}
}

// PlafondHeures is the monthly ceiling of supplementary hours, in thousandths
// (décret 2002-60, article 6).
const PlafondHeures = 25_000

// overCeiling reports whether the hours of the month are above the ceiling, all
// of them together.
func (s *suite) overCeiling() bool {
	var sum int64
	for i := range s.postes {
		if one := &s.postes[i]; !one.rappel && s.e.classes[one.rub].IHTS() && one.b.connus {
			sum += one.b.unites
		}
	}
	return sum > PlafondHeures
}

// rappel makes the row of arrears; they execute a decision of this month when
// one is there.
func (s *suite) rappel(p *poste) {
	v := s.line(p, TypeRappel, CauseRappel, "rappel")
	if p.b.n == 0 || p.b.mt == 0 {
		v.sansPiece = true
		return
	}
	class := s.e.classes[p.rub]
	for _, r := range s.rows {
		switch {
		case r.Type == TypeEchelon || r.Type == TypeIndice || r.Type == TypeGrade || r.Type == TypeQuotite || r.Type == TypeStatut:
			if class == Traitement || class == Residence {
				v.lien = r
			}
		case r.Type == TypeNBI && class == NBI, r.Type == TypeEnfants && class == SFT:
			v.lien = r
		}
	}
	if v.lien != nil {
		v.Cause = CauseRappelRattache
	}
}

// tauxNeutres are the rates of the monthly scale of the withholding tax for
// those without a rate of their own (CGI 204 H), in thousandths: they follow
// the income.
var tauxNeutres = []int32{0, 500, 1300, 2100, 2900, 3500, 4100, 5300, 7500, 9900, 11_900, 13_800, 15_800, 17_900, 20_000, 24_000, 28_000, 33_000, 38_000, 43_000}

func neutre(taux int32) int {
	for i, t := range tauxNeutres {
		if t == taux {
			return i
		}
	}
	return -1
}

// withheld makes the row of what is taken from the gross or the net, or paid by
// the employer.
func (s *suite) withheld(p *poste, class Classe) {
	if s.general(p) || s.still(p) {
		return
	}
	switch class {
	case PAS:
		s.tax(p)
		return
	case Avantage:
		if s.brutBouge {
			return
		}
		s.line(p, TypeAvantage, 0, "avantage")
		return
	}
	share := !p.b.connus && !p.a.connus || p.a.n == 0 && !p.b.connus || p.b.n == 0 && !p.a.connus
	if class == Cotisation {
		if s.brutBouge && (p.memeTaux() || p.a.n == 0 || p.b.n == 0 || !p.a.aTaux && !p.b.aTaux) {
			return
		}
		s.line(p, TypeCotisation, CauseTaux, "").sansPiece = true
		return
	}
	if share && p.memeTaux() && p.a.taux != 0 && (s.bouge || s.brutBouge) {
		return
	}
	if s.arret && (p.a.n == 0 || p.b.n == 0 || p.memeTaux()) {
		return
	}
	types := map[Classe]Type{Mutuelle: TypeMutuelle, Saisie: TypeSaisie, Titres: TypeTitres, Acompte: TypeAcompte}
	t, known := types[class]
	if !known {
		t = TypeAutre
	}
	s.line(p, t, 0, "").sansPiece = true
}

// tax makes the row of a rate of the withholding tax that changed by itself.
func (s *suite) tax(p *poste) {
	moved := s.brutBouge || s.deducted()
	switch {
	case moved && (p.memeTaux() || p.a.n == 0 || p.b.n == 0 || !p.a.aTaux || !p.b.aTaux):
		return
	case moved && p.a.aTaux && p.b.aTaux:
		a, b := neutre(p.a.taux), neutre(p.b.taux)
		if a >= 0 && b >= 0 && a != b {
			return
		}
	}
	s.line(p, TypePAS, CauseTaux, "").sansPiece = true
}

// deducted reports whether a deduction moved, and the taxable income with it.
func (s *suite) deducted() bool {
	for i := range s.postes {
		if p := &s.postes[i]; s.e.somme.types[p.rub] == xhl.Deduction && p.delta() != 0 {
			return true
		}
	}
	return false
}
