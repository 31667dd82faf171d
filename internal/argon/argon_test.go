package argon

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func TestAHashIsThatOfItsPasswordOnly(t *testing.T) {
	ctx := t.Context()
	hash, err := Hash(ctx, []byte("0123456789abcdef"), "une longue phrase")
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]bool{"une longue phrase": true, "une longue phrase ": false, "": false} {
		if got, err := Verify(ctx, hash, word); err != nil || got != want {
			t.Errorf("%q: %t, %v", word, got, err)
		}
	}
	if got, err := Verify(ctx, Decoy, "une longue phrase"); err != nil || got {
		t.Errorf("the decoy: %t, %v", got, err)
	}
}

// TestTheReferenceProgramMakesTheSameHash asks argon2 of Debian, where it is
// installed.
func TestTheReferenceProgramMakesTheSameHash(t *testing.T) {
	program, err := exec.LookPath("argon2")
	if err != nil {
		t.Skip("argon2 is not installed")
	}
	cmd := exec.Command(program, "0123456789abcdef", "-id", "-t", "3", "-k", "65536", "-p", "1", "-l", "32", "-e")
	cmd.Stdin = strings.NewReader("une longue phrase")
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Hash(t.Context(), []byte("0123456789abcdef"), "une longue phrase"); err != nil || got != strings.TrimSpace(string(want)) {
		t.Errorf("%s, %v; the reference %s", got, err, want)
	}
}

func TestAnotherKindOfHashIsAnError(t *testing.T) {
	for _, hash := range []string{
		"", "$", "une longue phrase",
		strings.Replace(Decoy, "argon2id", "argon2i", 1),
		strings.Replace(Decoy, "v=19", "v=16", 1),
		strings.Replace(Decoy, "m=65536", "m=4096", 1),
		strings.Replace(Decoy, "ZGVj", "*", 1),
		Decoy + "*", Decoy + "$",
	} {
		if _, err := Verify(t.Context(), hash, "une longue phrase"); !errors.Is(err, ErrKind) {
			t.Errorf("%q: %v", hash, err)
		}
	}
}

func TestAHashThatNobodyWaitsForAnyMoreIsNotMade(t *testing.T) {
	for range atOnce {
		turn <- struct{}{}
	}
	defer func() {
		for range atOnce {
			<-turn
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Hash(ctx, []byte("0123456789abcdef"), "une longue phrase"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
