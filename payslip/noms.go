package payslip

import (
	"strconv"
	"strings"

	"paye/xhl"
)

// Noms names the files of the bulletins of a journal:
// <matricule>-<AAAA>-<MM>.pdf, and -2, -3… for the next bulletins of the same
// matricule. The names are those of the order of the journal: give it every
// bulletin, the ones that are not written included. The zero Noms works.
type Noms struct {
	seen map[string]int
}

// Next returns the name for the next bulletin. It has ASCII letters, digits,
// "-", "_" and "." only, does not begin with a point, and differs from the
// earlier ones by more than case.
func (n *Noms) Next(e *xhl.Entete, b *xhl.Bulletin) string {
	if n.seen == nil {
		n.seen = make(map[string]int)
	}
	name := sain(b.Agent.Matricule, maxMatricule) + "-" + chiffres(e.Annee, 4) + "-" + chiffres(e.Mois, 2)
	key := strings.ToLower(name)
	n.seen[key]++
	if k := n.seen[key]; k > 1 {
		name += "-" + strconv.Itoa(k)
	}
	return name + ".pdf"
}

// maxMatricule is how much of a matricule a name takes, in bytes: the schema
// allows fewer, and file systems 255 for the whole.
const maxMatricule = 100

// sain keeps what every file system takes; the rest becomes "_".
func sain(s string, most int) string {
	out := []byte(s[:min(len(s), most)])
	for i, c := range out {
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c == '_':
		case (c == '-' || c == '.') && i > 0:
		default:
			out[i] = '_'
		}
	}
	if len(out) == 0 {
		return "sans-matricule"
	}
	return string(out)
}

// chiffres is a number of width digits, zeros for what is not one.
func chiffres(s string, width int) string {
	s = strings.TrimSpace(s)
	n, err := strconv.ParseUint(s, 10, 32)
	if digits := strconv.FormatUint(n, 10); err == nil && len(digits) <= width {
		return strings.Repeat("0", width-len(digits)) + digits
	}
	return strings.Repeat("0", width)
}
