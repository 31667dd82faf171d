package send

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"paye/internal/fluxbook"
)

// Paths of the public interface of S2LOW, read in its public code.
const (
	s2lowDeposit = "/modules/helios/api/helios_importer_fichier.php"
	s2lowStatus  = "/modules/helios/api/helios_transac_get_status.php"
	s2lowAcquit  = "/modules/helios/helios_download_acquit.php"
	s2lowProbe   = "/api/test-connexion.php"
	s2lowList    = "/modules/helios/api/list_pes_aller.php"
	s2lowFile    = "/modules/helios/helios_download_file.php"
)

// S2low is a platform with the interface of S2LOW.
type S2low struct {
	base           string
	user, password string
	client         *http.Client
}

// S2lowOptions are those of NewS2low; Address, Certificate and Key are
// compulsory.
type S2lowOptions struct {
	Address        string // https://host, with or without a path
	Certificate    []byte // PEM: of the client, with its chain
	Key            []byte // PEM
	Authority      []byte // PEM: of the server; nil for those of the system
	User, Password string // basic login, when several users share the certificate
}

// answerDelay is how long a platform may take to answer once it has the whole
// file.
const answerDelay = 5 * time.Minute

// maxAnswer is how many bytes of an answer are read.
const maxAnswer = 1 << 20

