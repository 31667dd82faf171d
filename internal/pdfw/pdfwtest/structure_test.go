package pdfwtest

import (
	"strings"
	"testing"

	"paye/internal/pdfw"
)

// drawn is a document with a heading and a table of two columns.
func drawn(t *testing.T, change func(s *pdfw.Sheet)) []byte {
	t.Helper()
	p, err := pdfw.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := p.Sheet(pdfw.A4Width, pdfw.A4Height)
	defer p.Release(s)
	st := pdfw.Style{Size: 900}
	put := func(tag pdfw.Tag, attr pdfw.Attr, text string) {
		s.Open(tag, attr)
		s.Text(st, 3000, 9000, 40000, pdfw.Left, text)
		s.Close()
	}
	s.NewPage()
	s.Open(pdfw.Document, "")
	put(pdfw.H1, "", "Titre")
	s.Open(pdfw.Table, "")
	s.Open(pdfw.TR, "")
	put(pdfw.TH, pdfw.ColumnHead, "Nom")
	put(pdfw.TH, pdfw.ColumnHead, "Montant")
	s.Close()
	s.Open(pdfw.TR, "")
	put(pdfw.TH, pdfw.RowHead, "Brut")
	put(pdfw.TD, "", "12,00")
	s.Close()
	s.Close()
	change(s)
	s.Close()
	s.EachPage(func(int, int) { s.Text(st, 3000, 70000, 40000, pdfw.Left, "1/1") })
	return s.Append(nil, pdfw.Meta{Title: "Titre", Author: "Auteur"})
}

func TestFaultsOfStructureAreFound(t *testing.T) {
	text := func(s *pdfw.Sheet, tag pdfw.Tag) {
		s.Open(tag, "")
		s.Text(pdfw.Style{Size: 900}, 3000, 9000, 40000, pdfw.Left, "x")
		s.Close()
	}
	for _, row := range []struct {
		name   string
		change func(s *pdfw.Sheet)
		want   string // empty for a document without fault
	}{
		{"nothing", func(*pdfw.Sheet) {}, ""},
		{"two pages", func(s *pdfw.Sheet) { s.NewPage(); text(s, pdfw.P) }, ""},
		{"aside", func(s *pdfw.Sheet) {
			s.Aside(func() { text(s, pdfw.TR) })
			s.Rectangle(0, 0, 100, 100, pdfw.Gray)
		}, ""},
		{"cell without row", func(s *pdfw.Sheet) { text(s, pdfw.TD) }, `TD stands in "Document"`},
		{"second title", func(s *pdfw.Sheet) { text(s, pdfw.H1) }, "H1 comes after H1"},
		{"text in a group", func(s *pdfw.Sheet) { text(s, pdfw.L) }, "has text of its own"},
		{"figure without words", func(s *pdfw.Sheet) { text(s, pdfw.Figure) }, "a figure has no words"},
		{"row too short", func(s *pdfw.Sheet) {
			s.Open(pdfw.Table, "")
			for _, n := range []int{2, 1} {
				s.Open(pdfw.TR, "")
				for range n {
					s.Open(pdfw.TH, pdfw.ColumnHead)
					s.Close()
				}
				s.Close()
			}
			s.Close()
		}, "row 2 has 1 columns, the first 2"},
		{"table of figures only", func(s *pdfw.Sheet) {
			s.Open(pdfw.Table, "")
			s.Open(pdfw.TR, "")
			text(s, pdfw.TD)
			s.Close()
			s.Close()
		}, "has no headings"},
		{"heading of nothing", func(s *pdfw.Sheet) {
			s.Open(pdfw.Table, "")
			s.Open(pdfw.TR, "")
			text(s, pdfw.TH)
			s.Close()
			s.Close()
		}, "does not say what it heads"},
	} {
		faults := StructureFaults(drawn(t, row.change))
		if row.want == "" && len(faults) > 0 || row.want != "" && !strings.Contains(strings.Join(faults, "\n"), row.want) {
			t.Errorf("%s: %q, want %q", row.name, faults, row.want)
		}
	}
}

func TestFaultsOfAFileAreFound(t *testing.T) {
	pdf := string(drawn(t, func(*pdfw.Sheet) {}))
	for from, want := range map[string]string{
		"/Lang (fr-FR)": "its language", "/Marked true": "that it is tagged", "/DisplayDocTitle true": "the title is not shown", "/StructParents 0": "belongs to no element",
	} {
		value := from[strings.IndexByte(from, ' ')+1:]
		broken := strings.Replace(pdf, from, "/Zzzz "+strings.Repeat(" ", len(from)-len(value)-6)+value, 1)
		if from == "/StructParents 0" {
			broken = strings.Replace(pdf, from, "/StructParents 7", 1)
		}
		if got := strings.Join(StructureFaults([]byte(broken)), "\n"); !strings.Contains(got, want) {
			t.Errorf("without %s: %q, want %q", from, got, want)
		}
	}
}
