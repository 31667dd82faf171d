package gestion

import (
	"fmt"
	"net/http"
	"time"

	"paye/app/portal"
	"paye/vault"
	"paye/web/ui"
)

// alarmBefore is how long before the limit of a refusal the office is warned.
const alarmBefore = 30 * 24 * time.Hour

// agentPage answers an agent who calls, in the order in which things happen:
// was the run deposited, was a letter sent, did he come.
func (c *Console) agentPage(call *ui.Call) error {
	e, err := c.employer(call, call.Path("siret"), vault.DroitDepot, vault.DroitSuivi)
	if err != nil {
		return err
	}
	d, err := c.o.Portal.Look(call.Context(), call.Session.Login, e.Siret, call.Path("matricule"))
	if err != nil {
		return err
	}
	return c.agentWith(call, e, d, nil)
}

// agentWith shows the page of an agent, with the form of an action that was
// refused, if one was.
func (c *Console) agentWith(call *ui.Call, e *vault.Employeur, d *portal.Desk, refused *ui.Form) error {
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Agent %s", "Agent %s", d.Matricule))
	p.Lead = call.T("Des états et des dates, jamais un contenu. L’agent voit que vous avez consulté cette page.", "States and dates, never a content. The agent sees that you looked at this page.")
	p.Crumbs = []ui.NavItem{{Title: call.T("Agents", "Agents"), Href: agentsBase(e.Siret)}}
	p.Context = []ui.Fact{{Name: call.T("Employeur", "Employer"), Value: e.Nom}}
	var acts []deskAct
	if r.any(e.Siret, vault.DroitDepot) {
		acts = c.acts(call, d)
	}
	for i := range acts {
		if refused != nil && acts[i].Form.Action == refused.Action {
			acts[i].Form = refused
		}
	}
	var often, seldom []deskAct
	open := false
	for _, a := range acts {
		if a.Rare {
			seldom, open = append(seldom, a), open || a.Form == refused
		} else {
			often = append(often, a)
		}
	}
	p.Data = struct {
		Answer       ui.Notice
		Facts        []ui.Fact
		Acts, Seldom []deskAct
		Open         bool
	}{c.answer(call, d), deskFacts(call, d), often, seldom, open}
	if refused != nil {
		return call.Again("agent", p)
	}
	return call.Render(http.StatusOK, "agent", p)
}

// answer is what to tell the agent first.
func (c *Console) answer(call *ui.Call, d *portal.Desk) ui.Notice {
	switch {
	case !d.Deposited:
		return ui.Notice{Kind: ui.Warning, Title: call.T("Le train de paye n’est pas encore déposé", "The payroll is not deposited yet"), Text: call.T("L’agent recevra son courrier après le dépôt.", "The agent will get his letter after the deposit.")}
	case d.Membership != nil && (d.Membership.Mode == portal.Paper || d.Membership.Mode == portal.Confirmed):
		return ui.Notice{Kind: ui.Neutral, Title: call.T("Cet agent reçoit ses bulletins sur papier", "This agent gets his payslips on paper"), Text: call.T("Refus %s du %s.", "Refusal %s of %s.", d.Membership.Number, ui.Instant(d.Membership.Confirmed))}
	case !d.HasDocument:
		return ui.Notice{Kind: ui.Warning, Title: call.T("Aucun bulletin n’est déposé pour ce matricule", "No payslip is deposited for this matricule"), Text: call.T("Vérifiez le matricule, puis le suivi des dépôts.", "Check the matricule, then the follow-up of the deposits.")}
	case !d.Account:
		return ui.Notice{Kind: ui.Warning, Title: call.T("Le courrier n’est pas encore édité", "The letter is not printed yet"), Text: call.T("Éditez les courriers depuis la page Agents.", "Print the letters from the page Agents.")}
	case d.State == portal.Invited:
		return ui.Notice{Kind: ui.Busy, Title: call.T("Le courrier est parti, l’agent n’est pas encore venu", "The letter was sent, the agent has not come yet"), Text: call.T("Rééditez-le s’il n’est pas arrivé : l’ancien mot de passe provisoire cesse de fonctionner.", "Print it again if it did not arrive: the former provisional password stops working.")}
	case d.State == portal.Suspended:
		return ui.Notice{Kind: ui.Bad, Title: call.T("Le compte est suspendu : l’agent a signalé une intrusion", "The account is suspended: the agent reported an intrusion"), Text: call.T("Deux personnes lèvent la suspension, après l’avoir rappelé.", "Two persons lift it, after calling him back.")}
	}
	return ui.Notice{Kind: ui.Good, Title: call.T("L’espace de cet agent est ouvert", "The space of this agent is open"), Text: call.T("Son bulletin le plus récent est celui %s. Vérifiez avec lui qu’il est à la bonne adresse, puis qu’il choisit la bonne année.", "His latest payslip is that %s. Check with him that he is at the right address, then that he chooses the right year.", ui.OfMonth(call.Lang, d.LastMonth.Annee, int(d.LastMonth.Mois)))}
}

func deskFacts(call *ui.Call, d *portal.Desk) []ui.Fact {
	facts := []ui.Fact{{Name: call.T("Dernier train déposé", "Last payroll deposited"), Value: ui.Instant(d.LastRun)}, {Name: call.T("Dernier bulletin", "Latest payslip"), Value: ui.Instant(d.LastDocument)},
		{Name: call.T("Compte", "Account"), Badge: stateBadge(call, d.State)}}
	if m := d.Membership; m != nil {
		facts = append(facts, ui.Fact{Name: call.T("Bulletins", "Payslips"), Badge: modeBadge(call, m.Mode)}, ui.Fact{Name: call.T("Informé le", "Told on"), Value: ui.Instant(m.Notice)})
		if !m.Confirmed.IsZero() {
			facts = append(facts, ui.Fact{Name: call.T("Refus", "Refusal"), Value: m.Number + ", " + ui.Instant(m.Confirmed)}, ui.Fact{Name: call.T("À suivre avant le", "To follow by"), Value: ui.Date(m.Limit)})
		}
	}
	if m := d.Membership; m != nil && !m.Left.IsZero() {
		facts = append(facts, ui.Fact{Name: call.T("Parti le", "Left on"), Value: ui.Date(m.Left)})
	}
	if m := d.Membership; m != nil && !m.Closed.IsZero() {
		facts = append(facts, ui.Fact{Name: call.T("Espace clos le", "Space closed on"), Value: ui.Instant(m.Closed)})
	}
	if s := d.Suspended; s != nil {
		first := call.T("personne", "nobody")
		if s.Released != "" {
			first = s.Released
		}
		facts = append(facts, ui.Fact{Name: call.T("Suspendu le", "Suspended on"), Value: ui.Instant(s.Since)}, ui.Fact{Name: call.T("Première personne d’accord", "First person who agrees"), Value: first})
	}
	if d.Account {
		facts = append(facts, ui.Fact{Name: call.T("Identifiant", "Identifier"), Value: d.Number}, ui.Fact{Name: call.T("Adresse confirmée", "Confirmed address"), Value: d.MailHint})
		for i, s := range d.Letters {
			facts = append(facts, ui.Fact{Name: call.T("Courrier %s", "Letter %s", fmt.Sprint(i+1)), Value: ui.Instant(s.Date) + ", " + s.Par})
		}
	}
	return facts
}
