package ui

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// strict is a provider that refuses what ProConnect refuses: parameters that it
// does not list, short words, a code that was used or is old. It asks nobody
// anything: who it is about is set by the test.
type strict struct {
	server *httptest.Server
	alg    jose.SignatureAlgorithm
	key    any
	public jose.JSONWebKey
	secret string
	now    func() time.Time

	mu    sync.Mutex
	codes map[string]grant // a code, then an access token
	who   map[string]any
	lies  string // what it does wrong
	asked url.Values
}

type grant struct {
	nonce, redirect string
	at              time.Time
}

// words that ProConnect lists for its address of authorization.
var listed = []string{"response_type", "client_id", "redirect_uri", "scope", "claims", "state", "nonce", "prompt", "idp_hint"}

func newStrict(t *testing.T, alg jose.SignatureAlgorithm, now func() time.Time) *strict {
	t.Helper()
	p := &strict{alg: alg, secret: "a secret of more than thirty-two bytes", now: now, codes: map[string]grant{},
		who: map[string]any{"sub": "sub-1", "email": "claire@ville.example", "given_name": "Claire", "usual_name": "Martin", "uid": "u1", "siret": "21340172200013"}}
	switch alg {
	case jose.RS256:
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		p.key, p.public = k, jose.JSONWebKey{Key: k.Public(), KeyID: "k", Algorithm: string(alg), Use: "sig"}
	case jose.ES256:
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		p.key, p.public = k, jose.JSONWebKey{Key: k.Public(), KeyID: "k", Algorithm: string(alg), Use: "sig"}
	default:
		p.key = []byte(p.secret)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.metadata)
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.public}})
	})
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /userinfo", p.userinfo)
	mux.HandleFunc("GET /session/end", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = r.URL.Query()
		p.mu.Unlock()
	})
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

func (p *strict) provider() Provider {
	return Provider{ID: "proconnect", Name: "ProConnect", Issuer: p.server.URL, ClientID: "xhl", Secret: p.secret, Alg: string(p.alg), ProConnect: true}
}

func (p *strict) metadata(w http.ResponseWriter, _ *http.Request) {
	u := p.server.URL
	json.NewEncoder(w).Encode(map[string]any{"issuer": u, "authorization_endpoint": u + "/authorize", "token_endpoint": u + "/token", "userinfo_endpoint": u + "/userinfo",
		"jwks_uri": u + "/jwks", "end_session_endpoint": u + "/session/end", "id_token_signing_alg_values_supported": []string{string(p.alg)}})
}

func (p *strict) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	for name := range q {
		if !slices.Contains(listed, name) {
			http.Error(w, "Y000400: "+name, http.StatusBadRequest)
			return
		}
	}
	if len(q.Get("state")) < 32 || len(q.Get("nonce")) < 32 || q.Get("client_id") != "xhl" {
		http.Error(w, "Y000400", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = q
	code := rand.Text()
	p.codes[code] = grant{q.Get("nonce"), q.Get("redirect_uri"), p.now()}
	back := url.Values{"code": {code}, "state": {q.Get("state")}}
	if p.lies == "state" {
		back.Set("state", strings.Repeat("x", 40))
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusSeeOther)
}

func (p *strict) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, known := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code")) // burnt at the first try
	if !known || p.now().Sub(g.at) > 30*time.Second || r.FormValue("client_secret") != p.secret || r.FormValue("redirect_uri") != g.redirect || r.FormValue("code_verifier") != "" {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	access := rand.Text()
	p.codes[access] = grant{at: p.now()}
	claims := map[string]any{"iss": p.server.URL, "aud": "xhl", "sub": p.who["sub"], "nonce": g.nonce, "iat": p.now().Unix(), "exp": p.now().Add(time.Minute).Unix(), "amr": []string{"pwd"}}
	switch p.lies {
	case "nonce":
		claims["nonce"] = strings.Repeat("y", 40)
	case "audience":
		claims["aud"] = "another"
	case "expired":
		claims["exp"] = p.now().Add(-2 * time.Minute).Unix()
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": p.sign(claims)})
}

func (p *strict) userinfo(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, known := p.codes[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if !known || p.now().Sub(g.at) > time.Minute {
		http.Error(w, "expired", http.StatusUnauthorized)
		return
	}
	claims := map[string]any{"iss": p.server.URL, "aud": "xhl"}
	for k, v := range p.who {
		claims[k] = v
	}
	switch p.lies {
	case "subject":
		claims["sub"] = "another"
	case "userinfo audience":
		claims["aud"] = "another"
	case "plain userinfo":
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(claims)
		return
	}
	w.Header().Set("Content-Type", "application/jwt; charset=utf-8")
	w.Write([]byte(p.sign(claims)))
}

func (p *strict) sign(claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: p.alg, Key: p.key}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	if err != nil {
		panic(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return text
}
