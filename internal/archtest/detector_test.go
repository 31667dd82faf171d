package archtest

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A plain package is one that test.sh runs without the race detector, but for
// some of its tests.
type plain struct {
	folder string
	kept   []string // patterns of the tests that run under the detector
}

func (p plain) keeps(test string) bool {
	return slices.ContainsFunc(p.kept, func(pattern string) bool { return matches(pattern, test) })
}

func matches(pattern, test string) bool {
	return regexp.MustCompile("^(" + pattern + ")$").MatchString(test)
}

// elsewhere are the folders none of whose tests stays under the detector, and
// why it would see nothing new there.
var elsewhere = map[string]string{
	"cmd/xhl":  "commands are whole programs: what runs side by side in them is tested in app, splitter and vault",
	"web/page": "the program is WebAssembly in a browser",
}

// plainPackages reads the list that test.sh reads.
func plainPackages(t *testing.T, file string) (list []plain) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) != 2 {
			t.Fatalf("%s: %q is not a folder and the tests that stay under the detector", file, line)
		}
		list = append(list, plain{strings.TrimPrefix(fields[0], "./"), strings.Split(fields[1], "|")})
	}
	return list
}

// A tested folder has the functions of its test files, by name: what each of them
// calls, and whether it starts something beside itself.
type tested struct {
	calls  map[string]map[string]bool
	starts map[string]string // where it does
}

// testsOf reads the test files of every folder.
func testsOf(t *testing.T) map[string]*tested {
	t.Helper()
	all := make(map[string]*tested)
	files(t, filepath.Join("..", ".."), func(name string, fset *token.FileSet, file *ast.File) {
		if !strings.HasSuffix(name, "_test.go") {
			return
		}
		f := all[path.Dir(name)]
		if f == nil {
			f = &tested{make(map[string]map[string]bool), make(map[string]string)}
			all[path.Dir(name)] = f
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				f.add(fset, fn)
			}
		}
	})
	return all
}

// add reads a function. A method bears a dot before its name, whatever it is of.
func (f *tested) add(fset *token.FileSet, fn *ast.FuncDecl) {
	name := fn.Name.Name
	if fn.Recv != nil {
		name = "." + name
	}
	if f.calls[name] == nil {
		f.calls[name] = make(map[string]bool)
	}
	var read func(n ast.Node) bool
	read = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if called(n.Call) != "Serve" { // a server that a test asks, one question after the other
				f.starts[name] = fset.Position(n.Pos()).String()
			}
		case *ast.CallExpr:
			if called(n) == "Go" {
				f.starts[name] = fset.Position(n.Pos()).String()
			}
		case *ast.SelectorExpr:
			f.calls[name]["."+n.Sel.Name] = true
			ast.Inspect(n.X, read)
			return false
		case *ast.Ident:
			f.calls[name][n.Name] = true
		}
		return true
	}
	ast.Inspect(fn, read)
}

// called is the name of the function or method of a call.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// beside says where a test starts something that runs beside it, itself or
// through other functions of the test files.
func (f *tested) beside(test string) string {
	seen, left := map[string]bool{test: true}, []string{test}
	for len(left) > 0 {
		name := left[0]
		left = left[1:]
		if at := f.starts[name]; at != "" {
			return at
		}
		for next := range f.calls[name] {
			if f.calls[next] != nil && !seen[next] {
				seen[next] = true
				left = append(left, next)
			}
		}
	}
	return ""
}

func (f *tested) tests() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(f.calls)), func(name string) bool { return !strings.HasPrefix(name, "Test") || name == "TestMain" })
}

// What .ci/plain.txt leaves to a pass without the detector has nothing for it
// to see: a test of such a package that runs things side by side is named
// there, and each of the packages keeps one.
func TestWhatRunsSideBySideStaysUnderTheRaceDetector(t *testing.T) {
	all := testsOf(t)
	list := plainPackages(t, filepath.Join("..", "..", ".ci", "plain.txt"))
	if len(list) == 0 {
		t.Fatal("the list is empty")
	}
	seen := make(map[string]bool)
	for _, p := range list {
		f := all[p.folder]
		if f == nil || seen[p.folder] {
			t.Errorf("%s has no tests, or is there twice", p.folder)
			continue
		}
		seen[p.folder] = true
		if slices.Equal(p.kept, []string{"-"}) {
			if elsewhere[p.folder] == "" {
				t.Errorf("%s: no test of it stays under the detector", p.folder)
			}
			continue
		}
		for _, pattern := range p.kept {
			if !slices.ContainsFunc(f.tests(), func(test string) bool { return matches(pattern, test) }) {
				t.Errorf("%s has no test %s", p.folder, pattern)
			}
		}
		for _, test := range f.tests() {
			if at := f.beside(test); at != "" && !p.keeps(test) {
				t.Errorf("%s: %s starts something beside itself, at %s: the line of .ci/plain.txt has to name it", p.folder, test, at)
			}
		}
	}
}
