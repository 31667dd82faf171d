package xhl_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/beevik/etree"

	"paye/xhl"
)

// content is what every implementation gets out of a journal: who is paid, and
// the sum of the lines.
type content struct {
	bulletins  int
	matricules uint64 // FNV-1a of the matricules in the order of the book
	lignes     int
	centimes   int64
}

// readers read a whole journal. Those that decode everything are xhl-reader and
// encoding-xml-structs; the others look for the matricule and the amounts only.
// encoding-xml-raw does not verify that tags match; ours do. xhl-survey keeps
// its sums by rubrique, and TestSurveySumsAsTheReaderDoes compares them.
var readers = []struct {
	impl string
	read func(journal []byte) (content, error)
}{
	{"xhl-reader", readReader},
	{"xhl-survey", readSurvey},
	{"encoding-xml-raw", readRaw},
	{"encoding-xml-tokens", readTokens},
	{"encoding-xml-structs", readStructs},
	{"etree", readEtree},
}

func TestEveryReaderSeesTheSameContent(t *testing.T) {
	c := bulletinsOf(t)
	for _, r := range readers {
		t.Run(r.impl, func(t *testing.T) { checkReader(t, c, r.impl, r.read) })
	}
}

func TestSurveySumsAsTheReaderDoes(t *testing.T) {
	checkSurvey(t, bulletinsOf(t))
}

func BenchmarkRead(b *testing.B) {
	c := bulletinsOf(b)
	checkSurvey(b, c)
	for _, r := range readers {
		checkReader(b, c, r.impl, r.read)
		b.Run("impl="+r.impl, func(b *testing.B) {
			b.SetBytes(int64(len(c.journal)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.read(c.journal); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(c.bulletins)), "bulletins/op")
		})
	}
}

// checkReader compares with the trees that encoding/xml made of the journal.
func checkReader(tb testing.TB, c *corpus, impl string, read func([]byte) (content, error)) {
	tb.Helper()
	var want content
	for _, tree := range c.trees {
		want.bulletins++
		for _, child := range tree.children {
			for _, grandchild := range child.children {
				switch {
				case child.name == "Agent" && grandchild.name == "Matricule":
					want.agent(grandchild.value)
				case child.name == "Remuneration":
					for _, n := range grandchild.children {
						if n.name == "Mt" {
							if err := want.ligne(n.value); err != nil {
								tb.Fatal(err)
							}
						}
					}
				}
			}
		}
	}
	if impl == "xhl-survey" {
		want.centimes = 0
	}
	got, err := read(c.journal)
	if err != nil {
		tb.Fatalf("%s: %v", impl, err)
	}
	if got != want || got.bulletins == 0 || got.lignes == 0 {
		tb.Fatalf("%s: got %+v, want %+v", impl, got, want)
	}
}

// checkSurvey compares the sums of Survey, once charged to the accounts, with
// those of the bulletins that the Reader decodes.
func checkSurvey(tb testing.TB, c *corpus) {
	tb.Helper()
	_, totals, err := survey(c.journal)
	if err != nil {
		tb.Fatal(err)
	}
	decoded := xhl.NewTotaux()
	for _, b := range c.bulletins {
		decoded.Add(b)
	}
	got := totals.Repartition(c.nomenclatures).RepartitionParNature.Repartition
	want := decoded.Repartition(c.nomenclatures).RepartitionParNature.Repartition
	if len(want) == 0 || len(got) != len(want) {
		tb.Fatalf("got %d accounts, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			tb.Fatalf("account %s: got %s, want %s", want[i].Code, got[i].Mt.Reveal(), want[i].Mt.Reveal())
		}
	}
}

func (c *content) agent(matricule string) {
	const offset, prime = 14695981039346656037, 1099511628211
	if c.matricules == 0 {
		c.matricules = offset
	}
	for i := range len(matricule) {
		c.matricules = (c.matricules ^ uint64(matricule[i])) * prime
	}
	c.matricules *= prime // so that 12, 3 differs from 1, 23
}

