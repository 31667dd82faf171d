package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"strings"
	"sync"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"
)

// List implements [Store]. Documents are found by pages, so that a reader that
// stops or sleeps holds no snapshot of the catalogue; the pages that follow are
// found and opened, on all cores, while one is handed over.
func (c *Coffre) List(ctx context.Context, par Acteur, f Filtre) iter.Seq2[Metadata, error] {
	return func(yield func(Metadata, error) bool) {
		where, args, err := c.search(ctx, par, f)
		if err != nil {
			yield(Metadata{}, err)
			return
		}
		after, err := c.cursorOf(ctx, par, f.Apres)
		if err != nil {
			yield(Metadata{}, err)
			return
		}
		given := 0
		for d, err := range c.opened(ctx, where, args, after, f.Limite) {
			var m Metadata
			if err == nil {
				m, err = c.listed(ctx, par, d)
			}
			if !yield(m, err) || err != nil {
				return
			}
			if given++; given == f.Limite {
				return
			}
		}
	}
}

// listed is what a list says of a document.
func (c *Coffre) listed(ctx context.Context, par Acteur, d *book.Filed) (Metadata, error) {
	m := metadataOf(d)
	if par.Role == RoleAdministrateur {
		m = m.masked()
	}
	return c.told(ctx, m)
}

// listedPage is some of the documents of a list, in order, that are being opened.
type listedPage struct {
	rows []book.Row
	docs []*book.Filed
	err  error
	open chan struct{} // closed once docs and err are there
}

// cursor is a document in the order of a list: newest month first, then in
// order of deposit.
type cursor struct{ mois, idx int64 }

// cursorOf is where a list goes on after a document, zero for its beginning: the
// refusal of one that is not there, as its month went with it.
func (c *Coffre) cursorOf(ctx context.Context, par Acteur, id ID) (cursor, error) {
	if id.IsZero() {
		return cursor{mois: math.MaxInt64, idx: -1}, nil
	}
	var mois sql.NullInt64
	var at cursor
	err := c.book.Read.QueryRowContext(ctx, "SELECT mois, idx FROM documents WHERE id=?", id[:]).Scan(&mois, &at.idx)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !mois.Valid {
		return at, c.unknown(ctx, par, id)
	}
	if err != nil {
		return at, catalogue.Fault(err, "list documents")
	}
	at.mois = mois.Int64
	return at, nil
}

