package gestion

import (
	"fmt"
	"net/http"
	"slices"

	"paye/vault"
	"paye/vault/remise"
	"paye/web/task"
	"paye/web/ui"
)

func (c *Console) vaultRoutes() {
	c.tasks.Register(taskDeposit, task.NewLane(1), c.runDeposit)
	c.Site.Private("GET /gestion/coffre", c.vaultPage)
	c.Site.Private("GET /gestion/coffre/{siret}", c.vaultOfPage)
	c.Site.Private("GET /gestion/coffre/{siret}/depot", c.depositPage)
	c.Site.Private("POST /gestion/coffre/{siret}/depot", c.deposit)
	c.Site.Private("GET /gestion/coffre/{siret}/depot/{id}", c.depositState)
	c.Site.Private("POST /gestion/coffre/{siret}/depot/{id}/annuler", c.cancelDeposit)
	c.Site.Private("POST /gestion/coffre/{siret}/depot/{id}/reprendre", c.resumeDeposit)
	c.Site.Private("GET /gestion/coffre/{siret}/suivi", c.suivi)
	c.Site.Private("GET /gestion/coffre/{siret}/suivi.csv", c.suiviCSV)
	c.Site.Private("GET /gestion/coffre/{siret}/versements/{numero}", c.versementPage)
	c.Site.Private("POST /gestion/coffre/{siret}/versements/{numero}/valider", c.validate)
	c.Site.Private("POST /gestion/coffre/{siret}/versements/{numero}/rejeter", c.reject)
}

// gate is how Dépôt and Suivi show to who is signed in, for an employer: the
// vault says it, each time.
type gate struct{ Depot, Suivi vault.Etat }

func (c *Console) gate(call *ui.Call, siret string) (g gate, err error) {
	g.Depot, g.Suivi, err = c.o.Coffre.Comptes().Actions(call.Context(), par(call), siret)
	return g, err
}

// may answers for an action that is absent, as for what does not exist, and for
// one that is greyed, with why.
func may(e vault.Etat, siret string) error {
	switch e {
	case vault.Active:
		return nil
	case vault.Grisee:
		return vault.Codes.New("COF-302", siret)
	}
	return ui.ErrNotFound
}

// vaultPage lists the employers within reach; of one alone it shows the vault.
func (c *Console) vaultPage(call *ui.Call) error {
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	list, err := c.employers(call, r, vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	if err != nil {
		return err
	}
	switch len(list) {
	case 0:
		return ui.ErrNotFound
	case 1:
		return call.Redirect("/gestion/coffre/" + list[0].Siret)
	}
	t := ui.Table{Caption: call.T("Employeurs", "Employers"), Columns: []ui.Column{{Title: call.T("Employeur", "Employer")}, {Title: "SIRET"}, {Title: call.T("Coffre-fort", "Vault")}}}
	for _, e := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: e.Nom, Href: "/gestion/coffre/" + e.Siret, Head: true}, {Text: e.Siret}, {Badge: activeBadge(call, e.Actif)}}})
	}
	p := call.Page(call.T("Coffre-fort", "Vault"))
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "list", p)
}

// action is a button of the vault, as the gates let it show.
type action struct {
	Text, Href, Why string
	Greyed          bool
}

func (c *Console) vaultOfPage(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	if err != nil {
		return err
	}
	g, err := c.gate(call, e.Siret)
	if err != nil {
		return err
	}
	why := call.T("L’option « Bulletin de salaire au format électronique » n’est pas cochée pour cet employeur.", "The option “Payslips in electronic form” is not ticked for this employer.")
	var actions []action
	for _, a := range []struct {
		state      vault.Etat
		text, path string
	}{{g.Depot, call.T("Dépôt", "Deposit"), "/depot"}, {g.Suivi, call.T("Suivi", "Follow-up"), "/suivi"}} {
		if a.state != vault.Absente {
			actions = append(actions, action{a.text, "/gestion/coffre/" + e.Siret + a.path, why, a.state == vault.Grisee})
		}
	}
	if c.o.Portal != nil && e.Actif {
		actions = append(actions, action{Text: call.T("Agents", "Agents"), Href: agentsBase(e.Siret)})
	}
	p := call.Page(call.T("Coffre-fort", "Vault"))
	p.Lead = e.Nom
	p.Context = []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: e.Nom}}
	p.Data = struct {
		Actions []action
		Why     string
	}{actions, why}
	return call.Render(http.StatusOK, "coffre", p)
}

