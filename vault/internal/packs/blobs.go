package packs

import (
	"context"
	"iter"
	"time"

	"paye/vault/internal/names"
)

// Info is what a store of blobs says of one.
type Info struct {
	Name   names.BlobName
	Lieu   []byte // where it is, as Put said
	Taille int64  // bytes
	Date   time.Time
	Vide   bool // its place is there, it was deleted: Name is zero
}

// Store keeps ciphertext by its name. Implementations are a folder of packs,
// here, and a bucket with object lock, in package s3store.
//
// A blob is durable when Sync has returned without error for its place, and
// not before. After an error of Put or Sync the store gives no receipt for the
// blobs concerned and MUST NOT call Sync again for them.
type Store interface {
	// Put stores data under name and says where it is: the journal keeps lieu,
	// at most 64 bytes, to tell it to Get and Delete. It is nil for an
	// implementation that finds blobs by their name. Put MUST NOT leave a
	// partial blob under a name nor keep data, and is called from several
	// goroutines.
	Put(ctx context.Context, name names.BlobName, data []byte) (lieu []byte, err error)
	// Sync makes the blobs that Put placed there durable.
	Sync(ctx context.Context, lieux [][]byte) error
	// Get returns the blob, at most limit bytes of it; fs.ErrNotExist when it
	// is absent. It MUST NOT verify: the store does. A lieu that is not one of
	// Put's, since it was damaged, is as good as none: the blob is searched.
	Get(ctx context.Context, name names.BlobName, lieu []byte, limit int64) ([]byte, error)
	// Delete removes the blob; an absent one is no error. A locked bucket
	// refuses until the retention ends: the keys are erased before.
	Delete(ctx context.Context, name names.BlobName, lieu []byte) error
	// All gives what is stored, once each. An error that is an anomaly names a
	// part that cannot be listed: the rest follows.
	All(ctx context.Context) iter.Seq2[Info, error]
}
