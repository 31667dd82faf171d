package ui

import (
	"net/http"
	"time"
)

// Gallery adds the page that shows every component, at a path of the site.
// Nothing leads to it: it is for who builds pages.
func (s *Site) Gallery(path string) {
	s.Private("GET "+path, func(c *Call) error {
		p := c.Page(c.T("Composants", "Components"))
		p.Lead = c.T("Tout ce dont les pages sont faites, en une fois.", "All that pages are made of, at once.")
		p.Crumbs = []NavItem{{Title: c.T("Accueil", "First page"), Href: s.o.Home}}
		p.Data = c.gallery()
		return c.Render(http.StatusOK, "gallery", p)
	})
}

// gallery is a sample of each component.
type gallery struct {
	Badges   []Badge
	Notices  []Notice
	Facts    []Fact
	Table    Table
	Empty    Table
	Form     *Form
	Wrong    *Form
	Progress []Progress
	Steps    []Step
	Confirm  Confirm
	Drop     Drop
	Amount   int64
	Size     int64
	Day      time.Time
}

func (c *Call) gallery() gallery {
	g := gallery{Amount: 123456789, Size: 128_000_000, Day: time.Date(2026, 11, 28, 9, 5, 7, 0, time.UTC)}
	for _, k := range []Kind{Neutral, Good, Warning, Bad, Busy, Stopped} {
		g.Badges = append(g.Badges, Badge{k, string(k)})
		g.Notices = append(g.Notices, Notice{Kind: k, Title: c.T("Ce qui s’est passé", "What happened"), Text: c.T("Ce qu’il faut faire.", "What to do."), Code: "XHL-101"})
	}
	g.Facts = []Fact{{Name: c.T("Employeur", "Employer"), Value: "Commune de Démonstration"}, {Name: c.T("Mois", "Month"), Value: Month(c.Lang, 2026, 11)},
		{Name: c.T("Volumes", "Volumes"), Value: "3", Href: "#table"}, {Name: c.T("État", "State"), Badge: &Badge{Good, c.T("prêt", "ready")}}}
	g.Table = Table{Caption: c.T("Volumes", "Volumes"), Total: 2, CSV: "#", Next: "#", Columns: []Column{{Title: c.T("Fichier", "File"), Sort: "#", Order: "ascending"},
		{Title: c.T("Octets", "Bytes"), Number: true, Sort: "#"}, {Title: c.T("État", "State")}, {Title: c.T("Action", "Action")}},
		Rows: []Row{{Cells: []Cell{{Text: "volume-01.xml", Href: "#", Head: true}, {Text: Bytes(c.Lang, 127_900_000), Number: true}, {Badge: &Badge{Good, c.T("vérifié", "verified")}}, {Post: &Post{Action: "#", Text: c.T("Refaire", "Redo"), About: "volume-01.xml"}}}},
			{Cells: []Cell{{Text: "volume-02.xml", Href: "#", Head: true}, {Text: Bytes(c.Lang, 41_200_000), Number: true}, {Badge: &Badge{Stopped, c.T("à voir", "to be seen")}}, {}}, Detail: c.T("La cause, et le remède.", "The cause, and the remedy.")}}}
	g.Empty = Table{ID: "vide", Empty: c.T("Aucun flux pour l’instant. Préparez une paye pour en produire.", "No flux yet. Prepare a payroll to make some.")}
	fields := []Field{
		{Name: "texte", Label: c.T("Texte", "Text"), Hint: c.T("Une aide.", "A hint.")},
		{Name: "limite", Label: c.T("Limite", "Limit"), Type: "select", Default: "128", Options: []Option{{Value: "128", Text: "128 Mo"}, {Value: "80", Text: "80 Mo"}}},
		{Name: "mode", Label: c.T("Mode", "Mode"), Type: "radios", Default: "a", Options: []Option{{Value: "a", Text: c.T("Le premier", "The first"), Hint: c.T("recommandé", "recommended")}, {Value: "b", Text: c.T("Le second", "The second")}}},
		{Name: "droits", Label: c.T("Droits", "Rights"), Type: "checkboxes", Options: []Option{{Value: "a", Text: c.T("dépôt", "deposit")}, {Value: "b", Text: c.T("suivi", "follow-up")}}},
		{Name: "accord", Label: c.T("D’accord", "Agreed"), Type: "checkbox"},
		{Name: "mots", Label: c.T("Mots", "Words"), Type: "textarea"}}
	g.Form = c.Form("#", c.T("Envoyer", "Send"), fields...)
	g.Wrong = c.Form("#", c.T("Envoyer", "Send"), Field{Name: "faux", Label: c.T("À remplir", "To fill in"), Required: true})
	g.Wrong.Fail("faux", c.T("À remplir : le nom.", "Fill in: the name."))
	g.Progress = []Progress{{Label: c.T("Construction", "Building"), Done: 12_000, Total: 20_000, Text: c.T("12 000 bulletins sur 20 000", "12,000 bulletins of 20,000")}, {Label: c.T("Lecture", "Reading")}}
	g.Steps = []Step{{Good, c.T("Déposé", "Deposited"), "28/11/2026 09:05:07", ""}, {Busy, c.T("Acquitté", "Acknowledged"), "", c.T("attendu sous deux jours", "expected within two days")}}
	g.Confirm = Confirm{Title: c.T("La paye est prête", "The payroll is ready"), Reference: "L-2026-11-0001", Next: []Link{{c.T("Télécharger", "Download"), "#"}}}
	g.Drop = Drop{Name: "fichiers", Label: c.T("Journal et justificatifs", "Journal and justificatifs"), Hint: c.T("Déposez-les ici, ou choisissez-les.", "Drop them here, or choose them."), Multiple: true}
	return g
}
