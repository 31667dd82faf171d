package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"slices"
	"strings"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"

	"golang.org/x/sync/errgroup"
)

// List implements [Store]. Documents are found by pages, so that a reader that
// stops or sleeps holds no snapshot of the catalogue; the next page is found and
// opened, on all cores, while one is handed over.
func (c *Coffre) List(ctx context.Context, par Acteur, f Filtre) iter.Seq2[Metadata, error] {
	return func(yield func(Metadata, error) bool) {
		where, args, err := c.search(ctx, par, f)
		if err != nil {
			yield(Metadata{}, err)
			return
		}
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		pages := make(chan listedPage, 1)
		go c.listPages(ctx, where, args, f, pages)
		for page := range pages {
			for _, d := range page.docs {
				m, err := c.listed(ctx, par, d)
				if !yield(m, err) || err != nil {
					return
				}
			}
			if page.err != nil {
				yield(Metadata{}, page.err)
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

// listedPage is some of the documents of a list, in order, and why there are no
// more.
type listedPage struct {
	docs []*book.Filed
	err  error
}

// cursor is a document in the order of a list: newest month first, then in
// order of deposit.
type cursor struct{ mois, idx int64 }

// listPages sends the pages of a list until the last, or until ctx ends.
func (c *Coffre) listPages(ctx context.Context, where string, args []any, f Filtre, pages chan<- listedPage) {
	defer close(pages)
	send := func(p listedPage) bool {
		select {
		case pages <- p:
			return p.err == nil
		case <-ctx.Done():
			return false
		}
	}
	after := cursor{mois: math.MaxInt64, idx: -1}
	if !f.Apres.IsZero() {
		err := c.book.Read.QueryRowContext(ctx, "SELECT mois, idx FROM documents WHERE id=?", f.Apres[:]).Scan(&after.mois, &after.idx)
		if errors.Is(err, sql.ErrNoRows) {
			return
		}
		if err != nil {
			send(listedPage{err: catalogue.Fault(err, "list documents")})
			return
		}
	}
	readers := make([]*journal.Reader, runtime.GOMAXPROCS(0))
	for i := range readers {
		readers[i] = &journal.Reader{Seg: c.book.Seg, Ahead: true}
		defer readers[i].Close()
	}
	// find finds the page that follows a document, while others are opened.
	find := func(after cursor, limit int) <-chan foundPage {
		found := make(chan foundPage, 1)
		go func() {
			var p foundPage
			p.rows, p.last, p.err = c.pageAfter(ctx, where, args, after, limit)
			found <- p
		}()
		return found
	}
	limit := func(given int) int {
		if f.Limite > 0 {
			return min(book.PageSize, f.Limite-given)
		}
		return book.PageSize
	}
	for given, next := 0, find(after, limit(0)); ; {
		page := <-next
		if page.err != nil {
			send(listedPage{err: page.err})
			return
		}
		last := len(page.rows) < limit(given)
		if f.Limite <= 0 && !last {
			next = find(page.last, limit(0))
		}
		docs, err := c.openRows(readers, page.rows)
		if given += len(docs); !send(listedPage{docs, err}) || last || f.Limite > 0 && given >= f.Limite {
			return
		}
		if f.Limite > 0 { // how many are asked for hangs on how many were there
			next = find(page.last, limit(given))
		}
	}
}

// foundPage is a page of rows, and the document that the next one follows.
type foundPage struct {
	rows []book.Row
	last cursor
	err  error
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
		more, err := c.page(ctx, where+part.cond, append(args[:len(args):len(args)], part.args...), part.order, limit-len(page))
		if err != nil {
			return nil, last, err
		}
		page = append(page, more...)
	}
	if len(page) == 0 {
		return nil, last, nil
	}
	last.idx = page[len(page)-1].Idx
	if err := c.book.Read.QueryRowContext(ctx, "SELECT coalesce(mois,-1) FROM documents WHERE idx=?", last.idx).Scan(&last.mois); err != nil {
		return nil, last, catalogue.Fault(err, "list documents")
	}
	if last.mois < 0 { // destroyed since: the month is the one it had
		last.mois = after.mois
	}
	return page, last, nil
}

// openRows opens the bodies of a page on all cores. It leaves out what was
// destroyed since.
func (c *Coffre) openRows(readers []*journal.Reader, rows []book.Row) ([]*book.Filed, error) {
	docs := make([]*book.Filed, len(rows))
	each := (len(rows) + len(readers) - 1) / len(readers)
	var group errgroup.Group
	for n, reader := range readers {
		from, to := min(n*each, len(rows)), min((n+1)*each, len(rows))
		group.Go(func() (err error) {
			for i := from; i < to && err == nil; i++ {
				if docs[i], err = c.book.Listed(reader, rows[i]); docs[i] != nil {
					docs[i].Rec = &journal.Record{Header: docs[i].Rec.Header} // its slots are the reader's
				}
			}
			return err
		})
	}
	err := group.Wait()
	return slices.DeleteFunc(docs, func(d *book.Filed) bool { return d == nil }), err
}

func (c *Coffre) page(ctx context.Context, where string, args []any, order string, limit int) (page []book.Row, err error) {
	rows, err := c.book.Read.QueryContext(ctx, "SELECT id, copies, idx, segment, offset, longueur FROM (SELECT id, copies, idx, mois FROM documents WHERE "+where+
		" ORDER BY "+order+" LIMIT ?) JOIN evenements USING (idx) ORDER BY "+order, append(args[:len(args):len(args)], limit)...)
	if err != nil {
		return nil, catalogue.Fault(err, "list documents")
	}
	for rows.Next() {
		var r book.Row
		var id sql.RawBytes
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
