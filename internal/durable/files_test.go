package durable_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paye/internal/durable"
	"paye/internal/durable/durabletest"
)

// Whatever step of files that are written together is broken, each of them is what it
// was or what it becomes, and nothing stays beside them; all of them are new only
// where no error was told.
func TestFilesThatAreWrittenTogetherAreEachWhole(t *testing.T) {
	const files = 5
	var list []durable.Content
	fresh := func() {
		dir := t.TempDir()
		list = list[:0]
		for i := range files {
			folder := filepath.Join(dir, fmt.Sprint(i%2))
			if err := os.MkdirAll(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, fmt.Sprint(i))
			if err := os.WriteFile(path, []byte("former"), 0o600); err != nil {
				t.Fatal(err)
			}
			list = append(list, durable.Content{Path: path, Data: []byte("new")})
		}
	}
	fresh()
	var err error
	steps := durabletest.Steps(func() { err = durable.WriteFiles(list) })
	if err != nil || !slices.Contains(steps, durable.OpSync) || !slices.Contains(steps, durable.OpRename) {
		t.Fatalf("%v, steps %v", err, steps)
	}
	for _, how := range []durabletest.How{durabletest.Fails, durabletest.Ends} {
		for n := range steps {
			fresh()
			durabletest.Break(n, how, func(context.Context) { err = durable.WriteFiles(list) })
			if err == nil {
				t.Errorf("step %d, %s: no error", n, how)
			}
			for _, c := range list {
				if data, err := os.ReadFile(c.Path); err != nil || string(data) != "former" && string(data) != "new" {
					t.Errorf("step %d, %s: %q, %v", n, how, data, err)
				}
				if _, err := durable.Clean(filepath.Dir(c.Path)); err != nil {
					t.Error(err)
				}
				if entries, _ := os.ReadDir(filepath.Dir(c.Path)); len(entries) > files/2+1 {
					t.Errorf("step %d, %s: %v are left", n, how, entries)
				}
			}
		}
	}
}
