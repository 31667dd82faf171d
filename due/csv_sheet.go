package due

import (
	"errors"
	"fmt"
	"strings"

	"paye/internal/sheet"
)

// sheetColumns say what the values of a column are for a spreadsheet, where they
// are no plain text.
var sheetColumns = map[Champ]sheet.Column{
	ChampMatricule:            {Kind: sheet.Code, Mixed: true},
	ChampContrat:              {Kind: sheet.Code},
	ChampSection:              {Kind: sheet.Code},
	ChampServiceSante:         {Kind: sheet.Code},
	ChampNIR:                  {Kind: sheet.Digits},
	ChampCleNIR:               {Kind: sheet.Digits, Width: 2},
	ChampDepartementNaissance: {Kind: sheet.Code, Width: 2},
	ChampNIRAbsent:            {Kind: sheet.Bool},
	ChampDateNaissance:        {Kind: sheet.Date},
	ChampDateDebut:            {Kind: sheet.Date},
	ChampDateFin:              {Kind: sheet.Date},
	ChampEssai:                {Kind: sheet.Digits},
	ChampNomNaissance:         {Kind: sheet.Name},
	ChampNomUsage:             {Kind: sheet.Name},
	ChampPrenom:               {Kind: sheet.Name},
	ChampVilleNaissance:       {Kind: sheet.Name},
}

// sheetWatches are the columns of a CSV while it is read.
type sheetWatches []sheet.Column

func newSheetWatches(columns []colonne) sheetWatches {
	list := make(sheetWatches, len(columns))
	for i, c := range columns {
		list[i] = sheetColumns[c.champ]
	}
	return list
}

// read stores the cells of a line in a hire, or says what a spreadsheet did to
// one of them.
func (w sheetWatches) read(e *Embauche, columns []colonne, record []string) error {
	for i, c := range columns {
		cell := sheet.Unprotect(strings.TrimSpace(utf8Text(record[i])))
		value, damage := w[i].Kind.Read(cell)
		if damage.Damaged() {
			a := Codes.New("DUE-126", string(c.champ), damage.Phrase).At(e.Fichier, -1, e.Ligne)
			a.Chemin = string(c.champ)
			return a
		}
		if w[i].Kind == sheet.Bool {
			value = ouiNon(value)
		}
		w[i].See(value, e.Ligne)
		*c.de(e) = value
	}
	return nil
}

// ouiNon is a truth in the words of the CSV.
func ouiNon(s string) string {
	switch s {
	case "true":
		return "oui"
	case "false":
		return "non"
	}
	return s
}

// tell yields what the columns show.
func (w sheetWatches) tell(columns []colonne, fichier string, yield func(Embauche, error) bool) {
	for i, c := range columns {
		for _, s := range w[i].Suspicions() {
			a := Codes.New("DUE-127", string(c.champ), s.Phrase).At(fichier, -1, s.Ligne)
			a.Chemin = string(c.champ)
			if !yield(Embauche{}, a) {
				return
			}
		}
	}
}

// notCSV says what a file is that is no CSV.
func notCSV(err error, fichier string) error {
	var refusal sheet.Refusal
	if errors.As(err, &refusal) {
		return Codes.New("DUE-125", refusal.Phrase).At(fichier, -1, 0)
	}
	return fmt.Errorf("read %s: %w", fichier, err)
}
