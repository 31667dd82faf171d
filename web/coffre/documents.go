package coffre

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"paye/app/portal"
	"paye/internal/lang"
	"paye/vault"
	"paye/web/ui"
)

func (c *Pages) documentRoutes() {
	c.private("GET "+Home, c.list)
	c.private("GET "+Home+"/documents/{id}", c.document)
	c.private("GET "+Home+"/documents/{id}/pdf", c.pdf)
	c.private("GET "+Home+"/documents/{id}/acces", c.accesses)
	c.private("GET "+Home+"/export", c.exportPage)
	c.private("POST "+Home+"/export", c.export)
}

// title is what a document is called: its month in words.
func title(call *ui.Call, d *portal.Document) string {
	month := ui.OfMonth(call.Lang, d.Periode.Annee, int(d.Periode.Mois))
	if d.Nature == vault.Bulletin {
		return call.T("Bulletin %s", "Payslip %s", month)
	}
	if d.Titre != "" {
		return d.Titre
	}
	return call.T("Annexe %s", "Annexe %s", month)
}

// list is the folder « Bulletins de paie »: the newest first, a year at a time.
func (c *Pages) list(call *ui.Call, a *portal.Account) error {
	years, err := c.p.Years(call.Context(), a)
	if err != nil {
		return err
	}
	year, _ := strconv.Atoi(call.Query("annee"))
	if !slices.Contains(years, year) && len(years) > 0 {
		year = years[0]
	}
	shown, err := c.p.Documents(call.Context(), a, year)
	if err != nil {
		return err
	}
	last, err := c.latest(call, a, years, year, shown)
	if err != nil {
		return err
	}
	t := ui.Table{ID: "bulletins", Caption: call.T("Bulletins de paie %s", "Payslips %s", strconv.Itoa(year)), Columns: []ui.Column{{Title: "Document"}, {Title: call.T("Employeur", "Employer")}, {Title: call.T("Déposé le", "Deposited on")}},
		Empty: call.T("Aucun document pour le moment. Vos bulletins apparaissent ici dès que votre employeur a déposé la paye du mois.", "No document yet. Your payslips appear here as soon as your employer has deposited the payroll of the month.")}
	for i := range shown {
		d := &shown[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: title(call, d), Href: Home + "/documents/" + d.ID.String(), Head: true}, {Text: d.Name}, {Text: ui.Date(d.Date)}}})
	}
	p := call.Page(call.T("Bulletins de paie", "Payslips"))
	data := struct {
		Last, LastHref string
		Years          []ui.NavItem
		Year           string
		Table          ui.Table
		Proof, Sent    bool
		Any            bool
	}{Table: t, Year: strconv.Itoa(year), Proof: a.Mail == "" && c.p.SendsMail(), Sent: a.Pending != nil, Any: len(years) > 0}
	if last != nil {
		data.Last, data.LastHref = title(call, last), Home+"/documents/"+last.ID.String()
	}
	for _, y := range years {
		data.Years = append(data.Years, ui.NavItem{Title: strconv.Itoa(y), Href: Home + "?annee=" + strconv.Itoa(y)})
	}
	p.Data = data
	return call.Render(http.StatusOK, "documents", p)
}

// latest is the newest bulletin, whatever the year that is shown; nil for none.
func (c *Pages) latest(call *ui.Call, a *portal.Account, years []int, year int, shown []portal.Document) (*portal.Document, error) {
	for _, y := range years {
		list := shown
		if y != year {
			var err error
			if list, err = c.p.Documents(call.Context(), a, y); err != nil {
				return nil, err
			}
		}
		if i := slices.IndexFunc(list, func(d portal.Document) bool { return d.Nature == vault.Bulletin }); i >= 0 {
			return &list[i], nil
		}
	}
	return nil, nil
}

// docOf is the document of the address, when it is the account's.
func (c *Pages) docOf(call *ui.Call, a *portal.Account) (*portal.Document, error) {
	id, err := vault.ParseID(call.Path("id"))
	if err != nil {
		return nil, ui.ErrNotFound
	}
	return c.p.Document(call.Context(), a, id)
}

func (c *Pages) document(call *ui.Call, a *portal.Account) error {
	d, err := c.docOf(call, a)
	if err != nil {
		return err
	}
	proof, err := c.p.Proof(call.Context(), a, d.ID)
	if err != nil {
		return err
	}
	base := Home + "/documents/" + d.ID.String()
	verdict := ui.Badge{Kind: ui.Good, Text: call.T("déposé par l’employeur, vérifié à l’instant", "deposited by the employer, verified just now")}
	if len(proof.Fautes) > 0 {
		verdict = ui.Badge{Kind: ui.Bad, Text: call.T("la vérification a échoué : signalez-le", "the verification failed: report it")}
	}
	p := call.Page(title(call, d))
	p.Crumbs = []ui.NavItem{{Title: call.T("Bulletins de paie", "Payslips"), Href: Home}}
	p.Data = struct {
		Panel ui.Panel
		Base  string
	}{ui.Panel{Title: title(call, d), Src: base + "/pdf", Facts: []ui.Fact{
		{Name: call.T("Employeur", "Employer"), Value: d.Name}, {Name: call.T("Déposé le", "Deposited on"), Value: ui.Instant(d.Date)},
		{Name: call.T("Taille", "Size"), Value: ui.Bytes(call.Lang, d.Taille)}, {Name: call.T("Origine", "Origin"), Badge: &verdict}}}, base}
	return call.Render(http.StatusOK, "document", p)
}

