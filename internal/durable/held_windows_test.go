package durable

import (
	"os"
	"path/filepath"
	"testing"
)

// A volume in a viewer keeps the former delivery, whole, and is named.
func TestFileThatAnotherProgramHoldsKeepsTheFormerDelivery(t *testing.T) {
	for name := range may {
		dir := filepath.Join(t.TempDir(), "out")
		if err := deliver(dir, may, DeliveryOptions{}); err != nil {
			t.Fatal(err)
		}
		held, err := os.Open(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if err := deliver(dir, june, DeliveryOptions{}); !is(err, FileHeld) {
			t.Errorf("%s is held: got %v, want %s", name, err, FileHeld)
		}
		if reading(t, dir) != manifest(t, may) || Interrupted(dir) {
			t.Errorf("%s is held: the folder reads %q", name, reading(t, dir))
		}
		held.Close()
		if err := deliver(dir, june, DeliveryOptions{}); err != nil || reading(t, dir) != manifest(t, june) {
			t.Errorf("%s is free: %v", name, err)
		}
	}
}
