package acts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"unicode"
	"unicode/utf8"

	"paye/internal/identifiants"
	"paye/vault/internal/faults"
)

// Key tells identities apart by employer and matricule.
func (i Identite) Key() string { return i.Employeur + "\x00" + i.Matricule }

// Nature is what a document is.
type Nature string

const (
	Bulletin Nature = "bulletin"
	Annexe   Nature = "annexe"
)

// Identite says whose a document is. It never enters a log or an error: it
// prints as its Matricule only.
type Identite struct {
	Employeur string `json:"employeur"` // SIRET, 14 digits
	Matricule string `json:"matricule"`
	Nom       string `json:"nom,omitempty"`
	Prenom    string `json:"prenom,omitempty"`
}

func (i Identite) String() string { return "matricule " + i.Matricule }

// Format prints the Matricule whatever the verb.
func (i Identite) Format(s fmt.State, _ rune) { io.WriteString(s, i.String()) }

// LogValue logs the Matricule.
func (i Identite) LogValue() slog.Value { return slog.StringValue(i.String()) }

// Limits of the identifying fields, in bytes.
const (
	MaxMatricule = 64
	MaxNom       = 256
	MaxTitre     = 256
)

// Validate returns an anomaly for an identity that cannot be filed.
func (i *Identite) Validate() error {
	switch {
	case !identifiants.IsSIRET(i.Employeur):
		a := faults.Codes.New("COF-201", "employeur")
		a.Trouve = i.Employeur
		return a
	case !CleanMatricule(i.Matricule):
		a := faults.Codes.New("COF-201", "matricule")
		a.Trouve = i.Matricule
		return a
	case !Clean(i.Nom, MaxNom):
		return faults.Of(faults.Codes.New("COF-201", "nom"), i.Matricule)
	case !Clean(i.Prenom, MaxNom):
		return faults.Of(faults.Codes.New("COF-201", "prenom"), i.Matricule)
	}
	return nil
}

// Clean reports whether s may be kept and shown: UTF-8, short, printable.
func Clean(s string, limit int) bool {
	if len(s) > limit || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// DigestOf is the SHA-256 of a document, in hexadecimal.
func DigestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Inert keeps a spreadsheet from running a cell that begins like a formula.
func Inert(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}

// CleanMatricule reports whether s may be kept and shown as a matricule.
func CleanMatricule(s string) bool { return s != "" && Clean(s, MaxMatricule) }
