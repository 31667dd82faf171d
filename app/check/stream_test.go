package check

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// streamed judges a text as it comes, in small parts.
func streamed(t *testing.T, nom, text string, o Options) (*Rapport, bool, error) {
	t.Helper()
	return Stream(t.Context(), nom, bufio.NewReaderSize(iotest.HalfReader(strings.NewReader(text)), StreamHead), o)
}

func TestStreamIsJudgedLikeAFile(t *testing.T) {
	journal := paie{agents: []agent{{"A1", 1000, []string{"X1.pdf"}}}, repartition: "1000"}.String()
	sample := flux(t, "N1", pj{"P1", "p1.xhl", "004", journal}, pj{"X1", "X1.pdf", "003", pdf("1")}, pj{"X2", "X2.pdf", "003", "bonjour"})
	for name, text := range map[string]string{
		"a journal": journal, "a flux": sample, "a flux that is cut": sample[:len(sample)*2/3], "a journal with more behind": journal + "<encore/>",
		"an acquittal": `<?xml version="1.0"?><n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2"></n:PES_ACQUIT>`,
	} {
		for _, o := range []Options{{}, {Limite: 100}, {Tolerant: true}} {
			path := filepath.Join(t.TempDir(), "v1.xml")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			want, err := Check(t.Context(), []string{path}, o)
			if err != nil {
				t.Fatal(err)
			}
			got, told, err := streamed(t, path, text, o)
			if err != nil || !told {
				t.Fatalf("%s: told %v, %v", name, told, err)
			}
			if said(got) != said(want) || got.Fichiers[0].Octets != want.Fichiers[0].Octets || got.Fichiers[0].Conforme != want.Fichiers[0].Conforme {
				t.Errorf("%s, %+v: as a stream\n%s\nas a file\n%s", name, o, said(got), said(want))
			}
		}
	}
}

func TestWhatIsToldByItsEndIsLeftWhole(t *testing.T) {
	for name, text := range map[string]string{
		"an archive": archive(t, map[string]string{"a.txt": "bonjour"}), "a gzip": gz(t, "bonjour"), "a PDF": pdf("1"), "nothing": "", "a text": "bonjour",
	} {
		r := bufio.NewReaderSize(strings.NewReader(text), StreamHead)
		if _, told, err := Stream(t.Context(), "x", r, Options{}); told || err != nil {
			t.Errorf("%s: told %v, %v", name, told, err)
		}
		if left, err := io.ReadAll(r); err != nil || !bytes.Equal(left, []byte(text)) {
			t.Errorf("%s: %d bytes are left of %d, %v", name, len(left), len(text), err)
		}
	}
}

func TestStreamThatBreaksOffHasNoVerdict(t *testing.T) {
	noise := make([]byte, 400_000)
	rand.NewChaCha8([32]byte{}).Read(noise) // it does not compress: the cut comes after the head
	sample := flux(t, "N1", pj{"X1", "X1.pdf", "003", string(noise)})
	for _, cut := range []error{io.ErrUnexpectedEOF, errors.New("connexion perdue")} {
		body := io.MultiReader(strings.NewReader(sample[:len(sample)-200]), iotest.ErrReader(cut))
		if _, _, err := Stream(t.Context(), "x", bufio.NewReaderSize(body, StreamHead), Options{}); !errors.Is(err, cut) {
			t.Errorf("got %v, want %v", err, cut)
		}
	}
}
