package vault

import (
	"context"
	"crypto/hpke"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
	"golang.org/x/sync/errgroup"
)

// MaxLot is the most documents that one Deposit takes. 50 to 200 is best: the
// disk is synced once for the journal of a batch.
const MaxLot = 2000

// prepared is a document on its way to the journal.
type prepared struct {
	corps  corpsDepot
	tag    []byte // of the business key
	digest []byte // tag of the SHA-256
	blob   BlobName
	draft  *draft
	index  int64 // of the event, once committed or found
	deja   bool
	twin   *prepared // the same business key, earlier in the batch
	found  *found    // what the catalogue has under it
	paper  []byte    // tag on the paper list
	err    error     // an anomaly: the document is refused, the batch goes on
}

// Deposit implements [Store].
func (c *Coffre) Deposit(ctx context.Context, par Acteur, lot []Document) ([]Resultat, error) {
	if len(lot) == 0 {
		return nil, nil
	}
	if len(lot) > MaxLot {
		return nil, fmt.Errorf("deposit %d documents at once: the limit is %d", len(lot), MaxLot)
	}
	todo := make([]*prepared, len(lot))
	for i := range lot {
		todo[i] = &prepared{err: lot[i].validate()}
	}
	employers, err := c.admit(ctx, par, lot, todo)
	if err != nil {
		return nil, err
	}
	agents, err := c.agentsOf(ctx, lot, todo)
	if err != nil {
		return nil, err
	}
	envelopes, err := c.envelopes(employers)
	if err != nil {
		return nil, err
	}
	if err := c.firstLook(ctx, lot, todo); err != nil {
		return nil, err
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(c.opts.Workers)
	for i := range lot {
		if todo[i].err != nil {
			continue
		}
		group.Go(func() error {
			return c.prepare(gctx, par, &lot[i], todo[i], agents[lot[i].Identite.key()], envelopes[lot[i].Employeur])
		})
	}
	if err := group.Wait(); err != nil {
		c.forget(ctx, todo)
		return nil, err
	}
	var names []BlobName
	for _, p := range todo {
		if p.draft != nil {
			names = append(names, p.blob)
		}
	}
	if err := c.blobs.Sync(ctx, names); err != nil {
		if errors.Is(err, errSync) {
			c.fail(err)
		}
		return nil, err
	}
	if err := c.commitLot(ctx, todo, envelopes); err != nil {
		return nil, err
	}
	return c.results(ctx, todo)
}

func (i Identite) key() string { return i.Employeur + "\x00" + i.Matricule }

// admit refuses the documents of employers that are not active or for whom par
// may not deposit, and returns the others.
func (c *Coffre) admit(ctx context.Context, par Acteur, lot []Document, todo []*prepared) (map[string]*Employeur, error) {
	type answer struct {
		e   *Employeur
		err error
	}
	seen := map[string]answer{}
	for i := range lot {
		if todo[i].err != nil {
			continue
		}
		siret := lot[i].Employeur
		a, ok := seen[siret]
		if !ok {
			a.err = c.require(ctx, par, siret, DroitDepot)
			if a.err == nil {
				a.e, a.err = c.activeEmployer(ctx, siret)
			}
			if a.err != nil {
				if a.err = c.denied(ctx, par, "depot", ID{}, a.err); !isAnomalie(a.err) {
					return nil, a.err
				}
			}
			seen[siret] = a
		}
		todo[i].err = a.err
	}
	active := map[string]*Employeur{}
	for siret, a := range seen {
		if a.err == nil {
			active[siret] = a.e
		}
	}
	return active, nil
}

func isAnomalie(err error) bool {
	_, ok := asAnomalie(err)
	return ok
}

// envelope holds the keys that wrap document keys for the doubles of one
// batch, so that the costly public key operation is done once a batch and not
// once a document. The keys are forgotten with the batch.
type envelope struct {
	id              ID
	double, secours []byte
	draft           *draft
	used            bool
}

func (c *Coffre) envelopes(employers map[string]*Employeur) (map[string]*envelope, error) {
	out := map[string]*envelope{}
	for siret, e := range employers {
		b, err := draw(c.opts.Aleatoire, 16+2*keySize)
		if err != nil {
			return nil, err
		}
		env := &envelope{id: ID(b[:16]), double: b[16 : 16+keySize], secours: b[16+keySize:]}
		public, err := c.publicKey(siret, e.Cle)
		if err != nil {
			return nil, err
		}
		forDouble, err := sealTo(public, env.double, keyContext("double", env.id))
		if err != nil {
			return nil, err
		}
		forSecours, err := sealTo(c.keys.secours, env.secours, keyContext("secours", env.id))
		if err != nil {
			return nil, err
		}
		r := &record{}
		r.add(slotEnvDouble, forDouble)
		r.add(slotEnvSecours, forSecours)
		env.draft = &draft{genre: EvEnveloppe, sujet: env.id, slots: r.slots, corps: corpsActe{Par: "xhl", Objet: siret}}
		out[siret] = env
	}
	return out, nil
}

// publicKey parses the key of an employer once.
func (c *Coffre) publicKey(siret string, raw []byte) (hpke.PublicKey, error) {
	c.pubs.Lock()
	defer c.pubs.Unlock()
	if p := c.pubs.m[siret]; p != nil {
		return p, nil
	}
	p, err := kem().NewPublicKey(raw)
	if err != nil {
		return nil, fmt.Errorf("read the public key of employer %s: %w", siret, err)
	}
	c.pubs.m[siret] = p
	return p, nil
}

func keyContext(use string, id ID) []byte { return append([]byte("xhl coffre cle "+use+" "), id[:]...) }

// prepare reads a document, refuses it or encrypts it and puts its blob. Only
// errors of the machine are returned: a refusal goes into p.err.
func (c *Coffre) prepare(ctx context.Context, par Acteur, d *Document, p *prepared, a *agent, env *envelope) error {
	if !a.identite.sameAs(d.Identite) {
		p.err = matriculeOf(Codes.New("COF-220"), d.Matricule)
		return nil
	}
	pdf, err := c.content(ctx, d)
	if err == nil {
		if err = checkPDF(pdf); err == nil && c.opts.Controle != nil {
			err = c.opts.Controle(ctx, d, pdf)
		}
	}
	if err != nil {
		if a, ok := asAnomalie(err); ok {
			a.Matricule = d.Matricule
			p.err = a
			return nil
		}
		return err
	}
	p.corps = corpsDepot{Identite: d.Identite, Periode: d.Periode, Nature: d.Nature, Sequence: d.Sequence, Version: d.Version, Parent: d.Parent,
		Titre: d.Titre, Versement: d.Versement, Agent: a.id, Deposant: par.Nom, Taille: int64(len(pdf)), Empreinte: digestOf(pdf)}
	p.digest = c.keys.tag("empreinte", []byte(p.corps.Empreinte))
	if p.found != nil {
		c.settle(ctx, c.read, p)
		return nil
	}
	b, err := draw(c.opts.Aleatoire, 16+2*keySize)
	if err != nil {
		return err
	}
	id, dek, subject := ID(b[:16]), b[16:16+keySize], b[16+keySize:]
	blob, name, err := encodeBlob(c.opts.Aleatoire, id, dek, pdf)
	if err != nil {
		return err
	}
	forAgent, err := sealTo(a.public, dek, keyContext("agent", id))
	if err != nil {
		return err
	}
	forDouble, err := seal(c.opts.Aleatoire, env.double, dek, keyContext("double", id))
	if err != nil {
		return err
	}
	forSecours, err := seal(c.opts.Aleatoire, env.secours, dek, keyContext("secours", id))
	if err != nil {
		return err
	}
	if err := c.blobs.Put(ctx, name, blob); err != nil {
		if errors.Is(err, errSync) {
			c.fail(err)
		}
		return err
	}
	r := &record{}
	r.add(slotAgent, forAgent)
	r.add(slotDouble, append(env.id[:], forDouble...))
	r.add(slotSecours, append(env.id[:], forSecours...))
	p.blob = name
	p.draft = &draft{genre: EvDepot, sujet: id, blob: name, corps: p.corps, newKey: subject, slots: r.slots}
	return nil
}

// content reads the PDF of a document within the limit.
func (c *Coffre) content(ctx context.Context, d *Document) ([]byte, error) {
	r, err := d.Contenu(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the document of matricule %s: %w", d.Matricule, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, c.opts.MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read the document of matricule %s: %w", d.Matricule, err)
	}
	if int64(len(b)) > c.opts.MaxDocument {
		return nil, Codes.New("COF-203", c.opts.MaxDocument)
	}
	return b, nil
}

