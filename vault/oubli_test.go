package vault

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// told writes versions of a fiche about a subject.
func told(t *testing.T, c *Coffre, sujet ID, cle string, values ...string) {
	t.Helper()
	for _, v := range values {
		f, err := c.Fiches().Get(ctx, "essai", cle)
		if err != nil {
			t.Fatal(err)
		}
		f.Sujet, f.Valeur = sujet, json.RawMessage(`"`+v+`"`)
		if err := c.Fiches().Put(ctx, Systeme("essai"), f); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFichesOfASubjectAreErasedInEveryVersion(t *testing.T) {
	c, _ := testVault(t)
	o := c.opts
	anne, paul := ID{1}, ID{2}
	told(t, c, anne, "a", "one", "two")
	told(t, c, anne, "b", "three")
	told(t, c, paul, "c", "four")
	before := segmentBytes(t, c.root)
	e, err := c.Fiches().Erase(ctx, Systeme("essai"), anne, "cloture")
	if err != nil || e.Complet.Sub(e.Date).Hours() != 24*SauvegardesMax {
		t.Fatalf("%+v, %v", e, err)
	}
	if again, err := c.Fiches().Erase(ctx, Systeme("essai"), anne, "cloture"); err != nil || again.ID != anne {
		t.Errorf("again: %+v, %v", again, err)
	}
	for cle, want := range map[string]string{"a": "", "b": "", "c": `"four"`} {
		f, err := c.Fiches().Get(ctx, "essai", cle)
		if err != nil || string(f.Valeur) != want || want == "" && f.Version != 0 {
			t.Errorf("%s: %+v, %v; want %q", cle, f, err, want)
		}
	}
	// The very bytes of the three bodies are gone from the disk, and nothing else.
	after := segmentBytes(t, c.root)
	zeroed := 0
	for i := range before {
		if before[i] != after[i] {
			if after[i] != 0 {
				t.Fatalf("byte %d became %d", i, after[i])
			}
			zeroed++
		}
	}
	if zeroed < 3*60 {
		t.Errorf("%d bytes were zeroed", zeroed)
	}
	told(t, c, ID{}, "a", "anew")
	c.Close(ctx)
	wantHealthy(t, c.root, o)
	if err := os.Remove(filepath.Join(c.root, "catalogue.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := Recover(ctx, c.root, Systeme("essai"), o); err != nil {
		t.Fatal(err)
	}
	c = reopen(t, c.root, o)
	if f, err := c.Fiches().Get(ctx, "essai", "a"); err != nil || string(f.Valeur) != `"anew"` {
		t.Errorf("after recover: %+v, %v", f, err)
	}
	if f, err := c.Fiches().Get(ctx, "essai", "b"); err != nil || f.Version != 0 {
		t.Errorf("after recover: %+v, %v", f, err)
	}
	c.Close(ctx)
	wantHealthy(t, c.root, o)
}

func segmentBytes(t *testing.T, root string) []byte {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(root, "journal", "*"))
	if err != nil || len(list) != 1 {
		t.Fatalf("segments %v, %v", list, err)
	}
	b, err := os.ReadFile(list[0])
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(b)
}

// An erasure that dies after its event is carried out by who opens the vault
// next; one that a backup brought back is named.
func TestErasureOfFichesIsCarriedOutAfterADeath(t *testing.T) {
	c, _ := testVault(t)
	o := c.opts
	anne := ID{1}
	told(t, c, anne, "a", "one", "two")
	c.Close(ctx)
	plain := segmentBytes(t, c.root)
	c = reopen(t, c.root, o)
	if _, err := c.Fiches().Erase(ctx, Systeme("essai"), anne, "cloture"); err != nil {
		t.Fatal(err)
	}
	c.Close(ctx)
	list, _ := filepath.Glob(filepath.Join(c.root, "journal", "*"))
	erased := segmentBytes(t, c.root)
	restored := bytes.Clone(erased)
	copy(restored, plain) // the bodies as a backup has them
	if err := os.WriteFile(list[0], restored, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Fsck(ctx, c.root, FsckOptions{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, a := range r.Anomalies {
		if a.Code == "COF-128" {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d bodies are named, want 2: %v", found, r.Anomalies)
	}
	if err := os.Remove(filepath.Join(c.root, "catalogue.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := Recover(ctx, c.root, Systeme("essai"), o); err != nil {
		t.Fatal(err)
	}
	if got := segmentBytes(t, c.root); !bytes.Equal(got[:len(erased)], erased) {
		t.Error("recover leaves the bodies that a backup brought back")
	}
	wantHealthy(t, c.root, o)
}
