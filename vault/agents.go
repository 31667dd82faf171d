package vault

import (
	"context"
	"crypto/hpke"
	"database/sql"
	"fmt"
)

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
func (c *Coffre) agentsOf(ctx context.Context, lot []Document, awaited []*prepared) (map[string]*agent, error) {
	var wanted []Identite
	asked := map[string]bool{}
	for i := range lot {
		if key := lot[i].Identite.key(); awaited[i].err == nil && !asked[key] {
			asked[key] = true
			wanted = append(wanted, lot[i].Identite)
		}
	}
	out, err := c.findAgents(ctx, wanted)
	if err != nil {
		return nil, err
	}
	var maitre *sealingKey
	missing := map[string]*draft{}
	var order []string
	var created []Identite
	for _, i := range wanted {
		key := i.key()
		if out[key] != nil {
			continue
		}
		if maitre == nil {
			if maitre, err = c.currentKey(ctx, c.read, CleMaitre); err != nil {
				return nil, err
			}
		}
		if missing[key], err = c.newAgent(&i, maitre); err != nil {
			return nil, err
		}
		order, created = append(order, key), append(created, i)
	}
	if len(order) == 0 {
		return out, nil
	}
	op := &operation{prepare: func(t *transaction) ([]*draft, error) {
		var drafts []*draft
		now, changed, err := t.sinceThen(maitre)
		if err != nil {
			return nil, err
		}
		for _, key := range order {
			if changed {
				i := missing[key].corps.(Identite)
				if missing[key], err = c.newAgent(&i, now); err != nil {
					return nil, err
				}
			}
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

func (c *Coffre) newAgent(i *Identite, maitre *sealingKey) (*draft, error) {
	b, err := draw(c.opts.Random, 16+keySize)
	if err != nil {
		return nil, err
	}
	id, subject := ID(b[:16]), b[16:]
	seed, pair, err := newPair(c.opts.Random)
	if err != nil {
		return nil, err
	}
	wrapped, err := sealTo(maitre.public, seed, keyContext("maitre", id))
	if err != nil {
		return nil, err
	}
	r := &record{}
	r.add(slotPublique, pair.PublicKey().Bytes())
	r.add(slotPrivee, wrapped)
	return &draft{genre: EvAgent, sujet: id, corps: *i, newKey: subject, slots: r.slots}, nil
}
