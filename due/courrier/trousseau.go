package courrier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	pgperrors "github.com/ProtonMail/go-crypto/openpgp/errors"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"paye/internal/lang"
)

// Why a key cannot be used. Each is said by its name: what is to be done about
// it differs.
var (
	vide         = lang.Text{FR: "le fichier est vide", EN: "the file is empty"}
	utf16        = lang.Text{FR: "le fichier est en UTF-16 ; enregistrez-le en texte simple (UTF-8)", EN: "the file is in UTF-16; save it as plain text (UTF-8)"}
	pasUneCle    = lang.Text{FR: "ce n'est pas une clé OpenPGP", EN: "it is no OpenPGP key"}
	unCertificat = lang.Text{FR: "c'est un certificat, pas une clé OpenPGP ; avec un certificat il faut chiffrement=smime", EN: "it is a certificate, no OpenPGP key; a certificate wants chiffrement=smime"}
	unMessage    = lang.Text{FR: "c'est un message ou une signature OpenPGP, pas une clé", EN: "it is an OpenPGP message or signature, no key"}
	armureCassee = lang.Text{FR: "l'armure est abîmée : redemandez le fichier, en pièce jointe et non copié dans un courriel", EN: "the armour is damaged: ask for the file again, as an attachment and not pasted into a mail"}
	sansIdentite = lang.Text{FR: "la clé n'a pas d'identité (nom et adresse) : elle a été exportée sans", EN: "the key has no user id (name and address): it was exported without one"}
	inconnue     = lang.Text{FR: "sa courbe ou son algorithme n'est pas de ceux que ce programme lit", EN: "its curve or algorithm is not one that this program reads"}
	secp256k1    = lang.Text{FR: "sa courbe est secp256k1, que les courriers n'emploient pas", EN: "its curve is secp256k1, which mail does not use"}
	ancienne     = lang.Text{FR: "la clé est d'un ancien modèle (DSA, ElGamal) que l'on n'accepte plus", EN: "the key is of an old kind (DSA, ElGamal) that is no longer accepted"}
	courte       = lang.Text{FR: "la clé RSA a moins de 2 048 bits", EN: "the RSA key has less than 2,048 bits"}
	future       = lang.Text{FR: "la clé est datée de plus tard que maintenant ; vérifiez l'heure de cette machine", EN: "the key is dated later than now; check the time of this machine"}
	expiree      = lang.Text{FR: "la clé est expirée ; demandez-en une nouvelle", EN: "the key is expired; ask for a new one"}
	revoquee     = lang.Text{FR: "la clé est révoquée ; demandez-en une nouvelle", EN: "the key is revoked; ask for a new one"}
	sansChiffre  = lang.Text{FR: "aucune de ses parties ne sait chiffrer", EN: "no part of it can encrypt"}
	sansSigne    = lang.Text{FR: "aucune de ses parties ne sait signer", EN: "no part of it can sign"}
	publique     = lang.Text{FR: "c'est une clé publique ; il faut la clé secrète", EN: "it is a public key; the secret key is wanted"}
	phraseFausse = lang.Text{FR: "sa phrase de passe (XHL_DUE_PASSPHRASE) est fausse", EN: "its passphrase (XHL_DUE_PASSPHRASE) is wrong"}
	verrouillee  = lang.Text{FR: "elle a une phrase de passe ; donnez-la dans XHL_DUE_PASSPHRASE", EN: "it has a passphrase; give it in XHL_DUE_PASSPHRASE"}
)

// maxCle is the largest key file that is read, in bytes.
const maxCle = 1 << 20

var bom = []byte("\xef\xbb\xbf")

// Empreinte is a fingerprint as people hand it over, brought into our form:
// without blanks, colons, dashes or 0x, in capitals.
func Empreinte(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "0X")
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', ':', '-', '\u00a0', '\u202f', '\t':
			return -1
		}
		return r
	}, s)
}

// readEntities reads every key of a file, armoured or not, one block after the
// other; when there is none, why is the reason.
func readEntities(r io.Reader, name string) (list []*openpgp.Entity, why lang.Text, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCle))
	if err != nil {
		return nil, why, fmt.Errorf("read key %s: %w", name, err)
	}
	data = bytes.TrimPrefix(data, bom)
	blocks, why := armouredBlocks(data)
	for _, block := range blocks {
		found, err := openpgp.ReadKeyRing(bytes.NewReader(block))
		if err != nil {
			why = unreadable(err)
		}
		list = append(list, found...)
	}
	if len(list) == 0 && why == (lang.Text{}) {
		why = pasUneCle
	}
	return list, why, nil
}

