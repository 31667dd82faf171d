package main

import (
	"bytes"
	"errors"
	"runtime"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"paye/internal/anomalie"
)

// codeOf is the code of an anomaly; empty for none.
func codeOf(err error) string {
	var a *anomalie.Anomalie
	switch {
	case err == nil:
		return ""
	case errors.As(err, &a):
		return a.Code
	}
	return err.Error()
}

// allocated is how many bytes a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// patience is how long pdfcpu may take.
const patience = 5 * time.Second

// libraryTime is what pdfcpu takes to read and validate a document, whatever
// it says of it; at most patience, after which it is left to run.
func libraryTime(data []byte) time.Duration {
	api.DisableConfigDir()
	done := make(chan time.Duration, 1)
	start := time.Now()
	go func() {
		defer func() {
			recover() // a panic costs what it costs
			done <- time.Since(start)
		}()
		conf := model.NewDefaultConfiguration()
		conf.ValidationMode, conf.Offline = model.ValidationRelaxed, true
		api.ReadAndValidate(bytes.NewReader(data), conf)
	}()
	select {
	case d := <-done:
		return d
	case <-time.After(patience):
		return patience
	}
}
