package courrier

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	netmail "net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"paye/internal/durable"
)

// Boite is the outbox: a folder in which a message waits, as .eml, for the
// user's own mail program.
type Boite struct{ Dossier string }

// Put writes the message of a batch, whole or not at all, and returns its
// path. DUE-C39 says that the message got its name, where the mail program may
// find it, and that the disk may yet lose it.
func (b Boite) Put(lot string, message []byte) (string, error) {
	if err := durable.MkdirAll(b.Dossier); err != nil {
		return "", fmt.Errorf("make the outbox: %w", err)
	}
	path := filepath.Join(b.Dossier, filepath.Base(lot)+".eml")
	if err := durable.WriteFile(path, message); err != nil {
		err = fmt.Errorf("put batch %s in the outbox: %w", lot, err)
		if _, absent := os.Lstat(path); !errors.Is(absent, fs.ErrNotExist) {
			err = errors.Join(Codes.New("DUE-C39"), err)
		}
		return "", err
	}
	return path, nil
}

// Serveur is an SMTP server that is spoken to under STARTTLS only.
type Serveur struct {
	Adresse      string // host:port
	Utilisateur  string // empty: no authentication
	MotDePasse   string
	Autorites    *x509.CertPool // nil: those of the system
	Delai        time.Duration  // of the whole conversation; zero is one minute
	NomDuServeur string         // in its certificate; empty is the host of Adresse
}

// Send hands a whole message over, as it is. DUE-C31 says that the server may
// have taken it: it was sent to the end and no answer came. After any other
// error the server has not taken it.
func (s *Serveur) Send(ctx context.Context, de, a string, message []byte) error {
	from, err := netmail.ParseAddress(de)
	if err != nil {
		return Codes.New("DUE-C02", "expediteur")
	}
	to, err := netmail.ParseAddress(a)
	if err != nil {
		return Codes.New("DUE-C02", "a")
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.delay())
	defer cancel()
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		if conn != nil {
			conn.Close() // the dial has failed, and says why
		}
		if strings.Contains(err.Error(), "does not support STARTTLS") { // the library has no value for it
			return Codes.New("DUE-C32")
		}
		return refusal(fmt.Errorf("reach the mail server: %w", err))
	}
	defer conn.Close()
	if err := conn.Mail(from.Address); err != nil {
		return refusal(fmt.Errorf("name the sender: %w", err))
	}
	if err := conn.Rcpt(to.Address); err != nil {
		return refusal(fmt.Errorf("name the recipient: %w", err))
	}
	w, err := conn.Data()
	if err != nil {
		return refusal(fmt.Errorf("start the message: %w", err))
	}
	if _, err := w.Write(message); err != nil {
		return fmt.Errorf("send the message: %w", err) // its end was not sent: it cannot be taken
	}
	if err := w.Close(); err != nil {
		var reply *textproto.Error
		if errors.As(err, &reply) {
			return refusal(err)
		}
		return Codes.New("DUE-C31")
	}
	// The message is taken; that the server does not say goodbye is nothing.
	_ = conn.Quit()
	return nil
}

// refusal is DUE-C30 when the server has answered no, else err itself. What
// the server says is not repeated: it may quote addresses.
func refusal(err error) error {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return errors.Join(Codes.New("DUE-C30"), fmt.Errorf("smtp reply %d", reply.Code))
	}
	return err
}

func (s *Serveur) delay() time.Duration {
	if s.Delai == 0 {
		return time.Minute
	}
	return s.Delai
}

func (s *Serveur) client() (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(s.Adresse)
	if err != nil {
		return nil, Codes.New("DUE-C01", "smtp")
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, Codes.New("DUE-C01", "smtp")
	}
	name := s.NomDuServeur
	if name == "" {
		name = host
	}
	options := []gomail.Option{
		gomail.WithPort(number), gomail.WithTimeout(s.delay()), gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithTLSConfig(&tls.Config{RootCAs: s.Autorites, ServerName: name, MinVersion: tls.VersionTLS12}),
		gomail.WithHELO("localhost"),
	}
	if s.Utilisateur != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.Utilisateur), gomail.WithPassword(s.MotDePasse))
	}
	client, err := gomail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("prepare the mail client: %w", err)
	}
	return client, nil
}
