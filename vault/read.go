package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

// filed is a document found in the catalogue, with its record.
type filed struct {
	id        ID
	idx       int64
	agent     ID
	siret     string
	copies    Copie
	distribue bool
	rec       *record
	corps     corpsDepot
	key       []byte // of the subject
}

// find reads a document; nil when there is none or it was destroyed.
func (c *Coffre) find(ctx context.Context, id ID) (*filed, error) {
	d := &filed{id: id}
	var agent []byte
	var siret sql.NullString
	err := c.read.QueryRowContext(ctx, "SELECT idx, agent, siret, copies, "+distributed+" FROM documents WHERE id=?", id[:]).Scan(&d.idx, &agent, &siret, &d.copies, &d.distribue)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look up a document: %w", err)
	}
	if d.copies == 0 || len(agent) != len(ID{}) {
		return nil, nil
	}
	d.agent, d.siret = ID(agent), siret.String
	if d.rec, err = c.recordAt(ctx, c.read, d.idx); err != nil {
		return nil, err
	}
	if d.rec.Sujet != id {
		return nil, Codes.New("COF-113")
	}
	if d.key, err = c.keys.subjectKey(d.rec); err == nil {
		err = c.keys.body(d.rec, d.key, &d.corps)
	}
	if err != nil {
		return nil, matriculeOf(Codes.New("COF-118", fmt.Sprint(d.idx)), d.corps.Matricule)
	}
	return d, nil
}

// distributed is the condition under which agents see a document.
const distributed = "(versement IS NULL OR EXISTS (SELECT 1 FROM versements v WHERE v.id=versement AND v.distribue=1))"

func (d *filed) metadata() Metadata {
	b := &d.corps
	return Metadata{ID: d.id, Identite: b.Identite, Periode: b.Periode, Nature: b.Nature, Sequence: b.Sequence, Version: b.Version, Parent: b.Parent,
		Titre: b.Titre, Versement: b.Versement, Agent: b.Agent, Deposant: b.Deposant, Date: time.UnixMilli(d.rec.Temps).UTC(),
		Taille: b.Taille, Algorithme: "SHA-256", Empreinte: b.Empreinte, Index: d.idx, Copies: d.copies}
}

// masked is what an administrator sees: no name and no title.
func (m Metadata) masked() Metadata {
	m.Nom, m.Prenom, m.Titre = "", "", ""
	return m
}

// reach finds a document that par may use with one of droits. What par may not
// know of is refused as unknown; the refusal is in the journal.
func (c *Coffre) reach(ctx context.Context, par Acteur, objet string, id ID, droits ...Droit) (*filed, error) {
	d, err := c.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, c.denied(ctx, par, objet, ID{}, c.unknown(ctx, par, id))
	}
	unknown := Codes.New("COF-204")
	switch par.Role {
	case RoleAgent:
		if d.agent != par.Agent || !d.distribue || d.copies&CopieAgent == 0 {
			return nil, c.denied(ctx, par, objet, id, unknown)
		}
		return d, nil
	case RoleAdministrateur:
		if objet == "lecture" || objet == "destruction" {
			return nil, c.denied(ctx, par, objet, id, Codes.New("COF-306"))
		}
		return d, nil
	}
	if err := c.require(ctx, par, d.siret, droits...); err != nil {
		if isAnomalie(err) && c.require(ctx, par, d.siret, Droits...) != nil {
			err = unknown // no right at all over this employer
		}
		return nil, c.denied(ctx, par, objet, id, err)
	}
	return d, nil
}

// log writes one event, about a document unless d is nil.
func (c *Coffre) log(ctx context.Context, genre Genre, d *filed, corps any) error {
	dr := &draft{genre: genre, corps: corps}
	if d != nil {
		dr.sujet, dr.cle = d.id, d.key
	}
	return c.commit(ctx, &operation{prepare: func(*transaction) ([]*draft, error) { return []*draft{dr}, nil }})
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
		dek, err = c.agentDEK(ctx, d)
	} else {
		dek, err = c.doubleDEK(ctx, d)
	}
	if err != nil {
		return Metadata{}, err
	}
	plain, err := c.decrypt(ctx, d, dek)
	if err != nil {
		return Metadata{}, err
	}
	if err := c.log(ctx, EvLecture, d, corpsActe{Par: par.Nom}); err != nil {
		return Metadata{}, err
	}
	if _, err := w.Write(plain); err != nil {
		return Metadata{}, fmt.Errorf("hand over a document: %w", err)
	}
	return c.told(ctx, d.metadata())
}

