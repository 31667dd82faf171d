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
	NbFaults // how many there are
)

var faultNames = [NbFaults]string{"malformed markup", "document type declaration", "beyond a limit", "repeated attribute",
	"forbidden character", "unknown reference"}

func (f *Fault) Error() string { return faultNames[f.Kind] }
