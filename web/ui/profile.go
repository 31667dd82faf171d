package ui

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
)

// Profile is what a Site keeps of an account: how else than by its password it
// signs in, and its language.
type Profile struct {
	Lang string `json:"lang,omitempty"`
	// Mail is the professional address by which a provider's account may be
	// linked the first time; an administrator wrote it.
	Mail string `json:"mail,omitempty"`

	Secret   string   `json:"secret,omitempty"` // of TOTP, base32; empty when codes are not asked for
	LastStep int64    `json:"last_step,omitempty"`
	Recovery [][]byte `json:"recovery,omitempty"` // digests of codes that are left
	Failures []int64  `json:"failures,omitempty"` // seconds since 1970 of codes that were wrong

	Handle   []byte         `json:"handle,omitempty"` // what authenticators know the account by
	Passkeys []Passkey      `json:"passkeys,omitempty"`
	Links    []IdentityLink `json:"links,omitempty"`
}

// Passkey is a credential of the account, with all that has to come back.
type Passkey struct {
	Name       string              `json:"name"`
	Made       time.Time           `json:"made"`
	Used       time.Time           `json:"used,omitzero"`
	Credential webauthn.Credential `json:"credential"`
}

// IdentityLink is an account at a provider that this one signs in with.
type IdentityLink struct {
	Provider string    `json:"provider"`
	Issuer   string    `json:"issuer"`
	Subject  string    `json:"subject"`
	Made     time.Time `json:"made"`
}

// Kinds of records in the Store.
const (
	kindProfile = "web.profil"
	kindIndex   = "web.index"
)

// Profile reads the profile of a login; the zero Profile when there is none.
func (s *Site) Profile(ctx context.Context, login string) (Profile, error) {
	p, _, err := s.readProfile(ctx, login)
	return p, err
}

func (s *Site) readProfile(ctx context.Context, login string) (p Profile, version int64, err error) {
	b, version, err := s.o.Store.Get(ctx, kindProfile, s.o.Name+"/"+login)
	if err != nil {
		return p, 0, fmt.Errorf("read a profile: %w", err)
	}
	if b == nil {
		return p, version, nil
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return p, 0, fmt.Errorf("read a profile: %w", err)
	}
	return p, version, nil
}

// ChangeProfile reads, changes and writes a profile, again when another wrote
// it in between. An error of change is returned and nothing is written.
func (s *Site) ChangeProfile(ctx context.Context, login string, change func(*Profile) error) error {
	for range 20 {
		p, version, err := s.readProfile(ctx, login)
		if err != nil {
			return err
		}
		if err := change(&p); err != nil {
			return err
		}
		b, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
		if err = s.o.Store.Put(ctx, kindProfile, s.o.Name+"/"+login, b, version); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("write a profile: %w", ErrConflict)
}

// index is the key under which the owner of something is found.
func (s *Site) index(what, value string) string {
	return s.o.Name + "/" + what + "/" + hex.EncodeToString(digest(value))
}

// ownerOf gives the login that an index leads to, empty when there is none.
func (s *Site) ownerOf(ctx context.Context, what, value string) (string, error) {
	b, _, err := s.o.Store.Get(ctx, kindIndex, s.index(what, value))
	if err != nil {
		return "", fmt.Errorf("look up an account: %w", err)
	}
	var login string
	if b != nil {
		err = json.Unmarshal(b, &login)
	}
	return login, err
}

// setOwner makes an index lead to a login, to none when it is empty. One that
// leads to another login is left and is ErrConflict.
func (s *Site) setOwner(ctx context.Context, what, value, login string) error {
	key := s.index(what, value)
	b, version, err := s.o.Store.Get(ctx, kindIndex, key)
	if err != nil {
		return fmt.Errorf("look up an account: %w", err)
	}
	var old string
	if b != nil {
		if err := json.Unmarshal(b, &old); err != nil {
			return fmt.Errorf("look up an account: %w", err)
		}
	}
	if old == login {
		return nil
	}
	if login == "" {
		return s.o.Store.Put(ctx, kindIndex, key, nil, version)
	}
	if old != "" {
		return ErrConflict
	}
	if b, err = json.Marshal(login); err != nil {
		return fmt.Errorf("note an account: %w", err)
	}
	return s.o.Store.Put(ctx, kindIndex, key, b, version)
}

// SetMail sets the professional address of an account, which links it to a
// provider's account that proves the same one.
func (s *Site) SetMail(ctx context.Context, login, mail string) error {
	old, err := s.Profile(ctx, login)
	if err != nil {
		return err
	}
	if mail != "" {
		if err := s.setOwner(ctx, "mail", normalMail(mail), login); err != nil {
			return err
		}
	}
	if before := normalMail(old.Mail); before != "" && before != normalMail(mail) {
		if err := s.setOwner(ctx, "mail", before, ""); err != nil {
			return err
		}
	}
	return s.ChangeProfile(ctx, login, func(p *Profile) error { p.Mail = mail; return nil })
}

// factor reports whether the account asks for more than a password.
func (p *Profile) factor() bool { return p.Secret != "" || len(p.Passkeys) > 0 }
