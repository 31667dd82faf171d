package check

import (
	"bytes"
	"strings"
	"testing"

	"paye/internal/javajudge"
	"paye/internal/refdata"
)

// TestVerdictForJavaIsThatOfXerces holds the second verdict against Xerces-J, on
// changed journals, on the values that lie at the bounds of every type, and on
// the shapes of markup on which it parts with libxml2.
func TestVerdictForJavaIsThatOfXerces(t *testing.T) {
	names, journals := mutants(t, complete, 7, 600)
	more, them := boundaryJournals(t)
	names, journals = append(names, more...), append(journals, them...)
	for _, m := range javaShapes {
		if !strings.Contains(complete, m.from) {
			t.Fatalf("the model has no %q", m.from)
		}
		names = append(names, m.from+" → "+m.to)
		journals = append(journals, []byte(m.head+strings.Replace(complete, m.from, m.to, 1)))
	}
	verdicts := javajudge.Verdicts(t, refdata.Path(t, "data", "xhl", "paye-1.4", "DocumentPaye.xsd"), journals)
	parted := 0
	for i, src := range journals {
		b, list := judged(t, src, Options{Schema: Schema14})
		if refused(b) || bytes.Contains(src, []byte("encoding=\"-\"")) {
			continue
		}
		want := verdicts[i] == "valid"
		if want != b.SchemaValide {
			parted++
		}
		if b.SchemaValideJava != want {
			var codes []string
			for _, a := range list {
				codes = append(codes, a.Code)
			}
			t.Errorf("%s: valid for Java %v; Xerces-J says %s; found %v", names[i], b.SchemaValideJava, verdicts[i], codes)
		}
	}
	if parted == 0 {
		t.Errorf("the two judges agree on all %d journals: the shapes on which they part are gone", len(journals))
	}
}

// javaShapes are changes of the complete model on which libxml2 and Xerces-J
// may part.
var javaShapes = []struct{ head, from, to string }{
	{"", `<IdVer V="`, `<?a:b c?><IdVer V="`},
	{"", `<IdVer `, `<IdVer xmlns:q="" `},
	{"", `<IdVer `, `<IdVer xmlns:xml="urn:x" `},
	{"", `<IdVer `, `<IdVer xmlns:xml="http://www.w3.org/XML/1998/namespace" `},
	{"", `<IdVer `, `<IdVer xmlns:xmlns="urn:x" `},
	{"", `<IdVer `, `<IdVer xmlns:a:b="urn:x" `},
	{"", `<IdVer `, `<IdVer xmlns:q="http://www.w3.org/2000/xmlns/" `},
	{"", `<IdVer `, `<IdVer xmlns:q="http://www.w3.org/XML/1998/namespace" `},
	{"", `<IdVer `, `<IdVer xmlns="http://www.w3.org/XML/1998/namespace" `},
	{`<?xml version="1.1"?>`, `Mairie`, `Mairie`},
	{`<?xml version="1.2"?>`, `Mairie`, `Mairie`},
	{`<?xml version="1."?>`, `Mairie`, `Mairie`},
	{`<?xml version="1.0" encoding="windows-1252"?>`, `Mairie`, "Mai\x81rie"},
	{`<?xml version="1.0" encoding="windows-1252"?>`, `<IdVer `, "<!-- \x81 --><IdVer "},
	{`<?xml version="1.0" encoding="ISO-8859-15"?>`, `Mairie`, "Mai\xA4rie"},
	{"", `</n:DocumentPaye>`, "</n:DocumentPaye>\x00"},
	{"", `<Employeur>`, `<Employeur xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type=" n:TEmployeur ">`},
	{"", `<Employeur>`, `<Employeur xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="n:TEmployeur">`},
	{"", `<Employeur>`, `<Employeur><![CDATA[]]>`},
	{"", `<Employeur>`, `<Employeur><![CDATA[ ]]>`},
	{"", `<Employeur>`, `<Employeur><![CDATA[x]]>`},
}
