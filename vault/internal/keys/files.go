package keys

import (
	"bytes"
	"crypto/hpke"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"paye/internal/durable"
	"paye/vault/internal/faults"
)

// Key files of a vault, in keys/. A process that only deposits needs the first
// two; what it can write it cannot read back.
const (
	Dir             = "keys"
	Catalogue       = "catalogue" // secret of the catalogue: names, identities, business keys
	Journal         = "journal"   // signs the checkpoints
	Maitre          = "maitre"    // opens the agents' private keys
	Secours         = "secours"   // opens every document; to be kept elsewhere
	EmployeurPrefix = "employeur-"
)

// Employeur names the key that opens the double of one employer.
func Employeur(siret string) string { return EmployeurPrefix + siret }

const keyMagic = "XHL-COFFRE-CLE-1"

// Write writes the key file of a name, encrypted with the passphrase unless
// it is empty.
func Write(dir, name string, secret, phrase []byte, work int) error {
	return WriteFile(filepath.Join(dir, name+".cle"), name, secret, phrase, work)
}

// WriteFile is [Write] for a file of another name.
func WriteFile(path, name string, secret, phrase []byte, work int) error {
	text := []byte(keyMagic + " " + name + " " + base64.StdEncoding.EncodeToString(secret) + "\n")
	if len(phrase) > 0 {
		recipient, err := age.NewScryptRecipient(string(phrase))
		if err != nil {
			return fmt.Errorf("write key %s: %w", name, err)
		}
		if work > 0 {
			recipient.SetWorkFactor(work)
		}
		var b bytes.Buffer
		w, err := age.Encrypt(&b, recipient)
		if err == nil {
			_, err = w.Write(text)
			err = errors.Join(err, w.Close())
		}
		if err != nil {
			return fmt.Errorf("encrypt key %s: %w", name, err)
		}
		text = b.Bytes()
	}
	if err := durable.WriteFile(path, text); err != nil {
		return fmt.Errorf("write key %s: %w", name, err)
	}
	return nil
}

// maxKeyFile bounds what is read of a key file, in bytes.
const maxKeyFile = 64 << 10

// Read reads a key file; phrase is asked only for one that is encrypted.
func Read(path, name string, phrase func(string) ([]byte, error)) ([]byte, error) {
	f, err := durable.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, faults.Codes.New("COF-102", name)
	}
	if err != nil {
		return nil, fmt.Errorf("read key %s: %w", name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read key %s: %w", name, err)
	}
	if bytes.HasPrefix(text, []byte("age-encryption.org/")) {
		if phrase == nil {
			return nil, faults.Codes.New("COF-103", name)
		}
		p, err := phrase(name)
		if err != nil {
			return nil, fmt.Errorf("ask the passphrase of key %s: %w", name, err)
		}
		identity, err := age.NewScryptIdentity(string(p))
		if err != nil {
			return nil, faults.Codes.New("COF-103", name)
		}
		r, err := age.Decrypt(bytes.NewReader(text), identity)
		if err != nil {
			return nil, faults.Codes.New("COF-103", name)
		}
		if text, err = io.ReadAll(io.LimitReader(r, maxKeyFile)); err != nil {
			return nil, faults.Codes.New("COF-103", name)
		}
	}
	fields := strings.Fields(string(text))
	if len(fields) != 3 || fields[0] != keyMagic || fields[1] != name {
		return nil, faults.Codes.New("COF-104", name)
	}
	secret, err := base64.StdEncoding.Strict().DecodeString(fields[2])
	if err != nil || string(text) != keyMagic+" "+name+" "+fields[2]+"\n" {
		return nil, faults.Codes.New("COF-104", name)
	}
	return secret, nil
}

// File names the file of the private key of a public one, below dir. A key
// that replaces another, and one that was replaced, have the fingerprint of
// their public key in the name of their file; others are called by their name
// alone.
func File(dir, name string, public []byte) string {
	path := filepath.Join(dir, Replaced(name, public)+".cle")
	if _, err := os.Lstat(path); err == nil {
		return path
	}
	return filepath.Join(dir, name+".cle")
}

// Replaced is the name of the file of a key that replaces another, or that was
// replaced.
func Replaced(name string, public []byte) string { return name + "-" + Fingerprint(public) }

// Open reads the private key of a name, which must belong to one of publics.
func Open(path, name string, phrase func(string) ([]byte, error), publics ...[]byte) (hpke.PrivateKey, error) {
	seed, err := Read(path, name, phrase)
	if err != nil {
		return nil, err
	}
	p, err := PairFrom(seed)
	if err != nil || !slices.ContainsFunc(publics, func(public []byte) bool { return bytes.Equal(p.PublicKey().Bytes(), public) }) {
		return nil, faults.Codes.New("COF-104", name)
	}
	return p, nil
}
