package remote

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"paye/internal/anomalie"
	"paye/internal/server"
	"paye/vault"
)

// Options of a client. The zero Options work with a Login or a Token.
type Options struct {
	Login, Password string // to get a token with, when there is none or it died
	Token           string

	HTTP        *http.Client                               // timeouts of connecting are its own; http.DefaultTransport when nil
	Stall       time.Duration                              // longest silence of the server; 1 minute when 0
	Attempts    int                                        // of each call; 5 when 0
	Wait        func(context.Context, time.Duration) error // sleeps; real time when nil
	MaxDocument int64                                      // bytes; vault.MaxDocument when 0
	Batch       int64                                      // bytes of one request of Deposit; 16 MiB when 0
}

// Client is a vault that another machine keeps. It is safe for several
// goroutines.
type Client struct {
	base string
	o    Options

	mu    sync.Mutex
	token string
	known string // a token from before, that says which device this is
	key   string // that verifies receipts, once the server said it
}

var _ vault.Guichet = (*Client)(nil)

// NewClient talks to the server at base, such as https://coffre.example:8473,
// or below a path that a proxy adds. Plain http is accepted for loopback
// addresses only.
func NewClient(base string, o Options) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, vault.Codes.New("COF-803", "adresse")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && server.Loopback(u.Hostname())) {
		return nil, vault.Codes.New("COF-803", "https")
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	// A token is not carried to where a server points.
	h := *o.HTTP
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o.HTTP = &h
	if o.Stall == 0 {
		o.Stall = time.Minute
	}
	if o.Attempts == 0 {
		o.Attempts = 5
	}
	if o.MaxDocument == 0 {
		o.MaxDocument = vault.MaxDocument
	}
	if o.Batch == 0 {
		o.Batch = 16 << 20
	}
	if o.Wait == nil {
		o.Wait = func(ctx context.Context, d time.Duration) error {
			t := time.NewTimer(d)
			defer t.Stop()
			select {
			case <-t.C:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	u.Path, u.RawPath, u.RawQuery, u.Fragment = strings.TrimSuffix(u.Path, "/"), "", "", ""
	return &Client{base: u.String(), o: o, token: o.Token}, nil
}

// errAgain is a failure after which the same call may be sent again.
type errAgain struct{ err error }

func (e errAgain) Error() string { return e.err.Error() }
func (e errAgain) Unwrap() error { return e.err }

// try does a call until it is answered, with a pause that doubles.
func (c *Client) try(ctx context.Context, call func() error) error {
	pause := 200 * time.Millisecond
	for n := 1; ; n++ {
		err := call()
		var again errAgain
		if !errors.As(err, &again) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if n >= c.o.Attempts {
			return fmt.Errorf("%w (%w)", vault.Codes.New("COF-801"), again.err)
		}
		if err := c.o.Wait(ctx, pause); err != nil {
			return err
		}
		pause *= 2
	}
}

// exchange sends one request and returns the answer's body, which ends in an
// error when the server is silent for longer than Stall.
func (c *Client) exchange(ctx context.Context, verb string, body []byte) (io.ReadCloser, error) {
	token, err := c.bearer(ctx)
	if err != nil {
		return nil, err
	}
	r, err := c.post(ctx, verb, token, body)
	var a *anomalie.Anomalie
	if errors.As(err, &a) && a.Code == "COF-802" && c.o.Login != "" {
		// The token died: log in again, once.
		c.mu.Lock()
		if c.token == token {
			c.token, c.known = "", token
		}
		c.mu.Unlock()
		if token, err = c.bearer(ctx); err != nil {
			return nil, err
		}
		return c.post(ctx, verb, token, body)
	}
	return r, err
}

func (c *Client) bearer(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" || c.o.Login == "" {
		return c.token, nil
	}
	q, err := json.Marshal(question{Login: c.o.Login, Password: c.o.Password, Appareil: c.known})
	if err != nil {
		return "", fmt.Errorf("log in to the vault's server: %w", err)
	}
	r, err := c.post(ctx, "session", "", q)
	if err != nil {
		return "", err
	}
	defer r.Close()
	var a answer
	if err := readLine(bufio.NewReader(r), &a); err != nil {
		return "", err
	}
	c.token = a.Jeton
	return c.token, nil
}

func (c *Client) post(ctx context.Context, verb, token string, body []byte) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	watch := time.AfterFunc(c.o.Stall, func() { cancel(errStalled) })
	stop := func() { watch.Stop(); cancel(nil) }
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+Prefix+verb, &stirring{bytes.NewReader(body), watch, c.o.Stall})
	if err != nil {
		stop()
		return nil, fmt.Errorf("call the vault's server: %w", err)
	}
	req.ContentLength = int64(len(body))
	req.GetBody = nil
	req.Header.Set("Content-Type", "application/octet-stream")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := c.o.HTTP.Do(req)
	if err != nil {
		if errors.Is(context.Cause(ctx), errStalled) {
			err = errStalled
		}
		stop()
		return nil, errAgain{fmt.Errorf("call the vault's server: %w", err)}
	}
	out := &answerBody{resp.Body, watch, c.o.Stall, stop}
	if resp.StatusCode == http.StatusOK {
		return out, nil
	}
	defer out.Close()
	var a answer
	err = readLine(bufio.NewReader(io.LimitReader(out, maxLine)), &a)
	said := fmt.Errorf("vault's server answered %d", resp.StatusCode)
	if a.Requete != "" {
		said = fmt.Errorf("%w to request %s", said, a.Requete)
	}
	switch {
	case resp.StatusCode >= 500:
		return nil, errAgain{said}
	case err == nil && a.Fault != nil && !a.Fault.Machine:
		return nil, a.Fault.err()
	case resp.StatusCode == http.StatusTooManyRequests:
		return nil, errAgain{said}
	}
	return nil, said
}

