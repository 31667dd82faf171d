package gestion

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"paye/app/consult"
	"paye/web/task"
	"paye/web/ui"
)

func (c *Console) consultRoutes() {
	c.tasks.Register(taskOpen, task.NewLane(2), c.runOpen)
	c.Site.Private("GET /gestion/consulter", func(call *ui.Call) error { return c.consultView(call, "") })
	c.Site.Private("POST /gestion/consulter", c.dropToConsult)
	c.Site.Private("GET /gestion/consulter/{id}", c.bookPage)
	c.Site.Private("GET /gestion/consulter/{id}/bulletins.csv", c.bookCSV)
	c.Site.Private("GET /gestion/consulter/{id}/totaux", c.totalsPage)
	c.Site.Private("GET /gestion/consulter/{id}/totaux.csv", c.totalsCSV)
	c.Site.Private("GET /gestion/consulter/{id}/comparer", c.comparePage)
	c.Site.Private("GET /gestion/consulter/{id}/comparer.csv", c.compareCSV)
	c.Site.Private("GET /gestion/consulter/{id}/variations", c.variationsPage)
	c.Site.Private("GET /gestion/consulter/{id}/variations.csv", c.variationsCSV)
	c.Site.Private("GET /gestion/consulter/{id}/justificatifs", c.refsPage)
	c.Site.Private("GET /gestion/consulter/{id}/justificatifs.csv", c.refsCSV)
	c.Site.Private("GET /gestion/consulter/{id}/bulletins/{rang}/lignes.csv", c.linesCSV)
	c.Site.Private("GET /gestion/consulter/{id}/documents/{n}", c.document)
	c.Site.Private("GET /gestion/consulter/{id}/bulletins/{rang}", c.bulletinPage)
	c.Site.Private("GET /gestion/consulter/{id}/pieces/{rang}/{piece}", c.piece)
	c.Site.Private("POST /gestion/consulter/{id}/fermer", c.closeBook)
	c.Site.Private("POST /gestion/consulter/{id}/annuler", c.cancelOpening)
	c.Site.Private("POST /gestion/consulter/{id}/reprendre", c.resumeOpening)
}

