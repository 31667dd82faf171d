package hr

import (
	"maps"
	"slices"

	"paye/internal/anomalie"
)

// measures are what the guards judge before anything is written.
type measures struct {
	Read      int // sheets
	Last      int // sheets of the last run that wrote; 0 when there is none
	Lost      map[Champ]int
	Conflicts int // sheets of which nothing is written
	First     bool
	Existing  int // agents that payroll knew before the first run
	Matched   int // of them
}

// few is below how many cases a share means nothing, unless it is all of them.
const few = 5

func tooMany(n, of, percent int) bool {
	return n*100 > of*percent && (n >= few || n == of)
}

// forbidden returns what forbids to write: an empty or shrunken source, a right
// that was lost, too many conflicts, the wrong tenant.
func forbidden(m measures) []*anomalie.Anomalie {
	if m.Read == 0 {
		return []*anomalie.Anomalie{Codes.New("RH-311")}
	}
	var list []*anomalie.Anomalie
	if gone := m.Last - m.Read; gone > 0 && tooMany(gone, m.Last, 10) {
		list = append(list, Codes.New("RH-312", m.Read, m.Last))
	}
	for _, c := range slices.Sorted(maps.Keys(m.Lost)) {
		if tooMany(m.Lost[c], m.Read, 20) {
			list = append(list, Codes.New("RH-313", m.Lost[c], m.Read, string(c)))
		}
	}
	if tooMany(m.Conflicts, m.Read, 10) {
		list = append(list, Codes.New("RH-314", m.Conflicts, m.Read))
	}
	if m.First && m.Existing >= few && m.Matched*5 < m.Existing {
		list = append(list, Codes.New("RH-315", m.Matched, m.Existing))
	}
	return list
}
