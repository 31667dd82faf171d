package check

import (
	"math/rand/v2"
	"runtime"
	"testing"
)

// Of a set, the verdict on each journal is kept to the end: it holds none of the
// buffers that the journal was judged with.
func TestVerdictHoldsNoBuffers(t *testing.T) {
	src := longJournal(rand.New(rand.NewPCG(3, 9)), 2000)
	live := func() int64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	judged(t, src, Options{Cores: 2}) // what is made once
	before := live()
	var kept []*Bilan
	for range 8 {
		b, _ := judged(t, src, Options{Cores: 2})
		kept = append(kept, b)
	}
	if grown := (live() - before) / int64(len(kept)); grown > 300<<10 {
		t.Errorf("%d bytes a journal of %d are held", grown, len(src))
	}
	runtime.KeepAlive(kept)
}
