// Command make puts the Artefact of the page where the binary takes it from:
// go generate ./web/page.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"paye/internal/durable"
	"paye/web/page"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "xhl-page-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a, err := page.Make(dir)
	if err != nil {
		return err
	}
	for name, b := range map[string][]byte{page.ProgramName: a.Program, page.ExecName: a.Exec} {
		if err := durable.WriteFile(filepath.Join("artefact", name), b); err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d bytes\n", page.ProgramName, len(a.Program))
	return nil
}
