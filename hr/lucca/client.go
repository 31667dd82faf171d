package lucca

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"paye/hr"
	"paye/internal/anomalie"
)

// Options is how a tenant is reached. URL, Key and Clock are needed.
type Options struct {
	URL       string
	Key       string
	Hosts     []string       // suffixes of hosts instead of the vendor's
	Private   bool           // the host may have a private address and a port
	Roots     *x509.CertPool // nil: those of the system
	Contracts bool           // contracts are read for sheets that show none
	Clock     hr.Clock
	Timeout   time.Duration // of one request; a minute when 0
	Today     hr.Date       // for the contract that is in force
}

// Client reads one tenant. It is not for concurrent use: the tenant's limit
// would gain nothing.
type Client struct {
	base      *url.URL
	key       string
	http      *http.Client
	clock     hr.Clock
	limiter   *limiter
	jitter    *rand.Rand
	page      int // of users; halved when the tenant is too slow
	leaves    int // of leaves
	today     hr.Date
	contracts map[string][]contract // by owner; nil when they are not wanted
	want      bool                  // contracts are wanted
}

// Limits of what is read and tried.
const (
	maxBody   = 16 << 20 // bytes of an answer, once decompressed
	tries     = 5
	maxWait   = 5 * time.Minute
	usersPage = 100
	leavePage = 1000
	minPage   = 10
)

// New makes a client; nothing is asked yet.
func New(o Options) (*Client, error) {
	base, err := account(o.URL, o.Hosts, o.Private)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(o.Key) == "" || strings.ContainsAny(o.Key, "\r\n") {
		return nil, hr.Codes.New("RH-105")
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	transport := &http.Transport{
		DialContext: dialer.DialContext, Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig: &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
	}
	// Behind a proxy it is the proxy that resolves the name.
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base}); err == nil && proxy == nil && !o.Private {
		dialer.Control = publicOnly
	}
	timeout := o.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	c := &Client{base: base, key: strings.TrimSpace(o.Key), clock: o.Clock, limiter: newLimiter(o.Clock), page: usersPage, leaves: leavePage,
		// Jitter spreads retries, it keeps no secret.
		jitter: rand.New(rand.NewPCG(uint64(o.Clock.Now().UnixNano()), 1)), want: o.Contracts, today: o.Today}
	c.http = &http.Client{Transport: transport, Timeout: timeout, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if r.URL.Host != base.Host || r.URL.Scheme != "https" || len(via) > 3 {
			return hr.Codes.New("RH-210")
		}
		return nil
	}}
	return c, nil
}

// Name tells the tenant.
func (c *Client) Name() string { return name(c.base) }

// Name is the name of the client of an account, which needs no key.
func Name(address string, hosts []string, private bool) (string, error) {
	base, err := account(address, hosts, private)
	if err != nil {
		return "", err
	}
	return name(base), nil
}

func name(base *url.URL) string { return "lucca:" + base.Host }

// errTooSlow is the tenant's own time-out: a smaller page may pass.
var errTooSlow = errors.New("the tenant timed out")

// get asks for a path and decodes the answer into v, as often as it makes
// sense. It returns errTooSlow for the tenant's time-out.
func (c *Client) get(ctx context.Context, path string, query url.Values, v any) error {
	for try := 1; ; try++ {
		if err := c.limiter.wait(ctx); err != nil {
			return err
		}
		wait, err := c.once(ctx, path, query, v)
		var again *retry
		if err == nil || !errors.As(err, &again) {
			return err
		}
		if try == tries {
			return again.after(try)
		}
		if wait == 0 {
			base := time.Second << (try - 1)
			wait = base/2 + time.Duration(c.jitter.Int64N(int64(base)))
		}
		if err := c.clock.Sleep(ctx, min(wait, maxWait)); err != nil {
			return err
		}
	}
}

// retry is an error after which the same request may pass.
type retry struct{ after func(tries int) error }

func (*retry) Error() string { return "may pass later" }

func again(code string, args ...any) *retry {
	return &retry{func(int) error { return hr.Codes.New(code, args...) }}
}

// once asks once. wait is what the tenant wants us to wait, 0 when it does not
// say.
func (c *Client) once(ctx context.Context, path string, query url.Values, v any) (wait time.Duration, err error) {
	u := *c.base
	u.Path, u.RawQuery = path, query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, fmt.Errorf("ask for %s: %w", path, err)
	}
	req.Header.Set("Authorization", "lucca application="+c.key)
	req.Header.Set("Accept", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, c.failure(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return c.retryAfter(resp), status(resp.StatusCode, path)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return 0, hr.Codes.New("RH-205", path, kind)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if len(body) > maxBody {
		return 0, hr.Codes.New("RH-211", path, maxBody)
	}
	if err != nil {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		return 0, again("RH-206", path)
	}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	dec.UseNumber()
	if dec.Decode(v) != nil {
		return 0, again("RH-206", path)
	}
	return 0, nil
}

// failure is a request without an answer. What the library says holds the whole
// address, and is not repeated.
func (c *Client) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return a
	}
	var cause *url.Error
	if errors.As(err, &cause) {
		err = cause.Err
	}
	if tlsFault(err) {
		return errors.Join(hr.Codes.New("RH-217"), fmt.Errorf("reach the source: %w", err))
	}
	return &retry{func(n int) error {
		return errors.Join(hr.Codes.New("RH-217"), fmt.Errorf("reach the source, %d tries: %w", n, err))
	}}
}

// tlsFault reports a certificate that no second try makes right.
func tlsFault(err error) bool {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &verification) || errors.As(err, &record)
}

// status is the meaning of an answer other than 200.
func status(code int, path string) error {
	switch code {
	case http.StatusUnauthorized:
		return hr.Codes.New("RH-202")
	case http.StatusForbidden:
		return hr.Codes.New("RH-203", path)
	case http.StatusNotFound:
		return hr.Codes.New("RH-204", path)
	case http.StatusRequestTimeout:
		return errTooSlow
	case http.StatusTooManyRequests:
		return &retry{func(n int) error { return hr.Codes.New("RH-207", n) }}
	}
	if code >= 500 {
		return &retry{func(n int) error { return hr.Codes.New("RH-209", code, n) }}
	}
	return hr.Codes.New("RH-214", path, code)
}

// retryAfter reads the header of that name: seconds, or a date.
func (c *Client) retryAfter(resp *http.Response) time.Duration {
	s := resp.Header.Get("Retry-After")
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return time.Duration(min(n, int(maxWait/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(0, at.Sub(c.clock.Now()))
	}
	return 0
}

// shrink halves a page that was too slow, down to the smallest.
func shrink(page *int) error {
	if *page <= minPage {
		return hr.Codes.New("RH-208")
	}
	*page = max(minPage, *page/2)
	return nil
}
