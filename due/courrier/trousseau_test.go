package courrier

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// saysWhy fails unless err is the anomaly of a code, for the reason why.
func saysWhy(t *testing.T, name string, err error, code string, why lang.Text) {
	t.Helper()
	a := anomalie.As(err)
	if a == nil || a.Code != code || !strings.Contains(a.Message(lang.French), why.FR) || !strings.Contains(a.Message(lang.English), why.EN) {
		t.Errorf("%s: got %v, want %s because %s", name, err, code, why.EN)
	}
}

// made is an armoured key of the library, and the key.
func made(t *testing.T, config *packet.Config, secret bool) ([]byte, *openpgp.Entity) {
	t.Helper()
	e, err := openpgp.NewEntity("Centre", "", "centre@exemple.org", config)
	if err != nil {
		t.Fatal(err)
	}
	kind, write := openpgp.PublicKeyType, func(w io.Writer) error { return e.Serialize(w) }
	if secret {
		kind, write = openpgp.PrivateKeyType, func(w io.Writer) error { return e.SerializePrivate(w, config) }
	}
	text, err := armoured(kind, write)
	if err != nil {
		t.Fatal(err)
	}
	return text, e
}

func at(now time.Time) *packet.Config {
	return &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return now }}
}

func TestFingerprintsAreReadAsPeopleHandThemOver(t *testing.T) {
	for _, s := range []string{"ab12cd", "AB:12:CD", "0xab12cd", " 0XAB12 CD ", "AB-12-cd", "AB12 CD"} {
		if got := Empreinte(s); got != "AB12CD" {
			t.Errorf("Empreinte(%q) = %q", s, got)
		}
	}
}

func TestEveryBlockOfAKeyFileIsRead(t *testing.T) {
	now := time.Now()
	good, e := made(t, at(now), false)
	other, o := made(t, at(now), false)
	want := strings.ToUpper(hex.EncodeToString(e.PrimaryKey.Fingerprint))

	_, r := made(t, at(now), false)
	if err := r.Revoke(packet.KeyCompromised, "", at(now)); err != nil {
		t.Fatal(err)
	}
	revoked, err := armoured(openpgp.PublicKeyType, r.Serialize)
	if err != nil {
		t.Fatal(err)
	}
	binary, err := io.ReadAll(decoded(t, good).Body)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"one":                               good,
		"with a mark of order":              append([]byte("\xef\xbb\xbf"), good...),
		"with a letter around":              []byte("Bonjour,\r\nvoici la clé.\r\n" + string(good) + "\r\nCordialement"),
		"with CR LF":                        bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")),
		"without the empty line":            bytes.Replace(good, []byte("\n\n"), []byte("\n"), 1),
		"not armoured":                      binary,
		"behind a revoked one":              append(bytes.Clone(revoked), good...),
		"before a revoked one":              append(bytes.Clone(good), revoked...),
		"twice":                             append(bytes.Clone(good), good...),
		"behind a block that was mutilated": append([]byte("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ\n-----END PGP PUBLIC KEY BLOCK-----\n"), good...),
	} {
		k, err := ReadPublique(bytes.NewReader(text), "k", now.Add(time.Second))
		if err != nil || k.Empreinte() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = ReadPublique(bytes.NewReader(append(bytes.Clone(good), other...)), "k", now.Add(time.Second))
	for _, print := range []string{want, strings.ToUpper(hex.EncodeToString(o.PrimaryKey.Fingerprint))} {
		if a := anomalie.As(err); a == nil || a.Code != "DUE-C24" || !strings.Contains(a.Message(lang.French), print) {
			t.Errorf("two good keys: %v, want DUE-C24 with %s", err, print)
		}
	}
}

func decoded(t *testing.T, text []byte) *armor.Block {
	t.Helper()
	block, err := armor.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return block
}