// suiviLines are the lines that the address asks for.
func (c *Console) suiviLines(call *ui.Call) (*vault.Employeur, []remise.LigneSuivi, error) {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	if err != nil {
		return nil, nil, err
	}
	g, err := c.gate(call, e.Siret)
	if err != nil {
		return nil, nil, err
	}
	if err := may(g.Suivi, e.Siret); err != nil {
		return nil, nil, err
	}
	lines, err := remise.Suivi(call.Context(), c.o.Coffre, par(call), e.Siret)
	step, status := call.Query("etape"), call.Query("statut")
	lines = slices.DeleteFunc(lines, func(l remise.LigneSuivi) bool {
		return step != "" && string(l.Etape) != step || status != "" && string(l.Statut) != status
	})
	return e, lines, err
}

// suivi shows the deposits of an employer: the columns of the product, of which
// some may be left out. It is read only.
func (c *Console) suivi(call *ui.Call) error {
	e, lines, err := c.suiviLines(call)
	if err != nil {
		return err
	}
	chosen := call.R.URL.Query()["col"]
	t := ui.Table{Caption: call.T("Dépôts", "Deposits"), Total: len(lines), Empty: remise.SuiviVide.In(call.Lang)}
	if call.Query("etape")+call.Query("statut") != "" {
		t.Empty = call.T("Aucun dépôt ne répond à ce filtre.", "No deposit answers this filter.")
	}
	shown := func(i int) bool { return len(chosen) == 0 || slices.Contains(chosen, fmt.Sprint(i)) }
	columns := ui.Field{Name: "col", Type: "checkboxes", Label: call.T("Colonnes", "Columns"), Values: chosen}
	for i, title := range remise.ColonnesSuivi {
		columns.Options = append(columns.Options, ui.Option{Value: fmt.Sprint(i), Text: title.In(call.Lang)})
		if len(chosen) == 0 {
			columns.Values = append(columns.Values, fmt.Sprint(i))
		}
		if shown(i) {
			t.Columns = append(t.Columns, ui.Column{Title: title.In(call.Lang), Number: i >= 2 && i <= 4})
		}
	}
	t.Columns = append(t.Columns, ui.Column{Title: "⋮"})
	busy := false
	for i := range lines {
		busy = busy || lines[i].Etape == vault.Preparation && lines[i].Statut == vault.StatutBon
		t.Rows = append(t.Rows, c.suiviRow(call, e.Siret, &lines[i], shown))
	}
	t.CSV = "/gestion/coffre/" + e.Siret + "/suivi.csv?" + call.R.URL.RawQuery
	p := call.Page(call.T("Suivi coffre-fort", "Vault follow-up"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Coffre-fort", "Vault"), Href: "/gestion/coffre/" + e.Siret}}
	p.Context = []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: e.Nom}}
	filter := suiviFilter(call, e.Siret, columns)
	p.Data = struct {
		Table  ui.Table
		Filter *ui.Form
		Live   string
	}{t, filter, liveOf(call, busy)}
	if busy {
		p.Refresh = 5
	}
	return call.Render(http.StatusOK, "suivi", p)
}

func liveOf(call *ui.Call, busy bool) string {
	if !busy {
		return ""
	}
	return call.R.URL.RequestURI()
}

