package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"paye/internal/anomalie"
	"paye/internal/durable"
)

// RapportRecover says what recover made of a vault.
type RapportRecover struct {
	Evenements int64                `json:"evenements"`
	Documents  int64                `json:"documents"`
	Mis        string               `json:"mis_de_cote,omitempty"` // file with the bytes of the journal that are no frame
	Anomalies  []*anomalie.Anomalie `json:"anomalies"`
}

// Recover makes the catalogue again from the journal, offline: nobody may have
// the vault open. It needs the catalogue key and the journal key. The former
// catalogue is kept as catalogue.db.avant. Bytes at the end of the journal
// that are no frame are moved to a file beside it. What is damaged is named;
// what is not is readable again.
func Recover(ctx context.Context, root string, par Acteur, o Options) (*RapportRecover, error) {
	o = o.withDefaults()
	desc, raw, err := readDescriptor(root)
	if err != nil {
		return nil, err
	}
	lock, err := lockFolder(root, lockExclusive)
	if err != nil {
		return nil, err
	}
	r := &RapportRecover{}
	err = recoverCatalogue(ctx, root, o, desc, raw, r)
	if err = errors.Join(err, lock.release()); err != nil {
		return r, err
	}
	c, err := Open(ctx, root, o)
	if err != nil {
		return r, err
	}
	err = c.finishRenewals(ctx)
	if err == nil {
		err = c.log(ctx, EvMaintenance, nil, corpsActe{Par: par.Nom, Objet: "reconstruction du catalogue"})
	}
	return r, errors.Join(err, c.Close(ctx))
}

func recoverCatalogue(ctx context.Context, root string, o Options, desc descriptor, raw []byte, r *RapportRecover) error {
	keys, err := loadKeyring(root, desc, o.Phrase)
	if err != nil {
		return err
	}
	path := filepath.Join(root, catalogueName)
	fresh := path + ".neuf"
	if err := removeDatabase(fresh); err != nil {
		return err
	}
	db, err := openCatalogue(fresh, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	seg := &segments{dir: filepath.Join(root, journalDir), vault: desc.ID, disk: &disk{}}
	b := &builder{ctx: ctx, db: db, keys: keys, seg: seg, descriptor: sha256.Sum256(raw), until: -1,
		fault: func(a *anomalie.Anomalie) {
			if len(r.Anomalies) < maxFautes {
				r.Anomalies = append(r.Anomalies, a)
			}
		}}
	if err := b.build(); err != nil {
		return err
	}
	if r.Evenements = b.size; b.size == 0 {
		return Codes.New("COF-111", segmentName(1))
	}
	if b.gap {
		// What follows could not be continued without what is lacking.
		return Codes.New("COF-135", segmentName(b.end.segment))
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE copies<>0").Scan(&r.Documents); err != nil {
		return fmt.Errorf("count the documents: %w", err)
	}
	if b.rest {
		if r.Mis, err = setAside(seg, b.end); err != nil {
			return err
		}
	}
	// An erasure that an interruption left half-way is finished.
	blobs := o.Blobs
	if blobs == nil {
		blobs = newPacks(filepath.Join(root, packsDir), nil)
	}
	c := &Coffre{opts: o, seg: seg, blobs: blobs}
	for _, e := range b.erase {
		if err := c.erase(ctx, e); err != nil {
			return err
		}
	}
	// One file, synced, before it takes the place of the other.
	if _, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("finish the new catalogue: %w", err)
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("finish the new catalogue: %w", err)
	}
	if err := syncPath(fresh); err != nil {
		return err
	}
	if err := removeDatabase(path + ".avant"); err != nil {
		return err
	}
	if err := os.Rename(path, path+".avant"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put the former catalogue aside: %w", err)
	}
	if err := removeDatabase(path); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("put the new catalogue in place: %w", err)
	}
	return syncPath(root)
}

// removeDatabase removes a database file with its log and index.
func removeDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a former catalogue: %w", err)
		}
	}
	return nil
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync %s: %w", filepath.Base(path), err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", filepath.Base(path), err)
	}
	return nil
}

// setAside copies what follows the last frame to a file of its own, then cuts
// it off, so that the journal can be continued.
func setAside(seg *segments, end place) (string, error) {
	f, err := os.Open(seg.path(end.segment))
	if err != nil {
		return "", fmt.Errorf("open journal segment %d: %w", end.segment, err)
	}
	defer f.Close()
	if _, err := f.Seek(end.offset, io.SeekStart); err != nil {
		return "", fmt.Errorf("read journal segment %d: %w", end.segment, err)
	}
	name := fmt.Sprintf("%s.rebut-%d", segmentName(end.segment), end.offset)
	out, err := durable.Create(filepath.Join(seg.dir, name))
	if err != nil {
		return "", fmt.Errorf("put the end of the journal aside: %w", err)
	}
	defer out.Abort()
	if _, err := io.Copy(out, f); err != nil {
		return "", fmt.Errorf("put the end of the journal aside: %w", err)
	}
	if err := out.Commit(); err != nil {
		return "", fmt.Errorf("put the end of the journal aside: %w", err)
	}
	return filepath.Join(journalDir, name), seg.truncate(end.segment, end.offset)
}
