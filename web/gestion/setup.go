package gestion

import (
	"errors"
	"net/http"
	"path/filepath"
	"strings"

	"paye/app/hire"
	"paye/due"
	"paye/web/ui"
)

func (c *Console) setupRoutes() {
	c.Site.Private("GET /gestion/declarations/mise-en-place", c.setupPage)
	c.Site.Private("POST /gestion/declarations/mise-en-place/{acte}", c.setup)
}

// stepName is what a step of the set-up proves.
func stepName(call *ui.Call, n int) string {
	switch n {
	case 4:
		return call.T("essai de chiffrement", "test of the encryption")
	case 5:
		return call.T("essai du serveur", "test of the server")
	}
	return call.T("clé définitive", "final key")
}

// What is recorded of the set-up.
const (
	actContact  = "contact"
	actPaths    = "chemins"
	actTestKey  = "cle-test"
	actAgree    = "conventions"
	actFinalKey = "cle-definitive"
	actConfirm  = "confirmer"
)

// act is something to record, with the form that does it.
type act struct {
	Title string
	Text  string
	Done  bool
	Form  *ui.Form
}

// setupActs are what the set-up asks for beside its three sendings, in order.
func (c *Console) setupActs(call *ui.Call, b *hire.Bureau, p *due.Progression) []*act {
	form := func(name, submit string, fields ...ui.Field) *ui.Form {
		return call.Form("/gestion/declarations/mise-en-place/"+name, submit, fields...)
	}
	save := call.T("Enregistrer", "Save")
	print := func(act string) ui.Field {
		return ui.Field{Name: "empreinte-" + act, Label: call.T("Empreinte de la clé", "Fingerprint of the key"), Required: true, Max: 130, Hint: call.T("Celle que le destinataire vous donne par un autre moyen que le courrier.", "The one that the recipient gives you by other means than mail.")}
	}
	day := ui.Field{Name: "jour", Label: call.T("Revenues le", "Came back on"), Type: "date", Required: true}
	document := ui.Field{Name: "document", Label: call.T("Document signé", "Signed document"), Type: "file"}
	d := &b.Dossier
	list := []*act{
		{Title: call.T("Prévenir le centre du début des essais", "Tell the centre that the trials begin"), Done: p.Contact,
			Form: form(actContact, save, ui.Field{Name: "qui", Label: call.T("Qui a été prévenu", "Who was told"), Required: true, Max: 100})},
		{Title: call.T("Confirmer les trois chemins", "Confirm the three paths"), Text: strings.TrimSuffix(strings.Join([]string{d.Cles, d.Travail, d.Programme}, " · "), " · "), Done: p.Chemins != "", Form: form(actPaths, call.T("Vérifier et confirmer", "Verify and confirm"))},
		{Title: call.T("Reconnaître la clé d’essai du destinataire", "Recognise the test key of the recipient"), Done: p.CleTest != "", Form: form(actTestKey, save, print(actTestKey))},
		{Title: call.T("Étapes 4 et 5 : contrôlez des embauches d’essai, puis envoyez-les comme étape", "Steps 4 and 5: check test hires, then send them as a step"), Done: p.Chiffrement.Preuve != "" && p.Serveur.Preuve != ""},
		{Title: call.T("Enregistrer le retour des conventions", "Record that the agreements came back"), Done: p.Conventions, Form: form(actAgree, save, day, document)},
		{Title: call.T("Reconnaître la clé définitive", "Recognise the final key"), Done: p.CleDefinitive != "", Form: form(actFinalKey, save, print(actFinalKey))},
		{Title: call.T("La faire confirmer par une autre personne", "Have it confirmed by another person"), Done: p.ConfirmeePar != "", Form: form(actConfirm, call.T("Confirmer", "Confirm"), print(actConfirm))},
		{Title: call.T("Étape 6 : envoyez un dernier essai sous la clé définitive", "Step 6: send a last test under the final key"), Done: p.CleFinale.Preuve != ""},
	}
	return list
}

// of finds the act that the address names.
func actOf(list []*act, name string) *act {
	for _, a := range list {
		if a.Form != nil && strings.HasSuffix(a.Form.Action, "/"+name) {
			return a
		}
	}
	return nil
}

func (c *Console) setupPage(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	p, err := b.Registre.Progression(call.Context())
	if err != nil {
		return err
	}
	return c.setupView(call, c.setupActs(call, b, p), p, false)
}

func (c *Console) setupView(call *ui.Call, list []*act, progress *due.Progression, failed bool) error {
	p := call.Page(call.T("Mise en place des déclarations", "Set-up of the declarations"))
	p.Lead = call.T("Chaque étape est un envoi et une réponse ; de vraies déclarations ne partent qu’après la dernière.", "Each step is a sending and an answer; real declarations leave only after the last one.")
	p.Crumbs = []ui.NavItem{{Title: call.T("Déclarations", "Declarations"), Href: "/gestion/declarations"}}
	p.Data = struct {
		Steps []ui.Step
		Acts  []*act
	}{setupSteps(call, progress), list}
	if failed {
		return call.Again("setup", p)
	}
	return call.Render(http.StatusOK, "setup", p)
}

// setup records one act. Keys ask for a recent proof of who it is.
func (c *Console) setup(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	progress, err := b.Registre.Progression(call.Context())
	if err != nil {
		return err
	}
	list, name := c.setupActs(call, b, progress), call.Path("acte")
	a := actOf(list, name)
	if a == nil {
		return ui.ErrNotFound
	}
	if name == actTestKey || name == actFinalKey || name == actConfirm {
		if recent, err := call.Recent(); err != nil || !recent {
			return err
		}
	}
	document := ""
	if a.Form.Files {
		dir, got, clean, err := c.apart(call)
		if err != nil {
			return err
		}
		defer clean()
		a.Form.Fill(got.Values)
		if len(got.Files) == 0 {
			a.Form.Fail("document", call.T("À joindre : le document signé.", "Attach the signed document."))
		} else {
			document = filepath.Join(dir, filepath.FromSlash(got.Files[0]))
		}
	} else {
		a.Form.Read()
	}
	if !a.Form.Failed() {
		if err := record(call, b, name, a.Form, document); err != nil {
			if err := refused(call, a.Form, err); err != nil {
				return err
			}
		}
	}
	if a.Form.Failed() {
		return c.setupView(call, list, progress, true)
	}
	return call.Done("/gestion/declarations/mise-en-place", "installation")
}

// record does what an act is for.
func record(call *ui.Call, b *hire.Bureau, name string, f *ui.Form, document string) error {
	ctx := call.Context()
	print := func() string { return strings.ToUpper(strings.ReplaceAll(f.Value("empreinte-"+name), " ", "")) }
	switch name {
	case actContact:
		return b.Contact(ctx, f.Value("qui"))
	case actPaths:
		_, err := b.Confirm(ctx)
		return err
	case actTestKey:
		return b.Key(ctx, due.EvCleTest, print())
	case actFinalKey:
		return b.Key(ctx, due.EvCleDefinitive, print())
	case actConfirm:
		return b.Key(ctx, due.EvConfirmation, print())
	}
	day, ok := due.ParseDate(f.Value("jour"))
	if !ok {
		f.Fail("jour", call.T("Une date est attendue.", "A date is expected."))
		return nil
	}
	return b.Agreements(ctx, day, document)
}
