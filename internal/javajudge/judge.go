// Package javajudge gives tests the verdict of Xerces-J, which the programs of
// the accountants rest on: Hélios and XéMéLios are written in Java.
//
// It runs the Xerces-J of Debian (libxerces2-java), else the validator of the
// JDK, which was seen to give the same verdicts. Without Java tests skip.
package javajudge

import (
	"bytes"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

//go:embed Judge.java
var source []byte

// jars are where Debian puts Xerces-J.
const jars = "/usr/share/java/xercesImpl.jar:/usr/share/java/xml-apis.jar:/usr/share/java/xml-resolver.jar"

// Verdicts returns what Xerces-J says of documents by the schema xsd: "valid",
// or "invalid" with its first reason.
func Verdicts(t *testing.T, xsd string, documents [][]byte) []string {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("java is absent: its verdicts cannot be compared")
	}
	dir := t.TempDir()
	judge := filepath.Join(dir, "Judge.java")
	if err := os.WriteFile(judge, source, 0o600); err != nil {
		t.Fatal(err)
	}
	if xsd, err = filepath.Abs(xsd); err != nil {
		t.Fatal(err)
	}
	var paths strings.Builder
	for i, d := range documents {
		path := filepath.Join(dir, strconv.Itoa(i)+".xml")
		if err := os.WriteFile(path, d, 0o600); err != nil {
			t.Fatal(err)
		}
		paths.WriteString(path + "\n")
	}
	cmd := exec.Command(java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", jars, judge, xsd)
	cmd.Stdin = strings.NewReader(paths.String())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if strings.Contains(stderr.String(), "jdk.compiler") || strings.Contains(stderr.String(), "Could not find or load main class") {
			t.Skip("java has no compiler: a JDK is needed to judge with")
		}
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	verdicts := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	if len(verdicts) != len(documents) {
		t.Fatalf("%d verdicts on %d documents\n%s", len(verdicts), len(documents), stderr.String())
	}
	return verdicts
}
