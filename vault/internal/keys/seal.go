package keys

import (
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"

	"paye/vault/internal/faults"
	"paye/vault/internal/names"
)

// Context binds a sealed key to its use and to what it is of.
func Context(use string, id names.ID) []byte {
	return append([]byte("xhl coffre cle "+use+" "), id[:]...)
}

// Two kinds of encryption, and no other: XChaCha20-Poly1305 under a key that
// the process holds, and HPKE (RFC 9180) with X25519 and ML-KEM-768 to a
// public key, so that a deposit made today is not opened by a quantum
// computer of tomorrow. Every result opens with the number of its algorithm.
const (
	AlgoXChaCha = 1 // algorithm, nonce 24, ciphertext, tag 16
	algoHPKE    = 2 // algorithm, encapsulated key 1120, ciphertext, tag 16
)

// Size of a key, in bytes.
const Size = 32

// ErrUnseal is what does not open.
var ErrUnseal = errors.New("not readable with this key")

// Unreadable is what to answer when bytes do not open: that they are damaged,
// unless they are of an algorithm that this program does not know, whose
// anomaly says so. Bytes are compared with their hash before they are opened,
// so that a damaged number is not taken for another algorithm.
func Unreadable(err, damaged error) error {
	if faults.Is(err) {
		return err
	}
	return damaged
}

// Seal encrypts plain under key; ad is authenticated with it.
func Seal(random io.Reader, key, plain, ad []byte) ([]byte, error) {
	return AppendSealed(make([]byte, 0, 1+chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead), random, key, plain, ad)
}

// AppendSealed seals at the end of b. ad may be b, as it is before.
func AppendSealed(b []byte, random io.Reader, key, plain, ad []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	var nonce [chacha20poly1305.NonceSizeX]byte
	if _, err := io.ReadFull(random, nonce[:]); err != nil {
		return nil, fmt.Errorf("draw a nonce: %w", err)
	}
	b = append(append(b, AlgoXChaCha), nonce[:]...)
	return aead.Seal(b, nonce[:], plain, ad), nil
}

// IsSealed reports whether b begins like what Seal seals.
func IsSealed(b []byte) bool { return len(b) > 0 && b[0] == AlgoXChaCha }

// Unseal opens what Seal sealed.
func Unseal(key, sealed, ad []byte) ([]byte, error) { return UnsealInto(nil, key, sealed, ad) }

// UnsealInto is Unseal that writes what it opens over room, or elsewhere when that is too small.
func UnsealInto(room, key, sealed, ad []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	if len(sealed) > 0 && sealed[0] != AlgoXChaCha {
		return nil, faults.Codes.New("COF-140", sealed[0])
	}
	if len(sealed) < 1+aead.NonceSize()+aead.Overhead() {
		return nil, ErrUnseal
	}
	plain, err := aead.Open(room[:0], sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():], ad)
	if err != nil {
		return nil, ErrUnseal
	}
	return plain, nil
}

// KEM is the key encapsulation of the vault.
func KEM() hpke.KEM { return hpke.MLKEM768X25519() }

// SealTo encrypts key material to a public key. The encapsulation draws from
// crypto/rand, whatever source was injected.
func SealTo(public hpke.PublicKey, plain, info []byte) ([]byte, error) {
	c, err := hpke.Seal(public, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, plain)
	if err != nil {
		return nil, fmt.Errorf("seal to a public key: %w", err)
	}
	return append([]byte{algoHPKE}, c...), nil
}

// UnsealWith opens what SealTo sealed.
func UnsealWith(private hpke.PrivateKey, sealed, info []byte) ([]byte, error) {
	if len(sealed) > 0 && sealed[0] != algoHPKE {
		return nil, faults.Codes.New("COF-140", sealed[0])
	}
	if len(sealed) == 0 {
		return nil, ErrUnseal
	}
	plain, err := hpke.Open(private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, sealed[1:])
	if err != nil {
		return nil, ErrUnseal
	}
	return plain, nil
}

// NewPair draws a key pair.
func NewPair(random io.Reader) (seed []byte, private hpke.PrivateKey, err error) {
	seed = make([]byte, Size)
	if _, err = io.ReadFull(random, seed); err != nil {
		return nil, nil, fmt.Errorf("draw a key: %w", err)
	}
	private, err = PairFrom(seed)
	return seed, private, err
}

// PairFrom derives a key pair from its seed.
func PairFrom(seed []byte) (hpke.PrivateKey, error) {
	p, err := KEM().DeriveKeyPair(seed)
	if err != nil {
		return nil, fmt.Errorf("derive a key pair: %w", err)
	}
	return p, nil
}

// subkey derives a key for one purpose, so that no key does two things.
func subkey(secret []byte, purpose string) []byte {
	k, err := hkdf.Key(sha256.New, secret, nil, "xhl coffre "+purpose, Size)
	if err != nil {
		panic("vault: hkdf refused a length of 32: " + err.Error())
	}
	return k
}

// Draw reads random bytes.
func Draw(random io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("draw %d random bytes: %w", n, err)
	}
	return b, nil
}
