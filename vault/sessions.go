package vault

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// OpenVersement implements [Depositaire]. A session is of the account that
// opens it: nobody else goes on with it.
func (c *Coffre) OpenVersement(ctx context.Context, par Acteur, v Versement) (Versement, error) {
	if err := c.require(ctx, par, v.Employeur, DroitDepot); err != nil {
		return v, c.denied(ctx, par, "versement", ID{}, err)
	}
	if _, err := c.activeEmployer(ctx, v.Employeur); err != nil {
		return v, c.denied(ctx, par, "versement", ID{}, err)
	}
	if !v.Periode.Valid() || !acts.Clean(v.Source, 256) || !acts.Clean(v.Deposant, 64) || v.Fichiers < 0 || v.Fichiers > maxFichiers {
		return v, Codes.New("COF-201", "versement")
	}
	id, err := keys.Draw(c.opts.Random, 16)
	if err != nil {
		return v, err
	}
	fresh := Versement{ID: ID(id), Employeur: v.Employeur, Periode: v.Periode, Source: v.Source, Deposant: v.Deposant, Auteur: par.Nom,
		Debut: c.now().Truncate(time.Millisecond), Etape: Preparation, Statut: StatutBon, Fichiers: max(v.Fichiers, 1)}
	tag := c.book.Keys.Tag("versement", []byte(v.Employeur+"\x00"+v.Periode.String()+"\x00"+par.Nom+"\x00"+v.Source))
	var opened Versement
	op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		if err := t.claim(tag); err != nil {
			return nil, err
		}
		for f, err := range c.book.FichesIn(t.ctx, t.tx, acts.FicheVersement, v.Employeur) {
			if err != nil {
				return nil, err
			}
			old, err := sessionOf(f)
			if err != nil {
				return nil, err
			}
			if old.Etape == Preparation && old.Periode == v.Periode && old.Source == v.Source && old.Auteur == par.Nom {
				opened = old
				return nil, nil
			}
		}
		opened = fresh
		d, err := fresh.draft(par.Nom)
		return []*journal.Draft{d}, err
	}}
	err = c.commit(ctx, op)
	return opened, err
}

// draft is the event of the next version of a session.
func (v *Versement) draft(par string) (*journal.Draft, error) {
	value, err := journal.Marshal(v)
	if err != nil {
		return nil, err
	}
	v.version++
	return &journal.Draft{Genre: EvFiche, Corps: acts.FicheBody{Genre: acts.FicheVersement, Cle: v.ID.String(), Employeur: v.Employeur, Version: v.version, Par: par, Valeur: value}}, nil
}

// sessionOf reads the fiche of a session.
func sessionOf(f Fiche) (v Versement, err error) {
	if err := json.Unmarshal(f.Valeur, &v); err != nil {
		return v, catalogue.Fault(err, "read the fiche of a session")
	}
	v.version = f.Version
	return v, nil
}

func (c *Coffre) versement(ctx context.Context, q catalogue.Querier, id ID) (Versement, error) {
	f, err := c.book.FicheIn(ctx, q, acts.FicheVersement, id.String())
	if err != nil {
		return Versement{}, err
	}
	if f.Valeur == nil {
		return Versement{}, Codes.New("COF-501")
	}
	return sessionOf(f)
}

// changeVersement changes a session under the write lock: what change sees is
// what there is when the new version is committed.
func (c *Coffre) changeVersement(ctx context.Context, par Acteur, id ID, change func(*transaction, *Versement) (changed bool, err error)) (Versement, error) {
	var next Versement
	op := &operation{prepare: func(t *transaction) ([]*journal.Draft, error) {
		if _, filing := t.sessions[id]; filing || t.changed[id] {
			return nil, errAgain
		}
		t.changed[id] = true
		v, err := c.versement(t.ctx, t.tx, id)
		if err != nil {
			return nil, err
		}
		changed, err := change(t, &v)
		if next = v; err != nil || !changed {
			return nil, err
		}
		d, err := next.draft(par.Nom)
		return []*journal.Draft{d}, err
	}}
	err := c.commit(ctx, op)
	return next, err
}

