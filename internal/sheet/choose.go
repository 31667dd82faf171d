//go:build !js

package sheet

import (
	"slices"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
)

// Notice says which sheet of the file is read where it is not the one that people
// see first; nil otherwise.
func (c Choice) Notice(file string) *anomalie.Anomalie {
	if !c.other {
		return nil
	}
	return input.Codes.New(input.OtherSheet, c.Sheet).At(file, -1, 0)
}

// Missing says that the first line has no column of a name, and of which sheet
// where there are several.
func (c Choice) Missing(column string) lang.Phrase {
	if c.among {
		return input.NoColumnInSheet.With(c.Sheet, column)
	}
	return input.NoColumn.With(column)
}

// Choose finds the sheet that has the wanted columns among those that are shown, or
// among all where all are hidden: lists that cells choose from are hidden. Where
// none has them it is the first one; several that do are a Refusal.
func (w *Workbook) Choose(wanted ...string) (Choice, error) {
	names := w.names()
	if len(names) == 0 {
		return Choice{}, Refusal{noSheet.With()}
	}
	choice := Choice{Sheet: names[0], among: len(names) > 1}
	if len(names) == 1 || len(wanted) == 0 {
		return choice, nil
	}
	found := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !w.has(name, wanted) })
	switch {
	case len(found) > 1:
		return Choice{}, Refusal{severalSheets.With(found[0], found[1])}
	case len(found) == 1:
		choice.Sheet, choice.other = found[0], found[0] != names[0]
	}
	return choice, nil
}

// has reports whether the first line of a sheet names the columns.
func (w *Workbook) has(sheet string, columns []string) bool {
	head, err := w.firstRow(sheet)
	if err != nil {
		return false // a chart is a sheet too
	}
	for i := range head {
		head[i] = columnName(head[i])
	}
	return !slices.ContainsFunc(columns, func(c string) bool { return !slices.Contains(head, c) })
}