func suiviFilter(call *ui.Call, siret string, columns ui.Field) *ui.Form {
	steps := []ui.Option{{Text: call.T("toutes", "all")}}
	for _, e := range []vault.Etape{vault.Preparation, vault.Verification, vault.Distribution, vault.Termine, vault.Rejete, vault.Annule} {
		steps = append(steps, ui.Option{Value: string(e), Text: e.Texte(call.Lang)})
	}
	f := call.Form("/gestion/coffre/"+siret+"/suivi", call.T("Afficher", "Show"),
		ui.Field{Name: "etape", Type: "select", Label: call.T("Étape", "Step"), Options: steps, Default: call.Query("etape")},
		ui.Field{Name: "statut", Type: "select", Label: call.T("Statut", "Status"), Default: call.Query("statut"), Options: []ui.Option{{Text: call.T("tous", "all")},
			{Value: string(vault.StatutBon), Text: "✓ " + call.T("bon", "good")}, {Value: string(vault.StatutRejete), Text: "✗ " + call.T("rejeté", "rejected")}, {Value: string(vault.StatutAction), Text: "⊘ " + call.T("à voir", "to be seen")}}},
		columns)
	f.Get = true
	return f
}

// suiviRow is a line of the suivi: its status is a sign with a word for who
// hears it, its last cell opens cause and remedy.
func (c *Console) suiviRow(call *ui.Call, siret string, l *remise.LigneSuivi, shown func(int) bool) ui.Row {
	var row ui.Row
	for i, text := range l.Cellules(call.Lang, c.o.Place) {
		if !shown(i) {
			continue
		}
		cell := ui.Cell{Text: text, Number: i >= 2 && i <= 4}
		if i == len(remise.ColonnesSuivi)-1 {
			cell = ui.Cell{Badge: statusBadge(call, l.Statut)}
		}
		row.Cells = append(row.Cells, cell)
	}
	row.Cells = append(row.Cells, ui.Cell{Text: call.T("Détail", "Details"), Href: "/gestion/coffre/" + siret + "/versements/" + l.Versement.String()})
	row.Detail = sentenceOf(l.Raison(call.Lang))
	return row
}

func statusBadge(call *ui.Call, s vault.Statut) *ui.Badge {
	switch s {
	case vault.StatutBon:
		return &ui.Badge{Kind: ui.Good, Text: call.T("bon", "good")}
	case vault.StatutRejete:
		return &ui.Badge{Kind: ui.Bad, Text: call.T("rejeté", "rejected")}
	}
	return &ui.Badge{Kind: ui.Stopped, Text: call.T("à voir", "to be seen")}
}

func (c *Console) suiviCSV(call *ui.Call) error {
	_, lines, err := c.suiviLines(call)
	if err != nil {
		return err
	}
	attachment(call, "suivi.csv", "text/csv; charset=utf-8")
	if err := remise.WriteSuiviCSV(call.W, lines, call.Lang, c.o.Place); err != nil {
		panic(http.ErrAbortHandler) // the answer is cut, and seen to be
	}
	return nil
}

// versement is the session of the address.
func (c *Console) versement(call *ui.Call) (*vault.Employeur, *vault.Versement, error) {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	if err != nil {
		return nil, nil, err
	}
	list, err := c.o.Coffre.Versements(call.Context(), par(call), e.Siret)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(list, func(v vault.Versement) bool { return v.ID.String() == call.Path("numero") })
	if i < 0 {
		return nil, nil, ui.ErrNotFound
	}
	return e, &list[i], nil
}

// versementPage shows a session: what became of each bulletin, the cause and
// the remedy, and the second person's decision.
func (c *Console) versementPage(call *ui.Call) error {
	e, v, err := c.versement(call)
	if err != nil {
		return err
	}
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Dépôt du %s", "Deposit of %s", ui.Instant(v.Debut.In(c.o.Place))))
	p.Crumbs = []ui.NavItem{{Title: call.T("Coffre-fort", "Vault"), Href: "/gestion/coffre/" + e.Siret}, {Title: call.T("Suivi", "Follow-up"), Href: "/gestion/coffre/" + e.Siret + "/suivi"}}
	p.Context = []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: e.Nom}}
	p.Data = struct {
		Facts          []ui.Fact
		Cause          *ui.Notice
		Gaps           ui.Table
		Decide         bool
		Validate       string
		Reject         *ui.Form
		Base           string
		OwnCannot      bool
		AwaitingSecond bool
	}{sessionFacts(call, v), c.cause(call, v), gapTable(call, v), v.Etape == vault.Verification && r.any(e.Siret, vault.DroitValidation) && v.Auteur != call.Session.Login,
		"/gestion/coffre/" + e.Siret + "/versements/" + v.ID.String() + "/valider", rejectForm(call, e.Siret, v), "", v.Auteur == call.Session.Login, v.Etape == vault.Verification}
	return call.Render(http.StatusOK, "versement", p)
}

