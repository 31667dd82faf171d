package hr

import (
	"fmt"
	"time"
)

// Date is a civil date; the zero Date is none.
type Date struct{ Year, Month, Day int }

// ParseDate reads the civil date at the start of s: "2026-09-14", with or
// without a time behind. No zone is ever applied: a birthday has none.
func ParseDate(s string) (Date, bool) {
	if len(s) < 10 || len(s) > 10 && s[10] != 'T' && s[10] != ' ' {
		return Date{}, false
	}
	t, err := time.Parse(time.DateOnly, s[:10])
	if err != nil {
		return Date{}, false
	}
	return DateOf(t), true
}

// DateOf is the civil date of t in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String writes the date as 2026-09-14, nothing for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Compare orders dates.
func (d Date) Compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return d.Year - e.Year
	case d.Month != e.Month:
		return d.Month - e.Month
	}
	return d.Day - e.Day
}

// Add is the date n days later.
func (d Date) Add(n int) Date {
	return DateOf(time.Date(d.Year, time.Month(d.Month), d.Day+n, 0, 0, 0, 0, time.UTC))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Mois is the month of the date.
func (d Date) Mois() Mois { return Mois{d.Year, d.Month} }

// Mois is a month of payroll.
type Mois struct{ Year, Month int }

// ParseMois reads "2026-09".
func ParseMois(s string) (Mois, bool) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Mois{}, false
	}
	return Mois{t.Year(), int(t.Month())}, true
}

func (m Mois) String() string { return fmt.Sprintf("%04d-%02d", m.Year, m.Month) }

// First is the first day of the month.
func (m Mois) First() Date { return Date{m.Year, m.Month, 1} }

// Last is the last day of the month.
func (m Mois) Last() Date { return m.Add(1).First().Add(-1) }

// Add is the month n months later.
func (m Mois) Add(n int) Mois {
	t := time.Date(m.Year, time.Month(m.Month+n), 1, 0, 0, 0, 0, time.UTC)
	return Mois{t.Year(), int(t.Month())}
}

// Before reports whether m is an earlier month than n.
func (m Mois) Before(n Mois) bool { return m.First().Compare(n.First()) < 0 }

// ParseAnyDate reads 2026-09-14 or 14/09/2026.
func ParseAnyDate(s string) (Date, bool) {
	if d, ok := ParseDate(s); ok {
		return d, true
	}
	return frenchDate(s)
}
