package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// Provider is an OpenID provider that people may sign in at.
type Provider struct {
	ID       string // of its addresses: "proconnect"
	Name     string // on the button
	Issuer   string
	ClientID string
	Secret   string
	Scopes   []string // after openid; "email", "profile" when empty
	Alg      string   // that its tokens are signed with: RS256 when empty, ES256, HS256
	// ProConnect is the profile of a provider that refuses any parameter it
	// does not list (no PKCE, no max_age), wants the secret in the body, and
	// answers userinfo as a signed token.
	ProConnect bool
	// FormPost asks for the answer as a form, as AD FS wants it.
	FormPost bool
	// MailClaim holds the professional address; "email" when empty. MailTrusted
	// says that the provider vouches for it without email_verified.
	MailClaim   string
	MailTrusted bool
	// Issuers are further values of iss that its metadata names, such as the
	// access_token_issuer of AD FS.
	Issuers []string
}

// ProConnectScopes are what a service asks ProConnect for.
var ProConnectScopes = []string{"given_name", "usual_name", "email", "uid", "siret"}

func (p Provider) withDefaults() Provider {
	if p.Alg == "" {
		p.Alg = "RS256"
	}
	if p.MailClaim == "" {
		p.MailClaim = "email"
	}
	if p.ProConnect {
		p.MailTrusted = true
		if p.Scopes == nil {
			p.Scopes = ProConnectScopes
		}
	}
	if p.Scopes == nil {
		p.Scopes = []string{"email", "profile"}
	}
	return p
}

// client speaks to a provider. What the provider says of itself is asked when
// somebody signs in, so that the server starts without it.
type client struct {
	Provider
	now  func() time.Time
	http *http.Client

	mu    sync.Mutex
	known *discovered
}

type discovered struct {
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	userinfo *oidc.IDTokenVerifier
	end      string // where signing out goes on
	infoURL  string
}

// providerTime is how long a provider may take to answer.
const providerTime = 15 * time.Second

// tokenLeeway is how far its clock may be behind ours.
const tokenLeeway = 60 * time.Second

func (s *Site) newClients() (map[string]*client, error) {
	list := map[string]*client{}
	for _, p := range s.o.Providers {
		p = p.withDefaults()
		if p.ID == "" || p.Issuer == "" || p.ClientID == "" || list[p.ID] != nil {
			return nil, fmt.Errorf("provider %q: its name, issuer or client is missing, or the name is taken", p.ID)
		}
		list[p.ID] = &client{Provider: p, now: s.now, http: &http.Client{Timeout: providerTime}}
	}
	return list, nil
}

