package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"paye/internal/durable"
)

// BlobName is the SHA-256 of a blob: of the ciphertext, never of the document,
// since the text of a payslip can be guessed.
type BlobName [32]byte

func (n BlobName) String() string { return hex.EncodeToString(n[:]) }

// ParseBlobName reads 64 lower-case hexadecimal digits.
func ParseBlobName(s string) (n BlobName, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(n) || hex.EncodeToString(b) != s {
		return n, fmt.Errorf("blob name of %d characters is not a SHA-256", len(s))
	}
	copy(n[:], b)
	return n, nil
}

// BlobInfo is what a folder of blobs says of one.
type BlobInfo struct {
	Name   BlobName
	Taille int64 // bytes
	Date   time.Time
}

// Blobs keeps ciphertext by its name. Implementations are a folder, here, and
// a bucket with object lock, in package s3store.
//
// A blob is durable when Sync has returned without error for its name, and not
// before. After an error of Put or Sync the store gives no receipt for the
// names concerned and MUST NOT call Sync again for them.
type Blobs interface {
	// Put stores data under name. It MUST NOT leave a partial blob under a
	// name, and MUST accept a name that it holds already. Put is called from
	// several goroutines.
	Put(ctx context.Context, name BlobName, data []byte) error
	// Sync makes blobs that Put accepted durable.
	Sync(ctx context.Context, names []BlobName) error
	// Get returns the blob, at most limit bytes of it; fs.ErrNotExist when it
	// is absent. It MUST NOT verify: the store does.
	Get(ctx context.Context, name BlobName, limit int64) ([]byte, error)
	// Delete removes the blob; an absent one is no error. A locked bucket
	// refuses until the retention ends: the keys are erased before.
	Delete(ctx context.Context, name BlobName) error
	// All gives what is stored in the order of names.
	All(ctx context.Context) iter.Seq2[BlobInfo, error]
}

const (
	blobMagic    = "XHLBLOB1"
	blobHeadSize = len(blobMagic) + 1 + 16 + 8
	blobOverhead = blobHeadSize + 1 + 24 + 16
)

// encodeBlob encrypts a document. The head (magic, algorithm, document,
// plaintext length) is authenticated with it.
func encodeBlob(random io.Reader, id ID, dek, plain []byte) ([]byte, BlobName, error) {
	head := make([]byte, 0, len(plain)+blobOverhead)
	head = append(head, blobMagic...)
	head = append(head, algoXChaCha)
	head = append(head, id[:]...)
	head = binary.BigEndian.AppendUint64(head, uint64(len(plain)))
	sealed, err := seal(random, dek, plain, head)
	if err != nil {
		return nil, BlobName{}, err
	}
	b := append(head, sealed...)
	return b, sha256.Sum256(b), nil
}

var errBlob = errors.New("blob is not what its name says")

// decodeBlob verifies and decrypts a blob. It returns the document only whole.
func decodeBlob(b []byte, name BlobName, id ID, dek []byte) ([]byte, error) {
	if err := checkBlob(b, name, id); err != nil {
		return nil, err
	}
	plain, err := unseal(dek, b[blobHeadSize:], b[:blobHeadSize])
	if err != nil {
		return nil, err
	}
	if uint64(len(plain)) != binary.BigEndian.Uint64(b[blobHeadSize-8:]) {
		return nil, errBlob
	}
	return plain, nil
}

// checkBlob verifies a blob without a key: name, document and length.
func checkBlob(b []byte, name BlobName, id ID) error {
	if sha256.Sum256(b) != [32]byte(name) {
		return errBlob
	}
	if len(b) < blobOverhead || !bytes.HasPrefix(b, []byte(blobMagic)) || b[len(blobMagic)] != algoXChaCha ||
		ID(b[len(blobMagic)+1:len(blobMagic)+17]) != id ||
		binary.BigEndian.Uint64(b[blobHeadSize-8:]) != uint64(len(b)-blobOverhead) {
		return errBlob
	}
	return nil
}

// folderBlobs keeps blobs as read-only files, blobs/ab/abcd….
type folderBlobs struct {
	root string
	disk *disk
}

func newFolderBlobs(root string, d *disk) *folderBlobs { return &folderBlobs{root, d} }

// makeFolders makes the folders of a new vault with one sync for all; one that
// lacks later is made when it is wanted.
func (f *folderBlobs) makeFolders() error {
	if err := durable.MkdirAll(filepath.Join(f.root, temporaries)); err != nil {
		return fmt.Errorf("make the folders of the blobs: %w", err)
	}
	for i := range 256 {
		if err := os.Mkdir(filepath.Join(f.root, hex.EncodeToString([]byte{byte(i)})), 0o700); err != nil {
			return fmt.Errorf("make the folders of the blobs: %w", err)
		}
	}
	return syncPath(f.root)
}

