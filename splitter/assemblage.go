package splitter

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"paye/compress"
	"paye/internal/share"
)

// together is how many volumes at most are put together in one pass over the
// book: a pass inflates every bloc once, and each volume holds up to two blocks
// of raw bytes back.
const together = 12

// volumes fills in the journals of volumes whose bulletins are scattered over
// the book: in one pass, in the order of the book, instead of one pass a
// volume. Blocks are compressed on all cores, and go to the spool.
func (r *recette) volumes(ctx context.Context, list []*Volume) error {
	passes := (len(list) + together - 1) / together
	for batch := range slices.Chunk(list, (len(list)+passes-1)/passes) {
		if err := r.pass(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// scattered is a volume of a pass under way.
type scattered struct {
	volume  *Volume
	run     int   // of the next bulletin
	next    int   // the next bulletin, -1 after the last
	groupe  int32 // of the bulletin before, -1 for none
	pending []byte
	chunks  []*chunk
}

func (r *recette) pass(ctx context.Context, list []*Volume) error {
	l := r.livre
	press := newPress(ctx, r, len(list))
	states := make([]*scattered, len(list))
	for i, v := range list {
		states[i] = r.begin(v)
	}
	var raw []byte
	for b := range l.blocs {
		inflated := false
		for _, s := range states {
			if s.next < 0 || s.next >= int(l.blocs[b].first+l.blocs[b].n) {
				continue
			}
			if r.niveau == l.niveau && s.whole(l, &l.blocs[b]) {
				s.flush(press)
				s.chunks = append(s.chunks, &l.blocs[b].chunk)
				continue
			}
			if !inflated {
				var err error
				if raw, err = l.raw(&l.blocs[b], raw); err != nil {
					press.wait()
					return err
				}
				inflated = true
			}
			if s.pending == nil {
				s.pending = press.buffer()
			}
			s.take(l, &l.blocs[b], raw)
			if len(s.pending) >= compress.BlockRaw {
				s.flush(press)
			}
		}
		if ctx.Err() != nil {
			break
		}
	}
	for _, s := range states {
		s.flush(press)
	}
	if err := cmp.Or(press.wait(), ctx.Err()); err != nil {
		return err // interrupted, a volume may have no bulletin yet
	}
	for _, s := range states {
		r.finish(s)
	}
	return nil
}

// begin opens the journal of v.
func (r *recette) begin(v *Volume) *scattered {
	l := r.livre
	v.livre = l
	s := &scattered{volume: v, next: v.Runs[0].From, groupe: -1}
	head := r.literalChunk(append(slices.Clone(l.prologue), l.groupes[l.entries.at(s.next).groupe].ouverture...))
	s.chunks = append(s.chunks, &head)
	return s
}

// whole reports whether the next bulletins of s are all those of b, which then
// travels as it is, and steps over them.
func (s *scattered) whole(l *Livre, b *bloc) bool {
	run := s.volume.Runs[s.run]
	first, end := int(b.first), int(b.first+b.n)
	follows := s.next > run.From
	if s.next != first || run.To < end || !follows && (l.entries.at(first).lead > 0 || s.groupe >= 0 && s.groupe != l.entries.at(first).groupe) {
		return false
	}
	s.groupe = l.entries.at(end - 1).groupe
	s.step(end)
	return true
}

// step goes on with the bulletin at, or with the next run.
func (s *scattered) step(at int) {
	s.next = at
	if at == s.volume.Runs[s.run].To {
		s.next = -1
		if s.run++; s.run < len(s.volume.Runs) {
			s.next = s.volume.Runs[s.run].From
		}
	}
}

// take adds the bulletins of s that are in b, whose bytes are raw.
func (s *scattered) take(l *Livre, b *bloc, raw []byte) {
	end := int(b.first + b.n)
	for s.next >= 0 && s.next < end {
		run := s.volume.Runs[s.run]
		to := min(run.To, end)
		first, last := l.entries.at(s.next), l.entries.at(to-1)
		start := first.off
		if s.next == run.From { // what leads to it in the book is not what leads to it here
			start += first.lead
			if s.groupe >= 0 && s.groupe != first.groupe {
				s.pending = append(s.pending, l.groupes[s.groupe].fermeture...)
				s.pending = append(s.pending, l.groupes[first.groupe].ouverture...)
			}
		}
		s.pending = append(s.pending, raw[start:last.off+last.lead+last.len]...)
		s.groupe = last.groupe
		s.step(to)
	}
}

func (s *scattered) flush(p *press) {
	if len(s.pending) > 0 {
		s.chunks = append(s.chunks, p.compress(s.pending))
		s.pending = nil
	}
}

// finish closes the journal of s.
func (r *recette) finish(s *scattered) {
	l := r.livre
	tail := slices.Clone(l.fin)
	if s.volume.Repartition {
		tail = append(slices.Clone(l.repartition), l.fin...)
	}
	v := s.volume
	v.chunks, v.XHL = nil, compress.Block{}
	for _, c := range s.chunks {
		v.chunks = append(v.chunks, *c)
	}
	for _, raw := range [][]byte{l.groupes[s.groupe].fermeture, l.nomenclatures, tail} {
		if len(raw) > 0 {
			v.chunks = append(v.chunks, r.literalChunk(raw))
		}
	}
	for i := range v.chunks {
		v.XHL = compress.Join(v.XHL, v.chunks[i].block)
	}
}

// press compresses blocks on all cores, into the spool.
type press struct {
	jobs    chan pressed
	group   errgroup.Group
	session *share.Session // nil without another instance that compresses
	free    chan []byte    // buffers of what was compressed
}

// pressed is a block on its way through the press.
type pressed struct {
	raw   []byte
	from  *gathering // what raw is to be read from; nil when it is there
	leger bool
	into  *chunk
}

// newPress returns a press for so many volumes at a time.
func newPress(ctx context.Context, r *recette, volumes int) *press {
	session := compress.Together(ctx, r.niveau)
	workers := r.livre.compressors(session)
	p := &press{jobs: make(chan pressed), session: session, free: make(chan []byte, volumes+workers)}
	for range workers {
		p.group.Go(func() (err error) {
			enc := compress.NewEncoder(r.niveau)
			defer enc.Release()
			var leger *compress.Encoder
			if r.leger > 0 {
				leger = compress.NewEncoder(compress.Leger)
				defer leger.Release()
			}
			var packed, own []byte
			for j := range p.jobs {
				if err != nil {
					continue
				}
				if j.from != nil {
					if own, err = j.from.read(r.livre, own[:0]); err != nil {
						continue
					}
					j.raw = own
				}
				c := chunk{sum: sumOf(j.raw), leger: j.leger}
				if j.leger {
					packed, c.block = leger.AppendBlock(packed[:0], j.raw)
				} else {
					packed, c.block = enc.AppendBlockIn(ctx, session, packed[:0], j.raw)
				}
				c.off, err = r.livre.spool.add(packed)
				*j.into = c
				if j.from == nil {
					p.free <- j.raw
				}
			}
			return err
		})
	}
	return p
}

// buffer returns an empty buffer.
func (p *press) buffer() []byte {
	select {
	case b := <-p.free:
		return b[:0]
	default:
		return make([]byte, 0, compress.BlockRaw)
	}
}

// compress returns the chunk that raw, which it keeps, will have become once
// wait has returned.
func (p *press) compress(raw []byte) *chunk {
	c := new(chunk)
	p.jobs <- pressed{raw: raw, into: c}
	return c
}

// gather returns the chunk that the bytes of g will have become once wait has
// returned.
func (p *press) gather(g *gathering, leger bool) *chunk {
	c := new(chunk)
	p.jobs <- pressed{from: g, leger: leger, into: c}
	return c
}

// wait ends the press.
func (p *press) wait() error {
	close(p.jobs)
	defer p.session.Close()
	return p.group.Wait()
}
