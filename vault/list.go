package vault

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"
)

// List implements [Store].
func (c *Coffre) List(ctx context.Context, par Acteur, f Filtre) iter.Seq2[Metadata, error] {
	return func(yield func(Metadata, error) bool) {
		where, args, err := c.search(ctx, par, f)
		if err != nil {
			yield(Metadata{}, err)
			return
		}
		if !f.Apres.IsZero() {
			where += " AND (mois, -idx) < (SELECT mois, -idx FROM documents WHERE id=?)"
			args = append(args, f.Apres[:])
		}
		// Pages of identifiers, so that a reader that stops or sleeps holds no
		// snapshot of the catalogue.
		given := 0
		reader := &journal.Reader{Seg: c.book.Seg}
		defer reader.Close()
		for {
			limit := book.PageSize
			if f.Limite > 0 {
				limit = min(limit, f.Limite-given)
			}
			page, err := c.page(ctx, where, args, "mois DESC, idx", limit)
			if err != nil {
				yield(Metadata{}, err)
				return
			}
			for _, p := range page {
				d, err := c.book.Listed(reader, p)
				if err == nil && d == nil {
					continue // destroyed since
				}
				var m Metadata
				if err == nil {
					if m = metadataOf(d); par.Role == RoleAdministrateur {
						m = m.masked()
					}
					m, err = c.told(ctx, m)
				}
				if !yield(m, err) || err != nil {
					return
				}
				given++
			}
			if len(page) < limit || f.Limite > 0 && given >= f.Limite {
				return
			}
			if f.Apres.IsZero() {
				where += " AND (mois, -idx) < (SELECT mois, -idx FROM documents WHERE id=?)"
				args = append(args, nil)
			}
			f.Apres = page[len(page)-1].ID
			args[len(args)-1] = f.Apres[:]
		}
	}
}

func (c *Coffre) page(ctx context.Context, where string, args []any, order string, limit int) (page []book.Row, err error) {
	rows, err := c.book.Read.QueryContext(ctx, "SELECT id, copies, idx, segment, offset, longueur FROM (SELECT id, copies, idx, mois FROM documents WHERE "+where+
		" ORDER BY "+order+" LIMIT ?) JOIN evenements USING (idx) ORDER BY "+order, append(args[:len(args):len(args)], limit)...)
	if err != nil {
		return nil, catalogue.Fault(err, "list documents")
	}
	for rows.Next() {
		var r book.Row
		var id []byte
		if err = rows.Scan(&id, &r.Copies, &r.Idx, &r.Segment, &r.Offset, &r.Size); err != nil || len(id) != len(ID{}) {
			break
		}
		r.ID = ID(id)
		page = append(page, r)
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return nil, catalogue.Fault(err, "list documents")
	}
	return page, nil
}

// Count implements [Store].
func (c *Coffre) Count(ctx context.Context, par Acteur, f Filtre) (n int64, err error) {
	where, args, err := c.search(ctx, par, f)
	if err != nil {
		return 0, err
	}
	if err := c.book.Read.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE "+where, args...).Scan(&n); err != nil {
		return 0, catalogue.Fault(err, "count documents")
	}
	return n, nil
}

// search checks what par may list, writes the search into the journal, and
// returns the condition.
func (c *Coffre) search(ctx context.Context, par Acteur, f Filtre) (where string, args []any, err error) {
	switch par.Role {
	case RoleAgent:
		if !f.Agent.IsZero() && f.Agent != par.Agent {
			return "", nil, c.denied(ctx, par, "recherche", ID{}, Codes.New("COF-306"))
		}
		f.Agent, f.Distribue = par.Agent, true
	case RoleAdministrateur:
	default:
		if err := c.require(ctx, par, f.Employeur, DroitSuivi, DroitLecture); err != nil {
			return "", nil, c.denied(ctx, par, "recherche", ID{}, err)
		}
	}
	if err := c.log(ctx, EvRecherche, nil, acts.Acte{Par: par.Nom, Objet: f.Employeur}); err != nil {
		return "", nil, err
	}
	var b strings.Builder
	b.WriteString("copies<>0")
	and := func(cond string, values ...any) {
		b.WriteString(" AND " + cond)
		args = append(args, values...)
	}
	if f.Employeur != "" {
		and("siret=?", f.Employeur)
	}
	if f.Matricule != "" {
		and("agent=(SELECT id FROM agents WHERE cle=?)", c.book.Keys.AgentTag(f.Employeur, f.Matricule))
	}
	if !f.Agent.IsZero() {
		and("agent=?", f.Agent[:])
	}
	if par.Role == RoleAgent {
		and("copies&1<>0")
	}
	if f.Periode != (Periode{}) {
		and("mois=?", f.Periode.Annee*12+f.Periode.Mois-1)
	}
	if f.Annee != 0 {
		and("mois BETWEEN ? AND ?", f.Annee*12, f.Annee*12+11)
	}
	if f.Nature != "" {
		and("nature=?", f.Nature)
	}
	if !f.Versement.IsZero() {
		and("versement=?", f.Versement[:])
	}
	if f.Distribue {
		and(book.IsDistributed)
	}
	return b.String(), args, nil
}

// AgentDe returns the identifier of an agent; zero when nothing was ever
// deposited for the matricule.
func (a *Registre) AgentDe(ctx context.Context, siret, matricule string) (ID, error) {
	i := Identite{Employeur: siret, Matricule: matricule}
	list, err := a.c.book.FindAgents(ctx, []Identite{i})
	if err != nil || list[i.Key()] == nil {
		return ID{}, err
	}
	return list[i.Key()].ID, nil
}

// IdentiteDe returns the identity that an agent was made with.
func (a *Registre) IdentiteDe(ctx context.Context, id ID) (Identite, error) {
	var idx int64
	var i Identite
	if err := a.c.book.Read.QueryRowContext(ctx, "SELECT idx FROM agents WHERE id=?", id[:]).Scan(&idx); err != nil {
		return i, Codes.New("COF-206")
	}
	r, err := a.c.book.RecordAt(ctx, a.c.book.Read, idx)
	if err != nil {
		return i, err
	}
	if err := r.Body(a.c.book.Keys, nil, &i); err != nil {
		return i, Codes.New("COF-118", fmt.Sprint(idx))
	}
	return i, nil
}
