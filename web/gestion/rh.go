package gestion

import (
	"errors"
	"net/http"

	"paye/hr"
	"paye/web/ui"
)

func (c *Console) hrRoutes() {
	c.Site.Private("GET /gestion/rh", func(call *ui.Call) error { return c.recapView(call, nil, nil) })
	c.syncRoutes()
}

// recapView shows the last synchronisation, what became of the profiles, and
// what the HR tool changed in a month, as a payroll clerk checks it.
func (c *Console) recapView(call *ui.Call, begin, sheet *ui.Form) (err error) {
	if err := c.seesHR(call); err != nil {
		return err
	}
	t, last, err := c.lastSync(call)
	if err != nil {
		return err
	}
	j, err := c.o.HR(call.Context(), call.Session.Login)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	month := j.Today().Mois()
	if wish, ok := hr.ParseMois(call.Query("mois")); ok {
		month = wish
	}
	recap, err := j.Recap(call.Context(), month)
	if err != nil {
		return err
	}
	passed, err := j.LastRun(call.Context())
	if err != nil {
		return err
	}
	p := call.Page(call.T("RH, %s", "HR, %s", ui.Month(call.Lang, month.Year, month.Month)))
	p.Lead = call.T("Ce que l’outil RH a changé dans la paye, à vérifier avant de la lancer.", "What the HR tool changed in the payroll, to be checked before it is run.")
	data := struct {
		Work            *work
		Passed          []ui.Fact
		Verdict         *ui.Notice
		Facts, Outcomes []ui.Fact
		Notices         ui.Table
		Begin, Sheet    *ui.Form
		Month           string
		Prev, Next      string
		Tables          []ui.Table
	}{Passed: c.passedFacts(call, passed), Begin: begin, Sheet: sheet, Month: month.String(), Prev: "?mois=" + month.Add(-1).String(), Next: "?mois=" + month.Add(1).String(), Tables: []ui.Table{
		recapTable(call, "modifies", call.T("Valeurs modifiées", "Changed values"), recap.Modified),
		recapTable(call, "ecrases", call.T("Saisies de paye écrasées par l’outil", "Payroll edits that the tool overwrote"), recap.Crushed), arrivalTable(call, recap.Arrivals)}}
	if t != nil {
		data.Work = c.workOf(call, t, "/gestion/rh")
	}
	if data.Work != nil && data.Work.Live != "" {
		p.Refresh = 2
	}
	if last != nil {
		v := last.verdict(call)
		data.Verdict, data.Facts, data.Outcomes, data.Notices = &v, last.facts(call), outcomes(call, last), last.table(call)
	}
	if c.o.HRSource != nil {
		if data.Begin == nil {
			data.Begin = syncForm(call, last)
		}
		if data.Sheet == nil {
			data.Sheet = sheetForm(call)
		}
	}
	p.Data = data
	if begin != nil || sheet != nil {
		return call.Again("rh", p)
	}
	return call.Render(http.StatusOK, "rh", p)
}

// passedFacts are those of the last synchronisation that wrote, from here or
// from the command line.
func (c *Console) passedFacts(call *ui.Call, p *hr.Passed) []ui.Fact {
	if p == nil {
		return []ui.Fact{{Name: call.T("Dernière synchronisation", "Last synchronisation"), Value: call.T("aucune encore", "none yet")}}
	}
	facts := []ui.Fact{{Name: call.T("Dernière synchronisation", "Last synchronisation"), Value: ui.Instant(p.At.In(c.o.Place))}, {Name: call.T("Fiches lues", "Sheets read"), Value: call.T("%d", "%d", p.Read)},
		{Name: call.T("Agents créés", "Created agents"), Value: call.T("%d", "%d", p.Created)}, {Name: call.T("Valeurs modifiées", "Changed values"), Value: call.T("%d", "%d", p.Changed)}}
	if p.Reason != "" {
		facts = append(facts, ui.Fact{Name: call.T("Garde-fou passé outre", "Guard overruled"), Value: p.Reason})
	}
	return facts
}

func recapTable(call *ui.Call, id, caption string, lines []hr.RecapLine) ui.Table {
	t := ui.Table{ID: id, Caption: caption, Total: len(lines), Empty: caption + call.T(" : aucune.", ": none."), Columns: []ui.Column{{Title: call.T("Agent", "Agent")}, {Title: call.T("Matricule", "Matricule")}, {Title: call.T("Champ", "Field")},
		{Title: call.T("Avant", "Before")}, {Title: call.T("Après", "After")}, {Title: call.T("Le", "On")}}}
	for _, l := range lines {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Name, Head: true}, {Text: l.Matricule}, {Text: l.Champ.Label(call.Lang)}, {Text: l.Before}, {Text: l.After}, {Text: l.Day}}})
	}
	return t
}

func arrivalTable(call *ui.Call, list []hr.Arrival) ui.Table {
	t := ui.Table{ID: "arrivees", Caption: call.T("Arrivées", "Arrivals"), Total: len(list), Empty: call.T("Aucune arrivée ce mois-ci.", "No arrival this month."), Columns: []ui.Column{{Title: call.T("Agent", "Agent")}, {Title: call.T("Matricule", "Matricule")}, {Title: call.T("Établissement", "Établissement")}, {Title: call.T("Début", "Start")}, {Title: call.T("Fin", "End")}, {Title: call.T("À compléter", "To complete")}}}
	for _, a := range list {
		missing := ""
		for _, champ := range a.Missing {
			if missing != "" {
				missing += ", "
			}
			missing += champ.Label(call.Lang)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: a.Name, Head: true}, {Text: a.Matricule}, {Text: a.Etab}, {Text: a.Debut}, {Text: a.Fin}, {Text: missing}}})
	}
	return t
}