func (c *Console) consultView(call *ui.Call, wrong string) error {
	list, err := c.dossiers(call, kindConsultation, 20)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: call.T("Payes ouvertes", "Open payrolls"), Columns: []ui.Column{{Title: call.T("Journal", "Journal")}, {Title: call.T("Employeur", "Employer")}, {Title: call.T("Mois", "Month")}, {Title: call.T("Bulletins", "Bulletins"), Number: true}}}
	for _, d := range list {
		row := []ui.Cell{{Text: d.Name, Href: "/gestion/consulter/" + d.ID, Head: true}, {}, {}, {Number: true}}
		if b := c.open.get(d.ID); b != nil {
			row[1].Text, row[2].Text, row[3].Text = b.Entete.Employeur.Nom, monthOf(call.Lang, b.Entete.Annee, b.Entete.Mois), call.T("%d", "%d", len(b.Entries))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	p := call.Page(call.T("Consulter une paye", "Look into a payroll"))
	p.Lead = call.T("Déposez un journal et ses justificatifs, un flux PES, une archive ou tous les volumes d’un lot : agents, lignes, totaux et pièces s’ouvrent ici. Rien n’est gardé après la session.",
		"Drop a journal and its justificatifs, a PES flux, an archive or all volumes of a set: agents, lines, totals and pieces open here. Nothing is kept after the session.")
	p.Data = struct {
		Action, Wrong, Submit string
		Drops                 []ui.Drop
		Table                 ui.Table
		Keep                  string
	}{"/gestion/consulter", wrong, call.T("Ouvrir", "Open"), []ui.Drop{
		{Name: "fichiers", Multiple: true, Error: wrong, Label: call.T("Journal et justificatifs, ou volumes", "Journal and justificatifs, or volumes"), Hint: call.T("Journal .xhl, .xml ou .zip, PDF, justificatifs.csv ; flux PES .xml, archives .zip.", "Journal .xhl, .xml or .zip, PDFs, justificatifs.csv; PES fluxes .xml, archives .zip.")},
		{Name: "dossier", Folder: true, Multiple: true, Label: call.T("ou le dossier qui les contient", "or the folder that holds them")},
	}, t, call.T("Effacé à la fermeture, au plus tard dans 12 heures.", "Erased when closed, in 12 hours at the latest.")}
	if wrong != "" {
		return call.Again("drop", p)
	}
	return call.Render(http.StatusOK, "drop", p)
}

func (c *Console) dropToConsult(call *ui.Call) error {
	d, err := c.receiveDossier(call, kindConsultation)
	if err != nil {
		return err
	}
	if d == nil {
		return c.consultView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	if _, err := c.tasks.Start(call.Context(), taskOpen, d.Owner, d.ID, nil); err != nil {
		return err
	}
	return call.Redirect("/gestion/consulter/" + d.ID)
}

// book is the open book of the address; when it is not open the page of its
// dossier says why, and the answer has been given.
func (c *Console) bookOf(call *ui.Call) (*dossier, *openBook, error) {
	d, err := c.dossier(call, kindConsultation)
	if err != nil {
		return nil, nil, err
	}
	return d, c.open.get(d.ID), nil
}

// opened is bookOf for pages that need the book.
func (c *Console) opened(call *ui.Call) (*dossier, *openBook, error) {
	d, b, err := c.bookOf(call)
	if err == nil && b == nil {
		err = Codes.New(NotReady)
	}
	return d, b, err
}

const pageOfBook = 50

// bookPage shows the bulletins that answer the query of the address.
func (c *Console) bookPage(call *ui.Call) error {
	d, b, err := c.bookOf(call)
	if err != nil {
		return err
	}
	if b == nil {
		return c.waitForBook(call, d)
	}
	q := queryOf(call)
	ranks := b.Search(q)
	from, _ := strconv.Atoi(call.Query("de"))
	from = min(max(from, 0), len(ranks))
	to := min(from+pageOfBook, len(ranks))
	t := c.bookTable(call, d, b, q, ranks[from:to])
	t.Total = len(ranks)
	t.CSV = "/gestion/consulter/" + d.ID + "/bulletins.csv?" + address(call, nil)
	if from > 0 {
		t.Prev = "?" + address(call, map[string]string{"de": strconv.Itoa(max(0, from-pageOfBook))})
	}
	if to < len(ranks) {
		t.Next = "?" + address(call, map[string]string{"de": strconv.Itoa(to)})
	}
	p := c.bookShell(call, d, b, b.Entete.Employeur.Nom+", "+monthOf(call.Lang, b.Entete.Annee, b.Entete.Mois))
	p.Data = struct {
		Form   *ui.Form
		Notice *ui.Notice
		Facts  []ui.Fact
		Table  ui.Table
		Base   string
	}{c.queryForm(call, d, b, q), repeatedNotice(call, b), []ui.Fact{{Name: call.T("Bulletins", "Bulletins"), Value: call.T("%d", "%d", len(b.Entries))},
		{Name: call.T("Total brut", "Gross total"), Value: ui.Amount(call.Lang, int64(b.Totals.Brut))}, {Name: call.T("Total net à payer", "Net total to pay"), Value: ui.Amount(call.Lang, int64(b.Totals.Net))},
		{Name: "SIRET", Value: b.Entete.Employeur.Siret}}, t, "/gestion/consulter/" + d.ID}
	return call.Render(http.StatusOK, "book", p)
}

// repeatedNotice tells of bulletins that were dropped twice; nil without any.
func repeatedNotice(call *ui.Call, b *openBook) *ui.Notice {
	if b.Repeated == 0 {
		return nil
	}
	return &ui.Notice{Kind: ui.Warning, Title: call.T("%d bulletin{s} {est|sont} dans deux des fichiers déposés : {il est compté|ils sont comptés} une fois.", "%d bulletin{s} {is|are} in two of the files that were dropped: {it is|they are} counted once.", b.Repeated)}
}

// bookShell is the page around what is shown of a book.
func (c *Console) bookShell(call *ui.Call, d *dossier, b *openBook, title string) *ui.Page {
	p := call.Page(title)
	p.Crumbs = []ui.NavItem{{Title: call.T("Consulter", "Look into"), Href: "/gestion/consulter"}}
	if call.R.URL.Path != "/gestion/consulter/"+d.ID {
		p.Crumbs = append(p.Crumbs, ui.NavItem{Title: b.Entete.Employeur.Nom + ", " + monthOf(call.Lang, b.Entete.Annee, b.Entete.Mois), Href: "/gestion/consulter/" + d.ID})
	}
	return p
}

// waitForBook shows how far the opening is.
func (c *Console) waitForBook(call *ui.Call, d *dossier) error {
	t, err := c.tasks.Of(call.Context(), d.ID, taskOpen)
	if err != nil && !errors.Is(err, task.ErrUnknown) {
		return err
	}
	w := c.workOf(call, t, "/gestion/consulter/"+d.ID)
	if w == nil && c.open.get(d.ID) != nil { // it has just been opened
		return c.bookPage(call)
	}
	if w == nil { // it was open, and made room for others
		w = &work{Notice: &ui.Notice{Kind: ui.Warning, Title: call.T("Cette paye a été refermée.", "This payroll was closed.")}, Resume: "/gestion/consulter/" + d.ID + "/reprendre"}
	}
	p := call.Page(d.Name)
	p.Crumbs = []ui.NavItem{{Title: call.T("Consulter", "Look into"), Href: "/gestion/consulter"}}
	if w.Live != "" {
		p.Refresh = 2
	}
	p.Data = struct{ Work *work }{w}
	return call.Render(http.StatusOK, "wait", p)
}

func queryOf(call *ui.Call) consult.Query {
	return consult.Query{Words: call.Query("q"), Etablissement: call.Query("etablissement"), Service: call.Query("service"), Grade: call.Query("grade"), Code: call.Query("code"),
		Pieces: call.Query("pieces") == "oui", Order: consult.Order(call.Query("tri")), Descending: call.Query("sens") == "-"}
}

// address is the query of the page with some values changed.
func address(call *ui.Call, change map[string]string) string {
	v := url.Values{}
	for _, name := range []string{"q", "etablissement", "service", "grade", "code", "pieces", "tri", "sens", "avec"} {
		if s := call.Query(name); s != "" {
			v.Set(name, s)
		}
	}
	for name, s := range change {
		v.Set(name, s)
	}
	return v.Encode()
}

func (c *Console) queryForm(call *ui.Call, d *dossier, b *openBook, q consult.Query) *ui.Form {
	choice := func(list []string) []ui.Option {
		options := []ui.Option{{Text: call.T("tous", "all")}}
		for _, s := range list {
			options = append(options, ui.Option{Value: s, Text: s})
		}
		return options
	}
	seen := map[string]bool{}
	var places []string
	for _, e := range b.Etablissements {
		if e != "" && !seen[e] {
			seen[e] = true
			places = append(places, e)
		}
	}
	f := call.Form("/gestion/consulter/"+d.ID, call.T("Chercher", "Search"),
		ui.Field{Name: "q", Label: call.T("Agent ou matricule", "Agent or matricule"), Type: "search", Default: q.Words},
		ui.Field{Name: "etablissement", Label: call.T("Établissement", "Établissement"), Type: "select", Options: choice(places), Default: q.Etablissement},
		ui.Field{Name: "service", Label: call.T("Service", "Service"), Type: "select", Options: choice(b.Services), Default: q.Service},
		ui.Field{Name: "grade", Label: call.T("Grade", "Grade"), Type: "select", Options: choice(b.Grades), Default: q.Grade},
		ui.Field{Name: "code", Label: call.T("Code de rubrique", "Rubrique code"), Default: q.Code, Max: 30, Size: 10},
		ui.Field{Name: "pieces", Label: call.T("Avec justificatifs seulement", "With justificatifs only"), Type: "checkbox", Default: call.Query("pieces")})
	f.Get = true
	return f
}

func (c *Console) bookTable(call *ui.Call, d *dossier, b *openBook, q consult.Query, ranks []int) ui.Table {
	column := func(title string, by consult.Order, number bool) ui.Column {
		col := ui.Column{Title: title, Number: number, Sort: "?" + address(call, map[string]string{"tri": string(by), "sens": ""})}
		if q.Order == by {
			col.Order = "ascending"
			if q.Descending {
				col.Order = "descending"
			} else {
				col.Sort = "?" + address(call, map[string]string{"tri": string(by), "sens": "-"})
			}
		}
		return col
	}
	t := ui.Table{Caption: call.T("Bulletins", "Bulletins"), Empty: call.T("Aucun bulletin ne répond à cette recherche.", "No bulletin answers this search."), Columns: []ui.Column{
		column(call.T("Agent", "Agent"), consult.ByNom, false), column(call.T("Matricule", "Matricule"), consult.ByMatricule, false), {Title: call.T("Service", "Service")}, {Title: call.T("Grade", "Grade")},
		column(call.T("Brut", "Gross"), consult.ByBrut, true), column(call.T("Net à payer", "Net to pay"), consult.ByNet, true), {Title: call.T("Pièces", "Pieces"), Number: true}}}
	for _, rang := range ranks {
		e := &b.Entries[rang]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: e.Nom.Reveal() + " " + e.Prenom.Reveal(), Href: fmt.Sprintf("/gestion/consulter/%s/bulletins/%d", d.ID, rang), Head: true},
			{Text: e.Matricule}, {Text: e.Service}, {Text: e.Grade}, {Text: ui.Amount(call.Lang, int64(e.Brut)), Number: true}, {Text: ui.Amount(call.Lang, int64(e.Net)), Number: true}, {Text: piecesText(e.Pieces), Number: true}}})
	}
	return t
}

