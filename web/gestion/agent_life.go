package gestion

import (
	"context"
	"net/http"
	"time"

	"paye/app/portal"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/vault"
	"paye/web/ui"
)

// lifeRoutes are what happens to an agent over the years: a second space, a
// departure, a death, and the end of the service itself.
func (c *Console) lifeRoutes(base string) {
	p := c.o.Portal
	c.Site.Private("POST "+base+"/lu", c.desk(p.Acknowledge, "agent-lu"))
	c.Site.Private("POST "+base+"/depart", c.desk(p.Leave, "agent-depart"))
	c.Site.Private("POST "+base+"/retour", c.desk(p.Return, "agent-retour"))
	c.Site.Private("POST "+base+"/deces", c.decease)
	c.Site.Private("POST "+base+"/deces/abandon", c.desk(dropped(p, portal.AskDeath), "agent-abandon"))
	c.Site.Private("POST "+base+"/fusion", c.mergeByDesk)
	c.Site.Private("POST "+base+"/fusion/accord", c.desk(p.ConfirmMerge, "agent-fusion"))
	c.Site.Private("POST "+base+"/fusion/abandon", c.desk(dropped(p, portal.AskMerge), "agent-abandon"))
	c.Site.Private("GET /gestion/fin-du-service", c.endPage)
	c.Site.Private("POST /gestion/fin-du-service", c.announceEnd)
	c.Site.Private("POST /gestion/coffre/{siret}/agents/fin", c.endLetters)
}

func dropped(p *portal.Portal, kind string) func(context.Context, string, string, string) error {
	return func(ctx context.Context, par, siret, matricule string) error {
		return p.Drop(ctx, par, kind, siret, matricule)
	}
}

// lifeNotices are the texts after an action.
var lifeNotices = map[string]lang.Text{
	"agent-lu":      {FR: "C’est noté.", EN: "Noted."},
	"agent-depart":  {FR: "Le départ est noté. Les bulletins suivants seront imprimés ; l’espace de l’agent reste ouvert.", EN: "The departure is noted. Later payslips will be printed; the agent’s space stays open."},
	"agent-retour":  {FR: "Le retour est noté.", EN: "The return is noted."},
	"agent-deces":   {FR: "Le décès est noté. Les derniers bulletins seront imprimés pour les ayants droit.", EN: "The death is noted. The last payslips will be printed for the heirs."},
	"agent-abandon": {FR: "La demande est abandonnée.", EN: "The request is dropped."},
	"agent-fusion":  {FR: "La fusion est demandée : elle sera faite dans trois jours.", EN: "The merge is asked for: it will be done in three days."},
	"fin-premiere":  {FR: "La date est notée. Une autre personne doit confirmer la même.", EN: "The date is noted. Another person must confirm the same one."},
	"fin-annoncee":  {FR: "La fin du service est annoncée. Chaque agent est prévenu.", EN: "The end of the service is announced. Each agent is told."},
	"courriers-fin": {FR: "Aucun agent sans adresse : tous sont prévenus par messagerie.", EN: "No agent without an address: all are told by mail."},
}

// adder adds an action to the page of an agent.
type adder func(path, title, text, button string, fields ...ui.Field) *ui.Form

