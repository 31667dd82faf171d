package vault

import (
	"context"
	"fmt"

	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// agentsOf finds the agents of a batch and makes those that are new, with a
// key pair whose private half only the master key opens.
func (c *Coffre) agentsOf(ctx context.Context, lot []Document, awaited []*prepared) (map[string]*book.Agent, error) {
	var wanted []Identite
	asked := map[string]bool{}
	for i := range lot {
		if key := lot[i].Identite.Key(); awaited[i].err == nil && !asked[key] {
			asked[key] = true
			wanted = append(wanted, lot[i].Identite)
		}
	}
	out, err := c.book.FindAgents(ctx, wanted)
	if err != nil {
		return nil, err
	}
	var maitre *book.SealingKey
	missing := map[string]*journal.Draft{}
	var order []string
	var created []Identite
	for _, i := range wanted {
		key := i.Key()
		if out[key] != nil {
			continue
		}
		if maitre == nil {
			if maitre, err = c.book.CurrentKey(ctx, c.book.Read, CleMaitre); err != nil {
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
	op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		var drafts []*journal.Draft
		now, changed, err := t.sinceThen(maitre)
		if err != nil {
			return nil, err
		}
		for _, key := range order {
			if changed {
				i := missing[key].Corps.(Identite)
				if missing[key], err = c.newAgent(&i, now); err != nil {
					return nil, err
				}
			}
			d := missing[key]
			id := d.Corps.(Identite)
			tag := c.book.Keys.AgentTag(id.Employeur, id.Matricule)
			if err := t.claim(tag); err != nil {
				return nil, err
			}
			var n int
			if err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM agents WHERE cle=?", tag).Scan(&n); err != nil {
				return nil, catalogue.Fault(err, "look up the agent of matricule %s", id.Matricule)
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
	made, err := c.book.FindAgents(ctx, created)
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

func (c *Coffre) newAgent(i *Identite, maitre *book.SealingKey) (*journal.Draft, error) {
	b, err := keys.Draw(c.opts.Random, 16+keys.Size)
	if err != nil {
		return nil, err
	}
	id, subject := ID(b[:16]), b[16:]
	seed, pair, err := keys.NewPair(c.opts.Random)
	if err != nil {
		return nil, err
	}
	wrapped, err := keys.SealTo(maitre.Public, seed, keys.Context("maitre", id))
	if err != nil {
		return nil, err
	}
	r := &journal.Record{}
	r.Add(journal.SlotPublique, pair.PublicKey().Bytes())
	r.Add(journal.SlotPrivee, wrapped)
	return &journal.Draft{Genre: EvAgent, Sujet: id, Corps: *i, NewKey: subject, Slots: r.Parts}, nil
}

// samePerson compares names as far as both sides have them. A surname or a first
// name may change; when both do, the matricule was given to somebody else.
func samePerson(i, o Identite) bool {
	same := func(a, b string) bool { return a == "" || b == "" || squeeze(a) == squeeze(b) }
	if i.Nom == "" || o.Nom == "" || i.Prenom == "" || o.Prenom == "" {
		return same(i.Nom, o.Nom) || same(i.Prenom, o.Prenom) && i.Prenom != "" && o.Prenom != ""
	}
	return same(i.Nom, o.Nom) || same(i.Prenom, o.Prenom)
}
