package vault

import (
	"bytes"
	"context"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// envelope holds the keys that wrap document keys for the doubles of one
// batch, so that the costly public key operation is done once a batch and not
// once a document. The keys are forgotten with the batch.
type envelope struct {
	id              ID
	siret           string
	double, secours []byte
	draft           *journal.Draft
	to              [2]*book.SealingKey // of the employer, of the recovery
	used            bool
}

func (c *Coffre) envelopes(ctx context.Context, employers map[string]*Employeur) (map[string]*envelope, error) {
	out := map[string]*envelope{}
	for siret := range employers {
		b, err := keys.Draw(c.opts.Random, 16+2*keys.Size)
		if err != nil {
			return nil, err
		}
		env := &envelope{id: ID(b[:16]), siret: siret, double: b[16 : 16+keys.Size], secours: b[16+keys.Size:]}
		for i, name := range []string{CleEmployeur(siret), CleSecours} {
			if env.to[i], err = c.book.CurrentKey(ctx, c.book.Read, name); err != nil {
				return nil, err
			}
		}
		if err := env.seal(); err != nil {
			return nil, err
		}
		out[siret] = env
	}
	return out, nil
}

func (env *envelope) seal() error {
	forDouble, err := keys.SealTo(env.to[0].Public, env.double, keys.Context("double", env.id))
	if err != nil {
		return err
	}
	forSecours, err := keys.SealTo(env.to[1].Public, env.secours, keys.Context("secours", env.id))
	if err != nil {
		return err
	}
	r := &journal.Record{}
	r.Add(journal.SlotEnvDouble, forDouble)
	r.Add(journal.SlotEnvSecours, forSecours)
	env.draft = &journal.Draft{Genre: EvEnveloppe, Sujet: env.id, Slots: r.Parts, Corps: acts.Acte{Par: "xhl", Objet: env.siret}}
	return nil
}

// renew seals the envelope again when a key was replaced since it was sealed:
// what a commit writes is never sealed to a key whose renewal began before.
func (env *envelope) renew(t *transaction) error {
	again := false
	for i := range env.to {
		now, changed, err := t.sinceThen(env.to[i])
		if err != nil {
			return err
		}
		env.to[i], again = now, again || changed
	}
	if again {
		return env.seal()
	}
	return nil
}

// sinceThen looks under the write lock whether another key took the place of s,
// and gives the one there is. An operation of the same group that changes it is
// waited for.
func (t *transaction) sinceThen(s *book.SealingKey) (now *book.SealingKey, changed bool, err error) {
	if t.claimed[string(s.Tag)] {
		return nil, false, errAgain
	}
	idx, err := s.At(t.ctx, t.tx)
	if err != nil || idx == s.Idx {
		return s, false, err
	}
	if now, err = t.c.book.CurrentKey(t.ctx, t.tx, s.Name); err != nil {
		return nil, false, err
	}
	return now, !bytes.Equal(now.Raw, s.Raw), nil
}
