package xhl

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"paye/internal/refdata"
	"paye/internal/xmlw"
	"paye/xhl/internal/schema"
)

// tiny is a journal of two bulletins in two établissements, small enough to
// be read whole in a failing test.
const tiny = `<?xml version="1.0" encoding="UTF-8"?>
<n:DocumentPaye xmlns:n="` + schema.Namespace + `">
	<IdVer V="1.4"/>
	<Annee V="2026"/>
	<Mois V="11"/>
	<Employeur>
		<Nom V="Ville d'Essai"/>
		<Siret V="12345678200010"/>
	</Employeur>
	<DonneesIndiv>
		<Etablissement><Nom V="Mairie"/><Siret V="12345678200010"/></Etablissement>
		<PayeIndivMensuel><Agent><Nom V="Élodie"/><Matricule V="A1"/></Agent><Service V="A &amp; B"/><NBI V="0"/><NBI V="25"/>
			<Remuneration><TraitBrut><Libelle V="Traitement"/><Code V="100"/><Mt V="2000.00"/></TraitBrut></Remuneration>
			<MtBrut V="2000.00"/></PayeIndivMensuel>
	</DonneesIndiv>
	<DonneesIndiv>
		<PayeIndivMensuel><Agent><Matricule V="B2"/></Agent><PJRef><Support V="01"/><IdUnique V="X1"/></PJRef></PayeIndivMensuel>
	</DonneesIndiv>
	<Nomenclatures><NomenclatureCaisse><Description V="Caisses"/></NomenclatureCaisse></Nomenclatures>
	<RepartitionParNature><Repartition><Code V="64111"/><Mt V="2000.00"/></Repartition></RepartitionParNature>
</n:DocumentPaye>
`

func readAll(t *testing.T, r io.Reader, o Options) ([]*Bulletin, *Reader, error) {
	t.Helper()
	rd, err := NewReader(r, o)
	if err != nil {
		return nil, nil, err
	}
	var list []*Bulletin
	for b, err := range rd.Bulletins() {
		if err != nil {
			return list, rd, err
		}
		list = append(list, b.Clone())
	}
	return list, rd, nil
}

