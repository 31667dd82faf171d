package gestion

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"paye/app/hire"
	"paye/due"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/web/ui"
)

// kindHires is a dossier of hires that are checked, and sent from there.
const kindHires = "embauches"

// Whether declarations count.
const (
	indicateurEssai = "essai"
	indicateurReel  = "reel"
)

// hires is the data of such a dossier.
type hires struct {
	Indicateur     string                `json:"indicateur"`
	Hires          string                `json:"hires,omitempty"` // names below what was dropped
	Journal        string                `json:"journal,omitempty"`
	Before         string                `json:"before,omitempty"`
	Since          string                `json:"since,omitempty"` // contracts of the HR tool that begin that day or later,
	Terms          map[string]hire.Terms `json:"terms,omitempty"` // by number, with what their sheets do not say
	Fiches         int                   `json:"fiches"`
	Declarables    int                   `json:"declarables"`
	Refusees       int                   `json:"refusees"`
	Tot            int                   `json:"tot"`
	Tardives       int                   `json:"tardives"`
	Ecartees       int                   `json:"ecartees"`
	Erreurs        int                   `json:"erreurs"`
	Avertissements int                   `json:"avertissements"`
	Constats       []finding             `json:"constats,omitempty"`
	Stop           *lang.Text            `json:"stop,omitempty"` // why nothing may be written
	Sent           []sentBatch           `json:"sent,omitempty"`
}

// finding is what a check says of a hire.
type finding struct {
	Contrat string    `json:"contrat,omitempty"`
	Champ   string    `json:"champ,omitempty"`
	Valeur  string    `json:"valeur,omitempty"`
	Code    string    `json:"code"`
	Message lang.Text `json:"message"`
	Aide    lang.Text `json:"aide"`
	Error   bool      `json:"error,omitempty"`
}

// sentBatch is a file that left, or that would have.
type sentBatch struct {
	Lot    string    `json:"lot"`
	Nom    string    `json:"nom"`
	Nombre int       `json:"nombre"`
	SHA256 string    `json:"sha256"`
	Left   bool      `json:"left,omitempty"`
	Etape  int       `json:"etape,omitempty"`
	When   time.Time `json:"when"`
}

// controle is what is asked of the check of a dossier.
func (c *Console) controle(call *ui.Call, b *hire.Bureau, d *dossier, h *hires) (hire.Controle, error) {
	below := func(name string) string {
		if name == "" {
			return ""
		}
		return filepath.Join(c.dropped(d), filepath.FromSlash(name))
	}
	what := hire.Controle{Embauches: below(h.Hires), Indicateur: due.Essai}
	if h.Indicateur == indicateurReel {
		what.Indicateur = due.Reel
	}
	switch {
	case h.Since != "":
		sheets, _, err := c.hrHires(call, h.Since)
		if err != nil {
			return what, err
		}
		what.Journal = b.Chosen(sheets, h.Terms)
	case h.Journal != "":
		what.Journal = hire.NewAgents(call.Context(), below(h.Before), below(h.Journal))
	}
	return what, nil
}

// firstCheck checks the hires of a new dossier and keeps what was found.
func (c *Console) firstCheck(call *ui.Call, b *hire.Bureau, d *dossier, h *hires) error {
	what, err := c.controle(call, b, d, h)
	if err != nil {
		return err
	}
	bilan, err := b.Check(call.Context(), what)
	if err != nil {
		return err
	}
	h.take(bilan)
	if err := c.writeReports(d, bilan); err != nil {
		return err
	}
	return c.save(call.Context(), d, h)
}

// checkHires checks the hires of a form: nothing leaves.
func (c *Console) checkHires(call *ui.Call) (err error) {
	b, err := c.bureau(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	d, err := c.newDossier(call.Context(), kindHires, call.Session.Login, "")
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			err = errors.Join(err, c.erase(call.Context(), d))
		}
	}()
	got, err := receive(call, c.dropped(d))
	if err != nil {
		return err
	}
	h := &hires{Indicateur: indicateurEssai, Hires: got.Of["fichiers"], Journal: got.Of["journal"], Before: got.Of["avant"]}
	if got.Values.Get("indicateur") == indicateurReel {
		h.Indicateur = indicateurReel
	}
	switch {
	case h.Journal != "" && h.Before == "":
		return c.declarationsView(call, call.T("Le journal va avec celui du mois d’avant : les nouveaux sont ceux qui n’y sont pas.", "The journal goes with that of the month before: the new ones are those that it lacks."))
	case h.Hires == "" && h.Journal == "":
		return c.declarationsView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	d.Name = filepath.Base(h.Hires + h.Journal)
	if h.Hires != "" {
		d.Name = filepath.Base(h.Hires)
	}
	if err := c.firstCheck(call, b, d, h); err != nil {
		return err
	}
	kept = true
	return call.Redirect(hiresHref(d))
}

