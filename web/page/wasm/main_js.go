// Command wasm is the program of the page: it waits in a worker of the browser
// for wishes, and answers them with package engine.
package main

import (
	"context"
	"encoding/json"
	"os"
	"runtime/debug"
	"syscall/js"
	"time"

	"paye/internal/progress"
	"paye/web/page/engine"
)

// The heap may grow to five times what lives, and works hard near the bound:
// as the command that plans volumes does.
const (
	softMemory = 192 << 20
	heapGrowth = 400
)

// tellEvery is how often the page hears how far the work is.
const tellEvery = 150 * time.Millisecond

func main() {
	debug.SetMemoryLimit(softMemory)
	debug.SetGCPercent(heapGrowth)
	version := ""
	if len(os.Args) > 1 {
		version = os.Args[1]
	}
	e := &engine.Engine{Version: version, Now: time.Now, Out: "/out/volumes"}
	script := js.Global().Get("xhlPeer")
	o := newOther(script)
	go serve(script)
	// The program lives as long as its worker: what it hands to the page is
	// asked again and again.
	js.Global().Call("xhlReady", js.FuncOf(func(_ js.Value, args []js.Value) any {
		ask, tell, done := args[0].String(), args[1], args[2]
		go answer(o.with(context.Background()), e, ask, tell, done)
		return nil
	}))
	select {}
}

// answer does one wish; tell hears how far it is, done its answer.
func answer(ctx context.Context, e *engine.Engine, text string, tell, done js.Value) {
	var ask engine.Ask
	if err := json.Unmarshal([]byte(text), &ask); err != nil {
		done.Invoke(faulty(err))
		return
	}
	counts := new(progress.Progress)
	stop := make(chan struct{})
	go watch(counts, tell, stop)
	a := e.Answer(ctx, ask, counts)
	close(stop)
	b, err := json.Marshal(a)
	if err != nil {
		done.Invoke(faulty(err))
		return
	}
	done.Invoke(string(b))
}

func faulty(err error) string {
	b, _ := json.Marshal(engine.Answer{Fault: engine.FaultOf(err)}) // of strings
	return string(b)
}

func watch(p *progress.Progress, tell js.Value, stop chan struct{}) {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			phase, done, total := p.Status()
			tell.Invoke(string(phase), float64(done), float64(total))
		}
	}
}
