package ui

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"paye/internal/anomalie"
	"paye/internal/server"
)

func (c *client) readUserinfo(ctx context.Context, d *discovered, kind string, body []byte, to *map[string]any) error {
	if kind != "application/jwt" {
		if c.ProConnect {
			return fmt.Errorf("it is %q and not a token", kind)
		}
		return json.Unmarshal(body, to)
	}
	token, err := d.userinfo.Verify(ctx, string(body))
	if err != nil {
		return err
	}
	if !c.ownIssuer(token.Issuer) {
		return errors.New("another issuer")
	}
	return token.Claims(to)
}

// oidcState is what is remembered while the user is at the provider.
type oidcState struct {
	provider, state, nonce, verifier, redirect, back string
	relink                                           string // login that links its account, else empty
}

// beginProvider sends the browser to the provider.
func (s *Site) beginProvider(c *Call) error {
	p := s.oidc[c.Path("id")]
	if p == nil {
		return ErrNotFound
	}
	d, err := p.discover(c.Context())
	if err != nil {
		return errors.Join(Codes.New(ProviderSilent, p.Name), err)
	}
	// One word of the generator is 26 characters; ProConnect wants 32.
	st := oidcState{provider: p.ID, state: rand.Text() + rand.Text(), nonce: rand.Text() + rand.Text(),
		redirect: c.origin() + s.o.Door + "/oidc/" + p.ID + "/retour", back: c.returnTo()}
	if c.Session != nil {
		st.relink = c.Session.Login
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(st.nonce)}
	if p.ProConnect {
		options = append(options, oauth2.SetAuthURLParam("claims", `{"id_token":{"amr":{"essential":true}}}`))
	} else {
		st.verifier = oauth2.GenerateVerifier()
		options = append(options, oauth2.S256ChallengeOption(st.verifier))
	}
	if c.Session != nil {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	if p.FormPost {
		options = append(options, oauth2.SetAuthURLParam("response_mode", "form_post"))
	}
	word := c.startCeremony("oidc", "", st)
	if p.FormPost { // the answer is a form of another site: no Lax cookie comes with it
		k := cookie(ceremonyCookie, word)
		k.SameSite = http.SameSiteNoneMode
		c.W.Header().Del("Set-Cookie")
		http.SetCookie(c.W, k)
	}
	http.Redirect(c.W, c.R, p.config(d, st.redirect).AuthCodeURL(st.state, options...), http.StatusSeeOther)
	return nil
}

// endProvider takes the provider's answer and signs in the account it is
// linked to.
func (s *Site) endProvider(c *Call) error {
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, formBytes)
	p := s.oidc[c.Path("id")]
	data, ok := c.endCeremony("oidc", "")
	if p == nil || !ok {
		return Codes.New(SignInStale)
	}
	st := data.(oidcState)
	if st.provider != p.ID || c.R.FormValue("state") != st.state {
		return Codes.New(SignInStale)
	}
	code := c.R.FormValue("code")
	if code == "" {
		return Codes.New(ProviderRefused, p.Name)
	}
	who, err := p.exchange(c.Context(), st.redirect, code, st.verifier, st.nonce)
	if errors.Is(err, errIdentity) {
		s.o.Log.WarnContext(c.Context(), "sign-in at a provider was refused", "requete", server.Request(c.Context()), "provider", p.ID)
		return Codes.New(ProviderRefused, p.Name)
	}
	if err != nil {
		return errors.Join(Codes.New(ProviderSilent, p.Name), err)
	}
	login, err := s.linked(c.Context(), p, who, st.relink)
	if err != nil {
		return err
	}
	if open, err := s.open(c, login); err != nil || !open {
		return errors.Join(err, refusal(err, Codes.New(AccountUnknown, p.Name)))
	}
	n := Session{Login: login, Means: "oidc:" + p.ID, step: stepFull, sealed: s.sealer.seal("id_token", []byte(who.raw))}
	if err := s.begin(c, n); err != nil {
		return err
	}
	return c.Redirect(c.afterDoorTo(login, st.back))
}

// refusal is a, unless the machine failed.
func refusal(err error, a *anomalie.Anomalie) error {
	if err != nil {
		return nil
	}
	return a
}

// linked gives the login of an identity: the one that is linked to it, the one
// that is signed in and links it now, or the one whose professional address an
// administrator wrote and the provider vouches for.
func (s *Site) linked(ctx context.Context, p *client, who identity, relink string) (string, error) {
	key := who.issuer + "\x00" + who.subject
	login, err := s.ownerOf(ctx, "link", key)
	if err != nil {
		return "", err
	}
	if login != "" {
		if relink != "" && relink != login {
			return "", Codes.New(IdentityTaken, p.Name)
		}
		return login, nil
	}
	if login = relink; login == "" && who.mail != "" {
		if login, err = s.ownerOf(ctx, "mail", who.mail); err != nil {
			return "", err
		}
	}
	if login == "" {
		return "", Codes.New(AccountUnknown, p.Name)
	}
	if err := s.setOwner(ctx, "link", key, login); err != nil {
		return "", err
	}
	return login, s.ChangeProfile(ctx, login, func(profile *Profile) error {
		profile.Links = append(profile.Links, IdentityLink{Provider: p.ID, Issuer: who.issuer, Subject: who.subject, Made: s.now()})
		return nil
	})
}

// providerExit is where a session that began at a provider ends there too;
// empty when it did not, or the provider has no such address.
func (s *Site) providerExit(c *Call, n *Session) string {
	if len(n.Means) < 6 || n.Means[:5] != "oidc:" {
		return ""
	}
	p := s.oidc[n.Means[5:]]
	if p == nil {
		return ""
	}
	d, err := p.discover(c.Context())
	raw, openErr := s.sealer.open("id_token", n.sealed)
	if err != nil || openErr != nil || d.end == "" {
		return ""
	}
	return d.end + "?" + url.Values{"id_token_hint": {string(raw)}, "state": {rand.Text() + rand.Text()},
		"post_logout_redirect_uri": {c.origin() + s.o.Door + "/sorti"}}.Encode()
}
