package pespj

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"paye/internal/anomalie"
	"paye/internal/refdata"
)

// valeursLimites are what the simple types of the schema tell apart.
var valeursLimites = []string{
	"", " ", "  ", ".", "..", "0", "00", "000", "0000", "1", "2", "9", "10", "99", "100", "01", "02", "03", "09", "011", "015", "A1", "1A", "nc", "NC", "n",
	"2026-11-22", "2026-02-29", "2024-02-29", "2026-11-22Z", "2026", "2026Z", "-2026", "26", "12026",
	"006111", "02A004", "02C004", "0061111", "00611111", "a.pdf", "a.p", "a.pdfxx", ".pdf", "a b.pdf", "é.pdf",
	"a\nb", "\t", "é", "€", "&", "<", "\"", "true", "false", "-1", "+1", "1.0", "1.5", " 1 ", x(20), x(21), x(32), x(33), x(38), x(39), x(50), x(51),
	x(100), x(101), x(250), x(251), x(500), x(501), strings.Repeat("0", 14), strings.Repeat("1", 14), strings.Repeat("1", 15), strings.Repeat("é", 38), "ERREUR_PJ", "ERREUR_NOUVELLE",
	"AAAA", "AAA=", "AA==", "A===", "AAAAA", "AA A=", "////", "H4sI", "é===",
}

var nomsEtrangers = []string{"Inconnu", "PJ", "IdUnique", "V", "Sigle", "Version", "RefCompta", "TypePJ", "IdVer", "Erreur", "NumBord", "IdMarche", "PES_Marche"}

// mutate makes one to three changes to a document: an element dropped,
// repeated, moved, renamed, emptied or given a neighbour's child; a value or an
// attribute changed; text put where it may not be.
func mutate(r *rand.Rand, source []byte) []byte {
	doc := etree.NewDocument()
	doc.ReadSettings.PreserveCData = true
	if err := doc.ReadFromBytes(source); err != nil {
		panic(err)
	}
	for range 1 + r.IntN(3) {
		all := doc.Root().FindElements("//*")
		if len(all) < 2 {
			break
		}
		e := all[1+r.IntN(len(all)-1)]
		parent := e.Parent()
		switch r.IntN(13) {
		case 0:
			parent.RemoveChild(e)
		case 1:
			parent.InsertChildAt(e.Index(), e.Copy())
		case 2:
			siblings := parent.ChildElements()
			other := siblings[r.IntN(len(siblings))]
			at := other.Index()
			parent.RemoveChild(e)
			parent.InsertChildAt(at, e)
		case 3:
			e.Tag = nomsEtrangers[r.IntN(len(nomsEtrangers))]
		case 4:
			e.Child = nil
		case 5:
			all[r.IntN(len(all))].AddChild(e.Copy())
		case 6, 7, 8:
			if len(e.Attr) > 0 {
				e.Attr[r.IntN(len(e.Attr))].Value = valeursLimites[r.IntN(len(valeursLimites))]
			} else {
				e.SetText(valeursLimites[r.IntN(len(valeursLimites))])
			}
		case 9:
			e.Attr = nil
		case 10:
			e.CreateAttr([]string{"V", "W", "Id", "MIMEType", "xsi:type", "xsi:nil", "xml:space", "xmlns"}[r.IntN(8)], valeursLimites[r.IntN(len(valeursLimites))])
		case 11:
			e.CreateText(valeursLimites[r.IntN(len(valeursLimites))])
		case 12:
			e.Space = []string{"n", "xsi", "q"}[r.IntN(3)]
		}
	}
	out, err := doc.WriteToBytes()
	if err != nil {
		panic(err)
	}
	return out
}

func TestVerdictOnMutatedFluxIsThatOfLibxml2(t *testing.T) {
	xmllint(t)
	r := rand.New(rand.NewPCG(2026, 11))
	source := []byte(strings.Replace(fluxValide, "ISO-8859-1", "UTF-8", 1))
	var documents [][]byte
	for range 1200 {
		documents = append(documents, mutate(r, source))
	}
	valid := 0
	for i, want := range jugeXSD(t, xsdAller(t), documents) {
		bilan, found := check(t, documents[i], CheckOptions{})
		if bilan.SchemaValide != want {
			t.Errorf("document %d: we say valid %v, xmllint %v\n%v\n%s", i, bilan.SchemaValide, want, found, documents[i])
		}
		if want {
			valid++
		}
	}
	if valid < 50 || valid > 900 {
		t.Errorf("%d of %d mutated documents are valid: the test judges nothing", valid, len(documents))
	}
}

func TestVerdictOnMutatedAcquitIsThatOfLibxml2(t *testing.T) {
	xmllint(t)
	r := rand.New(rand.NewPCG(2027, 1))
	var documents [][]byte
	for range 600 {
		documents = append(documents, mutate(r, []byte(acquitValide)))
	}
	for i, want := range jugeXSD(t, xsdAcquit(t), documents) {
		var found []*anomalie.Anomalie
		got := acquitConforme(documents[i], func(a *anomalie.Anomalie) { found = append(found, a) })
		if got != want {
			t.Errorf("document %d: we say valid %v, xmllint %v\n%v\n%s", i, got, want, found, documents[i])
		}
		if got != (len(found) == 0) {
			t.Errorf("document %d: valid %v with %d departures", i, got, len(found))
		}
	}
}