// opened gives the documents of a list, as many as it is asked for and some more,
// all when that is none. It leaves out what was destroyed since they were found. Of a
// list that is not whole since ctx ended the end is an error.
func (c *Coffre) opened(ctx context.Context, where string, args []any, after cursor, count int) iter.Seq2[*book.Filed, error] {
	return func(yield func(*book.Filed, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		workers := runtime.GOMAXPROCS(0)
		work, pages := make(chan *listedPage), make(chan *listedPage, 2*workers)
		var group sync.WaitGroup
		defer group.Wait()
		defer stop()
		group.Go(func() {
			defer close(work)
			defer close(pages)
			c.findPages(ctx, where, args, after, count, func(p *listedPage) bool {
				for _, to := range []chan<- *listedPage{pages, work} {
					select {
					case to <- p:
					case <-ctx.Done():
						return false
					}
				}
				return true
			})
		})
		for range workers {
			group.Go(func() {
				reader := &journal.Reader{Seg: c.book.Seg, Ahead: true}
				defer reader.Close()
				for p := range work {
					c.openPage(reader, p)
				}
			})
		}
		for p := range pages {
			select {
			case <-p.open:
			case <-ctx.Done():
				yield(nil, ctx.Err())
				return
			}
			for _, d := range p.docs {
				if !yield(d, nil) {
					return
				}
			}
			if p.err != nil {
				yield(nil, p.err)
				return
			}
		}
		if err := ctx.Err(); err != nil { // pages that were found may not have been taken
			yield(nil, err)
		}
	}
}

// findPages finds the pages of a list, in order, until the last, one that cannot
// be found, or one that is not taken. Those of a list that is asked for a number of
// documents hold no more, but what makes up for those that were destroyed since.
func (c *Coffre) findPages(ctx context.Context, where string, args []any, after cursor, count int, take func(*listedPage) bool) {
	var taken []*listedPage
	for wanted := count; ; {
		limit := book.PageSize
		if count > 0 {
			limit = min(limit, wanted)
		}
		rows, last, err := c.pageAfter(ctx, where, args, after, limit)
		p := &listedPage{rows: rows, err: err, open: make(chan struct{})}
		if !take(p) || err != nil || len(rows) < limit {
			return
		}
		if after = last; count <= 0 {
			continue
		}
		taken = append(taken, p)
		if wanted -= len(rows); wanted > 0 {
			continue
		}
		for _, p := range taken {
			select {
			case <-p.open:
			case <-ctx.Done():
				return
			}
			wanted += len(p.rows) - len(p.docs)
			if p.err != nil {
				return
			}
		}
		if taken = taken[:0]; wanted == 0 {
			return
		}
	}
}

// pageAfter finds the rows that follow a document: those of its month, then
// those of the months before, each by the order of an index.
func (c *Coffre) pageAfter(ctx context.Context, where string, args []any, after cursor, limit int) (page []book.Row, last cursor, err error) {
	last = after
	for _, part := range []struct {
		cond, order string
		args        []any
	}{{" AND mois=? AND idx>?", "idx", []any{after.mois, after.idx}}, {" AND mois<?", "mois DESC, idx", []any{after.mois}}} {
		if len(page) == limit || part.order == "idx" && after.idx < 0 {
			continue
		}
		more, at, err := c.page(ctx, where+part.cond, append(args[:len(args):len(args)], part.args...), part.order, limit-len(page))
		if err != nil {
			return nil, last, err
		}
		if len(more) > 0 {
			page, last = append(page, more...), at
		}
	}
	return page, last, nil
}

// openPage opens the bodies of a page.
func (c *Coffre) openPage(reader *journal.Reader, p *listedPage) {
	defer close(p.open)
	p.docs = make([]*book.Filed, 0, len(p.rows))
	for _, row := range p.rows {
		d, err := c.book.Listed(reader, row)
		if err != nil {
			p.err = err
			return
		}
		if d != nil {
			d.Rec = &journal.Record{Header: d.Rec.Header} // its slots are the reader's
			p.docs = append(p.docs, d)
		}
	}
}

// page finds rows of documents, and where the last one stands in the order of a list.
func (c *Coffre) page(ctx context.Context, where string, args []any, order string, limit int) (page []book.Row, last cursor, err error) {
	rows, err := c.book.Read.QueryContext(ctx, "SELECT id, copies, mois, idx, coalesce(segment,0), coalesce(offset,0), coalesce(longueur,0) FROM (SELECT id, copies, idx, mois FROM documents WHERE "+where+
		" ORDER BY "+order+" LIMIT ?) LEFT JOIN evenements USING (idx) ORDER BY "+order, append(args[:len(args):len(args)], limit)...)
	if err != nil {
		return nil, last, catalogue.Fault(err, "list documents")
	}
	for rows.Next() {
		var r book.Row
		var id sql.RawBytes
		if err = rows.Scan(&id, &r.Copies, &last.mois, &r.Idx, &r.Segment, &r.Offset, &r.Size); err != nil {
			break
		}
		if len(id) != len(ID{}) || r.Segment == 0 {
			err = Codes.New("COF-113")
			break
		}
		r.ID, last.idx = ID(id), r.Idx
		page = append(page, r)
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return nil, last, catalogue.Fault(err, "list documents")
	}
	return page, last, nil
}

// Annees gives the years of the documents that an agent sees, newest first.
// The list that follows is what is in the journal.
func (c *Coffre) Annees(ctx context.Context, par Acteur) (list []int, err error) {
	if par.Role != RoleAgent {
		return nil, Codes.New("COF-306")
	}
	rows, err := c.book.Read.QueryContext(ctx, "SELECT DISTINCT mois/12 FROM documents WHERE agent=? AND copies&1<>0 AND "+book.IsDistributed+" ORDER BY 1 DESC", par.Agent[:])
	if err != nil {
		return nil, catalogue.Fault(err, "list the years of documents")
	}
	for rows.Next() {
		var year int
		if err = rows.Scan(&year); err != nil {
			break
		}
		list = append(list, year)
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return nil, catalogue.Fault(err, "list the years of documents")
	}
	return list, nil
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
	if err := c.look(ctx, par, EvRecherche, nil, acts.Acte{Par: par.Nom, Objet: f.Employeur}); err != nil {
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
