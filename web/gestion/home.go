package gestion

import (
	"net/http"
	"slices"

	"paye/internal/fluxbook"
	"paye/vault"
	"paye/web/ui"
)

func (c *Console) homeRoutes() {
	c.Site.Private("GET /gestion", c.home)
}

// home says what to do first, and what waits.
func (c *Console) home(call *ui.Call) error {
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	employers, err := c.o.Coffre.Employeurs(call.Context(), systeme)
	if err != nil {
		return err
	}
	profile, err := c.Site.Profile(call.Context(), call.Session.Login)
	if err != nil {
		return err
	}
	waits, err := c.awaited(call, employers)
	if err != nil {
		return err
	}
	late, err := c.waits(call, r)
	if err != nil {
		return err
	}
	waits = append(waits, late...)
	recent, err := c.dossiers(call, kindPreparation, 5)
	if err != nil {
		return err
	}
	p := call.Page(call.T("Bonjour", "Good day"))
	if name := r.u; name != nil && name.Nom != "" {
		p.Title = call.T("Bonjour %s", "Good day, %s", name.Nom)
	}
	p.Data = struct {
		Steps  []ui.Step
		Waits  []ui.Notice
		Table  ui.Table
		NoCode bool
		Door   string
	}{c.firstSteps(call, r, len(employers) > 0, len(recent) > 0, len(waits) > 0), waits, c.preparationTable(call, recent), profile.Secret == "" && len(profile.Passkeys) == 0, "/connexion/compte"}
	return call.Render(http.StatusOK, "home", p)
}

// firstSteps are shown until a first payroll was prepared, to whom nothing else
// waits for.
func (c *Console) firstSteps(call *ui.Call, r rights, employer, prepared, waits bool) []ui.Step {
	if employer && prepared || waits {
		return nil
	}
	state := func(done bool) ui.Kind {
		if done {
			return ui.Good
		}
		return ui.Busy
	}
	steps := []ui.Step{{Kind: ui.Good, Text: call.T("Votre compte est créé", "Your account is made")}}
	if r.any("", vault.DroitComptes) {
		steps = append(steps, ui.Step{Kind: state(employer), Text: call.T("Enregistrer l’employeur (menu Employeurs)", "Record the employer (menu Employers)"), Note: call.T("Pour le coffre-fort et le suivi des flux ; inutile pour préparer une paye.", "For the vault and the follow-up of fluxes; not needed to prepare a payroll.")})
	}
	return append(steps, ui.Step{Kind: state(prepared), Text: call.T("Préparer une première paye (menu Préparer la paye)", "Prepare a first payroll (menu Prepare the payroll)"), Note: call.T("Déposez le journal de votre logiciel et ses justificatifs.", "Drop the journal of your program and its justificatifs.")})
}

// awaited are the deposits that wait for who is signed in as their second
// person.
func (c *Console) awaited(call *ui.Call, employers []vault.Employeur) (list []ui.Notice, err error) {
	sessions, err := c.o.Coffre.Awaiting(call.Context(), par(call))
	for i := range sessions {
		v := &sessions[i]
		name := v.Employeur
		if i := slices.IndexFunc(employers, func(e vault.Employeur) bool { return e.Siret == v.Employeur }); i >= 0 {
			name = employers[i].Nom
		}
		list = append(list, ui.Notice{Kind: ui.Warning, Title: call.T("Un dépôt attend votre validation : %s, %s", "A deposit waits for your validation: %s, %s", name, ui.Month(call.Lang, v.Periode.Annee, int(v.Periode.Mois))),
			Text: call.T("%d bulletin{s}, par %s. Les agents ne les voient pas encore.", "%d bulletin{s}, by %s. Agents do not see them yet.", v.Bilan.Deposes, v.Auteur),
			Link: &ui.Link{Text: call.T("Voir ce dépôt", "See this deposit"), Href: "/gestion/coffre/" + v.Employeur + "/versements/" + v.ID.String()}})
	}
	return list, err
}

// waits are the fluxes that wait for a person.
func (c *Console) waits(call *ui.Call, r rights) ([]ui.Notice, error) {
	lines, err := c.book.Status(call.Context(), fluxbook.Filtre{})
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(l *fluxbook.Ligne) bool {
		return !l.Waits() || !r.any(l.Siret, vault.DroitDepot, vault.DroitSuivi)
	})
	var list []ui.Notice
	for _, l := range lines {
		list = append(list, ui.Notice{Kind: ui.Warning, Title: call.T("Paye %s, SIRET %s", "Payroll %s, SIRET %s", ui.Month(call.Lang, l.Annee, l.Mois), l.Siret),
			Text: call.T("%d pièce{s} refusée{s}, %d réponse{s} en retard.", "%d refused piece{s}, %d late answer{s}.", l.Refuses, l.Late),
			Link: &ui.Link{Text: call.T("Voir ses flux", "See its fluxes"), Href: payrollHref(l.Key)}})
	}
	return list, nil
}
