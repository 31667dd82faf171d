package batch

import (
	"os"
	"path/filepath"
	"testing"
)

// Rights that are given change neither the size of a file nor its date.
func TestWhatCouldNotBeReadIsLookedAtAgain(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.xhl")
	if err := os.WriteFile(path, []byte("un"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &Watcher{Arrivals: Arrivals{Dir: dir}, Env: &Env{Version: "1"}}
	a := Arrival{"a.xhl", path, printOf(path)}
	first, err := w.open(t.Context(), a)
	if err != nil || first == nil || first.Fermes {
		t.Fatalf("%+v, %v; want a verdict to be", first, err)
	}
	first.Dossier = a.Name
	open := func(content string, closed bool) *Verdict {
		t.Helper()
		former := *first
		former.Contenu, former.Fermes = content, closed
		if err := w.write(&former); err != nil {
			t.Fatal(err)
		}
		v, err := w.open(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if open("of what was closed", true) == nil {
		t.Error("what may be read now is not looked at")
	}
	if open(first.Contenu, true) != nil {
		t.Error("what is closed as before gets another verdict")
	}
	if open("whatever", false) != nil {
		t.Error("what was read is read again, though neither size nor date changed")
	}
}

// What is not even judged leaves no report of what stood there before.
func TestReportOfAFormerContentGoes(t *testing.T) {
	dir := t.TempDir()
	w := &Watcher{Arrivals: Arrivals{Dir: dir}, Env: &Env{Version: "1"}}
	if err := os.WriteFile(w.beside("a.xhl", "html"), []byte("former"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.publish(&Verdict{Outcome: Outcome{Dossier: "a.xhl", Etat: Failed}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if exists(w.beside("a.xhl", "html")) || !exists(w.beside("a.xhl", "json")) {
		t.Error("the report of the former content stands, or the verdict does not")
	}
}
