package main

import (
	"sync"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// repeatsShown is how many findings of a kind are told one by one: what concerns
// every bulletin would bury the others.
const repeatsShown = 3

// repeats counts findings that say the same. Errors do when their words are the
// same, for each may have a gesture of its own; the others when their code is.
type repeats struct {
	seen map[string]*repeat
	list []*repeat
}

type repeat struct {
	first *anomalie.Anomalie
	n     int
}

func (r *repeat) hidden() int { return r.n - repeatsShown }

// shows counts a finding, and reports whether it is told by itself.
func (r *repeats) shows(a *anomalie.Anomalie) bool {
	key := a.Code
	if a.Gravite == anomalie.Erreur {
		key += a.Message(lang.English)
	}
	known := r.seen[key]
	if known == nil {
		if r.seen == nil {
			r.seen = make(map[string]*repeat)
		}
		known = &repeat{first: a}
		r.seen[key], r.list = known, append(r.list, known)
	}
	known.n++
	return known.n <= repeatsShown
}

// end gives those of which some were not told, and begins anew.
func (r *repeats) end() (list []*repeat) {
	for _, known := range r.list {
		if known.hidden() > 0 {
			list = append(list, known)
		}
	}
	*r = repeats{}
	return list
}

// advised are the advices that were told. It is safe for concurrent use.
type advised struct {
	mu   sync.Mutex
	told map[string]bool
}

// new is hint, "" where it was told of that code already.
func (s *advised) new(code, hint string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if hint == "" || s.told[code+hint] {
		return ""
	}
	if s.told == nil {
		s.told = make(map[string]bool)
	}
	s.told[code+hint] = true
	return hint
}
