package identifiants

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ReadJour reads a day as people write it: 2026-05-26, 26/05/2026, 26-05-2026
// or 26.05.2026, with one digit or two.
func ReadJour(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{"2006-1-2", "2/1/2006", "2-1-2006", "2.1.2006"} {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(s), zone); err == nil && t.Year() >= 1900 {
			return t, true
		}
	}
	return time.Time{}, false
}

var moisEcrit = regexp.MustCompile(`^(?:([0-9]{4})[-/.]([0-9]{1,2})|([0-9]{1,2})[-/. ]([0-9]{4}))$`)

// moisNommes are the months by the letters that tell them apart.
var moisNommes = []string{"janv", "fevr", "mars", "avri", "mai", "juin", "juil", "aout", "sept", "octo", "nove", "dece"}

// ReadMois reads a month as people write it: 2026-05, 05/2026, 5-2026, mai 2026.
func ReadMois(s string) (Periode, bool) {
	s = strings.TrimSpace(s)
	if m := moisEcrit.FindStringSubmatch(s); m != nil {
		p, err := NewPeriode(m[1]+m[4], m[2]+m[3])
		return p, err == nil
	}
	name, year, found := strings.Cut(strings.ToLower(s), " ")
	if !found {
		return Periode{}, false
	}
	name = strings.NewReplacer("é", "e", "û", "u").Replace(name)
	for i, begin := range moisNommes {
		if strings.HasPrefix(name, begin) {
			p, err := NewPeriode(strings.TrimSpace(year), strconv.Itoa(i+1))
			return p, err == nil
		}
	}
	return Periode{}, false
}
