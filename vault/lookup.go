package vault

import (
	"context"
	"database/sql"
	"time"

	"paye/internal/anomalie"
	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// found is what the catalogue has under a business key.
type found struct {
	idx    int64
	digest []byte
}

// firstLook refuses what is of agents on the paper list, slips and annexes,
// and finds what was deposited before, to spare its encryption; the commit
// looks again. It refuses annexes that go with no slip of their agent.
func (c *Coffre) firstLook(ctx context.Context, lot []Document, awaited []*prepared, agents map[string]*book.Agent) error {
	var paper, tags [][]byte
	for i := range lot {
		d, p := &lot[i], awaited[i]
		if p.err != nil {
			continue
		}
		key := acts.Depot{Identite: d.Identite, Periode: d.Periode, Nature: d.Nature, Sequence: d.Sequence, Version: d.Version}
		p.tag = c.book.Keys.Tag("document", key.BusinessKey())
		tags = append(tags, p.tag)
		p.paper = c.book.Keys.Tag("fiche "+acts.FichePapier, []byte(papierKey(d.Employeur, d.Matricule)))
		paper = append(paper, p.paper)
	}
	onPaper := map[string]bool{}
	err := catalogue.SelectIn(ctx, c.book.Read, "SELECT cle FROM fiches WHERE genre='"+acts.FichePapier+"' AND present=1 AND cle IN", paper, func(rows *sql.Rows) error {
		var tag []byte
		err := rows.Scan(&tag)
		onPaper[string(tag)] = true
		return err
	})
	if err != nil {
		return catalogue.Fault(err, "look up the paper list")
	}
	there, err := c.existing(ctx, c.book.Read, tags)
	if err != nil {
		return err
	}
	for i, p := range awaited {
		if p.found = there[string(p.tag)]; p.err == nil && p.found == nil && onPaper[string(p.paper)] {
			p.err = faults.Of(Codes.New("COF-219"), lot[i].Matricule)
		}
	}
	return c.parents(ctx, lot, awaited, agents)
}

// parents refuses annexes of a slip that is not there, or is another agent's.
func (c *Coffre) parents(ctx context.Context, lot []Document, awaited []*prepared, agents map[string]*book.Agent) error {
	var wanted [][]byte
	for i := range lot {
		if awaited[i].err == nil && !lot[i].Parent.IsZero() {
			wanted = append(wanted, lot[i].Parent[:])
		}
	}
	owner := map[ID]ID{}
	err := catalogue.SelectIn(ctx, c.book.Read, "SELECT id, agent FROM documents WHERE copies<>0 AND nature='"+string(Bulletin)+"' AND id IN", wanted, func(rows *sql.Rows) error {
		var id, agent []byte
		if err := rows.Scan(&id, &agent); err != nil {
			return err
		}
		if len(id) != len(ID{}) || len(agent) != len(ID{}) {
			return Codes.New("COF-113")
		}
		owner[ID(id)] = ID(agent)
		return nil
	})
	if err != nil {
		return catalogue.Fault(err, "look up the slips of annexes")
	}
	for i := range lot {
		d := &lot[i]
		if awaited[i].err != nil || d.Parent.IsZero() {
			continue
		}
		if by, there := owner[d.Parent]; !there || by != agents[d.Identite.Key()].ID {
			awaited[i].err = faults.Of(Codes.New("COF-221"), d.Matricule)
		}
	}
	return nil
}

// existing looks business keys up.
func (c *Coffre) existing(ctx context.Context, q catalogue.Querier, tags [][]byte) (map[string]*found, error) {
	there := map[string]*found{}
	err := catalogue.SelectIn(ctx, q, "SELECT cle, idx, empreinte FROM documents WHERE cle IN", tags, func(rows *sql.Rows) error {
		var tag []byte
		f := &found{}
		err := rows.Scan(&tag, &f.idx, &f.digest)
		there[string(tag)] = f
		return err
	})
	if err != nil {
		return nil, catalogue.Fault(err, "look up documents")
	}
	return there, nil
}

// settle sets what p becomes when its business key is taken: the same document
// again, or a conflict.
func (c *Coffre) settle(ctx context.Context, q catalogue.Querier, p *prepared) {
	p.deja, p.index = true, p.found.idx
	if string(p.found.digest) != string(p.digest) {
		p.err = c.conflict(ctx, q, p, p.found.idx)
	}
}

// conflict is the refusal of other bytes under a business key that is taken.
func (c *Coffre) conflict(ctx context.Context, q catalogue.Querier, p *prepared, idx int64) error {
	stored := "?"
	if r, err := c.book.RecordAt(ctx, q, idx); err == nil {
		var old acts.Depot
		if r.Body(c.book.Keys, nil, &old) == nil {
			stored = old.Empreinte
		}
	}
	return conflicts(p, stored)
}

const conflictCode = "COF-202"

// conflicts is the refusal of p where a document of digest stored is.
func conflicts(p *prepared, stored string) *anomalie.Anomalie {
	a := faults.Of(Codes.New(conflictCode, p.corps.Periode.String(), stored, p.corps.Empreinte), p.corps.Matricule)
	a.Attendu, a.Trouve = stored, p.corps.Empreinte
	return a
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
		return false, catalogue.Fault(err, "compare the document of matricule %s with its session", p.corps.Matricule)
	}
	return n > 0, nil
}

