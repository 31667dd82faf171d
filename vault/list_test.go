package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"paye/vault/internal/book"
	"paye/vault/internal/journal"
)

// listedUntil gives the matricules of a list and the error that ended it.
func listedUntil(ctx context.Context, c *Coffre, f Filtre) (list []string, err error) {
	f.Employeur = siret
	for m, err := range c.List(ctx, Systeme("essai"), f) {
		if err != nil {
			return list, err
		}
		list = append(list, m.Matricule)
	}
	return list, nil
}

// What is not told of a list must not look like its end.
func TestListThatIsCancelledEndsWithAnError(t *testing.T) {
	c, _ := testVault(t)
	deposit(t, c, bulletins(0, 3*book.PageSize)...)
	for range 20 {
		ctx, stop := context.WithCancel(ctx)
		var err error
		for _, err = range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret}) {
			stop()
		}
		if stop(); !errors.Is(err, context.Canceled) {
			t.Fatalf("the list ended with %v, want %v", err, context.Canceled)
		}
	}
}

func TestListIsAsLongAsAskedFor(t *testing.T) {
	c, _ := testVault(t)
	var all []string
	for i, r := range deposit(t, c, bulletins(0, 2*book.PageSize+7)...) {
		if i%5 == 0 {
			must(t, erased(c, Systeme("essai"), r.ID, ToutesCopies, "erreur"))
		} else {
			all = append(all, fmt.Sprintf("A%05d", i))
		}
	}
	for _, count := range []int{-1, 0, 1, 2, book.PageSize - 1, book.PageSize, book.PageSize + 1, len(all) - 1, len(all), len(all) + 1} {
		want := all
		if count > 0 {
			want = all[:min(count, len(all))]
		}
		if got, err := listedUntil(ctx, c, Filtre{Limite: count}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d documents asked for, %d given, want %d: %v", count, len(got), len(want), err)
		}
	}
}

// Pages hold no more than what is asked for, and what is destroyed before it is
// opened is made up for.
func TestPagesOfAListHoldWhatIsAskedFor(t *testing.T) {
	c, _ := testVault(t)
	var docs []Document
	for i := range 12 {
		d := bulletin(fmt.Sprintf("A%05d", i))
		d.Periode.Mois = 1 + i%3
		docs = append(docs, d)
	}
	deposit(t, c, docs...)
	order, err := listedUntil(ctx, c, Filtre{})
	must(t, err)
	reader := &journal.Reader{Seg: c.book.Seg}
	defer reader.Close()
	// pages finds those of a list, and destroys the last documents of the first.
	pages := func(count, destroyed int) (sizes []int, docs []string) {
		after, err := c.cursorOf(ctx, Systeme("essai"), ID{})
		must(t, err)
		c.findPages(ctx, "copies<>0", nil, after, count, func(p *listedPage) bool {
			for ; destroyed > 0; destroyed-- {
				must(t, erased(c, Systeme("essai"), p.rows[len(p.rows)-destroyed].ID, ToutesCopies, "erreur"))
			}
			c.openPage(reader, p)
			must(t, p.err)
			sizes = append(sizes, len(p.rows))
			for _, d := range p.docs {
				docs = append(docs, d.Corps.Matricule)
			}
			return true
		})
		return sizes, docs
	}
	if sizes, got := pages(5, 0); !slices.Equal(sizes, []int{5}) || !slices.Equal(got, order[:5]) {
		t.Errorf("five documents in pages of %v: %v", sizes, got)
	}
	if sizes, got := pages(5, 2); !slices.Equal(sizes, []int{5, 2}) || !slices.Equal(got, append(order[:3:3], order[5:7]...)) {
		t.Errorf("five documents in pages of %v, two being destroyed: %v", sizes, got)
	}
	if sizes, _ := pages(0, 0); !slices.Equal(sizes, []int{10}) {
		t.Errorf("all documents in pages of %v", sizes)
	}
}

func TestListDoesNotGoOnAfterADocumentThatIsNotThere(t *testing.T) {
	c, _ := testVault(t)
	recus := deposit(t, c, bulletins(0, 3)...)
	must(t, erased(c, Systeme("essai"), recus[1].ID, ToutesCopies, "erreur"))
	_, err := listedUntil(ctx, c, Filtre{Apres: recus[1].ID})
	wantCode(t, err, "COF-223")
	_, err = listedUntil(ctx, c, Filtre{Apres: ID{1}})
	wantCode(t, err, "COF-204")
	if got, err := listedUntil(ctx, c, Filtre{Apres: recus[0].ID}); err != nil || !slices.Equal(got, []string{"A00002"}) {
		t.Errorf("after the first document: %v, %v", got, err)
	}
}

func TestListGivesWhatIsBeforeADamagedDocument(t *testing.T) {
	for name, row := range map[string]struct {
		damage func(t *testing.T, c *Coffre, idx int64)
		code   string
	}{
		"body": {func(t *testing.T, c *Coffre, idx int64) {
			var p journal.Place
			must(t, c.book.Read.QueryRow("SELECT segment, offset, longueur FROM evenements WHERE idx=?", idx).Scan(&p.Segment, &p.Offset, &p.Size))
			r, err := c.book.Seg.Record(p)
			must(t, err)
			flip(t, c.book.Seg.Path(p.Segment), p.Offset+r.SlotOffset(journal.SlotCorps)+40)
		}, "COF-118"},
		"no event": {func(t *testing.T, c *Coffre, idx int64) {
			_, err := c.book.Read.Exec("DELETE FROM evenements WHERE idx=?", idx)
			must(t, err)
		}, "COF-113"},
		"no identifier": {func(t *testing.T, c *Coffre, idx int64) {
			_, err := c.book.Read.Exec("UPDATE documents SET id=x'01' WHERE idx=?", idx)
			must(t, err)
		}, "COF-113"},
		"another place": {func(t *testing.T, c *Coffre, idx int64) {
			_, err := c.book.Read.Exec("UPDATE evenements SET offset=9223372036854775807 WHERE idx=?", idx)
			must(t, err)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := testVault(t)
			id := deposit(t, c, bulletins(0, 6)...)[3].ID
			var idx int64
			must(t, c.book.Read.QueryRow("SELECT idx FROM documents WHERE id=?", id[:]).Scan(&idx))
			row.damage(t, c, idx)
			got, err := listedUntil(ctx, c, Filtre{})
			if row.code == "" && err == nil {
				t.Error("the list came to its end")
			} else if row.code != "" {
				wantCode(t, err, row.code)
			}
			if row.code == "COF-118" && len(got) != 3 {
				t.Errorf("%v before the damaged document, want three", got)
			}
			if got, err := listedUntil(ctx, c, Filtre{Limite: 3}); err != nil || len(got) != 3 {
				t.Errorf("three documents: %v, %v", got, err)
			}
		})
	}
}
