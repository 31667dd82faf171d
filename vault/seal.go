package vault

import (
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// Two kinds of encryption, and no other: XChaCha20-Poly1305 under a key that
// the process holds, and HPKE (RFC 9180) with X25519 and ML-KEM-768 to a
// public key, so that a deposit made today is not opened by a quantum
// computer of tomorrow. Every result opens with the number of its algorithm.
const (
	algoXChaCha = 1 // algorithm, nonce 24, ciphertext, tag 16
	algoHPKE    = 2 // algorithm, encapsulated key 1120, ciphertext, tag 16
)

const keySize = 32

var errUnseal = errors.New("not readable with this key")

// unreadable is what to answer when bytes do not open: that they are damaged,
// unless they are of an algorithm that this program does not know, whose
// anomaly says so. Bytes are compared with their hash before they are opened,
// so that a damaged number is not taken for another algorithm.
func unreadable(err, damaged error) error {
	if isAnomalie(err) {
		return err
	}
	return damaged
}

// seal encrypts plain under key; ad is authenticated with it.
func seal(random io.Reader, key, plain, ad []byte) ([]byte, error) {
	return appendSealed(make([]byte, 0, 1+chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead), random, key, plain, ad)
}

// appendSealed seals at the end of b. ad may be b, as it is before.
func appendSealed(b []byte, random io.Reader, key, plain, ad []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	var nonce [chacha20poly1305.NonceSizeX]byte
	if _, err := io.ReadFull(random, nonce[:]); err != nil {
		return nil, fmt.Errorf("draw a nonce: %w", err)
	}
	b = append(append(b, algoXChaCha), nonce[:]...)
	return aead.Seal(b, nonce[:], plain, ad), nil
}

func unseal(key, sealed, ad []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("unseal: %w", err)
	}
	if len(sealed) > 0 && sealed[0] != algoXChaCha {
		return nil, Codes.New("COF-140", sealed[0])
	}
	if len(sealed) < 1+aead.NonceSize()+aead.Overhead() {
		return nil, errUnseal
	}
	plain, err := aead.Open(nil, sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():], ad)
	if err != nil {
		return nil, errUnseal
	}
	return plain, nil
}

func kem() hpke.KEM { return hpke.MLKEM768X25519() }

// sealTo encrypts key material to a public key. The encapsulation draws from
// crypto/rand, whatever source was injected.
func sealTo(public hpke.PublicKey, plain, info []byte) ([]byte, error) {
	c, err := hpke.Seal(public, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, plain)
	if err != nil {
		return nil, fmt.Errorf("seal to a public key: %w", err)
	}
	return append([]byte{algoHPKE}, c...), nil
}

func unsealWith(private hpke.PrivateKey, sealed, info []byte) ([]byte, error) {
	if len(sealed) > 0 && sealed[0] != algoHPKE {
		return nil, Codes.New("COF-140", sealed[0])
	}
	if len(sealed) == 0 {
		return nil, errUnseal
	}
	plain, err := hpke.Open(private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), info, sealed[1:])
	if err != nil {
		return nil, errUnseal
	}
	return plain, nil
}

// newPair draws a key pair.
func newPair(random io.Reader) (seed []byte, private hpke.PrivateKey, err error) {
	seed = make([]byte, keySize)
	if _, err = io.ReadFull(random, seed); err != nil {
		return nil, nil, fmt.Errorf("draw a key: %w", err)
	}
	private, err = pairFrom(seed)
	return seed, private, err
}

func pairFrom(seed []byte) (hpke.PrivateKey, error) {
	p, err := kem().DeriveKeyPair(seed)
	if err != nil {
		return nil, fmt.Errorf("derive a key pair: %w", err)
	}
	return p, nil
}

// subkey derives a key for one purpose, so that no key does two things.
func subkey(secret []byte, purpose string) []byte {
	k, err := hkdf.Key(sha256.New, secret, nil, "xhl coffre "+purpose, keySize)
	if err != nil {
		panic("vault: hkdf refused a length of 32: " + err.Error())
	}
	return k
}

func draw(random io.Reader, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("draw %d random bytes: %w", n, err)
	}
	return b, nil
}
