package courrier

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Message is one mail. Nothing of it has a default.
type Message struct {
	De, A string // addresses
	Sujet string
	Note  string    // the text that goes, encrypted, with the file
	Date  time.Time // of the batch, so that a second attempt says the same
	Lot   string    // gives the Message-ID and the boundaries
	Nom   string    // of the file: dpae.txt or dpae.xml
	Type  string    // media type of the file
	Piece []byte
}

// Profil is where the mail settings are checked against each other.
type Profil struct {
	Nom        string // profil= of mapibox.cfg
	NomRegle   string // profil= of the settings; empty when only one of them has it
	Identite   string // main identity of the profile
	Expediteur string
	A, Sujet   string
	Note       string
}

// Check returns nil when a mail can be made of p: sender, recipient and
// subject are there, the sender is the main identity of the profile, and no
// text holds a social security number.
func (p *Profil) Check() error {
	var missing []string
	for _, f := range [...]struct{ key, value string }{
		{"profil", p.Nom}, {"a", p.A}, {"sujet", p.Sujet}, {"expediteur", p.Expediteur}, {"identite", p.Identite},
	} {
		if f.value == "" {
			missing = append(missing, f.key)
		}
	}
	if len(missing) > 0 {
		return Codes.New("DUE-C01", strings.Join(missing, ", "))
	}
	var addresses [3]string
	for i, f := range [...]struct{ key, value string }{{"a", p.A}, {"expediteur", p.Expediteur}, {"identite", p.Identite}} {
		parsed, err := netmail.ParseAddress(f.value)
		if err != nil {
			return Codes.New("DUE-C02", f.key)
		}
		addresses[i] = strings.ToLower(parsed.Address)
	}
	switch {
	case addresses[1] != addresses[2]:
		return Codes.New("DUE-C03")
	case p.NomRegle != "" && p.NomRegle != p.Nom:
		return Codes.New("DUE-C04")
	case holdsNIR(p.Sujet) || holdsNIR(p.Note):
		return Codes.New("DUE-C05")
	}
	return nil
}

// holdsNIR reports whether s has thirteen digits in a row, spaces and the
// letter of Corsica apart.
func holdsNIR(s string) bool {
	run := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', run == 6 && (r == 'A' || r == 'B'):
			if run++; run == 13 {
				return true
			}
		case r == ' ' || r == '\u00a0':
		default:
			run = 0
		}
	}
	return false
}

// ID is the Message-ID, the same for every attempt of a batch; it says nothing
// of it.
func (m *Message) ID() string {
	_, domain, _ := strings.Cut(strings.TrimSuffix(m.De, ">"), "@")
	sum := sha256.Sum256([]byte(m.Lot + "\x00" + m.De + "\x00" + string(m.Piece)))
	return hex.EncodeToString(sum[:12]) + "@" + domain
}

func (m *Message) boundary(part string) string {
	sum := sha256.Sum256([]byte(part + "\x00" + m.ID()))
	return "xhl-" + hex.EncodeToString(sum[:12])
}

// Entity is what is signed and encrypted: the note and the file, as one MIME
// entity with CR LF.
func (m *Message) Entity() ([]byte, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	if err := w.SetBoundary(m.boundary("mixed")); err != nil {
		return nil, fmt.Errorf("make the entity of batch %s: %w", m.Lot, err)
	}
	fmt.Fprintf(&buf, "Content-Type: multipart/mixed; boundary=%q\r\n\r\n", w.Boundary())
	for _, part := range [...]struct {
		header textproto.MIMEHeader
		body   []byte
	}{
		{textproto.MIMEHeader{"Content-Type": {"text/plain; charset=utf-8"}}, []byte(m.Note + "\r\n")},
		{textproto.MIMEHeader{
			"Content-Type":        {mime.FormatMediaType(m.Type, map[string]string{"charset": "iso-8859-1", "name": m.Nom})},
			"Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": m.Nom})},
		}, m.Piece},
	} {
		part.header.Set("Content-Transfer-Encoding", "base64")
		p, err := w.CreatePart(part.header)
		if err != nil {
			return nil, fmt.Errorf("make the entity of batch %s: %w", m.Lot, err)
		}
		if _, err := p.Write(wrapped(part.body)); err != nil {
			return nil, fmt.Errorf("make the entity of batch %s: %w", m.Lot, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("make the entity of batch %s: %w", m.Lot, err)
	}
	return buf.Bytes(), nil
}

// wrapped is body in base64, in lines of 76 characters.
func wrapped(body []byte) []byte {
	const line = 57
	var out []byte
	for len(body) > 0 {
		n := min(line, len(body))
		out = base64.StdEncoding.AppendEncode(out, body[:n])
		out, body = append(out, "\r\n"...), body[n:]
	}
	return out
}

// Protocole is how an entity was encrypted.
type Protocole uint8

const (
	OpenPGP Protocole = iota
	SMIME
)

// Scelle is an entity that was signed and encrypted: an ASCII armour, or the
// DER of a CMS enveloped-data.
type Scelle struct {
	Protocole Protocole
	Octets    []byte
}

// Build makes the whole message, as it is kept in the outbox and sent: the
// same message and the same Scelle give the same bytes.
func (m *Message) Build(s Scelle) ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithBoundary(m.boundary("outer")), gomail.WithNoDefaultUserAgent())
	if err := msg.From(m.De); err != nil {
		return nil, fmt.Errorf("set the sender: %w", err)
	}
	if err := msg.To(m.A); err != nil {
		return nil, fmt.Errorf("set the recipient: %w", err)
	}
	msg.Subject(m.Sujet)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.ID())
	ascii := gomail.WithPartCharset("us-ascii")
	switch s.Protocole {
	case OpenPGP:
		msg.SetPGPType(gomail.PGPEncrypt)
		msg.SetBodyString("application/pgp-encrypted", "Version: 1\r\n", gomail.WithPartEncoding(gomail.NoEncoding), ascii)
		armour := string(bytes.ReplaceAll(bytes.ReplaceAll(s.Octets, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n")))
		msg.AddAlternativeString(`application/octet-stream; name="encrypted.asc"`, armour, gomail.WithPartEncoding(gomail.NoEncoding), ascii)
	default:
		msg.SetBodyWriter(`application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"`,
			func(w io.Writer) (int64, error) { return io.Copy(w, bytes.NewReader(s.Octets)) },
			gomail.WithPartEncoding(gomail.EncodingB64), ascii)
	}
	var buf bytes.Buffer
	if _, err := msg.WriteTo(&buf); err != nil {
		return nil, fmt.Errorf("write the message of batch %s: %w", m.Lot, err)
	}
	if s.Protocole == OpenPGP {
		return m.mended(buf.Bytes()), nil
	}
	return buf.Bytes(), nil
}

// mended is what the library wrote of a multipart/encrypted, made whole: it
// leaves it open, quotes what it labels 7bit, and labels 8bit what it does not
// quote. Both parts are ASCII.
func (m *Message) mended(eml []byte) []byte {
	eml = bytes.ReplaceAll(eml, []byte("\nContent-Transfer-Encoding: 8bit\r\n"), []byte("\nContent-Transfer-Encoding: 7bit\r\n"))
	if end := "--" + m.boundary("outer") + "--"; !bytes.Contains(eml, []byte(end)) {
		eml = append(eml, "\r\n"+end+"\r\n"...)
	}
	return eml
}
