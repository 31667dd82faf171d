package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"paye/internal/anomalie"
	"paye/internal/server"
	"paye/vault"
)

// HandlerOptions says how callers are known and what they may send.
type HandlerOptions struct {
	// Login gives a token for a login and a password. device is a token that the
	// caller had before, empty for none.
	Login func(ctx context.Context, login, password, device string) (token string, err error)
	// Acteur answers in whose name a token speaks. MUST be set.
	Acteur func(ctx context.Context, token string) (vault.Acteur, error)

	Log         *slog.Logger // silent when nil
	MaxBody     int64        // bytes of one batch; 64 MiB when 0
	MaxDocument int64        // bytes; vault.MaxDocument when 0
	Batches     int          // in memory at once, half of them of one account, the others wait; 4 when 0

	// A batch that is being sent has Patience, and what its bytes take at Pace:
	// then its place is another's. 10 seconds and 64 KiB a second when 0.
	Patience time.Duration
	Pace     int64
}

const (
	defaultMaxBody  = 64 << 20
	defaultBatches  = 4
	waitForBatch    = 20 * time.Second
	defaultPatience = 10 * time.Second
	defaultPace     = 64 << 10
	maxQuestion     = 4 << 20 // bytes: a session with all its exceptions
	maxLine         = 64 << 10
	tokenLife       = 8 * time.Hour
)

// ForCoffre knows callers by the accounts of an embedded vault, and brakes
// those who fail.
func ForCoffre(c *vault.Coffre, now func() time.Time, brake *server.Brake) HandlerOptions {
	return HandlerOptions{
		Login: func(ctx context.Context, login, password, device string) (token string, err error) {
			err = brake.Essai(ctx, func() error {
				par, err := c.Comptes().Authenticate(ctx, vault.Provenance{Source: server.Source(ctx), Appareil: device}, login, password)
				if err == nil {
					token, err = c.Comptes().NewToken(ctx, par, par.Nom, now().Add(tokenLife))
				}
				return err
			})
			return token, err
		},
		Acteur: func(ctx context.Context, token string) (vault.Acteur, error) {
			par, err := c.Comptes().VerifyToken(ctx, token)
			return par, brake.Verdict(ctx, err)
		},
	}
}

// handler answers for a store.
type handler struct {
	s      vault.Guichet
	o      HandlerOptions
	places *places
}

// NewHandler exposes s below [Prefix].
func NewHandler(s vault.Guichet, o HandlerOptions) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.MaxDocument == 0 {
		o.MaxDocument = vault.MaxDocument
	}
	if o.Batches == 0 {
		o.Batches = defaultBatches
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	if o.Pace == 0 {
		o.Pace = defaultPace
	}
	h := &handler{s, o, newPlaces(o.Batches)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Prefix+"session", h.session)
	mux.HandleFunc("POST "+Prefix+"deposit", h.as(h.deposit))
	for verb, do := range map[string]func(context.Context, vault.Acteur, *question, *writer) error{
		"read": h.read, "destroy": h.destroy, "metadata": h.metadata, "check": h.check, "journal": h.journal, "list": h.list, "count": h.count,
		"may-deposit": h.mayDeposit, "papier": h.papier, "versement-open": h.open, "versement-save": h.save, "versements": h.versements,
		"versement-validate": h.validate, "versement-reject": h.reject, "employeurs": h.employeurs, "point": h.point, "coherence": h.coherence,
	} {
		mux.HandleFunc("POST "+Prefix+verb, h.as(func(w http.ResponseWriter, r *http.Request, par vault.Acteur) error {
			q, err := readQuestion(w, r)
			if err != nil {
				return err
			}
			out := &writer{w: w}
			if err := do(r.Context(), par, q, out); err != nil {
				if !out.begun {
					return err
				}
				h.tell(r, err)
				return out.line(answer{Fault: toFault(err), Fin: true})
			}
			return nil
		}))
	}
	return http.NewCrossOriginProtection().Handler(mux)
}

