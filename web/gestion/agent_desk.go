package gestion

import (
	"context"

	"paye/app/portal"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/vault"
	"paye/web/ui"
)

// deskRoutes are what the office does for one agent. Each is in his trace, and
// what gives or takes an access asks for the password again.
func (c *Console) deskRoutes(base string) {
	c.Site.Private("POST "+base+"/identifiant", c.answerLost)
	c.Site.Private("POST "+base+"/suspendre", c.desk(c.o.Portal.SuspendByDesk, "agent-suspendu"))
	c.Site.Private("POST "+base+"/rouvrir", c.release)
	c.Site.Private("POST "+base+"/electronique", c.desk(c.o.Portal.AcceptElectronic, "agent-electronique"))
	c.Site.Private("POST "+base+"/papier", c.desk(c.o.Portal.KeepPaper, "agent-papier"))
	c.lifeRoutes(base)
}

// deskNotices are the texts after an action.
var deskNotices = map[string]lang.Text{
	"agent-suspendu":     {FR: "L’espace est suspendu : personne n’y entre plus.", EN: "The space is suspended: nobody gets in any more."},
	"agent-premiere":     {FR: "Votre accord est noté. Une autre personne doit confirmer.", EN: "Your word is noted. Another person must confirm."},
	"agent-rouvert":      {FR: "La suspension est levée. L’ancien mot de passe ne fonctionne plus.", EN: "The suspension is lifted. The former password no longer works."},
	"agent-electronique": {FR: "L’agent recevra ses bulletins sous forme électronique.", EN: "The agent will get his payslips in electronic form."},
	"agent-papier":       {FR: "L’agent reste sur papier.", EN: "The agent stays on paper."},
}

// deskAct is something that the office can do, with what it does said first.
type deskAct struct {
	Title, Text string
	Form        *ui.Form
	Rare        bool // shown when it is asked for
}

// requestTexts are the requests of agents in words.
var requestTexts = map[string]lang.Text{
	portal.AskNumber:       {FR: "identifiant perdu : un courrier avec un nouvel identifiant", EN: "lost identifier: a letter with a new one"},
	portal.AskRelease:      {FR: "espace suspendu : à rouvrir à deux, après avoir rappelé l’agent", EN: "suspended space: two persons open it again, after calling the agent back"},
	portal.AskMerge:        {FR: "fusion de deux espaces : une autre personne confirme", EN: "merge of two spaces: another person confirms"},
	portal.AskDeath:        {FR: "décès : une autre personne confirme", EN: "death: another person confirms"},
	portal.SayClosed:       {FR: "l’agent a clos son espace : papier", EN: "the agent closed his space: paper"},
	portal.AskReactivation: {FR: "retour aux bulletins électroniques", EN: "back to electronic payslips"},
}

// requestTable is what waits at the desk, the oldest on top.
func requestTable(call *ui.Call, siret string, list []portal.Request) ui.Table {
	t := ui.Table{ID: "demandes", Caption: call.T("Demandes des agents", "Requests of agents"), Total: len(list),
		Columns: []ui.Column{{Title: "Matricule"}, {Title: call.T("Depuis le", "Since")}, {Title: call.T("Déjà d’accord", "Agreed already")}}}
	for _, r := range list {
		first := call.T("personne", "nobody")
		if len(r.By) > 0 {
			first = r.By[0]
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.Matricule, Href: agentPath(siret, r.Matricule), Head: true}, {Text: ui.Instant(r.Date)}, {Text: first}}, Detail: requestTexts[r.Kind].In(call.Lang)})
	}
	return t
}

// calledBack asks who acts to say how he knows that it is the agent.
func calledBack(call *ui.Call, act string) ui.Field {
	return ui.Field{Name: "rappel_" + act, Type: "checkbox", Required: true, Label: call.T("J’ai rappelé l’agent au numéro que la paye connaît, et c’est lui qui le demande.", "I called the agent back at the number that the payroll knows, and it is he who asks for it.")}
}

