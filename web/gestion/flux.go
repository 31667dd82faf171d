package gestion

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"paye/internal/fluxbook"
	"paye/pespj"
	"paye/vault"
	"paye/web/ui"
)

func (c *Console) fluxRoutes() {
	c.Site.Private("GET /gestion/flux", c.fluxesPage)
	c.Site.Private("GET /gestion/flux/{siret}/{mois}", c.payrollPage)
	c.Site.Private("GET /gestion/flux/{siret}/{mois}/{nomfic}", c.fluxPage)
	c.Site.Private("GET /gestion/flux/{siret}/{mois}/{nomfic}/fichier", c.volumeOf)
	c.Site.Private("GET /gestion/flux/{siret}/{mois}/{nomfic}/pieces.csv", c.fluxCSV)
	c.Site.Private("GET /gestion/flux/{siret}/{mois}/{nomfic}/renvoyer", c.resendPage)
	c.Site.Private("POST /gestion/flux/{siret}/{mois}/{nomfic}/renvoyer", c.resend)
	c.Site.Private("GET /gestion/acquittements", c.acquitPage)
	c.Site.Private("POST /gestion/acquittements", c.acquit)
	c.Site.Private("GET /gestion/acquittements/{id}", c.returnPage)
}

func payrollHref(k fluxbook.Key) string {
	return fmt.Sprintf("/gestion/flux/%s/%04d-%02d", k.Siret, k.Annee, k.Mois)
}

func fluxHref(f *fluxbook.Flux) string {
	return payrollHref(f.Key) + "/" + url.PathEscape(f.NomFic) + "?codcol=" + url.QueryEscape(f.CodCol)
}

// fluxPart is an address below that of a flux.
func fluxPart(f *fluxbook.Flux, part string) string {
	return payrollHref(f.Key) + "/" + url.PathEscape(f.NomFic) + "/" + part + "?codcol=" + url.QueryEscape(f.CodCol)
}

// follows reports whether who is signed in follows the fluxes of a SIRET.
func follows(r rights, siret string) bool { return r.any(siret, vault.DroitDepot, vault.DroitSuivi) }

// fluxesPage lists the payrolls by employer and month, what waits first.
func (c *Console) fluxesPage(call *ui.Call) error {
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	if !r.any("", vault.DroitDepot, vault.DroitSuivi) {
		return ui.ErrNotFound
	}
	lines, err := c.book.Status(call.Context(), fluxbook.Filtre{})
	if err != nil {
		return err
	}
	lines = slices.DeleteFunc(lines, func(l *fluxbook.Ligne) bool { return !follows(r, l.Siret) })
	slices.SortStableFunc(lines, func(a, b *fluxbook.Ligne) int { return b.Annee*12 + b.Mois - a.Annee*12 - a.Mois })
	t := ui.Table{Caption: call.T("Payes", "Payrolls"), Empty: call.T("Aucun flux n’est encore produit : préparez une paye en flux PES.", "No flux was made yet: prepare a payroll as PES fluxes."), Total: len(lines),
		Columns: []ui.Column{{Title: call.T("Mois", "Month")}, {Title: "SIRET"}, {Title: call.T("Budget", "Budget")}, {Title: call.T("Flux", "Fluxes"), Number: true}, {Title: call.T("Pièces acceptées", "Accepted pieces"), Number: true}, {Title: call.T("Refusées", "Refused"), Number: true}, {Title: call.T("État", "State")}}}
	for _, l := range lines {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ui.Month(call.Lang, l.Annee, l.Mois) + trainOf(l.Key), Href: payrollHref(l.Key), Head: true}, {Text: l.Siret}, {Text: l.CodCol + " / " + l.CodBud},
			{Text: strconv.Itoa(l.Fluxes), Number: true}, {Text: fmt.Sprintf("%d/%d", l.Acceptes, l.Pieces), Number: true}, {Text: strconv.Itoa(l.Refuses), Number: true}, {Badge: lineBadge(call, l)}}})
	}
	p := call.Page(call.T("Flux", "Fluxes"))
	p.Lead = call.T("Ce qui est produit, envoyé, acquitté pièce à pièce, en retard ou refusé.", "What is produced, sent, acknowledged piece by piece, late or refused.")
	p.Data = struct {
		Tables []ui.Table
		More   *ui.Link
	}{[]ui.Table{t}, &ui.Link{Text: call.T("Lire un acquittement", "Read an acknowledgment"), Href: "/gestion/acquittements"}}
	return call.Render(http.StatusOK, "fluxes", p)
}

