package build

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/anomalie/anomalietest"
	"paye/splitter"
	"paye/synth"
)

// heavyScan is a document of pages as a scanner in colours sees them: strokes on
// paper, and noise that differs from seed to seed.
func heavyScan(t *testing.T, seed uint64, pages int, extra string) []byte {
	t.Helper()
	const width, height = 830, 1170 // 210 × 296 points at 285 dpi
	r := rand.New(rand.NewPCG(seed, 1))
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			v := 235
			if y%60 < 8 && x%20 < 6 && x > 60 && y > 60 {
				v = 30
			}
			v += r.IntN(25) - 12
			img.SetRGBA(x, y, color.RGBA{uint8(v), uint8(v), uint8(v), 255})
		}
	}
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 5+i))
	}
	const content = "q 210 0 0 296 0 0 cm /Im0 Do Q"
	objects := []string{"<< /Type /Catalog /Pages 2 0 R " + extra + " >>",
		fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", pages, strings.Join(kids, " ")),
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream", width, height, jpg.Len(), jpg.String()),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)}
	for range pages {
		objects = append(objects, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 210 296] /Contents 4 0 R /Resources << /XObject << /Im0 3 0 R >> >> >>")
	}
	var b bytes.Buffer
	var table strings.Builder
	b.WriteString("%PDF-1.5\n")
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table.String(), len(objects)+1, start)
	return b.Bytes()
}

// scanned is a payroll whose justificatifs are the documents given.
func scanned(t *testing.T, documents ...[]byte) string {
	t.Helper()
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: len(documents), Journal: true})
	files, err := filepath.Glob(filepath.Join(dir, "justificatifs", "*.pdf"))
	if err != nil || len(files) != len(documents) {
		t.Fatal(files, err)
	}
	for i, file := range files {
		if err := os.WriteFile(file, documents[i], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// planned plans the payroll of dir; a plan that cannot be made is an error.
func planned(t *testing.T, dir string, limit int64, light bool) (*Job, error) {
	t.Helper()
	dem := demande(filepath.Join(dir, "journal.xhl"), t.TempDir(), limit)
	dem.PJ, dem.Index, dem.Packaging, dem.Light = filepath.Join(dir, "justificatifs"), filepath.Join(dir, "justificatifs.csv"), EnPieces, light
	d, err := Prepare(context.Background(), dem.Request, dem.Watch)
	if err == nil {
		t.Cleanup(func() { d.Close() })
	}
	return d, err
}

func TestAdviceIsWhatLighterTwinsThenSave(t *testing.T) {
	dir := scanned(t, heavyScan(t, 1, 1, ""), heavyScan(t, 2, 1, ""), heavyScan(t, 3, 1, ""))
	heavy := int64(len(heavyScan(t, 1, 1, "")))
	for name, c := range map[string]struct {
		limit         int64
		without, with int
	}{
		"one volume":     {10_000_000, 1, 1},
		"a volume saved": {heavy*4/3 + 200_000, 3, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := planned(t, dir, c.limit, false)
			if err != nil {
				t.Fatal(err)
			}
			a := d.Advice
			if a == nil || a.Heavy != 3 || a.Tried != 3 || len(a.Twins) != 3 || a.Without != c.without || a.Volumes != c.with {
				t.Fatalf("%+v", a)
			}
			light, err := planned(t, dir, c.limit, true)
			if err != nil {
				t.Fatal(err)
			}
			m, err := light.Manifeste()
			if err != nil {
				t.Fatal(err)
			}
			var saved int64
			for _, l := range m.Alleges {
				saved += l.Epargne
			}
			if saved != a.Saved || len(m.Volumes) != a.Volumes {
				t.Errorf("advice %d bytes and %d volumes, done %d and %d", a.Saved, a.Volumes, saved, len(m.Volumes))
			}
			if light.Advice != nil {
				t.Error("advice to do what is done")
			}
		})
	}
}

func TestAdviceComesBesideAPieceThatIsTooLarge(t *testing.T) {
	dir := scanned(t, heavyScan(t, 1, 1, ""))
	var told []string
	dem := demande(filepath.Join(dir, "journal.xhl"), t.TempDir(), 150_000)
	dem.PJ, dem.Index, dem.Packaging = filepath.Join(dir, "justificatifs"), filepath.Join(dir, "justificatifs.csv"), EnPieces
	dem.Anomalie = func(a *anomalie.Anomalie) { told = append(told, a.Code) }
	_, err := Prepare(context.Background(), dem.Request, dem.Watch)
	anomalietest.WantCode(t, err, splitter.PieceTropGrande)
	if !slices.Contains(told, AllegerPossible) {
		t.Errorf("told %q", told)
	}
}

func TestWhatMustStayAsItIsGetsNoAdvice(t *testing.T) {
	for name, extra := range map[string]string{
		"signed": "/AcroForm << /SigFlags 3 /Fields [] >>",
		"PDF/A":  "/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) >>]",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := planned(t, scanned(t, heavyScan(t, 1, 1, extra)), 10_000_000, false)
			if err != nil {
				t.Fatal(err)
			}
			if d.Advice != nil {
				t.Errorf("%+v", d.Advice)
			}
		})
	}
}

func TestLightDocumentsAreNotTried(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	d, err := planned(t, dir, 400_000, false)
	if err != nil {
		t.Fatal(err)
	}
	if d.Advice != nil {
		t.Errorf("%+v", d.Advice)
	}
}

func TestAdviceIsBounded(t *testing.T) {
	doc := func(id string, pages int, size int64) scan {
		return scan{&splitter.Justificatif{IdUnique: id, Piece: compress.Piece{Raw: size}}, pages}
	}
	heavy := []scan{doc("BOOK", advicePages+1, 1), doc("LARGE", 1, adviceBytes+1), doc("FIRST", advicePages-1, 1), doc("SECOND", 2, 1), doc("THIRD", 1, 1), doc("FOURTH", 1, 1)}
	var tried []string
	for _, p := range worthTrying(heavy) {
		tried = append(tried, p.IdUnique)
	}
	if got := strings.Join(tried, " "); got != "FIRST THIRD" {
		t.Errorf("tried %q", got)
	}
}
