package durable

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSweepTakesWhatAKilledProcessStaged(t *testing.T) {
	for _, c := range []struct {
		name   string
		files  []string // staged
		at     bool     // somebody is at work there
		stands bool
	}{
		{"before it was decided", []string{"new-1"}, false, false},
		{"once it was decided", []string{"new-1", journalName}, false, true},
		{"while another one works there", nil, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			stage := filepath.Join(dir, stageName)
			if c.at {
				d, err := Begin(dir, DeliveryOptions{})
				if err != nil {
					t.Fatal(err)
				}
				defer d.Abort()
			} else if err := os.Mkdir(stage, 0o700); err != nil {
				t.Fatal(err)
			}
			for _, name := range c.files {
				if err := os.WriteFile(filepath.Join(stage, name), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			Sweep(dir)
			if exists(stage) != c.stands {
				t.Errorf("what is staged stands: %v, want %v", !c.stands, c.stands)
			}
		})
	}
}
