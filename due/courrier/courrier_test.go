package courrier

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"
)

var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func message() *Message {
	return &Message{
		De: "paie@exemple.fr", A: "centre@exemple.org", Sujet: "Déclaration préalable", Note: "Veuillez trouver ci-joint notre fichier.",
		Date: monday, Lot: "L20261123-0001", Nom: "dpae.txt", Type: "text/plain", Piece: []byte("2850814168025 DURAND JEANNE\r\n"),
	}
}

// pair is a key that was made once for all the tests: RSA takes its time.
type pair struct {
	secret, public []byte
	made           time.Time
}

func newPair(name, email, passphrase string) func() pair {
	return sync.OnceValue(func() pair {
		now := time.Now()
		secret, public, err := NewCle(name, email, []byte(passphrase), now)
		if err != nil {
			panic(err)
		}
		return pair{secret, public, now}
	})
}

var (
	centre = newPair("Centre", "centre@exemple.org", "")
	paie   = newPair("Paie", "paie@exemple.fr", "")
	locked = newPair("Paie", "paie@exemple.fr", "phrase")
)

// keys are the recipient's and ours.
func keys(t *testing.T, ours pair, passphrase string) (recipient, own *ClePGP) {
	t.Helper()
	recipient, err := ReadPublique(bytes.NewReader(centre().public), "destinataire.asc", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if own, err = ReadSecrete(bytes.NewReader(ours.secret), "nous.asc", []byte(passphrase), time.Now()); err != nil {
		t.Fatal(err)
	}
	return recipient, own
}

func sealed(t *testing.T, s Scelleur) (eml []byte, m *Message) {
	t.Helper()
	m = message()
	entity, err := m.Entity()
	if err != nil {
		t.Fatal(err)
	}
	scelle, err := s.Seal(t.Context(), entity)
	if err != nil {
		t.Fatal(err)
	}
	if eml, err = m.Build(scelle); err != nil {
		t.Fatal(err)
	}
	again, err := m.Build(scelle)
	if err != nil || !bytes.Equal(eml, again) {
		t.Error("the same message has other bytes the second time")
	}
	return eml, m
}

var wantCode = anomalietest.WantCode

func TestMessageIsPGPMIMEAndSaysNothingOutside(t *testing.T) {
	recipient, own := keys(t, paie(), "")
	eml, m := sealed(t, &ScelleurPGP{recipient, own})
	msg, err := mail.ReadMessage(bytes.NewReader(eml))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/encrypted" || params["protocol"] != "application/pgp-encrypted" {
		t.Fatalf("%s %v %v", kind, params, err)
	}
	mr := multipart.NewReader(msg.Body, params["boundary"])
	var kinds, bodies, encodings []string
	for {
		p, err := mr.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		body, _ := io.ReadAll(p)
		kinds, bodies, encodings = append(kinds, kind), append(bodies, string(body)), append(encodings, p.Header.Get("Content-Transfer-Encoding"))
	}
	if strings.Join(kinds, " ") != "application/pgp-encrypted application/octet-stream" || !strings.Contains(bodies[0], "Version: 1") || !strings.HasPrefix(bodies[1], "-----BEGIN PGP MESSAGE-----") {
		t.Errorf("parts %v", kinds)
	}
	if got := strings.Join(encodings, " "); got != "7bit 7bit" {
		t.Errorf("encodings %s", got)
	}
	entity, err := m.Entity()
	if err != nil {
		t.Fatal(err)
	}
	if err := own.proves([]byte(bodies[1]), entity); err != nil {
		t.Errorf("the armour of the message: %v", err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || subject != m.Sujet || strings.Contains(string(eml), "é") {
		t.Errorf("subject %q, %v", subject, err)
	}
	if got := msg.Header.Get("Message-Id"); got != "<"+m.ID()+">" || !strings.HasSuffix(m.ID(), "@exemple.fr") {
		t.Errorf("Message-ID %s", got)
	}
	for _, canary := range []string{"DURAND", "JEANNE", "2850814168025", "ci-joint", base64.StdEncoding.EncodeToString(m.Piece)[:20], "L2026"} {
		if bytes.Contains(eml, []byte(canary)) {
			t.Errorf("%q is in the message", canary)
		}
	}
}

// gpg runs the real program on a home of its own.
func gpg(t *testing.T, home string, stdin []byte, args ...string) []byte {
	t.Helper()
	tool, err := exec.LookPath("gpg")
	if err != nil {
		t.Skip("gpg is not installed")
	}
	cmd := exec.Command(tool, append([]string{"--homedir", home, "--batch", "--yes", "--quiet", "--trust-model", "always", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
	cmd.Stdin = bytes.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("gpg %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out
}

// home is a GnuPG home, short enough for the socket of its agent.
func home(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "gnupg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		exec.Command("gpgconf", "--homedir", dir, "--kill", "all").Run()
		os.RemoveAll(dir)
	})
	return dir
}

func TestGnuPGOpensWhatWeSealAndKnowsOurSignature(t *testing.T) {
	for _, algorithm := range []string{"rsa3072/rsa3072", "ed25519/cv25519"} {
		dir := home(t)
		sign, encrypt, _ := strings.Cut(algorithm, "/")
		gpg(t, dir, nil, "--quick-gen-key", "centre@exemple.org", sign, "default", "2y")
		_, after, _ := strings.Cut(string(gpg(t, dir, nil, "--list-keys", "--with-colons")), "fpr:::::::::")
		fpr, _, _ := strings.Cut(after, ":")
		gpg(t, dir, nil, "--quick-add-key", fpr, encrypt, "encr", "2y")
		_, own := keys(t, paie(), "")
		gpg(t, dir, paie().public, "--import")
		recipient, err := ReadPublique(bytes.NewReader(gpg(t, dir, nil, "--armor", "--export", "centre@exemple.org")), "k", time.Now())
		if err != nil {
			t.Fatalf("%s: %v", algorithm, err)
		}
		entity, err := message().Entity()
		if err != nil {
			t.Fatal(err)
		}
		s, err := (&ScelleurPGP{recipient, own}).Seal(t.Context(), entity)
		if err != nil {
			t.Fatal(err)
		}
		status := filepath.Join(dir, "status")
		back := gpg(t, dir, s.Octets, "--status-file", status, "--decrypt")
		if !bytes.Equal(back, entity) {
			t.Errorf("%s: gpg reads %d bytes, want %d", algorithm, len(back), len(entity))
		}
		if text, _ := os.ReadFile(status); !bytes.Contains(text, []byte("GOODSIG")) {
			t.Errorf("%s: no good signature in %s", algorithm, text)
		}
	}
}

func TestKeysThatAreRefused(t *testing.T) {
	dir := home(t)
	gpg(t, dir, nil, "--quick-gen-key", "sign@exemple.org", "ed25519", "sign", "2y")
	gpg(t, dir, nil, "--quick-gen-key", "short@exemple.org", "default", "default", "10d")
	export := func(who string) []byte { return gpg(t, dir, nil, "--armor", "--export", who) }
	now := time.Now()
	_, err := ReadPublique(bytes.NewReader(export("sign@exemple.org")), "k", now)
	wantCode(t, err, "DUE-C21")
	if _, err = ReadPublique(bytes.NewReader(export("short@exemple.org")), "k", now.Add(5*time.Second)); err != nil {
		t.Errorf("before it expires: %v", err)
	}
	_, err = ReadPublique(bytes.NewReader(export("short@exemple.org")), "k", now.AddDate(1, 0, 0))
	wantCode(t, err, "DUE-C21")
	if k, err := ReadPublique(bytes.NewReader(gpg(t, dir, nil, "--armor", "--export")), "k", now.Add(5*time.Second)); err != nil || k.Empreinte() == "" {
		t.Errorf("two keys, one of which encrypts: %v", err)
	}
	_, err = ReadPublique(strings.NewReader("not a key"), "k", now)
	wantCode(t, err, "DUE-C20")
	_, err = ReadSecrete(bytes.NewReader(export("sign@exemple.org")), "k", nil, now)
	wantCode(t, err, "DUE-C22")
	for _, phrase := range []string{"", "wrong"} {
		_, err = ReadSecrete(bytes.NewReader(locked().secret), "k", []byte(phrase), time.Now())
		wantCode(t, err, "DUE-C22")
	}
	if _, err = ReadSecrete(bytes.NewReader(locked().secret), "k", []byte("phrase"), time.Now()); err != nil {
		t.Errorf("the right passphrase: %v", err)
	}
}

func TestRevokedKeyIsRefused(t *testing.T) {
	dir := home(t)
	gpg(t, dir, nil, "--quick-gen-key", "centre@exemple.org", "default", "default", "2y")
	certs, err := filepath.Glob(filepath.Join(dir, "openpgp-revocs.d", "*.rev"))
	if err != nil || len(certs) != 1 {
		t.Skip("gpg made no revocation certificate")
	}
	text, err := os.ReadFile(certs[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPublique(bytes.NewReader(gpg(t, dir, nil, "--armor", "--export")), "k", time.Now()); err != nil {
		t.Errorf("before it is revoked: %v", err)
	}
	gpg(t, dir, bytes.ReplaceAll(text, []byte(":-----BEGIN"), []byte("-----BEGIN")), "--import")
	_, err = ReadPublique(bytes.NewReader(gpg(t, dir, nil, "--armor", "--export")), "k", time.Now())
	wantCode(t, err, "DUE-C21")
}

func TestExternalProgramIsCheckedLikeOurOwn(t *testing.T) {
	dir := home(t)
	recipient, own := keys(t, paie(), "")
	gpg(t, dir, paie().secret, "--import")
	program := func(command string) string {
		path := filepath.Join(t.TempDir(), "chiffre")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+command+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	entity, err := message().Entity()
	if err != nil {
		t.Fatal(err)
	}
	good := "exec gpg --homedir " + dir + " --batch --quiet --trust-model always --pinentry-mode loopback --passphrase '' --armor --sign --encrypt -r paie@exemple.fr"
	for _, c := range []struct{ name, command, code string }{
		{"gpg", good, ""},
		{"not signed", strings.Replace(good, "--sign ", "", 1), "DUE-C23"},
		{"another text", "echo other | " + strings.Replace(good, "exec ", "", 1), "DUE-C23"},
		{"plain text", "cat", "DUE-C23"},
	} {
		s := &ScelleurProgramme{Programme: program(c.command), Destinataire: recipient, Propre: own}
		_, err := s.Seal(t.Context(), entity)
		if c.code == "" && err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if c.code != "" {
			wantCode(t, err, c.code)
		}
	}
	if _, err := (&ScelleurProgramme{Programme: program("exit 3"), Destinataire: recipient, Propre: own}).Seal(t.Context(), entity); err == nil {
		t.Error("a program that fails is accepted")
	}
}

func TestOpenSSLOpensOurSMIME(t *testing.T) {
	tool, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	dir := t.TempDir()
	run := func(args ...string) []byte {
		t.Helper()
		cmd := exec.Command(tool, args...)
		cmd.Dir = dir
		var errs bytes.Buffer
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, errs.String())
		}
		return out
	}
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, who := range []string{"centre", "paie"} {
		run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", who+".key", "-out", who+".pem", "-days", "30", "-subj", "/CN="+who)
	}
	s, err := NewScelleurSMIME(read("centre.pem"), read("paie.pem"), read("paie.key"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	eml, m := sealed(t, s)
	if err := os.WriteFile(filepath.Join(dir, "m.eml"), eml, 0o600); err != nil {
		t.Fatal(err)
	}
	run("cms", "-decrypt", "-in", "m.eml", "-recip", "centre.pem", "-inkey", "centre.key", "-out", "inner.eml")
	run("cms", "-verify", "-in", "inner.eml", "-CAfile", "paie.pem", "-purpose", "any", "-binary", "-out", "entity.mime")
	entity, err := m.Entity()
	if err != nil {
		t.Fatal(err)
	}
	if got := read("entity.mime"); !bytes.Equal(got, entity) {
		t.Errorf("openssl reads %d bytes, want %d", len(got), len(entity))
	}
	if out := run("cms", "-cmsout", "-print", "-in", "m.eml"); !bytes.Contains(out, []byte("aes-256-cbc")) || !bytes.Contains(out, []byte("rsaEncryption")) {
		t.Error("the profile is not AES-256-CBC and RSA")
	}
	if _, err := NewScelleurSMIME(read("centre.pem"), read("paie.pem"), read("centre.key"), time.Now()); err == nil {
		t.Error("another's private key is accepted")
	}
	_, err = NewScelleurSMIME(read("centre.pem"), read("paie.pem"), read("paie.key"), time.Now().AddDate(1, 0, 0))
	wantCode(t, err, "DUE-C21")
}

func TestProfileIsCheckedAgainstItself(t *testing.T) {
	good := Profil{Nom: "Bureau", NomRegle: "Bureau", Identite: "Paie <paie@exemple.fr>", Expediteur: "PAIE@exemple.fr", A: "centre@exemple.org", Sujet: "DPAE", Note: "Ci-joint"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		name   string
		change func(*Profil)
		code   string
	}{
		{"no recipient: no mail", func(p *Profil) { p.A = "" }, "DUE-C01"},
		{"no identity", func(p *Profil) { p.Identite = "" }, "DUE-C01"},
		{"not an address", func(p *Profil) { p.A = "centre" }, "DUE-C02"},
		{"a header in the recipient", func(p *Profil) { p.A = "a@b.fr\r\nBcc: c@d.fr" }, "DUE-C02"},
		{"not the main identity", func(p *Profil) { p.Expediteur = "other@exemple.fr" }, "DUE-C03"},
		{"another profile", func(p *Profil) { p.Nom = "Autre" }, "DUE-C04"},
		{"a NIR in the subject", func(p *Profil) { p.Sujet = "DPAE 2 85 08 2A 168 025" }, "DUE-C05"},
		{"a NIR in the note", func(p *Profil) { p.Note = "2850814168025" }, "DUE-C05"},
	} {
		p := good
		c.change(&p)
		wantCode(t, p.Check(), c.code)
	}
}

func TestThreePaths(t *testing.T) {
	dir := t.TempDir()
	c := Chemins{Cles: filepath.Join(dir, "cles"), Travail: filepath.Join(dir, "travail"), Programme: filepath.Join(dir, "p")}
	wantCode(t, c.Check(""), "DUE-C10")
	for _, d := range []string{c.Cles, c.Travail} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(c.Programme, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if rights {
		wantCode(t, c.Check(""), "DUE-C11") // not executable
	}
	chmod := func(path string, mode os.FileMode) {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	chmod(c.Programme, 0o700)
	if err := c.Check(""); err != nil {
		t.Error(err)
	}
	if err := c.Check(c.String()); err != nil {
		t.Error(err)
	}
	wantCode(t, c.Check(Chemins{Cles: "/other"}.String()), "DUE-C12")
	if rights {
		chmod(c.Cles, 0o755)
		wantCode(t, c.Check(""), "DUE-C11") // others can read the keys
	}
	wantCode(t, Chemins{Cles: c.Travail}.Check(""), "DUE-C01")
}

func TestOutboxIsPrivateAndNamedByTheBatch(t *testing.T) {
	b := Boite{filepath.Join(t.TempDir(), "outbox")}
	path, err := b.Put("../L20261123-0001", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if path != filepath.Join(b.Dossier, "L20261123-0001.eml") {
		t.Errorf("path %s", path)
	}
	if info, err := os.Stat(path); err != nil || rights && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestCodesAreComplete(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}

var _ Scelleur = (*ScelleurPGP)(nil)
var _ Scelleur = (*ScelleurSMIME)(nil)
var _ Scelleur = (*ScelleurProgramme)(nil)

// never is a context that is already over.
func never() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
