package xmlr

import (
	"errors"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
)

// Every name that the index of golang.org/x/text has, in its source, is one of
// ours when it is of a charset of one byte that extends ASCII, and no other is.
func TestNamesOfIANAAreThoseOfTheIndex(t *testing.T) {
	found := 0
	for _, name := range indexNames(t) {
		upper := strings.ToUpper(name)
		e, err := ianaindex.IANA.Encoding(upper)
		table, oneByte := e.(*charmap.Charmap)
		if err != nil || !oneByte || !extendsASCII(table) {
			table = nil
		}
		if got := ianaNames[upper]; got != table {
			t.Errorf("%s is %v, want %v", name, got, table)
		}
		if table != nil {
			found++
		}
	}
	if found < len(ianaNames) {
		t.Errorf("the index has %d of our %d names", found, len(ianaNames))
	}
}

func extendsASCII(table *charmap.Charmap) bool {
	for b := range byte(utf8.RuneSelf) {
		if table.DecodeByte(b) != rune(b) {
			return false
		}
	}
	return true
}

// indexNames are the texts of the source of the index.
func indexNames(t *testing.T) (names []string) {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "golang.org/x/text/encoding/ianaindex").Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip(err) // a test program that was built elsewhere
	}
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "tables.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile("tables.go", files.Base(), len(source)), source, nil, 0)
	for {
		_, kind, text := s.Scan()
		if kind == token.EOF {
			return names
		}
		if name, err := strconv.Unquote(text); kind == token.STRING && err == nil {
			names = append(names, name)
		}
	}
}
