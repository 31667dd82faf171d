package coffre

import (
	"bytes"
	"fmt"
	"net/http"

	"paye/app/portal"
	"paye/web/ui"
)

func (c *Pages) shareRoutes() {
	c.private("GET "+Home+"/documents/{id}/envoyer", c.sendPage)
	c.private("POST "+Home+"/documents/{id}/envoyer", c.send)
	c.private("GET "+Home+"/partages", c.shares)
	c.private("POST "+Home+"/partages/{partage}/fin", c.endShare)
	c.Site.Public("GET "+Home+"/partage/{mot}", c.sharePage)
	c.Site.Public("POST "+Home+"/partage/{mot}", c.openShare)
	c.private("GET "+Home+"/mes-documents", c.pieces)
	c.private("POST "+Home+"/mes-documents", c.addPiece)
	c.private("GET "+Home+"/mes-documents/{piece}", c.piece)
	c.private("POST "+Home+"/mes-documents/{piece}/supprimer", c.removePiece)
}

func (c *Pages) sendPage(call *ui.Call, a *portal.Account) error {
	d, err := c.docOf(call, a)
	if err != nil {
		return err
	}
	return press(call, Home+"/documents/"+d.ID.String()+"/envoyer", call.T("Envoyer : %s", "Send: %s", title(call, d)),
		call.T("Un bulletin dit beaucoup de vous. Le lien finit dans 7 jours, ne s’ouvre qu’avec un code, se compte et se reprend. Donnez le code autrement que le lien : par téléphone, par exemple.", "A payslip says much about you. The link ends in 7 days, opens with a code only, is counted and can be taken back. Give the code by another way than the link: by telephone, for example."), call.T("Faire le lien", "Make the link"))
}

func (c *Pages) send(call *ui.Call, a *portal.Account) error {
	d, err := c.docOf(call, a)
	if err != nil {
		return err
	}
	word, code, err := c.p.NewShare(call.Context(), a, d.ID)
	if err != nil {
		return err
	}
	return done(call, call.T("Le lien est prêt", "The link is ready"), ui.Confirm{Title: title(call, d), Text: call.T("Copiez les deux maintenant : ils ne seront plus montrés.", "Copy both now: they will not be shown again."),
		Facts: []ui.Fact{{Name: call.T("Lien", "Link"), Value: call.Origin() + Home + "/partage/" + word}, {Name: call.T("Code, à donner autrement", "Code, to be given another way"), Value: code}},
		Next:  []ui.Link{{Text: call.T("Mes liens", "My links"), Href: Home + "/partages"}}})
}

func (c *Pages) shares(call *ui.Call, a *portal.Account) error {
	list, err := c.p.Shares(call.Context(), a)
	if err != nil {
		return err
	}
	t := ui.Table{ID: "partages", Caption: call.T("Liens", "Links"), Columns: []ui.Column{{Title: "Document"}, {Title: call.T("État", "State")}, {Title: call.T("Ouvert", "Opened"), Number: true}, {Title: call.T("Fait le", "Made on")}, {Title: call.T("Finit le", "Ends on")}},
		Empty: call.T("Aucun lien. Ouvrez un bulletin, puis « Envoyer à quelqu’un ».", "No link. Open a payslip, then “Send to somebody”.")}
	for _, s := range list {
		last := ui.Cell{Badge: &ui.Badge{Kind: ui.Neutral, Text: call.T("fini", "ended")}}
		if !s.Over(c.o.Ledger.Now()) {
			last = ui.Cell{Post: &ui.Post{Action: Home + "/partages/" + s.ID + "/fin", Text: call.T("Reprendre", "Take back"), About: s.Title, Danger: true}}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Title, Head: true}, last, {Text: fmt.Sprint(s.Opens), Number: true}, {Text: ui.Instant(s.Made)}, {Text: ui.Instant(s.Until)}}})
	}
	p := call.Page(call.T("Liens envoyés", "Links sent"))
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "tables", p)
}

func (c *Pages) endShare(call *ui.Call, a *portal.Account) error {
	if err := c.p.EndShare(call.Context(), a, call.Path("partage")); err != nil {
		return err
	}
	return call.Done(Home+"/partages", "repris")
}

