package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"paye/internal/anomalie"
	"paye/internal/manifest"
	"paye/splitter"
	"paye/synth"
	"paye/xhl"
	"paye/xhl/run"
)

// nomenclaturesFirst moves the nomenclatures of a run behind its entete.
func nomenclaturesFirst(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.LastIndex(data, []byte("\n{\"nomenclatures\"")) + 1
	head, body, found := bytes.Cut(data[:i], []byte("\n"))
	if i == 0 || !found {
		t.Fatal("the run does not end with its nomenclatures")
	}
	run := fmt.Sprintf("%s\n%s%s", head, data[i:], body)
	if err := os.WriteFile(path, []byte(run), 0o600); err != nil {
		t.Fatal(err)
	}
	return run
}

// enLigne cuts a run on the way and closes the job.
func online(ctx context.Context, dem *demand) (*manifest.Manifest, error) {
	d, m, err := Online(ctx, dem.Request, dem.Watch)
	if err == nil {
		d.Close()
	}
	return m, err
}

// once is a stream that cannot be looked at twice, and that ends once.
func once(run string) io.Reader {
	return iotest.HalfReader(io.LimitReader(strings.NewReader(run), 1<<40))
}

func TestSetsCutOnTheWayHoldWhatTheRunHolds(t *testing.T) {
	shapes := []struct{ format, packaging string }{{FormatPES, EnArchive}, {FormatPES, EnPieces}, {FormatZip, EnArchive}, {FormatXHL, EnArchive}}
	validated := make(map[string]bool)
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 4))
		o := synth.Options{Bulletins: 8 + rng.IntN(12), Seed: seed, Profil: synth.Profil(rng.IntN(2)), References: synth.References(rng.IntN(2))}
		o.Pieces = 1 + rng.IntN(6)
		dir := paye(t, o)
		run := filepath.Join(dir, "run.jsonl")
		early := rng.IntN(4) > 0
		if early {
			nomenclaturesFirst(t, run)
		}
		dem := demande(run, filepath.Join(t.TempDir(), "out"), 1<<40)
		dem.Format, dem.Packaging = shapes[seed%4].format, shapes[seed%4].packaging
		whole, err := online(context.Background(), dem)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		dem.Limit = whole.Octets() / int64(2+rng.IntN(4))
		name := fmt.Sprintf("seed %d, %s %s, %d bulletins, %d pieces, limit %d of %d", seed, dem.Format, dem.Packaging, o.Bulletins, o.Pieces, dem.Limit, whole.Octets())
		t.Run(name, func(t *testing.T) {
			var told []string
			dem.Anomalie = func(a *anomalie.Anomalie) { told = append(told, a.Code) }
			var m *manifest.Manifest
			for {
				told = nil
				m, err = online(context.Background(), dem)
				a := (*anomalie.Anomalie)(nil)
				if errors.As(err, &a) && a.Classe() == anomalie.TropGrand && dem.Limit < 2*whole.Octets() {
					dem.Limit += dem.Limit/2 + 1
					continue
				}
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d volumes, %d offline, bound %d, limit %d", len(m.Volumes), m.HorsLigne.Volumes, m.BorneInf, dem.Limit)
			checkSet(t, dir, dem, m)
			if m.BorneInf > m.HorsLigne.Volumes || m.HorsLigne.Volumes > len(m.Volumes) || m.Mode != string(splitter.EnLigneMode) {
				t.Errorf("mode %s, bound %d, %d volumes offline, %d on the way", m.Mode, m.BorneInf, m.HorsLigne.Volumes, len(m.Volumes))
			}
			if late := strings.Contains(strings.Join(told, " "), NomenclaturesTardives); late == early {
				t.Errorf("nomenclatures first: %v, told %q", early, told)
			}
			written, err := manifest.Read(dem.Sortie)
			if err != nil || !cmp.Equal(written, m) {
				t.Errorf("manifest on disk, %v:\n%s", err, cmp.Diff(written, m))
			}
			piped := *dem
			data, err := os.ReadFile(run)
			if err != nil {
				t.Fatal(err)
			}
			piped.Entree, piped.Lecteur, piped.Workers = EntreeStandard, once(string(data)), 1
			piped.PJ, piped.Index = filepath.Join(dir, "justificatifs"), filepath.Join(dir, "justificatifs.csv")
			piped.Sortie, piped.Progress = filepath.Join(t.TempDir(), "piped"), nil
			if _, err := online(context.Background(), &piped); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(files(t, dem.Sortie), files(t, piped.Sortie)); diff != "" {
				t.Errorf("a file on several cores and a pipe on one differ:\n%s", diff)
			}
			if key := dem.Format + dem.Packaging; dem.Format == FormatPES && !validated[key] {
				validated[key] = xmllint(t, dem.Sortie, m)
			}
		})
	}
}

