package check

import (
	"unicode/utf8"

	"paye/internal/xmlr"
)

// label looks at a raw value for bytes that are UTF-8 under the name of another
// charset, or UTF-8 of what was UTF-8 already. One value is no proof, a journal
// whose values are all so is: text of another charset would have to put a
// symbol after each of its accented letters.
func (w *walker) label(raw []byte) {
	if w.res.mixed || xmlr.ClassOf(raw)&xmlr.High == 0 {
		return
	}
	w.res.high++
	if w.charset.IsUTF8() {
		w.res.mixed = !twiceEncoded(raw)
	} else {
		w.res.mixed = !utf8.Valid(raw)
	}
}

// twiceEncoded reports whether text in UTF-8 is, read as windows-1252, UTF-8
// again.
func twiceEncoded(text []byte) bool {
	var buf [256]byte
	once := buf[:0]
	for _, r := range string(text) {
		b, there := byte(r), r < utf8.RuneSelf || r >= 0xA0 && r <= 0xFF
		if !there {
			if b, there = xmlr.Windows1252.Byte(r); !there {
				if r > 0x9F { // the C1 controls are those bytes as a careless tool leaves them
					return false
				}
				b = byte(r)
			}
		}
		once = append(once, b)
	}
	return utf8.Valid(once)
}
