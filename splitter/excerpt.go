package splitter

import (
	"slices"

	"paye/xhl"
)

// excerpt is the raw bytes of a job as they are in the journal. They are those
// of its segment, where they stand, until something else comes between: from
// then on they are a copy.
type excerpt struct {
	enc      *xhl.Encoding
	seg      []byte
	from, to int // in seg, while there is no copy
	copied   bool
	own      []byte
}

// begin starts anew, at the place from of seg.
func (g *excerpt) begin(enc *xhl.Encoding, seg []byte, from int) {
	*g = excerpt{enc: enc, seg: seg, from: from, to: from, copied: !enc.Scanned(), own: g.own[:0]}
}

// take adds the bytes of the segment up to the place to, from where the last ones ended.
func (g *excerpt) take(to int) error {
	var err error
	if g.copied {
		g.own = slices.Grow(g.own, len(g.seg)-g.to)
		g.own, err = g.enc.Native(g.own, g.seg[g.to:to])
	}
	g.to = to
	return err
}

// add adds what does not stand there.
func (g *excerpt) add(raw []byte) error {
	if len(raw) == 0 {
		return nil
	}
	if !g.copied {
		g.copied = true
		g.own = append(slices.Grow(g.own, len(g.seg)-g.from+len(raw)), g.seg[g.from:g.to]...)
	}
	var err error
	g.own, err = g.enc.Native(g.own, raw)
	return err
}

// drop forgets what was taken so far.
func (g *excerpt) drop() { g.from, g.own = g.to, g.own[:0] }

// bytes are good until the segment or g is used again.
func (g *excerpt) bytes() []byte {
	if g.copied {
		return g.own
	}
	return g.seg[g.from:g.to]
}

func (g *excerpt) len() int { return len(g.bytes()) }
