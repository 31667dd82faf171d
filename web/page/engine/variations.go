package engine

import (
	"context"
	"strings"

	"paye/app/states"
	"paye/etats"
	"paye/internal/lang"
	"paye/internal/progress"
)

// compared is the view of what changed between two months.
type compared struct {
	Groups   []group  `json:"groups"`
	Facts    []Text   `json:"facts"` // the first screen of the command, a line each
	Details  []Text   `json:"details"`
	Count    int      `json:"count"` // of variations
	Missing  int      `json:"missing"`
	Columns  []column `json:"columns"`
	Rows     []texts  `json:"rows"` // of what waits for its piece
	All      Text     `json:"all"`  // every variation, as CSV
	Template string   `json:"template"`
}

type texts []string

type column struct {
	Title  Text `json:"title"`
	Number bool `json:"number"`
}

// maxRows is how many rows a table of the page has: the file has all of them.
const maxRows = 500

// comparing is the step of the variations.
const comparing progress.Phase = "variations"

// variations compares the months of the wish with the one that was dropped.
func (w *work) variations(ctx context.Context) (any, error) {
	drop, err := sorted(ctx)
	if err != nil {
		return nil, err
	}
	w.counts.Begin(comparing, 0)
	q := &states.VariationsRequest{Avant: w.ask.Paths, Apres: []string{drop.Entree}, Justificatifs: drop.Index}
	c, err := states.Variations(ctx, q, &states.Watch{Anomalie: w.anomaly})
	if err != nil {
		return nil, err
	}
	if err := states.Data(c, new(states.Look), func(v any) error { return w.tell(v) }); err != nil {
		return nil, err
	}
	if err := w.tell(states.ResultLine(c)); err != nil {
		return nil, err
	}
	return w.compared(c)
}

// compared lays a comparison out for people.
func (w *work) compared(c *etats.Comparaison) (*compared, error) {
	v := &compared{Groups: groups(w.found), Count: len(c.Variations), Missing: c.Synthese.Manquantes, Rows: []texts{}}
	v.Facts = linesOf(c, states.Screen)
	v.Details = linesOf(c, states.Details)
	missing := states.MissingTable(c, new(states.Look))
	for _, col := range missing.Columns {
		v.Columns = append(v.Columns, column{both(func(l lang.Language) string { return col.Title.In(l) }), col.Kind != states.Text})
	}
	for row := range missing.Shown("\u202f") {
		if v.Rows = append(v.Rows, row); len(v.Rows) == maxRows {
			break
		}
	}
	var err error
	if v.Template, err = csvOf(states.TemplateTable(c)); err != nil {
		return nil, err
	}
	for l, to := range map[lang.Language]*string{lang.French: &v.All.FR, lang.English: &v.All.EN} {
		if *to, err = csvOf(states.VariationTable(c, &states.Look{Language: l})); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func csvOf(t *states.Table) (string, error) {
	var b strings.Builder
	err := states.WriteCSV(&b, t)
	return b.String(), err
}

// linesOf is what the command shows, without its empty lines.
func linesOf(c *etats.Comparaison, show func(*etats.Comparaison, lang.Language) []string) (list []Text) {
	fr, en := show(c, lang.French), show(c, lang.English)
	for i := range fr {
		if fr[i] != "" {
			list = append(list, Text{fr[i], en[i]})
		}
	}
	return list
}
