package xhl

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Masked is what a personal value prints.
const Masked = "[masqué]"

// Nominatif is a personal value: a name, an address, a NIR, a bank account. It
// prints itself masked whatever the verb, so that it cannot reach a log or an
// error; [Nominatif.Reveal] is the exception that can be searched for.
type Nominatif string

// Reveal returns the value.
func (n Nominatif) Reveal() string { return string(n) }

func (Nominatif) Format(f fmt.State, _ rune) { fmt.Fprint(f, Masked) }

// Decimal is an xs:decimal as it is written ("100.50", "007.850"); the empty
// Decimal is an absent element. It prints itself masked, since most are
// amounts.
type Decimal string

// Reveal returns the text as it is written.
func (d Decimal) Reveal() string { return string(d) }

func (Decimal) Format(f fmt.State, _ rune) { fmt.Fprint(f, Masked) }

// Montant returns the value in centimes. It reports false for a text that is
// not a decimal, has more than two significant decimals, or does not fit; a
// decimal comma, seen in files, is read as a point.
func (d Decimal) Montant() (Montant, bool) {
	n, ok := d.scaled(2)
	return Montant(n), ok
}

// Milliemes returns the value in thousandths, for the rates, hours and points
// that have three decimals, on the terms of Montant.
func (d Decimal) Milliemes() (int64, bool) { return d.scaled(3) }

func (d Decimal) scaled(decimals int) (int64, bool) {
	s := strings.Trim(string(d), " \t\n\r")
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	var n int64
	fraction, digits := -1, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '.' || c == ',' {
			if fraction >= 0 {
				return 0, false
			}
			fraction = 0
			continue
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		digits++
		if fraction >= decimals {
			if c != '0' {
				return 0, false
			}
			continue
		}
		if n > (1<<63-1-9)/10 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
		if fraction >= 0 {
			fraction++
		}
	}
	if digits == 0 {
		return 0, false
	}
	for fraction = max(fraction, 0); fraction < decimals; fraction++ {
		if n > (1<<63-1)/10 {
			return 0, false
		}
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, true
}

// Montant is an amount in centimes. It prints itself masked.
type Montant int64

// Reveal returns the amount as the wire writes it: "-12.05".
func (m Montant) Reveal() string { return string(m.Decimal()) }

// Decimal returns the amount as the wire writes it, with two decimals.
func (m Montant) Decimal() Decimal {
	var buf [24]byte
	out := buf[:0]
	n := uint64(m)
	if m < 0 {
		out = append(out, '-')
		n = -n
	}
	out = strconv.AppendUint(out, n/100, 10)
	out = append(out, '.', byte('0'+n/10%10), byte('0'+n%10))
	return Decimal(out)
}

func (Montant) Format(f fmt.State, _ rune) { fmt.Fprint(f, Masked) }

// Date is an xs:date as it is written; the empty Date is an absent element.
type Date string

// Time returns the day at midnight UTC. It reports false for a text that is
// not a plain AAAA-MM-JJ date.
func (d Date) Time() (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	return t, err == nil
}

// Opt is the value of an element that may be absent, which an empty value is
// not. The zero Opt is absent.
type Opt[T ~string] struct {
	V   T
	Set bool
}

// Some returns a value that is present, even if it is empty.
func Some[T ~string](v T) Opt[T] { return Opt[T]{V: v, Set: true} }

// Or returns the value, or def when it is absent.
func (o Opt[T]) Or(def T) T {
	if o.Set {
		return o.V
	}
	return def
}

// Format prints the value as its type does, and an absent one as nothing.
func (o Opt[T]) Format(f fmt.State, verb rune) {
	if o.Set {
		fmt.Fprintf(f, fmt.FormatString(f, verb), o.V)
	}
}

func (o *Opt[T]) Get() (string, bool) { return string(o.V), o.Set }
func (o *Opt[T]) Put(s string)        { o.V, o.Set = T(s), true }
func (o *Opt[T]) Clear()              { *o = Opt[T]{} }
