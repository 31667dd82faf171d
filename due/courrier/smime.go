package courrier

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/smallstep/pkcs7"

	"paye/internal/lang"
)

// ScelleurSMIME signs with our certificate, and encrypts for the recipient's
// and for ours. Both have RSA keys: no other profile is read by OpenSSL.
type ScelleurSMIME struct {
	destinataire *x509.Certificate
	propre       *x509.Certificate
	cle          *rsa.PrivateKey
}

// NewScelleurSMIME reads the recipient's certificate, ours and its private key
// from PEM or DER. A certificate that is not valid at now, whose key is short or
// whose usage does not allow what it is for, is refused.
func NewScelleurSMIME(destinataire, propre, cle []byte, now time.Time) (*ScelleurSMIME, error) {
	var s ScelleurSMIME
	var err error
	if s.destinataire, err = certificate(destinataire, "cle_destinataire", now, x509.KeyUsageKeyEncipherment); err != nil {
		return nil, err
	}
	if s.propre, err = certificate(propre, "certificat_propre", now, x509.KeyUsageKeyEncipherment|x509.KeyUsageDigitalSignature); err != nil {
		return nil, err
	}
	var why lang.Text
	if s.cle, why = privateKey(cle); why != (lang.Text{}) {
		return nil, Codes.New("DUE-C22", "cle_privee_propre", why)
	}
	if !s.cle.PublicKey.Equal(s.propre.PublicKey) {
		return nil, Codes.New("DUE-C22", "cle_privee_propre", autreCertificat)
	}
	return &s, nil
}

// Empreinte is the SHA-256 of the recipient's certificate, in upper-case
// hexadecimal.
func (s *ScelleurSMIME) Empreinte() string {
	sum := sha256.Sum256(s.destinataire.Raw)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// Seal signs entity, encrypts what is signed, and opens the result again.
func (s *ScelleurSMIME) Seal(_ context.Context, entity []byte) (Scelle, error) {
	signed, err := s.sign(entity)
	if err != nil {
		return Scelle{}, err
	}
	var inner bytes.Buffer
	io.WriteString(&inner, "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=\"smime.p7m\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	inner.Write(wrapped(signed))
	sealed, err := envelope(inner.Bytes(), s.destinataire, s.propre)
	if err != nil {
		return Scelle{}, err
	}
	if err := s.proves(sealed, inner.Bytes(), signed, entity); err != nil {
		return Scelle{}, err
	}
	return Scelle{SMIME, sealed}, nil
}

func (s *ScelleurSMIME) sign(entity []byte) ([]byte, error) {
	sd, err := pkcs7.NewSignedData(entity)
	if err != nil {
		return nil, fmt.Errorf("sign with S/MIME: %w", err)
	}
	sd.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := sd.AddSigner(s.propre, s.cle, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, fmt.Errorf("sign with S/MIME: %w", err)
	}
	out, err := sd.Finish()
	if err != nil {
		return nil, fmt.Errorf("sign with S/MIME: %w", err)
	}
	return out, nil
}

// profile guards the two package variables with which the library chooses its
// algorithms; its own defaults include DES.
var profile sync.Mutex

func envelope(content []byte, to ...*x509.Certificate) ([]byte, error) {
	profile.Lock()
	defer profile.Unlock()
	formerContent, formerKey := pkcs7.ContentEncryptionAlgorithm, pkcs7.KeyEncryptionAlgorithm
	defer func() { pkcs7.ContentEncryptionAlgorithm, pkcs7.KeyEncryptionAlgorithm = formerContent, formerKey }()
	pkcs7.ContentEncryptionAlgorithm = pkcs7.EncryptionAlgorithmAES256CBC
	pkcs7.KeyEncryptionAlgorithm = pkcs7.OIDEncryptionAlgorithmRSA
	out, err := pkcs7.Encrypt(content, to)
	if err != nil {
		return nil, fmt.Errorf("encrypt with S/MIME: %w", err)
	}
	return out, nil
}

// aes256CBC and rsaPKCS1 are the DER of the two algorithms of the profile.
var (
	aes256CBC = []byte{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a}
	rsaPKCS1  = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01}
)

// proves opens sealed with our key, and checks the profile and the signature.
func (s *ScelleurSMIME) proves(sealed, inner, signed, entity []byte) error {
	if !bytes.Contains(sealed, aes256CBC) || !bytes.Contains(sealed, rsaPKCS1) {
		return Codes.New("DUE-C23")
	}
	p7, err := pkcs7.Parse(sealed)
	if err != nil {
		return Codes.New("DUE-C23")
	}
	back, err := p7.Decrypt(s.propre, s.cle)
	if err != nil || !bytes.Equal(back, inner) {
		return Codes.New("DUE-C23")
	}
	sd, err := pkcs7.Parse(signed)
	if err != nil || sd.Verify() != nil || !bytes.Equal(sd.Content, entity) {
		return Codes.New("DUE-C23")
	}
	return nil
}
