package coffre

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/vault"
	"paye/vault/vaulttest"
	"paye/web/gestion"
	"paye/web/ui/uitest"
)

// What ./bench/run.sh portal measures: pages under load on a vault of
// XHL_LOAD_DOCUMENTS documents in the folder XHL_LOAD, a hundred an agent, made
// unless it is there. Its last lines are the table.
func TestPortalUnderLoad(t *testing.T) {
	dir := os.Getenv("XHL_LOAD")
	total, err := strconv.Atoi(os.Getenv("XHL_LOAD_DOCUMENTS"))
	if dir == "" || err != nil {
		t.Skip("XHL_LOAD and XHL_LOAD_DOCUMENTS are not set: bench/run.sh portal sets them")
	}
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		t.Skip("wrk is not installed")
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(160 << 20)) // as xhl serve does
	l := openLoad(t, filepath.Join(dir, fmt.Sprintf("portail-%d", total)), total)
	script := l.script(t, 100)
	fmt.Printf("| pages | requests/s | p50 | p99 | errors |\n|---|---:|---:|---:|---:|\n")
	for _, run := range []struct{ name, kind string }{{"list", "liste"}, {"PDF", "pdf"}} {
		for _, busy := range []bool{false, true} {
			name := run.name
			stop := func() {}
			if busy {
				name += ", while 5,000 slips are deposited"
				stop = l.depositing(t, 5000)
			}
			out, err := exec.Command(wrk, "-t2", "-c23", "-d20s", "--latency", "-s", script, l.server.URL, "--", run.kind).CombinedOutput()
			stop()
			if err != nil {
				t.Fatalf("wrk: %v\n%s", err, out)
			}
			fmt.Printf("| %s | %s | %s | %s | %s |\n", name, figure(out, `Requests/sec:\s+(\S+)`), figure(out, `50%\s+(\S+)`), figure(out, `(?m)^\s+99%\s+(\S+)`), figure(out, `Non-2xx or 3xx responses: (\d+)`))
		}
	}
	fmt.Printf("\npeak memory before the sign-ins: %s\n", peak())
	l.signIns(t)
	fmt.Printf("\npeak memory of the server, the deposits and this measure in one process: %s\n", peak())
}

// load is a portal with many accounts on a large vault.
type load struct {
	*bench
	total    int
	accounts []loaded
}

type loaded struct {
	number, id string
	doc        vault.ID
}

const perAgent = 100

