package coffre

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"paye/app/portal"
	"paye/internal/anomalie"
	"paye/web/ui"
)

// mergeRoutes make two spaces of one person one.
func (c *Pages) mergeRoutes() {
	c.private("GET "+Home+"/fusion", c.mergePage)
	c.private("POST "+Home+"/fusion", c.proveMerge)
	c.private("GET "+Home+"/fusions/{de}", c.previewPage)
	c.private("POST "+Home+"/fusions/{de}", c.askMerge)
	c.private("POST "+Home+"/fusions/{de}/arret", c.stopMerge)
	c.Site.Public("GET "+Home+"/fusion/arret/{mot}", c.stopLinkPage)
	c.Site.Public("POST "+Home+"/fusion/arret/{mot}", c.stopLink)
}

func mergeForm(call *ui.Call) *ui.Form {
	return call.Form(Home+"/fusion", call.T("Continuer", "Continue"),
		ui.Field{Name: "compte", Label: call.T("Identifiant de l’autre espace", "Identifier of the other space"), Required: true, Autocomplete: "off", Max: 254, Hint: call.T("Les 12 chiffres de l’autre courrier, ou l’adresse que vous y avez confirmée.", "The 12 digits of the other letter, or the address that you confirmed there.")},
		ui.Field{Name: "passe", Label: call.T("Mot de passe de l’autre espace", "Password of the other space"), Type: "password", Required: true, Autocomplete: "off", Max: 128},
		ui.Field{Name: "code", Label: call.T("Code de l’autre espace, s’il en demande un", "Code of the other space, if it asks for one"), Autocomplete: "one-time-code", Inputmode: "numeric", Max: 30, Size: 12})
}

// mergeView is the form, and the merges that can be stopped or undone.
func (c *Pages) mergeView(call *ui.Call, a *portal.Account, f *ui.Form) (*ui.Page, error) {
	list, err := c.p.Merges(call.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	t := ui.Table{ID: "fusions", Caption: call.T("Vos fusions", "Your merges"), Columns: []ui.Column{{Title: call.T("Espace", "Space")}, {Title: "Action"}}}
	for _, m := range list {
		other := m.From
		if other == a.ID {
			other = m.Into
		}
		name, err := c.shortNumber(call, other)
		if err != nil {
			return nil, err
		}
		state, text := call.T("faite dans trois jours, le %s", "done in three days, on %s", ui.Instant(m.After)), call.T("Arrêter", "Stop")
		if m.Step != portal.MergeAsked {
			state, text = call.T("faite le %s", "done on %s", ui.Instant(m.Done)), call.T("Défaire", "Undo")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name, Head: true}, {Post: &ui.Post{Action: Home + "/fusions/" + m.From + "/arret", Text: text, About: name, Danger: true}}}, Detail: state})
	}
	p := call.Page(call.T("Fusionner deux espaces", "Merge two spaces"))
	p.Lead = call.T("Vous avez reçu deux identifiants ? Prouvez ici que l’autre espace est à vous aussi : il rejoint celui-ci trois jours plus tard.", "You got two identifiers? Prove here that the other space is yours too: it joins this one three days later.")
	p.Data = struct {
		Form  *ui.Form
		Table ui.Table
	}{f, t}
	return p, nil
}

// shortNumber is what a space is called where it is not opened.
func (c *Pages) shortNumber(call *ui.Call, id string) (string, error) {
	a, err := c.p.Account(call.Context(), id)
	if err != nil || a == nil || len(a.Number) < 4 {
		return "…", err
	}
	return "…" + a.Number[len(a.Number)-4:], nil
}

func (c *Pages) mergePage(call *ui.Call, a *portal.Account) error {
	p, err := c.mergeView(call, a, mergeForm(call))
	if err != nil {
		return err
	}
	return call.Render(http.StatusOK, "merge", p)
}

// braked tries a password as the door does.
func (c *Pages) braked(call *ui.Call, try func() error) error {
	if c.o.Brake == nil {
		return try()
	}
	return c.o.Brake.Essai(call.Context(), try)
}

func (c *Pages) proveMerge(call *ui.Call, a *portal.Account) error {
	if recent, err := call.Recent(); !recent {
		return err
	}
	f := mergeForm(call)
	from := ""
	if f.Read() {
		err := c.braked(call, func() (err error) {
			from, err = c.p.ProveOther(call.Context(), a.ID, f.Value("compte"), f.Value("passe"), func(id string) error {
				right, err := c.Site.ProveFactor(call.Context(), id, f.Value("code"))
				if err == nil && !right {
					err = portal.Codes.New(portal.FactorAsked)
				}
				return err
			})
			return err
		})
		field := "passe"
		if anomalie.Is(err, portal.FactorAsked) {
			field = "code"
		}
		if err := refused(call, f, field, err); err != nil {
			return err
		}
	}
	if f.Failed() {
		blank(f)
		p, err := c.mergeView(call, a, f)
		if err != nil {
			return err
		}
		return call.Again("merge", p)
	}
	return call.Redirect(Home + "/fusions/" + from)
}