func rejectForm(call *ui.Call, siret string, v *vault.Versement) *ui.Form {
	f := call.Form("/gestion/coffre/"+siret+"/versements/"+v.ID.String()+"/rejeter", call.T("Rejeter ce dépôt", "Reject this deposit"),
		ui.Field{Name: "motif", Label: call.T("Motif", "Reason"), Required: true, Max: 200, Hint: call.T("Montré dans le suivi.", "Shown in the follow-up.")})
	f.Danger = true
	return f
}

// sessionFacts show the count that always adds up.
func sessionFacts(call *ui.Call, v *vault.Versement) []ui.Fact {
	n := func(i int) string { return call.T("%d", "%d", i) }
	facts := []ui.Fact{{Name: call.T("Mois", "Month"), Value: ui.Month(call.Lang, v.Periode.Annee, int(v.Periode.Mois))}, {Name: call.T("Étape", "Step"), Value: v.Etape.Texte(call.Lang)}, {Name: call.T("Statut", "Status"), Badge: statusBadge(call, v.Statut)},
		{Name: call.T("Déposé par", "Deposited by"), Value: v.Deposant + " (" + v.Auteur + ")"}, {Name: call.T("Bulletins", "Bulletins"), Value: n(v.Bilan.Bulletins)}, {Name: call.T("déposés", "deposited"), Value: n(v.Bilan.Deposes)},
		{Name: call.T("sur papier", "on paper"), Value: n(v.Bilan.Papier)}, {Name: call.T("refusés", "refused"), Value: n(v.Bilan.Refuses)}, {Name: call.T("en attente", "waiting"), Value: n(v.Bilan.EnAttente)},
		{Name: call.T("Annexes", "Annexes"), Value: n(v.Annexes)}, {Name: call.T("Validés", "Validated"), Value: fmt.Sprintf("%d/%d", v.Valides, v.AValider)}}
	if v.ValidePar != "" {
		facts = append(facts, ui.Fact{Name: call.T("Validé par", "Validated by"), Value: v.ValidePar})
	}
	return facts
}

func (c *Console) cause(call *ui.Call, v *vault.Versement) *ui.Notice {
	line := remise.Ligne(v)
	title, rest := line.Cause(call.Lang)
	if title == "" {
		return nil
	}
	return &ui.Notice{Kind: statusBadge(call, v.Statut).Kind, Title: sentenceOf(title), Text: sentenceOf(rest), Code: v.Motif}
}

func gapTable(call *ui.Call, v *vault.Versement) ui.Table {
	t := ui.Table{ID: "ecarts", Caption: call.T("Bulletins qui ne sont pas déposés", "Bulletins that are not deposited"), Total: len(v.Ecarts), Columns: []ui.Column{{Title: call.T("Matricule", "Matricule")}, {Title: call.T("Nature", "Kind")}, {Title: call.T("Cause", "Cause")}}}
	for _, e := range v.Ecarts {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: e.Matricule, Head: true}, {Text: string(e.Nature)}, {Text: e.Code + " – " + e.Full(call.Lang)}}})
	}
	return t
}

func (c *Console) validate(call *ui.Call) error {
	e, v, err := c.versement(call)
	if err != nil {
		return err
	}
	if _, err := c.o.Coffre.Validate(call.Context(), par(call), v.ID); err != nil {
		return err
	}
	return call.Done("/gestion/coffre/"+e.Siret+"/versements/"+v.ID.String(), "valide")
}

func (c *Console) reject(call *ui.Call) error {
	e, v, err := c.versement(call)
	if err != nil {
		return err
	}
	f := rejectForm(call, e.Siret, v)
	if !f.Read() {
		return vault.Codes.New("COF-207")
	}
	if _, err := c.o.Coffre.Reject(call.Context(), par(call), v.ID, f.Value("motif")); err != nil {
		return err
	}
	return call.Done("/gestion/coffre/"+e.Siret+"/versements/"+v.ID.String(), "rejete")
}
