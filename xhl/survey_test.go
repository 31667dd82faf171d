package xhl

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"paye/internal/refdata"
)

// surveyAll surveys a journal and, as the plain twin, decodes it.
func surveyAll(t *testing.T, doc []byte) {
	t.Helper()
	c, err := NewCutter(bytes.NewReader(doc), Options{Segment: 4000})
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(c.Encoding(), Options{})
	var seg Segment
	var s Survey
	var b Bulletin
	fast, plain := NewTotaux(), NewTotaux()
	for {
		if err := c.Next(&seg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for i, p := range seg.Parts {
			if p.Kind != PartBulletin {
				continue
			}
			if err := d.Survey(&seg, i, 0, &s, fast); err != nil {
				t.Fatal(err)
			}
			if err := d.Bulletin(&seg, i, 0, &b); err != nil {
				t.Fatal(err)
			}
			plain.Add(&b)
			if s.Matricule != b.Agent.Matricule || s.Service != b.Service || len(s.PJRef) != len(b.PJRef) || len(s.PJRef) > 0 && !reflect.DeepEqual(s.PJRef, b.PJRef) {
				t.Errorf("survey %q %q %v, decoder %q %q %v", s.Matricule, s.Service, s.PJRef, b.Agent.Matricule, b.Service, b.PJRef)
			}
		}
	}
	if !reflect.DeepEqual(fast, plain) {
		t.Errorf("totals of the survey differ from those of the decoder")
	}
	if plain.Lignes() == 0 {
		t.Errorf("no line was summed")
	}
}

func TestSurveyAgreesWithTheDecoder(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) { surveyAll(t, v.make(tiny)) })
	}
	for _, name := range []string{"PayeCeplExemple042005_schema_1.2b.xhl", "PayeCeplExemple082011_schema_1.4.xhl"} {
		t.Run(name, func(t *testing.T) {
			doc, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", name))
			if err != nil {
				t.Fatal(err)
			}
			surveyAll(t, doc)
		})
	}
}

func TestSurveyRefusesCrossedTags(t *testing.T) {
	doc := strings.Replace(tiny, "</Agent>", "</Agenda>", 1)
	c, err := NewCutter(strings.NewReader(doc), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var seg Segment
	if err := c.Next(&seg); err != nil {
		t.Fatal(err)
	}
	err = NewDecoder(c.Encoding(), Options{}).Survey(&seg, 1, 0, new(Survey), NewTotaux())
	var a *Anomalie
	if !errors.As(err, &a) || a.Code != "XHL-009" || a.Matricule != "A1" || a.Ligne != 12 {
		t.Errorf("got %v", err)
	}
}

// surveyed is what a Survey says of each bulletin of a journal, its fault included.
func surveyed(doc []byte, plain bool) (list []string, totals *Totaux) {
	totals = NewTotaux()
	c, err := NewCutter(bytes.NewReader(doc), Options{Segment: 400})
	if err != nil {
		return nil, totals
	}
	d := NewDecoder(c.Encoding(), Options{})
	if plain {
		d.trail = nil
	}
	var seg Segment
	for c.Next(&seg) == nil {
		for i, p := range seg.Parts {
			if p.Kind == PartBulletin {
				var s Survey
				err := d.Survey(&seg, i, 0, &s, totals)
				list = append(list, fmt.Sprintf("%q %q %q %v", s.Matricule, s.Service, s.PJRef, err))
			}
		}
	}
	return list, totals
}

// FuzzSurvey holds the dash to its plain twin, which looks at every tag.
func FuzzSurvey(f *testing.F) {
	twice := strings.NewReplacer("</PayeIndivMensuel>", "</PayeIndivMensuel>\n"+tiny[strings.Index(tiny, "<PayeIndivMensuel>"):strings.Index(tiny, "</PayeIndivMensuel>")]+"</PayeIndivMensuel>")
	for _, change := range []string{``, `<Code V="1"/>|<Code V="&#49;"/>`, `V="1"|V='1'`, `<Code|<!-- c --><Code`, `</Agent>|</Agenda>`, `/>|B="x"/>`, `V="1|V="<`} {
		from, to, _ := strings.Cut(change, "|")
		f.Add([]byte(strings.Replace(twice.Replace(tiny), from, to, 1)))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		fast, sums := surveyed(doc, false)
		plain, want := surveyed(doc, true)
		if !reflect.DeepEqual(fast, plain) || !reflect.DeepEqual(sums, want) {
			t.Errorf("dash: %q\nplain: %q", fast, plain)
		}
	})
}