// found is what the catalogue has under a business key.
type found struct {
	idx    int64
	digest []byte
}

// firstLook refuses the slips of agents on the paper list, and finds what was
// deposited before, to spare its encryption; the commit looks again.
func (c *Coffre) firstLook(ctx context.Context, lot []Document, todo []*prepared) error {
	var paper, tags [][]byte
	for i := range lot {
		d, p := &lot[i], todo[i]
		if p.err != nil {
			continue
		}
		key := corpsDepot{Identite: d.Identite, Periode: d.Periode, Nature: d.Nature, Sequence: d.Sequence, Version: d.Version}
		p.tag = c.keys.tag("document", key.businessKey())
		tags = append(tags, p.tag)
		if d.Nature == Bulletin {
			p.paper = c.keys.tag("fiche "+fichePapier, []byte(papierKey(d.Employeur, d.Matricule)))
			paper = append(paper, p.paper)
		}
	}
	onPaper := map[string]bool{}
	err := selectIn(ctx, c.read, "SELECT cle FROM fiches WHERE genre='"+fichePapier+"' AND present=1 AND cle IN", paper, func(rows *sql.Rows) error {
		var tag []byte
		err := rows.Scan(&tag)
		onPaper[string(tag)] = true
		return err
	})
	if err != nil {
		return fmt.Errorf("look up the paper list: %w", err)
	}
	there, err := c.existing(ctx, c.read, tags)
	if err != nil {
		return err
	}
	for i, p := range todo {
		if p.err == nil && p.paper != nil && onPaper[string(p.paper)] {
			p.err = matriculeOf(Codes.New("COF-219"), lot[i].Matricule)
		}
		p.found = there[string(p.tag)]
	}
	return nil
}

