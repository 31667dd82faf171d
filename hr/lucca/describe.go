package lucca

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"paye/hr"
	"paye/internal/anomalie"
)

const (
	helpPath        = "/api/v3/users/help"
	definitionsPath = "/api/v3/extensionuserdefinitions"
	unitsPath       = "/organization/structure/api/legal-units"
)

// definition is a field that the tenant has made for itself.
type definition struct {
	path, label, kind string
	choices           map[string]string
}

func (c *Client) definitions(ctx context.Context, query url.Values) ([]definition, error) {
	query.Set("fields", "id,formatKey,extensionUserPropertyListEntries[id,name]")
	page, err := c.list(ctx, definitionsPath, query)
	if err != nil {
		return nil, slow(err)
	}
	var list []definition
	for _, raw := range page.Data.Items {
		x, err := hr.ParseTree(raw)
		if err != nil {
			return nil, hr.Codes.New("RH-206", definitionsPath)
		}
		d := definition{path: "extendedData." + x.Text("id"), label: x.Text("name"), kind: x.Text("formatKey"), choices: make(map[string]string)}
		entries, _ := x.Resolve("extensionUserPropertyListEntries")
		choices, _ := entries.([]any) // null for a field without a list
		for _, choice := range choices {
			if c, ok := choice.(map[string]any); ok {
				d.choices[hr.Tree(c).Text("id")] = hr.Tree(c).Text("name")
			}
		}
		list = append(list, d)
	}
	return list, nil
}

// slow is errTooSlow where there is no page to halve.
func slow(err error) error {
	if errors.Is(err, errTooSlow) {
		return hr.Codes.New("RH-208")
	}
	return err
}

// Lists gives the choices of the tenant's lists.
func (c *Client) Lists(ctx context.Context) (map[string]map[string]string, error) {
	list, err := c.definitions(ctx, url.Values{"formatKey": {"select"}})
	if err != nil {
		return nil, err
	}
	return choices(list), nil
}

func choices(list []definition) map[string]map[string]string {
	out := make(map[string]map[string]string)
	for _, d := range list {
		if len(d.choices) > 0 {
			out[d.path] = d.choices
		}
	}
	return out
}

// Describe lists the fields, the lists, the établissements and the accounts of
// absences of the tenant. What the key may not read is left out.
func (c *Client) Describe(ctx context.Context) (hr.Description, error) {
	d := hr.Description{Etabs: make(map[string]string)}
	var help struct {
		Data struct {
			Fields []json.RawMessage `json:"fields"`
		} `json:"data"`
	}
	if err := optional(c.get(ctx, helpPath, nil, &help)); err != nil {
		return d, err
	}
	for _, raw := range help.Data.Fields {
		name, plain := hr.Scalar(raw)
		kind := ""
		if field, err := hr.ParseTree(raw); err == nil {
			name, plain, kind = field.Text("name"), true, field.Text("type")
		}
		if plain && name != "" {
			d.Paths = append(d.Paths, hr.PathInfo{Path: name, Kind: kind})
		}
	}
	list, err := c.definitions(ctx, url.Values{})
	if err := optional(err); err != nil {
		return d, err
	}
	for _, x := range list {
		d.Paths = append(d.Paths, hr.PathInfo{Path: x.path, Label: x.label, Kind: x.kind})
	}
	d.Lists = choices(list)
	slices.SortFunc(d.Paths, func(a, b hr.PathInfo) int { return strings.Compare(a.Path, b.Path) })
	if d.Etabs, err = c.units(ctx); err != nil {
		return d, err
	}
	d.Leaves, err = c.accounts(ctx, d.Etabs)
	return d, err
}

// optional forgives what the key may not read, or the tenant does not have.
func optional(err error) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) && (a.Code == "RH-203" || a.Code == "RH-204") {
		return nil
	}
	return slow(err)
}

// units are the legal units, which sheets name as their établissement.
func (c *Client) units(ctx context.Context) (map[string]string, error) {
	out := make(map[string]string)
	for page := 1; page <= 1000; page++ {
		var answer struct {
			Items []hr.Tree `json:"items"`
			Count *int      `json:"count"`
		}
		err := c.get(ctx, unitsPath, url.Values{"page": {itoa(page)}, "limit": {itoa(usersPage)}, "fields.root": {"count"}}, &answer)
		if err := optional(err); err != nil {
			return nil, err
		}
		for _, unit := range answer.Items {
			out[unit.Text("id")] = unit.Text("name")
		}
		if len(answer.Items) < usersPage || answer.Count != nil && len(out) >= *answer.Count {
			break
		}
	}
	return out, nil
}

// accounts are the accounts of the absences of the last three months.
func (c *Client) accounts(ctx context.Context, etabs map[string]string) ([]hr.LeaveType, error) {
	if len(etabs) == 0 {
		return nil, nil
	}
	q := hr.AbsenceQuery{From: c.today.Add(-92), To: c.today}
	for id := range etabs {
		q.Etabs = append(q.Etabs, id)
	}
	slices.Sort(q.Etabs)
	rows, err := c.Absences(ctx, q)
	if err := optional(err); err != nil {
		return nil, err
	}
	var list []hr.LeaveType
	for i := range rows {
		t := hr.LeaveType{ID: rows[i].Account, Name: rows[i].Label}
		if !slices.ContainsFunc(list, func(x hr.LeaveType) bool { return x.ID == t.ID }) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b hr.LeaveType) int { return strings.Compare(a.ID, b.ID) })
	return list, nil
}
