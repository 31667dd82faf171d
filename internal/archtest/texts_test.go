package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paye/internal/lang"
	"paye/internal/lang/langtest"
)

// literal is the text of a string constant, also of one that is put together
// from several.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		x, okX := literal(e.X)
		y, okY := literal(e.Y)
		return x + y, okX && okY && e.Op == token.ADD
	}
	return "", false
}

// pair returns the two languages of a lang.Text literal, or of a call of p.t
// or p.usage.
func pair(n ast.Node) (text lang.Text, ok bool) {
	var fr, en ast.Expr
	switch n := n.(type) {
	case *ast.CompositeLit:
		sel, isSel := n.Type.(*ast.SelectorExpr)
		if !isSel || sel.Sel.Name != "Text" {
			return text, false
		}
		for _, e := range n.Elts {
			if kv, isKV := e.(*ast.KeyValueExpr); isKV {
				switch kv.Key.(*ast.Ident).Name {
				case "FR":
					fr = kv.Value
				case "EN":
					en = kv.Value
				}
			}
		}
	case *ast.CallExpr:
		sel, isSel := n.Fun.(*ast.SelectorExpr)
		if !isSel || sel.Sel.Name != "t" && sel.Sel.Name != "T" && sel.Sel.Name != "usage" || len(n.Args) < 2 {
			return text, false
		}
		fr, en = n.Args[0], n.Args[1]
	}
	if fr == nil || en == nil {
		return text, false
	}
	f, okF := literal(fr)
	e, okE := literal(en)
	return lang.Text{FR: f, EN: e}, okF && okE
}

// own are names that stand in French texts as they are typed: commands, values
// of options.
var own = []string{"vault", "check", "deposit", "limit", "folder", "none", "keys", "pieces", "for", "send", "password", "employer", "account"}

// eachNode calls what for the nodes of every source of the product.
func eachNode(t *testing.T, what func(ast.Node, token.Position)) {
	t.Helper()
	root, fset := filepath.Join("..", ".."), token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && path != root || e.Name() == "testdata" || e.Name() == "bench") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if node != nil {
				what(node, fset.Position(node.Pos()))
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryTextSpeaksBothLanguages(t *testing.T) {
	n := 0
	eachNode(t, func(node ast.Node, at token.Position) {
		text, ok := pair(node)
		if !ok || text == (lang.Text{}) {
			return
		}
		n++
		if err := text.Verify(); err != nil {
			t.Errorf("%s: %v", at, err)
		}
		if w := langtest.English(text.FR, own...); w != "" {
			t.Errorf("%s: the French text %q holds the English word %q", at, text.FR, w)
		}
	})
	if n < 500 {
		t.Fatalf("%d texts found only", n)
	}
}

// counted is a number and the word behind it.
var counted = regexp.MustCompile(`%(?:\[\d\])?d ([\p{L}’'-]+[sx])(?:[^\p{L}{]|$)`)

// noPlurals are words behind a number that are no plurals, or sizes, which are
// above one.
var noPlurals = []string{"fois", "mois", "flux", "dans", "plus", "sans", "n'est", "pas", "octets", "bytes", "is", "does", "weighs", "windows"}

// limit is what stands before one, which is above one.
var limit = regexp.MustCompile(`(?i)((plus|moins|limite) de|que la limite|more than|fewer than|than the limit|at most|(\d|%d) (à|to|et|and)|octets et|bytes and) \(?$`)

// TestCountsAgreeWithTheirWords finds plurals that stay when there is one.
func TestCountsAgreeWithTheirWords(t *testing.T) {
	n := 0
	eachNode(t, func(node ast.Node, at token.Position) {
		var list []ast.Expr
		switch node := node.(type) {
		case *ast.CompositeLit:
			list = node.Elts
		case *ast.CallExpr:
			list = node.Args
		}
		for i := 0; i+1 < len(list); i++ {
			fr, okF := literal(valueOf(list[i]))
			en, okE := literal(valueOf(list[i+1]))
			if !okF || !okE || strings.Count(fr, "%") != strings.Count(en, "%") {
				continue
			}
			for _, s := range []string{fr, en} {
				n += strings.Count(s, "{s}")
				for _, m := range counted.FindAllStringSubmatchIndex(s, -1) {
					if word := s[m[2]:m[3]]; !slices.Contains(noPlurals, word) && !limit.MatchString(s[:m[0]]) {
						t.Errorf("%s: %q in %q stays as it is when there is one: write its s as {s}", at, word, s)
					}
				}
			}
		}
	})
	if n < 200 {
		t.Fatalf("%d markers found only", n)
	}
}

func valueOf(e ast.Expr) ast.Expr {
	if kv, ok := e.(*ast.KeyValueExpr); ok {
		return kv.Value
	}
	return e
}

// TestPagesSayWhatToDoWithoutOptions: what to do is OnPage there, Aide is for who
// types commands.
func TestPagesSayWhatToDoWithoutOptions(t *testing.T) {
	n := 0
	eachNode(t, func(node ast.Node, at token.Position) {
		call, ok := node.(*ast.CallExpr)
		if !ok || !strings.HasPrefix(filepath.ToSlash(at.Filename), "../../web/") {
			return
		}
		for _, e := range append([]ast.Expr{call.Fun}, call.Args...) {
			switch sel, ok := e.(*ast.SelectorExpr); {
			case ok && sel.Sel.Name == "OnPage":
				n++
			case ok && sel.Sel.Name == "Aide" && e == call.Fun:
				t.Errorf("%s: Aide may name options, OnPage does not", at)
			}
		}
	})
	if n < 8 {
		t.Fatalf("%d places found only", n)
	}
}
