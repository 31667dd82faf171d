package coffre

import (
	"testing"
	"time"

	"paye/app/portal/portaltest"
	"paye/web/ui/uitest"
)

func TestAnAgentSeesAndEndsHisSessions(t *testing.T) {
	b, v, letters, _ := two(t)
	elsewhere := b.visit(t, letters["A1"].Number)
	v.Get("/acces/compte").Want(t, 200, "Où vous êtes connecté")
	v.Post("/acces/compte/sessions").Want(t, 200, "Les autres sessions sont fermées")
	elsewhere.Get("/coffre").Want(t, 200, "Connexion")
	v.Get("/coffre").Want(t, 200, "Bulletins de paie")
}

func TestASecondStepIsAskedAtTheDoorAndLetsTheWordBeShorter(t *testing.T) {
	b, v, letters, _ := two(t)
	short := "douze-lettre"
	v.Post("/coffre/profil/passe", "actuel", portaltest.Word, "passe", short, "passe2", short).Want(t, 422, "de 15 à 128")
	secret := secretOf(t, v)
	v.Post("/acces/compte/codes", "code", codeAt(t, secret, b.Clock.Now())).Want(t, 200, "Codes de secours")
	v.Post("/coffre/profil/passe", "actuel", portaltest.Word, "passe", short, "passe2", short).Want(t, 200, "Le mot de passe est changé")
	w := uitest.NewVisitor(t, b.server)
	w.Post("/acces", "compte", letters["A1"].Number, "passe", short).Want(t, 200, "Deuxième étape")
	w.Get("/coffre").Want(t, 200, "Connexion") // half a sign-in opens nothing
	b.Clock.Add(time.Minute)
	w.Post("/acces/code", "code", codeAt(t, secret, b.Clock.Now())).Want(t, 200, "Bulletins de paie")
}
