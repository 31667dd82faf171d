package splitter

import (
	"context"

	"github.com/zeebo/xxh3"

	"paye/compress"
	"paye/internal/share"
	"paye/xhl"
)

// worker surveys, completes and compresses segments.
type worker struct {
	livre   *Livre
	session *share.Session // nil without another instance that compresses
	enc     *xhl.Encoding
	dec     *xhl.Decoder
	zip     *compress.Encoder
	totals  *xhl.Totaux
	refs    References
	survey  xhl.Survey
	insert  []byte
}

// release gives what was learnt and the tables to the next book.
func (w *worker) release() {
	w.dec.Release()
	w.zip.Release()
}

func (w *worker) do(ctx context.Context, j *job) error {
	j.comp, j.entries, j.mats, j.refs = j.comp[:0], j.entries[:0], j.mats[:0], j.refs[:0]
	j.service, j.opening, j.sums, j.added = j.service[:0], 0, j.sums[:0], false
	j.raw.begin(w.enc, j.seg.Raw, j.seg.Parts[0].Start)
	off := 0 // of what stands before the next bulletin
	if err := j.raw.add(j.lead); err != nil {
		return err
	}
	current := j.groupe
	rang := j.seg.Rang
	for i, p := range j.seg.Parts {
		if p.Kind != xhl.PartBulletin {
			if p.Kind == xhl.PartOuverture {
				current++
			}
			continue
		}
		if err := w.dec.Survey(j.seg, i, rang, &w.survey, w.totals); err != nil {
			return err
		}
		if err := j.raw.take(p.Start); err != nil {
			return err
		}
		if rang == 0 { // no volume has anything before it but its own head
			j.opening = j.raw.len()
			j.raw.drop()
		}
		start := j.raw.len()
		if err := w.bulletin(j, p); err != nil {
			return err
		}
		end := j.raw.len()
		if j.know {
			j.sums = append(j.sums, xxh3.Hash(j.raw.bytes()[start:]))
		}
		j.mats = append(j.mats, w.survey.Matricule...)
		j.refs = append(j.refs, w.survey.PJRef...)
		j.service = append(j.service, w.survey.Service)
		j.entries = append(j.entries, entry{
			groupe: current, off: uint32(off), lead: uint32(start - off), len: uint32(end - start),
			matEnd: uint32(len(j.mats)), refsEnd: uint32(len(j.refs)),
		})
		off = end
		rang++
	}
	raw := j.raw.bytes()
	j.sum = sumOf(raw)
	j.src = j.seg.Offset - int64(len(j.lead)) + int64(j.opening)
	if j.unread = j.unread && !j.added; j.unread {
		j.block = compress.Block{Raw: int64(len(raw))}
		return nil
	}
	j.comp, j.block = w.zip.AppendBlockIn(ctx, w.session, j.comp, raw)
	return nil
}

// bulletin gathers the bulletin p, with what it has to reference besides.
func (w *worker) bulletin(j *job, p xhl.Part) error {
	missing := w.missing()
	if len(missing) == 0 {
		return j.raw.take(p.End)
	}
	insert, at, err := xhl.AppendPJRef(w.insert[:0], j.seg.Raw[p.Start:p.End], missing)
	if err != nil {
		return err
	}
	w.insert = insert
	w.survey.PJRef = append(w.survey.PJRef, missing...)
	j.added = true
	if err := j.raw.take(p.Start + at); err != nil {
		return err
	}
	if err := j.raw.add(insert); err != nil {
		return err
	}
	return j.raw.take(p.End)
}

// missing returns the references that the index wants and that the bulletin
// does not have.
func (w *worker) missing() []xhl.PJRef {
	if w.refs == nil {
		return nil
	}
	var list []xhl.PJRef
next:
	for _, ref := range w.refs(w.survey.Matricule) {
		for _, known := range w.survey.PJRef {
			if known.IdUnique == ref.IdUnique {
				continue next
			}
		}
		list = append(list, ref)
	}
	return list
}

// append adds a finished job to the book, in order.
func (l *Livre) append(j *job, ids, services map[string]int32) error {
	var off int64
	if !j.unread {
		var err error
		if off, err = l.spool.add(j.comp); err != nil {
			return err
		}
	} else {
		l.unread++
	}
	if j.added {
		l.added = true
	}
	l.open(j.jalons)
	first := int32(l.entries.len())
	b := bloc{chunk: chunk{block: j.block, sum: j.sum, off: off}, first: first, n: int32(len(j.entries)), src: j.src, unread: j.unread}
	mats, refs := uint32(len(l.mats)), uint32(len(l.refs))
	for i, e := range j.entries {
		service, known := services[j.service[i]]
		if !known {
			service = int32(len(services))
			services[j.service[i]] = service
		}
		e.service = service
		e.bloc = int32(len(l.blocs))
		e.matEnd += mats
		e.refsEnd += refs
		l.entries.add(e)
		if j.know {
			l.sums.add(j.sums[i])
		}
	}
	l.mats = append(l.mats, j.mats...)
	for _, ref := range j.refs {
		id, known := ids[ref.IdUnique]
		if !known {
			id = int32(len(l.RefIDs))
			ids[ref.IdUnique] = id
			l.RefIDs = append(l.RefIDs, ref.IdUnique)
			l.RefNoms = append(l.RefNoms, ref.NomPJ.V)
			l.RefSupports = append(l.RefSupports, ref.Support)
		}
		l.refs = append(l.refs, id)
	}
	l.blocs = append(l.blocs, b)
	l.Octets += int64(j.opening) + j.block.Raw
	return nil
}
