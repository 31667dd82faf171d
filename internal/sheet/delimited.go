package sheet

import (
	"bytes"
	"encoding/csv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Delimited reads a table that a person keeps: CSV in UTF-8 or windows-1252, its
// columns apart by semicolons or, where the first line has commas only, by commas; or
// the first sheet of an .xlsx. Lines may have any number of cells. Other workbooks are a
// Refusal.
func Delimited(data []byte, max int64) (*csv.Reader, error) {
	data, err := CSV(data, max)
	if err != nil {
		return nil, err
	}
	data, marked := bytes.CutPrefix(data, []byte("\uFEFF"))
	switch {
	case utf8.Valid(data):
	case marked:
		data = mixed(data)
	default:
		if data, err = charmap.Windows1252.NewDecoder().Bytes(data); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord = ';', -1
	if head, _, _ := bytes.Cut(data, []byte("\n")); !bytes.ContainsRune(head, ';') && bytes.ContainsRune(head, ',') {
		r.Comma = ','
	}
	return r, nil
}

// mixed is a text that is UTF-8 but for some bytes, which are read as windows-1252.
func mixed(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/8)
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(data[0])
		}
		out, data = utf8.AppendRune(out, r), data[n:]
	}
	return out
}