// armouredBlocks gives the packets of each key block of a file, or of a file
// that is not armoured.
func armouredBlocks(data []byte) (blocks [][]byte, why lang.Text) {
	const begin = "-----BEGIN PGP "
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil, vide
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}) && !bytes.Contains(data, []byte(begin)), bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return nil, utf16
	case !bytes.Contains(data, []byte(begin)) && (data[0] == 0x30 || bytes.Contains(data, []byte("-----BEGIN "))):
		return nil, unCertificat
	case !bytes.Contains(data, []byte(begin)) && data[0]&0x80 != 0:
		return [][]byte{data}, why
	}
	for _, part := range strings.Split(string(data), begin)[1:] {
		block, err := armor.Decode(strings.NewReader(emptyLine(begin + part)))
		if err != nil {
			why = armureCassee
			continue
		}
		if block.Type != openpgp.PublicKeyType && block.Type != openpgp.PrivateKeyType {
			why = unMessage
			continue
		}
		packets, err := io.ReadAll(io.LimitReader(block.Body, maxCle))
		if err != nil {
			why = armureCassee
			continue
		}
		blocks = append(blocks, packets)
	}
	return blocks, why
}

// emptyLine puts in the line that ends the headers of an armour, where mail
// programs have dropped it: gpg reads such a block, the library does not.
func emptyLine(block string) string {
	lines := strings.SplitAfter(block, "\n")
	at := 1
	for at < len(lines) && strings.Contains(lines[at], ": ") {
		at++
	}
	if at >= len(lines) || strings.TrimSpace(lines[at]) == "" {
		return block
	}
	return strings.Join(lines[:at], "") + "\n" + strings.Join(lines[at:], "")
}

// unreadable says why the library did not read a key.
func unreadable(err error) lang.Text {
	text := err.Error()
	var unsupported pgperrors.UnsupportedError
	switch {
	case strings.Contains(text, "identities"):
		return sansIdentite
	case strings.Contains(text, "primary key cannot be used for signatures"):
		return ancienne
	case errors.As(err, &unsupported):
		return inconnue
	}
	return armureCassee
}

// unusable says why a key cannot encrypt now; nothing when it can.
func unusable(e *openpgp.Entity, now time.Time) (why lang.Text) {
	key, encrypts := e.EncryptionKey(now, nil)
	switch {
	case e.PrimaryKey.CreationTime.After(now):
		return future
	case e.Revoked(now):
		return revoquee
	case expired(e, now):
		return expiree
	case isOld(e.PrimaryKey):
		return ancienne
	case onSecp256k1(e.PrimaryKey), encrypts && onSecp256k1(key.PublicKey):
		return secp256k1
	case isShort(e.PrimaryKey):
		return courte
	case encrypts && isShort(key.PublicKey):
		return courte
	case encrypts:
		return why
	}
	for _, sub := range e.Subkeys {
		if isOld(sub.PublicKey) {
			return ancienne
		}
	}
	if subkeysExpired(e, now) {
		return expiree
	}
	return sansChiffre
}

func expired(e *openpgp.Entity, now time.Time) bool {
	sig, err := e.PrimarySelfSignature(now, nil)
	if sig == nil {
		return errors.Is(err, pgperrors.ErrKeyExpired)
	}
	return e.PrimaryKey.KeyExpired(sig, now)
}

// subkeysExpired reports whether a part could encrypt when it was made.
func subkeysExpired(e *openpgp.Entity, now time.Time) bool {
	for _, sub := range e.Subkeys {
		if made := sub.PublicKey.CreationTime.Add(time.Second); made.Before(now) {
			if _, did := e.EncryptionKey(made, nil); did {
				return true
			}
		}
	}
	return false
}

func isOld(k *packet.PublicKey) bool {
	return k.PubKeyAlgo == packet.PubKeyAlgoDSA || k.PubKeyAlgo == packet.PubKeyAlgoElGamal
}

func onSecp256k1(k *packet.PublicKey) bool {
	curve, err := k.Curve()
	return err == nil && curve == packet.CurveSecP256k1
}

// minBits is what an RSA key has at least.
const minBits = 2048

func isShort(k *packet.PublicKey) bool {
	switch k.PubKeyAlgo {
	case packet.PubKeyAlgoRSA, packet.PubKeyAlgoRSAEncryptOnly, packet.PubKeyAlgoRSASignOnly:
		bits, err := k.BitLength()
		return err == nil && bits < minBits
	}
	return false
}

// legacyEncryption makes the library write for e what programs of ten years
// ago read: where every key says that it reads the packets of 2024 (SEIPDv2), it
// writes those, and gpg 2.2, sq 0.27 and rnp 0.16 do not.
func legacyEncryption(e *openpgp.Entity, now time.Time) {
	if sig, err := e.PrimarySelfSignature(now, nil); err == nil && sig != nil {
		sig.SEIPDv2 = false
	}
}
