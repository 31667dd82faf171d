package xhl

import (
	"bytes"

	"paye/internal/xmlr"
)

// framer finds the bounds of parts in a window that grows.
type framer struct {
	cutter *Cutter
	seg    *Segment
	part   int // where the part under way begins
	pos    int // everything before it was looked at
	name   []byte
	inside bool // in a bulletin called name
	open   int  // where its start tag begins
}

// run frames parts until the segment is long enough or the bulletins end. It
// returns errMore when it needs a longer window, and goes on from there.
func (f *framer) run(src []byte) error {
	c, s := f.cutter, &f.cutter.scan
	s.Src = src
	var t xmlr.Token
	for f.part < c.opts.Segment || f.inside {
		if f.inside {
			if err := f.bulletin(src); err != nil {
				return err
			}
			continue
		}
		s.Pos = f.pos
		if err := s.Next(&t); err != nil {
			return err
		}
		local := string(t.Local)
		switch {
		case t.Kind == xmlr.Text:
			f.pos = s.Pos
		case !c.inside && t.Kind == xmlr.StartTag && local == "DonneesIndiv":
			if err := f.opening(&t); err != nil {
				return err
			}
		case !c.inside && t.Kind == xmlr.EmptyTag && local == "DonneesIndiv":
			c.groupe++
			c.inside = true
			f.end(PartOuverture, t.End)
			c.inside = false
			f.end(PartFermeture, t.End)
		case !c.inside && (t.Kind == xmlr.EndTag || local == "Nomenclatures" || local == "RepartitionParNature"):
			c.done = true
			return nil
		case c.inside && t.Kind == xmlr.EndTag:
			if err := ends(&t, c.nom); err != nil {
				return err
			}
			c.inside = false
			f.end(PartFermeture, t.End)
		case c.inside && t.Kind == xmlr.StartTag && local == "PayeIndivMensuel":
			f.inside, f.name, f.open, f.pos = true, bytes.Clone(t.Name), t.Start, t.End
		case c.inside && t.Kind == xmlr.EmptyTag && local == "PayeIndivMensuel":
			f.end(PartBulletin, t.End)
			c.rang++
		case t.Kind == xmlr.EmptyTag:
			f.pos = t.End
		default:
			if err := s.passElement(&t, 0, c.opts.MaxDepth); err != nil {
				return err
			}
			f.pos = s.Pos
		}
	}
	return nil
}

func (f *framer) end(kind PartKind, end int) {
	f.seg.Parts = append(f.seg.Parts, Part{kind, f.part, end})
	f.part, f.pos = end, end
}

// opening frames <DonneesIndiv> with the Etablissement that may follow.
func (f *framer) opening(t *xmlr.Token) error {
	s := &f.cutter.scan
	end, nom := t.End, bytes.Clone(t.Name)
	if err := s.Next(t); err != nil {
		return err
	}
	if string(t.Local) == "Etablissement" && (t.Kind == xmlr.StartTag || t.Kind == xmlr.EmptyTag) {
		if t.Kind == xmlr.StartTag {
			if err := s.passElement(t, 0, f.cutter.opts.MaxDepth); err != nil {
				return err
			}
		}
		end = s.Pos
	}
	f.cutter.groupe++
	f.cutter.inside, f.cutter.nom = true, nom
	f.end(PartOuverture, end)
	return nil
}

// tooLong reports whether the bulletin, whose end tag is at end or beyond, is
// longer than it may be, from its start tag to its end tag. Checks count alike.
func (f *framer) tooLong(end int) bool { return end-f.open > f.cutter.opts.MaxBulletin }

// bulletin hops from tag to tag to the end tag of the bulletin. A '<' cannot
// stand in an attribute, so that only comments, instructions and CDATA have to
// be passed with care.
func (f *framer) bulletin(src []byte) error {
	p := f.pos
	for {
		n := bytes.IndexByte(src[p:], '<')
		if n < 0 {
			f.pos = len(src)
			return xmlr.ErrMore
		}
		p += n
		f.pos = p
		if p+3+len(f.name) >= len(src) {
			return xmlr.ErrMore
		}
		switch src[p+1] {
		case '/':
			after := p + 2 + len(f.name)
			if string(src[p+2:after]) != string(f.name) || !xmlr.NameEnd[src[after]] {
				p += 2
				continue
			}
			close := bytes.IndexByte(src[after:], '>')
			if close < 0 {
				return xmlr.ErrMore
			}
			if f.tooLong(p) {
				return &malformed{"XHL-004", f.open, []any{f.cutter.opts.MaxBulletin}}
			}
			f.inside = false
			f.end(PartBulletin, after+close+1)
			f.cutter.rang++
			return nil
		case '!', '?':
			end, _, err := f.cutter.scan.Aside(p)
			if err != nil {
				return err
			}
			p = end
		default:
			p++
		}
	}
}
