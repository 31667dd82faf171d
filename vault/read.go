package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/packs"
)

func metadataOf(d *book.Filed) Metadata {
	b := &d.Corps
	return Metadata{ID: d.ID, Identite: b.Identite, Periode: b.Periode, Nature: b.Nature, Sequence: b.Sequence, Version: b.Version, Parent: b.Parent,
		Titre: b.Titre, Versement: b.Versement, Agent: b.Agent, Deposant: b.Deposant, Date: time.UnixMilli(d.Rec.Temps).UTC(),
		Taille: b.Taille, Algorithme: "SHA-256", Empreinte: b.Empreinte, Index: d.Idx, Copies: d.Copies}
}

// masked is what an administrator sees: no name and no title.
func (m Metadata) masked() Metadata {
	m.Nom, m.Prenom, m.Titre = "", "", ""
	return m
}

// reach finds a document that par may use with one of droits. What par may not
// know of is refused as unknown; the refusal is in the journal.
func (c *Coffre) reach(ctx context.Context, par Acteur, objet string, id ID, droits ...Droit) (*book.Filed, error) {
	d, err := c.book.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, c.denied(ctx, par, objet, ID{}, c.unknown(ctx, par, id))
	}
	unknown := Codes.New("COF-204")
	switch par.Role {
	case RoleAgent:
		if d.Agent != par.Agent || !d.Distribue || d.Copies&CopieAgent == 0 {
			return nil, c.denied(ctx, par, objet, id, unknown)
		}
		return d, nil
	case RoleAdministrateur:
		if objet == "lecture" || objet == "destruction" {
			return nil, c.denied(ctx, par, objet, id, Codes.New("COF-306"))
		}
		return d, nil
	}
	if err := c.require(ctx, par, d.Siret, droits...); err != nil {
		if faults.Is(err) && c.require(ctx, par, d.Siret, Droits...) != nil {
			err = unknown // no right at all over this employer
		}
		return nil, c.denied(ctx, par, objet, id, err)
	}
	return d, nil
}

// log writes one event, about a document unless d is nil.
func (c *Coffre) log(ctx context.Context, genre Genre, d *book.Filed, corps any) error {
	if c.frozen.Load() != nil {
		// Nothing is signed; what is read is still said.
		c.opts.Log.Warn("vault does not continue its witness: an access is not in its journal", "genre", genre.String())
		return nil
	}
	dr := draftOf(genre, d, corps)
	return c.commit(ctx, &operation{prepare: func(*transaction) ([]*journal.Draft, error) { return []*journal.Draft{dr}, nil }})
}

// Read implements [Store]. An agent reads with his own key, everybody else
// with the key of the employer's double. The reading is in the journal before
// the first byte is written.
func (c *Coffre) Read(ctx context.Context, par Acteur, id ID, w io.Writer) (Metadata, error) {
	d, err := c.reach(ctx, par, "lecture", id, DroitLecture)
	if err != nil {
		return Metadata{}, err
	}
	var dek []byte
	if par.Role == RoleAgent {
		dek, err = c.book.AgentDEK(ctx, d)
	} else {
		dek, err = c.book.DoubleDEK(ctx, d)
	}
	if err != nil {
		return Metadata{}, err
	}
	plain, err := c.decrypt(ctx, d, dek)
	if err != nil {
		return Metadata{}, err
	}
	if err := c.log(ctx, EvLecture, d, acts.Acte{Par: par.Nom}); err != nil {
		return Metadata{}, err
	}
	if _, err := w.Write(plain); err != nil {
		return Metadata{}, fmt.Errorf("hand over a document: %w", err)
	}
	return c.told(ctx, metadataOf(d))
}

// decrypt reads the blob of a document and returns it whole and verified.
func (c *Coffre) decrypt(ctx context.Context, d *book.Filed, dek []byte) ([]byte, error) {
	blob, err := c.blobs.Get(ctx, d.Rec.Blob, d.Rec.Intact(journal.SlotLieu), d.Corps.Taille+int64(packs.Overhead))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, faults.Of(Codes.New("COF-120", d.Rec.Blob.String()), d.Corps.Matricule)
	}
	if err != nil && !errors.Is(err, packs.ErrBlob) {
		return nil, err
	}
	plain, err := packs.Open(blob, d.Rec.Blob, d.ID, dek)
	if err != nil || acts.DigestOf(plain) != d.Corps.Empreinte {
		return nil, keys.Unreadable(err, faults.Of(Codes.New("COF-121", d.Rec.Blob.String()), d.Corps.Matricule))
	}
	return plain, nil
}

// Metadata implements [Store].
func (c *Coffre) Metadata(ctx context.Context, par Acteur, id ID) (Metadata, error) {
	d, err := c.reach(ctx, par, "metadonnees", id, DroitSuivi, DroitLecture)
	if err != nil {
		return Metadata{}, err
	}
	if err := c.look(ctx, par, EvMetadata, d, acts.Acte{Par: par.Nom}); err != nil {
		return Metadata{}, err
	}
	if par.Role == RoleAdministrateur {
		return c.told(ctx, metadataOf(d).masked())
	}
	return c.told(ctx, metadataOf(d))
}

// Check implements [Store].
func (c *Coffre) Check(ctx context.Context, par Acteur, id ID) (Controle, error) {
	d, err := c.reach(ctx, par, "controle", id, DroitSuivi, DroitLecture)
	if err != nil {
		return Controle{}, err
	}
	if err := c.look(ctx, par, EvControle, d, acts.Acte{Par: par.Nom}); err != nil {
		return Controle{}, err
	}
	out := Controle{Depuis: time.UnixMilli(d.Rec.Temps).UTC()}
	fault := func(code string, args ...any) {
		out.Fautes = append(out.Fautes, faults.Of(Codes.New(code, args...), d.Corps.Matricule))
	}
	blob, err := c.blobs.Get(ctx, d.Rec.Blob, d.Rec.Intact(journal.SlotLieu), d.Corps.Taille+int64(packs.Overhead))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fault("COF-120", d.Rec.Blob.String())
	case err != nil && !errors.Is(err, packs.ErrBlob):
		return out, err
	case packs.Check(blob, d.Rec.Blob, d.ID) != nil:
		fault("COF-121", d.Rec.Blob.String())
	}
	for i := range d.Rec.Parts {
		if s := &d.Rec.Parts[i]; s.State() == journal.SlotDamaged {
			fault("COF-122", s.Kind.String(), fmt.Sprint(d.Idx))
		}
	}
	var newest checkpoint
	if err := c.book.Read.QueryRowContext(ctx, "SELECT debut, taille, note FROM lots ORDER BY n DESC LIMIT 1").Scan(&newest.debut, &newest.taille, &newest.note); err != nil {
		return out, catalogue.Fault(err, "read the newest checkpoint")
	}
	if out.Recu, err = c.recuUnder(ctx, d.Idx, newest); err != nil {
		return out, err
	}
	if err := out.Recu.Verify(c.book.Desc.Journal, d.Corps.Empreinte); err != nil {
		fault("COF-123", fmt.Sprint(d.Idx))
	}
	return out, nil
}
