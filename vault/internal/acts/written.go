package acts

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"paye/internal/identifiants"
	"paye/vault/internal/names"
)

// ReadWritten reads the body of a deposit exactly as it is written, its fields in
// their order, and reports whether it was. Anything else is encoding/json's, which
// reads it alike: what a list of a large vault costs is this.
func (c *Depot) ReadWritten(json string) bool {
	if !utf8.ValidString(json) {
		return false
	}
	w := written{rest: json}
	var d Depot
	d.Employeur = w.text(`{"employeur":`)
	d.Matricule = w.text(`,"matricule":`)
	d.Nom = w.maybe(`,"nom":`)
	d.Prenom = w.maybe(`,"prenom":`)
	d.Periode = w.periode(`,"periode":`)
	d.Nature = Nature(w.text(`,"nature":`))
	d.Sequence = int(w.number(`,"sequence":`, strconv.IntSize))
	d.Version = int(w.number(`,"version":`, strconv.IntSize))
	d.Parent = w.maybeID(`,"parent":`)
	d.Titre = w.maybe(`,"titre":`)
	d.Versement = w.maybeID(`,"versement":`)
	d.Agent = w.id(`,"agent":`)
	d.Deposant = w.text(`,"deposant":`)
	d.Taille = w.number(`,"taille":`, 64)
	d.Empreinte = w.text(`,"empreinte":`)
	if w.strange || w.rest != "}" {
		return false
	}
	*c = d
	return true
}

// written reads JSON that must be as it is written here.
type written struct {
	rest    string
	strange bool // it is not
}

// has passes a prefix, and reports whether it was there.
func (w *written) has(prefix string) bool {
	rest, ok := strings.CutPrefix(w.rest, prefix)
	w.rest = rest
	return ok
}

// maybe reads the string that follows a prefix; empty without the prefix.
func (w *written) maybe(prefix string) string {
	if !w.has(prefix) {
		return ""
	}
	return w.text("")
}

// text reads the string, without an escape, that follows a prefix.
func (w *written) text(prefix string) string {
	if !w.has(prefix) || !w.has(`"`) {
		w.strange = true
		return ""
	}
	for i := range len(w.rest) {
		switch b := w.rest[i]; {
		case b == '"':
			s := w.rest[:i]
			w.rest = w.rest[i+1:]
			return s
		case b == '\\' || b < ' ':
			w.strange = true
			return ""
		}
	}
	w.strange = true
	return ""
}

// number reads the number of that many bits that follows a prefix.
func (w *written) number(prefix string, bits int) int64 {
	if !w.has(prefix) {
		w.strange = true
		return 0
	}
	end := 0
	for end < len(w.rest) && (w.rest[end] >= '0' && w.rest[end] <= '9' || w.rest[end] == '-') {
		end++
	}
	n, err := strconv.ParseInt(w.rest[:end], 10, bits)
	if err != nil || strconv.FormatInt(n, 10) != w.rest[:end] {
		w.strange = true
	}
	w.rest = w.rest[end:]
	return n
}

func (w *written) periode(prefix string) identifiants.Periode {
	p, err := identifiants.ParsePeriode(w.text(prefix))
	if err != nil {
		w.strange = true
	}
	return p
}

// maybeID reads the identifier that follows a prefix; zero without the prefix.
func (w *written) maybeID(prefix string) names.ID {
	if !w.has(prefix) {
		return names.ID{}
	}
	return w.id("")
}

func (w *written) id(prefix string) names.ID {
	id, err := names.ParseID(w.text(prefix))
	if err != nil {
		w.strange = true
	}
	return id
}
