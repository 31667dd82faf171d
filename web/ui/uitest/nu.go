package uitest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// JudgeHTML fails the test when the Nu HTML checker (its file in XHL_VNU; else it
// is left out) finds an error in the pages of a folder.
func JudgeHTML(t *testing.T, dir string) {
	t.Helper()
	jar := os.Getenv("XHL_VNU")
	java, err := exec.LookPath("java")
	if jar == "" || err != nil {
		t.Log("the Nu HTML checker is not asked: XHL_VNU or Java is missing")
		return
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	out, err := exec.CommandContext(t.Context(), java, append([]string{"-jar", jar, "--stdout", "--format", "json", "--errors-only"}, files...)...).Output()
	var said struct {
		Messages []struct {
			URL     string `json:"url"`
			Line    int    `json:"lastLine"`
			Message string `json:"message"`
			Extract string `json:"extract"`
		} `json:"messages"`
	}
	if json.Unmarshal(out, &said) != nil {
		t.Fatalf("the Nu HTML checker: %v, %s", err, out)
	}
	for _, m := range said.Messages {
		if strings.Contains(m.Message, "webkitdirectory") {
			continue // a folder is chosen by it in every browser, and no standard has it
		}
		t.Errorf("%s:%d: %s: %s", filepath.Base(m.URL), m.Line, m.Message, m.Extract)
	}
}
