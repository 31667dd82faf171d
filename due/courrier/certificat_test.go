package courrier

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"paye/internal/lang"
)

// issued is a certificate for key, in PEM.
func issued(t *testing.T, key crypto.Signer, usage x509.KeyUsage) []byte {
	t.Helper()
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "essai"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), KeyUsage: usage}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const bothUsages = x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature

func TestCertificatesSayWhyTheyAreRefused(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	key := rsaKey(t, 2048)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	own, secret := issued(t, key, bothUsages), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := issued(t, key, 0)
	der, _ := pem.Decode(good)
	now := time.Now()
	for _, c := range []struct {
		name string
		to   []byte
		when time.Time
		code string
		why  lang.Text
	}{
		{"good, any usage", good, now, "", lang.Text{}},
		{"good, DER", der.Bytes, now, "", lang.Text{}},
		{"good, with a mark of order", append([]byte("\xef\xbb\xbf"), good...), now, "", lang.Text{}},
		{"RSA 1,024", issued(t, rsaKey(t, 1024), 0), now, "DUE-C21", courte},
		{"a curve", issued(t, curve, 0), now, "DUE-C21", certificatCourbe},
		{"for signing only", issued(t, key, x509.KeyUsageDigitalSignature), now, "DUE-C21", usageChiffrement},
		{"not valid yet", good, now.Add(-48 * time.Hour), "DUE-C21", pasEncore},
		{"expired", good, now.Add(48 * time.Hour), "DUE-C21", certificatPasse},
		{"with the secret key", append(bytes.Clone(good), secret...), now, "DUE-C25", lang.Text{}},
		{"an OpenPGP key", []byte("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAA\n"), now, "DUE-C20", uneCleOpenPGP},
		{"empty", nil, now, "DUE-C20", vide},
		{"words", []byte("not a certificate"), now, "DUE-C20", PasUnCertificat},
	} {
		_, err := NewScelleurSMIME(c.to, own, secret, c.when)
		if c.code == "" && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.code != "" {
			saysWhy(t, c.name, err, c.code, c.why)
		}
	}
}

func TestOurSMIMEKeyIsReadInEveryForm(t *testing.T) {
	key := rsaKey(t, 2048)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := issued(t, key, bothUsages)
	one := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	eight := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curved, err := x509.MarshalPKCS8PrivateKey(curve)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		key  []byte
		why  lang.Text
	}{
		{"PKCS#8", eight, lang.Text{}},
		{"PKCS#1", one, lang.Text{}},
		{"DER", pkcs8, lang.Text{}},
		{"behind the certificate", append(bytes.Clone(cert), eight...), lang.Text{}},
		{"before the certificate", append(bytes.Clone(one), cert...), lang.Text{}},
		{"encrypted PKCS#8", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{0x30, 0}}), cleChiffree},
		{"encrypted PKCS#1", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: []byte{1}}), cleChiffree},
		{"a curve", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: curved}), cleCourbe},
		{"PKCS#12", []byte{0x30, 0x82, 0x01, 0x00, 0x02, 0x01, 0x03, 0x30}, unP12},
		{"the certificate alone", cert, pasUneClePrivee},
		{"another's", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey(t, 2048))}), autreCertificat},
	} {
		_, err := NewScelleurSMIME(cert, cert, c.key, time.Now())
		if c.why == (lang.Text{}) && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.why != (lang.Text{}) {
			saysWhy(t, c.name, err, "DUE-C22", c.why)
		}
	}
}

// OpenSSL's own forms: an encrypted key is told as such, a PSS certificate too.
func TestKeysOfOpenSSLAreToldApart(t *testing.T) {
	tool, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command(tool, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	run("req", "-x509", "-newkey", "rsa:2048", "-passout", "pass:secret", "-keyout", "locked.key", "-out", "paie.pem", "-days", "30", "-subj", "/CN=paie")
	run("pkcs12", "-export", "-in", "paie.pem", "-inkey", "locked.key", "-passin", "pass:secret", "-passout", "pass:secret", "-out", "paie.p12")
	run("req", "-x509", "-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048", "-nodes", "-keyout", "pss.key", "-out", "pss.pem", "-days", "30", "-subj", "/CN=pss")
	_, err = NewScelleurSMIME(read("paie.pem"), read("paie.pem"), read("locked.key"), time.Now())
	saysWhy(t, "a locked key", err, "DUE-C22", cleChiffree)
	_, err = NewScelleurSMIME(read("paie.pem"), read("paie.pem"), read("paie.p12"), time.Now())
	saysWhy(t, "a .p12", err, "DUE-C22", unP12)
	_, err = NewScelleurSMIME(read("pss.pem"), read("paie.pem"), read("locked.key"), time.Now())
	saysWhy(t, "a PSS certificate", err, "DUE-C21", certificatPSS)
}
