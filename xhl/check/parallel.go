package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"paye/internal/share"
	"paye/internal/sheet"
	"paye/internal/xmlr"
	"paye/xhl"
)

// check is one run of Journal. The journal is cut into windows after the end
// tags of bulletins, by looking for nothing else; each is judged as if it began
// between two bulletins of a DonneesIndiv, on any core; and in the order of the
// journal each result is taken if the window before it did end there. If it did
// not (the tag was in a comment, an element was left open) the window is judged
// again from where the one before it really ended. So the result is that of one
// walker from the first byte to the last.
type check struct {
	opts    Options
	charset *xmlr.Charset
	quota   quota
	bilan   Bilan

	all     findings // of the whole journal
	groupes int      // DonneesIndiv before the current window
	rang    int      // bulletins of the open one before the current window

	build      *builder
	lies       int
	high       int
	mixed      bool
	allowed    int
	lignes     usage
	caisses    usage
	evenements usage
	budgets    usage
	matricules map[uint64]struct{}
	noms       map[uint64]uint64 // hash of IdUnique to hash of NomPJ
	tooMany    map[string]bool
	numbers    sheet.Column // matricules, the line being the rank of the bulletin
	seen14     bool

	between   *walker                // as any walker is between two bulletins
	known     atomic.Pointer[walker] // between, for the reader
	converted bool                   // windows are not the bytes of the journal, but UTF-8
	idle      chan *walker           // those that wait for a window
}

func newCheck(o Options) *check {
	c := &check{opts: o, matricules: make(map[uint64]struct{}), noms: make(map[uint64]uint64), tooMany: make(map[string]bool),
		numbers: sheet.Column{Kind: sheet.Code}}
	c.all.most = o.MaxExemples
	return c
}

func (c *check) newWalker() *walker {
	m := schemaMachine()
	w := &walker{m: m, guesses: make([]guess, len(m.states)), blanks: make([]blanks, c.opts.MaxDepth+1), res: new(harvest), plain: true, ligne: 1}
	w.limits = xhl.Options{MaxTag: c.opts.MaxTag, MaxBulletin: c.opts.MaxBulletin, MaxDepth: c.opts.MaxDepth}
	w.only12, w.lot, w.hashed = c.opts.Schema == Schema12b, c.opts.PartieDeLot, c.opts.Bulletin != nil
	w.charset = c.charset
	w.res.most, w.res.quota = c.opts.MaxExemples, &c.quota
	return w
}

// window is a run of bytes of the journal.
type window struct {
	buf   []byte // with padding zeros from n on
	n     int
	off   int64
	ligne int64
	after bool // it follows the end tag of a bulletin
	last  bool

	w    *walker       // that judges it, when it was given to one
	done chan struct{} // closed when it has
}

// read judges the whole journal.
func (c *check) read(ctx context.Context, r io.Reader) error {
	cut := &windows{src: r, size: c.opts.Fenetre, ligne: 1}
	first := cut.window()
	if err := cut.next(first); err != nil {
		return err
	}
	cur, err := c.head(first, cut)
	if err != nil {
		return err
	}
	cur.walk()
	c.merge(cur)
	c.learn(cur)
	if !first.last && !cur.stopped {
		cur.detach()
		if cur, err = c.rest(ctx, cut, cur, first); err != nil {
			return err
		}
	}
	c.bilan.Octets, c.bilan.Lignes = cut.off, cut.ligne
	if cur.stopped {
		c.bilan.Octets, c.bilan.Lignes = cur.base+int64(cur.pos), cur.lineOf(cur.at(cur.pos))
	}
	if c.opts.Lus != nil {
		c.opts.Lus.Store(c.bilan.Octets)
	}
	c.end(cur)
	return nil
}

