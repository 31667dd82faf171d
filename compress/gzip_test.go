package compress

import (
	"bytes"
	stdgzip "compress/gzip"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"testing"
	"testing/iotest"
)

// judge runs a program of the machine on data and fails the test when it
// refuses; absent, the test skips.
func judge(t *testing.T, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s %q: %v\n%s", name, args, err, out)
	}
	return out
}

func gunzippedByStd(t *testing.T, member []byte) []byte {
	t.Helper()
	z, err := stdgzip.NewReader(bytes.NewReader(member))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// member assembles the pieces, a block each, into a gzip member.
func member(t testing.TB, n Niveau, pieces ...[]byte) ([]byte, []Block) {
	t.Helper()
	e := NewEncoder(n)
	defer e.Release()
	var out bytes.Buffer
	var blocks []Block
	g := NewGzipWriter(&out)
	for i, raw := range pieces {
		data, b := e.AppendBlock(nil, raw)
		blocks = append(blocks, b)
		var err error
		if i%2 == 0 {
			err = g.WriteBlock(b, data)
		} else {
			err = g.CopyBlock(b, io.MultiReader(bytes.NewReader(data), bytes.NewReader([]byte("next"))))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), blocks
}

func TestGzipOfBlocksHasTheSizeAnnounced(t *testing.T) {
	r := seeded(10)
	for range 40 {
		var pieces [][]byte
		for range r.IntN(5) {
			if r.IntN(2) == 0 {
				pieces = append(pieces, noise(r, r.IntN(100_000)))
			} else {
				pieces = append(pieces, bulletins(r, r.IntN(300_000)))
			}
		}
		got, blocks := member(t, Rapide, pieces...)
		if want := GzipSize(blocks...); int64(len(got)) != want || GzipSize(joinAll(blocks...)) != want {
			t.Errorf("%d pieces: %d bytes written, GzipSize says %d", len(pieces), len(got), want)
		}
		if raw := gunzippedByStd(t, got); !bytes.Equal(raw, bytes.Join(pieces, nil)) {
			t.Errorf("%d pieces: content differs", len(pieces))
		}
	}
}

func TestGzipProgramAcceptsBlocksAndStored(t *testing.T) {
	want := bulletins(seeded(11), 3<<20)
	blocks, _ := member(t, Normal, want[:BlockRaw], want[BlockRaw:])
	for name, data := range map[string][]byte{"blocks": blocks, "stored": storedMember(t, want)} {
		if got := judge(t, data, "gzip", "-dc"); !bytes.Equal(got, want) {
			t.Errorf("%s: gzip -dc gave %d bytes, want %d", name, len(got), len(want))
		}
	}
}

func TestGzipRefusesABlockThatIsNotItsSize(t *testing.T) {
	g := NewGzipWriter(io.Discard)
	if err := g.WriteBlock(Block{Raw: 10, Size: 5}, []byte("1234")); err == nil {
		t.Error("4 bytes were taken for a block of 5")
	}
	if g.Close() == nil {
		t.Error("Close forgot the error")
	}
	g = NewGzipWriter(io.Discard)
	if err := g.CopyBlock(Block{Raw: 10, Size: 5}, bytes.NewReader([]byte("1234"))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want io.ErrUnexpectedEOF", err)
	}
}

// storedMember writes raw in uneven pieces through a StoredGzip.
func storedMember(t *testing.T, raw []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	s := NewStoredGzip(&out)
	if _, err := io.CopyBuffer(struct{ io.Writer }{s}, struct{ io.Reader }{bytes.NewReader(raw)}, make([]byte, 10_007)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestStoredGzipHasTheSizeAnnounced(t *testing.T) {
	r := seeded(12)
	sizes := []int{0, 1, 65534, 65535, 65536, 131069, 131070, 131071, 1_000_000}
	for range 20 {
		sizes = append(sizes, r.IntN(400_000))
	}
	for _, n := range sizes {
		raw := noise(r, n)
		got := storedMember(t, raw)
		if want := StoredGzipSize(int64(n)); int64(len(got)) != want {
			t.Errorf("%d bytes: %d written, StoredGzipSize says %d", n, len(got), want)
		}
		if !bytes.Equal(gunzippedByStd(t, got), raw) {
			t.Errorf("%d bytes: content differs", n)
		}
	}
}

func TestStoredGzipSizeIsThatOfTheFormula(t *testing.T) {
	for n, want := range map[int64]int64{0: 23, 1: 1 + 18 + 10, 65535: 65535 + 18 + 10, 65536: 65536 + 18 + 15} {
		if got := StoredGzipSize(n); got != want {
			t.Errorf("StoredGzipSize(%d) = %d, want %d", n, got, want)
		}
	}
}

// TestWriteErrorsAreKept fails each write in turn: the error must come back
// from Close at the latest, whichever call met it.
func TestWriteErrorsAreKept(t *testing.T) {
	raw := noise(seeded(13), 200_000)
	block, b := NewEncoder(Rapide).AppendBlock(nil, raw)
	writers := map[string]func(w io.Writer) error{
		"gzip": func(w io.Writer) error {
			g := NewGzipWriter(w)
			g.WriteBlock(b, block)
			g.CopyBlock(b, bytes.NewReader(block))
			return g.Close()
		},
		"stored": func(w io.Writer) error {
			s := NewStoredGzip(w)
			s.Write(raw)
			return s.Close()
		},
		"base64": func(w io.Writer) error {
			e := NewBase64Writer(w)
			e.Write(raw[:100_000])
			e.Write(raw[100_000:])
			return e.Close()
		},
		"zip": func(w io.Writer) error {
			z := NewZipWriter(w, noDate)
			z.Begin(BlockEntry("a.xhl", b))
			z.Write(block)
			io.WriteString(z, End)
			z.Begin(ZipEntry{Name: "b", Method: Store})
			return z.Close()
		},
	}
	for name, write := range writers {
		calls := &failing{at: -1}
		if err := write(calls); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for at := range calls.n {
			if err := write(&failing{at: at}); !errors.Is(err, iotest.ErrTimeout) {
				t.Errorf("%s: write %d of %d failed, Close said %v", name, at, calls.n, err)
			}
		}
	}
}

// failing fails its write number at.
type failing struct{ n, at int }

func (f *failing) Write(p []byte) (int, error) {
	f.n++
	if f.n-1 == f.at {
		return len(p) / 2, fmt.Errorf("write: %w", iotest.ErrTimeout)
	}
	return len(p), nil
}

func BenchmarkStoredGzip(b *testing.B) {
	raw := noise(seeded(14), 1<<20)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		s := NewStoredGzip(io.Discard)
		s.Write(raw)
		s.Close()
	}
}
