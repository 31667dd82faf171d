package pdfx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"paye/internal/anomalie"
)

// document is a PDF of n empty pages, with a stream of weight bytes on each.
func document(n, weight int) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(offsets)}, args...)...)
	}
	b.WriteString("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids []string
	for i := range n {
		kids = append(kids, fmt.Sprintf("%d 0 R", 3+2*i))
	}
	object("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), n)
	for i := range n {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << >> >>", 4+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", weight, strings.Repeat("% ", weight)[:weight])
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

func inspect(doc []byte) (Info, error) {
	return Inspect(context.Background(), bytes.NewReader(doc), int64(len(doc)))
}

func TestPagesAreCounted(t *testing.T) {
	for _, n := range []int{1, 3, 40} {
		doc := document(n, 100)
		info, err := inspect(doc)
		if err != nil || info.Pages != n || info.Version != "1.4" || info.Encrypted || info.PerPage() != int64(len(doc))/int64(n) {
			t.Errorf("%d pages: %+v, %v", n, info, err)
		}
		if _, err := exec.LookPath("pdfinfo"); err != nil {
			continue
		}
		path := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(path, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("pdfinfo", path).Output()
		if err != nil || !strings.Contains(string(out), fmt.Sprintf("Pages:           %d\n", n)) {
			t.Errorf("pdfinfo does not agree on %d pages: %v\n%s", n, err, out)
		}
	}
}

func code(err error) string {
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return a.Code
	}
	return fmt.Sprint(err)
}

func TestUnreadableDocumentsAreAnomalies(t *testing.T) {
	good := document(2, 50)
	for name, doc := range map[string][]byte{
		"empty":     {},
		"garbage":   []byte("not a PDF at all"),
		"head only": good[:20],
		"no page":   document(0, 0),
		"a cycle":   bytes.Replace(document(1, 50), []byte("/Kids [3 0 R"), []byte("/Kids [2 0 R"), 1),
	} {
		_, err := inspect(doc)
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Classe() != anomalie.PieceManquante {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTruncationNeverPanics(t *testing.T) {
	doc := document(2, 40)
	for n := range doc {
		inspect(doc[:n])
	}
}

func TestPasswordsAreRefused(t *testing.T) {
	seal := func(user string) []byte {
		conf := *configuration()
		conf.UserPW, conf.OwnerPW = user, "proprietaire"
		conf.EncryptUsingAES, conf.EncryptKeyLength = true, 256
		var out bytes.Buffer
		if err := api.Encrypt(bytes.NewReader(document(1, 10)), &out, &conf); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if _, err := inspect(seal("secret")); code(err) != Encrypted {
		t.Errorf("with a password: %v", err)
	}
	if info, err := inspect(seal("")); err != nil || !info.Encrypted || info.Pages != 1 {
		t.Errorf("with permissions only: %+v, %v", info, err)
	}
}

func TestErrorsOfTheReaderAreNotTheDocuments(t *testing.T) {
	broken := errors.New("disk on fire")
	_, err := Inspect(context.Background(), failing{broken}, 1000)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Inspect(ctx, bytes.NewReader(nil), MaxSize); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Inspect(context.Background(), bytes.NewReader(nil), MaxSize+1); code(err) != TropGros {
		t.Errorf("too large: %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return iotest.ErrReader(f.err).Read(nil) }

func TestHeavyPagesAreAdvisedOn(t *testing.T) {
	light := Info{Pages: 3, Size: 267_000}
	heavy := Info{Pages: 3, Size: 480_000}
	if light.Advice() != nil {
		t.Errorf("200 dpi: %v", light.Advice())
	}
	if a := heavy.Advice(); a == nil || a.Code != PagesLourd || a.Gravite != anomalie.Info {
		t.Errorf("300 dpi: %v", a)
	}
}

func TestCodesAreCompleteInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}

func FuzzInspect(f *testing.F) {
	f.Add(document(1, 5))
	f.Add(document(3, 0))
	f.Add([]byte("%PDF-1.5\nstartxref\n9\n%%EOF"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		if info, err := inspect(doc); err == nil && info.Pages < 1 {
			t.Errorf("accepted without a page: %+v", info)
		}
		Sniff(doc)
	})
}

// FuzzTwin: a twin opens, has the pages of its original, and is as light as
// it was said to be.
func FuzzTwin(f *testing.F) {
	f.Add(repeated("<< /Title (Contrat) >>"))
	f.Add(document(2, 400))
	f.Fuzz(func(t *testing.T, doc []byte) {
		info, err := inspect(doc)
		if err != nil {
			return
		}
		twin, err := optimise(doc)
		if err != nil || len(twin) == 0 {
			return
		}
		again, err := inspect(twin)
		if err != nil || again.Pages != info.Pages || len(twin) >= len(doc) {
			t.Errorf("%d bytes of %d, %d pages of %d, %v", len(twin), len(doc), again.Pages, info.Pages, err)
		}
	})
}

func BenchmarkInspect(b *testing.B) {
	for _, pages := range []int{3, 4} {
		doc := document(pages, 267_000/pages)
		b.Run(fmt.Sprintf("pages=%d", pages), func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			for b.Loop() {
				if _, err := inspect(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
