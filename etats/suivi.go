package etats

import (
	"slices"
	"strconv"

	"paye/xhl"
)

// suite is the work on one pair: what its lines say, and the rows it gives.
type suite struct {
	e      *engine
	p      *paire
	f, g   *Fiche
	postes []poste
	rows   []*Variation

	principal *Variation // the change of the record that the traitement follows
	nbi       *Variation
	quotite   *Variation
	statut    bool

	traitement, bonif somme
	rTraitement       uint16 // a rubrique of traitement, to name a row
	bouge             bool   // the traitement or the NBI moved
	arret             bool   // no traitement is left, or it is taken up again
	brutBouge         bool   // something of the gross moved
	suivi             bool   // by a general cause
}

// follow makes the rows of a contract that is in both months.
func (e *engine) follow(p *paire) {
	lignes := memesLignes(p)
	f, g := p.a.first(), p.b.first()
	if lignes && len(e.commun.list) == 0 && sameFiche(f, g) && f.Indice == g.Indice && f.Emploi == g.Emploi && f.compte == g.compte && slices.Equal(f.Evenements, g.Evenements) {
		e.totaux(p)
		return
	}
	s := &suite{e: e, p: p, f: f, g: g, postes: e.somme.of(p)}
	if f.Statut != g.Statut {
		s.merge()
	}
	s.sums()
	s.record()
	s.wage()
	s.children()
	for i := range s.postes {
		s.poste(&s.postes[i])
	}
	s.events()
	if lignes || !slices.ContainsFunc(s.postes, func(one poste) bool { return one.delta() != 0 }) {
		e.totaux(p)
		return
	}
	s.residual()
	s.declared()
}

// add adds a row of the pair.
func (s *suite) add(v Variation) *Variation {
	one := s.e.row(s.p, v)
	s.rows = append(s.rows, one)
	return one
}

// merge puts the lines that a change of statut renames together: a rubrique
// has a code for titulaires and another for the rest.
func (s *suite) merge() {
	for x := range s.postes {
		lost := &s.postes[x]
		if lost.a.n == 0 || lost.b.n > 0 {
			continue
		}
		for y := range s.postes {
			gained := &s.postes[y]
			if gained.a.n > 0 || gained.rappel != lost.rappel || s.e.somme.types[gained.rub] != s.e.somme.types[lost.rub] || s.e.classes[gained.rub] != s.e.classes[lost.rub] {
				continue
			}
			gained.a, lost.a = lost.a, somme{}
			break
		}
	}
}

// sums gathers the traitement and the NBI of both months.
func (s *suite) sums() {
	var ta, tb, na, nb xhl.Montant
	found := false
	for i := range s.postes {
		one := &s.postes[i]
		n := s.e.somme.types[one.rub]
		if one.delta() != 0 && n <= xhl.RemDivers || one.rappel && one.delta() != 0 {
			s.brutBouge = true
		}
		if one.rappel {
			continue
		}
		switch s.e.classes[one.rub] {
		case Traitement:
			ta, tb = ta+one.a.mt, tb+one.b.mt
			if !found || one.b.n > 0 {
				s.rTraitement, found = one.rub, true
			}
		case NBI:
			if n <= xhl.RemDivers {
				na, nb = na+one.a.mt, nb+one.b.mt
			}
		}
	}
	s.traitement, s.bonif = paireDe(ta, tb), paireDe(na, nb)
	s.bouge = ta != tb || na != nb
	s.arret = (tb == 0) != (ta == 0)
}

// paireDe keeps two amounts in a somme: mt before, unites after.
func paireDe(a, b xhl.Montant) somme { return somme{mt: a, unites: int64(b)} }

func (s *somme) avant() xhl.Montant { return s.mt }
func (s *somme) apres() xhl.Montant { return xhl.Montant(s.unites) }
func (s *somme) ecart() xhl.Montant { return s.apres() - s.avant() }