func (c *content) ligne(mt string) error {
	m, ok := xhl.Decimal(mt).Montant()
	if !ok {
		return fmt.Errorf("bulletin %d: Mt is not an amount", c.bulletins)
	}
	c.lignes++
	c.centimes += int64(m)
	return nil
}

func readReader(journal []byte) (content, error) {
	var c content
	r, err := xhl.NewReader(bytes.NewReader(journal), xhl.Options{})
	if err != nil {
		return c, err
	}
	for b, err := range r.Bulletins() {
		if err != nil {
			return c, err
		}
		c.bulletins++
		c.agent(b.Agent.Matricule)
		for i := range b.Remuneration.Lignes {
			if err := c.ligne(b.Remuneration.Lignes[i].Mt.Reveal()); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

func readSurvey(journal []byte) (content, error) {
	c, _, err := survey(journal)
	return c, err
}

func survey(journal []byte) (content, *xhl.Totaux, error) {
	var c content
	cut, err := xhl.NewCutter(bytes.NewReader(journal), xhl.Options{})
	if err != nil {
		return c, nil, err
	}
	dec := xhl.NewDecoder(cut.Encoding(), xhl.Options{})
	totals := xhl.NewTotaux()
	var seg xhl.Segment
	var s xhl.Survey
	for {
		err := cut.Next(&seg)
		if errors.Is(err, io.EOF) {
			c.lignes = totals.Lignes()
			return c, totals, nil
		}
		if err != nil {
			return c, nil, err
		}
		for i, p := range seg.Parts {
			if p.Kind != xhl.PartBulletin {
				continue
			}
			if err := dec.Survey(&seg, i, c.bulletins, &s, totals); err != nil {
				return c, nil, err
			}
			c.bulletins++
			c.agent(s.Matricule)
		}
	}
}

func readRaw(journal []byte) (content, error) {
	return walk(xml.NewDecoder(bytes.NewReader(journal)).RawToken)
}

func readTokens(journal []byte) (content, error) {
	return walk(xml.NewDecoder(bytes.NewReader(journal)).Token)
}

func walk(next func() (xml.Token, error)) (content, error) {
	var c content
	remuneration := false
	for {
		tok, err := next()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "PayeIndivMensuel":
				c.bulletins++
			case "Matricule":
				c.agent(t.Attr[0].Value)
			case "Remuneration":
				remuneration = true
			case "Mt":
				if remuneration {
					if err := c.ligne(t.Attr[0].Value); err != nil {
						return c, err
					}
				}
			}
		case xml.EndElement:
			if t.Name.Local == "Remuneration" {
				remuneration = false
			}
		}
	}
}

func readStructs(journal []byte) (content, error) {
	var c content
	d := xml.NewDecoder(bytes.NewReader(journal))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		start, ok := tok.(xml.StartElement)
		if !ok || start.Name.Local != "PayeIndivMensuel" {
			continue
		}
		var p payeIndivMensuel
		if err := d.DecodeElement(&p, &start); err != nil {
			return c, err
		}
		c.bulletins++
		c.agent(p.Agent.Matricule.V)
		for _, lignes := range p.Remuneration.lignes() {
			for i := range lignes {
				if err := c.ligne(lignes[i].Mt.V); err != nil {
					return c, err
				}
			}
		}
	}
}

func readEtree(journal []byte) (content, error) {
	var c content
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(journal); err != nil {
		return c, err
	}
	for _, groupe := range doc.Root().SelectElements("DonneesIndiv") {
		for _, bulletin := range groupe.SelectElements("PayeIndivMensuel") {
			c.bulletins++
			c.agent(bulletin.SelectElement("Agent").SelectElement("Matricule").SelectAttrValue("V", ""))
			for _, ligne := range bulletin.SelectElement("Remuneration").ChildElements() {
				mt := ligne.SelectElement("Mt")
				if mt == nil {
					continue // a Commentaire
				}
				if err := c.ligne(mt.SelectAttrValue("V", "")); err != nil {
					return c, err
				}
			}
		}
	}
	return c, nil
}