// NewS2low returns the platform at an address.
func NewS2low(o S2lowOptions) (*S2low, error) {
	u, err := url.Parse(o.Address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, Codes.New(AdresseFausse, "https://…")
	}
	pair, err := tls.X509KeyPair(o.Certificate, o.Key)
	if err != nil {
		return nil, Codes.New(CertificatFaux)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	if o.Authority != nil {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(o.Authority) {
			return nil, Codes.New(CertificatFaux)
		}
	}
	return &S2low{
		base: strings.TrimRight(o.Address, "/"), user: o.User, password: o.Password,
		client: &http.Client{
			Transport: &http.Transport{
				Proxy: http.ProxyFromEnvironment, TLSClientConfig: config, ForceAttemptHTTP2: false,
				DialContext:         (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
				TLSHandshakeTimeout: 30 * time.Second, ResponseHeaderTimeout: answerDelay, IdleConnTimeout: time.Minute,
			},
			// An error of the platform is a redirect to a page for people.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Name is the platform and its host.
func (s *S2low) Name() string {
	u, err := url.Parse(s.base)
	if err != nil {
		return "s2low"
	}
	return "s2low " + u.Host
}

// Probe asks whether the certificate and the login are known.
func (s *S2low) Probe(ctx context.Context) error {
	status, text, err := s.get(ctx, s2lowProbe, nil)
	if err != nil {
		return err
	}
	if status != http.StatusOK || !bytes.HasPrefix(bytes.TrimSpace(text), []byte("OK")) {
		return Codes.New(TdtRefuse, s.Name(), clipText(text))
	}
	return nil
}

// Deposit posts the flux as the multipart field "enveloppe". The body is
// counted: a connection that breaks before all of it was taken leaves no
// transaction, one that breaks after it may have.
func (s *S2low) Deposit(ctx context.Context, e *Envelope) Outcome {
	in, err := e.Open()
	if err != nil {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: err.Error()}
	}
	defer in.Close()
	body, contentType, err := enveloppe(in, e)
	if err != nil {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: err.Error()}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+s2lowDeposit, io.NopCloser(body))
	if err != nil {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: err.Error()}
	}
	req.ContentLength = body.total
	req.Header.Set("Content-Type", contentType)
	s.login(req)
	resp, err := s.client.Do(req)
	if err != nil {
		return broken(ctx, body, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return Outcome{Issue: fluxbook.IssueIncertain, Message: network(err)}
	}
	out := readDeposit(resp.StatusCode, text)
	if out.Issue == fluxbook.IssueDepose && out.Transaction == "" { // a duplicate: it is there, and its number is not told
		out.Transaction = s.Find(ctx, e).Transaction
	}
	return out
}

// broken judges a request that has no answer.
func broken(ctx context.Context, body *counter, err error) Outcome {
	if body.n.Load() >= body.total {
		return Outcome{Issue: fluxbook.IssueIncertain, Message: network(err)}
	}
	var certificate *tls.CertificateVerificationError
	again := ctx.Err() == nil && !errors.As(err, &certificate)
	return Outcome{Issue: fluxbook.IssueNonParti, Message: network(err), Network: again}
}

// network is what happened, without the address, which may hold a name.
func network(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// counter is a body that knows how much of it was taken.
type counter struct {
	io.Reader
	total int64
	n     atomic.Int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// enveloppe is the multipart form around a flux, of a length that is known.
func enveloppe(in io.Reader, e *Envelope) (*counter, string, error) {
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if err := form.SetBoundary("xhl-" + e.SHA256[:32]); err != nil {
		return nil, "", err
	}
	part := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="enveloppe"; filename=%q`, e.NomFic)}, "Content-Type": {"text/xml"}}
	if _, err := form.CreatePart(part); err != nil {
		return nil, "", err
	}
	length := head.Len()
	if err := form.Close(); err != nil {
		return nil, "", err
	}
	start, end := head.Bytes()[:length], head.Bytes()[length:]
	return &counter{Reader: io.MultiReader(bytes.NewReader(start), in, bytes.NewReader(end)), total: int64(head.Len()) + e.Octets}, form.FormDataContentType(), nil
}

func (s *S2low) login(req *http.Request) {
	if s.user != "" {
		req.SetBasicAuth(s.user, s.password)
	}
}

func (s *S2low) get(ctx context.Context, path string, q url.Values) (int, []byte, error) {
	address := s.base + path
	if q != nil {
		address += "?" + q.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, err
	}
	s.login(req)
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s: %s", s.Name(), network(err))
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAcquit+1))
	if err != nil {
		return 0, nil, fmt.Errorf("ask %s: %s", s.Name(), network(err))
	}
	return resp.StatusCode, text, nil
}

// Follow asks for the status of each flux, and for its acknowledgment once
// there may be one. A status is never an acceptance. A number that is not known
// is looked for first.
func (s *S2low) Follow(ctx context.Context, sent []*Sent, _ func(string, int64) bool, news func(*News) error) error {
	for _, f := range sent {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := &News{Flux: f.Flux, Transaction: f.Transaction}
		if f.Transaction == "" {
			s.search(ctx, n, envelope(f))
		}
		if n.Transaction != "" {
			s.ask(ctx, n)
		}
		if err := news(n); err != nil {
			return err
		}
	}
	return nil
}

// search looks for the number of a flux.
func (s *S2low) search(ctx context.Context, n *News, e *Envelope) {
	found := s.Find(ctx, e)
	n.Transaction, n.Message = found.Transaction, found.Message
	switch {
	case found.Issue == fluxbook.IssueDepose:
		n.Etat = fluxbook.Depose
	case found.Issue == fluxbook.IssueNonParti && n.Flux.Etat == fluxbook.Incertain:
		n.Absent = true
	default:
		n.Faute = Codes.New(NumeroInconnu, n.Flux.NomFic)
	}
}

func (s *S2low) ask(ctx context.Context, n *News) {
	status, text, err := s.get(ctx, s2lowStatus, url.Values{"transaction": {n.Transaction}})
	if err != nil {
		n.Faute = err
		return
	}
	code, message, err := readStatus(status, text)
	if err != nil {
		n.Faute = err
		return
	}
	n.Message = message
	n.Etat = cmp.Or(s2lowStates[code], n.Etat)
	if !mayHaveAcquit(code) {
		return
	}
	status, text, err = s.get(ctx, s2lowAcquit, url.Values{"id": {n.Transaction}})
	if err != nil {
		n.Faute = err
		return
	}
	// On any error the platform answers 200 with a page, or redirects to one.
	if status == http.StatusOK && isAcquit(text) {
		n.Acquit, n.Fichier = text, "acquit-"+n.Transaction+".xml"
	}
}
