//go:build !js

package splitter

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/zeebo/xxh3"

	"paye/compress"
)

// A large book whose documents are shared from one end of it to the other is
// planned scattered: all of it is compressed for its volumes, and a copy of it in
// the spool would be inflated for that once more. Where the journal can be read
// again, most of its blocs are therefore not compressed while it is read: what
// they weigh is known of one in sampleEvery, and the volumes take the bulletins
// from the source, each compared with what was surveyed. A plan that turns out not
// to be scattered is made on blocs that were compressed after all.

// Original gives the bytes of a journal again.
type Original interface {
	io.ReaderAt // safe for concurrent use
	// Changed is the error of a journal that is no longer what was read.
	Changed() error
}

const (
	// unreadAfter is how many blocs are compressed in any case: a book of less is
	// planned on the sizes of all of them, and a larger one is judged by them.
	unreadAfter = 512
	// sampleEvery is of how many blocs one is compressed after that.
	sampleEvery = 16
)

// far is how many blocs apart, of those that are compressed in any case, a document
// is said to be shared from one end of the book to the other.
const far = 8

// judgement looks at the first blocs of a book while it is read: one that shares no
// document far apart, or that is not what the original gives, is compressed to its
// end.
type judgement struct {
	livre   *Livre
	after   int           // blocs
	handed  int           // blocs that were handed out
	reached chan struct{} // closed once so many are in the book
}

func newJudgement(l *Livre, o *ReadOptions) *judgement {
	return &judgement{livre: l, after: cmp.Or(o.unreadAfter, unreadAfter), reached: make(chan struct{})}
}

// grown takes notice that the book has one bloc more.
func (g *judgement) grown() {
	if len(g.livre.blocs) == g.after {
		close(g.reached)
	}
}

// next says what need not be done of the job that is handed out next.
func (g *judgement) next(ctx context.Context, j *job) error {
	l, n := g.livre, g.handed
	g.handed++
	j.know, j.unread = false, false
	if l.original == nil || n < g.after {
		return nil
	}
	if n == g.after {
		select {
		case <-g.reached: // and nobody adds to it before there is another
		case <-ctx.Done():
			return ctx.Err()
		}
		if l.added || !l.sharesFar() {
			l.original = nil
			return nil
		}
		l.blind = len(l.blocs)
		for range l.entries.len() {
			l.sums.add(0)
		}
	}
	j.know, j.unread = true, n%sampleEvery != 0
	return nil
}

// sharesFar reports whether one document in a hundred, or more, is referenced from
// blocs that lie far apart.
func (l *Livre) sharesFar() bool {
	const none = -1
	first := make([]int32, len(l.RefIDs))
	for i := range first {
		first[i] = none
	}
	apart := make([]bool, len(first))
	count := 0
	for i := range l.entries.len() {
		b := l.entries.at(i).bloc
		for _, r := range l.Refs(i) {
			switch {
			case first[r] == none:
				first[r] = b
			case !apart[r] && int(b-first[r]) > len(l.blocs)/far:
				apart[r] = true
				count++
			}
		}
	}
	return count > 0 && count*100 >= len(first)
}

// estimate gives the blocs that were not compressed a size, in proportion to those
// of the samples before and after them.
func (l *Livre) estimate() {
	before := 1.0
	for from := 0; from < len(l.blocs); {
		if b := &l.blocs[from]; !b.unread {
			before = float64(b.block.Size) / float64(b.block.Raw)
			from++
			continue
		}
		to := from
		for to < len(l.blocs) && l.blocs[to].unread {
			to++
		}
		ratio := before
		if to < len(l.blocs) {
			ratio = (before + float64(l.blocs[to].block.Size)/float64(l.blocs[to].block.Raw)) / 2
		}
		for b := from; b < to; b++ {
			l.blocs[b].block.Size = int64(float64(l.blocs[b].block.Raw) * ratio)
		}
		from = to
	}
}

// again reads the raw bytes of a bloc from the source, into buf.
func (l *Livre) again(b *bloc, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf[:0], int(b.block.Raw))[:b.block.Raw]
	if err := l.readAt(buf, b.src); err != nil {
		return nil, err
	}
	if sumOf(buf) != b.sum {
		return nil, l.original.Changed()
	}
	return buf, nil
}

func (l *Livre) readAt(buf []byte, off int64) error {
	n, err := l.original.ReadAt(buf, off)
	switch {
	case n == len(buf):
		return nil
	case err == io.EOF:
		return l.original.Changed()
	}
	return fmt.Errorf("read the journal again: %w", err)
}

