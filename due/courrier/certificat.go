package courrier

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	"paye/internal/lang"
)

// Why a certificate or its key cannot be used.
var (
	// PasUnCertificat is what a file is that holds none.
	PasUnCertificat  = lang.Text{FR: "ce n'est pas un certificat", EN: "it is no certificate"}
	uneCleOpenPGP    = lang.Text{FR: "c'est une clé OpenPGP, pas un certificat ; avec elle il faut chiffrement=openpgp", EN: "it is an OpenPGP key, no certificate; it wants chiffrement=openpgp"}
	certificatCourbe = lang.Text{FR: "sa clé est d'une courbe elliptique ; les courriers S/MIME veulent RSA", EN: "its key is of an elliptic curve; S/MIME mail wants RSA"}
	certificatPSS    = lang.Text{FR: "sa clé est RSA-PSS, ou d'une sorte inconnue ; les courriers S/MIME veulent RSA", EN: "its key is RSA-PSS, or of an unknown kind; S/MIME mail wants RSA"}
	pasEncore        = lang.Text{FR: "le certificat n'est pas encore valable ; vérifiez l'heure de cette machine", EN: "the certificate is not valid yet; check the time of this machine"}
	certificatPasse  = lang.Text{FR: "le certificat est expiré ; demandez-en un nouveau", EN: "the certificate is expired; ask for a new one"}
	usageChiffrement = lang.Text{FR: "l'usage de sa clé interdit le chiffrement ; demandez un certificat de chiffrement", EN: "the usage of its key forbids encryption; ask for a certificate for encryption"}
	usageSignature   = lang.Text{FR: "l'usage de sa clé interdit la signature", EN: "the usage of its key forbids signing"}
	cleChiffree      = lang.Text{FR: "la clé privée est protégée par un mot de passe ; enlevez-le sur cette machine : openssl pkey -in CLE -out cle.pem, puis chmod 600", EN: "the private key is protected by a password; take it off on this machine: openssl pkey -in KEY -out cle.pem, then chmod 600"}
	unP12            = lang.Text{FR: "c'est un fichier PKCS#12 (.p12, .pfx) ; tirez-en la clé : openssl pkcs12 -in FICHIER -nocerts -nodes -out cle.pem", EN: "it is a PKCS#12 file (.p12, .pfx); take the key out: openssl pkcs12 -in FILE -nocerts -nodes -out cle.pem"}
	cleCourbe        = lang.Text{FR: "la clé privée est d'une courbe elliptique ; il faut une clé RSA", EN: "the private key is of an elliptic curve; an RSA key is wanted"}
	pasUneClePrivee  = lang.Text{FR: "le fichier ne contient pas de clé privée", EN: "the file holds no private key"}
	autreCertificat  = lang.Text{FR: "elle n'est pas celle de certificat_propre", EN: "it is not that of certificat_propre"}
)

// pemBlocks are the blocks of a file; a file that is DER is one of no type.
func pemBlocks(text []byte) (blocks []*pem.Block) {
	text = bytes.TrimPrefix(text, bom)
	if len(text) > 0 && text[0] == 0x30 {
		return []*pem.Block{{Bytes: text}}
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		blocks = append(blocks, block)
	}
	return blocks
}

// certificate reads a certificate that has to allow what it is used for.
func certificate(text []byte, name string, now time.Time, usage x509.KeyUsage) (*x509.Certificate, error) {
	var c *x509.Certificate
	secret := false
	for _, block := range pemBlocks(text) {
		secret = secret || strings.HasSuffix(block.Type, "PRIVATE KEY")
		if c != nil || block.Type != "" && block.Type != "CERTIFICATE" && block.Type != "TRUSTED CERTIFICATE" {
			continue
		}
		parsed, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, Codes.New("DUE-C20", name, PasUnCertificat)
		}
		c = parsed
	}
	switch {
	case secret && usage&x509.KeyUsageDigitalSignature == 0: // the recipient's
		return nil, Codes.New("DUE-C25", name)
	case c == nil && bytes.Contains(text, []byte("-----BEGIN PGP ")):
		return nil, Codes.New("DUE-C20", name, uneCleOpenPGP)
	case c == nil && len(bytes.TrimSpace(text)) == 0:
		return nil, Codes.New("DUE-C20", name, vide)
	case c == nil:
		return nil, Codes.New("DUE-C20", name, PasUnCertificat)
	}
	if why := certificateFault(c, now, usage); why != (lang.Text{}) {
		return nil, Codes.New("DUE-C21", name, why)
	}
	return c, nil
}

// certificateFault says why a certificate cannot serve; nothing when it can.
func certificateFault(c *x509.Certificate, now time.Time, usage x509.KeyUsage) (why lang.Text) {
	key, isRSA := c.PublicKey.(*rsa.PublicKey)
	switch c.PublicKey.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return certificatCourbe
	}
	switch {
	case !isRSA:
		return certificatPSS
	case key.N.BitLen() < minBits:
		return courte
	case now.Before(c.NotBefore):
		return pasEncore
	case now.After(c.NotAfter):
		return certificatPasse
	case c.KeyUsage != 0 && usage&x509.KeyUsageKeyEncipherment != 0 && c.KeyUsage&x509.KeyUsageKeyEncipherment == 0:
		return usageChiffrement
	case c.KeyUsage != 0 && usage&x509.KeyUsageDigitalSignature != 0 && c.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return usageSignature
	}
	return why
}

// privateKey finds the RSA key of a file, in PKCS#8 or PKCS#1, behind whatever
// else stands there.
func privateKey(text []byte) (*rsa.PrivateKey, lang.Text) {
	why := pasUneClePrivee
	for _, block := range pemBlocks(text) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			why = cleChiffree
		case block.Type == "EC PRIVATE KEY":
			why = cleCourbe
		case block.Type == "RSA PRIVATE KEY", block.Type == "PRIVATE KEY", block.Type == "":
			if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
				return key, lang.Text{}
			}
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if rsaKey, isRSA := key.(*rsa.PrivateKey); err == nil && isRSA {
				return rsaKey, lang.Text{}
			}
			switch {
			case err == nil:
				why = cleCourbe
			case block.Type == "" && bytes.HasPrefix(afterLength(block.Bytes), []byte{0x02, 0x01, 0x03}):
				why = unP12
			}
		}
	}
	return nil, why
}

// afterLength is what stands in the outermost SEQUENCE of a DER.
func afterLength(der []byte) []byte {
	if len(der) < 2 {
		return nil
	}
	skip := 2
	if der[1]&0x80 != 0 {
		skip += int(der[1] & 0x7f)
	}
	if skip > len(der) {
		return nil
	}
	return der[skip:]
}
