package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"paye/internal/sheet"
	"strings"
	"unicode/utf8"
)

// WriteText writes the report for a screen, in columns as wide as their
// contents.
func (d *Document) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintln(&b, d.Titre)
	if d.SousTitre != "" {
		fmt.Fprintln(&b, d.SousTitre)
	}
	width := 0
	for _, f := range d.Faits {
		width = max(width, utf8.RuneCountInString(f.Nom))
	}
	for _, f := range d.Faits {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, f.Nom, f.Valeur)
	}
	for i := range d.Tables {
		d.Tables[i].text(&b)
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) text(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s\n", t.Titre)
	if len(t.Lignes) == 0 {
		fmt.Fprintf(b, "  %s\n", t.Vide)
		return
	}
	widths := make([]int, len(t.Colonnes))
	rows := append([][]string{t.headings()}, t.Lignes...)
	for _, row := range rows {
		for c, cell := range row {
			widths[c] = max(widths[c], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for c, cell := range row {
			line.WriteString("  " + cell + strings.Repeat(" ", widths[c]-utf8.RuneCountInString(cell)))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

func (t *Table) headings() []string {
	list := make([]string, len(t.Colonnes))
	for i, c := range t.Colonnes {
		list[i] = c.Titre
	}
	return list
}

// WriteCSV writes the tables, with ";" between columns, as UTF-8 with its
// mark, which spreadsheets want. The first column names the table when there
// are several.
func (d *Document) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	cw := csv.NewWriter(w)
	cw.Comma = ';'
	for i := range d.Tables {
		t := &d.Tables[i]
		for n, row := range append([][]string{t.headings()}, t.Lignes...) {
			var cells []string
			if len(d.Tables) > 1 {
				cells = append(cells, t.Titre)
			}
			for _, cell := range row {
				if n > 0 {
					cell = sheet.Inert(cell)
				}
				cells = append(cells, cell)
			}
			if err := cw.Write(cells); err != nil {
				return err
			}
		}
	}
	cw.Flush()
	return cw.Error()
}
