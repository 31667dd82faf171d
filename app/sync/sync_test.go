package sync

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"paye/hr"
	"paye/hr/luccatest"
	"paye/internal/refdata"
)

// september is when most tests take place.
var september = time.Date(2026, 9, 14, 18, 0, 0, 0, time.UTC)

// bench is a tenant, its mapping and the state folder of one employer.
type bench struct {
	t      *testing.T
	tenant *luccatest.Tenant
	clock  *luccatest.Clock
	dir    string
}

func newBench(t *testing.T, tenant *luccatest.Tenant, more string) *bench {
	t.Helper()
	b := &bench{t: t, tenant: tenant, clock: luccatest.NewClock(september), dir: t.TempDir()}
	t.Cleanup(tenant.Start())
	t.Cleanup(func() {
		for _, x := range tenant.Broken() {
			t.Errorf("the tenant was asked what must never be: %s", x)
		}
	})
	write(t, filepath.Join(b.dir, "ca.pem"), string(tenant.CA()))
	write(t, filepath.Join(b.dir, "mapping.yaml"), tenant.Mapping("ca.pem", more))
	return b
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) open() *Job {
	b.t.Helper()
	j, err := Open(b.t.Context(), Options{Mapping: filepath.Join(b.dir, "mapping.yaml"), State: filepath.Join(b.dir, "etat"), Ledger: filepath.Join(b.dir, "etat"), User: "alice", Key: luccatest.Key, Clock: b.clock, Random: rand.Reader, Host: "banc"})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { j.Close() })
	return j
}

// sync runs once and wants no error.
func (b *bench) sync(req Request) *Report {
	b.t.Helper()
	j := b.open()
	defer j.Close()
	rep, err := j.Run(b.t.Context(), req, Watch{})
	if err != nil {
		b.t.Fatal(err)
	}
	return rep
}

// reference is a tenant of the reference data.
func reference(t *testing.T) *luccatest.Tenant {
	t.Helper()
	tenant := new(luccatest.Tenant)
	for _, f := range []struct {
		list *[]luccatest.Object
		name string
	}{
		{&tenant.Users, "users.page1.reconstructed.json"}, {&tenant.Users, "users.page2.reconstructed.json"},
		{&tenant.Definitions, "extensionuserdefinitions.reconstructed.json"}, {&tenant.Leaves, "leaves.2026-09.reconstructed.json"},
	} {
		page, err := os.ReadFile(refdata.Path(t, "data", "hr", "v3", f.name))
		if err != nil {
			t.Fatal(err)
		}
		if err := luccatest.Load(f.list, page); err != nil {
			t.Fatal(err)
		}
	}
	return tenant
}

func TestReferenceDataIsTakenOver(t *testing.T) {
	b := newBench(t, reference(t), "")
	rep := b.sync(Request{})
	if rep.Plan.Read != 8 || rep.Plan.Created != 7 || rep.Plan.Profils[hr.EnConflit] != 0 {
		t.Errorf("read %d, created %d, profiles %v", rep.Plan.Read, rep.Plan.Created, rep.Plan.Profils)
	}
	for _, a := range rep.Plan.Notices {
		t.Log(a)
	}
	again := b.sync(Request{})
	if len(again.Plan.Agents) != 0 || len(again.Plan.Changes) != 0 || again.Plan.Matched != 7 {
		t.Errorf("the second run would write %d agents and %d changes, matched %d", len(again.Plan.Agents), len(again.Plan.Changes), again.Plan.Matched)
	}
}

func TestAbsencesOfTheReferenceData(t *testing.T) {
	b := newBench(t, reference(t), "")
	b.sync(Request{})
	j := b.open()
	f, err := j.FetchAbsences(t.Context(), hr.Mois{Year: 2026, Month: 9}, "")
	if err != nil {
		t.Fatal(err)
	}
	if f.Outcome != hr.OnlyAdded || len(f.Lot.Content.Added) != 6 || f.Parked != 1 {
		t.Errorf("outcome %d, added %d, parked %d, want 2, 6, 1", f.Outcome, len(f.Lot.Content.Added), f.Parked)
	}
	var text bytes.Buffer
	data, err := os.ReadFile(f.Added)
	if err != nil {
		t.Fatal(err)
	}
	text.Write(data)
	t.Log(text.String())
}
