package vault

import (
	"context"
	"fmt"
	"io"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/faults"
)

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

// validate returns an anomaly for a document that cannot be filed.
func (d *Document) validate() error {
	if err := d.Identite.Validate(); err != nil {
		return err
	}
	bad := func(champ string, has any) error {
		a := faults.Of(Codes.New("COF-201", champ), d.Matricule)
		if has != nil {
			a.Trouve = fmt.Sprint(has)
		}
		return a
	}
	switch {
	case !d.Periode.Valid():
		return bad("periode", d.Periode)
	case d.Nature != Bulletin && d.Nature != Annexe:
		return bad("nature", d.Nature)
	case d.Sequence < 0 || d.Sequence > 9999:
		return bad("sequence", d.Sequence)
	case d.Version < 0 || d.Version > 9999:
		return bad("version", d.Version)
	case !acts.Clean(d.Titre, acts.MaxTitre):
		return bad("titre", nil)
	case d.Nature == Bulletin && !d.Parent.IsZero():
		return bad("parent", nil)
	case d.Contenu == nil:
		return bad("contenu", nil)
	}
	return nil
}
