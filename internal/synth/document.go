package synth

import (
	"strconv"
	"strings"
	"time"

	"paye/xhl"
)

// Document is what the justificatif of a piece says.
type Document struct {
	Genre        Genre
	Seed         uint64 // of what the press draws at random
	Collectivite string
	Numero       string
	Titre        string   // "Arrêté d'avancement d'échelon"
	Objet        string   // "Avancement à la durée unique"
	Agents       []string // "Mme Élodie Lefèvre, adjoint administratif"; none when it is of general scope
	Lieu         string
	Signataire   string
	Date         time.Time // of the signature
	Debut, Fin   time.Time // of an engagement; a zero Fin is an indefinite term
}

// Presse prints a document: it appends the bytes of a PDF file to dst. Several
// goroutines may call it. Equal documents must give equal bytes.
type Presse func(dst []byte, d *Document) []byte

// Document gives what the piece n, from 0, says.
func (r *Run) Document(n int) Document {
	p := &r.pieces[n]
	a := newAlea(r.opts.Seed, pourPDF, uint64(n))
	start := r.debutMois(0)
	d := Document{
		Genre:        p.Genre,
		Seed:         a.next(),
		Collectivite: strings.ToUpper(collectivite),
		Numero:       p.kind() + "-" + strconv.Itoa(r.opts.Annee) + "-" + p.IdUnique[len(p.IdUnique)-6:],
		Titre:        p.Nom,
		Objet:        p.Description,
		Lieu:         communes[0].nom,
		Signataire:   "Le Maire",
		Date:         start.AddDate(0, 0, -a.between(3, 40)),
		Debut:        start,
	}
	if a.chance(700) {
		d.Fin = start.AddDate(0, 3*a.between(1, 4), -1)
	}
	var b xhl.Bulletin
	for _, i := range p.Agents {
		r.Bulletin(i, &b)
		who := &b.Agent
		d.Agents = append(d.Agents, who.Civilite.V.Reveal()+" "+who.Prenom.V.Reveal()+" "+who.Nom.Reveal()+", "+minuscule(who.Grade))
	}
	return d
}
