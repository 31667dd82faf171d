package names

import (
	"encoding/hex"
	"fmt"
)

// BlobName is the SHA-256 of a blob: of the ciphertext, never of the document,
// since the text of a payslip can be guessed.
type BlobName [32]byte

func (n BlobName) String() string { return hex.EncodeToString(n[:]) }

// ParseBlobName reads 64 lower-case hexadecimal digits.
func ParseBlobName(s string) (n BlobName, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(n) || hex.EncodeToString(b) != s {
		return n, fmt.Errorf("blob name of %d characters is not a SHA-256", len(s))
	}
	copy(n[:], b)
	return n, nil
}
