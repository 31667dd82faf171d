//go:build !js

package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Limits of the format: rows of a sheet, characters of a cell (beyond, the
// library cuts in silence).
const (
	MaxRows     = 1_048_576
	MaxCellText = 32_767
)

// Book is a workbook being written, whose cells are all texts: what looks like
// a number, a date or a formula stays what it is. Sheets may be written beside
// each other; Close frees what they keep in temporary files.
type Book struct {
	f    *excelize.File
	text int // style of a cell that stays a text when it is edited
	bold int
	max  int // rows of a sheet
}

// NewBook is a workbook without sheets.
func NewBook() (*Book, error) {
	b := &Book{f: excelize.NewFile(), max: MaxRows}
	var err error
	const textFormat = 49 // @
	if b.text, err = b.f.NewStyle(&excelize.Style{NumFmt: textFormat}); err == nil {
		b.bold, err = b.f.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make style: %w", err), b.f.Close())
	}
	return b, nil
}

// Close frees the workbook.
func (b *Book) Close() error { return b.f.Close() }

// Sheet adds a sheet and gives what takes its rows as CSV with semicolons, in
// UTF-8. Close of it ends the sheet. What does not fit goes to further sheets, which
// begin with the heading too.
func (b *Book) Sheet(name string) (io.WriteCloser, error) {
	s := &sheetWriter{book: b, name: name}
	return s, s.begin()
}

// Write writes the workbook: the same rows give the same bytes.
func (b *Book) Write(w io.Writer) error {
	if err := b.f.DeleteSheet("Sheet1"); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	b.f.SetActiveSheet(0)
	if err := b.f.SetDocProps(&excelize.DocProperties{Created: noTime, Modified: noTime}); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return InOrder(w, b.f)
}

// noTime stands where a workbook has the time of its making.
const noTime = "2000-01-01T00:00:00Z"

// InOrder writes a workbook with the entries of its zip in the order of their
// names: the library puts the sheets that it streams in any.
func InOrder(w io.Writer, f *excelize.File) error {
	spool, err := os.CreateTemp("", "xhl-*.xlsx")
	if err != nil {
		return fmt.Errorf("make the spool of a workbook: %w", err)
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	if err := f.Write(spool); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	length, err := spool.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("order workbook: %w", err)
	}
	in, err := zip.NewReader(spool, length)
	if err != nil {
		return fmt.Errorf("order workbook: %w", err)
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, file := range in.File {
		if err := out.Copy(file); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// sheetWriter turns CSV into the rows of sheets.
type sheetWriter struct {
	book    *Book
	name    string
	sheets  int
	out     *excelize.StreamWriter
	row     int
	heading []any
	pending []byte // the record that is not whole yet
	quotes  int    // in pending, as far as it was looked at
	looked  int
}

func (s *sheetWriter) begin() error {
	name := Continuation(s.name, s.sheets)
	s.sheets++
	if _, err := s.book.f.NewSheet(name); err != nil {
		return fmt.Errorf("make sheet %s: %w", name, err)
	}
	// Excel's remark on numbers kept as texts has to be silenced before the rows.
	if err := s.book.f.AddIgnoredErrors(name, fmt.Sprintf("A1:XFD%d", MaxRows), excelize.IgnoredErrorsNumberStoredAsText); err != nil {
		return fmt.Errorf("make sheet %s: %w", name, err)
	}
	var err error
	if s.out, err = s.book.f.NewStreamWriter(name); err != nil {
		return fmt.Errorf("make sheet %s: %w", name, err)
	}
	if err := s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("make sheet %s: %w", name, err)
	}
	s.row = 0
	if s.heading == nil {
		return nil
	}
	return s.set(s.heading)
}

func (s *sheetWriter) set(cells []any) error {
	s.row++
	if err := s.out.SetRow(fmt.Sprintf("A%d", s.row), cells); err != nil {
		return fmt.Errorf("write sheet %s: %w", s.name, err)
	}
	return nil
}

// Write takes records, whole or not.
func (s *sheetWriter) Write(p []byte) (int, error) {
	s.pending = append(s.pending, p...)
	start := 0
	for i := s.looked; i < len(s.pending); i++ {
		switch s.pending[i] {
		case '"':
			s.quotes++
		case '\n':
			if s.quotes&1 == 0 {
				if err := s.record(s.pending[start : i+1]); err != nil {
					return 0, err
				}
				start = i + 1
			}
		}
	}
	s.pending = append(s.pending[:0], s.pending[start:]...)
	s.looked = len(s.pending)
	if start > 0 {
		s.quotes = bytes.Count(s.pending, []byte{'"'})
	}
	return len(p), nil
}

func (s *sheetWriter) record(text []byte) error {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.Comma, r.FieldsPerRecord = ';', -1
	cells, err := r.Read()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", s.name, err)
	}
	style := s.book.text
	if s.heading == nil {
		style = s.book.bold
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		if utf8.RuneCountInString(c) > MaxCellText {
			return fmt.Errorf("write sheet %s: a text has more than %d characters", s.name, MaxCellText)
		}
		if c != "" {
			values[i] = excelize.Cell{StyleID: style, Value: c}
		}
	}
	if s.heading == nil {
		s.heading = values
	}
	if s.row == s.book.max {
		if err := s.out.Flush(); err != nil {
			return fmt.Errorf("write sheet %s: %w", s.name, err)
		}
		if err := s.begin(); err != nil {
			return err
		}
	}
	return s.set(values)
}

// Close ends the sheet.
func (s *sheetWriter) Close() error {
	if len(s.pending) > 0 {
		if err := s.record(s.pending); err != nil {
			return err
		}
	}
	if err := s.out.Flush(); err != nil {
		return fmt.Errorf("write sheet %s: %w", s.name, err)
	}
	return nil
}
