package vault

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
	"unicode"
	"unicode/utf8"

	"paye/internal/identifiants"
)

// ID names a document, an agent or a session of deposit: 128 random bits,
// written as 32 hexadecimal digits. It says nothing of whom it names.
type ID [16]byte

func (id ID) String() string               { return hex.EncodeToString(id[:]) }
func (id ID) IsZero() bool                 { return id == ID{} }
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (id *ID) UnmarshalText(b []byte) error {
	v, err := ParseID(string(b))
	*id = v
	return err
}

// ParseID reads 32 lower-case hexadecimal digits.
func ParseID(s string) (id ID, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(id) || hex.EncodeToString(b) != s {
		return id, fmt.Errorf("identifier of %d characters is not 32 hexadecimal digits", len(s))
	}
	return ID(b), nil
}

// Nature is what a document is.
type Nature string

const (
	Bulletin Nature = "bulletin"
	Annexe   Nature = "annexe"
)

// Periode is the month a document is of.
type Periode = identifiants.Periode

// ParsePeriode reads "2026-09".
func ParsePeriode(s string) (Periode, error) { return identifiants.ParsePeriode(s) }

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

// Document is one document to deposit. The business key is Employeur,
// Matricule, Periode, Nature, Sequence and Version.
type Document struct {
	Identite
	Periode   Periode
	Nature    Nature
	Sequence  int    // from 0, for several documents of one nature in a month
	Version   int    // 0, or n for the n-th rectificatif of the same document
	Parent    ID     // the slip that an annexe goes with, else zero
	Titre     string // file name for people, such as "Bulletin 2026-09.pdf"; sealed
	Versement ID     // the session of deposit, else zero

	// Contenu gives the bytes of the PDF. It may be called from another
	// goroutine, at most once a deposit, and the reader is closed.
	Contenu func(context.Context) (io.ReadCloser, error)
}

// Metadata is what the store says of a document: the six mandatory items of
// NF Z42-020 (identifier, depositor, date, size, hash algorithm, hash) and the
// business key.
type Metadata struct {
	ID ID `json:"id"`
	Identite
	Periode    Periode   `json:"periode"`
	Nature     Nature    `json:"nature"`
	Sequence   int       `json:"sequence"`
	Version    int       `json:"version"`
	Parent     ID        `json:"parent,omitzero"`
	Titre      string    `json:"titre,omitempty"`
	Versement  ID        `json:"versement,omitzero"`
	Agent      ID        `json:"agent"`
	Deposant   string    `json:"deposant"`
	Date       time.Time `json:"date"`   // of the deposit
	Taille     int64     `json:"taille"` // bytes of the document
	Algorithme string    `json:"algorithme"`
	Empreinte  string    `json:"empreinte"` // SHA-256 of the document, hexadecimal
	Index      int64     `json:"index"`     // leaf of the journal
	Copies     Copie     `json:"copies"`    // the copies that can still be opened

	Effacement *Effacement `json:"effacement,omitempty"` // of the other copies, the last
}

// Copie is a set of the ways to a document: the agent's and the employer's
// double have each its own wrapped key and its own life.
type Copie uint8

const (
	CopieAgent Copie = 1 << iota
	CopieDouble
	ToutesCopies = CopieAgent | CopieDouble
)

// Limits of the identifying fields, in bytes.
const (
	maxMatricule = 64
	maxNom       = 256
	maxTitre     = 256
	// MaxDocument is the default limit of a document, in bytes.
	MaxDocument = 32 << 20
)

// validate returns an anomaly for a document that cannot be filed.
func (d *Document) validate() error {
	if err := d.Identite.validate(); err != nil {
		return err
	}
	bad := func(champ string) error { return matriculeOf(Codes.New("COF-201", champ), d.Matricule) }
	switch {
	case !d.Periode.Valid():
		return bad("periode")
	case d.Nature != Bulletin && d.Nature != Annexe:
		return bad("nature")
	case d.Sequence < 0 || d.Sequence > 9999:
		return bad("sequence")
	case d.Version < 0 || d.Version > 9999:
		return bad("version")
	case !clean(d.Titre, maxTitre):
		return bad("titre")
	case d.Nature == Bulletin && !d.Parent.IsZero():
		return bad("parent")
	case d.Contenu == nil:
		return bad("contenu")
	}
	return nil
}

func (i *Identite) validate() error {
	switch {
	case !identifiants.IsSIRET(i.Employeur):
		return Codes.New("COF-201", "employeur")
	case i.Matricule == "" || !clean(i.Matricule, maxMatricule):
		return Codes.New("COF-201", "matricule")
	case !clean(i.Nom, maxNom) || !clean(i.Prenom, maxNom):
		return matriculeOf(Codes.New("COF-201", "nom"), i.Matricule)
	}
	return nil
}

// clean reports whether s may be kept and shown: UTF-8, short, printable.
func clean(s string, limit int) bool {
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

// corpsDepot is the body of a deposit in the journal. Its JSON is canonical:
// the order of the fields is the one below, and the commitment covers it.
type corpsDepot struct {
	Identite
	Periode   Periode `json:"periode"`
	Nature    Nature  `json:"nature"`
	Sequence  int     `json:"sequence"`
	Version   int     `json:"version"`
	Parent    ID      `json:"parent,omitzero"`
	Titre     string  `json:"titre,omitempty"`
	Versement ID      `json:"versement,omitzero"`
	Agent     ID      `json:"agent"`
	Deposant  string  `json:"deposant"`
	Taille    int64   `json:"taille"`
	Empreinte string  `json:"empreinte"`
}

// businessKey is what two deposits of the same document share.
func (c *corpsDepot) businessKey() []byte {
	b, err := json.Marshal([]any{c.Employeur, c.Matricule, c.Periode.String(), c.Nature, c.Sequence, c.Version})
	if err != nil {
		panic("vault: strings and integers do not marshal: " + err.Error())
	}
	return b
}
