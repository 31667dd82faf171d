package gestion

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"

	"paye/app/hire"
	"paye/due"
	"paye/internal/durable"
	"paye/vault"
	"paye/web/ui"
)

func (c *Console) dueRoutes() {
	c.Site.Private("GET /gestion/declarations", func(call *ui.Call) error { return c.declarationsView(call, "") })
	c.Site.Private("POST /gestion/declarations/controler", c.checkHires)
	c.Site.Private("GET /gestion/declarations/rh", c.sheetsPage)
	c.Site.Private("POST /gestion/declarations/rh", c.checkSheets)
	c.Site.Private("POST /gestion/declarations/retours", c.receiveAnswer)
	c.Site.Private("POST /gestion/declarations/lots/{lot}/reprendre", c.resumeBatch)
	c.Site.Private("GET /gestion/declarations/embauches/{id}", c.hiresPage)
	c.Site.Private("GET /gestion/declarations/embauches/{id}/rapport.html", c.hiresReport)
	c.Site.Private("GET /gestion/declarations/embauches/{id}/rapport.pdf", c.hiresReport)
	c.Site.Private("POST /gestion/declarations/embauches/{id}/envoyer", c.sendHires)
	c.Site.Private("POST /gestion/declarations/embauches/{id}/effacer", c.eraseHires)
	c.setupRoutes()
}

// bureau opens the office of declarations in the name of who is signed in, for
// who deposits for its employer. Whoever calls closes it.
func (c *Console) bureau(call *ui.Call) (*hire.Bureau, error) {
	if c.o.Hire == nil {
		return nil, ui.ErrNotFound
	}
	r, err := c.rights(call)
	if err != nil {
		return nil, err
	}
	b, err := c.o.Hire(call.Context(), call.Session.Login)
	if err != nil {
		return nil, err
	}
	if !r.any(b.Dossier.Employeur.SIRET, vault.DroitDepot) {
		return nil, errors.Join(ui.ErrNotFound, b.Close())
	}
	return b, nil
}

// declarationsView shows the declarations that are under way, how far the set-up
// is, and where a list of hires or an answer is dropped.
func (c *Console) declarationsView(call *ui.Call, wrong string) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	list, err := b.Registre.List(call.Context())
	if err != nil {
		return err
	}
	progress, err := b.Registre.Progression(call.Context())
	if err != nil {
		return err
	}
	checks, err := c.dossiers(call, kindHires, 10)
	if err != nil {
		return err
	}
	indicateur := indicateurField(call)
	p := call.Page(call.T("Déclarations d’embauche", "Hiring declarations"))
	p.Lead = b.Dossier.Employeur.RaisonSociale + ", SIRET " + b.Dossier.Employeur.SIRET
	p.Data = struct {
		Table, Checks ui.Table
		Steps         []ui.Step
		Hires         []ui.Drop
		Real          *ui.Field
		Answer        ui.Drop
		Sheets        bool
	}{suiviTable(call, list), c.hiresTable(call, checks), setupSteps(call, progress), []ui.Drop{
		{Name: "fichiers", Error: wrong, Accept: ".csv", Label: call.T("Embauches à contrôler", "Hires to check"), Hint: call.T("Le CSV des fiches et des contrats ; le contrôle n’envoie rien.", "The CSV of the sheets and contracts; the check sends nothing.")},
		{Name: "journal", Label: call.T("ou le journal du mois", "or the journal of the month"), Hint: call.T("Ses agents nouveaux, complétés par le CSV.", "Its new agents, completed by the CSV.")},
		{Name: "avant", Label: call.T("avec le journal du mois d’avant", "with the journal of the month before")}},
		&indicateur,
		ui.Drop{Name: "retour", Label: call.T("Retour reçu", "Answer received"), Hint: call.T("L’accusé ou le bordereau, tel qu’il est arrivé.", "The acknowledgment or the slip, as it arrived.")}, c.seesHR(call) == nil}
	if wrong != "" {
		return call.Again("declarations", p)
	}
	return call.Render(http.StatusOK, "declarations", p)
}

// indicateurField asks whether declarations count.
func indicateurField(call *ui.Call) ui.Field {
	return ui.Field{Name: "indicateur", Type: "radios", Label: call.T("Les déclarations sont", "The declarations are"), Value: indicateurEssai, Default: indicateurEssai, Options: []ui.Option{
		{Value: indicateurEssai, Text: call.T("d’essai", "tests"), Hint: call.T("Elles n’ont aucune valeur.", "They have no value.")}, {Value: indicateurReel, Text: call.T("réelles", "real"), Hint: call.T("Le SIRET est redemandé avant l’envoi.", "The SIRET is asked for again before sending.")}}}
}

