package gestion

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"paye/app/build"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/internal/manifest"
	"paye/web/task"
	"paye/web/ui"
)

// preparationData is what the page of a preparation shows.
type preparationData struct {
	ID       string
	Work     *work
	Facts    []ui.Fact
	Verdict  *ui.Notice
	Plan     *planned
	Volumes  ui.Table
	Others   ui.Table
	Groups   []groupView
	Form     *ui.Form
	Once     string
	Delivery *ui.Confirm
	Picture  string
	Stale    bool // the delivery is of other settings
}

// groupView is a group of anomalies in the language of the page.
type groupView struct {
	Notice ui.Notice
}

// work is a task that the page waits for, or that ended without its result.
type work struct {
	Live     string // address to ask again; empty when it is over
	State    ui.Badge
	Progress ui.Progress
	Notice   *ui.Notice
	Cancel   string
	Resume   string
}

// workOf describes a task; nil for one that is done.
func (c *Console) workOf(call *ui.Call, t *task.Task, base string) *work {
	if t == nil || t.State == task.Done {
		return nil
	}
	w := &work{State: ui.Badge{Kind: ui.Busy, Text: t.State.Text(call.Lang)}}
	if !t.State.Over() {
		w.Live, w.Cancel = base, base+"/annuler"
		step, _ := c.tasks.Step(t.ID)
		label := step.Label.In(call.Lang)
		if step.Label == (lang.Text{}) {
			label = call.T("En attente de son tour", "Waiting for its turn")
		}
		w.Progress = ui.Progress{Label: label, Done: step.Done, Total: step.Total}
		return w
	}
	w.Resume = base + "/reprendre"
	switch t.State {
	case task.Failed:
		w.State.Kind = ui.Bad
		w.Notice = &ui.Notice{Kind: ui.Bad, Title: sentenceOf(t.Fault.Message.In(call.Lang)), Text: sentenceOf(t.Fault.Aide.In(call.Lang)), Code: t.Fault.Code}
	case task.Interrupted:
		w.State.Kind = ui.Warning
		w.Notice = &ui.Notice{Kind: ui.Warning, Title: call.T("Le serveur s’est arrêté pendant ce travail.", "The server stopped during this work."), Text: call.T("Rien n’est perdu : reprenez-le.", "Nothing is lost: resume it.")}
	default:
		w.State.Kind = ui.Warning
		w.Notice = &ui.Notice{Kind: ui.Warning, Title: call.T("Ce travail a été annulé.", "This work was cancelled.")}
	}
	return w
}

func (c *Console) preparationPage(call *ui.Call) error {
	return c.preparationView(call, nil)
}

// preparationView shows a preparation, around the form that was refused if one
// was. The task is read before the data: one that is done has written them.
func (c *Console) preparationView(call *ui.Call, f *ui.Form) error {
	d, err := c.dossier(call, kindPreparation)
	if err != nil {
		return err
	}
	t, err := c.current(call, d)
	if err != nil {
		return err
	}
	d, p, err := c.preparationOf(call)
	if err != nil {
		return err
	}
	if f == nil {
		f = c.settingsForm(call, d, p)
	}
	base := "/gestion/preparer/" + d.ID
	data := preparationData{ID: d.ID, Work: c.workOf(call, t, base), Form: f, Plan: p.Plan}
	page := call.Page(d.Name)
	page.Crumbs = []ui.NavItem{{Title: call.T("Préparer la paye", "Prepare the payroll"), Href: "/gestion/preparer"}}
	page.Data = &data
	if data.Work != nil && data.Work.Live != "" {
		page.Refresh = 3
	}
	data.Facts = []ui.Fact{{Name: call.T("Déposé", "Dropped"), Value: call.T("%d fichier{s}, %s", "%d file{s}, %s", p.Files, ui.Bytes(call.Lang, p.Bytes))},
		{Name: call.T("Effacé le", "Erased on"), Value: ui.Instant(d.Expires.In(c.o.Place))}}
	if p.Plan != nil {
		page.Title = p.Plan.Employeur + ", " + p.Plan.month(call.Lang)
		data.plan(call, p)
		data.Once = call.Form("", "").WithOnce().Once
		data.Picture = base + "/dessin.svg"
	}
	if p.Delivery != nil {
		data.Delivery = delivered(call, base, p.Delivery)
		data.Stale = p.Plan == nil || p.Plan.ForSettings != p.Settings
	}
	if f.Failed() {
		return call.Again("preparation", page)
	}
	return call.Render(http.StatusOK, "preparation", page)
}

