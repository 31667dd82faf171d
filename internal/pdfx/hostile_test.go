package pdfx

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

// assemble writes objects, numbered from 1, their cross-reference table and a
// trailer with the given entries.
func assemble(trailer string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	var table strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%s", len(objects)+1, table.String())
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
	return b.Bytes()
}

const (
	catalogue = "<< /Type /Catalog /Pages 2 0 R >>"
	feuille   = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
)

func TestHostileDocumentsAreRefused(t *testing.T) {
	for name, doc := range map[string][]byte{
		"the page tree is its own kid":   assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"),
		"two nodes hold each other":      assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"),
		"the page tree is an integer":    assemble("", catalogue, "12"),
		"the kids are an integer":        assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids 12 >>"),
		"the catalogue is the tree":      assemble("", "<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>"),
		"a page is missing":              assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [9 0 R] >>"),
		"a billion pages are announced":  assemble("", catalogue, "<< /Type /Pages /Count 1000000000 /Kids [] >>"),
		"the encryption is unknown":      assemble("/Encrypt 3 0 R /ID [<00> <00>]", catalogue, "<< /Type /Pages /Count 1 /Kids [4 0 R] >>", "<< /Filter /Maison /V 9 >>", feuille),
		"arrays nest a thousand deep":    assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids "+strings.Repeat("[", 1000)+strings.Repeat("]", 1000)+" >>"),
		"dictionaries nest without end":  assemble("", catalogue, strings.Repeat("<< /Kids ", 50_000)),
		"NUL bytes":                      make([]byte, 4096),
		"the header, then nothing but %": append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("%"), 9000)...),
	} {
		_, err := inspect(doc)
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Classe() != anomalie.PieceManquante {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOddPageTreesAreRead(t *testing.T) {
	deep := []string{catalogue}
	for i := range 200 {
		deep = append(deep, fmt.Sprintf("<< /Type /Pages /Count 1 /Kids [%d 0 R] >>", i+3))
	}
	for name, tc := range map[string]struct {
		doc   []byte
		pages int
	}{
		"a page is there twice":     {assemble("", catalogue, "<< /Type /Pages /Count 2 /Kids [3 0 R 3 0 R] >>", feuille), 2},
		"the page tree is 200 deep": {assemble("", append(deep, feuille)...), 1},
		"a page is written inside":  {assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids ["+feuille+"] >>"), 1},
		"kids are missing":          {assemble("", catalogue, "<< /Type /Pages /Count 3 /Kids [9 0 R null 3 0 R] >>", feuille), 1},
		"a node holds its parent":   {assemble("", catalogue, "<< /Type /Pages /Count 2 /Kids [2 0 R 3 0 R] >>", feuille), 1},
		"no catalogue is named":     {bytes.Replace(assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", feuille), []byte("/Root 1 0 R"), []byte("/Racine 1 0 R"), 1), 1},
	} {
		if info, err := inspect(tc.doc); err != nil || info.Pages != tc.pages {
			t.Errorf("%s: %d pages, %v; want %d", name, info.Pages, err, tc.pages)
		}
	}
}

func TestAnnouncedSizesAreNotBelieved(t *testing.T) {
	good := assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", feuille)
	for name, doc := range map[string][]byte{
		"count of pages": bytes.Replace(good, []byte("/Count 1"), []byte("/Count 9"), 1),
		"negative count": bytes.Replace(good, []byte("/Count 1 "), []byte("/Count -1"), 1),
		"size of table":  bytes.Replace(good, []byte("/Size 4"), []byte("/Size 2000000000"), 1),
		"subsection":     bytes.Replace(good, []byte("xref\n0 4\n"), []byte("xref\n0 2000000000\n"), 1),
		"xref loop":      bytes.Replace(good, []byte("/Size 4"), fmt.Appendf(nil, "/Size 4 /Prev %d", bytes.Index(good, []byte("xref"))), 1),
		"huge offset":    bytes.Replace(good, []byte("startxref\n"), []byte("startxref\n99999999999999999"), 1),
		"stream length":  assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", feuille, "<< /Length 99999999999 >>\nstream\nabc\nendstream"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		info, err := inspect(doc)
		runtime.ReadMemStats(&after)
		var a *anomalie.Anomalie
		if err != nil && !errors.As(err, &a) || err == nil && info.Pages != 1 {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
			t.Errorf("%s: %d bytes were allocated for a document of %d", name, grown, len(doc))
		}
	}
}

// bomb is a document of one page with n object streams, each inflating to
// size bytes: the first holds the catalogue, the others nothing. Name is the
// type of the streams as it is written.
func bomb(n, size int, name string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	var rows bytes.Buffer
	row := func(kind byte, a, c int) { rows.Write([]byte{kind, byte(a >> 16), byte(a >> 8), byte(a), byte(c)}) }
	row(0, 0, 255)
	object := func(format string, args ...any) {
		row(1, b.Len(), 0)
		fmt.Fprintf(&b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{rows.Len()/5 - 1}, args...)...)
	}
	object("<< /Type /Pages /Count 1 /Kids [2 0 R] >>")
	object(strings.Replace(feuille, "2 0 R", "1 0 R", 1))
	content := "<< /Type /Catalog /Pages 1 0 R >>"
	for i := range n {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		prolog := fmt.Sprintf("%d 0 ", 3+n+i)
		fmt.Fprint(w, prolog, content)
		w.Write(bytes.Repeat([]byte(" "), size))
		w.Close()
		object("<< /Type /%s /N 1 /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", name, len(prolog), z.Len(), z.String())
		content = "null"
	}
	for i := range n {
		row(2, 3+i, 0)
	}
	start := b.Len()
	row(1, start, 0)
	fmt.Fprintf(&b, "%d 0 obj\n<< /Type /XRef /Size %d /W [1 3 1] /Root %d 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		2*n+3, 2*n+4, n+3, rows.Len(), rows.String(), start)
	return b.Bytes()
}

func TestObjectStreamsShareOneBudget(t *testing.T) {
	for _, name := range []string{"ObjStm", "Obj#53tm"} {
		for _, size := range []int{1000, 1 << 20} {
			doc := bomb(30, size, name)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			info, err := inspect(doc)
			runtime.ReadMemStats(&after)
			if err != nil || info.Pages != 1 {
				t.Errorf("%s of %d bytes: %+v, %v", name, size, info, err)
			}
			// Inflating all of it would take 30 MiB.
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
				t.Errorf("%s: %d MiB were allocated for a document of %d bytes", name, grown>>20, len(doc))
			}
		}
	}
	doc := bomb(80, 2<<20, "ObjStm")
	if _, _, err := Look(t.Context(), Bytes(doc), int64(len(doc))); code(err) != Illisible {
		t.Errorf("160 MiB were looked at: %v", err)
	}
}

func TestACancelledInspectionIsNotAFaultOfTheDocument(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	doc := document(3, 100)
	_, err := Inspect(ctx, cancelling{bytes.NewReader(doc), cancel}, int64(len(doc)))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// cancelling cancels as soon as it is read.
type cancelling struct {
	*bytes.Reader
	cancel context.CancelFunc
}

func (c cancelling) ReadAt(b []byte, at int64) (int, error) {
	c.cancel()
	return c.Reader.ReadAt(b, at)
}
