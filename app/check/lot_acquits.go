package check

import (
	"cmp"
	"slices"
	"strings"

	"paye/pespj"
)

// acquits holds the acquittals of a set against its flux, as `xhl acquit` does
// with the book: a later word counts, but for a duplicate after an acceptance.
func (l *lotEnCours) acquits() {
	var answers []*Fichier
	for _, f := range l.fichiers {
		if f.acquittal != nil {
			answers = append(answers, f)
		}
	}
	slices.SortStableFunc(answers, func(a, b *Fichier) int { return cmp.Compare(a.Flux.DteStr, b.Flux.DteStr) })
	states := make(map[*Fichier]map[string]pespj.EtatPJ) // by flux, then by IdUnique
	whole := make(map[*Fichier]*Fichier)                 // the answer that refuses all of a flux
	for _, answer := range answers {
		f := l.answered(answer)
		if f == nil {
			l.report(answer.Nom, AutreFlux, answer.Flux.Appele())
			continue
		}
		if states[f] == nil {
			states[f] = make(map[string]pespj.EtatPJ)
		}
		delete(whole, f)
		if answer.acquittal.RefusGlobal {
			whole[f] = answer
		}
		said, _ := answer.acquittal.Reconcile(f.Flux.NomFic, f.Flux.CodCol, slices.Collect(f.identites()))
		for _, s := range said {
			before := states[f][s.IdUnique]
			silent := s.Reponse == pespj.SansReponse && before.Reponse != pespj.SansReponse
			if !silent && !(s.Doublon && before.Reponse == pespj.Accepte) {
				states[f][s.IdUnique] = s
			}
		}
	}
	for _, f := range l.fichiers {
		l.answers(f, states[f], whole[f])
	}
}

// answered is the flux of the set that an acquittal answers.
func (l *lotEnCours) answered(answer *Fichier) *Fichier {
	for _, f := range l.fichiers {
		if f.Genre == PES && f.Flux != nil && f.Flux.NomFic == answer.Flux.NomFic {
			return f
		}
	}
	return nil
}

// answers tells what became of a flux.
func (l *lotEnCours) answers(f *Fichier, states map[string]pespj.EtatPJ, whole *Fichier) {
	if whole != nil {
		l.report(f.Nom, FluxRefuse, f.Flux.NomFic, reasons(whole.acquittal.Refus))
		return
	}
	silent := 0
	for id := range f.identites() {
		s, known := states[id]
		switch {
		case known && s.Reponse == pespj.Rejete:
			a := Codes.New(PieceRefusee, id, reasons(s.Erreurs)).At(f.Nom, -1, 0)
			a.Trouve = id
			l.add(a)
		case known && s.Reponse == pespj.SansReponse:
			silent++
		}
	}
	if silent > 0 {
		l.report(f.Nom, SansReponse, silent, f.Flux.NomFic)
	}
}

// reasons are the codes and labels of a refusal, on one line.
func reasons(list []pespj.ErreurAck) string {
	if len(list) == 0 {
		return "-"
	}
	var all []string
	for _, e := range list {
		all = append(all, strings.TrimSpace(e.NumAnoAck+" "+e.Libelle))
	}
	return strings.Join(all, " ; ")
}
