package page

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The file layer and the zip, by Node, which knows no file of the browser.
func TestFileLayer(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node on this machine")
	}
	made := filepath.Join(t.TempDir(), "made.zip")
	out, err := exec.Command(node, "testdata/files_test.js", "../assets/files.js", "../assets/zip.js", made).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	got := unzip(t, b)
	if len(got) != 2 || len(got["é.txt"]) != 5 || len(got["b.bin"]) != 70000 {
		t.Errorf("the zip holds %d files", len(got))
	}
}
