package compress

import (
	"runtime"
	"sync"
)

// ParallelEncoder makes blocks on several cores and hands them over in the
// order in which their content came. Its memory is three buffers of the size
// of a block a core and the tables of the encoders.
//
// It is for one goroutine; the blocks are those that one Encoder would make.
type ParallelEncoder struct {
	emit    func(Block, []byte) error
	work    chan *parallelJob
	workers sync.WaitGroup
	ring    []parallelJob
	first   int // the oldest job not emitted
	next    int // the job that the next content takes
	err     error
}

type parallelJob struct {
	raw, packed []byte
	block       Block
	done        chan struct{}
}

// NewParallelEncoder starts as many workers, GOMAXPROCS for 0. Each block goes
// to emit, with its bytes, which are valid during the call only, on the
// goroutine that calls Add and Close. Close must be called, also after an
// error.
func NewParallelEncoder(n Niveau, workers int, emit func(Block, []byte) error) *ParallelEncoder {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := &ParallelEncoder{emit: emit, ring: make([]parallelJob, workers+workers/2+1)}
	work := make(chan *parallelJob, len(p.ring))
	p.work = work
	for i := range p.ring {
		p.ring[i].done = make(chan struct{}, 1)
	}
	for range workers {
		p.workers.Go(func() {
			e := NewEncoder(n)
			defer e.Release()
			for j := range work {
				j.packed, j.block = e.AppendBlock(j.packed[:0], j.raw)
				j.done <- struct{}{}
			}
		})
	}
	return p
}

// Add makes one block of raw, which it copies. The error is the first of emit,
// after which nothing more is emitted.
func (p *ParallelEncoder) Add(raw []byte) error {
	if p.next-p.first == len(p.ring) {
		p.retire()
	}
	if p.err != nil || len(raw) == 0 {
		return p.err
	}
	j := &p.ring[p.next%len(p.ring)]
	j.raw = append(j.raw[:0], raw...)
	p.next++
	p.work <- j
	return nil
}

// Close emits the blocks under way and ends the workers.
func (p *ParallelEncoder) Close() error {
	if p.work == nil {
		return p.err
	}
	for p.err == nil && p.first < p.next {
		p.retire()
	}
	close(p.work)
	p.work = nil
	p.workers.Wait()
	if p.err != nil {
		return p.err
	}
	p.err = errClosed
	return nil
}

// retire waits for the oldest block and emits it.
func (p *ParallelEncoder) retire() {
	if p.err != nil {
		return
	}
	j := &p.ring[p.first%len(p.ring)]
	<-j.done
	p.first++
	p.err = p.emit(j.block, j.packed)
}
