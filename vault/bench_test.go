package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// slip is a PDF of about 60 KB that does not compress.
func slip(seed uint64) []byte {
	body := make([]byte, 60_000)
	rng := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24)})
	rng.Read(body)
	return pdf(string(bytes.ReplaceAll(body, []byte("endstream"), []byte("endstreaM"))))
}

// BenchmarkPlainWrite writes files of 60 KB and syncs each, with as many
// workers as the store: what this disk gives at best, to divide by.
func BenchmarkPlainWrite(b *testing.B) {
	dir, text := b.TempDir(), slip(1)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.SetBytes(int64(len(text)))
	b.ResetTimer()
	for range (Options{}).withDefaults().Workers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				f, err := os.OpenFile(filepath.Join(dir, strconv.FormatInt(n, 10)), os.O_CREATE|os.O_WRONLY, 0o400)
				if err == nil {
					_, err = f.Write(text)
					err = errors.Join(err, f.Sync(), f.Close())
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

// BenchmarkDeposit deposits slips of 60 KB, durable, for agents that exist:
// one operation is one slip.
func BenchmarkDeposit(b *testing.B) {
	for _, size := range []int{1, 50, 200} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			root := newVault(b, Options{})
			c := reopen(b, root, Options{})
			agents := bulletins(0, size)
			deposit(b, c, agents...)
			text := slip(uint64(size))
			n := 0
			b.SetBytes(int64(len(text)))
			before := cpu()
			b.ResetTimer()
			for n < b.N {
				lot := make([]Document, min(size, b.N-n))
				for i := range lot {
					n++
					lot[i] = agents[i]
					lot[i].Periode = Periode{Annee: 2100 + n/size/12%100, Mois: 1 + n/size%12}
					lot[i].Sequence = n / size / 1200
					lot[i].Contenu = content(append(text[:len(text):len(text)], []byte(fmt.Sprintf("%%%d\n", n))...))
				}
				deposit(b, c, lot...)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "slips/s")
			b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/slip")
		})
	}
}

