package gestion

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"paye/app/states"
	"paye/etats"
	"paye/web/ui"
	"paye/xhl"
)

// variationsPage tells what changed between two payrolls that are open, and
// which change lacks its document.
func (c *Console) variationsPage(call *ui.Call) error {
	d, b, err := c.opened(call)
	if err != nil {
		return err
	}
	cmp, err := c.variations(call, b)
	if err != nil {
		return err
	}
	p := c.bookShell(call, d, b, call.T("Variations à justifier", "Variations to justify"))
	data := struct {
		Screen []string
		Tables []ui.Table
	}{Screen: states.Screen(cmp, call.Lang)}
	data.Screen[0] = states.Head(cmp, call.Lang, ui.Month(call.Lang, cmp.Avant.Annee, cmp.Avant.Mois), ui.Month(call.Lang, cmp.Apres.Annee, cmp.Apres.Mois))
	for _, t := range states.VariationTables(cmp, &states.Look{Language: call.Lang}) {
		if t.Name == "synthese" {
			continue // it stands above, as sentences
		}
		shown := stateTable(call, t)
		shown.CSV = "/gestion/consulter/" + d.ID + "/variations.csv?" + url.Values{"avec": {call.Query("avec")}, "tableau": {t.Name}}.Encode()
		data.Tables = append(data.Tables, shown)
	}
	p.Data = data
	return call.Render(http.StatusOK, "variations", p)
}

// variations compares a book with the one that the address names.
func (c *Console) variations(call *ui.Call, b *openBook) (*etats.Comparaison, error) {
	before, err := c.other(call)
	if err != nil {
		return nil, err
	}
	if before == nil {
		return nil, Codes.New(NotReady)
	}
	q := &states.VariationsRequest{Avant: before.inputs, Apres: b.inputs, Justificatifs: b.index}
	return states.Variations(call.Context(), q, &states.Watch{})
}

// variationsCSV gives one of the tables, all of its rows.
func (c *Console) variationsCSV(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	cmp, err := c.variations(call, b)
	if err != nil {
		return err
	}
	for _, t := range states.VariationTables(cmp, &states.Look{Language: call.Lang}) {
		if t.Name != call.Query("tableau") {
			continue
		}
		titles := make([]string, len(t.Columns))
		for i, col := range t.Columns {
			titles[i] = col.Title.In(call.Lang)
		}
		s := newSheet(call, t.Name+".csv", titles...)
		for row := range t.Rows {
			cells := make([]string, len(row))
			for i := range row {
				cells[i] = stateCSV(&t.Columns[i], &row[i])
			}
			s.row(cells...)
		}
		return s.end()
	}
	return ui.ErrNotFound
}

// stateCSV is a cell for a spreadsheet.
func stateCSV(col *states.Column, c *states.Cell) string {
	switch {
	case !c.Set:
		return c.Text
	case col.Kind == states.Money:
		return euros(xhl.Montant(c.Number))
	case col.Kind == states.Count:
		return strconv.FormatInt(c.Number, 10)
	}
	return strings.Replace(strconv.FormatFloat(float64(c.Number)/1000, 'f', -1, 64), ".", ",", 1)
}

// stateTable shows a table of états, its first rows.
func stateTable(call *ui.Call, from *states.Table) ui.Table {
	t := ui.Table{ID: from.Name, Caption: from.Title.In(call.Lang), Total: from.Len, Empty: from.Title.In(call.Lang) + " – " + from.Empty.In(call.Lang)}
	for _, col := range from.Columns {
		t.Columns = append(t.Columns, ui.Column{Title: col.Title.In(call.Lang), Number: col.Kind != states.Text})
	}
	for row := range from.Rows {
		if len(t.Rows) >= maxShown {
			break
		}
		cells := make([]ui.Cell, len(row))
		for i := range row {
			cells[i] = stateCell(call, &from.Columns[i], &row[i])
			cells[i].Head = i == 0
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

func stateCell(call *ui.Call, col *states.Column, c *states.Cell) ui.Cell {
	if !c.Set {
		return ui.Cell{Text: c.Text}
	}
	switch col.Kind {
	case states.Money:
		return ui.Cell{Text: ui.Amount(call.Lang, c.Number), Number: true}
	case states.Count:
		return ui.Cell{Text: strconv.FormatInt(c.Number, 10), Number: true}
	}
	return ui.Cell{Text: call.T("%.3g", "%.3g", float64(c.Number)/1000), Number: true}
}
