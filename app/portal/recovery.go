package portal

import (
	"context"

	"paye/internal/lang"
	"paye/internal/server"
)

// recoveryRule is how often one source may ask for something by mail.
var recoveryRule = LockRule{Failures: 11, Window: resetPause, Delay: resetLasts}

// Forget sends a link for a new password when the identifier and the proved
// mail are those of one account (T9). The answer is always the same: what
// happens is in a mail, or nothing does.
func (p *Portal) Forget(ctx context.Context, identifier, address string) error {
	if !p.SendsMail() {
		return Codes.New(NoMail)
	}
	if err := p.throttle(ctx, recoveryRule, "forget", server.Source(ctx)); err != nil {
		return err
	}
	address, err := parseMail(address)
	if err != nil {
		return err
	}
	a, err := p.find(ctx, identifier)
	if err != nil {
		return err
	}
	now := p.clock()
	if a == nil || a.Mail == "" || a.Mail != address || now.Before(a.Paused) || a.may(now, AskReset) != nil {
		return p.nobody(ctx, HapResetAsked, 2) // as much is written for who is not known as for who is
	}
	var word string
	err = p.changeAccount(ctx, "portail", a.ID, func(a *Account) (err error) {
		if err := a.move(now, AskReset); err != nil {
			return err
		}
		word, a.Reset, err = p.newToken(a.ID, resetLasts, "")
		return err
	})
	if err != nil {
		return err
	}
	p.post(a, a.Mail, lang.Text{FR: "Choisir un nouveau mot de passe", EN: "Choose a new password"},
		lang.Text{FR: "Ouvrez ce lien dans les 30 minutes pour choisir un nouveau mot de passe :\n\n%s/passe/%s\n\nVous ne l’avez pas demandé ? Ne faites rien : le mot de passe actuel reste bon.", EN: "Open this link within 30 minutes to choose a new password:\n\n%s/passe/%s\n\nYou did not ask for it? Do nothing: the present password stays good."}, p.o.Address, word)
	return p.note(ctx, a.ID, Event{What: HapResetAsked})
}

// ResetLink reports whether a link for a new password can still be used.
func (p *Portal) ResetLink(ctx context.Context, word string) error {
	a, err := p.byToken(ctx, word)
	if err == nil && !a.Reset.good(p.clock(), word) {
		err = Codes.New(LinkDead)
	}
	return err
}

// Reset gives the account of a link a new password (T10). The lock of where it
// is asked from ends too; nobody is signed in by it. The caller ends the
// sessions of the account that it answers.
func (p *Portal) Reset(ctx context.Context, word, password, again string) (id string, err error) {
	a, err := p.byToken(ctx, word)
	if err != nil {
		return "", err
	}
	now := p.clock()
	if !a.Reset.good(now, word) {
		return "", Codes.New(LinkDead)
	}
	hash, err := p.newHash(ctx, a, password, again, false)
	if err != nil {
		return "", err
	}
	err = p.changeAccount(ctx, "compte "+a.ID, a.ID, func(a *Account) error {
		if !a.Reset.good(now, word) {
			return Codes.New(LinkDead)
		}
		if err := a.move(now, Reset); err != nil {
			return err
		}
		a.Hash, a.Reset, a.Reopened = hash, nil, false
		return nil
	})
	if err != nil {
		return "", err
	}
	if err := p.counter.forget(ctx, lockKey(a, "", server.Source(ctx))); err != nil {
		return "", err
	}
	p.tell(a, lang.Text{FR: "Mot de passe changé", EN: "Password changed"}, lang.Text{FR: "Le mot de passe de votre espace vient d’être changé par un lien.", EN: "The password of your space has just been changed by a link."})
	return a.ID, p.note(ctx, a.ID, Event{What: HapReset})
}

// ChangePassword changes the password of who is signed in and gave the present
// one (T13).
func (p *Portal) ChangePassword(ctx context.Context, id, present, password, again string, factor bool) error {
	if _, err := p.Authenticate(ctx, id, present); err != nil {
		return err
	}
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	hash, err := p.newHash(ctx, a, password, again, factor)
	if err != nil {
		return err
	}
	err = p.changeAccount(ctx, "compte "+id, id, func(a *Account) error {
		if err := a.move(p.clock(), ChangeWord); err != nil {
			return err
		}
		a.Hash, a.Reset = hash, nil
		return nil
	})
	if err != nil {
		return err
	}
	p.tell(a, lang.Text{FR: "Mot de passe changé", EN: "Password changed"}, lang.Text{FR: "Le mot de passe de votre espace vient d’être changé depuis votre profil.", EN: "The password of your space has just been changed from your profile."})
	return p.note(ctx, id, Event{What: HapWord})
}

