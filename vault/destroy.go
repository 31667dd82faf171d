package vault

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// Destroy implements [Store]. The agent erases his own copy and nobody else
// does, but for a document that he never opened, which may be recalled; the
// employer's double goes when its retention ended. With the last copy the
// journal keeps a leaf that says that something was deposited, and nothing of
// it. Backups of the journal hold the erased keys until they expire: what is
// returned says when.
func (c *Coffre) Destroy(ctx context.Context, par Acteur, id ID, copies Copie, motif string) (Effacement, error) {
	if copies == 0 || copies&^ToutesCopies != 0 || motif == "" || !acts.Clean(motif, 1024) {
		return Effacement{}, Codes.New("COF-207")
	}
	d, err := c.reach(ctx, par, "destruction", id, DroitDestruction)
	if err != nil {
		return Effacement{}, err
	}
	days := SauvegardesMax
	if e, err := c.Registre().Employeur(ctx, d.Siret); err != nil {
		return Effacement{}, err
	} else if e != nil {
		days = e.JoursSauvegardes()
	}
	for again := true; again; {
		if err := c.mayErase(ctx, par, d, copies); err != nil {
			return Effacement{}, c.denied(ctx, par, "destruction", id, err)
		}
		// Under the lock, the agent has not opened it since he was asked about.
		op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
			if err := t.claim(d.ID[:]); err != nil {
				return nil, err
			}
			left, last, err := t.copiesLeft(d.ID)
			if again = err == nil && last > d.Seen; err != nil || again || left&copies == 0 {
				return nil, err
			}
			// The reason is sealed under the vault's key: it outlives the subject's.
			complete := time.UnixMilli(t.temps).AddDate(0, 0, days)
			return []*journal.Draft{{Genre: EvDestruction, Sujet: d.ID, Corps: acts.Destruction{Par: par.Nom, Copies: left & copies, Motif: motif, Employeur: d.Siret, Complet: complete.UnixMilli()}}}, nil
		}}
		if err := c.commit(ctx, op); err != nil {
			return Effacement{}, err
		}
	}
	if err := c.truncateLog(ctx); err != nil {
		c.opts.Log.Warn("catalogue log was not truncated", "err", err)
	}
	return c.lastErasure(ctx, id, copies)
}

// AgreeToDestroy returns nil when second, a user other than par, holds the right
// to destroy documents of the employer: what is destroyed by the month is
// destroyed by two persons.
func (c *Coffre) AgreeToDestroy(ctx context.Context, par, second Acteur, siret string) error {
	if second.Role != RoleUtilisateur || second.Nom == par.Nom {
		return c.denied(ctx, par, "destruction", ID{}, Codes.New("COF-226"))
	}
	if err := c.require(ctx, second, siret, DroitDestruction); err != nil {
		return c.denied(ctx, second, "destruction", ID{}, err)
	}
	return nil
}

// truncateLog lets pages of the catalogue's log go that still hold what was
// erased. A reader that is in the way is not waited for: it only delays that.
func (c *Coffre) truncateLog(ctx context.Context) error {
	conn, err := c.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout(0)"); err != nil {
		return err
	}
	var busy, log, moved int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	_, restored := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout(60000)")
	return errors.Join(err, restored)
}

// copiesLeft says which copies of a document there are, and the last event
// about it.
func (t *transaction) copiesLeft(id ID) (left Copie, last int64, err error) {
	err = t.tx.QueryRowContext(t.ctx, "SELECT copies, (SELECT max(idx) FROM evenements WHERE sujet=documents.id) FROM documents WHERE id=?", id[:]).Scan(&left, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, 0, catalogue.Fault(err, "look up the document to destroy")
	}
	return left, last, nil
}

// erasureCase is what the rules of destruction look at.
type erasureCase struct {
	role   Role
	asked  Copie         // to be erased
	left   Copie         // still there
	opened bool          // the agent opened the document
	age    time.Duration // since the deposit
	kept   bool          // the retention of the double has not ended
}

// refusal is the code of the rule that forbids an erasure, empty when it is
// allowed. Every way to destroy asks it, for every copy that is still there: an
// agent erases his own copy; others recall a copy of his that he never opened
// within a day of the deposit; the double goes when its retention ended, or
// with the recall of both.
func (e *erasureCase) refusal() string {
	if e.role == RoleAgent {
		if e.asked != CopieAgent {
			return "COF-306"
		}
		return ""
	}
	gone := e.asked & e.left
	recall := !e.opened && e.age < recallDelay
	switch {
	case gone&CopieAgent != 0 && e.opened:
		return "COF-208"
	case gone&CopieDouble != 0 && e.kept && !(recall && gone == ToutesCopies):
		return "COF-209"
	case gone&CopieAgent != 0 && !recall:
		return "COF-224"
	}
	return ""
}

