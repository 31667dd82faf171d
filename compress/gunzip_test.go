package compress

import (
	"bytes"
	stdflate "compress/flate"
	stdgzip "compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/flate"
)

// gunzipped reads member to its end.
func gunzipped(r io.Reader, limits Limits) ([]byte, error) {
	g, err := NewGunzip(r, limits)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(g)
}

func TestGunzipReadsOursTheStandardAndThatOfTheProgram(t *testing.T) {
	r := seeded(50)
	want := bulletins(r, 400_000)
	blocks, _ := member(t, Normal, want[:100_000], want[100_000:])
	var std bytes.Buffer
	z := stdgzip.NewWriter(&std)
	z.Comment, z.Extra = "a comment", []byte("xx")
	z.Name = "payé.xhl"
	z.Write(want)
	z.Close()
	cases := map[string][]byte{"blocks": blocks, "stored": storedMember(t, want), "standard": std.Bytes()}
	t.Run("gzip", func(t *testing.T) {
		got, err := gunzipped(bytes.NewReader(judge(t, want, "gzip", "-9c")), Limits{})
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
	for name, data := range cases {
		for how, r := range map[string]io.Reader{
			"whole": bytes.NewReader(data), "byte by byte": iotest.OneByteReader(bytes.NewReader(data)),
			"end with data": iotest.DataErrReader(bytes.NewReader(data)),
		} {
			got, err := gunzipped(r, Limits{})
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s, %s: %d bytes, %v, want %d bytes", name, how, len(got), err, len(want))
			}
		}
	}
	g, err := NewGunzip(&std, Limits{})
	if err != nil || g.Name() != "payé.xhl" {
		t.Errorf("name %q, %v, want payé.xhl", g.Name(), err)
	}
}

func TestGunzipRefusesTruncationAtEveryByte(t *testing.T) {
	data, _ := member(t, Normal, bulletins(seeded(51), 3000), noise(seeded(52), 50))
	for n := range data {
		if _, err := gunzipped(bytes.NewReader(data[:n]), Limits{}); codeOf(err) != GzipTronque {
			t.Fatalf("cut at %d of %d: %v, want %s", n, len(data), err, GzipTronque)
		}
	}
}

func TestGunzipSaysWhatIsWrong(t *testing.T) {
	good, _ := member(t, Normal, []byte("content of a journal"))
	changed := func(at int, b byte) []byte {
		data := bytes.Clone(good)
		if at < 0 {
			at += len(data)
		}
		data[at] = b
		return data
	}
	for _, c := range []struct {
		name   string
		data   []byte
		code   string
		offset int64
	}{
		{"not gzip", []byte("<?xml version=\"1.0\"?>"), GzipInconnu, 0},
		{"another method", changed(2, 7), GzipInconnu, 0},
		{"reserved flag", changed(3, 0x20), GzipInconnu, 0},
		{"reserved block type", changed(10, 0x07), GzipCorrompu, 11},
		{"wrong CRC", changed(-8, good[len(good)-8]^1), GzipCRC, int64(len(good) - 8)},
		{"wrong length", changed(-4, good[len(good)-4]^1), GzipLongueur, int64(len(good) - 4)},
		{"a byte more", append(bytes.Clone(good), 0), GzipSuite, int64(len(good))},
		{"a second member", append(bytes.Clone(good), good...), GzipSuite, int64(len(good))},
	} {
		_, err := gunzipped(bytes.NewReader(c.data), Limits{})
		if codeOf(err) != c.code || offsetOf(err) != c.offset {
			t.Errorf("%s: %v, want %s at %d", c.name, err, c.code, c.offset)
		}
	}
}

func TestGunzipRefusesANameWithoutEnd(t *testing.T) {
	head := append([]byte(gzipHeader), bytes.Repeat([]byte("a"), nameMax+1)...)
	head[3] = gzipName
	if _, err := gunzipped(bytes.NewReader(head), Limits{}); codeOf(err) != GzipInconnu {
		t.Errorf("%v, want %s", err, GzipInconnu)
	}
}

func TestGunzipChecksTheCRCOfTheHeader(t *testing.T) {
	good, _ := member(t, Normal, []byte("content"))
	head := append([]byte{}, good[:10]...)
	head[3] = gzipHeaderCRC
	for delta, want := range map[uint16]string{0: "", 1: GzipCRC} {
		data := binary.LittleEndian.AppendUint16(bytes.Clone(head), uint16(crc32.ChecksumIEEE(head))+delta)
		if _, err := gunzipped(bytes.NewReader(append(data, good[10:]...)), Limits{}); codeOf(err) != want {
			t.Errorf("header CRC off by %d: %v, want %q", delta, err, want)
		}
	}
}

func TestGunzipStopsAtTheLimits(t *testing.T) {
	content := bulletins(seeded(53), 200_000)
	data, _ := member(t, Normal, content)
	n := int64(len(content))
	if _, err := gunzipped(bytes.NewReader(data), Limits{Bytes: n}); err != nil {
		t.Errorf("a content of exactly the limit: %v", err)
	}
	got, err := gunzipped(bytes.NewReader(data), Limits{Bytes: n - 1})
	if codeOf(err) != TailleLimite || int64(len(got)) >= n {
		t.Errorf("a byte above the limit: %d bytes, %v, want %s", len(got), err, TailleLimite)
	}

	e := NewEncoder(Normal)
	defer e.Release()
	bomb, b := e.AppendBlock(nil, make([]byte, 16<<20))
	var file bytes.Buffer
	g := NewGzipWriter(&file)
	for range 5 {
		g.WriteBlock(b, bomb)
	}
	g.Close()
	if _, err := gunzipped(bytes.NewReader(file.Bytes()), Limits{}); codeOf(err) != RatioLimite {
		t.Errorf("80 MiB of zeros in %d bytes: %v, want %s", file.Len(), err, RatioLimite)
	}
	if _, err := gunzipped(bytes.NewReader(file.Bytes()), Limits{Ratio: 2000}); err != nil {
		t.Errorf("the same with a ratio of 2000: %v", err)
	}
}

func TestVerdictDoesNotDependOnWhatWasReadBefore(t *testing.T) {
	// A block whose tree of distances has no codes, and that uses one.
	corrupt := []byte("\x1f\x8b\b\x00000000$A\x00\x00\x00\x04\x00AAA\x94\x94\x94\x94\x94\x94\x94\x94\x94\x94\x94\x94\x94\x940\x94\x94\x94\x94\x94\x94\x94\x94\x94\x94\x94\x00\x94\x948\x94A")
	first, errFirst := gunzipped(bytes.NewReader(corrupt), Limits{})
	good, _ := member(t, Normal, bulletins(seeded(56), 100_000))
	for range 3 {
		if _, err := gunzipped(bytes.NewReader(good), Limits{}); err != nil {
			t.Fatal(err)
		}
		got, err := gunzipped(bytes.NewReader(corrupt), Limits{})
		if codeOf(errFirst) != GzipCorrompu || fmt.Sprint(err) != fmt.Sprint(errFirst) || !bytes.Equal(got, first) {
			t.Errorf("after a journal: %d bytes, %v; before it: %d bytes, %v", len(got), err, len(first), errFirst)
		}
	}
}

func TestGunzipPassesErrorsOfTheReaderBelow(t *testing.T) {
	data, _ := member(t, Normal, bulletins(seeded(54), 100_000))
	for _, cut := range []int{5, 1000, len(data) - 4, len(data)} {
		r := io.MultiReader(bytes.NewReader(data[:cut]), iotest.ErrReader(iotest.ErrTimeout))
		if _, err := gunzipped(r, Limits{}); !errors.Is(err, iotest.ErrTimeout) {
			t.Errorf("error at %d of %d: %v, want that of the reader", cut, len(data), err)
		}
	}
}

func FuzzGunzip(f *testing.F) {
	for _, raw := range []string{"", "content", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"} {
		data, _ := member(f, Normal, []byte(raw))
		f.Add(data)
		f.Add(data[:len(data)-3])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := gunzipped(bytes.NewReader(data), Limits{Bytes: 1 << 20})
		if err != nil {
			if at := offsetOf(err); at < 0 || at > int64(len(data)) {
				t.Fatalf("%v: offset %d of %d", err, at, len(data))
			}
			return
		}
		// What we accept, the standard library reads the same; it is laxer.
		z, err := stdgzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("accepted what the standard library refuses: %v", err)
		}
		want, err := io.ReadAll(z)
		if corrupt := stdflate.CorruptInputError(0); errors.As(err, &corrupt) {
			return // see inflate.ErrCorrupt
		}
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, the standard library %d, %v", len(got), len(want), err)
		}
	})
}

func BenchmarkGunzip(b *testing.B) {
	raw := bulletins(seeded(55), 8<<20)
	data, _ := member(b, Normal, raw)
	read := map[string]func() (io.Reader, error){
		"ours":     func() (io.Reader, error) { return NewGunzip(bytes.NewReader(data), Limits{}) },
		"standard": func() (io.Reader, error) { return stdgzip.NewReader(bytes.NewReader(data)) },
		"inflate":  func() (io.Reader, error) { return flate.NewReader(bytes.NewReader(data[10:])), nil },
	}
	for name, open := range read {
		b.Run("impl="+name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				r, err := open()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
