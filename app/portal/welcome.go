package portal

import (
	"context"

	"paye/internal/lang"
)

// Welcome is what somebody types at his first visit.
type Welcome struct {
	Password, Again string
	Mail, MailAgain string // empty when the person has none
	Policy          bool
	Lang            string
	Factor          bool // a second factor is in place
}

// Welcome gives an account its password, its mail to prove and the policy that
// was accepted; the secret of the letter dies (T4). A mail that somebody else
// has is neither refused nor taken: its owner is told, and this account keeps
// its twelve digits.
func (p *Portal) Welcome(ctx context.Context, id string, w Welcome) error {
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	if a == nil {
		return Codes.New(NotNow)
	}
	if err := a.may(p.clock(), Choose); err != nil {
		return err
	}
	if !w.Policy {
		return Codes.New(PolicyAsked)
	}
	address, err := twice(w.Mail, w.MailAgain)
	if err != nil {
		return err
	}
	if address != "" && !p.SendsMail() {
		return Codes.New(NoMail)
	}
	hash, err := p.newHash(ctx, a, w.Password, w.Again, w.Factor)
	if err != nil {
		return err
	}
	now := p.clock()
	var word string
	err = p.changeAccount(ctx, "compte "+id, id, func(a *Account) error {
		if err := a.move(now, Choose); err != nil {
			return err
		}
		a.Hash, a.Secret, a.Lang = hash, nil, w.Lang
		a.Policy = &Policy{PolicyVersion, now}
		if address == "" {
			return nil
		}
		word, a.Pending, err = p.newToken(id, verifyLasts, address)
		return err
	})
	if err != nil {
		return err
	}
	if err := p.note(ctx, id, Event{What: HapWelcomed, Note: "politique " + PolicyVersion}); err != nil {
		return err
	}
	if address != "" {
		if a, err = p.Account(ctx, id); err == nil {
			err = p.askProof(ctx, a, address, word)
		}
	}
	return err
}

// ChooseAgain gives an account that a letter opened again its new password
// (T14); the secret of the letter dies. The address and the policy stay.
func (p *Portal) ChooseAgain(ctx context.Context, id, password, again string, factor bool) error {
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	if a == nil || a.State == Entered || !a.Chooses() {
		return Codes.New(NotNow)
	}
	hash, err := p.newHash(ctx, a, password, again, factor)
	if err != nil {
		return err
	}
	err = p.changeAccount(ctx, "compte "+id, id, func(a *Account) error {
		if err := a.move(p.clock(), ChangeWord); err != nil {
			return err
		}
		a.Hash, a.Secret, a.Reset, a.Reopened = hash, nil, nil, false
		return nil
	})
	if err != nil {
		return err
	}
	p.tell(a, lang.Text{FR: "Mot de passe changé", EN: "Password changed"}, lang.Text{FR: "Le mot de passe de votre espace vient d’être changé, après un courrier.", EN: "The password of your space has just been changed, after a letter."})
	return p.note(ctx, id, Event{What: HapWord})
}

// twice compares an address with its confirmation.
func twice(s, again string) (string, error) {
	if s == "" && again == "" {
		return "", nil
	}
	address, err := parseMail(s)
	if err != nil {
		return "", err
	}
	second, err := parseMail(again)
	if err != nil || second != address {
		return "", Codes.New(MailsDiffer)
	}
	return address, nil
}

// newHash judges and hashes a password that was typed twice.
func (p *Portal) newHash(ctx context.Context, a *Account, password, again string, factor bool) (string, error) {
	if password != again {
		return "", Codes.New(WordsDiffer)
	}
	if err := JudgePassword(a, password, factor); err != nil {
		return "", err
	}
	return p.hash.Hash(ctx, password)
}

// askProof sends the link that proves an address; to an address that is an
// account's already it tells its owner how two spaces become one.
func (p *Portal) askProof(ctx context.Context, a *Account, address, word string) error {
	var l lead
	if _, err := p.read(ctx, kindMail, address, &l); err != nil {
		return err
	}
	if len(l.Accounts) > 0 && l.Accounts[0] != a.ID {
		p.post(a, address, lang.Text{FR: "Deux espaces, une adresse", EN: "Two spaces, one address"},
			lang.Text{FR: "Quelqu’un a donné votre adresse pour un autre espace. Si c’est vous, connectez-vous au premier, puis « Fusionner » : %s/fusion", EN: "Somebody gave your address for another space. If it was you, sign in to the first one, then “Merge”: %s/fusion"}, p.o.Address)
		return nil
	}
	p.post(a, address, lang.Text{FR: "Confirmez votre adresse", EN: "Confirm your address"},
		lang.Text{FR: "Ouvrez ce lien dans les 24 heures pour confirmer votre adresse :\n\n%s/mail/%s", EN: "Open this link within 24 hours to confirm your address:\n\n%s/mail/%s"}, p.o.Address, word)
	return nil
}

