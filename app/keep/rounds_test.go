package keep

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"paye/internal/server"
	"paye/vault"
	"paye/vault/s3store"
)

// stopped is a vault that can be read and takes no deposit any more.
type stopped struct{ err error }

func (s stopped) Err() error                            { return s.err }
func (s stopped) Point(context.Context) ([]byte, error) { return []byte("point"), nil }

func TestHealthTellsOfAVaultThatStopped(t *testing.T) {
	eio := errors.New("input/output error")
	for _, want := range []error{nil, eio} {
		if got := Alive(stopped{want}).Etat(t.Context()); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestHealthShowsTheVaultAndItsRounds(t *testing.T) {
	for name, tc := range map[string]struct {
		bucket *s3store.Blobs
		want   []string
	}{
		"contents in the folder": {nil, []string{"coffre", "catalogue", "point"}},
		"contents in a bucket":   {&s3store.Blobs{}, []string{"coffre", "catalogue", "verrou", "point"}},
	} {
		daily := Rounds(nil, vault.Acteur{}, tc.bucket, slog.New(slog.DiscardHandler))
		var names []string
		for _, s := range append([]server.Probe{Alive(stopped{})}, daily.Probes()...) {
			names = append(names, s.Nom)
		}
		if !slices.Equal(names, tc.want) {
			t.Errorf("%s: got %v, want %v", name, names, tc.want)
		}
	}
}