// existing looks business keys up.
func (c *Coffre) existing(ctx context.Context, q querier, tags [][]byte) (map[string]*found, error) {
	there := map[string]*found{}
	err := selectIn(ctx, q, "SELECT cle, idx, empreinte FROM documents WHERE cle IN", tags, func(rows *sql.Rows) error {
		var tag []byte
		f := &found{}
		err := rows.Scan(&tag, &f.idx, &f.digest)
		there[string(tag)] = f
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up documents: %w", err)
	}
	return there, nil
}

// settle sets what p becomes when its business key is taken: the same document
// again, or a conflict.
func (c *Coffre) settle(ctx context.Context, q querier, p *prepared) {
	p.deja, p.index = true, p.found.idx
	if string(p.found.digest) != string(p.digest) {
		p.err = c.conflict(ctx, q, p, p.found.idx)
	}
}

// selectIn runs a query that ends in IN over a list of values.
func selectIn(ctx context.Context, q querier, query string, values [][]byte, scan func(*sql.Rows) error) error {
	if len(values) == 0 {
		return nil
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	rows, err := q.QueryContext(ctx, query+" (?"+strings.Repeat(",?", len(values)-1)+")", args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err = scan(rows); err != nil {
			break
		}
	}
	return errors.Join(err, rows.Err(), rows.Close())
}

// conflict is the refusal of other bytes under a business key that is taken.
func (c *Coffre) conflict(ctx context.Context, q querier, p *prepared, idx int64) error {
	stored := "?"
	if r, err := c.recordAt(ctx, q, idx); err == nil {
		var old corpsDepot
		if c.keys.body(r, nil, &old) == nil {
			stored = old.Empreinte
		}
	}
	a := matriculeOf(Codes.New("COF-202", p.corps.Periode.String(), stored, p.corps.Empreinte), p.corps.Matricule)
	a.Attendu, a.Trouve = stored, p.corps.Empreinte
	return a
}

// commitLot commits the events of a batch, at most one a business key.
func (c *Coffre) commitLot(ctx context.Context, todo []*prepared, envelopes map[string]*envelope) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	type wait struct {
		p  *prepared
		at int // among the drafts
	}
	var waits []wait
	op := &operation{prepare: func(t *transaction) ([]*draft, error) {
		var drafts []*draft
		waits = waits[:0]
		digests := map[string]bool{}
		for _, env := range envelopes {
			env.used = false
		}
		first := map[string]*prepared{}
		var tags [][]byte
		for _, p := range todo {
			if p.draft != nil {
				tags = append(tags, p.tag)
			}
		}
		there, err := c.existing(t.ctx, t.tx, tags)
		if err != nil {
			return nil, err
		}
		for _, p := range todo {
			if p.draft == nil {
				continue
			}
			if twin := first[string(p.tag)]; twin != nil {
				p.deja, p.twin = true, twin
				if string(twin.digest) != string(p.digest) {
					p.err = matriculeOf(Codes.New("COF-202", p.corps.Periode.String(), twin.corps.Empreinte, p.corps.Empreinte), p.corps.Matricule)
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
			if same, err := c.sameBytes(t, p, digests); err != nil {
				return nil, err
			} else if same {
				p.deja, p.err = true, matriculeOf(Codes.New("COF-218"), p.corps.Matricule)
				continue
			}
			if env := envelopes[p.corps.Employeur]; !env.used {
				env.used = true
				drafts = append(drafts, env.draft)
			}
			waits = append(waits, wait{p, len(drafts)})
			drafts = append(drafts, p.draft)
		}
		return drafts, nil
	}}
	if err := c.commit(ctx, op); err != nil {
		return err
	}
	for _, w := range waits {
		w.p.index = op.indexes[w.at]
	}
	for _, p := range todo {
		if p.draft == nil || !p.deja {
			continue
		}
		if p.twin != nil {
			p.index = p.twin.index
		}
		// Its blob is not the one that was filed.
		if err := c.blobs.Delete(ctx, p.blob); err != nil {
			c.opts.Log.Warn("blob of a twin deposit stays until it is swept", "err", err)
		}
	}
	return nil
}

// sameBytes reports whether another document of the session has the same
// bytes: one of the two would go to the wrong agent.
func (c *Coffre) sameBytes(t *transaction, p *prepared, digests map[string]bool) (bool, error) {
	v := p.corps.Versement
	if v.IsZero() || p.corps.Nature != Bulletin {
		return false, nil
	}
	key := string(v[:]) + string(p.digest)
	if digests[key] {
		return true, nil
	}
	digests[key] = true
	if err := t.claim([]byte(key)); err != nil {
		return false, err
	}
	var n int
	err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM documents WHERE versement=? AND empreinte=? AND nature=?", v[:], p.digest, Bulletin).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("compare the document of matricule %s with its session: %w", p.corps.Matricule, err)
	}
	return n > 0, nil
}

// forget removes the blobs of a batch that was given up.
func (c *Coffre) forget(ctx context.Context, todo []*prepared) {
	for _, p := range todo {
		if p.draft != nil {
			if err := c.blobs.Delete(context.WithoutCancel(ctx), p.blob); err != nil {
				c.opts.Log.Warn("blob of a batch given up stays until it is swept", "err", err)
			}
		}
	}
}

func (c *Coffre) results(ctx context.Context, todo []*prepared) ([]Resultat, error) {
	out := make([]Resultat, len(todo))
	var lot checkpoint
	for i, p := range todo {
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
				out[i].Recu, err = c.recuOf(ctx, p.draft.header, p.draft.salt, p.draft.body, lot)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("make the receipt of matricule %s: %w", p.corps.Matricule, err)
		}
	}
	return out, nil
}

// checkpoint is the signed note of one commit.
type checkpoint struct {
	debut, taille int64
	note          []byte
}

func (p *checkpoint) covers(idx int64) bool { return p.debut <= idx && idx < p.taille }

// checkpointOf finds the checkpoint of the commit that made a leaf.
func (c *Coffre) checkpointOf(ctx context.Context, idx int64) (p checkpoint, err error) {
	err = c.read.QueryRowContext(ctx, "SELECT debut, taille, note FROM lots WHERE taille>? ORDER BY taille LIMIT 1", idx).Scan(&p.debut, &p.taille, &p.note)
	if err != nil {
		return p, fmt.Errorf("find the checkpoint of leaf %d: %w", idx, err)
	}
	return p, nil
}

// recu makes the receipt of the deposit at a leaf. It is the same each time:
// the checkpoint is the one of the batch that the deposit was committed with.
func (c *Coffre) recu(ctx context.Context, idx int64) (*Recu, error) {
	p, err := c.checkpointOf(ctx, idx)
	if err != nil {
		return nil, err
	}
	return c.recuUnder(ctx, idx, p)
}

func (c *Coffre) recuUnder(ctx context.Context, idx int64, p checkpoint) (*Recu, error) {
	r, err := c.recordAt(ctx, c.read, idx)
	if err != nil {
		return nil, err
	}
	salt, body, err := c.keys.rawBody(r, nil)
	if err != nil {
		return nil, Codes.New("COF-204")
	}
	return c.recuOf(ctx, &r.header, salt, body, p)
}

func (c *Coffre) recuOf(ctx context.Context, h *header, salt, body []byte, p checkpoint) (*Recu, error) {
	proof, err := tlog.ProveRecord(p.taille, h.Index, &hashReader{ctx, c.read, nil, &c.cache})
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", h.Index, p.taille, err)
	}
	return &Recu{ID: h.Sujet, Index: h.Index, Taille: p.taille, Entete: h.append(nil), Sel: salt, Corps: string(body), Preuve: proof, Point: string(p.note)}, nil
}

