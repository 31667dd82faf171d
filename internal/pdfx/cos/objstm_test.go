package cos

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// longStream is a document whose catalogue is the last of the members of one
// stream of objects, each of so many bytes, and whose page tree is the first.
func longStream(t *testing.T, members, size int) []byte {
	t.Helper()
	var heads, bodies strings.Builder
	for i := range members {
		body := fmt.Sprintf("<</N %d /Pad (%s)>> ", i+1, strings.Repeat("x", size))
		switch i {
		case 0:
			body = "<</Type /Pages /Kids [2 0 R] /Count 1>> "
		case 1:
			body = "<</Type /Page /Parent 1 0 R>> "
		case members - 1:
			body = "<</Type /Catalog /Pages 1 0 R>> "
		}
		fmt.Fprintf(&heads, "%d %d ", i+1, bodies.Len())
		bodies.WriteString(body)
	}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	fmt.Fprint(w, heads.String(), bodies.String())
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := b.Len()
	fmt.Fprintf(&b, "%d 0 obj\n<</Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream\nendobj\n", members+1, members, heads.Len(), z.Len(), z.Bytes())
	xref := b.Len()
	var rows bytes.Buffer
	rows.Write([]byte{0, 0, 0, 0, 0, 0, 0})
	for i := range members {
		n := members + 1
		rows.Write([]byte{2, 0, 0, byte(n >> 8), byte(n), byte(i >> 8), byte(i)})
	}
	for _, offset := range []int{at, xref} {
		rows.Write([]byte{1, byte(offset >> 24), byte(offset >> 16), byte(offset >> 8), byte(offset), 0, 0})
	}
	fmt.Fprintf(&b, "%d 0 obj\n<</Type /XRef /Size %d /Root %d 0 R /W [1 4 2] /Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		members+2, members+3, members, rows.Len(), rows.Bytes(), xref)
	return b.Bytes()
}

// TestMembersOfALongStreamAreFoundInAnyOrder: what was passed over is read all
// the same when it is wanted.
func TestMembersOfALongStreamAreFoundInAnyOrder(t *testing.T) {
	const members, size = 80, 100 << 10
	data := longStream(t, members, size)
	for seed := range uint64(6) {
		d, err := Open(data)
		if err != nil || d.Repaired {
			t.Fatalf("%v, repaired: %t", err, d.Repaired)
		}
		order := rand.New(rand.NewPCG(seed, 1)).Perm(members)
		for _, i := range order {
			if i < 2 || i == members-1 {
				continue
			}
			o := d.Object(i + 1)
			if n, _ := o.Get("N").Int(); int(n) != i+1 || len(o.Get("Pad").raw) < size {
				t.Fatalf("seed %d: object %d has number %d and a text of %d bytes", seed, i+1, n, len(o.Get("Pad").raw))
			}
		}
		if got := d.inflated; got > members*(size+64) {
			t.Errorf("seed %d: %d bytes count as inflated, of %d", seed, got, members*size)
		}
	}
}

// TestTheMiddleOfALongStreamIsNotKept: the catalogue at its end and the page
// tree at its beginning are what a count of pages wants.
func TestTheMiddleOfALongStreamIsNotKept(t *testing.T) {
	data := longStream(t, 400, 100<<10)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	if err := d.Pages(func(Page) bool { pages++; return true }); err != nil || pages != 1 {
		t.Fatalf("%d pages, %v", pages, err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
		t.Errorf("%d bytes are allocated for a stream of 40 MB of which three members are read", got)
	}
}

// TestPairsOfNumbersAreReadAsObjects: the fast reading of the places of members
// and the reading of any objects agree, whatever stands there.
func TestPairsOfNumbersAreReadAsObjects(t *testing.T) {
	words := []string{"0", "7", "12", "345", "999999999", "1234567890", "00012", "+4", "-4", "3.5", "R", "R1", "obj", "%c\n", "(t)", "[1 2]", "<<", "/N", "5R", "\x00"}
	blanks := []string{" ", "\n", "\r\n", "  ", "\t", ""}
	fast := 0
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 2))
		var head []byte
		for range r.IntN(14) {
			// Mostly numbers, so that what is not stands anywhere among them.
			w := words[r.IntN(7)]
			if r.IntN(8) == 0 {
				w = words[r.IntN(len(words))]
			}
			head = append(append(head, w...), blanks[max(0, r.IntN(12)-6)]...)
		}
		count := int64(r.IntN(9)) - 1
		collect := func(list *[][2]int64) func(a, b int64) {
			return func(a, b int64) { *list = append(*list, [2]int64{a, b}) }
		}
		var want, got [][2]int64
		plain := lexer{data: head}
		plain.anyPairs(count, collect(&want))
		l := lexer{data: head}
		read := l.pairs(count, collect(&got))
		fast += int(read)
		l.anyPairs(count-read, collect(&got))
		if !slices.Equal(want, got) {
			t.Fatalf("%q, %d pairs: %v, one by one %v", head, count, got, want)
		}
	}
	if fast < 4_000 {
		t.Errorf("%d pairs were read fast", fast)
	}
}

// TestMembersAreGivenOnce: the cross-reference table and the stream name the same
// ones; what only the table names in a stream that is none is given too.
func TestMembersAreGivenOnce(t *testing.T) {
	const members = 40
	given := func(data []byte) map[int]int {
		d, err := Open(data)
		if err != nil {
			t.Fatal(err)
		}
		times := make(map[int]int)
		if err := d.Every(func(n int, o Object) bool {
			if o.IsDict() {
				times[n]++
			}
			return true
		}); err != nil {
			t.Fatal(err)
		}
		return times
	}
	data := longStream(t, members, 100)
	for name, data := range map[string][]byte{"a stream of objects": data, "of another type": bytes.Replace(data, []byte("/ObjStm"), []byte("/ObjSta"), 1)} {
		times := given(data)
		for n := 1; n <= members+1; n++ {
			if times[n] != 1 {
				t.Errorf("%s: object %d was given %d times", name, n, times[n])
			}
		}
	}
}