// cpu is what the process has used, by the system's count in hundredths of a
// second, so that a figure can be read on a machine that does other work; 0
// where there is no /proc.
func cpu() time.Duration {
	b, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// BenchmarkJournal appends small events, durable, in groups of 500.
func BenchmarkJournal(b *testing.B) {
	root := newVault(b, Options{})
	c := reopen(b, root, Options{})
	for n := 0; n < b.N; n += 500 {
		op := &operation{prepare: func(*transaction) ([]*journal.Draft, error) {
			list := make([]*journal.Draft, min(500, b.N-n))
			for i := range list {
				list[i] = &journal.Draft{Genre: EvRecherche, Corps: acts.Acte{Par: "essai"}}
			}
			return list, nil
		}}
		if err := c.commit(ctx, op); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkProof makes inclusion proofs in a journal of 20,000 leaves.
func BenchmarkProof(b *testing.B) {
	root := newVault(b, Options{})
	c := reopen(b, root, Options{})
	const leaves = 20_000
	for range leaves / 500 {
		op := &operation{prepare: func(*transaction) ([]*journal.Draft, error) {
			list := make([]*journal.Draft, 500)
			for i := range list {
				list[i] = &journal.Draft{Genre: EvRecherche, Corps: acts.Acte{Par: "essai"}}
			}
			return list, nil
		}}
		if err := c.commit(ctx, op); err != nil {
			b.Fatal(err)
		}
	}
	size, err := c.book.Size(ctx)
	if err != nil {
		b.Fatal(err)
	}
	i := int64(0)
	for b.Loop() {
		i = (i + 7919) % size
		if _, err := tlog.ProveRecord(size, i, &catalogue.HashReader{Ctx: ctx, Q: c.book.Read, Fresh: nil, Cache: &c.book.Cache}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRead reads one document after the other as its agent, journalled.
func BenchmarkRead(b *testing.B) {
	root := newVault(b, Options{})
	c := reopen(b, root, Options{})
	d := bulletin("A1")
	d.Contenu = content(slip(1))
	recu := deposit(b, c, d)[0]
	agent, err := c.Registre().AgentDe(ctx, siret, "A1")
	if err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := c.Read(ctx, Agent(agent), recu.ID, io.Discard); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reads/s")
}

// BenchmarkLarge fills a vault with VAULT_BENCH_DOCUMENTS documents of 12 KB of
// VAULT_BENCH_DOCUMENTS/100 agents in the folder VAULT_BENCH_DIR, unless it is
// there, and measures opening, listing and verifying it.
func BenchmarkLarge(b *testing.B) {
	dir := os.Getenv("VAULT_BENCH_DIR")
	total, err := strconv.Atoi(os.Getenv("VAULT_BENCH_DOCUMENTS"))
	if dir == "" || err != nil {
		b.Skip("VAULT_BENCH_DIR and VAULT_BENCH_DOCUMENTS are not set")
	}
	fill(b, dir, total)
	memory := func(b *testing.B) {
		// The process as the system sees it, SQLite included.
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return
		}
		for line := range strings.Lines(string(status)) {
			var kib float64
			if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kib); err == nil {
				b.ReportMetric(kib/1024, "MiB-peak")
			}
		}
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			c, err := Open(ctx, dir, Options{})
			if err != nil {
				b.Fatal(err)
			}
			c.release()
		}
		memory(b)
	})
	c := reopen(b, dir, Options{})
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if n, err := c.Count(ctx, Systeme("banc"), Filtre{Employeur: siret}); err != nil || n != int64(total) {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("list-agent", func(b *testing.B) {
		for b.Loop() {
			for _, err := range c.List(ctx, Systeme("banc"), Filtre{Employeur: siret, Matricule: "A00007"}) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("list-all", func(b *testing.B) {
		for b.Loop() {
			n := 0
			for _, err := range c.List(ctx, Systeme("banc"), Filtre{Employeur: siret}) {
				if err != nil {
					b.Fatal(err)
				}
				n++
			}
			if n != total {
				b.Fatal(n)
			}
		}
		memory(b)
	})
	b.Run("fsck", func(b *testing.B) {
		for b.Loop() {
			r, err := Fsck(ctx, dir, FsckOptions{})
			if err != nil || !r.Sound() || r.Documents != int64(total) {
				b.Fatal(r.Anomalies, err)
			}
		}
		memory(b)
	})
}

// fill makes the vault, or goes on with one that it was filling.
func fill(b *testing.B, dir string, total int) {
	_, err := os.Stat(filepath.Join(dir, keys.DescriptorName))
	fresh := err != nil
	if fresh {
		if err := Init(ctx, dir, InitOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	c, err := Open(ctx, dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := c.Close(ctx); err != nil {
			b.Fatal(err)
		}
	}()
	if !fresh {
		fillFrom(b, c, total)
		return
	}
	if err := c.Registre().AddEmployeur(ctx, Systeme("banc"), siret, "Banc", nil); err != nil {
		b.Fatal(err)
	}
	if err := c.Registre().SetEmployeur(ctx, Systeme("banc"), siret, func(e *Employeur) { e.Actif = true }); err != nil {
		b.Fatal(err)
	}
	fillFrom(b, c, total)
}

func fillFrom(b *testing.B, c *Coffre, total int) {
	agents := bulletins(0, max(1, total/100))
	there, err := c.Count(ctx, Systeme("banc"), Filtre{Employeur: siret})
	if err != nil {
		b.Fatal(err)
	}
	if there == int64(total) {
		return
	}
	start, lot, body := time.Now(), []Document(nil), slip(1)[:12_000]
	for n := int(there); n < total; n++ {
		d := agents[n%len(agents)]
		month := n / len(agents)
		d.Periode = Periode{Annee: 2020 + month/12, Mois: 1 + month%12}
		d.Contenu = content(fmt.Appendf(body[:len(body):len(body)], "endstream endobj %%%s %v\n%%%%EOF\n", d.Matricule, d.Periode))
		if lot = append(lot, d); len(lot) == 200 || n+1 == total {
			deposit(b, c, lot...)
			lot = lot[:0]
		}
	}
	b.Logf("filled with %d documents, %.0f a second", total-int(there), float64(total-int(there))/time.Since(start).Seconds())
}
