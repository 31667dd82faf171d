package main

import (
	"archive/zip"
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"paye/internal/refdata"
)

// TestScripts plays the scripts of testdata/script, one behaviour a file. They
// share the commands xhl and status with TestDueScripts; their own are:
//
//	zip ARCHIVE PATH…    puts files and folders into an archive, under the same paths
//	jsonlines FILE       FILE is JSON lines with a type each, the last one a result
//	perms PATTERN FILE   the mode of FILE is that of ls -l
//
// The program is also in PATH, for sh -c. The condition [shared] holds where
// the reference data is, $PES_XSD and $PAYE_XSD being the schemas.
func TestScripts(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	shared := refdata.Dir(t)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			bin := filepath.Join(env.WorkDir, ".bin")
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("LANG", "fr_FR.UTF-8")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XHL_STATE", filepath.Join(env.WorkDir, "etat"))
			env.Setenv("PES_XSD", filepath.Join(shared, "data", "pes", "v5.30-pj", "PES_V2", "Rev0", "PES_Aller.xsd"))
			env.Setenv("PAYE_XSD", filepath.Join(shared, "data", "xhl", "paye-1.4", "DocumentPaye.xsd"))
			if err := os.Mkdir(bin, 0o700); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(bin, "xhl"), fmt.Appendf(nil, "#!/bin/sh\nexec env %s=1 %s '%s' '-test.run=^TestXHLProcess$' -- \"$@\"\n", inScript, raceExit, self), 0o700)
		},
		Condition: func(cond string) (bool, error) {
			if cond != "shared" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			_, err := os.Stat(filepath.Join(shared, "data"))
			return err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"xhl": scriptXHL, "status": scriptStatus, "zip": scriptZip, "jsonlines": scriptJSONLines, "perms": scriptPerms,
		},
	})
}

func scriptZip(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	z := zip.NewWriter(f)
	for _, top := range args[1:] {
		ts.Check(filepath.WalkDir(ts.MkAbs(top), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			name, err := filepath.Rel(ts.MkAbs("."), path)
			if err != nil {
				return err
			}
			w, err := z.Create(filepath.ToSlash(name))
			if err != nil {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			_, err = w.Write(data)
			return err
		}))
	}
	ts.Check(z.Close())
	ts.Check(f.Close())
}

func scriptJSONLines(ts *testscript.TestScript, _ bool, args []string) {
	var last string
	lines := bufio.NewScanner(strings.NewReader(ts.ReadFile(args[0])))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		d := json.NewDecoder(strings.NewReader(lines.Text()))
		var line struct {
			Type string `json:"type"`
		}
		if err := d.Decode(&line); err != nil || line.Type == "" {
			ts.Fatalf("line %d has no type, %v: %s", n, err, lines.Text())
		}
		if _, err := d.Token(); err != io.EOF {
			ts.Fatalf("line %d holds more than one value: %s", n, lines.Text())
		}
		if last == "result" {
			ts.Fatalf("line %d follows the result: %s", n, lines.Text())
		}
		last = line.Type
	}
	ts.Check(lines.Err())
	if last != "result" {
		ts.Fatalf("the last line has the type %q", last)
	}
}

func scriptPerms(ts *testscript.TestScript, _ bool, args []string) {
	st, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := st.Mode().String(); got != args[0] {
		ts.Fatalf("%s is %s, want %s", args[1], got, args[0])
	}
}
