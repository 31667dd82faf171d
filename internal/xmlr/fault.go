package xmlr

import "errors"

// ErrMore says that the window ends inside a token: the caller reads on and
// scans that token again.
var ErrMore = errors.New("token goes beyond the window")

// Fault is a breach of XML itself, at a place of the window; the caller makes
// an anomaly of it.
type Fault struct {
	Kind FaultKind
	Pos  int
	Args []any // of a limit, its size; of a repeated attribute, the element

	Offset, Line int64 // in the document, when a Document found it; Offset is -1 in UTF-16
}

// FaultKind tells the breaches apart.
type FaultKind uint8

const (
	BadMarkup FaultKind = iota
	HasDoctype
	TooLarge
	RepeatedAttribute
	BadCharacter
	BadReference
	TooManyAttributes
	BadBytes // not of the charset
	Truncated
	EndsAtNUL
	OutsideRoot
	BadEndTag
	TooDeep
	EndOfCDATA // "]]>" in text
	BadComment
	BadInstruction
	Empty
	BadDeclaration
	UnknownEncoding
	NbFaults // how many there are
)

var faultNames = [NbFaults]string{"malformed markup", "document type declaration", "beyond a limit", "repeated attribute",
	"forbidden character", "unknown reference", "too many attributes", "bytes out of the charset", "truncated document", "null byte",
	"markup or text outside of the root", "end tag of another element", "elements too deep", "end of a CDATA section in text",
	"malformed comment", "malformed instruction", "empty document", "malformed declaration", "unknown encoding"}

func (f *Fault) Error() string { return faultNames[f.Kind] }
