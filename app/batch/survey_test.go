package batch

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"paye/app/build"
)

// What a build opens decides whether it is done again, behind a link too.
func TestContentBehindALinkIsLookedAt(t *testing.T) {
	write := func(t *testing.T, path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, link, entree, target string }{
		{"the journal", "ville/journal.xhl", "ville/journal.xhl", "ailleurs"},
		{"a file of the folder", "ville/justificatifs.csv", "ville", "ailleurs"},
		{"a file beside the journal", "ville/justificatifs.csv", "ville/mai.xhl", "ailleurs"},
		{"the folder", "ville", "ville", "ailleurs/run.jsonl"},
		{"the folder of the pieces", "ville/justificatifs", "ville", "ailleurs/a.pdf"},
		{"its folder, beside the journal", "ville/PJ", "ville/mai.xhl", "ailleurs/b/a.pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			target := filepath.Join(dir, c.target)
			write(t, target, "un")
			link := filepath.Join(dir, c.link)
			if c.link != "ville" {
				write(t, filepath.Join(dir, "ville", "mai.xhl"), "")
			}
			if err := os.Symlink(filepath.Join(dir, "ailleurs"), link); err != nil {
				t.Skip(err)
			}
			w := &work{Task: &Task{Build: build.Request{Entree: filepath.Join(dir, c.entree)}}}
			content := func() string {
				t.Helper()
				sum, err := w.content(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return sum
			}
			former := content()
			if again := content(); again != former {
				t.Errorf("the same content is %s, then %s", former, again)
			}
			write(t, target, "deux")
			if content() == former {
				t.Error("another content has the same digest")
			}
		})
	}
}

// A link in a folder that others deliver into opens no other folder, and one that
// leads back ends.
func TestLinksToFoldersAreNotFollowed(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(elsewhere, "a"), []byte("un"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"autre": elsewhere, "justificatifs": dir} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	if n := size(dir); n != 0 {
		t.Errorf("%d bytes, want none", n)
	}
}

func TestAnUnreadableFileEndsNoSurvey(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("un"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	refused := "a"
	s := &survey{w: io.Discard, digest: func(path string) (string, error) {
		if filepath.Base(path) == refused {
			return "", os.ErrPermission
		}
		return surveyFile(path)
	}}
	if err := s.add(t.Context(), dir); err != nil || !s.unread {
		t.Errorf("unread %v, %v; want true", s.unread, err)
	}
	if refused, s.unread = "", false; s.add(t.Context(), dir) != nil || s.unread {
		t.Error("what can be read is unread")
	}
}
