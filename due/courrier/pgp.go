package courrier

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"paye/internal/lang"
)

// Scelleur signs and encrypts an entity, and has verified the result when it
// returns: what it sealed can be opened with our own key, says the same, and
// carries our signature.
type Scelleur interface {
	Seal(ctx context.Context, entity []byte) (Scelle, error)
	// Empreinte is the fingerprint of the recipient's key.
	Empreinte() string
}

// ClePGP is an OpenPGP key that was checked at the given instant.
type ClePGP struct {
	entity *openpgp.Entity
	now    time.Time
}

// Empreinte is the fingerprint, in upper-case hexadecimal.
func (k *ClePGP) Empreinte() string {
	return strings.ToUpper(hex.EncodeToString(k.entity.PrimaryKey.Fingerprint))
}

// ReadPublique reads the public key of a recipient out of a file that may hold
// several: those that are expired, revoked or cannot encrypt at now are left
// aside, and one has to be left. A secret key is refused: its owner must be
// told. name is for the messages.
func ReadPublique(r io.Reader, name string, now time.Time) (*ClePGP, error) {
	list, why, err := readEntities(r, name)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, Codes.New("DUE-C20", name, why)
	}
	var good []*ClePGP
	for _, e := range list {
		if e.PrivateKey != nil {
			return nil, Codes.New("DUE-C25", name)
		}
		if reason := unusable(e, now); reason != (lang.Text{}) {
			why = reason
			continue
		}
		k := &ClePGP{e, now}
		if !slices.ContainsFunc(good, func(other *ClePGP) bool { return other.Empreinte() == k.Empreinte() }) {
			good = append(good, k)
		}
	}
	switch len(good) {
	case 0:
		return nil, Codes.New("DUE-C21", name, why)
	case 1:
		legacyEncryption(good[0].entity, now)
		return good[0], nil
	}
	var prints []string
	for _, k := range good {
		prints = append(prints, k.Empreinte())
	}
	return nil, Codes.New("DUE-C24", name, len(good), strings.Join(prints, ", "))
}

// ReadSecrete reads our own secret key, which signs, and opens again what was
// sealed. passphrase is not kept.
func ReadSecrete(r io.Reader, name string, passphrase []byte, now time.Time) (*ClePGP, error) {
	list, why, err := readEntities(r, name)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, Codes.New("DUE-C20", name, why)
	}
	list = slices.DeleteFunc(list, func(e *openpgp.Entity) bool { return e.PrivateKey == nil })
	switch len(list) {
	case 0:
		return nil, Codes.New("DUE-C22", name, publique)
	case 1:
	default:
		var prints []string
		for _, e := range list {
			prints = append(prints, (&ClePGP{e, now}).Empreinte())
		}
		return nil, Codes.New("DUE-C24", name, len(list), strings.Join(prints, ", "))
	}
	e := list[0]
	if len(passphrase) > 0 {
		if err := e.DecryptPrivateKeys(passphrase); err != nil {
			return nil, Codes.New("DUE-C22", name, phraseFausse)
		}
	}
	if reason := unusable(e, now); reason != (lang.Text{}) {
		return nil, Codes.New("DUE-C21", name, reason)
	}
	key, ok := e.SigningKey(now, nil)
	switch {
	case !ok || key.PrivateKey == nil:
		return nil, Codes.New("DUE-C22", name, sansSigne)
	case key.PrivateKey.Encrypted:
		return nil, Codes.New("DUE-C22", name, verrouillee)
	}
	legacyEncryption(e, now)
	return &ClePGP{e, now}, nil
}

// NewCle makes our own key, of the kind that OpenPGP programs of every age
// read: its secret form, locked with passphrase when there is one, and its
// public form, both armoured.
func NewCle(name, email string, passphrase []byte, now time.Time) (secrete, publique []byte, err error) {
	config := &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 3072, Time: func() time.Time { return now }}
	e, err := openpgp.NewEntity(name, "", email, config)
	if err != nil {
		return nil, nil, fmt.Errorf("make an OpenPGP key: %w", err)
	}
	if publique, err = armoured("PGP PUBLIC KEY BLOCK", e.Serialize); err != nil {
		return nil, nil, err
	}
	if len(passphrase) > 0 {
		if err := e.EncryptPrivateKeys(passphrase, config); err != nil {
			return nil, nil, fmt.Errorf("lock an OpenPGP key: %w", err)
		}
	}
	secrete, err = armoured("PGP PRIVATE KEY BLOCK", func(w io.Writer) error { return e.SerializePrivateWithoutSigning(w, config) })
	return secrete, publique, err
}

func armoured(kind string, write func(io.Writer) error) ([]byte, error) {
	var buf bytes.Buffer
	w, err := armor.Encode(&buf, kind, nil)
	if err != nil {
		return nil, fmt.Errorf("armour: %w", err)
	}
	if err := errors.Join(write(w), w.Close()); err != nil {
		return nil, fmt.Errorf("armour: %w", err)
	}
	buf.WriteByte('\n')
	return buf.Bytes(), nil
}

// ScelleurPGP signs with our key and encrypts for the recipient and for us.
type ScelleurPGP struct {
	Destinataire *ClePGP
	Propre       *ClePGP
}

// Empreinte is the fingerprint of the recipient's key.
func (s *ScelleurPGP) Empreinte() string { return s.Destinataire.Empreinte() }

// Seal signs and encrypts entity, and opens the result again.
func (s *ScelleurPGP) Seal(_ context.Context, entity []byte) (Scelle, error) {
	config := s.Propre.config()
	out, err := armoured("PGP MESSAGE", func(w io.Writer) error {
		plain, err := openpgp.Encrypt(w, []*openpgp.Entity{s.Destinataire.entity, s.Propre.entity}, nil,
			[]*openpgp.Entity{s.Propre.entity}, &openpgp.FileHints{IsUTF8: false}, config)
		if err != nil {
			return err
		}
		_, err = plain.Write(entity)
		return errors.Join(err, plain.Close())
	})
	if err != nil {
		return Scelle{}, fmt.Errorf("encrypt with OpenPGP: %w", err)
	}
	if err := s.Propre.proves(out, entity); err != nil {
		return Scelle{}, err
	}
	return Scelle{OpenPGP, out}, nil
}

func (k *ClePGP) config() *packet.Config {
	return &packet.Config{DefaultCipher: packet.CipherAES256, Time: func() time.Time { return k.now }}
}

// proves opens sealed with our key and compares it with entity.
func (k *ClePGP) proves(sealed, entity []byte) error {
	block, err := armor.Decode(bytes.NewReader(sealed))
	if err != nil {
		return Codes.New("DUE-C23")
	}
	// A signature that a program has just made is a little later than now.
	config := &packet.Config{Time: func() time.Time { return k.now.Add(programTime) }}
	md, err := openpgp.ReadMessage(block.Body, openpgp.EntityList{k.entity}, nil, config)
	if err != nil {
		return Codes.New("DUE-C23")
	}
	back, err := io.ReadAll(io.LimitReader(md.UnverifiedBody, int64(len(entity))+1))
	if err != nil || !bytes.Equal(back, entity) || !md.IsEncrypted || !md.IsSigned || md.SignatureError != nil {
		return Codes.New("DUE-C23")
	}
	return nil
}
