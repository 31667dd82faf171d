package vault

import (
	"time"

	"paye/internal/lang"
	"paye/vault/internal/acts"
)

// Versement is a session of deposit: what one journal became. It is one line
// of the suivi.
type Versement struct {
	ID        ID      `json:"id"`
	Employeur string  `json:"employeur"`
	Periode   Periode `json:"periode"`
	// Source identifies the input, such as its SHA-256: an interrupted session
	// of the same source is resumed, not begun again.
	Source   string    `json:"source"`
	Deposant string    `json:"deposant"` // the connector, as the suivi shows it
	Auteur   string    `json:"auteur"`   // who deposits: he does not validate
	Debut    time.Time `json:"debut"`
	Etape    Etape     `json:"etape"`
	Statut   Statut    `json:"statut"`
	Motif    string    `json:"motif,omitempty"` // code of the anomaly behind ✗ or ⊘
	Fichiers int       `json:"fichiers"`

	// Counted by the store.
	Documents int    `json:"documents"`
	Annexes   int    `json:"annexes"`
	Valides   int    `json:"valides"`
	AValider  int    `json:"a_valider"`
	ValidePar string `json:"valide_par,omitempty"`

	Bilan  Bilan   `json:"bilan"`
	Ecarts []Ecart `json:"ecarts,omitempty"` // the first MaxEcarts

	version int64
}

// Distribue reports whether agents see the documents of the session.
func (v *Versement) Distribue() bool { return acts.Distributed(string(v.Etape)) }

// Bilan counts what became of the bulletins. Deposes + Papier + Refuses +
// EnAttente is always Bulletins.
type Bilan struct {
	Bulletins int `json:"bulletins"`
	Deposes   int `json:"deposes"`
	Deja      int `json:"deja,omitempty"` // of Deposes, those that an earlier session filed
	Papier    int `json:"papier"`
	Refuses   int `json:"refuses"`
	EnAttente int `json:"en_attente"`
}

// Juste verifies the invariant.
func (b Bilan) Juste() bool {
	return b.Deja >= 0 && b.Deposes >= b.Deja && b.Papier >= 0 && b.Refuses >= 0 && b.EnAttente >= 0 &&
		b.Deposes+b.Papier+b.Refuses+b.EnAttente == b.Bulletins
}

// Etape is how far a session is.
type Etape string

const (
	Preparation  Etape = "preparation"
	Verification Etape = "verification"
	Distribution Etape = acts.StepDistribution
	Termine      Etape = acts.StepDone
	Rejete       Etape = "rejete"
	Annule       Etape = "annule"
)

// Statut is the sign of a session in the suivi.
type Statut string

const (
	StatutBon    Statut = "bon"    // ✓
	StatutRejete Statut = "rejete" // ✗
	StatutAction Statut = "action" // ⊘ somebody must look
)

var etapes = map[Etape]lang.Text{
	Preparation:  {FR: "Préparation", EN: "Preparation"},
	Verification: {FR: "Vérification", EN: "Verification"},
	Distribution: {FR: "Distribution", EN: "Distribution"},
	Termine:      {FR: "Terminé", EN: "Done"},
	Rejete:       {FR: "Rejeté", EN: "Rejected"},
	Annule:       {FR: "Annulé", EN: "Cancelled"},
}

// Texte names the step.
func (e Etape) Texte(l lang.Language) string { return etapes[e].In(l) }

// Signe is the sign of a status.
func (s Statut) Signe() string {
	switch s {
	case StatutBon:
		return "✓"
	case StatutRejete:
		return "✗"
	}
	return "⊘"
}
