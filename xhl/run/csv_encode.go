package run

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"runtime"
	"strconv"

	"paye/xhl"
	"paye/xhl/internal/schema"

	"golang.org/x/sync/errgroup"
)

// EncodeCSV writes the journal of a CSV run, the four files of dir, to w. What
// is wrong with the run is an *Anomalie with the file, the line and the
// column, the first one in the order of the run. Options.MaxTag bounds a
// record, Options.MaxQueue entete.csv and nomenclatures.csv; memory does not
// grow with the two other files, which are read side by side.
func EncodeCSV(ctx context.Context, dir fs.FS, w io.Writer, o EncodeOptions) error {
	o.Run.Defaults()
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	head, err := readCSVHead(dir, &o)
	if err != nil {
		return err
	}
	in, err := openCSVBulletins(dir, head, &o)
	if err != nil {
		return err
	}
	defer in.Close()

	g, ctx := errgroup.WithContext(ctx)
	awaited := make(chan *csvBatch)
	ordered := make(chan *csvBatch, o.Workers+1)
	for range o.Workers {
		// Made here: what it watches is told at the end, whether or not this
		// worker began by then.
		dec := in.decoder(o.Writer)
		g.Go(func() error {
			for b := range awaited {
				b.err = dec.encode(b)
				close(b.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(awaited)
		defer close(ordered)
		return in.batches(ctx, awaited, ordered)
	})
	g.Go(func() error { return head.assemble(ctx, w, &o, ordered) })
	return g.Wait()
}

// assemble writes the batches in their order, between the head and the lists.
func (h *csvHead) assemble(ctx context.Context, w io.Writer, o *EncodeOptions, ordered <-chan *csvBatch) error {
	out := xhl.NewWriter(w, o.Writer)
	if err := out.WriteEntete(h.entete); err != nil {
		return err
	}
	count := 0
	for b := range ordered {
		select {
		case <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return b.err
		}
		if count == 0 {
			if err := o.begin(h.queue.Nomenclatures, h.queue.RepartitionParNature); err != nil {
				return h.placed(err, o)
			}
		}
		if b.begins {
			if err := out.BeginGroupe(b.etablissement); err != nil {
				return err
			}
		}
		o.tell(b.notes)
		if err := out.WriteEncoded(b.raw, len(b.bulletins), b.totals); err != nil {
			return err
		}
		count += len(b.bulletins)
		if o.Encodes != nil {
			o.Encodes.Add(int64(len(b.bulletins)))
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if count == 0 {
		return schema.Codes.New("XHL-015").At(csvPath(o.Run.Fichier, CSVAgents), -1, 0)
	}
	if h.queue.Nomenclatures == nil {
		return h.placed(schema.Codes.New("XHL-304", xhl.Table.Nomenclatures.Name), o)
	}
	if err := out.WriteNomenclatures(h.queue.Nomenclatures); err != nil {
		return h.placed(err, o)
	}
	if h.queue.RepartitionParNature != nil {
		if err := out.WriteRepartition(h.queue.RepartitionParNature); err != nil {
			return err
		}
	}
	o.tell(out.Notes())
	if o.Run.Anomalie != nil {
		for _, a := range h.sight.notes(o.Run.Fichier) {
			o.Run.Anomalie(a)
		}
	}
	return h.placed(out.Close(), o)
}

// csvBatch is bulletins of one DonneesIndiv on their way to the Writer.
type csvBatch struct {
	begins        bool // a DonneesIndiv, of etablissement
	etablissement *xhl.Etablissement
	text          []byte // of all the records
	bulletins     []csvBulletinSpan
	lignes        []csvSpan
	done          chan struct{}

	raw    []byte
	totals *xhl.Totaux
	notes  []*xhl.Anomalie
	err    error
}

// csvBulletinSpan is the record of a bulletin, and the end of its own among the
// lines of the batch.
type csvBulletinSpan struct {
	csvSpan
	lignes int
}

// csvSpan is a record in the text of a batch.
type csvSpan struct {
	from, to int
	csvPlace
}

// csvBulletins reads agents.csv and lignes.csv side by side.
type csvBulletins struct {
	agents, lignes *csvReader
	head           *csvHead
	opts           *EncodeOptions

	rang, etab   int // columns of agents.csv; etab is -1 when it is not there
	rangLigne    int // columns of lignes.csv
	elementLigne int
	parSiret     map[string]int // index in head.groupes

	pending     csvRecord // of lignes.csv, whose bulletin is pendingRang; 0 at the end
	pendingRang int
	last        int // rank of the bulletin before
	groupe      int // index in head.groupes, -1 for none
	begun       bool
}

func openCSVBulletins(dir fs.FS, head *csvHead, o *EncodeOptions) (*csvBulletins, error) {
	in := &csvBulletins{head: head, opts: o, groupe: -1, parSiret: make(map[string]int)}
	for i, e := range head.groupes {
		if e == nil {
			continue
		}
		if _, known := in.parSiret[e.Siret]; !known {
			in.parSiret[e.Siret] = i
		}
	}
	var err error
	if in.agents, err = openCSV(dir, csvAgentsFile, &o.Run); err != nil {
		return nil, err
	}
	if in.lignes, err = openCSV(dir, csvLignesFile, &o.Run); err != nil {
		return nil, errors.Join(err, in.agents.Close())
	}
	in.etab = in.agents.column(csvEtablissement)
	if in.rang, err = in.agents.key(csvBulletin); err == nil {
		in.rangLigne, err = in.lignes.key(csvBulletin)
	}
	if err == nil {
		in.elementLigne, err = in.lignes.key(csvElement)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func (in *csvBulletins) Close() error { return errors.Join(in.agents.Close(), in.lignes.Close()) }

// batches reads the run to its end. A fault is given as the batch where it is
// met, so that the first one in the order of the run is the one that is told.
func (in *csvBulletins) batches(ctx context.Context, awaited, ordered chan<- *csvBatch) error {
	send := func(b *csvBatch) error {
		select {
		case ordered <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			close(b.done)
			return nil
		}
		select {
		case awaited <- b:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	batch := &csvBatch{done: make(chan struct{})}
	flush := func() error {
		if len(batch.bulletins) == 0 {
			return nil
		}
		full := batch
		batch = &csvBatch{done: make(chan struct{})}
		return send(full)
	}
	err := in.advance()
	for err == nil {
		var rec csvRecord
		var begins bool
		if rec, begins, err = in.agent(); err != nil {
			break
		}
		if begins || len(batch.text)+len(rec.text) > batchSize {
			if err := flush(); err != nil {
				return err
			}
		}
		if begins {
			batch.begins, batch.etablissement = true, in.etablissement()
		}
		err = in.gather(batch, rec)
	}
	if errors.Is(err, io.EOF) {
		if err = in.finished(); err == nil {
			return flush()
		}
	}
	if flushed := flush(); flushed != nil {
		return flushed
	}
	return send(&csvBatch{err: err, done: make(chan struct{})})
}

// agent reads the next record of agents.csv and tells whether it begins a
// DonneesIndiv.
func (in *csvBulletins) agent() (csvRecord, bool, error) {
	rec, err := in.agents.next()
	if err != nil {
		return rec, false, err
	}
	rang, err := in.agents.rank(rec, in.rang)
	if err != nil {
		return rec, false, err
	}
	if rang <= in.last {
		return rec, false, in.agents.fault(csvFault(CSVAgents, csvGrowing, strconv.Itoa(rang), strconv.Itoa(in.last)), rec.csvPlace)
	}
	in.last = rang
	groupe := in.groupe
	if in.etab >= 0 {
		if cell := bytes.TrimSpace(rawCell(rec.text, in.agents.sep, in.etab)); len(cell) > 0 {
			if groupe = in.find(cell); groupe < 0 {
				return rec, false, in.agents.fault(csvFault(CSVAgents, csvNoEtablissement, schema.Clip(string(cell))), rec.csvPlace)
			}
		}
	}
	if !in.begun && groupe < 0 && len(in.head.groupes) > 0 {
		groupe = 0
	}
	begins := !in.begun || groupe != in.groupe
	in.begun, in.groupe = true, groupe
	return rec, begins, nil
}

func (in *csvBulletins) etablissement() *xhl.Etablissement {
	if in.groupe < 0 {
		return nil
	}
	return in.head.groupes[in.groupe]
}

// find reads a reference to an établissement: a SIRET of 14 digits, or a rank.
func (in *csvBulletins) find(cell []byte) int {
	cell = bytes.TrimPrefix(cell, []byte("'"))
	if len(cell) == 14 {
		if i, known := in.parSiret[string(cell)]; known {
			return i
		}
		return -1
	}
	if n, ok := parseRank(cell); ok && n <= len(in.head.groupes) {
		return n - 1
	}
	return -1
}

// advance reads the next record of lignes.csv.
func (in *csvBulletins) advance() error {
	var err error
	in.pending, err = in.lignes.next()
	if errors.Is(err, io.EOF) {
		in.pendingRang = 0
		return nil
	}
	if err == nil {
		in.pendingRang, err = in.lignes.rank(in.pending, in.rangLigne)
	}
	return err
}
