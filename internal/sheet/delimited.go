package sheet

import (
	"bytes"
	"encoding/csv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/lang"
)

// Delimited reads a table that a person keeps: CSV in UTF-8, windows-1252 or marked
// UTF-16, its columns apart as the first line has it (see [Separator]), or as a line
// sep=; before it says; or the sheet of an .xlsx that has the wanted columns. Lines
// may have any number of cells. Other workbooks, and what has more than max bytes,
// are a Refusal.
func Delimited(data []byte, max int64, wanted ...string) (*csv.Reader, Choice, error) {
	read, err := CSV(data, max, wanted...)
	if err != nil {
		return nil, Choice{}, err
	}
	if int64(len(read.Text)) > max {
		return nil, Choice{}, Refusal{tooLong.With(lang.Octets(max))}
	}
	if data, err = plainText(read.Text); err != nil {
		return nil, Choice{}, err
	}
	r := csv.NewReader(bytes.NewReader(data))
	head, _, _ := bytes.Cut(data, []byte("\n"))
	r.Comma, r.FieldsPerRecord = Separator(head), -1
	if told := Told(head); told != 0 {
		r.Comma = told
		if _, err := r.Read(); err != nil {
			return nil, Choice{}, err
		}
	}
	return r, read.Choice, nil
}

// Separator is what stands between the names of a first line: semicolons before
// tabs before commas, which names may hold.
func Separator(head []byte) rune {
	for _, c := range ";\t," {
		if bytes.ContainsRune(head, c) {
			return c
		}
	}
	return ';'
}

// Told is the separator that a line sep=; names, which programs put before the
// first one for Excel; 0 for any other line.
func Told(line []byte) rune {
	line = bytes.TrimRight(line, "\r")
	if len(line) != len("sep=;") || !bytes.EqualFold(line[:4], []byte("sep=")) || bytes.IndexByte([]byte(";\t,|"), line[4]) < 0 {
		return 0
	}
	return rune(line[4])
}

// plainText is a text in UTF-8 whose lines end in line feeds, those of old Macs too.
func plainText(data []byte) (_ []byte, err error) {
	if bytes.IndexByte(data, '\n') < 0 {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	data, marked := bytes.CutPrefix(data, []byte("\uFEFF"))
	switch {
	case utf8.Valid(data):
	case marked:
		data = mixed(data)
	default:
		data, err = charmap.Windows1252.NewDecoder().Bytes(data)
	}
	return data, err
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
