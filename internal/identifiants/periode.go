package identifiants

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Periode is the month that a payroll is of. The zero Periode is none.
type Periode struct{ Annee, Mois int }

// ParsePeriode reads "2026-09".
func ParsePeriode(s string) (Periode, error) {
	annee, mois, _ := strings.Cut(s, "-")
	p, err := NewPeriode(annee, mois)
	if err != nil || p.String() != s {
		return Periode{}, fmt.Errorf("period %q is not a year and a month, 2026-09", s)
	}
	return p, nil
}

// NewPeriode reads a year and a month as a journal writes them, "2026" and
// "9" or "09".
func NewPeriode(annee, mois string) (Periode, error) {
	a, errA := strconv.Atoi(annee)
	m, errM := strconv.Atoi(mois)
	if p := (Periode{a, m}); errA == nil && errM == nil && p.Valid() {
		return p, nil
	}
	return Periode{}, ErrForme
}

// Valid reports whether p is a month of the years 1900 to 9999.
func (p Periode) Valid() bool {
	return p.Annee >= 1900 && p.Annee <= 9999 && p.Mois >= 1 && p.Mois <= 12
}

// String writes 2026-09.
func (p Periode) String() string { return fmt.Sprintf("%04d-%02d", p.Annee, p.Mois) }

// Debut is the first day of the month, in UTC.
func (p Periode) Debut() time.Time {
	return time.Date(p.Annee, time.Month(p.Mois), 1, 0, 0, 0, 0, time.UTC)
}

// Add returns the month that comes n months later, or earlier for a negative n.
func (p Periode) Add(n int) Periode {
	t := p.Debut().AddDate(0, n, 0)
	return Periode{t.Year(), int(t.Month())}
}

// MarshalText writes 2026-09, and nothing for the zero Periode.
func (p Periode) MarshalText() ([]byte, error) {
	if p == (Periode{}) {
		return nil, nil
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (p *Periode) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*p = Periode{}
		return nil
	}
	v, err := ParsePeriode(string(b))
	*p = v
	return err
}
