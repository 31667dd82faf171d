package vault

import (
	"bytes"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"paye/internal/durable"
)

// Key files of a vault, in keys/. A process that only deposits needs the first
// two; what it can write it cannot read back.
const (
	keysDir      = "keys"
	CleCatalogue = "catalogue" // secret of the catalogue: names, identities, business keys
	CleJournal   = "journal"   // signs the checkpoints
	CleMaitre    = "maitre"    // opens the agents' private keys
	CleSecours   = "secours"   // opens every document; to be kept elsewhere
	cleEmployeur = "employeur-"
)

// CleEmployeur names the key that opens the double of one employer.
func CleEmployeur(siret string) string { return cleEmployeur + siret }

const keyMagic = "XHL-COFFRE-CLE-1"

// descriptor is coffre.json, public: it says which keys are the right ones.
type descriptor struct {
	Format    string `json:"format"` // "xhl-coffre/1"
	ID        ID     `json:"id"`
	Cree      int64  `json:"cree"`      // milliseconds since 1970
	Catalogue string `json:"catalogue"` // fingerprint of the secret, hexadecimal
	Journal   string `json:"journal"`   // verifier key of the checkpoints
	Maitre    []byte `json:"maitre"`    // public key
	Secours   []byte `json:"secours"`   // public key
}

const (
	descriptorName   = "coffre.json"
	descriptorFormat = "xhl-coffre/1"
)

func (d *descriptor) origin() string { return "xhl-coffre/" + d.ID.String() }

func fingerprint(secret []byte) string {
	sum := sha256.Sum256(append([]byte("xhl coffre empreinte "), secret...))
	return hex.EncodeToString(sum[:8])
}

// writeKey writes the key file of a name, encrypted with the passphrase unless
// it is empty.
func writeKey(dir, name string, secret, phrase []byte, work int) error {
	return writeKeyFile(filepath.Join(dir, name+".cle"), name, secret, phrase, work)
}

func writeKeyFile(path, name string, secret, phrase []byte, work int) error {
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

// readKey reads a key file; phrase is asked only for one that is encrypted.
func readKey(path, name string, phrase func(string) ([]byte, error)) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Codes.New("COF-102", name)
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
			return nil, Codes.New("COF-103", name)
		}
		p, err := phrase(name)
		if err != nil {
			return nil, fmt.Errorf("ask the passphrase of key %s: %w", name, err)
		}
		identity, err := age.NewScryptIdentity(string(p))
		if err != nil {
			return nil, Codes.New("COF-103", name)
		}
		r, err := age.Decrypt(bytes.NewReader(text), identity)
		if err != nil {
			return nil, Codes.New("COF-103", name)
		}
		if text, err = io.ReadAll(io.LimitReader(r, maxKeyFile)); err != nil {
			return nil, Codes.New("COF-103", name)
		}
	}
	fields := strings.Fields(string(text))
	if len(fields) != 3 || fields[0] != keyMagic || fields[1] != name {
		return nil, Codes.New("COF-104", name)
	}
	secret, err := base64.StdEncoding.Strict().DecodeString(fields[2])
	if err != nil || string(text) != keyMagic+" "+name+" "+fields[2]+"\n" {
		return nil, Codes.New("COF-104", name)
	}
	return secret, nil
}

// keyring holds the keys of an open vault. Private keys are read from their
// files when they are first needed, so a process without them can open.
type keyring struct {
	dir    string
	desc   descriptor
	phrase func(string) ([]byte, error)

	secret    []byte // of the catalogue
	meta      []byte // seals keys of subjects and bodies without a subject
	tags      []byte // business keys and matricules, as HMAC
	sessions  []byte // tokens of the HTTP handler
	signer    note.Signer
	verifiers note.Verifiers

	mu      sync.Mutex
	private map[string]hpke.PrivateKey
}

func loadKeyring(root string, desc descriptor, phrase func(string) ([]byte, error)) (*keyring, error) {
	k := &keyring{dir: filepath.Join(root, keysDir), desc: desc, phrase: phrase, private: map[string]hpke.PrivateKey{}}
	var err error
	if k.secret, err = readKey(filepath.Join(k.dir, CleCatalogue+".cle"), CleCatalogue, phrase); err != nil {
		return nil, err
	}
	if len(k.secret) != keySize || fingerprint(k.secret) != desc.Catalogue {
		return nil, Codes.New("COF-104", CleCatalogue)
	}
	k.meta, k.tags, k.sessions = subkey(k.secret, "metadonnees"), subkey(k.secret, "etiquettes"), subkey(k.secret, "sessions")
	for _, public := range [][]byte{desc.Maitre, desc.Secours} {
		if _, err := kem().NewPublicKey(public); err != nil {
			return nil, Codes.New("COF-101")
		}
	}
	verifier, err := note.NewVerifier(desc.Journal)
	if err != nil {
		return nil, Codes.New("COF-101")
	}
	k.verifiers = note.VerifierList(verifier)
	skey, err := readKey(filepath.Join(k.dir, CleJournal+".cle"), CleJournal, phrase)
	if err != nil {
		return nil, err
	}
	if k.signer, err = note.NewSigner(string(skey)); err != nil || k.signer.Name() != verifier.Name() || k.signer.KeyHash() != verifier.KeyHash() {
		return nil, Codes.New("COF-104", CleJournal)
	}
	return k, nil
}

// keyFile names the file of the private key of a public one, below dir. A key
// that replaces another, and one that was replaced, have the fingerprint of
// their public key in the name of their file; others are called by their name
// alone.
func keyFile(dir, name string, public []byte) string {
	path := filepath.Join(dir, replacedKey(name, public)+".cle")
	if _, err := os.Lstat(path); err == nil {
		return path
	}
	return filepath.Join(dir, name+".cle")
}

func replacedKey(name string, public []byte) string { return name + "-" + fingerprint(public) }

// open returns the private key of a name, which must belong to public.
func (k *keyring) open(name string, public []byte) (hpke.PrivateKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id := replacedKey(name, public)
	if p := k.private[id]; p != nil {
		return p, nil
	}
	p, err := openKey(keyFile(k.dir, name, public), name, k.phrase, public)
	if err != nil {
		return nil, err
	}
	k.private[id] = p
	return p, nil
}

// openKey reads the private key of a name, which must belong to one of publics.
func openKey(path, name string, phrase func(string) ([]byte, error), publics ...[]byte) (hpke.PrivateKey, error) {
	seed, err := readKey(path, name, phrase)
	if err != nil {
		return nil, err
	}
	p, err := pairFrom(seed)
	if err != nil || !slices.ContainsFunc(publics, func(public []byte) bool { return bytes.Equal(p.PublicKey().Bytes(), public) }) {
		return nil, Codes.New("COF-104", name)
	}
	return p, nil
}

func (k *keyring) has(name string, public []byte) bool {
	_, err := os.Lstat(keyFile(k.dir, name, public))
	return err == nil
}

func readDescriptor(root string) (d descriptor, raw []byte, err error) {
	raw, err = os.ReadFile(filepath.Join(root, descriptorName))
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil, Codes.New("COF-100")
	}
	if err != nil {
		return d, nil, fmt.Errorf("read the descriptor of the vault: %w", err)
	}
	if err := json.Unmarshal(raw, &d); err != nil || d.Format != descriptorFormat || d.ID == (ID{}) {
		return d, raw, Codes.New("COF-101")
	}
	return d, raw, nil
}