func (c *Pages) previewPage(call *ui.Call, a *portal.Account) error {
	v, err := c.p.Preview(call.Context(), a.ID, call.Path("de"))
	if anomalie.Is(err, portal.NotNow) {
		return call.Redirect(Home + "/fusion")
	}
	if err != nil || v == nil {
		return err
	}
	p := call.Page(call.T("Vérifiez, puis confirmez", "Check, then confirm"))
	p.Lead = call.T("Rien n’est encore fait. Vous pourrez arrêter pendant trois jours, puis défaire pendant trente.", "Nothing is done yet. You can stop it for three days, then undo it for thirty.")
	if c.p.SendsMail() {
		p.Lead += " " + call.T("Les adresses confirmées des deux espaces seront prévenues.", "The confirmed addresses of both spaces will be told.")
	}
	p.Crumbs = []ui.NavItem{{Title: call.T("Fusionner deux espaces", "Merge two spaces"), Href: Home + "/fusion"}}
	p.Data = struct {
		Facts []ui.Fact
		Form  *ui.Form
	}{[]ui.Fact{{Name: call.T("Espace qui rejoint celui-ci", "Space that joins this one"), Value: v.Number}, {Name: call.T("Son adresse", "Its address"), Value: v.Mail},
		{Name: call.T("Employeurs", "Employers"), Value: strings.Join(v.Employers, " ; ")}, {Name: call.T("Bulletins et annexes", "Payslips and annexes"), Value: fmt.Sprint(v.Documents)}, {Name: call.T("Documents à vous", "Documents of your own"), Value: fmt.Sprint(v.Pieces)},
		{Name: call.T("Ses identifiants", "Its identifiers"), Value: call.T("mèneront ici, avec le mot de passe de cet espace-ci", "will lead here, with the password of this space")}},
		call.Form(Home+"/fusions/"+v.From, call.T("Fusionner dans trois jours", "Merge in three days"))}
	return call.Render(http.StatusOK, "sure", p)
}

func (c *Pages) askMerge(call *ui.Call, a *portal.Account) error {
	if recent, err := call.Recent(); !recent {
		return err
	}
	if err := c.p.AskMerge(call.Context(), a.ID, call.Path("de")); err != nil {
		return err
	}
	return call.Done(Home+"/fusion", "fusion")
}

func (c *Pages) stopMerge(call *ui.Call, a *portal.Account) error {
	list, err := c.p.Merges(call.Context(), a.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(m portal.Merge) bool { return m.From == call.Path("de") }) {
		return ui.ErrNotFound
	}
	if err := c.p.StopMerge(call.Context(), a.ID, call.Path("de")); err != nil {
		return err
	}
	return call.Done(Home+"/fusion", "fusion-fin")
}

func (c *Pages) stopLinkPage(call *ui.Call) error {
	if err := c.p.MergeLink(call.Context(), call.Path("mot")); err != nil {
		return err
	}
	return press(call, Home+"/fusion/arret/"+call.Path("mot"), call.T("Arrêter ou défaire la fusion", "Stop or undo the merge"), call.T("La fusion s’arrête, ou se défait, et votre espace est suspendu : deux personnes de votre employeur le rouvriront après vous avoir rappelé. Si vous avez seulement changé d’avis, connectez-vous plutôt, puis « Fusionner deux espaces ».", "The merge stops, or is undone, and your space is suspended: two persons of your employer will open it again after calling you back. If you only changed your mind, rather sign in, then “Merge two spaces”."), call.T("Ce n’était pas moi", "It was not me"))
}

func (c *Pages) stopLink(call *ui.Call) error {
	spaces, err := c.p.StopMergeByLink(call.Context(), call.Path("mot"))
	if err != nil {
		return err
	}
	for _, id := range spaces {
		if err := c.Site.EndSessions(call.Context(), id); err != nil {
			return err
		}
	}
	return done(call, call.T("Fusion arrêtée", "Merge stopped"), ui.Confirm{Title: call.T("La fusion est arrêtée, l’espace est suspendu", "The merge is stopped, the space is suspended")})
}
