//go:build unix

package vault

import "testing"

func TestRenewalKilledAtAnyOperationIsResumed(t *testing.T) {
	t.Parallel()
	// The operations are the same for each key: each key dies at others.
	step := int64(len(keyList))
	if brief() {
		step *= 2
	}
	for i, name := range keyList {
		v := keyedWith(t, Options{})
		v.c.Close(ctx)
		for n := int64(1 + i); ; n += step {
			root := copyVault(t, v.c.root)
			_, killed := runVault(t, root, n, name)
			c := reopen(t, root, v.o)
			holds(t, c, v.recus)
			if name == CleMaitre {
				v.readableByAgents(t, c)
			}
			deposit(t, c, bulletins(100, 101)...)
			if killed {
				secours := keyFileOf(t, root, CleSecours)
				r, err := Fsck(ctx, root, FsckOptions{Options: v.o, Secours: secours})
				if err != nil || !r.Sound() || r.Dechiffres != 8 {
					t.Fatalf("%s, operation %d: %v %v", name, n, r.Anomalies, err)
				}
				if _, err := c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: name}); err != nil {
					t.Fatalf("%s, operation %d: %v", name, n, err)
				}
			}
			c.Close(ctx)
			v.opensNothing(t, root, name)
			r := wantHealthy(t, root, v.o)
			if r.Documents != 8 || r.Destroyed != 1 || r.Dechiffres != 8 {
				t.Errorf("%s, operation %d: %+v", name, n, r)
			}
			if !killed {
				break
			}
		}
	}
}
