package due

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

// tokens is the structure of a document: names as written, attributes, texts,
// without comments and layout.
func tokens(t *testing.T, text []byte) []string {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(text))
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var list []string
	for {
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		name := func(n xml.Name) string { return strings.TrimPrefix(n.Space+":"+n.Local, ":") }
		switch tok := tok.(type) {
		case xml.StartElement:
			s := "<" + name(tok.Name)
			for _, a := range tok.Attr {
				s += " " + name(a.Name) + "=" + a.Value
			}
			list = append(list, s)
		case xml.EndElement:
			list = append(list, "</"+name(tok.Name))
		case xml.CharData:
			if s := strings.TrimSpace(string(tok)); s != "" {
				list = append(list, s)
			}
		}
	}
}

func TestUploadGoldenStructure(t *testing.T) {
	golden := shared(t, "synthetic-fr_due_upload.xml")
	ind, g, err := ReadUpload(bytes.NewReader(golden), "golden")
	if err != nil {
		t.Fatal(err)
	}
	if ind != Essai || len(g.Hires) != 3 || g.Hires[2].EtatNIR != NIRAbsent || g.Hires[1].DepartementNaissance != "2A" {
		t.Errorf("%v, %d hires, NIR %q, department %s", ind, len(g.Hires), g.Hires[2].EtatNIR, g.Hires[1].DepartementNaissance)
	}
	var out bytes.Buffer
	if err := WriteUpload(&out, ind, g); err != nil {
		t.Fatal(err)
	}
	got, want := tokens(t, out.Bytes()), tokens(t, golden)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("token %d: got %q, want %q", i, got[min(i, len(got)):min(i+3, len(got))], want[min(i, len(want)):min(i+3, len(want))])
		}
	}
}

func upload(t *testing.T, ind Indicateur) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteUpload(&out, ind, &lot(t, 2).Groupes[0]); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUploadIsWellFormedAndLatin1(t *testing.T) {
	text := upload(t, Essai)
	if want := `<?xml version="1.0" encoding="ISO-8859-1"?>`; !strings.HasPrefix(string(text), want) {
		t.Errorf("starts with %.60s", text)
	}
	if !strings.Contains(string(text), "<FR_DUE_Upload.Test.Indicator>1<") || !strings.Contains(string(upload(t, Reel)), "<FR_DUE_Upload.Test.Indicator>120<") {
		t.Error("the indicator is not in the bytes")
	}
	tool, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	path := filepath.Join(t.TempDir(), "d.xml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "--noout", path).CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

func TestEmployerSignsAreEscaped(t *testing.T) {
	g := lot(t, 1).Groupes[0]
	g.Employeur.Designation = "DUPONT & FILS"
	var out bytes.Buffer
	if err := WriteUpload(&out, Essai, &g); err != nil {
		t.Fatal(err)
	}
	_, back, err := ReadUpload(&out, "f")
	if err != nil || back.Employeur.Designation != "DUPONT & FILS" {
		t.Errorf("%v, %q", err, back.Employeur.Designation)
	}
}

func TestUploadRefusals(t *testing.T) {
	good := string(upload(t, Essai))
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the document", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, c := range []struct{ name, text, code string }{
		{"empty", "", "DUE-X01"},
		{"cut", good[:len(good)/2], "DUE-X01"},
		{"two roots", good + "<a/>", "DUE-X02"},
		{"DTD", swap("<FR_DUE_Upload ", "<!DOCTYPE a [<!ENTITY b 'c'>]><FR_DUE_Upload "), "DUE-X03"},
		{"entity", swap("DURAND", "&b;"), "DUE-X01"},
		{"unknown root", "<a/>", "DUE-X04"},
		{"unknown element", swap("<FR_Contract>", "<FR_Contract><FR_Other/>"), "DUE-X04"},
		{"text between elements", swap("<FR_Contract>", "<FR_Contract>text"), "DUE-X04"},
		{"unknown indicator", swap(">1<", ">2<"), "DUE-X06"},
		{"too wide", swap(">DURAND<", ">"+strings.Repeat("D", 33)+"<"), "DUE-X06"},
		{"unknown nature", swap(">CDD<", ">CDX<"), "DUE-X06"},
		{"no such day", swap(">2026-12-01<", ">2026-11-31<"), "DUE-X06"},
		{"value twice", swap("<FR_Contract.Nature.Code>CDD</FR_Contract.Nature.Code>", "<FR_Contract.Nature.Code>CDD</FR_Contract.Nature.Code><FR_Contract.Nature.Code>CDI</FR_Contract.Nature.Code>"), "DUE-X06"},
		{"no nature", swap("<FR_Contract.Nature.Code>CDD</FR_Contract.Nature.Code>", ""), "DUE-X05"},
		{"unknown charset", swap("ISO-8859-1", "EBCDIC"), "DUE-X01"},
	} {
		_, _, err := ReadUpload(strings.NewReader(c.text), "f")
		if a, ok := err.(*anomalie.Anomalie); !ok || a.Code != c.code {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
	}
	deep := strings.Repeat("<FR_DUE_Upload>", 40)
	if _, _, err := ReadUpload(strings.NewReader(deep), "f"); err == nil {
		t.Error("40 levels are accepted")
	}
}