func (f *folderBlobs) dir(name BlobName) string {
	return filepath.Join(f.root, hex.EncodeToString(name[:1]))
}
func (f *folderBlobs) path(name BlobName) string { return filepath.Join(f.dir(name), name.String()) }

// temporaries is the folder where blobs are written before they get their
// name. One folder for all keeps the files of a batch together on the disk,
// where 256 would be twice as slow to sync.
const temporaries = "tmp"

// Put writes under a temporary name, syncs, and renames. The folder is synced
// by Sync, once for all the blobs of a batch that it got.
func (f *folderBlobs) Put(ctx context.Context, name BlobName, data []byte) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.disk.check("create", f.path(name)); err != nil {
		return fmt.Errorf("create blob: %w", err)
	}
	tmp := filepath.Join(f.root, temporaries, name.String())
	file, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if errors.Is(err, fs.ErrNotExist) {
		if err := durable.MkdirAll(filepath.Dir(tmp)); err != nil {
			return fmt.Errorf("make a folder of blobs: %w", err)
		}
		file, err = os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	}
	if err != nil {
		return fmt.Errorf("create blob: %w", err)
	}
	defer func() {
		file.Close()
		if err != nil {
			os.Remove(tmp)
		}
	}()
	if err := f.disk.write(file, data, 0); err != nil {
		return fmt.Errorf("write blob %s: %w", name, err)
	}
	if err := f.disk.sync(file); err != nil {
		return fmt.Errorf("sync blob %s: %w", name, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("close blob %s: %w", name, err)
	}
	if err := f.disk.check("rename", f.path(name)); err != nil {
		return fmt.Errorf("name blob %s: %w", name, err)
	}
	err = os.Rename(tmp, f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		if err := durable.MkdirAll(f.dir(name)); err != nil {
			return fmt.Errorf("make a folder of blobs: %w", err)
		}
		err = os.Rename(tmp, f.path(name))
	}
	if err != nil {
		return fmt.Errorf("name blob %s: %w", name, err)
	}
	return nil
}

// Sync syncs the folders of names, several at once: each sync waits for the
// disk, and those that wait together are served together.
func (f *folderBlobs) Sync(ctx context.Context, names []BlobName) error {
	var seen [256]bool
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for _, name := range names {
		if seen[name[0]] {
			continue
		}
		seen[name[0]] = true
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			d, err := os.Open(f.dir(name))
			if err != nil {
				return fmt.Errorf("open a folder of blobs: %w", err)
			}
			defer d.Close()
			if err := f.disk.sync(d); err != nil {
				return fmt.Errorf("sync a folder of blobs: %w", err)
			}
			return nil
		})
	}
	return group.Wait()
}

func (f *folderBlobs) Get(_ context.Context, name BlobName, limit int64) ([]byte, error) {
	file, err := os.Open(f.path(name))
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", name, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("stat blob %s: %w", name, err)
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("blob %s: %w", name, errBlob)
	}
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(file, b); err != nil {
		return nil, fmt.Errorf("read blob %s: %w", name, err)
	}
	return b, nil
}

func (f *folderBlobs) Delete(_ context.Context, name BlobName) error {
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob %s: %w", name, err)
	}
	return nil
}

func (f *folderBlobs) All(ctx context.Context) iter.Seq2[BlobInfo, error] {
	return func(yield func(BlobInfo, error) bool) {
		for i := range 256 {
			entries, err := os.ReadDir(filepath.Join(f.root, hex.EncodeToString([]byte{byte(i)})))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(BlobInfo{}, fmt.Errorf("list blobs: %w", err))
				return
			}
			for _, e := range entries {
				name, err := ParseBlobName(e.Name())
				if err != nil || name[0] != byte(i) {
					continue
				}
				info, err := e.Info()
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if err != nil {
					yield(BlobInfo{}, fmt.Errorf("stat blob %s: %w", name, err))
					return
				}
				if !yield(BlobInfo{name, info.Size(), info.ModTime()}, nil) {
					return
				}
			}
		}
	}
}

// clean removes temporaries older than a time: their processes died.
func (f *folderBlobs) clean(before time.Time) (removed int, err error) {
	dir := filepath.Join(f.root, temporaries)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("clean the blobs: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || !info.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("clean the blobs: %w", err)
		}
		removed++
	}
	return removed, nil
}
