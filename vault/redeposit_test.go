package vault

import (
	"os"
	"path/filepath"
	"testing"

	"paye/vault/internal/journal"
)

// A slip was destroyed and deposited again; then its journal was restored as it
// was before the destruction, whose order is damaged: two documents have the
// same key. The one deposited last keeps it, and the vault can be made again.
func TestSlipDepositedAgainIsRecoveredBesideOneWhoseDestructionIsLost(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(t *testing.T, root string, p journal.Place, r *journal.Record){
		"its order": func(t *testing.T, root string, p journal.Place, r *journal.Record) {
			flip(t, filepath.Join(root, journal.Dir, journal.SegmentName(1)), p.Offset+r.SlotOffset(journal.SlotCorps)+40)
		},
		"its record": func(t *testing.T, root string, p journal.Place, _ *journal.Record) {
			flip(t, filepath.Join(root, journal.Dir, journal.SegmentName(1)), p.Offset+10)
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, _ := options()
			c := reopen(t, newVault(t, o), o)
			first := deposit(t, c, bulletins(0, 1)...)[0]
			must(t, c.Close(ctx))
			segment := filepath.Join(c.root, journal.Dir, journal.SegmentName(1))
			before, err := os.ReadFile(segment)
			must(t, err)
			c = reopen(t, c.root, o)
			must(t, erased(c, Systeme("essai"), first.ID, ToutesCopies, "erreur"))
			again := deposit(t, c, bulletins(0, 1)...)[0]
			must(t, c.Close(ctx))
			patch(t, c.root, 0, before)
			eachRecord(t, c.root, func(p journal.Place, r *journal.Record) {
				if r.Genre == EvDestruction {
					damage(t, c.root, p, r)
				}
			})
			r, err := Recover(ctx, c.root, Systeme("essai"), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Documents != 2 {
				t.Errorf("recovered %d documents, want both", r.Documents)
			}
			for code := range codesOf(t, c.root, FsckOptions{Options: o}) {
				if code == "COF-125" || code == "COF-126" {
					t.Errorf("what recover made is not what fsck makes: %s", code)
				}
			}
			c = reopen(t, c.root, o)
			read(t, c, Systeme("essai"), again.ID)
			result, err := c.Deposit(ctx, Systeme("essai"), bulletins(0, 1))
			must(t, err)
			if result[0].Recu == nil || result[0].Recu.ID != again.ID {
				t.Errorf("deposited once more: %+v, want the document that has the key", result[0])
			}
			must(t, c.Close(ctx))
		})
	}
}
