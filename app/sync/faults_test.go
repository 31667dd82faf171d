package sync

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	"github.com/google/go-cmp/cmp"

	"paye/hr"
	"paye/hr/luccatest"
	"paye/internal/durable"
	"paye/internal/ledger"
)

var wantCode = anomalietest.WantCode

// codes are those of a plan's notices.
func codes(p *hr.Plan) string {
	var list []string
	for _, a := range p.Notices {
		list = append(list, a.Code)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// fails runs once and wants an error of a code, and nothing written.
func (b *bench) fails(req Request, code string) {
	b.t.Helper()
	before := b.memory()
	j := b.open()
	defer j.Close()
	_, err := j.Run(b.t.Context(), req, Watch{})
	wantCode(b.t, err, code)
	if after := b.memory(); after != before {
		b.t.Errorf("the memory changed:\n%s\n---\n%s", before, after)
	}
}

// memory is everything that is remembered, as text.
func (b *bench) memory() string {
	b.t.Helper()
	schema, err := hr.Schema()
	if err != nil {
		b.t.Fatal(err)
	}
	l, err := ledger.Open(b.t.Context(), filepath.Join(b.dir, "etat"), b.clock.Now, schema)
	if err != nil {
		b.t.Fatal(err)
	}
	defer l.Close()
	var text strings.Builder
	for _, table := range []string{"hr_agent", "hr_lien", "hr_run", "hr_change", "hr_decision", "hr_lot", "hr_absence"} {
		rows, err := l.DB().QueryContext(b.t.Context(), "select * from "+table)
		if err != nil {
			b.t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			b.t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				b.t.Fatal(err)
			}
			var line strings.Builder
			for _, v := range values {
				fmt.Fprintf(&line, "|%v", *v.(*any))
			}
			lines = append(lines, line.String())
		}
		rows.Close()
		slices.Sort(lines)
		fmt.Fprintf(&text, "%s\n%s\n", table, strings.Join(lines, "\n"))
	}
	return text.String()
}

// withoutRuns is a memory without the names and the times of the runs.
func withoutRuns(memory string) string {
	var out []string
	table := ""
	for line := range strings.Lines(memory) {
		cells := strings.Split(line, "|")
		if len(cells) == 1 {
			table = strings.TrimSpace(line)
		}
		switch {
		case table == "hr_run":
			continue
		case table == "hr_change" && len(cells) > 3:
			cells[2] = ""
		}
		out = append(out, table+strings.TrimSpace(strings.Join(cells, "|")))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// crowd is a tenant of n agents who differ in every key.
func crowd(n int) *luccatest.Tenant {
	t := luccatest.Sample()
	t.Users = nil
	for i := range n {
		t.Users = append(t.Users, luccatest.Person(i))
	}
	return t
}

func TestSecondRunWritesNothing(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	b.sync(Request{})
	path := filepath.Join(b.dir, "etat", "ledger.db")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Set(september.Add(24 * time.Hour))
	b.sync(Request{})
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the file of the ledger changed")
	}
}

func TestOrderOfTheSourceDoesNotMatter(t *testing.T) {
	var want string
	for seed := range uint64(6) {
		tenant := luccatest.Sample()
		tenant.Users = append(tenant.Users, luccatest.Person(7), luccatest.Person(8))
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(tenant.Users), func(i, j int) { tenant.Users[i], tenant.Users[j] = tenant.Users[j], tenant.Users[i] })
		b := newBench(t, tenant, "")
		b.sync(Request{})
		tenant.Edit(func() {
			tenant.User("103")["lastName"] = "AUTRE"
			tenant.User("104")["employeeNumber"], tenant.User("105")["employeeNumber"] = "003135", "003134"
		})
		b.sync(Request{Reason: "deux fiches sur sept"})
		got := withoutRuns(strings.ReplaceAll(b.memory(), tenant.URL()[len("https://"):], "HOTE"))
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("order %d (-first +this):\n%s", seed, cmp.Diff(want, got))
		}
	}
}

func TestRunThatIsKilledAnywhereIsResumedAndDoesNothingTwice(t *testing.T) {
	whole := newBench(t, crowd(230), "")
	whole.sync(Request{})
	want := withoutRuns(strings.ReplaceAll(whole.memory(), whole.tenant.URL()[len("https://"):], "HOTE"))
	for stop := range 6 {
		b := newBench(t, crowd(230), "")
		at := 0
		killed := errors.New("killed")
		func() {
			defer func() {
				if r := recover(); r != nil && r != killed {
					panic(r)
				}
			}()
			j := b.open()
			defer j.Close()
			_, err := j.Run(t.Context(), Request{}, Watch{Step: func(Step) {
				if at == stop {
					panic(killed)
				}
				at++
			}})
			t.Errorf("stop %d: the run ended, %v", stop, err)
		}()
		asked := len(b.tenant.Log())
		rep := b.sync(Request{})
		if got := withoutRuns(strings.ReplaceAll(b.memory(), b.tenant.URL()[len("https://"):], "HOTE")); got != want {
			t.Errorf("stop %d: the memory is not that of a whole run", stop)
		}
		if stop < 3 && !rep.Resumed {
			t.Errorf("stop %d: not resumed", stop)
		}
		if again := len(b.tenant.Log()) - asked; stop == 3 && again != 0 {
			t.Errorf("everything was read, and %d requests were made again", again)
		}
	}
}

