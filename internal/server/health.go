package server

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// Probe tells whether a component works. Etat is called at most once a second.
type Probe struct {
	Nom  string
	Etat func(context.Context) error
}

// delaiSonde is how long a component may take to say that it works.
const probeTimeout = 5 * time.Second

// sante answers GET /sante, for who watches over the service: 200 while every
// component works, 503 when one fails or the server stops. It says nothing of
// anybody, so anybody may ask.
type sante struct {
	o Options

	mu       sync.Mutex
	asked    time.Time
	known    healthState
	stopping bool
}

type healthState struct {
	Statut     string            `json:"statut"` // bon, panne, arret
	Composants map[string]string `json:"composants,omitempty"`
}

func (s *sante) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
}

func (s *sante) state(ctx context.Context) healthState {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return healthState{Statut: "arret"}
	}
	now := s.o.Clock()
	if age := now.Sub(s.asked); s.known.Statut != "" && age >= 0 && age < time.Second {
		return s.known
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	e := healthState{Statut: "bon", Composants: make(map[string]string)}
	for _, probe := range s.o.Probes {
		e.Composants[probe.Nom] = "bon"
		if err := probe.Etat(ctx); err != nil {
			s.o.Log.Error("component fails", "composant", probe.Nom, "err", err)
			e.Statut, e.Composants[probe.Nom] = "panne", "panne"
		}
	}
	s.asked, s.known = now, e
	return e
}

func (s *sante) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := s.state(r.Context())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if e.Statut != "bon" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if b, err := json.Marshal(e); err == nil {
		w.Write(append(b, '\n'))
	}
}
