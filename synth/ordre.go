package synth

import (
	"context"
	"sync"
	"sync/atomic"

	"paye/xhl"
)

// Progress counts what was done, for an interface to look at while it goes on.
type Progress struct {
	Bulletins atomic.Int64 // written, in each format
	Pieces    atomic.Int64
	Octets    atomic.Int64 // of every file
}

// bloc is a slice of the book, encoded: bulletins of one groupe.
type bloc struct {
	groupe     int
	debut, fin int
	octets     []byte
	totaux     *xhl.Totaux
	err        error
	ready      chan struct{}
}

// blocBulletins is how many bulletins are encoded together.
const blocBulletins = 128

// inOrder has encode make every bloc of the run, on several cores, and gives
// them to write in their order, in the goroutine of the caller. Each worker
// has an encoder of its own. Memory is that of a few blocs.
func (r *Run) inOrder(ctx context.Context, encoder func() func(*bloc), write func(*bloc) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers := r.opts.Workers
	free := make(chan *bloc, 2*workers+2)
	for range cap(free) {
		free <- &bloc{ready: make(chan struct{}, 1)}
	}
	awaited := make(chan *bloc, cap(free))
	queue := make(chan *bloc, cap(free))

	var wait sync.WaitGroup
	defer wait.Wait()
	defer cancel()
	wait.Go(func() {
		defer close(awaited)
		defer close(queue)
		for g := range r.groupes {
			for i := r.groupes[g].Debut; i < r.groupes[g].Fin; i += blocBulletins {
				select {
				case <-ctx.Done():
					return
				case b := <-free:
					b.groupe, b.debut, b.fin = g, i, min(i+blocBulletins, r.groupes[g].Fin)
					b.octets, b.totaux, b.err = b.octets[:0], nil, nil
					awaited <- b
					queue <- b
				}
			}
		}
	})
	for range workers {
		wait.Go(func() {
			encode := encoder()
			for b := range awaited {
				encode(b)
				b.ready <- struct{}{}
			}
		})
	}
	for b := range queue {
		<-b.ready
		err := b.err
		if err == nil {
			err = write(b)
		}
		if err != nil {
			return err
		}
		free <- b
	}
	return context.Cause(ctx)
}
