package sheet

import (
	"io"
	"io/fs"

	"paye/internal/lang"
)

// In a browser workbooks are refused, in words: the library that reads them
// weighs half of the rest of the program.
var inBrowser = Refusal{lang.Text{FR: "la page ne lit pas les classeurs : enregistrez-le en « CSV UTF-8 »", EN: "the page reads no workbooks: save it as “CSV UTF-8”"}.With()}

// Workbook is never opened here.
type Workbook struct{}

func readWorkbook(Source, []byte) (*Workbook, error) { return nil, inBrowser }

func (*Workbook) Close() error                      { return nil }
func (*Workbook) names() []string                   { return nil }
func (*Workbook) firstRow(string) ([]string, error) { return nil, inBrowser }
func (*Workbook) CSV(string) (io.ReadCloser, error) { return nil, inBrowser }
func (*Workbook) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: inBrowser}
}

// Book is never made here.
type Book struct{}

func NewBook() (*Book, error) { return nil, inBrowser }

func (*Book) Close() error                         { return nil }
func (*Book) Sheet(string) (io.WriteCloser, error) { return nil, inBrowser }
func (*Book) Write(io.Writer) error                { return inBrowser }
