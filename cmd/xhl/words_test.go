package main

import (
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"paye/internal/lang"
	"paye/internal/lang/langtest"
)

// Every message and advice of the catalogue, and every page of help, is French
// where it is meant to be.
func TestNoFrenchOfTheCatalogueHoldsEnglish(t *testing.T) {
	p := newProgram([]string{"--lang", "fr"}, strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" })
	own := []string{"pieces", "folder", "none", "keys", "forwarded", "for"} // values of options, and a header
	n := 0
	var names func(list []*cli.Command)
	names = func(list []*cli.Command) {
		for _, c := range list {
			own = append(own, c.Name)
			names(c.Subcommands)
		}
	}
	names(p.commands())
	look := func(where, text string) {
		n++
		if w := langtest.English(text, own...); w != "" {
			t.Errorf("%s: %q holds the English word %q", where, text, w)
		}
	}
	for _, r := range registries() {
		for _, regle := range r.Regles() {
			look(regle.Code, regle.Message.FR)
			look(regle.Code+", advice", regle.Aide.FR)
		}
	}
	var walk func(above string, list []*cli.Command)
	walk = func(above string, list []*cli.Command) {
		for _, c := range list {
			path := above + " " + c.Name
			look(path, c.Usage)
			look(path, c.Description)
			for _, f := range c.Flags {
				if doc, ok := f.(cli.DocGenerationFlag); ok && strings.Contains(doc.GetUsage(), " ") {
					look(path+" --"+f.Names()[0], doc.GetUsage())
				}
			}
			walk(path, c.Subcommands)
		}
	}
	walk("xhl", p.commands())
	if p.ui.lang != lang.French || n < 1000 {
		t.Fatalf("only %d texts were looked at, in %v", n, p.ui.lang)
	}
}

func TestEveryCodeHasAnAdvice(t *testing.T) {
	for _, r := range registries() {
		for _, regle := range r.Regles() {
			if err := advice(regle).Verify(); err != nil {
				t.Errorf("%s: %v", regle.Code, err)
			}
		}
	}
}

// namedOption is one as a text names it.
var namedOption = regexp.MustCompile(`(^|[\s\x{a0}(«“"'])--[a-z]`)

// onlyTyped are the codes that only a command meets.
var onlyTyped = []string{"LOTS-", "IDX-", "SRV-1"}

// TestWhatToDoOnPagesNamesNoOption: the console and the page have fields.
func TestWhatToDoOnPagesNamesNoOption(t *testing.T) {
	n := 0
	for _, r := range registries() {
		for _, regle := range r.Regles() {
			if slices.ContainsFunc(onlyTyped, func(prefix string) bool { return strings.HasPrefix(regle.Code, prefix) }) {
				continue
			}
			a := r.New(regle.Code)
			for _, text := range []string{a.OnPage(lang.French), a.OnPage(lang.English)} {
				if n++; namedOption.MatchString(text) {
					t.Errorf("%s: %q names an option", regle.Code, text)
				}
			}
		}
	}
	if n < 500 {
		t.Fatalf("%d texts found only", n)
	}
}
