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
	locked        = lang.Text{FR: "c'est un classeur protégé par un mot de passe : enregistrez-le à nouveau sans mot de passe, en .xlsx", EN: "it is a workbook under a password: save it again without one, as .xlsx"}
	otherZip      = lang.Text{FR: "c'est une archive ZIP, pas un classeur : donnez un .xlsx, ou un « CSV UTF-8 »", EN: "it is a ZIP archive, no workbook: give an .xlsx, or a “CSV UTF-8”"}
	markup        = lang.Text{FR: "c'est une page HTML ou un XML, que des programmes appellent .xls : ouvrez-le dans un tableur et enregistrez-le en .xlsx, ou en « CSV UTF-8 »",
		EN: "it is an HTML page or an XML, which programs call .xls: open it in a spreadsheet and save it as .xlsx, or as “CSV UTF-8”"}
	tooLong = lang.Text{FR: "elle a plus de %v de texte", EN: "it has more than %v of text"}
)

// Format is what the bytes of a table are.
type Format uint8

const (
	PlainText   Format = iota // CSV, as far as the first bytes tell
	WideText                  // the same in UTF-16, as spreadsheets write “Unicode text”
	XLSX                      // a zip of Office Open XML
	OpenDoc                   // .ods and its kin
	OldWorkbook               // .xls, or an .xlsx under a password
	Markup                    // HTML or XML, which some programs call .xls
)

// Sniff tells a table by the bytes that it begins with; some 200 are enough.
func Sniff(head []byte) Format {
	switch {
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return OldWorkbook
	case len(head) > 1 && head[0] == 0x09 && bytes.IndexByte([]byte{0, 2, 4, 8}, head[1]) >= 0: // before Excel 5
		return OldWorkbook
	case bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\uFEFF")), " \t\r\n"), []byte("<")):
		return Markup
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

// Read is a table as CSV, and where in a workbook it stands.
type Read struct {
	Text []byte
	Choice
}

// CSV gives the bytes of a table as CSV: those of a text as they are, but in UTF-8
// where they were in UTF-16, those of the sheet of an .xlsx that [Workbook.Choose]
// finds. Other workbooks are a Refusal. No more than max bytes are given and one.
func CSV(data []byte, max int64, wanted ...string) (Read, error) {
	switch Sniff(data) {
	case PlainText:
		return Read{Text: data}, nil
	case WideText:
		text, err := io.ReadAll(io.LimitReader(fromUTF16(bytes.NewReader(data)), max+1))
		return Read{Text: text}, err
	}
	book, err := OpenWorkbook(bytes.NewReader(data))
	if err != nil {
		return Read{}, err
	}
	defer book.Close()
	choice, err := book.Choose(wanted...)
	if err != nil {
		return Read{}, err
	}
	in, err := book.CSV(choice.Sheet)
	if err != nil {
		return Read{}, Refusal{badWorkbook.With()}
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, max+1))
	if err != nil {
		return Read{}, Refusal{badWorkbook.With()}
	}
	return Read{text, choice}, nil
}

// A Source is a file that is read from its beginning.
type Source interface {
	io.Reader
	io.ReaderAt
}

// Reader is CSV for a stream, which is read whole only when it is a workbook:
// of one of more than max bytes, no more is read.
func Reader(r io.Reader, max int64, wanted ...string) (io.Reader, Choice, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, Choice{}, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), r)
	switch Sniff(head) {
	case PlainText:
		return whole, Choice{}, nil
	case WideText:
		return fromUTF16(whole), Choice{}, nil
	}
	data, err := io.ReadAll(io.LimitReader(whole, max+1))
	if err != nil {
		return nil, Choice{}, err
	}
	read, err := CSV(data, max, wanted...)
	if err != nil {
		return nil, Choice{}, err
	}
	return bytes.NewReader(read.Text), read.Choice, nil
}
