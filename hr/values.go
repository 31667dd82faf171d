package hr

import (
	"fmt"
	"log/slog"
)

// state says what is known of a value.
type state uint8

const (
	absent state = iota // the source said nothing: ours stays
	vide                // the source says that there is none
	dit                 // the source gives it
)

// Values is a value for each field. It prints and logs as nothing: names, NIR
// and accounts are in it.
type Values struct {
	said  uint32 // a bit a field: vide or dit
	texts [nbChamps]string
}

// get is the value of a field and what is known of it.
func (v *Values) get(c Champ) (string, state) { return v.at(position[c]) }

// Text is the value of a field, "" when there is none.
func (v *Values) Text(c Champ) string { return v.texts[position[c]] }

// Set gives a field its value; "" is vide.
func (v *Values) Set(c Champ, text string) { v.set(position[c], text) }

// Forget makes a field absent.
func (v *Values) Forget(c Champ) {
	v.said &^= 1 << position[c]
	v.texts[position[c]] = ""
}

func (v *Values) at(i int) (string, state) {
	switch {
	case v.said&(1<<i) == 0:
		return "", absent
	case v.texts[i] == "":
		return "", vide
	}
	return v.texts[i], dit
}

func (v *Values) set(i int, text string) {
	v.said |= 1 << i
	v.texts[i] = text
}

const hidden = "[masqué]"

func (Values) Format(f fmt.State, _ rune) { fmt.Fprint(f, hidden) }
func (Values) LogValue() slog.Value       { return slog.StringValue(hidden) }

// Fiche is one sheet of the source, normalised.
type Fiche struct {
	ID     string // in the source
	Etab   string // SIRET of the établissement, or the source's name for it behind "#"
	Values Values
	Issues []Issue
}

func (f *Fiche) String() string { return "fiche " + f.ID }

// Format keeps the values out of whatever is printed.
func (f *Fiche) Format(s fmt.State, _ rune) { fmt.Fprint(s, f.String()) }

// LogValue is the identifier of the sheet.
func (f *Fiche) LogValue() slog.Value { return slog.StringValue(f.String()) }

// Issue is something wrong with one value of a sheet: the old value stays and
// the sheet is processed all the same.
type Issue struct {
	Champ Champ
	Code  string // of Codes
}
