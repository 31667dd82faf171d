package gestion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"paye/xhl/run"

	"paye/app/build"
	"paye/app/deposit"
	"paye/app/intake"
	"paye/app/slips"
	"paye/internal/lang"
	"paye/internal/progress"
	"paye/payslip"
	"paye/vault"
	"paye/web/task"
	"paye/web/ui"
)

const (
	taskDeposit = "depot"
	kindDepot   = "depot"
)

// depositData is the data of a dossier that is deposited.
type depositData struct {
	Siret   string           `json:"siret"`
	PDFOnly bool             `json:"pdf_only"`
	Archive string           `json:"archive"`
	Couleur string           `json:"couleur,omitempty"`
	Files   int              `json:"files"`
	Bytes   int64            `json:"bytes"`
	Session *vault.Versement `json:"session,omitempty"`
	Already bool             `json:"already,omitempty"`
	PDFs    int              `json:"pdfs,omitempty"`
}

// The two choices of « Déposer les bulletins de salaire ».
const (
	modeDeposit = "depot"
	modePDF     = "pdf"
)

func depositChoices(call *ui.Call) ui.Field {
	return ui.Field{Name: "mode", Type: "radios", Label: call.T("Que faire des bulletins ?", "What to do with the bulletins?"), Default: modeDeposit, Value: modeDeposit, Options: []ui.Option{
		{Value: modeDeposit, Text: call.T("Déposer automatiquement les bulletins dans le coffre-fort (recommandé)", "Deposit the bulletins in the vault automatically (recommended)")},
		{Value: modePDF, Text: call.T("Générer uniquement le PDF sans dépôt automatique", "Make the PDF only, without an automatic deposit")}}}
}

// depositable is the employer of the address for who may deposit for it.
func (c *Console) depositable(call *ui.Call) (*vault.Employeur, error) {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot)
	if err != nil {
		return nil, err
	}
	g, err := c.gate(call, e.Siret)
	if err != nil {
		return nil, err
	}
	return e, may(g.Depot, e.Siret)
}

func (c *Console) depositPage(call *ui.Call) error {
	e, err := c.depositable(call)
	if err != nil {
		return err
	}
	return c.depositView(call, e, "")
}

func (c *Console) depositView(call *ui.Call, e *vault.Employeur, wrong string) error {
	archive, _, err := c.archiveOf(call, e.Siret)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Déposer les bulletins de salaire", "Deposit the payslips"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Coffre-fort", "Vault"), Href: "/gestion/coffre/" + e.Siret}}
	p.Context = []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: e.Nom}}
	choices := depositChoices(call)
	p.Data = struct {
		Action  string
		Choices *ui.Field
		Drop    ui.Drop
		Archive string
	}{"/gestion/coffre/" + e.Siret + "/depot", &choices, ui.Drop{Name: "fichiers", Multiple: true, Error: wrong, Label: call.T("Journal de paye", "Payroll journal"),
		Hint: call.T("Le journal .xhl ou .xml du mois, ou un run.", "The journal .xhl or .xml of the month, or a run.")}, archive}
	if wrong != "" {
		return call.Again("depot", p)
	}
	return call.Render(http.StatusOK, "depot", p)
}

func (c *Console) deposit(call *ui.Call) error {
	e, err := c.depositable(call)
	if err != nil {
		return err
	}
	archive, _, err := c.archiveOf(call, e.Siret)
	if err != nil {
		return err
	}
	if archive == "" {
		return Codes.New(NoArchive)
	}
	if err := checkArchive(archive); err != nil { // before anything is deposited
		return err
	}
	d, err := c.newDossier(call.Context(), kindDepot, call.Session.Login, "")
	if err != nil {
		return err
	}
	got, err := c.take(call, d)
	if err != nil || len(got.Files) == 0 {
		if err := errors.Join(err, c.erase(call.Context(), d)); err != nil {
			return err
		}
		return c.depositView(call, e, call.Sentence(Codes.New(NothingDropped)))
	}
	d.Name = mainName(got.Files)
	data := depositData{Siret: e.Siret, PDFOnly: got.Values.Get("mode") == modePDF, Archive: archive, Files: len(got.Files), Bytes: got.Bytes}
	if err := c.save(call.Context(), d, data); err != nil {
		return err
	}
	if _, err := c.tasks.Start(call.Context(), taskDeposit, d.Owner, d.ID, nil); err != nil {
		return err
	}
	return call.Redirect("/gestion/coffre/" + e.Siret + "/depot/" + d.ID)
}

// depositing are the words for the steps of a deposit.
var depositing = map[progress.Phase]lang.Text{
	deposit.Reading:    {FR: "Lecture du journal", EN: "Reading the journal"},
	deposit.Depositing: {FR: "Dépôt des bulletins", EN: "Depositing the bulletins"},
	deposit.Archiving:  {FR: "Écriture des PDF", EN: "Writing the PDFs"},
}

