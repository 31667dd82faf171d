package remote

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"paye/internal/server"
	"paye/vault"
)

// deposit reads the batch, whole and within MaxBody, before it is deposited:
// an upload that is cut files nothing. Memory for a batch is scarce: a place is
// given to who may deposit, and kept by who sends.
func (h *handler) deposit(w http.ResponseWriter, r *http.Request, par vault.Acteur) error {
	up := &upload{r: http.MaxBytesReader(w, r.Body, h.o.MaxBody), c: http.NewResponseController(w), patience: h.o.Patience, pace: h.o.Pace}
	up.begin()
	// What is not read of a batch is not waited for longer than it was.
	defer func() { up.c.SetReadDeadline(time.Now().Add(up.patience)) }()
	body := bufio.NewReaderSize(up, maxLine)
	d, more, err := h.next(body)
	if err != nil {
		return err
	}
	var lot []vault.Document
	if more {
		if err := h.s.MayDeposit(r.Context(), par, d.Employeur); err != nil {
			return err
		}
		leave, err := h.places.take(r.Context(), par.Nom)
		if err != nil {
			return err
		}
		defer leave()
		up.begin()
	}
	for ; more; d, more, err = h.next(body) {
		if err != nil {
			return err
		}
		if len(lot) >= vault.MaxLot {
			return unreadable("lot")
		}
		pdf, err := h.contents(body, d)
		if err != nil {
			return err
		}
		lot = append(lot, vault.Document{Identite: d.Identite, Periode: d.Periode, Nature: d.Nature, Sequence: d.Sequence, Version: d.Version, Parent: d.Parent,
			Titre: d.Titre, Versement: d.Versement, Contenu: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(pdf)), nil }})
	}
	if err != nil {
		return err
	}
	results, err := h.s.Deposit(r.Context(), par, lot)
	if err != nil {
		return err
	}
	out := &writer{w: w}
	for _, res := range results {
		if err := out.line(answer{Recu: res.Recu, Deja: res.Deja, Fault: toFault(res.Err)}); err != nil {
			return nil // the caller went away; it will ask again
		}
	}
	if err := out.line(answer{Fin: true}); err != nil {
		return nil
	}
	return nil
}

// next reads the line before a document; there is no more at the end of the
// body.
func (h *handler) next(body *bufio.Reader) (d *document, more bool, err error) {
	line, err := body.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, tooLarge(err, "document")
	}
	d = &document{}
	if err := decode(line, d); err != nil || d.Taille < 0 {
		return nil, false, unreadable("document")
	}
	if d.Taille > h.o.MaxDocument {
		return nil, false, vault.Codes.New("COF-203", h.o.MaxDocument)
	}
	return d, true, nil
}

// contents reads the bytes of a document and compares them with its digest.
func (h *handler) contents(body io.Reader, d *document) ([]byte, error) {
	pdf, err := readExactly(body, d.Taille)
	if err != nil {
		return nil, tooLarge(err, "document")
	}
	if sum := sha256.Sum256(pdf); hex.EncodeToString(sum[:]) != d.SHA256 {
		return nil, unreadable("sha256")
	}
	return pdf, nil
}

// readExactly reads n bytes, growing as they come: the number is a claim.
func readExactly(r io.Reader, n int64) ([]byte, error) {
	var b bytes.Buffer
	if got, err := io.CopyN(&b, r, n); err != nil || got != n {
		return nil, errors.Join(err, io.ErrUnexpectedEOF)
	}
	return b.Bytes(), nil
}

func tooLarge(err error, what string) error {
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &limit):
		return vault.Codes.New("COF-203", limit.Limit)
	case errors.Is(err, errSlow):
		return vault.Codes.New("COF-805")
	}
	return unreadable(what)
}

var errSlow = errors.New("the caller sends too slowly")

// upload is the body of a batch: it ends when its sender is slower than the
// patience plus the pace.
type upload struct {
	r        io.Reader
	c        *http.ResponseController
	patience time.Duration
	pace     int64 // bytes a second
	begun    time.Time
	n        int64
}

func (u *upload) begin() { u.begun, u.n = time.Now(), 0 }

func (u *upload) Read(b []byte) (int, error) {
	left := u.patience + time.Duration(float64(u.n)/float64(u.pace)*float64(time.Second)) - time.Since(u.begun)
	if left <= 0 {
		return 0, errSlow
	}
	// A deadline that has passed ends a read that waits.
	end := time.AfterFunc(left, func() { u.c.SetReadDeadline(time.Unix(1, 0)) })
	n, err := u.r.Read(b)
	u.n += int64(n)
	if !end.Stop() && err != nil {
		err = errSlow
	}
	return n, err
}

// places are those that batches have in memory. No account has more than half.
type places struct {
	all  chan struct{}
	each int

	mu sync.Mutex
	of map[string]*share
}

// share is what one account has.
type share struct {
	taken chan struct{}
	users int
}

func newPlaces(n int) *places {
	return &places{all: make(chan struct{}, n), each: max(1, n/2), of: map[string]*share{}}
}

// take waits until one batch more of an account may be held in memory.
func (p *places) take(ctx context.Context, account string) (leave func(), err error) {
	ctx, stop := context.WithTimeout(ctx, waitForBatch)
	defer stop()
	p.mu.Lock()
	s := p.of[account]
	if s == nil {
		s = &share{taken: make(chan struct{}, p.each)}
		p.of[account] = s
	}
	s.users++
	p.mu.Unlock()
	gone := func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if s.users--; s.users == 0 {
			delete(p.of, account)
		}
	}
	for _, place := range []chan struct{}{s.taken, p.all} {
		select {
		case place <- struct{}{}:
		case <-ctx.Done():
			if place == p.all {
				<-s.taken
			}
			gone()
			return nil, server.Codes.New(server.ServeurOccupe)
		}
	}
	return func() { <-p.all; <-s.taken; gone() }, nil
}
