package faults

import (
	"errors"

	"paye/internal/anomalie"
)

// As finds the anomaly in an error.
func As(err error) (a *anomalie.Anomalie, ok bool) {
	ok = errors.As(err, &a)
	return a, ok
}

// Of sets the Matricule of an anomaly.
func Of(a *anomalie.Anomalie, matricule string) *anomalie.Anomalie {
	a.Matricule = matricule
	return a
}

// Is reports whether an error is an anomaly.
func Is(err error) bool {
	_, ok := As(err)
	return ok
}

// Code is the code of an anomaly, empty for another error.
func Code(err error) string {
	if a, ok := As(err); ok {
		return a.Code
	}
	return ""
}