// SaveVersement implements [Depositaire]. What it is told is judged before it
// is kept: it is shown to others.
func (c *Coffre) SaveVersement(ctx context.Context, par Acteur, v Versement) (Versement, error) {
	old, err := c.versement(ctx, c.book.Read, v.ID)
	if err != nil {
		return v, err
	}
	if err := c.require(ctx, par, old.Employeur, DroitDepot); err != nil {
		return v, c.denied(ctx, par, "versement", v.ID, err)
	}
	if old.Auteur != par.Nom {
		return v, c.denied(ctx, par, "versement", v.ID, Codes.New("COF-509"))
	}
	if v.Etape != Preparation && v.Etape != Verification && v.Etape != Annule {
		return v, Codes.New("COF-502", stepShown(v.Etape))
	}
	if err := v.judge(); err != nil {
		return v, err
	}
	e, err := c.activeEmployer(ctx, old.Employeur)
	if err != nil {
		return v, err
	}
	saved, err := c.changeVersement(ctx, par, v.ID, func(t *transaction, next *Versement) (bool, error) {
		if next.Etape != Preparation {
			if v.Etape == Verification && next.Bilan == v.Bilan && (next.Etape == Verification || next.Etape == Termine) {
				return false, nil // said twice, as a client does that heard no answer
			}
			return false, Codes.New("COF-502", string(next.Etape))
		}
		next.Etape, next.Statut, next.Motif, next.Bilan, next.Ecarts, next.Fichiers = v.Etape, v.Statut, v.Motif, v.Bilan, v.Ecarts, max(v.Fichiers, 1)
		if err := t.countSession(next); err != nil || next.Etape != Verification {
			return true, err
		}
		if filed := next.Bilan.Deposes - next.Bilan.Deja; next.Documents != filed {
			return false, Codes.New("COF-504", next.Documents, filed)
		}
		next.AValider = next.Documents
		if !e.DoubleValidation {
			next.Etape, next.Valides = Termine, next.Documents
		}
		return true, nil
	})
	if err != nil {
		return v, err
	}
	return saved, nil
}

// countSession counts the documents of a session that are there.
func (t *transaction) countSession(v *Versement) error {
	err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FILTER (WHERE nature=?), count(*) FILTER (WHERE nature=?) FROM documents WHERE versement=? AND copies<>0",
		Bulletin, Annexe, v.ID[:]).Scan(&v.Documents, &v.Annexes)
	if err != nil {
		return catalogue.Fault(err, "count the documents of a session")
	}
	return nil
}

// Limits of what a client says of a session.
const (
	maxFichiers  = 1_000_000
	maxBulletins = 100_000_000
)

// codeShape is the form of the codes that a session may give as a reason.
var codeShape = regexp.MustCompile(`^[A-Z]{2,5}-[0-9]{3}$`)

// judge returns an anomaly for what a client says of a session that cannot be
// kept and shown.
func (v *Versement) judge() error {
	switch {
	case !v.Bilan.Juste() || v.Bilan.Bulletins > maxBulletins || len(v.Ecarts) > MaxEcarts:
		return Codes.New("COF-503")
	case v.Statut != StatutBon && v.Statut != StatutRejete && v.Statut != StatutAction:
		return Codes.New("COF-201", "statut")
	case v.Motif != "" && !codeShape.MatchString(v.Motif):
		return Codes.New("COF-201", "motif")
	case v.Fichiers < 0 || v.Fichiers > maxFichiers:
		return Codes.New("COF-201", "fichiers")
	}
	for i := range v.Ecarts {
		if !v.Ecarts[i].sound() {
			return Codes.New("COF-201", "ecarts")
		}
	}
	return nil
}

// stepShown is a step as it may be shown: what is none is not repeated.
func stepShown(e Etape) string {
	if _, known := etapes[e]; !known {
		return "?"
	}
	return string(e)
}

// Validate implements [Guichet].
func (c *Coffre) Validate(ctx context.Context, par Acteur, id ID) (Versement, error) {
	return c.decide(ctx, par, id, func(v *Versement) {
		v.Etape, v.Valides, v.ValidePar = Termine, v.Documents, par.Nom
	})
}

// Reject implements [Guichet].
func (c *Coffre) Reject(ctx context.Context, par Acteur, id ID, motif string) (Versement, error) {
	if motif == "" || !acts.Clean(motif, 256) {
		return Versement{}, Codes.New("COF-207")
	}
	return c.decide(ctx, par, id, func(v *Versement) {
		v.Etape, v.Statut, v.Motif, v.ValidePar = Rejete, StatutRejete, motif, par.Nom
	})
}

