package batch

import (
	"os"
	"path/filepath"
	"testing"
)

// The look of the slips is one of their options, and of no volume's.
func TestLookOfTheSlipsIsAnOptionOfTheSlips(t *testing.T) {
	logo := filepath.Join(t.TempDir(), "logo.png")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(logo, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	key := func(color, logo string, s Step) string {
		return (&work{Task: &Task{Couleur: color, Logo: logo}, env: &Env{}}).stepKey("", s)
	}
	for s, dressed := range map[Step]bool{StepCheck: false, StepBuild: false, StepBulletins: true, StepDeposit: true} {
		write("un")
		former := key("1F4E79", logo, s)
		if (key("FF0000", logo, s) != former) != dressed {
			t.Errorf("%s with another colour is another work: %v, want %v", s, !dressed, dressed)
		}
		write("deux")
		if (key("1F4E79", logo, s) != former) != dressed {
			t.Errorf("%s with another logo in the same file is another work: %v, want %v", s, !dressed, dressed)
		}
	}
}
