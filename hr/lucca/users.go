package lucca

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"paye/hr"
)

// collection is a list of the interface v3; what stands beside data is of no
// use.
type collection struct {
	Data *struct {
		Items []json.RawMessage `json:"items"`
		Count *int              `json:"count"`
	} `json:"data"`
}

// list asks for a page of a collection.
func (c *Client) list(ctx context.Context, path string, query url.Values) (*collection, error) {
	var page collection
	if err := c.get(ctx, path, query, &page); err != nil {
		return nil, err
	}
	if page.Data == nil {
		return nil, hr.Codes.New("RH-206", path)
	}
	return &page, nil
}

const usersPath = "/api/v3/users"

// Users gives the sheets from offset on, former employees included.
func (c *Client) Users(ctx context.Context, offset int, paths []string) (hr.Page, error) {
	if c.want && c.contracts == nil {
		if err := c.readContracts(ctx); err != nil {
			return hr.Page{}, err
		}
	}
	for {
		size := c.page
		page, err := c.list(ctx, usersPath, url.Values{
			"fields": {fieldsOf(paths)}, "formerEmployees": {"true"}, "orderBy": {"id,asc"}, "paging": {fmt.Sprintf("%d,%d", offset, size)},
		})
		if errors.Is(err, errTooSlow) {
			if err := shrink(&c.page); err != nil {
				return hr.Page{}, err
			}
			continue
		}
		if err != nil {
			return hr.Page{}, err
		}
		return c.users(page, offset, size, paths)
	}
}

func (c *Client) users(page *collection, offset, size int, paths []string) (hr.Page, error) {
	items := page.Data.Items
	out := hr.Page{Total: -1, Last: len(items) < size}
	if page.Data.Count != nil {
		out.Total = *page.Data.Count
		out.Last = offset+len(items) >= out.Total
		if len(items) == 0 && !out.Last {
			return out, hr.Codes.New("RH-213", out.Total, offset)
		}
	}
	for _, raw := range items {
		r, err := record(raw, paths)
		if err != nil {
			return out, err
		}
		c.withContract(&r, paths)
		out.Records = append(out.Records, r)
	}
	return out, nil
}

// record keeps of a user the values of the paths.
func record(raw json.RawMessage, paths []string) (hr.Record, error) {
	user, err := hr.ParseTree(raw)
	if err != nil {
		return hr.Record{}, hr.Codes.New("RH-206", usersPath)
	}
	id := user.Text("id")
	if id == "" {
		return hr.Record{}, hr.Codes.New("RH-218", usersPath)
	}
	r := hr.Record{ID: id, Etab: user.Text("legalEntity.id"), Values: make(map[string]json.RawMessage, len(paths))}
	if r.Etab == "" {
		r.Etab = user.Text("legalEntityId")
	}
	for _, path := range paths {
		value, found := user.Resolve(path)
		if !found {
			continue
		}
		if r.Values[path], err = json.Marshal(value); err != nil {
			return r, fmt.Errorf("keep a value of user %s: %w", id, err)
		}
	}
	return r, nil
}

// fieldsOf writes the "fields" parameter for paths: members of an object in
// brackets, but extendedData whole, as the documentation asks for it.
func fieldsOf(paths []string) string {
	members := map[string][]string{"id": nil, "legalEntity": {"id"}}
	for _, path := range paths {
		top, below, nested := strings.Cut(path, ".")
		list := members[top]
		if nested && top != "extendedData" && !slices.Contains(list, below) {
			list = append(list, below)
		}
		members[top] = list
	}
	var out []string
	for top, list := range members {
		if len(list) > 0 {
			slices.Sort(list)
			top += "[" + strings.Join(list, ",") + "]"
		}
		out = append(out, top)
	}
	slices.Sort(out)
	return strings.Join(append(out, "collection.count"), ",")
}

// contract is one work contract of a user.
type contract struct{ start, end string }

const contractsPath = "/directory/api/4.0/work-contracts"

// readContracts reads the contracts of everybody.
func (c *Client) readContracts(ctx context.Context) error {
	all := make(map[string][]contract)
	seen := 0
	for page := 1; ; page++ {
		var answer struct {
			Items []hr.Tree `json:"items"`
			Count *int      `json:"count"`
		}
		err := c.get(ctx, contractsPath, url.Values{"page": {fmt.Sprint(page)}, "limit": {fmt.Sprint(usersPage)}, "fields.root": {"count"}}, &answer)
		if errors.Is(err, errTooSlow) {
			return hr.Codes.New("RH-208")
		}
		if err != nil {
			return err
		}
		for _, k := range answer.Items {
			owner := k.Text("ownerId")
			all[owner] = append(all[owner], contract{day(k.Text("startsOn")), day(k.Text("endsOn"))})
		}
		seen += len(answer.Items)
		if len(answer.Items) == 0 || answer.Count != nil && seen >= *answer.Count || answer.Count == nil && len(answer.Items) < usersPage {
			break
		}
	}
	c.contracts = all
	return nil
}

// day is the civil date of a text, "" for none and for "no end".
func day(s string) string {
	d, ok := hr.ParseDate(s)
	if !ok || d.Year == 9999 {
		return ""
	}
	return d.String()
}

// Paths of the contract on the sheet of a user.
const (
	startPath = "dtContractStart"
	endPath   = "dtContractEnd"
)

// withContract gives a sheet that shows no contract the one in force, else the
// next, else the last.
func (c *Client) withContract(r *hr.Record, paths []string) {
	list := c.contracts[r.ID]
	if start, said := r.Values[startPath]; len(list) == 0 || !slices.Contains(paths, startPath) || said && string(start) != "null" {
		return
	}
	today := c.today.String()
	rank := func(k contract) int {
		switch {
		case k.start <= today && (k.end == "" || k.end >= today):
			return 0
		case k.start > today:
			return 1
		}
		return 2
	}
	best := slices.MinFunc(list, func(a, b contract) int {
		if rank(a) != rank(b) {
			return rank(a) - rank(b)
		}
		if rank(a) == 2 {
			return strings.Compare(b.start, a.start)
		}
		return strings.Compare(a.start, b.start)
	})
	r.Values[startPath], r.Values[endPath] = quote(best.start), quote(best.end)
}

func quote(s string) json.RawMessage {
	if s == "" {
		return json.RawMessage("null")
	}
	return json.RawMessage(`"` + s + `"`) // a date: nothing to escape
}
