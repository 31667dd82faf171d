package acts

import (
	"encoding/json"

	"paye/internal/identifiants"
	"paye/vault/internal/names"
)

// Copie is a set of the ways to a document: the agent's and the employer's
// double have each its own wrapped key and its own life.
type Copie uint8

const (
	CopieAgent Copie = 1 << iota
	CopieDouble
	ToutesCopies = CopieAgent | CopieDouble
)

// Depot is the body of a deposit in the journal. Its JSON is canonical:
// the order of the fields is the one below, and the commitment covers it.
type Depot struct {
	Identite
	Periode   identifiants.Periode `json:"periode"`
	Nature    Nature               `json:"nature"`
	Sequence  int                  `json:"sequence"`
	Version   int                  `json:"version"`
	Parent    names.ID             `json:"parent,omitzero"`
	Titre     string               `json:"titre,omitempty"`
	Versement names.ID             `json:"versement,omitzero"`
	Agent     names.ID             `json:"agent"`
	Deposant  string               `json:"deposant"`
	Taille    int64                `json:"taille"`
	Empreinte string               `json:"empreinte"`
}

// BusinessKey is what two deposits of the same document share.
func (c *Depot) BusinessKey() []byte {
	b, err := json.Marshal([]any{c.Employeur, c.Matricule, c.Periode.String(), c.Nature, c.Sequence, c.Version})
	if err != nil {
		panic("vault: strings and integers do not marshal: " + err.Error())
	}
	return b
}

// Distributed reports whether agents see the documents of a session at a step.
func Distributed(step string) bool { return step == StepDistribution || step == StepDone }

// Steps of a session at which agents see its documents.
const (
	StepDistribution = "distribution"
	StepDone         = "termine"
)

// Acte is the body of the events that say who did what.
type Acte struct {
	Par   string `json:"par"`
	Objet string `json:"objet,omitempty"`
	Cause string `json:"cause,omitempty"`
}

// Destruction says what was erased and why, and when no backup holds the
// keys any more.
type Destruction struct {
	Par       string `json:"par"`
	Copies    Copie  `json:"copies"`
	Motif     string `json:"motif"`
	Employeur string `json:"employeur,omitempty"`
	Complet   int64  `json:"complet,omitempty"` // milliseconds since 1970
}

// Kinds of fiches that the vault keeps for itself.
const (
	FicheEmployeur   = "employeur"
	FicheUtilisateur = "utilisateur"
	FichePapier      = "papier"
	FicheVersement   = "versement"
	FicheCle         = "cle"
)

// FicheBody is the body of a change of a fiche; Valeur is null once it is removed.
type FicheBody struct {
	Genre     string          `json:"genre"`
	Cle       string          `json:"cle"`
	Employeur string          `json:"employeur,omitempty"`
	Version   int64           `json:"version"`
	Par       string          `json:"par"`
	Valeur    json.RawMessage `json:"valeur"`
}

// Renouvellement is the body of a record that supersedes a wrap.
type Renouvellement struct {
	Par       string `json:"par"`
	Cle       string `json:"cle"`       // name of the key
	Empreinte string `json:"empreinte"` // of the public key that it is sealed to
}