func TestReaderGivesWhatTheJournalHolds(t *testing.T) {
	list, rd, err := readAll(t, strings.NewReader(tiny), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e := rd.Entete(); e.Annee != "2026" || e.Mois != "11" || e.Employeur.Nom != "Ville d'Essai" || e.Employeur.Siret != "12345678200010" || e.Train.Set {
		t.Errorf("entete: %+v", e)
	}
	if len(list) != 2 {
		t.Fatalf("%d bulletins, want 2", len(list))
	}
	a, b := list[0], list[1]
	if a.Agent.Nom.Reveal() != "Élodie" || a.Agent.Matricule != "A1" || a.Service != "A & B" || len(a.NBI) != 2 || a.NBI[1].Reveal() != "25" {
		t.Errorf("first bulletin: %q %q %q %d NBI", a.Agent.Nom.Reveal(), a.Agent.Matricule, a.Service, len(a.NBI))
	}
	if l := a.Remuneration.Lignes; len(l) != 1 || l[0].Nature != TraitBrut || l[0].Mt.Reveal() != "2000.00" || l[0].CodeCaisse.Set {
		t.Errorf("lines: %+v", l)
	}
	if a.Lieu.Etablissement == nil || a.Lieu.Etablissement.Nom != "Mairie" || a.Lieu.Groupe != 0 || a.Lieu.Rang != 0 {
		t.Errorf("place of the first: %+v", a.Lieu)
	}
	if b.Lieu.Etablissement != nil || b.Lieu.Groupe != 1 || b.Lieu.Rang != 1 || len(b.PJRef) != 1 || b.PJRef[0].IdUnique != "X1" || b.PJRef[0].NomPJ.Set {
		t.Errorf("second bulletin: %+v %+v", b.Lieu, b.PJRef)
	}
	for _, x := range list {
		if got := tiny[x.Lieu.Offset : int(x.Lieu.Offset)+len(x.Lieu.Raw)]; got != string(x.Lieu.Raw) {
			t.Errorf("offset %d does not lead to the raw bytes", x.Lieu.Offset)
		}
		if want := 1 + int64(strings.Count(tiny[:x.Lieu.Offset], "\n")); x.Lieu.Ligne != want {
			t.Errorf("line %d, want %d", x.Lieu.Ligne, want)
		}
	}
	rep, err := rd.RepartitionParNature()
	if err != nil || len(rep.Repartition) != 1 || rep.Repartition[0].Code != "64111" {
		t.Errorf("répartition: %+v, %v", rep, err)
	}
	nom, err := rd.Nomenclatures()
	if err != nil || nom.NomenclatureCaisse.Description != "Caisses" {
		t.Errorf("nomenclatures: %+v, %v", nom, err)
	}
}

// variants are shapes of the same journal that the wild files hold.
var variants = []struct {
	name string
	make func(string) []byte
}{
	{"as it is", func(s string) []byte { return []byte(s) }},
	{"byte order mark", func(s string) []byte { return []byte("\xEF\xBB\xBF" + s) }},
	{"no declaration", func(s string) []byte { return []byte(s[strings.Index(s, "<n:"):]) }},
	{"old namespace", replaced(schema.Namespace, "http://www.minefi.gouv.fr/cp/helios/pes")},
	{"no namespace", replaced(` xmlns:n="`+schema.Namespace+`"`, "", "n:DocumentPaye", "DocumentPaye")},
	{"default namespace", replaced("xmlns:n", "xmlns", "n:DocumentPaye", "DocumentPaye")},
	{"prefixed children", func(s string) []byte {
		head, body, _ := strings.Cut(s, "\t<IdVer")
		body = "\t<IdVer" + body
		body, tail, _ := strings.Cut(body, "</n:")
		body = strings.NewReplacer("</", "</n:", "<", "<n:").Replace(body)
		return []byte(head + body + "</n:" + tail)
	}},
	{"blanks around the equals sign", replaced(`V="`, `V = "`)},
	{"single quotes", replaced(`"Ville d'Essai"`, `"Ville d&apos;Essai"`, `V="0"`, `V='0'`, `V="A1"`, `V='A1'`)},
	{"line breaks in tags", replaced(` V="`, "\n V=\"", "<Agent>", "<Agent\n>", "</PayeIndivMensuel>", "</PayeIndivMensuel \n>")},
	{"open leaves", replaced(`<Service V="A &amp; B"/>`, `<Service V="A &amp; B"></Service>`, `<Mois V="11"/>`, `<Mois V="11"><!-- novembre --></Mois>`)},
	{"comments that look like tags", replaced("<NBI", "<!-- </PayeIndivMensuel> <PayeIndivMensuel> --><NBI", "<Nomenclatures>", "<!-- </n:DocumentPaye> --><Nomenclatures>")},
	{"processing instructions", replaced("<Agent>", "<?x </PayeIndivMensuel> ?><Agent>")},
	{"a comment before the root", replaced("<n:DocumentPaye", "<!-- <n:DocumentPaye> -->\n<n:DocumentPaye")},
	{"CRLF", replaced("\n", "\r\n")},
	{"ISO-8859-1", func(s string) []byte {
		out, _ := charmap.ISO8859_1.NewEncoder().String(strings.Replace(s, "UTF-8", "ISO-8859-1", 1))
		return []byte(out)
	}},
	{"ISO-8859-15", func(s string) []byte {
		out, _ := charmap.ISO8859_15.NewEncoder().String(strings.Replace(s, "UTF-8", "ISO-8859-15", 1))
		return []byte(out)
	}},
	{"windows-1252", func(s string) []byte {
		out, _ := charmap.Windows1252.NewEncoder().String(strings.Replace(s, "UTF-8", "windows-1252", 1))
		return []byte(out)
	}},
	{"UTF-16 with a mark", func(s string) []byte {
		out, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(s, "UTF-8", "UTF-16", 1))
		return []byte(out)
	}},
	{"UTF-16 without a mark", func(s string) []byte {
		out, _ := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(strings.Replace(s, "UTF-8", "UTF-16", 1))
		return []byte(out)
	}},
}

