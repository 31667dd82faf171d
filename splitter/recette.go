package splitter

import (
	"bytes"
	"slices"

	"github.com/zeebo/xxh3"

	"paye/compress"
	"paye/internal/repeats"
)

// recette puts the journals of volumes together out of the blocks of the
// spool. It remembers what it compressed, since looking for the last bulletin
// that fits asks for nearly the same thing several times. It is for one
// goroutine.
type recette struct {
	livre    *Livre
	niveau   compress.Niveau // of what it compresses
	leger    float64         // share of the blocks of a scattered volume that are of compress.Leger instead
	zip      *compress.Encoder
	literals map[uint64][]literal // by the hash of their text
	partials map[Run]chunk
	buf      []byte // the raw bytes of bufOf
	bufOf    *bloc  // nil for none
}

func newRecette(l *Livre, niveau compress.Niveau) *recette {
	return &recette{livre: l, niveau: niveau, zip: compress.NewEncoder(niveau), literals: make(map[uint64][]literal), partials: make(map[Run]chunk)}
}

func (r *recette) Close() { r.zip.Release() }

// maxRemembered bounds how many recompressed blocks are kept, of 1 MiB raw at
// most each.
const maxRemembered = 32

// assembly is a journal being put together.
type assembly struct {
	*recette
	chunks  []chunk
	pending []byte // raw bytes not compressed yet
	alone   Run    // the one range of bulletins that pending is made of
	mixed   bool   // pending is made of something else
}

// volume fills in the journal of v from its runs.
func (r *recette) volume(v *Volume) error {
	a := assembly{recette: r}
	l := r.livre
	v.livre = l
	if v.EnteteSeul {
		a.literal(append(slices.Clone(l.prologue), l.fin...))
		v.chunks, v.XHL = a.chunks, a.chunks[0].block
		return nil
	}
	a.literal(append(slices.Clone(l.prologue), l.groupes[l.entries.at(v.Runs[0].From).groupe].ouverture...))
	last := int32(-1)
	for _, run := range v.Runs {
		if err := a.run(run, &last); err != nil {
			return err
		}
	}
	a.flush()
	a.literal(l.groupes[last].fermeture)
	a.literal(l.nomenclatures)
	tail := slices.Clone(l.fin)
	if v.Repartition {
		tail = append(slices.Clone(l.repartition), l.fin...)
	}
	if v.Repartition && l.repartitionMax > 0 {
		a.chunks = append(a.chunks, chunk{block: compress.BlockBound(int64(l.repartitionMax + len(l.fin)))})
	} else {
		a.literal(tail)
	}
	v.chunks = a.chunks
	v.XHL = compress.Block{}
	for i := range v.chunks {
		v.XHL = compress.Join(v.XHL, v.chunks[i].block)
	}
	return nil
}

// run adds the bulletins of a run; last is the groupe of the bulletin before
// it, -1 for none.
func (a *assembly) run(run Run, last *int32) error {
	l := a.livre
	for i := run.From; i < run.To; {
		e := l.entries.at(i)
		b := &l.blocs[e.bloc]
		follows := i > run.From
		if !follows && *last >= 0 && *last != e.groupe {
			a.mix(l.groupes[*last].fermeture)
			a.mix(l.groupes[e.groupe].ouverture)
		}
		end := int(b.first + b.n)
		if i == int(b.first) && run.To >= end && (follows || e.lead == 0) {
			a.flush()
			a.chunks = append(a.chunks, b.chunk)
		} else {
			end = min(end, run.To)
			if err := a.partial(b, i, end, follows, a.joins(run, end)); err != nil {
				return err
			}
		}
		*last = l.entries.at(end - 1).groupe
		i = end
	}
	return nil
}

// joins reports whether what comes after the bulletin end-1 of a run is a part of
// a bloc too.
func (a *assembly) joins(run Run, end int) bool {
	if end == run.To {
		return false
	}
	next := &a.livre.blocs[a.livre.entries.at(end).bloc]
	return run.To < int(next.first+next.n)
}

// partial adds the bulletins from to to-1 of one bloc; whether others join them is
// the same for those that are remembered, so that a volume weighs what it weighs
// whatever was tried before it.
func (a *assembly) partial(b *bloc, from, to int, withLead, joined bool) error {
	if len(a.pending) >= compress.BlockRaw {
		a.flush()
	}
	if c, known := a.partials[Run{from, to}]; known && !withLead && !joined && len(a.pending) == 0 {
		a.chunks = append(a.chunks, c)
		return nil
	}
	if a.bufOf != b {
		a.bufOf = nil
		raw, err := a.livre.raw(b, a.buf)
		if err != nil {
			return err
		}
		a.buf, a.bufOf = raw, b
	}
	first, last := a.livre.entries.at(from), a.livre.entries.at(to-1)
	start := first.off
	if !withLead {
		start += first.lead
	}
	if len(a.pending) == 0 && !withLead {
		a.alone = Run{from, to}
	} else {
		a.mixed = true
	}
	a.pending = append(a.pending, a.buf[start:last.off+last.lead+last.len]...)
	return nil
}

func (a *assembly) mix(raw []byte) {
	a.pending = append(a.pending, raw...)
	a.mixed = true
}

// flush compresses what is pending.
func (a *assembly) flush() {
	if len(a.pending) == 0 {
		return
	}
	c := a.compress(a.pending)
	if !a.mixed {
		if len(a.partials) >= maxRemembered {
			clear(a.partials)
		}
		a.partials[a.alone] = c
	}
	a.chunks = append(a.chunks, c)
	a.pending, a.mixed = a.pending[:0], false
}

// literal adds bytes that many volumes repeat.
func (a *assembly) literal(raw []byte) {
	if len(raw) > 0 {
		a.chunks = append(a.chunks, a.literalChunk(raw))
	}
}

// literal is a text that many volumes repeat, which does not change any more.
type literal struct {
	raw []byte
	chunk
}

func (r *recette) literalChunk(raw []byte) chunk {
	sum := xxh3.Hash(raw)
	for _, l := range r.literals[sum] {
		if bytes.Equal(l.raw, raw) {
			return l.chunk
		}
	}
	c, known := repeated.Find(r.niveau, raw)
	if !known {
		c = r.compress(raw)
		repeated.Keep(r.niveau, raw, c)
	}
	r.literals[sum] = append(r.literals[sum], literal{raw, c})
	return c
}

// repeated are the nomenclatures that were compressed last.
var repeated repeats.Of[compress.Niveau, chunk]

func (r *recette) compress(raw []byte) chunk {
	data, block := r.zip.AppendBlock(nil, raw)
	return chunk{block: block, sum: sumOf(raw), data: data}
}

// spoolPartials moves what was compressed for v to the spool, so that memory
// does not grow with the volumes; what volumes repeat stays shared.
func (r *recette) spoolPartials(v *Volume) error {
	for i := range v.chunks {
		c := &v.chunks[i]
		if c.data == nil || r.isLiteral(c) {
			continue
		}
		off, err := r.livre.spool.add(c.data)
		if err != nil {
			return err
		}
		c.off, c.data = off, nil
	}
	return nil
}

func (r *recette) isLiteral(c *chunk) bool {
	for _, same := range r.literals {
		for _, l := range same {
			if &l.data[0] == &c.data[0] {
				return true
			}
		}
	}
	return false
}
