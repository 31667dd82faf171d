package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
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

func TestEveryTextSpeaksBothLanguages(t *testing.T) {
	root, fset, n := filepath.Join("..", ".."), token.NewFileSet(), 0
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
			if text, ok := pair(node); ok && text != (lang.Text{}) {
				n++
				if err := text.Verify(); err != nil {
					t.Errorf("%s: %v", fset.Position(node.Pos()), err)
				}
				if w := langtest.English(text.FR, own...); w != "" {
					t.Errorf("%s: the French text %q holds the English word %q", fset.Position(node.Pos()), text.FR, w)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 500 {
		t.Fatalf("%d texts found only", n)
	}
}
