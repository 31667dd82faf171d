package coffre

import (
	"strings"
	"testing"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/web/ui/uitest"
)

func TestEveryPageSpeaksBothLanguages(t *testing.T) {
	b := newBench(t)
	ids := b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "camille@example.org")
	v := b.visit(t, l.Number)
	doc := "/coffre/documents/" + ids[0].String()
	for path, want := range map[string][2]string{
		"/coffre": {"Bulletins de paie", "Payslips"}, doc: {"Télécharger", "Download"}, doc + "/acces": {"Qui a vu ce document", "Who saw this document"}, doc + "/envoyer": {"Faire le lien", "Make the link"},
		"/coffre/profil": {"Mes informations de profil", "My profile"}, "/coffre/profil/passe": {"Mot de passe actuel", "Present password"}, "/coffre/trace": {"première connexion", "first sign-in"},
		"/coffre/partages": {"Aucun lien", "No link"}, "/coffre/mes-documents": {"Ajouter un document", "Add a document"}, "/coffre/employeurs": {"Demander le papier", "Ask for paper"},
		"/coffre/export": {"Tout télécharger", "Download everything"}, "/coffre/aide": {"Je n’arrive pas à entrer", "I cannot get in"}, "/coffre/oubli": {"Soumettre", "Submit"}, "/coffre/identifiant": {"Votre numéro privé", "Your private number"},
		"/coffre/refus": {"au format papier", "on paper"}, "/coffre/politique": {"Version 2026-11", "Version 2026-11"}, "/coffre/alerte": {"Suspendre mon espace", "Suspend my space"}, "/acces/compte": {"Où vous êtes connecté", "Where you are signed in"},
	} {
		for i, tongue := range []string{"fr", "en"} {
			v.Lang = tongue
			page := v.Get(path).Want(t, 200, want[i])
			if m := uitest.BareMonth(strings.ReplaceAll(page.Text(), portal.PolicyVersion, "")); m != "" {
				t.Errorf("%s in %s writes a month as %q", path, tongue, m)
			}
		}
	}
}

func TestNobodySeesAnothersDocument(t *testing.T) {
	b := newBench(t)
	ids := b.Deposit(t, "2026-10", "A1", "A2")
	letters := b.Letters(t)
	b.Opened(t, letters["A1"], "camille@example.org")
	v := b.visit(t, letters["A1"].Number)
	unknown := v.Get("/coffre/documents/00000000000000000000000000000000").Want(t, 404, "Cette page n’existe pas")
	for _, path := range []string{"", "/pdf", "/acces", "/envoyer"} {
		p := v.Get("/coffre/documents/" + ids[1].String() + path)
		if p.Status != 404 || withoutReference(p.Text()) != withoutReference(unknown.Text()) {
			t.Errorf("%s of another: %d %s", path, p.Status, p.Text())
		}
	}
	office := b.office(t, "anne")
	office.Get("/coffre").Want(t, 200, "Connexion") // a session of the console opens nothing here
}

// withoutReference takes the number of the request out of an error page.
func withoutReference(s string) string {
	before, _, _ := strings.Cut(s, "Référence")
	return before
}

func TestAnAgentGoesThroughTheGuide(t *testing.T) {
	b := newBench(t)
	ids := b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "camille@example.org")

	stranger := uitest.NewVisitor(t, b.server)
	known := stranger.Post("/coffre/oubli", "compte", l.Number, "mail", "camille@example.org").Want(t, 200, "Demande reçue")
	unknown := stranger.Post("/coffre/oubli", "compte", "100000000008", "mail", "x@example.org")
	if known.Body != unknown.Body {
		t.Error("the answer tells whether the account exists")
	}
	link := strings.TrimSuffix(portaltest.Link(t, b.Mail.Next(t, "camille@example.org"), "/passe/"), ".")
	stranger.Get("/coffre"+link).Want(t, 200, "Nouveau mot de passe")
	stranger.Post("/coffre"+link, "passe", portaltest.Word, "passe2", portaltest.Word).Want(t, 200, "Le mot de passe est changé")
	stranger.Post("/coffre/identifiant", "nom", "NomA1", "prenom", "Camille", "commune", "Paris", "mois", "mars", "mobile", "06", "mail", "camille@example.org", "mail2", "camille@example.org", "prive", "000000", "politique", "oui").Want(t, 200, "Demande reçue")

	v := b.visit(t, "camille@example.org")
	v.Post("/coffre/employeurs/refus", "siret", siret, "matricule", "A1").Want(t, 200, "Confirmer : bulletins sur papier")
	v.Post("/coffre/employeurs/"+siret+"/A1/confirmer").Want(t, 200, "donne date certaine à votre demande")
	v.Get("/coffre/employeurs").Want(t, 200, "sur papier")
	sent := v.Post("/coffre/documents/"+ids[0].String()+"/envoyer").Want(t, 200, "Le lien est prêt")
	at := sent.Body[strings.Index(sent.Body, "/coffre/partage/"):]
	at = at[:strings.IndexAny(at, "< \"")]
	uitest.NewVisitor(t, b.server).Get(at).Want(t, 200, "Document envoyé")
	uitest.NewVisitor(t, b.server).Post(at, "code", "AAAA-AAAA").Want(t, 422, "Le code n’est pas bon")

	desk := b.office(t, "anne")
	desk.Get("/gestion/coffre/"+siret+"/agents").Want(t, 200, "refus confirmé")
	desk.Get("/gestion/coffre/"+siret+"/agents/un/A1").Want(t, 200, "Cet agent reçoit ses bulletins sur papier")
	desk.Get("/gestion/coffre/"+siret+"/agents/un/Z9").Want(t, 200, "Aucun bulletin n’est déposé pour ce matricule")
	v.Get("/coffre/trace").Want(t, 200, "le service de paye a regardé l’état du compte anne")
}