func piecesText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// closeBook ends a consultation: what was dropped is erased.
func (c *Console) closeBook(call *ui.Call) error {
	d, err := c.dossier(call, kindConsultation)
	if err != nil {
		return err
	}
	if err := c.erase(call.Context(), d); err != nil {
		return err
	}
	return call.Done("/gestion/consulter", "efface")
}

func (c *Console) cancelOpening(call *ui.Call) error {
	d, err := c.dossier(call, kindConsultation)
	if err != nil {
		return err
	}
	if t, err := c.tasks.Of(call.Context(), d.ID, taskOpen); err == nil {
		c.tasks.Cancel(t.ID)
	}
	return call.Done("/gestion/consulter/"+d.ID, "annule")
}

func (c *Console) resumeOpening(call *ui.Call) error {
	d, err := c.dossier(call, kindConsultation)
	if err != nil {
		return err
	}
	if _, err := c.tasks.Start(call.Context(), taskOpen, d.Owner, d.ID, nil); err != nil {
		return err
	}
	return call.Redirect("/gestion/consulter/" + d.ID)
}

// saved reads the data of a dossier into v.
func saved(d *dossier, v any) error {
	if err := json.Unmarshal(d.Data, v); err != nil {
		return fmt.Errorf("read a dossier: %w", err)
	}
	return nil
}
