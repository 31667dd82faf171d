package run

import (
	"bytes"
	"strconv"

	"paye/xhl/internal/schema"
)

// gather adds to the batch the bulletin of an agent and its lines.
func (in *csvBulletins) gather(b *csvBatch, rec csvRecord) error {
	start := len(b.text)
	bulletin := csvBulletinSpan{csvSpan: b.keep(rec)}
	for in.pendingRang == in.last {
		if len(b.text)-start+len(in.pending.text) > in.opts.Run.MaxBulletin {
			return in.lignes.fault(schema.Codes.New("XHL-004", in.opts.Run.MaxBulletin), in.pending.csvPlace)
		}
		b.lignes = append(b.lignes, b.keep(in.pending))
		if err := in.advance(); err != nil {
			return err
		}
	}
	bulletin.lignes = len(b.lignes)
	b.bulletins = append(b.bulletins, bulletin)
	if in.pendingRang != 0 && in.pendingRang < in.last {
		return in.finished()
	}
	return nil
}

// finished refuses the lines that no bulletin took.
func (in *csvBulletins) finished() error {
	if in.pendingRang == 0 {
		return nil
	}
	return in.lignes.fault(csvFault(CSVLignes, csvOrder, strconv.Itoa(in.pendingRang)), in.pending.csvPlace)
}

func (b *csvBatch) keep(rec csvRecord) csvSpan {
	if b.text == nil {
		b.text = make([]byte, 0, batchSize)
	}
	from := len(b.text)
	b.text = append(b.text, rec.text...)
	return csvSpan{from, len(b.text), rec.csvPlace}
}

// rank reads the rank that a record gives in its n-th cell.
func (r *csvReader) rank(rec csvRecord, n int) (int, error) {
	if rank, ok := parseRank(bytes.TrimSpace(rawCell(rec.text, r.sep, n))); ok {
		return rank, nil
	}
	if _, err := r.split(string(rec.text), nil, rec.csvPlace); err != nil {
		return 0, err
	}
	return 0, r.fault(csvFault(r.name, csvRank, r.columns[n]), rec.csvPlace)
}

func parseRank(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if !schema.IsDigit(c) || n > 1e8 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, n > 0
}

// rawCell returns the n-th cell of a record without its quotes, for keys,
// which hold no quote; nil when the record is not well formed.
func rawCell(rec []byte, sep byte, n int) []byte {
	for {
		var cell []byte
		if len(rec) > 0 && rec[0] == '"' {
			end := 1
			for {
				next := bytes.IndexByte(rec[end:], '"')
				if next < 0 {
					return nil
				}
				if end += next + 1; end == len(rec) || rec[end] != '"' {
					break
				}
				end++
			}
			cell, rec = rec[1:end-1], rec[end:]
			if len(rec) > 0 && rec[0] != sep {
				return nil
			}
		} else {
			end := bytes.IndexByte(rec, sep)
			if end < 0 {
				end = len(rec)
			}
			cell, rec = rec[:end], rec[end:]
		}
		if n == 0 {
			return cell
		}
		if len(rec) == 0 {
			return nil
		}
		n, rec = n-1, rec[1:]
	}
}
