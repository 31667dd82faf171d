package etats

import (
	"math"

	"paye/xhl"
)

// Ligne is a line of a bulletin.
type Ligne struct {
	mt     int32 // centimes; with ligneGrande, an index of Lot.grands
	Taux   int32 // thousandths
	Unites int32 // thousandths of hours or units; inconnues when the line does not tell
	Rub    uint16
	flags  uint16
}

const (
	ligneGrande    = 1 << iota // the amount does not fit
	ligneAnciennes             // PeriodeRef is before the month
	ligneTaux                  // there is a Taux
	ligneSansMt                // the amount cannot be read
)

// inconnues are the units of a line that does not tell them.
const inconnues = math.MinInt32

// UnitesConnues reports whether the line tells its hours or units.
func (l *Ligne) UnitesConnues() bool { return l.Unites != inconnues }

// Ancienne reports whether PeriodeRef is before the month of the journal.
func (l *Ligne) Ancienne() bool { return l.flags&ligneAnciennes != 0 }

// AvecTaux reports whether there is a Taux.
func (l *Ligne) AvecTaux() bool { return l.flags&ligneTaux != 0 }

// Detail is what an état shows of a line, and a comparison does without.
type Detail struct {
	Libelle string
	Base    xhl.Decimal
	Taux    xhl.Decimal
	Periode string // AAAA-MM of PeriodeRef; "" when absent
	Caisse  string
}

// Totaux are the totals that a bulletin declares.
type Totaux struct {
	Brut, Net, NetAPayer xhl.Montant
	absents              uint8 // bits of those that are absent or unreadable
}

const (
	sansBrut = 1 << iota
	sansNet
	sansNetAPayer
)

// Fiche is what is kept of a bulletin.
type Fiche struct {
	Matricule string
	Nom       xhl.Nominatif // Nom and Prenom

	Statut, Emploi, Grade, Echelon, Service uint32 // texts of the Lexique
	Etablissement                           uint32 // its SIRET
	Train, Budget                           uint32
	Indice                                  int32 // majoré; 0 when there is none
	NBI                                     int32 // thousandths of a point, all functions
	Quotite                                 int32 // hundredths of a percent
	Enfants                                 int32
	HeuresSup                               int32 // thousandths
	HeuresTotal                             int32
	TauxHoraire                             int32 // thousandths of a euro
	Totaux                                  Totaux
	Evenements                              []uint32
	Refs                                    []xhl.PJRef
	Rang                                    int32

	nir    uint64 // of its 13 characters; 0 when it has not the form of one
	compte uint64 // of the account; 0 when there is none

	lot *Lot
	off uint32
	n   uint32
}

// Lignes are the lines of the bulletin, in its order.
func (f *Fiche) Lignes() []Ligne { return f.lot.lignes[f.off : f.off+f.n] }

// Montant is the amount of a line of the fiche, 0 when it cannot be read.
func (f *Fiche) Montant(l *Ligne) xhl.Montant {
	if l.flags&ligneGrande != 0 {
		return f.lot.grands[l.mt]
	}
	return xhl.Montant(l.mt)
}

// Detail is the rest of the i-th line; the month must have been read with its
// details.
func (f *Fiche) Detail(i int) Detail {
	if f.lot.details == nil {
		return Detail{}
	}
	return f.lot.details[int(f.off)+i]
}

// Lot holds the bulletins of a run, in their order.
type Lot struct {
	Fiches  []Fiche
	lignes  []Ligne
	grands  []xhl.Montant
	details []Detail
	noms    []premierNom // the first label of each rubrique of the lot
	etabs   []nomEtab
}

type premierNom struct {
	rub     uint16
	libelle string
}

type nomEtab struct {
	siret uint32
	nom   string
}
