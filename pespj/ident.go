package pespj

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"paye/internal/identifiants"

	"golang.org/x/text/unicode/norm"
)

// Kinds of IdUnique: the payroll itself (journal or archive), or one
// justificatif.
const (
	GenrePaye = "PAYE"
	GenrePJ   = "PJ"
)

// maxIdUnique is the length of IdUnique in XSD PES 5.30 (V_Alphanum50).
const maxIdUnique = 50

// alphabet32 is base32hex (RFC 4648, section 7): digits then capitals, so that
// an identifier stays in [0-9A-Z] and sorts as its hash does.
const alphabet32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV"

// NewIdUnique returns the identity of a piece:
// SIRET (14) + genre + AAAAMM + base32 of the content's hash, cut at 50
// characters. The same content of the same month has the same identity
// whatever the run, the volume or the machine; that is what lets a resend keep
// it, as Hélios wants it unique for the employer for ever. The format itself
// is a choice of this product [I].
//
// hash is a cryptographic hash of the content, 16 bytes or more (SHA-256).
func NewIdUnique(siret, genre string, annee, mois int, hash []byte) (string, error) {
	if err := checkIdentite(siret, annee, mois, hash); err != nil {
		return "", fmt.Errorf("make an IdUnique: %w", err)
	}
	if genre != GenrePaye && genre != GenrePJ {
		return "", fmt.Errorf("make an IdUnique: kind %q is neither %s nor %s", genre, GenrePaye, GenrePJ)
	}
	id := siret + genre + fmt.Sprintf("%04d%02d", annee, mois) + base32(hash)
	return id[:min(len(id), maxIdUnique)], nil
}

// NewNomFic returns the name of volume number volume, from 1, of a payroll:
// PESPJ_<SIRET>_<AAAAMM>_<volume>_<hash>.xml, always 49 ASCII characters, so
// that a volume can be sized before its content is known. hash is a hash of
// what the volume holds, 16 bytes or more.
//
// Platforms refuse a NomFic that they know: envoi, 0 at the first sending,
// counts the resends of one content and adds _R01, _R02, … to the name.
func NewNomFic(siret string, annee, mois, volume, envoi int, hash []byte) (string, error) {
	if err := checkIdentite(siret, annee, mois, hash); err != nil {
		return "", fmt.Errorf("make a NomFic: %w", err)
	}
	if volume < 1 || volume > 9999 || envoi < 0 || envoi > 99 {
		return "", fmt.Errorf("make a NomFic: volume %d, sending %d", volume, envoi)
	}
	nom := fmt.Sprintf("PESPJ_%s_%04d%02d_%04d_%s", siret, annee, mois, volume, base32(hash)[:12])
	if envoi > 0 {
		nom += fmt.Sprintf("_R%02d", envoi)
	}
	return nom + ".xml", nil
}

func checkIdentite(siret string, annee, mois int, hash []byte) error {
	if !identifiants.IsSIRET(siret) {
		return fmt.Errorf("SIRET of %d characters: 14 digits expected", len(siret))
	}
	if annee < 1 || annee > 9999 || mois < 1 || mois > 12 {
		return fmt.Errorf("period %d-%d", annee, mois)
	}
	if len(hash) < 16 {
		return fmt.Errorf("hash of %d bytes: 16 or more expected", len(hash))
	}
	return nil
}

func base32(hash []byte) string {
	var b strings.Builder
	var acc uint32
	bits := 0
	for _, octet := range hash {
		acc = acc<<8 | uint32(octet)
		for bits += 8; bits >= 5; bits -= 5 {
			b.WriteByte(alphabet32[acc>>(bits-5)&31])
		}
	}
	if bits > 0 {
		b.WriteByte(alphabet32[acc<<(5-bits)&31])
	}
	return b.String()
}

// nomPJSur is narrower than the XSD, which lets blanks, accents and slashes
// through: what any platform and any file system takes.
var nomPJSur = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*\.[A-Za-z0-9]{2,4}$`)

// maxNomPJ is the length of NomPJ in XSD PES 5.30.
const maxNomPJ = 100

// NomPJValide reports whether nom can be written as a NomPJ: [A-Za-z0-9._-],
// 100 characters at most, an extension of 2 to 4 letters or digits.
func NomPJValide(nom string) bool { return len(nom) <= maxNomPJ && nomPJSur.MatchString(nom) }

// NomPJSur turns any file name into a valid NomPJ: the last element of the
// path, accents and ligatures spelled out, every other run of characters as
// one underscore, the base cut so that the extension stays. An extension that
// cannot stand (absent, 1 letter, more than 4) becomes part of the base, and
// .bin is added, unless it is a long twin of a known one (jpeg is 4 letters
// and stands). It depends on nom only; two names may give the same NomPJ.
func NomPJSur(nom string) string {
	nom = nom[strings.LastIndexAny(nom, `/\`)+1:]
	base, ext := nom, ""
	if i := strings.LastIndexByte(nom, '.'); i >= 0 {
		base, ext = nom[:i], nom[i+1:]
	}
	ext = asciiName(ext)
	if len(ext) < 2 || len(ext) > 4 || strings.ContainsAny(ext, "._-") {
		base, ext = nom, "bin"
	}
	base = strings.Trim(asciiName(base), "._-")
	if base == "" {
		base = "piece"
	}
	base = base[:min(len(base), maxNomPJ-1-len(ext))]
	return base + "." + ext
}

var ligatures = strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ø", "o", "Ø", "O")

func asciiName(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFD.String(ligatures.Replace(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < utf8.RuneSelf && (isAlphanum(byte(r)) || strings.ContainsRune("._-", r)):
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

func isAlphanum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func allAlphanum(s string) bool {
	for i := range len(s) {
		if !isAlphanum(s[i]) {
			return false
		}
	}
	return true
}
