package pespj

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/gzip"

	"paye/internal/anomalie"
)

func TestCodesAreCompleteInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
	for _, r := range Codes.Regles() {
		if r.Source == "" {
			t.Errorf("%s has no source", r.Code)
		}
	}
}

func b64(octets []byte) string { return base64.StdEncoding.EncodeToString(octets) }

func deflated(content string) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 9)
	io.WriteString(w, content)
	w.Close()
	return b.Bytes()
}

func TestContentFaults(t *testing.T) {
	sound := deflated(strings.Repeat("bulletin ", 1000))
	with := func(at int, change byte) []byte {
		b := bytes.Clone(sound)
		b[(at+len(b))%len(b)] ^= change
		return b
	}
	for name, row := range map[string]struct {
		content []byte
		want    string
	}{
		"sound":                 {sound, "[]"},
		"nothing":               {nil, "[PES-301]"},
		"one byte":              {sound[:1], "[PES-303]"},
		"not gzip":              {[]byte("%PDF-1.7"), "[PES-303]"},
		"zip instead":           {[]byte("PK\x03\x04 plus the rest of an archive"), "[PES-303]"},
		"only a header":         {sound[:12], "[PES-304]"},
		"cut in the data":       {sound[:len(sound)/2], "[PES-304]"},
		"cut in the trailer":    {sound[:len(sound)-3], "[PES-304]"},
		"checksum":              {with(-8, 1), "[PES-305]"},
		"length":                {with(-1, 1), "[PES-305]"},
		"bytes after":           {append(bytes.Clone(sound), "junk"...), "[PES-306]"},
		"second member":         {append(bytes.Clone(sound), sound...), "[PES-306]"},
		"impossible block":      {append(bytes.Clone(sound[:10]), 0x07, 0xFF, 0xFF), "[PES-307]"},
		"original file empty":   {deflated(""), "[PES-309]"},
		"header with a name":    {withName(sound), "[]"},
		"expanded over a limit": {deflated(strings.Repeat("\x00", 3<<20)), "[PES-308]"},
	} {
		document := avecChange(t, fichierPDF, debutFichier+b64(row.content)+"</Fichier>")
		bilan, found := check(t, document, CheckOptions{Limites: Limites{Contenu: 2 << 20}})
		if got := fmt.Sprint(codes(found)); got != row.want || !bilan.SchemaValide {
			t.Errorf("%s: schema valid %v, got %s, want %s", name, bilan.SchemaValide, got, row.want)
		}
		for _, a := range found {
			if a.Chemin != "PES_Aller/PES_PJ/PJ[2]/Contenu/Fichier" || a.Ligne != 23 {
				t.Errorf("%s: found at %s line %d", name, a.Chemin, a.Ligne)
			}
		}
	}
}

func withName(stream []byte) []byte {
	b := append([]byte{}, stream[:10]...)
	b[3] |= 8
	return append(append(b, "paye.xhl\x00"...), stream[10:]...)
}