func hiresHref(d *dossier) string { return "/gestion/declarations/embauches/" + d.ID }

// take notes what a check found.
func (h *hires) take(b *due.Bilan) {
	h.Fiches, h.Declarables, h.Refusees, h.Tot, h.Tardives, h.Ecartees = b.Fiches, len(b.Declarations), len(b.Refusees), b.Tot, b.Tardives, b.Ecartees
	h.Erreurs, h.Avertissements, h.Constats, h.Stop = b.Erreurs(), b.Avertissements(), nil, nil
	for _, f := range b.Constats {
		h.Constats = append(h.Constats, finding{Contrat: f.Contrat, Champ: string(f.Champ), Valeur: f.Valeur, Code: f.Code, Error: f.Gravite == anomalie.Erreur,
			Message: lang.Text{FR: f.Message(lang.French), EN: f.Message(lang.English)}, Aide: lang.Text{FR: f.OnPage(lang.French), EN: f.OnPage(lang.English)}})
	}
	var a *anomalie.Anomalie
	if err := b.Declarable(); errors.As(err, &a) {
		h.Stop = bothSentences(a)
	}
}

// writeReports keeps the report of a check, to be printed or mailed.
func (c *Console) writeReports(d *dossier, b *due.Bilan) error {
	for _, l := range []lang.Language{lang.French, lang.English} {
		doc := b.Rapport(l)
		var html, pdf bytes.Buffer
		if err := errors.Join(doc.WriteHTML(&html), doc.WritePDF(&pdf)); err != nil {
			return fmt.Errorf("write the report of a check: %w", err)
		}
		if err := errors.Join(durable.WriteFile(c.hiresReportOf(d, l, "html"), html.Bytes()), durable.WriteFile(c.hiresReportOf(d, l, "pdf"), pdf.Bytes())); err != nil {
			return fmt.Errorf("write the report of a check: %w", err)
		}
	}
	return nil
}

func (c *Console) hiresReportOf(d *dossier, l lang.Language, ext string) string {
	return filepath.Join(c.work(d), "rapport-"+l.String()+"."+ext)
}

// hiresOf is the dossier of the address, for who may declare.
func (c *Console) hiresOf(call *ui.Call) (*hire.Bureau, *dossier, *hires, error) {
	b, err := c.bureau(call)
	if err != nil {
		return nil, nil, nil, err
	}
	d, err := c.dossier(call, kindHires)
	h := new(hires)
	if err == nil {
		err = saved(d, h)
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, b.Close())
	}
	return b, d, h, nil
}

func (c *Console) hiresPage(call *ui.Call) (err error) {
	b, d, h, err := c.hiresOf(call)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	f, err := c.sendForm(call, b, d, h)
	if err != nil {
		return err
	}
	return c.hiresView(call, d, h, f)
}

// hiresView shows a check, with the form that sends what may leave.
func (c *Console) hiresView(call *ui.Call, d *dossier, h *hires, f *ui.Form) error {
	t := ui.Table{ID: "constats", Caption: call.T("Constats", "Findings"), Total: len(h.Constats), Empty: call.T("Rien à corriger.", "Nothing to correct."), Columns: []ui.Column{{Title: call.T("Contrat", "Contract")}, {Title: call.T("Gravité", "Gravity")}, {Title: call.T("Champ", "Field")}, {Title: call.T("Valeur", "Value")}, {Title: call.T("Constat", "Finding")}, {Title: call.T("Code", "Code")}}}
	for _, one := range h.Constats {
		badge := &ui.Badge{Kind: ui.Warning, Text: call.T("avertissement", "warning")}
		if one.Error {
			badge = &ui.Badge{Kind: ui.Bad, Text: call.T("erreur", "error")}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Contrat, Head: true}, {Badge: badge}, {Text: one.Champ}, {Text: one.Valeur}, {Text: sentenceOf(one.Message.In(call.Lang))}, {Text: one.Code}}, Detail: sentenceOf(one.Aide.In(call.Lang))})
	}
	p := call.Page(call.T("Contrôle des embauches", "Check of the hires"))
	p.Lead = d.Name
	p.Crumbs = []ui.NavItem{{Title: call.T("Déclarations", "Declarations"), Href: "/gestion/declarations"}}
	verdict := h.verdict(call)
	p.Data = struct {
		Verdict ui.Notice
		Stop    *ui.Notice
		Facts   []ui.Fact
		Table   ui.Table
		Sent    ui.Table
		Form    *ui.Form
		Base    string
	}{verdict, h.stopNotice(call, verdict), h.facts(call), t, c.sentTable(call, h), f, hiresHref(d)}
	if f != nil && f.Failed() {
		return call.Again("hires", p)
	}
	return call.Render(http.StatusOK, "hires", p)
}