// plan fills in what is known once the journal was read.
func (v *preparationData) plan(call *ui.Call, p *preparation) {
	m := p.Plan.Manifest
	v.Facts = append([]ui.Fact{{Name: "SIRET", Value: m.Siret}, {Name: call.T("Bulletins", "Bulletins"), Value: call.T("%d", "%d", p.Plan.Bulletins)},
		{Name: call.T("Établissements", "Établissements"), Value: call.T("%d", "%d", p.Plan.Groupes)}, {Name: call.T("Justificatifs", "Justificatifs"), Value: call.T("%d", "%d", p.Plan.Pieces)},
		{Name: call.T("Journal", "Journal"), Value: ui.Bytes(call.Lang, p.Plan.Octets)}}, v.Facts...)
	v.Verdict = &ui.Notice{Kind: ui.Good, Title: volumesText(call, len(m.Volumes), m)}
	if p.Plan.Erreurs > 0 {
		v.Verdict = &ui.Notice{Kind: ui.Bad, Title: call.T("%d anomalie{s} à corriger avant l’envoi.", "%d anomal{y|ies} to correct before sending.", p.Plan.Erreurs), Text: volumesText(call, len(m.Volumes), m)}
	}
	v.Volumes = volumeTable(call, m)
	v.Others = otherTable(call, p.Plan)
	for _, g := range p.Plan.Groups {
		v.Groups = append(v.Groups, groupView{groupNotice(call, g)})
	}
}

func volumesText(call *ui.Call, n int, m *manifest.Manifest) string {
	limit := ui.Bytes(call.Lang, m.Limit)
	if m.MinimumProuve {
		return call.T("%d volume{s} de %s au plus : on ne peut pas faire moins.", "%d volume{s} of %s at most: no fewer are possible.", n, limit)
	}
	return call.T("%d volume{s} de %s au plus ; aucun découpage n’en aurait moins de %d.", "%d volume{s} of %s at most; no cut would have fewer than %d.", n, limit, m.BorneInf)
}

func groupNotice(call *ui.Call, g group) ui.Notice {
	n := ui.Notice{Title: sentenceOf(g.Message.In(call.Lang)), Text: sentenceOf(g.Aide.In(call.Lang)), Code: g.Code}
	n.Kind = map[string]ui.Kind{"erreur": ui.Bad, "avertissement": ui.Warning}[g.Level]
	if n.Kind == "" {
		n.Kind = ui.Neutral
	}
	if g.N > 1 {
		n.Title += call.T(" – %d fois", " – %d time{s}", g.N)
	}
	for _, e := range g.Examples {
		n.Items = append(n.Items, e.In(call.Lang))
	}
	if rest := g.N - len(g.Examples); rest > 0 && len(g.Examples) > 0 {
		n.Items = append(n.Items, call.T("et %d autre{s}", "and %d more", rest))
	}
	return n
}

func volumeTable(call *ui.Call, m *manifest.Manifest) ui.Table {
	t := ui.Table{ID: "volumes", Caption: call.T("Volumes", "Volumes"), Total: len(m.Volumes), Columns: []ui.Column{{Title: call.T("Fichier", "File")}, {Title: call.T("Taille", "Size"), Number: true},
		{Title: call.T("Part de la limite", "Share of the limit"), Number: true}, {Title: call.T("Bulletins", "Bulletins"), Number: true}, {Title: call.T("Pièces", "Pieces"), Number: true}, {Title: call.T("Matricules", "Matricules")}}}
	for i := range m.Volumes {
		v := &m.Volumes[i]
		span := v.Premier + " – " + v.Dernier
		if v.EnteteSeul {
			span = call.T("pièces seules", "pieces alone")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: v.Fichier, Head: true}, {Text: ui.Bytes(call.Lang, v.Octets), Number: true}, {Text: call.T("%.1f %%", "%.1f%%", float64(v.Octets)*100/float64(m.Limit)), Number: true},
			{Text: call.T("%d", "%d", v.Bulletins), Number: true}, {Text: call.T("%d", "%d", len(v.Pieces)), Number: true}, {Text: span}}})
	}
	return t
}

