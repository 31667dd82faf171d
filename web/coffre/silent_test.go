package coffre

import (
	"strings"
	"testing"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/web/ui/uitest"
)

// Where no mail goes out, no page asks for an address or offers a message: a
// letter of the employer is the way.
func TestWithoutMailNoPageOffersAMessage(t *testing.T) {
	b := newBenchWith(t, func(o *portal.Options) { o.Mail = nil })
	b.Deposit(t, "2026-10", "A1")
	desk := b.office(t, "anne")
	desk.Get("/gestion/coffre/"+siret+"/agents").Want(t, 200, "Aucun courrier n’est encore édité")
	l := b.Letters(t)["A1"]

	v := uitest.NewVisitor(t, b.server)
	silent := func(p uitest.Page) {
		t.Helper()
		for _, offer := range []string{`type="email"`, "/profil/renvoi", "message est parti", "adresse de messagerie"} {
			if strings.Contains(p.Body, offer) {
				t.Errorf("a page offers %q:\n%s", offer, p.Text())
			}
		}
	}
	silent(v.Post("/acces", "compte", l.Number, "passe", l.Secret).Want(t, 200, "Gardez les 12 chiffres du courrier"))
	silent(v.Post("/coffre/bienvenue", "passe", portaltest.Word, "passe2", portaltest.Word, "politique", "oui").Want(t, 200, "Votre espace est ouvert"))
	silent(v.Get("/coffre/profil").Want(t, 200, "Un mot de passe oublié se règle par un courrier de votre employeur"))
	v.Post("/coffre/profil/mail", "mail", "a@example.org", "mail2", "a@example.org").Want(t, 422, "Ce service n’envoie pas de messages")

	stranger := uitest.NewVisitor(t, b.server)
	silent(stranger.Get("/coffre/oubli").Want(t, 200, "Demander un courrier"))
	silent(stranger.Post("/coffre/oubli", "compte", l.Number, "mail", "a@example.org").Want(t, 200, "Demander un courrier"))
	silent(stranger.Get("/coffre/identifiant").Want(t, 200, "la réponse vient par un courrier de votre employeur"))
	stranger.Post("/coffre/identifiant", "nom", "NomA1", "prenom", "Camille", "commune", "Paris", "mois", "mars", "mobile", "06", "prive", "000000", "politique", "oui").Want(t, 200, "Demande reçue")
	desk.Get("/gestion/coffre/"+siret+"/agents").Want(t, 200, "identifiant perdu : un courrier avec un nouvel identifiant")
}
