package coffre

import (
	"strings"
	"testing"

	"paye/app/portal/portaltest"
	"paye/vault"
	"paye/web/ui/uitest"
)

// desk is the page of an agent at the support desk.
const desk = "/gestion/coffre/" + siret + "/agents"

func TestTwoPersonsOpenASuspendedSpaceFromTheConsole(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "camille@example.org")
	v := b.visit(t, l.Number)
	v.Post("/coffre/alerte").Want(t, 200, "Connexion")
	v.Post("/acces", "compte", l.Number, "passe", portaltest.Word).Want(t, 422, "n’est pas reconnu")

	anne, carl := b.office(t, "anne"), b.office(t, "carl")
	anne.Get(desk).Want(t, 200, "espace suspendu : à rouvrir à deux")
	at := desk + "/un/A1"
	anne.Get(at).Want(t, 200, "Vous êtes la première personne")
	anne.Post(at+"/rouvrir").Want(t, 422, "À remplir")
	anne.Post(at+"/rouvrir", "rappel_rouvrir", "oui").Want(t, 200, "Une autre personne doit confirmer")
	anne.Post(at+"/rouvrir", "rappel_rouvrir", "oui").Want(t, 422, "dans l’état où est ce compte")
	carl.Get(at).Want(t, 200, "anne a donné son accord")
	carl.Post(at+"/rouvrir", "rappel_rouvrir", "oui").Want(t, 200, "La suspension est levée")
	anne.Get(desk).Want(t, 200, "ouvert")

	v.Post("/acces", "compte", l.Number, "passe", portaltest.Word).Want(t, 422, "n’est pas reconnu")
	v.Post("/coffre/oubli", "compte", l.Number, "mail", "camille@example.org").Want(t, 200, "Demande reçue")
	link := ""
	for link == "" {
		if m := b.Mail.Next(t, "camille@example.org"); strings.Contains(m.Text, "/passe/") {
			link = portaltest.Link(t, m, "/passe/")
		}
	}
	v.Post("/coffre"+link, "passe", portaltest.Word, "passe2", portaltest.Word).Want(t, 200, "Le mot de passe est changé")
	b.visit(t, l.Number).Get("/coffre/trace").Want(t, 200, "suspension levée carl")
}

func TestALostIdentifierIsAnsweredByLetterFromTheConsole(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "camille@example.org")
	stranger := uitest.NewVisitor(t, b.server)
	stranger.Post("/coffre/identifiant", "nom", "NomA1", "prenom", "Camille", "commune", "Paris", "mois", "mars", "mobile", "06", "mail", "other@example.org", "mail2", "other@example.org", "prive", "000000", "politique", "oui").Want(t, 200, "Demande reçue")
	anne := b.office(t, "anne")
	anne.Get(desk).Want(t, 200, "identifiant perdu : un courrier")
	anne.Get(desk+"/un/A1").Want(t, 200, "Éditer le courrier")
	pdf := anne.Post(desk + "/un/A1/identifiant")
	if pdf.Status != 200 || !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Fatalf("the letter: %d %s", pdf.Status, pdf.Text())
	}
	anne.Post(desk+"/un/A1/identifiant").Want(t, 422, "dans l’état où est ce compte")
	if p := anne.Get(desk); p.Has("identifiant perdu") {
		t.Error("the request still waits")
	}
	b.visit(t, l.Number).Get("/coffre/trace").Want(t, 200, "nouvel identifiant anne")
}

func TestTheDeskBringsAnAgentBackFromPaper(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "camille@example.org")
	v := b.visit(t, l.Number)
	v.Post("/coffre/employeurs/refus", "siret", siret, "matricule", "A1")
	v.Post("/coffre/employeurs/"+siret+"/A1/confirmer").Want(t, 200, "date certaine")
	anne := b.office(t, "anne")
	anne.Post(desk+"/un/A1/electronique").Want(t, 422, "À remplir")
	anne.Post(desk+"/un/A1/electronique", "rappel_electronique", "oui").Want(t, 200, "sous forme électronique")
	v.Get("/coffre/employeurs").Want(t, 200, "Demander le papier")
	if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 0 {
		t.Errorf("paper list %v, %v", list, err)
	}
}

func TestANoticeIsPrintedBeforeAnyDeposit(t *testing.T) {
	b := newBench(t)
	anne := b.office(t, "anne")
	anne.Post(desk+"/notification", "notifie", "", "nom", "Durand", "prenom", "Lou").Want(t, 422, "À remplir")
	pdf := anne.Post(desk+"/notification", "notifie", "N1", "nom", "Durand", "prenom", "Lou")
	if pdf.Status != 200 || !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Fatalf("the notice: %d %s", pdf.Status, pdf.Text())
	}
	anne.Get(desk).Want(t, 200, "informé")
}

func TestWhoMayOnlyLookDoesNothingAtTheDesk(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1")
	b.Opened(t, b.Letters(t)["A1"], "camille@example.org")
	bob := b.office(t, "bob") // he follows deposits
	bob.Get(desk+"/un/A1").Want(t, 200, "L’espace de cet agent est ouvert")
	for _, path := range []string{"/courrier", "/identifiant", "/suspendre", "/rouvrir", "/electronique", "/papier"} {
		if p := bob.Post(desk+"/un/A1"+path, "rappel", "oui"); p.Status != 404 {
			t.Errorf("%s answered %d", path, p.Status)
		}
	}
}
