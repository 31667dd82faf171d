package inflate

import (
	"bufio"
	"bytes"
	stdflate "compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/flate"
)

// unpacked is what the inflater makes of a stream, and how many bytes of it it
// took.
func unpacked(r io.Reader) ([]byte, int64, error) {
	below := &counting{r: r}
	src := bufio.NewReader(below)
	var z Reader
	z.Reset(src)
	raw, err := io.ReadAll(&z)
	return raw, below.n - int64(src.Buffered()), err
}

type counting struct {
	r io.Reader
	n int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 20260901)) }

// lines are n bytes at least of what comes again and again, with amounts that vary.
func lines(r *rand.Rand, n int) (b []byte) {
	words := strings.Fields("traitement residence supplement cotisation retenue csg transport")
	for len(b) < n {
		b = fmt.Appendf(b, "<Remun><Libelle V=\"%s\"/><Base V=\"%d.%02d\"/></Remun>\n", words[r.IntN(len(words))], r.IntN(4000), r.IntN(100))
	}
	return b
}

func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// twin is the same by the standard library.
func twin(data []byte) ([]byte, int64, error) {
	r := bytes.NewReader(data)
	raw, err := io.ReadAll(stdflate.NewReader(r))
	return raw, int64(len(data) - r.Len()), err
}

// sameVerdict holds the inflater against its twin: same bytes, also before a
// fault, same end, same kind of fault.
func sameVerdict(t *testing.T, data []byte) {
	t.Helper()
	want, wantEnd, wantErr := twin(data)
	var corrupt stdflate.CorruptInputError
	if errors.As(wantErr, &corrupt) {
		wantErr = ErrCorrupt
	}
	for _, r := range []io.Reader{bytes.NewReader(data), iotest.OneByteReader(bytes.NewReader(data))} {
		got, end, err := unpacked(r)
		if err == io.ErrUnexpectedEOF && wantErr == err && bytes.HasPrefix(got, want) {
			// The twin wants bits for the end of the block before it gives what comes before.
			got = got[:len(want)]
		}
		if err != wantErr || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, %v, want %d bytes, %v", len(got), err, len(want), wantErr)
		}
		if err == nil && end != wantEnd {
			t.Fatalf("ends after %d bytes, want %d", end, wantEnd)
		}
	}
}

// streams are deflate streams of all kinds of blocks over the raw bytes.
func streams(t testing.TB, raw []byte) map[string][]byte {
	t.Helper()
	list := map[string][]byte{}
	for name, level := range map[string]int{"stored": 0, "1": 1, "6": 6, "9": 9, "codes only": stdflate.HuffmanOnly} {
		var std, other bytes.Buffer
		w, err := stdflate.NewWriter(&std, level)
		if err != nil {
			t.Fatal(err)
		}
		v, err := flate.NewWriter(&other, level)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []interface {
			io.WriteCloser
			Flush() error
		}{w, v} {
			w.Write(raw[:len(raw)/2])
			w.Flush()
			w.Write(raw[len(raw)/2:])
			w.Close()
		}
		list["standard, "+name], list["library, "+name] = std.Bytes(), other.Bytes()
	}
	return list
}

func TestReaderAgreesWithTheStandardLibrary(t *testing.T) {
	r := seeded(60)
	for name, raw := range map[string][]byte{
		"empty": nil, "one byte": {7}, "journal": lines(r, 400_000), "noise": noise(r, 200_000),
		"run": bytes.Repeat([]byte{'x'}, 300_000), "short period": bytes.Repeat([]byte("abc"), 100_000),
		"far copies": bytes.Repeat(noise(r, 32_768), 10),
	} {
		for kind, data := range streams(t, raw) {
			got, end, err := unpacked(bytes.NewReader(append(bytes.Clone(data), "after"...)))
			if err != nil || !bytes.Equal(got, raw) || end != int64(len(data)) {
				t.Errorf("%s, %s: %d bytes up to %d, %v, want %d bytes up to %d", name, kind, len(got), end, err, len(raw), len(data))
			}
			sameVerdict(t, data)
		}
	}
}

func TestReaderAgreesOnDamagedStreams(t *testing.T) {
	r := seeded(61)
	for kind, data := range streams(t, lines(r, 3_000)) {
		t.Run(kind, func(t *testing.T) {
			for range 300 {
				damaged := bytes.Clone(data)
				for range 1 + r.IntN(3) {
					damaged[r.IntN(len(damaged))] ^= 1 << r.IntN(8)
				}
				sameVerdict(t, damaged[:1+r.IntN(len(damaged))])
			}
		})
	}
}

// bitWriter writes deflate by hand, the first bit lowest.
type bitWriter struct {
	b []byte
	n uint
}

func (w *bitWriter) put(v uint64, n uint) *bitWriter {
	for ; n > 0; n-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v&1) << (w.n % 8)
		v >>= 1
		w.n++
	}
	return w
}