// rare are the actions that no request and no state asks for.
var rare = map[string]bool{"/fusion": true, "/depart": true, "/deces": true}

// acts are what may be done for an agent in the state that he is in.
func (c *Console) acts(call *ui.Call, d *portal.Desk) (list []deskAct) {
	at := agentPath(d.Siret, d.Matricule)
	add := func(path, title, text, button string, fields ...ui.Field) *ui.Form {
		f := call.Form(at+path, button, fields...)
		list = append(list, deskAct{title, text, f, rare[path]})
		return f
	}
	for _, r := range d.Requests {
		if r.Kind == portal.AskNumber {
			add("/identifiant", call.T("Identifiant perdu", "Lost identifier"), call.T("Demandé le %s. Le courrier part à l’adresse que la paye connaît, à aucune autre. L’ancien identifiant fonctionne jusqu’à la première connexion avec le nouveau.", "Asked for on %s. The letter goes to the address that the payroll knows, to no other. The former identifier works until the first sign-in with the new one.", ui.Instant(r.Date)), call.T("Éditer le courrier", "Print the letter"))
		}
	}
	switch d.State {
	case portal.Invited, portal.Entered, portal.Unverified:
		add("/courrier", call.T("Courrier non reçu ou perdu", "Letter not received, or lost"), call.T("L’ancien mot de passe provisoire cesse de fonctionner.", "The former provisional password stops working."), call.T("Rééditer le courrier", "Print the letter again"))
	case portal.Suspended:
		c.releaseAct(call, d, add)
	}
	switch d.State {
	case portal.Unverified, portal.Active, portal.Recovering:
		add("/suspendre", call.T("L’agent signale une intrusion", "The agent reports an intrusion"), call.T("Tout se ferme tout de suite. Deux personnes rouvrent.", "Everything closes at once. Two persons open it again."), call.T("Suspendre l’espace", "Suspend the space"), calledBack(call, "suspendre")).Danger = true
	}
	if m := d.Membership; m != nil && (m.Mode == portal.Confirmed || m.Mode == portal.Paper || m.Mode == portal.Reactivated) {
		add("/electronique", call.T("Retour aux bulletins électroniques", "Back to electronic payslips"), call.T("À la demande de l’agent.", "At the agent’s request."), call.T("Accepter l’électronique", "Accept electronic payslips"), calledBack(call, "electronique"))
		if m.Mode == portal.Reactivated {
			add("/papier", call.T("L’agent a changé d’avis", "The agent changed his mind"), call.T("Il reste sur papier.", "He stays on paper."), call.T("Garder le papier", "Keep paper"))
		}
	}
	c.lifeActs(call, d, add)
	return list
}

// releaseAct is the way out of a suspension, for the first person, for the
// second, and for the first while he waits.
func (c *Console) releaseAct(call *ui.Call, d *portal.Desk, add adder) {
	title := call.T("Rouvrir l’espace", "Open the space again")
	switch d.Suspended.Released {
	case "":
		add("/rouvrir", title, call.T("Vous êtes la première personne ; une autre confirmera.", "You are the first person; another one will confirm."), call.T("Donner mon accord", "Give my word"), calledBack(call, "rouvrir"))
	case call.Session.Login:
		// shown as a fact: the same person cannot do both
	default:
		add("/rouvrir", title, call.T("%s a donné son accord. L’ancien mot de passe ne fonctionnera plus : l’agent en choisit un autre par « Mot de passe oublié », ou avec un nouveau courrier.", "%s gave his word. The former password will no longer work: the agent chooses another by “Forgotten password”, or with a new letter.", d.Suspended.Released), call.T("Confirmer et rouvrir", "Confirm and open again"), calledBack(call, "rouvrir"))
	}
}

// formOf is the form of the agent's page that a request was sent with, nil when
// the page does not offer it now.
func (c *Console) formOf(call *ui.Call, d *portal.Desk) *ui.Form {
	for _, a := range c.acts(call, d) {
		if a.Form.Action == call.R.URL.EscapedPath() {
			return a.Form
		}
	}
	return nil
}