func trainOf(k fluxbook.Key) string {
	if k.Train == "" {
		return ""
	}
	return ", " + k.Train
}

func lineBadge(call *ui.Call, l *fluxbook.Ligne) *ui.Badge {
	switch {
	case l.Refuses > 0 || l.Par[fluxbook.Refuse] > 0:
		return &ui.Badge{Kind: ui.Bad, Text: call.T("refus à traiter", "refusals to settle")}
	case l.Late > 0:
		return &ui.Badge{Kind: ui.Warning, Text: call.T("réponse en retard", "late answer")}
	case l.Par[fluxbook.Incertain]+l.Par[fluxbook.EnEnvoi] > 0:
		return &ui.Badge{Kind: ui.Stopped, Text: call.T("envoi à vérifier", "sending to be verified")}
	case l.Par[fluxbook.Produit] > 0:
		return &ui.Badge{Kind: ui.Busy, Text: call.T("à envoyer", "to be sent")}
	case l.Par[fluxbook.Clos] == l.Fluxes:
		return &ui.Badge{Kind: ui.Good, Text: call.T("clos", "closed")}
	}
	return &ui.Badge{Kind: ui.Busy, Text: call.T("réponse attendue", "answer expected")}
}

// payrollOf are the fluxes of the address.
func (c *Console) payrollOf(call *ui.Call) ([]*fluxbook.Flux, error) {
	r, err := c.rights(call)
	if err != nil {
		return nil, err
	}
	var year, month int
	if n, err := fmt.Sscanf(call.Path("mois"), "%d-%d", &year, &month); n != 2 || err != nil || !follows(r, call.Path("siret")) {
		return nil, ui.ErrNotFound
	}
	list, err := c.book.List(call.Context(), fluxbook.Filtre{Siret: call.Path("siret"), Annee: year, Mois: month})
	if err == nil && len(list) == 0 {
		err = ui.ErrNotFound
	}
	return list, err
}

// fluxTable lists the fluxes of a payroll.
func (c *Console) fluxTable(call *ui.Call, list []*fluxbook.Flux) ui.Table {
	now := c.o.Ledger.Now()
	t := ui.Table{Caption: call.T("Flux", "Fluxes"), Total: len(list), Columns: []ui.Column{{Title: "NomFic"}, {Title: call.T("Volume", "Volume"), Number: true}, {Title: call.T("Envoi", "Sending"), Number: true}, {Title: call.T("Taille", "Size"), Number: true},
		{Title: call.T("Déposé le", "Deposited on")}, {Title: call.T("Pièces acceptées", "Accepted pieces"), Number: true}, {Title: call.T("Refusées", "Refused"), Number: true}, {Title: call.T("État", "State")}}}
	for _, f := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: f.NomFic, Href: fluxHref(f), Head: true}, {Text: strconv.Itoa(f.Volume), Number: true}, {Text: strconv.Itoa(f.Envoi), Number: true}, {Text: ui.Bytes(call.Lang, f.Octets), Number: true},
			{Text: c.instant(f)}, {Text: fmt.Sprintf("%d/%d", f.Acceptes, f.Pieces), Number: true}, {Text: strconv.Itoa(f.Refuses), Number: true}, {Badge: fluxBadge(call, f, f.LateAt(now))}}, Detail: f.Message})
	}
	return t
}

func (c *Console) instant(f *fluxbook.Flux) string {
	if f.Depot.IsZero() {
		return ""
	}
	return ui.Instant(f.Depot.In(c.o.Place))
}

