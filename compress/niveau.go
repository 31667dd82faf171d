package compress

import "fmt"

// Niveau says how hard to compress.
//
// They stand for levels 6, 1 and 9 of the deflate library, chosen among the
// nine on 48 MB made of the official sample journals with half of their
// amounts redrawn, in blocks of 1 MiB, on one core of a shared machine:
//
//	level   1     2     3     4     5     6     7     8     9
//	ratio   9.5  10.5  10.8  11.1  13.2  14.3  13.7  15.2  17.0
//	MB/s    430   330   230   260   230   200   130   120    17
//
// Level 6 beats 7 in both respects. Level 9 takes twelve times as long for 16 %
// fewer bytes: worth it when that saves a volume, not otherwise.
type Niveau uint8

const (
	// Auto leaves the choice between Rapide and Normal to whoever knows what the
	// bytes saved are worth. An Encoder of it is one of Normal.
	Auto   Niveau = iota
	Normal        // level 6
	Rapide        // level 1: half as long as Normal, half as much again in bytes
	Dense         // level 9

	// Leger is between Rapide and Normal, for who mixes levels and knows what fits:
	// level 3. It cannot be asked for by name.
	Leger
)

var niveaux = [...]struct {
	name  string
	level int
}{
	Auto:   {"auto", 6},
	Normal: {"normal", 6},
	Rapide: {"rapide", 1},
	Dense:  {"dense", 9},
	Leger:  {"leger", 3},
}

// ParseNiveau takes the names that String gives.
func ParseNiveau(name string) (Niveau, error) {
	for n, v := range niveaux[:Leger] {
		if v.name == name {
			return Niveau(n), nil
		}
	}
	return Auto, fmt.Errorf("unknown niveau %q: auto, rapide, normal or dense", name)
}

func (n Niveau) String() string {
	if int(n) >= len(niveaux) {
		return fmt.Sprintf("niveau(%d)", uint8(n))
	}
	return niveaux[n].name
}
