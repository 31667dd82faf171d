package input

import (
	"encoding/csv"
	"errors"
)

// CSVLine is the line, from 1, of what r read last, err being what Read said of
// it; 0 when that is not known. FieldPos alone panics after a fault that left no
// field.
func CSVLine(r *csv.Reader, err error) int {
	var fault *csv.ParseError
	if errors.As(err, &fault) {
		return fault.Line
	}
	if err != nil {
		return 0
	}
	line, _ := r.FieldPos(0)
	return line
}
