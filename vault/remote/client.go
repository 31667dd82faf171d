package remote

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/anomalie"
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
	loopback := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
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

// Deposit implements [vault.Store]. A large batch goes in several requests.
func (c *Client) Deposit(ctx context.Context, _ vault.Acteur, lot []vault.Document) ([]vault.Resultat, error) {
	out := make([]vault.Resultat, 0, len(lot))
	var body bytes.Buffer
	sums := make([]string, len(lot))
	first := 0
	flush := func(end int) error {
		if first == end {
			return nil
		}
		results, err := c.deposit(ctx, body.Bytes(), sums[first:end])
		out = append(out, results...)
		first = end
		body.Reset()
		return err
	}
	for i := range lot {
		before := body.Len()
		var err error
		if sums[i], err = c.encode(ctx, &body, &lot[i]); err != nil {
			return nil, err
		}
		if int64(body.Len()) > c.o.Batch && i > first {
			last := bytes.Clone(body.Bytes()[before:])
			body.Truncate(before)
			if err := flush(i); err != nil {
				return nil, err
			}
			body.Write(last)
		}
	}
	if err := flush(len(lot)); err != nil {
		return nil, err
	}
	return out, nil
}

// encode writes a document as its line and its bytes, and returns its SHA-256.
func (c *Client) encode(ctx context.Context, w *bytes.Buffer, d *vault.Document) (string, error) {
	if d.Contenu == nil {
		return "", vault.Codes.New("COF-201", "contenu")
	}
	r, err := d.Contenu(ctx)
	if err != nil {
		return "", fmt.Errorf("open the document of matricule %s: %w", d.Matricule, err)
	}
	pdf, err := io.ReadAll(io.LimitReader(r, c.o.MaxDocument+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return "", fmt.Errorf("read the document of matricule %s: %w", d.Matricule, err)
	}
	if int64(len(pdf)) > c.o.MaxDocument {
		a := vault.Codes.New("COF-203", c.o.MaxDocument)
		a.Matricule = d.Matricule
		return "", a
	}
	sum := sha256.Sum256(pdf)
	line, err := json.Marshal(document{Identite: d.Identite, Periode: d.Periode, Nature: d.Nature, Sequence: d.Sequence, Version: d.Version, Parent: d.Parent,
		Titre: d.Titre, Versement: d.Versement, Taille: int64(len(pdf)), SHA256: hex.EncodeToString(sum[:])})
	if err != nil {
		return "", fmt.Errorf("send the document of matricule %s: %w", d.Matricule, err)
	}
	w.Write(line)
	w.WriteByte('\n')
	w.Write(pdf)
	return hex.EncodeToString(sum[:]), nil
}

// deposit sends documents whose digests are sums. A receipt that does not prove
// one of them is no receipt.
func (c *Client) deposit(ctx context.Context, body []byte, sums []string) (out []vault.Resultat, err error) {
	key, err := c.Verificateur(ctx)
	if err != nil {
		return nil, err
	}
	err = c.try(ctx, func() error {
		r, err := c.exchange(ctx, "deposit", body)
		if err != nil {
			return err
		}
		defer r.Close()
		lines := bufio.NewReader(r)
		out = make([]vault.Resultat, 0, len(sums))
		for {
			var a answer
			if err := readLine(lines, &a); err != nil {
				return err
			}
			if a.Fin {
				break
			}
			out = append(out, vault.Resultat{Recu: a.Recu, Deja: a.Deja, Err: a.Fault.err()})
		}
		if len(out) != len(sums) {
			return fmt.Errorf("vault's server answered %d results for %d documents", len(out), len(sums))
		}
		for i, r := range out {
			if r.Err == nil && (r.Recu == nil || r.Recu.Verify(key, sums[i]) != nil) {
				return vault.Codes.New("COF-804")
			}
		}
		return nil
	})
	return out, err
}

// Verificateur is the key that verifies receipts and checkpoints. The first
// that the server says is kept: later receipts are held against the same.
func (c *Client) Verificateur(ctx context.Context) (string, error) {
	c.mu.Lock()
	key := c.key
	c.mu.Unlock()
	if key != "" {
		return key, nil
	}
	if _, err := c.Point(ctx); err != nil {
		return "", err
	}
	return c.Verificateur(ctx)
}

// Point is the newest signed checkpoint of the vault, to be kept here: what it
// covers the server cannot change behind the back of who has it.
func (c *Client) Point(ctx context.Context) ([]byte, error) {
	a, err := c.ask(ctx, "point", question{})
	if err != nil || a.Point == nil || a.Point.Verificateur == "" {
		return nil, errors.Join(err, missing(err))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key == "" {
		c.key = a.Point.Verificateur
	}
	if c.key != a.Point.Verificateur {
		return nil, vault.Codes.New("COF-804")
	}
	return []byte(a.Point.Note), nil
}

// Coherence implements [vault.Guichet]. Whether it proves anything is for the
// caller to see.
func (c *Client) Coherence(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	a, err := c.ask(ctx, "coherence", question{De: from, A: to})
	return a.Coherence, err
}

// Read implements [vault.Store]: nothing is written before the whole document
// has come and is the one that its metadata say.
func (c *Client) Read(ctx context.Context, _ vault.Acteur, id vault.ID, w io.Writer) (m vault.Metadata, err error) {
	body, err := json.Marshal(question{ID: id})
	if err != nil {
		return m, fmt.Errorf("ask the vault's server: %w", err)
	}
	var pdf []byte
	err = c.try(ctx, func() error {
		r, err := c.exchange(ctx, "read", body)
		if err != nil {
			return err
		}
		defer r.Close()
		lines := bufio.NewReader(r)
		var a answer
		if err := readLine(lines, &a); err != nil {
			return err
		}
		if a.Metadata == nil || a.Metadata.ID != id || a.Metadata.Taille < 0 || a.Metadata.Taille > c.o.MaxDocument {
			return errors.Join(a.Fault.err(), vault.Codes.New("COF-804"))
		}
		m = *a.Metadata
		if pdf, err = io.ReadAll(io.LimitReader(lines, m.Taille+1)); err != nil {
			return err
		}
		if int64(len(pdf)) < m.Taille {
			return errAgain{io.ErrUnexpectedEOF}
		}
		if sum := sha256.Sum256(pdf); hex.EncodeToString(sum[:]) != m.Empreinte {
			return vault.Codes.New("COF-804")
		}
		return nil
	})
	if err != nil {
		return vault.Metadata{}, err
	}
	if _, err := w.Write(pdf); err != nil {
		return vault.Metadata{}, fmt.Errorf("hand over a document: %w", err)
	}
	return m, nil
}

// Destroy implements [vault.Store]. What was erased is zero when the answer to
// a call that was done was lost.
func (c *Client) Destroy(ctx context.Context, _ vault.Acteur, id vault.ID, copies vault.Copie, motif string) (done vault.Effacement, err error) {
	sent := 0
	body, err := json.Marshal(question{ID: id, Copies: copies, Motif: motif})
	if err != nil {
		return done, fmt.Errorf("ask the vault's server: %w", err)
	}
	err = c.try(ctx, func() error {
		sent++
		r, err := c.exchange(ctx, "destroy", body)
		var a *anomalie.Anomalie
		if sent > 1 && errors.As(err, &a) && a.Code == "COF-223" {
			return nil // the first was done, its answer lost
		}
		if err != nil {
			return err
		}
		defer r.Close()
		var said answer
		if err := readLine(bufio.NewReader(r), &said); err != nil {
			return err
		}
		if said.Effacement != nil {
			done = *said.Effacement
		}
		return said.Fault.err()
	})
	return done, err
}

// Metadata implements [vault.Store].
func (c *Client) Metadata(ctx context.Context, _ vault.Acteur, id vault.ID) (vault.Metadata, error) {
	a, err := c.ask(ctx, "metadata", question{ID: id})
	if err != nil || a.Metadata == nil {
		return vault.Metadata{}, errors.Join(err, missing(err))
	}
	return *a.Metadata, nil
}

// missing is the fault of an answer without what was asked for.
func missing(err error) error {
	if err != nil {
		return nil
	}
	return vault.Codes.New("COF-804")
}

// Check implements [vault.Store].
func (c *Client) Check(ctx context.Context, _ vault.Acteur, id vault.ID) (vault.Controle, error) {
	a, err := c.ask(ctx, "check", question{ID: id})
	if err != nil || a.Controle == nil {
		return vault.Controle{}, errors.Join(err, missing(err))
	}
	out := vault.Controle{Recu: a.Controle.Recu, Depuis: time.UnixMilli(a.Controle.Depuis).UTC()}
	for _, f := range a.Controle.Fautes {
		out.Fautes = append(out.Fautes, f.err())
	}
	return out, nil
}

// Journal implements [vault.Store]. An answer that is cut is continued.
func (c *Client) Journal(ctx context.Context, _ vault.Acteur, f vault.FiltreJournal) iter.Seq2[vault.Evenement, error] {
	return func(yield func(vault.Evenement, error) bool) {
		err := c.stream(ctx, "journal", func() question { return question{Journal: f} }, func(a *answer) bool {
			if a.Evenement == nil {
				return true
			}
			f.Debut = a.Evenement.Index + 1
			return yield(*a.Evenement, nil)
		})
		if err != nil {
			yield(vault.Evenement{}, err)
		}
	}
}

// List implements [vault.Store]. An answer that is cut is continued.
func (c *Client) List(ctx context.Context, _ vault.Acteur, f vault.Filtre) iter.Seq2[vault.Metadata, error] {
	return func(yield func(vault.Metadata, error) bool) {
		limited := f.Limite > 0
		err := c.stream(ctx, "list", func() question { return question{Filtre: f} }, func(a *answer) bool {
			if a.Metadata == nil {
				return true
			}
			f.Apres = a.Metadata.ID
			if !yield(*a.Metadata, nil) {
				return false
			}
			f.Limite--
			return !limited || f.Limite > 0
		})
		if err != nil {
			yield(vault.Metadata{}, err)
		}
	}
}

// stream reads lines until the last, asking for the rest when it is cut.
func (c *Client) stream(ctx context.Context, verb string, q func() question, each func(*answer) bool) error {
	stopped := false
	return c.try(ctx, func() error {
		if stopped {
			return nil
		}
		body, err := json.Marshal(q())
		if err != nil {
			return fmt.Errorf("ask the vault's server: %w", err)
		}
		r, err := c.exchange(ctx, verb, body)
		if err != nil {
			return err
		}
		defer r.Close()
		lines := bufio.NewReader(r)
		for {
			var a answer
			if err := readLine(lines, &a); err != nil {
				return err
			}
			if a.Fault != nil {
				return a.Fault.err()
			}
			if a.Fin {
				return nil
			}
			if !each(&a) {
				stopped = true
				return nil
			}
		}
	})
}

// Count implements [vault.Store].
func (c *Client) Count(ctx context.Context, _ vault.Acteur, f vault.Filtre) (int64, error) {
	a, err := c.ask(ctx, "count", question{Filtre: f})
	return a.Nombre, err
}

// MayDeposit implements [vault.Depositaire].
func (c *Client) MayDeposit(ctx context.Context, _ vault.Acteur, siret string) error {
	_, err := c.ask(ctx, "may-deposit", question{Siret: siret})
	return err
}

// Papier implements [vault.Depositaire].
func (c *Client) Papier(ctx context.Context, _ vault.Acteur, siret string) ([]vault.Papier, error) {
	a, err := c.ask(ctx, "papier", question{Siret: siret})
	return a.Papier, err
}

// OpenVersement implements [vault.Depositaire].
func (c *Client) OpenVersement(ctx context.Context, _ vault.Acteur, v vault.Versement) (vault.Versement, error) {
	return c.versement(ctx, "versement-open", v)
}

// SaveVersement implements [vault.Depositaire].
func (c *Client) SaveVersement(ctx context.Context, _ vault.Acteur, v vault.Versement) (vault.Versement, error) {
	return c.versement(ctx, "versement-save", v)
}

func (c *Client) versement(ctx context.Context, verb string, v vault.Versement) (vault.Versement, error) {
	a, err := c.ask(ctx, verb, question{Versement: &v})
	if err != nil || a.Versement == nil {
		return v, errors.Join(err, missing(err))
	}
	return *a.Versement, nil
}

// Versements implements [vault.Depositaire].
func (c *Client) Versements(ctx context.Context, _ vault.Acteur, siret string) ([]vault.Versement, error) {
	a, err := c.ask(ctx, "versements", question{Siret: siret})
	return a.Versements, err
}

// Validate implements [vault.Guichet].
func (c *Client) Validate(ctx context.Context, _ vault.Acteur, id vault.ID) (vault.Versement, error) {
	return c.decide(ctx, "versement-validate", question{ID: id})
}

// Reject implements [vault.Guichet].
func (c *Client) Reject(ctx context.Context, _ vault.Acteur, id vault.ID, motif string) (vault.Versement, error) {
	return c.decide(ctx, "versement-reject", question{ID: id, Motif: motif})
}

func (c *Client) decide(ctx context.Context, verb string, q question) (vault.Versement, error) {
	a, err := c.ask(ctx, verb, q)
	if err != nil || a.Versement == nil {
		return vault.Versement{}, errors.Join(err, missing(err))
	}
	return *a.Versement, nil
}

// Employeurs implements [vault.Guichet].
func (c *Client) Employeurs(ctx context.Context, _ vault.Acteur) ([]vault.Employeur, error) {
	a, err := c.ask(ctx, "employeurs", question{})
	return a.Employeurs, err
}
