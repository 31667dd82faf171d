package check

import (
	"slices"
	"strings"
	"unicode"

	"paye/internal/anomalie"
	"paye/internal/lang"
	xhlcheck "paye/xhl/check"
)

// Constats are the anomalies of a file or of a set by code: all are counted,
// the first ones are kept.
type Constats struct {
	Erreurs, Avertissements, Infos int

	max     int
	parCode map[string]*Compte
}

// Compte is one code: how often it was found, and its first examples.
type Compte struct {
	Code     string
	Gravite  anomalie.Gravite // the gravest
	N        int
	Exemples []*anomalie.Anomalie
}

// Comptes returns the codes, the gravest first.
func (c *Constats) Comptes() []*Compte {
	list := make([]*Compte, 0, len(c.parCode))
	for _, compte := range c.parCode {
		list = append(list, compte)
	}
	slices.SortFunc(list, aggravate)
	return list
}

func aggravate(a, b *Compte) int {
	if a.Gravite != b.Gravite {
		return int(b.Gravite) - int(a.Gravite)
	}
	return strings.Compare(a.Code, b.Code)
}

// N returns how many anomalies of a code there are.
func (c *Constats) N(code string) int {
	if compte := c.parCode[code]; compte != nil {
		return compte.N
	}
	return 0
}

func (c *Constats) compte(code string, g anomalie.Gravite) *Compte {
	if c.parCode == nil {
		c.parCode = make(map[string]*Compte)
	}
	compte := c.parCode[code]
	if compte == nil {
		compte = &Compte{Code: code}
		c.parCode[code] = compte
	}
	compte.Gravite = max(compte.Gravite, g)
	return compte
}

// add counts an anomaly and keeps it while there are few of its code.
func (c *Constats) add(a *anomalie.Anomalie) {
	c.compte(a.Code, a.Gravite).N++
	c.tally(a.Gravite, 1)
	c.keep(a)
}

func (c *Constats) tally(g anomalie.Gravite, n int) {
	switch g {
	case anomalie.Erreur:
		c.Erreurs += n
	case anomalie.Avertissement:
		c.Avertissements += n
	default:
		c.Infos += n
	}
}

// keep holds on to an example that is counted elsewhere.
func (c *Constats) keep(a *anomalie.Anomalie) {
	if compte := c.compte(a.Code, a.Gravite); len(compte.Exemples) < c.max {
		compte.Exemples = append(compte.Exemples, a)
	}
}

// addBilan counts what the judge of journals found, whose examples were kept.
func (c *Constats) addBilan(b *xhlcheck.Bilan) {
	c.Erreurs += b.Erreurs
	c.Avertissements += b.Avertissements
	c.Infos += b.Infos
	for _, compte := range b.Comptes {
		c.compte(compte.Code, compte.Gravite).N += compte.N
	}
}

// merge adds the constats of another.
func (c *Constats) merge(other *Constats) {
	c.Erreurs += other.Erreurs
	c.Avertissements += other.Avertissements
	c.Infos += other.Infos
	for _, compte := range other.Comptes() {
		c.compte(compte.Code, compte.Gravite).N += compte.N
		for _, a := range compte.Exemples {
			c.keep(a)
		}
	}
}

// Group gathers the constats of several files, as a table shows them: at
// most max examples a code.
func Group(max int, list ...*Constats) *Constats {
	all := &Constats{max: max}
	for _, c := range list {
		all.merge(c)
	}
	return all
}

// Titre is the message that the examples share, with "…" where they differ,
// and whether they all say the same.
func (c *Compte) Titre(l lang.Language) (string, bool) {
	if len(c.Exemples) == 0 {
		return "", true
	}
	first := []rune(c.Exemples[0].Message(l))
	head, tail := len(first), len(first)
	same := true
	for _, a := range c.Exemples[1:] {
		m := []rune(a.Message(l))
		if slices.Equal(m, first) {
			continue
		}
		same = false
		n := 0
		for n < min(head, len(m)) && m[n] == first[n] {
			n++
		}
		head = n
		n = 0
		for n < min(tail, len(m)) && m[len(m)-1-n] == first[len(first)-1-n] {
			n++
		}
		tail = n
	}
	if same {
		return string(first), true
	}
	tail = min(tail, len(first)-head)
	for head > 0 && !unicode.IsSpace(first[head-1]) { // at whole words
		head--
	}
	for tail > 0 && !unicode.IsSpace(first[len(first)-tail]) {
		tail--
	}
	return string(first[:head]) + "…" + string(first[len(first)-tail:]), false
}
