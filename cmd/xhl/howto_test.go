package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Both pages answer the same twenty questions, or more, by the same commands.
func TestHowToAnswersInBothLanguages(t *testing.T) {
	commands := func(name string) (list []string) {
		for i, part := range strings.Split(readDocument(t, name), "\n### ")[1:] {
			question, rest, _ := strings.Cut(part, "\n")
			before := len(list)
			for line := range strings.Lines(rest) {
				if command, is := strings.CutPrefix(line, "$ "); is {
					list = append(list, strings.TrimSpace(command))
				}
			}
			if len(list) == before {
				t.Errorf("%s: question %d has no session: %s", name, i+1, question)
			}
		}
		return list
	}
	english, french := commands("docs/howto.md"), commands("docs/howto.fr.md")
	if diff := cmp.Diff(english, french); diff != "" {
		t.Errorf("commands (-English +French):\n%s", diff)
	}
	if n := strings.Count(readDocument(t, "docs/howto.md"), "\n### "); n < 20 {
		t.Errorf("%d questions, want 20 at least", n)
	}
}
