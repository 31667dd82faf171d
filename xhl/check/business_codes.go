package check

import (
	"slices"

	"paye/xhl"
)

// harvest is what a walker gathers from one window: it is merged into the
// whole in the order of the journal, or thrown away when the window turns out
// to begin elsewhere than supposed.
type harvest struct {
	findings
	lies      int  // windows-1252 bytes under the label ISO-8859-1
	high      int  // values that are not ASCII, counted while mixed is false
	mixed     bool // one of them is not UTF-8 under another label, or encoded twice
	allowed   int  // schema faults that the file's role in a set allows
	bulletins int
	brut, net xhl.Montant
	vus       []vu
	pieces    []pieceVue

	lignes     usage // codes of lines, by nature, with their amounts
	caisses    usage
	evenements usage
	budgets    usage
}

func (h *harvest) reset() {
	h.findings.reset()
	h.high, h.mixed = 0, false
	h.lies, h.allowed, h.bulletins, h.brut, h.net = 0, 0, 0, 0, 0
	h.vus, h.pieces = h.vus[:0], h.pieces[:0]
	for _, u := range h.usages() {
		u.reset()
	}
}

func (h *harvest) usages() [4]*usage {
	return [...]*usage{&h.lignes, &h.caisses, &h.evenements, &h.budgets}
}

// vu is a bulletin that was seen.
type vu struct {
	start     capture
	matricule []byte
	hash      uint64
	groupe    int // DonneesIndiv opened by the walker, its own included
	rang      int // in its DonneesIndiv, from 1
	brut, net xhl.Montant
	lines     int
	pieces    int
}

// usage is the set of the codes of one kind that were used.
type usage struct {
	slots []int32 // index of an entry, plus one
	list  []used
	over  bool // codes were left out, beyond maxCodes
	last  int  // index of the entry that was used last
}

// used is a code that was used: how often, for how much, and where first.
type used struct {
	hash      uint64
	nature    xhl.Nature
	key       []byte
	n, read   int // uses, and those whose amount could be read
	total     xhl.Montant
	first     capture
	groupe    int
	rang      int
	matricule []byte
	next      int // index of the entry that was used after it the last time
	caisse    int // of a line: index of the caisse that it had the last time
}

// maxCodes bounds the distinct codes that are followed: far beyond any list of
// rubriques, and small in memory.
const maxCodes = 1 << 16

func (u *usage) reset() {
	clear(u.slots)
	clear(u.list)
	u.list, u.over, u.last = u.list[:0], false, 0
}

// at returns the index of the entry of a code, new with no uses when it was not
// there; -1 when there are too many.
func (u *usage) at(nature xhl.Nature, key []byte, hash uint64) int {
	if 4*(len(u.list)+1) > 3*len(u.slots) {
		u.grow()
	}
	mask := uint64(len(u.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		at := u.slots[i]
		if at == 0 {
			if len(u.list) >= maxCodes {
				u.over = true
				return -1
			}
			u.list = append(u.list, used{hash: hash, nature: nature, key: key})
			u.slots[i] = int32(len(u.list))
			return len(u.list) - 1
		}
		if e := &u.list[at-1]; e.hash == hash && e.nature == nature && string(e.key) == string(key) {
			return int(at - 1)
		}
	}
}

func (u *usage) grow() {
	u.slots = make([]int32, max(256, 2*len(u.slots)))
	mask := uint64(len(u.slots) - 1)
	for n := range u.list {
		i := u.list[n].hash & mask
		for u.slots[i] != 0 {
			i = (i + 1) & mask
		}
		u.slots[i] = int32(n + 1)
	}
}

// add counts a use of a code, whose bytes last as long as the window.
func (u *usage) add(w *walker, nature xhl.Nature, c capture) *used {
	e := u.find(nature, c.val)
	if e.n++; e.n == 1 {
		e.first, e.groupe, e.rang, e.matricule = c, w.groupes, w.rangInGroupe(), w.fiche.matricule.val
	}
	return e
}

// addOf is add for the caisse of a line, which is mostly the one that lines of
// that code had before.
func (u *usage) addOf(w *walker, line *used, c capture) {
	if line.caisse < len(u.list) {
		if e := &u.list[line.caisse]; string(e.key) == string(c.val) {
			e.n++
			return
		}
	}
	u.add(w, xhl.NbNatures, c)
	line.caisse = u.last
}

// find is at for a code whose hash is not known. Codes follow each other much
// as they did in the bulletin before.
func (u *usage) find(nature xhl.Nature, key []byte) *used {
	if u.last < len(u.list) {
		after := u.list[u.last].next
		if next := &u.list[after]; next.nature == nature && string(next.key) == string(key) {
			u.last = after
			return next
		}
	}
	i := u.at(nature, key, hashMix(hashBytes(key), uint64(nature)))
	if i < 0 {
		return &used{}
	}
	u.list[u.last].next, u.last = i, i
	return &u.list[i]
}

// merge adds the codes of a later window; first is called for those that are
// new, to make of them what lasts.
func (u *usage) merge(other *usage, first func(mine, theirs *used)) {
	u.over = u.over || other.over
	for i := range other.list {
		theirs := &other.list[i]
		at := u.at(theirs.nature, theirs.key, theirs.hash)
		if at < 0 {
			continue
		}
		mine := &u.list[at]
		if mine.n == 0 {
			mine.key = slices.Clone(theirs.key)
			first(mine, theirs)
		}
		mine.n += theirs.n
		mine.read += theirs.read
		mine.total = sum(mine.total, theirs.total)
	}
}
