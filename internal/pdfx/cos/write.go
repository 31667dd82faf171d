package cos

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// The constructors of objects, for who writes them.

// NameOf returns a name.
func NameOf(s string) Object { return Object{kind: Name, raw: []byte(s)} }

// IntOf returns an integer.
func IntOf(n int) Object { return Object{kind: Int, n: int64(n)} }

// StringOf returns a string.
func StringOf(b []byte) Object { return Object{kind: String, raw: b} }

// ArrayOf returns an array.
func ArrayOf(items ...Object) Object { return Object{kind: Array, kids: items} }

// DictOf returns a dictionary of keys and values in turn.
func DictOf(pairs ...any) Object {
	o := Object{kind: Dict}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.kids = append(o.kids, NameOf(pairs[i].(string)), pairs[i+1].(Object))
	}
	return o
}

// Dict returns a stream, or a dictionary, as a dictionary of its own.
func (o Object) Dict() Object {
	if !o.IsDict() {
		return Object{}
	}
	return Object{kind: Dict, kids: slices.Clone(o.kids)}
}

// With returns a dictionary whose key has a value.
func (o Object) With(key string, value Object) Object {
	o = o.Without(key)
	o.kids = append(o.kids, NameOf(key), value)
	return o
}

// Without returns a dictionary that has none of the keys.
func (o Object) Without(keys ...string) Object {
	kept := Object{kind: Dict}
	for i := 0; i+1 < len(o.kids); i += 2 {
		if !slices.Contains(keys, string(o.kids[i].raw)) {
			kept.kids = append(kept.kids, o.kids[i], o.kids[i+1])
		}
	}
	return kept
}

// Append appends an object as it is written in a file; of a stream, the
// dictionary. A reference becomes the number that rename gives, or null when
// that is 0.
func Append(dst []byte, o Object, rename func(number int) int) []byte {
	switch o.kind {
	case Bool:
		return strconv.AppendBool(dst, o.n != 0)
	case Int:
		return strconv.AppendInt(dst, o.n, 10)
	case Real:
		f := math.Float64frombits(uint64(o.n))
		if f == 0 {
			f = 0 // -0 would be read as an integer
		}
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	case String:
		return appendString(dst, o.raw)
	case Name:
		return appendName(dst, o.raw)
	case Ref:
		if n := rename(int(o.n)); n > 0 {
			return append(strconv.AppendInt(dst, int64(n), 10), " 0 R"...)
		}
		return append(dst, "null"...)
	case Array:
		dst = append(dst, '[')
		for i, item := range o.kids {
			dst = appendApart(dst, item, rename, i > 0)
		}
		return append(dst, ']')
	case Dict, Stream:
		dst = append(dst, "<<"...)
		for i := 0; i+1 < len(o.kids); i += 2 {
			dst = appendName(dst, o.kids[i].raw)
			dst = appendApart(dst, o.kids[i+1], rename, true)
		}
		return append(dst, ">>"...)
	}
	return append(dst, "null"...)
}

// appendApart appends an object after another, with a blank where the two
// would run together.
func appendApart(dst []byte, o Object, rename func(int) int, follows bool) []byte {
	if follows {
		switch o.kind {
		case String, Name, Array, Dict, Stream:
		default:
			dst = append(dst, ' ')
		}
	}
	return Append(dst, o, rename)
}

func appendName(dst, name []byte) []byte {
	dst = append(dst, '/')
	for _, c := range name {
		if class[c] != classRegular || c == '#' || c < '!' || c > '~' {
			dst = fmt.Appendf(dst, "#%02X", c)
			continue
		}
		dst = append(dst, c)
	}
	return dst
}

func appendString(dst, s []byte) []byte {
	binary := 0
	for _, c := range s {
		if c < ' ' || c > '~' {
			binary++
		}
	}
	if binary > len(s)/2 {
		return fmt.Appendf(dst, "<%X>", s)
	}
	dst = append(dst, '(')
	for _, c := range s {
		switch {
		case c == '(' || c == ')' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ' || c > '~':
			dst = fmt.Appendf(dst, "\\%03o", c)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, ')')
}
