package ui

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// maxPasskeys is how many an account has at most.
const maxPasskeys = 10

// origin is the address that the browser shows, scheme and host. Without a
// configured one it is what was asked for, which [Site.knownHost] let through.
func (c *Call) origin() string {
	if c.Site.o.Origin != "" {
		return c.Site.o.Origin
	}
	scheme := "http"
	if c.R.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.R.Host
}

// Origin is the address that the browser shows, for links that people copy.
func (c *Call) Origin() string { return c.origin() }

// authenticator is the relying party of this call; nil when the address is not
// a name: passkeys belong to names.
func (c *Call) authenticator() (*webauthn.WebAuthn, error) {
	origin, err := url.Parse(c.origin())
	if err != nil {
		return nil, fmt.Errorf("read the address of the site: %w", err)
	}
	host := origin.Hostname()
	if net.ParseIP(host) != nil {
		return nil, nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: c.Site.o.Title.In(c.Lang), RPOrigins: []string{c.origin()},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare passkeys for %s: %w", host, err)
	}
	return w, nil
}

// holder is an account as authenticators know it.
type holder struct {
	login string
	p     *Profile
}

func (h holder) WebAuthnID() []byte          { return h.p.Handle }
func (h holder) WebAuthnName() string        { return h.login }
func (h holder) WebAuthnDisplayName() string { return h.login }
func (h holder) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(h.p.Passkeys))
	for i := range h.p.Passkeys {
		list[i] = h.p.Passkeys[i].Credential
	}
	return list
}

// beginPasskey answers the script with what an authenticator needs to make a
// credential for who is signed in.
func (s *Site) beginPasskey(c *Call) error {
	if recent, err := c.Recent(); !recent {
		return err
	}
	w, err := c.authenticator()
	if err != nil || w == nil {
		return errors.Join(err, c.JSON(http.StatusNotFound, nil))
	}
	var profile Profile
	err = s.ChangeProfile(c.Context(), c.Session.Login, func(p *Profile) error {
		if p.Handle == nil {
			p.Handle = make([]byte, 32)
			rand.Read(p.Handle)
		}
		profile = *p
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.setOwner(c.Context(), "handle", string(profile.Handle), c.Session.Login); err != nil {
		return err
	}
	var known []protocol.CredentialDescriptor
	for i := range profile.Passkeys {
		known = append(known, profile.Passkeys[i].Credential.Descriptor())
	}
	options, data, err := w.BeginRegistration(holder{c.Session.Login, &profile}, webauthn.WithExclusions(known))
	if err != nil {
		return fmt.Errorf("begin to register a passkey: %w", err)
	}
	c.startCeremony("passkey", c.Session.Login, *data)
	return c.JSON(http.StatusOK, options)
}

// finishPasskey stores the credential that was made.
func (s *Site) finishPasskey(c *Call) error {
	data, ok := c.endCeremony("passkey", c.Session.Login)
	w, err := c.authenticator()
	if err != nil {
		return err
	}
	if !ok || w == nil {
		return c.JSON(http.StatusConflict, nil)
	}
	profile, err := s.Profile(c.Context(), c.Session.Login)
	if err != nil {
		return err
	}
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, formBytes)
	credential, err := w.FinishRegistration(holder{c.Session.Login, &profile}, data.(webauthn.SessionData), c.R)
	if err != nil {
		return c.JSON(http.StatusUnprocessableEntity, nil)
	}
	err = s.ChangeProfile(c.Context(), c.Session.Login, func(p *Profile) error {
		if len(p.Passkeys) >= maxPasskeys {
			return ErrNotFound
		}
		p.Passkeys = append(p.Passkeys, Passkey{Name: c.passkeyName(len(p.Passkeys) + 1), Made: s.now(), Credential: *credential})
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"suite": s.o.Door + "/compte?fait=cle"})
}

// passkeyName names a new credential after where it was made.
func (c *Call) passkeyName(n int) string {
	name := device(c.R.UserAgent())
	if name == "" {
		name = c.T("clé %d", "key %d", n)
	}
	return name
}

// beginPasskeyLogin answers the script with a challenge for any passkey.
func (s *Site) beginPasskeyLogin(c *Call) error {
	w, err := c.authenticator()
	if err != nil || w == nil {
		return errors.Join(err, c.JSON(http.StatusNotFound, nil))
	}
	options, data, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return fmt.Errorf("begin a sign-in by passkey: %w", err)
	}
	c.startCeremony("passkey-login", "", *data)
	return c.JSON(http.StatusOK, options)
}

// finishPasskeyLogin signs in who holds the passkey. One factor is enough: the
// authenticator verified its holder.
func (s *Site) finishPasskeyLogin(c *Call) error {
	data, ok := c.endCeremony("passkey-login", "")
	w, err := c.authenticator()
	if err != nil {
		return err
	}
	if !ok || w == nil {
		return c.JSON(http.StatusConflict, nil)
	}
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, formBytes)
	var login string
	var profile Profile
	find := func(_, handle []byte) (webauthn.User, error) {
		var err error
		if login, err = s.ownerOf(c.Context(), "handle", string(handle)); err != nil || login == "" {
			return nil, errors.Join(err, ErrNotFound)
		}
		profile, err = s.Profile(c.Context(), login)
		return holder{login, &profile}, err
	}
	_, credential, err := w.FinishPasskeyLogin(find, data.(webauthn.SessionData), c.R)
	if err != nil {
		return c.JSON(http.StatusUnprocessableEntity, nil)
	}
	if err := s.notePasskey(c, login, credential); err != nil {
		return err
	}
	if open, err := s.open(c, login); err != nil || !open {
		return errors.Join(err, c.JSON(http.StatusUnprocessableEntity, nil))
	}
	if c.Session != nil && c.Session.Login == login { // who is signed in proves again who he is
		if err := s.sessions.prove(c.Context(), c.Session); err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]string{"suite": c.afterDoor(login)})
	}
	if err := s.begin(c, Session{Login: login, Means: "passkey", step: stepFull}); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"suite": c.afterDoor(login)})
}

// notePasskey keeps what the authenticator said of the credential: its flags
// have to come back with the next sign-in. A counter that does not rise is not
// refused, since passkeys that several devices share never count; it is logged.
func (s *Site) notePasskey(c *Call, login string, used *webauthn.Credential) error {
	if used.Authenticator.CloneWarning {
		s.o.Log.Warn("the counter of a passkey did not rise", "site", s.o.Name)
	}
	return s.ChangeProfile(c.Context(), login, func(p *Profile) error {
		i := slices.IndexFunc(p.Passkeys, func(k Passkey) bool { return slices.Equal(k.Credential.ID, used.ID) })
		if i < 0 {
			return ErrNotFound // removed meanwhile
		}
		p.Passkeys[i].Credential, p.Passkeys[i].Used = *used, s.now()
		return nil
	})
}

// JSON answers a script.
func (c *Call) JSON(status int, v any) error {
	c.W.Header().Set("Content-Type", "application/json")
	c.W.WriteHeader(status)
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("answer the script: %w", err)
	}
	c.W.Write(b) // who went away needs no answer
	return nil
}
