package xhl

import (
	"errors"

	"paye/internal/xmlr"
)

// malformed is what is wrong with a journal as XML, at a place of a window; an
// anomaly is made of it where the place in the journal is known.
type malformed struct {
	code string
	pos  int
	args []any
}

func (m *malformed) Error() string { return m.code }

var xmlCodes = [xmlr.NbFaults]string{
	xmlr.BadMarkup: "XHL-002", xmlr.HasDoctype: "XHL-003", xmlr.TooLarge: "XHL-004", xmlr.TooManyAttributes: "XHL-004", xmlr.RepeatedAttribute: "XHL-007",
	xmlr.BadCharacter: "XHL-008", xmlr.BadReference: "XHL-010",
}

// asMalformed tells what is wrong with the journal, nil when err is of another
// kind.
func asMalformed(err error) *malformed {
	var m *malformed
	var f *xmlr.Fault
	switch {
	case errors.As(err, &m):
		return m
	case errors.As(err, &f):
		return &malformed{xmlCodes[f.Kind], f.Pos, f.Args}
	}
	return nil
}
