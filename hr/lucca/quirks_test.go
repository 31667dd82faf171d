package lucca

import (
	"os"
	"strings"
	"testing"

	"paye/hr"
	"paye/hr/luccatest"
	"paye/internal/refdata"
)

// value reads one path of the first user of a tenant.
func value(t *testing.T, tenant *luccatest.Tenant, path string) (string, bool) {
	t.Helper()
	c, _ := connect(t, tenant)
	list, err := all(t.Context(), c, path)
	if err != nil {
		t.Fatal(err)
	}
	raw, said := list[0].Values[path]
	s, ok := hr.Scalar(raw)
	if said && !ok {
		t.Errorf("%s: %s is no scalar", path, raw)
	}
	return s, said
}

func TestSpellingsOfAValue(t *testing.T) {
	for _, c := range []struct {
		name, path, want string
		user             luccatest.Object
		said             bool
	}{
		{"plain", "extendedData.e_NIR", "1", luccatest.Object{"extendedData": luccatest.Object{"e_NIR": "1"}}, true},
		{"wrapped", "extendedData.e_NIR", "1", luccatest.Object{"extendedData": luccatest.Object{"e_NIR": luccatest.Object{"value": "1"}}}, true},
		{"wrapped with its row", "extendedData.e_NIR", "1", luccatest.Object{"extendedData": luccatest.Object{"e_NIR": luccatest.Object{"id": 4, "value": "1"}}}, true},
		{"nested", "extendedData.e_RIB.e_IBAN", "FR", luccatest.Object{"extendedData": luccatest.Object{"e_RIB": luccatest.Object{"value": luccatest.Object{"e_IBAN": luccatest.Object{"value": "FR"}}}}}, true},
		{"nested plain", "extendedData.e_RIB.e_IBAN", "FR", luccatest.Object{"extendedData": luccatest.Object{"e_RIB": luccatest.Object{"e_IBAN": "FR"}}}, true},
		{"a choice", "extendedData.e_Mode", "Virement", luccatest.Object{"extendedData": luccatest.Object{"e_Mode": luccatest.Object{"value": luccatest.Object{"id": 2, "name": "Virement"}}}}, true},
		{"another case", "extendedData.E_nir", "1", luccatest.Object{"extendedData": luccatest.Object{"e_NIR": "1"}}, true},
		{"null", "birthDate", "", luccatest.Object{"birthDate": nil}, true},
		{"empty", "birthDate", "", luccatest.Object{"birthDate": ""}, true},
		{"absent", "birthDate", "", luccatest.Object{}, false},
		{"a number", "employeeNumber", "57", luccatest.Object{"employeeNumber": 57}, true},
	} {
		c.user["id"] = 1
		got, said := value(t, &luccatest.Tenant{Users: []luccatest.Object{c.user}}, c.path)
		if got != c.want || said != c.said {
			t.Errorf("%s: %q, said %v", c.name, got, said)
		}
	}
}

func TestIdentifiersAreNumbersOrTexts(t *testing.T) {
	for _, id := range []any{416, "416"} {
		tenant := &luccatest.Tenant{Users: []luccatest.Object{{"id": id, "legalEntity": luccatest.Object{"id": id}}}}
		c, _ := connect(t, tenant)
		list, err := all(t.Context(), c)
		if err != nil || list[0].ID != "416" || list[0].Etab != "416" {
			t.Errorf("%v: %+v, %v", id, list, err)
		}
	}
}

func TestByteOrderMarkAndHeaderAreTolerated(t *testing.T) {
	tenant := many(2)
	tenant.BOM = true
	c, _ := connect(t, tenant)
	if list, err := all(t.Context(), c, "firstName"); err != nil || len(list) != 2 {
		t.Errorf("%d users, %v", len(list), err)
	}
}

func TestUserWithoutIdentifierIsRefused(t *testing.T) {
	c, _ := connect(t, &luccatest.Tenant{Users: []luccatest.Object{{"firstName": "A"}}})
	_, err := all(t.Context(), c, "firstName")
	wantCode(t, err, "RH-218")
}

func TestAnswerCountsNotTheQuestion(t *testing.T) {
	tenant := many(120)
	tenant.Short = 7 // whatever is asked for
	c, _ := connect(t, tenant)
	if list, err := all(t.Context(), c, "firstName"); err != nil || len(list) != 120 {
		t.Errorf("%d users, %v", len(list), err)
	}
}

func TestWithoutCountAShortPageEnds(t *testing.T) {
	tenant := many(120)
	tenant.Mute = true
	c, _ := connect(t, tenant)
	if list, err := all(t.Context(), c, "firstName"); err != nil || len(list) != 120 {
		t.Errorf("%d users, %v", len(list), err)
	}
}

func TestEmptyPageWhileMoreIsAnnouncedIsAFault(t *testing.T) {
	tenant := many(150)
	tenant.Page = func(_ string, offset int, items []any, _ *int) []any {
		if offset > 0 {
			return []any{}
		}
		return items
	}
	c, _ := connect(t, tenant)
	_, err := all(t.Context(), c, "firstName")
	wantCode(t, err, "RH-213")
}

