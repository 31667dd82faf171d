package main

import (
	"io"
	"slices"
	"testing"
	"time"

	"paye/app/batch"
	"paye/internal/lang"
)

func TestLiveNightShowsWhoIsAtWorkTheLongest(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	n := newLiveNight(newUI(lang.English, io.Discard, io.Discard, func(string) string { return "" }), func() time.Time { return now })
	if got := n.lines(); len(got) != 1 { // nobody is at work yet
		t.Errorf("got %q", got)
	}
	for _, name := range []string{"h", "g", "f", "e", "d", "c", "b", "a"} {
		n.begun(name)
		now = now.Add(time.Second)
	}
	n.ended(&batch.Outcome{Dossier: "g", Etat: batch.Done})
	n.ended(&batch.Outcome{Dossier: "f", Etat: batch.Failed})
	want := []string{"  done 1 · stopped 1", "  h  8s", "  e  5s", "  d  4s", "  c  3s", "  b  2s", "  a  1s"}
	if got := n.lines(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
