package xhl

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"paye/internal/refdata"
)

// decoded is what a Decoder makes of each part of a journal, with what it
// tolerates and refuses, and what it counts over all of them.
func decoded(doc []byte, plain bool) (list []any) {
	o := Options{Segment: 400, MaxDepth: 6}
	o.Anomalie = func(a *Anomalie) { list = append(list, *a) }
	c, err := NewCutter(bytes.NewReader(doc), o)
	if err != nil {
		return nil
	}
	d := NewDecoder(c.Encoding(), o)
	if plain {
		d.steps = nil
	}
	var seg Segment
	var b Bulletin
	for c.Next(&seg) == nil {
		for i, p := range seg.Parts {
			switch p.Kind {
			case PartBulletin:
				err := d.Bulletin(&seg, i, 0, &b)
				list = append(list, b.Clone(), err)
			case PartOuverture:
				etab, err := d.Etablissement(&seg, i)
				list = append(list, etab, err)
			}
		}
	}
	if q, err := c.Queue(); err == nil {
		n, err := d.Nomenclatures(q)
		r, fault := d.RepartitionParNature(q)
		list = append(list, n, err, r, fault)
	}
	d.Finish()
	return list
}

// differing is the first of two lists that differs, "" when none does.
func differing(a, b []any) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d and %d of them", len(a), len(b))
	}
	for i := range a {
		if !reflect.DeepEqual(a[i], b[i]) {
			return fmt.Sprintf("%d: %+v, without steps %+v", i, a[i], b[i])
		}
	}
	return ""
}

func TestStepsAgreeWithThePlainWalk(t *testing.T) {
	docs := map[string][]byte{}
	for _, v := range variants {
		docs[v.name] = v.make(tiny)
	}
	for _, name := range []string{"PayeCeplExemple042005_schema_1.2b.xhl", "PayeCeplExemple082011_schema_1.4.xhl"} {
		t.Run(name, func(t *testing.T) {
			doc, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", name))
			if err != nil {
				t.Fatal(err)
			}
			docs[name] = doc
		})
	}
	for name, doc := range docs {
		fast, plain := decoded(doc, false), decoded(doc, true)
		if found := differing(fast, plain); found != "" || len(plain) == 0 {
			t.Errorf("%s: %s", name, found)
		}
	}
}

func TestStepsAgreeWithThePlainWalkOnDamagedJournals(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	whole := threeTimes(tiny)
	found := 0
	for range 3_000 {
		doc := damaged(rng, whole)
		fast, plain := decoded(doc, false), decoded(doc, true)
		if found := differing(fast, plain); found != "" {
			t.Fatalf("%s\n%s", doc, found)
		}
		found += len(plain)
	}
	if found < 4_000 {
		t.Errorf("only %d parts were compared", found)
	}
}

// FuzzDecoder holds the steps to their plain twin, which looks at every tag.
func FuzzDecoder(f *testing.F) {
	for _, change := range []string{``, `<Code V="1"/>|<Code V="&#49;"/>`, `V="1"|V='1'`, `<Code|<!-- c --><Code`, `</Agent>|</Agenda>`, `/>|B="x"/>`, `V="1|V="<`, "V=\"1|V=\"\xe9"} {
		from, to, _ := strings.Cut(change, "|")
		f.Add([]byte(strings.Replace(threeTimes(tiny), from, to, 1)))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if found := differing(decoded(doc, false), decoded(doc, true)); found != "" {
			t.Error(found)
		}
	})
}

// Steps are learnt, and taken: without them nothing above would be compared.
func TestStepsAreTaken(t *testing.T) {
	c, err := NewCutter(strings.NewReader(threeTimes(tiny)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var seg Segment
	if err := c.Next(&seg); err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(c.Encoding(), Options{})
	var b Bulletin
	known := func() (n int) {
		for _, s := range d.steps {
			for _, list := range s.after {
				n += len(list)
			}
		}
		return n
	}
	var counts []int
	for i, p := range seg.Parts {
		if p.Kind == PartBulletin {
			if err := d.Bulletin(&seg, i, 0, &b); err != nil {
				t.Fatal(err)
			}
			counts = append(counts, known())
		}
	}
	if len(counts) < 3 || counts[0] == 0 || counts[1] != counts[0] || counts[2] != counts[0] {
		t.Errorf("steps known after each bulletin: %v", counts)
	}
}
