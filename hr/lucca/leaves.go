package lucca

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"paye/hr"
)

const (
	leavesPath = "/api/v3/leaves"
	maxLeaves  = 10_000 // rows that one query may give
	restarts   = 3
	ownersAt   = 50 // owners of one query
)

// leaveFields is all that is asked of an absence. Comments and attachments are
// health data and are not.
const leaveFields = "id,date,isAM,leaveAccountId,leaveAccount[id,name],leavePeriodId,leavePeriod[id,ownerId,isConfirmed],value,isActive,cancellationDate,collection.count"

func itoa(n int) string { return strconv.Itoa(n) }

// Absences gives the half-days of a window. A window with more rows than the
// tenant gives at once is cut, by days, then by who is asked for.
func (c *Client) Absences(ctx context.Context, q hr.AbsenceQuery) ([]hr.RawAbsence, error) {
	if len(q.Owners) == 0 && len(q.Etabs) == 0 {
		return nil, hr.Codes.New("RH-510")
	}
	if len(q.Owners) > ownersAt {
		return c.both(ctx, q, func(a, b *hr.AbsenceQuery) { a.Owners, b.Owners = q.Owners[:ownersAt], q.Owners[ownersAt:] })
	}
	for range restarts {
		rows, state, err := c.leavesOf(ctx, q)
		switch {
		case err != nil:
			return nil, err
		case state == tooMany:
			return c.cut(ctx, q)
		case state == whole:
			return rows, nil
		}
	}
	return nil, hr.Codes.New("RH-212", restarts)
}

// cut asks for two halves of what was asked for.
func (c *Client) cut(ctx context.Context, q hr.AbsenceQuery) ([]hr.RawAbsence, error) {
	if q.From != q.To {
		middle := q.From
		for next := middle.Add(1); next.Compare(q.To) < 0 && daysBetween(q.From, middle) < daysBetween(middle, q.To)-1; next = middle.Add(1) {
			middle = next
		}
		return c.both(ctx, q, func(a, b *hr.AbsenceQuery) { a.To, b.From = middle, middle.Add(1) })
	}
	half := func(list []string) ([]string, []string) { return list[:len(list)/2], list[len(list)/2:] }
	switch {
	case len(q.Owners) > 1:
		return c.both(ctx, q, func(a, b *hr.AbsenceQuery) { a.Owners, b.Owners = half(q.Owners) })
	case len(q.Owners) == 0 && len(q.Etabs) > 1:
		return c.both(ctx, q, func(a, b *hr.AbsenceQuery) { a.Etabs, b.Etabs = half(q.Etabs) })
	}
	return nil, hr.Codes.New("RH-216", maxLeaves)
}

func daysBetween(a, b hr.Date) int {
	n := 0
	for ; a.Compare(b) < 0; a = a.Add(1) {
		n++
	}
	return n
}

func (c *Client) both(ctx context.Context, q hr.AbsenceQuery, split func(a, b *hr.AbsenceQuery)) ([]hr.RawAbsence, error) {
	a, b := q, q
	split(&a, &b)
	first, err := c.Absences(ctx, a)
	if err != nil {
		return nil, err
	}
	second, err := c.Absences(ctx, b)
	return append(first, second...), err
}

// reading says how a query ended.
type reading uint8

const (
	whole   reading = iota
	moved           // the tenant changed while it was read
	tooMany         // more rows than it gives at once
)

// leavesOf reads the pages of one query.
func (c *Client) leavesOf(ctx context.Context, q hr.AbsenceQuery) ([]hr.RawAbsence, reading, error) {
	query := url.Values{"date": {"between," + q.From.String() + "," + q.To.String()}, "fields": {leaveFields}, "orderBy": {"id,asc"}}
	if len(q.Owners) > 0 {
		query.Set("leavePeriod.ownerId", strings.Join(q.Owners, ","))
	} else {
		query.Set("leavePeriod.owner.legalEntityId", strings.Join(q.Etabs, ","))
	}
	var rows []hr.RawAbsence
	seen := make(map[string]bool)
	total := -1
	for {
		query.Set("paging", itoa(len(rows))+","+itoa(c.leaves))
		page, err := c.list(ctx, leavesPath, query)
		if errors.Is(err, errTooSlow) {
			if err := shrink(&c.leaves); err != nil {
				return nil, whole, err
			}
			continue
		}
		if err != nil {
			return nil, whole, err
		}
		count := -1
		if page.Data.Count != nil {
			count = *page.Data.Count
		}
		switch {
		case count > maxLeaves || count < 0 && len(rows)+len(page.Data.Items) >= maxLeaves:
			return nil, tooMany, nil
		case len(rows) > 0 && count != total:
			return nil, moved, nil
		case len(page.Data.Items) == 0 && count > len(rows):
			return nil, whole, hr.Codes.New("RH-213", count, len(rows))
		}
		total = count
		for _, raw := range page.Data.Items {
			row, id, err := leave(raw)
			if err != nil {
				return nil, whole, err
			}
			if id != "" {
				if seen[id] {
					return nil, moved, nil
				}
				seen[id] = true
			}
			rows = append(rows, row)
		}
		if total >= 0 && len(rows) >= total || total < 0 && len(page.Data.Items) < c.leaves {
			return rows, whole, nil
		}
	}
}

// leave reads one half-day, and its identifier.
func leave(raw json.RawMessage) (row hr.RawAbsence, id string, err error) {
	l, err := hr.ParseTree(raw)
	if err != nil {
		return row, "", hr.Codes.New("RH-206", leavesPath)
	}
	date, ok := hr.ParseDate(l.Text("date"))
	row = hr.RawAbsence{
		Owner: l.Text("leavePeriod.ownerId"), Day: date, Account: l.Text("leaveAccountId"), Label: l.Text("leaveAccount.name"),
		Period: l.Text("leavePeriodId"), Confirmed: l.Text("leavePeriod.isConfirmed") == "true", Active: l.Text("isActive") == "true",
		Cancelled: l.Text("cancellationDate") != "", Hours: l.Text("value") != "",
	}
	half := l.Text("isAM")
	row.Morning = half == "true"
	if row.Account == "" {
		row.Account = l.Text("leaveAccount.id")
	}
	if !ok || row.Owner == "" || row.Account == "" || half != "true" && half != "false" {
		return row, "", hr.Codes.New("RH-206", leavesPath)
	}
	return row, l.Text("id"), nil
}
