package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/lang"

	"compress/gzip"
)

//go:generate go run ./make

// Artefact is what the source does not hold: the program and the script that
// starts it, of the same Go.
type Artefact struct {
	Program []byte // WebAssembly without its repeats, compressed by gzip
	Exec    []byte // wasm_exec.js
}

// NotBuilt is the code of a program that cannot write the page.
const NotBuilt = "PAG-101"

// Codes are the anomalies of this package.
var Codes = anomalie.NewRegistre(anomalie.Regle{Code: NotBuilt, Gravite: anomalie.Erreur, Source: "[I]",
	Message: lang.Text{FR: "ce programme a été construit sans la page", EN: "this program was built without the page"},
	Aide:    lang.Text{FR: "prenez le programme publié, ou construisez-le depuis le dossier des sources : go generate ./web/page, puis go build ./cmd/xhl", EN: "take the program that is released, or build it from the folder of the sources: go generate ./web/page, then go build ./cmd/xhl"}})

// ErrAbsent is returned by Held where the binary was built without an Artefact.
var ErrAbsent = errors.New("this binary was built without the page")

// Names of the files of an Artefact.
const (
	ProgramName = "xhl.wasm.packed"
	ExecName    = "wasm_exec.js"
)

//go:embed artefact
var held embed.FS

// Held is the Artefact that was built into this binary.
func Held() (*Artefact, error) {
	program, err := held.ReadFile("artefact/" + ProgramName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("read the program of the page: %w", err)
	}
	exec, err := held.ReadFile("artefact/" + ExecName)
	if err != nil {
		return nil, fmt.Errorf("read the program of the page: %w", err)
	}
	return &Artefact{program, exec}, nil
}

// Make builds an Artefact from the source, with the Go of this machine; dir is
// a folder to work in. The same source and Go give the same bytes.
func Make(dir string) (*Artefact, error) {
	program := filepath.Join(dir, "xhl.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", program, "paye/web/page/wasm")
	cmd.Env = append(cmd.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the program of the page: %w: %s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("find Go: %w", err)
	}
	a := new(Artefact)
	if a.Exec, err = readFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", ExecName)); err != nil {
		return nil, err
	}
	raw, err := readFile(program)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress the program of the page: %w", err)
	}
	if _, err = z.Write(withoutRepeats(raw)); err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("compress the program of the page: %w", err)
	}
	a.Program = packed.Bytes()
	return a, nil
}