// rest judges all windows but the first, on several cores and where there is
// another instance of the program.
func (c *check) rest(ctx context.Context, cut *windows, cur *walker, first *window) (*walker, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ahead := 8 * c.opts.Cores // so that a goroutine that is held up does not hold up the others
	awaited, order := make(chan *window, ahead), make(chan *window, ahead)
	cut.free, c.idle = make(chan *window, 2*ahead+2), make(chan *walker, 2*ahead+2)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	session := c.together(ctx, first)
	defer session.Close()
	for range c.opts.Cores {
		group.Go(func() {
			for win := range awaited {
				session.Listen() // so that the other instance never waits for a window
				win.w.judgeFrom(c.known.Load(), win)
				close(win.done)
			}
		})
	}
	if session != nil {
		for range share.Ahead {
			group.Go(func() {
				for win := range awaited {
					if !c.judgeElsewhere(ctx, session, win) {
						win.w.judgeFrom(c.known.Load(), win)
					}
					close(win.done)
				}
			})
		}
	}
	var failed error
	group.Go(func() {
		defer close(order)
		defer close(awaited)
		for {
			win := cut.window()
			if failed = cut.next(win); failed != nil {
				return
			}
			if win.after && c.known.Load() != nil {
				win.w, win.done = c.walker(), make(chan struct{})
				awaited <- win
			}
			select {
			case order <- win:
			case <-ctx.Done():
				return
			}
			if win.last {
				return
			}
		}
	})
	for win := range order {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("check journal at byte %d: %w", win.off, err)
		}
		if win.done != nil {
			<-win.done
		}
		if win.w != nil && cur.alike(c.between) {
			c.release(cur)
			cur = win.w
			cur.baseGroupe, cur.baseRang = c.groupes, c.rang
		} else {
			if win.w != nil {
				c.release(win.w)
			}
			c.judge(cur, win)
		}
		c.merge(cur)
		c.learn(cur)
		if c.opts.Lus != nil {
			c.opts.Lus.Store(win.off + int64(win.n))
		}
		if cur.stopped {
			cancel()
			return cur, nil
		}
		cur.detach()
		cut.recycle(win)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("check journal: %w", err)
	}
	return cur, failed
}

// judge goes on with the walker of the window before.
func (c *check) judge(w *walker, win *window) {
	w.res.reset()
	rest := w.src[min(w.pos, w.end):w.end]
	if len(rest) == 0 {
		w.window(win.buf, win.n, win.off, win.ligne)
		w.walk()
		return
	}
	ligne := win.ligne - int64(xmlr.CountLines(rest))
	off := win.off - int64(len(rest))
	joint := slices.Concat(rest, win.buf[:win.n+padding])
	w.window(joint, len(joint)-padding, off, ligne)
	w.walk()
}

// judgeFrom judges a window that is supposed to begin between two bulletins.
func (w *walker) judgeFrom(between *walker, win *window) {
	w.res.reset()
	w.start(between)
	w.window(win.buf, win.n, win.off, win.ligne)
	w.walk()
}

// start puts the walker where another one is, between two bulletins.
func (w *walker) start(from *walker) {
	w.phase, w.stopped, w.lost, w.plain, w.groupes, w.mois = from.phase, false, false, from.plain, 0, from.mois
	w.charset = from.charset
	w.frames = append(w.frames[:0], from.frames...)
	for i := range w.frames {
		w.frames[i].rep, w.frames[i].index = 0, 0
	}
	w.scope = append(w.scope[:0], from.scope...)
	w.absent = append(w.absent[:0], from.absent...)
	w.fiche = fiche{nature: xhl.NbNatures}
	w.build = builder{}
	w.seen14 = false
}

// learn keeps the first walker that ends between two bulletins as the model of
// all others.
func (c *check) learn(w *walker) {
	if c.between != nil || w.stopped || w.lost || w.phase != inRoot || len(w.frames) != 2 || w.pos != w.end {
		return
	}
	top := w.top()
	if top.node == nil || top.node.el != xhl.Table.DonneesIndiv || top.state != top.node.first+uint16(len(top.node.children)) {
		return
	}
	c.between = c.newWalker()
	c.between.start(w)
	c.known.Store(c.between)
}