var errStalled = errors.New("the server is silent")

// stirring puts off the end of patience as the request is read.
type stirring struct {
	io.Reader
	watch *time.Timer
	stall time.Duration
}

func (s *stirring) Read(b []byte) (int, error) {
	s.watch.Reset(s.stall)
	return s.Reader.Read(b)
}

type answerBody struct {
	io.ReadCloser
	watch *time.Timer
	stall time.Duration
	stop  func()
}

func (b *answerBody) Read(p []byte) (int, error) {
	b.watch.Reset(b.stall)
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = errAgain{fmt.Errorf("read the answer of the vault's server: %w", err)}
	}
	return n, err
}

func (b *answerBody) Close() error {
	b.stop()
	return b.ReadCloser.Close()
}

// maxAnswer bounds a line of the server: a session with all its exceptions.
const maxAnswer = 16 << 20

// readLine reads one line. An answer that ends before its time may be asked
// for again.
func readLine(r *bufio.Reader, a *answer) error {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			break
		}
		if err == io.EOF {
			return errAgain{io.ErrUnexpectedEOF}
		}
		if err != bufio.ErrBufferFull {
			return err
		}
		if len(line) > maxAnswer {
			return errors.New("line of the vault's server is too long")
		}
	}
	*a = answer{}
	if err := decode(line, a); err != nil {
		return fmt.Errorf("read the answer of the vault's server: %w", err)
	}
	return nil
}

// ask sends a question and reads the one line of its answer.
func (c *Client) ask(ctx context.Context, verb string, q question) (a answer, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return a, fmt.Errorf("ask the vault's server: %w", err)
	}
	err = c.try(ctx, func() error {
		r, err := c.exchange(ctx, verb, body)
		if err != nil {
			return err
		}
		defer r.Close()
		if err := readLine(bufio.NewReader(r), &a); err != nil {
			return err
		}
		return a.Fault.err()
	})
	return a, err
}