// recordAt reads the record of a leaf.
func (c *Coffre) recordAt(ctx context.Context, q querier, idx int64) (*record, error) {
	var p place
	err := q.QueryRowContext(ctx, "SELECT segment, offset, longueur FROM evenements WHERE idx=?", idx).Scan(&p.segment, &p.offset, &p.size)
	if err != nil {
		return nil, fmt.Errorf("find leaf %d: %w", idx, err)
	}
	r, err := c.seg.record(p)
	if err != nil {
		return nil, err
	}
	if r.Index != idx {
		return nil, Codes.New("COF-113")
	}
	return r, nil
}

// agent is whom documents are wrapped for.
type agent struct {
	id       ID
	public   hpke.PublicKey
	identite Identite // as first deposited
}

// sameAs compares names as far as both sides have them. A surname or a first
// name may change; when both do, the matricule was given to somebody else.
func (i Identite) sameAs(o Identite) bool {
	same := func(a, b string) bool { return a == "" || b == "" || squeeze(a) == squeeze(b) }
	if i.Nom == "" || o.Nom == "" || i.Prenom == "" || o.Prenom == "" {
		return same(i.Nom, o.Nom) || same(i.Prenom, o.Prenom) && i.Prenom != "" && o.Prenom != ""
	}
	return same(i.Nom, o.Nom) || same(i.Prenom, o.Prenom)
}

