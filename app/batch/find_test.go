package batch

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paye/app/build"
)

func TestWhatIsNoEmployerIsNamed(t *testing.T) {
	dir := t.TempDir()
	for name, files := range map[string][]string{
		"alpha": {"run.jsonl"}, "beta": {"mai.xhl"}, "notes": {"lisez.txt"}, "vide": {}, "out": {JournalName}, "both": {JournalName, "run.jsonl"}, ".git": {"run.jsonl"}, "deux": {"a.xhl", "b.xhl"},
	} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, name, f), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "seul.xhl"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	list, without, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Dossier)
	}
	if want := []string{"alpha", "beta", "both", "deux"}; !slices.Equal(names, want) {
		t.Errorf("employers %v, want %v", names, want)
	}
	if want := []string{"notes", "seul.xhl", "vide"}; !slices.Equal(without, want) {
		t.Errorf("left aside %v, want %v", without, want)
	}
}

// It would stand where the report of all the others goes.
func TestEmployerWithTheNameOfTheReportIsRefused(t *testing.T) {
	for _, name := range ownNames {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "run.jsonl"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		list, _, err := Find(dir)
		if err != nil || len(list) != 1 || list[0].Faute == nil || list[0].Faute.Code != OwnName {
			t.Errorf("%s: %+v, %v; want %s", name, list, err, OwnName)
		}
	}
}

func TestFolderAndJournalBehindALinkAreAnEmployer(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	journal := filepath.Join(elsewhere, "mai.xhl")
	if err := os.WriteFile(journal, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(dir, "lien")); err != nil {
		t.Skip(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "ville"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(journal, filepath.Join(dir, "ville", "mai.xhl")); err != nil {
		t.Fatal(err)
	}
	list, without, err := Find(dir)
	if err != nil || len(without) > 0 || len(list) != 2 || list[0].Entree != filepath.Join(dir, "lien", "mai.xhl") || list[1].Entree != filepath.Join(dir, "ville", "mai.xhl") {
		t.Errorf("%+v, left aside %v, %v; want the two", list, without, err)
	}
}

// The next batch would take what is made for a part of the payroll.
func TestOutputInTheInputIsRefused(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"alpha", "beta"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "mai.xhl"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	alpha, journal := filepath.Join(dir, "alpha"), filepath.Join(dir, "alpha", "mai.xhl")
	for _, c := range []struct {
		entree, sortie string
		refused        bool
	}{
		{alpha, alpha, true},
		{alpha, filepath.Join(alpha, "out", "alpha"), true},
		{alpha, filepath.Join(dir, "out", "alpha"), false},
		{alpha, filepath.Join(dir, "alpha2"), false},
		{journal, alpha, true},
		{journal, filepath.Join(alpha, "out"), false}, // nothing there is a part of it
	} {
		tasks := []Employeur{{Dossier: "alpha", Entree: c.entree}}
		NewTasks(tasks, build.Request{}, "", []Step{StepCheck}, func(string) string { return c.sortie })
		if got := tasks[0].Faute != nil && tasks[0].Faute.Code == OutInInput; got != c.refused {
			t.Errorf("%s to %s: refused %v, want %v", c.entree, c.sortie, got, c.refused)
		}
	}
}