func acquitConforme(document []byte, emit func(*anomalie.Anomalie)) bool {
	a := &Acquit{}
	a.ecarts(document, "", Limites{}.defaults())
	for _, e := range a.Ecarts {
		emit(e)
	}
	return a.NbEcarts == 0
}

// After an error the check goes on: every fault of a document with many is
// found, each once.
func TestCheckGoesOnAfterErrors(t *testing.T) {
	document := fluxValide
	for _, c := range [][2]string{
		{v("CodCol", "123"), v("CodCol", "000")},
		{v("IdUnique", "ID1"), v("IdUnique", "A-1")},
		{v("Exercice", "2026"), ""},
		{v("NomPJ", "contrat.pdf"), v("NomPJ", "contrat")},
		{v("TypePJ", "003"), "<Prive><a>x</a></Prive>"},
		{v("Identifiant", "1304"), v("TypeObjet", "02")},
	} {
		if !strings.Contains(document, c[0]) {
			t.Fatalf("no %s", c[0])
		}
		document = strings.Replace(document, c[0], c[1], 1)
	}
	_, found := check(t, []byte(document), CheckOptions{})
	var got []string
	for _, a := range found {
		got = append(got, a.Code+" "+a.Chemin)
	}
	want := []string{
		"PES-108 PES_Aller/EnTetePES/CodCol",
		"PES-108 PES_Aller/PES_PJ/PJ[1]/IdUnique",
		"PES-104 PES_Aller/PES_PJ/PJ[1]/RefCompta[1]",
		"PES-108 PES_Aller/PES_PJ/PJ[2]/NomPJ",
		"PES-102 PES_Aller/PES_PJ/PJ[2]",
		"PES-103 PES_Aller/PES_PJ/PJ[2]/RefCompta[1]",
		"PES-318 PES_Aller/PES_PJ/PJ[2]/RefCompta",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSamplesHaveTheVerdictOfTheirDescription(t *testing.T) {
	for name, want := range map[string]string{
		"synthetic_PES_PJ_autonome_ok.xml":                       "PES-206 PES-321",
		"pastell_HELIOS_SIMU_ALR2_LibelleColBud_avec_accent.xml": "PES-201 PES-206 PES-212",
	} {
		document, err := os.ReadFile(refdata.Path(t, "data", "pes", "samples", name))
		if err != nil {
			t.Fatal(err)
		}
		bilan, found := check(t, document, CheckOptions{})
		if got := strings.Join(codes(found), " "); !bilan.SchemaValide || bilan.Erreurs > 0 || got != want {
			t.Errorf("%s: valid %v, %d errors, got %q, want %q", name, bilan.SchemaValide, bilan.Erreurs, got, want)
		}
	}
}

func TestVerdictComesAtEveryTruncation(t *testing.T) {
	whole := []byte(fluxValide)
	end := bytes.LastIndex(whole, []byte("</n:PES_Aller>")) + len("</n:PES_Aller>")
	for n := range end {
		bilan, found := check(t, whole[:n], CheckOptions{})
		if bilan.SchemaValide || len(found) == 0 || found[len(found)-1].Classe() != anomalie.Illisible {
			t.Fatalf("cut at %d of %d: valid %v, %v", n, len(whole), bilan.SchemaValide, found)
		}
		if last := found[len(found)-1]; last.Offset > int64(n) {
			t.Fatalf("cut at %d: fault at offset %d", n, last.Offset)
		}
	}
}

// garble changes bytes of a document where its grammar is.
func garble(r *rand.Rand, source []byte) []byte {
	b := bytes.Clone(source)
	pieces := []string{"<", ">", "&", ";", "\"", "'", "=", "/", " ", "\n", "]]>", "<!--", "-->", "--", "<?", "?>", "<![CDATA[", "xmlns:", ":", "&#", "&#x", "&amp;", "&#65;",
		"\x00", "\x01", "\x7f", "\x85", "\xa0", "\xc3\xa9", "\xff", "é", "n:", "V", "V='1'", "</", "/>", "xml", "\r", "\t", "1", "-", "."}
	for range 1 + r.IntN(2) {
		at := r.IntN(len(b))
		if r.IntN(3) > 0 { // near markup
			if i := bytes.IndexAny(b[at:], "<>=\"/"); i >= 0 {
				at += i + r.IntN(2)
			}
		}
		end := min(len(b), at+r.IntN(3))
		insert := ""
		if r.IntN(4) > 0 {
			insert = pieces[r.IntN(len(pieces))]
		}
		b = slices.Concat(b[:at], []byte(insert), b[end:])
	}
	return b
}

func TestVerdictOnGarbledMarkupIsThatOfLibxml2(t *testing.T) {
	xmllint(t)
	r := rand.New(rand.NewPCG(5, 30))
	var documents [][]byte
	for i := range 800 {
		source := fluxValide
		if i%3 == 0 {
			source = strings.Replace(source, "ISO-8859-1", "UTF-8", 1)
		}
		documents = append(documents, garble(r, []byte(source)))
	}
	valid := 0
	for i, want := range jugeXSD(t, xsdAller(t), documents) {
		if bilan, found := check(t, documents[i], CheckOptions{}); bilan.SchemaValide != want {
			t.Errorf("document %d: we say valid %v, xmllint %v\n%v\n%q", i, bilan.SchemaValide, want, found, documents[i])
		}
		if want {
			valid++
		}
	}
	if valid < 50 || valid > 600 {
		t.Errorf("%d of %d garbled documents are valid: the test judges nothing", valid, len(documents))
	}
}
