package portal

import (
	"context"

	"paye/internal/lang"
	"paye/vault"
)

// renumber gives an account a new identifier and a one-time secret (T14). The
// former identifier and the former password work until the new one is used.
func (p *Portal) renumber(ctx context.Context, par, id string, e *vault.Employeur) (*Letter, error) {
	number, err := p.claimNumber(ctx, par, id)
	if err != nil {
		return nil, err
	}
	var letter *Letter
	dropped := ""
	err = p.changeAccount(ctx, par, id, func(a *Account) error {
		if err := a.may(p.clock(), ChangeNumber); err != nil {
			return err
		}
		dropped = ""
		if a.Former != "" { // the one before was never used
			dropped = a.Number
		} else if a.State != Invited {
			a.Former = a.Number
		} else {
			dropped = a.Number
		}
		a.Number = number
		if a.State == Entered || a.State == Unverified {
			a.State, a.Hash, a.Former, dropped = Invited, "", "", cmpOr(dropped, a.Former)
		}
		letter, err = p.newLetter(ctx, par, a, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	if dropped != "" {
		if err := p.remove(ctx, par, kindNumber, dropped); err != nil {
			return nil, err
		}
	}
	return letter, p.note(ctx, id, Event{What: HapNumber, Par: par})
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// AnswerLost is the desk's answer to a lost identifier: a letter to the address
// that the payroll knows, which proves who opens it.
func (p *Portal) AnswerLost(ctx context.Context, par, siret, matricule string) (*Letter, error) {
	m, err := p.Membership(ctx, siret, matricule)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Account == "" {
		return nil, Codes.New(NotMember)
	}
	e, err := p.o.Coffre.Registre().Employeur(ctx, siret)
	if err != nil || e == nil {
		return nil, err
	}
	a, err := p.follow(ctx, m.Account)
	if err != nil || a == nil {
		return nil, err
	}
	l, err := p.renumber(ctx, par, a.ID, e)
	if err != nil {
		return nil, err
	}
	l.Matricule = matricule
	p.tell(a, lang.Text{FR: "Nouvel identifiant par courrier", EN: "New identifier by letter"}, lang.Text{FR: "Votre employeur vous envoie un nouvel identifiant par courrier. L’ancien fonctionne jusqu’à la première connexion avec le nouveau.", EN: "Your employer sends you a new identifier by letter. The former one works until the first sign-in with the new one."})
	return l, p.acted(ctx, par, AskNumber, siret, matricule, true)
}
