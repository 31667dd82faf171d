package portal

import (
	"fmt"
	"io"
	"strings"
)

// digits is how long a Number is, its check digit included.
const digits = 12

// newNumber draws twelve digits, the last one by Luhn's rule. The first is not
// zero, so that no spreadsheet shortens it.
func newNumber(random io.Reader) (string, error) {
	raw := make([]byte, 0, digits)
	one := make([]byte, 1)
	for len(raw) < digits-1 {
		if _, err := io.ReadFull(random, one); err != nil {
			return "", fmt.Errorf("draw an identifier: %w", err)
		}
		d := one[0]
		if d >= 250 || len(raw) == 0 && d%10 == 0 {
			continue
		}
		raw = append(raw, '0'+d%10)
	}
	return string(raw) + string(rune('0'+checkDigit(string(raw)))), nil
}

// checkDigit makes the whole divisible by ten: a wrong digit and nearly every
// swap of neighbours are seen.
func checkDigit(s string) int {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return (10 - sum%10) % 10
}

// ParseNumber reads an identifier as people type it, with blanks, points or
// dashes; false when it is none.
func ParseNumber(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0\u202f.-", r) {
			return -1
		}
		return r
	}, s)
	if len(s) != digits || strings.Trim(s, "0123456789") != "" {
		return "", false
	}
	return s, checkDigit(s[:digits-1]) == int(s[digits-1]-'0')
}

// ShowNumber groups the digits by four.
func ShowNumber(s string) string {
	if len(s) != digits {
		return s
	}
	return s[:4] + " " + s[4:8] + " " + s[8:]
}

// letters of a secret: none looks like another.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// newSecret draws n letters of five bits.
func newSecret(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	for i := range b {
		b[i] = letters[b[i]&31]
	}
	return string(b), nil
}

// showSecret groups a secret by four.
func showSecret(s string) string {
	var parts []string
	for ; len(s) > 4; s = s[4:] {
		parts = append(parts, s[:4])
	}
	return strings.Join(append(parts, s), "-")
}

// cleanSecret reads a secret as people type it.
func cleanSecret(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0\u202f-", r) {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}
