package ui

import (
	"fmt"
	"math"
	"strconv"
)

// DefaultAccent is the colour of pages whose employer chose none.
const DefaultAccent = "#1f5a8a"

// ReadableAccent is a colour #rrggbb as the pages use it: made darker until
// white is read on it (4.5 to 1, WCAG 1.4.3), ours when it is no colour.
func ReadableAccent(colour string) string {
	c, ok := parseColour(colour)
	if !ok {
		return DefaultAccent
	}
	for contrast(c, [3]float64{255, 255, 255}) < 4.5 {
		for i := range c {
			c[i] *= 0.95
		}
	}
	return writeColour(c)
}

// lightAccent is the same colour for text on a dark ground.
func lightAccent(colour string) string {
	c, ok := parseColour(colour)
	if !ok {
		c, _ = parseColour(DefaultAccent)
	}
	for contrast(c, [3]float64{29, 35, 41}) < 7 {
		for i := range c {
			c[i] += (255 - c[i]) * 0.05
		}
	}
	return writeColour(c)
}

func parseColour(s string) (c [3]float64, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return c, false
	}
	for i := range c {
		n, err := strconv.ParseUint(s[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return c, false
		}
		c[i] = float64(n)
	}
	return c, true
}

func writeColour(c [3]float64) string {
	return fmt.Sprintf("#%02x%02x%02x", uint8(c[0]), uint8(c[1]), uint8(c[2]))
}

// contrast is the ratio of WCAG 2.1 between two colours, 1 to 21.
func contrast(a, b [3]float64) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c [3]float64) float64 {
	var l float64
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		v := math.Floor(c[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		l += weight * v
	}
	return l
}