func (c *Coffre) decide(ctx context.Context, par Acteur, id ID, change func(*Versement)) (Versement, error) {
	v, err := c.versement(ctx, c.book.Read, id)
	if err != nil {
		return v, err
	}
	if err := c.require(ctx, par, v.Employeur, DroitValidation); err != nil {
		return v, c.denied(ctx, par, "validation", id, err)
	}
	if v.Etape != Verification {
		return v, Codes.New("COF-502", string(v.Etape))
	}
	own, err := c.depositedBy(ctx, &v, par.Nom)
	if err != nil {
		return v, err
	}
	if own {
		return v, c.denied(ctx, par, "validation", id, Codes.New("COF-505"))
	}
	return c.changeVersement(ctx, par, id, func(_ *transaction, v *Versement) (bool, error) {
		if v.Etape != Verification {
			return false, Codes.New("COF-502", string(v.Etape))
		}
		change(v)
		return true, nil
	})
}

// depositedBy reports whether somebody opened a session or deposited any
// document of it: he is no second person.
func (c *Coffre) depositedBy(ctx context.Context, v *Versement, nom string) (bool, error) {
	if v.Auteur == nom {
		return true, nil
	}
	reader := &journal.Reader{Seg: c.book.Seg}
	defer reader.Close()
	for after := int64(-1); ; {
		page, _, err := c.page(ctx, "versement=? AND copies<>0 AND idx>?", []any{v.ID[:], after}, "idx", book.PageSize)
		if err != nil {
			return false, err
		}
		for _, p := range page {
			d, err := c.book.Listed(reader, p)
			if err != nil {
				return false, err
			}
			if d != nil && d.Corps.Deposant == nom {
				return true, nil
			}
			after = p.Idx
		}
		if len(page) < book.PageSize {
			return false, nil
		}
	}
}

func (c *Coffre) versements(ctx context.Context, siret string) ([]Versement, error) {
	var list []Versement
	for f, err := range c.book.Fiches(ctx, acts.FicheVersement, siret) {
		if err != nil {
			return nil, err
		}
		v, err := sessionOf(f)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	sortBy(list, func(v Versement) string {
		return fmt.Sprintf("%020d", int64(1)<<62-v.Debut.UnixMilli()) + v.ID.String()
	})
	return list, nil
}

// Awaiting are the sessions that wait for par as their second person, whatever
// the employer, the oldest first.
func (c *Coffre) Awaiting(ctx context.Context, par Acteur) ([]Versement, error) {
	open, err := c.undistributed(ctx)
	if err != nil {
		return nil, err
	}
	var list []Versement
	for id, siret := range open {
		if err := c.require(ctx, par, siret, DroitValidation); err != nil {
			if _, refused := faults.As(err); refused {
				continue // not his to see
			}
			return nil, err
		}
		v, err := c.versement(ctx, c.book.Read, id)
		if err != nil {
			return nil, err
		}
		if v.Etape == Verification && v.Auteur != par.Nom {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b Versement) int {
		return cmp.Or(a.Debut.Compare(b.Debut), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return list, nil
}

// undistributed are the sessions that agents do not see, with their employer.
func (c *Coffre) undistributed(ctx context.Context) (map[ID]string, error) {
	rows, err := c.book.Read.QueryContext(ctx, "SELECT id, siret FROM versements WHERE distribue=0")
	if err != nil {
		return nil, catalogue.Fault(err, "find the sessions that wait")
	}
	defer rows.Close()
	open := map[ID]string{}
	for rows.Next() {
		var id []byte
		var siret string
		if err := rows.Scan(&id, &siret); err != nil || len(id) != len(ID{}) {
			return nil, errors.Join(err, Codes.New("COF-113"))
		}
		open[ID(id)] = siret
	}
	if err := rows.Err(); err != nil {
		return nil, catalogue.Fault(err, "find the sessions that wait")
	}
	return open, nil
}

// Versements implements [Depositaire].
func (c *Coffre) Versements(ctx context.Context, par Acteur, siret string) ([]Versement, error) {
	if err := c.require(ctx, par, siret, DroitSuivi, DroitDepot, DroitValidation); err != nil {
		return nil, c.denied(ctx, par, "suivi", ID{}, err)
	}
	return c.versements(ctx, siret)
}
