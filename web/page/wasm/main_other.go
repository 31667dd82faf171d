//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"paye/internal/progress"
	"paye/web/page/engine"
)

// Outside a browser the program answers one wish, from standard input to
// standard output, in the folder where it runs: what the page asks can be asked
// by hand.
func main() {
	var ask engine.Ask
	err := json.NewDecoder(os.Stdin).Decode(&ask)
	if err == nil {
		e := &engine.Engine{Version: "dev", Now: time.Now, Out: "volumes"}
		err = json.NewEncoder(os.Stdout).Encode(e.Answer(context.Background(), ask, new(progress.Progress)))
	} else {
		err = json.NewEncoder(os.Stdout).Encode(engine.Answer{Fault: engine.FaultOf(err)})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