// runDeposit deposits what was dropped, in the name of its owner. Run again it
// goes on where it stopped.
func (c *Console) runDeposit(ctx context.Context, r *task.Run) (any, error) {
	d, err := c.dossierOf(ctx, r.Subject)
	if err != nil {
		return nil, Codes.New(Erased)
	}
	var data depositData
	if err := json.Unmarshal(d.Data, &data); err != nil {
		return nil, fmt.Errorf("read a dossier: %w", err)
	}
	drop, err := intake.Sort(ctx, c.dropped(d))
	if err != nil {
		return nil, err
	}
	counters := new(progress.Progress)
	watch(r, counters, depositing)
	journal, err := c.encoded(ctx, d, drop.Entree)
	if err != nil {
		return nil, err
	}
	job, err := deposit.Prepare(ctx, deposit.Request{Journal: journal, Archive: data.Archive, PDFSeulement: data.PDFOnly}, deposit.Watch{Progress: counters})
	if err != nil {
		return nil, err
	}
	if job.Employeur() != data.Siret {
		return nil, Codes.New(OtherEmployer, job.Employeur())
	}
	classes, err := slips.Classes("", drop.Entree)
	if err != nil {
		return nil, err
	}
	renderer, err := payslip.New(payslip.Options{Couleur: data.Couleur, Classe: classes})
	if err != nil {
		return nil, err
	}
	if data.PDFOnly {
		if data.PDFs, err = job.WriteArchive(ctx, renderer); err != nil {
			return nil, err
		}
		return nil, c.save(ctx, d, data)
	}
	who := vault.Utilisateur(d.Owner)
	if data.Session, err = job.Earlier(ctx, c.o.Coffre, who); err != nil {
		return nil, err
	}
	if data.Already = data.Session != nil; !data.Already {
		session, err := job.Deposit(ctx, c.o.Coffre, who, renderer)
		if !session.ID.IsZero() {
			data.Session = &session
		}
		if err != nil {
			return nil, errors.Join(err, c.save(context.WithoutCancel(ctx), d, data))
		}
	}
	return nil, c.save(ctx, d, data)
}

// depositDossier is the deposit of the address.
func (c *Console) depositDossier(call *ui.Call) (*dossier, *depositData, error) {
	if _, err := c.depositable(call); err != nil {
		return nil, nil, err
	}
	d, err := c.dossier(call, kindDepot)
	if err != nil {
		return nil, nil, err
	}
	data := new(depositData)
	if err := saved(d, data); err != nil {
		return nil, nil, err
	}
	if data.Siret != call.Path("siret") {
		return nil, nil, ui.ErrNotFound
	}
	return d, data, nil
}

func (c *Console) depositState(call *ui.Call) error {
	d, _, err := c.depositDossier(call)
	if err != nil {
		return err
	}
	t, err := c.tasks.Of(call.Context(), d.ID, taskDeposit)
	if err != nil && !errors.Is(err, task.ErrUnknown) {
		return err
	}
	// The task is read before the data: one that is done has written them.
	d, data, err := c.depositDossier(call)
	if err != nil {
		return err
	}
	base := "/gestion/coffre/" + data.Siret
	p := call.Page(call.T("Dépôt de %s", "Deposit of %s", d.Name))
	p.Crumbs = []ui.NavItem{{Title: call.T("Coffre-fort", "Vault"), Href: base}}
	view := struct {
		Work *work
		Done *ui.Confirm
	}{Work: c.workOf(call, t, base+"/depot/"+d.ID)}
	if view.Work != nil && view.Work.Live != "" {
		p.Refresh = 2
	}
	if view.Work == nil {
		view.Done = depositDone(call, base, data)
	}
	p.Data = view
	return call.Render(http.StatusOK, "depose", p)
}

// depositDone is the end of a deposit, with its reference.
func depositDone(call *ui.Call, base string, data *depositData) *ui.Confirm {
	follow := ui.Link{Text: call.T("Suivre les dépôts", "Follow the deposits"), Href: base + "/suivi"}
	if data.PDFOnly {
		return &ui.Confirm{Title: call.T("Les PDF sont écrits ; rien n’a été déposé.", "The PDFs are written; nothing was deposited."), Facts: []ui.Fact{{Name: "PDF", Value: call.T("%d", "%d", data.PDFs)}, {Name: call.T("Dossier", "Folder"), Value: data.Archive}}}
	}
	if data.Session == nil {
		return nil
	}
	s := data.Session
	done := &ui.Confirm{Title: call.T("Les bulletins sont déposés.", "The bulletins are deposited."), Reference: s.ID.String(), Facts: sessionFacts(call, s),
		Next: []ui.Link{{Text: call.T("Le détail de ce dépôt", "The details of this deposit"), Href: base + "/versements/" + s.ID.String()}, follow}}
	if s.Etape == vault.Verification {
		done.Text = call.T("Les agents ne les voient pas encore : une autre personne doit valider ce dépôt.", "Agents do not see them yet: another person has to validate this deposit.")
	}
	if data.Already {
		done.Title = call.T("Ce journal était déjà déposé.", "This journal was deposited already.")
	}
	return done
}

func (c *Console) cancelDeposit(call *ui.Call) error {
	d, data, err := c.depositDossier(call)
	if err != nil {
		return err
	}
	if t, err := c.tasks.Of(call.Context(), d.ID, taskDeposit); err == nil {
		c.tasks.Cancel(t.ID)
	}
	return call.Done("/gestion/coffre/"+data.Siret+"/depot/"+d.ID, "annule")
}

func (c *Console) resumeDeposit(call *ui.Call) error {
	d, data, err := c.depositDossier(call)
	if err != nil {
		return err
	}
	t, err := c.tasks.Of(call.Context(), d.ID, taskDeposit)
	if err != nil {
		return err
	}
	if err := c.tasks.Resume(call.Context(), t.ID); err != nil {
		return err
	}
	return call.Redirect("/gestion/coffre/" + data.Siret + "/depot/" + d.ID)
}

// encoded is the journal of what was dropped: a run is encoded first.
func (c *Console) encoded(ctx context.Context, d *dossier, entree string) (string, error) {
	path, _, err := build.JournalFile(ctx, entree, c.work(d), run.EncodeOptions{}) // it goes with the folder
	return path, err
}
