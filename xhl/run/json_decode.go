package run

import (
	"context"
	"io"
	"sync/atomic"

	"paye/xhl"
)

// runFlush is how much of a run is held back, in bytes.
const runFlush = 256 << 10

// DecodeJSON writes a journal as a run.jsonl. Values are those of the journal;
// comments, and what the schema does not know, are left aside and reported to
// Options.Anomalie. decoded counts bulletins; it may be nil.
func DecodeJSON(ctx context.Context, r io.Reader, w io.Writer, o xhl.Options, decoded *atomic.Int64) error {
	d, entete, err := openDecoding(r, o, decoded)
	if err != nil {
		return err
	}
	run := jsonRun{out: w, buf: AppendEnteteJSON(nil, entete)}
	if err := d.run(ctx, func() shape { return jsonShape{} }, run.put); err != nil {
		return err
	}
	fin, err := d.end()
	if err != nil {
		return err
	}
	if fin.Nomenclatures != nil {
		run.buf = AppendNomenclaturesJSON(run.buf, fin.Nomenclatures)
	}
	if fin.RepartitionParNature != nil {
		run.buf = AppendRepartitionJSON(run.buf, fin.RepartitionParNature)
	}
	_, err = w.Write(run.buf)
	return err
}

// jsonRun is a run.jsonl while it is written.
type jsonRun struct {
	out     io.Writer
	buf     []byte
	opening []byte // of the DonneesIndiv that has no bulletin yet; nil when it has
}

func (r *jsonRun) put(p *part) error {
	if p.opens {
		r.opening = append(r.opening[:0:0], p.opening...)
	}
	if p.n == 0 {
		return nil
	}
	r.buf = append(append(r.buf, r.opening...), p.lines[0]...)
	r.opening = nil
	if len(r.buf) < runFlush {
		return nil
	}
	_, err := r.out.Write(r.buf)
	r.buf = r.buf[:0]
	return err
}

// jsonShape writes bulletins as lines of a run.jsonl.
type jsonShape struct{}

func (jsonShape) opening(dst []byte, etab *xhl.Etablissement) ([]byte, error) {
	return AppendEtablissementJSON(dst, etab), nil
}

func (jsonShape) bulletin(p *part, b *xhl.Bulletin, _, _ int) error {
	p.lines[0] = AppendBulletinJSON(p.lines[0], b)
	return nil
}
