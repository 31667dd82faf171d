package synthpdf

import (
	"fmt"
	"strings"
	"time"

	"paye/internal/group4"
)

// Presse is what the documents of one family share: the clauses of the
// contracts drawn, worn and coded, the coat of arms and the seal of the
// arrêtés. It is read only once made, so that any number of goroutines may
// print from it.
type Presse struct {
	clauses []clause
	marges  [usures]group4.Strip // a strip of blank paper
	images  imagesArrete
}

// clause is a line of the common text, coded once for each degree of wear;
// the strips of an empty line are blank.
type clause [usures]group4.Strip

// usures counts the degrees of wear. The wear of a line decides its weight,
// and the weight of a contract is steered by choosing among them.
const usures = 6

// The grain of each degree, in sixteenths (see trame.grain), and its specks.
var grains = [usures]struct{ sixteenths, specks int }{{2, 60}, {3, 100}, {4, 150}, {5, 200}, {6, 260}, {8, 330}}

// New makes the press of a family. It takes some tens of milliseconds, once
// for any number of documents.
func New(seed uint64) *Presse {
	p := &Presse{images: newImagesArrete(seed)}
	a := newAlea(seed, 1)
	var c group4.Encoder
	for _, texte := range clausesContrat {
		for _, ligne := range coupe(corps, texte, largeurTexte) {
			var cl clause
			for u := range usures {
				cl[u] = imprime(corps, ligne, a, u).coded(&c)
			}
			p.clauses = append(p.clauses, cl)
		}
	}
	for u := range usures {
		t := newTrame(interligne / 2)
		t.grain(a, 0, grains[u].specks)
		p.marges[u] = t.coded(&c)
	}
	return p
}

// The layout of a contract, in pixels.
const (
	marge        = 165
	largeurTexte = largeur - 2*marge
	interligne   = 44
	base         = 32 // of the text, from the top of its strip
	derive       = 4  // how far a sheet was fed aslant, over its width
)

// corps is the type of the text.
var corps = plume{unite: 37, epaisseur: 3}

// imprime draws a line of text in a strip of its own; an empty line gives a
// strip of half the height.
func imprime(p plume, texte string, a *alea, usure int) *trame {
	h := interligne
	if texte == "" {
		h /= 2
	}
	t := newTrame(h)
	p.write(t, texte, marge, base, derive)
	t.grain(a, grains[usure].sixteenths, grains[usure].specks*h/interligne)
	return t
}

// coupe cuts a text into lines of at most width pixels; an empty text is one
// empty line.
func coupe(p plume, texte string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(texte) {
		if line != "" && p.chasse(line+" "+word) > width<<4 {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

var nomsMois = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// dateLongue writes a date as French acts do: 1er mars 2026.
func dateLongue(d time.Time) string {
	jour := fmt.Sprint(d.Day())
	if d.Day() == 1 {
		jour = "1er"
	}
	return fmt.Sprintf("%s %s %d", jour, nomsMois[d.Month()-1], d.Year())
}
