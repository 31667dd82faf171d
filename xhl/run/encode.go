package run

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"paye/xhl"

	"golang.org/x/sync/errgroup"
)

// EncodeOptions say how a run becomes a journal.
type EncodeOptions struct {
	Writer  xhl.WriterOptions
	Run     xhl.Options   // limits and name of the run
	Workers int           // GOMAXPROCS when 0
	Encodes *atomic.Int64 // counts the bulletins that were written; may be nil

	// Annonce is told once, before anything of the first établissement is
	// written, what the run has given by then of the end of the journal; may be
	// nil.
	Annonce func(*xhl.Annonce)

	// Past is what a journal of before tells of the codes of this one, for lost
	// zeros to be told; may be nil.
	Past Past

	told int // notes handed to Run.Anomalie
}

// maxNotes is how many notes of an encoding are told.
const maxNotes = 20

// tell hands notes to the Anomalie of the run.
func (o *EncodeOptions) tell(notes []*xhl.Anomalie) {
	for _, a := range notes {
		if o.Run.Anomalie == nil || o.told == maxNotes {
			return
		}
		o.told++
		a.Fichier = o.Run.Fichier
		o.Run.Anomalie(a)
	}
}

// begin tells Annonce what is known of the end of the journal.
func (o *EncodeOptions) begin(nom *xhl.Nomenclatures, rep *xhl.RepartitionParNature) error {
	if o.Annonce == nil {
		return nil
	}
	s, err := newAnnonce(nom, rep, o.Writer)
	if err == nil {
		o.Annonce(s)
	}
	return err
}

// batchSize is how many bytes of lines a worker takes at a time.
const batchSize = 512 << 10

// runBatch is a piece of a run: one line of another kind than bulletin, or
// bulletins, on its way to the Writer in the order of the run.
type runBatch struct {
	control RawLine
	lines   []RawLine
	text    []byte // of the lines
	done    chan struct{}

	raw    []byte
	totals *xhl.Totaux
	notes  []*xhl.Anomalie
	err    error
}

// runBatches are those that were written: a small run takes what another left.
var runBatches = sync.Pool{New: func() any { return new(runBatch) }}

func newRunBatch() *runBatch { return runBatches.Get().(*runBatch) }

// release gives back the buffers of a batch that was written, or that holds
// nothing.
func (b *runBatch) release() {
	if b.lines == nil || cap(b.text) > 2*batchSize {
		return // a line of another kind has none, and a very long one is rare
	}
	clear(b.lines)
	*b = runBatch{lines: b.lines[:0], text: b.text[:0], raw: b.raw[:0]}
	runBatches.Put(b)
}

// EncodeJSON writes the journal of a run.jsonl to w. The lines of a run come in
// this order: entete, then etablissement and its bulletins as often as needed;
// nomenclatures and repartition anywhere. A run whose bulletins belong to no
// établissement may leave the line out. What is wrong with the run is an
// *Anomalie with the line.
func EncodeJSON(ctx context.Context, r io.Reader, w io.Writer, o EncodeOptions) error {
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if workers == 1 {
		return encodeAlone(ctx, r, w, o)
	}
	g, ctx := errgroup.WithContext(ctx)
	jobs := make(chan *runBatch)
	ordered := make(chan *runBatch, workers+1)
	for range workers {
		g.Go(func() error {
			dec, enc := NewLineDecoder(o.Run), xhl.NewBulletinEncoder(o.Writer)
			for b := range jobs {
				b.err = b.encode(dec, enc)
				close(b.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(jobs)
		defer close(ordered)
		return readBatches(r, o.Run, func(b *runBatch) error { return hand(ctx, b, jobs, ordered) })
	})
	g.Go(func() error {
		a := newAssembly(w, &o)
		for b := range ordered {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := a.add(b); err != nil {
				return err
			}
			b.release()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return a.finish()
	})
	return g.Wait()
}

// encodeAlone is EncodeJSON on the goroutine of its caller.
func encodeAlone(ctx context.Context, r io.Reader, w io.Writer, o EncodeOptions) error {
	dec, enc := NewLineDecoder(o.Run), xhl.NewBulletinEncoder(o.Writer)
	a := newAssembly(w, &o)
	err := readBatches(r, o.Run, func(b *runBatch) error {
		if b.lines != nil {
			b.err = b.encode(dec, enc)
		}
		if err := a.add(b); err != nil {
			return err
		}
		b.release()
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	return a.finish()
}

// hand gives a batch to who encodes and to who puts all in order.
func hand(ctx context.Context, b *runBatch, jobs, ordered chan<- *runBatch) error {
	b.done = make(chan struct{})
	b.control.Bytes = bytes.Clone(b.control.Bytes) // the next line takes its place
	select {
	case ordered <- b:
	case <-ctx.Done():
		return ctx.Err()
	}
	if b.lines == nil {
		close(b.done)
		return nil
	}
	select {
	case jobs <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readBatches gives the batches of a run to send, which owns them but for the
// bytes of a line of another kind than bulletin.
func readBatches(r io.Reader, o xhl.Options, send func(*runBatch) error) error {
	lines := runBuffers.Get().(*bufio.Reader)
	lines.Reset(r)
	defer func() {
		lines.Reset(nil)
		runBuffers.Put(lines)
	}()
	batch := newRunBatch()
	flush := func() error {
		if len(batch.lines) == 0 {
			return nil
		}
		full := batch
		batch = newRunBatch()
		return send(full)
	}
	for line, err := range newRunReader(lines, o).Raw() {
		if err != nil {
			return err
		}
		if line.Kind() == keyBulletin {
			at := len(batch.text)
			if at+len(line.Bytes) > batchSize && at > 0 {
				if err := flush(); err != nil {
					return err
				}
				at = 0
			}
			if batch.text == nil {
				batch.text = make([]byte, 0, batchSize)
			}
			batch.text = append(batch.text, line.Bytes...)
			line.Bytes = batch.text[at:len(batch.text):len(batch.text)]
			batch.lines = append(batch.lines, line)
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		if err := send(&runBatch{control: line}); err != nil {
			return err
		}
	}
	err := flush()
	batch.release() // nothing of it was handed on
	return err
}

// encode decodes the bulletins of the batch and writes them out.
func (b *runBatch) encode(dec *LineDecoder, enc *xhl.BulletinEncoder) error {
	var line RunLine
	var bullet xhl.Bulletin
	b.totals = xhl.NewTotaux()
	b.raw = slices.Grow(b.raw[:0], len(b.text)*5/4)
	for _, raw := range b.lines {
		if err := dec.Decode(raw, &line, &bullet); err != nil {
			return err
		}
		var err error
		if b.raw, err = enc.Append(b.raw, &bullet); err != nil {
			return placed(err, dec.opts.Fichier, raw)
		}
		b.totals.Add(&bullet)
		for _, a := range enc.Notes() {
			b.notes = append(b.notes, a.At(dec.opts.Fichier, raw.Offset, raw.Ligne))
		}
	}
	return nil
}

// placed adds to an anomaly of the encoder the line of the run that it is
// about.
func placed(err error, fichier string, raw RawLine) error {
	var a *xhl.Anomalie
	if errors.As(err, &a) {
		a.At(fichier, raw.Offset, raw.Ligne)
	}
	return err
}
