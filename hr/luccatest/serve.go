package luccatest

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is what goes wrong with some requests. Once its requests are over it
// goes away.
type Fault struct {
	Path   string // start of the path; "" is any
	After  int    // requests of that path that pass first
	Times  int    // requests that fail; 0 is all
	Above  int    // only when more than this many are asked for in a page
	Status int
	Header http.Header
	Kind   string // Content-Type; application/problem+json when empty
	Body   string
	Cut    bool // the connection ends in the middle of the answer
	Hang   bool // no answer comes, until the reader goes away
	Hook   func()
}

// Fail adds a fault.
func (t *Tenant) Fail(f Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, &f)
}

// Heal takes all faults away.
func (t *Tenant) Heal() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = nil
}

// fault is the one that strikes a request; nil when none does.
func (t *Tenant) fault(r *http.Request) *Fault {
	for i, f := range t.faults {
		if !strings.HasPrefix(r.URL.Path, f.Path) {
			continue
		}
		if _, limit := paging(r); f.Above > 0 && limit <= f.Above {
			continue
		}
		if f.After > 0 {
			f.After--
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				t.faults = append(t.faults[:i:i], t.faults[i+1:]...)
			}
		}
		return f
	}
	return nil
}

func (t *Tenant) serve(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	entry := Request{Path: r.URL.Path, Query: r.URL.RawQuery, Status: http.StatusOK}
	if t.Now != nil {
		entry.At = t.Now()
	}
	defer func() { t.log = append(t.log, entry) }()
	t.watch(r)
	send := func(status int, body string) {
		entry.Status = status
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
	if r.Method != http.MethodGet {
		send(http.StatusMethodNotAllowed, `{"status":405}`)
		return
	}
	if f := t.fault(r); f != nil {
		entry.Status = f.Status
		if f.Hook != nil {
			f.Hook()
		}
		if f.Status != 0 || f.Cut || f.Hang {
			t.strike(w, r, f)
			return
		}
	}
	if t.Now != nil && t.tooMany(entry.At) {
		w.Header().Set("Retry-After", "37")
		send(http.StatusTooManyRequests, `{"title":"Too Many Requests","status":429}`)
		return
	}
	if !strings.EqualFold(r.Header.Get("Authorization"), "lucca application="+t.Key) {
		send(http.StatusUnauthorized, `{"title":"Unauthorized","status":401,"detail":"The API key is invalid."}`)
		return
	}
	body, status := t.route(r)
	if status != http.StatusOK {
		send(status, fmt.Sprintf(`{"status":%d}`, status))
		return
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if t.BOM {
		fmt.Fprint(w, "\ufeff")
	}
	w.Write(text)
}

// strike answers with a fault.
func (t *Tenant) strike(w http.ResponseWriter, r *http.Request, f *Fault) {
	if f.Hang {
		t.mu.Unlock()
		<-r.Context().Done()
		t.mu.Lock()
		panic(http.ErrAbortHandler) // or an empty answer would be sent, which a slow reader may still see
	}
	for key, values := range f.Header {
		w.Header()[key] = values
	}
	kind := f.Kind
	if kind == "" {
		kind = "application/problem+json"
	}
	w.Header().Set("Content-Type", kind)
	if f.Cut {
		w.Header().Set("Content-Length", "1000")
		w.WriteHeader(http.StatusOK)
		fmt.Fprint(w, `{"data":{"items":[`)
		if err := http.NewResponseController(w).Flush(); err != nil {
			panic(err)
		}
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(f.Status)
	fmt.Fprint(w, f.Body)
}

// tooMany reports whether the minute before at is used up.
func (t *Tenant) tooMany(at time.Time) bool {
	n := 0
	for _, r := range t.log {
		if r.Status != http.StatusTooManyRequests && at.Sub(r.At) < time.Minute {
			n++
		}
	}
	return n >= 50
}

// watch remembers what must never be done.
func (t *Tenant) watch(r *http.Request) {
	if r.Method != http.MethodGet {
		t.broken = append(t.broken, r.Method+" "+r.URL.Path)
	}
	if strings.Contains(r.URL.String(), t.Key) {
		t.broken = append(t.broken, "the key is in the address of "+r.URL.Path)
	}
	for _, word := range []string{"comment", "attachment"} {
		if strings.Contains(strings.ToLower(r.URL.Query().Get("fields")), word) {
			t.broken = append(t.broken, word+" is asked for")
		}
	}
}

func (t *Tenant) route(r *http.Request) (body any, status int) {
	q := r.URL.Query()
	switch path := r.URL.Path; path {
	case "/api/v3/users":
		return t.page(r, t.Users, q.Get("fields"))
	case "/api/v3/users/help":
		return Object{"data": Object{"fields": t.Fields}}, http.StatusOK
	case "/api/v3/extensionuserdefinitions":
		return t.page(r, t.Definitions, "id,name,formatKey,extensionUserPropertyListEntries,collection.count")
	case "/api/v3/leaves":
		return t.leaves(r)
	case "/directory/api/4.0/work-contracts":
		return t.plain(r, t.Contracts)
	case "/organization/structure/api/legal-units", "/organization/structure/api/establishments":
		return t.plain(r, t.Units)
	}
	return nil, http.StatusNotFound
}

func paging(r *http.Request) (offset, limit int) {
	a, b, _ := strings.Cut(r.URL.Query().Get("paging"), ",")
	offset, _ = strconv.Atoi(a)
	if limit, _ = strconv.Atoi(b); limit == 0 {
		limit = 1000
	}
	return offset, limit
}

// page is a page of a collection of the interface v3.
func (t *Tenant) page(r *http.Request, all []Object, fields string) (any, int) {
	offset, limit := paging(r)
	if t.Short > 0 {
		limit = min(limit, t.Short)
	}
	wanted := parseFields(fields)
	items := []any{}
	for _, o := range all[min(offset, len(all)):min(offset+limit, len(all))] {
		items = append(items, t.spell(pick(o, wanted, t.Hidden)))
	}
	count := new(int)
	*count = len(all)
	if wanted["collection"] == nil || t.Mute {
		count = nil
	}
	if t.Page != nil {
		items = t.Page(r.URL.Path, offset, items, count)
	}
	data := Object{"items": items}
	if count != nil {
		data["count"] = *count
	}
	return Object{"header": Object{"generated": "2026-09-14T18:05:01Z"}, "data": data}, http.StatusOK
}

// spell writes names as some tenants do.
func (t *Tenant) spell(o Object) Object {
	if !t.OldCase {
		return o
	}
	for from, to := range map[string]string{"isAM": "isAm", "legalEntityID": "legalEntityId", "modifiedAt": "modifiedOn"} {
		if v, there := o[from]; there {
			delete(o, from)
			o[to] = v
		}
	}
	return o
}

// plain is a page of the other interfaces: no data around it.
func (t *Tenant) plain(r *http.Request, all []Object) (any, int) {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if limit == 0 {
		limit = 10
	}
	from := min(max(0, number-1)*limit, len(all))
	return Object{"items": append([]Object{}, all[from:min(from+limit, len(all))]...), "count": len(all)}, http.StatusOK
}

// leaves wants a window and somebody, as the interface does.
func (t *Tenant) leaves(r *http.Request) (any, int) {
	q := r.URL.Query()
	window := strings.Split(q.Get("date"), ",")
	owners, units := q.Get("leavePeriod.ownerId"), q.Get("leavePeriod.owner.legalEntityId")
	if len(window) != 3 || window[0] != "between" || owners == "" && units == "" {
		return nil, http.StatusBadRequest
	}
	in := func(list, id string) bool { return strings.Contains(","+list+",", ","+id+",") }
	unit := make(map[string]string, len(t.Users))
	for _, u := range t.Users {
		unit[fmt.Sprint(u["id"])] = fmt.Sprint(u["legalEntityID"])
	}
	var found []Object
	for _, l := range t.Leaves {
		date := fmt.Sprint(l["date"])[:10]
		period, _ := l["leavePeriod"].(Object)
		owner := fmt.Sprint(period["ownerId"])
		if date < window[1] || date > window[2] || owners != "" && !in(owners, owner) {
			continue
		}
		if units != "" && !in(units, unit[owner]) {
			continue
		}
		found = append(found, l)
	}
	return t.page(r, found, q.Get("fields"))
}

// Bomb is n blanks, gzipped.
func Bomb(n int) string {
	var b strings.Builder
	z := gzip.NewWriter(&b)
	blank := []byte(strings.Repeat(" ", 1<<16))
	for ; n > 0; n -= len(blank) {
		z.Write(blank[:min(n, len(blank))])
	}
	z.Close()
	return b.String()
}
