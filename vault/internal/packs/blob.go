package packs

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"paye/vault/internal/faults"
	"paye/vault/internal/keys"
	"paye/vault/internal/names"
)

const (
	Magic        = "XHLBLOB1"
	blobHeadSize = len(Magic) + 1 + 16 + 8
	Overhead     = blobHeadSize + 1 + 24 + 16
)

// Append encrypts a document at the end of b, which is empty and may have
// room. The head (magic, algorithm, document, plaintext length) is
// authenticated with it.
func Append(b []byte, random io.Reader, id names.ID, dek, plain []byte) ([]byte, names.BlobName, error) {
	b = slices.Grow(b, len(plain)+Overhead)
	b = append(b, Magic...)
	b = append(b, keys.AlgoXChaCha)
	b = append(b, id[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(plain)))
	b, err := keys.AppendSealed(b, random, dek, plain, b)
	if err != nil {
		return nil, names.BlobName{}, err
	}
	return b, sha256.Sum256(b), nil
}

// ErrBlob is a blob whose bytes are not those that were put.
var ErrBlob = errors.New("blob is not what its name says")

// Open verifies and decrypts a blob. It returns the document only whole.
func Open(b []byte, name names.BlobName, id names.ID, dek []byte) ([]byte, error) {
	if err := Check(b, name, id); err != nil {
		return nil, err
	}
	return Decrypt(nil, b, dek)
}

// Decrypt decrypts a blob that Check found in order, over room or elsewhere when that is too small.
func Decrypt(room, b, dek []byte) ([]byte, error) {
	plain, err := keys.UnsealInto(room, dek, b[blobHeadSize:], b[:blobHeadSize])
	if err != nil {
		return nil, err
	}
	if uint64(len(plain)) != binary.BigEndian.Uint64(b[blobHeadSize-8:]) {
		return nil, ErrBlob
	}
	return plain, nil
}

// Check verifies a blob without a key: name, document and length.
func Check(b []byte, name names.BlobName, id names.ID) error {
	if sha256.Sum256(b) != [32]byte(name) {
		return ErrBlob
	}
	if len(b) < Overhead || !bytes.HasPrefix(b, []byte(Magic)) {
		return ErrBlob
	}
	if algo := b[len(Magic)]; algo != keys.AlgoXChaCha {
		return faults.Codes.New("COF-140", algo)
	}
	if names.ID(b[len(Magic)+1:len(Magic)+17]) != id ||
		binary.BigEndian.Uint64(b[blobHeadSize-8:]) != uint64(len(b)-Overhead) {
		return ErrBlob
	}
	return nil
}
