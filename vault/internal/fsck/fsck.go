package fsck

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/packs"
)

// Options say what is verified, and with what.
type Options struct {
	Clock       func() time.Time
	Log         *slog.Logger
	Blobs       packs.Store // the packs of the vault when nil
	Phrase      func(cle string) ([]byte, error)
	MaxDocument int64 // bytes
	Workers     int   // blobs verified at once
	Secours     string
	Temoins     [][]byte
	Progress    *Progress
}

// Progress counts, for a progress bar that pulls.
type Progress struct {
	Evenements, Blobs, Octets atomic.Int64
}

// Rapport is what a verification found.
type Rapport struct {
	Evenements int64 `json:"evenements"`
	Documents  int64 `json:"documents"`
	Destroyed  int64 `json:"detruits"`
	Blobs      int64 `json:"blobs"`
	Octets     int64 `json:"octets"` // of blobs, read again
	Dechiffres int64 `json:"dechiffres"`
	Orphelins  int64 `json:"orphelins"`
	Points     int64 `json:"points"` // checkpoints compared
	// Anomalies are what is wrong, by code and place, the first MaxFautes of
	// each code; Fautes counts all of them.
	Anomalies []*anomalie.Anomalie `json:"anomalies"`
	Fautes    map[string]int64     `json:"fautes"`
}

// MaxFautes is how many anomalies of each code are listed; all are counted.
const MaxFautes = 1000

// Sound reports whether nothing of gravity erreur was found.
func (r *Rapport) Sound() bool {
	for _, a := range r.Anomalies {
		if a.Gravite == anomalie.Erreur {
			return false
		}
	}
	return true
}

// fsck holds one verification.
type fsck struct {
	root  string
	o     Options
	desc  keys.Descriptor
	keys  *keys.Ring
	blobs packs.Store
	seg   *journal.Segments
	mu    sync.Mutex
	r     *Rapport

	lock    *disk.FolderLock
	first   *sql.DB            // the catalogue; nil when there is none
	unsound error              // what is wrong with its file
	builder *catalogue.Builder // of the second catalogue
	doubles map[string]book.Openers
}

func (f *fsck) fault(a *anomalie.Anomalie) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.r.Fautes[a.Code]++; f.r.Fautes[a.Code] <= MaxFautes {
		f.r.Anomalies = append(f.r.Anomalies, a)
	}
}

// Run verifies a vault. An error is of the machine or means that nothing
// could be verified; what is wrong with the vault is in the report.
func Run(ctx context.Context, root string, o Options) (*Rapport, error) {
	if o.Progress == nil {
		o.Progress = &Progress{}
	}
	f := &fsck{root: root, o: o, doubles: map[string]book.Openers{}, r: &Rapport{Fautes: map[string]int64{}}}
	err := f.run(ctx)
	if a, ok := faults.As(err); ok {
		f.fault(a)
		err = nil
	}
	slices.SortStableFunc(f.r.Anomalies, func(a, b *anomalie.Anomalie) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Fichier, b.Fichier), cmp.Compare(a.Offset, b.Offset), cmp.Compare(fmt.Sprint(a.Args), fmt.Sprint(b.Args)))
	})
	return f.r, err
}

func (f *fsck) run(ctx context.Context) (err error) {
	var raw []byte
	if f.desc, raw, err = keys.ReadDescriptor(f.root); err != nil {
		return err
	}
	lock, err := disk.LockFolder(f.root, durable.Shared)
	if err != nil {
		return err
	}
	defer lock.Release()
	f.lock = lock
	if f.keys, err = keys.Load(f.root, f.desc, f.o.Phrase); err != nil {
		return err
	}
	if f.blobs = f.o.Blobs; f.blobs == nil {
		f.blobs = packs.New(filepath.Join(f.root, packs.Dir), nil)
	}
	f.seg = &journal.Segments{Dir: filepath.Join(f.root, journal.Dir), Vault: f.desc.ID}
	// Checkpoints are read before what is committed: each was saved of events
	// that were committed then.
	points, err := f.savedPoints()
	if err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Join(f.root, catalogue.Name)); err == nil && info.Size() > 0 {
		if f.first, err = catalogue.Open(filepath.Join(f.root, catalogue.Name), 1); err != nil {
			return err
		}
		defer f.first.Close()
		// Verifying an index looks for its entries all over it.
		f.first.ExecContext(ctx, fmt.Sprint("PRAGMA cache_size=-", min(max(info.Size()/4, 4<<20), 32<<20)>>10))
	}
	committed := f.committed(ctx)
	durable.SweepScratch(f.root, disk.ExportFolder) // who exports may never come back, and its metadata is clear
	work, err := durable.NewScratch(f.root, disk.FsckFolder)
	if err != nil {
		return fmt.Errorf("make a folder for the second catalogue: %w", err)
	}
	defer work.Close()
	second := filepath.Join(work.Dir, "second.db")
	db, err := catalogue.OpenScratch(second, 4)
	if err != nil {
		return err
	}
	defer db.Close()
	b := &catalogue.Builder{Ctx: ctx, Db: db, Keys: f.keys, Seg: f.seg, Descriptor: sha256.Sum256(raw), Fault: f.fault, Until: committed, Scratch: true}
	b.Seen = func(n int) { f.o.Progress.Evenements.Add(int64(n)) }
	group, gctx := errgroup.WithContext(ctx)
	group.Go(b.Build)
	group.Go(func() error { return f.sound(gctx) })
	if err := group.Wait(); err != nil {
		return err
	}
	f.r.Evenements, f.builder = b.Size, b
	if committed >= 0 && b.Size < committed {
		f.fault(faults.Codes.New("COF-111", journal.SegmentName(b.End.Segment)))
	}
	if err := f.points(ctx, db, points); err != nil {
		return err
	}
	return f.looks(ctx, db, second)
}

// committed is how many leaves the catalogue knows; -1 when it cannot say.
func (f *fsck) committed(ctx context.Context) int64 {
	if f.first == nil {
		return -1
	}
	var n int64
	if err := f.first.QueryRowContext(ctx, "SELECT coalesce(max(taille),0) FROM lots").Scan(&n); err != nil {
		return -1
	}
	return n
}
