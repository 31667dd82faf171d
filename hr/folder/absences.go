package folder

import (
	"context"
	"errors"
	"slices"

	"paye/hr"
	"paye/internal/anomalie"
)

func missing(err error) bool {
	var a *anomalie.Anomalie
	return errors.As(err, &a) && a.Code == "RH-107"
}

// Absences gives the half-days of a window. A folder knows no transfers: every
// line counts, whatever the établissement.
func (s *Source) Absences(ctx context.Context, q hr.AbsenceQuery) ([]hr.RawAbsence, error) {
	rows, err := s.absences()
	if missing(err) {
		return nil, hr.Codes.New("RH-111")
	}
	if err := errors.Join(err, ctx.Err()); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(r hr.RawAbsence) bool {
		outside := r.Day.Compare(q.From) < 0 || r.Day.Compare(q.To) > 0
		return outside || len(q.Owners) > 0 && !slices.Contains(q.Owners, r.Owner)
	}), nil
}

// halves are the words of the column demi, as what they fold to.
var halves = map[string][]bool{
	"matin": {true}, "am": {true}, "apres midi": {false}, "pm": {false}, "jour": {true, false}, "": {true, false},
}

func (s *Source) absences() ([]hr.RawAbsence, error) {
	t, err := s.read("absences", "id", "date", "compte")
	if err == nil {
		err = t.once("demi", "libelle")
	}
	if err != nil {
		return nil, err
	}
	id, date, half, account, label := column(t.header, "id"), column(t.header, "date"), column(t.header, "demi"), column(t.header, "compte"), column(t.header, "libelle")
	var list []hr.RawAbsence
	for i, row := range t.rows {
		if blank(row) {
			continue
		}
		day, ok := hr.ParseAnyDate(cell(row, date))
		times, known := halves[hr.Fold(cell(row, half))]
		if !ok || !known || cell(row, id) == "" || cell(row, account) == "" {
			return nil, hr.Codes.New("RH-108", "absence").At(t.file, -1, int64(i+2))
		}
		for _, morning := range times {
			list = append(list, hr.RawAbsence{Owner: cell(row, id), Day: day, Morning: morning, Account: cell(row, account), Label: cell(row, label), Confirmed: true, Active: true})
		}
	}
	return list, nil
}
