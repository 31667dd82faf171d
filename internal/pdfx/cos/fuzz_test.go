package cos

import (
	"bytes"
	"fmt"
	"testing"
)

// plain is a document of one page, with a stream and a table.
func plain(extra string) []byte {
	var b bytes.Buffer
	var at []int
	b.WriteString("%PDF-1.4\n")
	for i, o := range []string{"<< /Type /Catalog /Pages 2 0 R " + extra + " >>", "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>", "<< /Length 4 >>\nstream\nq Q \nendstream"} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	b.WriteString("xref\n0 5\n0000000000 65535 f \n")
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

// FuzzOpen: whatever the bytes, nothing panics, the work is bounded, and what
// is written of an object is read again as the same.
func FuzzOpen(f *testing.F) {
	f.Add(plain(""))
	f.Add(plain("/Names << /JavaScript 9 0 R >> /Lang (fr) /N [1.5 -2 -0. <00FF> true null]"))
	f.Add([]byte("%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1/First 4/Length 40>>stream\n2 0 <</Type/Catalog/Pages 2 0 R>>\nendstream endobj"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Open(data)
		if err != nil {
			return
		}
		d.Pages(func(p Page) bool {
			Operators(p.Object.Get("Contents").Bytes(), func(string, []Object) bool { return true })
			return true
		})
		d.Every(func(_ int, o Object) bool {
			d.Decode(o, 1<<20)
			text := Append(nil, o, func(n int) int { return n })
			l := lexer{data: text}
			again, _ := l.object(0)
			if other := Append(nil, again, func(n int) int { return n }); !bytes.Equal(text, other) {
				t.Errorf("%q is read as %q", text, other)
			}
			return true
		})
	})
}
