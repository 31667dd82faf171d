package compress

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"paye/internal/share"
	"paye/internal/share/sharetest"
)

func TestBlocksOfAnotherInstanceAreThoseOfThisOne(t *testing.T) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(4, 2))
	for _, niveau := range []Niveau{Rapide, Normal} {
		peer := sharetest.Inside(share.Kinds{Blocks: Assist})
		session := Together(share.With(ctx, peer), niveau)
		e := NewEncoder(niveau)
		for _, n := range []int{0, 1, 300, 70_000} {
			raw := make([]byte, n)
			for i := range raw {
				raw[i] = byte(r.IntN(6))
			}
			want, block := e.AppendBlock([]byte("before"), raw)
			want = bytes.Clone(want)
			for _, s := range []*share.Session{session, nil} {
				if got, b := e.AppendBlockIn(ctx, s, []byte("before"), raw); !bytes.Equal(got, want) || b != block {
					t.Errorf("%v, %d bytes, session %v: block %v of %d bytes, want %v of %d", niveau, n, s != nil, b, len(got), block, len(want))
				}
			}
		}
		if peer.Done() < 3 {
			t.Errorf("%v: the other instance made %d blocks", niveau, peer.Done())
		}
		session.Close()
		e.Release()
	}
}

func TestWhatCannotBeABlockBeginsNoSession(t *testing.T) {
	for _, common := range [][]byte{nil, {200}, {1, 1}} {
		if Assist(common) != nil {
			t.Errorf("a session of the level %v", common)
		}
	}
}
