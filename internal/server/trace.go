package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
)

type contextKey int

const (
	keyRequete contextKey = iota
	keySource
)

// Request is the number of a request, 16 hexadecimal digits; "" outside of one.
func Request(ctx context.Context) string {
	id, _ := ctx.Value(keyRequete).(string)
	return id
}

// Source is from where a request came, as its failures are counted.
func Source(ctx context.Context) string {
	source, _ := ctx.Value(keySource).(string)
	return source
}

// WithSource says where a wish comes from that no request of ours carries.
func WithSource(ctx context.Context, source string) context.Context {
	return context.WithValue(ctx, keySource, source)
}

// around is what every request goes through.
func (s *Serveur) around(h http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /sante", s.sante)
	mux.Handle("/", s.fallback(h))
	// The log tells sources apart without telling who they are: the key dies
	// with the process.
	secret := make([]byte, 32)
	if _, err := io.ReadFull(s.o.Random, secret); err != nil {
		panic("server: the source of randomness failed: " + err.Error())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.o.Clock()
		source := s.source(r)
		id := s.number()
		ctx := context.WithValue(context.WithValue(r.Context(), keyRequete, id), keySource, source)
		r = r.WithContext(ctx)
		head := w.Header()
		head.Set("X-Request-Id", id)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if s.o.Cert != "" || s.o.Proxy {
			head.Set("Strict-Transport-Security", "max-age=31536000")
		}
		out, end := s.paced(w, r)
		body := r.Body.(*lecture)
		defer func() {
			end()
			failed := recover()
			if failed != nil && failed != http.ErrAbortHandler {
				s.o.Log.Error("request panicked", "requete", id, "route", r.Pattern, "panic", failed, "stack", string(debug.Stack()))
			}
			begun := out.status != 0
			if failed != nil && !begun {
				Refuse(out, r, Codes.New(PanneMachine, id))
			}
			s.log(r, out, body.n, keyed(secret, source), s.o.Clock().Sub(start).Milliseconds())
			if failed != nil && begun {
				panic(http.ErrAbortHandler) // the answer is cut, and seen to be
			}
		}()
		mux.ServeHTTP(out, r)
	})
}

// log writes the access log. The route is the pattern that answered, never the
// path that was asked for.
func (s *Serveur) log(r *http.Request, out *writing, read int64, source string, ms int64) {
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	level := slog.LevelInfo
	switch {
	case status >= 500:
		level = slog.LevelError
	case status >= 400:
		level = slog.LevelWarn
	}
	route := r.Pattern
	if route == "" || route == "/" {
		route = "-"
	}
	s.o.Log.LogAttrs(r.Context(), level, "request",
		slog.String("requete", Request(r.Context())), slog.String("route", route), slog.Int("statut", status),
		slog.Int64("recus", read), slog.Int64("envoyes", out.n), slog.Int64("ms", ms), slog.String("source", source))
}

// number draws the number of a request.
func (s *Serveur) number() string {
	var b [8]byte
	if _, err := io.ReadFull(s.o.Random, b[:]); err != nil {
		return "0000000000000000" // a request without a number of its own is still served
	}
	return hex.EncodeToString(b[:])
}

// source is where a request comes from: its address, or behind a proxy the one
// that the proxy saw. Of an IPv6 address it is the /64, which one caller has
// whole.
func (s *Serveur) source(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if seen := r.Header.Values("X-Forwarded-For"); s.o.Proxy && len(seen) > 0 {
		last := seen[len(seen)-1]
		host = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "?"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		if net, err := ip.Prefix(64); err == nil {
			return net.String()
		}
	}
	return ip.String()
}

func keyed(secret []byte, source string) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(source))
	return hex.EncodeToString(m.Sum(nil)[:4])
}

// fallback gives the answers of net/http's own, which are words, the form of
// all the others.
func (s *Serveur) fallback(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&structured{ResponseWriter: w, r: r}, r)
	})
}

// structured replaces the plain text errors of a http.ServeMux and of
// http.CrossOriginProtection.
type structured struct {
	http.ResponseWriter
	r        *http.Request
	replaced bool
	begun    bool
}

var plain = map[int]string{http.StatusNotFound: RouteInconnue, http.StatusMethodNotAllowed: MethodeInconnue, http.StatusForbidden: OrigineEtrangere}

// Unwrap lets http.ResponseController through.
func (s *structured) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *structured) WriteHeader(status int) {
	if code := plain[status]; !s.begun && code != "" && strings.HasPrefix(s.Header().Get("Content-Type"), "text/plain") {
		s.begun, s.replaced = true, true
		s.Header().Del("Content-Length")
		Refuse(s.ResponseWriter, s.r, Codes.New(code))
		return
	}
	s.begun = true
	s.ResponseWriter.WriteHeader(status)
}

func (s *structured) Write(b []byte) (int, error) {
	s.begun = true
	if s.replaced {
		return len(b), nil
	}
	return s.ResponseWriter.Write(b)
}

// discreet drops the words of net/http about a connection, which name its
// address, and keeps that something was said.
type discreet struct{ slog.Handler }

func (d discreet) Handle(ctx context.Context, r slog.Record) error {
	return d.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, "connection failed", r.PC))
}