func TestRulesOfPieces(t *testing.T) {
	ref := "<RefCompta><Domaine V=\"01\"/><Exercice V=\"2026\"/><TypeObjet V=\"01\"/><Identifiant V=\"1304\"/></RefCompta>\n"
	withType := func(kind, domaine string) [2]string {
		return [2]string{v("TypePJ", "003") + "\n" + v("Description", "Contrat d'embauche") + "\n" + `<RefCompta><Domaine V="01"/>`,
			v("TypePJ", kind) + "\n" + v("Description", "x") + "\n" + `<RefCompta><Domaine V="` + domaine + `"/>`}
	}
	rows := map[string]struct {
		change [2]string
		o      CheckOptions
		want   string
	}{
		"no reference":           {[2]string{ref, ""}, CheckOptions{}, "[PES-321]"},
		"reference declared":     {[2]string{ref, ""}, CheckOptions{PJRefDeclaree: func(id string) bool { return id == "ID2" }}, "[]"},
		"another declared":       {[2]string{ref, ""}, CheckOptions{PJRefDeclaree: func(id string) bool { return id == "ID9" }}, "[PES-321]"},
		"with the mandats":       {[2]string{ref + "</PJ>\n</PES_PJ>", "</PJ>\n</PES_PJ>"}, CheckOptions{}, "[PES-321]"},
		"sent before":            {[2]string{"", ""}, CheckOptions{DejaEnvoye: func(id string) bool { return id == "ID1" }}, "[PES-311]"},
		"CFU without reference":  {[2]string{v("TypePJ", "003") + "\n" + v("Description", "Contrat d'embauche") + "\n" + ref, v("TypePJ", "012") + v("Description", "x")}, CheckOptions{}, "[PES-317]"},
		"payroll that is a PDF":  {[2]string{v("TypePJ", "003"), v("TypePJ", "004")}, CheckOptions{}, "[PES-322]"},
		"third party":            {[2]string{v("Identifiant", "1304"), v("Identifiant", "1304") + v("IdTiers", "12")}, CheckOptions{}, "[PES-323]"},
		"line 0":                 {[2]string{v("ComplementIdentifiant", "1"), v("ComplementIdentifiant", "0A")}, CheckOptions{}, "[PES-319]"},
		"issued tomorrow":        {[2]string{"", ""}, CheckOptions{Jour: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}, "[PES-208]"},
		"issued today":           {[2]string{"", ""}, CheckOptions{Jour: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}, "[]"},
		"no piece":               {[2]string{fluxValide[strings.Index(fluxValide, "<PJ>"):strings.Index(fluxValide, "</PES_PJ>")], ""}, CheckOptions{}, "[PES-211]"},
		"no PES_PJ":              {[2]string{fluxValide[strings.Index(fluxValide, "<PES_PJ>"):strings.Index(fluxValide, "</n:PES_Aller>")], ""}, CheckOptions{}, "[PES-211]"},
		"accounting, no piece":   {[2]string{fluxValide[strings.Index(fluxValide, "<PES_PJ>"):strings.Index(fluxValide, "</n:PES_Aller>")], "<PES_DepenseAller/>"}, CheckOptions{}, "[PES-212]"},
		"above the limit":        {[2]string{"", ""}, CheckOptions{Limite: 100}, "[PES-213]"},
		"more references kept":   {[2]string{ref, strings.Repeat(ref, 5)}, CheckOptions{Limites: Limites{RefCompta: 3}}, "[PES-324]"},
		"more pieces than known": {[2]string{"", ""}, CheckOptions{Limites: Limites{PJ: 1}}, "[PES-215]"},
	}
	for kind, good := range map[string][]string{
		"001": {"04"}, "002": {"02"}, "003": {"01"}, "005": {"01"}, "006": {"01", "02"}, "007": {"02"}, "008": {"02"},
		"009": {"06"}, "010": {"02"}, "011": {"02"}, "012": {"04"}, "013": {"04"}, "014": {"02"},
	} {
		for _, domaine := range []string{"01", "02", "03", "04", "05", "06"} {
			row := rows[""]
			row.change, row.want = withType(kind, domaine), "[PES-315]"
			switch {
			case strings.Contains(strings.Join(good, " "), domaine):
				row.want = "[]"
			case domaine == "03" || domaine == "05":
				row.want = "[PES-316]"
			}
			rows["type "+kind+" domain "+domaine] = row
		}
	}
	for name, row := range rows {
		bilan, found := check(t, avecChange(t, row.change[0], row.change[1]), row.o)
		if got := fmt.Sprint(codes(found)); got != row.want || !bilan.SchemaValide {
			t.Errorf("%s: schema valid %v, got %s, want %s: %v", name, bilan.SchemaValide, got, row.want, found)
		}
	}
}

func TestContentsAreHandedOverInTheSamePass(t *testing.T) {
	var seen []string
	o := CheckOptions{
		Contenu: func(pj *PJLue, r io.Reader) error {
			all, err := io.ReadAll(r)
			seen = append(seen, fmt.Sprintf("%d %s %q", pj.Rang, pj.MIMEType, all))
			return err
		},
		Fin: func(pj *PJLue) { seen = append(seen, pj.IdUnique+" "+pj.NomPJ) },
	}
	check(t, []byte(fluxValide), o)
	want := []string{`1 application/xml "<DocumentPaye/>"`, "ID1 paye.xhl", `2 application/pdf "%PDF-1.7"`, "ID2 contrat.pdf"}
	if fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", seen, want)
	}
}

