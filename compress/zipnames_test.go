package compress

import (
	stdzip "archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// unzip 6.00 recodes a name that bears the flag of UTF-8 when the host byte is 0
// or 6; with 3 it is right. The flag has to be there for Java and for Windows.
func TestNamesOfOurZipsSayThatTheyAreUTF8(t *testing.T) {
	const name = "PJ/arrêté-n°12-Œuvré.pdf"
	got := archive(t, noDate, deflated(name, []byte("contenu")))
	z, err := stdzip.NewReader(bytes.NewReader(got), int64(len(got)))
	if err != nil {
		t.Fatal(err)
	}
	f := z.File[0]
	if host := f.CreatorVersion >> 8; host != madeByUnix || f.Flags&flagUTF8 == 0 || f.Flags&flagDescriptor != 0 || f.Name != name {
		t.Errorf("host %d, flags %#x, name %q; want host %d, the flag of UTF-8, no descriptor", host, f.Flags, f.Name, madeByUnix)
	}
	tool, err := exec.LookPath("unzip")
	if err != nil {
		t.Skip("unzip is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "z.zip"), got, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "-q", "z.zip")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("unzip: %v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
		t.Errorf("unzip gave the file another name: %v", err)
	}
}