// decrypt reads the blob of a document and returns it whole and verified.
func (c *Coffre) decrypt(ctx context.Context, d *filed, dek []byte) ([]byte, error) {
	blob, err := c.blobs.Get(ctx, d.rec.Blob, d.rec.intact(slotLieu), d.corps.Taille+int64(blobOverhead))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, matriculeOf(Codes.New("COF-120", d.rec.Blob.String()), d.corps.Matricule)
	}
	if err != nil && !errors.Is(err, errBlob) {
		return nil, err
	}
	plain, err := decodeBlob(blob, d.rec.Blob, d.id, dek)
	if err != nil || digestOf(plain) != d.corps.Empreinte {
		return nil, unreadable(err, matriculeOf(Codes.New("COF-121", d.rec.Blob.String()), d.corps.Matricule))
	}
	return plain, nil
}

// agentDEK opens the document key with the agent's key, itself opened with the
// master key.
func (c *Coffre) agentDEK(ctx context.Context, d *filed) ([]byte, error) {
	maitre, err := c.privateKeys(ctx, CleMaitre)
	if err != nil {
		return nil, err
	}
	damaged := matriculeOf(Codes.New("COF-117"), d.corps.Matricule)
	seed, err := c.openWrap(ctx, d.agent, maitre, wrapMaitre)
	if errors.Is(err, errUnseal) {
		return nil, damaged
	}
	if err != nil {
		return nil, err
	}
	pair, err := pairFrom(seed)
	if err != nil {
		return nil, damaged
	}
	dek, err := unsealWith(pair, d.rec.intact(slotAgent), keyContext("agent", d.id))
	if err != nil {
		return nil, unreadable(err, damaged)
	}
	return dek, nil
}

// doubleDEK opens the document key with the key of the employer.
func (c *Coffre) doubleDEK(ctx context.Context, d *filed) ([]byte, error) {
	private, err := c.privateKeys(ctx, CleEmployeur(d.siret))
	if err != nil {
		return nil, err
	}
	return (&envelopeCache{}).dek(ctx, c, d, private, wrapDouble)
}

// Metadata implements [Store].
func (c *Coffre) Metadata(ctx context.Context, par Acteur, id ID) (Metadata, error) {
	d, err := c.reach(ctx, par, "metadonnees", id, DroitSuivi, DroitLecture)
	if err != nil {
		return Metadata{}, err
	}
	if err := c.log(ctx, EvMetadata, d, corpsActe{Par: par.Nom}); err != nil {
		return Metadata{}, err
	}
	if par.Role == RoleAdministrateur {
		return c.told(ctx, d.metadata().masked())
	}
	return c.told(ctx, d.metadata())
}

// Check implements [Store].
func (c *Coffre) Check(ctx context.Context, par Acteur, id ID) (Controle, error) {
	d, err := c.reach(ctx, par, "controle", id, DroitSuivi, DroitLecture)
	if err != nil {
		return Controle{}, err
	}
	if err := c.log(ctx, EvControle, d, corpsActe{Par: par.Nom}); err != nil {
		return Controle{}, err
	}
	out := Controle{Depuis: time.UnixMilli(d.rec.Temps).UTC()}
	fault := func(code string, args ...any) {
		out.Fautes = append(out.Fautes, matriculeOf(Codes.New(code, args...), d.corps.Matricule))
	}
	blob, err := c.blobs.Get(ctx, d.rec.Blob, d.rec.intact(slotLieu), d.corps.Taille+int64(blobOverhead))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fault("COF-120", d.rec.Blob.String())
	case err != nil && !errors.Is(err, errBlob):
		return out, err
	case checkBlob(blob, d.rec.Blob, d.id) != nil:
		fault("COF-121", d.rec.Blob.String())
	}
	for i := range d.rec.slots {
		if s := &d.rec.slots[i]; s.state() == slotDamaged {
			fault("COF-122", s.kind.String(), fmt.Sprint(d.idx))
		}
	}
	var newest checkpoint
	if err := c.read.QueryRowContext(ctx, "SELECT debut, taille, note FROM lots ORDER BY n DESC LIMIT 1").Scan(&newest.debut, &newest.taille, &newest.note); err != nil {
		return out, fmt.Errorf("read the newest checkpoint: %w", err)
	}
	if out.Recu, err = c.recuUnder(ctx, d.idx, newest); err != nil {
		return out, err
	}
	if err := out.Recu.Verify(c.Verificateur(), d.corps.Empreinte); err != nil {
		fault("COF-123", fmt.Sprint(d.idx))
	}
	return out, nil
}