func TestContentLeftUnreadIsStillVerified(t *testing.T) {
	bad := bytes.Clone(gzOctets("%PDF-1.7"))
	bad[len(bad)-8] ^= 1
	document := avecChange(t, fichierPDF, debutFichier+b64(bad)+"</Fichier>")
	_, found := check(t, document, CheckOptions{Contenu: func(*PJLue, io.Reader) error { return nil }})
	if got := fmt.Sprint(codes(found)); got != "[PES-305]" {
		t.Errorf("got %s", got)
	}
}

func TestErrorOfTheCallerStopsTheCheck(t *testing.T) {
	_, err := Check(strings.NewReader(fluxValide), CheckOptions{Contenu: func(*PJLue, io.Reader) error { return errFull }}, func(*anomalie.Anomalie) {})
	if !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}

func TestErrorOfTheDiskIsNoAnomaly(t *testing.T) {
	for n := range len(fluxValide) {
		src := io.MultiReader(strings.NewReader(fluxValide[:n]), iotest.ErrReader(errFull))
		var found []*anomalie.Anomalie
		_, err := Check(src, CheckOptions{Fichier: "f.xml"}, func(a *anomalie.Anomalie) { found = append(found, a) })
		if !errors.Is(err, errFull) || len(found) > 0 {
			t.Fatalf("failing at %d: got %v, %v", n, err, found)
		}
	}
}

// The verdict and the anomalies do not depend on how the bytes arrive.
func TestVerdictDoesNotDependOnTheReads(t *testing.T) {
	documents := [][]byte{[]byte(fluxValide), avecChange(t, "COMMUNE", "Été"), []byte(strings.Replace(strings.Replace(fluxValide, "COMMUNE", "Été œ", 1), "ISO-8859-1", "UTF-8", 1)),
		utf16le("\uFEFF" + strings.Replace(fluxValide, "ISO-8859-1", "UTF-16", 1))}
	for _, c := range append(append([]cas{}, tableNegative...), tableLibxml2...) {
		documents = append(documents, avecChange(t, c.ancien, c.nouveau))
	}
	for i, d := range documents {
		whole, found := check(t, d, CheckOptions{})
		slow, foundSlowly := checkReader(t, iotest.OneByteReader(bytes.NewReader(d)), CheckOptions{})
		if *whole != *slow || fmt.Sprint(found) != fmt.Sprint(foundSlowly) {
			t.Errorf("document %d: at once %+v %v\nbyte by byte %+v %v", i, *whole, found, *slow, foundSlowly)
		}
	}
}

func TestHostileDocumentsAreRefusedWithinLimits(t *testing.T) {
	open := func(inside string) string {
		return strings.Replace(fluxValide, "<PES_PJ>", "<PES_DepenseAller>"+inside+"</PES_DepenseAller><PES_PJ>", 1)
	}
	wide := `<?xml version="1.0" encoding="UTF-16"?><n:PES_Aller xmlns:n="` + NSAller + `">`
	for name, row := range map[string]struct {
		document string
		want     string
	}{
		"DTD":                  {strings.Replace(fluxValide, "<n:PES_Aller", "<!DOCTYPE n:PES_Aller SYSTEM \"x\"><n:PES_Aller", 1), codeDTD},
		"billion laughs":       {strings.Replace(fluxValide, "<n:PES_Aller", "<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><n:PES_Aller", 1), codeDTD},
		"deep":                 {open(strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300)), codeProfondeur},
		"gigantic attribute":   {open(`<a b="` + x(2<<20) + `"/>`), codeBaliseGeante},
		"gigantic name":        {open("<" + x(2<<20) + "/>"), codeBaliseGeante},
		"unclosed quote":       {open(`<a b="`) + strings.Repeat("x>", 1<<20), codeBalisage},
		"too many attributes":  {open("<a" + manyAttributes(200) + "/>"), codeAttributs},
		"too many namespaces":  {open(strings.Repeat("<a xmlns:b='c' xmlns:d='e' xmlns:f='g'>", 100) + strings.Repeat("</a>", 100)), codeAttributs},
		"reference without ;":  {open("&" + x(1<<20)), codeReference},
		"another document":     {"<html><body/></html>", codeRacine},
		"no XML":               {"%PDF-1.7", codeHorsRacine},
		"zip":                  {"PK\x03\x04\x14\x00", codeHorsRacine},
		"UTF-16, half a unit":  {string(utf16le("\uFEFF"+wide)) + "b", codeOctets},
		"UTF-16, lone half":    {string(utf16le("\uFEFF"+wide)) + "\x00\xD8b\x00", codeOctets},
		"invalid UTF-8 at end": {"<?xml version='1.0'?><n:PES_Aller xmlns:n='" + NSAller + "'>\xC3", codeOctets},
	} {
		bilan, found := check(t, []byte(row.document), CheckOptions{})
		if len(found) == 0 || found[len(found)-1].Code != row.want || bilan.SchemaValide {
			t.Errorf("%s: schema valid %v, got %v, want %s", name, bilan.SchemaValide, codes(found), row.want)
		}
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d='x'", i)
	}
	return b.String()
}

