package sheet

import (
	"io"
	"io/fs"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
)

// In a browser workbooks are refused, in words: the library that reads them
// weighs half of the rest of the program.
var inBrowser = Refusal{lang.Text{FR: "la page ne lit pas les classeurs : enregistrez-le en « CSV UTF-8 »", EN: "the page reads no workbooks: save it as “CSV UTF-8”"}.With()}

// Workbook is never opened here.
type Workbook struct{}

// OpenWorkbook refuses.
func OpenWorkbook(Source) (*Workbook, error) { return nil, inBrowser }

func (*Workbook) Close() error                      { return nil }
func (*Workbook) Choose(...string) (Choice, error)  { return Choice{}, inBrowser }
func (*Workbook) CSV(string) (io.ReadCloser, error) { return nil, inBrowser }
func (*Workbook) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: inBrowser}
}

// Notice is nil, and Missing that of a text: a table is no workbook here.
func (Choice) Notice(string) *anomalie.Anomalie  { return nil }
func (Choice) Missing(column string) lang.Phrase { return input.NoColumn.With(column) }

// Book is never made here.
type Book struct{}

func NewBook() (*Book, error) { return nil, inBrowser }

func (*Book) Close() error                         { return nil }
func (*Book) Sheet(string) (io.WriteCloser, error) { return nil, inBrowser }
func (*Book) Write(io.Writer) error                { return inBrowser }
