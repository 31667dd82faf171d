package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"paye/internal/anomalie"
	"paye/splitter"
	"paye/synth"
)

// spied is a PES format whose Write does something else at some of its bytes.
type spied struct {
	named
	wrote func(volume int, n int64) error // after n bytes of a volume, at each write
}

// named is what both PES formats are.
type named interface {
	splitter.Format
	identity(*splitter.Volume) (nomFic, id string, err error)
}

func (s spied) Write(ctx context.Context, v *splitter.Volume, w io.Writer) error {
	return s.named.Write(ctx, v, &spiedWriter{w: w, after: func(n int64) error { return s.wrote(v.N, n) }})
}

type spiedWriter struct {
	w     io.Writer
	n     int64
	after func(n int64) error
}

func (s *spiedWriter) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.n += int64(n)
	if err == nil {
		err = s.after(s.n)
	}
	return n, err
}

// wantNothingLeft checks that a failed job changed nothing in the folder of the
// volumes, and that the next one succeeds and gives what an untroubled one
// does.
func wantNothingLeft(t *testing.T, before map[string]string, dem *demand, untroubled map[string]string) {
	t.Helper()
	if got := files(t, dem.Sortie); !cmp.Equal(got, before) {
		t.Errorf("after the failure the folder holds %s, it held %s", names(got), names(before))
	}
	again := *dem
	again.Anomalie, again.Progress = nil, nil
	if _, _, err := build(context.Background(), &again); err != nil {
		t.Fatalf("the next run: %v", err)
	}
	if diff := cmp.Diff(untroubled, files(t, dem.Sortie)); diff != "" {
		t.Errorf("the next run differs from an untroubled one (-want +got):\n%s", diff)
	}
}

// untroubled returns the files of a job that nothing disturbs.
func untroubled(t *testing.T, dem *demand) map[string]string {
	t.Helper()
	calm := *dem
	calm.Sortie, calm.Anomalie, calm.Progress = filepath.Join(t.TempDir(), "calm"), nil, nil
	if _, _, err := build(context.Background(), &calm); err != nil {
		t.Fatal(err)
	}
	return files(t, calm.Sortie)
}

func TestInterruptedJobDeliversNothingAndCanBeRunAgain(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	reported := func(code string) func(*demand, context.CancelFunc) {
		return func(dem *demand, cancel context.CancelFunc) {
			dem.Anomalie = func(a *anomalie.Anomalie) {
				if a.Code == code {
					cancel()
				}
			}
		}
	}
	double := func(dem *demand) {
		// Two identifiers for one content are told of once the pieces are
		// measured.
		index, err := os.ReadFile(filepath.Join(dir, "justificatifs.csv"))
		if err != nil {
			t.Fatal(err)
		}
		dem.Index = filepath.Join(t.TempDir(), "justificatifs.csv")
		if err := os.WriteFile(dem.Index, append(index, "*;AUTRE;arr-202605-000003.pdf;Autre;;01\n"...), 0o600); err != nil {
			t.Fatal(err)
		}
		dem.PJ = filepath.Join(dir, "justificatifs")
	}
	sansRepartition := filepath.Join(dir, "sans.xhl")
	journal, err := os.ReadFile(filepath.Join(dir, "journal.xhl"))
	if err != nil {
		t.Fatal(err)
	}
	head, tail, _ := bytes.Cut(journal, []byte("<RepartitionParNature>"))
	_, tail, _ = bytes.Cut(tail, []byte("</RepartitionParNature>"))
	if err := os.WriteFile(sansRepartition, slices.Concat(head, tail), 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(volume int, at int64) func(*Job, context.CancelFunc) {
		return func(d *Job, cancel context.CancelFunc) {
			d.Format = spied{d.Format.(named), func(n int, octets int64) error {
				if n == volume && (at >= 0 && octets >= at || octets == d.Plan.Volumes[n-1].Octets) {
					cancel()
				}
				return nil
			}}
		}
	}
	want := make(map[string]map[string]string) // by source and packaging
	for _, tc := range []struct {
		name    string
		source  string
		prepare func(*demand, context.CancelFunc)
		planned func(*Job, context.CancelFunc)
	}{
		{"before it starts", "journal.xhl", func(_ *demand, cancel context.CancelFunc) { cancel() }, nil},
		{"before it starts, from a run", "run.jsonl", func(_ *demand, cancel context.CancelFunc) { cancel() }, nil},
		{"after the pieces", "journal.xhl", func(dem *demand, cancel context.CancelFunc) { double(dem); reported(MemeContenu)(dem, cancel) }, nil},
		{"at the end of the journal", "sans.xhl", reported("XHL-206"), nil},
		{"before planning", "journal.xhl", reported(SansRefCompta), nil},
		{"before writing", "journal.xhl", nil, func(_ *Job, cancel context.CancelFunc) { cancel() }},
		{"in the first volume", "journal.xhl", nil, write(1, 1)},
		{"in the second volume", "journal.xhl", nil, write(2, 100_000)},
		{"when a volume is read back", "journal.xhl", nil, write(2, -1)},
	} {
		for _, packaging := range []string{EnArchive, EnPieces} {
			t.Run(tc.name+", "+packaging, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				dem := demande(filepath.Join(dir, tc.source), filepath.Join(t.TempDir(), "out"), 500_000)
				dem.Packaging = packaging
				if tc.prepare != nil {
					tc.prepare(dem, cancel)
				}
				d, err := Prepare(ctx, dem.Request, dem.Watch)
				if err == nil {
					if tc.planned != nil {
						tc.planned(d, cancel)
					}
					_, err = d.Write(ctx)
					d.Close()
				}
				if !errors.Is(err, context.Canceled) {
					t.Fatalf("got %v, want an interruption", err)
				}
				dem.Index, dem.PJ = "", ""
				key := tc.source + " " + packaging
				if want[key] == nil {
					want[key] = untroubled(t, dem)
				}
				wantNothingLeft(t, map[string]string{}, dem, want[key])
			})
		}
	}
}