// ownSession is the session that the store opens for documents that came
// without one, where a second person must validate.
type ownSession struct{ Versement }

// session is the one that a document is filed with.
func (p *prepared) session(d *Document) ID {
	if p.own != nil {
		return p.own.ID
	}
	return d.Versement
}

// admitSessions refuses what is not there yet and is said to be of a session
// that par did not open for that employer, or that takes nothing any more. What
// comes without a session, for an employer who asks for a second person, gets
// one of its own that waits for that person.
func (c *Coffre) admitSessions(ctx context.Context, par Acteur, lot []Document, awaited []*prepared, employers map[string]*Employeur) error {
	type key struct {
		siret string
		mois  Periode
	}
	own := map[key]*ownSession{}
	known := map[ID]error{}
	for i := range lot {
		d, p := &lot[i], awaited[i]
		if p.err != nil || p.found != nil {
			continue
		}
		if !d.Versement.IsZero() {
			verdict, looked := known[d.Versement]
			if !looked {
				v, err := c.versement(ctx, c.book.Read, d.Versement)
				if verdict = err; err == nil {
					verdict = v.takes(par, d.Employeur)
				}
				if verdict != nil {
					if verdict = c.denied(ctx, par, "depot", ID{}, verdict); !faults.Is(verdict) {
						return verdict
					}
				}
				known[d.Versement] = verdict
			}
			if a, ok := faults.As(verdict); ok {
				p.err = faults.Of(Codes.New(a.Code, a.Args...), d.Matricule)
			}
			continue
		}
		if !employers[d.Employeur].DoubleValidation {
			continue
		}
		k := key{d.Employeur, d.Periode}
		if own[k] == nil {
			id, err := keys.Draw(c.opts.Random, 16)
			if err != nil {
				return err
			}
			own[k] = &ownSession{Versement{ID: ID(id), Employeur: k.siret, Periode: k.mois, Deposant: "xhl", Auteur: par.Nom, Etape: Verification, Statut: StatutBon, Fichiers: 1}}
		}
		p.own = own[k]
	}
	return nil
}

// takes returns why a session takes no document from par.
func (v *Versement) takes(par Acteur, siret string) error {
	switch {
	case v.Employeur != siret:
		return Codes.New("COF-501")
	case v.Auteur != par.Nom:
		return Codes.New("COF-509")
	case v.Etape != Preparation:
		return Codes.New("COF-502", string(v.Etape))
	}
	return nil
}

// sessionTakes asks again under the write lock.
func (t *transaction) sessionTakes(par Acteur, p *prepared) (refusal *anomalie.Anomalie, err error) {
	id := p.corps.Versement
	if p.own != nil || id.IsZero() {
		return nil, nil
	}
	if t.changed[id] {
		return nil, errAgain
	}
	v, known := t.sessions[id]
	if !known {
		if v, err = t.c.versement(t.ctx, t.tx, id); err != nil {
			return nil, err
		}
		t.sessions[id] = v
	}
	refusal, _ = faults.As(v.takes(par, p.corps.Employeur))
	return refusal, nil
}

// ownSessions adds the sessions that the store opened for documents of a batch,
// with what was filed.
func (t *transaction) ownSessions(par Acteur, drafts []*journal.Draft, filed []*prepared) ([]*journal.Draft, error) {
	var opened []*Versement
	byID := map[ID]*Versement{}
	for _, p := range filed {
		if p.own == nil {
			continue
		}
		v := byID[p.own.ID]
		if v == nil {
			copied := p.own.Versement
			v = &copied
			v.Debut = time.UnixMilli(t.temps).UTC()
			byID[v.ID], opened = v, append(opened, v)
		}
		if p.corps.Nature == Bulletin {
			v.Documents++
		} else {
			v.Annexes++
		}
	}
	for _, v := range opened {
		v.AValider, v.Bilan = v.Documents, Bilan{Bulletins: v.Documents, Deposes: v.Documents}
		d, err := v.draft(par.Nom)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, d)
	}
	return drafts, nil
}
