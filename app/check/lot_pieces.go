package check

import (
	"context"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"paye/internal/input"
	"paye/xhl"

	"paye/internal/anomalie"
)

func hashMatricule(m string) uint64 { return maphash.String(graine, m) }

// flux holds the headers and the identities of the flux of a set against one
// another.
func (l *lotEnCours) flux() {
	var first *Fichier
	nomFic, ids := make(map[string]string), make(map[string]string)
	for _, f := range l.fichiers {
		if f.Genre != PES || f.Flux == nil {
			continue
		}
		if first == nil {
			first = f
		}
		for _, field := range []struct{ nom, mine, first string }{
			{"IdPost", f.Flux.IdPost, first.Flux.IdPost}, {"IdColl", f.Flux.IdColl, first.Flux.IdColl},
			{"CodCol", f.Flux.CodCol, first.Flux.CodCol}, {"CodBud", f.Flux.CodBud, first.Flux.CodBud},
		} {
			if field.mine != field.first {
				l.report(f.Nom, AutreEnteteFlux, field.nom, field.mine, field.first)
			}
		}
		if nom := f.Flux.NomFic; nom != "" {
			if other, twice := nomFic[nom]; twice {
				l.report(f.Nom, NomFicDouble, nom, other)
			} else {
				nomFic[nom] = f.Nom
			}
		}
		for id := range f.identites() {
			switch other, twice := ids[id]; {
			case twice && other != f.Nom: // twice in one flux is told by its judge
				a := Codes.New(IdUniqueDouble, id, other).At(f.Nom, -1, 0)
				a.Trouve = id
				l.add(a)
			case !twice && len(ids) < maxPieces:
				ids[id] = f.Nom
			}
		}
	}
}

// identites gives the IdUnique of a flux.
func (f *Fichier) identites() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, id := range f.ids {
			if id != "" && !yield(id) {
				return
			}
		}
		for i := range f.pieces {
			if id := f.pieces[i].id; id != "" && !yield(id) {
				return
			}
		}
	}
}

// noms finds the journals that readers would take for one another, and the
// pieces of archives that would overwrite one another.
func (l *lotEnCours) noms() {
	journaux := make(map[string]*Journal)
	for _, j := range l.journaux {
		if j.Base == "" {
			continue
		}
		if other := journaux[j.Base]; other != nil {
			l.report(j.Nom, NomJournalDouble, other.Nom)
			continue
		}
		journaux[j.Base] = j
	}
	type exemplaire struct {
		cle
		fichier string
	}
	pieces := make(map[string]exemplaire)
	for _, f := range l.fichiers {
		for i := range f.pieces {
			p := &f.pieces[i]
			first, known := pieces[p.nom]
			switch {
			case !known && len(pieces) < maxPieces:
				pieces[p.nom] = exemplaire{cle{p.somme, p.octets}, f.Nom}
			case known && first.fichier != f.Nom && first.cle != (cle{p.somme, p.octets}):
				a := Codes.New(NomPieceDouble, first.fichier).At(f.Nom, -1, 0)
				a.Trouve = p.nom
				l.add(a)
			}
		}
	}
}

// voisins reads the pieces that stand in folders beside bare journals.
func (l *lotEnCours) voisins(ctx context.Context) error {
	if !slices.ContainsFunc(l.journaux, func(j *Journal) bool { return !j.archive && j.rangPJ == 0 }) {
		return nil // no journal could reference them
	}
	f := &Fichier{}
	f.max = l.c.o.Max
	w := attente{f: f}
	for _, dir := range l.c.inv.pieces {
		if err := l.voisin(ctx, dir, f, &w); err != nil {
			return err
		}
	}
	if err := w.end(); err != nil {
		return err
	}
	l.merge(&f.Constats)
	l.libres = f.pieces
	l.Pieces += f.Pieces
	return nil
}

