package compress

import (
	stdzip "archive/zip"
	"bytes"
	stdflate "compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

type readEntry struct {
	StreamEntry
	content []byte
}

// streamed reads an archive to its end.
func streamed(r io.Reader, limits Limits) ([]readEntry, error) {
	var list []readEntry
	z := NewZipStream(r, limits)
	for {
		e, err := z.Next()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		content, err := io.ReadAll(z)
		if err != nil {
			return list, err
		}
		list = append(list, readEntry{e, content})
	}
}

func wantEntries(t *testing.T, got []readEntry, err error, want ...content) {
	t.Helper()
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d entries, %v, want %d", len(got), err, len(want))
	}
	for i, e := range got {
		if e.Name != want[i].Name || !bytes.Equal(e.content, want[i].raw) {
			t.Errorf("entry %d: %q, %d bytes, want %q, %d bytes", i, e.Name, len(e.content), want[i].Name, len(want[i].raw))
		}
	}
}

func TestZipStreamReadsWhatZipWriterWrites(t *testing.T) {
	r := seeded(70)
	for i := range 20 {
		contents := randomContents(r, r.IntN(10))
		data := archive(t, noDate, contents...)
		var src io.Reader = bytes.NewReader(data)
		if i%2 == 0 {
			src = iotest.OneByteReader(src)
		}
		got, err := streamed(src, Limits{})
		wantEntries(t, got, err, contents...)
	}
}

func TestZipStreamSkipsEntriesThatAreNotRead(t *testing.T) {
	contents := randomContents(seeded(71), 10)
	z := NewZipStream(bytes.NewReader(archive(t, noDate, contents...)), Limits{})
	for i := 0; ; i++ {
		e, err := z.Next()
		if err == io.EOF {
			if i != len(contents) {
				t.Errorf("%d entries, want %d", i, len(contents))
			}
			break
		}
		if err != nil || e.Name != contents[i].Name {
			t.Fatalf("entry %d: %q, %v, want %q", i, e.Name, err, contents[i].Name)
		}
		if i%2 == 0 {
			z.Read(make([]byte, 10))
		}
	}
}

