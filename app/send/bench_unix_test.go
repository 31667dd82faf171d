//go:build unix

package send_test

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/fluxbook"
)

// stopwatch counts the user time of what is measured, which the load of a
// machine does not change.
type stopwatch struct {
	b    *testing.B
	from time.Duration
	used time.Duration
}

func userTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

func (s *stopwatch) start() { s.from = userTime(s.b); s.b.StartTimer() }

func (s *stopwatch) stop() {
	s.b.StopTimer()
	s.used += userTime(s.b) - s.from
}

func (s *stopwatch) report() {
	s.b.ReportMetric(float64(s.used.Milliseconds())/float64(s.b.N), "user-ms/op")
}

// BenchmarkAcquit10000Pieces reads one acknowledgment about ten thousand
// pieces, of which one in a hundred is refused, and applies it to the book.
func BenchmarkAcquit10000Pieces(b *testing.B) {
	watch := &stopwatch{b: b}
	defer watch.report()
	for b.Loop() {
		b.StopTimer()
		book, dir := benchBook(b)
		p, texts := benchPaye(b, dir, 1, 10_000)
		if _, err := book.Record(b.Context(), p); err != nil {
			b.Fatal(err)
		}
		ack := filepath.Join(dir, "ack.xml")
		refused := make(map[string]sendtest.Refusal)
		for i := 0; i < 10_000; i += 100 {
			refused[fmt.Sprintf("A%08d", i)] = extension
		}
		if err := os.WriteFile(ack, sendtest.Acquit(b, texts[0], "2026-05-29", refused), 0o600); err != nil {
			b.Fatal(err)
		}
		watch.start()
		_, err := Acquit(b.Context(), &fluxbook.LateBook{Book: book}, []string{ack}, func(l *Lecture) error {
			if l.Constat.Flux.Acceptes != 9_900 {
				b.Fatalf("%d accepted", l.Constat.Flux.Acceptes)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		watch.stop()
		book.Close()
		b.StartTimer()
	}
}

// BenchmarkStatus10000Fluxes tells where ten thousand fluxes of a thousand
// employers are.
func BenchmarkStatus10000Fluxes(b *testing.B) {
	book, _ := benchBook(b)
	for e := range 1000 {
		p := &fluxbook.Paye{Key: fluxbook.Key{Siret: fmt.Sprintf("%014d", e), CodCol: "123", CodBud: "00", Annee: 2026, Mois: 5}, Dossier: "/d"}
		for v := range 10 {
			name := fmt.Sprintf("F%d-%d", e, v)
			p.Volumes = append(p.Volumes, fluxbook.Volume{N: v + 1, Fichier: name, NomFic: name, SHA256: name, Pieces: []fluxbook.Piece{{IdUnique: name, Genre: "PAYE", SHA256: name}}})
		}
		if _, err := book.Record(b.Context(), p); err != nil {
			b.Fatal(err)
		}
	}
	watch := &stopwatch{b: b}
	defer watch.report()
	for b.Loop() {
		watch.start()
		list, err := book.Status(b.Context(), fluxbook.Filtre{})
		if err != nil || len(list) != 1000 {
			b.Fatalf("%d payrolls, %v", len(list), err)
		}
		watch.stop()
		b.StartTimer()
	}
}

func benchBook(b *testing.B) (*fluxbook.Book, string) {
	dir := b.TempDir()
	book, err := fluxbook.Open(b.Context(), dir, "bench", time.Now)
	if err != nil {
		b.Fatal(err)
	}
	return book, dir
}

// benchPaye is a payroll of volumes that are not written.
func benchPaye(b *testing.B, dir string, volumes, pieces int) (*fluxbook.Paye, [][]byte) {
	p := &fluxbook.Paye{Key: fluxbook.Key{Siret: siret, CodCol: "123", CodBud: "00", Annee: 2026, Mois: 5}, Packaging: "pieces", Dossier: dir}
	var texts [][]byte
	for v := range volumes {
		ids := make([]string, pieces)
		for i := range ids {
			ids[i] = fmt.Sprintf("A%08d", v*pieces+i)
		}
		name := fmt.Sprintf("PESPJ_%d.xml", v)
		text, list := writeFlux(b, name, ids...)
		texts = append(texts, text)
		p.Volumes = append(p.Volumes, fluxbook.Volume{N: v + 1, Fichier: name, Octets: int64(len(text)), SHA256: name, NomFic: name, Pieces: list})
	}
	return p, texts
}

// BenchmarkAcquitFolder20000 reads a folder of twenty thousand acknowledgments.
func BenchmarkAcquitFolder20000(b *testing.B) {
	const n = 20_000
	dir := b.TempDir()
	p := &fluxbook.Paye{Key: fluxbook.Key{Siret: siret, CodCol: "123", CodBud: "00", Annee: 2026, Mois: 5}, Dossier: dir}
	for i := range n {
		id := fmt.Sprintf("A%08d", i)
		text, list := writeFlux(b, "F"+id, id)
		p.Volumes = append(p.Volumes, fluxbook.Volume{N: i + 1, Fichier: id, SHA256: id, NomFic: "F" + id, Pieces: list})
		if err := os.WriteFile(filepath.Join(dir, id+".xml"), sendtest.Acquit(b, text, "2026-05-29", nil), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	watch := &stopwatch{b: b}
	defer watch.report()
	for b.Loop() {
		b.StopTimer()
		book, _ := benchBook(b)
		if _, err := book.Record(b.Context(), p); err != nil {
			b.Fatal(err)
		}
		watch.start()
		read := 0
		if _, err := Acquit(b.Context(), &fluxbook.LateBook{Book: book}, []string{dir}, func(*Lecture) error { read++; return nil }); err != nil || read != n {
			b.Fatalf("%d read, %v", read, err)
		}
		watch.stop()
		book.Close()
		b.StartTimer()
	}
}