func (l *lotEnCours) voisin(ctx context.Context, dir string, f *Fichier, w *attente) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the folder of pieces: %w", err)
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read the folder of pieces: %w", err)
		}
		if !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		file, err := input.OpenIn(root, name)
		if err != nil {
			return fmt.Errorf("open a piece: %w", err)
		}
		defer file.Close()
		at := func(a *anomalie.Anomalie) { a.At(filepath.Join(dir, name), -1, 0) }
		p, ex, err := l.c.read(ctx, struct{ io.Reader }{file})
		if err != nil {
			return fmt.Errorf("read a piece: %w", err)
		}
		p.nom, p.lieu, p.commun = path.Base(name), filepath.Join(dir, name), true
		f.keepPiece(p)
		w.push(ex, p.nom, at)
		return nil
	})
}

// references holds what the journals reference outside of archives against the
// pieces of the whole set: those of its flux, those that go with a head, those
// beside the journals.
func (l *lotEnCours) references() {
	ids, names, folded := make(map[string]bool), make(map[string]bool), make(map[string]string)
	var pool []*piece
	general := make(map[*piece]bool)
	full := false // there is more than what was gathered: nothing can be called absent
	gather := func(nom string, list []piece) {
		for i := range list {
			if p := &list[i]; p.commun {
				pool = append(pool, p)
				if p.lieu == "" {
					p.lieu = nom
				}
				ids[p.id], names[p.nom] = p.id != "", true
				folded[strings.ToLower(p.nom)] = p.nom
			}
		}
	}
	for _, f := range l.fichiers {
		full = full || f.tropDePieces() || f.incomplet
		gather(f.Nom, f.pieces)
		for i := range f.pieces {
			if p := &f.pieces[i]; p.commun && f.general(p) {
				general[p] = true
			}
		}
	}
	gather("", l.libres)
	if m := l.c.inv.manifeste; m != nil {
		for _, id := range m.Anterieures { // with the accountant already
			ids[id] = true
		}
	}

	for _, j := range l.journaux {
		full = full || j.attendues.pleine || !j.complet()
	}

	wanted := make(map[string]bool)
	readers := 0
	for _, j := range l.journaux {
		if j.archive && !j.EnteteSeule && !j.sansPieces {
			continue
		}
		if !j.EnteteSeule {
			readers++
		}
		if len(pool) == 0 && len(j.attendues.refs) > 0 && !j.sansPieces {
			l.report(j.Nom, PiecesAilleurs, len(j.attendues.refs))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(j.attendues.refs)) {
			ref := j.attendues.refs[key]
			nom := ref.Fichier()
			wanted[ref.IdUnique], wanted[nom] = true, true
			near := folded[strings.ToLower(nom)]
			switch {
			case ids[ref.IdUnique], names[nom], full:
			case near != "":
				wanted[near] = true
				a := xhl.Codes.New("XHL-244")
				a.Trouve, a.Attendu = near, nom
				l.add(j.anomalie(a, ref))
			case travels(ref):
				l.add(j.anomalie(xhl.Codes.New("XHL-242"), ref))
			}
		}
	}
	if readers == 0 || full {
		return // pieces alone, as a resend has: nothing here says who wants them
	}
	for _, p := range pool {
		if !wanted[p.nom] && (p.id == "" || !wanted[p.id]) && !general[p] {
			a := xhl.Codes.New(pieceSansReference).At(p.lieu, -1, 0)
			if a.Trouve = p.id; p.id == "" {
				a.Trouve = p.nom
			}
			l.add(a)
		}
	}
}

// seul holds the references of a file that is no set against what is in it:
// the rest may be elsewhere, so that nothing absent is an error.
func (f *Fichier) seul() {
	ids, names := make(map[string]bool), make(map[string]bool)
	for i := range f.pieces {
		ids[f.pieces[i].id], names[f.pieces[i].nom] = true, true
	}
	for _, j := range f.Journaux {
		switch {
		case j.archive && !j.sansPieces || len(j.attendues.refs) == 0:
		case len(f.pieces) == 0 && !j.sansPieces:
			f.add(Codes.New(PiecesAilleurs, len(j.attendues.refs)).At(j.Nom, -1, 0))
		case !f.tropDePieces():
			for _, key := range slices.Sorted(maps.Keys(j.attendues.refs)) {
				if ref := j.attendues.refs[key]; !ids[ref.IdUnique] && !names[ref.Fichier()] && travels(ref) {
					f.add(j.anomalie(Codes.New(HorsDuFlux), ref))
				}
			}
		}
	}
}
