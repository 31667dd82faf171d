package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

type hash = [32]byte

// leafHash and nodeHash are RFC 6962, 2.1.
func leafHash(b []byte) hash { return sha256.Sum256(append([]byte{0}, b...)) }

func nodeHash(left, right hash) hash {
	b := append([]byte{1}, left[:]...)
	return sha256.Sum256(append(b, right[:]...))
}

// inclusion computes the root that a leaf and its path lead to (RFC 9162,
// 2.1.3.2).
func inclusion(index, size int64, leaf hash, path []hash) (hash, error) {
	if index < 0 || index >= size {
		return hash{}, errors.New("leaf outside the tree")
	}
	fn, sn, r := index, size-1, leaf
	for _, p := range path {
		if sn == 0 {
			return hash{}, errors.New("path too long")
		}
		if fn&1 == 1 || fn == sn {
			r = nodeHash(p, r)
			if fn&1 == 0 {
				shift := bits.TrailingZeros64(uint64(fn))
				if fn == 0 {
					shift = bits.Len64(uint64(sn))
				}
				fn, sn = fn>>shift, sn>>shift
			}
		} else {
			r = nodeHash(r, p)
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 {
		return hash{}, errors.New("path too short")
	}
	return r, nil
}

// consistency verifies that the tree of first leaves with root a is a prefix
// of the tree of second leaves with root b (RFC 9162, 2.1.4.2).
func consistency(first, second int64, a, b hash, path []hash) error {
	wrong := errors.New("is not a prefix of the journal")
	switch {
	case first < 1 || first > second:
		return wrong
	case first == second:
		if len(path) != 0 || a != b {
			return wrong
		}
		return nil
	case len(path) == 0:
		return wrong
	}
	if first&(first-1) == 0 {
		path = append([]hash{a}, path...)
	}
	fn, sn := first-1, second-1
	for fn&1 == 1 {
		fn, sn = fn>>1, sn>>1
	}
	fr, sr := path[0], path[0]
	for _, c := range path[1:] {
		if sn == 0 {
			return wrong
		}
		if fn&1 == 1 || fn == sn {
			fr, sr = nodeHash(c, fr), nodeHash(c, sr)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			sr = nodeHash(sr, c)
		}
		fn, sn = fn>>1, sn>>1
	}
	if fr != a || sr != b || sn != 0 {
		return wrong
	}
	return nil
}

// verifier is a public key in the form name+hash+base64.
type verifier struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func parseVerifier(s string) (v verifier, err error) {
	bad := errors.New("verifier key is not valid")
	name, rest, ok := strings.Cut(strings.TrimSpace(s), "+")
	sum, key, ok2 := strings.Cut(rest, "+")
	h, err1 := hex.DecodeString(sum)
	k, err2 := base64.StdEncoding.DecodeString(key)
	if !ok || !ok2 || errors.Join(err1, err2) != nil || len(h) != 4 || len(k) != 1+ed25519.PublicKeySize || k[0] != 1 {
		return v, bad
	}
	want := sha256.Sum256(append([]byte(name+"\n"), k...))
	if !bytes.Equal(want[:4], h) {
		return v, bad
	}
	return verifier{name, binary.BigEndian.Uint32(h), k[1:]}, nil
}

// point is a signed checkpoint.
type point struct {
	msg    string
	origin string
	size   int64
	root   hash
}

func parsePoint(msg string, v verifier) (p point, err error) {
	bad := errors.New("checkpoint is not signed by the vault")
	text, err := openNote(msg, v)
	if err != nil {
		return p, bad
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[3], "temps ") {
		return p, bad
	}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	if errors.Join(err1, err2) != nil || len(root) != 32 || size < 0 {
		return p, bad
	}
	return point{msg, lines[0], size, hash(root)}, nil
}

// openNote returns the text of a note that the vault signed.
func openNote(msg string, v verifier) (text string, err error) {
	bad := errors.New("not signed by the vault")
	i := strings.LastIndex(msg, "\n\n")
	if i < 0 {
		return "", bad
	}
	text, signatures := msg[:i+1], msg[i+2:]
	signed := false
	for _, line := range strings.Split(strings.TrimSuffix(signatures, "\n"), "\n") {
		rest, ok := strings.CutPrefix(line, "— ")
		name, sig, ok2 := strings.Cut(rest, " ")
		b, err := base64.StdEncoding.DecodeString(sig)
		if !ok || !ok2 || err != nil || len(b) < 4 {
			return "", bad
		}
		if name == v.name && binary.BigEndian.Uint32(b) == v.hash {
			if !ed25519.Verify(v.key, []byte(text), b[4:]) {
				return "", bad
			}
			signed = true
		}
	}
	if !signed {
		return "", bad
	}
	return text, nil
}

// receipt is preuves/<id>.json.
type receipt struct {
	ID     string   `json:"id"`
	Index  int64    `json:"index"`
	Tree   int64    `json:"taille_arbre"`
	Header []byte   `json:"entete"`
	Salt   []byte   `json:"sel"`
	Body   string   `json:"corps"`
	Path   [][]byte `json:"preuve"`
	Point  string   `json:"point"`
}

// The header of a deposit: version 1, kind 4, time, index, document, blob,
// commitment, slots; 130 bytes, big-endian.
const (
	headerSize  = 130
	kindDeposit = 4
)

// verify holds a receipt against the checkpoint of the export.
func (r *receipt) verify(p point) error {
	h := r.Header
	if len(h) != headerSize || h[0] != 1 || h[1] != kindDeposit {
		return errors.New("receipt: the leaf is no deposit")
	}
	if hex.EncodeToString(h[18:34]) != r.ID || int64(binary.BigEndian.Uint64(h[10:])) != r.Index {
		return errors.New("receipt: the leaf is of another document")
	}
	m := hmac.New(sha256.New, r.Salt)
	m.Write([]byte(r.Body))
	if !hmac.Equal(m.Sum(nil), h[66:98]) {
		return errors.New("receipt: the leaf does not commit to the body")
	}
	if r.Point != p.msg {
		return errors.New("receipt: its checkpoint is not the export's")
	}
	if r.Tree != p.size {
		return errors.New("receipt: of another checkpoint than the export's")
	}
	path, err := hashes(r.Path)
	if err != nil {
		return err
	}
	root, err := inclusion(r.Index, p.size, leafHash(h), path)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	if root != p.root {
		return errors.New("receipt: the leaf is not in the journal")
	}
	return nil
}

func hashes(list [][]byte) ([]hash, error) {
	out := make([]hash, len(list))
	for i, b := range list {
		if len(b) != 32 {
			return nil, fmt.Errorf("hash of %d bytes", len(b))
		}
		out[i] = hash(b)
	}
	return out, nil
}
