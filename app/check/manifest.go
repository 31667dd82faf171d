package check

import (
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"paye/internal/manifest"
)

// manifeste holds the files against the manifest that came with them.
func (l *lotEnCours) manifeste(m *manifest.Manifest) {
	byName := make(map[string]*Fichier, len(l.fichiers))
	for _, f := range l.fichiers {
		if f.Genre != Acquit {
			byName[filepath.Base(f.Nom)] = f
		}
	}
	for i := range m.Volumes {
		v := &m.Volumes[i]
		f := byName[v.Fichier]
		if f == nil {
			l.report(l.c.inv.chemin, ManifesteAbsent, v.Fichier)
			continue
		}
		delete(byName, v.Fichier)
		l.volume(f, m, v)
	}
	for _, f := range l.fichiers {
		if byName[filepath.Base(f.Nom)] == f {
			l.report(f.Nom, ManifesteEnPlus)
		}
	}
	if l.premier == nil {
		return
	}
	l.identite(l.premier.Nom, "Annee", l.Annee, m.Annee)
	l.identite(l.premier.Nom, "Mois", l.Mois, twoDigits(m.Mois))
	l.identite(l.premier.Nom, "Train", l.Train, m.Train)
	if m.Bulletins != l.Bulletins {
		l.report(l.c.inv.chemin, ManifesteCompte, l.Bulletins, m.Bulletins)
	}
}

// identite compares a name or a number that says which payroll this is.
func (l *lotEnCours) identite(fichier, what, found, want string) {
	if found != want {
		l.report(fichier, ManifesteIdentite, what, found, want)
	}
}

// announced finds what the manifest says of the file.
func (f *Fichier) announced(m *manifest.Manifest) {
	for i := range m.Volumes {
		if v := &m.Volumes[i]; v.Fichier == filepath.Base(f.Nom) {
			f.annonce = v
			f.intact = f.Octets == v.Octets && strings.EqualFold(hex.EncodeToString(f.sha256[:]), v.SHA256)
			return
		}
	}
}

// general reports whether the manifest says that a piece of a volume belongs
// there: by its IdUnique, or because the volume is as it was built. No bulletin
// has to reference such a piece, which is of general scope.
func (f *Fichier) general(p *piece) bool {
	return f.intact || f.annonce != nil && p.id != "" && slices.Contains(f.annonce.Pieces, p.id)
}

// volume holds one file against its line.
func (l *lotEnCours) volume(f *Fichier, m *manifest.Manifest, v *manifest.Volume) {
	if !f.intact {
		l.report(f.Nom, ManifesteOctets)
	}
	if m.Limit > 0 && f.Octets > m.Limit {
		l.report(f.Nom, ManifesteLimite, f.Octets, m.Limit)
	}
	bulletins, repartition, premier, dernier := 0, false, "", ""
	for _, j := range f.Journaux {
		if bulletins == 0 {
			premier = j.premier
		}
		if j.Bilan.Bulletins > 0 {
			dernier = j.dernier
		}
		bulletins += j.Bilan.Bulletins
		repartition = repartition || j.repartition
	}
	if bulletins != v.Bulletins {
		l.report(f.Nom, ManifesteCompte, bulletins, v.Bulletins)
	} else if bulletins > 0 {
		l.identite(f.Nom, "premier", premier, v.Premier)
		l.identite(f.Nom, "dernier", dernier, v.Dernier)
	}
	if repartition != v.Repartition && m.Repartition != "absente" {
		l.report(f.Nom, ManifesteRepart)
	}
	if f.Flux != nil {
		l.identite(f.Nom, "IdColl", f.Flux.IdColl, m.Siret)
		l.identite(f.Nom, "NomFic", f.Flux.NomFic, v.NomFic)
		if len(f.ids) > 0 {
			l.identite(f.Nom, "IdUnique", f.ids[0], v.IdUnique)
		}
	}
	if f.tropDePieces() || f.incomplet || f.Genre == XHL { // what was not read may be there
		return
	}
	if !samePieces(f, v) {
		l.report(f.Nom, ManifestePieces, f.Pieces, len(v.Pieces))
	}
}

// samePieces compares the IdUnique of a flux, where each piece has its own; in
// an archive pieces have names only, and are counted.
func samePieces(f *Fichier, v *manifest.Volume) bool {
	var ids []string
	for i := range f.pieces {
		if id := f.pieces[i].id; id != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return f.intact || f.Pieces == len(v.Pieces) // two identifiers may share a file
	}
	slices.Sort(ids)
	return slices.Equal(ids, slices.Sorted(slices.Values(v.Pieces)))
}