// agentsOf finds the agents of a batch and makes those that are new, with a
// key pair whose private half only the master key opens.
func (c *Coffre) agentsOf(ctx context.Context, lot []Document, todo []*prepared) (map[string]*agent, error) {
	var wanted []Identite
	asked := map[string]bool{}
	for i := range lot {
		if key := lot[i].Identite.key(); todo[i].err == nil && !asked[key] {
			asked[key] = true
			wanted = append(wanted, lot[i].Identite)
		}
	}
	out, err := c.findAgents(ctx, wanted)
	if err != nil {
		return nil, err
	}
	missing := map[string]*draft{}
	var order []string
	var created []Identite
	for _, i := range wanted {
		key := i.key()
		if out[key] != nil {
			continue
		}
		if missing[key], err = c.newAgent(&i); err != nil {
			return nil, err
		}
		order, created = append(order, key), append(created, i)
	}
	if len(order) == 0 {
		return out, nil
	}
	op := &operation{prepare: func(t *transaction) ([]*draft, error) {
		var drafts []*draft
		for _, key := range order {
			d := missing[key]
			id := d.corps.(Identite)
			tag := c.keys.agentTag(id.Employeur, id.Matricule)
			if err := t.claim(tag); err != nil {
				return nil, err
			}
			var n int
			if err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM agents WHERE cle=?", tag).Scan(&n); err != nil {
				return nil, fmt.Errorf("look up the agent of matricule %s: %w", id.Matricule, err)
			}
			if n == 0 {
				drafts = append(drafts, d)
			}
		}
		return drafts, nil
	}}
	if err := c.commit(ctx, op); err != nil {
		return nil, err
	}
	made, err := c.findAgents(ctx, created)
	if err != nil {
		return nil, err
	}
	for i, key := range order {
		if out[key] = made[key]; out[key] == nil {
			return nil, fmt.Errorf("agent of matricule %s is not there after it was made", created[i].Matricule)
		}
	}
	return out, nil
}

