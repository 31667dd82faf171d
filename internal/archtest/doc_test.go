package archtest

import (
	"bytes"
	"go/ast"
	"go/doc"
	"go/token"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// twoScreens is how many lines "go doc" of a package may print.
const twoScreens = 120

// The page of a package that another imports is read in one go: what only its
// own package uses is not on it, and what belongs to one type is told there.
func TestGoDocOfEachPackageFitsTwoScreens(t *testing.T) {
	folders := make(map[string][]*ast.File)
	var all *token.FileSet
	files(t, filepath.Join("..", ".."), func(name string, fset *token.FileSet, file *ast.File) {
		if dir := path.Dir(name); !strings.HasSuffix(name, "_test.go") && !strings.Contains("/"+dir+"/", "/internal/") && file.Name.Name != "main" {
			folders[dir], all = append(folders[dir], file), fset
		}
	})
	for dir, files := range folders {
		p, err := doc.NewFromFiles(all, files, "paye/"+dir)
		if err != nil {
			t.Fatalf("%s: %v", dir, err)
		}
		if n := lines(p); n > twoScreens {
			t.Errorf("%s: go doc prints %d lines, at most %d", dir, n, twoScreens)
		}
	}
	if len(folders) < len(pillars) {
		t.Fatalf("%d packages were read only", len(folders))
	}
}

// lines is how many lines "go doc" prints: the comment, then a line for each
// group of constants or variables, each function, each type and what makes it.
func lines(p *doc.Package) int {
	n := 3 + bytes.Count(p.Text(p.Doc), []byte("\n")) + len(p.Consts) + len(p.Vars) + len(p.Funcs)
	for _, t := range p.Types {
		n += 1 + len(t.Consts) + len(t.Vars) + len(t.Funcs)
	}
	return n
}
