package etats

import (
	"slices"

	"paye/xhl"
)

// wage explains the traitement: by the record, by what moved everyone, or by an
// absence.
func (s *suite) wage() {
	c := &s.e.commun
	f, g := s.f, s.g
	t := &s.traitement
	explained := s.predicted()
	stays := t.ecart() == 0
	if c.iIndice >= 0 && f.Grade == g.Grade && f.Echelon == g.Echelon {
		to, known := c.indices[f.Indice]
		switch {
		case f.Indice != g.Indice && s.byTable():
			s.follows(c.iIndice, t.ecart())
		case f.Indice == g.Indice && known && to != f.Indice:
			s.refuses(c.iIndice, "Indice")
		}
	}
	if c.iPoint >= 0 && t.avant() > 0 && f.Indice != 0 {
		switch {
		case explained && !stays:
			s.follows(c.iPoint, t.ecart())
		case stays && s.principal == nil && f.Indice == g.Indice && times(t.avant(), c.point) != t.avant():
			s.refuses(c.iPoint, "point")
		}
	}
	if !explained && !stays && c.iPoint >= 0 && s.e.pointA.explains(g, t.apres()) {
		s.refuses(c.iPoint, "point") // the record moved, the point did not
		explained = true
	}
	s.attach(explained)
	if s.nbi != nil {
		s.nbi.Delta = s.bonif.ecart()
		if s.bonif.ecart() == 0 && s.e.pointB.avecNBI && s.principal == nil {
			s.nbi.Delta = t.ecart()
		}
	}
}

// follows notes that the agent followed a general cause.
func (s *suite) follows(i int, delta xhl.Montant) {
	c := &s.e.commun
	s.suivi = true
	c.agentsDe[i][s.g.Matricule] = true
	c.list[i].Delta += delta
}

// refuses notes that it did not, with a row.
func (s *suite) refuses(i int, champ string) {
	c := &s.e.commun
	c.horsDe[i][s.g.Matricule] = true
	s.add(Variation{Type: TypeException, Champ: champ, Code: c.list[i].Code, Cause: CauseNonSuivi, Avant: texte(c.list[i].Valeur()), Apres: texte("0"), sansPiece: true})
}

// attach gives the change of the traitement to a row.
func (s *suite) attach(explained bool) {
	t := &s.traitement
	delta := t.ecart()
	if s.principal != nil {
		s.principal.Delta = delta
		if !explained && !s.arret && s.f.Indice != 0 {
			s.principal.douteuse, s.principal.Cause = true, CauseChampDouteux
		}
		return
	}
	if delta == 0 || explained {
		return
	}
	if s.e.pointB.avecNBI && s.nbi != nil {
		s.nbi.douteuse, s.nbi.Cause = true, CauseChampDouteux
		return
	}
	cle := s.e.apres.Cle(s.rTraitement)
	v := Variation{Champ: "traitement", Code: cle.Code, Libelle: s.e.apres.Libelle(s.rTraitement), Avant: montant(t.avant()), Apres: montant(t.apres()), Delta: delta}
	switch {
	case s.arret:
		v.Type, v.Cause, v.situation = TypeAbsence, CauseSansTraitement, "maladie"
	case s.half():
		v.Type, v.Cause, v.situation = TypeAbsence, CauseDemiTraitement, "maladie"
	case s.newEvent():
		v.Type, v.Cause, v.situation = TypeAbsence, CauseAbsence, "maladie"
	default:
		if s.byRubrique() {
			return
		}
		v.Type, v.Cause, v.sansPiece = TypeInexplique, CauseTraitement, true
	}
	s.add(v)
}

// byRubrique reports whether the lines of traitement moved by a factor or a
// difference that is general to their rubrique.
func (s *suite) byRubrique() bool {
	all := true
	for i := range s.postes {
		if one := &s.postes[i]; !one.rappel && s.e.classes[one.rub] == Traitement && one.delta() != 0 {
			all = s.general(one) && all
		}
	}
	return all
}

// plein is the factor by which the full wage of the record moved: the index and
// the point; unite when they are not known.
func (s *suite) plein() int64 {
	c := &s.e.commun
	if s.f.Indice != 0 && s.g.Indice != 0 && s.e.pointA.valeur != 0 && s.e.pointB.valeur != 0 {
		if share := ratio(int64(s.e.pointB.plein(s.g)), int64(s.e.pointA.plein(s.f))); share != 0 {
			return share
		}
	}
	return c.point
}

// half reports whether the traitement was halved or restored, within one per
// cent, the move of the point included.
func (s *suite) half() bool {
	a, b := times(s.traitement.avant(), s.plein()), s.traitement.apres()
	if e := s.e; e.pointB.avecNBI && s.g.NBI != 0 {
		inside := times(xhl.Montant(s.g.NBI), e.pointB.valeur/1000)
		if s.halved(a-inside, b-inside) {
			return true
		}
	}
	return s.halved(a, b)
}

func (s *suite) halved(a, b xhl.Montant) bool {
	near := func(x, y xhl.Montant) bool { return 100*absolu(2*x-y) <= y }
	return a > 0 && b > 0 && (near(b, a) || near(a, b))
}

// newEvent reports whether an event begins this month.
func (s *suite) newEvent() bool {
	return slices.ContainsFunc(s.g.Evenements, func(id uint32) bool { return !slices.Contains(s.f.Evenements, id) })
}

// predicted reports whether the traitement is what the record and the point
// make of that of the month before.
func (s *suite) predicted() bool {
	t, e := &s.traitement, s.e
	f, g := s.f, s.g
	if t.ecart() == 0 && f.Indice == g.Indice && f.Quotite == g.Quotite && e.commun.point == unite {
		return true
	}
	if f.Indice == 0 || g.Indice == 0 {
		return absolu(t.apres()-times(t.avant(), e.commun.point)) <= tolTraitement && e.commun.iPoint >= 0
	}
	if e.pointB.valeur != 0 && e.pointB.explains(g, t.apres()) {
		// The amount is right by itself; with a quotité that changed, the
		// fraction must be one that is known for it, which explains tests.
		return e.pointA.explains(f, t.avant()) || f.Indice != g.Indice || f.Quotite != g.Quotite
	}
	if f.Quotite == g.Quotite {
		share := ratio(int64(e.pointB.plein(g)), int64(e.pointA.plein(f)))
		return share != 0 && absolu(t.apres()-times(t.avant(), share)) <= tolTraitement
	}
	for _, fb := range fractions(g.Quotite) {
		for _, fa := range fractions(f.Quotite) {
			if fa == 0 {
				continue
			}
			share := ratio(int64(times(e.pointB.plein(g), fb)), int64(times(e.pointA.plein(f), fa)))
			if share != 0 && absolu(t.apres()-times(t.avant(), share)) <= tolTraitement {
				return true
			}
		}
	}
	return false
}
