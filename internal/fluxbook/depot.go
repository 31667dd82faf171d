package fluxbook

import (
	"context"
	"fmt"
	"time"

	"paye/internal/ledger"
)

// Issue is how an attempt to deposit a flux ended.
type Issue string

const (
	IssueDepose    Issue = "depose"
	IssueIncertain Issue = "incertain" // it may have arrived
	IssueRefuse    Issue = "refuse"    // the platform does not take it
	IssueNonParti  Issue = "non_parti" // it surely did not arrive: it may leave again
)

// Again says whether a flux that may have arrived may be handed over again.
type Again uint8

const (
	Once   Again = iota
	Resume       // the same bytes, to a platform that knows them again
)

// Begin marks a flux as being sent to a TDT, before a byte leaves; the mark is
// durable when Begin returns. A flux that has left is refused, and one whose
// fate is not known, unless again is Resume.
func (b *Book) Begin(ctx context.Context, f *Flux, tdt string, again Again) error {
	return b.l.Update(ctx, func(tx ledger.Tx) error {
		now, err := one(ctx, tx, f.NomFic, f.CodCol)
		if err != nil {
			return err
		}
		unsure := now.Etat == EnEnvoi || now.Etat == Incertain
		if now.Etat != Produit && !(unsure && again == Resume) {
			return Codes.New(DejaParti, f.NomFic, string(now.Etat))
		}
		if now.Etat == Produit {
			if err := b.piecesFree(ctx, tx, now); err != nil {
				return err
			}
		}
		if err := b.beginDepot(ctx, tx, now, tdt, unsure); err != nil {
			return err
		}
		if now.Etat != EnEnvoi {
			if err := b.move(ctx, tx, now, EnEnvoi, tdt); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `update flux_piece set etat = 'envoyee' where volume = $1 and etat = 'produite'`, now.id); err != nil {
			return fmt.Errorf("begin the deposit of %s: %w", f.NomFic, err)
		}
		*f = *now
		return nil
	})
}

// beginDepot writes the attempt; a resumed one goes on in its row.
func (b *Book) beginDepot(ctx context.Context, tx ledger.Tx, f *Flux, tdt string, resumed bool) error {
	if resumed {
		_, err := tx.ExecContext(ctx, `update flux_depot set etat = 'en_envoi', tdt = $1 where volume = $2 and etat in ('en_envoi', 'incertain')`, tdt, f.id)
		if err != nil {
			return fmt.Errorf("resume the deposit of %s: %w", f.NomFic, err)
		}
		return nil
	}
	id, err := next(ctx, tx, "flux_depot")
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `insert into flux_depot (id, volume, tdt, debut, octets, etat) values ($1, $2, $3, $4, $5, 'en_envoi')`,
		id, f.id, tdt, ledger.Time(b.l.Now()), f.Octets); err != nil {
		return fmt.Errorf("begin the deposit of %s: %w", f.NomFic, err)
	}
	return nil
}

// piecesFree refuses a flux one of whose pieces has left in another flux since
// it was made: the accountant would refuse it.
func (b *Book) piecesFree(ctx context.Context, tx ledger.Tx, f *Flux) error {
	var id, nomFic string
	err := tx.QueryRowContext(ctx,
		`select q.id_unique, v.nomfic from flux_piece mine join flux_piece q on q.id_unique = mine.id_unique and q.volume <> mine.volume
		 join flux_volume v on v.id = q.volume join flux_paye y on y.id = v.paye
		 where mine.volume = $1 and substr(y.siret, 1, 9) = $2 and q.etat in ('envoyee', 'acceptee', 'deja_la') limit 1`, f.id, f.siren()).Scan(&id, &nomFic)
	if absent(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the pieces of %s: %w", f.NomFic, err)
	}
	return Codes.New(PartieAilleurs, f.NomFic, id, nomFic)
}