func fluxBadge(call *ui.Call, f *fluxbook.Flux, late bool) *ui.Badge {
	kind := map[fluxbook.Etat]ui.Kind{fluxbook.Clos: ui.Good, fluxbook.Refuse: ui.Bad, fluxbook.Acquitte: ui.Warning, fluxbook.Incertain: ui.Stopped, fluxbook.Abandonne: ui.Neutral, fluxbook.Produit: ui.Neutral}[f.Etat]
	if kind == "" {
		kind = ui.Busy
	}
	text := f.Etat.Libelle(call.Lang)
	if late {
		kind, text = ui.Warning, text+call.T(", en retard", ", late")
	}
	return &ui.Badge{Kind: kind, Text: text}
}

// fluxPage shows a flux piece by piece, with its history.
func (c *Console) fluxPage(call *ui.Call) error {
	f, err := c.fluxOf(call)
	if err != nil {
		return err
	}
	return c.fluxView(call, f, nil, nil)
}

// fluxView shows a flux, around a form that was refused if one was.
func (c *Console) fluxView(call *ui.Call, f *fluxbook.Flux, settle, giveUp *ui.Form) error {
	pieces, err := c.book.Pieces(call.Context(), f)
	if err != nil {
		return err
	}
	history, err := c.book.History(call.Context(), f)
	if err != nil {
		return err
	}
	may, err := c.mayDeposit(call, f.Siret)
	if err != nil {
		return err
	}
	p := call.Page(f.NomFic)
	p.Crumbs = []ui.NavItem{{Title: call.T("Flux", "Fluxes"), Href: "/gestion/flux"}, {Title: ui.Month(call.Lang, f.Annee, f.Mois), Href: payrollHref(f.Key)}}
	data := struct {
		Facts          []ui.Fact
		Table          ui.Table
		Steps          []ui.Step
		File           string
		Again          string // address of the page that sends refused pieces again
		Settle, GiveUp *ui.Form
	}{c.fluxFacts(call, f), piecesOfFlux(call, f, pieces), c.historySteps(call, history), fluxPart(f, "fichier"), "", settle, giveUp}
	if may {
		if data.Settle == nil {
			data.Settle = c.settleForm(call, f)
		}
		if data.GiveUp == nil {
			data.GiveUp = c.giveUpForm(call, f)
		}
		if f.Refuses > 0 {
			data.Again = fluxPart(f, "renvoyer")
		}
	}
	p.Data = data
	if settle != nil || giveUp != nil {
		return call.Again("flux", p)
	}
	return call.Render(http.StatusOK, "flux", p)
}

func (c *Console) fluxFacts(call *ui.Call, f *fluxbook.Flux) []ui.Fact {
	facts := []ui.Fact{{Name: call.T("État", "State"), Badge: fluxBadge(call, f, f.LateAt(c.o.Ledger.Now()))}, {Name: call.T("Volume", "Volume"), Value: strconv.Itoa(f.Volume)}, {Name: call.T("Taille", "Size"), Value: ui.Bytes(call.Lang, f.Octets)},
		{Name: call.T("Pièces acceptées", "Accepted pieces"), Value: fmt.Sprintf("%d/%d", f.Acceptes, f.Pieces)}}
	for _, fact := range []ui.Fact{{Name: call.T("Transaction", "Transaction"), Value: f.Transaction}, {Name: call.T("Dernier mot de la plateforme", "Last word of the platform"), Value: f.Message}} {
		if fact.Value != "" {
			facts = append(facts, fact)
		}
	}
	return facts
}

func (c *Console) historySteps(call *ui.Call, history []fluxbook.Mouvement) (steps []ui.Step) {
	for _, m := range history {
		if m.Answered() {
			m.Motif = call.T("acquittement reçu", "acknowledgment received")
		}
		steps = append(steps, ui.Step{Kind: fluxBadge(call, &fluxbook.Flux{Etat: m.Vers}, false).Kind, Text: m.Vers.Libelle(call.Lang), When: ui.Instant(m.Quand.In(c.o.Place)) + ", " + m.Qui, Note: m.Motif})
	}
	return steps
}

// piecesOfPage is how many pieces of a flux are shown at once.
const piecesOfPage = 100

