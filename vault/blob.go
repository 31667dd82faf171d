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
	"iter"
	"slices"
	"time"
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

// BlobInfo is what a store of blobs says of one.
type BlobInfo struct {
	Name   BlobName
	Lieu   []byte // where it is, as Put said
	Taille int64  // bytes
	Date   time.Time
	Vide   bool // its place is there, it was deleted: Name is zero
}

// Blobs keeps ciphertext by its name. Implementations are a folder of packs,
// here, and a bucket with object lock, in package s3store.
//
// A blob is durable when Sync has returned without error for its place, and
// not before. After an error of Put or Sync the store gives no receipt for the
// blobs concerned and MUST NOT call Sync again for them.
type Blobs interface {
	// Put stores data under name and says where it is: the journal keeps lieu,
	// at most 64 bytes, to tell it to Get and Delete. It is nil for an
	// implementation that finds blobs by their name. Put MUST NOT leave a
	// partial blob under a name nor keep data, and is called from several
	// goroutines.
	Put(ctx context.Context, name BlobName, data []byte) (lieu []byte, err error)
	// Sync makes the blobs that Put placed there durable.
	Sync(ctx context.Context, lieux [][]byte) error
	// Get returns the blob, at most limit bytes of it; fs.ErrNotExist when it
	// is absent. It MUST NOT verify: the store does. A lieu that is not one of
	// Put's, since it was damaged, is as good as none: the blob is searched.
	Get(ctx context.Context, name BlobName, lieu []byte, limit int64) ([]byte, error)
	// Delete removes the blob; an absent one is no error. A locked bucket
	// refuses until the retention ends: the keys are erased before.
	Delete(ctx context.Context, name BlobName, lieu []byte) error
	// All gives what is stored, once each. An error that is an anomaly names a
	// part that cannot be listed: the rest follows.
	All(ctx context.Context) iter.Seq2[BlobInfo, error]
}

const (
	blobMagic    = "XHLBLOB1"
	blobHeadSize = len(blobMagic) + 1 + 16 + 8
	blobOverhead = blobHeadSize + 1 + 24 + 16
)

// appendBlob encrypts a document at the end of b, which is empty and may have
// room. The head (magic, algorithm, document, plaintext length) is
// authenticated with it.
func appendBlob(b []byte, random io.Reader, id ID, dek, plain []byte) ([]byte, BlobName, error) {
	b = slices.Grow(b, len(plain)+blobOverhead)
	b = append(b, blobMagic...)
	b = append(b, algoXChaCha)
	b = append(b, id[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(plain)))
	b, err := appendSealed(b, random, dek, plain, b)
	if err != nil {
		return nil, BlobName{}, err
	}
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
	if len(b) < blobOverhead || !bytes.HasPrefix(b, []byte(blobMagic)) {
		return errBlob
	}
	if algo := b[len(blobMagic)]; algo != algoXChaCha {
		return Codes.New("COF-140", algo)
	}
	if ID(b[len(blobMagic)+1:len(blobMagic)+17]) != id ||
		binary.BigEndian.Uint64(b[blobHeadSize-8:]) != uint64(len(b)-blobOverhead) {
		return errBlob
	}
	return nil
}
