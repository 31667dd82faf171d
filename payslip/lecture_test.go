package payslip_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"paye/payslip"
	"paye/synth"
	"paye/xhl"
)

func TestTextOfASlipIsReadBack(t *testing.T) {
	run, err := synth.Generate(synth.Options{Bulletins: 60, Seed: 1, Pieces: -1})
	if err != nil {
		t.Fatal(err)
	}
	l := new(payslip.Lecteur)
	for i := range 3 {
		var b xhl.Bulletin
		run.Bulletin(i, &b)
		text := l.Texte(render(t, payslip.Options{}, run.Entete(), &b))
		for _, want := range []string{b.Agent.Matricule, "Bulletin de paie", "NET À PAYER", "é"} {
			if !strings.Contains(text, want) {
				t.Errorf("slip %d: %q is not in its text", i, want)
			}
		}
	}
}

// bomb is a document of n streams that inflate to a MiB each.
func bomb(n int) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write(bytes.Repeat([]byte("(ab) Tj\n"), 1<<17))
	w.Close()
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for i := range n {
		fmt.Fprintf(&b, "%d 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n", i+1, z.Len(), z.Bytes())
	}
	return b.Bytes()
}

func TestStreamsOfADocumentInflateToABoundedSize(t *testing.T) {
	l := new(payslip.Lecteur)
	pdf := bomb(400)
	r := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			l.Texte(pdf)
		}
	})
	if got, most := r.AllocedBytesPerOp(), int64(128<<20); got > most {
		t.Errorf("%d bytes allocated for a document of %d, want %d at most", got, len(pdf), most)
	}
}

func TestDocumentThatIsTooLargeSpoilsNoOther(t *testing.T) {
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := r.Append(nil, employer(), slip())
	if err != nil {
		t.Fatal(err)
	}
	want := new(payslip.Lecteur).Texte(pdf)
	l := new(payslip.Lecteur)
	l.Texte(append(bomb(20), pdf...)) // meets the fonts of the slip when there is no room left
	if got := l.Texte(pdf); got != want || want == "" {
		t.Errorf("%d bytes of text, want %d", len(got), len(want))
	}
}

// FuzzLecteur reads what anybody may hand over as a bulletin.
func FuzzLecteur(f *testing.F) {
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		f.Fatal(err)
	}
	pdf, err := r.Append(nil, employer(), slip())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pdf)
	f.Add(bomb(1))
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<< /Font << /F1 2 0 R >>\n2 0 obj\n<< /ToUnicode 3 0 R >>\n"))
	l := new(payslip.Lecteur)
	f.Fuzz(func(t *testing.T, pdf []byte) {
		if first, second := l.Texte(pdf), new(payslip.Lecteur).Texte(pdf); first != second {
			t.Error("the text depends on what was read before")
		}
	})
}
