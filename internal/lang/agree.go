package lang

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A text agrees with the numbers that it prints by markers: {s} is nothing or
// an s, {one|several} is one form or the other ("{n'a|n'ont}", "entr{y|ies}"). A
// marker follows the nearest %d before it, the first of the text when none
// stands before, or the argument that it names ("{1:is|are}"). Braces of another
// form are left alone, and doubled ones.

// marker is a place of a text that agrees with the number of an argument.
type marker struct {
	at, size     int
	arg          int // from 1; 0 when the text prints no number
	one, several string
}

// markers finds those of a text, and the arguments that it prints as numbers.
func markers(s string) (list []marker, numbers []int) {
	next := 1
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			arg, verb, end := verbAt(s, i, next)
			if verb != '%' && arg > 0 {
				next = arg + 1
			}
			if verb == 'd' {
				numbers = append(numbers, arg)
			}
			i = end - 1
		case strings.HasPrefix(s[i:], "{{"):
			i++
		case s[i] == '{':
			m, ok := markerOf(s[i:])
			if !ok {
				continue
			}
			if m.at = i; m.arg == 0 && len(numbers) > 0 {
				m.arg = numbers[len(numbers)-1]
			}
			list = append(list, m)
			i += m.size - 1
		}
	}
	for i := range list {
		if list[i].arg == 0 && len(numbers) > 0 {
			list[i].arg = numbers[0]
		}
	}
	return list, numbers
}

// markerOf reads the marker that a text begins with.
func markerOf(s string) (m marker, ok bool) {
	end := 1 + strings.IndexAny(s[1:], "{}%")
	if end == 0 || s[end] != '}' {
		return m, false
	}
	m.size = end + 1
	body := s[1:end]
	if len(body) > 2 && body[1] == ':' && body[0] >= '1' && body[0] <= '9' {
		m.arg, body = int(body[0]-'0'), body[2:]
	}
	if body == "s" {
		m.several = "s"
		return m, true
	}
	m.one, m.several, ok = strings.Cut(body, "|")
	return m, ok && !strings.Contains(m.several, "|")
}

// agree puts the forms that are meant in the place of the markers of a text.
func agree(s string, several func(arg int) bool) string {
	var b strings.Builder
	list, _ := markers(s)
	done := 0
	for _, m := range list {
		form := m.one
		if several(m.arg) {
			form = m.several
		}
		b.WriteString(s[done:m.at] + form)
		done = m.at + m.size
	}
	b.WriteString(s[done:])
	return b.String()
}

// several tells whether a language has the plural for a number; French has the
// singular for none.
func several(l Language, n any) bool {
	v := reflect.ValueOf(n)
	switch {
	case v.CanInt():
		return v.Int() != 1 && (v.Int() != 0 || l == English)
	case v.CanUint():
		return v.Uint() > 1 || v.Uint() == 0 && l == English
	}
	return true
}

// marked returns an error for a text whose markers agree with nothing, or one
// that prints numbers and has a brace that is no marker.
func marked(s string) error {
	list, numbers := markers(s)
	for _, m := range list {
		if !slices.Contains(numbers, m.arg) {
			return fmt.Errorf("%q agrees with no number in %q", s[m.at:m.at+m.size], s)
		}
	}
	rest := strings.NewReplacer("{{", "", "{%", "").Replace(agree(s, func(int) bool { return true }))
	if len(numbers) > 0 && strings.Contains(rest, "{") {
		return fmt.Errorf("%q has a brace that is no marker", s)
	}
	return nil
}
