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
	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/disk"
	"paye/vault/internal/fsck"
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

// Fsck reads every byte of a vault, makes the catalogue again from the journal
// and compares, and names what is wrong. It changes nothing, opens a vault
// that [Open] refuses, and may run beside deposits: it verifies what was
// committed when it began. Beside a [Coffre.Rekey] it may take for damage what
// that one erases. An error is of the machine or means that nothing
// could be verified; what is wrong with the vault is in the report.
func Fsck(ctx context.Context, root string, o FsckOptions) (*RapportFsck, error) {
	o.Options = o.Options.withDefaults()
	return fsck.Run(ctx, root, fsck.Options{Clock: o.Clock, Log: o.Log, Blobs: o.Blobs, Phrase: o.Phrase, MaxDocument: o.MaxDocument,
		Workers: o.Workers, Secours: o.Secours, Temoins: o.Temoins, Progress: o.Progress})
}

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
	desc, raw, err := keys.ReadDescriptor(root)
	if err != nil {
		return nil, err
	}
	lock, err := disk.LockFolder(root, durable.Exclusive)
	if err != nil {
		return nil, err
	}
	r := &RapportRecover{}
	err = recoverCatalogue(ctx, root, o, desc, raw, r)
	if err = errors.Join(err, lock.Release()); err != nil {
		return r, err
	}
	c, err := Open(ctx, root, o)
	if err != nil {
		return r, err
	}
	err = c.finishRenewals(ctx)
	if err == nil {
		err = c.log(ctx, EvMaintenance, nil, acts.Acte{Par: par.Nom, Objet: "reconstruction du catalogue"})
	}
	return r, errors.Join(err, c.Close(ctx))
}

func recoverCatalogue(ctx context.Context, root string, o Options, desc keys.Descriptor, raw []byte, r *RapportRecover) error {
	keys, err := keys.Load(root, desc, o.Phrase)
	if err != nil {
		return err
	}
	path := filepath.Join(root, catalogue.Name)
	fresh := path + ".neuf"
	if err := catalogue.RemoveDatabase(fresh); err != nil {
		return err
	}
	db, err := catalogue.Open(fresh, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	seg := &journal.Segments{Dir: filepath.Join(root, journal.Dir), Vault: desc.ID, Disk: &disk.Disk{}}
	b := &catalogue.Builder{Ctx: ctx, Db: db, Keys: keys, Seg: seg, Descriptor: sha256.Sum256(raw), Until: -1,
		Fault: func(a *anomalie.Anomalie) {
			if len(r.Anomalies) < fsck.MaxFautes {
				r.Anomalies = append(r.Anomalies, a)
			}
		}}
	if err := b.Build(); err != nil {
		return err
	}
	if r.Evenements = b.Size; b.Size == 0 {
		return Codes.New("COF-111", journal.SegmentName(1))
	}
	if b.Gap {
		// What follows could not be continued without what is lacking.
		return Codes.New("COF-135", journal.SegmentName(b.End.Segment))
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE copies<>0").Scan(&r.Documents); err != nil {
		return fmt.Errorf("count the documents: %w", err)
	}
	if b.Rest {
		if r.Mis, err = setAside(seg, b.End); err != nil {
			return err
		}
	}
	// An erasure that an interruption left half-way is finished.
	blobs := o.Blobs
	if blobs == nil {
		blobs = packs.New(filepath.Join(root, packs.Dir), nil)
	}
	for _, e := range b.Erase {
		if err := e.CarryOut(ctx, seg, blobs, o.Log); err != nil {
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
	if err := disk.SyncPath(fresh); err != nil {
		return err
	}
	if err := catalogue.RemoveDatabase(path + ".avant"); err != nil {
		return err
	}
	if err := durable.Rename(path, path+".avant"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put the former catalogue aside: %w", err)
	}
	if err := catalogue.RemoveDatabase(path); err != nil {
		return err
	}
	if err := durable.Rename(fresh, path); err != nil {
		return fmt.Errorf("put the new catalogue in place: %w", err)
	}
	return disk.SyncPath(root)
}

// setAside copies what follows the last frame to a file of its own, then cuts
// it off, so that the journal can be continued.
func setAside(seg *journal.Segments, end journal.Place) (string, error) {
	f, err := os.Open(seg.Path(end.Segment))
	if err != nil {
		return "", fmt.Errorf("open journal segment %d: %w", end.Segment, err)
	}
	defer f.Close()
	if _, err := f.Seek(end.Offset, io.SeekStart); err != nil {
		return "", fmt.Errorf("read journal segment %d: %w", end.Segment, err)
	}
	name := fmt.Sprintf("%s.rebut-%d", journal.SegmentName(end.Segment), end.Offset)
	out, err := durable.Create(filepath.Join(seg.Dir, name))
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
	return filepath.Join(journal.Dir, name), seg.Truncate(end.Segment, end.Offset)
}
