package hire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"paye/due"
)

// Contact records that the receiving centre was told that tests begin: who was
// spoken to, in the user's words.
func (b *Bureau) Contact(ctx context.Context, who string) error {
	return b.Registre.Setup(ctx, due.Evenement{Nature: due.EvContact, Detail: who})
}

// Confirm verifies the three paths of the settings and records them.
func (b *Bureau) Confirm(ctx context.Context) (string, error) {
	c := b.chemins()
	if err := c.Check(""); err != nil {
		return "", err
	}
	return c.String(), b.Registre.Setup(ctx, due.Evenement{Nature: due.EvChemins, Detail: c.String()})
}

// Key records a key of the recipient, as test key (EvCleTest) or as final key
// (EvCleDefinitive, EvConfirmation). empreinte is the fingerprint that the
// recipient has given by another way: it must be that of the file.
func (b *Bureau) Key(ctx context.Context, nature due.NatureEvenement, empreinte string) error {
	seal, err := b.scelleur()
	if err != nil {
		return err
	}
	if empreinte != seal.Empreinte() {
		return due.Codes.New("DUE-S03")
	}
	return b.Registre.Setup(ctx, due.Evenement{Nature: nature, Empreinte: empreinte})
}

// Fingerprint is that of the recipient's key in the settings, to be compared
// with what the recipient says.
func (b *Bureau) Fingerprint() (string, error) {
	seal, err := b.scelleur()
	if err != nil {
		return "", err
	}
	return seal.Empreinte(), nil
}

// Agreements records that the conventions d'adhésion came back on a day, with
// the digest of the document.
func (b *Bureau) Agreements(ctx context.Context, on due.Date, document string) error {
	sum := sha256.New()
	err := b.read(document, func(r io.Reader) error {
		_, err := io.Copy(sum, r)
		return err
	})
	if err != nil {
		return fmt.Errorf("digest the agreements: %w", err)
	}
	return b.Registre.Setup(ctx, due.Evenement{Nature: due.EvConventions, Detail: on.String(), Empreinte: hex.EncodeToString(sum.Sum(nil))})
}
