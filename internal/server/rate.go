package server

import (
	"io"
	"net/http"
	"time"
)

// debit leaves a caller who is too slow: who was waited for longer than the
// patience plus what his bytes take at the least rate. The time the handler
// takes is not his.
type rate struct {
	patience time.Duration
	rate     int64 // bytes a second
	n        int64
	waited   time.Duration
}

// until is when to give up, once next more bytes have passed.
func (d *rate) until(now time.Time, next int) time.Time {
	return now.Add(d.patience + time.Duration(float64(d.n+int64(next))/float64(d.rate)*float64(time.Second)) - d.waited)
}

func (d *rate) passed(n int, since time.Time) {
	d.n += int64(n)
	d.waited += time.Since(since)
}

// lecture is a body that is not waited for without end.
type lecture struct {
	io.ReadCloser
	rate
	c *http.ResponseController
}

func (l *lecture) Read(b []byte) (int, error) {
	// Without deadlines, as in a test without a connection, there is no rate.
	start := time.Now()
	l.c.SetReadDeadline(l.until(start, 0))
	n, err := l.ReadCloser.Read(b)
	l.passed(n, start)
	// net/http listens for the end of the connection while the handler works;
	// a deadline left there would end the request.
	l.c.SetReadDeadline(time.Time{})
	return n, err
}

// ecriture is an answer that is not pushed without end, and knows what it said.
type writing struct {
	http.ResponseWriter
	rate
	c      *http.ResponseController
	status int
}

// Unwrap lets http.ResponseController through.
func (e *writing) Unwrap() http.ResponseWriter { return e.ResponseWriter }

func (e *writing) WriteHeader(status int) {
	if e.status == 0 && status >= 200 {
		e.status = status
	}
	e.ResponseWriter.WriteHeader(status)
}

func (e *writing) Write(b []byte) (int, error) {
	if e.status == 0 {
		e.status = http.StatusOK
	}
	start := time.Now()
	e.c.SetWriteDeadline(e.until(start, len(b)))
	n, err := e.ResponseWriter.Write(b)
	e.passed(n, start)
	return n, err
}

// paced measures both directions of a request. end is to be called when the
// handler is done: what is still to be sent, and what is still to be read and
// thrown away, has the patience alone.
func (s *Serveur) paced(w http.ResponseWriter, r *http.Request) (e *writing, end func()) {
	c := http.NewResponseController(w)
	pace := rate{patience: s.o.Patience, rate: s.o.Rate}
	c.SetWriteDeadline(time.Time{}) // the one of the request before
	e = &writing{ResponseWriter: w, rate: pace, c: c}
	r.Body = &lecture{ReadCloser: http.MaxBytesReader(w, r.Body, s.o.MaxCorps), rate: pace, c: c}
	return e, func() {
		limit := time.Now().Add(s.o.Patience)
		c.SetReadDeadline(limit)
		c.SetWriteDeadline(limit)
	}
}
