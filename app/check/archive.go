package check

import (
	"bufio"
	"context"
	"io"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"paye/compress"
	"paye/internal/anomalie"
	xhlcheck "paye/xhl/check"
)

// zip judges an archive by itself.
func (c *checker) zip(ctx context.Context, f *Fichier, e *entree, r io.Reader) error {
	vue, err := c.archive(ctx, f, r, place{role: e.role, nom: f.Nom})
	if err != nil {
		return err
	}
	f.SchemaValide, f.Conforme, f.SchemaValideJava = vue.sain, vue.sain, vue.sain
	if a := vue.journal(); a != nil {
		f.add(a.At(f.Nom, -1, 0))
		f.SchemaValide, f.Conforme = false, false
	}
	for _, j := range f.Journaux {
		f.SchemaValide = f.SchemaValide && j.Bilan.SchemaValide
		f.SchemaValideJava = f.SchemaValideJava && j.Bilan.SchemaValideJava
		f.Conforme = f.Conforme && j.Bilan.Conforme
	}
	return nil
}

// archiveVue is what was seen of an archive.
type archiveVue struct {
	journaux int
	sain     bool
}

// journal is the rule that an archive breaks which does not hold one journal.
func (v *archiveVue) journal() *anomalie.Anomalie {
	switch {
	case v.journaux == 0 && v.sain:
		return compress.Codes.New(compress.SansJournal)
	case v.journaux > 1:
		return compress.Codes.New(compress.DeuxJournaux, v.journaux)
	}
	return nil
}

// archive judges the archive that r gives, its journal and its pieces, as they
// come.
func (c *checker) archive(ctx context.Context, f *Fichier, r io.Reader, p place) (*archiveVue, error) {
	z := compress.NewZipStream(r, compress.Limits{})
	defer z.Release()
	a := &archiveEnCours{c: c, f: f, z: z, place: p, in: bufio.NewReaderSize(nil, tete), vue: archiveVue{sain: true},
		examens: attente{f: f}, debut: len(f.pieces), dossiers: map[string]int64{}}
	a.hors.max = c.o.Max
	var err error
	for err == nil {
		var e compress.StreamEntry
		if e, err = z.Next(); err == nil && !e.Folder {
			err = a.entry(ctx, e)
		}
	}
	if waited := a.examens.end(); waited != nil {
		return nil, waited
	}
	if err != io.EOF {
		a.vue.sain, f.incomplet = false, true
		if err := f.faute(err, strings.TrimPrefix(strings.TrimPrefix(p.nom, f.Nom), separateur)); err != nil {
			return nil, err
		}
	}
	if a.vue.journaux > 0 {
		f.merge(&a.hors)
	}
	a.compare()
	return &a.vue, nil
}

type archiveEnCours struct {
	c        *checker
	f        *Fichier
	z        *compress.ZipStream
	place    place
	in       *bufio.Reader
	vue      archiveVue
	examens  attente
	debut    int              // of its pieces in those of the file
	dossiers map[string]int64 // below PJ, where each was first seen
	hors     Constats         // entries elsewhere, which matter beside a journal only
	avec     *Journal
}

// maxDossiers bounds the folders that are told apart.
const maxDossiers = 256

func (a *archiveEnCours) entry(ctx context.Context, e compress.StreamEntry) error {
	sound := &sain{r: a.z} // its fault comes again from Next
	a.in.Reset(sound)
	head, err := a.in.Peek(tete)
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return err
	}
	if genre, _ := genreDe(head); genre == XHL {
		return a.journal(ctx, e)
	}
	at := func(x *anomalie.Anomalie) {
		x.At(a.place.nom, e.Offset, 0)
		x.Chemin = e.Name
	}
	dir, rest, inside := strings.Cut(e.Name, "/")
	if siret, _, deep := strings.Cut(rest, "/"); inside && dir == "PJ" && deep {
		if _, seen := a.dossiers[siret]; !seen && len(a.dossiers) < maxDossiers {
			a.dossiers[siret] = e.Offset
		}
	} else {
		x := Codes.New(HorsPJ)
		at(x)
		a.hors.add(x)
	}
	p, ex, err := a.c.read(ctx, a.in)
	if err != nil {
		return err
	}
	if sound.faute != nil {
		return nil
	}
	p.nom = path.Base(e.Name)
	a.f.keepPiece(p)
	a.examens.push(ex, p.nom, at)
	return nil
}

func (a *archiveEnCours) journal(ctx context.Context, e compress.StreamEntry) error {
	nom := a.place.nom + separateur + e.Name
	if a.vue.journaux++; len(a.f.Journaux) >= maxJournaux {
		if len(a.f.Journaux) == maxJournaux && a.vue.journaux == maxJournaux+1 {
			a.f.add(Codes.New(TropDeJournaux, maxJournaux).At(a.f.Nom, -1, 0))
		}
		return nil
	}
	if strings.Contains(e.Name, "/") {
		a.f.add(Codes.New(HorsRacine).At(nom, -1, 0))
	}
	p := a.place
	p.nom, p.base, p.archive = nom, path.Base(e.Name), true
	j, err := a.c.journal(ctx, a.f, a.in, p)
	if err == nil && a.avec == nil {
		a.avec = j
	}
	return err
}

// compare holds the references of the journal against the pieces beside it.
func (a *archiveEnCours) compare() {
	j := a.avec
	if j == nil || a.vue.journaux != 1 {
		return
	}
	if head := j.Bilan.Entete; head != nil {
		for _, siret := range slices.Sorted(maps.Keys(a.dossiers)) {
			if siret != head.Employeur.Siret {
				x := Codes.New(AutreSiret).At(a.place.nom, a.dossiers[siret], 0)
				x.Trouve, x.Attendu = siret, head.Employeur.Siret
				a.f.add(x)
			}
		}
	}
	pieces := a.f.pieces[a.debut:]
	if j.EnteteSeule {
		for i := range pieces {
			pieces[i].commun = true
		}
		return
	}
	if j.Bilan.Bulletins == 0 {
		return // there is nobody to reference anything
	}
	if !a.vue.sain || j.attendues.pleine || a.f.tropDePieces() {
		return // what is absent may be where it cannot be read
	}
	if len(pieces) == 0 {
		j.sansPieces = true // as the journal of the note's first solution, whose pieces are in archives of their own
		return
	}
	var refs xhlcheck.References
	for _, key := range slices.Sorted(maps.Keys(j.attendues.refs)) {
		refs.Add(j.attendues.refs[key])
	}
	for _, x := range refs.Compare(names(pieces)) {
		x.Fichier = j.Nom
		if x.Offset < 0 {
			x.Fichier = a.place.nom
		}
		if x.Code == pieceSansReference {
			a.f.sansReference.add(x)
		} else {
			a.f.add(x)
		}
	}
	j.attendues.refs = nil
}

func names(pieces []piece) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range pieces {
			if !yield(pieces[i].nom) {
				return
			}
		}
	}
}