func replaced(oldnew ...string) func(string) []byte {
	return func(s string) []byte { return []byte(strings.NewReplacer(oldnew...).Replace(s)) }
}

func TestReaderTakesTheShapesOfWildFiles(t *testing.T) {
	want, _, err := readAll(t, strings.NewReader(tiny), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			doc := v.make(tiny)
			for _, segment := range []int{1, 1 << 20} {
				for name, r := range map[string]io.Reader{"whole": bytes.NewReader(doc), "byte by byte": iotest.OneByteReader(bytes.NewReader(doc))} {
					got, _, err := readAll(t, r, Options{Segment: segment})
					if err != nil {
						t.Fatalf("%s, segments of %d: %v", name, segment, err)
					}
					if len(got) != len(want) {
						t.Fatalf("%s, segments of %d: %d bulletins, want %d", name, segment, len(got), len(want))
					}
					for i := range got {
						if a, b := written(got[i]), written(want[i]); a != b {
							t.Errorf("%s: bulletin %d\ngot  %s\nwant %s", name, i, a, b)
						}
					}
				}
			}
		})
	}
}

// written is a bulletin as a Writer has it, values that the schema refuses
// included.
func written(b *Bulletin) string {
	doc, err := NewBulletinEncoder(WriterOptions{Charset: xmlw.UTF8}).Append(nil, b)
	return fmt.Sprint(string(doc), err)
}

// tile puts the pieces of a Cutter end to end, in the journal's own encoding.
func tile(t *testing.T, doc []byte, o Options) []byte {
	t.Helper()
	c, err := NewCutter(bytes.NewReader(doc), o)
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.Clone(c.Prologue())
	var seg Segment
	for {
		err := c.Next(&seg)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, p := range seg.Parts {
			if p.Start != at {
				t.Fatalf("part begins at %d, want %d", p.Start, at)
			}
			at = p.End
		}
		if at != len(seg.Raw) {
			t.Fatalf("parts end at %d of %d", at, len(seg.Raw))
		}
		whole = append(whole, seg.Raw...)
	}
	q, err := c.Queue()
	if err != nil {
		t.Fatal(err)
	}
	whole = append(append(append(whole, q.Nomenclatures...), q.RepartitionParNature...), q.Fin...)
	native, err := c.Encoding().Native(nil, whole)
	if err != nil {
		t.Fatal(err)
	}
	return native
}

// TestNullByteAfterTheRootEndsTheJournal: padding that a mainframe leaves. It is
// told as package check tells it, and goes into no volume.
func TestNullByteAfterTheRootEndsTheJournal(t *testing.T) {
	for _, after := range []string{"\x00", "\x00\x00\x00", "\n\x00\x00", "<!-- c -->\n\x00", "\x00<a/>", "\x00x", strings.Repeat("\x00", 100_000)} {
		for _, segment := range []int{1, 300, 1 << 20} {
			doc := []byte(tiny + after)
			var told []string
			got := tile(t, doc, Options{Segment: segment, Anomalie: func(a *Anomalie) {
				told = append(told, fmt.Sprint(a.Code, " ", a.Offset))
			}})
			end := bytes.IndexByte(doc, 0)
			if want := fmt.Sprint("XHL-016 ", end); !bytes.Equal(got, doc[:end]) || !slices.Contains(told, want) {
				t.Errorf("%.20q: got %d bytes and %v, want %d and %s", after, len(got), told, end, want)
			}
		}
	}
}

func TestPiecesOfACutterAreTheJournal(t *testing.T) {
	for _, v := range variants {
		doc := v.make(tiny)
		for _, segment := range []int{1, 300, 1 << 20} {
			if got := tile(t, doc, Options{Segment: segment}); !bytes.Equal(got, doc) {
				t.Errorf("%s: pieces differ from the journal\ngot  %q\nwant %q", v.name, got, doc)
			}
		}
	}
}

