package xhl

import (
	"paye/internal/anomalie"
	"paye/xhl/internal/schema"
)

// Anomalie is one fault found in a journal; see [Codes] for their list.
type Anomalie = anomalie.Anomalie

// Options are the limits of a reading and where its findings go. The zero
// Options are safe for files of unknown origin.
type Options struct {
	// Fichier is the name of the journal in anomalies.
	Fichier string

	// Anomalie is given what the reader tolerates, in the order of the file. It
	// may be nil. It is not called by several goroutines at once.
	Anomalie func(*Anomalie)

	MaxTag      int // bytes of one tag, comment or text; 1 MiB when 0
	MaxBulletin int // bytes of one bulletin; 32 MiB when 0
	MaxTete     int // bytes before the first DonneesIndiv; 4 MiB when 0
	MaxQueue    int // bytes after the last bulletin; 64 MiB when 0
	MaxDepth    int // elements open at once; 64 when 0
	Segment     int // bytes of a Segment at least; 1 MiB when 0
}

func (o *Options) Defaults() {
	set := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&o.MaxTag, 1<<20)
	set(&o.MaxBulletin, 32<<20)
	set(&o.MaxTete, 4<<20)
	set(&o.MaxQueue, 64<<20)
	set(&o.MaxDepth, 64)
	set(&o.Segment, 1<<20)
}

func (o *Options) report(a *Anomalie) {
	if o.Anomalie != nil {
		a.Fichier = o.Fichier
		o.Anomalie(a)
	}
}

// Codes are the anomalies of a journal, of its checks and of runs: what is
// wrong with each, in both languages, and what to do.
var Codes = schema.Codes

// Namespace is that of the root element, the only one that has one, in both
// versions of the schema.
const Namespace = schema.Namespace
