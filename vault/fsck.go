package vault

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/anomalie"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/packs"
)

// FsckOptions say how deep a vault is verified.
type FsckOptions struct {
	Options
	// Secours opens every document: with the recovery key, whose file is
	// named here, each blob is decrypted and compared with its digest. Empty:
	// with the keys of the employers that are there.
	Secours string
	// Temoins are checkpoints that were kept outside.
	Temoins [][]byte
	// Progress is updated on the way.
	Progress *FsckProgress
}

// FsckProgress counts, for a progress bar that pulls.
type FsckProgress struct {
	Evenements, Blobs, Octets atomic.Int64
}

// RapportFsck is what a verification found.
type RapportFsck struct {
	Evenements int64 `json:"evenements"`
	Documents  int64 `json:"documents"`
	Destroyed  int64 `json:"detruits"`
	Blobs      int64 `json:"blobs"`
	Octets     int64 `json:"octets"` // of blobs, read again
	Dechiffres int64 `json:"dechiffres"`
	Orphelins  int64 `json:"orphelins"`
	Points     int64 `json:"points"` // checkpoints compared
	// Anomalies are what is wrong, the first maxFautes of each code; Fautes
	// counts all of them.
	Anomalies []*anomalie.Anomalie `json:"anomalies"`
	Fautes    map[string]int64     `json:"fautes"`
}

const maxFautes = 1000

// Sound reports whether nothing of gravity erreur was found.
func (r *RapportFsck) Sound() bool {
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
	o     FsckOptions
	desc  keys.Descriptor
	keys  *keys.Ring
	blobs Blobs
	seg   *journal.Segments
	mu    sync.Mutex
	r     *RapportFsck

	closed  bool // nobody has the vault open
	doubles map[string]book.Openers
}

func (f *fsck) fault(a *anomalie.Anomalie) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.r.Fautes[a.Code]++; f.r.Fautes[a.Code] <= maxFautes {
		f.r.Anomalies = append(f.r.Anomalies, a)
	}
}

// Fsck reads every byte of a vault, makes the catalogue again from the journal
// and compares, and names what is wrong. It changes nothing, opens a vault
// that [Open] refuses, and may run beside deposits: it verifies what was
// committed when it began. Beside a [Coffre.Rekey] it may take for damage what
// that one erases. An error is of the machine or means that nothing
// could be verified; what is wrong with the vault is in the report.
func Fsck(ctx context.Context, root string, o FsckOptions) (*RapportFsck, error) {
	o.Options = o.Options.withDefaults()
	if o.Progress == nil {
		o.Progress = &FsckProgress{}
	}
	f := &fsck{root: root, o: o, doubles: map[string]book.Openers{}, r: &RapportFsck{Fautes: map[string]int64{}}}
	err := f.run(ctx)
	if a, ok := faults.As(err); ok {
		f.fault(a)
		err = nil
	}
	return f.r, err
}

func (f *fsck) run(ctx context.Context) (err error) {
	var raw []byte
	if f.desc, raw, err = keys.ReadDescriptor(f.root); err != nil {
		return err
	}
	// Whoever gets the exclusive lock is alone.
	if alone, err := disk.LockFolder(f.root, disk.LockExclusive); err == nil {
		f.closed = true
		alone.Release()
	}
	lock, err := disk.LockFolder(f.root, disk.LockShared)
	if err != nil {
		return err
	}
	defer lock.Release()
	if f.keys, err = keys.Load(f.root, f.desc, f.o.Phrase); err != nil {
		return err
	}
	if f.blobs = f.o.Blobs; f.blobs == nil {
		f.blobs = packs.New(filepath.Join(f.root, packs.Dir), nil)
	}
	f.seg = &journal.Segments{Dir: filepath.Join(f.root, journal.Dir), Vault: f.desc.ID}
	committed := f.committed(ctx)
	work, err := os.MkdirTemp(f.root, ".fsck-")
	if err != nil {
		return fmt.Errorf("make a folder for the second catalogue: %w", err)
	}
	defer os.RemoveAll(work)
	second := filepath.Join(work, "second.db")
	db, err := catalogue.OpenScratch(second, 4)
	if err != nil {
		return err
	}
	defer db.Close()
	b := &catalogue.Builder{Ctx: ctx, Db: db, Keys: f.keys, Seg: f.seg, Descriptor: sha256.Sum256(raw), Fault: f.fault, Until: committed}
	b.Seen = func(n int) { f.o.Progress.Evenements.Add(int64(n)) }
	if err := b.Build(); err != nil {
		return err
	}
	f.r.Evenements = b.Size
	if committed >= 0 && b.Size < committed {
		f.fault(Codes.New("COF-111", journal.SegmentName(b.End.Segment)))
	}
	if err := f.points(ctx, db, b.Size); err != nil {
		return err
	}
	if err := f.compare(ctx, second); err != nil {
		return err
	}
	if err := f.slots(ctx, db); err != nil {
		return err
	}
	f.privateKeys(ctx, db)
	return f.data(ctx, db)
}

