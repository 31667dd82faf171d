package main

import (
	"strings"
	"unicode/utf8"
)

// bar draws a share of width cells.
func bar(part, whole int64, width int) string {
	if whole <= 0 {
		return ""
	}
	full := int(min(whole, max(0, part)) * int64(width) / whole)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

// table lays out rows in columns; a column whose heading begins with ">" is
// aligned to the right.
func table(rows [][]string) []string {
	var widths []int
	right := make([]bool, len(rows[0]))
	for c, head := range rows[0] {
		right[c] = strings.HasPrefix(head, ">")
		rows[0][c] = strings.TrimPrefix(head, ">")
	}
	for _, row := range rows {
		for c, cell := range row {
			if c == len(widths) {
				widths = append(widths, 0)
			}
			widths[c] = max(widths[c], utf8.RuneCountInString(cell))
		}
	}
	var lines []string
	for _, row := range rows {
		var b strings.Builder
		for c, cell := range row {
			pad := strings.Repeat(" ", widths[c]-utf8.RuneCountInString(cell))
			if c > 0 {
				b.WriteString("  ")
			}
			if right[c] {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}
