package portal

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// digest is how a one-time word is kept.
func digest(word string) []byte {
	sum := sha256.Sum256([]byte(word))
	return sum[:]
}

func same(a []byte, word string) bool {
	return len(a) > 0 && subtle.ConstantTimeCompare(a, digest(word)) == 1
}

// idLength is that of the random name of a record, in hexadecimal.
const idLength = 32

func (p *Portal) newID() (string, error) {
	b := make([]byte, idLength/2)
	if _, err := io.ReadFull(p.o.Random, b); err != nil {
		return "", fmt.Errorf("draw a name: %w", err)
	}
	return hex.EncodeToString(b), nil
}

func isID(s string) bool {
	return len(s) == idLength && strings.Trim(s, "0123456789abcdef") == ""
}

// newToken draws the word of a link about a record: the record's name, then 256
// random bits of which only the digest is kept.
func (p *Portal) newToken(id string, lasts time.Duration, address string) (word string, t *Token, err error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(p.o.Random, b); err != nil {
		return "", nil, fmt.Errorf("draw a link: %w", err)
	}
	word = id + hex.EncodeToString(b)
	return word, &Token{Digest: digest(word), Until: p.clock().Add(lasts), Mail: address}, nil
}

// subject is the record that the word of a link is about.
func subject(word string) (string, bool) {
	if len(word) != idLength+64 || !isID(word[:idLength]) {
		return "", false
	}
	return word[:idLength], true
}

// good reports whether a link is the one that is out.
func (t *Token) good(now time.Time, word string) bool { return t.live(now) && same(t.Digest, word) }

// parseMail reads a mail address; its domain is compared in lower case, and so
// is the rest, as every provider that matters does.
func parseMail(s string) (string, error) {
	a, err := mail.ParseAddress(strings.TrimSpace(s))
	if err != nil || a.Name != "" || len(a.Address) > 254 || !strings.Contains(a.Address, "@") || strings.ContainsAny(a.Address, " \r\n\t") {
		return "", Codes.New(MailWrong)
	}
	return strings.ToLower(a.Address), nil
}

// letterOf are letters that no decomposition takes apart.
var letterOf = strings.NewReplacer("œ", "oe", "æ", "ae", "ł", "l", "ø", "o", "đ", "d", "ß", "ss")

// fold makes a name comparable: small letters without marks, and nothing else.
func fold(s string) string {
	s = letterOf.Replace(strings.ToLower(norm.NFD.String(s)))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// hint shows enough of an address for its owner to know it.
func hint(address string) string {
	name, domain, ok := strings.Cut(address, "@")
	if !ok {
		return ""
	}
	first := []rune(name)
	return string(first[:min(1, len(first))]) + "…@" + domain
}