// lifeActs are those of an agent's life, in the state that he is in.
func (c *Console) lifeActs(call *ui.Call, d *portal.Desk, add adder) {
	pending := map[string]portal.Request{}
	for _, r := range d.Requests {
		pending[r.Kind] = r
	}
	if r, asked := pending[portal.SayClosed]; asked {
		add("/lu", call.T("L’agent a clos son espace", "The agent closed his space"), call.T("Le %s. Il reçoit ses bulletins sur papier. Pour un nouvel espace : acceptez l’électronique à sa demande, puis éditez un courrier.", "On %s. He gets his payslips on paper. For a new space: accept electronic payslips at his request, then print a letter.", ui.Instant(r.Date)), call.T("Lu", "Read"))
	}
	if r, asked := pending[portal.AskMerge]; asked {
		text := call.T("Avec l’espace de %s, demandée par %s. Ce qui a été vu : %s", "With the space of %s, asked for by %s. What was seen: %s", r.Note, r.By[0], r.Evidence)
		if r.By[0] != call.Session.Login {
			add("/fusion/accord", call.T("Fusion à confirmer", "Merge to confirm"), text, call.T("Confirmer la fusion", "Confirm the merge"), calledBack(call, "fusion"))
		}
		add("/fusion/abandon", call.T("Abandonner la fusion", "Drop the merge"), text, call.T("Abandonner", "Drop"))
	} else if d.State == portal.Active {
		text := call.T("Quand l’agent ne peut pas prouver les deux lui-même. Une autre personne confirme, puis trois jours passent. Le même nom, la même naissance ou la même adresse ne prouvent rien.", "When the agent cannot prove both himself. Another person confirms, then three days pass. The same name, birth or address prove nothing.")
		if c.o.Portal.SendsMail() {
			text += " " + call.T("Les adresses confirmées sont prévenues.", "The confirmed addresses are told.")
		}
		add("/fusion", call.T("Fusionner un autre espace dans celui-ci", "Merge another space into this one"), text, call.T("Demander la fusion", "Ask for the merge"),
			ui.Field{Name: "autre_siret", Label: call.T("SIRET de l’employeur de l’autre espace", "SIRET of the employer of the other space"), Required: true, Inputmode: "numeric", Max: 14, Size: 16, Default: d.Siret},
			ui.Field{Name: "autre_matricule", Label: call.T("Son matricule là-bas", "His matricule there"), Required: true, Max: 64, Size: 20},
			ui.Field{Name: "preuve", Type: "textarea", Label: call.T("Ce que vous avez vu", "What you have seen"), Required: true, Max: 500, Hint: call.T("Par exemple : la pièce d’identité et les deux courriers, au guichet.", "For example: the identity document and both letters, at the counter.")})
	}
	c.leaveActs(call, d, pending, add)
}

func (c *Console) leaveActs(call *ui.Call, d *portal.Desk, pending map[string]portal.Request, add adder) {
	if d.Membership == nil {
		return
	}
	if !d.Membership.Left.IsZero() {
		add("/retour", call.T("Retour", "Return"), call.T("Noté parti le %s.", "Noted as gone on %s.", ui.Date(d.Membership.Left)), call.T("L’agent est revenu", "The agent is back"))
		return
	}
	add("/depart", call.T("Départ", "Departure"), call.T("Les bulletins suivants seront imprimés. L’espace de l’agent, et ce qu’il contient, ne change pas.", "Later payslips will be printed. The agent’s space, and what it holds, does not change."), call.T("Noter le départ", "Note the departure"))
	text := call.T("À la demande des ayants droit, sur acte. Une autre personne confirme. Les derniers bulletins seront imprimés ; l’espace reste tel que l’agent l’a laissé.", "At the request of heirs, on a certificate. Another person confirms. The last payslips will be printed; the space stays as the agent left it.")
	r, asked := pending[portal.AskDeath]
	if asked {
		add("/deces/abandon", call.T("Abandonner la déclaration de décès", "Drop the record of a death"), call.T("Commencée par %s.", "Begun by %s.", r.By[0]), call.T("Abandonner", "Drop"))
	}
	if !asked || r.By[0] != call.Session.Login {
		add("/deces", call.T("Décès", "Death"), text, call.T("Noter le décès", "Note the death"), ui.Field{Name: "acte", Type: "checkbox", Required: true, Label: call.T("J’ai vu l’acte de décès.", "I have seen the death certificate.")}).Danger = true
	}
}

func (c *Console) decease(call *ui.Call) error {
	return c.act(call, func(_ *ui.Form, d *portal.Desk) (string, error) {
		done, err := c.o.Portal.Decease(call.Context(), call.Session.Login, d.Siret, d.Matricule)
		if done {
			return "agent-deces", err
		}
		return "agent-premiere", err
	})
}

