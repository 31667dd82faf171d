package due

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	"paye/internal/anomalie"
	"paye/internal/ledger"
	"paye/internal/ledger/ledgertest"
	"paye/internal/refdata"
)

// monday is 23 November 2026, 9:00 in Paris.
var monday = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

const siret = "73282932000074"

// town is an employer without a fault, already in capitals.
func town() Employeur {
	return Employeur{
		RaisonSociale: "COMMUNE D'EXEMPLE", SIRET: siret, APE: "8411Z", CodeURSSAF: "737",
		Adresse1: "1 PLACE DE LA MAIRIE", CodePostal: "31000", Ville: "TOULOUSE", Telephone: "0500000000", ServiceSante: "MT348",
	}
}

// jeanne is a hire without a fault nor a warning, on 1 December at 8:30.
func jeanne() Embauche {
	return Embauche{
		Salarie: Salarie{
			Matricule: "A001", NomNaissance: "DURAND", NomUsage: "MARTIN", Prenom: "JEANNE", Sexe: "F",
			NIR: "2850814168025", CleNIR: nirKey("2850814168025"),
			DateNaissance: "1985-08-12", VilleNaissance: "CAEN", DepartementNaissance: "14",
		},
		Contrat: Contrat{
			Numero: "C2026-001", Section: "ECOLES", DateDebut: "2026-12-01", HeureDebut: "08:30", Nature: "CDD",
			DateFin: "2027-08-31", EssaiJours: "30", Categorie: "contractuel",
		},
		Fichier: "embauches.csv", Ligne: 2,
	}
}

// hire is jeanne with changes.
func hire(change func(*Embauche)) Embauche {
	e := jeanne()
	change(&e)
	return e
}

// numbered is n different hires without a fault.
func numbered(n int) []Embauche {
	list := make([]Embauche, n)
	for i := range list {
		list[i] = hire(func(e *Embauche) {
			e.Matricule = fmt.Sprintf("A%03d", i+1)
			e.Numero = fmt.Sprintf("C2026-%03d", i+1)
			e.NIR = fmt.Sprintf("28508141680%02d", i+10)
			e.CleNIR = nirKey(e.NIR)
			e.Ligne = int64(i + 2)
		})
	}
	return list
}

func nirKey(nir string) string {
	n := 0
	for _, c := range strings.NewReplacer("2A", "19", "2B", "18").Replace(nir) {
		n = (n*10 + int(c-'0')) % 97
	}
	return fmt.Sprintf("%02d", 97-n)
}

func source(list ...Embauche) Source {
	return func(yield func(Embauche, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// check checks hires at the Monday, with the indicator Essai.
func check(t *testing.T, list ...Embauche) *Bilan {
	t.Helper()
	return checkWith(t, &Controleur{Employeur: town(), Exclus: map[string]bool{"titulaire": true}, Indicateur: Essai, Maintenant: monday}, list...)
}

func checkWith(t *testing.T, c *Controleur, list ...Embauche) *Bilan {
	t.Helper()
	b, err := c.Check(t.Context(), source(list...), Selection{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// codes are those of the findings that at least warn, sorted.
func codes(b *Bilan) string {
	var list []string
	for _, c := range b.Constats {
		if c.Gravite >= anomalie.Avertissement {
			list = append(list, c.Code)
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// lot is a batch of n hires.
func lot(t *testing.T, n int) *Lot {
	t.Helper()
	b := check(t, numbered(n)...)
	if err := b.Declarable(); err != nil {
		t.Fatal(err, codes(b))
	}
	return &Lot{ID: "L20261123-0001", Cree: monday, Indicateur: Essai, Selection: b.Selection,
		Groupes: []Groupe{{Employeur: b.Employeur, Hires: b.Declarations}}}
}

func texte(t *testing.T, l *Lot) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := WriteTexte(&buf, l); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// shared opens a file of the shared data, or skips.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(refdata.Path(t, "data", "due", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var wantCode = anomalietest.WantCode

// clock is a clock that tests move.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// place is the kind of ledger that registre opens.
var place = ledgertest.Places[0]

// registre is the memory of the town in a new ledger.
func registre(t *testing.T) (*Registre, *clock) {
	t.Helper()
	c := &clock{monday}
	schema, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), place.At(t), c.Now, schema)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return as(t, &Registre{l: l}, siret, "alice"), c
}

// as opens the ledger of r again for another employer or user.
func as(t *testing.T, r *Registre, siret, qui string) *Registre {
	t.Helper()
	other, err := OpenRegistre(context.Background(), r.l, siret, qui, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return other
}
