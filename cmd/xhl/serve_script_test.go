//go:build unix

package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestServeScripts plays the scripts of testdata/serve, one behaviour a file.
// They share the commands xhl, status and jsonlines with TestScripts; their own
// are:
//
//	serveur ARG…      starts "xhl serve --listen 127.0.0.1:0 ARG…" and waits until it listens, at $URL
//	arrete [SIGNAL]   sends SIGTERM, or another signal, and waits for its end; status N follows
//	certificat A B    writes a certificate for 127.0.0.1 to A, its key to B
//	decide OPTION FILE ARG…   is "xhl vault track OPTION ARG…" of the session whose number FILE holds
//	sante STATUS BODY asks $URL/sante and wants that status and that line
//	s3                starts versitygw, an S3 server, at $S3, with the keys "cle" and "secret-secret"
//
// What the server logged is in serveur.log.
func TestServeScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "serve"),
		Setup: func(env *testscript.Env) error {
			s := &servant{}
			env.Values[servant{}] = s
			env.Defer(func() {
				for _, cmd := range []*exec.Cmd{s.cmd, s.s3} {
					if cmd != nil {
						cmd.Process.Kill()
						cmd.Wait()
					}
				}
			})
			env.Setenv("LANG", "fr_FR.UTF-8")
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"xhl": scriptXHL, "status": scriptStatus, "jsonlines": scriptJSONLines,
			"serveur": scriptServe, "arrete": scriptStop, "certificat": scriptCertificate, "decide": scriptDecide, "sante": scriptHealth, "s3": scriptS3,
		},
	})
}

func scriptDecide(ts *testscript.TestScript, neg bool, args []string) {
	number := strings.TrimSpace(ts.ReadFile(args[1]))
	scriptXHL(ts, neg, append([]string{"vault", "track", args[0], number}, args[2:]...))
}

// servant is the server of a script.
type servant struct {
	cmd  *exec.Cmd
	rest chan error // ends with its standard output
	s3   *exec.Cmd
}

func scriptServe(ts *testscript.TestScript, _ bool, args []string) {
	self, err := os.Executable()
	ts.Check(err)
	s := ts.Value(servant{}).(*servant)
	s.cmd = exec.Command(self, append([]string{"-test.run=^TestXHLMainProcess$", "--", "serve", "--json"}, args...)...)
	if s.listen(args) {
		s.cmd.Args = append(s.cmd.Args, "--listen", "127.0.0.1:0")
	}
	s.cmd.Dir = ts.MkAbs(".")
	s.cmd.Env = append(os.Environ(), mainProcess+"=1", raceExit, "LANG=fr_FR.UTF-8", "HOME="+s.cmd.Dir)
	log, err := os.OpenFile(ts.MkAbs("serveur.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	defer log.Close()
	s.cmd.Stderr = log
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	var said struct{ Type, Adresse string }
	if err != nil || json.Unmarshal([]byte(first), &said) != nil || said.Type != "ecoute" {
		ts.Fatalf("the server does not listen: %q, %v\n%s", first, err, ts.ReadFile("serveur.log"))
	}
	ts.Setenv("URL", said.Adresse)
	s.rest = make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, lines); s.rest <- err }()
}

// listen reports whether the address is left to us.
func (s *servant) listen(args []string) bool {
	for _, a := range args {
		if a == "--listen" {
			return false
		}
	}
	return true
}

func scriptStop(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value(servant{}).(*servant)
	sig := syscall.SIGTERM
	if len(args) > 0 {
		sig = map[string]syscall.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGKILL": syscall.SIGKILL}[args[0]]
	}
	ts.Check(s.cmd.Process.Signal(sig))
	<-s.rest
	s.cmd.Wait() // its code is what counts
	ts.Setenv("xhlstatus", strconv.Itoa(s.cmd.ProcessState.ExitCode()))
	s.cmd = nil
}

func scriptHealth(ts *testscript.TestScript, _ bool, args []string) {
	resp, err := http.Get(ts.Getenv("URL") + "/sante")
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if got := strings.TrimSpace(string(body)); strconv.Itoa(resp.StatusCode) != args[0] || got != args[1] {
		ts.Fatalf("health %d %s, want %s %s", resp.StatusCode, got, args[0], args[1])
	}
}

func scriptS3(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	address := l.Addr().String()
	ts.Check(l.Close())
	data, versions := ts.MkAbs("s3"), ts.MkAbs("s3-versions")
	ts.Check(os.Mkdir(data, 0o700))
	ts.Check(os.Mkdir(versions, 0o700))
	s := ts.Value(servant{}).(*servant)
	s.s3 = exec.Command("versitygw", "--port", address, "--access", "cle", "--secret", "secret-secret", "--quiet", "posix", "--versioning-dir", versions, data)
	ts.Check(s.s3.Start())
	deadline := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			ts.Fatalf("versitygw does not answer: %v", err)
		}
	}
	ts.Setenv("S3", "http://"+address)
}

func scriptCertificate(ts *testscript.TestScript, _ bool, args []string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	ts.Check(err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	for i, b := range []*pem.Block{{Type: "CERTIFICATE", Bytes: der}, {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		ts.Check(os.WriteFile(ts.MkAbs(args[i]), pem.EncodeToMemory(b), 0o600))
	}
}
