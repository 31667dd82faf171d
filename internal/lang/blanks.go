package lang

import "strings"

// Blanks shows the places of a message that are filled in as "…", and what agrees
// with them in the plural.
func Blanks(s string) string {
	s = agree(s, func(int) bool { return true })
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		for i++; i < len(s) && strings.IndexByte("+-# 0123456789.[]", s[i]) >= 0; i++ {
		}
		if i < len(s) && s[i] == '%' {
			b.WriteByte('%')
			continue
		}
		b.WriteString("…")
	}
	return b.String()
}