func TestSurveyRefusesWhatNoReaderTakes(t *testing.T) {
	utf8 := strings.Replace(tiny, "ISO-8859-1", "UTF-8", 1)
	for _, c := range []struct{ name, doc, from, to, code string }{
		{"an unknown entity", tiny, `<Matricule V="`, `<Matricule V="&eacute;`, "XHL-010"},
		{"an ampersand in a value that is passed over", tiny, `<Libelle V="`, `<Libelle V="a & b`, "XHL-010"},
		{"a reference to no character", tiny, `<Libelle V="`, `<Libelle V="&#1;`, "XHL-008"},
		{"an ampersand between tags", tiny, `<Agent>`, `<Agent>&`, "XHL-010"},
		{"a control character between tags", tiny, `<Agent>`, "<Agent>\x01", "XHL-008"},
		{"the end of a section between tags", tiny, `<Agent>`, `<Agent>]]>`, "XHL-002"},
		{"a byte that is not UTF-8", utf8, `<Libelle V="`, "<Libelle V=\"\xe9", "XHL-008"},
		{"a byte that is not UTF-8 in a comment", utf8, `<Agent>`, "<Agent><!-- \xe9 -->", "XHL-008"},
	} {
		if !strings.Contains(c.doc, c.from) {
			t.Fatalf("%s: no %s in the journal", c.name, c.from)
		}
		list, _ := surveyed([]byte(strings.ReplaceAll(c.doc, c.from, c.to)), false)
		if found := strings.Join(list, "\n"); !strings.Contains(found, c.code) {
			t.Errorf("%s: %s, want %s", c.name, found, c.code)
		}
	}
}

func TestDashAgreesWithThePlainWalkOnDamagedJournals(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	whole := threeTimes(tiny)
	found := 0
	for range 4_000 {
		doc := damaged(rng, whole)
		fast, sums := surveyed(doc, false)
		plain, want := surveyed(doc, true)
		if !reflect.DeepEqual(fast, plain) || !reflect.DeepEqual(sums, want) {
			t.Fatalf("%s\ndash: %q\nplain: %q", doc, fast, plain)
		}
		found += len(plain)
	}
	if found < 4_000 {
		t.Errorf("only %d bulletins were compared", found)
	}
}

// threeTimes is a journal with its first bulletin three times.
func threeTimes(doc string) string {
	from, to := strings.Index(doc, "<PayeIndivMensuel>"), strings.Index(doc, "</PayeIndivMensuel>")+len("</PayeIndivMensuel>")
	bulletin := doc[from:to]
	return strings.Replace(doc, bulletin, bulletin+"\n"+bulletin+"\n"+bulletin, 1)
}

// damaged is a journal with one to three places removed, repeated or changed.
func damaged(rng *rand.Rand, whole string) []byte {
	doc := []byte(whole)
	for range 1 + rng.IntN(3) {
		from := rng.IntN(len(doc))
		to := min(len(doc), from+rng.IntN(40))
		switch at := rng.IntN(len(doc)); rng.IntN(3) {
		case 0:
			doc = slices.Delete(doc, from, to)
		case 1:
			doc = slices.Insert(doc, at, slices.Clone(doc[from:to])...)
		default:
			doc[at] = "<>/\"'&V= \n\xe9"[rng.IntN(11)]
		}
	}
	return doc
}
