package due

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"
)

// largeurFixe is the length of a record in bytes, without its CR LF.
const largeurFixe = 256

// maxRecords is how many records a file may have; six digits number them.
const maxRecords = 999_999

// genre is how a zone is filled: A left-aligned, spaces after; N digits,
// zeros before; D a date JJMMAAAA; T a time HHMM. A zone of N, D or T that has
// no value is spaces.
type genre byte

// zone is a named place of a record, from 1, both ends included.
type zone struct {
	Nom        string
	Debut, Fin int
	Genre      genre
}

func (z zone) width() int { return z.Fin - z.Debut + 1 }

// fill writes value into the zone of rec. A value that does not fit is a fault
// of the program that calls, never cut.
func (z zone) fill(rec []byte, value string) error {
	for i := range len(value) {
		if value[i] < 0x20 || value[i] > 0x7e {
			return fmt.Errorf("zone %s: a character outside of the layout", z.Nom)
		}
	}
	if len(value) > z.width() {
		return fmt.Errorf("zone %s: %d characters for %d", z.Nom, len(value), z.width())
	}
	at := rec[z.Debut-1 : z.Fin]
	if z.Genre == 'N' && value != "" {
		value = strings.Repeat("0", len(at)-len(value)) + value
	}
	copy(at, value)
	return nil
}

// value reads the zone of rec, and reports false when it is not filled as its
// genre says.
func (z zone) value(rec []byte) (string, bool) {
	raw := string(rec[z.Debut-1 : z.Fin])
	if z.Genre == 'A' {
		v := strings.TrimRight(raw, " ")
		return v, !strings.HasPrefix(v, " ")
	}
	if strings.Trim(raw, " ") == "" {
		return "", true
	}
	for i := range len(raw) {
		if raw[i] < '0' || raw[i] > '9' {
			return "", false
		}
	}
	switch z.Genre {
	case 'D':
		_, ok := parseJJMMAAAA(raw)
		return raw, ok
	case 'T':
		_, err := time.Parse("1504", raw)
		return raw, err == nil
	}
	return raw, true
}

// gabarit is the zones of each type of record of one layout. Every record has
// its type in 1-2 and its number in 3-8.
type gabarit map[string][]zone

var zoneSequence = zone{"sequence", 3, 8, 'N'}

// fixeWriter writes the records of a layout and digests them.
type fixeWriter struct {
	w       io.Writer
	layout  gabarit
	sum     hash.Hash
	records int
}

func newFixeWriter(w io.Writer, layout gabarit) *fixeWriter {
	return &fixeWriter{w: w, layout: layout, sum: sha256.New()}
}

// digest is the SHA-256, in hexadecimal, of what was written so far.
func (f *fixeWriter) digest() string { return hex.EncodeToString(f.sum.Sum(nil)) }

// write writes one record; values are by name of zone, those that are missing
// are absent.
func (f *fixeWriter) write(kind string, values map[string]string) error {
	f.records++
	rec := []byte(strings.Repeat(" ", largeurFixe) + "\r\n")
	copy(rec, kind)
	if err := zoneSequence.fill(rec, strconv.Itoa(f.records)); err != nil {
		return fmt.Errorf("write record %d: %w", f.records, err)
	}
	for _, z := range f.layout[kind] {
		if err := z.fill(rec, values[z.Nom]); err != nil {
			return fmt.Errorf("write record %d: %w", f.records, err)
		}
	}
	f.sum.Write(rec)
	if _, err := f.w.Write(rec); err != nil {
		return fmt.Errorf("write record %d: %w", f.records, err)
	}
	return nil
}

// fixeReader reads the records of a layout, strictly: width, characters,
// genres, numbers, and spaces everywhere else. It accepts LF alone, and
// digests the text with its CR LF put back.
type fixeReader struct {
	r       *bufio.Reader
	layout  gabarit
	fichier string
	sum     hash.Hash
	before  string // the digest of everything before the record at hand
	records int

	kind string
	rec  []byte
}

func newFixeReader(r io.Reader, layout gabarit, fichier string) *fixeReader {
	return &fixeReader{r: bufio.NewReaderSize(r, 4096), layout: layout, fichier: fichier, sum: sha256.New()}
}

// refuses is an anomaly at position of the record at hand; position 0 is the
// whole record.
func (f *fixeReader) refuses(code string, position int, args ...any) error {
	a := Codes.New(code, args...)
	a.Fichier, a.Ligne = f.fichier, int64(f.records)
	if position > 0 {
		a.Chemin = fmt.Sprintf("%s[%d]", f.kind, position)
	}
	return a
}

// next reads one record into f.kind and returns its values; io.EOF after the
// last one.
func (f *fixeReader) next() (map[string]string, error) {
	line, err := f.r.ReadSlice('\n')
	if err == io.EOF && len(line) == 0 {
		return nil, io.EOF
	}
	f.records++
	f.kind = ""
	switch {
	case err == io.EOF, err == bufio.ErrBufferFull, f.records > maxRecords:
		return nil, f.refuses("DUE-T02", 0, f.records, largeurFixe)
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", f.fichier, err)
	}
	rec := line[:len(line)-1]
	if len(rec) > 0 && rec[len(rec)-1] == '\r' {
		rec = rec[:len(rec)-1]
	}
	if len(rec) != largeurFixe {
		return nil, f.refuses("DUE-T02", 0, f.records, largeurFixe)
	}
	f.rec = append(f.rec[:0], rec...)
	f.before = hex.EncodeToString(f.sum.Sum(nil))
	f.sum.Write(f.rec)
	f.sum.Write([]byte("\r\n"))
	return f.values()
}

func (f *fixeReader) values() (map[string]string, error) {
	kind := string(f.rec[:2])
	zones, ok := f.layout[kind]
	if !ok {
		return nil, f.refuses("DUE-T03", 0, f.records)
	}
	f.kind = kind
	for i, c := range f.rec {
		if c < 0x20 || c > 0x7e {
			return nil, f.refuses("DUE-T04", i+1, f.records, i+1)
		}
	}
	if n, ok := zoneSequence.value(f.rec); !ok || n != fmt.Sprintf("%06d", f.records) {
		return nil, f.refuses("DUE-T05", zoneSequence.Debut, f.records)
	}
	values := make(map[string]string, len(zones))
	at := zoneSequence.Fin
	for _, z := range append(zones[:len(zones):len(zones)], zone{Debut: largeurFixe + 1}) {
		for ; at < z.Debut-1; at++ {
			if f.rec[at] != ' ' {
				return nil, f.refuses("DUE-T06", at+1, f.records, at+1)
			}
		}
		if z.Nom == "" {
			break
		}
		v, ok := z.value(f.rec)
		if !ok {
			return nil, f.refuses("DUE-T07", z.Debut, f.records, z.Debut, z.Nom)
		}
		values[z.Nom], at = v, z.Fin
	}
	return values, nil
}

// needs refuses a record in which one of the zones is absent.
func (f *fixeReader) needs(values map[string]string, noms ...string) error {
	for _, nom := range noms {
		if values[nom] == "" {
			for _, z := range f.layout[f.kind] {
				if z.Nom == nom {
					return f.refuses("DUE-T07", z.Debut, f.records, z.Debut, nom)
				}
			}
		}
	}
	return nil
}

// number is a zone of genre N that was read, 0 when absent.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // absent: the genre has already refused anything but digits
	}
	return n
}
