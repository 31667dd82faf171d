package etats

import (
	_ "embed"
	"io"
	"slices"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

//go:embed pieces.csv
var piecesCSV string

// Regle is a row of the table of expected pieces.
type Regle struct {
	Rubrique  string // of the list of the CGCT; "" when unknown
	Situation string
	Piece     string // in the words of the list
	Condition string
	Marque    string   // O07, O+, S, I, U
	Genres    []string // kinds of documents that fit
}

// Officielle reports whether the row comes from an official text.
func (r *Regle) Officielle() bool { return strings.HasPrefix(r.Marque, "O") }

// Pieces is the table of expected pieces.
type Pieces struct {
	Version string
	regles  map[[2]string]*Regle // by list and situation
}

var piecesColumns = []string{"version", "liste", "situation", "piece", "marque", "rubrique", "condition", "genres"}

// unknownListe is a list of the annexe that is not there.
var unknownListe = lang.Text{FR: "la liste « %s » n'existe pas : 21 ou 22", EN: "list “%s” does not exist: 21 or 22"}

// ReadPieces reads a table of pieces; fichier names it in anomalies.
func ReadPieces(r io.Reader, fichier string, tell func(*anomalie.Anomalie)) (*Pieces, error) {
	t, err := readTable(r, fichier, piecesColumns, 5, tell)
	if err != nil {
		return nil, err
	}
	p := &Pieces{regles: make(map[[2]string]*Regle)}
	for _, row := range t.rows {
		liste, situation := row.get("liste"), row.get("situation")
		if liste != Liste21 && liste != Liste22 {
			return nil, at(Codes.New(LigneDeTable, row.line, unknownListe.With(liste)), fichier, row.line)
		}
		p.Version = max(p.Version, row.get("version"))
		p.regles[[2]string{liste, situation}] = &Regle{Rubrique: row.get("rubrique"), Situation: situation, Piece: row.get("piece"),
			Condition: row.get("condition"), Marque: row.get("marque"), Genres: strings.Fields(row.get("genres"))}
	}
	return p, nil
}

// DefaultPieces is the table that the program carries.
func DefaultPieces() *Pieces {
	p, err := ReadPieces(strings.NewReader(piecesCSV), "pieces.csv", nil)
	if err != nil {
		panic("etats: " + err.Error())
	}
	return p
}

// Values of a row: the lists of pieces, and a matricule.
const (
	Liste21 = "21" // local authorities
	Liste22 = "22" // health and social establishments
	General = "*"  // the matricule of the pieces of general scope
)

// listeOf is the list that the APE of an employer lets expect.
func listeOf(ape string) string {
	if strings.HasPrefix(ape, "86") || strings.HasPrefix(ape, "87") {
		return Liste22
	}
	return Liste21
}

// of is the row of a situation; one without a piece when the table has none.
func (p *Pieces) of(liste, situation string) *Regle {
	if r := p.regles[[2]string{liste, situation}]; r != nil {
		return r
	}
	return &Regle{Situation: situation, Marque: "U"}
}

// Couverture tells whether the expected piece is there.
type Couverture uint8

const (
	NonExigee   Couverture = iota
	Jointe                 // of the kind that fits
	Presente               // a piece of the agent, of unknown kind
	Anterieure             // accepted in an earlier month
	CouvertureG            // a piece of general scope
	AVerifier
	Manquante
)

var couvertureNames = [...]string{"non_exigee", "jointe", "presente", "anterieure", "generale", "a_verifier", "manquante"}

func (c Couverture) String() string { return couvertureNames[c] }

// Piece is a document of the month, as its index, the journal or the book of
// fluxes names it.
type Piece struct {
	IdUnique, Nom, Description string
	Type                       string // kind that the index tells; "" when it does not
	Effet                      string // date of effect, AAAA-MM-JJ
	genres                     []string
}

// genreRule tells a kind of document by its words.
type genreRule struct {
	genre   string
	phrases []string
}

// genreRules tell kinds of documents by their words. A document may have
// several kinds; one that has none is of unknown kind.
var genreRules = []genreRule{
	{"engagement", []string{"CONTRAT*", "ENGAGEMENT*", "RECRUTEMENT*", "NOMINATION*", "CTR"}},
	{"situation", []string{"AVENANT*", "AVANCEMENT*", "ECHELON*", "GRADE*", "RECLASSEMENT*", "TEMPS PARTIEL*", "QUOTITE*", "TITULARISATION*", "DETACHEMENT*", "POSITION*", "DISPONIBILITE*", "CONGE PARENTAL*", "AFFECTATION*", "INDICE*", "TEMPS NON COMPLET*"}},
	{"sortie", []string{"RADIATION*", "DEMISSION*", "RETRAITE*", "MUTATION*", "CESSATION*", "FIN DE CONTRAT", "FIN DE FONCTIONS", "LICENCIEMENT*", "DECES*", "DISPONIBILITE*", "DETACHEMENT*"}},
	{"conge", []string{"CONGE*", "MALADIE*", "DEMI TRAITEMENT*", "CLM", "CLD", "CMO"}},
	{"sft", []string{"SFT", "SUPPLEMENT FAMILIAL*", "ENFANT*"}},
	{"nbi", []string{"NBI", "BONIFICATION INDICIAIRE*"}},
	{"prime", []string{"IFSE", "CIA", "RIFSEEP", "REGIME INDEMNITAIRE*", "PRIME*", "INDEMNITE*", "COMPLEMENT INDEMNITAIRE*"}},
	{"heures", []string{"HEURES*", "IHTS", "DECOMPTE*"}},
	{"plafond", []string{"DEPASSEMENT*", "PLAFOND*", "CONTINGENT*"}},
	{"astreinte", []string{"ASTREINTE*", "PERMANENCE*", "INTERVENTION*"}},
	{"vacation", []string{"VACATION*", "ETAT DES HEURES"}},
	{"avantage", []string{"AVANTAGE*", "LOGEMENT*"}},
	{"action_sociale", []string{"ACTION SOCIALE", "PRESTATION*"}},
	{"licenciement", []string{"LICENCIEMENT*", "RUPTURE*"}},
	{"chomage", []string{"CHOMAGE*", "RETOUR A L EMPLOI", "OUVERTURE DE DROITS"}},
	{"conges_payes", []string{"CONGES PAYES", "CONGES NON PRIS"}},
	{"capital_deces", []string{"CAPITAL DECES", "ETAT CIVIL"}},
	{"deplacement", []string{"DEPLACEMENT*", "FRAIS*", "ORDRE DE MISSION", "MISSION*"}},
	{"transport", []string{"TRANSPORT*", "DOMICILE TRAVAIL"}},
	{"elu", []string{"ELU", "ELUS", "INDEMNITES DE FONCTION", "DELEGATION*"}},
	{"rappel", []string{"RAPPEL*"}},
	{"deliberation", []string{"DELIBERATION*", "DEL"}},
}

// kinds tells the kinds of a document, none when nothing says it.
func (p *Piece) kinds() []string {
	if p.genres != nil {
		return p.genres
	}
	text := normal(p.Nom + " " + p.Description + " " + p.IdUnique)
	if p.Type != "" {
		text = normal(p.Type)
		if slices.ContainsFunc(genreRules, func(g genreRule) bool { return g.genre == strings.ToLower(p.Type) }) {
			p.genres = []string{strings.ToLower(p.Type)}
			return p.genres
		}
	}
	p.genres = []string{}
	for _, g := range genreRules {
		if has(text, g.phrases...) {
			p.genres = append(p.genres, g.genre)
		}
	}
	return p.genres
}

// fits reports whether a document is of a kind that the rule asks for.
func (p *Piece) fits(r *Regle) bool {
	for _, k := range p.kinds() {
		if slices.Contains(r.Genres, k) {
			return true
		}
	}
	return false
}