// mayErase returns the anomaly of the rule that forbids an erasure.
func (c *Coffre) mayErase(ctx context.Context, par Acteur, d *book.Filed, copies Copie) error {
	last, err := c.lastTime(ctx)
	if err != nil {
		return err
	}
	end, err := c.finConservation(ctx, d.Siret, d.Rec.Temps)
	if err != nil {
		return err
	}
	// A clock that was set back makes no document young again.
	now := c.now()
	if last.After(now) {
		now = last
	}
	e := erasureCase{role: par.Role, asked: copies, left: d.Copies, age: now.Sub(time.UnixMilli(d.Rec.Temps)), kept: now.Before(end)}
	if e.opened, d.Seen, err = c.openedByAgent(ctx, d); err != nil {
		return err
	}
	switch code := e.refusal(); code {
	case "":
		return nil
	case "COF-209":
		return faults.Of(Codes.New(code, end.Format("02/01/2006")), d.Corps.Matricule)
	case "COF-306":
		return Codes.New(code)
	default:
		return faults.Of(Codes.New(code), d.Corps.Matricule)
	}
}

// openedByAgent reports whether the agent ever opened a document, and the last
// event about it that was looked at.
func (c *Coffre) openedByAgent(ctx context.Context, d *book.Filed) (opened bool, last int64, err error) {
	if err := c.book.Read.QueryRowContext(ctx, "SELECT coalesce(max(idx),0) FROM evenements WHERE sujet=?", d.ID[:]).Scan(&last); err != nil {
		return false, 0, catalogue.Fault(err, "look up the events of a document")
	}
	for e, err := range c.eventsOf(ctx, d, EvLecture) {
		if err != nil {
			return false, 0, err
		}
		opened = opened || e.Par == Agent(d.Agent).Nom
	}
	return opened, last, nil
}

// lastTime is when the last commit was.
func (c *Coffre) lastTime(ctx context.Context) (time.Time, error) {
	var millis int64
	if err := c.book.Read.QueryRowContext(ctx, "SELECT coalesce(max(temps),0) FROM lots").Scan(&millis); err != nil {
		return time.Time{}, catalogue.Fault(err, "read the time of the last commit")
	}
	return time.UnixMilli(millis).UTC(), nil
}

// recallDelay is how long a deposit by mistake may be taken back.
const recallDelay = 24 * time.Hour

// eventsOf gives the acts of one kind on a document.
func (c *Coffre) eventsOf(ctx context.Context, d *book.Filed, g Genre) iter.Seq2[acts.Acte, error] {
	return func(yield func(acts.Acte, error) bool) {
		for next := d.Idx; ; {
			page, err := c.book.Events(ctx, d.ID, g, next, 1<<62)
			if err != nil {
				yield(acts.Acte{}, err)
				return
			}
			for _, l := range page {
				r, err := c.book.Seg.Record(l.Place)
				var a acts.Acte
				if err == nil {
					err = r.Body(c.book.Keys, d.Key, &a)
				}
				if !yield(a, err) || err != nil {
					return
				}
			}
			if len(page) < book.PageSize {
				return
			}
			next = page[len(page)-1].Idx + 1
		}
	}
}

// finConservation is until when the employer's double must be kept.
func (c *Coffre) finConservation(ctx context.Context, siret string, depose int64) (time.Time, error) {
	e, err := c.Registre().Employeur(ctx, siret)
	if err != nil {
		return time.Time{}, err
	}
	years := ConservationComptable
	if e != nil {
		years = e.Conservation
	}
	return time.UnixMilli(depose).UTC().AddDate(years, 0, 0), nil
}

