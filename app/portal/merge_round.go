package portal

import (
	"context"
	"errors"
	"slices"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// mergeRound does the merges whose three days are over, carries on what was
// interrupted, and closes those that can no longer be undone.
func (p *Portal) mergeRound(ctx context.Context) error {
	list, err := all[Merge](ctx, p, kindMerge, "")
	if err != nil {
		return err
	}
	var errs []error
	now := p.clock()
	for _, m := range list {
		var err error
		switch {
		case m.Step == MergeAsked && !now.Before(m.After), m.Step == MergeMoving:
			err = p.finishMerge(ctx, m.From)
		case m.Step == MergeSeparating:
			err = p.separate(ctx, m.From)
		case m.Step != MergeOver && !m.open(now):
			err = p.changeMerge(ctx, "portail", m.From, func(m *Merge) error {
				if !m.open(now) {
					*m = Merge{From: m.From, Into: m.Into, Step: MergeOver, Done: m.Done}
				}
				return nil
			})
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// finishMerge moves what one space has into the other. The merge says first
// that it is decided; each step after it does no harm when it is done twice.
func (p *Portal) finishMerge(ctx context.Context, from string) error {
	m, err := p.merge(ctx, from)
	if err != nil || m == nil {
		return err
	}
	if m.Step == MergeAsked {
		if err := p.mayMerge(ctx, m.Into, m.From); err != nil {
			if anomalie.As(err) == nil {
				return err
			}
			return p.stop(ctx, "portail", from) // one of them was suspended or closed meanwhile
		}
	}
	b, err := p.Account(ctx, from)
	if err != nil || b == nil {
		return err
	}
	err = p.changeMerge(ctx, "portail", from, func(m *Merge) error {
		switch m.Step {
		case MergeAsked:
			m.Step, m.Done, m.Member, m.Pieces = MergeMoving, p.clock(), b.Member, nil
			for _, x := range b.Pieces {
				m.Pieces = append(m.Pieces, x.ID)
			}
		case MergeMoving:
		default:
			return Codes.New(NotNow)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if m, err = p.merge(ctx, from); err != nil {
		return err
	}
	if err := p.becomeAlias(ctx, m); err != nil {
		return err
	}
	if b, err = p.Account(ctx, from); err != nil {
		return err
	}
	if err := p.absorb(ctx, m, b); err != nil {
		return err
	}
	if err := p.repoint(ctx, m.Member, m.From, m.Into); err != nil {
		return err
	}
	err = p.changeMerge(ctx, "portail", from, func(m *Merge) error {
		if m.Step == MergeMoving {
			m.Step = MergeDone
		}
		return nil
	})
	if err != nil {
		return err
	}
	a, err := p.Account(ctx, m.Into)
	if err != nil || a == nil {
		return err
	}
	p.tell(a, lang.Text{FR: "Vos espaces sont réunis", EN: "Your spaces are one"}, lang.Text{FR: "La fusion est faite : tout est dans l’espace …%s. L’autre identifiant y mène aussi, avec le mot de passe de celui-ci. Elle peut être défaite pendant trente jours.", EN: "The merge is done: everything is in the space …%s. The other identifier leads there too, with the password of this one. It can be undone for thirty days."}, a.Number[len(a.Number)-4:])
	return p.noteBoth(ctx, m, HapMerged)
}

// becomeAlias closes the door of the space that goes into another.
func (p *Portal) becomeAlias(ctx context.Context, m *Merge) error {
	return p.changeAccount(ctx, "portail", m.From, func(b *Account) error {
		if b.State == Merged {
			return nil
		}
		b.Reset, b.Pending = nil, nil
		if err := b.move(p.clock(), BecomeAlias); err != nil {
			return err
		}
		b.Alias = m.Into
		return nil
	})
}

// absorb gives a space what another had.
func (p *Portal) absorb(ctx context.Context, m *Merge, b *Account) error {
	return p.changeAccount(ctx, "portail", m.Into, func(a *Account) error {
		for _, member := range m.Member {
			if a.of(member.Agent) == nil {
				a.Member = append(a.Member, member)
			}
		}
		for _, piece := range b.Pieces {
			if !slices.ContainsFunc(a.Pieces, func(x Piece) bool { return x.ID == piece.ID }) {
				a.Pieces = append(a.Pieces, piece)
			}
		}
		if !slices.ContainsFunc(a.Absorbed, func(x Absorbed) bool { return x.ID == m.From }) {
			a.Absorbed = append(a.Absorbed, Absorbed{ID: m.From, Since: m.Done, Member: m.Member})
		}
		return nil
	})
}

// repoint makes memberships lead to another space.
func (p *Portal) repoint(ctx context.Context, list []Member, from, to string) error {
	for _, member := range list {
		err := p.changeMembership(ctx, "portail", member.Siret, member.Matricule, func(m *Membership) error {
			if m.Account == from {
				m.Account = to
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// separate undoes a merge: what moved goes back, in the other order.
func (p *Portal) separate(ctx context.Context, from string) error {
	m, err := p.merge(ctx, from)
	if err != nil || m == nil || m.Step != MergeSeparating {
		return err
	}
	err = p.changeAccount(ctx, "portail", m.Into, func(a *Account) error {
		a.Member = slices.DeleteFunc(a.Member, func(x Member) bool {
			return slices.ContainsFunc(m.Member, func(moved Member) bool { return moved.Agent == x.Agent })
		})
		a.Pieces = slices.DeleteFunc(a.Pieces, func(x Piece) bool { return slices.Contains(m.Pieces, x.ID) })
		a.Absorbed = slices.DeleteFunc(a.Absorbed, func(x Absorbed) bool { return x.ID == from })
		return nil
	})
	if err != nil {
		return err
	}
	if err := p.repoint(ctx, m.Member, m.Into, m.From); err != nil {
		return err
	}
	err = p.changeAccount(ctx, "portail", from, func(b *Account) error {
		if b.State != Merged {
			return nil
		}
		if err := b.move(p.clock(), Separate); err != nil {
			return err
		}
		b.Alias = ""
		return nil
	})
	if err != nil {
		return err
	}
	err = p.changeMerge(ctx, "portail", from, func(m *Merge) error { m.Step = MergeOver; return nil })
	if err != nil {
		return err
	}
	return p.noteBoth(ctx, m, HapMergeEnd)
}
