package book

import (
	"context"
	"crypto/hpke"
	"database/sql"
	"fmt"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

// Agent is whom documents are wrapped for.
type Agent struct {
	ID       names.ID
	Public   hpke.PublicKey
	Identite acts.Identite // as first deposited
}

// FindAgents returns the agents that exist, by Identite.key.
func (b *Book) FindAgents(ctx context.Context, list []acts.Identite) (map[string]*Agent, error) {
	out := map[string]*Agent{}
	byTag := map[string]acts.Identite{}
	var tags [][]byte
	for _, i := range list {
		tag := b.Keys.AgentTag(i.Employeur, i.Matricule)
		byTag[string(tag)] = i
		tags = append(tags, tag)
	}
	reader := &journal.Reader{Seg: b.Seg}
	defer reader.Close()
	err := catalogue.SelectIn(ctx, b.Read, "SELECT a.cle, a.id, e.segment, e.offset, e.longueur FROM agents a JOIN evenements e USING (idx) WHERE a.cle IN", tags, func(rows *sql.Rows) error {
		var tag, id []byte
		var p journal.Place
		if err := rows.Scan(&tag, &id, &p.Segment, &p.Offset, &p.Size); err != nil {
			return err
		}
		i := byTag[string(tag)]
		r, err := reader.Record(p)
		if err != nil {
			return err
		}
		if r.Sujet != names.ID(id) {
			return faults.Codes.New("COF-113")
		}
		a := &Agent{ID: names.ID(id)}
		if a.Public, err = keys.KEM().NewPublicKey(r.Intact(journal.SlotPublique)); err != nil {
			return faults.Of(faults.Codes.New("COF-117"), i.Matricule)
		}
		if err := r.Body(b.Keys, nil, &a.Identite); err != nil {
			return faults.Of(faults.Codes.New("COF-118", fmt.Sprint(r.Index)), i.Matricule)
		}
		out[i.Key()] = a
		return nil
	})
	if err != nil {
		return nil, catalogue.Fault(err, "look up agents")
	}
	return out, nil
}
