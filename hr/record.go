package hr

import (
	"bytes"
	"encoding/json"
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

// Resolve finds a path in a JSON object, member names in any case, as the
// source spells them differently from one page of its documentation to the
// next. A member that is wrapped as {"value": …} is unwrapped on the way.
// found is false when a member of the path is not there.
func Resolve(object json.RawMessage, path string) (value json.RawMessage, found bool) {
	value = unwrap(object)
	for name := range strings.SplitSeq(path, ".") {
		var members map[string]json.RawMessage
		if json.Unmarshal(value, &members) != nil || members == nil {
			return nil, false
		}
		if value, found = Member(members, name); !found {
			return nil, false
		}
		value = unwrap(value)
	}
	return value, true
}

// Member looks a name up in any case; the exact spelling goes first.
func Member(members map[string]json.RawMessage, name string) (json.RawMessage, bool) {
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
func unwrap(raw json.RawMessage) json.RawMessage {
	trimmed := bytes.TrimSpace(raw)
	if len(trimmed) == 0 || trimmed[0] != '{' {
		return raw
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return raw
	}
	inner, found := members["value"]
	if !found || len(members) > 2 {
		return raw
	}
	if _, numbered := members["id"]; len(members) == 2 && !numbered {
		return raw
	}
	return inner
}

// Scalar reads a JSON value as text: a string as it is, a number or a boolean
// as it is written, null as nothing, a choice {"id": …, "name": …} by its name.
// ok is false for any other object or an array.
func Scalar(raw json.RawMessage) (s string, ok bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return "", true
	}
	switch raw[0] {
	case '"':
		if json.Unmarshal(raw, &s) != nil {
			return "", false
		}
		return s, true
	case '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil {
			return "", false
		}
		name, found := Member(members, "name")
		if _, numbered := Member(members, "id"); !found || !numbered {
			return "", false
		}
		return Scalar(name)
	case '[':
		return "", false
	}
	return string(raw), true
}
