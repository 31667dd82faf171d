package fluxbook

import (
	"slices"
	"time"

	"paye/internal/lang"
)

// Etat is how far a flux is.
type Etat string

const (
	Produit   Etat = "produit"
	EnEnvoi   Etat = "en_envoi" // being sent, or cut while it was
	Depose    Etat = "depose"
	Incertain Etat = "incertain" // the platform may have it, or not
	Transmis  Etat = "transmis"  // from the platform to Hélios
	Acquitte  Etat = "acquitte"  // some pieces are refused or without an answer
	Refuse    Etat = "refuse"    // as a whole, by the platform or by Hélios
	Clos      Etat = "clos"      // every piece is accepted, there or elsewhere
	Abandonne Etat = "abandonne"
)

// suites is where a flux may go from each state. An answer proves that a flux
// arrived, whatever was known before.
var suites = map[Etat][]Etat{
	Produit:   {EnEnvoi, Acquitte, Refuse, Clos, Abandonne},
	EnEnvoi:   {Produit, Depose, Incertain, Refuse, Transmis, Acquitte, Clos},
	Incertain: {Produit, EnEnvoi, Depose, Transmis, Acquitte, Refuse, Clos, Abandonne},
	Depose:    {Transmis, Acquitte, Refuse, Clos, Abandonne},
	Transmis:  {Acquitte, Refuse, Clos, Abandonne},
	Acquitte:  {Acquitte, Refuse, Clos, Abandonne},
	Refuse:    {Acquitte, Clos, Abandonne},
	Clos:      {Acquitte, Refuse},
	Abandonne: {Acquitte, Refuse, Clos},
}

// Leads reports whether a flux goes from e to next.
func (e Etat) Leads(next Etat) bool { return slices.Contains(suites[e], next) }

// Left reports whether the platform has the flux, or may have it.
func (e Etat) Left() bool { return e != Produit }

// Waiting reports whether an answer is still to come.
func (e Etat) Waiting() bool { return e == Depose || e == Transmis }

// Libelle is the state for people.
func (e Etat) Libelle(l lang.Language) string { return etats[e].In(l) }

var etats = map[Etat]lang.Text{
	Produit:   {FR: "produit", EN: "produced"},
	EnEnvoi:   {FR: "en cours d'envoi", EN: "being sent"},
	Depose:    {FR: "déposé", EN: "deposited"},
	Incertain: {FR: "incertain", EN: "uncertain"},
	Transmis:  {FR: "transmis", EN: "transmitted"},
	Acquitte:  {FR: "acquitté en partie", EN: "partly accepted"},
	Refuse:    {FR: "refusé", EN: "refused"},
	Clos:      {FR: "clos", EN: "closed"},
	Abandonne: {FR: "abandonné", EN: "given up"},
}

// EtatPiece is what became of a piece of a flux.
type EtatPiece string

const (
	Produite    EtatPiece = "produite"
	Envoyee     EtatPiece = "envoyee"
	Acceptee    EtatPiece = "acceptee"
	Refusee     EtatPiece = "refusee"
	SansReponse EtatPiece = "sans_reponse" // the acquittal says nothing of it
	Reprise     EtatPiece = "reprise"      // a later flux carries it
	DejaLa      EtatPiece = "deja_la"      // the accountant has it, a person said
	Abandonnee  EtatPiece = "abandonnee"
)

// Libelle is the state for people.
func (e EtatPiece) Libelle(l lang.Language) string { return etatsPiece[e].In(l) }

var etatsPiece = map[EtatPiece]lang.Text{
	Produite:    {FR: "produite", EN: "produced"},
	Envoyee:     {FR: "envoyée", EN: "sent"},
	Acceptee:    {FR: "acceptée", EN: "accepted"},
	Refusee:     {FR: "refusée", EN: "refused"},
	SansReponse: {FR: "sans réponse", EN: "without an answer"},
	Reprise:     {FR: "renvoyée", EN: "sent again"},
	DejaLa:      {FR: "déjà chez le comptable", EN: "at the accountant's already"},
	Abandonnee:  {FR: "abandonnée", EN: "given up"},
}

// Late is how long an answer may take before a person should ask: platforms
// show a flux as transmitted while its acquittal is not at hand [I].
const Late = 48 * time.Hour
