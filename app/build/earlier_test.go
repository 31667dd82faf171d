package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/anomalie/anomalietest"
	"paye/internal/durable"
	"paye/internal/manifest"
	"paye/synth"
)

// A delivery that was decided, and of which nothing was in place when its
// process ended, is one of another month all the same.
func TestInterruptedDeliveryOfAnotherMonthIsNotReplaced(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 2, Journal: true})
	journal, out := filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out")
	if err := os.Mkdir(out, 0o700); err != nil { // a folder that is there is filled file by file
		t.Fatal(err)
	}
	errEnded := errors.New("ended")
	decided := false
	restore := durable.Intercept(func(s durable.Step) error {
		decided = decided || s.Op == durable.OpRename && strings.HasPrefix(filepath.Base(s.Path), "volume-")
		if decided {
			return errEnded
		}
		return nil
	})
	_, _, err := build(context.Background(), demande(journal, out, 4_000_000))
	restore()
	if !errors.Is(err, errEnded) || !durable.Interrupted(out) {
		t.Fatalf("got %v", err)
	}
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	next := filepath.Join(dir, "suivant.xhl")
	if err := os.WriteFile(next, []byte(strings.Replace(string(text), `<Mois V="05"/>`, `<Mois V="06"/>`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = build(context.Background(), demande(next, out, 4_000_000))
	anomalietest.WantCode(t, err, AutreLivraison)
	if m, err := manifest.Read(out); err != nil || m.Mois != "05" {
		t.Errorf("the folder holds %+v, %v", m, err)
	}
}