// code writes a Huffman code, whose first bit is the highest.
func (w *bitWriter) code(v uint64, n uint) *bitWriter {
	for ; n > 0; n-- {
		w.put(v>>(n-1), 1)
	}
	return w
}

func TestReaderAgreesAtTheEdgesOfTheFormat(t *testing.T) {
	fixed := func() *bitWriter { return new(bitWriter).put(1, 1).put(1, 2) }
	// A dynamic block whose code lengths are 0 and 1 only.
	dynamic := func(nlit, ndist uint64, lengths ...uint64) *bitWriter {
		w := new(bitWriter).put(1, 1).put(2, 2).put(nlit-257, 5).put(ndist-1, 5).put(14, 4)
		for _, i := range codeOrder[:18] {
			n := uint64(0)
			if i == 0 || i == 1 {
				n = 1
			}
			w.put(n, 3)
		}
		for _, n := range lengths {
			w.code(n, 1)
		}
		return w
	}
	only := func(n int, ones ...int) []uint64 {
		l := make([]uint64, n)
		for _, i := range ones {
			l[i] = 1
		}
		return l
	}
	for name, w := range map[string]*bitWriter{
		"length 258 by code 284":       fixed().code(0x30+'a', 8).code(0xc0+4, 8).put(31, 5).code(0, 5).code(0, 7),
		"length code 286":              fixed().code(0x30+'a', 8).code(0xc0+6, 8).code(0, 5).code(0, 7),
		"distance code 30":             fixed().code(0x30+'a', 8).code(1, 7).code(30, 5).code(0, 7),
		"distance before the start":    fixed().code(0x30+'a', 8).code(1, 7).code(1, 5).code(0, 7),
		"two codes":                    dynamic(257, 1, only(258, 'a', 256)...).code(0, 1).code(1, 1),
		"one code":                     dynamic(257, 1, only(258, 256)...).code(0, 1),
		"one code, the other bit":      dynamic(257, 1, only(258, 256)...).code(1, 1),
		"no code":                      dynamic(257, 1, only(258)...).put(0, 16),
		"three codes of one bit":       dynamic(257, 1, only(258, 'a', 'b', 256)...).put(0, 16),
		"a length without distances":   dynamic(258, 1, only(259, 256, 257)...).code(1, 1).put(0, 16),
		"one distance":                 dynamic(259, 1, append(only(259, 'a', 258), 1)...).code(0, 1).code(1, 1).code(0, 1).put(0, 16),
		"287 codes":                    dynamic(287, 1, only(288, 'a', 256)...).code(0, 1).code(1, 1),
		"31 distances":                 dynamic(257, 31, only(288, 'a', 256)...).code(0, 1).code(1, 1),
		"reserved kind of block":       new(bitWriter).put(7, 3),
		"stored, lengths that differ":  new(bitWriter).put(1, 8).put(0xfffe0002, 32).put('a', 8),
		"stored, without a byte":       new(bitWriter).put(1, 8).put(0xffff0000, 32),
		"stored, cut":                  new(bitWriter).put(1, 8).put(0xfffd0002, 32).put('a', 8),
		"lengths that repeat nothing":  new(bitWriter).put(5, 3).put(0, 10).put(14, 4).put(1, 3).put(1, 3).put(0, 60).put(0, 16),
		"code lengths without a code":  new(bitWriter).put(5, 3).put(0, 14).put(0, 12).put(0, 16),
		"code lengths beyond the last": new(bitWriter).put(5, 3).put(0, 10).put(0, 4).put(0, 6).put(1, 3).put(1, 3).put(^uint64(0), 60),
	} {
		t.Run(name, func(t *testing.T) { sameVerdict(t, w.b) })
	}
}

func TestReaderAllocatesNothing(t *testing.T) {
	data := streams(t, lines(seeded(62), 100_000))["library, 6"]
	r := bytes.NewReader(nil)
	src := bufio.NewReader(r)
	buf := make([]byte, 32<<10)
	var z Reader
	if n := testing.AllocsPerRun(20, func() {
		r.Reset(data)
		src.Reset(r)
		for z.Reset(src); ; {
			if _, err := z.Read(buf); err != nil {
				return
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations a stream, want none", n)
	}
}

func FuzzReader(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, data := range streams(f, lines(r, 300)) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 1<<12 {
			sameVerdict(t, data)
		}
	})
}

func BenchmarkInflate(b *testing.B) {
	raw := lines(seeded(63), 8<<20)
	data := streams(b, raw)["library, 6"]
	buf := make([]byte, 64<<10)
	for name, open := range map[string]func(io.Reader) io.Reader{
		"ours": func(r io.Reader) io.Reader {
			z := new(Reader)
			z.Reset(bufio.NewReaderSize(r, 32<<10))
			return z
		},
		"library":  func(r io.Reader) io.Reader { return flate.NewReader(r) },
		"standard": func(r io.Reader) io.Reader { return stdflate.NewReader(r) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				for z := open(bytes.NewReader(data)); ; {
					if _, err := z.Read(buf); err != nil {
						break
					}
				}
			}
		})
	}
}