// discover reads the provider's metadata, once.
func (c *client) discover(ctx context.Context) (*discovered, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known != nil {
		return c.known, nil
	}
	// Its keys are asked again later: they outlive this request.
	ctx = oidc.ClientContext(context.WithoutCancel(ctx), c.http)
	p, err := oidc.NewProvider(ctx, c.Issuer)
	if err != nil {
		return nil, fmt.Errorf("read the metadata of %s: %w", c.ID, err)
	}
	var more struct {
		End  string `json:"end_session_endpoint"`
		Info string `json:"userinfo_endpoint"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, fmt.Errorf("read the metadata of %s: %w", c.ID, err)
	}
	d := &discovered{provider: p, end: more.End, infoURL: more.Info}
	config := oidc.Config{ClientID: c.ClientID, SupportedSigningAlgs: []string{c.Alg}, SkipIssuerCheck: len(c.Issuers) > 0,
		Now: func() time.Time { return c.now().Add(-tokenLeeway) }}
	info := config
	info.SkipExpiryCheck = true
	if c.Alg == "HS256" {
		keys := sharedKey(c.Secret)
		d.verifier, d.userinfo = oidc.NewVerifier(c.Issuer, keys, &config), oidc.NewVerifier(c.Issuer, keys, &info)
	} else {
		d.verifier, d.userinfo = p.VerifierContext(ctx, &config), p.VerifierContext(ctx, &info)
	}
	c.known = d
	return d, nil
}

// sharedKey verifies tokens signed with the client's secret.
type sharedKey string

// VerifySignature implements oidc.KeySet.
func (k sharedKey) VerifySignature(_ context.Context, token string) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil {
		return nil, err
	}
	return signed.Verify([]byte(k))
}

func (c *client) config(d *discovered, redirect string) *oauth2.Config {
	endpoint := d.provider.Endpoint()
	// Left to find out by itself the library sends a code twice, and a code is
	// good once.
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if c.ProConnect {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{ClientID: c.ClientID, ClientSecret: c.Secret, Endpoint: endpoint, RedirectURL: redirect, Scopes: append([]string{oidc.ScopeOpenID}, c.Scopes...)}
}

// identity is who a provider says signed in.
type identity struct {
	issuer, subject, mail string
	raw                   string // the ID token, for signing out
}

// errIdentity is that the provider's answer does not hold.
var errIdentity = errors.New("the provider's answer is refused")

// exchange turns a code into an identity.
func (c *client) exchange(ctx context.Context, redirect, code, verifier, nonce string) (identity, error) {
	d, err := c.discover(ctx)
	if err != nil {
		return identity{}, err
	}
	ctx = oidc.ClientContext(ctx, c.http)
	var options []oauth2.AuthCodeOption
	if verifier != "" {
		options = append(options, oauth2.VerifierOption(verifier))
	}
	token, err := c.config(d, redirect).Exchange(ctx, code, options...)
	if err != nil {
		return identity{}, fmt.Errorf("%w: code: %w", errIdentity, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		return identity{}, fmt.Errorf("%w: ID token: %w", errIdentity, err)
	}
	if id.Nonce != nonce || !c.ownIssuer(id.Issuer) {
		return identity{}, fmt.Errorf("%w: nonce or issuer", errIdentity)
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return identity{}, fmt.Errorf("%w: %w", errIdentity, err)
		}
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return identity{}, fmt.Errorf("%w: claims: %w", errIdentity, err)
	}
	if err := c.userinfo(ctx, d, token.AccessToken, id.Subject, claims); err != nil {
		return identity{}, err
	}
	return identity{issuer: id.Issuer, subject: id.Subject, mail: c.mail(claims), raw: raw}, nil
}

func (c *client) ownIssuer(issuer string) bool {
	return issuer == c.Issuer || slices.Contains(c.Issuers, issuer)
}

// mail is the professional address, empty when nobody vouches for it.
func (c *client) mail(claims map[string]any) string {
	mail, _ := claims[c.MailClaim].(string)
	verified, _ := claims["email_verified"].(bool)
	if !c.MailTrusted && !verified {
		return ""
	}
	return normalMail(mail)
}

func normalMail(mail string) string { return strings.ToLower(strings.TrimSpace(mail)) }

// userinfo adds what the provider tells beside the ID token: as JSON, or as a
// token of its own.
func (c *client) userinfo(ctx context.Context, d *discovered, access, subject string, claims map[string]any) error {
	if d.infoURL == "" {
		return nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.infoURL, nil)
	if err != nil {
		return fmt.Errorf("ask %s who signed in: %w", c.ID, err)
	}
	r.Header.Set("Authorization", "Bearer "+access)
	resp, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask %s who signed in: %w", c.ID, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: userinfo: status %d: %w", errIdentity, resp.StatusCode, err)
	}
	more := map[string]any{}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err := c.readUserinfo(ctx, d, kind, body, &more); err != nil {
		return fmt.Errorf("%w: userinfo: %w", errIdentity, err)
	}
	if more["sub"] != subject {
		return fmt.Errorf("%w: userinfo is about another", errIdentity)
	}
	for k, v := range more {
		claims[k] = v
	}
	return nil
}

// ReadProviders reads a list of providers as a JSON file holds it. Unknown keys
// are refused: a setting that is misspelt would be one that is not there.
func ReadProviders(b []byte) ([]Provider, error) {
	var list []struct {
		ID          string   `json:"id"`
		Nom         string   `json:"nom"`
		Issuer      string   `json:"issuer"`
		ClientID    string   `json:"client_id"`
		Secret      string   `json:"secret"`
		Scopes      []string `json:"scopes"`
		Alg         string   `json:"alg"`
		ProConnect  bool     `json:"proconnect"`
		FormPost    bool     `json:"form_post"`
		MailClaim   string   `json:"mail_claim"`
		MailTrusted bool     `json:"mail_trusted"`
		Issuers     []string `json:"issuers"`
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("read the identity providers: %w", err)
	}
	providers := make([]Provider, len(list))
	for i, p := range list {
		if p.ID == "" || p.Nom == "" || p.Issuer == "" || p.ClientID == "" {
			return nil, fmt.Errorf("read the identity providers: entry %d lacks id, nom, issuer or client_id", i+1)
		}
		providers[i] = Provider{ID: p.ID, Name: p.Nom, Issuer: p.Issuer, ClientID: p.ClientID, Secret: p.Secret, Scopes: p.Scopes, Alg: p.Alg, ProConnect: p.ProConnect,
			FormPost: p.FormPost, MailClaim: p.MailClaim, MailTrusted: p.MailTrusted, Issuers: p.Issuers}
	}
	return providers, nil
}