func (h *hires) verdict(call *ui.Call) ui.Notice {
	if h.Erreurs > 0 {
		return ui.Notice{Kind: ui.Bad, Title: call.T("%d erreur{s} à corriger avant la déclaration.", "%d error{s} to correct before the declaration.", h.Erreurs)}
	}
	return ui.Notice{Kind: ui.Good, Title: call.T("Toutes les embauches peuvent être déclarées.", "All hires can be declared.")}
}

// stopNotice says why nothing may be written, where the verdict does not.
func (h *hires) stopNotice(call *ui.Call, v ui.Notice) *ui.Notice {
	if h.Stop == nil || v.Kind == ui.Bad {
		return nil
	}
	return &ui.Notice{Kind: ui.Warning, Title: h.Stop.In(call.Lang)}
}

func (h *hires) facts(call *ui.Call) []ui.Fact {
	facts := []ui.Fact{{Name: call.T("Indicateur", "Indicator"), Value: call.T("essai", "test")}}
	if h.Indicateur == indicateurReel {
		facts[0].Value = call.T("réel", "real")
	}
	for _, f := range []struct {
		name string
		n    int
	}{{call.T("Embauches", "Hires"), h.Fiches}, {call.T("À déclarer", "To be declared"), h.Declarables}, {call.T("Refusées", "Refused"), h.Refusees}, {call.T("Trop tôt", "Too early"), h.Tot}, {call.T("Tardives", "Late"), h.Tardives}, {call.T("Écartées", "Left out"), h.Ecartees}} {
		facts = append(facts, ui.Fact{Name: f.name, Value: call.T("%d", "%d", f.n)})
	}
	return facts
}

func (c *Console) sentTable(call *ui.Call, h *hires) ui.Table {
	t := ui.Table{ID: "envois", Caption: call.T("Fichiers", "Files"), Columns: []ui.Column{{Title: call.T("Lot", "Batch")}, {Title: call.T("Fichier", "File")}, {Title: call.T("Déclarations", "Declarations"), Number: true}, {Title: call.T("État", "State")}, {Title: call.T("Le", "On")}, {Title: "SHA-256"}}}
	for _, s := range h.Sent {
		badge := &ui.Badge{Kind: ui.Neutral, Text: call.T("préparé, pas envoyé", "prepared, not sent")}
		switch {
		case s.Left && s.Etape > 0:
			badge = &ui.Badge{Kind: ui.Good, Text: call.T("envoyé, étape %d", "sent, step %d", s.Etape)}
		case s.Left:
			badge = &ui.Badge{Kind: ui.Good, Text: call.T("envoyé", "sent")}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Lot, Head: true}, {Text: s.Nom}, {Text: strconv.Itoa(s.Nombre), Number: true}, {Badge: badge}, {Text: ui.Instant(s.When.In(c.o.Place))}, {Text: s.SHA256[:min(16, len(s.SHA256))] + "…"}}})
	}
	return t
}

func (c *Console) eraseHires(call *ui.Call) error {
	d, err := c.dossier(call, kindHires)
	if err != nil {
		return err
	}
	if err := c.erase(call.Context(), d); err != nil {
		return err
	}
	return call.Done("/gestion/declarations", "efface")
}

// hiresReport is the report of a check, as a page that stands alone or a PDF.
func (c *Console) hiresReport(call *ui.Call) error {
	d, err := c.dossier(call, kindHires)
	if err != nil {
		return err
	}
	ext := strings.TrimPrefix(filepath.Ext(call.R.URL.Path), ".")
	text, err := os.ReadFile(c.hiresReportOf(d, call.Lang, ext))
	if err != nil {
		return ui.ErrNotFound
	}
	if ext == "pdf" {
		attachment(call, "controle-embauches.pdf", "application/pdf")
	} else {
		h := call.W.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'")
	}
	http.ServeContent(call.W, call.R, "", d.Made, bytes.NewReader(text))
	return nil
}

// hiresTable lists the checks of who is signed in.
func (c *Console) hiresTable(call *ui.Call, list []*dossier) ui.Table {
	t := ui.Table{ID: "controles", Caption: call.T("Vos contrôles", "Your checks"), Columns: []ui.Column{{Title: call.T("Fichier", "File")}, {Title: call.T("Le", "On")}, {Title: call.T("Verdict", "Verdict")}, {Title: call.T("Effacé le", "Erased on")}}}
	for _, d := range list {
		var h hires
		if saved(d, &h) != nil {
			continue // of an earlier version
		}
		v := h.verdict(call)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: d.Name, Href: hiresHref(d), Head: true}, {Text: ui.Instant(d.Made.In(c.o.Place))}, {Badge: &ui.Badge{Kind: v.Kind, Text: strings.TrimSuffix(v.Title, ".")}}, {Text: ui.Date(d.Expires.In(c.o.Place))}}})
	}
	return t
}
