package coffre

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"paye/app/portal/portaltest"
	"paye/web/ui/uitest"
)

func TestMergeThroughThePages(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1", "A2")
	letters := b.Letters(t)
	b.Opened(t, letters["A1"], "a@example.org")
	from := b.Opened(t, letters["A2"], "b@example.org")
	v, other := b.visit(t, letters["A1"].Number), b.visit(t, letters["A2"].Number)
	v.Get("/coffre/fusion").Want(t, 200, "Vous avez reçu deux identifiants ?")
	v.Post("/coffre/fusion", "compte", letters["A2"].Number, "passe", "faux faux faux faux").Want(t, 422, "n’est pas reconnu")
	v.Post("/coffre/fusion", "compte", "100000000008", "passe", "faux faux faux faux").Want(t, 422, "n’est pas reconnu")
	v.Post("/coffre/fusion", "compte", letters["A2"].Number, "passe", portaltest.Word).Want(t, 200, "Rien n’est encore fait")
	v.Post("/coffre/fusions/"+from.ID).Want(t, 200, "elle sera faite dans trois jours")
	other.Get("/coffre/fusion").Want(t, 200, "faite dans trois jours")
	link := portaltest.Link(t, b.Mail.Next(t, "b@example.org"), "/fusion/arret/")
	stranger := uitest.NewVisitor(t, b.server)
	stranger.Get("/coffre"+link).Want(t, 200, "Ce n’était pas moi") // looking at it does nothing
	b.Clock.Add(72 * time.Hour)
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	v = b.visit(t, letters["A1"].Number)
	v.Get("/coffre/employeurs").Want(t, 200, "A2")
	v.Get("/coffre/fusion").Want(t, 200, "Défaire")
	other.Get("/coffre").Want(t, 200, "Connexion")
	b.visit(t, letters["A2"].Number).Get("/coffre/profil").Want(t, 200, letters["A1"].Number[8:])
	stranger.Post("/coffre"+link).Want(t, 200, "l’espace est suspendu")
	v.Get("/coffre").Want(t, 200, "Connexion")
	stranger.Post("/coffre"+link).Want(t, 422, "Ce lien ne sert plus")
}

func TestClosureThroughThePages(t *testing.T) {
	b := newBench(t)
	ids := b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "a@example.org")
	v := b.visit(t, l.Number)
	v.Get("/coffre/profil/cloture").Want(t, 200, "Tout télécharger d’abord")
	v.Post("/coffre/profil/cloture").Want(t, 422, "À remplir")
	v.Post("/coffre/profil/cloture", "compris", "oui").Want(t, 200, "Plus dans aucune sauvegarde après le 28/12/2026")
	v.Get("/coffre/documents/"+ids[0].String()).Want(t, 200, "Connexion")
	anne := b.office(t, "anne")
	anne.Get(desk).Want(t, 200, "l’agent a clos son espace : papier")
	anne.Get(desk+"/un/A1").Want(t, 200, "Espace clos le")
	anne.Post(desk+"/un/A1/lu").Want(t, 200, "C’est noté")
	if p := anne.Get(desk); p.Has("l’agent a clos son espace") {
		t.Error("it is still to be read")
	}
}

func TestTheDeskMergesNotesDeparturesAndDeathsByTwo(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1", "A2")
	letters := b.Letters(t)
	b.Opened(t, letters["A1"], "a@example.org")
	b.Opened(t, letters["A2"], "b@example.org")
	anne, carl := b.office(t, "anne"), b.office(t, "carl")
	at := desk + "/un/A1"
	anne.Post(at+"/fusion", "autre_siret", siret, "autre_matricule", "A2").Want(t, 422, "À remplir : ce que vous avez vu")
	anne.Post(at+"/fusion", "autre_siret", "21350238800019", "autre_matricule", "A2", "preuve", "x").Want(t, 422, "Cet employeur n’a pas de bulletin")
	anne.Post(at+"/fusion", "autre_siret", siret, "autre_matricule", "A2", "preuve", "deux courriers et une pièce d’identité").Want(t, 200, "Une autre personne doit confirmer")
	anne.Post(at+"/fusion/accord", "rappel_fusion", "oui").Want(t, 422, "dans l’état où est")
	carl.Get(at).Want(t, 200, "deux courriers et une pièce d’identité")
	carl.Post(at+"/fusion/accord", "rappel_fusion", "oui").Want(t, 200, "elle sera faite dans trois jours")
	b.Mail.Next(t, "b@example.org")

	anne.Post(desk+"/un/A2/depart").Want(t, 200, "l’espace de l’agent reste ouvert")
	anne.Post(desk+"/un/A2/retour").Want(t, 200, "Le retour est noté")
	anne.Post(desk+"/un/A2/deces", "acte", "oui").Want(t, 200, "Une autre personne doit confirmer")
	anne.Post(desk+"/un/A2/deces", "acte", "oui").Want(t, 422, "dans l’état où est")
	carl.Get(desk).Want(t, 200, "décès : une autre personne confirme")
	carl.Post(desk+"/un/A2/deces", "acte", "oui").Want(t, 200, "Le décès est noté")
	b.visit(t, letters["A2"].Number).Get("/coffre/trace").Want(t, 200, "décès déclaré carl")
}

func TestSecondStepOfTheOtherSpaceIsAskedForAMerge(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1", "A2")
	letters := b.Letters(t)
	b.Opened(t, letters["A1"], "a@example.org")
	b.Opened(t, letters["A2"], "b@example.org")
	other := b.visit(t, letters["A2"].Number)
	secret := secretOf(t, other)
	other.Post("/acces/compte/codes", "code", codeAt(t, secret, b.Clock.Now())).Want(t, 200, "Codes de secours")
	v := b.visit(t, letters["A1"].Number)
	b.Clock.Add(time.Minute)
	v.Post("/coffre/fusion", "compte", letters["A2"].Number, "passe", portaltest.Word).Want(t, 422, "demande sa deuxième étape")
	v.Post("/coffre/fusion", "compte", letters["A2"].Number, "passe", portaltest.Word, "code", "000000").Want(t, 422, "demande sa deuxième étape")
	p := v.Post("/coffre/fusion", "compte", letters["A2"].Number, "passe", portaltest.Word, "code", codeAt(t, secret, b.Clock.Now()))
	if p.Status != 200 || !strings.Contains(p.Path, "/coffre/fusions/") {
		t.Errorf("with the code: %d %s", p.Status, p.Text())
	}
}

// secretOf begins to set sign-in codes up, and gives the key that is shown.
func secretOf(t *testing.T, v *uitest.Visitor) string {
	t.Helper()
	_, rest, found := strings.Cut(v.Get("/acces/compte/codes").Body, `class="key">`)
	secret, _, whole := strings.Cut(rest, "</code>")
	if !found || !whole {
		t.Fatal("no key is shown")
	}
	return strings.ReplaceAll(secret, " ", "")
}

// codeAt is what the application of codes shows at a time.
func codeAt(t *testing.T, secret string, now time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}
