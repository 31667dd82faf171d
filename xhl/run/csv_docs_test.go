package run

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"paye/xhl"
)

// guideBlock returns what stands in a fenced block of docs/formats.md.
func guideBlock(t *testing.T, info string) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(doc), "```"+info+"\n")
	block, _, closed := strings.Cut(block, "```")
	if !found || !closed {
		t.Fatalf("docs/formats.md has no block %q", info)
	}
	return block
}

func TestTheTwoRunsOfTheFormatsGuideAreOnePayroll(t *testing.T) {
	run := guideBlock(t, "jsonl run.jsonl")
	want, err := encode(run, xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	dir := make(fstest.MapFS)
	for _, name := range []string{CSVEntete, CSVAgents, CSVLignes, CSVNomenclatures} {
		dir[name] = &fstest.MapFile{Data: []byte(guideBlock(t, "csv "+name))}
	}
	got, err := encodeCSV(dir, xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("the CSV run gives\n%s\nand run.jsonl\n%s", got, want)
	}
	derived, err := encode(run[:strings.Index(run, `{"repartition"`)], xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if derived != want {
		t.Errorf("the répartition that the lines give is another one:\n%s", derived)
	}
	if again := runOf(t, []byte(want)); !bytes.Equal(again, []byte(run)) {
		t.Errorf("decode gives another run:\n%s", again)
	}
}

func TestTheFormatsGuideListsTheColumns(t *testing.T) {
	for _, f := range []*csvFile{csvEnteteFile, csvAgentsFile, csvLignesFile, csvNomenclaturesFile} {
		want := strings.Join(f.columns, ";") + "\n"
		if got := guideBlock(t, "columns "+f.name); got != want {
			t.Errorf("%s:\ngot  %swant %s", f.name, got, want)
		}
	}
}
