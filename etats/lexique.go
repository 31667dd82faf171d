package etats

import (
	"strings"
	"sync"

	"paye/xhl"
)

// Cle names a rubrique: a code may stand in several natures.
type Cle struct {
	Code   string
	Nature xhl.Nature
}

// Lexique numbers rubriques and texts, so that the months that share it
// compare them as numbers. Several goroutines may use it; the numbers depend on
// their order, and nothing that is shown does.
type Lexique struct {
	mu        sync.RWMutex
	texteIDs  map[string]uint32
	textes    []string
	rubIDs    map[Cle]uint16
	rubriques []Cle
}

// NewLexique returns an empty Lexique, whose text 0 is the empty one.
func NewLexique() *Lexique {
	return &Lexique{texteIDs: map[string]uint32{"": 0}, textes: []string{""}, rubIDs: make(map[Cle]uint16)}
}

// maxRubriques bounds the rubriques of two months: a journal has hundreds.
const maxRubriques = 1 << 16

// rubrique numbers a key; it reports false when there are too many.
func (l *Lexique) rubrique(k Cle) (uint16, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id, known := l.rubIDs[k]; known {
		return id, true
	}
	if len(l.rubriques) == maxRubriques {
		return 0, false
	}
	id := uint16(len(l.rubriques))
	k.Code = strings.Clone(k.Code)
	l.rubIDs[k] = id
	l.rubriques = append(l.rubriques, k)
	return id, true
}

func (l *Lexique) texte(s string) uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if id, known := l.texteIDs[s]; known {
		return id
	}
	id := uint32(len(l.textes))
	s = strings.Clone(s)
	l.texteIDs[s] = id
	l.textes = append(l.textes, s)
	return id
}

// Texte is the text of a number.
func (l *Lexique) Texte(id uint32) string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.textes[id]
}

// Cle is the key of a rubrique's number.
func (l *Lexique) Cle(id uint16) Cle {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.rubriques[id]
}

// Rubriques counts the rubriques.
func (l *Lexique) Rubriques() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.rubriques)
}
