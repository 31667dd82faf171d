package gestion

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"paye/app/hire"
	"paye/due"
	"paye/hr"
	"paye/web/ui"
)

// maxSheets of an HR tool are completed on one page; more come as a CSV.
const maxSheets = 100

// sheetGroup is a contract of the HR tool with what is asked about it.
type sheetGroup struct {
	Legend, Lead string
	Badge        *ui.Badge // what became of it, where it is declared already
	Fields       []*ui.Field
}

// hrHires gives the contracts of the HR tool that begin on since, or on the first
// day of this month where it is empty, or later; and that day. An earlier contract
// is late, and declared by a CSV.
func (c *Console) hrHires(call *ui.Call, since string) (_ due.Source, _ string, err error) {
	if err := c.seesHR(call); err != nil {
		return nil, "", err
	}
	j, err := c.o.HR(call.Context(), call.Session.Login)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	from, ok := hr.ParseDate(since)
	if !ok {
		from = j.Today().Mois().First()
	}
	src, err := j.Hires(call.Context(), from)
	return src, from.String(), err
}

func (c *Console) sheetsPage(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	src, _, err := c.hrHires(call, "")
	if err != nil {
		return err
	}
	list, elsewhere, err := b.Sheets(call.Context(), src)
	if err != nil {
		return err
	}
	form, groups := sheetsForm(call, list)
	return sheetsView(call, form, groups, len(list), elsewhere)
}

// sheetsForm asks, contract by contract, what a sheet does not say.
func sheetsForm(call *ui.Call, list []hire.Sheet) (*ui.Form, []sheetGroup) {
	f := call.Form("/gestion/declarations/rh", call.T("Contrôler les contrats cochés", "Check the contracts that are ticked"), indicateurField(call)).WithOnce()
	var groups []sheetGroup
	for _, s := range list[:min(len(list), maxSheets)] {
		g := sheetGroup{Legend: s.Prenom + " " + cmp.Or(s.NomUsage, s.NomNaissance), Lead: call.T("Matricule %s, à partir du %s", "Matricule %s, from %s", s.Matricule, dayOf(s.DateDebut))}
		if s.DateFin != "" {
			g.Lead += call.T(", jusqu’au %s", ", until %s", dayOf(s.DateFin))
		}
		fields := termFields(call, &s)
		if s.Etat != "" {
			g.Badge = &ui.Badge{Kind: ui.Neutral, Text: s.Etat.Libelle(call.Lang)}
		}
		if s.Declared {
			fields[0].Default = ""
		}
		for _, field := range fields {
			field.Value = field.Default
			g.Fields = append(g.Fields, &field)
			f.Fields = append(f.Fields, &field)
		}
		groups = append(groups, g)
	}
	return f, groups
}

// dayOf is a day as people write it; what is none stays as it is.
func dayOf(s string) string {
	d, ok := due.ParseDate(s)
	if !ok {
		return s
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.Jour, d.Mois, d.Annee)
}

// termFields are the tick of a contract and its terms. Fields are told apart by
// the number of the contract.
func termFields(call *ui.Call, s *hire.Sheet) []ui.Field {
	nature := "CDI"
	if s.DateFin != "" {
		nature = "CDD"
	}
	key := "-" + url.QueryEscape(s.Numero)
	return []ui.Field{
		{Name: "declarer" + key, Type: "checkbox", Label: call.T("Déclarer ce contrat", "Declare this contract"), Default: "oui"},
		{Name: "heure" + key, Label: call.T("Heure d’embauche", "Hire time"), Hint: call.T("Par exemple 08:30.", "For example 08:30."), Max: 5, Size: 6},
		{Name: "nature" + key, Type: "select", Label: call.T("Nature du contrat", "Nature of the contract"), Default: nature, Options: []ui.Option{
			{Value: "CDI", Text: call.T("sans fin (CDI)", "without an end (CDI)")}, {Value: "CDD", Text: call.T("avec une fin (CDD)", "with an end (CDD)")}}},
		{Name: "essai" + key, Label: call.T("Période d’essai, en jours", "Trial period, in days"), Hint: call.T("0 s’il n’y en a pas.", "0 if there is none."), Inputmode: "numeric", Max: 3, Size: 4},
	}
}

func sheetsView(call *ui.Call, f *ui.Form, groups []sheetGroup, all, elsewhere int) error {
	p := call.Page(call.T("Embauches de l’outil RH", "Hires of the HR tool"))
	p.Lead = call.T("Les contrats qui commencent ce mois-ci ou plus tard. L’outil ne dit ni l’heure, ni l’essai : complétez-les.", "The contracts that begin this month or later. The tool says neither the hour nor the trial period: complete them.")
	p.Crumbs = []ui.NavItem{{Title: call.T("Déclarations", "Declarations"), Href: "/gestion/declarations"}}
	more := func(n int) string {
		if n == 0 {
			return ""
		}
		return call.T("%d contrat{s}", "%d contract{s}", n)
	}
	p.Data = struct {
		Form            *ui.Form
		Groups          []sheetGroup
		Real            *ui.Field
		Over, Elsewhere string
	}{f, groups, f.Field("indicateur"), more(all - len(groups)), more(elsewhere)}
	if f.Failed() {
		return call.Again("sheets", p)
	}
	return call.Render(http.StatusOK, "sheets", p)
}

// checkSheets checks the contracts that are ticked, with their terms: nothing
// leaves.
func (c *Console) checkSheets(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	src, since, err := c.hrHires(call, "")
	if err != nil {
		return err
	}
	list, elsewhere, err := b.Sheets(call.Context(), src)
	if err != nil {
		return err
	}
	f, groups := sheetsForm(call, list)
	f.Read()
	terms := termsOf(f, list)
	if !f.Failed() && len(terms) == 0 {
		f.Fail("", call.T("Cochez au moins un contrat.", "Tick one contract at least."))
	}
	if f.Failed() {
		return sheetsView(call, f, groups, len(list), elsewhere)
	}
	return call.Once(f, func() (string, error) {
		d, err := c.newDossier(call.Context(), kindHires, call.Session.Login, "")
		if err != nil {
			return "", err
		}
		d.Name = call.T("Outil RH", "HR tool")
		if err := c.firstCheck(call, b, d, &hires{Indicateur: f.Value("indicateur"), Since: since, Terms: terms}); err != nil {
			return "", errors.Join(err, c.erase(call.Context(), d))
		}
		return hiresHref(d), nil
	})
}

// termsOf are the terms of the contracts that are ticked, by number.
func termsOf(f *ui.Form, list []hire.Sheet) map[string]hire.Terms {
	terms := map[string]hire.Terms{}
	for _, s := range list[:min(len(list), maxSheets)] {
		key := "-" + url.QueryEscape(s.Numero)
		if f.Value("declarer"+key) == "oui" {
			terms[s.Numero] = hire.Terms{Heure: f.Value("heure" + key), Nature: f.Value("nature" + key), Essai: f.Value("essai" + key)}
		}
	}
	return terms
}
