package send_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/fluxbook"
)

func sftpTo(t *testing.T, s *sendtest.SSHD, acquit string) *Drop {
	t.Helper()
	d, err := NewSFTP(SFTPOptions{Address: "sftp://" + s.User + "@127.0.0.1:" + s.Port + s.Dir, Acquit: acquit, Key: s.Key, KnownHosts: s.KnownHosts})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// drops are the two kinds of folders, with where they are.
func drops(t *testing.T, test func(t *testing.T, d *Drop, deposit, acquit string)) {
	t.Run("folder", func(t *testing.T) {
		deposit, acquit := t.TempDir(), t.TempDir()
		test(t, NewFolder(deposit, acquit), deposit, acquit)
	})
	t.Run("sftp", func(t *testing.T) {
		s := sendtest.NewSSHD(t)
		acquit := filepath.Join(filepath.Dir(s.Dir), "acquits")
		if err := os.Mkdir(acquit, 0o700); err != nil {
			t.Fatal(err)
		}
		test(t, sftpTo(t, s, acquit), s.Dir, acquit)
	})
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

func TestDropBoxGetsTheFluxAndGivesTheAnswer(t *testing.T) {
	drops(t, func(t *testing.T, d *Drop, deposit, acquit string) {
		w := newWorld(t)
		name := w.produce(5, "P1", "A")
		if err := d.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		s := w.sender(d)
		w.deposit(s, fluxbook.Once)
		w.want(name, "depose: P1 envoyee A envoyee")
		if got := names(t, deposit); got != name {
			t.Errorf("the folder has %s", got)
		}
		text, err := os.ReadFile(filepath.Join(deposit, name))
		if err != nil || string(text) != string(w.file(name)) {
			t.Errorf("other bytes, %v", err)
		}
		for file, content := range map[string]string{"notes.txt": "bonjour", "ack-1.xml": string(sendtest.Acquit(t, text, "2026-05-29", nil)), ".part": "x", "cut.xml": "<?xml version=\"1.0\"?><PES_ACK>"} {
			if err := os.WriteFile(filepath.Join(acquit, file), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		w.follow(s)
		w.want(name, "clos: P1 acceptee A acceptee")
		w.follow(s)
		w.sound()
	})
}

func TestDropBoxTellsWhatAnEarlierTryDid(t *testing.T) {
	for _, c := range []struct {
		name    string
		there   func(nomFic string) string // the name of a file that is there, "" for none
		content func(flux string) string
		again   fluxbook.Again
		want    string
		files   int
	}{
		{"the whole flux", func(n string) string { return n }, func(f string) string { return f }, fluxbook.Resume, "depose", 1},
		{"a part under its hidden name", func(n string) string { return "." + n + ".part" }, func(f string) string { return f[:100] }, fluxbook.Resume, "depose", 1},
		{"nothing", func(string) string { return "" }, nil, fluxbook.Resume, "incertain", 0},
		{"another file of that name", func(n string) string { return n }, func(string) string { return "other" }, fluxbook.Once, "produit", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			drops(t, func(t *testing.T, d *Drop, deposit, _ string) {
				w := newWorld(t)
				name := w.produce(5, "A")
				if c.again == fluxbook.Resume { // a process errDied after it began
					if err := w.book.Begin(t.Context(), w.flux(name), d.Name(), fluxbook.Once); err != nil {
						t.Fatal(err)
					}
				}
				if file := c.there(name); file != "" {
					if err := os.WriteFile(filepath.Join(deposit, file), []byte(c.content(string(w.file(name)))), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				w.deposit(w.sender(d), c.again)
				if got := string(w.flux(name).Etat); got != c.want {
					t.Errorf("state %s, want %s", got, c.want)
				}
				if got := strings.Fields(names(t, deposit)); len(got) != c.files {
					t.Errorf("the folder has %v", got)
				}
				w.sound()
			})
		})
	}
}

func TestServerWhoseKeyIsNotKnownGetsNothing(t *testing.T) {
	s, other := sendtest.NewSSHD(t), sendtest.NewSSHD(t)
	_, err := NewSFTP(SFTPOptions{Address: "sftp://" + s.User + "@127.0.0.1:" + s.Port + s.Dir, Key: s.Key, KnownHosts: other.KnownHosts})
	wantCode(t, err, HoteInconnu)
	// The right address with the key of another server.
	text, err := os.ReadFile(other.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	forged := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(forged, []byte(strings.Replace(string(text), other.Port, s.Port, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := NewSFTP(SFTPOptions{Address: "sftp://" + s.User + "@127.0.0.1:" + s.Port + s.Dir, Key: s.Key, KnownHosts: forged})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	name := w.produce(5, "A")
	wantCode(t, d.Probe(t.Context()), HoteChange)
	w.deposit(w.sender(d), fluxbook.Once)
	w.want(name, "produit: A produite")
	if got := names(t, s.Dir); got != "" {
		t.Errorf("the folder has %s", got)
	}
}

func TestFileOfOneOfTheKeysOfAServerIsEnough(t *testing.T) {
	s := sendtest.NewSSHD(t)
	text, err := os.ReadFile(s.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.KnownHosts, append([]byte("# a remark\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sftpTo(t, s, "").Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestServerThatIsGoneIsTriedAgainLater(t *testing.T) {
	s := sendtest.NewSSHD(t)
	d := sftpTo(t, s, "")
	s.Stop()
	w := newWorld(t)
	name := w.produce(5, "A")
	w.deposit(w.sender(d), fluxbook.Once)
	w.want(name, "produit: A produite")
}
