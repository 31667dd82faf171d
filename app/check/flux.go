package check

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"paye/internal/anomalie"
	"paye/pespj"
)

// flux judges a PES_Aller, and what its pieces hold as they come.
func (c *checker) flux(ctx context.Context, f *Fichier, e *entree, r io.Reader) error {
	x := &fluxEnCours{c: c, f: f, e: e, ctx: ctx, examens: attente{f: f}, in: bufio.NewReaderSize(nil, tete)}
	o := pespj.CheckOptions{Fichier: f.Nom, Jour: c.o.Jour, Contenu: x.content, Fin: x.end}
	if !f.Gzip {
		o.Limite = c.o.Limite
	}
	b, err := pespj.Check(r, o, func(a *anomalie.Anomalie) {
		f.incomplet = f.incomplet || a.Classe() == anomalie.Illisible
		f.add(a)
	})
	if waited := x.examens.end(); err == nil {
		err = waited
	}
	if err != nil {
		return err
	}
	f.SchemaValide, f.Conforme, f.SchemaValideJava = b.SchemaValide, b.SchemaValide, b.SchemaValideJava
	for _, j := range f.Journaux {
		f.Conforme = f.Conforme && j.Bilan.Conforme
		f.SchemaValideJava = f.SchemaValideJava && (j.Bilan.SchemaValideJava || !j.Bilan.SchemaValide)
	}
	f.Flux = &b.Flux
	return nil
}

type fluxEnCours struct {
	c       *checker
	f       *Fichier
	e       *entree
	ctx     context.Context
	in      *bufio.Reader
	examens attente

	// Of the piece under way, whose names follow its content.
	piece   piece
	examen  *examen // nil when the content is damaged
	genre   Genre
	journal *Journal
	archive *archiveVue
}

// content opens the content of a piece, whatever it is.
func (x *fluxEnCours) content(pj *pespj.PJLue, r io.Reader) error {
	x.piece, x.examen, x.journal, x.archive, x.genre = piece{}, nil, nil, nil, Inconnu
	sound := &sain{r: r} // its fault is told by the judge of the flux
	x.in.Reset(sound)
	head, err := x.in.Peek(tete)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return err
	}
	p := place{role: x.e.role, nom: fmt.Sprintf("%s%sPJ[%d]", x.f.Nom, separateur, pj.Rang), rangPJ: pj.Rang}
	x.genre, _ = genreDe(head)
	switch {
	case x.genre == XHL && len(x.f.Journaux) < maxJournaux:
		x.journal, err = x.c.journal(x.ctx, x.f, x.in, p)
	case x.genre == XHL:
		if x.f.N(TropDeJournaux) == 0 {
			x.f.add(Codes.New(TropDeJournaux, maxJournaux).At(x.f.Nom, pj.Offset, pj.Ligne))
		}
	case x.genre == Archive:
		x.archive, err = x.c.archive(x.ctx, x.f, x.in, p)
	default:
		x.piece, x.examen, err = x.c.read(x.ctx, x.in)
		if sound.faute != nil {
			x.examen = nil
		}
	}
	return err
}

// end knows what the piece is called.
func (x *fluxEnCours) end(pj *pespj.PJLue) {
	report := func(a *anomalie.Anomalie) {
		lieuPJ(x.f.Nom, pj)(a)
		if x.c.o.Tolerant && a.Gravite == anomalie.Erreur {
			a.Gravite = anomalie.Avertissement
		}
		x.f.add(a)
	}
	switch {
	case x.journal != nil:
		x.journal.Base = pj.NomPJ
	case x.archive != nil && pj.TypePJ == pespj.TypeEtatPaye:
		if a := x.archive.journal(); a != nil && pj.Faute == nil {
			report(a)
		}
	case x.genre != XHL && x.genre != Archive:
		p := x.piece
		p.id, p.nom, p.commun = pj.IdUnique, pj.NomPJ, true
		x.f.keepPiece(p)
		if pj.Faute == nil && p.octets > 0 { // an empty one is told by the judge of the flux
			x.examens.push(x.examen, p.nom, lieuPJ(x.f.Nom, pj))
		}
		return
	}
	// A journal or an archive has an identity to hold against the others too.
	if len(x.f.ids) < maxPieces {
		x.f.ids = append(x.f.ids, pj.IdUnique)
	}
}

// lieuPJ puts an anomaly at a piece of a flux.
func lieuPJ(nom string, pj *pespj.PJLue) func(*anomalie.Anomalie) {
	offset, ligne, rang := pj.Offset, pj.Ligne, pj.Rang
	return func(a *anomalie.Anomalie) {
		a.At(nom, offset, ligne)
		a.Chemin = fmt.Sprintf("PES_Aller/PES_PJ/PJ[%d]", rang)
	}
}