func TestFailedDeliveryLeavesTheEarlierOne(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	out := filepath.Join(t.TempDir(), "out")
	if _, _, err := build(context.Background(), demande(dir, out, 400_000)); err != nil {
		t.Fatal(err)
	}
	before := files(t, out)
	dem := demande(dir, out, 700_000)
	d, err := Prepare(context.Background(), dem.Request, dem.Watch)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	broken := errors.New("the cable is out")
	last := len(d.Plan.Volumes)
	d.Format = spied{d.Format.(named), func(n int, octets int64) error {
		if n == last && octets > 1000 {
			return broken
		}
		return nil
	}}
	if _, err := d.Write(context.Background()); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	wantNothingLeft(t, before, dem, untroubled(t, dem))
}

func TestWrongVolumeIsFoundBeforeItIsDelivered(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	for _, format := range []string{FormatPES, FormatZip, FormatXHL} {
		dem := demande(dir, filepath.Join(t.TempDir(), "out"), 10_000_000)
		dem.Format = format
		d, err := Prepare(context.Background(), dem.Request, dem.Watch)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for _, share := range []int64{5, 50, 95} {
			d.Format = spoiled{d.Format, d.Plan.Volumes[0].Octets * share / 100}
			_, err := d.Write(context.Background())
			if a := (*anomalie.Anomalie)(nil); !errors.As(err, &a) || a.Code != VerificationEchec {
				t.Errorf("%s, a byte changed at %d %%: got %v, want %s", format, share, err, VerificationEchec)
			}
		}
		if got := files(t, dem.Sortie); len(got) > 0 {
			t.Errorf("%s: %s were delivered", format, names(got))
		}
	}
}

// spoiled is a format that writes one byte wrong.
type spoiled struct {
	splitter.Format
	at int64
}

