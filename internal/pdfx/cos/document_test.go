package cos

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestWhatNoViewerOpensIsRefused(t *testing.T) {
	whole := plain("")
	body := whole[len("%PDF-1.4\n"):bytes.Index(whole, []byte("xref"))]
	for name, data := range map[string][]byte{
		"neither header nor trailer": body,
		"generations out of bounds":  bytes.ReplaceAll(whole, []byte(" 0 obj"), []byte(" 65536 obj")),
		"half of an object":          whole[:40],
		"words":                      []byte("trailer startxref obj endobj"),
	} {
		if _, err := Open(data); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDamagedTablesAreRepaired(t *testing.T) {
	whole := plain("")
	table := bytes.LastIndex(whole, []byte("xref\n0 5"))
	for name, tc := range map[string]struct {
		data     []byte
		repaired bool
	}{
		"whole":                   {whole, false},
		"after other bytes":       {append([]byte("En-tete du serveur\r\n\r\n"), whole...), false},
		"no table":                {whole[:table], true},
		"no header":               {whole[9:], true},
		"a row too many":          {bytes.Replace(whole, []byte("xref\n0 5"), []byte("xref\n0 4"), 1), true},
		"rows of nineteen bytes":  {bytes.ReplaceAll(whole, []byte(" n \n"), []byte(" n\n")), true},
		"startxref leads nowhere": {bytes.Replace(whole, []byte("startxref\n"), []byte("startxref\n9"), 1), true},
		"a table from 1":          {bytes.Replace(whole, []byte("xref\n0 5"), []byte("xref\n1 5"), 1), false},
	} {
		d, err := Open(tc.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		pages := 0
		d.Pages(func(Page) bool { pages++; return true })
		if pages != 1 || d.Repaired != tc.repaired {
			t.Errorf("%s: %d pages, repaired %v", name, pages, d.Repaired)
		}
	}
}

func TestFiltersAreUndone(t *testing.T) {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	w.Write([]byte("\x02\x01\x02\x03\x02\x01\x01\x01")) // two rows of three, each above the former
	w.Close()
	for name, tc := range map[string]struct{ filter, parms, data, want string }{
		"hexadecimal":     {"/ASCIIHexDecode", "", "42 6F6E >", "Bon"},
		"base 85":         {"/ASCII85Decode", "", "6>p`~>", "Bon"},
		"runs":            {"/RunLengthDecode", "", "\x02Bon\xFEj\x80", "Bonjjj"},
		"LZW":             {"/LZWDecode", "", "\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01", "-----A---B"},
		"Flate, PNG rows": {"[/FlateDecode]", "[<</Predictor 12 /Columns 3>>]", z.String(), "\x01\x02\x03\x02\x03\x04"},
		"one in another":  {"[/AHx /RL]", "", "02426F6EFE6A80>", "Bonjjj"},
		"a photograph":    {"[/ASCIIHexDecode /DCTDecode]", "", "FFD8>", "\xFF\xD8"},
	} {
		if tc.parms != "" {
			tc.parms = "/DecodeParms " + tc.parms
		}
		doc := bytes.Replace(plain(""), []byte("<< /Length 4 >>\nstream\nq Q \nendstream"),
			fmt.Appendf(nil, "<< /Filter %s %s /Length %d >>\nstream\n%s\nendstream", tc.filter, tc.parms, len(tc.data), tc.data), 1)
		d, err := Open(doc)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := d.Decode(d.Object(4), 1<<20)
		if err != nil || string(got) != tc.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, tc.want)
		}
	}
}

func TestNothingHidesFromTheGate(t *testing.T) {
	script := "<</S/JavaScript/JS(x)>>"
	hidden := fmt.Sprintf("<</Type/ObjStm/N 1/First 4/Length %d>>stream\n9 0 %s\nendstream", len(script)+4, script)
	for name, tail := range map[string]string{
		"in a former version":           "9 0 obj " + script + " endobj 9 0 obj null endobj\n",
		"in a stream of objects":        "8 0 obj " + hidden + " endobj\n",
		"in one that nothing refers to": "8 0 obj " + strings.Replace(hidden, "/ObjStm", "/O#62jStm", 1) + " endobj\n",
	} {
		d, err := Open(append(plain("/OpenAction 9 0 R"), tail...))
		if err != nil {
			t.Fatal(err)
		}
		seen := false
		err = d.Every(func(_ int, o Object) bool {
			seen = seen || o.Get("S").IsName("JavaScript")
			return true
		})
		if err != nil || !seen {
			t.Errorf("%s: seen %v, %v", name, seen, err)
		}
	}
	// What stands behind a comment is found by its offset.
	doc := plain("/OpenAction 3 0 R")
	doc = bytes.Replace(doc, []byte("3 0 obj\n<<"), []byte("3%\n0 obj<<"), 1)
	d, err := Open(doc)
	if err != nil || !d.Object(3).IsDict() || d.Repaired {
		t.Errorf("behind a comment: %v", err)
	}
}
