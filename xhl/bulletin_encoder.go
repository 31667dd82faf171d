package xhl

import (
	"errors"
	"strconv"
	"strings"

	"paye/internal/xmlr"
	"paye/internal/xmlw"
	"paye/xhl/internal/schema"
)

// BulletinEncoder appends bulletins as they stand in a journal, so that
// several goroutines can encode the bulletins of one.
type BulletinEncoder struct {
	enc   schema.Encoder
	agent func(*Agent)
}

// NewBulletinEncoder returns an encoder on the terms of a Writer.
func NewBulletinEncoder(o WriterOptions) *BulletinEncoder {
	return &BulletinEncoder{schema.Encoder{Charset: o.Charset, Only12b: o.Version == V12b, Compact: o.Compact}, o.Agent}
}

// bulletinDepth is how deep a PayeIndivMensuel stands below the root.
const bulletinDepth = 2

// Append appends the bulletin to dst. A value that the schema refuses is an
// *Anomalie, and dst is returned as it was.
func (e *BulletinEncoder) Append(dst []byte, b *Bulletin) ([]byte, error) {
	if e.agent != nil {
		e.agent(&b.Agent)
	}
	e.enc.Begin(b.Agent.Matricule)
	out, err := e.enc.Element(dst, bulletinElement, b, bulletinDepth)
	if err != nil {
		return dst, err
	}
	return out, nil
}

// Notes returns what readers other than libxml2 may refuse of the bulletins
// appended since the last call: XHL-144, a bounded number of them.
func (e *BulletinEncoder) Notes() []*Anomalie { return e.enc.Notes() }

// AppendPJRef returns the bytes that reference pieces refs, to stand before
// the end tag of the bulletin in raw, laid out like its other children, and
// the place in raw where they belong. Nothing else of raw changes.
func AppendPJRef(dst, raw []byte, refs []PJRef) ([]byte, int, error) {
	var t xmlr.Token
	s := xmlr.Scanner{Src: raw, MaxTag: len(raw) + 1}
	var end, lastEnd, lastStart, depth int
	var name []byte
	for {
		err := s.Next(&t)
		if errors.Is(err, xmlr.ErrMore) {
			break
		}
		if err != nil {
			return dst, 0, err
		}
		switch {
		case t.Kind == xmlr.StartTag:
			if depth == 1 {
				lastStart = t.Start
			}
			depth++
		case t.Kind == xmlr.EmptyTag && depth == 1:
			lastStart, lastEnd = t.Start, t.End
		case t.Kind == xmlr.EndTag:
			depth--
			if depth == 1 {
				lastEnd = t.End
			}
			if depth == 0 {
				end, name = t.Start, t.Name
			}
		}
	}
	if end == 0 || string(xmlr.LocalName(name)) != "PayeIndivMensuel" {
		return dst, 0, errors.New("insert PJRef: the raw bytes are not a bulletin")
	}
	if lastEnd == 0 {
		lastEnd = end
		lastStart = end
	}
	lead := blankBefore(raw, lastStart)
	inner := lead
	if strings.HasSuffix(lead, "\t") || lead == "" {
		inner = lead + strings.Repeat("\t", min(len(lead), 1))
	} else if n := strings.LastIndexByte(lead, '\n'); n >= 0 {
		inner = lead + "  "
	}
	prefix := string(name[:len(name)-len("PayeIndivMensuel")])
	for _, ref := range refs {
		dst = append(dst, lead...)
		dst = append(append(append(dst, '<'), prefix...), "PJRef>"...)
		for _, c := range pjRef {
			value, set := "", true
			if c.Opt != nil {
				value, set = c.Opt(&ref).Get()
			} else {
				value = *c.Text(&ref)
			}
			if !set {
				continue
			}
			if !c.Value.Valid(value) {
				a := schema.Codes.New("XHL-303", "PJRef/"+c.Name)
				a.Attendu = c.Value.String()
				return dst, 0, a
			}
			dst = append(append(append(dst, inner...), '<'), prefix...)
			dst = append(append(dst, c.Name...), ` V="`...)
			// References are ASCII whatever the journal's charset: other
			// characters go as numeric references.
			for _, r := range value {
				if r < 0x80 {
					var err error
					if dst, err = xmlw.AppendAttr(dst, string(r), xmlw.UTF8); err != nil {
						return dst, 0, schema.Codes.New("XHL-309", "PJRef/"+c.Name)
					}
					continue
				}
				dst = append(strconv.AppendInt(append(dst, "&#"...), int64(r), 10), ';')
			}
			dst = append(dst, `"/>`...)
		}
		dst = append(dst, lead...)
		dst = append(append(append(dst, "</"...), prefix...), "PJRef>"...)
	}
	return dst, lastEnd, nil
}

// blankBefore returns the white space that precedes place at of raw.
func blankBefore(raw []byte, at int) string {
	from := at
	for from > 0 && xmlr.IsBlank(raw[from-1]) {
		from--
	}
	return string(raw[from:at])
}
