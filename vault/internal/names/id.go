package names

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// ID names a document, an agent or a session of deposit: 128 random bits,
// written as 32 hexadecimal digits. It says nothing of whom it names.
type ID [16]byte

func (id ID) String() string { return hex.EncodeToString(id[:]) }

// IsZero reports whether id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// MarshalText writes the 32 digits.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (id *ID) UnmarshalText(b []byte) error {
	v, err := ParseID(string(b))
	*id = v
	return err
}

// ParseID reads 32 lower-case hexadecimal digits.
func ParseID(s string) (id ID, err error) {
	if len(s) == 2*len(id) && strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'F' }) < 0 {
		if _, err := hex.Decode(id[:], []byte(s)); err == nil {
			return id, nil
		}
	}
	return ID{}, fmt.Errorf("identifier of %d characters is not 32 hexadecimal digits", len(s))
}