// Echus gives the documents of an employer whose double may be destroyed. The
// store destroys none by itself.
func (c *Coffre) Echus(ctx context.Context, par Acteur, siret string) iter.Seq2[Metadata, error] {
	return func(yield func(Metadata, error) bool) {
		for m, err := range c.List(ctx, par, Filtre{Employeur: siret}) {
			if err == nil {
				var end time.Time
				end, err = c.finConservation(ctx, siret, m.Date.UnixMilli())
				if err == nil && (m.Copies&CopieDouble == 0 || c.now().Before(end)) {
					continue
				}
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}
}

// Effacement is the destruction of copies of a document. The keys are gone from
// the vault at once; backups of its journal and its keys hold them until the
// last has expired, which is when the erasure is complete.
type Effacement struct {
	ID        ID        `json:"id"`
	Employeur string    `json:"employeur,omitempty"` // SIRET
	Copies    Copie     `json:"copies"`
	Date      time.Time `json:"date"`
	Complet   time.Time `json:"complet"`
	Par       string    `json:"par,omitempty"`
	Motif     string    `json:"motif,omitempty"`
}

// Effacements lists what was destroyed of the documents of an employer, the
// oldest first. It wants one of the rights suivi, lecture and destruction.
func (c *Coffre) Effacements(ctx context.Context, par Acteur, siret string) iter.Seq2[Effacement, error] {
	return func(yield func(Effacement, error) bool) {
		if err := c.require(ctx, par, siret, DroitSuivi, DroitLecture, DroitDestruction); err != nil {
			yield(Effacement{}, c.denied(ctx, par, "effacements", ID{}, err))
			return
		}
		if err := c.log(ctx, EvRecherche, nil, acts.Acte{Par: par.Nom, Objet: siret, Cause: "effacements"}); err != nil {
			yield(Effacement{}, err)
			return
		}
		for e, err := range c.erasures(ctx, ID{}) {
			if err == nil && siret != "" && e.Employeur != siret {
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// erasures gives the destructions of a document, in order; of all when id is
// zero.
func (c *Coffre) erasures(ctx context.Context, id ID) iter.Seq2[Effacement, error] {
	return func(yield func(Effacement, error) bool) {
		for next := int64(0); ; {
			page, err := c.book.Events(ctx, id, EvDestruction, next, 1<<62)
			if err != nil {
				yield(Effacement{}, err)
				return
			}
			for _, l := range page {
				e, err := c.erasureAt(l)
				if !yield(e, err) || err != nil {
					return
				}
			}
			if len(page) < book.PageSize {
				return
			}
			next = page[len(page)-1].Idx + 1
		}
	}
}

func (c *Coffre) erasureAt(l journal.Located) (Effacement, error) {
	r, err := c.book.Seg.Record(l.Place)
	if err != nil {
		return Effacement{}, err
	}
	when := time.UnixMilli(r.Temps).UTC()
	e := Effacement{ID: r.Sujet, Date: when, Complet: when.AddDate(0, 0, SauvegardesMax)}
	var b acts.Destruction
	if r.Body(c.book.Keys, nil, &b) != nil {
		return e, nil // the body is damaged; that there was an erasure is known
	}
	e.Employeur, e.Copies, e.Par, e.Motif = b.Employeur, b.Copies, b.Par, b.Motif
	if b.Complet != 0 {
		e.Complet = time.UnixMilli(b.Complet).UTC()
	}
	return e, nil
}

// lastErasure is the newest of the erasures that took one of copies; zero when
// there was none.
func (c *Coffre) lastErasure(ctx context.Context, id ID, copies Copie) (last Effacement, err error) {
	for e, err := range c.erasures(ctx, id) {
		if err != nil {
			return last, err
		}
		if e.Copies&copies != 0 {
			last = e
		}
	}
	return last, nil
}

// told adds to the metadata of a document which copies were erased, and when
// that is complete.
func (c *Coffre) told(ctx context.Context, m Metadata) (Metadata, error) {
	if m.Copies == ToutesCopies {
		return m, nil
	}
	e, err := c.lastErasure(ctx, m.ID, ToutesCopies&^m.Copies)
	if err == nil && !e.ID.IsZero() {
		e.Par, e.Motif = "", ""
		m.Effacement = &e
	}
	return m, err
}

// unknown is the refusal of a document that is not there: COF-223 with the
// dates when it was destroyed, to the operator and to who has a right over its
// employer; COF-204 to everybody else.
func (c *Coffre) unknown(ctx context.Context, par Acteur, id ID) error {
	never := Codes.New("COF-204")
	if id.IsZero() || par.Role != RoleSysteme && par.Role != RoleUtilisateur {
		return never
	}
	e, err := c.lastErasure(ctx, id, ToutesCopies)
	if err != nil {
		return err
	}
	if e.ID.IsZero() || par.Role == RoleUtilisateur && e.Employeur == "" {
		return never
	}
	if err := c.require(ctx, par, e.Employeur, Droits...); err != nil {
		if faults.Is(err) {
			return never
		}
		return err
	}
	return Codes.New("COF-223", e.Date.Format("02/01/2006"), e.Complet.Format("02/01/2006"))
}
