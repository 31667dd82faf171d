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

// everyone may import these: they hold no layer of their own.
var everyone = []string{"paye/internal/anomalie", "paye/internal/lang"}

// layers lists, for the packages that have one, all of our packages that they
// may import.
var layers = map[string][]string{
	"paye/splitter/pack":         {},
	"paye/xhl":                   {"paye/internal/xmlw", "paye/internal/identifiants"},
	"paye/compress":              {"paye/internal/input"},
	"paye/pespj":                 {"paye/compress", "paye/internal/xmlw", "paye/internal/durable"},
	"paye/splitter":              {"paye/xhl", "paye/compress", "paye/splitter/pack"},
	"paye/internal/xmlw":         {},
	"paye/internal/durable":      {},
	"paye/internal/input":        {},
	"paye/internal/lang":         {},
	"paye/internal/anomalie":     {},
	"paye/internal/pdfx":         {"paye/internal/pdfx/cos"},
	"paye/internal/pdfx/cos":     {},
	"paye/internal/identifiants": {},
	"paye/synth/synthpdf":        {},
	"paye/internal/server":       {},
	"paye/internal/state":        {},
	"paye/internal/pgtest":       {},
	"paye/internal/ledger":       {"paye/internal/durable"},
	"paye/web/ui":                {"paye/internal/ledger", "paye/internal/durable", "paye/internal/server"},
	"paye/internal/fluxbook":     {"paye/internal/ledger"},
}

// soleImporters lists, for libraries that stand behind one door, who may
// import them.
var soleImporters = map[string][]string{
	"github.com/pdfcpu/pdfcpu":      {"paye/internal/pdfx"},
	"github.com/urfave/cli":         {"paye/cmd/xhl"},
	"codeberg.org/go-pdf/fpdf":      {"paye/internal/report"},
	"github.com/riverqueue/river":   {"paye/internal/jobs"},
	"github.com/beevik/etree":       {"paye/pespj", "paye/due"},
	"github.com/minio/minio-go":     {"paye/vault/s3store"},
	"github.com/vbauerster/mpb":     {"paye/cmd/xhl"},
	"github.com/klauspost/compress": {"paye/compress"},
	"modernc.org/sqlite":            {"paye/internal/ledger", "paye/vault"},
	"github.com/jackc/pgx":          {"paye/internal/ledger", "paye/internal/pgtest", "paye/internal/jobs"},
	"github.com/chromedp":           {"paye/web"},
	"github.com/go-webauthn":        {"paye/web/ui"},
	"github.com/coreos/go-oidc":     {"paye/web/ui"},
}

// strangers never import each other, in either direction.
var strangers = [][]string{
	{"paye/xhl", "paye/pespj"},
	{"paye/vault", "paye/due", "paye/hr"},
}

func ours(path string) bool { return path == "paye" || strings.HasPrefix(path, "paye/") }

func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func TestImportsFollowTheLayers(t *testing.T) {
	all := list(t)
	if len(all) < len(layers) {
		t.Fatalf("go list found %d packages only", len(all))
	}
	for _, p := range all {
		allowed, bound := layers[p.ImportPath]
		for _, imp := range p.Imports {
			if bound && ours(imp) && !slices.Contains(everyone, imp) && !slices.Contains(allowed, imp) {
				t.Errorf("%s imports %s; it may import %v", p.ImportPath, imp, allowed)
			}
			if p.ImportPath == "paye/splitter/pack" && strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
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
