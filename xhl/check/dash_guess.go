package check

import (
	"encoding/binary"

	"paye/xhl/internal/schema"
)

// guess is the child that came last at a state, with what dash needs of it in
// one place: journals are regular, and the next one is mostly the same.
type guess struct {
	head, mask [2]uint64 // of node
	node       *node
	lex        *schema.Lexical
	open       int // bytes of its tag before the value
	to         uint16
	leaf       bool
	only14     bool
	known      bool

	// What stood from the quote of the leaf before to the value of this one, and
	// its length; 0 when it is not known or too long.
	gap        int
	word, kept [4]uint64
}

func newGuess(e edge) guess {
	n := e.node
	return guess{head: n.head, mask: n.mask, node: n, lex: n.el.Value, open: len(n.open), to: e.to, leaf: n.leaf, only14: n.el.Only14, known: true}
}

// begins reports whether the tag at j is that of the guess.
func (g *guess) begins(src []byte, j int) bool {
	return (binary.LittleEndian.Uint64(src[j:])^g.head[0])&g.mask[0]|(binary.LittleEndian.Uint64(src[j+8:])^g.head[1])&g.mask[1] == 0 && g.known &&
		(len(g.node.open) <= 16 || string(src[j+16:j+len(g.node.open)]) == g.node.open[16:])
}

// learn keeps what stands between two leaves, of src from the quote of the
// first on. Elements of schema 1.4 are always looked at by themselves.
func (g *guess) learn(src []byte, from, value int) {
	n := value - from
	if g.gap = 0; n > 8*len(g.word) || g.only14 {
		return
	}
	g.gap = n
	var word, kept [32]byte
	for k := range n {
		word[k], kept[k] = src[from+k], 0xFF
	}
	for k := range g.word {
		g.word[k], g.kept[k] = binary.LittleEndian.Uint64(word[8*k:]), binary.LittleEndian.Uint64(kept[8*k:])
	}
}

// follows reports whether the leaf of the guess comes after the quote at p as
// it did the last time.
func (g *guess) follows(src []byte, p int) bool {
	b := src[p : p+32]
	return g.gap > 0 && (binary.LittleEndian.Uint64(b)^g.word[0])&g.kept[0]|(binary.LittleEndian.Uint64(b[8:])^g.word[1])&g.kept[1]|
		(binary.LittleEndian.Uint64(b[16:])^g.word[2])&g.kept[2]|(binary.LittleEndian.Uint64(b[24:])^g.word[3])&g.kept[3] == 0
}

// blanks is the white space that stood before a tag: the same stands before
// the next, and comparing words is quicker than looking at each byte.
type blanks struct {
	word, mask [2]uint64
	n          int
}

// skip returns the place of the tag after the same white space at i, or -1.
func (b *blanks) skip(src []byte, i int) int {
	if (binary.LittleEndian.Uint64(src[i:])^b.word[0])&b.mask[0]|(binary.LittleEndian.Uint64(src[i+8:])^b.word[1])&b.mask[1] != 0 || src[i+b.n] != '<' {
		return -1
	}
	return i + b.n
}

// skipBlanks passes white space and remembers it, if it stands before a child.
func (w *walker) skipBlanks(src []byte, i int) int {
	if depth := len(w.frames); depth > 1 {
		if j := w.blanks[depth-1].skip(src, i); j >= 0 { // the end tag is written like its start tag
			return j
		}
	}
	j := i
	for src[j] == ' ' || src[j] == '\t' || src[j] == '\n' || src[j] == '\r' {
		j++
	}
	if n := j - i; n <= 16 && src[j] == '<' && src[j+1] != '/' {
		var b blanks
		var word, mask [16]byte
		for k := range n {
			word[k], mask[k] = src[i+k], 0xFF
		}
		for k := range 2 {
			b.word[k], b.mask[k] = binary.LittleEndian.Uint64(word[8*k:]), binary.LittleEndian.Uint64(mask[8*k:])
		}
		b.n = n
		w.blanks[len(w.frames)] = b
	}
	return j
}