// pdf gives the document itself, in a sandbox; asked to, as a file to keep.
func (c *Pages) pdf(call *ui.Call, a *portal.Account) error {
	d, err := c.docOf(call, a)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := c.p.Read(call.Context(), a, d.ID, &b); err != nil {
		return err
	}
	how := "inline"
	if call.Query("garder") != "" {
		how = "attachment"
	}
	sandboxed(call.W.Header(), "application/pdf", how, fmt.Sprintf("bulletin-%s.pdf", d.Periode))
	http.ServeContent(call.W, call.R, "", d.Date, bytes.NewReader(b.Bytes()))
	return nil
}

// sandboxed are the headers of what is not a page of ours.
func sandboxed(h http.Header, kind, how, name string) {
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'self'")
	h.Set("X-Frame-Options", "SAMEORIGIN")
}

// kinds of accesses in words.
var genres = map[vault.Genre]lang.Text{
	vault.EvDepot: {FR: "déposé", EN: "deposited"}, vault.EvLecture: {FR: "ouvert", EN: "opened"}, vault.EvMetadata: {FR: "fiche consultée", EN: "record looked at"},
	vault.EvControle: {FR: "vérifié", EN: "verified"}, vault.EvRefusAcces: {FR: "accès refusé", EN: "access refused"}, vault.EvDestruction: {FR: "copie effacée", EN: "copy erased"},
	vault.EvExport: {FR: "exporté", EN: "exported"}, vault.EvSecours: {FR: "ouvert par la clé de secours", EN: "opened with the recovery key"},
}

// accesses answers "who saw my document".
func (c *Pages) accesses(call *ui.Call, a *portal.Account) error {
	d, err := c.docOf(call, a)
	if err != nil {
		return err
	}
	list, err := c.p.Accesses(call.Context(), a, d.ID)
	if err != nil {
		return err
	}
	t := ui.Table{ID: "acces", Caption: call.T("Qui a fait quoi", "Who did what"), Columns: []ui.Column{{Title: call.T("Quand", "When")}, {Title: call.T("Quoi", "What")}, {Title: call.T("Qui", "Who")}}}
	for _, x := range list {
		text, known := genres[x.Genre]
		if !known || x.Own && x.Genre == vault.EvMetadata { // each page that he opens himself is no news to him
			continue
		}
		who := call.T("service de paye : %s", "payroll office: %s", x.Par)
		switch {
		case x.Own:
			who = call.T("vous", "you")
		case x.Share:
			who = call.T("par un lien que vous avez envoyé (%s)", "through a link that you sent (%s)", x.Par)
		case x.Genre == vault.EvDepot:
			who = d.Name
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ui.Instant(x.Date), Head: true}, {Text: text.In(call.Lang)}, {Text: who}}})
	}
	p := call.Page(call.T("Qui a vu ce document", "Who saw this document"))
	p.Lead = title(call, d)
	p.Crumbs = []ui.NavItem{{Title: title(call, d), Href: Home + "/documents/" + d.ID.String()}}
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "tables", p)
}

func (c *Pages) exportPage(call *ui.Call, a *portal.Account) error {
	f := call.Form(Home+"/export", call.T("Tout télécharger", "Download everything"))
	return show(call, call.T("Tout emporter", "Take everything away"), call.T("Un seul fichier : tous vos bulletins, leurs preuves de dépôt et vos documents. Gratuit, autant de fois que vous voulez.", "One file: all your payslips, their proofs of deposit and your documents. Free, as often as you like."), f)
}

func (c *Pages) export(call *ui.Call, a *portal.Account) error {
	if recent, err := call.Recent(); !recent {
		return err
	}
	h := call.W.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "mes-documents.zip"}))
	rc := http.NewResponseController(call.W)
	if err := c.p.Export(call.Context(), a, &patient{call.W, rc}); err != nil {
		c.o.Log.ErrorContext(call.Context(), "export was cut", "err", err)
		panic(http.ErrAbortHandler) // a zip that is cut must not look whole
	}
	return nil
}

// patient lets a long answer take its time as long as it moves.
type patient struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

// slow is how long one piece of an answer may take.
const slow = 30 * time.Second

// Write implements io.Writer.
func (p *patient) Write(b []byte) (int, error) {
	p.rc.SetWriteDeadline(time.Now().Add(slow)) // where it cannot be set, the server's own holds
	return p.w.Write(b)
}
