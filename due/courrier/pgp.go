package courrier

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
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

// ReadPublique reads the armoured public key of a recipient. A key that is
// expired or revoked at now, or that cannot encrypt, is refused. name is for
// the messages.
func ReadPublique(r io.Reader, name string, now time.Time) (*ClePGP, error) {
	e, err := readEntity(r, name)
	if err != nil {
		return nil, err
	}
	if _, ok := e.EncryptionKey(now, nil); !ok || e.Revoked(now) {
		return nil, Codes.New("DUE-C21", name)
	}
	return &ClePGP{e, now}, nil
}

// ReadSecrete reads our own armoured secret key, which signs, and opens again
// what was sealed. passphrase is not kept.
func ReadSecrete(r io.Reader, name string, passphrase []byte, now time.Time) (*ClePGP, error) {
	e, err := readEntity(r, name)
	if err != nil {
		return nil, err
	}
	if e.PrivateKey == nil {
		return nil, Codes.New("DUE-C22")
	}
	if len(passphrase) > 0 {
		if err := e.DecryptPrivateKeys(passphrase); err != nil {
			return nil, Codes.New("DUE-C22")
		}
	}
	if _, ok := e.EncryptionKey(now, nil); !ok || e.Revoked(now) {
		return nil, Codes.New("DUE-C21", name)
	}
	if key, ok := e.SigningKey(now, nil); !ok || key.PrivateKey == nil || key.PrivateKey.Encrypted {
		return nil, Codes.New("DUE-C22")
	}
	return &ClePGP{e, now}, nil
}

// maxCle is the largest key file that is read, in bytes.
const maxCle = 1 << 20

func readEntity(r io.Reader, name string) (*openpgp.Entity, error) {
	list, err := openpgp.ReadArmoredKeyRing(io.LimitReader(r, maxCle))
	if err != nil || len(list) != 1 {
		return nil, Codes.New("DUE-C20", name)
	}
	return list[0], nil
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
