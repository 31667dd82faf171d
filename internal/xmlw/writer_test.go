package xmlw

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

	"golang.org/x/text/encoding/charmap"
)

// script is a document as a list of calls, so that the Writer and its plain
// twin can be given the same one.
type script []step

type step struct {
	op    byte // 's' start, 'a' attribute, 't' text, 'e' end
	name  string
	value string
}

func (s script) write(c Charset) ([]byte, error) {
	var w Writer
	w.Reset(nil, c)
	w.Declaration()
	for _, st := range s {
		switch st.op {
		case 's':
			w.Start(st.name)
		case 'a':
			w.Attr(st.name, st.value)
		case 't':
			w.Text(st.value)
		case 'e':
			w.End()
		}
	}
	return w.Bytes()
}

// plainTwin writes the same document with encoding/xml, in UTF-8.
func (s script) plainTwin() ([]byte, error) {
	var out bytes.Buffer
	e := xml.NewEncoder(&out)
	var pending *xml.StartElement
	var open []xml.Name
	flush := func() error {
		if pending == nil {
			return nil
		}
		err := e.EncodeToken(*pending)
		pending = nil
		return err
	}
	for _, st := range s {
		var err error
		switch st.op {
		case 's':
			if err = flush(); err == nil {
				pending = &xml.StartElement{Name: xml.Name{Local: st.name}}
				open = append(open, pending.Name)
			}
		case 'a':
			pending.Attr = append(pending.Attr, xml.Attr{Name: xml.Name{Local: st.name}, Value: st.value})
		case 't':
			if err = flush(); err == nil {
				err = e.EncodeToken(xml.CharData(st.value))
			}
		case 'e':
			if err = flush(); err == nil {
				err = e.EncodeToken(xml.EndElement{Name: open[len(open)-1]})
				open = open[:len(open)-1]
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// content reads a document back as one line of events, in any of our charsets.
func content(t testing.TB, doc []byte) string {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		if label == "ISO-8859-1" {
			return charmap.ISO8859_1.NewDecoder().Reader(input), nil
		}
		return charmap.Windows1252.NewDecoder().Reader(input), nil
	}
	var b strings.Builder
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("read back: %v\n%q", err, doc)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			b.WriteString("<" + tok.Name.Local)
			for _, a := range tok.Attr {
				b.WriteString(" " + a.Name.Local + "=" + a.Value)
			}
			b.WriteString(">")
		case xml.EndElement:
			b.WriteString("</>")
		case xml.CharData:
			b.Write(tok)
		}
	}
}

// scriptOf reads a script out of fuzz bytes: names are safe, values are raw.
func scriptOf(data string) script {
	s := script{{'s', "n:R", ""}}
	depth, inTag, attrs := 1, true, 0
	for _, part := range strings.SplitAfter(data, "|") {
		if part == "" {
			continue
		}
		op, value := part[0], part[1:]
		switch {
		case op == 's' && depth < 8:
			s = append(s, step{'s', "E" + string(rune('a'+depth)), ""})
			depth, inTag, attrs = depth+1, true, 0
		case op == 'a' && inTag && attrs < 3:
			s = append(s, step{'a', string(rune('U' + attrs)), value})
			attrs++
		case op == 'e' && depth > 1:
			s = append(s, step{'e', "", ""})
			depth, inTag = depth-1, false
		default:
			s = append(s, step{'t', "", part})
			inTag = false
		}
	}
	for range depth {
		s = append(s, step{'e', "", ""})
	}
	return s
}

// valid reports whether every value can stand in an XML 1.0 document;
// encoding/xml replaces the others, which is what the Writer must not do.
func (s script) valid() bool {
	for _, st := range s {
		for _, r := range st.value {
			ok := r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD && r != 0xFFFD || r >= 0x10000
			if !ok && !(r == 0xFFFD && strings.Contains(st.value, "\uFFFD")) {
				return false
			}
		}
		if !isUTF8(st.value) {
			return false
		}
	}
	return true
}

func isUTF8(s string) bool { return strings.ToValidUTF8(s, "") == s }

func FuzzWriterEqualsEncodingXML(f *testing.F) {
	for _, seed := range []string{"", "aDupont & fils|", "aœuvre — 12 €|t<b>\r\n|", "sa\"'\t\n\r|easx|", "a\x01|", "a\xff|", "t]]>|", "a\u0085\uFFFE|"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		s := scriptOf(data)
		if !s.valid() {
			for _, c := range []Charset{ISO88591, Windows1252, UTF8} {
				if _, err := s.write(c); !errors.As(err, new(*CharError)) {
					t.Fatalf("%v: forbidden character accepted, error %v", c, err)
				}
			}
			return
		}
		twin, err := s.plainTwin()
		if err != nil {
			t.Fatalf("plain twin: %v", err)
		}
		want := content(t, twin)
		for _, c := range []Charset{ISO88591, Windows1252, UTF8} {
			doc, err := s.write(c)
			if err != nil {
				t.Fatalf("%v: %v", c, err)
			}
			if got := content(t, doc); got != want {
				t.Fatalf("%v:\ngot  %q\nwant %q", c, got, want)
			}
		}
	})
}

