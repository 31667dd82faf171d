package build

import (
	"context"
	"strings"

	"paye/xhl/run"
)

// past reads the codes of the month before, nil when none is given.
func (d *demand) past(ctx context.Context) (run.Past, error) {
	if d.LastMonth == "" {
		return nil, nil
	}
	return ReadPast(ctx, d.LastMonth)
}

// lostZeros tells of the matricules of a journal that the month before knew
// with zeros in front: those of a run are told where it is read.
func (d *Job) lostZeros(past run.Past) {
	if past == nil || d.source.notes != nil {
		return
	}
	known := past.Matricules()
	padded := make(map[string]string)
	for m := range known {
		if short := strings.TrimLeft(m, "0"); short != m {
			padded[short] = m
		}
	}
	n, first := 0, ""
	for i := range d.Livre.Bulletins() {
		m := d.Livre.Matricule(i)
		if _, same := known[m]; !same && padded[strings.TrimLeft(m, "0")] != "" {
			if n++; n == 1 {
				first = m
			}
		}
	}
	if n == 0 {
		return
	}
	a := Codes.New(ZerosDuMois, n, first, padded[strings.TrimLeft(first, "0")])
	a.Fichier, a.Matricule = d.dem.Entree, first
	d.dem.Anomalie(a)
}
