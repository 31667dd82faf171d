package splitter

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"paye/xhl"
)

// kept is a journal that can be read again, and that may change.
type kept struct{ *bytes.Reader }

var errKept = errors.New("the journal changed")

func (kept) Changed() error { return errKept }

// readAgain reads a book whose blocs are compressed up to the one given.
func readAgain(t testing.TB, doc []byte, original Original, segment, after int) *Livre {
	t.Helper()
	r, err := NewReading(bytes.NewReader(doc), ReadOptions{Spool: t.TempDir(), Original: original, unreadAfter: after, Journal: xhl.Options{Segment: segment}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Livre(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// The plain twin of a book that is not compressed while it is read is the book
// that is: neither gives more volumes, and both give the same bulletins.
func TestABookReadAgainGivesNoMoreVolumes(t *testing.T) {
	scattered, compressed := 0, 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 41))
		doc, pieces := randomBook(t, rng)
		segment := 1000 + rng.IntN(5000)
		plain, again := readAgain(t, doc, nil, segment, 0), readAgain(t, doc, kept{bytes.NewReader(doc)}, segment, 1+rng.IntN(12))
		if again.unread == 0 {
			continue
		}
		var travel Pieces
		for _, id := range plain.RefIDs {
			travel.ParRef = append(travel.ParRef, pieces[id])
		}
		whole, err := NewPlan(context.Background(), plain, travel, archive, Options{Limit: 1 << 40})
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Limit: whole.Volumes[0].Octets/int64(2+rng.IntN(3)) + 4000}
		want, err := NewPlan(context.Background(), plain, travel, archive, o)
		if err != nil {
			continue // a bulletin alone exceeds the limit
		}
		got, err := NewPlan(context.Background(), again, travel, archive, o)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Volumes) > len(want.Volumes) || got.Borne > len(want.Volumes) {
			t.Errorf("seed %d: %d volumes, bound %d; compressed while read %d, bound %d", seed, len(got.Volumes), got.Borne, len(want.Volumes), want.Borne)
		}
		checkSet(t, doc, again, got, archive, o)
		if again.unread > 0 {
			scattered++
		} else {
			compressed++
		}
	}
	if scattered < 5 || compressed < 2 {
		t.Errorf("%d plans were scattered, %d books were compressed after all", scattered, compressed)
	}
}

// The same journal gives the same volumes, byte for byte.
func TestABookReadAgainIsTheSameTwice(t *testing.T) {
	doc, travel, o := sharing(t)
	var first [][]byte
	for _, workers := range []int{1, 4} {
		l := readAgain(t, doc, kept{bytes.NewReader(doc)}, 3000, 5)
		l.workers = workers
		p, err := NewPlan(context.Background(), l, travel(l), archive, o)
		if err != nil {
			t.Fatal(err)
		}
		if l.unread == 0 {
			t.Fatal("the plan is not scattered")
		}
		for n, v := range p.Volumes {
			var file bytes.Buffer
			if err := archive.Write(context.Background(), v, &file); err != nil {
				t.Fatal(err)
			}
			if workers == 1 {
				first = append(first, file.Bytes())
			} else if !bytes.Equal(first[n], file.Bytes()) {
				t.Errorf("volume %d differs", n+1)
			}
		}
	}
}

// Whoever writes into the journal between the two readings stops the work.
func TestAJournalThatChangedIsNotPacked(t *testing.T) {
	doc, travel, o := sharing(t)
	for name, spoil := range map[string]func([]byte) []byte{
		"a digit": func(b []byte) []byte {
			at := bytes.Index(b[len(b)/2:], []byte(`<Mt V="`)) + len(b)/2 + len(`<Mt V="`)
			b[at] ^= 1
			return b
		},
		"cut":   func(b []byte) []byte { return b[:len(b)/2] },
		"moved": func(b []byte) []byte { return append(b[:len(b)/3], b[len(b)/3+1:]...) },
	} {
		t.Run(name, func(t *testing.T) {
			l := readAgain(t, doc, kept{bytes.NewReader(spoil(bytes.Clone(doc)))}, 3000, 5)
			if _, err := NewPlan(context.Background(), l, travel(l), archive, o); !errors.Is(err, errKept) {
				t.Errorf("%v", err)
			}
		})
	}
}

// sharing is a book whose documents are shared from one end to the other, and a
// limit at which its plan is scattered.
func sharing(t testing.TB) ([]byte, func(*Livre) Pieces, Options) {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	pieces := map[string]*Justificatif{}
	ids := make([]string, 12)
	for k := range ids {
		ids[k] = string(rune('A' + k))
		pieces[ids[k]] = piece(t, ids[k], 15_000, rng)
	}
	doc := book(600, 3, rng, func(i int) []string {
		if i%5 > 0 {
			return nil
		}
		return []string{ids[i/5%len(ids)]}
	})
	return doc, func(l *Livre) (p Pieces) {
		for _, id := range l.RefIDs {
			p.ParRef = append(p.ParRef, pieces[id])
		}
		return p
	}, Options{Limit: 100_000}
}
