package xhl

import (
	"bytes"

	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// scanner walks tags, and looks at what the walk itself passes over: the names,
// the references and the texts, so that what is read is what every reader of
// XML takes. The bytes of values are looked at by who decodes them, or by
// Characters. A part that ends in the middle is no fault of it.
type scanner struct{ xmlr.Scanner }

// Next finds the next token, on the terms of xmlr.Scanner, or returns what is
// wrong with it. The name of an end tag is left to who knows what is open.
func (s *scanner) Next(t *xmlr.Token) error {
	if err := s.Scanner.Next(t); err != nil {
		return err
	}
	switch {
	case t.Kind == xmlr.EndTag:
		return nil
	case t.Kind == xmlr.Text:
		return s.text(t)
	case !usual(t):
		return s.attributes(t)
	case t.Special:
		return s.references(t.V0, t.V1)
	}
	return nil
}

// usual reports whether a start tag has a name of ASCII letters and no attribute
// but V: all that the schema asks for.
func usual(t *xmlr.Token) bool {
	for _, b := range t.Name {
		if b |= 0x20; b < 'a' || b > 'z' {
			return false
		}
	}
	after := t.Start + len("<") + len(t.Name)
	if t.HasV {
		return t.V0 == after+len(` V="`) && t.V1 == t.End-len(emptyEnd)
	}
	return t.End == after+len(">")
}

// attributes looks at all that a start tag has.
func (s *scanner) attributes(t *xmlr.Token) error {
	s.Pos, s.KeepAttrs = t.Start, true
	err := s.Scanner.Next(t)
	s.KeepAttrs = false
	if err != nil {
		return err
	}
	if !s.Charset.QName(t.Name) {
		return &malformed{code: "XHL-002", pos: t.Start}
	}
	for _, a := range t.Attrs {
		if !s.Charset.QName(a.Name) {
			return &malformed{code: "XHL-002", pos: t.Start}
		}
		from := a.Pos + bytes.IndexAny(s.Src[a.Pos:t.End], `"'`) + 1
		if err := s.references(from, from+len(a.Raw)); err != nil {
			return err
		}
	}
	return nil
}

// text looks at character data, which Aside has done for a CDATA section.
func (s *scanner) text(t *xmlr.Token) error {
	raw := s.Src[t.Start:t.End]
	if bytes.HasPrefix(raw, []byte("<![CDATA[")) {
		return nil
	}
	if at := bytes.Index(raw, []byte("]]>")); at >= 0 {
		return &malformed{code: "XHL-002", pos: t.Start + at}
	}
	for at, b := range raw {
		if b < ' ' && !xmlr.IsBlank(b) {
			return &malformed{code: "XHL-008", pos: t.Start + at}
		}
	}
	if s.Charset != xmlr.UTF8 { // said of what is windows-1252: see XHL-014
		if at := s.Charset.Invalid(raw); at >= 0 {
			return &malformed{code: "XHL-008", pos: t.Start + at}
		}
	}
	return s.references(t.Start, t.End)
}

// references looks at the references between two places of the window.
func (s *scanner) references(from, to int) error {
	for at := from; ; at++ {
		n := bytes.IndexByte(s.Src[at:to], '&')
		if n < 0 {
			return nil
		}
		at += n
		switch r, size := xmlr.Reference(s.Src[at:to]); {
		case size == 0:
			return &malformed{code: "XHL-010", pos: at}
		case !xmlr.IsChar(r):
			return &malformed{code: "XHL-008", pos: at}
		}
	}
}

// passElement passes the element whose start tag t is, which is in above others;
// max bounds the depth of all of them.
func (s *scanner) passElement(t *xmlr.Token, above, max int) error {
	open := [][]byte{t.Name}
	for len(open) > 0 {
		if err := s.Next(t); err != nil {
			return err
		}
		switch t.Kind {
		case xmlr.StartTag:
			if open = append(open, t.Name); len(open)+above > max {
				return &malformed{"XHL-004", t.Start, []any{max}}
			}
		case xmlr.EndTag:
			if err := ends(t, open[len(open)-1]); err != nil {
				return err
			}
			open = open[:len(open)-1]
		}
	}
	return nil
}

// ends refuses an end tag that is not of the element called name.
func ends(t *xmlr.Token, name []byte) error {
	if string(t.Name) != string(name) {
		return &malformed{"XHL-009", t.Start, []any{schema.Clip(string(t.Name)), schema.Clip(string(name))}}
	}
	return nil
}
