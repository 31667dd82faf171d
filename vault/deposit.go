package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/packs"
)

// prepared is a document on its way to the journal.
type prepared struct {
	corps  acts.Depot
	tag    []byte // of the business key
	digest []byte // tag of the SHA-256
	blob   BlobName
	lieu   []byte // of the blob
	draft  *journal.Draft
	index  int64 // of the event, once committed or found
	deja   bool
	twin   *prepared // the same business key, earlier in the batch
	found  *found    // what the catalogue has under it
	paper  []byte    // tag on the paper list
	own    *ownSession
	err    error // an anomaly: the document is refused, the batch goes on
}

// Deposit implements [Store].
func (c *Coffre) Deposit(ctx context.Context, par Acteur, lot []Document) ([]Resultat, error) {
	if len(lot) == 0 {
		return nil, nil
	}
	if len(lot) > MaxLot {
		return nil, fmt.Errorf("deposit %d documents at once: the limit is %d", len(lot), MaxLot)
	}
	awaited := make([]*prepared, len(lot))
	for i := range lot {
		awaited[i] = &prepared{err: lot[i].validate()}
	}
	employers, err := c.admit(ctx, par, lot, awaited)
	if err != nil {
		return nil, err
	}
	agents, err := c.agentsOf(ctx, lot, awaited)
	if err != nil {
		return nil, err
	}
	envelopes, err := c.envelopes(ctx, employers)
	if err != nil {
		return nil, err
	}
	if err := c.firstLook(ctx, lot, awaited, agents); err != nil {
		return nil, err
	}
	if err := c.admitSessions(ctx, par, lot, awaited, employers); err != nil {
		return nil, err
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(c.opts.Workers)
	for i := range lot {
		if awaited[i].err != nil {
			continue
		}
		group.Go(func() error {
			return c.prepare(gctx, par, &lot[i], awaited[i], agents[lot[i].Identite.Key()], envelopes[lot[i].Employeur])
		})
	}
	if err := group.Wait(); err != nil {
		c.forget(ctx, awaited)
		return nil, err
	}
	var lieux [][]byte
	for _, p := range awaited {
		if p.draft != nil {
			lieux = append(lieux, p.lieu)
		}
	}
	if err := c.blobs.Sync(ctx, lieux); err != nil {
		if errors.Is(err, disk.ErrSync) {
			c.fail(err)
		}
		return nil, err
	}
	if err := c.commitLot(ctx, par, awaited, envelopes); err != nil {
		return nil, err
	}
	return c.results(ctx, awaited)
}

// MayDeposit implements [Depositaire].
func (c *Coffre) MayDeposit(ctx context.Context, par Acteur, siret string) error {
	_, err := c.admitted(ctx, par, siret)
	return err
}

// admitted gives an employer for whom par may deposit.
func (c *Coffre) admitted(ctx context.Context, par Acteur, siret string) (*Employeur, error) {
	err := c.require(ctx, par, siret, DroitDepot)
	if err != nil {
		return nil, c.denied(ctx, par, "depot", ID{}, err)
	}
	e, err := c.activeEmployer(ctx, siret)
	if err != nil {
		return nil, c.denied(ctx, par, "depot", ID{}, err)
	}
	return e, nil
}

// admit refuses the documents of employers that are not active or for whom par
// may not deposit, and returns the others.
func (c *Coffre) admit(ctx context.Context, par Acteur, lot []Document, awaited []*prepared) (map[string]*Employeur, error) {
	type answer struct {
		e   *Employeur
		err error
	}
	seen := map[string]answer{}
	for i := range lot {
		if awaited[i].err != nil {
			continue
		}
		siret := lot[i].Employeur
		a, ok := seen[siret]
		if !ok {
			if a.e, a.err = c.admitted(ctx, par, siret); a.err != nil && !faults.Is(a.err) {
				return nil, a.err
			}
			seen[siret] = a
		}
		awaited[i].err = a.err
	}
	active := map[string]*Employeur{}
	for siret, a := range seen {
		if a.err == nil {
			active[siret] = a.e
		}
	}
	return active, nil
}

// prepare reads a document, refuses it or encrypts it and puts its blob. Only
// errors of the machine are returned: a refusal goes into p.err.
func (c *Coffre) prepare(ctx context.Context, par Acteur, d *Document, p *prepared, a *book.Agent, env *envelope) error {
	if !samePerson(a.Identite, d.Identite) {
		p.err = faults.Of(Codes.New("COF-220"), d.Matricule)
		return nil
	}
	room := rooms.Get().(*room)
	defer room.leave()
	pdf, err := c.content(ctx, d, &room.pdf)
	if err == nil {
		if err = checkPDF(ctx, pdf); err == nil && c.opts.Controle != nil {
			err = c.opts.Controle(ctx, d, pdf)
		}
	}
	if err != nil {
		if a, ok := faults.As(err); ok {
			a.Matricule = d.Matricule
			p.err = a
			return nil
		}
		return err
	}
	p.corps = acts.Depot{Identite: d.Identite, Periode: d.Periode, Nature: d.Nature, Sequence: d.Sequence, Version: d.Version, Parent: d.Parent,
		Titre: d.Titre, Versement: p.session(d), Agent: a.ID, Deposant: par.Nom, Taille: int64(len(pdf)), Empreinte: acts.DigestOf(pdf)}
	p.digest = c.book.Keys.Tag("empreinte", []byte(p.corps.Empreinte))
	if p.found != nil {
		c.settle(ctx, c.book.Read, p)
		return nil
	}
	b, err := keys.Draw(c.opts.Random, 16+2*keys.Size)
	if err != nil {
		return err
	}
	id, dek, subject := ID(b[:16]), b[16:16+keys.Size], b[16+keys.Size:]
	blob, name, err := packs.Append(room.blob[:0], c.opts.Random, id, dek, pdf)
	if err != nil {
		return err
	}
	room.blob = blob
	forAgent, err := keys.SealTo(a.Public, dek, keys.Context("agent", id))
	if err != nil {
		return err
	}
	forDouble, err := keys.Seal(c.opts.Random, env.double, dek, keys.Context("double", id))
	if err != nil {
		return err
	}
	forSecours, err := keys.Seal(c.opts.Random, env.secours, dek, keys.Context("secours", id))
	if err != nil {
		return err
	}
	lieu, err := c.blobs.Put(ctx, name, blob)
	if err != nil {
		if errors.Is(err, disk.ErrSync) {
			c.fail(err)
		}
		return err
	}
	r := &journal.Record{}
	r.Add(journal.SlotAgent, forAgent)
	r.Add(journal.SlotDouble, append(env.id[:], forDouble...))
	r.Add(journal.SlotSecours, append(env.id[:], forSecours...))
	if lieu != nil {
		r.Add(journal.SlotLieu, lieu)
	}
	p.blob, p.lieu = name, lieu
	p.draft = &journal.Draft{Genre: EvDepot, Sujet: id, Blob: name, Corps: p.corps, NewKey: subject, Slots: r.Parts}
	return nil
}

// room is where a document is read and encrypted. Rooms are used again, but
// for those that a large document made large.
type room struct {
	pdf  bytes.Buffer
	blob []byte
}

var rooms = sync.Pool{New: func() any { return &room{} }}

func (r *room) leave() {
	if r.pdf.Cap()+cap(r.blob) <= 4<<20 {
		rooms.Put(r)
	}
}

// content reads the PDF of a document within the limit. It is in b.
func (c *Coffre) content(ctx context.Context, d *Document, b *bytes.Buffer) ([]byte, error) {
	r, err := d.Contenu(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the document of matricule %s: %w", d.Matricule, err)
	}
	defer r.Close()
	b.Reset()
	if _, err := b.ReadFrom(io.LimitReader(r, c.opts.MaxDocument+1)); err != nil {
		return nil, fmt.Errorf("read the document of matricule %s: %w", d.Matricule, err)
	}
	if int64(b.Len()) > c.opts.MaxDocument {
		return nil, Codes.New("COF-203", c.opts.MaxDocument)
	}
	return b.Bytes(), nil
}

// commitLot commits the events of a batch, at most one a business key.
func (c *Coffre) commitLot(ctx context.Context, par Acteur, awaited []*prepared, envelopes map[string]*envelope) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	type wait struct {
		p  *prepared
		at int // among the drafts
	}
	var waits []wait
	op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		var drafts []*journal.Draft
		waits = waits[:0]
		digests := map[string]bool{}
		for _, env := range envelopes {
			env.used = false
		}
		first := map[string]*prepared{}
		var tags [][]byte
		for _, p := range awaited {
			if p.draft != nil {
				tags = append(tags, p.tag)
			}
		}
		there, err := c.existing(t.ctx, t.tx, tags)
		if err != nil {
			return nil, err
		}
		for _, p := range awaited {
			if p.draft == nil {
				continue
			}
			if twin := first[string(p.tag)]; twin != nil {
				p.deja, p.twin = true, twin
				if string(twin.digest) != string(p.digest) {
					p.err = conflicts(p, twin.corps.Empreinte)
				}
				continue
			}
			if err := t.claim(p.tag); err != nil {
				return nil, err
			}
			first[string(p.tag)] = p
			if p.found = there[string(p.tag)]; p.found != nil {
				c.settle(t.ctx, t.tx, p)
				continue
			}
			if refusal, err := t.sessionTakes(par, p); err != nil {
				return nil, err
			} else if refusal != nil {
				p.deja, p.err = true, faults.Of(refusal, p.corps.Matricule)
				continue
			}
			if same, err := c.sameBytes(t, p, digests); err != nil {
				return nil, err
			} else if same {
				p.deja, p.err = true, faults.Of(Codes.New("COF-218"), p.corps.Matricule)
				continue
			}
			if env := envelopes[p.corps.Employeur]; !env.used {
				if err := env.renew(t); err != nil {
					return nil, err
				}
				env.used = true
				drafts = append(drafts, env.draft)
			}
			waits = append(waits, wait{p, len(drafts)})
			drafts = append(drafts, p.draft)
		}
		filed := make([]*prepared, len(waits))
		for i := range waits {
			filed[i] = waits[i].p
		}
		return t.ownSessions(par, drafts, filed)
	}}
	if err := c.commit(ctx, op); err != nil {
		return err
	}
	for _, w := range waits {
		w.p.index = op.indexes[w.at]
	}
	for _, p := range awaited {
		if p.draft == nil || !p.deja {
			continue
		}
		if p.twin != nil {
			p.index = p.twin.index
		}
		// Its blob is not the one that was filed.
		if err := c.blobs.Delete(ctx, p.blob, p.lieu); err != nil {
			c.opts.Log.Warn("blob of a twin deposit stays until it is swept", "err", err)
		}
	}
	return nil
}

// forget removes the blobs of a batch that was given up.
func (c *Coffre) forget(ctx context.Context, awaited []*prepared) {
	for _, p := range awaited {
		if p.draft != nil {
			if err := c.blobs.Delete(context.WithoutCancel(ctx), p.blob, p.lieu); err != nil {
				c.opts.Log.Warn("blob of a batch given up stays until it is swept", "err", err)
			}
		}
	}
}

func (c *Coffre) results(ctx context.Context, awaited []*prepared) ([]Resultat, error) {
	out := make([]Resultat, len(awaited))
	var lot checkpoint
	for i, p := range awaited {
		out[i] = Resultat{Err: p.err, Deja: p.deja}
		if p.err != nil {
			continue
		}
		var err error
		if p.deja {
			out[i].Recu, err = c.recu(ctx, p.index)
		} else {
			if !lot.covers(p.index) {
				lot, err = c.checkpointOf(ctx, p.index)
			}
			if err == nil {
				out[i].Recu, err = c.recuOf(ctx, p.draft.Header, p.draft.Salt, p.draft.Body, lot)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("make the receipt of matricule %s: %w", p.corps.Matricule, err)
		}
	}
	return out, nil
}
