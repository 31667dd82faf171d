package gestion

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"

	"paye/internal/identifiants"
	"paye/vault"
	"paye/vault/remise"
	"paye/web/ui"
)

func (c *Console) employerRoutes() {
	c.Site.Private("GET /gestion/employeurs", c.employersPage)
	c.Site.Private("POST /gestion/employeurs", c.addEmployer)
	c.Site.Private("GET /gestion/employeurs/{siret}", c.employerPage)
	c.Site.Private("POST /gestion/employeurs/{siret}", c.changeEmployer)
}

func (c *Console) employersPage(call *ui.Call) error {
	return c.employersView(call, c.newEmployerForm(call))
}

func (c *Console) newEmployerForm(call *ui.Call) *ui.Form {
	return call.Form("/gestion/employeurs", call.T("Enregistrer", "Record"),
		ui.Field{Name: "siret", Label: "SIRET", Required: true, Max: 20, Size: 18, Inputmode: "numeric", Hint: call.T("14 chiffres.", "14 digits.")},
		ui.Field{Name: "nom", Label: call.T("Nom", "Name"), Required: true, Max: 200, Autocomplete: "organization"}).WithOnce()
}

func (c *Console) employersView(call *ui.Call, f *ui.Form) error {
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	if !r.any("", vault.DroitComptes) {
		return ui.ErrNotFound
	}
	list, err := c.employers(call, r, vault.DroitComptes)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: call.T("Employeurs", "Employers"), Empty: call.T("Aucun employeur n’est enregistré.", "No employer is recorded."), Columns: []ui.Column{{Title: call.T("Nom", "Name")}, {Title: "SIRET"}, {Title: call.T("Coffre-fort", "Vault")}}}
	for _, e := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: e.Nom, Href: "/gestion/employeurs/" + e.Siret, Head: true}, {Text: e.Siret}, {Badge: activeBadge(call, e.Actif)}}})
	}
	p := call.Page(call.T("Employeurs", "Employers"))
	p.Data = struct {
		Table ui.Table
		Form  *ui.Form
		New   bool
	}{t, f, r.overAll(vault.DroitComptes)}
	if f.Failed() {
		return call.Again("employers", p)
	}
	return call.Render(http.StatusOK, "employers", p)
}

func activeBadge(call *ui.Call, on bool) *ui.Badge {
	if on {
		return &ui.Badge{Kind: ui.Good, Text: call.T("ouvert", "open")}
	}
	return &ui.Badge{Kind: ui.Neutral, Text: call.T("fermé", "shut")}
}

func (c *Console) addEmployer(call *ui.Call) error {
	f := c.newEmployerForm(call)
	siret := ""
	if f.Read() {
		siret = strings.Join(strings.Fields(f.Value("siret")), "")
		if err := identifiants.CheckSIRET(siret); err != nil {
			f.Fail("siret", call.T("Ce SIRET ne se lit pas : 14 chiffres et une clé juste.", "This SIRET cannot be read: 14 digits and a right key."))
		}
	}
	if f.Failed() {
		return c.employersView(call, f)
	}
	err := c.o.Coffre.Registre().AddEmployeur(call.Context(), par(call), siret, f.Value("nom"), nil)
	if err != nil {
		if err := refused(call, f, err); err != nil {
			return err
		}
		return c.employersView(call, f)
	}
	return call.Done("/gestion/employeurs/"+siret, "employeur")
}

// kindArchive is the fiche that says where the PDFs of an employer are kept in
// clear before their deposit.
const kindArchive = "web.archive"

func (c *Console) archiveOf(call *ui.Call, siret string) (string, int64, error) {
	b, version, err := store{c.o.Coffre}.Get(call.Context(), kindArchive, siret)
	if err != nil || b == nil {
		return "", version, err
	}
	path, err := strconv.Unquote(string(b))
	return path, version, err
}

