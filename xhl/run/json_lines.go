package run

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

// RunLine is one line of a run.jsonl: exactly one of its fields is set, save
// for a line that opens a DonneesIndiv without Etablissement, which sets
// Groupe alone.
type RunLine struct {
	Entete        *xhl.Entete
	Groupe        bool // {"etablissement":…}: a DonneesIndiv begins
	Etablissement *xhl.Etablissement
	Bulletin      *xhl.Bulletin
	Nomenclatures *xhl.Nomenclatures // shared with other runs: nobody changes them
	Repartition   *xhl.RepartitionParNature
}

// The keys of the lines of a run, in the order in which they are looked up.
const (
	keyEntete        = "entete"
	keyEtablissement = "etablissement"
	keyBulletin      = "bulletin"
	keyNomenclatures = "nomenclatures"
	keyRepartition   = "repartition"
)

// RunReader reads the lines of a run.jsonl.
type RunReader struct {
	lines *bufio.Reader
	opts  xhl.Options
	n     int64 // lines read
	at    int64 // offset of the next line
	dec   LineDecoder
}

// NewRunReader returns a reader of the lines of a run, of Options.MaxBulletin
// bytes at most each.
func NewRunReader(r io.Reader, o xhl.Options) *RunReader {
	return newRunReader(bufio.NewReaderSize(r, runBuffer), o)
}

// NewHeadReader is NewRunReader for who reads the first line alone.
func NewHeadReader(r io.Reader, o xhl.Options) *RunReader {
	return newRunReader(bufio.NewReaderSize(r, 16<<10), o)
}

func newRunReader(lines *bufio.Reader, o xhl.Options) *RunReader {
	o.Defaults()
	return &RunReader{lines: lines, opts: o, dec: LineDecoder{opts: o}}
}

// runBuffer is how many bytes of a run are read at once.
const runBuffer = 256 << 10

var runBuffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, runBuffer) }}

// Raw gives the lines as they stand, without the empty ones, with their number
// from 1 and their offset; a slice is valid until the next one.
func (r *RunReader) Raw() iter.Seq2[RawLine, error] {
	return func(yield func(RawLine, error) bool) {
		var long []byte
		for {
			line, err := r.lines.ReadSlice('\n')
			if errors.Is(err, bufio.ErrBufferFull) {
				if long = append(long, line...); len(long) > r.opts.MaxBulletin {
					yield(RawLine{}, schema.Codes.New("XHL-004", r.opts.MaxBulletin).At(r.opts.Fichier, r.at, r.n+1))
					return
				}
				continue
			}
			if err != nil && !errors.Is(err, io.EOF) {
				yield(RawLine{}, fmt.Errorf("read run at byte %d: %w", r.at, err))
				return
			}
			if len(long) > 0 {
				line = append(long, line...)
			}
			r.n++
			raw := RawLine{Bytes: bytes.TrimSpace(line), Ligne: r.n, Offset: r.at}
			if r.n == 1 {
				raw.Bytes = bytes.TrimPrefix(raw.Bytes, []byte("\uFEFF"))
			}
			r.at += int64(len(line))
			long = long[:0]
			if len(raw.Bytes) > 0 && !yield(raw, nil) || err != nil {
				return
			}
		}
	}
}

// RawLine is a line of a run before it is decoded.
type RawLine struct {
	Bytes  []byte
	Ligne  int64
	Offset int64
}

// Kind is the key of the line, "" when it cannot be told.
func (l RawLine) Kind() string {
	b := bytes.TrimLeft(bytes.TrimPrefix(l.Bytes, []byte("{")), " \t")
	if len(b) == 0 || b[0] != '"' {
		return ""
	}
	end := bytes.IndexByte(b[1:], '"')
	if end < 0 {
		return ""
	}
	return string(b[1 : 1+end])
}

// Lines gives the lines decoded. The Bulletin is reused: Clone what has to
// last. It can be ranged over once.
func (r *RunReader) Lines() iter.Seq2[*RunLine, error] {
	return func(yield func(*RunLine, error) bool) {
		var line RunLine
		var bullet xhl.Bulletin
		for raw, err := range r.Raw() {
			if err == nil {
				err = r.dec.Decode(raw, &line, &bullet)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&line, nil) {
				return
			}
		}
	}
}