func TestNamesOfMoreThanNinetyNineVolumesHaveThreeDigits(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 2, Pieces: synth.AucunePiece})
	lines := strings.SplitAfter(nomenclaturesFirst(t, filepath.Join(dir, "run.jsonl")), "\n")
	one := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, `{"bulletin"`) })
	run := func(bulletins int) *demand {
		text := strings.Join(lines[:one], "")
		for i := range bulletins {
			text += matricule.ReplaceAllString(lines[one], fmt.Sprintf(`"Matricule":"%05d"`, i))
		}
		dem := demande(EntreeStandard, filepath.Join(t.TempDir(), "out"), 1<<40)
		dem.Format, dem.Lecteur = FormatXHL, strings.NewReader(text)
		return dem
	}
	alone, err := online(context.Background(), run(1))
	if err != nil {
		t.Fatal(err)
	}
	dem := run(101)
	dem.Limit = alone.Octets() + 3000
	m, err := online(context.Background(), dem)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(m.Volumes); n != 101 || m.Volumes[0].Fichier != "volume-001.xhl" || !m.MinimumProuve {
		t.Fatalf("%d volumes, proved: %v, the first one is %s", n, m.MinimumProuve, m.Volumes[0].Fichier)
	}
	got := files(t, dem.Sortie)
	for _, v := range m.Volumes {
		if got[v.Fichier] != v.SHA256 {
			t.Errorf("%s is not what the manifest says", v.Fichier)
		}
		delete(got, v.Fichier)
	}
	if delete(got, manifest.Name); len(got) > 0 {
		t.Errorf("the folder also holds %s", names(got))
	}
}

var matricule = regexp.MustCompile(`"Matricule":"[^"]*"`)