// as finds out who calls, and answers with the anomaly when f returns one.
func (h *handler) as(f func(http.ResponseWriter, *http.Request, vault.Acteur) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		err := error(vault.Codes.New("COF-802"))
		var par vault.Acteur
		if ok {
			par, err = h.o.Acteur(r.Context(), token)
		}
		if err == nil {
			err = f(w, r, par)
		}
		if err != nil {
			h.refuse(w, r, err)
		}
	}
}

// statuses are those of anomalies whose class says too little.
var statuses = map[string]int{
	"COF-202":            http.StatusConflict,
	"COF-203":            http.StatusRequestEntityTooLarge,
	"COF-314":            http.StatusUnauthorized,
	"COF-315":            http.StatusTooManyRequests,
	"COF-401":            http.StatusConflict,
	"COF-502":            http.StatusConflict,
	"COF-802":            http.StatusUnauthorized,
	"COF-803":            http.StatusBadRequest,
	"COF-805":            http.StatusRequestTimeout,
	server.TropDEchecs:   http.StatusTooManyRequests,
	server.ServeurOccupe: http.StatusServiceUnavailable,
}

func statusOf(a *anomalie.Anomalie) int {
	if status, known := statuses[a.Code]; known {
		return status
	}
	switch a.Classe() {
	case anomalie.Introuvable:
		return http.StatusNotFound
	case anomalie.Coffre:
		return http.StatusForbidden
	}
	return http.StatusUnprocessableEntity
}

// retryAfter is what an anomaly says of when to come back, in seconds.
func retryAfter(a *anomalie.Anomalie) string {
	switch {
	case a.Code == server.ServeurOccupe:
		return "1"
	case len(a.Args) != 1:
		return ""
	case a.Code == server.TropDEchecs:
		return fmt.Sprint(a.Args[0])
	}
	if minutes, ok := a.Args[0].(int64); ok && a.Code == "COF-315" {
		return strconv.FormatInt(60*minutes, 10)
	}
	return ""
}

// refuse answers with an anomaly or says that the machine failed.
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	h.tell(r, err)
	status := http.StatusInternalServerError
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		status = statusOf(a)
		if wait := retryAfter(a); wait != "" {
			w.Header().Set("Retry-After", wait)
		}
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := (&writer{w: w, begun: true}).line(answer{Fault: toFault(err), Requete: server.Request(r.Context()), Fin: true}); err != nil {
		h.o.Log.Debug("answer was not read to its end", "err", err)
	}
}

// tell logs errors of the machine; a refusal is in the journal of the vault.
func (h *handler) tell(r *http.Request, err error) {
	var a *anomalie.Anomalie
	if !errors.As(err, &a) && r.Context().Err() == nil {
		h.o.Log.Error("vault call failed", "requete", server.Request(r.Context()), "verb", strings.TrimPrefix(r.URL.Path, Prefix), "err", err)
	}
}

// writer sends lines.
type writer struct {
	w     http.ResponseWriter
	begun bool
	n     int
}

func (w *writer) line(a answer) error {
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	if !w.begun {
		w.begun = true
		w.w.Header().Set("Content-Type", "application/x-ndjson")
	}
	if _, err := w.w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("send an answer: %w", err)
	}
	if w.n++; w.n%64 == 0 {
		http.NewResponseController(w.w).Flush()
	}
	return nil
}

func unreadable(what string) error { return vault.Codes.New("COF-803", what) }

func readQuestion(w http.ResponseWriter, r *http.Request) (*question, error) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuestion))
	if err != nil {
		return nil, tooLarge(err, "corps")
	}
	var q question
	if err := decode(b, &q); err != nil {
		return nil, unreadable("JSON")
	}
	return &q, nil
}

func (h *handler) session(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	q, err := readQuestion(w, r)
	token := ""
	switch {
	case err != nil:
	case h.o.Login == nil:
		err = vault.Codes.New("COF-802")
	default:
		token, err = h.o.Login(r.Context(), q.Login, q.Password, q.Appareil)
	}
	if err == nil {
		err = (&writer{w: w}).line(answer{Jeton: token, Fin: true})
	}
	if err != nil {
		h.refuse(w, r, err)
	}
}
