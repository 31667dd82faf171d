package main

import (
	"io"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// leaves gives each command that does something to f, with its path.
func leaves(list []*cli.Command, above string, f func(path string, c *cli.Command)) {
	for _, c := range list {
		path := strings.TrimSpace(above + " " + c.Name)
		if c.Action != nil {
			f(path, c)
		}
		leaves(c.Subcommands, path, f)
	}
}

func TestArgumentsThatNoCommandTakesAreRefused(t *testing.T) {
	p := newProgram(nil, strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" })
	known := map[string]bool{}
	leaves(p.commands(), "", func(path string, _ *cli.Command) {
		known[path] = true
		if _, listed := arity[path]; !listed {
			t.Errorf("arity.go does not say how many arguments %q takes", path)
		}
	})
	for path := range arity {
		if !known[path] {
			t.Errorf("arity.go lists %q, which is no command", path)
		}
	}
}
