package check

import (
	"context"
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
	ligne   int64    // that the current window begins at, from 1

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

// read judges the whole journal.
func (c *check) read(ctx context.Context, r io.Reader) error {
	cut := &windows{src: r, size: c.opts.Fenetre}
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
	c.ligne = 1 + first.count()
	if !first.last && !cur.stopped {
		cur.detach()
		if cur, err = c.rest(ctx, cut, cur, first); err != nil {
			return err
		}
	}
	c.bilan.Octets, c.bilan.Lignes = cut.off, c.ligne
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
			cur.follow(c)
		} else {
			if win.w != nil {
				c.release(win.w)
			}
			c.judge(cur, win)
		}
		c.merge(cur)
		c.learn(cur)
		c.ligne += win.count()
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
		w.window(win.buf, win.n, win.off, c.ligne)
		w.walk()
		return
	}
	ligne := c.ligne - int64(xmlr.CountLines(rest))
	off := win.off - int64(len(rest))
	joint := slices.Concat(rest, win.buf[:win.n+padding])
	w.window(joint, len(joint)-padding, off, ligne)
	w.walk()
}

// judgeFrom judges a window that is supposed to begin between two bulletins. At
// which line it begins is not known yet.
func (w *walker) judgeFrom(between *walker, win *window) {
	w.res.reset()
	w.start(between)
	w.window(win.buf, win.n, win.off, 0)
	w.walk()
	win.lines = xmlr.CountLines(win.buf[:win.n])
}

// follow tells a walker what came before the window that it judged.
func (w *walker) follow(c *check) {
	w.baseGroupe, w.baseRang = c.groupes, c.rang
	w.countFrom(c.ligne)
	for i := range w.res.list {
		if f := &w.res.list[i]; f.ligne == 0 {
			f.ligne = w.lineOf(capture{off: f.off})
		}
	}
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
