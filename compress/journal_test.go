package compress

import (
	"bytes"
	stdgzip "compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/input"
)

func fileOf(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readJournal opens and reads a journal to its end.
func readJournal(path string, limits Limits) (*Journal, []byte, error) {
	j, err := OpenJournal(path, limits)
	if err != nil {
		return nil, nil, err
	}
	defer j.Close()
	content, err := io.ReadAll(j)
	return j, content, err
}

// toSplit puts the mark of a program that was ready to split it before an
// archive of one entry, whose offsets count the mark.
func toSplit(zip []byte) []byte {
	out := append([]byte("PK00"), zip...)
	directory := bytes.LastIndex(out, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(out[directory+42:], 4)
	end := bytes.LastIndex(out, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint32(out[end+16:], uint32(directory))
	return out
}

func TestJournalIsTheSameWhateverItComesIn(t *testing.T) {
	r := seeded(80)
	want := bulletins(r, 300_000)
	plain := stored("x", want)
	blocks, _ := member(t, Normal, want)
	var named bytes.Buffer
	z := stdgzip.NewWriter(&named)
	z.Name = "dossier/journal.xhl"
	z.Write(want)
	z.Close()
	entry := func(name string) content { c := plain; c.Name = name; return c }
	n := int64(len(want))
	for _, c := range []struct {
		name, file string
		data       []byte
		container  string
		inner      string
		raw        int64
	}{
		{"plain", "a.xhl", want, "plain", "a.xhl", n},
		{"plain under another extension", "a.zip", want, "plain", "a.zip", n},
		{"empty", "a.xhl", nil, "plain", "a.xhl", 0},
		{"gzip", "a.xhl.gz", blocks, "gzip", "a.xhl", -1},
		{"gzip with a name, called .xhl", "a.xhl", named.Bytes(), "gzip", "journal.xhl", -1},
		{"zip stored", "a.zip", archive(t, noDate, entry("b.xhl")), "zip", "b.xhl", n},
		{"zip deflated, deep, in capitals", "a.zip", archive(t, noDate, deflated("x/y/B.XHL", want)), "zip", "x/y/B.XHL", n},
		{"zip with an .xml", "a", archive(t, noDate, deflated("b.xml", want)), "zip", "b.xml", n},
		{"zip with a manifest in .xml", "a", archive(t, noDate, stored("manifest.xml", nil), deflated("b.xhl", want)), "zip", "b.xhl", n},
		{"zip with pieces", "a", archive(t, noDate, stored("PJ/1/facture.xml", nil), deflated("b.xml", want), stored("PJ/1/a.pdf", noise(r, 1000))), "zip", "b.xml", n},
		{"zip of macOS", "a", archive(t, noDate, deflated("b.xhl", want), stored("__MACOSX/._b.xhl", []byte("shadow"))), "zip", "b.xhl", n},
		{"zip that was to be split", "a", toSplit(archive(t, noDate, deflated("b.xhl", want))), "zip", "b.xhl", n},
		{"zip with descriptors", "a", described(t, stored("PJ/1/a.pdf", noise(r, 1000)), entry("b.xhl")), "zip", "b.xhl", n},
	} {
		j, got, err := readJournal(fileOf(t, c.file, c.data), Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.name != "empty" && !bytes.Equal(got, want) || j.Container.String() != c.container || j.Name != c.inner || j.Raw != c.raw {
			t.Errorf("%s: %d bytes, %v %q of %d, want %d, %s %q of %d", c.name, len(got), j.Container, j.Name, j.Raw, len(want), c.container, c.inner, c.raw)
		}
	}
}

func TestJournalArchiveMustHoldExactlyOne(t *testing.T) {
	xhl := func(name string) content { return stored(name, []byte("<a/>")) }
	for _, c := range []struct {
		name     string
		contents []content
		code     string
	}{
		{"empty archive", nil, SansJournal},
		{"pieces only", []content{stored("PJ/a.pdf", nil), xhl("PJ/b.xml")}, SansJournal},
		{"two .xhl", []content{xhl("a.xhl"), xhl("d/b.xhl")}, DeuxJournaux},
		{"two .xml", []content{xhl("a.xml"), xhl("b.xml")}, DeuxJournaux},
	} {
		path := fileOf(t, "a.zip", archive(t, noDate, c.contents...))
		_, _, err := readJournal(path, Limits{})
		var a *anomalie.Anomalie
		if codeOf(err) != c.code || !errors.As(err, &a) || a.Fichier != path || a.Classe() != anomalie.Illisible {
			t.Errorf("%s: %v, want %s in %s", c.name, err, c.code, path)
		}
	}
}

func TestJournalArchiveThatLiesIsRefused(t *testing.T) {
	good := archive(t, noDate, stored("PJ/a.pdf", []byte("content a")), deflated("b.xhl", []byte("content of b, content of b")))
	b := bytes.LastIndex(good, []byte("PK\x03\x04"))
	central := bytes.Index(good, []byte("PK\x01\x02"))
	central2 := bytes.LastIndex(good, []byte("PK\x01\x02"))
	end := bytes.Index(good, []byte("PK\x05\x06"))
	set := func(at int, v byte) func([]byte) []byte {
		return func(d []byte) []byte { d[at] = v; return d }
	}
	put32 := func(at int, v uint32) func([]byte) []byte {
		return func(d []byte) []byte { binary.LittleEndian.PutUint32(d[at:], v); return d }
	}
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
		code   string
	}{
		{"cut", func(d []byte) []byte { return d[:len(d)-1] }, ZipTronque},
		{"cut to its first bytes", func(d []byte) []byte { return d[:4] }, ZipTronque},
		{"junk after", func(d []byte) []byte { return append(d, 'x') }, ZipSuite},
		{"count", func(d []byte) []byte { d[end+8], d[end+10] = 1, 1; return d }, ZipRepertoire},
		{"count of this disk", set(end+8, 1), ZipRepertoire},
		{"start of the directory", put32(end+16, uint32(central+1)), ZipRepertoire},
		{"start beyond the end", put32(end+16, 1<<31), ZipRepertoire},
		{"another name here and there", set(b+30, 'c'), ZipRepertoire},
		{"another CRC here and there", set(b+14, good[b+14]^1), ZipRepertoire},
		{"wrong CRC in both", func(d []byte) []byte { d[b+14] ^= 1; d[central2+16] ^= 1; return d }, ZipCRC},
		{"offset of the journal", put32(central2+42, uint32(b+1)), ZipRepertoire},
		{"entries that overlap", put32(central2+42, 5), ZipRepertoire},
		{"room before the first entry", put32(central+42, 1), ZipRepertoire},
		{"size beyond the directory", func(d []byte) []byte { return put32(central2+20, 1<<31)(put32(b+18, 1<<31)(d)) }, ZipRepertoire},
		{"dangerous name beside", func(d []byte) []byte { copy(d[central+46:], "../"); return d }, ZipNom},
		{"link beside", put32(central+38, 0o120777<<16), ZipLien},
		{"journal encrypted", set(central2+8, flagEncrypted), ZipChiffre},
		{"data corrupt", set(b+36, 0xff), ZipCorrompu},
	} {
		_, _, err := readJournal(fileOf(t, "a.zip", c.change(bytes.Clone(good))), Limits{})
		if codeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	twice := archive(t, noDate, stored("PJ/a", nil), stored("PJ/a", nil), stored("b.xhl", nil))
	if _, _, err := readJournal(fileOf(t, "a.zip", twice), Limits{}); codeOf(err) != ZipDoublon {
		t.Errorf("same name twice: %v, want %s", err, ZipDoublon)
	}
	if _, _, err := readJournal(fileOf(t, "a.zip", good), Limits{Entries: 1}); codeOf(err) != ZipEntrees {
		t.Errorf("limit of one entry: %v, want %s", err, ZipEntrees)
	}
	if _, _, err := readJournal(fileOf(t, "a.zip", good), Limits{Bytes: 10}); codeOf(err) != TailleLimite {
		t.Errorf("limit of ten bytes: %v, want %s", err, TailleLimite)
	}
}

func TestJournalFaultsInsideAGzipNameTheFile(t *testing.T) {
	data, _ := member(t, Normal, bulletins(seeded(81), 10_000))
	path := fileOf(t, "a.gz", data[:len(data)-20])
	_, _, err := readJournal(path, Limits{})
	var a *anomalie.Anomalie
	if codeOf(err) != GzipTronque || !errors.As(err, &a) || a.Fichier != path {
		t.Errorf("got %v, want %s in %s", err, GzipTronque, path)
	}
}

func TestJournalThatIsNotThereOrNotAFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenJournal(filepath.Join(dir, "missing"), Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v, want fs.ErrNotExist", err)
	}
	if _, err := OpenJournal(dir, Limits{}); codeOf(err) != input.NotRegular {
		t.Errorf("folder: %v, want %s", err, input.NotRegular)
	}
}
