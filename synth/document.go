package synth

import (
	"strconv"
	"strings"
	"time"

	"paye/synth/synthpdf"
	"paye/xhl"
)

// document is what the justificatif of a piece says.
type document struct {
	genre      Genre
	seed       uint64 // of what the press draws at random
	numero     string
	objet      string
	agents     []agent   // concerned; none when it is of general scope
	date       time.Time // of the signature
	debut, fin time.Time // of an engagement; a zero fin is an indefinite term
}

// agent is how a document names someone.
type agent struct {
	nom    string // "Mme Élodie Lefèvre"
	emploi string // "adjoint administratif territorial"
}

// presse prints a document: it appends the bytes of a PDF file to dst. Several
// goroutines may call it; equal documents give equal bytes.
type presse func(dst []byte, d *document) []byte

// newPresse makes the press of the family of documents of a seed.
func newPresse(seed uint64) presse {
	p := synthpdf.New(seed)
	employer, place := strings.ToUpper(collectivite), communes[0].nom
	const signatory = "Le Maire"
	return func(dst []byte, d *document) []byte {
		if d.genre == Contrat {
			return p.AppendContrat(dst, d.seed, synthpdf.Contrat{
				Collectivite: employer, Numero: d.numero, Agent: d.agents[0].nom, Emploi: d.agents[0].emploi,
				Lieu: place, Signataire: signatory, Date: d.date, Debut: d.debut, Fin: d.fin,
			})
		}
		act := synthpdf.Arrete{Collectivite: employer, Numero: d.numero, Objet: d.objet, Lieu: place, Signataire: signatory, Date: d.date}
		for _, a := range d.agents {
			act.Agents = append(act.Agents, a.nom+", "+a.emploi)
		}
		return p.AppendArrete(dst, d.seed, act)
	}
}

// document gives what the piece n, from 0, says.
func (r *Run) document(n int) document {
	p := &r.pieces[n]
	a := newAlea(r.opts.Seed, pourPDF, uint64(n))
	start := r.debutMois(0)
	d := document{
		genre:  p.Genre,
		seed:   a.next(),
		numero: strconv.Itoa(r.opts.Annee) + "-" + p.IdUnique[len(p.IdUnique)-4:],
		objet:  p.Nom + " - " + minuscule(p.Description),
		date:   start.AddDate(0, 0, -a.between(3, 40)),
		debut:  start,
	}
	if a.chance(700) {
		d.fin = start.AddDate(0, 3*a.between(1, 4), -1)
	}
	var b xhl.Bulletin
	for _, i := range p.Agents {
		r.Bulletin(i, &b)
		who := &b.Agent
		d.agents = append(d.agents, agent{
			nom:    who.Civilite.V.Reveal() + " " + who.Prenom.V.Reveal() + " " + who.Nom.Reveal(),
			emploi: minuscule(who.Grade),
		})
	}
	return d
}
