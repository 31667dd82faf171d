package pespj

import "paye/internal/anomalie"

// EtatPJ is what became of a piece that was sent.
type EtatPJ struct {
	IdUnique string
	Reponse  Reponse
	Erreurs  []ErreurAck // why it was rejected
	// Doublon says that Hélios has the IdUnique already: ask before resending.
	Doublon bool
}

// Reconcile holds the acquittal against the pieces sent in the flux nomFic,
// and returns the state of each in the order of ids, with what a person should
// know. A piece without an answer is never taken for accepted; a refusal of
// the whole flux rejects every piece [I].
//
// An acquittal of another flux gives no state and an anomaly of gravity
// erreur. codCol may be empty; a different one, 000 and none excepted since
// platforms send these, is a warning only.
func (a *Acquit) Reconcile(nomFic, codCol string, ids []string) ([]EtatPJ, []*anomalie.Anomalie) {
	if a.Flux.NomFic != nomFic {
		f := Codes.New(codeAckNomFic, clip([]byte(a.Flux.NomFic)), nomFic)
		f.Trouve, f.Attendu = clip([]byte(a.Flux.NomFic)), nomFic
		return nil, []*anomalie.Anomalie{f}
	}
	var warnings []*anomalie.Anomalie
	warn := func(code string, args ...any) { warnings = append(warnings, Codes.New(code, args...)) }
	if c := a.Flux.CodCol; codCol != "" && c != "" && c != "000" && c != codCol {
		warn(codeAckCodCol, clip([]byte(c)), codCol)
	}
	states := make([]EtatPJ, len(ids))
	index := make(map[string]int, len(ids))
	for i, id := range ids {
		states[i].IdUnique = id
		index[id] = i
	}
	for i := range a.Elements {
		e := &a.Elements[i]
		if e.IdUnique == "" {
			if e.DomaineAck == ackPJ && e.Etat == Rejete {
				warn(codeAckAnonyme)
			}
			continue
		}
		rank, sent := index[e.IdUnique]
		if !sent {
			warn(codeAckInconnu, clip([]byte(e.IdUnique)))
			continue
		}
		if states[rank].merge(e) {
			warn(codeAckContraire, e.IdUnique)
		}
	}
	if a.RefusGlobal {
		warn(codeAckRefusGlobal)
	}
	for i := range states {
		s := &states[i]
		if a.RefusGlobal {
			if s.Reponse != Rejete {
				s.Erreurs = a.Refus
			}
			s.Reponse = Rejete
		}
		switch {
		case s.Doublon:
			warn(codeAckDoublon, s.IdUnique)
		case s.Reponse == SansReponse:
			warn(codeAckSansReponse, s.IdUnique)
		}
	}
	return states, warnings
}

// merge adds the answer e and reports whether it contradicts an earlier one.
func (s *EtatPJ) merge(e *Element) (contrary bool) {
	contrary = s.Reponse != SansReponse && e.Etat != SansReponse && s.Reponse != e.Etat
	switch e.Etat {
	case Rejete:
		s.Reponse = Rejete
		s.Erreurs = append(s.Erreurs, e.Erreurs...)
		for _, err := range e.Erreurs {
			s.Doublon = s.Doublon || err.Doublon()
		}
	case Accepte:
		if s.Reponse != Rejete {
			s.Reponse = Accepte
		}
	}
	return contrary
}
