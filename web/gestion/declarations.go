package gestion

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"paye/app/hire"
	"paye/due"
	"paye/vault"
	"paye/web/ui"
)

func (c *Console) dueRoutes() {
	c.Site.Private("GET /gestion/declarations", func(call *ui.Call) error { return c.declarationsView(call, "") })
	c.Site.Private("POST /gestion/declarations/controler", c.checkHires)
	c.Site.Private("POST /gestion/declarations/retours", c.receiveAnswer)
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
	t := ui.Table{Caption: call.T("Déclarations", "Declarations"), Total: len(list), Empty: call.T("Aucune déclaration n’est encore en cours.", "No declaration is under way yet."),
		Columns: []ui.Column{{Title: call.T("Matricule", "Matricule")}, {Title: call.T("Contrat", "Contract")}, {Title: call.T("Embauche", "Hire")}, {Title: call.T("État", "State")}, {Title: call.T("Lot", "Batch")}, {Title: call.T("Référence", "Reference")}, {Title: call.T("Code", "Code")}}}
	for _, s := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Matricule, Head: true}, {Text: s.Contrat}, {Text: s.Embauche.String()}, {Badge: dueBadge(call, &s)}, {Text: s.Lot}, {Text: s.Reference}, {Text: s.Code}}})
	}
	p := call.Page(call.T("Déclarations d’embauche", "Hiring declarations"))
	p.Lead = "SIRET " + b.Dossier.Employeur.SIRET
	p.Data = struct {
		Table         ui.Table
		Steps         []ui.Step
		Hires, Answer ui.Drop
	}{t, setupSteps(call, progress), ui.Drop{Name: "fichiers", Error: wrong, Accept: ".csv", Label: call.T("Embauches à contrôler", "Hires to check"), Hint: call.T("Le CSV des embauches ; rien n’est envoyé.", "The CSV of the hires; nothing is sent.")},
		ui.Drop{Name: "retour", Label: call.T("Retour reçu", "Answer received"), Hint: call.T("L’accusé ou le bordereau, tel qu’il est arrivé.", "The acknowledgment or the slip, as it arrived.")}}
	if wrong != "" {
		return call.Again("declarations", p)
	}
	return call.Render(http.StatusOK, "declarations", p)
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
			step.Kind, step.Note = ui.Warning, call.T("%d échecs", "%d failures", e.Echecs)
		}
		steps = append(steps, step)
	}
	return steps
}

// apart writes one dropped file apart and gives its path; empty for none. The
// folder goes with clean.
func (c *Console) apart(call *ui.Call) (path string, got *received, clean func(), err error) {
	dir, err := os.MkdirTemp(c.folder(), "depot-*")
	if err != nil {
		return "", nil, nil, fmt.Errorf("write what is dropped: %w", err)
	}
	clean = func() { os.RemoveAll(dir) }
	got, err = receive(call, dir)
	if err != nil || len(got.Files) == 0 {
		return "", got, clean, err
	}
	return filepath.Join(dir, filepath.FromSlash(got.Files[0])), got, clean, nil
}

// checkHires checks a list of hires, as a test: nothing leaves.
func (c *Console) checkHires(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	path, _, clean, err := c.apart(call)
	if err != nil {
		return err
	}
	defer clean()
	if path == "" {
		return c.declarationsView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	bilan, err := b.Check(call.Context(), hire.Controle{Embauches: path, Indicateur: due.Essai})
	if err != nil {
		return err
	}
	t := ui.Table{Caption: call.T("Constats", "Findings"), Total: len(bilan.Constats), Columns: []ui.Column{{Title: call.T("Contrat", "Contract")}, {Title: call.T("Champ", "Field")}, {Title: call.T("Valeur", "Value")}, {Title: call.T("Constat", "Finding")}, {Title: call.T("Code", "Code")}}}
	for _, f := range bilan.Constats {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: f.Contrat, Head: true}, {Text: string(f.Champ)}, {Text: f.Valeur}, {Text: f.Message(call.Lang)}, {Text: f.Code}}, Detail: f.Aide(call.Lang)})
	}
	verdict := ui.Notice{Kind: ui.Good, Title: call.T("Toutes les embauches peuvent être déclarées.", "All hires can be declared.")}
	if n := bilan.Erreurs(); n > 0 {
		verdict = ui.Notice{Kind: ui.Bad, Title: call.T("%s à corriger avant la déclaration.", "%s to correct before the declaration.", count(call, n, oneError, errorsWord))}
	}
	p := call.Page(call.T("Contrôle des embauches", "Check of the hires"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Déclarations", "Declarations"), Href: "/gestion/declarations"}}
	number := func(n int) string { return call.T("%d", "%d", n) }
	p.Data = struct {
		Verdict ui.Notice
		Facts   []ui.Fact
		Tables  []ui.Table
	}{verdict, []ui.Fact{{Name: call.T("Embauches", "Hires"), Value: number(bilan.Fiches)}, {Name: call.T("À déclarer", "To be declared"), Value: number(len(bilan.Declarations))}, {Name: call.T("Refusées", "Refused"), Value: number(len(bilan.Refusees))},
		{Name: call.T("Trop tôt", "Too early"), Value: number(bilan.Tot)}, {Name: call.T("Tardives", "Late"), Value: number(bilan.Tardives)}, {Name: call.T("Écartées", "Left out"), Value: number(bilan.Ecartees)}}, []ui.Table{t}}
	return call.Render(http.StatusOK, "verdict", p)
}

// receiveAnswer reads an answer and shows what became of each declaration.
func (c *Console) receiveAnswer(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	path, _, clean, err := c.apart(call)
	if err != nil {
		return err
	}
	defer clean()
	if path == "" {
		return c.declarationsView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	slip, err := b.Receive(call.Context(), path, "", "")
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