// committed is how many leaves the catalogue knows; -1 when it cannot say.
func (f *fsck) committed(ctx context.Context) int64 {
	path := filepath.Join(f.root, catalogue.Name)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return -1
	}
	db, err := catalogue.Open(path, 1)
	if err != nil {
		return -1
	}
	defer db.Close()
	var n int64
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(taille),0) FROM lots").Scan(&n); err != nil {
		return -1
	}
	return n
}

// points holds every saved checkpoint against the tree.
func (f *fsck) points(ctx context.Context, db *sql.DB, size int64) error {
	sizes, err := journal.SavedPoints(f.root)
	if err != nil {
		return err
	}
	newest := int64(0)
	check := func(name string, msg []byte) error {
		p, err := ParsePoint(msg, f.keys.Verifiers)
		if err != nil || p.Origine != f.desc.Origin() {
			f.fault(Codes.New("COF-115").At(name, -1, 0))
			return nil
		}
		f.r.Points++
		if p.Taille > size {
			f.fault(Codes.New("COF-114", fmt.Sprint(p.Taille), fmt.Sprint(size)).At(name, -1, 0))
			return nil
		}
		root, err := tlog.TreeHash(p.Taille, &catalogue.HashReader{Ctx: ctx, Q: db, Fresh: nil, Cache: nil})
		if err != nil {
			return err
		}
		if root != p.Racine {
			f.fault(Codes.New("COF-116", fmt.Sprint(p.Taille)).At(name, -1, 0))
		}
		newest = max(newest, p.Temps)
		return nil
	}
	for _, n := range sizes {
		name := filepath.Join(journal.PointsDir, journal.PointName(n))
		msg, err := os.ReadFile(filepath.Join(f.root, name))
		if err != nil {
			return fmt.Errorf("read a checkpoint: %w", err)
		}
		if err := check(name, msg); err != nil {
			return err
		}
	}
	for i, msg := range f.o.Temoins {
		if err := check(fmt.Sprintf("temoin %d", i+1), msg); err != nil {
			return err
		}
	}
	// A program that closes the vault saves the newest checkpoint; one that has
	// it open saves one a day.
	var last int64
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(temps),0) FROM lots").Scan(&last); err != nil {
		return fmt.Errorf("read the newest checkpoint: %w", err)
	}
	saved := len(sizes) > 0 && (sizes[len(sizes)-1] >= size || !f.closed && last-newest <= journal.PointInterval.Milliseconds())
	if size > 0 && !saved {
		f.fault(Codes.New("COF-124"))
	}
	return nil
}

// compare holds the catalogue against the one made from the journal.
func (f *fsck) compare(ctx context.Context, second string) error {
	path := filepath.Join(f.root, catalogue.Name)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		f.fault(Codes.New("COF-110").At(catalogue.Name, -1, 0))
		return nil
	}
	db, err := catalogue.Open(path, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	damaged := func(err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		f.o.Log.Warn("catalogue cannot be read", "err", err)
		f.fault(Codes.New("COF-110").At(catalogue.Name, -1, 0))
		return nil
	}
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return damaged(err)
	}
	if verdict != "ok" {
		return damaged(errors.New(verdict))
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return damaged(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "ATTACH DATABASE ? AS second", second); err != nil {
		return damaged(err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE second")
	for _, table := range catalogue.Tables {
		for _, way := range []struct{ from, to, code string }{{"second", "main", "COF-125"}, {"main", "second", "COF-126"}} {
			// Rows committed since are not in the second catalogue; neither are
			// they lacking from the first.
			var n int64
			query := fmt.Sprintf("SELECT count(*) FROM (SELECT * FROM %s.%s EXCEPT SELECT * FROM %s.%s)", way.from, table, way.to, table)
			if way.from == "main" {
				if query = f.older(table); query == "" {
					continue
				}
			}
			if err := conn.QueryRowContext(ctx, query).Scan(&n); err != nil {
				return damaged(err)
			}
			if n > 0 {
				f.fault(Codes.New(way.code, table, n).At(catalogue.Name, -1, 0))
			}
		}
	}
	var schema int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT type, name, sql FROM main.sqlite_master EXCEPT SELECT type, name, sql FROM second.sqlite_master)").Scan(&schema); err != nil {
		return damaged(err)
	}
	if schema > 0 {
		return damaged(errors.New("the schema is another"))
	}
	return nil
}

