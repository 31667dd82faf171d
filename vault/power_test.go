package vault

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/vault/internal/catalogue"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/packs"
)

var errPower = errors.New("power cut")

// power is a disk that loses, when the power goes, any part of what was
// written to the journal and to the packs since their last sync.
type power struct {
	rng   *rand.Rand
	left  int               // operations until the cut
	safe  map[string][]byte // files as they were synced
	known map[string]bool   // files that were written to
}

func (p *power) fault(op, path string, size int) (int, error) {
	if p.left--; p.left <= 0 {
		return p.rng.IntN(size + 1), errPower
	}
	p.known[path] = true
	if op == "sync" {
		if b, err := os.ReadFile(path); err == nil {
			p.safe[path] = b
		}
	}
	return 0, nil
}

// cut rewrites the files as the disk may have them: of each sector the old or
// the new, and any end in between.
func (p *power) cut(t *testing.T) {
	t.Helper()
	const sector = 512
	for _, path := range slices.Sorted(maps.Keys(p.known)) {
		fresh, err := os.ReadFile(path)
		if err != nil {
			continue // was not made
		}
		old := p.safe[path]
		if old == nil && strings.HasSuffix(path, packs.PackSuffix) && p.rng.IntN(2) == 0 {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		end := len(fresh)
		if end > len(old) {
			end = len(old) + p.rng.IntN(end-len(old)+1)
		}
		b := make([]byte, end)
		for at := 0; at < end; at += sector {
			to := min(at+sector, end)
			if p.rng.IntN(2) == 0 {
				copy(b[at:to], fresh[at:])
			} else if at < len(old) {
				copy(b[at:to], old[at:])
			}
			if at < len(old) && string(old[at:min(to, len(old))]) == string(fresh[at:min(to, len(old))]) {
				copy(b[at:min(to, len(old))], old[at:]) // a sector half old holds its old half
			}
		}
		rewrite(t, path, b, 0o600)
	}
}

// catalogueFiles are the files of the database, to be put back as they were.
func catalogueFiles(root string) map[string][]byte {
	m := map[string][]byte{}
	for _, suffix := range []string{"", "-wal"} {
		path := filepath.Join(root, catalogue.Name) + suffix
		if b, err := os.ReadFile(path); err == nil {
			m[path] = b
		}
	}
	return m
}

func TestNothingAcknowledgedIsLostByAPowerCut(t *testing.T) {
	t.Parallel()
	root := newVault(t, Options{})
	rng := rand.New(rand.NewPCG(7, 7))
	all := map[string]*Recu{}
	next := 0
	for round := range rounds(40) {
		before := catalogueFiles(root)
		p := &power{rng: rng, left: 1 + rng.IntN(40), safe: map[string][]byte{}, known: map[string]bool{}}
		for _, dir := range []string{journal.Dir, packs.Dir} {
			for _, path := range files(t, filepath.Join(root, dir)) {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				p.safe[path] = b
			}
		}
		c, err := openOn(ctx, root, Options{}, &disk.Disk{Fault: p.fault})
		for err == nil {
			lot := bulletins(next, next+1+rng.IntN(4))
			var results []Resultat
			if results, err = c.Deposit(ctx, Systeme("essai"), lot); err != nil {
				break
			}
			for i, r := range results {
				if r.Err != nil {
					t.Fatal(r.Err)
				}
				all[lot[i].Matricule] = r.Recu
			}
			next += len(lot)
			if d := lot[0].Matricule; rng.IntN(3) == 0 {
				// Whether a destruction that was cut is done is not known.
				id := all[d].ID
				delete(all, d)
				err = erased(c, Systeme("essai"), id, ToutesCopies, "essai")
			}
		}
		if !errors.Is(err, errPower) {
			t.Fatalf("round %d: %v, want the power cut", round, err)
		}
		if c != nil {
			c.release()
		}
		p.cut(t)
		if rng.IntN(2) == 0 {
			for _, suffix := range []string{"", "-wal", "-shm"} {
				os.Remove(filepath.Join(root, catalogue.Name) + suffix)
			}
			for path, b := range before {
				rewrite(t, path, b, 0o600)
			}
		}
		c, err = Open(ctx, root, Options{})
		if err != nil {
			t.Fatalf("round %d: the vault does not open after the cut: %v", round, err)
		}
		holds(t, c, all)
		// What was interrupted is deposited under other names.
		next += 10
		if err := c.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
	c := reopen(t, root, Options{})
	if _, err := c.Upkeep().Sweep(ctx, Systeme("essai")); err != nil {
		t.Fatal(err)
	}
	c.Close(ctx)
	r, err := Fsck(ctx, root, FsckOptions{})
	if err != nil || !r.Sound() || r.Fautes["COF-130"] > 0 {
		t.Errorf("fsck: %v %v", r.Anomalies, err)
	}
	if int(r.Documents) < len(all) || len(all) == 0 {
		t.Errorf("fsck found %d documents, %d were acknowledged", r.Documents, len(all))
	}
	t.Log(fmt.Sprint(len(all), " documents acknowledged, ", r.Orphelins, " orphans"))
}

func TestOnlyALastFrameThatLacksASectorIsRemoved(t *testing.T) {
	const sector = 512
	lacking := func(b []byte, frame int) {
		at := (frame/sector + 2) * sector
		clear(b[at : at+sector])
	}
	for _, c := range []struct {
		name    string
		follows bool // the frame is not the last
		covered bool // by a checkpoint: it was acknowledged
		damage  func(b []byte, frame int)
		removed bool
		want    string
	}{
		{"a sector never written", false, false, lacking, true, ""},
		{"a sector of zeros in what a checkpoint covers", false, true, lacking, false, "COF-112"},
		{"a leaf never written", false, false, func(b []byte, frame int) { clear(b[frame+journal.FrameHead:][:32]) }, false, "COF-112"},
		{"a sector of zeros before a frame that follows", true, false, func(b []byte, frame int) { clear(b[frame+4:][:2*sector]) }, false, "COF-112"},
		{"a bit of a leaf that flipped", false, false, func(b []byte, frame int) { b[frame+journal.FrameHead] ^= 1 }, false, "COF-112"},
		{"a bit of a slot that flipped", false, false, func(b []byte, frame int) { b[frame+3*sector] ^= 1 }, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := newVault(t, Options{})
			size := func() int {
				b, err := os.ReadFile(filepath.Join(root, journal.Dir, journal.SegmentName(1)))
				if err != nil {
					t.Fatal(err)
				}
				return len(b)
			}
			v := reopen(t, root, Options{})
			acked := deposit(t, v, bulletins(0, 3)...)
			v.Close(ctx)
			before, kept := catalogueFiles(root), size()
			v = reopen(t, root, Options{})
			deposit(t, v, bulletins(3, 6)...)
			v.Close(ctx)
			for _, suffix := range []string{"", "-wal", "-shm"} {
				os.Remove(filepath.Join(root, catalogue.Name) + suffix)
			}
			for path, b := range before {
				rewrite(t, path, b, 0o600)
			}
			if points := files(t, filepath.Join(root, journal.PointsDir)); !c.covered {
				os.Remove(points[len(points)-1])
			}
			path := filepath.Join(root, journal.Dir, journal.SegmentName(1))
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for next := int64(kept); next < int64(len(b)); {
				f, err := journal.ReadFrame(bytes.NewReader(b), 1, next, int64(len(b)))
				if err != nil {
					t.Fatal(err)
				}
				kept, next = int(next), next+f.Size
				if c.follows {
					break
				}
			}
			c.damage(b, kept)
			rewrite(t, path, b, 0o600)
			v, err = Open(ctx, root, Options{})
			if got := faults.Code(err); got != c.want {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if now := size(); c.removed != (now < len(b)) {
				t.Errorf("%d bytes of journal of %d, want the damaged frame removed: %v", now, len(b), c.removed)
			}
			if err == nil {
				defer v.Close(ctx)
				holds(t, v, map[string]*Recu{"A00000": acked[0], "A00001": acked[1], "A00002": acked[2]})
			}
		})
	}
}
