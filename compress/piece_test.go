package compress

import (
	stdzip "archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// pdf looks like one: text around streams that do not compress.
func pdf(r *rand.Rand, n int) []byte {
	return bytes.Join([][]byte{bulletins(r, n/10), noise(r, n*8/10), bulletins(r, n/10)}, nil)
}

func TestPieceTravelsInTheSmallerForm(t *testing.T) {
	r := seeded(60)
	for _, c := range []struct {
		name string
		raw  []byte
		want Method
	}{
		{"empty", nil, Store},
		{"one byte", []byte("x"), Store},
		{"a scan", noise(r, 267_000), Store},
		{"a large scan", noise(r, 3<<20), Store},
		{"text", bulletins(r, 60_000), Deflate},
		{"a book", bulletins(r, 3<<20), Deflate},
		{"a scan with text", pdf(r, 300_000), Deflate},
		{"a scan, then text", append(noise(r, 2<<20), bulletins(r, 2<<20)...), Deflate},
	} {
		e := NewEncoder(Normal)
		p, err := e.Measure(bytes.NewReader(c.raw))
		if err != nil {
			t.Fatal(err)
		}
		if p.Method != c.want || p.Raw != int64(len(c.raw)) || p.CRC != crc32.ChecksumIEEE(c.raw) || p.Size > p.Raw {
			t.Errorf("%s, %d bytes: %+v, want %v", c.name, len(c.raw), p, c.want)
		}
		e.Release()
	}
}

func TestCopiesOfAPieceHaveTheSizeMeasured(t *testing.T) {
	r := seeded(61)
	e := NewEncoder(Rapide)
	defer e.Release()
	for i := range 40 {
		raw := [...]func() []byte{
			func() []byte { return noise(r, r.IntN(200_000)) },
			func() []byte { return bulletins(r, r.IntN(200_000)) },
			func() []byte { return pdf(r, r.IntN(3<<20)) },
		}[i%3]()
		p, err := e.Measure(iotest.HalfReader(bytes.NewReader(raw)))
		if err != nil {
			t.Fatal(err)
		}
		var gz, archive bytes.Buffer
		if err := e.CopyGzip(&gz, p, iotest.HalfReader(bytes.NewReader(raw))); err != nil {
			t.Fatal(err)
		}
		if int64(gz.Len()) != p.GzipSize() || !bytes.Equal(gunzippedByStd(t, gz.Bytes()), raw) {
			t.Errorf("%d bytes as %v: gzip of %d bytes, GzipSize says %d", len(raw), p.Method, gz.Len(), p.GzipSize())
		}
		z := NewZipWriter(&archive, noDate)
		if err := e.CopyEntry(z, "a.pdf", p, bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if want := ZipSize(p.Entry("a.pdf")); int64(archive.Len()) != want {
			t.Errorf("%d bytes as %v: zip of %d bytes, ZipSize says %d", len(raw), p.Method, archive.Len(), want)
		}
		std, err := stdzip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
		if err != nil {
			t.Fatal(err)
		}
		rc, _ := std.File[0].Open()
		if got, err := io.ReadAll(rc); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%d bytes as %v: %d read from the zip, %v", len(raw), p.Method, len(got), err)
		}
	}
}

func TestPieceThatChangedIsFoundOut(t *testing.T) {
	r := seeded(62)
	for _, raw := range [][]byte{noise(r, 100_000), bulletins(r, 100_000)} {
		other := bytes.Clone(raw)
		other[50_000] ^= 1
		e := NewEncoder(Normal)
		p, err := e.Measure(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for name, now := range map[string][]byte{"other": other, "longer": append(bytes.Clone(raw), 'x'), "shorter": raw[:99_999], "empty": nil} {
			if err := e.CopyGzip(io.Discard, p, bytes.NewReader(now)); !errors.Is(err, ErrChanged) {
				t.Errorf("%v, %s, gzip: %v, want ErrChanged", p.Method, name, err)
			}
			z := NewZipWriter(io.Discard, noDate)
			if err := e.CopyEntry(z, "a", p, bytes.NewReader(now)); !errors.Is(err, ErrChanged) {
				t.Errorf("%v, %s, zip: %v, want ErrChanged", p.Method, name, err)
			}
		}
		e.Release()
	}
}

func TestPieceThatCannotBeReadIsAnErrorOfTheMachine(t *testing.T) {
	e := NewEncoder(Normal)
	defer e.Release()
	broken := func() io.Reader {
		return io.MultiReader(bytes.NewReader(make([]byte, 10)), iotest.ErrReader(iotest.ErrTimeout))
	}
	if _, err := e.Measure(broken()); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("Measure: %v", err)
	}
	for _, m := range []Method{Store, Deflate} {
		p := Piece{Raw: 1000, Size: 1000, Method: m}
		if err := e.CopyGzip(io.Discard, p, broken()); !errors.Is(err, iotest.ErrTimeout) {
			t.Errorf("CopyGzip, %v: %v", m, err)
		}
		if err := e.CopyEntry(NewZipWriter(io.Discard, noDate), "a", p, broken()); !errors.Is(err, iotest.ErrTimeout) {
			t.Errorf("CopyEntry, %v: %v", m, err)
		}
	}
}

func BenchmarkMeasure(b *testing.B) {
	r := seeded(63)
	for name, raw := range map[string][]byte{"scan": noise(r, 267_000), "text": bulletins(r, 60_000)} {
		b.Run(name, func(b *testing.B) {
			e := NewEncoder(Normal)
			defer e.Release()
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Measure(bytes.NewReader(raw)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestAPromiseThatIsNotKeptIsGivenUp(t *testing.T) {
	// Three samples with a little to gain, in a MiB that has no more than that.
	rng := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, BlockRaw)
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	for _, at := range []int{0, len(data) / 2, len(data) - 1000} {
		clear(data[at : at+1000])
	}
	e := NewEncoder(Rapide)
	defer e.Release()
	p, err := e.Measure(bytes.NewReader(data))
	if err != nil || p.Method != Store || p.Size != int64(len(data)) {
		t.Errorf("got %+v, %v, want it stored", p, err)
	}
}