// findAgents returns the agents that exist, by Identite.key.
func (c *Coffre) findAgents(ctx context.Context, list []Identite) (map[string]*agent, error) {
	out := map[string]*agent{}
	byTag := map[string]Identite{}
	var tags [][]byte
	for _, i := range list {
		tag := c.keys.agentTag(i.Employeur, i.Matricule)
		byTag[string(tag)] = i
		tags = append(tags, tag)
	}
	reader := &segmentReader{seg: c.seg}
	defer reader.close()
	err := selectIn(ctx, c.read, "SELECT a.cle, a.id, e.segment, e.offset, e.longueur FROM agents a JOIN evenements e USING (idx) WHERE a.cle IN", tags, func(rows *sql.Rows) error {
		var tag, id []byte
		var p place
		if err := rows.Scan(&tag, &id, &p.segment, &p.offset, &p.size); err != nil {
			return err
		}
		i := byTag[string(tag)]
		r, err := reader.record(p)
		if err != nil {
			return err
		}
		if r.Sujet != ID(id) {
			return Codes.New("COF-113")
		}
		a := &agent{id: ID(id)}
		if a.public, err = kem().NewPublicKey(r.intact(slotPublique)); err != nil {
			return matriculeOf(Codes.New("COF-117"), i.Matricule)
		}
		if err := c.keys.body(r, nil, &a.identite); err != nil {
			return matriculeOf(Codes.New("COF-118", fmt.Sprint(r.Index)), i.Matricule)
		}
		out[i.key()] = a
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up agents: %w", err)
	}
	return out, nil
}

func (c *Coffre) newAgent(i *Identite) (*draft, error) {
	b, err := draw(c.opts.Aleatoire, 16+keySize)
	if err != nil {
		return nil, err
	}
	id, subject := ID(b[:16]), b[16:]
	seed, pair, err := newPair(c.opts.Aleatoire)
	if err != nil {
		return nil, err
	}
	wrapped, err := sealTo(c.keys.maitrePub, seed, keyContext("maitre", id))
	if err != nil {
		return nil, err
	}
	r := &record{}
	r.add(slotPublique, pair.PublicKey().Bytes())
	r.add(slotPrivee, wrapped)
	return &draft{genre: EvAgent, sujet: id, corps: *i, newKey: subject, slots: r.slots}, nil
}

// ParseRecu reads a receipt. It is proved by Verify only.
func ParseRecu(b []byte) (*Recu, error) {
	var r Recu
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("read a receipt: %w", err)
	}
	return &r, nil
}
