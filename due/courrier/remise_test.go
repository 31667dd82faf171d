package courrier

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// server is an SMTP server on the loopback that keeps what it is given.
type server struct {
	address string
	roots   *x509.CertPool
	refuse  bool // answer no to the message
	drop    bool // cut the connection once the message has come

	mu       sync.Mutex
	messages [][]byte
}

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{s, c}, nil }

func (s *server) received() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.messages
}

type session struct {
	s *server
	c *smtp.Conn
}

func (x *session) Mail(string, *smtp.MailOptions) error { return nil }
func (x *session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (x *session) Reset()                               {}
func (x *session) Logout() error                        { return nil }
func (x *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if x.s.refuse {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "no"}
	}
	x.s.mu.Lock()
	x.s.messages = append(x.s.messages, text)
	x.s.mu.Unlock()
	if x.s.drop {
		return x.c.Conn().Close()
	}
	return nil
}

// listen starts s; withTLS, when there is one, gives it a certificate.
func listen(t *testing.T, s *server, withTLS func(*smtp.Server)) *server {
	t.Helper()
	srv := smtp.NewServer(s)
	srv.Domain = "localhost"
	if withTLS != nil {
		withTLS(srv)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	return s
}

// starttls gives the server a certificate for localhost, and s its authority.
func starttls(t *testing.T, s *server) func(*smtp.Server) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(cert)
	return func(srv *smtp.Server) {
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	}
}

func client(s *server) *Serveur {
	return &Serveur{Adresse: s.address, Autorites: s.roots, NomDuServeur: "localhost", Delai: 10 * time.Second}
}

func TestServerReceivesTheVeryBytesOfTheOutbox(t *testing.T) {
	s := new(server)
	listen(t, s, starttls(t, s))
	recipient, own := keys(t, paie(), "")
	eml, m := sealed(t, &ScelleurPGP{recipient, own})
	if err := client(s).Send(t.Context(), m.De, m.A, eml); err != nil {
		t.Fatal(err)
	}
	got := s.received()
	if len(got) != 1 || !bytes.Equal(got[0], eml) {
		t.Errorf("%d messages; the first has %d bytes, want %d", len(got), len(got[0]), len(eml))
	}
}

func TestServerWithoutSTARTTLSGetsNothing(t *testing.T) {
	s := listen(t, new(server), nil)
	err := client(s).Send(t.Context(), "a@exemple.fr", "b@exemple.org", []byte("x\r\n"))
	wantCode(t, err, "DUE-C32")
	if len(s.received()) != 0 {
		t.Error("it received the message")
	}
}

func TestUnknownAuthorityIsRefused(t *testing.T) {
	s := new(server)
	listen(t, s, starttls(t, s))
	s.roots = x509.NewCertPool()
	if err := client(s).Send(t.Context(), "a@exemple.fr", "b@exemple.org", []byte("x\r\n")); err == nil {
		t.Error("accepted")
	}
}

func TestConnectionCutAfterTheDataIsUncertain(t *testing.T) {
	s := &server{drop: true}
	listen(t, s, starttls(t, s))
	err := client(s).Send(t.Context(), "a@exemple.fr", "b@exemple.org", []byte("x\r\n"))
	wantCode(t, err, "DUE-C31")
	if len(s.received()) != 1 {
		t.Error("the server did not have the message: the test proves nothing")
	}
}

func TestRefusalOfTheServerIsCertain(t *testing.T) {
	s := &server{refuse: true}
	listen(t, s, starttls(t, s))
	wantCode(t, client(s).Send(t.Context(), "a@exemple.fr", "b@exemple.org", []byte("x\r\n")), "DUE-C30")
}

func TestCancelledSendSendsNothing(t *testing.T) {
	s := new(server)
	listen(t, s, starttls(t, s))
	if err := client(s).Send(never(), "a@exemple.fr", "b@exemple.org", []byte("x\r\n")); err == nil || len(s.received()) != 0 {
		t.Errorf("%v, %d messages", err, len(s.received()))
	}
}