func shareForm(call *ui.Call) *ui.Form {
	return call.Form(Home+"/partage/"+call.Path("mot"), call.T("Ouvrir", "Open"), ui.Field{Name: "code", Label: call.T("Code", "Code"), Required: true, Autocomplete: "off", Max: 20, Size: 12,
		Hint: call.T("La personne qui vous a envoyé le lien vous l’a donné autrement.", "Who sent you the link gave it to you another way.")})
}

func (c *Pages) sharePage(call *ui.Call) error {
	if err := c.p.ShareOpen(call.Context(), call.Path("mot")); err != nil {
		return err
	}
	return show(call, call.T("Document envoyé", "Document sent"), "", shareForm(call))
}

func (c *Pages) openShare(call *ui.Call) error {
	f := shareForm(call)
	var b bytes.Buffer
	if f.Read() {
		_, err := c.p.ReadShare(call.Context(), call.Path("mot"), f.Value("code"), &b)
		if err := refused(call, f, "code", err); err != nil {
			return err
		}
	}
	if f.Failed() {
		return again(call, call.T("Document envoyé", "Document sent"), "", f)
	}
	sandboxed(call.W.Header(), "application/pdf", "attachment", "document.pdf")
	call.W.Write(b.Bytes()) // who went away opens it again
	return nil
}

func (c *Pages) piecesView(call *ui.Call, a *portal.Account, wrong string) *ui.Page {
	t := ui.Table{ID: "pieces", Caption: call.T("Mes documents", "My own documents"), Columns: []ui.Column{{Title: "Document"}, {Title: call.T("Action", "Action")}, {Title: call.T("Ajouté le", "Added on")}, {Title: call.T("Taille", "Size"), Number: true}}}
	for _, x := range a.Pieces {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name, Href: Home + "/mes-documents/" + x.ID, Head: true}, {Post: &ui.Post{Action: Home + "/mes-documents/" + x.ID + "/supprimer", Text: call.T("Supprimer", "Delete"), About: x.Name, Danger: true}},
			{Text: ui.Date(x.Date)}, {Text: ui.Bytes(call.Lang, x.Size), Number: true}}})
	}
	p := call.Page(call.T("Mes documents", "My own documents"))
	p.Lead = call.T("Votre espace à vous, à part de ce que l’employeur dépose. Il n’y voit rien.", "A space of your own, apart from what the employer deposits. He sees nothing of it.")
	p.Data = struct {
		Drop  ui.Drop
		Table ui.Table
	}{ui.Drop{Name: "fichier", Label: call.T("Ajouter un document", "Add a document"), Hint: call.T("PDF, JPEG ou PNG, 10 Mo au plus.", "PDF, JPEG or PNG, 10 MB at most."), Accept: ".pdf,.jpg,.jpeg,.png", Error: wrong}, t}
	return p
}

func (c *Pages) pieces(call *ui.Call, a *portal.Account) error {
	return call.Render(http.StatusOK, "pieces", c.piecesView(call, a, ""))
}

func (c *Pages) addPiece(call *ui.Call, a *portal.Account) error {
	call.R.Body = http.MaxBytesReader(call.W, call.R.Body, portal.MaxPiece+1<<20)
	file, head, err := call.R.FormFile("fichier")
	if err != nil {
		return call.Again("pieces", c.piecesView(call, a, call.Sentence(portal.Codes.New(portal.FileRefused, "10 Mo"))))
	}
	defer file.Close()
	f := call.Form("", "", ui.Field{Name: "fichier", Type: "file"})
	err = c.p.AddPiece(call.Context(), a.ID, head.Filename, file)
	if err := refused(call, f, "fichier", err); err != nil {
		return err
	}
	if f.Failed() {
		return call.Again("pieces", c.piecesView(call, a, f.Field("fichier").Error))
	}
	return call.Done(Home+"/mes-documents", "ajoute")
}

func (c *Pages) piece(call *ui.Call, a *portal.Account) error {
	x, b, err := c.p.ReadPiece(a, call.Path("piece"))
	if err != nil {
		return err
	}
	if x == nil {
		return ui.ErrNotFound
	}
	sandboxed(call.W.Header(), x.Type, "attachment", x.Name)
	call.W.Write(b) // who went away asks again
	return nil
}

func (c *Pages) removePiece(call *ui.Call, a *portal.Account) error {
	if err := c.p.RemovePiece(call.Context(), a.ID, call.Path("piece")); err != nil {
		return err
	}
	return call.Done(Home+"/mes-documents", "supprime")
}
