package portal

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"paye/internal/lang"
	"paye/internal/server"
)

// find gives the account that an identifier names: twelve digits, a proved
// mail, or the account's own name for who is signed in. nil when there is none.
func (p *Portal) find(ctx context.Context, identifier string) (*Account, error) {
	identifier = strings.TrimSpace(identifier)
	if isID(identifier) {
		return p.follow(ctx, identifier)
	}
	kind, key := kindMail, strings.ToLower(identifier)
	if number, ok := ParseNumber(identifier); ok {
		kind, key = kindNumber, number
	}
	if key == "" || len(key) > 254 {
		return nil, nil
	}
	var l lead
	if _, err := p.read(ctx, kind, key, &l); err != nil || len(l.Accounts) == 0 {
		return nil, err
	}
	return p.follow(ctx, l.Accounts[0])
}

// follow goes from an alias to the account that absorbed it.
func (p *Portal) follow(ctx context.Context, id string) (*Account, error) {
	for range 8 {
		a, err := p.Account(ctx, id)
		if err != nil || a == nil || a.State != Merged {
			return a, err
		}
		id = a.Alias
	}
	return nil, nil
}

// lockKey is what failures are counted by: an account, or what was typed when
// there is none, and where the request comes from. A colleague who fails on
// purpose locks himself out and nobody else.
func lockKey(a *Account, identifier, source string) string {
	if a != nil {
		return countKey("lock", a.ID, source)
	}
	return countKey("lock", strings.ToLower(strings.TrimSpace(identifier)), source)
}

// Authenticate answers the account of who gives this identifier and this
// password, or the secret of his letter (T3, T6). What does not exist answers
// as what is wrong does, after as much work.
func (p *Portal) Authenticate(ctx context.Context, identifier, password string) (login string, err error) {
	if utf8.RuneCountInString(password) > maxWord {
		password = ""
	}
	a, err := p.find(ctx, identifier)
	if err != nil {
		return "", err
	}
	key := lockKey(a, identifier, server.Source(ctx))
	until, err := p.counter.blocked(ctx, key)
	if err != nil {
		return "", err
	}
	right, secret, err := p.proves(ctx, a, password)
	if err != nil {
		return "", err
	}
	if !until.IsZero() { // further failures do not extend it, and success does not end it
		return "", Codes.New(LockedOut, minutes(until.Sub(p.clock())))
	}
	if !right {
		return "", p.failed(ctx, a, key)
	}
	if err := p.counter.forget(ctx, key); err != nil {
		return "", err
	}
	return a.ID, p.entered(ctx, a, identifier, secret)
}

// proves compares a password with an account's, or with one that nobody has;
// secret says that it is the one of a letter.
func (p *Portal) proves(ctx context.Context, a *Account, password string) (right, secret bool, err error) {
	hash := p.decoy
	if a != nil && a.Hash != "" {
		hash = a.Hash
	}
	right, err = p.hash.Verify(ctx, hash, password)
	if err != nil || a == nil {
		return false, false, err
	}
	now := p.clock()
	if a.Secret != nil && now.Before(a.Secret.Until) && same(a.Secret.Digest, cleanSecret(password)) {
		return a.State == Invited || a.State == Entered || a.State == Active && (a.Former != "" || a.Hash == ""), true, nil
	}
	if a.Hash == "" {
		return false, false, nil
	}
	_, may := Next(a.At(now, false), SignIn)
	if a.Ended { // to take everything away
		_, may = Next(a.State, TakeAway)
	}
	return right && may, false, nil
}

// failed counts a failure (T7).
func (p *Portal) failed(ctx context.Context, a *Account, key string) error {
	until, err := p.counter.add(ctx, key, p.o.Rule)
	if err != nil {
		return err
	}
	locked := !until.IsZero()
	if a != nil {
		what := HapFailed
		if locked {
			what = HapLocked
			p.tell(a, lang.Text{FR: "Connexion bloquée", EN: "Signing in is blocked"},
				lang.Text{FR: "Trois mots de passe faux de suite : la connexion à votre espace est bloquée depuis cet endroit pour %d minute{s}.", EN: "Three wrong passwords in a row: signing in to your space is blocked from that place for %d minute{s}."}, minutes(p.o.Rule.Delay))
		}
		if err := p.note(ctx, a.ID, Event{What: what}); err != nil {
			return err
		}
	} else if err := p.nobody(ctx, HapFailed, 1); err != nil {
		return err
	}
	if locked {
		return Codes.New(LockedOut, minutes(until.Sub(p.clock())))
	}
	return Codes.New(Refused)
}

// entered writes what a sign-in changes: a letter's secret opens the first
// visit, a former number dies with its password (T14), a link for a new password
// that nobody needs any more too.
func (p *Portal) entered(ctx context.Context, a *Account, identifier string, secret bool) error {
	now := p.clock()
	number, typed := ParseNumber(identifier)
	first := a.State == Invited
	renewed := a.Former != "" && (secret || typed && number == a.Number)
	if first || renewed || a.Reset != nil {
		former := a.Former
		err := p.changeAccount(ctx, "compte "+a.ID, a.ID, func(a *Account) error {
			if a.State == Invited {
				if err := a.move(now, Enter); err != nil {
					return err
				}
			}
			a.Reset = nil
			if renewed {
				a.Former, a.Hash = "", ""
			}
			return nil
		})
		if err != nil {
			return err
		}
		if renewed {
			if err := p.remove(ctx, "compte "+a.ID, kindNumber, former); err != nil {
				return err
			}
		}
	}
	what := HapSignedIn
	switch {
	case first:
		what = HapEntered
	case renewed:
		what = HapRenewed
	}
	return p.note(ctx, a.ID, Event{What: what})
}

// Open reports whether an account may be signed in.
func (p *Portal) Open(ctx context.Context, id string) (bool, error) {
	a, err := p.Account(ctx, id)
	if err != nil || a == nil {
		return false, err
	}
	switch a.State {
	case Closed:
		return a.Ended, nil
	case Entered, Unverified, Active:
		return a.Hash != "" || a.Secret != nil, nil // else it waits for a password by a link
	}
	return false, nil
}

// maxDevices bounds the devices that are known again.
const maxDevices = 20

// Seen notes the device of a session; a new one is told to the owner.
func (p *Portal) Seen(ctx context.Context, a *Account, device string) error {
	for _, d := range a.Devices {
		if d == device {
			return nil
		}
	}
	first := len(a.Devices) == 0
	err := p.changeAccount(ctx, "compte "+a.ID, a.ID, func(a *Account) error {
		a.Devices = append(a.Devices, device)
		if len(a.Devices) > maxDevices {
			a.Devices = a.Devices[len(a.Devices)-maxDevices:]
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !first {
		p.tell(a, lang.Text{FR: "Nouvel appareil", EN: "New device"},
			lang.Text{FR: "Votre espace vient d’être ouvert depuis un appareil nouveau : %s.", EN: "Your space has just been opened from a new device: %s."}, device)
	}
	return p.note(ctx, a.ID, Event{What: HapNewDevice, Note: device})
}

// resetLasts and the others are for how long links are good.
const (
	resetLasts  = 30 * time.Minute
	verifyLasts = 24 * time.Hour
	undoLasts   = 7 * 24 * time.Hour
	resetPause  = 24 * time.Hour
)
