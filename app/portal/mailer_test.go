package portal_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"math/big"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/due/courrier"
)

// postOffice is an SMTP server on the loopback, with TLS, that keeps what comes.
type postOffice struct {
	address string
	roots   *x509.CertPool
	came    chan letter
	busy    int // how many messages it puts off first
}

type letter struct {
	from, to string
	text     []byte
}

type sending struct {
	o *postOffice
	l letter
}

func (o *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return &sending{o: o}, nil }

func (s *sending) Mail(from string, _ *smtp.MailOptions) error { s.l.from = from; return nil }
func (s *sending) Rcpt(to string, _ *smtp.RcptOptions) error   { s.l.to = to; return nil }
func (s *sending) Reset()                                      {}
func (s *sending) Logout() error                               { return nil }
func (s *sending) Data(r io.Reader) (err error) {
	if s.l.text, err = io.ReadAll(r); err != nil {
		return err
	}
	if s.o.busy--; s.o.busy >= 0 {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}
	}
	s.o.came <- s.l
	return nil
}

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{roots: x509.NewCertPool(), came: make(chan letter, 16)}
	o.roots.AddCert(cert)
	srv := smtp.NewServer(o)
	srv.Domain = "localhost"
	srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.address = l.Addr().String()
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	return o
}

// next waits for a message, and gives its head and its text as a reader of mail
// has them.
func (o *postOffice) next(t *testing.T) (letter, mail.Header, string) {
	t.Helper()
	select {
	case l := <-o.came:
		m, err := mail.ReadMessage(strings.NewReader(string(l.text)))
		if err != nil {
			t.Fatal(err)
		}
		body := m.Body
		if m.Header.Get("Content-Transfer-Encoding") == "base64" {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return l, m.Header, string(text)
	case <-time.After(20 * time.Second):
		t.Fatal("no message came")
	}
	panic("unreachable")
}

// Every sensitive move is told by a real message through a real server.
func TestNoticesArriveThroughAMailServer(t *testing.T) {
	o := openPostOffice(t)
	b := portaltest.New(t, func(p *portal.Options) {
		p.Mail = &portal.SMTP{From: "paie@example.org", Now: time.Now, Server: courrier.Serveur{Adresse: o.address, Autorites: o.roots, NomDuServeur: "localhost", Delai: 10 * time.Second}}
	})
	b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	id, err := b.Authenticate(t.Context(), l.Number, l.Secret)
	if err != nil {
		t.Fatal(err)
	}
	w := portal.Welcome{Password: portaltest.Word, Again: portaltest.Word, Mail: "camille@example.org", MailAgain: "camille@example.org", Policy: true, Lang: "fr"}
	if err := b.Welcome(t.Context(), id, w); err != nil {
		t.Fatal(err)
	}
	got, head, text := o.next(t)
	subject, err := new(mime.WordDecoder).DecodeHeader(head.Get("Subject"))
	if err != nil || got.from != "paie@example.org" || got.to != "camille@example.org" || subject != "Confirmez votre adresse" || head.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%s to %s, %q, %v", got.from, got.to, subject, err)
	}
	link := portaltest.Link(t, portal.Message{Text: text}, "/mail/")
	if err := b.ProveMail(t.Context(), strings.TrimPrefix(link, "/mail/")); err != nil {
		t.Fatal(err)
	}
	o.busy = 2 // put off twice, then taken
	for _, move := range []struct {
		what string
		do   func() error
		says string
	}{
		{"forgotten password", func() error { return b.Forget(t.Context(), l.Number, "camille@example.org") }, "/passe/"},
		{"new device", func() error {
			a := b.Stored(t, id)
			if err := b.Seen(t.Context(), a, "Firefox"); err != nil {
				return err
			}
			return b.Seen(t.Context(), b.Stored(t, id), "Safari")
		}, "Safari"},
		{"refusal", func() error {
			if err := b.DraftRefusal(t.Context(), siret, "A1"); err != nil {
				return err
			}
			_, err := b.ConfirmRefusal(t.Context(), siret, "A1")
			return err
		}, "/refus/annuler/"},
		{"suspension", func() error { return b.Suspend(t.Context(), id) }, "personne n’y entre plus"},
	} {
		if err := move.do(); err != nil {
			t.Fatalf("%s: %v", move.what, err)
		}
		if got, _, text := o.next(t); got.to != "camille@example.org" || !strings.Contains(text, move.says) || strings.Contains(text, portaltest.Word) {
			t.Errorf("%s: to %s: %s", move.what, got.to, text)
		}
	}
}