func TestKeyThatIsRefusedInTheMiddleLosesNothing(t *testing.T) {
	b := newBench(t, crowd(230), "")
	b.tenant.Fail(luccatest.Fault{Path: "/api/v3/users", Status: 401, After: 1})
	b.fails(Request{}, "RH-202")
	b.tenant.Heal()
	asked := len(b.tenant.Log())
	if rep := b.sync(Request{}); !rep.Resumed || rep.Plan.Created != 230 {
		t.Errorf("resumed %v, created %d", rep.Resumed, rep.Plan.Created)
	}
	if again := len(b.tenant.Log()) - asked; again != 2 {
		t.Errorf("%d pages were read again, want the 2 that were missing", again)
	}
}

func TestStagingOfAnotherMappingIsVoid(t *testing.T) {
	b := newBench(t, crowd(230), "")
	b.tenant.Fail(luccatest.Fault{Path: "/api/v3/users", Status: 401, After: 1})
	b.fails(Request{}, "RH-202")
	b.tenant.Heal()
	write(t, filepath.Join(b.dir, "mapping.yaml"), strings.Replace(b.tenant.Mapping("ca.pem", ""), "  bic: {path: extendedData.e_RIB.e_BIC}\n", "", 1))
	if rep := b.sync(Request{}); rep.Resumed || rep.Plan.Created != 230 {
		t.Errorf("resumed %v, created %d", rep.Resumed, rep.Plan.Created)
	}
}

func TestSourceThatMovesWhileItIsReadIsReadAgain(t *testing.T) {
	for name, change := range map[string]func([]any, *int) []any{
		"the count grows":    func(items []any, count *int) []any { *count++; return items },
		"a page comes twice": func(items []any, _ *int) []any { items[0] = luccatest.Object{"id": 1000}; return items },
	} {
		b := newBench(t, crowd(230), "")
		times := 0
		b.tenant.Page = func(path string, offset int, items []any, count *int) []any {
			if path == "/api/v3/users" && offset == 100 && times < 2 {
				times++
				return change(items, count)
			}
			return items
		}
		if rep := b.sync(Request{}); rep.Plan.Created != 230 {
			t.Errorf("%s: created %d", name, rep.Plan.Created)
		}
		times = -100
		b.fails(Request{}, "RH-212")
	}
}

func TestNoPersonalValueInErrorsAndNoStagingLeft(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	b.tenant.User("104")["extendedData"] = luccatest.Object{"e_NIR": "2920975116142XX", "e_RIB": luccatest.Object{"e_IBAN": "FR00canari"}}
	rep := b.sync(Request{})
	text := fmt.Sprintf("%v %+v %s", rep.Plan.Agents, rep.Plan.Agents[0].Values, codes(rep.Plan))
	for _, a := range rep.Plan.Notices {
		text += a.Error()
	}
	for _, secret := range []string{"LEFÈVRE", "285067511613189", "canari", "FR76", "example.org"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is said", secret)
		}
	}
	err := filepath.WalkDir(filepath.Join(b.dir, "etat"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o", e.Name(), info.Mode().Perm())
		}
		if e.Name() == stagingName {
			t.Error("the staging is left")
		}
		if e.IsDir() {
			return nil
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), luccatest.Key) {
			t.Errorf("the key is in %s", e.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSecondRunAtOnceIsRefused(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	j := b.open()
	_, err := j.Run(t.Context(), Request{}, Watch{Step: func(s Step) {
		if s != StepPlanned {
			return
		}
		other := b.open()
		_, err := other.Run(t.Context(), Request{}, Watch{})
		wantCode(t, err, "RH-301")
		b.clock.Set(september.Add(25 * time.Hour))
		_, err = other.Run(t.Context(), Request{}, Watch{})
		wantCode(t, err, "RH-302")
		if _, err = other.Run(t.Context(), Request{BreakLock: true, DryRun: true}, Watch{}); err != nil {
			t.Error(err)
		}
	}})
	_ = err // the lock was broken under it, and with it its staging
	l, err := durable.LockFile(filepath.Join(b.dir, "etat", "hr", "21310555400017", "verrou"), durable.Exclusive)
	if err != nil {
		t.Fatalf("the lock is not free: %v", err)
	}
	l.Close()
}

func TestCancelledRunWritesNothing(t *testing.T) {
	b := newBench(t, crowd(230), "")
	ctx, cancel := context.WithCancel(t.Context())
	before := b.memory()
	_, err := b.open().Run(ctx, Request{}, Watch{Step: func(Step) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if b.memory() != before {
		t.Error("something was written")
	}
}

func TestPlanOfAnotherMachineIsNotOverwritten(t *testing.T) {
	b := newBench(t, luccatest.Sample(), "")
	elsewhere := b.open() // the same ledger, another state folder: no lock between them
	elsewhere.o.State = filepath.Join(b.dir, "autre")
	_, err := b.open().Run(t.Context(), Request{}, Watch{Step: func(s Step) {
		if s == StepPlanned {
			if _, err := elsewhere.Run(t.Context(), Request{}, Watch{}); err != nil {
				t.Error(err)
			}
		}
	}})
	wantCode(t, err, "RH-303")
	if rep := b.sync(Request{}); len(rep.Plan.Agents) != 0 || rep.Plan.Matched != 6 {
		t.Errorf("the next run would write %d agents, matched %d", len(rep.Plan.Agents), rep.Plan.Matched)
	}
}
