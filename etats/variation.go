package etats

import (
	"strconv"

	"paye/internal/anomalie"
	"paye/xhl"
)

// Type is a kind of variation.
type Type string

const (
	TypeEntrant         Type = "entrant"
	TypeContratAjoute   Type = "contrat_ajoute"
	TypeRematricule     Type = "rematricule"
	TypeEtablissement   Type = "changement_etablissement"
	TypeSortant         Type = "sortant"
	TypeContratTermine  Type = "contrat_termine"
	TypeStatut          Type = "statut"
	TypeGrade           Type = "grade"
	TypeEmploi          Type = "emploi"
	TypeEchelon         Type = "echelon"
	TypeIndice          Type = "indice"
	TypeNBI             Type = "nbi"
	TypeQuotite         Type = "quotite"
	TypeEnfants         Type = "enfants"
	TypeSFT             Type = "sft"
	TypeIncoherent      Type = "incoherent"
	TypePrimeApparue    Type = "prime_apparue"
	TypePrimeDisparue   Type = "prime_disparue"
	TypePrimeModifiee   Type = "prime_modifiee"
	TypePonctuelle      Type = "ponctuelle"
	TypeHeures          Type = "heures"
	TypeAstreinte       Type = "astreinte"
	TypeVacation        Type = "vacation"
	TypeElu             Type = "elu"
	TypeAvantage        Type = "avantage"
	TypeDeplacement     Type = "deplacement"
	TypeAbsence         Type = "absence"
	TypeIJSS            Type = "ijss"
	TypeRappel          Type = "rappel"
	TypeCotisation      Type = "cotisation"
	TypePAS             Type = "pas"
	TypeMutuelle        Type = "mutuelle"
	TypeSaisie          Type = "saisie"
	TypeTitres          Type = "titres"
	TypeAcompte         Type = "acompte"
	TypeAutre           Type = "autre"
	TypeRIB             Type = "rib"
	TypeEvenement       Type = "evenement"
	TypeTotauxSansLigne Type = "totaux_sans_ligne"
	TypeInexplique      Type = "inexplique"
	TypeGenerale        Type = "generale"
	TypeException       Type = "exception"
	TypeRelibellee      Type = "rubrique_relibellee"
	TypeRenumerotee     Type = "rubrique_renumerotee"
)

// Valeur is what a field was or is: an amount, or a text.
type Valeur struct {
	Texte   string
	Montant xhl.Montant
	Nombre  bool // it is the amount
}

func montant(m xhl.Montant) Valeur { return Valeur{Montant: m, Nombre: true} }
func texte(s string) Valeur        { return Valeur{Texte: s} }

// String is the value as a file has it: a decimal comma.
func (v Valeur) String() string {
	if v.Nombre {
		return Virgule(v.Montant)
	}
	return v.Texte
}

// Variation is one cause of one agent, or of the file when Matricule is empty.
type Variation struct {
	N                      int
	Matricule              string
	Nom                    xhl.Nominatif
	Etablissement, Service string
	Type                   Type
	Champ                  string // the element of the bulletin, when it is not a line
	Code                   string
	Libelle                string
	Avant, Apres           Valeur
	Delta                  xhl.Montant // of what the cause explains
	DeltaNet               xhl.Montant // of the net to pay of the agent
	Cause                  Cause
	Regle                  *Regle // the expected piece; nil when there is none
	Couverture             Couverture
	IdUnique, NomPJ        string // of the piece that covers it
	Gravite                anomalie.Gravite
	Anomalie               string // code VAR-…
	classe                 Classe
	lien                   *Variation // whose piece covers this one too
	douteuse               bool       // the amount is not what the cause lets expect
	sansPiece              bool       // none is due, whatever the type
	situation              string     // of the table of pieces, when the type does not tell
}

// Generale is a cause that moved many agents alike.
type Generale struct {
	Champ, Code, Libelle string
	Genre                string // facteur, difference, points, table, taux
	Facteur              int64  // of a facteur, in billionths
	Difference           int64  // centimes, points or thousandths, by Genre
	Avant, Apres         Valeur // of a taux
	Table                []Pas  // of a table
	Agents               int
	Delta                xhl.Montant
	Exceptions           int
	Texte, IdUnique      string // given by causes.csv
}

// Pas is a row of a table of indices.
type Pas struct {
	Avant, Apres int32
	Agents       int
}

// Texte of a factor as people write it: "×1,0150".
func (g *Generale) Valeur() string {
	switch g.Genre {
	case "facteur":
		return "×" + decimals((g.Facteur+50_000)/100_000, 4)
	case "taux":
		return g.Avant.Texte + " → " + g.Apres.Texte
	case "difference":
		return signed(Virgule(xhl.Montant(g.Difference)))
	case "points":
		return signed(strconv.FormatInt(g.Difference, 10)) + " points"
	}
	return strconv.Itoa(len(g.Table)) + " indices"
}

func signed(s string) string {
	if s != "" && s[0] != '-' {
		return "+" + s
	}
	return s
}

// decimals writes n, a number of 10^-places, with a comma.
func decimals(n int64, places int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatInt(n, 10)
	for len(s) <= places {
		s = "0" + s
	}
	return sign + s[:len(s)-places] + "," + s[len(s)-places:]
}

// court drops the zeros at the end of what decimals writes.
func court(n int64, places int) string {
	s := decimals(n, places)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == ',' {
		s = s[:len(s)-1]
	}
	return s
}

// Exigible reports whether the row asks for a piece, there or not.
func (v *Variation) Exigible() bool { return v.Regle != nil && !v.sansPiece && v.Regle.Piece != "" }

// String is a row of a table of indices.
func (p Pas) String() string {
	return strconv.Itoa(int(p.Avant)) + " → " + strconv.Itoa(int(p.Apres)) + " (" + strconv.Itoa(p.Agents) + ")"
}
