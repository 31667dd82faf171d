package check

import (
	"bytes"
	"context"
	"encoding/binary"

	"paye/internal/share"
	"paye/xhl"
)

// Windows is the kind of the sessions in which another instance of the program
// judges windows of a journal: Assist is what it does. It reads the head of the
// journal as this one does, so that both know what stands between two bulletins.
// What comes back is the harvest of a window that ends as it began, between two
// bulletins, and has no example to give; any other is judged again here.
const Windows = "journal"

// together opens a session for the journal whose first window was read; nil
// without another instance, or where it would not begin as this one did.
func (c *check) together(ctx context.Context, first *window) *share.Session {
	if c.between == nil || c.converted {
		return nil
	}
	return share.Open(ctx, Windows, c.opts.common(), first.buf[:first.n])
}

// common writes the options that a window is judged by.
func (o *Options) common() (b []byte) {
	hashed := 0
	if o.Bulletin != nil {
		hashed = 1
	}
	for _, n := range []int{int(o.Schema), int(o.PartieDeLot), hashed, o.MaxExemples, o.MaxTag, o.MaxBulletin, o.MaxDepth} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

// Assist is the task of a session of Windows.
func Assist(common []byte) share.Task {
	r := reading{b: common}
	o := Options{Schema: Schema(r.n()), PartieDeLot: PartieDeLot(r.n())}
	if r.n() > 0 {
		o.Bulletin = func(*BulletinVu) {}
	}
	o.MaxExemples, o.MaxTag, o.MaxBulletin, o.MaxDepth = r.n(), r.n(), r.n(), r.n()
	if r.bad {
		return nil
	}
	o.defaults()
	c := newCheck(o)
	head := &window{buf: append(r.b, make([]byte, padding)...), n: len(r.b)}
	w, err := c.head(head, &windows{src: bytes.NewReader(nil)})
	if err != nil {
		return nil
	}
	w.walk()
	c.learn(w)
	if c.between == nil {
		return nil
	}
	w = c.newWalker()
	return func(out, part []byte) ([]byte, bool) {
		r := reading{b: part}
		for kind := range c.quota {
			c.quota[kind].Store(0)
		}
		for range r.n() {
			if kind := r.n(); kind < len(c.quota) {
				c.quota[kind].Store(int32(o.MaxExemples))
			}
		}
		if r.bad {
			return out, false
		}
		win := &window{buf: append(r.b, make([]byte, padding)...), n: len(r.b), lines: -1}
		w.judgeFrom(c.between, win)
		if !w.travels(c.between) {
			return out, false
		}
		return w.harvested(win, out), true
	}
}

// travels reports whether all that the walker knows at the end of its window is
// in its harvest, and the harvest can travel.
func (w *walker) travels(between *walker) bool {
	return w.alike(between) && len(w.res.list) == 0 && w.build.entete == nil && w.build.queue.Nomenclatures == nil && w.build.queue.RepartitionParNature == nil && !w.build.over
}

// full lists the faults that have all their examples.
func (c *check) full(b []byte) []byte {
	n := 0
	var list []byte
	for kind := range c.quota {
		if int(c.quota[kind].Load()) >= c.opts.MaxExemples {
			n++
			list = binary.AppendUvarint(list, uint64(kind))
		}
	}
	return append(binary.AppendUvarint(b, uint64(n)), list...)
}

// judgeElsewhere has a window judged in a session, and reports whether its
// walker has the harvest.
func (c *check) judgeElsewhere(ctx context.Context, s *share.Session, win *window) bool {
	answer, ok := s.Do(ctx, c.full(nil), win.buf[:win.n])
	return ok && win.w.gather(c.known.Load(), win, answer)
}

// harvested writes what the walker gathered. Places are told from the start of
// the window; their lines are for who has the window.
func (w *walker) harvested(win *window, b []byte) []byte {
	h := w.res
	num := func(list ...int) {
		for _, n := range list {
			b = binary.AppendVarint(b, int64(n))
		}
	}
	text := func(list ...[]byte) {
		for _, t := range list {
			num(len(t))
			b = append(b, t...)
		}
	}
	flags := 0
	for i, on := range []bool{w.seen14, h.mixed} {
		if on {
			flags |= 1 << i
		}
	}
	num(flags, win.lines, w.groupes, h.lies, h.high, h.allowed, h.bulletins, int(h.brut), int(h.net))
	for _, f := range w.frames {
		num(f.rep, f.index)
	}
	for kind, n := range h.counts {
		if n > 0 {
			num(n, kind)
		}
	}
	num(0, len(h.vus))
	for i := range h.vus {
		v := &h.vus[i]
		num(int(v.start.off-w.base), v.groupe, v.rang, int(v.brut), int(v.net), v.lines, v.pieces)
		b = binary.LittleEndian.AppendUint64(b, v.hash)
		text(v.matricule)
	}
	num(len(h.pieces))
	for i := range h.pieces {
		p := &h.pieces[i]
		named := 0
		if p.withNom {
			named = 1
		}
		num(named, int(p.at.off-w.base), p.groupe, p.rang)
		text(p.support, p.id, p.nom, p.matricule)
	}
	for _, u := range h.usages() {
		over := 0
		if u.over {
			over = 1
		}
		num(over, len(u.list))
		for i := range u.list {
			e := &u.list[i]
			num(int(e.nature), e.n, e.read, int(e.total), int(e.first.off-w.base), e.groupe, e.rang)
			text(e.key, e.matricule)
		}
	}
	return b
}

// gather is the walker after it would have judged the window, by what another
// instance wrote of it. It reports whether the answer is whole.
func (w *walker) gather(between *walker, win *window, answer []byte) bool {
	w.res.reset()
	w.start(between)
	w.window(win.buf, win.n, win.off, 0)
	w.pos = w.end
	h, r := w.res, reading{b: answer}
	place := func() capture { return w.at(r.int()) }
	flags := r.int()
	w.seen14, h.mixed = flags&1 != 0, flags&2 != 0
	lines := r.int()
	w.groupes, h.lies, h.high, h.allowed, h.bulletins = r.int(), r.int(), r.int(), r.int(), r.int()
	h.brut, h.net = xhl.Montant(r.int()), xhl.Montant(r.int())
	for i := range w.frames {
		w.frames[i].rep, w.frames[i].index = r.int(), r.int()
	}
	for n := r.int(); n > 0; n = r.int() {
		if kind := r.int(); kind >= 0 && kind < len(h.counts) {
			h.counts[kind] = n
		}
	}
	for range r.count() {
		v := vu{start: place(), groupe: r.int(), rang: r.int(), brut: xhl.Montant(r.int()), net: xhl.Montant(r.int()), lines: r.int(), pieces: r.int()}
		if len(r.b) >= 8 {
			v.hash, r.b = binary.LittleEndian.Uint64(r.b), r.b[8:]
		}
		v.matricule = r.text()
		h.vus = append(h.vus, v)
	}
	for range r.count() {
		p := pieceVue{withNom: r.int() > 0, at: place(), groupe: r.int(), rang: r.int()}
		p.support, p.id, p.nom, p.matricule = r.text(), r.text(), r.text(), r.text()
		h.pieces = append(h.pieces, p)
	}
	for _, u := range h.usages() {
		u.over = r.int() > 0
		for range r.count() {
			e := used{nature: xhl.Nature(r.int()), n: r.int(), read: r.int(), total: xhl.Montant(r.int()), first: place(), groupe: r.int(), rang: r.int()}
			e.key, e.matricule = r.text(), r.text()
			e.hash = hashMix(hashBytes(e.key), uint64(e.nature))
			u.list = append(u.list, e)
		}
	}
	if r.bad || len(r.b) > 0 {
		return false
	}
	win.lines = lines
	return true
}

// reading reads what another instance wrote; what is cut short is bad, and reads
// as nothing.
type reading struct {
	b   []byte
	bad bool
}

func (r *reading) uint() uint64 {
	n, k := binary.Uvarint(r.b)
	if k <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[k:]
	return n
}

func (r *reading) n() int { return int(min(r.uint(), 1<<31)) }

func (r *reading) int() int {
	n := r.uint()
	return int(n>>1) ^ -int(n&1)
}

// count is how many there are of what takes a byte at least.
func (r *reading) count() int {
	n := r.int()
	if n < 0 || n > len(r.b) {
		r.b, r.bad = nil, true
		return 0
	}
	return n
}

func (r *reading) text() []byte {
	n := r.count()
	t := r.b[:n:n]
	r.b = r.b[n:]
	return t
}