// record makes the rows of the fields of the record.
func (s *suite) record() {
	e, f, g := s.e, s.f, s.g
	text := func(id uint32) Valeur { return texte(e.apres.Texte(id)) }
	field := func(t Type, champ string, a, b Valeur) *Variation {
		one := s.add(Variation{Type: t, Champ: champ, Avant: a, Apres: b, Cause: CauseChamp, situation: "changement_situation"})
		if s.principal == nil {
			s.principal = one
		}
		return one
	}
	if f.Etablissement != g.Etablissement {
		field(TypeEtablissement, "Etablissement", text(f.Etablissement), text(g.Etablissement)).situation = "changement_etablissement"
	}
	if f.Statut != g.Statut {
		s.statut = true
		field(TypeStatut, "Statut", text(f.Statut), text(g.Statut))
	}
	grade := f.Grade != g.Grade
	if grade {
		field(TypeGrade, "Grade", text(f.Grade), text(g.Grade))
	}
	if f.Emploi != g.Emploi {
		field(TypeEmploi, "EmploiMetier", text(f.Emploi), text(g.Emploi))
	}
	switch {
	case grade || s.statut:
	case f.Echelon != g.Echelon:
		field(TypeEchelon, "Echelon", text(f.Echelon), text(g.Echelon))
	case f.Indice != g.Indice && !s.byTable():
		field(TypeIndice, "Indice", texte(strconv.Itoa(int(f.Indice))), texte(strconv.Itoa(int(g.Indice))))
	}
	if f.Quotite != g.Quotite {
		s.quotite = field(TypeQuotite, "QuotiteTrav", texte(court(int64(f.Quotite), 2)), texte(court(int64(g.Quotite), 2)))
	}
	if f.NBI != g.NBI {
		s.nbi = s.add(Variation{Type: TypeNBI, Champ: "NBI", Avant: texte(court(int64(f.NBI), 3)), Apres: texte(court(int64(g.NBI), 3)), Cause: CauseChamp, situation: "nbi"})
	}
	if f.compte != g.compte {
		s.add(Variation{Type: TypeRIB, Champ: "CptBancaire", Avant: texte(xhl.Masked), Apres: texte(xhl.Masked), Cause: CauseChamp, sansPiece: true})
	}
}

// byTable reports whether the index moved as the general table says, or as it
// says of the indices on either side, where too few agents share one.
func (s *suite) byTable() bool {
	c := &s.e.commun
	if c.iIndice < 0 {
		return false
	}
	if to, known := c.indices[s.f.Indice]; known {
		return to == s.g.Indice
	}
	move := s.g.Indice - s.f.Indice
	below, above := c.around(s.f.Indice)
	return move == below || move == above
}

// children compares the number of children and the supplément familial.
func (s *suite) children() {
	var a, b xhl.Montant
	var rub uint16
	for i := range s.postes {
		if one := &s.postes[i]; !one.rappel && s.e.classes[one.rub] == SFT {
			a, b = a+one.a.mt, b+one.b.mt
			if one.delta() != 0 || rub == 0 {
				rub = one.rub
			}
		}
	}
	enfants := s.f.Enfants != s.g.Enfants
	// A supplément that moved as the traitement did moved for no child.
	alike := a == b || a != 0 && s.bouge && between(b, a, times(a, s.plein()))
	v := Variation{Type: TypeEnfants, Champ: "NbEnfants", Avant: texte(strconv.Itoa(int(s.f.Enfants))), Apres: texte(strconv.Itoa(int(s.g.Enfants))), Delta: b - a, Cause: CauseSFT, situation: "sft"}
	sft := func(t Type, c Cause) {
		cle := s.e.apres.Cle(rub)
		v.Type, v.Cause, v.Champ, v.Code, v.Libelle = t, c, "", cle.Code, s.e.apres.Libelle(rub)
		v.Avant, v.Apres = montant(a), montant(b)
		s.add(v)
	}
	switch {
	case b != 0 && a == 0 && s.g.Enfants == 0:
		sft(TypeIncoherent, CauseSFTSansEnfant)
	case enfants && alike && !s.arret:
		v.Type, v.Cause = TypeIncoherent, CauseEnfantsSansSFT
		s.add(v)
	case enfants:
		s.add(v)
	case a == b, s.arret:
	case a != 0 && b != 0 && (s.bouge || s.principal != nil):
	default:
		sft(TypeSFT, CauseSFT)
	}
}

