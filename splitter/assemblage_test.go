package splitter

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
)

// An interruption is heard wherever the pass over the book stands, also while some
// volumes have no bulletin yet.
func TestScatteringHearsAnInterruption(t *testing.T) {
	l := read(t, book(600, 2, rand.New(rand.NewPCG(5, 5)), func(int) []string { return nil }), 20_000, nil)
	r := newRecette(l, l.niveau)
	defer r.Close()
	last := l.Bulletins() - 1
	volumes := []*Volume{{N: 1, Runs: []Run{{0, last}}}, {N: 2, Runs: []Run{{last, last + 1}}}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.volumes(ctx, volumes); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := r.volumes(context.Background(), volumes); err != nil || volumes[1].XHL.Raw == 0 {
		t.Errorf("%d bytes, %v", volumes[1].XHL.Raw, err)
	}
}
