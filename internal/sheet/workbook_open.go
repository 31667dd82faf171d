//go:build !js

package sheet

import (
	"bytes"
	"errors"
	"io"
)

// encrypted is the name of the stream that a workbook under a password is in.
var encrypted = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

// maxOld is how much of an old workbook is looked at, in bytes.
const maxOld = 64 << 20

// OpenWorkbook opens an .xlsx. What is none is a Refusal.
func OpenWorkbook(r Source) (*Workbook, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	switch Sniff(head) {
	case PlainText, WideText:
		return nil, Refusal{noWorkbook.With()}
	case OpenDoc:
		return nil, Refusal{otherWorkbook.With("OpenDocument, .ods")}
	case Markup:
		return nil, Refusal{markup.With()}
	case OldWorkbook:
		// The names of what such a file holds stand anywhere in it.
		rest, err := io.ReadAll(io.LimitReader(r, maxOld))
		if err != nil {
			return nil, err
		}
		if bytes.Contains(rest, encrypted) {
			return nil, Refusal{locked.With()}
		}
		return nil, Refusal{otherWorkbook.With(".xls")}
	}
	book, err := readWorkbook(r, head)
	if refusal := (Refusal{}); errors.As(err, &refusal) {
		return nil, refusal
	}
	if err != nil {
		return nil, Refusal{badWorkbook.With()}
	}
	return book, nil
}
