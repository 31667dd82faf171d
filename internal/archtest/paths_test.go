package archtest

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// hop is a file of the page of architecture and the function to look for there.
var hop = regexp.MustCompile("`([a-z_/]+\\.go)` `([A-Za-z]+)`")

func TestPathsOfThePageLeadToTheLine(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "architecture.md"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := make(map[string]map[string]bool) // "file function": what it mentions
	files(t, filepath.Join("..", ".."), func(path string, _ *token.FileSet, file *ast.File) {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil { // none: it is brought by the script of the page
				names := make(map[string]bool)
				ast.Inspect(fn.Body, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						names[id.Name] = true
					}
					return true
				})
				bodies[path+" "+fn.Name.Name] = names
			}
		}
	})
	questions := 0
	for line := range strings.Lines(string(page)) {
		hops := hop.FindAllStringSubmatch(line, -1)
		if len(hops) == 0 || !strings.HasPrefix(line, "|") {
			continue
		}
		questions++
		if len(hops) != 3 {
			t.Errorf("%d hops, want three: %s", len(hops), line)
		}
		for i, h := range hops {
			mentions, there := bodies[h[1]+" "+h[2]]
			if !there {
				t.Errorf("%s has no function %s", h[1], h[2])
			} else if i+1 < len(hops) && !mentions[hops[i+1][2]] {
				t.Errorf("%s in %s does not call %s", h[2], h[1], hops[i+1][2])
			}
		}
	}
	if questions != 5 {
		t.Errorf("%d questions, want five", questions)
	}
}
