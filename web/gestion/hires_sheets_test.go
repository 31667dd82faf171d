package gestion

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"paye/hr/luccatest"
	"paye/vault"
	"paye/web/ui/uitest"
)

// hiredInTheTool is a tenant where two agents of the employer and one of another
// établissement begin in three days; the others have been there for years.
func hiredInTheTool() (tenant *luccatest.Tenant, start string) {
	tenant, start = luccatest.Sample(), time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	for _, i := range []int{3, 4, 6} {
		tenant.Users[i]["dtContractStart"] = start + "T00:00:00"
	}
	tenant.Users[4]["dtContractEnd"] = start + "T00:00:00"
	return tenant, start
}

// synchronised takes over what the HR tool has.
func synchronised(t *testing.T, v *uitest.Visitor) {
	t.Helper()
	v.Post("/gestion/rh/synchroniser", "envoi", v.Get("/gestion/rh").Field("envoi"))
	settled(t, v, "/gestion/rh").Want(t, 200, "Synchronisation faite")
}

func TestHiresOfTheHRToolAreDeclaredFromThePage(t *testing.T) {
	b := newBench(t)
	b.dueOffice(t)
	v := b.user(t, "claire", "*", vault.DroitDepot)
	if v.Get("/gestion/declarations").Has("outil RH") {
		t.Error("an HR tool is offered where there is none")
	}
	v.Get("/gestion/declarations/rh").Want(t, 404, "n’existe pas")
	tenant, start := hiredInTheTool()
	b.hrToolOf(t, tenant, time.Now(), dueSiret)
	v.Get("/gestion/declarations/rh").Want(t, 200, "Aucun contrat ne commence ce mois-ci ou plus tard")
	synchronised(t, v)
	v.Get("/gestion/declarations").Want(t, 200, "reprendre les embauches de l’outil RH")
	page := v.Get("/gestion/declarations/rh").Want(t, 200, "Matricule 003134, à partir du")
	if !page.Has("d’un autre établissement : 1 contrat.") || page.Has("CC0042") || page.Has("003131") {
		t.Errorf("who is offered: %s", page.Text())
	}
	marie, paul := "-"+url.QueryEscape("hr-104-"+start), "-"+url.QueryEscape("hr-105-"+start)
	if !strings.Contains(page.Body, `<option value="CDD" selected>`) {
		t.Error("a contract with an end is not proposed as such")
	}
	send := func(values ...string) uitest.Page {
		return v.Post("/gestion/declarations/rh", append([]string{"envoi", page.Field("envoi"), "indicateur", indicateurEssai}, values...)...)
	}
	send().Want(t, 422, "Cochez au moins un contrat")
	kept := send("declarer"+marie, "oui", "heure"+marie, "08:30:00", "nature"+marie, "CDI").Want(t, 422, "Pas plus de 5 caractères")
	if kept.Field("heure"+marie) != "08:30:00" {
		t.Error("what was typed is lost")
	}
	one := send("declarer"+marie, "oui", "heure"+marie, "08:30", "nature"+marie, "CDI", "essai"+marie, "60", "nature"+paul, "CDD").Want(t, 200, "Toutes les embauches peuvent être déclarées")
	if !one.Has("Embauches 1 À déclarer 1") {
		t.Errorf("got %s", one.Text())
	}
	v.Post(one.Path+"/envoyer", "envoi", one.Field("envoi"), "quoi", "preparer").Want(t, 200, "préparé, pas envoyé")
	page = v.Get("/gestion/declarations/rh")
	page.Want(t, 200, "contrôlée")
	send("declarer"+paul, "oui", "nature"+paul, "CDD").Want(t, 200, "à corriger avant la déclaration") // the hour is missing
	other := b.user(t, "denis", dueSiret, vault.DroitDepot)                                            // not over the whole HR tool
	if other.Get("/gestion/declarations").Want(t, 200, "003134").Has("outil RH") {
		t.Error("the agents of every employer are offered to who pays one")
	}
	other.Get("/gestion/declarations/rh").Want(t, 404, "n’existe pas")
	other.Post("/gestion/declarations/rh").Want(t, 404, "n’existe pas")
}
