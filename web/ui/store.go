package ui

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"paye/internal/durable"
	"paye/internal/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the tables of sessions, links and forms that were sent, for
// [ledger.Open].
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("read the migrations of the web: %w", err)
	}
	return ledger.Schema{Name: "web", Files: files}, nil
}

// Store keeps small records with versions. Two writers never overwrite each
// other: Put of a version that is not the stored one is [ErrConflict].
type Store interface {
	// Get returns nil and version 0 for what is not there.
	Get(ctx context.Context, kind, key string) (value []byte, version int64, err error)
	// Put writes the next version; a nil value removes the record.
	Put(ctx context.Context, kind, key string, value []byte, version int64) error
}

// ErrConflict is that another wrote the record in between.
var ErrConflict = errors.New("record was changed meanwhile")

// sealKey is the file of the key that encrypts what a session keeps for its
// end; without it sessions work and signing out at the provider does not.
const sealKey = "web.cle"

// sealer encrypts small values at rest.
type sealer struct{ aead cipher.AEAD }

// openSealer reads the key of the state folder, or makes it.
func openSealer(dir string) (*sealer, error) {
	path := filepath.Join(dir, sealKey)
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, 32)
		rand.Read(key)
		if err := durable.MkdirAll(dir); err != nil {
			return nil, fmt.Errorf("make the state folder: %w", err)
		}
		err = durable.WriteFile(path, key)
	}
	if err != nil {
		return nil, fmt.Errorf("open the key of the sessions: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("open the key of the sessions %s: %w", path, err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("open the key of the sessions: %w", err)
	}
	return &sealer{aead}, nil
}

// seal encrypts b for one purpose; open refuses it for any other.
func (s *sealer) seal(purpose string, b []byte) []byte {
	return s.aead.Seal(nil, nil, b, []byte(purpose))
}

func (s *sealer) open(purpose string, b []byte) ([]byte, error) {
	plain, err := s.aead.Open(nil, nil, b, []byte(purpose))
	if err != nil {
		return nil, fmt.Errorf("open a sealed value: %w", err)
	}
	return plain, nil
}

// exec writes one statement and says how many rows it changed.
func exec(ctx context.Context, l *ledger.Ledger, query string, args ...any) (changed int64, err error) {
	err = l.Update(ctx, func(tx ledger.Tx) error {
		r, err := tx.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		changed, err = r.RowsAffected()
		return err
	})
	return changed, err
}

// digest is how a token is kept: its owner alone has the word itself.
func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
