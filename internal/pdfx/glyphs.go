package pdfx

import (
	"strconv"
	"strings"

	"paye/internal/pdfx/cos"
)

// glyphs are the names, beyond letters, that numbers and codes are written with.
var glyphs = map[string]string{
	"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
	"space": " ", "hyphen": "-", "minus": "\u2212", "period": ".", "comma": ",", "slash": "/", "colon": ":", "underscore": "_",
}

// differences takes what the codes of a font without ToUnicode are by the names
// of its glyphs (ISO 32000-1, 9.10.2).
func (e *encoding) differences(list []cos.Object) {
	code := int64(0)
	for _, o := range list {
		if n, is := o.Int(); is {
			code = n
			continue
		}
		if text := glyphText(o.Name()); text != "" && code >= 0 && code < 256 {
			if e.runes == nil {
				e.runes = make(map[uint32]string)
			}
			e.put(uint32(code), text)
		}
		code++
	}
}

// glyphText reads the name of a glyph as the Adobe Glyph List Specification has
// it: one.tnum is a 1, f_i two letters. It is "" for a name that is not known.
func glyphText(name string) string {
	name, _, _ = strings.Cut(name, ".")
	var text strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		switch hex, uni := strings.CutPrefix(part, "uni"); {
		case len(part) == 1 && (part[0]|0x20 >= 'a' && part[0]|0x20 <= 'z'):
			text.WriteString(part)
		case glyphs[part] != "":
			text.WriteString(glyphs[part])
		case uni && len(hex) == 4:
			r, err := strconv.ParseUint(hex, 16, 16)
			if err != nil {
				return ""
			}
			text.WriteRune(rune(r))
		default:
			return ""
		}
	}
	return text.String()
}
