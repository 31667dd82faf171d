package sheet

import "strings"

// mark is what makes a spreadsheet keep a text as it stands. It is what one
// types before a number that is none.
const mark = '\''

// Inert is a cell that no spreadsheet takes for a formula: values come from
// files that anyone may have written. Numbers are left alone.
func Inert(s string) string {
	if Runs(s) {
		return string(mark) + s
	}
	return s
}

// Runs reports whether a spreadsheet may take a text for a formula.
func Runs(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return !number(s)
	}
	return false
}

// number reports whether s is a plain decimal, with or without a sign.
func number(s string) bool {
	if s[0] == '+' || s[0] == '-' {
		s = s[1:]
	}
	whole := digits(s)
	if rest := s[whole:]; rest != "" {
		return (rest[0] == '.' || rest[0] == ',') && digits(rest[1:]) == len(rest)-1 && whole+len(rest) > 1
	}
	return whole > 0
}

// Protect marks a text that a spreadsheet would run, or change: zeros before a
// number, more than eleven digits, digits E digits, what looks like a date, a
// time or a truth. Unprotect takes the mark off again, and takes nothing off
// what was never marked by Protect.
func Protect(s string) string {
	if s == "" {
		return s
	}
	if s[0] == mark && worthy(strings.TrimLeft(s, string(mark))) || Runs(s) || changes(s) {
		return string(mark) + s
	}
	return s
}

// Exact is Protect for who wants every cell as it stands: it marks nothing but
// what Unprotect would shorten.
func Exact(s string) string {
	if s != "" && s[0] == mark && worthy(strings.TrimLeft(s, string(mark))) {
		return string(mark) + s
	}
	return s
}

// Unprotect is the value that Protect marked.
func Unprotect(s string) string {
	if s != "" && s[0] == mark && worthy(strings.TrimLeft(s, string(mark))) {
		return s[1:]
	}
	return s
}

// worthy reports whether a mark before s may be one of ours, or one that a
// person typed before a number.
func worthy(s string) bool { return s != "" && (digits(s) == len(s) || Runs(s) || changes(s)) }

// maxShownDigits are the digits of a number that spreadsheets show, and so
// write, as it is.
const maxShownDigits = 11

// changes reports whether a spreadsheet reads something else than a text in s.
func changes(s string) bool {
	n := digits(s)
	if n == 0 || n > 40 {
		return n > 0 || truth(s)
	}
	rest := s[n:]
	if rest == "" {
		return s[0] == '0' && n > 1 || n > maxShownDigits
	}
	switch rest[0] {
	case 'E', 'e':
		rest = strings.TrimLeft(rest[1:], "+-")
		return rest != "" && digits(rest) == len(rest)
	case '/', '-', '.', ',', ':':
		return strings.Trim(rest, "0123456789/-.,:") == ""
	case '%':
		return rest == "%"
	case ' ':
		return strings.Trim(rest, "0123456789 ") == ""
	}
	return false
}

func truth(s string) bool {
	switch len(s) {
	case 4, 5:
		switch strings.ToUpper(s) {
		case "VRAI", "FAUX", "TRUE", "FALSE":
			return true
		}
	}
	return false
}
