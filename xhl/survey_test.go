package xhl

import (
	"bytes"
	"errors"
	"io"
	"os"
	"reflect"
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
