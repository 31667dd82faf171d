package batch

import (
	"errors"
	"syscall"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/ledger"
)

// machineFault says what to do about an error that is no anomaly.
func machineFault(err error) lang.Text {
	switch {
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return lang.Text{FR: "libérez de la place et relancez : ce qui est fait ne se refait pas", EN: "make room and run again: what is done is not done again"}
	case errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EROFS):
		return lang.Text{FR: "donnez les droits d'écriture et relancez : ce qui est fait ne se refait pas", EN: "give the rights to write and run again: what is done is not done again"}
	}
	return lang.Text{FR: "relancez : ce qui est fait ne se refait pas", EN: "run again: what is done is not done again"}
}

// passing are the anomalies that pass by themselves: another process at work,
// a database that is away.
var passing = []string{durable.FolderHeld, durable.Unrecorded, durable.FileHeld, ledger.Unreachable}

// transient reports whether trying again may do where an anomaly stopped.
func transient(a *anomalie.Anomalie) bool {
	for _, code := range passing {
		if a.Code == code {
			return true
		}
	}
	return false
}
