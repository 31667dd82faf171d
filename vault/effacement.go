package vault

import (
	"context"
	"iter"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

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

// SauvegardesMax is for how many days backups of the journal and the keys may
// be kept: what was erased is in none after a month (délibération CNIL
// 2013-270).
const SauvegardesMax = 30

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
