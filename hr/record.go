package hr

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Record is one sheet as the source gives it: the raw JSON of each mapped path
// that the source has given. A path that is not there was not said, which is
// another thing than null or "".
type Record struct {
	ID     string                     `json:"id"`
	Etab   string                     `json:"etab,omitempty"` // the source's own name of the établissement
	Values map[string]json.RawMessage `json:"v"`
}

// Tree is a JSON object, decoded once; numbers keep their text.
type Tree map[string]any

// ParseTree decodes an object.
func ParseTree(object []byte) (Tree, error) {
	var t Tree
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.UseNumber()
	if err := dec.Decode(&t); err != nil {
		return nil, fmt.Errorf("decode an object: %w", err)
	}
	return t, nil
}

// Resolve finds a path, member names in any case, as the source spells them
// differently from one page of its documentation to the next. A member that is
// wrapped as {"value": …} is unwrapped on the way. found is false when a member
// of the path is not there.
func (t Tree) Resolve(path string) (value any, found bool) {
	value = map[string]any(t)
	for name := range strings.SplitSeq(path, ".") {
		members, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, found = member(members, name); !found {
			return nil, false
		}
		value = unwrap(value)
	}
	return value, true
}

// Text is the scalar at a path, "" when there is none.
func (t Tree) Text(path string) string {
	value, found := t.Resolve(path)
	if !found {
		return ""
	}
	s, _ := scalar(value)
	return s
}

// member looks a name up in any case; the exact spelling goes first.
func member(members map[string]any, name string) (any, bool) {
	if v, found := members[name]; found {
		return v, true
	}
	best, found := "", false
	for key := range members {
		if strings.EqualFold(key, name) && (!found || key < best) {
			best, found = key, true
		}
	}
	return members[best], found
}

// unwrap gives the value of an object that holds nothing but "value", with or
// without the number of its row.
func unwrap(v any) any {
	members, ok := v.(map[string]any)
	if !ok || len(members) > 2 {
		return v
	}
	inner, found := members["value"]
	if _, numbered := members["id"]; !found || len(members) == 2 && !numbered {
		return v
	}
	return inner
}

// Scalar reads a JSON value as text: a string as it is, a number or a boolean
// as it is written, null as nothing, a choice {"id": …, "name": …} by its name.
// ok is false for any other object or an array.
func Scalar(raw json.RawMessage) (s string, ok bool) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return "", false
	}
	return scalar(v)
}

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case map[string]any:
		name, named := member(v, "name")
		if _, numbered := member(v, "id"); !named || !numbered {
			return "", false
		}
		return scalar(name)
	}
	return "", false
}
