package journal

import "fmt"

// Genre is the kind of an event of the journal. The numbers are on the disk
// for ever.
type Genre uint8

const (
	EvCreation       Genre = 1 + iota // the vault was made
	EvAgent                           // an agent got a key pair
	EvEnveloppe                       // keys for the doubles of one batch
	EvDepot                           // a document was deposited
	EvLecture                         // a document was read
	EvRefusAcces                      // a call was refused
	EvMetadata                        // technical metadata were read
	EvControle                        // a document was verified on demand
	EvRecherche                       // documents were listed or counted
	EvJournal                         // the journal was read
	EvDestruction                     // copies of a document were erased
	EvFiche                           // a fiche (employer, user, refusal, session) changed
	EvExport                          // documents were exported
	EvHorloge                         // the clock was found set back
	EvMaintenance                     // recover, sweep
	EvSecours                         // a document was opened with the recovery key
	EvRenouvellement                  // a key was sealed again, to a public key that replaces another
	EvOubli                           // the fiches about a subject were erased
)

var genres = [...]string{
	EvCreation: "creation", EvAgent: "agent", EvEnveloppe: "enveloppe", EvDepot: "depot", EvLecture: "lecture",
	EvRefusAcces: "refus d'acces", EvMetadata: "metadonnees", EvControle: "controle", EvRecherche: "recherche",
	EvJournal: "journal", EvDestruction: "destruction", EvFiche: "fiche", EvExport: "export", EvHorloge: "horloge", EvMaintenance: "maintenance", EvSecours: "cle de secours",
	EvRenouvellement: "renouvellement", EvOubli: "oubli",
}

func (g Genre) String() string {
	if int(g) < len(genres) && genres[g] != "" {
		return genres[g]
	}
	return fmt.Sprintf("genre(%d)", uint8(g))
}

// MarshalText writes the name of the kind, nothing for the zero Genre.
func (g Genre) MarshalText() ([]byte, error) {
	if g == 0 {
		return nil, nil
	}
	return []byte(g.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (g *Genre) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*g = 0
		return nil
	}
	for i, name := range genres {
		if name != "" && name == string(b) {
			*g = Genre(i)
			return nil
		}
	}
	return fmt.Errorf("no kind of event is called %q", b)
}
