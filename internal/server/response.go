package server

import (
	"encoding/json"
	"net/http"
	"strconv"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Faute is an anomaly as answers have it: the code is for programs, the message
// for the person who reads the answer as it is.
type Faute struct {
	Code    string `json:"code"`
	Args    []any  `json:"args,omitempty"`
	Message string `json:"message"`
}

// refus is the body of an error.
type refus struct {
	Faute   Faute  `json:"anomalie"`
	Request string `json:"requete,omitempty"`
	Fin     bool   `json:"fin"`
}

// statuts are those of our own anomalies.
var statuts = map[string]int{
	RouteInconnue:    http.StatusNotFound,
	MethodeInconnue:  http.StatusMethodNotAllowed,
	TropDEchecs:      http.StatusTooManyRequests,
	PanneMachine:     http.StatusInternalServerError,
	ServeurOccupe:    http.StatusServiceUnavailable,
	OrigineEtrangere: http.StatusForbidden,
}

// Refuse answers with an anomaly of Codes. Nothing may have been written.
func Refuse(w http.ResponseWriter, r *http.Request, a *anomalie.Anomalie) {
	status, known := statuts[a.Code]
	if !known {
		status = http.StatusUnprocessableEntity
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	switch a.Code {
	case TropDEchecs:
		if seconds, ok := a.Args[0].(int); ok {
			h.Set("Retry-After", strconv.Itoa(seconds))
		}
	case ServeurOccupe:
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	b, err := json.Marshal(refus{Faute{a.Code, a.Args, a.Message(lang.French)}, Request(r.Context()), true})
	if err == nil {
		w.Write(append(b, '\n')) // who went away needs no answer
	}
}