func TestOfficialSamples(t *testing.T) {
	for _, tc := range []struct {
		file      string
		bulletins int
		train     string
	}{
		{"PayeCeplExemple042005_schema_1.2b.xhl", 303, ""},
		{"PayeCeplExemple052005_schema_1.2b.xhl", 301, ""},
		{"PayeCeplExemple082011_schema_1.4.xhl", 301, "AGENTS"},
	} {
		doc, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", tc.file))
		if err != nil {
			t.Fatal(err)
		}
		list, rd, err := readAll(t, bytes.NewReader(doc), Options{Anomalie: func(a *Anomalie) { t.Errorf("%s: %v", tc.file, a) }})
		if err != nil || len(list) != tc.bulletins {
			t.Errorf("%s: %d bulletins, want %d: %v", tc.file, len(list), tc.bulletins, err)
			continue
		}
		if rd.Entete().Train.Or("") != tc.train {
			t.Errorf("%s: train %q", tc.file, rd.Entete().Train.V)
		}
		nom, err := rd.Nomenclatures()
		if err != nil || len(nom.NomenclatureRubriquePaye.Correspondance) < 900 {
			t.Errorf("%s: nomenclatures: %v", tc.file, err)
		}
		if got := tile(t, doc, Options{Segment: 50_000}); !bytes.Equal(got, doc) {
			t.Errorf("%s: pieces differ from the journal", tc.file)
		}
	}
}

func TestTruncationAtAnyByteIsAnAnomaly(t *testing.T) {
	end := strings.Index(tiny, "</n:DocumentPaye>") + len("</n:DocumentPaye>")
	for n := 0; n < end; n++ {
		_, _, err := readAll(t, strings.NewReader(tiny[:n]), Options{Segment: 1})
		var a *Anomalie
		if !errors.As(err, &a) {
			t.Fatalf("cut at %d: error %v", n, err)
		}
		if a.Offset < 0 || a.Ligne < 1 {
			t.Fatalf("cut at %d: no place: %v", n, a)
		}
	}
}

func TestHostileJournalsAreRefused(t *testing.T) {
	deep := strings.Replace(tiny, "<Service", strings.Repeat("<x>", 1000)+strings.Repeat("</x>", 1000)+"<Service", 1)
	for _, tc := range []struct{ name, code, doc string }{
		{"empty", "XHL-017", ""},
		{"DOCTYPE", "XHL-003", strings.Replace(tiny, "<n:DocumentPaye", `<!DOCTYPE n [<!ENTITY a "aaa">]><n:DocumentPaye`, 1)},
		{"entity", "XHL-010", strings.Replace(tiny, "A &amp; B", "&boom;", 1)},
		{"another root", "XHL-006", "<PES_Aller/>"},
		{"not XML", "XHL-017", "%PDF-1.7 <<"},
		{"a text", "XHL-017", "Bonjour,\nvoici le journal.\n"},
		{"a declaration alone", "XHL-017", `<?xml version="1.0"?>` + "\n"},
		{"cut in the root tag", "XHL-001", `<?xml version="1.0"?>` + "\n<n:DocumentPa"},
		{"crossed tags", "XHL-009", strings.Replace(tiny, "</Agent>", "</Agenda>", 1)},
		{"duplicate attribute", "XHL-007", strings.Replace(tiny, `V="A1"`, `V="A1" V="A2"`, 1)},
		{"control character", "XHL-008", strings.Replace(tiny, `V="A1"`, "V=\"A\x01\"", 1)},
		{"NUL in a value", "XHL-008", strings.Replace(tiny, `V="A1"`, "V=\"A\x00\"", 1)},
		{"forbidden reference", "XHL-008", strings.Replace(tiny, `V="A1"`, `V="&#0;"`, 1)},
		{"a second root", "XHL-011", tiny + "<x/>"},
		{"text after the root", "XHL-011", tiny + "x"},
		{"bulletins after the nomenclatures", "XHL-012", strings.Replace(tiny, "<RepartitionParNature>", "<DonneesIndiv></DonneesIndiv><RepartitionParNature>", 1)},
		{"deep nesting", "XHL-004", deep},
		{"a gigantic attribute", "XHL-004", strings.Replace(tiny, "A1", strings.Repeat("A", 3<<20), 1)},
		{"an endless comment", "XHL-004", strings.Replace(tiny, "<IdVer", "<!-- "+strings.Repeat("x", 3<<20)+" --><IdVer", 1)},
		{"unknown charset", "XHL-005", strings.Replace(tiny, "UTF-8", "EBCDIC-FR", 1)},
		{"unquoted attribute", "XHL-002", strings.Replace(tiny, `V="A1"`, `V=A1`, 1)},
		{"lone less-than in an attribute", "XHL-002", strings.Replace(tiny, `V="A1"`, `V="<"`, 1)},
	} {
		_, _, err := readAll(t, strings.NewReader(tc.doc), Options{Fichier: "x.xhl", MaxBulletin: 4 << 20})
		var a *Anomalie
		if !errors.As(err, &a) || a.Code != tc.code {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.code)
		}
	}
}

