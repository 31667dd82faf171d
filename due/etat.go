package due

import (
	"slices"

	"paye/internal/lang"
)

// Etat is the state of one declaration.
type Etat string

const (
	Brouillon     Etat = "brouillon"
	Controlee     Etat = "controlee"
	EcriteTest    Etat = "ecrite_test"
	EcriteReel    Etat = "ecrite_reel"
	Emise         Etat = "emise"
	Deposee       Etat = "deposee"
	RejetDepot    Etat = "rejet_depot"
	Conforme      Etat = "conforme"
	NonConforme   Etat = "non_conforme"
	Enregistree   Etat = "enregistree"
	Rejetee       Etat = "rejetee"
	Remplacee     Etat = "remplacee"
	Annulee       Etat = "annulee"
	FaiteAilleurs Etat = "faite_ailleurs"
)

// suites is where a declaration may go from each state. A refused declaration
// is corrected by a new one, which replaces it; one that has left can no
// longer be cancelled from here. A channel that has no receipt goes from Emise
// to the business answer at once.
var suites = map[Etat][]Etat{
	Brouillon:     {Controlee, Annulee, FaiteAilleurs},
	Controlee:     {Brouillon, EcriteTest, EcriteReel, Annulee, FaiteAilleurs},
	EcriteTest:    {Brouillon, EcriteTest, EcriteReel, Annulee, FaiteAilleurs},
	EcriteReel:    {Brouillon, EcriteTest, EcriteReel, Emise, Annulee, FaiteAilleurs},
	Emise:         {Deposee, RejetDepot, Enregistree, Rejetee},
	Deposee:       {Conforme, NonConforme, Enregistree, Rejetee},
	Conforme:      {Enregistree, Rejetee},
	RejetDepot:    {Remplacee},
	NonConforme:   {Remplacee},
	Rejetee:       {Remplacee},
	Enregistree:   nil,
	Remplacee:     nil,
	Annulee:       nil,
	FaiteAilleurs: nil,
}

// Leads reports whether a declaration goes from e to next.
func (e Etat) Leads(next Etat) bool { return slices.Contains(suites[e], next) }

// open reports whether the declaration has not left yet.
func (e Etat) open() bool {
	return e == Brouillon || e == Controlee || e == EcriteTest || e == EcriteReel
}

// refused reports whether a new declaration must be made.
func (e Etat) refused() bool { return e == Rejetee || e == NonConforme || e == RejetDepot }

// waiting reports whether an answer is still to come.
func (e Etat) waiting() bool { return e == Emise || e == Deposee || e == Conforme }

// declared reports whether the contract needs no declaration any more.
func (e Etat) declared() bool { return e.waiting() || e == Enregistree || e == FaiteAilleurs }

// Libelle is the state for people.
func (e Etat) Libelle(l lang.Language) string { return etats[e].In(l) }

var etats = map[Etat]lang.Text{
	Brouillon:     {FR: "brouillon", EN: "draft"},
	Controlee:     {FR: "contrôlée", EN: "checked"},
	EcriteTest:    {FR: "écrite (test)", EN: "written (test)"},
	EcriteReel:    {FR: "écrite (réel)", EN: "written (real)"},
	Emise:         {FR: "émise", EN: "sent"},
	Deposee:       {FR: "déposée", EN: "deposited"},
	RejetDepot:    {FR: "dépôt rejeté", EN: "deposit rejected"},
	Conforme:      {FR: "conforme (pas encore enregistrée)", EN: "conforming (not registered yet)"},
	NonConforme:   {FR: "non conforme", EN: "not conforming"},
	Enregistree:   {FR: "enregistrée", EN: "registered"},
	Rejetee:       {FR: "rejetée", EN: "rejected"},
	Remplacee:     {FR: "remplacée", EN: "replaced"},
	Annulee:       {FR: "annulée", EN: "cancelled"},
	FaiteAilleurs: {FR: "faite ailleurs", EN: "made elsewhere"},
}