// End records how the attempt ended: the number that the platform gave, or
// what it said.
func (b *Book) End(ctx context.Context, f *Flux, issue Issue, transaction, message string) error {
	return b.l.Update(ctx, func(tx ledger.Tx) error {
		now, err := one(ctx, tx, f.NomFic, f.CodCol)
		if err != nil {
			return err
		}
		defer func() { *f = *now }()
		return b.end(ctx, tx, now, issue, transaction, message)
	})
}

// NotThere records that the platform does not have f, whose fate was not known:
// it may leave again. Where something was learnt since f was read, that stands.
func (b *Book) NotThere(ctx context.Context, f *Flux) error {
	return b.l.Update(ctx, func(tx ledger.Tx) error {
		now, err := one(ctx, tx, f.NomFic, f.CodCol)
		if err != nil {
			return err
		}
		defer func() { *f = *now }()
		if now.Etat != Incertain || !now.Depot.Equal(f.Depot) {
			return nil
		}
		return b.end(ctx, tx, now, IssueNonParti, "", f.Message)
	})
}

// Began is when the attempt began of which f is the outcome, zero without one.
func (b *Book) Began(ctx context.Context, f *Flux) (time.Time, error) {
	var debut string
	err := b.l.DB().QueryRowContext(ctx, `select debut from flux_depot where volume = $1 and etat in ('en_envoi', 'incertain', 'depose')`, f.id).Scan(&debut)
	if absent(err) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read the deposit of %s: %w", f.NomFic, err)
	}
	return ledger.ParseTime(debut)
}

func (b *Book) end(ctx context.Context, tx ledger.Tx, now *Flux, issue Issue, transaction, message string) error {
	stamp := ledger.Time(b.l.Now())
	if _, err := tx.ExecContext(ctx, `update flux_depot set etat = $1, fin = $2, transaction_id = $3, message = $4 where volume = $5 and etat in ('en_envoi', 'incertain')`,
		string(issue), stamp, transaction, message, now.id); err != nil {
		return fmt.Errorf("record the deposit of %s: %w", now.NomFic, err)
	}
	if err := b.noteDepot(ctx, tx, now, issue, transaction, message); err != nil {
		return err
	}
	vers := map[Issue]Etat{IssueDepose: Depose, IssueIncertain: Incertain, IssueRefuse: Refuse, IssueNonParti: Produit}[issue]
	if vers == Refuse || vers == Produit {
		piece := map[Etat]EtatPiece{Refuse: Refusee, Produit: Produite}[vers]
		if _, err := tx.ExecContext(ctx, `update flux_piece set etat = $1, libelle = $2 where volume = $3 and etat = 'envoyee'`, string(piece), message, now.id); err != nil {
			return fmt.Errorf("record the deposit of %s: %w", now.NomFic, err)
		}
	}
	if now.Etat != EnEnvoi && now.Etat != Incertain {
		return nil // an answer came first
	}
	if err := b.move(ctx, tx, now, vers, message); err != nil {
		return err
	}
	return b.count(ctx, tx, now)
}

// noteDepot writes what is known of the deposit beside the flux.
func (b *Book) noteDepot(ctx context.Context, tx ledger.Tx, f *Flux, issue Issue, transaction, message string) error {
	depot := ""
	if issue == IssueDepose || issue == IssueIncertain {
		depot = ledger.Time(b.l.Now())
		f.Depot = b.l.Now()
	}
	f.Transaction, f.Message = transaction, message
	_, err := tx.ExecContext(ctx, `update flux_volume set depot = $1, transaction_id = $2, message = $3 where id = $4`, depot, transaction, message, f.id)
	if err != nil {
		return fmt.Errorf("record the deposit of %s: %w", f.NomFic, err)
	}
	return nil
}