// older asks for the rows of the catalogue that the journal does not explain,
// among those as old as the verification.
func (f *fsck) older(table string) string {
	cond := map[string]string{"lots": "taille<=%d", "evenements": "idx<%d", "hachages": "i<%d", "agents": "idx<%d", "documents": "idx<%d", "fiches": "idx<%d"}[table]
	size := f.r.Evenements
	if table == "hachages" {
		size = tlog.StoredHashCount(size)
	}
	if cond == "" {
		return "SELECT count(*) FROM (SELECT id FROM main.versements EXCEPT SELECT id FROM second.versements) WHERE NOT EXISTS (SELECT 1 FROM main.fiches WHERE genre='versement' AND idx>=" + fmt.Sprint(size) + ")"
	}
	cond = fmt.Sprintf(cond, size)
	return fmt.Sprintf("SELECT count(*) FROM (SELECT * FROM main.%s WHERE %s EXCEPT SELECT * FROM second.%s)", table, cond, table)
}

// slots finds erased slots that nobody ordered, and orders not carried out.
func (f *fsck) slots(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "SELECT e.idx, e.segment, e.offset, e.longueur, d.copies FROM evenements e LEFT JOIN documents d USING (idx) ORDER BY e.idx")
	if err != nil {
		return fmt.Errorf("go over the records: %w", err)
	}
	defer rows.Close()
	reader := &journal.Reader{Seg: f.seg}
	defer reader.Close()
	known := &book.Book{Desc: f.desc, Keys: f.keys, Seg: f.seg, Read: db}
	for rows.Next() {
		var idx int64
		var p journal.Place
		var copies sql.NullInt64
		if err := rows.Scan(&idx, &p.Segment, &p.Offset, &p.Size, &copies); err != nil {
			return fmt.Errorf("go over the records: %w", err)
		}
		r, err := reader.Record(p)
		if err != nil || r.Index != idx {
			continue // named by the builder
		}
		for i := range r.Parts {
			s := &r.Parts[i]
			erasable := copies.Valid && erasedFor(s.Kind, Copie(copies.Int64))
			if w := book.WrapIn(s.Kind); w != nil {
				if done, err := f.wrap(ctx, known, r, s, w); err != nil {
					return err
				} else if done {
					continue
				}
			}
			switch st := s.State(); {
			case st == journal.SlotDamaged && !erasable:
				f.fault(Codes.New("COF-122", s.Kind.String(), fmt.Sprint(idx)).At(filepath.Join(journal.Dir, journal.SegmentName(p.Segment)), p.Offset, 0))
			case st == journal.SlotErased && !erasable:
				f.fault(Codes.New("COF-127", s.Kind.String(), fmt.Sprint(idx)).At(filepath.Join(journal.Dir, journal.SegmentName(p.Segment)), p.Offset, 0))
			case st != journal.SlotErased && erasable:
				f.fault(Codes.New("COF-128", s.Kind.String(), fmt.Sprint(idx)).At(filepath.Join(journal.Dir, journal.SegmentName(p.Segment)), p.Offset, 0))
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("go over the records: %w", err)
	}
	return nil
}

// erasedFor reports whether a slot of a deposit is to be zeros when only
// copies are left.
func erasedFor(kind journal.SlotKind, copies Copie) bool {
	switch kind {
	case journal.SlotAgent:
		return copies&CopieAgent == 0
	case journal.SlotDouble:
		return copies&CopieDouble == 0
	case journal.SlotCorps, journal.SlotCleSujet, journal.SlotSecours:
		return copies == 0
	}
	return false
}
