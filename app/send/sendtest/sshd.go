package sendtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// SSHD is a real OpenSSH server on the loopback, with SFTP only.
type SSHD struct {
	Port       string
	User       string
	Key        []byte // private, of a user that it lets in
	KnownHosts string // file
	Dir        string // where the test may look
	process    *exec.Cmd
}

// NewSSHD starts a server that ends with the test; more are lines of its
// configuration. The test is skipped where there is none.
func NewSSHD(t testing.TB, more ...string) *SSHD {
	t.Helper()
	program, err := exec.LookPath("sshd")
	if err != nil {
		if program = "/usr/sbin/sshd"; !exists(program) {
			t.Skip("sshd is not installed (Debian: openssh-server)")
		}
	}
	if os.Getuid() == 0 { // its privilege separation wants the folder
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Skip(err)
		}
	}
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := &SSHD{User: who.Username, Dir: filepath.Join(dir, "depot"), KnownHosts: filepath.Join(dir, "known_hosts")}
	if err := os.Mkdir(s.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	host, hostKey := sshKey(t)
	client, clientKey := sshKey(t)
	s.Key = clientKey
	port := freePort(t)
	s.Port = port
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("known_hosts", fmt.Appendf(nil, "[127.0.0.1]:%s %s", port, ssh.MarshalAuthorizedKey(host)))
	config := []string{
		"ListenAddress 127.0.0.1:" + port, "HostKey " + write("host_key", hostKey), "AuthorizedKeysFile " + write("authorized_keys", ssh.MarshalAuthorizedKey(client)),
		"PasswordAuthentication no", "KbdInteractiveAuthentication no", "StrictModes no", "UsePAM no", "PermitRootLogin yes", "PidFile none", "Subsystem sftp internal-sftp",
	}
	config = append(config, more...)
	s.process = exec.Command(program, "-D", "-e", "-f", write("sshd_config", []byte(strings.Join(config, "\n")+"\n")))
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	s.process.Stderr = log
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Stop(); log.Close() })
	s.wait(t)
	return s
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Stop ends the server.
func (s *SSHD) Stop() {
	if s.process != nil {
		s.process.Process.Kill()
		s.process.Wait()
		s.process = nil
	}
}

// wait waits until the server takes connections.
func (s *SSHD) wait(t testing.TB) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+s.Port); err == nil {
			conn.Close()
			return
		}
		<-tick.C
	}
	t.Fatal("sshd does not start")
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func sshKey(t testing.TB) (ssh.PublicKey, []byte) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer.PublicKey(), pem.EncodeToMemory(block)
}
