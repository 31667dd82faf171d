package gestion

import (
	"context"
	"net/http"
	"strconv"

	"paye/app/intake"
	"paye/app/states"
	"paye/web/ui"
)

// variationsPage tells what changed between two payrolls that are open, and
// which change lacks its document.
func (c *Console) variationsPage(call *ui.Call) error {
	d, b, err := c.opened(call)
	if err != nil {
		return err
	}
	before, err := c.dossierOf(call.Context(), call.Query("avec"))
	if err != nil {
		return err
	}
	if before.Kind != kindConsultation || before.Owner != call.Session.Login {
		return ui.ErrNotFound
	}
	q := &states.VariationsRequest{}
	if q.Avant, _, err = c.inputs(call.Context(), before); err != nil {
		return err
	}
	if q.Apres, q.Justificatifs, err = c.inputs(call.Context(), d); err != nil {
		return err
	}
	cmp, err := states.Variations(call.Context(), q, &states.Watch{})
	if err != nil {
		return err
	}
	p := c.bookShell(call, d, b, call.T("Variations à justifier", "Variations to justify"))
	data := struct {
		Screen []string
		Tables []ui.Table
	}{Screen: states.Screen(cmp, call.Lang)}
	for _, t := range states.VariationTables(cmp, &states.Look{Language: call.Lang}) {
		data.Tables = append(data.Tables, stateTable(call, t))
	}
	p.Data = data
	return call.Render(http.StatusOK, "variations", p)
}

// inputs are the journal of a dossier, and its index.
func (c *Console) inputs(ctx context.Context, d *dossier) (paths []string, index string, err error) {
	drop, err := intake.Sort(ctx, c.dropped(d))
	if err != nil {
		return nil, "", err
	}
	return []string{drop.Entree}, drop.Index, nil
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
