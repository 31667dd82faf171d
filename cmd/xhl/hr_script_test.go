package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"paye/hr/luccatest"
)

// testNow gives the clock of a program in a test, RFC 3339.
const testNow = "XHL_TEST_NOW"

// TestHRScripts plays the scripts of testdata/hr, one behaviour a file, against
// a tenant on loopback that is a copy of luccatest.Sample for each script.
// Their own commands, besides xhl and status of the other scripts:
//
//	date AAAA-MM-JJ                     what the clock shows, at 18:00 UTC
//	lucca set ID FIELD JSON             a field of a sheet, nested ones as a.b
//	lucca drop ID                       the sheet is deleted
//	lucca copy ID NEW                   the sheet exists twice
//	lucca leave OWNER DAY am|pm ACCOUNT NAME
//	lucca cancel OWNER DAY am|pm
//	lucca fail PATH STATUS AFTER TIMES  answers of that status
//	lucca html                          every answer is a login page
//	lucca away URL                      every answer redirects there
//	lucca heal                          no more faults
//	lucca hide FIELD                    the key loses the right to a field
//	lucca asks N                        N requests came since the last count
func TestHRScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "hr"),
		Setup: func(env *testscript.Env) error {
			tenant := luccatest.Sample()
			env.Defer(tenant.Start())
			env.Values["tenant"] = tenant
			env.Defer(func() {
				for _, x := range tenant.Broken() {
					t.Errorf("the tenant was asked what must never be: %s", x)
				}
			})
			env.Setenv("XHL_STATE", filepath.Join(env.WorkDir, "etat"))
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("LANG", "fr_FR.UTF-8")
			env.Setenv("USER", "alice")
			env.Setenv("XHL_HR_KEY", luccatest.Key)
			env.Setenv("URL", tenant.URL())
			env.Setenv(testNow, "2026-09-14T18:00:00Z")
			if err := os.WriteFile(filepath.Join(env.WorkDir, "ca.pem"), tenant.CA(), 0o600); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "mapping.yaml"), []byte(tenant.Mapping("ca.pem", "")), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"xhl": scriptXHL, "status": scriptStatus, "jsonlines": scriptJSONLines, "lucca": scriptLucca, "env-file": scriptEnv,
			"date": func(ts *testscript.TestScript, _ bool, args []string) { ts.Setenv(testNow, args[0]+"T18:00:00Z") },
		},
	})
}

func scriptLucca(ts *testscript.TestScript, _ bool, args []string) {
	tenant := ts.Value("tenant").(*luccatest.Tenant)
	act := map[string]func([]string) error{
		"set": func(a []string) error { return setField(tenant.User(a[0]), a[1], a[2]) },
		"drop": func(a []string) error {
			tenant.Users = without(tenant.Users, func(u luccatest.Object) bool { return fmt.Sprint(u["id"]) == a[0] })
			return nil
		},
		"copy": func(a []string) error {
			text, err := json.Marshal(tenant.User(a[0]))
			if err != nil {
				return err
			}
			var twin luccatest.Object
			if err := json.Unmarshal(text, &twin); err != nil {
				return err
			}
			twin["id"], err = strconv.Atoi(a[1])
			tenant.Users = append(tenant.Users, twin)
			return err
		},
		"leave": func(a []string) error {
			tenant.Leaves = append(tenant.Leaves, luccatest.Leave(a[0], a[1], a[2] == "am", a[3], a[4]))
			return nil
		},
		"cancel": func(a []string) error {
			tenant.Leaves = without(tenant.Leaves, func(l luccatest.Object) bool {
				return l["id"] == luccatest.Leave(a[0], a[1], a[2] == "am", "", "")["id"]
			})
			return nil
		},
		"hide": func(a []string) error { tenant.Hidden = append(tenant.Hidden, a...); return nil },
	}[args[0]]
	if act != nil {
		tenant.Edit(func() { ts.Check(act(args[1:])) })
		return
	}
	scriptFaults(ts, tenant, args)
}

// scriptFaults are the commands that make a tenant misbehave.
func scriptFaults(ts *testscript.TestScript, tenant *luccatest.Tenant, args []string) {
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		ts.Check(err)
		return n
	}
	switch args[0] {
	case "fail":
		tenant.Fail(luccatest.Fault{Path: args[1], Status: number(args[2]), After: number(args[3]), Times: number(args[4])})
	case "html":
		tenant.Fail(luccatest.Fault{Status: 200, Kind: "text/html; charset=utf-8", Body: "<!DOCTYPE html><html><body>login</body></html>"})
	case "away":
		tenant.Fail(luccatest.Fault{Status: 302, Header: map[string][]string{"Location": {args[1]}}})
	case "heal":
		tenant.Heal()
	case "asks":
		n := len(tenant.Log())
		if got := n - number(ts.Getenv("asked")+"0")/10; got != number(args[1]) {
			ts.Fatalf("%d requests came, want %s", got, args[1])
		}
		ts.Setenv("asked", strconv.Itoa(n))
	default:
		ts.Fatalf("lucca has no %s", args[0])
	}
}

// setField sets a field of a sheet; in extendedData the wrapping is kept.
func setField(o luccatest.Object, field, text string) error {
	if o == nil {
		return fmt.Errorf("no such sheet")
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	names := strings.Split(field, ".")
	for _, name := range names[:len(names)-1] {
		next, ok := o[name].(luccatest.Object)
		if !ok {
			return fmt.Errorf("no %s", name)
		}
		if inner, wrapped := next["value"].(luccatest.Object); wrapped {
			next = inner
		}
		o = next
	}
	last := names[len(names)-1]
	if wrapped, ok := o[last].(luccatest.Object); ok && wrapped["value"] != nil {
		wrapped["value"] = value
		return nil
	}
	if names[0] == "extendedData" {
		value = luccatest.Object{"value": value}
	}
	o[last] = value
	return nil
}

func without(list []luccatest.Object, gone func(luccatest.Object) bool) []luccatest.Object {
	var out []luccatest.Object
	for _, o := range list {
		if !gone(o) {
			out = append(out, o)
		}
	}
	return out
}
