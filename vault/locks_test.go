package vault

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestStartingAgainLiftsNoLock(t *testing.T) {
	root, file := filepath.Join(t.TempDir(), "coffre"), filepath.Join(t.TempDir(), "verrous.json")
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	o := Options{Clock: func() time.Time { return now }, Locks: file}
	must(t, Init(ctx, root, InitOptions{Options: o}))
	const password = "une longue phrase de passe"
	open := func() *Coffre {
		c, err := Open(ctx, root, o)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := open()
	must(t, c.Comptes().AddUtilisateur(ctx, Systeme("essai"), "paie", "", password))
	from := Provenance{Source: "192.0.2.1"}
	for range 3 {
		_, err := c.Comptes().Authenticate(ctx, from, "paie", "faux")
		wantCode(t, err, "COF-314")
	}
	must(t, c.Close(ctx))
	text, err := os.ReadFile(file)
	if err != nil || bytes.Contains(text, []byte("paie")) || bytes.Contains(text, []byte("192.0.2.1")) {
		t.Errorf("the file of locks names who waits: %s, %v", text, err)
	}

	c = open()
	_, err = c.Comptes().Authenticate(ctx, from, "paie", password)
	wantCode(t, err, "COF-315")
	if _, err := c.Comptes().Authenticate(ctx, Provenance{Source: "192.0.2.2"}, "paie", password); err != nil {
		t.Errorf("another source is locked too: %v", err)
	}
	must(t, c.Close(ctx))

	now = now.Add(121 * time.Minute)
	c = open()
	if _, err := c.Comptes().Authenticate(ctx, from, "paie", password); err != nil {
		t.Errorf("after the delay: %v", err)
	}
	must(t, c.Close(ctx))

	must(t, os.WriteFile(file, []byte("{"), 0o600)) // half a file keeps nobody out
	c = open()
	if _, err := c.Comptes().Authenticate(ctx, from, "paie", password); err != nil {
		t.Errorf("with a broken file: %v", err)
	}
	must(t, c.Close(ctx))
}
