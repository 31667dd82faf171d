package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/rogpeppe/go-internal/testscript"

	"paye/due"
	"paye/hr/luccatest"
)

// TestDueScripts plays the scripts of testdata/due, one behaviour a file. Their
// own commands, besides those of testscript:
//
//	xhl ARG…             the program, in a process of its own
//	status N             its exit code was N
//	jours FILE           {+3} in FILE becomes the day in three days
//	smtpd CONFIG DIR     an SMTP server with STARTTLS; its address goes to CONFIG, its mail to DIR
//	env-file FILE        sets the variables of its NAME=value lines
//	lit EML FILE         gpg opens the message and knows its signature; the attachment goes to FILE
//	repond DPAE AR KEY…  the answer to DPAE: all registered but KEY…
func TestDueScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "due"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("XHL_STATE", filepath.Join(env.WorkDir, "etat"))
			env.Setenv("GNUPGHOME", filepath.Join(env.WorkDir, "gnupg"))
			env.Setenv("LANG", "fr_FR.UTF-8")
			env.Setenv("USER", "alice")
			env.Defer(func() {
				// An agent that gpg started outlives it; none may be there.
				_ = exec.Command("gpgconf", "--homedir", filepath.Join(env.WorkDir, "gnupg"), "--kill", "all").Run()
			})
			return os.Mkdir(filepath.Join(env.WorkDir, "gnupg"), 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"xhl": scriptXHL, "status": scriptStatus, "jours": scriptJours, "smtpd": scriptSMTP, "env-file": scriptEnv, "lit": scriptLit, "repond": scriptRepond,
		},
	})
}

// inScript marks the process that is the program; TestXHLProcess is its main.
const inScript = "XHL_TEST_PROCESS"

// raceExit spares each process under the race detector the second that it
// waits at its end for other goroutines' reports.
const raceExit = "GORACE=atexit_sleep_ms=0"

func TestXHLProcess(t *testing.T) {
	if os.Getenv(inScript) == "" {
		t.Skip("not the process of a script")
	}
	args := os.Args
	for len(args) > 0 && args[0] != "--" {
		args = args[1:]
	}
	p := newProgram(args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv)
	if who := os.Getenv("USER"); who != "" { // scripts are several people
		p.runBy = func() string { return who }
	}
	p.scryptWork = 10 // a passphrase takes minutes under the race detector
	if at, err := time.Parse(time.RFC3339, os.Getenv(testNow)); err == nil {
		p.clock = luccatest.NewClock(at)
	}
	os.Exit(p.run(context.Background(), args[1:]))
}

func scriptXHL(ts *testscript.TestScript, neg bool, args []string) {
	self, err := os.Executable()
	ts.Check(err)
	// The signal that ends the test also ends the program.
	err = ts.Exec("env", append([]string{inScript + "=1", raceExit, self, "-test.run=^TestXHLProcess$", "--"}, args...)...)
	code := 0
	if err != nil {
		code = 1
		if exit, ok := err.(*exec.ExitError); ok {
			code = exit.ExitCode()
		}
	}
	ts.Setenv("xhlstatus", strconv.Itoa(code))
	if (code != 0) != neg {
		ts.Fatalf("xhl %s: exit %d", strings.Join(args, " "), code)
	}
}

func scriptStatus(ts *testscript.TestScript, _ bool, args []string) {
	if got := ts.Getenv("xhlstatus"); got != args[0] {
		ts.Fatalf("exit %s, want %s", got, args[0])
	}
}

func scriptJours(ts *testscript.TestScript, _ bool, args []string) {
	paris, err := due.Paris()
	ts.Check(err)
	today := due.DateIn(time.Now(), paris)
	text := regexp.MustCompile(`\{([+-]\d+)\}`).ReplaceAllStringFunc(ts.ReadFile(args[0]), func(s string) string {
		n, _ := strconv.Atoi(s[1 : len(s)-1])
		return today.AddDays(n).String()
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

func scriptEnv(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			ts.Setenv(name, value)
		}
	}
}

// mailbox keeps the mail that an SMTP server is given, one file a message.
type mailbox struct {
	mu  sync.Mutex
	dir string
	n   int
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *mailbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (m *mailbox) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (m *mailbox) Reset()                                      {}
func (m *mailbox) Logout() error                               { return nil }
func (m *mailbox) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n++
	return os.WriteFile(filepath.Join(m.dir, fmt.Sprintf("%d.eml", m.n)), text, 0o600)
}

func scriptSMTP(ts *testscript.TestScript, _ bool, args []string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("autorite.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	ts.Check(os.MkdirAll(ts.MkAbs(args[1]), 0o700))
	srv := smtp.NewServer(&mailbox{dir: ts.MkAbs(args[1])})
	srv.Domain = "localhost"
	srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	go srv.Serve(l)
	ts.Defer(func() { srv.Close() })
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+"smtp="+l.Addr().String()+"\nsmtp_autorite=autorite.pem\n"), 0o600))
}

func scriptLit(ts *testscript.TestScript, _ bool, args []string) {
	msg, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	parts := bodies(ts, msg.Header.Get("Content-Type"), msg.Body)
	cmd := exec.Command("gpg", "--homedir", ts.Getenv("GNUPGHOME"), "--batch", "--quiet", "--trust-model", "always",
		"--pinentry-mode", "loopback", "--passphrase", "", "--status-fd", "2", "--decrypt")
	cmd.Stdin = bytes.NewReader(parts[1])
	var status bytes.Buffer
	cmd.Stderr = &status
	plain, err := cmd.Output()
	if err != nil || !strings.Contains(status.String(), "GOODSIG") {
		ts.Fatalf("gpg: %v\n%s", err, status.String())
	}
	inner, err := mail.ReadMessage(bytes.NewReader(plain))
	ts.Check(err)
	attachment, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(bodies(ts, inner.Header.Get("Content-Type"), inner.Body)[1]), "\r\n", ""))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), attachment, 0o600))
}

// bodies are the two parts of a multipart message.
func bodies(ts *testscript.TestScript, contentType string, body io.Reader) [][]byte {
	_, params, err := mime.ParseMediaType(contentType)
	ts.Check(err)
	r := multipart.NewReader(body, params["boundary"])
	var list [][]byte
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			break
		}
		ts.Check(err)
		text, err := io.ReadAll(p)
		ts.Check(err)
		list = append(list, text)
	}
	if len(list) != 2 {
		ts.Fatalf("%d parts", len(list))
	}
	return list
}

func scriptRepond(ts *testscript.TestScript, _ bool, args []string) {
	lot, err := due.ReadTexte(strings.NewReader(ts.ReadFile(args[0])), args[0])
	ts.Check(err)
	ar := &due.AR{Lot: lot.ID, Indicateur: lot.Indicateur, Date: time.Now(), Niveau: 3, Accepte: true}
	for i, d := range lot.Groupes[0].Hires {
		r := due.Reponse{Numero: i + 3, Cle: d.Cle, Statut: due.StatutEnregistree, Code: "00", Reference: fmt.Sprintf("REF-%s-%d", lot.ID[10:], i+1)}
		for _, refused := range args[2:] {
			if d.Cle == refused {
				r = due.Reponse{Numero: i + 3, Cle: d.Cle, Statut: due.StatutErreur, Code: "12", Champ: 6, Texte: "Numero de securite sociale invalide"}
			}
		}
		ar.Reponses = append(ar.Reponses, r)
	}
	var buf bytes.Buffer
	ts.Check(due.WriteAR(&buf, ar))
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[1])), 0o700))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), buf.Bytes(), 0o600))
}