func TestOnlyMappedFieldsAreAskedFor(t *testing.T) {
	tenant := many(1)
	c, _ := connect(t, tenant)
	if _, err := all(t.Context(), c, "nationality.name", "firstName", "extendedData.e_NIR", "extendedData.e_RIB.e_IBAN"); err != nil {
		t.Fatal(err)
	}
	if got, want := fieldsOf([]string{"nationality.name", "firstName", "extendedData.e_NIR"}), "extendedData,firstName,id,legalEntity[id],nationality[name],collection.count"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestContractInForceFillsASheetThatShowsNone(t *testing.T) {
	tenant := &luccatest.Tenant{Users: []luccatest.Object{{"id": 1, "dtContractStart": nil, "dtContractEnd": nil}, {"id": 2, "dtContractStart": "2020-01-01T00:00:00"}}}
	for _, k := range [][2]string{{"2010-01-01", "2011-01-01"}, {"2026-10-01", "2026-12-31"}, {"2027-01-01", ""}} {
		end := any(nil)
		if k[1] != "" {
			end = k[1] + "T00:00:00"
		}
		tenant.Contracts = append(tenant.Contracts, luccatest.Object{"id": len(tenant.Contracts), "ownerId": 1, "startsOn": k[0] + "T00:00:00", "endsOn": end})
	}
	c, _ := connect(t, tenant)
	c.want = true
	list, err := all(t.Context(), c, startPath, endPath)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(list[0].Values[startPath]) + string(list[0].Values[endPath]); got != `"2026-10-01""2026-12-31"` {
		t.Errorf("of the first, the next contract: got %s", got)
	}
	if got := string(list[1].Values[startPath]); got != `"2020-01-01T00:00:00"` {
		t.Errorf("the second has its own: got %s", got)
	}
}

// leavesTenant has one user with n leaves a day over some days.
func leavesTenant(users, days int) *luccatest.Tenant {
	t := new(luccatest.Tenant)
	for u := range users {
		t.Users = append(t.Users, luccatest.Object{"id": u + 1, "legalEntityID": 1})
	}
	first := hr.Date{Year: 2026, Month: 9, Day: 1}
	for d := range days {
		for u := range users {
			id := itoa(u + 1)
			t.Leaves = append(t.Leaves, luccatest.Leave(id, first.Add(d).String(), true, "1", "CP"), luccatest.Leave(id, first.Add(d).String(), false, "1", "CP"))
		}
	}
	return t
}

var month = hr.AbsenceQuery{From: hr.Date{Year: 2026, Month: 9, Day: 1}, To: hr.Date{Year: 2026, Month: 9, Day: 30}, Etabs: []string{"1"}}

func TestLeavesAreReadInBothSpellings(t *testing.T) {
	for _, old := range []bool{false, true} {
		tenant := leavesTenant(1, 2)
		tenant.OldCase = old
		c, _ := connect(t, tenant)
		rows, err := c.Absences(t.Context(), month)
		if err != nil || len(rows) != 4 || !rows[0].Morning || rows[1].Morning || !rows[0].Real() {
			t.Errorf("old %v: %+v, %v", old, rows, err)
		}
	}
}

func TestWindowWithTooManyRowsIsCut(t *testing.T) {
	tenant := leavesTenant(260, 20) // 10,400 half-days
	c, _ := connect(t, tenant)
	rows, err := c.Absences(t.Context(), month)
	if err != nil || len(rows) != 10_400 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	seen := make(map[hr.RawAbsence]bool)
	for _, r := range rows {
		if seen[r] {
			t.Fatal("a row came twice")
		}
		seen[r] = true
	}
}

func TestLeavesWantSomebody(t *testing.T) {
	c, _ := connect(t, leavesTenant(1, 1))
	_, err := c.Absences(t.Context(), hr.AbsenceQuery{From: month.From, To: month.To})
	wantCode(t, err, "RH-510")
}

func TestLeavesThatMoveAreReadAgain(t *testing.T) {
	tenant := leavesTenant(600, 1)
	moved := 0
	tenant.Page = func(path string, offset int, items []any, count *int) []any {
		if path == leavesPath && offset > 0 && moved < 2 {
			moved++
			*count++
		}
		return items
	}
	c, _ := connect(t, tenant)
	if rows, err := c.Absences(t.Context(), month); err != nil || len(rows) != 1200 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	moved = -10
	_, err := c.Absences(t.Context(), month)
	wantCode(t, err, "RH-212")
}

func TestReferenceErrorsAreUnderstood(t *testing.T) {
	for name, want := range map[string]string{"401": "RH-202", "403": "RH-203", "408": "RH-208", "429": "RH-207"} {
		body, err := os.ReadFile(refdata.Path(t, "data", "hr", "errors", name+".problem.reconstructed.json"))
		if err != nil {
			t.Fatal(err)
		}
		tenant := many(1)
		c, _ := connect(t, tenant)
		status := map[string]int{"401": 401, "403": 403, "408": 408, "429": 429}[name]
		tenant.Fail(luccatest.Fault{Status: status, Body: string(body)})
		_, err = all(t.Context(), c, "firstName")
		wantCode(t, err, want)
		if err != nil && strings.Contains(err.Error(), "Not allowed") {
			t.Error("the tenant's words are repeated")
		}
	}
}

func TestDescriptionHasNoValueOfAnybody(t *testing.T) {
	tenant := luccatest.Sample()
	tenant.Leaves = append(tenant.Leaves, luccatest.Leave("101", "2026-09-01", true, "12", "Arrêt maladie"))
	c, _ := connect(t, tenant)
	d, err := c.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Etabs) != 2 || len(d.Leaves) != 1 || d.Lists["extendedData.e_ModePaiement"]["2"] != "Virement" {
		t.Errorf("%+v", d)
	}
	for _, r := range tenant.Log() {
		if r.Path == usersPath {
			t.Error("users were asked for")
		}
	}
}
