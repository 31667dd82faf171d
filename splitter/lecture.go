package splitter

import (
	"context"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"paye/compress"
	"paye/internal/share"
	"paye/xhl"
)

// ReadOptions say how a journal is read into a Livre.
type ReadOptions struct {
	Journal  xhl.Options     // limits, name, and where tolerated deviations go
	Niveau   compress.Niveau // of the blocks; with Auto, the plan decides: see niveau.go
	Spool    string          // folder of the spool; the system's for temporary files when empty
	Workers  int             // GOMAXPROCS when 0
	Original Original        // gives the bytes of the journal again; nil when it can be read once only

	unreadAfter int // for tests; the constant when 0

	// Lus counts the raw bytes that were read and compressed.
	Lus *atomic.Int64
}

// job is a segment on its way through the workers, in the order of the book.
type job struct {
	seg    *xhl.Segment
	lead   []byte // of its first bulletin, from the segments before
	unread bool   // it is not to be compressed
	know   bool   // the sums of its bulletins are wanted
	groupe int32  // open at its start
	jalons []jalon
	done   chan struct{}

	raw     excerpt
	opening int // bytes before the first bulletin of the book, which are in no block
	comp    []byte
	block   compress.Block
	sum     sum
	src     int64    // of raw in the source
	sums    []uint64 // of the bulletins, where they are wanted
	added   bool     // raw is not that of the source alone
	entries []entry  // matEnd and refsEnd count from the job's own start
	mats    []byte
	refs    []xhl.PJRef
	service []string // of each entry
	err     error
}

// idle are jobs of books that were read, with their buffers.
var idle = sync.Pool{New: func() any { return &job{seg: new(xhl.Segment)} }}

// release gives the buffers of a job to the next book.
func (j *job) release() {
	clear(j.refs)
	clear(j.service)
	*j = job{seg: j.seg, raw: excerpt{own: j.raw.own}, comp: j.comp[:0], entries: j.entries[:0], mats: j.mats[:0], sums: j.sums[:0], refs: j.refs[:0], service: j.service[:0]}
	idle.Put(j)
}

// Reading is a journal whose head has been read.
type Reading struct {
	Entete *xhl.Entete

	cut  *xhl.Cutter
	dec  *xhl.Decoder
	opts ReadOptions
}

// NewReading reads the head of a journal. Faults of the journal are
// *xhl.Anomalie.
func NewReading(r io.Reader, o ReadOptions) (*Reading, error) {
	cut, err := xhl.NewCutter(r, o.Journal)
	if err != nil {
		return nil, err
	}
	dec := xhl.NewDecoder(cut.Encoding(), o.Journal)
	entete, err := dec.Entete(cut.Prologue())
	if err != nil {
		return nil, err
	}
	if err := dec.PrologueCharacters(cut.Prologue()); err != nil {
		return nil, err
	}
	return &Reading{Entete: entete, cut: cut, dec: dec, opts: o}, nil
}

// References returns what has to be referenced on the bulletins of a
// matricule, beyond what they reference already; nil for nothing.
type References func(matricule string) []xhl.PJRef