// between reports whether b is between two amounts, within the tolerance.
func between(b, x, y xhl.Montant) bool {
	return b >= min(x, y)-tolTraitement && b <= max(x, y)+tolTraitement
}

// events makes a row of an event that is gone, and of a new one that nothing
// else explains: the others are the acts of the rows.
func (s *suite) events() {
	others := len(s.rows) > 0
	for _, id := range s.f.Evenements {
		if id != 0 && !slices.Contains(s.g.Evenements, id) {
			s.add(Variation{Type: TypeEvenement, Champ: "Evenement", Avant: texte(s.e.avant.Texte(id)), Cause: CauseEvenementDisparu, sansPiece: true})
		}
	}
	for _, id := range s.g.Evenements {
		if id != 0 && !others && !slices.Contains(s.f.Evenements, id) {
			s.add(Variation{Type: TypeEvenement, Champ: "Evenement", Apres: texte(s.e.apres.Texte(id)), Cause: CauseEvenementNouveau, sansPiece: true})
		}
	}
}

// residual tells what the lines do not explain of the net to pay.
func (s *suite) residual() {
	a, b := s.p.a.totaux(), s.p.b.totaux()
	if s.e.brouille || (a.absents|b.absents)&sansNetAPayer != 0 {
		return
	}
	gap := b.NetAPayer - a.NetAPayer
	for i := range s.postes {
		one := &s.postes[i]
		n := s.e.somme.types[one.rub]
		gap -= one.b.mt*xhl.Montant(s.e.signesB[n]) - one.a.mt*xhl.Montant(s.e.signesA[n])
	}
	if absolu(gap) > tolTotal {
		s.add(Variation{Type: TypeInexplique, Champ: "MtNetAPayer", Avant: montant(a.NetAPayer), Apres: montant(b.NetAPayer), Delta: gap, Cause: CauseResidu, sansPiece: true})
	}
}

// declared tells a declared gross or net that its lines do not explain, where
// the file makes them of its lines.
func (s *suite) declared() {
	if s.e.brouille {
		return
	}
	a, b := s.p.a.totaux(), s.p.b.totaux()
	d := s.e.deltas(s.postes)
	if m := s.e.commun.brut.best(); m >= 0 && (a.absents|b.absents)&sansBrut == 0 && absolu(b.Brut-a.Brut-d.brut[m]) > tolTotal {
		s.add(Variation{Type: TypeTotauxSansLigne, Champ: "MtBrut", Avant: montant(a.Brut), Apres: montant(b.Brut), Delta: b.Brut - a.Brut - d.brut[m], Cause: CauseTotaux, sansPiece: true})
	}
	if m := s.e.commun.net.best(); m >= 0 && (a.absents|b.absents)&sansNet == 0 && absolu(b.Net-a.Net-d.net[m]) > tolTotal {
		s.add(Variation{Type: TypeTotauxSansLigne, Champ: "MtNet", Avant: montant(a.Net), Apres: montant(b.Net), Delta: b.Net - a.Net - d.net[m], Cause: CauseTotaux, sansPiece: true})
	}
}

// totaux tells a declared total that changes while the lines do not.
func (e *engine) totaux(p *paire) {
	if e.brouille {
		return
	}
	a, b := p.a.totaux(), p.b.totaux()
	for i, moved := range e.totauxChanges(p) {
		if !moved {
			continue
		}
		v := Variation{Type: TypeTotauxSansLigne, Cause: CauseTotaux, sansPiece: true}
		switch i {
		case 0:
			v.Champ, v.Avant, v.Apres, v.Delta = "MtBrut", montant(a.Brut), montant(b.Brut), b.Brut-a.Brut
		case 1:
			v.Champ, v.Avant, v.Apres, v.Delta = "MtNet", montant(a.Net), montant(b.Net), b.Net-a.Net
		default:
			v.Champ, v.Avant, v.Apres, v.Delta = "MtNetAPayer", montant(a.NetAPayer), montant(b.NetAPayer), b.NetAPayer-a.NetAPayer
		}
		e.row(p, v)
	}
}
