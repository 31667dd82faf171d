package keys

import (
	"crypto/hmac"
	"crypto/hpke"
	"crypto/sha256"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/mod/sumdb/note"

	"paye/vault/internal/faults"
)

// Tag is a value that can be looked up and not read: HMAC under a secret of
// the vault, the purpose kept apart.
func (k *Ring) Tag(purpose string, value []byte) []byte {
	m := hmac.New(sha256.New, k.tags)
	m.Write([]byte(purpose))
	m.Write([]byte{0})
	m.Write(value)
	return m.Sum(nil)
}

// AgentTag is the tag of a matricule of an employer.
func (k *Ring) AgentTag(siret, matricule string) []byte {
	return k.Tag("agent", []byte(siret+"\x00"+matricule))
}

// Ring holds the keys of an open vault. Private keys are read from their
// files when they are first needed, so a process without them can open.
type Ring struct {
	Dir    string
	Desc   Descriptor
	Phrase func(string) ([]byte, error)

	secret    []byte // of the catalogue
	Meta      []byte // seals keys of subjects and bodies without a subject
	tags      []byte // business keys and matricules, as HMAC
	Sessions  []byte // tokens of the HTTP handler
	Signer    note.Signer
	Verifiers note.Verifiers

	mu      sync.Mutex
	private map[string]hpke.PrivateKey
}

// Load reads the keys that a process cannot do without, and holds them against
// the descriptor.
func Load(root string, desc Descriptor, phrase func(string) ([]byte, error)) (*Ring, error) {
	k := &Ring{Dir: filepath.Join(root, Dir), Desc: desc, Phrase: phrase, private: map[string]hpke.PrivateKey{}}
	var err error
	if k.secret, err = Read(filepath.Join(k.Dir, Catalogue+".cle"), Catalogue, phrase); err != nil {
		return nil, err
	}
	if len(k.secret) != Size || Fingerprint(k.secret) != desc.Catalogue {
		return nil, faults.Codes.New("COF-104", Catalogue)
	}
	k.Meta, k.tags, k.Sessions = subkey(k.secret, "metadonnees"), subkey(k.secret, "etiquettes"), subkey(k.secret, "sessions")
	for _, public := range [][]byte{desc.Maitre, desc.Secours} {
		if _, err := KEM().NewPublicKey(public); err != nil {
			return nil, faults.Codes.New("COF-101")
		}
	}
	verifier, err := note.NewVerifier(desc.Journal)
	if err != nil {
		return nil, faults.Codes.New("COF-101")
	}
	k.Verifiers = note.VerifierList(verifier)
	skey, err := Read(filepath.Join(k.Dir, Journal+".cle"), Journal, phrase)
	if err != nil {
		return nil, err
	}
	if k.Signer, err = note.NewSigner(string(skey)); err != nil || k.Signer.Name() != verifier.Name() || k.Signer.KeyHash() != verifier.KeyHash() {
		return nil, faults.Codes.New("COF-104", Journal)
	}
	return k, nil
}

// Open returns the private key of a name, which must belong to public.
func (k *Ring) Open(name string, public []byte) (hpke.PrivateKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id := Replaced(name, public)
	if p := k.private[id]; p != nil {
		return p, nil
	}
	p, err := Open(File(k.Dir, name, public), name, k.Phrase, public)
	if err != nil {
		return nil, err
	}
	k.private[id] = p
	return p, nil
}

// Has reports whether the file of a private key is there.
func (k *Ring) Has(name string, public []byte) bool {
	_, err := os.Lstat(File(k.Dir, name, public))
	return err == nil
}

// Know keeps a private key that was just made.
func (k *Ring) Know(name string, p hpke.PrivateKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.private[Replaced(name, p.PublicKey().Bytes())] = p
}