// ChangeMail asks for another address, which counts once it is proved (T12):
// the former one is told then, and can take it back for seven days.
func (p *Portal) ChangeMail(ctx context.Context, id, address, again string) error {
	if !p.SendsMail() {
		return Codes.New(NoMail)
	}
	if err := p.throttle(ctx, LockRule{6, resetPause, resetLasts}, "mail", id); err != nil {
		return err
	}
	address, err := twice(address, again)
	if err != nil {
		return err
	}
	if address == "" {
		return Codes.New(MailWrong)
	}
	var word string
	err = p.changeAccount(ctx, "compte "+id, id, func(a *Account) (err error) {
		if err := a.move(p.clock(), ChangeMail); err != nil {
			return err
		}
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
	if err := p.askProof(ctx, a, address, word); err != nil {
		return err
	}
	return p.note(ctx, id, Event{What: HapMailAsked, Note: hint(address)})
}

// UndoLink reports whether the link of a former address can still be used.
func (p *Portal) UndoLink(ctx context.Context, word string) error {
	a, err := p.byToken(ctx, word)
	if err == nil && !a.Undo.good(p.clock(), word) {
		err = Codes.New(LinkDead)
	}
	return err
}

// UndoMail puts the former address back. Somebody else was in: the account is
// suspended and every session ends (T15); two persons of the office lift it.
func (p *Portal) UndoMail(ctx context.Context, word string) (id string, err error) {
	a, err := p.byToken(ctx, word)
	if err != nil {
		return "", err
	}
	now := p.clock()
	if !a.Undo.good(now, word) {
		return "", Codes.New(LinkDead)
	}
	newer, former := a.Mail, a.Undo.Mail
	err = change(ctx, p, "portail", kindMail, former, "", func(l *lead, _ bool) error {
		if len(l.Accounts) > 0 && l.Accounts[0] != a.ID {
			return Codes.New(LinkDead)
		}
		l.Accounts = []string{a.ID}
		return nil
	})
	if err != nil {
		return "", err
	}
	err = p.changeAccount(ctx, "portail", a.ID, func(a *Account) error {
		if !a.Undo.good(now, word) {
			return Codes.New(LinkDead)
		}
		if err := a.move(now, Suspend); err != nil {
			return err
		}
		a.Mail, a.Undo, a.Pending, a.Reset = former, nil, nil, nil
		a.Suspended = &Suspension{Since: now}
		return nil
	})
	if err != nil {
		return "", err
	}
	if err := p.remove(ctx, "portail", kindMail, newer); err != nil {
		return "", err
	}
	if err := p.askAll(ctx, AskRelease, a); err != nil {
		return "", err
	}
	return a.ID, p.note(ctx, a.ID, Event{What: HapMailUndone})
}

// Lost is the form of « Identifiant perdu ».
type Lost struct {
	Nom, Prenom     string
	Commune, Month  string // asked for as the guide does; nothing is opened by them
	Mobile          string
	Mail, MailAgain string // empty where no mail is sent
	Private         string // six digits of the letter
	Policy          bool
}

// LoseNumber takes the form (T11): the same answer always, and no account is
// changed by it. A proved mail is told its identifier; anybody else becomes a
// request at the desk of his employer, whose answer is a letter.
func (p *Portal) LoseNumber(ctx context.Context, f Lost) error {
	if !f.Policy {
		return Codes.New(PolicyAsked)
	}
	address, err := twice(f.Mail, f.MailAgain)
	if err != nil {
		return err
	}
	if address == "" && p.SendsMail() {
		return Codes.New(MailWrong)
	}
	if err := p.throttle(ctx, recoveryRule, "lost", server.Source(ctx)); err != nil {
		return err
	}
	key := fold(f.Nom) + "/" + fold(f.Prenom)
	if err := p.throttle(ctx, LockRule{4, resetPause, resetPause}, "lost", key); err != nil {
		return nil // the answer does not tell that the name is known
	}
	list, _, err := p.named(ctx, f.Nom, f.Prenom)
	if err != nil {
		return err
	}
	found := false
	for _, id := range list {
		a, err := p.follow(ctx, id)
		if err != nil {
			return err
		}
		if a == nil || a.State == Closed {
			continue
		}
		found = true
		if err := p.lost(ctx, a, f, address); err != nil {
			return err
		}
	}
	if !found {
		return p.nobody(ctx, HapLost, 2)
	}
	return nil
}

// lost does what one account that has the name of the form allows.
func (p *Portal) lost(ctx context.Context, a *Account, f Lost, address string) error {
	if err := p.note(ctx, a.ID, Event{What: HapLost}); err != nil {
		return err
	}
	private := len(a.Private) > 0 && same(a.Private, a.ID+cleanSecret(f.Private))
	switch {
	case !p.SendsMail(): // a letter is the only answer
	case a.Mail == address:
		p.post(a, a.Mail, lang.Text{FR: "Votre identifiant", EN: "Your identifier"},
			lang.Text{FR: "Votre identifiant : %s. L’adresse à laquelle ce message arrive en est un aussi.", EN: "Your identifier: %s. The address that this message came to is one too."}, ShowNumber(a.Number))
		return p.nobody(ctx, HapLost, 1)
	case p.o.ImmediateRecovery && private:
		return p.recoverAtOnce(ctx, a, address)
	}
	return p.askAll(ctx, AskNumber, a)
}

// recoverAtOnce is the behaviour of the guide, for who turned it on: the typed
// address gets a new identifier and a secret.
func (p *Portal) recoverAtOnce(ctx context.Context, a *Account, address string) error {
	var l *Letter
	e, err := p.o.Coffre.Registre().Employeur(ctx, a.Member[0].Siret)
	if err != nil || e == nil {
		return err
	}
	if l, err = p.renumber(ctx, "portail", a.ID, e); err != nil {
		return err
	}
	p.tell(a, lang.Text{FR: "Nouvel identifiant", EN: "New identifier"}, lang.Text{FR: "Un nouvel identifiant vient d’être envoyé à une adresse qui n’est pas celle-ci.", EN: "A new identifier has just been sent to an address that is not this one."})
	p.post(a, address, lang.Text{FR: "Votre nouvel identifiant", EN: "Your new identifier"},
		lang.Text{FR: "Identifiant : %s\nMot de passe provisoire : %s", EN: "Identifier: %s\nProvisional password: %s"}, ShowNumber(l.Number), l.Secret)
	return nil
}