func TestCharsetsWriteTheSameCharactersInTheirOwnBytes(t *testing.T) {
	for _, tc := range []struct {
		name string
		c    Charset
		in   string
		want string
	}{
		{"latin letter in Latin-1", ISO88591, "Éloïse", "\xc9lo\xefse"},
		{"euro in Latin-1", ISO88591, "12 €", "12 &#8364;"},
		{"euro in windows-1252", Windows1252, "12 €", "12 \x80"},
		{"ligature in windows-1252", Windows1252, "sœur", "s\x9cur"},
		{"beyond windows-1252", Windows1252, "Łódź", "&#321;\xf3d&#378;"},
		{"C1 control in Latin-1", ISO88591, "a\u0085b", "a&#133;b"},
		{"UTF-8 untouched", UTF8, "Łódź €", "Łódź €"},
		{"markup", UTF8, `<a & "b">`, "&lt;a &amp; &quot;b&quot;&gt;"},
		{"white space", UTF8, "a\tb\nc\rd", "a&#9;b&#10;c&#13;d"},
		{"outside the BMP", ISO88591, "😀", "&#128512;"},
	} {
		got, err := AppendAttr([]byte("x"), tc.in, tc.c)
		if err != nil || string(got) != "x"+tc.want {
			t.Errorf("%s: got %q, %v; want %q", tc.name, got, err, "x"+tc.want)
		}
	}
}

func TestForbiddenCharacterIsNamedWithItsPlace(t *testing.T) {
	var w Writer
	w.Start("Agent")
	w.Leaf("Nom", "V", "Du\x02pont")
	w.End()
	_, err := w.Bytes()
	if want := "write Agent/Nom@V: character U+0002 at byte 2 is forbidden in XML"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	_, err = AppendText([]byte("kept"), "\xff", UTF8)
	if err == nil || err.Error() != "write value: byte 0 is not UTF-8" {
		t.Errorf("got %v", err)
	}
}

func TestMisuseIsAnError(t *testing.T) {
	for name, calls := range map[string]func(*Writer){
		"still open":         func(w *Writer) { w.Start("a") },
		"end of nothing":     func(w *Writer) { w.End() },
		"late attribute":     func(w *Writer) { w.Start("a"); w.Text("x"); w.Attr("V", "1"); w.End() },
		"text at top":        func(w *Writer) { w.Text("x") },
		"ink in blank space": func(w *Writer) { w.Start("a"); w.Blank(" x "); w.End() },
	} {
		var w Writer
		calls(&w)
		if _, err := w.Bytes(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestXmllintReadsWhatWasWritten(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	const value = "a<&>\"'\té\n€\r\u0085œŁ😀"
	for _, c := range []Charset{ISO88591, Windows1252, UTF8} {
		doc, err := script{{'s', "R", ""}, {'a', "V", value}, {'e', "", ""}}.write(c)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "r.xml")
		if err := os.WriteFile(path, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(xmllint, "--nonet", "--xpath", "string(/R/@V)", path).Output()
		if err != nil || strings.TrimSuffix(string(out), "\n") != value {
			t.Errorf("%v: xmllint read %q, %v; want %q", c, out, err, value)
		}
	}
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	var w Writer
	buf := make([]byte, 0, 4096)
	allocs := testing.AllocsPerRun(100, func() {
		w.Reset(buf[:0], ISO88591)
		w.Declaration()
		w.Start("Agent")
		w.Leaf("Nom", "V", "Éloïse & Cie — €")
		w.Text("x")
		w.End()
		if _, err := w.Bytes(); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a document, want 0", allocs)
	}
}