// Livre reads the rest of the journal; it can be called once, or Online can.
// refs may be nil, and is called by several goroutines.
func (r *Reading) Livre(ctx context.Context, refs References) (*Livre, error) {
	l, err := r.livre(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.read(ctx, r, refs, func(context.Context) error { return nil }); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// livre returns the book before its first bulletin.
func (r *Reading) livre(ctx context.Context) (*Livre, error) {
	sp, err := newSpool(r.opts.Spool)
	if err != nil {
		return nil, err
	}
	l := &Livre{Entete: r.Entete, spool: sp, Totaux: xhl.NewTotaux(), niveau: r.opts.Niveau, workers: r.opts.Workers}
	if r.opts.Original != nil && l.niveau == compress.Auto && r.cut.Encoding().Scanned() {
		l.original = r.opts.Original
	}
	if l.niveau == compress.Auto {
		l.niveau, l.auto = compress.Rapide, true
		l.normal = sync.OnceValues(func() (lightness, error) { return l.sampleNormal(context.WithoutCancel(ctx)) })
	}
	return l, nil
}

// cores is how many goroutines compress at once.
func (l *Livre) cores() int {
	if l.workers > 0 {
		return l.workers
	}
	return runtime.GOMAXPROCS(0)
}

// compressors is cores, and those that wait for another instance.
func (l *Livre) compressors(session *share.Session) int {
	if session == nil {
		return l.cores()
	}
	return l.cores() + share.Ahead
}

// read reads the journal. It calls suivi after each bloc, when the book has
// grown by it, in the order of the book.
func (l *Livre) read(ctx context.Context, r *Reading, refs References, suivi func(context.Context) error) error {
	cut, o := r.cut, &r.opts
	enc := cut.Encoding()
	var err error
	if l.prologue, err = enc.Native(nil, cut.Prologue()); err != nil {
		return err
	}
	session := compress.Together(ctx, l.niveau)
	defer session.Close()
	judgement := newJudgement(l, o)
	ids, services := make(map[string]int32), make(map[string]int32)
	line := reading{
		Reading: r, livre: l, judgement: judgement,
		worker: func() *worker {
			return &worker{livre: l, session: session, enc: enc, dec: xhl.NewDecoder(enc, o.Journal), zip: compress.NewEncoder(l.niveau), totals: xhl.NewTotaux(), refs: refs}
		},
		add: func(ctx context.Context, j *job) error {
			if err := l.append(j, ids, services); err != nil {
				return err
			}
			if err := suivi(ctx); err != nil {
				return err
			}
			judgement.grown()
			if o.Lus != nil {
				o.Lus.Add(int64(j.raw.len()))
			}
			return nil
		},
	}
	rest, err := line.read(ctx, l.compressors(session))
	if err != nil {
		return err
	}
	l.open(rest)
	if err := l.queue(cut, r.dec, o); err != nil {
		return err
	}
	r.dec.Release()
	l.agents = l.plusieurs()
	l.estimate()
	return nil
}

// jalon is the opening or the end of a groupe, in the order of the book.
type jalon struct {
	ouverture bool
	native    []byte
}

// ouvre adds to the groupes of the book.
func (l *Livre) open(list []jalon) {
	for _, j := range list {
		if j.ouverture {
			l.groupes = append(l.groupes, groupe{ouverture: j.native, fermeture: l.fermeture})
		} else {
			l.groupes[len(l.groupes)-1].fermeture = j.native
		}
	}
}

// queue reads what follows the bulletins, and derives the répartition par
// nature that the journal lacks or compares the one it has.
func (l *Livre) queue(cut *xhl.Cutter, dec *xhl.Decoder, o *ReadOptions) error {
	enc := cut.Encoding()
	if l.entries.len() == 0 {
		return xhl.Codes.New("XHL-015").At(o.Journal.Fichier, -1, 0)
	}
	q, err := cut.Queue()
	if err != nil {
		return err
	}
	if err := dec.QueueCharacters(q); err != nil {
		return err
	}
	nom, err := dec.Nomenclatures(q)
	if err != nil {
		return err
	}
	rep, err := dec.RepartitionParNature(q)
	if err != nil {
		return err
	}
	report := func(a *xhl.Anomalie) {
		if o.Journal.Anomalie != nil {
			a.Fichier = o.Journal.Fichier
			o.Journal.Anomalie(a)
		}
	}
	derived := l.Totaux.Repartition(nom)
	for _, code := range derived.Illisibles {
		report(xhl.Codes.New("XHL-205", code))
	}
	block := q.RepartitionParNature
	l.RepartitionSource = SourceJournal
	switch {
	case rep != nil:
		if len(derived.RepartitionParNature.Repartition) > 0 {
			for _, a := range rep.Differences(derived.RepartitionParNature) {
				report(a)
			}
		}
	case len(derived.RepartitionParNature.Repartition) == 0:
		l.RepartitionSource = SourceAucune
		report(xhl.Codes.New("XHL-203"))
	default:
		l.RepartitionSource = SourceLignes
		report(xhl.Codes.New("XHL-206"))
		if derived.NonImputees > 0 {
			report(xhl.Codes.New("XHL-204", derived.NonImputees))
		}
		if block, err = xhl.AppendRepartition(nil, derived.RepartitionParNature, xhl.WriterOptions{Charset: enc.Charset()}); err != nil {
			return err
		}
	}
	l.nomenclatures, l.repartition, l.fin = q.Nomenclatures, block, q.Fin
	if !enc.Scanned() {
		for _, raw := range []*[]byte{&l.nomenclatures, &l.repartition, &l.fin} {
			if *raw, err = enc.Native(nil, *raw); err != nil {
				return err
			}
		}
	}
	l.Octets += int64(len(l.prologue) + len(l.nomenclatures) + len(q.RepartitionParNature) + len(l.fin))
	return nil
}