// settle compresses the blocs that were not, for a plan that is not scattered.
func (l *Livre) settle(ctx context.Context) error {
	var pending []*bloc
	for b := range l.blocs {
		if l.blocs[b].unread {
			pending = append(pending, &l.blocs[b])
		}
	}
	err := l.each(ctx, len(pending), l.niveau, func(n int, zip blocks, buf *buffers) (err error) {
		b := pending[n]
		if buf.raw, err = l.again(b, buf.raw); err != nil {
			return err
		}
		buf.packed, b.block = zip(buf.packed[:0], buf.raw)
		b.off, err = l.spool.add(buf.packed)
		return err
	})
	if err != nil {
		return err
	}
	l.compressed()
	return nil
}

// compressed takes notice that all blocs are.
func (l *Livre) compressed() {
	for b := range l.blocs {
		l.blocs[b].unread = false
	}
	l.unread = 0
}

// know takes the sums of the bulletins in blocs that were read before any were
// wanted.
func (l *Livre) know(ctx context.Context) error {
	return l.each(ctx, l.blind, l.niveau, func(n int, _ blocks, buf *buffers) (err error) {
		b := &l.blocs[n]
		if buf.raw, err = l.again(b, buf.raw); err != nil {
			return err
		}
		for i := int(b.first); i < int(b.first+b.n); i++ {
			e := l.entries.at(i)
			*l.sums.at(i) = xxh3.Hash(buf.raw[e.off+e.lead:][:e.len])
		}
		return nil
	})
}

// gathering is what a block of a volume is made of, in order: bytes of the book
// that are no bulletins, then the bulletins of a run.
type gathering struct {
	parts []gathered
	size  int
}

type gathered struct {
	between []byte
	Run
}

// add adds a bulletin, after what stands between it and the one before.
func (g *gathering) add(l *Livre, between []byte, i int) {
	e := l.entries.at(i)
	g.size += len(between) + int(e.len)
	if k := len(g.parts) - 1; k >= 0 && len(between) == 0 && g.parts[k].To == i {
		g.parts[k].To++
		return
	}
	g.parts = append(g.parts, gathered{between, Run{i, i + 1}})
}

// read appends the bytes of g to buf, from the source. Each bulletin is compared
// with what was surveyed.
func (g *gathering) read(l *Livre, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf, g.size)
	for _, p := range g.parts {
		buf = append(buf, p.between...)
		for i := p.From; i < p.To; {
			start := l.place(i)
			end, to := start, i
			for to < p.To && l.place(to) == end {
				end += int64(l.entries.at(to).len)
				to++
			}
			at := len(buf)
			buf = buf[:at+int(end-start)]
			if err := l.readAt(buf[at:], start); err != nil {
				return nil, err
			}
			for ; i < to; i++ {
				n := int(l.entries.at(i).len)
				if xxh3.Hash(buf[at:at+n]) != *l.sums.at(i) {
					return nil, l.original.Changed()
				}
				at += n
			}
		}
	}
	return buf, nil
}

// place is where bulletin i begins in the source.
func (l *Livre) place(i int) int64 {
	e := l.entries.at(i)
	return l.blocs[e.bloc].src + int64(e.off+e.lead)
}

// fromOriginal fills in the journals of volumes out of the source, as volumes does
// out of the spool.
func (r *recette) fromOriginal(ctx context.Context, list []*Volume) error {
	l := r.livre
	press := newPress(ctx, r, 0)
	states := make([]*scattered, len(list))
	for n, v := range list {
		s := r.begin(v)
		states[n] = s
		g, given := new(gathering), 0
		gather := func() {
			leger := int(float64(given+1)*r.leger) > int(float64(given)*r.leger) // evenly over the volume
			s.chunks = append(s.chunks, press.gather(g, leger))
			g, given = new(gathering), given+1
		}
		for _, run := range v.Runs {
			for i := run.From; i < run.To; i++ {
				g.add(l, s.between(l, i, i > run.From), i)
				if g.size >= compress.BlockRaw {
					gather()
				}
			}
			if ctx.Err() != nil {
				break
			}
		}
		if g.size > 0 {
			gather()
		}
	}
	if err := press.wait(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, s := range states {
		r.finish(s)
	}
	return nil
}

// between returns what stands before bulletin i in the volume, and goes on to it;
// follows tells that the bulletin before it in the book is in front of it there.
func (s *scattered) between(l *Livre, i int, follows bool) []byte {
	groupe := l.entries.at(i).groupe
	before := s.groupe
	s.groupe = groupe
	if before < 0 || before == groupe {
		return nil
	}
	var raw []byte
	if !follows { // what leads to it in the book is not what leads to it here
		return append(append(raw, l.groupes[before].fermeture...), l.groupes[groupe].ouverture...)
	}
	for g := before; g < groupe; g++ {
		raw = append(append(raw, l.groupes[g].fermeture...), l.groupes[g+1].ouverture...)
	}
	return raw
}
