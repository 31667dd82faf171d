package pespj

import (
	"strings"
	"testing"

	"paye/internal/javajudge"
)

// javaShapes are changes of a sound flux on which libxml2 and Xerces-J part, or
// nearly do.
var javaShapes = []struct{ name, from, to string }{
	{"as it is", "", ""},
	{"a target with a colon", "<PES_PJ>", "<?a:b c?><PES_PJ>"},
	{"a prefix undone", "<PES_PJ>", `<PES_PJ xmlns:q="">`},
	{"the prefix xmlns", "<PES_PJ>", `<PES_PJ xmlns:xmlns="urn:x">`},
	{"the prefix xml", "<PES_PJ>", `<PES_PJ xmlns:xml="http://www.w3.org/XML/1998/namespace">`},
	{"xml as another", "<PES_PJ>", `<PES_PJ xmlns:xml="urn:x">`},
	{"a prefix of two parts", "<PES_PJ>", `<PES_PJ xmlns:a:b="urn:x">`},
	{"the namespace of xml", "<PES_PJ>", `<PES_PJ xmlns:q="http://www.w3.org/XML/1998/namespace">`},
	{"version 1.1", `version="1.0"`, `version="1.1"`},
	{"version 1.2", `version="1.0"`, `version="1.2"`},
	{"a null byte at the end", "</n:PES_Aller>", "</n:PES_Aller>\x00"},
	{"a long description", v("Description", ""), v("Description", "&#x1F600;")},
	{"a name of a hundred units", v("NomPJ", ""), v("NomPJ", strings.Repeat("&#x1F600;", 49)+".pdf")},
	{"a line separator in a text", v("Description", ""), v("Description", "Arr\u00eat\u00e9&#x2028;du maire")},
	{"a paragraph separator at its end", v("Description", ""), v("Description", "Arr\u00eat\u00e9&#x2029;")},
	{"a line separator in a text of two", v("Description", ""), v("Description", "a&#x2028;")},
	{"a line separator alone", v("Description", ""), v("Description", "&#x2028;")},
	{"a next line in a text", v("Description", ""), v("Description", "Arr\u00eat\u00e9&#x85;du maire")},
	{"an em space in a text", v("Description", ""), v("Description", "Arr\u00eat\u00e9&#x2003;du maire")},
	{"a line separator in a name", v("NomPJ", ""), v("NomPJ", "a&#x2028;.pdf")},
	{"a line separator that is the name", v("NomPJ", ""), v("NomPJ", "&#x2028;.pdf")},
	{"a year far away", v("Exercice", "2026"), v("Exercice", "2147483648")},
	{"the last year of Java", v("Exercice", "2026"), v("Exercice", "2147483647")},
	{"a star in base64", `<Fichier MIMEType="application/pdf">`, `<Fichier MIMEType="application/pdf">*`},
	{"a dash in base64", `<Fichier MIMEType="application/pdf">`, `<Fichier MIMEType="application/pdf">-_-_`},
	{"blanks in base64", `<Fichier MIMEType="application/pdf">`, "<Fichier MIMEType=\"application/pdf\">\n \n"},
}

// TestVerdictForJavaIsThatOfXerces holds the second verdict against Xerces-J on
// documents that libxml2 takes.
func TestVerdictForJavaIsThatOfXerces(t *testing.T) {
	var names []string
	var documents [][]byte
	for _, s := range javaShapes {
		d := fluxValide
		if s.from != "" {
			at := strings.Index(d, strings.TrimSuffix(s.from, `""/>`))
			if at < 0 {
				t.Logf("%s: the flux has no %q", s.name, s.from)
				continue
			}
			end := at + len(s.from)
			if strings.HasSuffix(s.from, `""/>`) {
				end = at + strings.Index(d[at:], "/>") + 2
			}
			d = d[:at] + s.to + d[end:]
		}
		names, documents = append(names, s.name), append(documents, []byte(d))
	}
	xsd := xsdAller(t)
	libxml2, java := jugeXSD(t, xsd, documents), javajudge.Verdicts(t, xsd, documents)
	for i, d := range documents {
		b, found := check(t, d, CheckOptions{})
		if b.SchemaValide != libxml2[i] {
			t.Errorf("%s: valid %v, libxml2 says %v; %v", names[i], b.SchemaValide, libxml2[i], found)
		}
		if want := java[i] == "valid" && libxml2[i]; b.SchemaValideJava != want {
			t.Errorf("%s: valid for Java %v, Xerces-J says %s; %v", names[i], b.SchemaValideJava, java[i], found)
		}
	}
}