func (s spoiled) Write(ctx context.Context, v *splitter.Volume, w io.Writer) error {
	n := int64(0)
	return s.Format.Write(ctx, v, writerFunc(func(b []byte) (int, error) {
		if i := s.at - n; i >= 0 && i < int64(len(b)) {
			b = slices.Clone(b)
			b[i] ^= 1
		}
		n += int64(len(b))
		return w.Write(b)
	}))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestPieceThatChangesIsNamedAndNothingIsDelivered(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 3, Journal: true})
	path := filepath.Join(dir, "justificatifs", "arr-202605-000003.pdf")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	for _, tc := range []struct {
		name   string
		change func(path string, data []byte) error
	}{
		{"other bytes", func(p string, b []byte) error { b[len(b)/2] ^= 1; return os.WriteFile(p, b, 0o600) }},
		{"shorter", func(p string, b []byte) error { return os.WriteFile(p, b[:len(b)-1], 0o600) }},
		{"longer", func(p string, b []byte) error { return os.WriteFile(p, append(b, make([]byte, 100_000)...), 0o600) }},
		{"empty", func(p string, b []byte) error { return os.WriteFile(p, nil, 0o600) }},
		{"gone", func(p string, b []byte) error { return os.Remove(p) }},
	} {
		for _, form := range []struct{ format, packaging string }{{FormatPES, EnArchive}, {FormatPES, EnPieces}, {FormatZip, ""}} {
			t.Run(strings.TrimSpace(tc.name+", "+form.format+" "+form.packaging), func(t *testing.T) {
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				dem := demande(dir, filepath.Join(t.TempDir(), "out"), 10_000_000)
				dem.Format, dem.Packaging = form.format, form.packaging
				d, err := Prepare(context.Background(), dem.Request, dem.Watch)
				if err != nil {
					t.Fatal(err)
				}
				defer d.Close()
				if err := tc.change(path, slices.Clone(data)); err != nil {
					t.Fatal(err)
				}
				_, err = d.Write(context.Background())
				a := (*anomalie.Anomalie)(nil)
				if !errors.As(err, &a) || a.Code != PieceChangee || a.Classe() != anomalie.PieceManquante {
					t.Fatalf("got %v, want %s", err, PieceChangee)
				}
				i := slices.IndexFunc(d.Plan.Volumes[0].Pieces, func(p *splitter.Justificatif) bool { return p.SHA256 == sum })
				if want := d.Plan.Volumes[0].Pieces[i].NomPJ; !cmp.Equal(a.Args, []any{want}) {
					t.Errorf("the anomaly names %v, want %s", a.Args, want)
				}
				if got := files(t, dem.Sortie); len(got) > 0 {
					t.Errorf("%s were delivered", names(got))
				}
			})
		}
	}
}

func TestInputIsLeftAsItWas(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 6, Journal: true})
	before := files(t, dir)
	readOnly := func(mode os.FileMode) {
		for _, sub := range []string{"justificatifs", "."} {
			if err := os.Chmod(filepath.Join(dir, sub), mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	readOnly(0o500)
	defer readOnly(0o700)
	if _, _, err := build(context.Background(), demande(dir, filepath.Join(t.TempDir(), "out"), 10_000_000)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, files(t, dir)); diff != "" {
		t.Errorf("the input changed (-before +after):\n%s", diff)
	}
}

func TestFolderThatCannotBeWrittenIsAnError(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 5, Pieces: synth.AucunePiece, Journal: true})
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	for name, out := range map[string]string{"a file": file, "below a file": filepath.Join(file, "out"), "a closed folder": closed, "below a closed folder": filepath.Join(closed, "out")} {
		if strings.Contains(name, "closed") && (os.Geteuid() == 0 || runtime.GOOS == "windows") {
			continue // to root no folder is closed, and Windows closes none by such bits
		}
		_, _, err := build(context.Background(), demande(dir, out, 10_000_000))
		if a := (*anomalie.Anomalie)(nil); err == nil || errors.As(err, &a) {
			t.Errorf("%s: got %v, want an error of the machine", name, err)
		}
	}
	if got, err := os.ReadFile(file); string(got) != "mine" || err != nil {
		t.Errorf("the file holds %q, %v", got, err)
	}
}

// A bubble of synctest fails when a goroutine started in it never ends: the
// encoder of a run must not outlive a job that stops on what it encodes.
func TestNoGoroutineOutlivesAFailedJob(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 300, Pieces: synth.AucunePiece})
	for name, spoil := range map[string]func(*demand, context.CancelFunc){
		"a wrong SIRET":  func(dem *demand, _ context.CancelFunc) { dem.Siret = "12" },
		"a small limit":  func(dem *demand, _ context.CancelFunc) { dem.Limit = 2000 },
		"a lost index":   func(dem *demand, _ context.CancelFunc) { dem.Index = "absent.csv" },
		"a lost folder":  func(dem *demand, _ context.CancelFunc) { dem.PJ = "absent" },
		"a lost spool":   func(dem *demand, _ context.CancelFunc) { dem.Spool = "absent" },
		"a wrong CodCol": func(dem *demand, _ context.CancelFunc) { dem.Flux.CodCol = "douze" },
		"interrupted":    func(_ *demand, cancel context.CancelFunc) { cancel() },
		"interrupted later": func(dem *demand, cancel context.CancelFunc) {
			dem.Anomalie = func(*anomalie.Anomalie) { cancel() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				dem := demande(dir, out, 10_000_000)
				spoil(dem, cancel)
				if _, _, err := build(ctx, dem); err == nil {
					t.Error("the job succeeded")
				}
			})
		})
	}
}