// suiviTable lists the declarations; one whose message may not have arrived can
// be sent again, the same bytes.
func suiviTable(call *ui.Call, list []due.Suivi) ui.Table {
	t := ui.Table{Caption: call.T("Déclarations", "Declarations"), Total: len(list), Empty: call.T("Aucune déclaration n’est encore en cours.", "No declaration is under way yet."),
		Columns: []ui.Column{{Title: call.T("Matricule", "Matricule")}, {Title: call.T("Contrat", "Contract")}, {Title: call.T("Embauche", "Hire")}, {Title: call.T("État", "State")}, {Title: call.T("Lot", "Batch")}, {Title: call.T("Référence", "Reference")}, {Title: call.T("Code", "Code")}, {Title: call.T("À faire", "To do")}}}
	for _, s := range list {
		row := []ui.Cell{{Text: s.Matricule, Head: true}, {Text: s.Contrat}, {Text: fmt.Sprintf("%02d/%02d/%04d", s.Embauche.Jour, s.Embauche.Mois, s.Embauche.Annee)}, {Badge: dueBadge(call, &s)}, {Text: s.Lot}, {Text: s.Reference}, {Text: s.Code}, {}}
		if s.Incertain && s.Lot != "" {
			row[7].Post = &ui.Post{Action: "/gestion/declarations/lots/" + url.PathEscape(s.Lot) + "/reprendre", Text: call.T("Renvoyer le même message", "Send the same message again"), About: s.Lot}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	return t
}

// resumeBatch sends again a batch that may not have arrived: the same bytes
// under the same number, which the other side knows again.
func (c *Console) resumeBatch(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if _, err := b.Resume(call.Context(), call.Path("lot")); err != nil {
		return err
	}
	return call.Done("/gestion/declarations", "lot-renvoye")
}

func dueBadge(call *ui.Call, s *due.Suivi) *ui.Badge {
	switch {
	case s.Tardive:
		return &ui.Badge{Kind: ui.Bad, Text: s.Etat.Libelle(call.Lang) + call.T(", tardive", ", late")}
	case s.Incertain:
		return &ui.Badge{Kind: ui.Stopped, Text: call.T("envoi à vérifier", "sending to be verified")}
	case s.Code != "":
		return &ui.Badge{Kind: ui.Warning, Text: s.Etat.Libelle(call.Lang)}
	}
	return &ui.Badge{Kind: ui.Neutral, Text: s.Etat.Libelle(call.Lang)}
}

// setupSteps are the three steps that open the channel: one sending and one
// answer each.
func setupSteps(call *ui.Call, p *due.Progression) []ui.Step {
	var steps []ui.Step
	for i, text := range []string{call.T("Essai de chiffrement", "Test of the encryption"), call.T("Essai du serveur", "Test of the server"), call.T("Clé définitive", "Final key")} {
		e := p.Etape(i + 4)
		step := ui.Step{Kind: ui.Neutral, Text: text}
		switch {
		case e.Preuve != "":
			step.Kind, step.Note = ui.Good, call.T("validé par le lot %s", "validated by batch %s", e.Preuve)
		case e.Awaits != "":
			step.Kind, step.Note = ui.Busy, call.T("réponse attendue au lot %s", "answer to batch %s expected", e.Awaits)
		case e.Echecs > 0:
			step.Kind, step.Note = ui.Warning, call.T("%d échec{s}", "%d failure{s}", e.Echecs)
		}
		steps = append(steps, step)
	}
	return steps
}

// apart writes dropped files apart. The folder goes with clean.
func (c *Console) apart(call *ui.Call) (dir string, got *received, clean func(), err error) {
	scratch, err := durable.NewScratch(c.folder(), "depot-")
	if err != nil {
		return "", nil, nil, fmt.Errorf("write what is dropped: %w", err)
	}
	clean = func() { scratch.Close() }
	if got, err = receive(call, scratch.Dir); err != nil {
		clean()
	}
	return scratch.Dir, got, clean, err
}

// receiveAnswer reads an answer and shows what became of each declaration.
func (c *Console) receiveAnswer(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	dir, got, clean, err := c.apart(call)
	if err != nil {
		return err
	}
	defer clean()
	if len(got.Files) == 0 {
		return c.declarationsView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	slip, err := b.Receive(call.Context(), filepath.Join(dir, filepath.FromSlash(got.Files[0])), "", "")
	if err != nil {
		return err
	}
	t := ui.Table{Caption: call.T("Lot %s", "Batch %s", slip.Lot), Total: len(slip.Lignes), Columns: []ui.Column{{Title: call.T("Matricule", "Matricule")}, {Title: call.T("Contrat", "Contract")}, {Title: call.T("État", "State")}, {Title: call.T("Référence", "Reference")}, {Title: call.T("Cause", "Cause")}}}
	for _, l := range slip.Lignes {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Matricule, Head: true}, {Text: l.Contrat}, {Text: l.Etat.Libelle(call.Lang)}, {Text: l.Reference}, {Text: l.Code + " " + l.Texte}}})
	}
	verdict := ui.Notice{Kind: ui.Good, Title: call.T("Le fichier est accepté.", "The file is accepted.")}
	if !slip.Accepte {
		verdict = ui.Notice{Kind: ui.Bad, Title: call.T("Le fichier est refusé.", "The file is refused."), Text: slip.Texte, Code: slip.Code}
	}
	p := call.Page(call.T("Retour lu", "Answer read"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Déclarations", "Declarations"), Href: "/gestion/declarations"}}
	p.Data = struct {
		Verdict ui.Notice
		Facts   []ui.Fact
		Tables  []ui.Table
	}{verdict, nil, []ui.Table{t}}
	return call.Render(http.StatusOK, "verdict", p)
}
