package luccatest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// Key is the key that a new tenant takes.
const Key = "11111111-2222-3333-4444-canary555555"

// Object is a JSON object of the tenant.
type Object = map[string]any

// Tenant is one account. Its fields may be changed between requests, under
// Edit.
type Tenant struct {
	Key         string
	Users       []Object
	Leaves      []Object
	Definitions []Object
	Contracts   []Object
	Units       []Object
	Fields      []Object // of users/help

	Now     func() time.Time // of the limit of 50 a minute; nil: no limit
	Hidden  []string         // fields that the key has no right to see, in any case
	Mute    bool             // no count, though asked for
	BOM     bool
	OldCase bool // isAm for isAM, legalEntityId for legalEntityID
	Short   int  // more than this many are never given in a page; 0: as asked
	// Page is told each page before it is written and may change it.
	Page func(path string, offset int, items []any, count *int) []any

	mu     sync.Mutex
	faults []*Fault
	log    []Request
	broken []string
	server *httptest.Server
	ca     []byte
}

// Request is one request as it came.
type Request struct {
	Path, Query string
	At          time.Time
	Status      int
}

// Start serves the tenant at https://localhost:port until close.
func (t *Tenant) Start() (close func()) {
	if t.Key == "" {
		t.Key = Key
	}
	cert, pemText := certificate()
	t.ca = pemText
	t.server = httptest.NewUnstartedServer(http.HandlerFunc(t.serve))
	t.server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	t.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.server.StartTLS()
	return t.server.Close
}

// URL is the address of the account.
func (t *Tenant) URL() string {
	_, port, _ := net.SplitHostPort(t.server.Listener.Addr().String())
	return "https://localhost:" + port
}

// CA is the authority of its certificate, in PEM.
func (t *Tenant) CA() []byte { return t.ca }

// Roots is that authority.
func (t *Tenant) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(t.ca)
	return pool
}

func certificate() (tls.Certificate, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// Edit changes the tenant between two requests.
func (t *Tenant) Edit(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
}

// User is the user of an identifier; nil when there is none.
func (t *Tenant) User(id string) Object {
	for _, u := range t.Users {
		if fmt.Sprint(u["id"]) == id {
			return u
		}
	}
	return nil
}

// Load adds what a page of the reference data holds to a list.
func Load(list *[]Object, page []byte) error {
	var body struct {
		Data struct {
			Items []Object `json:"items"`
		} `json:"data"`
	}
	dec := json.NewDecoder(strings.NewReader(string(page)))
	dec.UseNumber()
	if err := dec.Decode(&body); err != nil {
		return fmt.Errorf("load a page: %w", err)
	}
	*list = append(*list, body.Data.Items...)
	return nil
}

// Log is every request so far.
func (t *Tenant) Log() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.log)
}

// Broken is what was done that must never be; empty when all is well.
func (t *Tenant) Broken() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.broken)
}

// pick gives of an object the fields asked for, in any case.
func pick(o Object, fields tree, hidden []string) Object {
	out := Object{}
	for key, value := range o {
		if slices.ContainsFunc(hidden, func(h string) bool { return strings.EqualFold(h, key) }) {
			continue
		}
		for name, below := range fields {
			if !strings.EqualFold(name, key) {
				continue
			}
			if nested, ok := value.(Object); ok && len(below) > 0 {
				value = pick(nested, below, nil)
			}
			if nested, ok := value.(Object); ok && strings.EqualFold(key, "extendedData") {
				nested = maps.Clone(nested)
				for _, h := range hidden {
					delete(nested, h)
				}
				value = nested
			}
			out[key] = value
		}
	}
	return out
}

// tree is a "fields" parameter: names, and the names below them.
type tree map[string]tree

func parseFields(s string) tree {
	out := tree{}
	for s != "" {
		end := strings.IndexAny(s, ",[.")
		if end < 0 {
			out[s] = nil
			break
		}
		name := s[:end]
		if s[end] == '[' {
			closing := strings.IndexByte(s, ']')
			out[name] = parseFields(s[end+1 : closing])
			s = strings.TrimPrefix(s[closing+1:], ",")
			continue
		}
		if s[end] == '.' {
			rest, after, _ := strings.Cut(s[end+1:], ",")
			out[name] = parseFields(rest)
			s = after
			continue
		}
		out[name] = nil
		s = s[end+1:]
	}
	return out
}
