package portal

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"paye/internal/argon"
)

// Hasher hashes passwords and compares them. Tests put a fast one there.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	// Verify answers in the same time whether or not the password is right.
	Verify(ctx context.Context, hash, password string) (bool, error)
}

// Argon is the Hasher of people: argon2id, few at once.
type Argon struct{ random io.Reader }

// NewArgon makes one that draws its salts from random.
func NewArgon(random io.Reader) *Argon { return &Argon{random} }

// Hash implements Hasher, as a PHC string.
func (h *Argon) Hash(ctx context.Context, word string) (string, error) {
	salt := make([]byte, argon.SaltSize)
	if _, err := io.ReadFull(h.random, salt); err != nil {
		return "", fmt.Errorf("draw a salt: %w", err)
	}
	return argon.Hash(ctx, salt, word)
}

// Verify implements Hasher.
func (h *Argon) Verify(ctx context.Context, hash, word string) (bool, error) {
	return argon.Verify(ctx, hash, word)
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
