package xhl

// Annonce is what a run says before its first bulletin of what will follow the
// last one, byte for byte as a Writer will write it: what lets a journal be
// cut while it is being written.
type Annonce struct {
	Fermeture            []byte // that closes a DonneesIndiv
	Nomenclatures        []byte // nil when the run has not given them yet
	RepartitionParNature []byte // nil when the run has not given it yet
	Fin                  []byte // the end tag of the root

	// RepartitionMax bounds RepartitionParNature, in bytes, when it is derived
	// from the lines by the rubriques of Nomenclatures.
	RepartitionMax int
}
