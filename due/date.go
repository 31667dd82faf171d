package due

import (
	"fmt"
	"time"
	_ "time/tzdata" // the zone of the declarations must exist on any machine
)

// Date is a civil date, without hour or zone. The zero Date is an absent one.
type Date struct {
	Annee int
	Mois  time.Month
	Jour  int
}

// ParseDate reads AAAA-MM-JJ or JJ/MM/AAAA. It reports false for anything
// else and for a day that the calendar does not have.
func ParseDate(s string) (Date, bool) {
	for _, layout := range [...]string{"2006-01-02", "02/01/2006"} {
		if t, err := time.Parse(layout, s); err == nil && len(s) == len(layout) {
			return dateOf(t), true
		}
	}
	return Date{}, false
}

// parseJJMMAAAA reads the date of a fixed-width record.
func parseJJMMAAAA(s string) (Date, bool) {
	t, err := time.Parse("02012006", s)
	if err != nil {
		return Date{}, false
	}
	return dateOf(t), true
}

// DateIn is the civil date of the instant t in zone.
func DateIn(t time.Time, zone *time.Location) Date { return dateOf(t.In(zone)) }

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether d is absent.
func (d Date) IsZero() bool { return d == Date{} }

// String is AAAA-MM-JJ, empty when absent.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Annee, d.Mois, d.Jour)
}

// jjmmaaaa is the date of a fixed-width record, empty when absent.
func (d Date) jjmmaaaa() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d%02d%04d", d.Jour, d.Mois, d.Annee)
}

// Compare is negative when d is before e, zero when they are the same day.
func (d Date) Compare(e Date) int { return d.midnight(time.UTC).Compare(e.midnight(time.UTC)) }

// AddDays is the date n days later.
func (d Date) AddDays(n int) Date {
	return dateOf(time.Date(d.Annee, d.Mois, d.Jour+n, 0, 0, 0, 0, time.UTC))
}

// addMonths is the same day n months later, as the civil code counts: the
// last day of the month when that month is too short.
func (d Date) addMonths(n int) Date {
	first := time.Date(d.Annee, d.Mois+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Jour, last)}
}

// yearsUntil is the number of birthdays from d to e.
func (d Date) yearsUntil(e Date) int {
	n := e.Annee - d.Annee
	if e.Mois < d.Mois || e.Mois == d.Mois && e.Jour < d.Jour {
		n--
	}
	return n
}

func (d Date) midnight(zone *time.Location) time.Time {
	return time.Date(d.Annee, d.Mois, d.Jour, 0, 0, 0, 0, zone)
}

// Heure is a time of day to the minute. The zero Heure is an absent one, not
// midnight.
type Heure struct {
	Heures, Minutes int
	Connue          bool
}

// ParseHeure reads HH:MM, HH:MM:SS with zero seconds, or 8h30.
func ParseHeure(s string) (Heure, bool) {
	for _, layout := range [...]string{"15:04", "15:04:05", "15h04"} {
		if t, err := time.Parse(layout, s); err == nil && t.Second() == 0 {
			return Heure{t.Hour(), t.Minute(), true}, true
		}
	}
	return Heure{}, false
}

// String is HH:MM, empty when absent.
func (h Heure) String() string {
	if !h.Connue {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", h.Heures, h.Minutes)
}

// hhmm is the time of a fixed-width record, empty when absent.
func (h Heure) hhmm() string {
	if !h.Connue {
		return ""
	}
	return fmt.Sprintf("%02d%02d", h.Heures, h.Minutes)
}

// at is the instant of h on day d.
func (h Heure) at(d Date, zone *time.Location) time.Time {
	return time.Date(d.Annee, d.Mois, d.Jour, h.Heures, h.Minutes, 0, 0, zone)
}

// Paris is the zone in which the dates of a declaration are civil dates.
func Paris() (*time.Location, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, fmt.Errorf("load the time zone of the declarations: %w", err)
	}
	return zone, nil
}