// described is what writers that cannot seek make: data descriptors.
func described(t testing.TB, contents ...content) []byte {
	t.Helper()
	var out bytes.Buffer
	z := stdzip.NewWriter(&out)
	for _, c := range contents {
		w, err := z.CreateHeader(&stdzip.FileHeader{Name: c.Name, Method: uint16(Deflate)})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(c.raw)
	}
	z.SetComment("with a comment")
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestZipStreamReadsDataDescriptors(t *testing.T) {
	r := seeded(72)
	contents := []content{
		stored("empty.txt", nil), stored("paye.xhl", bulletins(r, 200_000)), stored("PJ/a.pdf", noise(r, 100_000)), stored("z", []byte("z")),
	}
	data := described(t, contents...)
	got, err := streamed(bytes.NewReader(data), Limits{})
	wantEntries(t, got, err, contents...)
	if got[1].Raw != -1 {
		t.Errorf("length known before the descriptor: %d", got[1].Raw)
	}
	got, err = streamed(iotest.OneByteReader(bytes.NewReader(data)), Limits{})
	wantEntries(t, got, err, contents...)
}

func TestZipStreamReadsWhatWasToBeSplit(t *testing.T) {
	c := deflated("paye.xhl", bulletins(seeded(74), 20_000))
	got, err := streamed(bytes.NewReader(toSplit(archive(t, noDate, c))), Limits{})
	wantEntries(t, got, err, c)
}

func TestZipStreamReadsWhatOtherProgramsWrite(t *testing.T) {
	dir := t.TempDir()
	r := seeded(73)
	want := map[string][]byte{"paye.xhl": bulletins(r, 100_000), "PJ/99999999900017/a.pdf": noise(r, 30_000), "PJ/vide": nil}
	for name, raw := range want {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	python := `
import sys, zipfile, os
out = open(1, "wb", closefd=False)
class pipe:
    def write(self, b): out.write(b); return len(b)
    def flush(self): out.flush()
with zipfile.ZipFile(pipe(), "w", zipfile.ZIP_DEFLATED) as z:
    for name in ["paye.xhl", "PJ/99999999900017/a.pdf", "PJ/vide"]:
        z.write(name)
`
	python64 := strings.Replace(python, "z.write(name)", `with z.open(name, "w", force_zip64=True) as f: f.write(open(name, "rb").read())`, 1)
	for name, args := range map[string][]string{
		"zip to a file":                       {"sh", "-c", "zip -qr x.zip paye.xhl PJ && cat x.zip && rm x.zip"},
		"zip to a pipe":                       {"sh", "-c", "zip -qr - paye.xhl PJ | cat"},
		"zip64 forced":                        {"sh", "-c", "zip -qr -fz x.zip paye.xhl PJ && cat x.zip && rm x.zip"},
		"python to pipe":                      {"python3", "-c", python},
		"python, lengths of 64 bits, to pipe": {"python3", "-c", python64},
		"python to file":                      {"sh", "-c", "python3 -m zipfile -c x.zip paye.xhl PJ && cat x.zip && rm x.zip"},
		// To a pipe it adds NUL bytes, which are refused as any byte is.
		"bsdtar to file": {"sh", "-c", "bsdtar --format=zip -cf x.zip paye.xhl PJ && cat x.zip && rm x.zip"},
		"7z to a file":   {"sh", "-c", "7z a x.zip paye.xhl PJ >/dev/null && cat x.zip && rm x.zip"},
		"jar to a file":  {"sh", "-c", "jar cMf x.zip paye.xhl PJ && cat x.zip && rm x.zip"},
	} {
		t.Run(name, func(t *testing.T) {
			if program := strings.Fields(args[len(args)-1])[0]; args[0] == "sh" {
				if _, err := exec.LookPath(program); err != nil {
					t.Skipf("%s is not installed", program)
				}
			} else if _, err := exec.LookPath(args[0]); err != nil {
				t.Skipf("%s is not installed", args[0])
			}
			cmd := exec.Command(args[0], args[1:]...)
			cmd.Dir = dir
			data, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			got, err := streamed(bytes.NewReader(data), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			files := 0
			for _, e := range got {
				if e.Folder {
					continue
				}
				files++
				if raw, ok := want[e.Name]; !ok || !bytes.Equal(raw, e.content) {
					t.Errorf("entry %q: %d bytes, want %d", e.Name, len(e.content), len(raw))
				}
			}
			if files != len(want) {
				t.Errorf("%d files, want %d", files, len(want))
			}
		})
	}
}

func TestZipStreamRefusesTruncationAtEveryByte(t *testing.T) {
	r := seeded(74)
	for name, data := range map[string][]byte{
		"sizes":       archive(t, noDate, stored("a", noise(r, 100)), deflated("b", bulletins(r, 2000))),
		"descriptors": described(t, stored("a", noise(r, 100)), stored("b", bulletins(r, 2000))),
	} {
		for n := range data {
			if _, err := streamed(bytes.NewReader(data[:n]), Limits{}); codeOf(err) != ZipTronque {
				t.Fatalf("%s cut at %d of %d: %v, want %s", name, n, len(data), err, ZipTronque)
			}
		}
	}
}

func TestZipStreamRefusesDangerousNames(t *testing.T) {
	for _, name := range []string{
		"/etc/passwd", "../a", "a/../b", "a/..", "..", ".", "./a", "a//b", "a/./b", `a\b`, `\\server\a`, "C:a", "c:/a",
		"a\x00.pdf", "a\nb", "\x7f", "//", "/", strings.Repeat("a", 4097), "é\xff/../a",
	} {
		data := archive(t, noDate, stored(name, nil))
		if _, err := streamed(bytes.NewReader(data), Limits{}); codeOf(err) != ZipNom {
			t.Errorf("%q: %v, want %s", name, err, ZipNom)
		}
	}
	for _, name := range []string{"a", "a/b/c.pdf", "été.pdf", "a..b", "..a", ".a", "a/", "heure 12:00.pdf"} {
		data := archive(t, noDate, stored(name, nil))
		if _, err := streamed(bytes.NewReader(data), Limits{}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestNamesWithoutTheFlagAreReadAsFrenchWindowsWritesThem(t *testing.T) {
	// "ÉTAT é" in code page 850.
	data := archive(t, noDate, stored("\x90TAT \x82.pdf", nil))
	clearFlag(data, flagUTF8)
	got, err := streamed(bytes.NewReader(data), Limits{})
	if err != nil || got[0].Name != "ÉTAT é.pdf" {
		t.Errorf("got %+v, %v, want ÉTAT é.pdf", got, err)
	}
}

func TestZipStreamRefusesNamesThatMeanTheSame(t *testing.T) {
	for name, pair := range map[string][2]string{
		"same bytes":         {"a", "a"},
		"file and folder":    {"a", "a/"},
		"two character sets": {"\u00e9", "\x82"},
	} {
		data := archive(t, noDate, stored(pair[0], nil), stored(pair[1], nil))
		clearFlag(data, flagUTF8)
		if _, err := streamed(bytes.NewReader(data), Limits{}); codeOf(err) != ZipDoublon {
			t.Errorf("%s: %v, want %s", name, err, ZipDoublon)
		}
	}
}

// clearFlag clears a flag in every header of the archive.
func clearFlag(data []byte, flag uint16) {
	for sig, at := range map[uint32]int{sigLocal: 6, sigCentral: 8} {
		mark := binary.LittleEndian.AppendUint32(nil, sig)
		for i := bytes.Index(data, mark); i >= 0; {
			f := data[i+at:]
			binary.LittleEndian.PutUint16(f, binary.LittleEndian.Uint16(f)&^flag)
			next := bytes.Index(data[i+4:], mark)
			if next < 0 {
				break
			}
			i += 4 + next
		}
	}
}

// twoEntries is an archive of "a" (stored, "content a") and "b" (deflated),
// with the offsets of what the hostile table changes.
func twoEntries(t testing.TB) (data []byte, b, central, end int) {
	data = archive(t, noDate, stored("a", []byte("content a")), deflated("b", []byte("content of b, content of b")))
	b = bytes.LastIndex(data, []byte("PK\x03\x04"))
	central = bytes.Index(data, []byte("PK\x01\x02"))
	end = bytes.Index(data, []byte("PK\x05\x06"))
	return data, b, central, end
}

func TestZipStreamRefusesWhatDoesNotAgree(t *testing.T) {
	good, b, central, end := twoEntries(t)
	central2 := bytes.LastIndex(good, []byte("PK\x01\x02"))
	if _, err := streamed(bytes.NewReader(good), Limits{}); err != nil {
		t.Fatal(err)
	}
	// both sets a byte at the same field of the local and central header of b.
	both := func(local, centralAt int, v byte) func([]byte) []byte {
		return func(d []byte) []byte { d[b+local], d[central2+centralAt] = v, v; return d }
	}
	set := func(at int, v byte) func([]byte) []byte {
		return func(d []byte) []byte { d[at] = v; return d }
	}
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
		code   string
	}{
		{"not a zip", func([]byte) []byte { return []byte("<?xml version=\"1.0\"?>") }, ZipInconnu},
		{"junk before", func(d []byte) []byte { return append([]byte("junk"), d...) }, ZipInconnu},
		{"junk between entries", func(d []byte) []byte { return bytes.Join([][]byte{d[:b], []byte("junk"), d[b:]}, nil) }, ZipInconnu},
		{"junk before the directory", func(d []byte) []byte { return bytes.Join([][]byte{d[:central], []byte("junk"), d[central:]}, nil) }, ZipInconnu},
		{"junk after the directory", func(d []byte) []byte { return bytes.Join([][]byte{d[:end], []byte("junk"), d[end:]}, nil) }, ZipInconnu},
		{"junk after", func(d []byte) []byte { return append(d, 1) }, ZipSuite},
		{"junk after padding", func(d []byte) []byte { return append(d, "\r\n\x00x"...) }, ZipSuite},
		{"an archive after", func(d []byte) []byte { return append(d, d...) }, ZipSuite},
		{"spanned", func(d []byte) []byte { return append([]byte("PK\x07\x08"), d...) }, ZipDisques},
		{"encrypted", both(6, 8, flagEncrypted), ZipChiffre},
		{"encrypted in the directory only", set(central2+8, flagEncrypted), ZipRepertoire},
		{"method 12", both(8, 10, 12), ZipMethode},
		{"same name", both(30, 46, 'a'), ZipDoublon},
		{"wrong CRC, deflated", both(14, 16, good[b+14]^1), ZipCRC},
		{"wrong CRC, stored", func(d []byte) []byte { d[31] ^= 1; return d }, ZipCRC},
		{"size of b too small", both(18, 20, good[b+18]-1), ZipTaille},
		{"size of b too large", both(18, 20, good[b+18]+1), ZipTaille},
		{"length of b too small", both(22, 24, good[b+22]-1), ZipTaille},
		{"length of b too large", both(22, 24, good[b+22]+1), ZipTaille},
		{"length of a larger than its size", set(22, 10), ZipTaille},
		{"stored with a descriptor", set(6, flagDescriptor), ZipFlux},
		{"data of b corrupt", set(b+31, 0xff), ZipCorrompu},
		{"another name in the directory", set(central+46, 'c'), ZipRepertoire},
		{"another CRC in the directory", set(central+16, good[central+16]^1), ZipRepertoire},
		{"another size in the directory", set(central+20, good[central+20]^1), ZipRepertoire},
		{"another length in the directory", set(central+24, good[central+24]^1), ZipRepertoire},
		{"another method in the directory", set(central+10, 8), ZipRepertoire},
		{"another offset in the directory", set(central+42, 1), ZipRepertoire},
		{"b where a is", set(central2+42, 0), ZipRepertoire},
		{"disk in the directory", set(central+34, 1), ZipDisques},
		{"an entry missing from the directory", func(d []byte) []byte { return append(d[:central:central], d[central2:]...) }, ZipRepertoire},
		{"an entry twice in the directory", func(d []byte) []byte {
			return bytes.Join([][]byte{d[:central2], d[central:central2], d[central2:]}, nil)
		}, ZipRepertoire},
		{"count", set(end+8, 3), ZipRepertoire},
		{"total count", set(end+10, 1), ZipRepertoire},
		{"size of the directory", set(end+12, good[end+12]+1), ZipRepertoire},
		{"start of the directory", set(end+16, good[end+16]+1), ZipRepertoire},
		{"disk of the end", set(end+4, 1), ZipDisques},
		{"link", func(d []byte) []byte { binary.LittleEndian.PutUint32(d[central+38:], 0o120777<<16); return d }, ZipLien},
		{"device", func(d []byte) []byte { binary.LittleEndian.PutUint32(d[central2+38:], 0o060600<<16); return d }, ZipLien},
		{"folder with content", both(30, 46, '/'), ZipNom},
	} {
		got, err := streamed(bytes.NewReader(c.change(bytes.Clone(good))), Limits{})
		if codeOf(err) != c.code {
			t.Errorf("%s: %d entries, %v, want %s", c.name, len(got), err, c.code)
		}
		if at := offsetOf(err); at < 0 {
			t.Errorf("%s: no offset", c.name)
		}
	}
}

func TestZipStreamRefusesFoldersWithContent(t *testing.T) {
	if _, err := streamed(bytes.NewReader(archive(t, noDate, stored("d/", []byte("x")))), Limits{}); codeOf(err) != ZipTaille {
		t.Errorf("stored: %v, want %s", err, ZipTaille)
	}
	data := bytes.ReplaceAll(described(t, stored("dx", []byte("x"))), []byte("dx"), []byte("d/"))
	if _, err := streamed(bytes.NewReader(data), Limits{}); codeOf(err) != ZipTaille {
		t.Errorf("with a descriptor: %v, want %s", err, ZipTaille)
	}
}

func TestZipStreamStopsAtTheLimits(t *testing.T) {
	r := seeded(75)
	contents := randomContents(r, 6)
	data := archive(t, noDate, contents...)
	var total int64
	for _, c := range contents {
		total += c.Raw
	}
	for _, c := range []struct {
		name   string
		limits Limits
		code   string
	}{
		{"exactly the bytes", Limits{Bytes: total}, ""},
		{"a byte fewer", Limits{Bytes: total - 1}, TailleLimite},
		{"exactly the entries", Limits{Entries: 6}, ""},
		{"an entry fewer", Limits{Entries: 5}, ZipEntrees},
	} {
		if _, err := streamed(bytes.NewReader(data), c.limits); codeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
	// No entry is a bomb by itself: each stays below what is let pass.
	bomb := deflated("0", make([]byte, 16<<20))
	var bombs []content
	for i := range 5 {
		bomb.Name = fmt.Sprint(i)
		bombs = append(bombs, bomb)
	}
	if _, err := streamed(bytes.NewReader(archive(t, noDate, bombs...)), Limits{}); codeOf(err) != RatioLimite {
		t.Errorf("5 entries of 16 MiB of zeros: %v, want %s", err, RatioLimite)
	}
}

func TestZipStreamPassesErrorsOfTheReaderBelow(t *testing.T) {
	data := described(t, stored("a", bulletins(seeded(76), 1000)))
	for n := 0; n <= len(data); n += 13 {
		r := io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(iotest.ErrTimeout))
		if _, err := streamed(r, Limits{}); !errors.Is(err, iotest.ErrTimeout) {
			t.Errorf("error at %d: %v, want that of the reader", n, err)
		}
	}
}

func FuzzZipStream(f *testing.F) {
	small := []content{stored("a", []byte("content")), deflated("PJ/b", []byte("content, content, content"))}
	ours := archive(f, noDate, small...)
	f.Add(ours)
	f.Add(described(f, small...))
	f.Add(ours[:len(ours)-30])
	f.Add(archive(f, noDate))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := streamed(bytes.NewReader(data), Limits{Bytes: 1 << 20, Entries: 100})
		path := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if j, err := OpenJournal(path, Limits{Bytes: 1 << 20, Entries: 100}); err == nil {
			io.Copy(io.Discard, j)
			j.Close()
		}
		if err != nil {
			if at := offsetOf(err); at < 0 || at > int64(len(data)) {
				t.Fatalf("%v: offset %d of %d", err, at, len(data))
			}
			return
		}
		// What we accept, the standard library reads the same; it is laxer.
		z, err := stdzip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil && !errors.Is(err, stdzip.ErrInsecurePath) {
			t.Fatalf("accepted what the standard library refuses: %v", err)
		}
		if len(z.File) != len(got) {
			t.Fatalf("%d entries, the standard library %d", len(got), len(z.File))
		}
		for _, e := range got {
			if !fs.ValidPath(strings.TrimSuffix(e.Name, "/")) {
				t.Fatalf("name %q was let through", e.Name)
			}
		}
		for _, file := range z.File {
			rc, err := file.Open()
			if err != nil {
				t.Fatalf("%q: the standard library: %v", file.Name, err)
			}
			want, err := io.ReadAll(rc)
			if corrupt := stdflate.CorruptInputError(0); errors.As(err, &corrupt) {
				continue // see inflate.ErrCorrupt
			}
			if err != nil && !errors.Is(err, stdzip.ErrChecksum) {
				t.Fatalf("%q: the standard library: %v", file.Name, err)
			}
			offset, _ := file.DataOffset()
			for _, e := range got {
				if e.Offset < offset && offset < e.Offset+lenLocal+70_000 && e.Name == file.Name && !bytes.Equal(e.content, want) {
					t.Fatalf("%q: %d bytes, the standard library %d", e.Name, len(e.content), len(want))
				}
			}
		}
	})
}

func BenchmarkZipStream(b *testing.B) {
	r := seeded(77)
	var contents []content
	for i := range 100 {
		contents = append(contents, stored(fmt.Sprintf("PJ/%d.pdf", i), noise(r, 267_000)))
	}
	data := archive(b, noDate, contents...)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		z := NewZipStream(bytes.NewReader(data), Limits{})
		for {
			if _, err := z.Next(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