func (c *Console) employerForm(call *ui.Call, e *vault.Employeur, archive string) *ui.Form {
	oui := func(b bool) string {
		if b {
			return "oui"
		}
		return ""
	}
	return call.Form("/gestion/employeurs/"+e.Siret, call.T("Enregistrer", "Save"),
		ui.Field{Name: "nom", Label: call.T("Nom", "Name"), Required: true, Default: e.Nom},
		ui.Field{Name: "actif", Type: "checkbox", Label: call.T("Bulletin de salaire au format électronique", "Payslips in electronic form"), Default: oui(e.Actif)},
		ui.Field{Name: "double", Type: "checkbox", Label: call.T("Une deuxième personne valide chaque dépôt", "A second person validates each deposit"), Default: oui(e.DoubleValidation)},
		ui.Field{Name: "conservation", Type: "select", Label: call.T("Conservation du double de l’employeur", "Retention of the employer’s double"), Default: strconv.Itoa(e.Conservation),
			Options: []ui.Option{{Value: "5", Text: call.T("5 ans (Code du travail L.3243-4)", "5 years (Code du travail L.3243-4)")}, {Value: "10", Text: call.T("10 ans (Code de commerce L.123-22)", "10 years (Code de commerce L.123-22)")}}},
		ui.Field{Name: "archive", Label: call.T("Archivage de documents", "Document archive"), Default: archive, Max: 500,
			Hint: call.T("Dossier du serveur où chaque PDF est gardé en clair avant son dépôt. Il doit exister.", "Folder of the server where each PDF is kept in clear before its deposit. It has to exist.")})
}

func (c *Console) employerPage(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitComptes)
	if err != nil {
		return err
	}
	archive, _, err := c.archiveOf(call, e.Siret)
	if err != nil {
		return err
	}
	return employerView(call, e, c.employerForm(call, e, archive))
}

func employerView(call *ui.Call, e *vault.Employeur, f *ui.Form) error {
	p := call.Page(e.Nom)
	p.Lead = "SIRET " + e.Siret
	p.Crumbs = []ui.NavItem{{Title: call.T("Employeurs", "Employers"), Href: "/gestion/employeurs"}}
	p.Data = struct{ Form *ui.Form }{f}
	if f.Failed() {
		return call.Again("form", p)
	}
	return call.Render(http.StatusOK, "form", p)
}

func (c *Console) changeEmployer(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitComptes)
	if err != nil {
		return err
	}
	f := c.employerForm(call, e, "")
	if f.Read() && f.Value("archive") != "" {
		if err := checkArchive(f.Value("archive")); err != nil {
			if err := refusedField(call, f, "archive", err); err != nil {
				return err
			}
		}
	}
	if f.Failed() {
		return employerView(call, e, f)
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	years, err := strconv.Atoi(f.Value("conservation"))
	if err != nil {
		return ui.ErrNotFound
	}
	was := e.Actif
	err = c.o.Coffre.Registre().SetEmployeur(call.Context(), par(call), e.Siret, func(e *vault.Employeur) {
		e.Nom, e.Actif, e.DoubleValidation, e.Conservation = f.Value("nom"), f.Value("actif") == "oui", f.Value("double") == "oui", years
	})
	if err == nil {
		err = c.setArchive(call, e.Siret, f.Value("archive"))
	}
	if err == nil && !was && f.Value("actif") == "oui" {
		_, err = c.o.Coffre.Comptes().MigrateDroits(call.Context(), par(call), e.Siret)
	}
	if err != nil {
		if err := refused(call, f, err); err != nil {
			return err
		}
		return employerView(call, e, f)
	}
	return call.Done("/gestion/employeurs/"+e.Siret, "employeur")
}

func (c *Console) setArchive(call *ui.Call, siret, path string) error {
	old, version, err := c.archiveOf(call, siret)
	if err != nil || old == path {
		return err
	}
	return store{c.o.Coffre}.Put(call.Context(), kindArchive, siret, []byte(strconv.Quote(path)), version)
}

// checkArchive refuses a folder that cannot take PDFs.
func checkArchive(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return vault.Codes.New("COF-601", path)
	}
	return (&remise.Archive{Dossier: path}).Check()
}

// refusedField notes an anomaly at a field.
func refusedField(call *ui.Call, f *ui.Form, name string, err error) error {
	before := len(f.Errors)
	if err := refused(call, f, err); err != nil {
		return fmt.Errorf("judge a field: %w", err)
	}
	text := f.Errors[before].Text
	f.Errors = f.Errors[:before]
	f.Fail(name, text)
	return nil
}
