package main

import (
	"time"

	"github.com/urfave/cli/v2"

	"paye/internal/identifiants"
	"paye/pespj"
)

// What the values of options may look like: French ways of writing are taken
// everywhere.

// date reads an option that is a day; the zero time when it is not given.
func (p *program) date(c *cli.Context, name string, zone *time.Location) (time.Time, error) {
	s := c.String(name)
	if s == "" {
		return time.Time{}, nil
	}
	day, ok := identifiants.ReadJour(s, zone)
	if !ok {
		return time.Time{}, p.usage("--%s : « %s » n'est pas un jour ; écrivez AAAA-MM-JJ ou JJ/MM/AAAA", "--%s: “%s” is not a day; write AAAA-MM-JJ or JJ/MM/AAAA", name, s)
	}
	return day, nil
}

// month reads the option --mois; the zero Periode when it is not given.
func (p *program) monthOf(c *cli.Context) (identifiants.Periode, error) {
	s := c.String("mois")
	if s == "" {
		return identifiants.Periode{}, nil
	}
	month, ok := identifiants.ReadMois(s)
	if !ok {
		return month, p.usage("--mois : « %s » n'est pas un mois ; écrivez AAAA-MM ou MM/AAAA", "--mois: “%s” is not a month; write AAAA-MM or MM/AAAA", s)
	}
	return month, nil
}

// smallestLimit is the size in bytes below which a bare number is taken for one
// whose unit was forgotten: no channel is that small.
const smallestLimit = 1_000

// size reads a size that the option or the key name gives.
func (p *program) size(name, value string) (int64, error) {
	size, err := pespj.ParseLimit(value)
	if err != nil {
		return 0, err
	}
	if name == "limit" && size < smallestLimit && onlyDigits.MatchString(value) {
		return 0, p.hinted(p.usage("--%s %s : %d octets, c'est trop peu pour un fichier", "--%s %s: %d bytes is too little for a file", name, value, size),
			"vouliez-vous dire --%s %sMo ?", "did you mean --%s %sMo?", name, value)
	}
	return size, nil
}