func openLoad(t *testing.T, dir string, total int) *load {
	t.Helper()
	schemas, err := gestion.Schemas()
	if err != nil {
		t.Fatal(err)
	}
	clock := vaulttest.NewClock(time.Now())
	fresh := false
	if _, err := os.Stat(filepath.Join(dir, "whole")); err != nil {
		fresh = true
		os.RemoveAll(dir)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := vault.Init(t.Context(), dir+"/coffre", vault.InitOptions{Options: vault.Options{Clock: clock.Now}}); err != nil {
			t.Fatal(err)
		}
	}
	l := &load{bench: &bench{Bench: portaltest.Open(t, dir, clock, nil, schemas...)}, total: total}
	if fresh {
		if err := vaulttest.Prepare(t.Context(), l.V); err != nil {
			t.Fatal(err)
		}
		l.grow(t)
		if err := os.WriteFile(filepath.Join(dir, "whole"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if l.pages, err = New(Options{Portal: l.Portal, Coffre: l.V, Ledger: l.Ledger, State: dir}); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	l.pages.Register(mux)
	l.server = httptest.NewServer(mux)
	t.Cleanup(l.server.Close)
	return l
}

// grow deposits month after month, then opens the accounts.
func (l *load) grow(t *testing.T) {
	agents := max(1, l.total/perAgent)
	for n := range perAgent {
		month := vault.Periode{Annee: 2018 + n/12, Mois: 1 + n%12}
		for at := 0; at < agents; at += 500 {
			var list []string
			for i := at; i < min(agents, at+500); i++ {
				list = append(list, fmt.Sprintf("A%05d", i))
			}
			l.Deposit(t, month.String(), list...)
		}
	}
	letters := l.Letters(t)
	g, _ := errgroup.WithContext(t.Context())
	g.SetLimit(16)
	for _, letter := range letters {
		g.Go(func() error {
			id, err := l.Authenticate(t.Context(), letter.Number, letter.Secret)
			if err != nil {
				return err
			}
			return l.Welcome(t.Context(), id, portal.Welcome{Password: portaltest.Word, Again: portaltest.Word, Policy: true, Lang: "fr"})
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

// script signs some accounts in and writes what wrk asks for: 23 connections
// that wait 100 ms between two requests, some 200 requests a second.
func (l *load) script(t *testing.T, visitors int) string {
	t.Helper()
	list, err := l.Agents(t.Context(), siret)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("cookies, docs = {}, {}\n")
	for i := range min(visitors, len(list)) {
		m, err := l.Membership(t.Context(), siret, list[i*len(list)/min(visitors, len(list))].Matricule)
		if err != nil {
			t.Fatal(err)
		}
		a := l.Stored(t, m.Account)
		docs, err := l.Documents(t.Context(), a, 0)
		if err != nil || len(docs) == 0 {
			t.Fatal(err)
		}
		v := uitest.NewVisitor(t, l.server)
		v.Post("/acces", "compte", a.Number, "passe", portaltest.Word).Want(t, 200, "Bulletins de paie")
		var cookie []string
		for _, c := range v.Jar.Cookies(nil) {
			cookie = append(cookie, c.Name+"="+c.Value)
		}
		fmt.Fprintf(&b, "cookies[%d] = %q\ndocs[%d] = %q\n", i+1, strings.Join(cookie, "; "), i+1, docs[0].ID)
		l.accounts = append(l.accounts, loaded{a.Number, a.ID, docs[0].ID})
	}
	b.WriteString(`
kind, n = "liste", 0
function init(args) if args[1] then kind = args[1] end end
function delay() return 100 end
function request()
  n = n % #cookies + 1
  local path = "/coffre"
  if kind == "pdf" then path = "/coffre/documents/" .. docs[n] .. "/pdf" end
  return wrk.format("GET", path, {["Cookie"] = cookies[n], ["Accept-Language"] = "fr"})
end
`)
	path := filepath.Join(t.TempDir(), "portail.lua")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// depositing deposits slips of a month beside what is measured, in lots as a
// deposit has them, until it is done or stopped.
func (l *load) depositing(t *testing.T, slips int) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	deposited := 0
	done.Go(func() {
		sys, month := vault.Systeme("essai"), vault.Periode{Annee: 2030, Mois: 1}
		run := fmt.Sprint(time.Now().UnixNano())
		v, err := l.V.OpenVersement(ctx, sys, vault.Versement{Employeur: siret, Periode: month, Source: run, Deposant: "essai", Auteur: "essai"})
		for at := 0; at < slips && err == nil && ctx.Err() == nil; at += 100 {
			var lot []vault.Document
			for i := at; i < at+100; i++ {
				d := vaulttest.Slip(fmt.Sprintf("N%s-%d", run[10:], i), month)
				d.Versement, d.Titre = v.ID, "Bulletin.pdf"
				lot = append(lot, d)
			}
			if _, err = l.V.Deposit(ctx, sys, lot); err == nil {
				deposited += len(lot)
			}
		}
		if err != nil && ctx.Err() == nil {
			t.Errorf("the deposit beside: %v", err)
		}
	})
	return func() {
		cancel()
		done.Wait()
		fmt.Printf("| *%d of them, meanwhile* | | | | |\n", deposited)
	}
}

// signIns compares what the machine hashes in a second with how many come in.
func (l *load) signIns(t *testing.T) {
	const seconds = 10
	rate := func(do func(i int)) float64 {
		start, n := time.Now(), 0
		var mu sync.Mutex
		var g errgroup.Group
		for range 4 {
			g.Go(func() error {
				for time.Since(start) < seconds*time.Second {
					mu.Lock()
					n++
					i := n
					mu.Unlock()
					do(i)
				}
				return nil
			})
		}
		g.Wait()
		return float64(n) / time.Since(start).Seconds()
	}
	argon := portal.NewArgon(strings.NewReader(strings.Repeat("0123456789abcdef", 1<<10)))
	hash, err := argon.Hash(t.Context(), portaltest.Word)
	if err != nil {
		t.Fatal(err)
	}
	alone := rate(func(int) { argon.Verify(t.Context(), hash, portaltest.Word) })
	real, err := portal.New(t.Context(), portal.Options{Coffre: l.V, Ledger: l.Ledger, Hash: hashed{argon, hash}, Address: portaltest.Address})
	if err != nil {
		t.Fatal(err)
	}
	defer real.Close()
	whole := rate(func(i int) {
		if _, err := real.Authenticate(t.Context(), l.accounts[i%len(l.accounts)].number, portaltest.Word); err != nil {
			t.Error(err)
		}
	})
	fmt.Printf("\nsign-ins: %.1f a second; argon2id alone: %.1f a second\n", whole, alone)
}

// hashed verifies with argon2id what the bench hashed fast.
type hashed struct {
	*portal.Argon
	hash string
}

// Verify implements portal.Hasher.
func (h hashed) Verify(ctx context.Context, _, word string) (bool, error) {
	return h.Argon.Verify(ctx, h.hash, word)
}

func figure(out []byte, pattern string) string {
	m := regexp.MustCompile(pattern).FindSubmatch(out)
	if m == nil {
		return "0"
	}
	return string(m[1])
}

// peak is the most memory that this process had, as the system sees it.
func peak() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "not known here"
	}
	return figure(status, `VmHWM:\s+(\d+ kB)`)
}