// A comment, an instruction or text may be as long as they like: they are not
// held.
func TestLongRunsOutsideOfTagsAreNotHeld(t *testing.T) {
	document := strings.Replace(fluxValide, "<PES_PJ>",
		"<!-- "+x(3<<20)+" --><?p "+x(3<<20)+"?>"+strings.Repeat("\n", 3<<20)+"<PES_DepenseAller><a>"+strings.Repeat("é", 1<<20)+"<![CDATA["+x(3<<20)+"]]></a></PES_DepenseAller><PES_PJ>", 1)
	bilan, found := check(t, []byte(strings.Replace(document, "ISO-8859-1", "UTF-8", 1)), CheckOptions{})
	if got := fmt.Sprint(codes(found)); got != "[PES-020]" || !bilan.SchemaValide {
		t.Errorf("schema valid %v, got %s", bilan.SchemaValide, got)
	}
}

func TestPlatformsTooSmallForTheFileAreNamed(t *testing.T) {
	// 62 MB of base64: above the two readings of 50 Mo only.
	pad := strings.Repeat(strings.Repeat(" ", 1023)+"\n", 62_000_000/1024)
	src := io.MultiReader(strings.NewReader(strings.TrimSuffix(fluxValide, "</n:PES_Aller>\n")), strings.NewReader(pad), strings.NewReader("</n:PES_Aller>"))
	bilan, found := checkReader(t, src, CheckOptions{})
	if len(found) != 2 || found[0].Args[1] != "tdt50" || found[1].Args[1] != "tdt50-mio" || bilan.Erreurs > 0 {
		t.Errorf("a file of %d bytes: %v", bilan.Octets, found)
	}
}

func TestPersonalDataStayOutOfAnomalies(t *testing.T) {
	for name, change := range map[string][2]string{
		"description": {v("Description", "Contrat d'embauche"), v("Description", "DUPONT "+x(260))},
		"file name":   {v("NomPJ", "contrat.pdf"), v("NomPJ", "contrat DUPONT")},
		"safe name":   {v("NomPJ", "contrat.pdf"), v("NomPJ", "contrat DUPONT.pdf")},
		"third party": {v("Identifiant", "1304"), v("Identifiant", "1304") + v("IdTiers", "DUPONT DUPONT DUPONT")},
		"no quotes":   {v("Description", "Contrat d'embauche"), "<Description V=DUPONT/>"},
		"text":        {v("Description", "Contrat d'embauche"), "<Description>DUPONT</Description>"},
		"no space":    {v("Description", "Contrat d'embauche"), `<Description V="DUPONT"W="DUPONT"/>`},
	} {
		_, found := check(t, avecChange(t, change[0], change[1]), CheckOptions{})
		if len(found) == 0 || strings.Contains(fmt.Sprintf("%+v", found), "DUPONT") {
			t.Errorf("%s: got %+v", name, found)
		}
		for _, a := range found {
			if strings.Contains(fmt.Sprintf("%+v %v", *a, a.Args), "DUPONT") {
				t.Errorf("%s: got %+v", name, *a)
			}
		}
	}
	p := piece(1, gzOctets("x"))
	p.NomPJ, p.Description = "contrat DUPONT.pdf", "DUPONT "+x(260)
	for _, a := range p.Check() {
		if strings.Contains(fmt.Sprintf("%+v", *a), "DUPONT") {
			t.Errorf("writer: got %+v", *a)
		}
	}
}
