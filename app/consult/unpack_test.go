package consult

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/app/build"
	"paye/app/intake"
	"paye/internal/anomalie"
	"paye/internal/progress"
	"paye/pespj"
	"paye/splitter"
)

// delivered builds the volumes of the example, and gives their folder.
func delivered(t *testing.T, r build.Request) string {
	t.Helper()
	dir := filepath.Dir(exemple)
	r.Entree, r.PJ, r.Index = exemple, dir, filepath.Join(dir, "justificatifs.csv")
	r.Sortie = filepath.Join(t.TempDir(), "livraison")
	r.Flux, r.Date = pespj.Flux{EmetteurSigle: "XHL", EmetteurAdresse: "xhl", IdPost: "006111", CodCol: "123", CodBud: "00"}, time.Date(2026, 5, 28, 0, 0, 0, 0, time.UTC)
	if r.Limit == 0 {
		r.Limit = 128 << 20
	}
	job, err := build.Prepare(t.Context(), r, build.Watch{Version: "essai"})
	if err != nil {
		t.Fatal(err)
	}
	defer job.Close()
	if _, err := job.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r.Sortie
}

// inside unpacks a folder and opens it.
func inside(t *testing.T, dir string) (*Contents, *Book) {
	t.Helper()
	spool := t.TempDir()
	c, err := Unpack(t.Context(), dir, spool)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(t.Context(), c.Journals, spool, new(progress.Progress))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return c, b
}

func digest(t *testing.T, path string) [32]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(b)
}

// zipped puts the files of a folder into a zip.
func zipped(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	f, err := os.Create(filepath.Join(to, "tout.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	if err := errors.Join(z.AddFS(os.DirFS(dir)), z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return to
}

// Whatever a payroll travels in, the same bulletins and the same pieces are
// found, byte for byte.
func TestVolumesHoldWhatTheJournalHas(t *testing.T) {
	_, plain := inside(t, filepath.Dir(exemple))
	for name, r := range map[string]build.Request{
		"flux of an archive":     {Format: build.FormatPES},
		"flux of pieces":         {Format: build.FormatPES, Packaging: build.EnPieces},
		"archive":                {Format: build.FormatZip},
		"several small archives": {Format: build.FormatZip, Limit: 700_000},
		"several small fluxes":   {Format: build.FormatPES, Limit: 900_000},
		"pieces apart":           {Format: build.FormatPES, Mode: splitter.Separe, Limit: 900_000},
	} {
		dir := delivered(t, r)
		for how, at := range map[string]string{"folder": dir, "zip": zipped(t, dir)} {
			c, b := inside(t, at)
			if len(b.Entries) != 40 || b.Totals.Net != plain.Totals.Net || b.Repeated != 0 || len(b.Etablissements) != len(plain.Etablissements) {
				t.Errorf("%s, %s: %d bulletins, %d établissements, net %d, want 40, %d, %d", name, how, len(b.Entries), len(b.Etablissements), b.Totals.Net, len(plain.Etablissements), plain.Totals.Net)
			}
			found := 0
			for i := range b.Entries {
				v, err := b.Bulletin(i)
				if err != nil {
					t.Fatal(err)
				}
				if v.Agent.Matricule != b.Entries[i].Matricule {
					t.Errorf("%s, %s: bulletin %d is of another agent", name, how, i)
				}
				for n := range v.PJRef {
					p := c.Pieces.Of(&v.PJRef[n])
					if p == nil {
						t.Errorf("%s, %s: piece %s is not found", name, how, v.PJRef[n].IdUnique)
						continue
					}
					found++
					want := filepath.Join(filepath.Dir(exemple), "justificatifs", v.PJRef[n].NomPJ.V)
					if _, err := os.Stat(want); err == nil && digest(t, want) != digest(t, p.Path) {
						t.Errorf("%s, %s: piece %s has other bytes", name, how, v.PJRef[n].NomPJ.V)
					}
				}
			}
			if found == 0 || len(b.Refs) == 0 {
				t.Errorf("%s, %s: no piece is referenced", name, how)
			}
		}
	}
}

func TestBulletinThatIsThereTwiceCountsOnce(t *testing.T) {
	dir := delivered(t, build.Request{Format: build.FormatPES})
	text, err := os.ReadFile(exemple)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "journal.xhl"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, b := inside(t, dir)
	if len(b.Entries) != 40 || b.Repeated != 40 || !strings.HasPrefix(b.From(0), "volume-") {
		t.Errorf("%d bulletins, %d repeated, from %s", len(b.Entries), b.Repeated, b.From(0))
	}
}

func TestOtherMonthIsNoVolumeOfThisOne(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(exemple)
	if err != nil {
		t.Fatal(err)
	}
	for name, month := range map[string]string{"mai.xhl": "05", "juin.xhl": "06"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Replace(string(text), `<Mois V="05"/>`, `<Mois V="`+month+`"/>`, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Unpack(t.Context(), dir, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), c.Journals, t.TempDir(), new(progress.Progress))
	wantCode(t, err, intake.TwoJournals)
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestWhatIsNoPayrollIsSaidToBeNone(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.pdf": "%PDF-1.4", "b.xml": "<autre/>", "vide.zip": "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Unpack(t.Context(), dir, t.TempDir())
	wantCode(t, err, intake.NoJournal)
	if err := os.WriteFile(filepath.Join(dir, "cassee.zip"), []byte("PK\x03\x04 not an archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Unpack(t.Context(), dir, t.TempDir())
	wantCode(t, err, intake.ZipBroken)
}

// Names inside archives make no paths here.
func TestNamesOfArchivesStayInside(t *testing.T) {
	dir, spool := t.TempDir(), t.TempDir()
	f, err := os.Create(filepath.Join(dir, "a.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range []string{"../../dehors.pdf", "/etc/x.pdf", `..\y.pdf`} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, "%PDF-1.4")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(exemple)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "journal.xhl"), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := Unpack(t.Context(), dir, spool)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Pieces.List {
		if filepath.Dir(p.Path) != spool || strings.ContainsAny(p.Name, `/\`) {
			t.Errorf("%s lies at %s", p.Name, p.Path)
		}
	}
	if len(c.Pieces.List) != 3 {
		t.Errorf("%d pieces, want 3", len(c.Pieces.List))
	}
}
