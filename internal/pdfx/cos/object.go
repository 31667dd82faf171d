package cos

import (
	"iter"
	"math"
)

// Kind is the type of an Object.
type Kind uint8

// The kinds of objects. A Stream is a dictionary with bytes.
const (
	Null Kind = iota
	Bool
	Int
	Real
	String
	Name
	Array
	Dict
	Stream
	Ref
)

// Object is one object of a document. The zero Object is the null object.
// Its bytes are those of the document: they are not to be changed.
type Object struct {
	kind Kind
	gen  uint16 // of a reference or a stream
	n    int64  // value of an integer or a boolean; bits of a real; number of a reference or a stream
	raw  []byte // decoded bytes of a string or a name; coded bytes of a stream
	kids []Object
}

// Kind returns the type of o.
func (o Object) Kind() Kind { return o.kind }

// IsNull reports whether o is the null object, which stands for absent ones.
func (o Object) IsNull() bool { return o.kind == Null }

// IsDict reports whether o has keys: a dictionary or a stream.
func (o Object) IsDict() bool { return o.kind == Dict || o.kind == Stream }

// Number returns the object number of a reference; 0 for other objects.
func (o Object) Number() int {
	if o.kind != Ref {
		return 0
	}
	return int(o.n)
}

// Bytes returns the decoded bytes of a string, or the bytes of a stream as
// they are stored.
func (o Object) Bytes() []byte {
	if o.kind == String || o.kind == Stream {
		return o.raw
	}
	return nil
}

// Name returns a name without its slash; empty for other objects.
func (o Object) Name() string {
	if o.kind != Name {
		return ""
	}
	return string(o.raw)
}

// IsName reports whether o is the name s.
func (o Object) IsName(s string) bool { return o.kind == Name && string(o.raw) == s }

// Bool returns a boolean; false for other objects.
func (o Object) Bool() bool { return o.kind == Bool && o.n != 0 }

// Int returns a number without its fraction, and whether o is a number.
func (o Object) Int() (int64, bool) {
	switch o.kind {
	case Int:
		return o.n, true
	case Real:
		f := math.Float64frombits(uint64(o.n))
		if f > -1<<53 && f < 1<<53 {
			return int64(f), true
		}
	}
	return 0, false
}

// Float returns a number, and whether o is one.
func (o Object) Float() (float64, bool) {
	switch o.kind {
	case Int:
		return float64(o.n), true
	case Real:
		return math.Float64frombits(uint64(o.n)), true
	}
	return 0, false
}

// Get returns the value of a key of a dictionary or a stream, as it stands:
// it may be a reference. The last of equal keys counts, as it does for viewers.
func (o Object) Get(key string) Object {
	if !o.IsDict() {
		return Object{}
	}
	for i := len(o.kids) - 2; i >= 0; i -= 2 {
		if string(o.kids[i].raw) == key {
			return o.kids[i+1]
		}
	}
	return Object{}
}

// Has reports whether a dictionary or a stream has a key.
func (o Object) Has(key string) bool { return !o.Get(key).IsNull() }

// Entries gives the keys of a dictionary or a stream and their values.
func (o Object) Entries() iter.Seq2[string, Object] {
	return func(yield func(string, Object) bool) {
		if !o.IsDict() {
			return
		}
		for i := 0; i+1 < len(o.kids); i += 2 {
			if !yield(string(o.kids[i].raw), o.kids[i+1]) {
				return
			}
		}
	}
}

// Items returns the elements of an array; they are not to be changed.
func (o Object) Items() []Object {
	if o.kind != Array {
		return nil
	}
	return o.kids
}

// Len returns the number of elements of an array, or of keys.
func (o Object) Len() int {
	switch o.kind {
	case Array:
		return len(o.kids)
	case Dict, Stream:
		return len(o.kids) / 2
	}
	return 0
}
