package gestion

import (
	"paye/vault"
	"paye/web/ui"
)

// nav is the menu of who is signed in. What his rights do not reach is not in
// it; what the employer's option keeps shut is greyed.
func (c *Console) nav(call *ui.Call) []ui.NavItem {
	r, err := c.rights(call)
	if err != nil {
		return nil
	}
	items := []ui.NavItem{
		{Title: call.T("Accueil", "First page"), Href: "/gestion"},
		{Title: call.T("Préparer la paye", "Prepare the payroll"), Href: "/gestion/preparer"},
		{Title: call.T("Consulter", "Look into"), Href: "/gestion/consulter"},
		{Title: call.T("Contrôler", "Check"), Href: "/gestion/controler"},
	}
	if r.any("", vault.DroitDepot, vault.DroitSuivi) {
		items = append(items, ui.NavItem{Title: call.T("Flux", "Fluxes"), Href: "/gestion/flux"})
	}
	if c.o.Hire != nil && r.any("", vault.DroitDepot) {
		items = append(items, ui.NavItem{Title: call.T("Déclarations", "Declarations"), Href: "/gestion/declarations"})
	}
	if c.o.HR != nil && r.overAll(vault.DroitDepot) {
		items = append(items, ui.NavItem{Title: call.T("RH", "HR"), Href: "/gestion/rh"})
	}
	if item, shown := c.vaultItem(call, r); shown {
		items = append(items, item)
	}
	if r.any("", vault.DroitComptes) {
		items = append(items,
			ui.NavItem{Title: call.T("Employeurs", "Employers"), Href: "/gestion/employeurs"},
			ui.NavItem{Title: call.T("Comptes et droits", "Accounts and rights"), Href: "/gestion/comptes"})
	}
	return items
}

// vaultItem is the entry of the coffre-fort: absent without module or right,
// greyed while the option of every employer within reach is off.
func (c *Console) vaultItem(call *ui.Call, r rights) (item ui.NavItem, shown bool) {
	item = ui.NavItem{Title: call.T("Coffre-fort", "Vault"), Href: "/gestion/coffre"}
	list, err := c.employers(call, r, vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	if err != nil || len(list) == 0 {
		return item, false
	}
	for _, e := range list {
		if e.Actif {
			return item, true
		}
	}
	item.State = ui.NavGreyed
	item.Why = call.T("L’option « Bulletin de salaire au format électronique » n’est pas cochée.", "The option “Payslips in electronic form” is not ticked.")
	return item, true
}
