package input

import (
	"iter"
	"strings"
)

// Entry is a line of a file of settings that says something: "key = value", or
// what is none of that.
type Entry struct {
	Line       int    // from 1
	Text       string // the line, without the blanks around it
	Key, Value string // without the blanks around them
	Pair       bool   // the line is "key = value"
}

// Entries gives the lines of a file of settings but the empty ones and the
// comments, which begin with "#" or ";". A byte order mark is passed over.
func Entries(text string) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		line := 0
		for s := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
			line++
			s = strings.TrimSpace(s)
			if s == "" || s[0] == '#' || s[0] == ';' {
				continue
			}
			key, value, pair := strings.Cut(s, "=")
			if !yield(Entry{line, s, strings.TrimSpace(key), strings.TrimSpace(value), pair}) {
				return
			}
		}
	}
}