func TestToleratedDeviationsAreReported(t *testing.T) {
	doc := strings.NewReplacer("<Service", "<Prime V=\"1\"/>bonjour<Service").Replace(tiny)
	var codes []string
	list, _, err := readAll(t, strings.NewReader(doc), Options{Anomalie: func(a *Anomalie) {
		codes = append(codes, a.Code+" "+a.Matricule+" "+a.Chemin)
	}})
	if err != nil || list[0].Service != "A & B" {
		t.Fatalf("%v", err)
	}
	if got, want := strings.Join(codes, ", "), "XHL-101 A1 PayeIndivMensuel, XHL-102 A1 PayeIndivMensuel"; !strings.Contains(got, "XHL-101 A1") || !strings.Contains(got, "XHL-102 A1") {
		t.Errorf("got %q, want about %q", got, want)
	}
}

func TestBytesOfWindows1252UnderLatin1AreCounted(t *testing.T) {
	doc := strings.NewReplacer("UTF-8", "ISO-8859-1", "Élodie", "C\x9cur \x80", "A &amp; B", "\x99").Replace(tiny)
	var found []*Anomalie
	list, _, err := readAll(t, strings.NewReader(doc), Options{Anomalie: func(a *Anomalie) { found = append(found, a) }})
	if err != nil {
		t.Fatal(err)
	}
	if got := list[0].Agent.Nom.Reveal(); got != "Cœur €" {
		t.Errorf("name %q", got)
	}
	if len(found) != 1 || found[0].Code != "XHL-013" || found[0].Args[0] != 3 {
		t.Errorf("anomalies: %v", found)
	}
}

func TestValuesThatAreNotUTF8AreCountedInTheCodeListsToo(t *testing.T) {
	doc := strings.NewReplacer("Élodie", "Elodie", "<Nomenclatures>", "<Nomenclatures><NomenclatureCaisse><Description V=\"Caisses\"/><Correspondance><Libelle V=\"S\xe9curit\xe9\"/><Code V=\"C\"/></Correspondance></NomenclatureCaisse>").Replace(tiny)
	var found []*Anomalie
	r, err := NewReader(strings.NewReader(doc), Options{Anomalie: func(a *Anomalie) { found = append(found, a) }})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range r.Bulletins() {
		if err != nil {
			t.Fatal(err)
		}
	}
	n, err := r.Nomenclatures()
	if err != nil || n == nil {
		t.Fatal(n, err)
	}
	if len(found) != 1 || found[0].Code != "XHL-014" || found[0].Args[0] != 1 {
		t.Errorf("anomalies: %v", found)
	}
}

func TestReadErrorsKeepTheirCause(t *testing.T) {
	broken := errors.New("disk on fire")
	r := io.MultiReader(strings.NewReader(tiny[:900]), iotest.ErrReader(broken))
	_, _, err := readAll(t, r, Options{})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
