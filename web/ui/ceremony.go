package ui

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"
)

// A ceremony is what is remembered between two steps of a sign-in or of the
// registration of a factor: a challenge, the state of a provider, a secret that
// is not confirmed. It is kept in memory, is good once and for a while, and is
// bound to a cookie.
const (
	ceremonyTime = 10 * time.Minute
	ceremonyMax  = 5_000
)

type ceremony struct {
	purpose string
	login   string // whose; empty before somebody is known
	data    any
	until   time.Time
}

type ceremonies struct {
	mu   sync.Mutex
	open map[string]ceremony
}

const ceremonyCookie = "etape"

// startCeremony remembers data until the next step.
func (c *Call) startCeremony(purpose, login string, data any) string {
	s := c.Site
	s.ceremonies.mu.Lock()
	defer s.ceremonies.mu.Unlock()
	now := s.now()
	if s.ceremonies.open == nil {
		s.ceremonies.open = map[string]ceremony{}
	}
	if len(s.ceremonies.open) >= ceremonyMax {
		for word, old := range s.ceremonies.open {
			if !now.Before(old.until) {
				delete(s.ceremonies.open, word)
			}
		}
	}
	for word := range s.ceremonies.open { // whoever floods the table pushes out anybody
		if len(s.ceremonies.open) < ceremonyMax {
			break
		}
		delete(s.ceremonies.open, word)
	}
	word := rand.Text()
	s.ceremonies.open[word] = ceremony{purpose, login, data, now.Add(ceremonyTime)}
	http.SetCookie(c.W, cookie(ceremonyCookie, word))
	return word
}

// endCeremony takes what was remembered, once.
func (c *Call) endCeremony(purpose, login string) (data any, ok bool) {
	s := c.Site
	word := readCookie(c.R, ceremonyCookie)
	s.ceremonies.mu.Lock()
	defer s.ceremonies.mu.Unlock()
	found, known := s.ceremonies.open[word]
	if !known || found.purpose != purpose || found.login != login {
		return nil, false
	}
	delete(s.ceremonies.open, word)
	return found.data, s.now().Before(found.until)
}

// peekCeremony looks at what was remembered and leaves it.
func (c *Call) peekCeremony(purpose, login string) (data any, ok bool) {
	s := c.Site
	s.ceremonies.mu.Lock()
	defer s.ceremonies.mu.Unlock()
	found, known := s.ceremonies.open[readCookie(c.R, ceremonyCookie)]
	return found.data, known && found.purpose == purpose && found.login == login && s.now().Before(found.until)
}