// Follow records what the platform says of a flux that it has: transmitted,
// refused, or nothing new. The number may be given when it was not known.
func (b *Book) Follow(ctx context.Context, f *Flux, vers Etat, transaction, message string) error {
	return b.l.Update(ctx, func(tx ledger.Tx) error {
		now, err := one(ctx, tx, f.NomFic, f.CodCol)
		if err != nil {
			return err
		}
		defer func() { *f = *now }()
		if transaction == "" {
			transaction = now.Transaction
		}
		if transaction != now.Transaction || message != now.Message {
			if _, err := tx.ExecContext(ctx, `update flux_volume set transaction_id = $1, message = $2 where id = $3`, transaction, message, now.id); err != nil {
				return fmt.Errorf("follow flux %s: %w", f.NomFic, err)
			}
			now.Transaction, now.Message = transaction, message
		}
		if !now.Etat.Leads(vers) || !now.Etat.Waiting() && now.Etat != Incertain && now.Etat != EnEnvoi {
			return nil
		}
		if now.Depot.IsZero() {
			if err := b.noteDepot(ctx, tx, now, IssueDepose, transaction, message); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `update flux_depot set etat = 'depose' where volume = $1 and etat in ('en_envoi', 'incertain')`, now.id); err != nil {
			return fmt.Errorf("follow flux %s: %w", f.NomFic, err)
		}
		if vers == Refuse {
			if _, err := tx.ExecContext(ctx, `update flux_piece set etat = 'refusee', libelle = $1 where volume = $2 and etat = 'envoyee'`, message, now.id); err != nil {
				return fmt.Errorf("follow flux %s: %w", f.NomFic, err)
			}
		}
		if err := b.move(ctx, tx, now, vers, message); err != nil {
			return err
		}
		return b.count(ctx, tx, now)
	})
}

// GiveUp records that nothing more is awaited of a flux.
func (b *Book) GiveUp(ctx context.Context, f *Flux, motif string) error {
	return b.l.Update(ctx, func(tx ledger.Tx) error {
		now, err := one(ctx, tx, f.NomFic, f.CodCol)
		if err != nil {
			return err
		}
		defer func() { *f = *now }()
		if _, err := tx.ExecContext(ctx, `update flux_piece set etat = 'abandonnee' where volume = $1 and etat in ('produite', 'envoyee', 'refusee', 'sans_reponse')`, now.id); err != nil {
			return fmt.Errorf("give up flux %s: %w", f.NomFic, err)
		}
		if err := b.move(ctx, tx, now, Abandonne, motif); err != nil {
			return err
		}
		return b.closeOrigin(ctx, tx, now)
	})
}

// Bytes returns how many bytes were handed over since a time.
func (b *Book) Bytes(ctx context.Context, since time.Time) (n int64, err error) {
	err = b.l.DB().QueryRowContext(ctx, `select coalesce(sum(octets), 0) from flux_depot where debut >= $1 and etat <> 'non_parti'`, ledger.Time(since)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("add up what was sent: %w", err)
	}
	return n, nil
}

// In returns the fluxes that are in one of the states, oldest first.
func (b *Book) In(ctx context.Context, states ...Etat) ([]*Flux, error) {
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = string(s)
	}
	var list []*Flux
	err := in(names, 1, func(part []any, parameters string) (err error) {
		list, err = fluxes(ctx, b.l.DB(), `where v.etat in (`+parameters+`) order by v.id`, part...)
		return err
	})
	return list, err
}

// At returns the fluxes that a TDT has, or may have, and that wait for its
// word, oldest first. Those of another TDT are not its to speak of: their
// transaction numbers are of another series.
func (b *Book) At(ctx context.Context, tdt string) ([]*Flux, error) {
	return fluxes(ctx, b.l.DB(), `where v.etat in ('en_envoi', 'incertain', 'depose', 'transmis')
		and exists (select 1 from flux_depot d where d.volume = v.id and d.tdt = $1 and d.etat in ('en_envoi', 'incertain', 'depose')) order by v.id`, tdt)
}
