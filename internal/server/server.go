package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// Options of a server. The zero Options listen on nothing but loopback.
type Options struct {
	Adresse   string // HOST:PORT; port 0 lets the system choose
	Cert, Cle string // PEM files; both or none
	// Proxy says that a proxy stands before the server: it encrypts, and
	// it is believed on whom it speaks for (the last X-Forwarded-For).
	Proxy bool

	Probes []Probe // components that /sante shows

	Log    *slog.Logger     // silent when nil
	Clock  func() time.Time // time.Now when nil
	Random io.Reader        // crypto/rand when nil

	Connexions int           // at once; 1024 when 0
	MaxCorps   int64         // bytes of a body, whatever the handler; 96 MiB when 0
	Rate       int64         // bytes a second below which a caller is left; 4 KiB when 0
	Patience   time.Duration // granted before the rate counts; 20 s when 0
	Arret      time.Duration // granted to requests under way at the end; 30 s when 0
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Connexions == 0 {
		o.Connexions = 1024
	}
	if o.MaxCorps == 0 {
		o.MaxCorps = 96 << 20
	}
	if o.Rate == 0 {
		o.Rate = 4 << 10
	}
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	if o.Arret == 0 {
		o.Arret = 30 * time.Second
	}
	return o
}

// Limits that no option changes.
const (
	maxEntetes    = 32 << 10 // bytes of the headers of a request
	headerTimeout = 10 * time.Second
	idleTimeout   = 90 * time.Second // of a connection without a request
)

// Serveur is a server that listens, and serves once Serve is called.
type Serveur struct {
	o        Options
	listener net.Listener
	http     *http.Server
	sante    *sante
}

// Check refuses, as an anomaly of Codes, what no server listens with. It opens
// nothing, so that it can be asked before anything is made.
func (o Options) Check() error {
	o = o.withDefaults()
	host, _, err := net.SplitHostPort(o.Adresse)
	switch {
	case err != nil:
		return Codes.New(AdresseInvalide, o.Adresse)
	case (o.Cert == "") != (o.Cle == ""):
		return Codes.New(CertificatSeul)
	case o.Cert == "" && !o.Proxy && !Loopback(host):
		return Codes.New(SansTLS, o.Adresse)
	case o.Cert != "":
		if _, err := o.pair().certificate(nil); err != nil {
			return Codes.New(CertificatFaux, o.Cert)
		}
	}
	return nil
}

func (o Options) pair() *paire {
	return &paire{cert: o.Cert, cle: o.Cle, horloge: o.Clock, log: o.Log}
}

// Listen verifies the options and opens the address. What is refused is an
// anomaly of Codes.
func Listen(ctx context.Context, h http.Handler, o Options) (*Serveur, error) {
	o = o.withDefaults()
	if err := o.Check(); err != nil {
		return nil, err
	}
	s := &Serveur{o: o, sante: &sante{o: o}}
	s.http = &http.Server{
		Handler:           s.around(h),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxEntetes,
		ErrorLog:          slog.NewLogLogger(discreet{o.Log.Handler()}, slog.LevelDebug),
	}
	if o.Cert != "" {
		s.http.TLSConfig = tlsConfig(o.pair())
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Adresse)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", Codes.New(AdresseOccupee, o.Adresse), err)
	}
	s.listener = netutil.LimitListener(l, o.Connexions)
	return s, nil
}

// Loopback reports whether only this machine reaches host, a name or an address
// without port and brackets: what may listen, or be spoken to, without TLS.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// URL is where the server is, with the port that the system chose.
func (s *Serveur) URL() string {
	if s.o.Cert != "" {
		return "https://" + s.listener.Addr().String()
	}
	return "http://" + s.listener.Addr().String()
}

// Serve answers until the context ends, then finishes the requests under way.
// The error is context.Canceled when some of them had to be cut, else nil or
// one of the machine.
func (s *Serveur) Serve(ctx context.Context) error {
	// Requests outlive the context: they are cut by base alone.
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	s.http.BaseContext = func(net.Listener) context.Context { return base }
	served := make(chan error, 1)
	go func() {
		if s.http.TLSConfig != nil {
			served <- s.http.ServeTLS(s.listener, "", "")
			return
		}
		served <- s.http.Serve(s.listener)
	}()
	select {
	case err := <-served:
		return fmt.Errorf("serve on %s: %w", s.listener.Addr(), err)
	case <-ctx.Done():
	}
	s.sante.stop()
	s.o.Log.Info("server stops", "grace", s.o.Arret)
	grace, end := context.WithTimeout(context.WithoutCancel(ctx), s.o.Arret)
	defer end()
	err := s.http.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		cut()
		s.o.Log.Warn("requests under way were cut")
		return errors.Join(context.Canceled, s.http.Close())
	}
	if err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	return nil
}
