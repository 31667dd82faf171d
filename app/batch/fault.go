package batch

import (
	"errors"
	"fmt"
	"syscall"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/ledger"
)

// machineFault says what to do about an error that is no anomaly.
func machineFault(err error) lang.Text {
	if errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EEXIST) || errors.Is(err, syscall.EISDIR) {
		return lang.Text{FR: "un fichier a le nom du dossier de sortie de cet employeur : renommez-le et relancez", EN: "a file has the name of the output folder of this employer: rename it and run again"}
	}
	if f, known := lang.Explain(err); known && f.Hint != (lang.Text{}) {
		return lang.Text{FR: f.Hint.FR + " ; ce qui est fait ne se refait pas", EN: f.Hint.EN + "; what is done is not done again"}
	}
	return lang.Text{FR: "relancez : ce qui est fait ne se refait pas", EN: "run again: what is done is not done again"}
}

// errPanic is a fault of this program. What it was told is kept out of its
// words: that may be anything.
type errPanic struct {
	told  any
	stack []byte
}

// Unwrap is the fault as a person is told of it.
func (e errPanic) Unwrap() error { return Codes.New(ProgramFault, fmt.Sprintf("%T", e.told)) }

func (e errPanic) Error() string { return fmt.Sprintf("fault of this program (%T)", e.told) }

// passing are the anomalies that pass by themselves: another process at work,
// a database that is away.
var passing = []string{durable.FolderHeld, durable.Unrecorded, durable.FileHeld, ledger.Unreachable}

// outage reports whether a database is away, or a connection was cut.
func outage(err error) bool {
	if a := anomalie.As(err); a != nil {
		return transient(a)
	}
	return true
}

// transient reports whether trying again may do where an anomaly stopped.
func transient(a *anomalie.Anomalie) bool {
	for _, code := range passing {
		if a.Code == code {
			return true
		}
	}
	return false
}
