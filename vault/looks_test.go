package vault

import (
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"
)

// events counts the events of a kind about a subject, the zero ID for any.
func events(t *testing.T, c *Coffre, g Genre) (n int) {
	t.Helper()
	for e, err := range c.Journal(ctx, Systeme("essai"), FiltreJournal{Genre: g}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Genre == g {
			n++
		}
	}
	return n
}

// leaves is how many events the journal has on the disk.
func leaves(t *testing.T, c *Coffre) int64 {
	t.Helper()
	n, err := c.book.Size(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// seen is all that an agent sees of his own without opening it.
func seen(t *testing.T, c *Coffre, par Acteur, id ID) {
	t.Helper()
	for _, err := range c.List(ctx, par, Filtre{}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err1 := c.Metadata(ctx, par, id)
	_, err2 := c.Check(ctx, par, id)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
}

// owned is a vault with a document, and the agent whose it is.
func owned(t *testing.T) (c *Coffre, owner Acteur, id ID) {
	t.Helper()
	c, _ = testVault(t)
	id = deposit(t, c, bulletin("A1"))[0].ID
	m, err := c.Metadata(ctx, Systeme("essai"), id)
	if err != nil {
		t.Fatal(err)
	}
	return c, Agent(m.Agent), id
}

func TestLookOfSomebodyElseIsInTheJournalBeforeItsAnswer(t *testing.T) {
	c, _, id := owned(t)
	for _, par := range []Acteur{Systeme("essai"), {Role: RoleAdministrateur, Nom: "admin"}} {
		before := leaves(t, c)
		seen(t, c, par, id)
		if got := leaves(t, c) - before; got != 3 {
			t.Errorf("%s: %d events, want the list, the record and the verification", par.Nom, got)
		}
	}
}

func TestAgentWaitsForNoEventOfWhatIsHisUntilHeOpensIt(t *testing.T) {
	c, owner, id := owned(t)
	c.looks.delay = time.Hour // nothing goes by itself
	before := leaves(t, c)
	seen(t, c, owner, id)
	if got := leaves(t, c) - before; got != 0 {
		t.Errorf("%d events were waited for", got)
	}
	if _, err := c.Read(ctx, owner, id, new(sink)); err != nil {
		t.Fatal(err)
	}
	if got := leaves(t, c) - before; got != 4 {
		t.Errorf("%d events after a document was opened, want its opening and the three looks before", got)
	}
}

// sink takes everything.
type sink struct{}

// Write implements io.Writer.
func (*sink) Write(p []byte) (int, error) { return len(p), nil }

func TestLooksAreThereForWhoReadsTheJournal(t *testing.T) {
	c, owner, id := owned(t)
	was := events(t, c, EvMetadata)
	seen(t, c, owner, id)
	if got := events(t, c, EvMetadata) - was; got != 1 {
		t.Errorf("%d looks in the journal, want 1", got)
	}
}

func TestLooksGoByThemselves(t *testing.T) {
	c, owner, id := owned(t)
	c.looks.delay = 0
	before := leaves(t, c)
	seen(t, c, owner, id)
	for leaves(t, c) < before+3 {
		if t.Context().Err() != nil {
			t.Fatal("the test ended")
		}
		runtime.Gosched()
	}
}

func TestLooksOutliveTheClosing(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	c := reopen(t, root, o)
	id := deposit(t, c, bulletin("A1"))[0].ID
	m, err := c.Metadata(ctx, Systeme("essai"), id)
	if err != nil {
		t.Fatal(err)
	}
	c.looks.delay = time.Hour
	before := leaves(t, c)
	seen(t, c, Agent(m.Agent), id)
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	c = reopen(t, root, o)
	if got := leaves(t, c) - before; got != 3 {
		t.Errorf("%d events, want 3", got)
	}
}

func TestWhoComesAfterTooManyLooksWaits(t *testing.T) {
	c, owner, id := owned(t)
	c.looks.delay = time.Hour
	before := leaves(t, c)
	for range maxLooks {
		if _, err := c.Metadata(ctx, owner, id); err != nil {
			t.Fatal(err)
		}
	}
	if got := leaves(t, c) - before; got != 0 {
		t.Errorf("%d events were waited for", got)
	}
	if _, err := c.Metadata(ctx, owner, id); err != nil {
		t.Fatal(err)
	}
	if got := leaves(t, c) - before; got != maxLooks+1 {
		t.Errorf("%d events after one too many, want all of them", got)
	}
}

func TestYearsAreThoseThatAnAgentSees(t *testing.T) {
	c, owner, _ := owned(t)
	old := bulletin("A1")
	old.Periode.Annee = 2019
	deposit(t, c, old, bulletin("A2"))
	got, err := c.Annees(ctx, owner)
	if err != nil || !slices.Equal(got, []int{2026, 2019}) {
		t.Errorf("got %v, %v", got, err)
	}
	_, err = c.Annees(ctx, Utilisateur("anne"))
	wantCode(t, err, "COF-306")
}
