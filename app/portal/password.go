package portal

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Hasher hashes passwords and compares them. Tests put a fast one there.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify answers in the same time whether or not the password is right.
	Verify(ctx context.Context, hash, password string) (bool, error)
}

// argon2id at the cost that the vault's own accounts have: 3 passes over 64 MiB.
const (
	argonTime   = 3
	argonMemory = 64 << 10
	argonAtOnce = 2 // hashes: the memory of a machine is bounded
)

// Argon is argon2id (RFC 9106), few at once.
type Argon struct {
	random io.Reader
	turn   chan struct{}
}

// NewArgon makes one.
func NewArgon(random io.Reader) *Argon {
	return &Argon{random, make(chan struct{}, argonAtOnce)}
}

func (h *Argon) sum(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.turn <- struct{}{}:
		defer func() { <-h.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, 1, 32), nil
}

// Hash implements Hasher, as a PHC string.
func (h *Argon) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	sum, err := h.sum(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", argonMemory, argonTime, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// Verify implements Hasher.
func (h *Argon) Verify(ctx context.Context, phc, password string) (bool, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[3] != fmt.Sprintf("m=%d,t=%d,p=1", argonMemory, argonTime) {
		return false, fmt.Errorf("password hash is of another kind")
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("read a password hash: %w", err)
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("read a password hash: %w", err)
	}
	got, err := h.sum(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// How long a password is, in characters: no class of characters is asked for.
const (
	minWord       = 15
	minWordFactor = 12 // with a second factor
	maxWord       = 128
)

// wellKnown are beginnings of long passwords that everybody tries first.
var wellKnown = []string{"motdepasse", "password", "azertyuiop", "qwertyuiop", "bulletindepaie", "bulletindesalaire", "coffrefort", "bienvenue", "jetaime", "123456789", "0123456789", "abcdefghij", "changezmoi", "changeme", "administrateur", "ilovemyself", "liberteegalite"}

// JudgePassword refuses a password that is short, long, or easily guessed for
// this account.
func JudgePassword(a *Account, password string, factor bool) error {
	least := minWord
	if factor {
		least = minWordFactor
	}
	n := utf8.RuneCountInString(password)
	if n < least || n > maxWord || !utf8.ValidString(password) {
		return Codes.New(ShortWord, least, maxWord)
	}
	squeezed := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, password)
	kinds := map[rune]bool{}
	for _, r := range password {
		kinds[r] = true
	}
	if len(kinds) < 6 || repeats(squeezed) {
		return Codes.New(WeakWord)
	}
	own := append([]string{a.Number, fold(a.Nom), fold(a.Prenom)}, strings.Split(a.Mail, "@")...)
	for _, word := range append(own, wellKnown...) {
		if len(word) >= 4 && strings.Contains(squeezed, word) && utf8.RuneCountInString(squeezed)-utf8.RuneCountInString(word) < 10 {
			return Codes.New(WeakWord)
		}
	}
	return nil
}

// repeats reports whether a text is one piece said again and again.
func repeats(s string) bool {
	return len(s) > 1 && strings.Contains((s + s)[1:2*len(s)-1], s)
}