// desk is an action on one agent: a form of his page, checked, and what it does.
func (c *Console) desk(do func(ctx context.Context, par, siret, matricule string) error, notice string) ui.Handler {
	return func(call *ui.Call) error {
		return c.act(call, func(_ *ui.Form, d *portal.Desk) (string, error) {
			return notice, do(call.Context(), call.Session.Login, d.Siret, d.Matricule)
		})
	}
}

// act judges the form of an action, asks for the password again, and does it.
func (c *Console) act(call *ui.Call, do func(f *ui.Form, d *portal.Desk) (notice string, err error)) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot)
	if err != nil {
		return err
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	d, err := c.o.Portal.Look(call.Context(), call.Session.Login, e.Siret, call.Path("matricule"))
	if err != nil {
		return err
	}
	f := c.formOf(call, d)
	if f == nil {
		return portal.Codes.New(portal.NotNow)
	}
	notice := ""
	if f.Read() {
		notice, err = do(f, d)
		if a := anomalie.As(err); a != nil {
			f.Fail("", call.Sentence(a))
		} else if err != nil {
			return err
		}
	}
	if f.Failed() {
		return c.agentWith(call, e, d, f)
	}
	if notice == "" {
		return nil // a letter was the answer
	}
	return call.Done(agentPath(e.Siret, d.Matricule), notice)
}

func (c *Console) release(call *ui.Call) error {
	return c.act(call, func(_ *ui.Form, d *portal.Desk) (string, error) {
		lifted, err := c.o.Portal.Release(call.Context(), call.Session.Login, d.Siret, d.Matricule)
		if lifted {
			return "agent-rouvert", err
		}
		return "agent-premiere", err
	})
}

// answerLost hands out the letter that answers a lost identifier.
func (c *Console) answerLost(call *ui.Call) error {
	return c.act(call, func(_ *ui.Form, d *portal.Desk) (string, error) {
		l, err := c.o.Portal.AnswerLost(call.Context(), call.Session.Login, d.Siret, d.Matricule)
		if err != nil {
			return "", err
		}
		return "", c.handOut(call, "pdf", []portal.Letter{*l})
	})
}

// noticeForm is the notice of an agent whom no deposit knows yet: a month
// before his first electronic slip, with a code that refuses.
func noticeForm(call *ui.Call, siret string) *ui.Form {
	return call.Form(agentsBase(siret)+"/notification", call.T("Éditer la notification", "Print the notice"),
		ui.Field{Name: "notifie", Label: "Matricule", Required: true, Max: 64, Size: 20},
		ui.Field{Name: "nom", Label: call.T("Nom", "Surname"), Required: true, Autocomplete: "off", Max: 100},
		ui.Field{Name: "prenom", Label: call.T("Prénom", "First name"), Required: true, Autocomplete: "off", Max: 100})
}

func (c *Console) notice(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot)
	if err != nil {
		return err
	}
	f := noticeForm(call, e.Siret)
	var l *portal.Letter
	if f.Read() {
		l, err = c.o.Portal.Notice(call.Context(), call.Session.Login, e.Siret, vault.Identite{Employeur: e.Siret, Matricule: f.Value("notifie"), Nom: f.Value("nom"), Prenom: f.Value("prenom")})
		if a := anomalie.As(err); a != nil {
			f.Fail("notifie", call.Sentence(a))
		} else if err != nil {
			return err
		}
	}
	if f.Failed() {
		return c.agentsWith(call, f)
	}
	return c.handOut(call, "pdf", []portal.Letter{*l})
}

// letterAgain hands out the letter of an agent who lost his.
func (c *Console) letterAgain(call *ui.Call) error {
	return c.act(call, func(_ *ui.Form, d *portal.Desk) (string, error) {
		l, err := c.o.Portal.Resend(call.Context(), call.Session.Login, d.Siret, d.Matricule)
		if err != nil {
			return "", err
		}
		return "", c.handOut(call, "pdf", []portal.Letter{*l})
	})
}
