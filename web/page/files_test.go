package page

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The file layer and the zip, by Node, which knows no file of the browser.
func TestFileLayer(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node on this machine")
	}
	dir := t.TempDir()
	made, layer := filepath.Join(dir, "made.zip"), filepath.Join(dir, "layer.js")
	scripts := join([]string{"stream.js", "inputs.js", "files.js", "lend.js", "spool.js", "zip.js", "sha256.js"}) + "module.exports = { Files, Lender, Spool, Streams, readStreams, storedZip, sha256Over };\n"
	if err := os.WriteFile(layer, []byte(scripts), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, "testdata/files_test.js", layer, made).CombinedOutput()
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

// Lines are counted otherwise in a browser: the same tests, in WebAssembly.
func TestLinesAreCountedInTheProgram(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("no Node on this machine")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "test", "-exec", filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "go_js_wasm_exec"), "-run", "^TestLinesAreCounted", "paye/internal/xmlr")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