// piecesOfFlux lists the pieces of a flux, what was refused first.
func piecesOfFlux(call *ui.Call, f *fluxbook.Flux, pieces []fluxbook.PieceFlux) ui.Table {
	slices.SortStableFunc(pieces, func(a, b fluxbook.PieceFlux) int { return urgency(a.Etat) - urgency(b.Etat) })
	from, _ := strconv.Atoi(call.Query("de"))
	from = min(max(from, 0), len(pieces))
	to := min(from+piecesOfPage, len(pieces))
	t := ui.Table{ID: "pieces", Caption: call.T("Pièces", "Pieces"), Total: len(pieces), CSV: fluxPart(f, "pieces.csv"), Columns: []ui.Column{{Title: "IdUnique"}, {Title: call.T("État", "State")}, {Title: call.T("Cause", "Cause")}, {Title: call.T("Nature", "Kind")}, {Title: call.T("Taille", "Size"), Number: true}}}
	for i := range pieces[from:to] {
		piece := &pieces[from+i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: piece.IdUnique, Head: true}, {Badge: pieceBadge(call, piece.Etat)}, {Text: causeOf(call, piece)}, {Text: piece.Genre}, {Text: ui.Bytes(call.Lang, piece.Octets), Number: true}}})
	}
	if from > 0 {
		t.Prev = fluxHref(f) + "&de=" + strconv.Itoa(max(0, from-piecesOfPage))
	}
	if to < len(pieces) {
		t.Next = fluxHref(f) + "&de=" + strconv.Itoa(to)
	}
	return t
}

// urgency orders pieces by what a person should look at first.
func urgency(e fluxbook.EtatPiece) int {
	switch e {
	case fluxbook.Refusee:
		return 0
	case fluxbook.SansReponse:
		return 1
	case fluxbook.Reprise:
		return 2
	}
	return 3
}

func (c *Console) fluxCSV(call *ui.Call) error {
	f, err := c.fluxOf(call)
	if err != nil {
		return err
	}
	pieces, err := c.book.Pieces(call.Context(), f)
	if err != nil {
		return err
	}
	s := newSheet(call, "pieces.csv", "nomfic", "id_unique", "nature", "octets", "etat", "code", "libelle", "repris_par")
	for i := range pieces {
		p := &pieces[i]
		s.row(f.NomFic, p.IdUnique, p.Genre, strconv.FormatInt(p.Octets, 10), string(p.Etat), p.Code, p.Libelle, p.Suite)
	}
	return s.end()
}

// fluxOf is the flux of the address.
func (c *Console) fluxOf(call *ui.Call) (*fluxbook.Flux, error) {
	list, err := c.payrollOf(call)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(f *fluxbook.Flux) bool {
		return f.NomFic == call.Path("nomfic") && (call.Query("codcol") == "" || f.CodCol == call.Query("codcol"))
	})
	if i < 0 {
		return nil, ui.ErrNotFound
	}
	return list[i], nil
}

func pieceBadge(call *ui.Call, e fluxbook.EtatPiece) *ui.Badge {
	kind := map[fluxbook.EtatPiece]ui.Kind{fluxbook.Acceptee: ui.Good, fluxbook.DejaLa: ui.Good, fluxbook.Refusee: ui.Bad, fluxbook.SansReponse: ui.Warning, fluxbook.Reprise: ui.Neutral, fluxbook.Abandonnee: ui.Neutral}[e]
	if kind == "" {
		kind = ui.Busy
	}
	return &ui.Badge{Kind: kind, Text: e.Libelle(call.Lang)}
}

// causeOf says why a piece was refused, and what carries it again.
func causeOf(call *ui.Call, p *fluxbook.PieceFlux) string {
	var text string
	if p.Code+p.Libelle != "" {
		text = pespj.CauseOf(p.Code, p.Libelle).Libelle.In(call.Lang)
	}
	if p.Libelle != "" {
		text += " (" + p.Libelle + ")"
	}
	if p.Suite != "" {
		text += " → " + p.Suite
	}
	return text
}
