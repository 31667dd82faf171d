//go:build !js

package xmlr

import "bytes"

// CountLines counts the ends of lines.
func CountLines(b []byte) int { return bytes.Count(b, newline) }

var newline = []byte{'\n'}
