package check

import (
	"slices"
	"unsafe"

	"paye/internal/xmlr"
	"paye/xhl"
)

// walker judges a journal, one window of bytes after the other: dash passes the
// tags that are as the schema and the canonical writing have them, and stops at
// the first that is not; stride takes one token of any shape. What a walker
// knows between two windows is its frames, so that a window may end anywhere.
type walker struct {
	m       *machine
	charset *xmlr.Charset
	limits  xhl.Options
	only12  bool // elements of schema 1.4 are faults
	lot     PartieDeLot
	hashed  bool // bulletins are hashed

	src       []byte // the window and padding zeros after it
	end       int    // of the window
	pos       int    // everything before it was judged
	base      int64  // offset of src in the journal
	ligne     int64  // of src, from 1; 0 while it is not known
	countedTo int    // the place of the window where the line was last asked for
	counted   int64  // that line
	scan      xmlr.Scanner
	tok       xmlr.Token

	phase   phase
	frames  []frame // open elements, the root first
	scope   []binding
	plain   bool     // no default namespace is in force: a name without prefix is in none
	absent  []absent // compulsory children that were passed over and may still come
	groupes int      // DonneesIndiv opened
	seen14  bool     // an element of schema 1.4 was there
	stopped bool     // a fault that nothing is read after
	lost    bool     // after a token that cannot be read, up to the next tag

	baseGroupe int // DonneesIndiv before the walker began, once that is known
	baseRang   int // bulletins, in the one that was open

	guesses []guess  // by state: the child that came last
	blanks  []blanks // by depth: what stood before the last child

	fiche fiche   // the bulletin under way
	build builder // the head and the end of the journal
	mois  string  // AAAA-MM of the journal, "" when the head does not say it
	arena []byte  // decoded values of the window
	res   *harvest
}

type phase uint8

const (
	beforeRoot phase = iota
	inRoot
	afterRoot
)

// frame is an open element. An element out of the schema has no node; its
// content is looked at only as XML.
type frame struct {
	node      *node
	state     uint16
	qualified bool   // it is in a namespace where it should be in none, or below such a one
	rep       int    // of its last child among its like, from 1
	index     int    // its own, 0 when it does not repeat
	scope     int    // bindings before its own
	written   string // its name, when that is not the node's
	val       any    // the Go value, of a node that is built
}

// absent is a compulsory child that was passed over.
type absent struct {
	depth, rank int
	at          capture
}

// padding is how many zero bytes follow a window, so that comparing a tag with
// the longest of the schema never leaves the slice.
const padding = 64

// window gives the walker its next bytes. buf holds them and padding zeros.
func (w *walker) window(buf []byte, n int, base, ligne int64) {
	w.src, w.end, w.pos, w.base = buf, n, 0, base
	w.countFrom(ligne)
	w.arena = w.arena[:0]
}

// countFrom sets the line of the first byte of the window; 0 while that is not
// known.
func (w *walker) countFrom(ligne int64) {
	w.ligne = ligne
	w.countedTo, w.counted = 0, ligne
}

// walk judges the window up to its end, or to the token that it cuts.
func (w *walker) walk() {
	for !w.stopped {
		if w.phase == inRoot && !w.lost {
			w.dash()
		}
		if !w.stride() {
			return
		}
	}
}

// view reads bytes as a string for the length of one call.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// at is the capture of a place of the window.
func (w *walker) at(pos int) capture { return capture{off: w.base + int64(pos)} }

// lineOf returns the line of a place, 0 where that of the window is not known.
// Places before the window have theirs already. Lines are counted from the place asked for last, since places are
// mostly asked for in order.
func (w *walker) lineOf(c capture) int64 {
	pos := int(c.off - w.base)
	if pos < 0 || c.ligne > 0 || w.ligne == 0 {
		return c.ligne
	}
	pos = min(pos, w.end)
	if pos < w.countedTo {
		w.countedTo, w.counted = 0, w.ligne
	}
	w.counted += int64(xmlr.CountLines(w.src[w.countedTo:pos]))
	w.countedTo = pos
	return w.counted
}

// detach frees what the walker keeps from its window, which is about to go.
func (w *walker) detach() {
	if w.fiche.open {
		w.fiche.each(func(c *capture) {
			if c.val != nil {
				c.val = slices.Clone(c.val)
			}
			c.ligne = w.lineOf(*c)
		})
	}
	for i := range w.absent {
		w.absent[i].at.ligne = w.lineOf(w.absent[i].at)
	}
	rest, ligne := slices.Clone(w.src[w.pos:w.end]), w.ligne
	if len(rest) > 0 {
		ligne += int64(xmlr.CountLines(w.src[:w.pos]))
	}
	w.window(rest, len(rest), w.base+int64(w.pos), ligne)
}

// capture is a value of the bulletin under way, and where it is.
type capture struct {
	val   []byte
	off   int64
	ligne int64 // 0 while off is in the window
}