// AskProofAgain sends the link again; the former one is dead.
func (p *Portal) AskProofAgain(ctx context.Context, id string) error {
	if !p.SendsMail() {
		return Codes.New(NoMail)
	}
	if err := p.throttle(ctx, LockRule{4, resetPause, resetLasts}, "proof", id); err != nil {
		return err
	}
	var word, address string
	err := p.changeAccount(ctx, "compte "+id, id, func(a *Account) (err error) {
		if a.Pending == nil {
			return Codes.New(NotNow)
		}
		address = a.Pending.Mail
		word, a.Pending, err = p.newToken(id, verifyLasts, address)
		return err
	})
	if err != nil {
		return err
	}
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	return p.askProof(ctx, a, address, word)
}

// MailLink reports whether a link that proves an address can still be used.
func (p *Portal) MailLink(ctx context.Context, word string) error {
	a, err := p.byToken(ctx, word)
	if err != nil {
		return err
	}
	if !a.Pending.good(p.clock(), word) {
		return Codes.New(LinkDead)
	}
	return nil
}

// OfLink gives the account that a link is about, whatever the link is worth.
func (p *Portal) OfLink(ctx context.Context, word string) (*Account, error) {
	return p.byToken(ctx, word)
}

// byToken gives the account that a link is about.
func (p *Portal) byToken(ctx context.Context, word string) (*Account, error) {
	id, ok := subject(word)
	if !ok {
		return nil, Codes.New(LinkDead)
	}
	a, err := p.Account(ctx, id)
	if err == nil && a == nil {
		err = Codes.New(LinkDead)
	}
	return a, err
}

// ProveMail uses the link that proves an address (T5, and the second half of
// T12). From then on it is a login, and where links for a new password go.
func (p *Portal) ProveMail(ctx context.Context, word string) error {
	a, err := p.byToken(ctx, word)
	if err != nil {
		return err
	}
	now := p.clock()
	if !a.Pending.good(now, word) {
		return Codes.New(LinkDead)
	}
	address, former := a.Pending.Mail, a.Mail
	par := "compte " + a.ID
	taken := false
	err = change(ctx, p, par, kindMail, address, "", func(l *lead, exists bool) error {
		if taken = len(l.Accounts) > 0 && l.Accounts[0] != a.ID; !taken {
			l.Accounts = []string{a.ID}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if taken {
		return Codes.New(LinkDead)
	}
	var undo string
	err = p.changeAccount(ctx, par, a.ID, func(a *Account) error {
		if !a.Pending.good(now, word) {
			return Codes.New(LinkDead)
		}
		m := ChangeMail
		if a.State == Unverified {
			m = VerifyMail
		}
		if err := a.move(now, m); err != nil {
			return err
		}
		a.Mail, a.Pending = address, nil
		if former == "" || former == address {
			return nil
		}
		a.Reset, a.Paused = nil, now.Add(resetPause)
		undo, a.Undo, err = p.newToken(a.ID, undoLasts, former)
		return err
	})
	if err != nil {
		return err
	}
	if former == "" || former == address {
		return p.note(ctx, a.ID, Event{What: HapMailProved})
	}
	if err := p.remove(ctx, par, kindMail, former); err != nil {
		return err
	}
	p.post(a, former, lang.Text{FR: "Votre adresse a changé", EN: "Your address has changed"},
		lang.Text{FR: "L’adresse de votre espace vient d’être remplacée. Si ce n’était pas vous, ce lien la remet, pendant 7 jours :\n\n%s/retour/%s", EN: "The address of your space has just been replaced. If it was not you, this link puts it back, for 7 days:\n\n%s/retour/%s"}, p.o.Address, undo)
	return p.note(ctx, a.ID, Event{What: HapMail})
}
