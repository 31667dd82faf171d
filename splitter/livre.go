package splitter

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/zeebo/xxh3"

	"paye/compress"
	"paye/xhl"
)

// Livre is a journal read, compressed and indexed. Its methods may be called
// by several goroutines.
type Livre struct {
	Entete *xhl.Entete
	Octets int64 // of the journal as it was read
	Totaux *xhl.Totaux

	// What is in the journal beside bulletins, in its own encoding.
	prologue      []byte
	groupes       []groupe
	nomenclatures []byte
	repartition   []byte
	fin           []byte

	// What is announced while the bulletins are being read: the end of the
	// groupe that is open, and the most bytes that repartition may have while it
	// is not known.
	fermeture      []byte
	repartitionMax int

	// RepartitionSource tells where the block of the first volume comes from.
	RepartitionSource Source

	spool   *spool
	blocs   []bloc
	entries registre[entry]
	refs    []int32   // indexes into RefIDs, by bulletin
	mats    []byte    // matricules, one after the other
	agents  [][]int32 // see plusieurs; once the whole book was read

	// RefIDs are the IdUnique that bulletins reference, in the order in which
	// the book first does, and RefNoms the NomPJ beside them, "" without one.
	RefIDs      []string
	RefNoms     []string
	RefSupports []string

	// What is there of a journal that can be read again: see original.go.
	original Original         // nil of another
	sums     registre[uint64] // of the bulletins, once there are blocs that were not compressed
	blind    int              // blocs before those, whose bulletins have no sums yet
	unread   int              // blocs that were not compressed
	added    bool             // some bulletin has references that the source lacks

	workers int                       // processors when 0
	niveau  compress.Niveau           // of the blocs
	auto    bool                      // niveau is Rapide, and may become Normal
	normal  func() (lightness, error) // of the blocs, while auto
}

// Source is where the répartition par nature of a set comes from.
type Source string

const (
	SourceJournal Source = "source"  // the block of the journal
	SourceLignes  Source = "lignes"  // computed from the lines
	SourceAucune  Source = "absente" // neither
)

// groupe is a DonneesIndiv: what opens it, Etablissement included, and what
// closes it.
type groupe struct{ ouverture, fermeture []byte }

// bloc is a chunk that holds the bulletins first to first+n-1, each after its
// lead.
type bloc struct {
	chunk
	first, n int32
	src      int64 // of its raw bytes in the source
	unread   bool  // it was not compressed: its size is an estimate
}

// entry is a bulletin. In the raw bytes of its bloc, its lead (the ends and
// openings of groupes since the bulletin before it) is at off, and the
// bulletin follows.
type entry struct {
	bloc    int32
	groupe  int32
	service int32 // interned, by order of appearance
	off     uint32
	lead    uint32
	len     uint32
	matEnd  uint32 // in mats; it begins where that of the bulletin before ends
	refsEnd uint32 // in refs
}

// Bulletins returns how many bulletins the book holds.
func (l *Livre) Bulletins() int { return l.entries.len() }

// Groupes returns how many DonneesIndiv, établissements mostly, it has.
func (l *Livre) Groupes() int { return len(l.groupes) }

// Matricule returns that of bulletin i.
func (l *Livre) Matricule(i int) string { return string(l.matricule(i)) }

func (l *Livre) matricule(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = l.entries.at(i - 1).matEnd
	}
	return l.mats[from:l.entries.at(i).matEnd]
}

// Refs returns the pieces that bulletin i references, as indexes of RefIDs.
func (l *Livre) Refs(i int) []int32 {
	from := uint32(0)
	if i > 0 {
		from = l.entries.at(i - 1).refsEnd
	}
	return l.refs[from:l.entries.at(i).refsEnd]
}

// Close frees the spool. The volumes of the book cannot be written afterwards.
func (l *Livre) Close() error { return l.spool.Close() }

// Doublons returns the matricules that have several bulletins, in order.
func (l *Livre) Doublons() []string {
	var list []string
	for _, bulletins := range l.agents {
		list = append(list, l.Matricule(int(bulletins[0])))
	}
	return list
}

// plusieurs lists the bulletins of every agent who has several, in the order
// of the matricules.
func (l *Livre) plusieurs() [][]int32 {
	// Nearly all are alone, which half of a hash tells of them: the place is the
	// other half, so that bulletins of one agent come together, in order.
	order := make([]uint64, l.entries.len())
	for i := range order {
		order[i] = xxh3.Hash(l.matricule(i))&^math.MaxUint32 | uint64(i)
	}
	slices.Sort(order)
	var list [][]int32
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && order[from]>>32 == order[to]>>32 {
			to++
		}
		if to > from+1 {
			list = l.sameAgent(list, order[from:to])
		}
		from = to
	}
	slices.SortFunc(list, func(a, b []int32) int {
		return bytes.Compare(l.matricule(int(a[0])), l.matricule(int(b[0])))
	})
	return list
}

// sameAgent adds the agents with several bulletins among alike, the bulletins of
// one hash.
func (l *Livre) sameAgent(list [][]int32, alike []uint64) [][]int32 {
	bulletins := make([]int32, len(alike))
	for i, o := range alike {
		bulletins[i] = int32(uint32(o))
	}
	slices.SortStableFunc(bulletins, func(a, b int32) int {
		return bytes.Compare(l.matricule(int(a)), l.matricule(int(b)))
	})
	for from := 0; from < len(bulletins); {
		to := from + 1
		for to < len(bulletins) && bytes.Equal(l.matricule(int(bulletins[from])), l.matricule(int(bulletins[to]))) {
			to++
		}
		if to > from+1 {
			list = append(list, bulletins[from:to:to])
		}
		from = to
	}
	return list
}

// raw gives the raw bytes of a bloc, in buf when it is large enough.
func (l *Livre) raw(b *bloc, buf []byte) ([]byte, error) {
	if b.unread {
		return l.again(b, buf)
	}
	c := &b.chunk
	data, err := l.spool.read(c, nil)
	if err != nil {
		return nil, err
	}
	z := compress.NewBlockReader(bytes.NewReader(data))
	defer z.Release()
	if int64(cap(buf)) < c.block.Raw {
		buf = make([]byte, c.block.Raw)
	}
	buf = buf[:c.block.Raw]
	if _, err := io.ReadFull(z, buf); err != nil {
		return nil, fmt.Errorf("inflate a block of the spool: %w", err)
	}
	return buf, nil
}

// Mentions reports whether what stands beside the bulletins, the heads of the
// établissements and the répartition par nature, has an attribute of that
// value.
func (l *Livre) Mentions(value string) bool {
	quoted := []byte(`"` + value + `"`)
	for i := range l.groupes {
		if bytes.Contains(l.groupes[i].ouverture, quoted) {
			return true
		}
	}
	return bytes.Contains(l.repartition, quoted)
}
