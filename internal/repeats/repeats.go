// Package repeats keeps what was made of texts that come again: a program of
// payroll gives the same nomenclatures to all its employers.
package repeats

import (
	"bytes"
	"sync"
)

// Least and Most bound the texts, in bytes, that are worth a look and that are kept.
const (
	Least = 4 << 10
	Most  = 256 << 10
)

// kept is how many texts are remembered, those that came last.
const kept = 4

// Of keeps what is made, a V, of texts on terms, a K. What it gives is shared by
// all who ask for it, on any goroutine: nobody may change it. The zero value works.
type Of[K comparable, V any] struct {
	mu   sync.Mutex
	list [kept]entry[K, V] // the one that came last first
}

type entry[K comparable, V any] struct {
	on   K
	text []byte // nil for none
	made V
}

// Find returns what was made of text on terms.
func (o *Of[K, V]) Find(on K, text []byte) (made V, known bool) {
	if len(text) < Least {
		return made, false
	}
	return o.find(func(e *entry[K, V]) bool { return e.on == on && bytes.Equal(e.text, text) })
}

// Begins returns the text that b begins with, and what was made of it; nil when none
// is known.
func (o *Of[K, V]) Begins(on K, b []byte) (text []byte, made V) {
	made, _ = o.find(func(e *entry[K, V]) bool {
		if e.on != on || !bytes.HasPrefix(b, e.text) {
			return false
		}
		text = b[:len(e.text):len(e.text)]
		return true
	})
	return text, made
}

// find compares without the lock, since what is kept does not change.
func (o *Of[K, V]) find(is func(*entry[K, V]) bool) (made V, known bool) {
	o.mu.Lock()
	list := o.list
	o.mu.Unlock()
	for i := range list {
		if e := &list[i]; e.text != nil && is(e) {
			if i > 0 {
				o.first(*e)
			}
			return e.made, true
		}
	}
	return made, false
}

// Keep remembers what was made of text on terms.
func (o *Of[K, V]) Keep(on K, text []byte, made V) {
	if len(text) >= Least && len(text) <= Most {
		o.first(entry[K, V]{on, bytes.Clone(text), made})
	}
}

// first puts e before the others, in place of the same one or of the one that came
// longest ago.
func (o *Of[K, V]) first(e entry[K, V]) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at := 0
	for at < kept-1 && !(o.list[at].on == e.on && bytes.Equal(o.list[at].text, e.text)) {
		at++
	}
	copy(o.list[1:at+1], o.list[:at])
	o.list[0] = e
}