func TestPiecesTakeTheNameThatTheRunGivesThemWhileItComes(t *testing.T) {
	// The index names pieces otherwise than the bulletins that reference them;
	// their names are learnt while bulletins that lack them get the index's.
	dir := paye(t, synth.Options{Bulletins: 400, Pieces: 12})
	run := nomenclaturesFirst(t, filepath.Join(dir, "run.jsonl"))
	var mixed strings.Builder
	pjref := regexp.MustCompile(`,"PJRef":\[[^]]*\]`)
	for i, line := range strings.SplitAfter(run, "\n") {
		if i%2 == 0 {
			line = pjref.ReplaceAllString(line, "")
		}
		mixed.WriteString(line)
	}
	index, err := os.ReadFile(filepath.Join(dir, "justificatifs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	renamed := filepath.Join(t.TempDir(), "justificatifs.csv")
	if err := os.WriteFile(renamed, bytes.ReplaceAll(index, []byte(".pdf;"), []byte(".pdf;autre-")), 0o600); err != nil {
		t.Fatal(err)
	}
	var sets []map[string]string
	taken, added := 0, 0
	for _, workers := range []int{4, 1} {
		dem := demande(EntreeStandard, filepath.Join(t.TempDir(), "out"), 500_000)
		dem.Format, dem.Workers, dem.Lecteur = FormatZip, workers, strings.NewReader(mixed.String())
		dem.PJ, dem.Index = filepath.Join(dir, "justificatifs"), renamed
		m, err := online(context.Background(), dem)
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, files(t, dem.Sortie))
		for _, vm := range m.Volumes {
			file, err := os.ReadFile(filepath.Join(dem.Sortie, vm.Fichier))
			if err != nil {
				t.Fatal(err)
			}
			v := readVolume(t, file, FormatZip, EnArchive)
			added += bytes.Count(v.xhl, []byte(`<NomPJ V="autre-`))
			for name := range v.pieces {
				if !strings.HasPrefix(name, "autre-") {
					taken++
				}
			}
		}
	}
	if taken == 0 || added == 0 {
		t.Errorf("%d pieces have the run's name, %d references the index's; want some of both", taken, added)
	}
	if diff := cmp.Diff(sets[0], sets[1]); diff != "" {
		t.Errorf("4 workers and 1 differ (-4 +1):\n%s", diff)
	}
}

// csvOf writes the CSV run of a run.jsonl, beside its pieces.
func csvOf(t *testing.T, dir string) string {
	t.Helper()
	journal := journalOf(t, filepath.Join(dir, "run.jsonl"))
	out := filepath.Join(t.TempDir(), "csv")
	if err := os.CopyFS(out, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(out, "run.jsonl")); err != nil {
		t.Fatal(err)
	}
	err := run.DecodeCSV(context.Background(), bytes.NewReader(journal), xhl.Options{}, run.CSVKept, func(name string) (io.WriteCloser, error) {
		return os.Create(filepath.Join(out, name))
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCSVRunIsCutOnTheWayAsTheSameRunInLines(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 60, Pieces: 5})
	nomenclaturesFirst(t, filepath.Join(dir, "run.jsonl"))
	lines := demande(dir, filepath.Join(t.TempDir(), "lines"), 60_000)
	lines.Format = FormatXHL
	cells := *lines
	cells.Entree, cells.Sortie = csvOf(t, dir), filepath.Join(t.TempDir(), "cells")
	for _, dem := range []*demand{lines, &cells} {
		dem.Anomalie = func(a *anomalie.Anomalie) {
			if a.Code == NomenclaturesTardives {
				t.Errorf("%s: %v", dem.Entree, a)
			}
		}
		m, err := online(context.Background(), dem)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Volumes) < 3 {
			t.Errorf("%d volumes, want several", len(m.Volumes))
		}
	}
	if diff := cmp.Diff(bulletins(t, lines.Sortie), bulletins(t, cells.Sortie)); diff != "" {
		t.Errorf("bulletins of the volumes (-lines +cells):\n%s", diff)
	}
}

// bulletins lists those of the bare volumes of a folder.
func bulletins(t *testing.T, dir string) (list []string) {
	t.Helper()
	m, err := manifest.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range m.Volumes {
		data, err := os.ReadFile(filepath.Join(dir, v.Fichier))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range bulletinPattern.FindAll(data, -1) {
			list = append(list, string(b))
		}
	}
	return list
}

// wantUntouched checks that a failed job left the folder of the volumes as an
// earlier delivery made it.
func wantUntouched(t *testing.T, dem *demand, before map[string]string) {
	t.Helper()
	if got := files(t, dem.Sortie); !cmp.Equal(got, before) {
		t.Errorf("after the failure the folder holds %s, it held %s", names(got), names(before))
	}
}

func TestFaultOfAStreamDeliversNothing(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 200, Pieces: 5})
	run := nomenclaturesFirst(t, filepath.Join(dir, "run.jsonl"))
	lines := strings.SplitAfter(run, "\n")
	ask := func(in io.Reader, limit int64) *demand {
		dem := demande(EntreeStandard, filepath.Join(t.TempDir(), "out"), limit)
		dem.Format, dem.Lecteur = FormatZip, in
		dem.PJ, dem.Index = filepath.Join(dir, "justificatifs"), filepath.Join(dir, "justificatifs.csv")
		return dem
	}
	const limit = 900_000
	earlier := ask(strings.NewReader(run), 2*limit)
	if _, err := online(context.Background(), earlier); err != nil {
		t.Fatal(err)
	}
	before := files(t, earlier.Sortie)
	broken := errors.New("the network is gone")
	for name, tc := range map[string]struct {
		in    io.Reader
		limit int64
		want  anomalie.Classe // that of the error broken when Autre
	}{
		"cut in a line":             {strings.NewReader(run[:len(run)*2/3]), limit, anomalie.Illisible},
		"cut behind the head":       {strings.NewReader(lines[0] + lines[1]), limit, anomalie.Illisible},
		"of something else":         {strings.NewReader("<html>"), limit, anomalie.Illisible},
		"empty":                     {strings.NewReader(""), limit, anomalie.Illisible},
		"a piece alone too large":   {strings.NewReader(run), 30_000, anomalie.TropGrand},
		"that breaks":               {io.MultiReader(strings.NewReader(run[:len(run)/2]), iotest.ErrReader(broken)), limit, anomalie.Autre},
		"that a second one follows": {strings.NewReader(run + run), limit, anomalie.Illisible},
	} {
		dem := ask(tc.in, tc.limit)
		dem.Sortie = earlier.Sortie
		_, err := online(context.Background(), dem)
		var a *anomalie.Anomalie
		switch {
		case tc.want == anomalie.Autre && !errors.Is(err, broken):
			t.Errorf("a stream %s: %v", name, err)
		case tc.want != anomalie.Autre && (!errors.As(err, &a) || a.Classe() != tc.want):
			t.Errorf("a stream %s: %v, want the class %v", name, err, tc.want)
		}
		wantUntouched(t, dem, before)
	}
}

func TestInterruptedStreamDeliversNothingEvenWhenNothingComes(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 400, Pieces: synth.AucunePiece})
	run := nomenclaturesFirst(t, filepath.Join(dir, "run.jsonl"))
	ctx, cancel := context.WithCancel(context.Background())
	in, out := io.Pipe()
	defer out.Close()
	go func() {
		// Half of the run comes, then nothing more.
		io.WriteString(out, run[:len(run)/2])
		cancel()
	}()
	dem := demande(EntreeStandard, filepath.Join(t.TempDir(), "out"), 20_000)
	dem.Format, dem.Lecteur = FormatZip, in
	if _, err := online(ctx, dem); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want an interruption", err)
	}
	wantUntouched(t, dem, map[string]string{})
}
