package compress

import (
	stdzip "archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noDate time.Time

// content is an entry with the bytes that go into the archive and those that
// come out.
type content struct {
	ZipEntry
	data, raw []byte
}

func stored(name string, raw []byte) content {
	n := int64(len(raw))
	return content{ZipEntry{name, Store, n, n, crc32.ChecksumIEEE(raw)}, raw, raw}
}

func deflated(name string, raw []byte) content {
	e := NewEncoder(Rapide)
	defer e.Release()
	data, b := e.AppendBlock(nil, raw)
	return content{BlockEntry(name, b), append(data, End...), raw}
}

func archive(t testing.TB, date time.Time, contents ...content) []byte {
	t.Helper()
	var out bytes.Buffer
	z := NewZipWriter(&out, date)
	for _, c := range contents {
		if err := z.Begin(c.ZipEntry); err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(c.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func randomContents(r *rand.Rand, n int) []content {
	var list []content
	for i := range n {
		name := fmt.Sprintf("PJ/00000000000000/%s%04d.pdf", strings.Repeat("é", r.IntN(3)), i)
		if r.IntN(2) == 0 {
			list = append(list, stored(name, noise(r, r.IntN(5000))))
		} else {
			list = append(list, deflated(name, bulletins(r, r.IntN(5000))))
		}
	}
	return list
}

func entriesOf(contents []content) []ZipEntry {
	var list []ZipEntry
	for _, c := range contents {
		list = append(list, c.ZipEntry)
	}
	return list
}

func TestZipHasTheSizeAnnouncedAndIsReadByTheStandardLibrary(t *testing.T) {
	r := seeded(30)
	for range 30 {
		contents := randomContents(r, r.IntN(12))
		got := archive(t, noDate, contents...)
		if want := ZipSize(entriesOf(contents)...); int64(len(got)) != want {
			t.Errorf("%d entries: %d bytes written, ZipSize says %d", len(contents), len(got), want)
		}
		sum := ZipSize()
		for _, c := range contents {
			sum += c.Cost()
		}
		if sum != int64(len(got)) {
			t.Errorf("%d entries: %d bytes written, the costs add up to %d", len(contents), len(got), sum)
		}
		z, err := stdzip.NewReader(bytes.NewReader(got), int64(len(got)))
		if err != nil {
			t.Fatal(err)
		}
		if len(z.File) != len(contents) {
			t.Fatalf("%d entries read, want %d", len(z.File), len(contents))
		}
		for i, f := range z.File {
			rc, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := io.ReadAll(rc)
			if err != nil || !bytes.Equal(raw, contents[i].raw) || f.Name != contents[i].Name {
				t.Errorf("entry %d: %q, %d bytes, %v, want %q, %d bytes", i, f.Name, len(raw), err, contents[i].Name, len(contents[i].raw))
			}
			if f.Mode() != 0o600 || f.NonUTF8 {
				t.Errorf("entry %d: mode %v, NonUTF8 %v", i, f.Mode(), f.NonUTF8)
			}
		}
	}
}

func saved(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestForeignProgramsAcceptTheZip(t *testing.T) {
	r := seeded(31)
	path := saved(t, archive(t, noDate, append(randomContents(r, 20), deflated("paye.xhl", bulletins(r, 2<<20)), stored("empty", nil))...))
	t.Run("unzip", func(t *testing.T) { judge(t, nil, "unzip", "-tq", path) })
	t.Run("zipinfo", func(t *testing.T) {
		if out := judge(t, nil, "zipinfo", "-v", path); bytes.Contains(out, []byte("warning")) {
			t.Errorf("zipinfo warns:\n%s", out)
		}
	})
	t.Run("python", func(t *testing.T) { judge(t, nil, "python3", "-m", "zipfile", "-t", path) })
}

func TestZipBearsTheDateGiven(t *testing.T) {
	paris := time.FixedZone("", 7200)
	for _, c := range []struct {
		name        string
		given, want time.Time
	}{
		{"given", time.Date(2026, 9, 30, 23, 59, 58, 0, paris), time.Date(2026, 9, 30, 23, 59, 58, 0, time.UTC)},
		{"none", noDate, time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"before the format", time.Date(1979, 12, 31, 0, 0, 0, 0, paris), time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		data := archive(t, c.given, stored("a", []byte("a")))
		z, err := stdzip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if got := z.File[0].Modified; !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestZipRefusesWhatWasNotAnnounced(t *testing.T) {
	a := stored("a", []byte("content"))
	for name, write := range map[string]func(z *ZipWriter){
		"too many bytes":       func(z *ZipWriter) { z.Begin(a.ZipEntry); io.WriteString(z, "contents") },
		"too few bytes":        func(z *ZipWriter) { z.Begin(a.ZipEntry); io.WriteString(z, "conten"); z.Begin(a.ZipEntry) },
		"another content":      func(z *ZipWriter) { z.Begin(a.ZipEntry); io.WriteString(z, "CONTENT") },
		"bytes before entries": func(z *ZipWriter) { io.WriteString(z, "c") },
		"no name":              func(z *ZipWriter) { z.Begin(ZipEntry{}) },
		"long name":            func(z *ZipWriter) { z.Begin(ZipEntry{Name: strings.Repeat("a", 65536)}) },
		"negative size":        func(z *ZipWriter) { z.Begin(ZipEntry{Name: "a", Method: Deflate, Size: -1}) },
		"store that shrinks":   func(z *ZipWriter) { z.Begin(ZipEntry{Name: "a", Raw: 2, Size: 1}) },
		"unknown method":       func(z *ZipWriter) { z.Begin(ZipEntry{Name: "a", Method: 12}) },
	} {
		z := NewZipWriter(io.Discard, noDate)
		write(z)
		if err := z.Close(); err == nil {
			t.Errorf("%s: Close found nothing wrong", name)
		} else if name == "another content" && !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v, want ErrChanged", name, err)
		}
	}
}

// holes turns writes of the slice zeros into holes of a file, so that an
// archive of several gigabytes takes neither room nor time.
type holes struct {
	f      *os.File
	offset int64
}

func (h *holes) Write(p []byte) (int, error) {
	if &p[0] != &zeros[0] {
		if _, err := h.f.WriteAt(p, h.offset); err != nil {
			return 0, err
		}
	}
	h.offset += int64(len(p))
	return len(p), nil
}

var zeros = make([]byte, 1<<20)

func TestZip64WhenSizesAndOffsetsDoNotFit(t *testing.T) {
	// Called deflated, so that nobody has to compute the CRC of the hole.
	const big = 1<<32 + 5<<20
	entries := []ZipEntry{
		{"small", Store, 1, 1, crc32.ChecksumIEEE([]byte("s"))},
		{"big", Deflate, big + 1, big, 0},
		{"beyond", Store, 1, 1, crc32.ChecksumIEEE([]byte("b"))},
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "big.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := &holes{f: f}
	z := NewZipWriter(h, noDate)
	z.Begin(entries[0])
	io.WriteString(z, "s")
	z.Begin(entries[1])
	for range big >> 20 {
		z.Write(zeros)
	}
	z.Begin(entries[2])
	io.WriteString(z, "b")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if want := ZipSize(entries...); h.offset != want {
		t.Errorf("%d bytes written, ZipSize says %d", h.offset, want)
	}
	std, err := stdzip.OpenReader(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer std.Close()
	if got := std.File[1].UncompressedSize64; got != big+1 {
		t.Errorf("length read: %d, want %d", got, int64(big+1))
	}
	rc, err := std.File[2].Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(rc); string(got) != "b" || err != nil {
		t.Errorf("entry beyond 4 GiB: %q, %v", got, err)
	}
	if list, err := readDirectory(f, h.offset, Limits{}.withDefaults()); err != nil || len(list) != 3 || list[1].raw != big+1 || list[1].size != big || list[2].offset < big {
		t.Errorf("our directory reader: %v, %v", list, err)
	}
	if out := judge(t, nil, "zipinfo", f.Name()); !bytes.Contains(out, []byte("3 files")) {
		t.Errorf("zipinfo:\n%s", out)
	}
}

func TestZip64WhenEntriesDoNotFit(t *testing.T) {
	for _, n := range []int{65534, 65535} {
		var contents []content
		for i := range n {
			contents = append(contents, stored(fmt.Sprintf("%05d", i), nil))
		}
		data := archive(t, noDate, contents...)
		if want := ZipSize(entriesOf(contents)...); int64(len(data)) != want {
			t.Errorf("%d entries: %d bytes, ZipSize says %d", n, len(data), want)
		}
		std, err := stdzip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil || len(std.File) != n {
			t.Errorf("%d entries: the standard library read %v", n, err)
		}
		if got, err := streamed(bytes.NewReader(data), Limits{}); err != nil || len(got) != n {
			t.Errorf("%d entries: our stream reader read %d, %v", n, len(got), err)
		}
		judge(t, nil, "zipinfo", "-t", saved(t, data))
	}
}
