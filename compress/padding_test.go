package compress

import (
	stdzip "archive/zip"
	"bytes"
	stdgzip "compress/gzip"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

// gzipMember is a gzip member of another writer than ours.
func gzipMember(t *testing.T, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := stdgzip.NewWriter(&out)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGzipFileOfSeveralMembersIsReadWhole(t *testing.T) {
	one, two := gzipMember(t, "abc"), gzipMember(t, "defg")
	damaged := bytes.Clone(two)
	damaged[len(damaged)-1] ^= 1
	for _, tc := range []struct {
		name string
		in   []byte
		code string
	}{
		{"one", one, ""},
		{"two", bytes.Join([][]byte{one, two}, nil), ""},
		{"one with nothing in it between", bytes.Join([][]byte{one, gzipMember(t, ""), two}, nil), ""},
		{"zeros after", append(bytes.Join([][]byte{one, two}, nil), make([]byte, 512)...), ""},
		{"a line end after", append(bytes.Clone(one), "\r\n"...), GzipSuite},
		{"zeros, then something", append(append(bytes.Clone(one), 0, 0), two...), GzipSuite},
		{"the second is damaged", bytes.Join([][]byte{one, damaged}, nil), GzipLongueur},
		{"the second is cut", bytes.Join([][]byte{one, two[:len(two)-3]}, nil), GzipTronque},
	} {
		g, err := NewGunzipFile(bytes.NewReader(tc.in), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(g)
		var a *anomalie.Anomalie
		switch {
		case tc.code == "" && err != nil:
			t.Errorf("%s: %v", tc.name, err)
		case tc.code == "":
			if want := gunzipWith(t, tc.in); string(got) != want {
				t.Errorf("%s: %q, gzip reads %q", tc.name, got, want)
			}
		case !errors.As(err, &a) || a.Code != tc.code:
			t.Errorf("%s: %v, want %s", tc.name, err, tc.code)
		}
		g.Release()
	}
}

// gunzipWith is what gzip makes of a file.
func gunzipWith(t *testing.T, in []byte) string {
	t.Helper()
	return string(judge(t, in, "gzip", "-dc"))
}

// archived is a zip of one journal, of another writer than ours.
func archived(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := stdzip.NewWriter(&out)
	w, err := z.CreateRaw(&stdzip.FileHeader{Name: "j.xhl", UncompressedSize64: 4, CompressedSize64: 4, CRC32: crc32.ChecksumIEEE([]byte("<a/>"))})
	if err == nil {
		_, err = io.WriteString(w, "<a/>")
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestJournalComesOutOfPaddedArchives(t *testing.T) {
	zipped := archived(t)
	for name, tc := range map[string]struct {
		in   []byte
		code string
	}{
		"as it is":         {zipped, ""},
		"a line end after": {append(bytes.Clone(zipped), "\r\n"...), ""},
		"a block of zeros": {append(bytes.Clone(zipped), make([]byte, 512)...), ""},
		"a tape of zeros":  {append(bytes.Clone(zipped), make([]byte, 200<<10)...), ZipTronque},
		"junk after":       {append(bytes.Clone(zipped), "x"...), ZipSuite},
		"in a gzip":        {gzipMember(t, string(zipped)), ""},
		"padded in a gzip": {gzipMember(t, string(zipped)+"\r\n"), ""},
		"junk in a gzip":   {gzipMember(t, string(zipped)+"x"), ZipSuite},
		"cut":              {zipped[:len(zipped)-1], ZipTronque},
	} {
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, tc.in, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path, Limits{})
		var got []byte
		if err == nil {
			got, err = io.ReadAll(j)
			if a, n := j.Archive(); a == nil || n == 0 {
				t.Errorf("%s: no archive", name)
			}
			j.Close()
		}
		var a *anomalie.Anomalie
		switch {
		case tc.code == "" && (err != nil || string(got) != "<a/>"):
			t.Errorf("%s: %q, %v", name, got, err)
		case tc.code != "" && (!errors.As(err, &a) || a.Code != tc.code):
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
		// The stream gives the same verdict, but on what is far beyond the end.
		if strings.Contains(name, "gzip") || strings.Contains(name, "tape") {
			continue
		}
		z := NewZipStream(bytes.NewReader(tc.in), Limits{})
		for err = nil; err == nil; {
			_, err = z.Next()
		}
		if err == io.EOF {
			err = nil
		}
		a = nil
		errors.As(err, &a)
		if tc.code == "" && err != nil || tc.code != "" && (a == nil || a.Code != tc.code) {
			t.Errorf("%s, as a stream: %v, want %q", name, err, tc.code)
		}
	}
}