// otherTable tells what other limits and cuts would give.
func otherTable(call *ui.Call, p *planned) ui.Table {
	t := ui.Table{ID: "autrement", Caption: call.T("Autrement (tailles estimées)", "Otherwise (estimated sizes)"), Columns: []ui.Column{{Title: call.T("Découpage", "Cut")}, {Title: call.T("Volumes", "Volumes"), Number: true}, {Title: call.T("Remarque", "Remark")}}}
	for _, a := range p.Otherwise {
		what, note := call.T("limite de %s", "limit of %s", ui.Bytes(call.Lang, a.Limit)), ""
		if a.Par > 0 {
			what = call.T("%d bulletin{s} par volume", "%d bulletin{s} a volume", a.Par)
		}
		switch {
		case a.Trop > 0:
			note = call.T("%d au-delà de la limite", "%d beyond the limit", a.Trop)
		case a.Par == 0 && a.Volumes == a.Borne:
			note = call.T("minimum prouvé", "proved minimum")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: what, Head: true}, {Text: call.T("%d", "%d", a.Volumes), Number: true}, {Text: note}}})
	}
	return t
}

func delivered(call *ui.Call, base string, m *manifest.Manifest) *ui.Confirm {
	d := &ui.Confirm{Title: call.T("Les volumes sont prêts, relus depuis le disque.", "The volumes are ready, read back from the disk."),
		Text: call.T("%d bulletin{s} identique{s} à la source, en %d volume{s}.", "%d bulletin{s} identical to the source, in %d volume{s}.", m.Bulletins, len(m.Volumes)),
		Next: []ui.Link{{Text: call.T("Tout télécharger (.zip)", "Download all (.zip)"), Href: base + "/tout.zip"}}}
	for i := range m.Volumes {
		v := &m.Volumes[i]
		d.Next = append(d.Next, ui.Link{Text: v.Fichier + " (" + ui.Bytes(call.Lang, v.Octets) + ")", Href: base + "/volumes/" + v.Fichier})
	}
	d.Next = append(d.Next, ui.Link{Text: manifest.Name, Href: base + "/volumes/" + manifest.Name})
	if m.Format == build.FormatPES {
		year, _ := strconv.Atoi(m.Annee)
		month, _ := strconv.Atoi(m.Mois)
		d.Next = append(d.Next, ui.Link{Text: call.T("Envoyer ces flux et suivre les réponses", "Send these fluxes and follow the answers"), Href: payrollHref(fluxbook.Key{Siret: m.Siret, Annee: year, Mois: month})})
	}
	return d
}

// deliveredOf is a preparation with volumes.
func (c *Console) deliveredOf(call *ui.Call) (*preparation, error) {
	_, p, err := c.preparationOf(call)
	if err == nil && p.Delivery == nil {
		err = ui.ErrNotFound
	}
	return p, err
}

// volume gives one file of the delivery.
func (c *Console) volume(call *ui.Call) error {
	p, err := c.deliveredOf(call)
	if err != nil {
		return err
	}
	name := call.Path("fichier")
	known := slices.ContainsFunc(p.Delivery.Volumes, func(v manifest.Volume) bool { return v.Fichier == name })
	if !known && name != manifest.Name {
		return ui.ErrNotFound
	}
	return sendFile(call, p.Folder, name)
}

// sendFile gives a file to be kept, never to be shown.
func sendFile(call *ui.Call, dir, name string) error {
	f, err := os.Open(filepath.Join(dir, filepath.Base(name)))
	if err != nil {
		return ui.ErrNotFound
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("give a file: %w", err)
	}
	attachment(call, name, "application/octet-stream")
	http.ServeContent(call.W, call.R, "", info.ModTime(), f)
	return nil
}

// attachment says that the answer is a file to keep.
func attachment(call *ui.Call, name, kind string) {
	h := call.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
}

// allVolumes gives the whole delivery as one zip. The volumes are compressed
// already: they are stored as they are.
func (c *Console) allVolumes(call *ui.Call) error {
	p, err := c.deliveredOf(call)
	if err != nil {
		return err
	}
	m := p.Delivery
	names := []string{manifest.Name}
	for _, v := range m.Volumes {
		names = append(names, v.Fichier)
	}
	attachment(call, fmt.Sprintf("paye-%s-%s-%s.zip", m.Siret, m.Annee, m.Mois), "application/zip")
	z := zip.NewWriter(call.W)
	for _, name := range names {
		if err := addStored(z, filepath.Join(p.Folder, name), name); err != nil {
			panic(http.ErrAbortHandler) // the answer is cut, and seen to be
		}
	}
	if err := z.Close(); err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

func addStored(z *zip.Writer, file, name string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}
