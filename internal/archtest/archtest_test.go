// Package archtest holds the rules of who imports whom, as one test: the
// layers of docs/architecture.md, checked on what the compiler sees.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// pkg is what "go list" says of a package.
type pkg struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

// list returns the packages of the module.
func list(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "paye/...").Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip(err) // a test program that was built elsewhere
	}
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// A room is a package and those below it, and what of ours they may import
// beside the ground.
type room struct {
	path   string
	stands []string // on these
}

// The floors, from the ground up. A package belongs to the room with the
// longest path that it is within; one without a room fails the test.
var (
	ground  = "paye/internal"
	pillars = []room{
		{"paye/compress", nil},
		{"paye/xhl", []string{"paye/xhl"}},
		{"paye/pespj", []string{"paye/compress"}},
		{"paye/splitter", []string{"paye/xhl", "paye/compress", "paye/splitter/pack"}},
		{"paye/payslip", []string{"paye/xhl"}},
		{"paye/synth", []string{"paye/xhl", "paye/synth"}},
		{"paye/etats/etatstest", []string{"paye/xhl", "paye/etats", "paye/synth"}},
		{"paye/etats", []string{"paye/xhl"}},
		{"paye/vault", []string{"paye/vault"}},
		{"paye/due", []string{"paye/due"}},
		{"paye/hr", []string{"paye/hr"}},
	}
	app    = "paye/app"
	fronts = []string{"paye/web", "paye/cmd/xhl"}
)

// alone imports nothing but the standard library.
const alone = "paye/splitter/pack"

// floors says what the packages of path may import of ours, by prefix; false
// without a room.
func floors(path string) (allowed []string, ok bool) {
	switch {
	case path == alone:
		return nil, true
	case within(path, ground):
		return []string{ground}, true
	case within(path, app):
		allowed = []string{ground, app}
		for _, p := range pillars {
			allowed = append(allowed, p.path)
		}
		return allowed, true
	}
	for _, front := range fronts {
		if within(path, front) {
			return []string{"paye"}, true
		}
	}
	for _, p := range pillars {
		if within(path, p.path) {
			return append([]string{ground}, p.stands...), true
		}
	}
	return nil, false
}

// soleImporters lists, for libraries that stand behind one door, who may
// import them.
var soleImporters = map[string][]string{
	"github.com/pdfcpu/pdfcpu":      {}, // makes and judges documents of tests
	"github.com/urfave/cli":         {"paye/cmd/xhl"},
	"github.com/go-fonts/dejavu":    {"paye/internal/pdfw"},
	"github.com/xuri/excelize":      {"paye/internal/sheet", "paye/app/states", "paye/hr", "paye/app/sync"},
	"github.com/riverqueue/river":   {"paye/internal/jobs"},
	"github.com/beevik/etree":       {"paye/pespj", "paye/due"},
	"github.com/minio/minio-go":     {"paye/vault/s3store"},
	"github.com/vbauerster/mpb":     {"paye/cmd/xhl"},
	"github.com/klauspost/compress": {"paye/compress", "paye/internal/pdfw"},
	"modernc.org/sqlite":            {"paye/internal/ledger", "paye/vault"},
	"github.com/jackc/pgx":          {"paye/internal/ledger", "paye/internal/pgtest", "paye/internal/jobs"},
	"github.com/chromedp":           {"paye/web"},
	"github.com/go-webauthn":        {"paye/web/ui"},
	"github.com/coreos/go-oidc":     {"paye/web/ui"},
}

// strangers never import each other, in either direction.
var strangers = [][]string{
	{"paye/xhl", "paye/pespj"},
	{"paye/xhl/check", "paye/xhl/run"},
	{"paye/vault", "paye/due", "paye/hr"},
}

func ours(path string) bool { return path == "paye" || strings.HasPrefix(path, "paye/") }

func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func TestImportsFollowTheLayers(t *testing.T) {
	all := list(t)
	if len(all) < len(pillars) {
		t.Fatalf("go list found %d packages only", len(all))
	}
	for _, p := range all {
		allowed, ok := floors(p.ImportPath)
		if !ok {
			t.Errorf("%s stands in no room: give it one", p.ImportPath)
		}
		for _, imp := range p.Imports {
			if ours(imp) && !slices.ContainsFunc(allowed, func(floor string) bool { return within(imp, floor) }) {
				t.Errorf("%s imports %s; it may import %v", p.ImportPath, imp, allowed)
			}
			if p.ImportPath == alone && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
				t.Errorf("%s imports %s; it is standard library only", p.ImportPath, imp)
			}
			if within(imp, "paye/web") && !within(p.ImportPath, "paye/web") && p.ImportPath != "paye/cmd/xhl" {
				t.Errorf("%s imports %s; only the command does", p.ImportPath, imp)
			}
			for library, doors := range soleImporters {
				if (within(imp, library) || strings.HasPrefix(imp, library+"/v")) && !slices.ContainsFunc(doors, func(door string) bool { return within(p.ImportPath, door) }) {
					t.Errorf("%s imports %s; only %v do", p.ImportPath, imp, doors)
				}
			}
			for _, group := range strangers {
				for _, a := range group {
					for _, b := range group {
						if a != b && within(p.ImportPath, a) && within(imp, b) {
							t.Errorf("%s imports %s; they do not know each other", p.ImportPath, imp)
						}
					}
				}
			}
		}
	}
}
