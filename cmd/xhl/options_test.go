package main

import (
	"io"
	"os"
	"testing"

	"github.com/urfave/cli/v2"
)

// eachCommand gives every command, with the words that call it.
func eachCommand(list []*cli.Command, words string, f func(words string, c *cli.Command)) {
	for _, c := range list {
		name := words + " " + c.Name
		f(name, c)
		eachCommand(c.Subcommands, name, f)
	}
}

func TestNoCommandHasAnOptionTwice(t *testing.T) {
	p := newProgram(nil, os.Stdin, io.Discard, io.Discard, os.Getenv)
	n := 0
	eachCommand(p.app().Commands, "xhl", func(words string, c *cli.Command) {
		seen := make(map[string]bool)
		for _, f := range c.Flags {
			for _, name := range f.Names() {
				n++
				if seen[name] {
					t.Errorf("%s: --%s is declared twice", words, name)
				}
				seen[name] = true
			}
		}
	})
	if n < 100 {
		t.Fatalf("%d options found only", n)
	}
}
