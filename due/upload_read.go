package due

import (
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// ReadUpload reads a FR_DUE_Upload and returns what it says: the indicator and
// one group. It takes the elements that [WriteUpload] can write, in any order
// between siblings, and refuses every other one. Keys and matricules are not
// in the document.
func ReadUpload(r io.Reader, fichier string) (Indicateur, *Groupe, error) {
	u := uploadReader{
		employeur: byPath(nomEmployeur, FeuillesEmployeur),
		embauche:  byPath(nomEmbaucheXML, FeuillesEmbauche),
	}
	u.v = visitor{fichier: fichier, open: u.open, close: u.close}
	if err := u.v.walk(r); err != nil {
		return 0, nil, err
	}
	switch {
	case u.indicateur == 0:
		return 0, nil, u.v.refuses("DUE-X05", nomIndicateur)
	case u.g.Employeur.SIRET == "":
		return 0, nil, u.v.refuses("DUE-X05", nomEmployeur)
	case len(u.g.Hires) == 0:
		return 0, nil, u.v.refuses("DUE-X05", nomEmbaucheXML)
	}
	return u.indicateur, &u.g, nil
}

type uploadReader struct {
	v          visitor
	employeur  table
	embauche   table
	indicateur Indicateur
	g          Groupe
	groups     int
	seen       map[string]bool // values of the employer or the hire at hand
}

// table is leaves by their path of local names, and the elements above them.
type table struct {
	leaves map[string]*Feuille
	above  map[string]bool
}

func byPath(root string, list []Feuille) table {
	t := table{leaves: make(map[string]*Feuille), above: make(map[string]bool)}
	for i := range list {
		path := []string{root}
		for name := range strings.SplitSeq(list[i].Dans, "/") {
			if name != "" {
				path = append(path, local(name))
			}
		}
		t.leaves[strings.Join(append(path, local(list[i].Nom)), "/")] = &list[i]
		for n := range path {
			t.above[strings.Join(path[:n+1], "/")] = true
		}
	}
	return t
}

// local is a name without its prefix.
func local(name string) string {
	if _, after, ok := strings.Cut(name, ":"); ok {
		return after
	}
	return name
}

func (u *uploadReader) open(path []string, _ []xml.Attr) error {
	switch len(path) {
	case 1:
		if path[0] != racineUpload {
			return u.v.refuses("DUE-X04", excerpt(path[0]))
		}
		return nil
	case 2:
		if path[1] == nomGroupe {
			u.groups++
		}
		if path[1] == nomIndicateur || path[1] == nomGroupe && u.groups == 1 {
			return nil
		}
		return u.v.refuses("DUE-X04", excerpt(path[1]))
	case 3:
		u.seen = make(map[string]bool)
		if path[2] == nomEmbaucheXML {
			u.g.Hires = append(u.g.Hires, Declaration{Essai: -1, EtatNIR: NIRAbsent})
		}
	}
	below := strings.Join(path[2:], "/")
	known := u.employeur.above[below] || u.employeur.leaves[below] != nil || u.embauche.above[below] || u.embauche.leaves[below] != nil
	if path[1] != nomGroupe || !known {
		return u.v.refuses("DUE-X04", excerpt(path[len(path)-1]))
	}
	return nil
}

func (u *uploadReader) close(path []string, text string) error {
	if len(path) == 2 && path[1] == nomIndicateur {
		switch text {
		case Essai.Valeur():
			u.indicateur = Essai
		case Reel.Valeur():
			u.indicateur = Reel
		default:
			return u.v.refuses("DUE-X06", nomIndicateur)
		}
		return nil
	}
	if len(path) < 3 {
		return u.blank(path, text)
	}
	below := strings.Join(path[2:], "/")
	f, hire := u.embauche.leaves[below], true
	if f == nil {
		f, hire = u.employeur.leaves[below], false
	}
	if f == nil {
		if len(path) == 3 && path[2] == nomEmbaucheXML {
			return u.complete()
		}
		return u.blank(path, text)
	}
	if text == "" || utf8.RuneCountInString(text) > f.Largeur || u.seen[below] {
		return u.v.refuses("DUE-X06", f.Nom)
	}
	u.seen[below] = true
	if !hire {
		*f.employeur(&u.g.Employeur) = text
		return nil
	}
	if !f.vers(&u.g.Hires[len(u.g.Hires)-1], text) {
		return u.v.refuses("DUE-X06", f.Nom)
	}
	return nil
}

// blank refuses text between elements.
func (u *uploadReader) blank(path []string, text string) error {
	if text != "" {
		return u.v.refuses("DUE-X04", excerpt(path[len(path)-1]))
	}
	return nil
}

// optionnelles may be absent from a hire.
var optionnelles = []string{
	"rxpers:FR_PersonIdentity.UsualName.Text", "rxpers:FR_NNI.NIR.Identifier", "rxpers:FR_NNI.NIRKey.Text",
	"FR_Contract.EndContract.Date", "FR_Contract.HealthService.Text", "FR_Contract.TrialTime.Text",
}

// complete refuses a hire that lacks a compulsory value.
func (u *uploadReader) complete() error {
	for below, f := range u.embauche.leaves {
		if !u.seen[below] && !slices.Contains(optionnelles, f.Nom) {
			return u.v.refuses("DUE-X05", f.Nom)
		}
	}
	return nil
}
