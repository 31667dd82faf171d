package keys

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"paye/internal/durable"
	"paye/vault/internal/faults"
	"paye/vault/internal/names"
)

// Descriptor is coffre.json, public: it says which keys are the right ones.
type Descriptor struct {
	Format    string   `json:"format"` // "xhl-coffre/1"
	ID        names.ID `json:"id"`
	Cree      int64    `json:"cree"`      // milliseconds since 1970
	Catalogue string   `json:"catalogue"` // fingerprint of the secret, hexadecimal
	Journal   string   `json:"journal"`   // verifier key of the checkpoints
	Maitre    []byte   `json:"maitre"`    // public key
	Secours   []byte   `json:"secours"`   // public key
}

const (
	DescriptorName   = "coffre.json"
	DescriptorFormat = "xhl-coffre/1"
)

func (d *Descriptor) Origin() string { return "xhl-coffre/" + d.ID.String() }

// Fingerprint names a key by 8 bytes of a hash, in hexadecimal.
func Fingerprint(secret []byte) string {
	sum := sha256.Sum256(append([]byte("xhl coffre empreinte "), secret...))
	return hex.EncodeToString(sum[:8])
}

// ReadDescriptor reads coffre.json, and gives its bytes too.
func ReadDescriptor(root string) (d Descriptor, raw []byte, err error) {
	raw, err = durable.ReadFile(filepath.Join(root, DescriptorName))
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil, faults.Codes.New("COF-100")
	}
	if err != nil {
		return d, nil, fmt.Errorf("read the descriptor of the vault: %w", err)
	}
	if err := json.Unmarshal(raw, &d); err != nil || d.Format != DescriptorFormat || d.ID == (names.ID{}) {
		return d, raw, faults.Codes.New("COF-101")
	}
	return d, raw, nil
}
