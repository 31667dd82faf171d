package api

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/server"
	"paye/vault"
	"paye/web/gestion"
	"paye/web/task"
	"paye/web/token"
	"paye/web/ui"
)

//go:embed openapi.json
var description []byte

// Prefix is where the API is.
const Prefix = "/api/v1/"

// Options of the API. All but Log and Brake are needed.
type Options struct {
	Tokens  *token.Tokens
	Ledger  *ledger.Ledger // opened with token.Schema
	Console *gestion.Console
	Coffre  *vault.Coffre
	Spool   string // folder of what is checked, while it is
	Version string
	Brake   *server.Brake
	Log     *slog.Logger
}

// API answers programs.
type API struct {
	o      Options
	mux    *http.ServeMux
	routes []string // patterns, for the test of openapi.json

	streams chan struct{} // files that are judged while they come
}

// New makes the API.
func New(o Options) *API {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &API{o: o, mux: http.NewServeMux(), streams: make(chan struct{}, runtime.GOMAXPROCS(0))}
	a.mux.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(description) // who went away needs no answer
	})
	a.handle("POST /api/v1/check", token.Check, a.check)
	a.handle("POST /api/v1/variations", token.Check, a.variations)
	a.handle("POST /api/v1/plan", token.Prepare, a.newJob(gestion.JobPlan))
	a.handle("POST /api/v1/build", token.Prepare, a.newJob(gestion.JobBuild))
	a.handle("GET /api/v1/jobs/{id}", token.Prepare, a.job)
	a.handle("DELETE /api/v1/jobs/{id}", token.Prepare, a.cancelJob)
	a.handle("GET /api/v1/jobs/{id}/volumes/{fichier}", token.Prepare, a.volume)
	a.handle("GET /api/v1/fluxes", token.Flux, a.fluxes)
	a.handle("POST /api/v1/acquit", token.Flux, a.acquit)
	a.vaultRoutes()
	a.handle("GET /api/v1/status", "", a.status)
	a.mux.HandleFunc("/api/v1/", func(w http.ResponseWriter, r *http.Request) { a.refuse(w, r, ui.ErrNotFound) })
	return a
}

// ServeHTTP implements http.Handler for what is under [Prefix].
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	a.mux.ServeHTTP(w, r)
}

// handler answers for a login.
type handler func(w http.ResponseWriter, r *http.Request, login string) error

func (a *API) handle(pattern string, scope token.Scope, h handler) {
	a.routes = append(a.routes, pattern)
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		login, err := a.who(r, scope)
		if err == nil {
			err = h(w, r, login)
		}
		if err != nil {
			a.refuse(w, r, err)
		}
	})
}

// who is the account of the token of a request, which has to hold the scope.
func (a *API) who(r *http.Request, scope token.Scope) (string, error) {
	bearer, has := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !has {
		return "", Codes.New(NoToken)
	}
	one, err := a.o.Tokens.Find(r.Context(), bearer)
	if err != nil {
		return "", err
	}
	if one == nil {
		err := error(Codes.New(TokenRefused))
		if a.o.Brake != nil {
			err = a.o.Brake.Verdict(r.Context(), err)
		}
		return "", err
	}
	u, err := a.o.Coffre.Comptes().Compte(r.Context(), vault.Utilisateur(one.Login))
	if err != nil {
		return "", err
	}
	if u == nil || !u.Actif {
		return "", Codes.New(TokenRefused)
	}
	if scope != "" && !slices.Contains(one.Scopes, scope) {
		return "", Codes.New(NoScope, string(scope))
	}
	return one.Login, nil
}

// problem is an error of RFC 9457.
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Instance string `json:"instance,omitempty"`
	Code     string `json:"code"`
}

// statuses are those of anomalies that mean more than "not so".
var statuses = map[string]int{
	NoToken: http.StatusUnauthorized, TokenRefused: http.StatusUnauthorized, NoScope: http.StatusForbidden, OtherBody: http.StatusUnprocessableEntity, TooLarge: http.StatusRequestEntityTooLarge,
	server.TropDEchecs: http.StatusTooManyRequests, server.RouteInconnue: http.StatusNotFound, server.PanneMachine: http.StatusInternalServerError,
}

// refuse answers with an error.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var found *anomalie.Anomalie
	var large *http.MaxBytesError
	number := server.Request(r.Context())
	switch {
	case errors.Is(err, ui.ErrNotFound), errors.Is(err, task.ErrUnknown):
		found = server.Codes.New(server.RouteInconnue)
	case errors.As(err, &large):
		found = Codes.New(TooLarge, large.Limit>>20)
	case errors.As(err, &found):
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return // nobody waits for an answer
	default:
		a.o.Log.ErrorContext(r.Context(), "request failed", "requete", number, "route", r.Pattern, "err", err)
		found = server.Codes.New(server.PanneMachine, number)
	}
	status := statuses[found.Code]
	if status == 0 {
		status = http.StatusUnprocessableEntity
	}
	l := lang.Choose(strings.SplitN(r.Header.Get("Accept-Language"), ",", 2)[0])
	h := w.Header()
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="xhl"`)
	}
	if found.Code == server.TropDEchecs {
		h.Set("Retry-After", fmt.Sprint(found.Args[0]))
	}
	p := problem{Type: "about:blank", Title: found.Message(l), Status: status, Detail: found.OnPage(l), Code: found.Code}
	if number != "" {
		p.Instance = "urn:xhl:requete:" + number
	}
	write(w, "application/problem+json", status, p)
}

// write answers with JSON.
func write(w http.ResponseWriter, kind string, status int, v any) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(true)
	_ = e.Encode(v) // who went away needs no answer
}