func TestKeysSayWhyTheyAreRefused(t *testing.T) {
	now := time.Now()
	good, _ := made(t, at(now), false)
	late, _ := made(t, at(now.Add(48*time.Hour)), false)
	shortLived := at(now)
	shortLived.KeyLifetimeSecs = 3600
	ends, _ := made(t, shortLived, false)
	small := &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 1024, Time: at(now).Time}
	short, _ := made(t, small, false)
	_, revoked := made(t, at(now), false)
	if err := revoked.Revoke(packet.KeySuperseded, "", at(now)); err != nil {
		t.Fatal(err)
	}
	gone, err := armoured(openpgp.PublicKeyType, revoked.Serialize)
	if err != nil {
		t.Fatal(err)
	}
	_, bare := made(t, at(now), false)
	bare.Identities = nil
	anonymous, err := armoured(openpgp.PublicKeyType, func(w io.Writer) error {
		if err := bare.PrimaryKey.Serialize(w); err != nil {
			return err
		}
		for _, sub := range bare.Subkeys {
			if err := sub.PublicKey.Serialize(w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	message, err := armoured("PGP MESSAGE", func(w io.Writer) error { _, err := w.Write([]byte{0xca, 1, 0}); return err })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		text []byte
		when time.Time
		code string
		why  lang.Text
	}{
		{"empty", nil, now, "DUE-C20", vide},
		{"UTF-16", []byte("\xff\xfe-\x00-\x00"), now, "DUE-C20", utf16},
		{"a certificate", []byte("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"), now, "DUE-C20", unCertificat},
		{"DER", []byte{0x30, 0x82, 1, 1}, now, "DUE-C20", unCertificat},
		{"a message", message, now, "DUE-C20", unMessage},
		{"words", []byte("not a key"), now, "DUE-C20", pasUneCle},
		{"cut armour", good[:len(good)/2], now, "DUE-C20", armureCassee},
		{"no user id", anonymous, now, "DUE-C20", sansIdentite},
		{"made in the future", late, now, "DUE-C21", future},
		{"expired", ends, now.Add(2 * time.Hour), "DUE-C21", expiree},
		{"revoked", gone, now.Add(time.Second), "DUE-C21", revoquee},
		{"RSA 1,024", short, now.Add(time.Second), "DUE-C21", courte},
	} {
		_, err := ReadPublique(bytes.NewReader(c.text), "k", c.when)
		saysWhy(t, c.name, err, c.code, c.why)
	}
	secret, _ := made(t, at(now), true)
	_, err = ReadPublique(bytes.NewReader(secret), "k", now.Add(time.Second))
	saysWhy(t, "the partner's secret key", err, "DUE-C25", lang.Text{})
	_, err = ReadSecrete(bytes.NewReader(good), "k", nil, now.Add(time.Second))
	saysWhy(t, "our public key", err, "DUE-C22", publique)
	_, err = ReadSecrete(bytes.NewReader(locked().secret), "k", []byte("wrong"), time.Now())
	saysWhy(t, "a wrong passphrase", err, "DUE-C22", phraseFausse)
	_, err = ReadSecrete(bytes.NewReader(locked().secret), "k", nil, time.Now())
	saysWhy(t, "no passphrase", err, "DUE-C22", verrouillee)
}

func TestOldKindsOfGPGAreToldApart(t *testing.T) {
	dir := home(t)
	gpg(t, dir, nil, "--quick-gen-key", "courbe@exemple.org", "secp256k1", "sign", "2y")
	gpg(t, dir, nil, "--quick-gen-key", "ancien@exemple.org", "dsa1024", "default", "2y")
	now := time.Now().Add(5 * time.Second)
	for who, want := range map[string]struct {
		code string
		why  lang.Text
	}{"courbe@exemple.org": {"DUE-C21", secp256k1}, "ancien@exemple.org": {"DUE-C21", ancienne}} {
		_, err := ReadPublique(bytes.NewReader(gpg(t, dir, nil, "--armor", "--export", who)), "k", now)
		saysWhy(t, who, err, want.code, want.why)
	}
}

// sealedBetween seals an entity to a public key, by our secret one.
func sealedBetween(t *testing.T, to, ours []byte, now time.Time, entity []byte) Scelle {
	t.Helper()
	recipient, err := ReadPublique(bytes.NewReader(to), "k", now.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	own, err := ReadSecrete(bytes.NewReader(ours), "k", nil, now.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	scelle, err := (&ScelleurPGP{Destinataire: recipient, Propre: own}).Seal(t.Context(), entity)
	if err != nil {
		t.Fatal(err)
	}
	return scelle
}

// No mail is ever in the packets of 2024 (SEIPDv2), which gpg 2.2.40, sq 0.27 and
// rnp 0.16 cannot read, even where every key says that it reads them.
func TestMailsAreReadByProgramsOfTenYearsAgo(t *testing.T) {
	now := time.Now()
	modern := at(now)
	modern.AEADConfig = &packet.AEADConfig{}
	to, theirs := made(t, modern, false)
	ours, _ := made(t, modern, true)
	if sig, err := theirs.PrimarySelfSignature(now, nil); err != nil || !sig.SEIPDv2 {
		t.Fatalf("the key of the test does not ask for SEIPDv2: %v", err)
	}
	scelle := sealedBetween(t, to, ours, now, []byte("Content-Type: text/plain\r\n\r\nessai\r\n"))
	packets := packet.NewReader(decoded(t, scelle.Octets).Body)
	for {
		p, err := packets.Next()
		if errors.Is(err, io.EOF) {
			t.Fatal("no encrypted data in the mail")
		}
		if err != nil {
			t.Fatal(err)
		}
		if data, is := p.(*packet.SymmetricallyEncrypted); is {
			if data.Version != 1 || !data.IntegrityProtected {
				t.Errorf("encrypted data of version %d, want 1 with its integrity protected", data.Version)
			}
			return
		}
	}
}

// Keys of RFC 9580, which gpg 2.2.40, sq 0.27 and rnp 0.16 do not read: who has
// one has a program for it, so that a mail is sealed to it like to any other.
func TestKeysOfTheNewRFCAreWrittenTo(t *testing.T) {
	now := time.Now()
	entity := []byte("Content-Type: text/plain\r\n\r\nessai\r\n")
	for name, config := range map[string]*packet.Config{
		"version 6":         {V6Keys: true, Algorithm: packet.PubKeyAlgoEd25519, Time: at(now).Time},
		"version 4, X25519": {Algorithm: packet.PubKeyAlgoEd25519, Time: at(now).Time},
		"version 4, Ed448":  {Algorithm: packet.PubKeyAlgoEd448, Time: at(now).Time},
	} {
		t.Run(name, func(t *testing.T) {
			to, theirs := made(t, config, false)
			ours, _ := made(t, at(now), true)
			scelle := sealedBetween(t, to, ours, now, entity)
			md, err := openpgp.ReadMessage(decoded(t, scelle.Octets).Body, openpgp.EntityList{theirs}, nil, at(now))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(md.UnverifiedBody); err != nil || !bytes.Equal(plain, entity) {
				t.Errorf("the recipient reads %q: %v", plain, err)
			}
		})
	}
}

// What the programs of Debian do with our mail: they open it and know who signed.
func TestSequoiaAndRNPOpenOurMails(t *testing.T) {
	recipient, own := keys(t, paie(), "")
	entity := []byte("Content-Type: text/plain\r\n\r\nessai\r\n")
	scelle, err := (&ScelleurPGP{Destinataire: recipient, Propre: own}).Seal(t.Context(), entity)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"m.asc": scelle.Octets, "centre.key": centre().secret, "paie.pub": paie().public} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	for _, judge := range []struct {
		tool  string
		steps [][]string
	}{
		{"sq", [][]string{{"decrypt", "--recipient-key", "centre.key", "--signer-cert", "paie.pub", "--output", "out", "m.asc"}}},
		{"rnp", [][]string{{"--homedir", "rnp", "--keyfile", "centre.key", "--decrypt", "m.asc", "--output", "out", "--overwrite"}}},
	} {
		tool, err := exec.LookPath(judge.tool)
		if err != nil {
			continue
		}
		seen++
		for _, args := range judge.steps {
			cmd := exec.Command(tool, args...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s %s: %v\n%s", judge.tool, strings.Join(args, " "), err, out)
			}
		}
		if got, err := os.ReadFile(filepath.Join(dir, "out")); err != nil || !bytes.Equal(got, entity) {
			t.Errorf("%s reads %q (%v), want %q", judge.tool, got, err, entity)
		}
		os.Remove(filepath.Join(dir, "out"))
	}
	if seen == 0 {
		t.Skip("neither sq nor rnp is installed")
	}
}
