package sheet

import (
	"bytes"
	"errors"
	"io"

	"paye/internal/lang"
	"paye/internal/xmlr"
)

// A Refusal is a file that is no table of this product, in words.
type Refusal struct{ lang.Phrase }

func (r Refusal) Error() string { return r.In(lang.English, r.Args...) }

// What a file that is no table may be.
var (
	otherWorkbook = lang.Text{FR: "c'est un classeur (%s) : enregistrez-le en « CSV UTF-8 », ou en .xlsx", EN: "it is a workbook (%s): save it as “CSV UTF-8”, or as .xlsx"}
	badWorkbook   = lang.Text{FR: "le classeur ne peut pas être lu : enregistrez-le à nouveau, sans mot de passe", EN: "the workbook cannot be read: save it again, without a password"}
	noWorkbook    = lang.Text{FR: "ce n'est pas un classeur .xlsx, malgré son nom", EN: "it is no .xlsx workbook, in spite of its name"}
	noSheet       = lang.Text{FR: "le classeur n'a pas de feuille", EN: "the workbook has no sheet"}
)

// Format is what the bytes of a table are.
type Format uint8

const (
	PlainText   Format = iota // CSV, as far as the first bytes tell
	WideText                  // the same in UTF-16, as spreadsheets write “Unicode text”
	XLSX                      // a zip of Office Open XML
	OpenDoc                   // .ods and its kin
	OldWorkbook               // .xls, or an .xlsx under a password
)

// Sniff tells a table by the bytes that it begins with; some 200 are enough.
func Sniff(head []byte) Format {
	switch {
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return OldWorkbook
	case bytes.HasPrefix(head, littleEndian), bytes.HasPrefix(head, bigEndian):
		return WideText
	case !bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return PlainText
	case bytes.Contains(head[:min(len(head), 200)], []byte("application/vnd.oasis.opendocument")):
		return OpenDoc
	}
	return XLSX
}

// The marks of UTF-16.
var littleEndian, bigEndian = []byte("\xFF\xFE"), []byte("\xFE\xFF")

// fromUTF16 reads marked UTF-16 as UTF-8.
func fromUTF16(r io.Reader) io.Reader {
	mark := make([]byte, 2)
	if _, err := io.ReadFull(r, mark); err != nil {
		return r
	}
	if bytes.Equal(mark, bigEndian) {
		return xmlr.BigEndian.NewReader(r)
	}
	return xmlr.LittleEndian.NewReader(r)
}

// CSV gives the bytes of a table as CSV: those of a text as they are, but in UTF-8
// where they were in UTF-16, those of the first sheet of an .xlsx that is shown. Other workbooks are a Refusal. No more than max
// bytes are given and one.
func CSV(data []byte, max int64) ([]byte, error) {
	switch Sniff(data) {
	case PlainText:
		return data, nil
	case WideText:
		return io.ReadAll(io.LimitReader(fromUTF16(bytes.NewReader(data)), max+1))
	}
	book, err := OpenWorkbook(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	defer book.Close()
	first := book.First()
	if first == "" {
		return nil, Refusal{noSheet.With()}
	}
	in, err := book.CSV(first)
	if err != nil {
		return nil, Refusal{badWorkbook.With()}
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, max+1))
	if err != nil {
		return nil, Refusal{badWorkbook.With()}
	}
	return text, nil
}

// OpenWorkbook opens an .xlsx. What is none is a Refusal.
func OpenWorkbook(r io.Reader) (*Workbook, error) {
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
	case OldWorkbook:
		return nil, Refusal{otherWorkbook.With(".xls")}
	}
	book, err := readWorkbook(io.MultiReader(bytes.NewReader(head), r))
	if refusal := (Refusal{}); errors.As(err, &refusal) {
		return nil, refusal
	}
	if err != nil {
		return nil, Refusal{badWorkbook.With()}
	}
	return book, nil
}

// Reader is CSV for a stream, which is read whole only when it is a workbook:
// of one of more than max bytes, no more is read.
func Reader(r io.Reader, max int64) (io.Reader, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), r)
	switch Sniff(head) {
	case PlainText:
		return whole, nil
	case WideText:
		return fromUTF16(whole), nil
	}
	data, err := io.ReadAll(io.LimitReader(whole, max+1))
	if err != nil {
		return nil, err
	}
	text, err := CSV(data, max)
	if err != nil {
		return nil, err
	}
	return bytes.NewReader(text), nil
}
