// Package argon hashes the passwords of accounts and compares them: argon2id
// (RFC 9106), as PHC strings.
//
// Glossary:
//
//	Go name  gloss
//	hash     PHC string: $argon2id$v=19$m=65536,t=3,p=1$SALT$SUM, in base64 without padding
//	cost     3 passes over 64 MiB, one lane: what RFC 9106 recommends where memory is scarce
package argon

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

const (
	passes = 3
	memory = 64 << 10 // KiB
	atOnce = 2        // hashes of a process: the memory of a machine is bounded
)

// SaltSize is how many random bytes a hash begins with.
const SaltSize = 16

// Decoy is the hash that no password has: who verifies it for an account that
// does not exist answers in the same time.
const Decoy = "$argon2id$v=19$m=65536,t=3,p=1$ZGVjb3lkZWNveWRlY295IQ$ZGVjb3lkZWNveWRlY295ZGVjb3lkZWNveWRlY295ISE"

// ErrKind is the error of a hash that this package did not make.
var ErrKind = errors.New("password hash is of another kind")

var turn = make(chan struct{}, atOnce)

// Hash returns the hash of a password with a salt, which nothing else has. It
// waits for its turn, and ends with the context.
func Hash(ctx context.Context, salt []byte, word string) (string, error) {
	s, err := sum(ctx, word, salt)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$%s$%s$%s", argon2.Version, cost(), base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(s)), nil
}

// Verify reports whether a hash is that of a password, in the same time whether
// or not it is. A hash of another kind or cost is an error that wraps ErrKind.
func Verify(ctx context.Context, hash, word string) (bool, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) || parts[3] != cost() {
		return false, ErrKind
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("%w: salt: %w", ErrKind, err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("%w: sum: %w", ErrKind, err)
	}
	got, err := sum(ctx, word, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func cost() string { return fmt.Sprintf("m=%d,t=%d,p=1", memory, passes) }

// sum hashes when it is its turn. What it took is given back before the next one
// begins: left to the collector's own time, many sign-ins would hold it several
// times over.
func sum(ctx context.Context, word string, salt []byte) ([]byte, error) {
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-turn }()
	s := argon2.IDKey([]byte(word), salt, passes, memory, 1, 32)
	runtime.GC()
	return s, nil
}
