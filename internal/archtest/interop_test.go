package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	heldBy   = regexp.MustCompile("`([^`]+)`")
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+|Fuzz\w+)\(`)
)

// Each row of docs/interop.md names what holds it, and that is there.
func TestInteropNamesTestsThatAreThere(t *testing.T) {
	root := filepath.Join("..", "..")
	there := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		switch {
		case strings.HasSuffix(path, "_test.go"):
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
				there[m[1]] = true
			}
		case strings.HasSuffix(path, ".txtar"), filepath.Base(filepath.Dir(path)) == "findings":
			there[filepath.Base(path)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "interop.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 || !strings.HasPrefix(line, "|") || strings.HasPrefix(cells[0], "---") || strings.TrimSpace(cells[3]) == "held by" {
			continue
		}
		rows++
		names := heldBy.FindAllStringSubmatch(cells[3], -1)
		if len(names) == 0 && strings.TrimSpace(cells[3]) != "as above" {
			t.Errorf("no test holds the row %q", strings.TrimSpace(cells[0])+" "+strings.TrimSpace(cells[1]))
		}
		for _, m := range names {
			if !there[m[1]] {
				t.Errorf("%s is not there, for the row %q", m[1], strings.TrimSpace(cells[1]))
			}
		}
	}
	if rows < 40 {
		t.Errorf("%d rows were read, want all of the page", rows)
	}
}
