package archtest

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// loopbacks are the files that tell this machine from the others: one asks who
// is this machine, the other who is a public one.
var loopbacks = map[string]bool{"internal/server/server.go": true, "hr/lucca/address.go": true}

func TestWhoIsThisMachineIsAskedInOnePlace(t *testing.T) {
	asked := 0
	files(t, filepath.Join("..", ".."), func(path string, fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			by := ""
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if n.Sel.Name == "IsLoopback" {
					by = n.Sel.Name
				}
			case *ast.BinaryExpr:
				for _, side := range []ast.Expr{n.X, n.Y} {
					if lit, ok := side.(*ast.BasicLit); ok && (n.Op == token.EQL || n.Op == token.NEQ) {
						switch text, _ := strconv.Unquote(lit.Value); text {
						case "localhost", "127.0.0.1", "::1":
							by = text
						}
					}
				}
			}
			switch {
			case by == "" || strings.HasSuffix(path, "_test.go"):
			case loopbacks[path]:
				asked++
			default:
				t.Errorf("%s asks for the loopback by %s: server.Loopback does", fset.Position(n.Pos()), by)
			}
			return true
		})
	})
	if asked < len(loopbacks) {
		t.Errorf("%d of the files that may ask do: the list is too long", asked)
	}
}