// alike reports whether the walker is where the model is.
func (w *walker) alike(model *walker) bool {
	if model == nil || w.stopped || w.lost || w.phase != model.phase || w.pos != w.end || len(w.frames) != len(model.frames) || w.mois != model.mois {
		return false
	}
	for i := range w.frames {
		a, b := &w.frames[i], &model.frames[i]
		if a.node != b.node || a.state != b.state || a.qualified != b.qualified || a.scope != b.scope || a.written != b.written {
			return false
		}
	}
	sameAbsent := func(a, b absent) bool { return a.depth == b.depth && a.rank == b.rank }
	return slices.Equal(w.scope, model.scope) && slices.EqualFunc(w.absent, model.absent, sameAbsent)
}

// walker returns one that waits, or a new one.
func (c *check) walker() *walker {
	select {
	case w := <-c.idle:
		return w
	default:
		return c.newWalker()
	}
}

func (c *check) release(w *walker) {
	select {
	case c.idle <- w:
	default:
	}
}

// end judges what the end of the journal leaves open.
func (c *check) end(w *walker) {
	w.res.reset()
	if !w.stopped {
		rest := w.src[min(w.pos, w.end):w.end]
		if len(rest) > 0 || w.phase != afterRoot {
			switch {
			case w.phase == afterRoot:
				w.fault(faultTrailer, w.pos)
			case w.phase == beforeRoot && !xmlr.OpensMarkup(rest):
				w.fault(faultNoRoot, w.end)
			default:
				w.fault(faultTruncated, w.end, c.bilan.Bulletins)
			}
		}
	}
	c.bilan.Interrompu = w.stopped && w.res.counts[faultAfterNUL] == 0 && c.all.counts[faultAfterNUL] == 0
	c.merge(w)
}

// windows cuts a stream.
type windows struct {
	src   io.Reader
	size  int
	off   int64
	ligne int64
	tail  []byte // read, and left to the next window
	after bool
	eof   bool
	free  chan *window
}

// window returns a buffer, one that is free if there is one.
func (c *windows) window() *window {
	select {
	case win := <-c.free:
		return win
	default:
		return &window{buf: make([]byte, c.size+padding)}
	}
}

func (c *windows) recycle(win *window) {
	win.w, win.done = nil, nil
	select {
	case c.free <- win:
	default:
	}
}

var bulletinEnd = []byte("</PayeIndivMensuel")

// next fills a window, up to the end tag of its last bulletin if it has one.
func (c *windows) next(win *window) error {
	if need := len(c.tail) + padding; need > len(win.buf) { // the first window may be longer than the others
		win.buf = make([]byte, need+c.size)
	}
	n := copy(win.buf, c.tail)
	win.off, win.ligne, win.after, win.last = c.off, c.ligne, c.after, false
	c.tail = c.tail[:0]
	limit := len(win.buf) - padding
	if !c.eof {
		got, err := io.ReadFull(c.src, win.buf[n:limit])
		n += got
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			c.eof = true
		case err != nil:
			return fmt.Errorf("read journal at byte %d: %w", c.off+int64(n), err)
		}
	}
	win.n, win.last, c.after = n, c.eof, false
	if !c.eof {
		if at := bytes.LastIndex(win.buf[:n], bulletinEnd); at >= 0 {
			if close := bytes.IndexByte(win.buf[at:n], '>'); close >= 0 {
				win.n = at + close + 1
				c.tail = append(c.tail, win.buf[win.n:n]...)
				c.after = true
			}
		}
	}
	clear(win.buf[win.n:min(win.n+padding, len(win.buf))])
	c.off += int64(win.n)
	c.ligne += int64(xmlr.CountLines(win.buf[:win.n]))
	return nil
}