// mergeByDesk wants a right over both employers.
func (c *Console) mergeByDesk(call *ui.Call) error {
	return c.act(call, func(f *ui.Form, d *portal.Desk) (string, error) {
		other, err := c.employer(call, f.Value("autre_siret"), vault.DroitDepot)
		if err != nil {
			return "", portal.Codes.New(portal.NotMember)
		}
		return "agent-premiere", c.o.Portal.MergeByDesk(call.Context(), call.Session.Login, d.Siret, d.Matricule, other.Siret, f.Value("autre_matricule"), f.Value("preuve"))
	})
}

func endForm(call *ui.Call) *ui.Form {
	f := call.Form("/gestion/fin-du-service", call.T("Annoncer la fin du service", "Announce the end of the service"),
		ui.Field{Name: "date", Type: "date", Label: call.T("Dernier jour", "Last day"), Required: true, Max: 10, Hint: call.T("Trois mois au plus tôt (Code du travail, D.3243-8). Chaque agent est prévenu, et ses trois mois comptent depuis ce jour-là.", "In three months at the earliest (Code du travail, D.3243-8). Each agent is told, and his three months count from that day.")})
	f.Danger = true
	return f
}

func (c *Console) endView(call *ui.Call, f *ui.Form) (*ui.Page, error) {
	s, err := c.o.Portal.ServiceEnd(call.Context())
	if err != nil {
		return nil, err
	}
	p := call.Page(call.T("Fin du service des agents", "End of the agents’ service"))
	p.Lead = call.T("Après ce jour, les agents peuvent encore tout emporter, et rien d’autre.", "After that day agents can still take everything away, and nothing else.")
	var facts []ui.Fact
	if s != nil {
		state := ui.Badge{Kind: ui.Busy, Text: call.T("à confirmer par une autre personne", "to be confirmed by another person")}
		if !s.Announced.IsZero() {
			state, f = ui.Badge{Kind: ui.Warning, Text: call.T("annoncée", "announced")}, nil
		}
		facts = []ui.Fact{{Name: call.T("Dernier jour", "Last day"), Value: ui.Date(s.End)}, {Name: call.T("État", "State"), Badge: &state}, {Name: call.T("Par", "By"), Value: s.By[0]}}
	}
	p.Data = struct {
		Facts []ui.Fact
		Form  *ui.Form
	}{facts, f}
	return p, nil
}

// overEverything is the right that announcing the end asks for.
func (c *Console) overEverything(call *ui.Call) error {
	r, err := c.rights(call)
	if err == nil && !r.overAll(vault.DroitComptes) {
		err = ui.ErrNotFound
	}
	return err
}

func (c *Console) endPage(call *ui.Call) error {
	if err := c.overEverything(call); err != nil {
		return err
	}
	p, err := c.endView(call, endForm(call))
	if err != nil {
		return err
	}
	return call.Render(http.StatusOK, "end", p)
}

func (c *Console) announceEnd(call *ui.Call) error {
	if err := c.overEverything(call); err != nil {
		return err
	}
	if recent, err := call.Recent(); !recent {
		return err
	}
	f := endForm(call)
	announced := false
	if f.Read() {
		day, err := time.ParseInLocation(time.DateOnly, f.Value("date"), c.o.Place)
		if err != nil {
			f.Fail("date", call.T("Choisissez un jour.", "Choose a day."))
		} else if announced, err = c.o.Portal.AnnounceEnd(call.Context(), call.Session.Login, day.UTC()); err != nil {
			a := anomalie.As(err)
			if a == nil {
				return err
			}
			f.Fail("date", call.Sentence(a))
		}
	}
	if f.Failed() {
		p, err := c.endView(call, f)
		if err != nil {
			return err
		}
		return call.Again("end", p)
	}
	if announced {
		return call.Done("/gestion/fin-du-service", "fin-annoncee")
	}
	return call.Done("/gestion/fin-du-service", "fin-premiere")
}

// endLetters hands out the notices of the end for agents without an address.
func (c *Console) endLetters(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot)
	if err != nil {
		return err
	}
	list, err := c.o.Portal.EndLetters(call.Context(), call.Session.Login, e.Siret)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return call.Done(agentsBase(e.Siret), "courriers-fin")
	}
	return c.handOut(call, "pdf", list)
}
