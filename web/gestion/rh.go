package gestion

import (
	"errors"
	"net/http"

	"paye/hr"
	"paye/vault"
	"paye/web/ui"
)

func (c *Console) hrRoutes() {
	c.Site.Private("GET /gestion/rh", c.recapPage)
}

// recapPage shows what the HR tool changed in a month, as a payroll clerk checks
// it: changed values, edits that were overwritten, arrivals and what they lack.
func (c *Console) recapPage(call *ui.Call) (err error) {
	if c.o.HR == nil {
		return ui.ErrNotFound
	}
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	if !r.overAll(vault.DroitDepot) { // a recap names the agents of every employer
		return ui.ErrNotFound
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
	p := call.Page(call.T("RH, %s", "HR, %s", ui.Month(call.Lang, month.Year, month.Month)))
	p.Lead = call.T("Ce que l’outil RH a changé dans la paye, à vérifier avant de la lancer.", "What the HR tool changed in the payroll, to be checked before it is run.")
	p.Data = struct {
		Prev, Next string
		Tables     []ui.Table
	}{"?mois=" + month.Add(-1).String(), "?mois=" + month.Add(1).String(), []ui.Table{
		recapTable(call, "modifies", call.T("Valeurs modifiées", "Changed values"), recap.Modified),
		recapTable(call, "ecrases", call.T("Saisies de paye écrasées par l’outil", "Payroll edits that the tool overwrote"), recap.Crushed), arrivalTable(call, recap.Arrivals)}}
	return call.Render(http.StatusOK, "rh", p)
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
