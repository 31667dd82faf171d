package due

import (
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"paye/internal/identifiants"
)

// Indicateur says whether a declaration declares something. It is a property
// of the bytes of a file; whether the file is sent is a Mode.
type Indicateur byte

const (
	Essai Indicateur = 'T' // controlled by the receiver, never registered
	Reel  Indicateur = 'R'
)

// Valeur is the content of FR_DUE_Upload.Test.Indicator.
func (i Indicateur) Valeur() string {
	if i == Reel {
		return "120"
	}
	return "1"
}

func (i Indicateur) String() string {
	if i == Reel {
		return "reel"
	}
	return "test"
}

// Nature is the kind of a contract.
type Nature string

const (
	CDI Nature = "CDI"
	CDD Nature = "CDD"
	CTT Nature = "CTT"
)

// EtatNIR says what stands in place of a NIR.
type EtatNIR byte

const (
	NIRDonne      EtatNIR = ' '
	NIRAbsent     EtatNIR = 'A' // declared absent
	NIRProvisoire EtatNIR = 'P'
)

// EmployeurDeclare is the employer as it is declared: folded, within its
// widths.
type EmployeurDeclare struct {
	SIRET       string // 14 digits
	Designation string // at most 32
	Complement  string // at most 32; the rest of the name
	APE         string // 5
	CodeURSSAF  string // 3
	Adresse1    string // at most 32
	Adresse2    string // at most 32
	Ville       string // at most 27
	CodePostal  string // 5 digits
	Telephone   string // at most 11 digits
}

// RaisonSociale is the name on one line.
func (e EmployeurDeclare) RaisonSociale() string {
	if e.Complement == "" {
		return e.Designation
	}
	return e.Designation + " " + e.Complement
}

// Declaration is one hire as it is declared: folded, within its widths, every
// compulsory value present. It prints as its key.
type Declaration struct {
	Cle                  string // key of the declaration, [A-Z0-9-], at most 20
	Matricule            string // of the product only, never declared
	Contrat              string // as above
	NomNaissance         string // at most 32
	NomUsage             string // at most 32; empty when it is the birth name
	Prenom               string // at most 32
	Sexe                 byte   // '1' man, '2' woman
	NIR                  identifiants.NIR
	CleNIR               string
	EtatNIR              EtatNIR
	DateNaissance        Date
	VilleNaissance       string // at most 24
	DepartementNaissance string // 2 characters
	DateDebut            Date
	HeureDebut           Heure
	Nature               Nature
	DateFin              Date // absent for a CDI
	Essai                int  // days, 0 to 999; -1 when not given
	ServiceSante         string
	Tardive              bool // the hire was past when the file was made
}

func (d Declaration) String() string             { return "declaration " + d.Cle }
func (d Declaration) Format(f fmt.State, _ rune) { fmt.Fprint(f, d.String()) }
func (d Declaration) LogValue() slog.Value       { return slog.StringValue(d.String()) }

// essai is the trial period as text, empty when not given.
func (d *Declaration) essai() string {
	if d.Essai < 0 {
		return ""
	}
	return strconv.Itoa(d.Essai)
}

// masque shows enough of a NIR, checked or not, for the payroll office to know
// which one it is: the first five characters and the last two.
func masque(nir string) string {
	r := []rune(nir)
	for i := 5; i < len(r)-2; i++ {
		r[i] = '*'
	}
	return string(r)
}

// Lot is what one file declares: the hires of one or more employers, under one
// indicator.
type Lot struct {
	ID         string // at most 20, given by the Registre
	Cree       time.Time
	Indicateur Indicateur
	Selection  Selection
	Groupes    []Groupe
}

// Groupe is an employer and its hires.
type Groupe struct {
	Employeur EmployeurDeclare
	Hires     []Declaration
}

// Nombre is how many hires the batch declares.
func (l *Lot) Nombre() int {
	n := 0
	for _, g := range l.Groupes {
		n += len(g.Hires)
	}
	return n
}
