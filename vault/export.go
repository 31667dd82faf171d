package vault

import (
	"archive/zip"
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
)

// RapportExport says what an export holds.
type RapportExport struct {
	Documents int64  `json:"documents"`
	Octets    int64  `json:"octets"` // of documents
	Point     string `json:"point"`  // the checkpoint that all proofs lead to
}

// exportRoot is the folder of the bag inside the zip.
const exportRoot = "xhl-export"

// LigneExport is one document in index.json; index.csv has the same columns.
type LigneExport struct {
	Fichier string `json:"fichier"` // below data/
	Preuve  string `json:"preuve"`  // receipt, below data/
	Metadata
}

var exportColumns = []string{"fichier", "preuve", "id", "employeur", "matricule", "nom", "prenom", "periode", "nature", "sequence", "version", "titre", "deposant", "date", "taille", "algorithme", "empreinte", "index"}

func (l *LigneExport) row() []string {
	return []string{l.Fichier, l.Preuve, l.ID.String(), l.Employeur, l.Matricule, l.Nom, l.Prenom, l.Periode.String(), string(l.Nature), strconv.Itoa(l.Sequence),
		strconv.Itoa(l.Version), l.Titre, l.Deposant, l.Date.Format(time.RFC3339Nano), strconv.FormatInt(l.Taille, 10), l.Algorithme, l.Empreinte, strconv.FormatInt(l.Index, 10)}
}

// Export writes the documents that f chooses as one zip in the form of BagIt
// (RFC 8493): the PDFs as they were deposited, index.csv and index.json, a
// receipt for each against one checkpoint, and proofs that the checkpoints
// saved before are prefixes of it. The program vault/verifexport verifies it
// without the store. An agent exports his own documents with his key,
// others those of an employer through the double.
func (c *Coffre) Export(ctx context.Context, par Acteur, f Filtre, w io.Writer) (*RapportExport, error) {
	if par.Role == RoleAdministrateur {
		return nil, c.denied(ctx, par, "export", ID{}, Codes.New("COF-306"))
	}
	if par.Role != RoleAgent {
		if err := c.require(ctx, par, f.Employeur, DroitLecture); err != nil {
			return nil, c.denied(ctx, par, "export", ID{}, err)
		}
	}
	n, err := c.Count(ctx, par, f)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, Codes.New("COF-901")
	}
	if err := c.log(ctx, EvExport, nil, acts.Acte{Par: par.Nom, Objet: f.Employeur}); err != nil {
		return nil, err
	}
	return c.export(ctx, par, f, w, nil)
}

// Secours is how the recovery key is used: by two persons, for a reason.
type Secours struct {
	Cle    string // file of the recovery key
	Second Acteur // a user with the right « lecture », not the one who exports
	Motif  string // why, and who consented; agents read it in their journal
}

// ExportSecours is [Coffre.Export] with the recovery key, for when the keys of
// the employer are lost. The opening of each document is an event that its
// agent sees.
func (c *Coffre) ExportSecours(ctx context.Context, par Acteur, s Secours, f Filtre, w io.Writer) (*RapportExport, error) {
	refuse := func(err error) (*RapportExport, error) {
		return nil, c.denied(ctx, par, "cle de secours", ID{}, err)
	}
	if par.Role != RoleSysteme && par.Role != RoleUtilisateur {
		return refuse(Codes.New("COF-306"))
	}
	if err := c.require(ctx, par, f.Employeur, DroitLecture); err != nil {
		return refuse(err)
	}
	if s.Motif == "" || !acts.Clean(s.Motif, 256) || s.Second.Role != RoleUtilisateur || s.Second.Nom == par.Nom {
		return refuse(Codes.New("COF-222"))
	}
	if err := c.require(ctx, s.Second, f.Employeur, DroitLecture); err != nil {
		return refuse(err)
	}
	private, err := c.book.SecoursKeys(ctx, s.Cle)
	if err != nil {
		return refuse(err)
	}
	n, err := c.Count(ctx, par, f)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, Codes.New("COF-901")
	}
	act := acts.Acte{Par: par.Nom + " et " + s.Second.Nom, Objet: f.Employeur, Cause: s.Motif}
	if err := c.log(ctx, EvExport, nil, act); err != nil {
		return nil, err
	}
	return c.export(ctx, par, f, w, func(ctx context.Context, e *export, d *book.Filed) ([]byte, error) {
		dek, err := e.envs.DEK(ctx, c.book, d, private, book.WrapSecours)
		if err != nil {
			return nil, err
		}
		return dek, c.log(ctx, EvSecours, d, act)
	})
}

// export writes what was agreed to. key opens a document; nil for the key that
// par reads with.
func (c *Coffre) export(ctx context.Context, par Acteur, f Filtre, w io.Writer, key func(context.Context, *export, *book.Filed) ([]byte, error)) (*RapportExport, error) {
	if a := c.frozen.Load(); a != nil {
		return nil, a // its manifest would be signed
	}
	if key == nil {
		key = exportKey
	}
	var point checkpoint
	if err := c.book.Read.QueryRowContext(ctx, "SELECT debut, taille, note FROM lots ORDER BY n DESC LIMIT 1").Scan(&point.debut, &point.taille, &point.note); err != nil {
		return nil, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	e := &export{c: c, par: par, key: key, point: point, when: c.now(), r: &RapportExport{Point: string(point.note)}}
	if err := e.spool(); err != nil {
		return nil, err
	}
	defer e.close()
	out := bufio.NewWriterSize(w, 1<<16)
	e.zip = zip.NewWriter(out)
	for m, err := range c.List(ctx, par, f) {
		if err == nil && m.Index < point.taille {
			err = e.document(ctx, m)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := e.finish(ctx); err != nil {
		return nil, err
	}
	if err := out.Flush(); err != nil {
		return nil, fmt.Errorf("write the export: %w", err)
	}
	return e.r, nil
}
