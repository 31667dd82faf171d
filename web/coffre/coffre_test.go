package coffre

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/web/gestion"
	"paye/web/ui/uitest"
)

// bench is a portal and a console on one server, as xhl serve has them.
type bench struct {
	*portaltest.Bench
	pages  *Pages
	server *httptest.Server
}

const siret = portaltest.Siret

func newBench(t testing.TB) *bench {
	t.Helper()
	return newBenchWith(t, nil)
}

// newBenchWith makes a bench whose portal has other options.
func newBenchWith(t testing.TB, change func(*portal.Options)) *bench {
	t.Helper()
	schemas, err := gestion.Schemas()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Bench: portaltest.New(t, change, schemas...)}
	mux := http.NewServeMux()
	b.pages, err = New(Options{Portal: b.Portal, Coffre: b.V, Ledger: b.Ledger, State: b.Dir})
	if err != nil {
		t.Fatal(err)
	}
	b.pages.Register(mux)
	console, err := gestion.New(t.Context(), gestion.Options{Ledger: b.Ledger, State: b.Dir, Coffre: b.V, Portal: b.Portal})
	if err != nil {
		t.Fatal(err)
	}
	console.Register(mux)
	b.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		b.server.Close()
		console.Close(context.Background())
	})
	return b
}

// visit is a visitor who is signed in.
func (b *bench) visit(t testing.TB, identifier string) *uitest.Visitor {
	t.Helper()
	v := uitest.NewVisitor(t, b.server)
	v.Post("/acces", "compte", identifier, "passe", portaltest.Word).Want(t, 200, "Bulletins de paie")
	return v
}

// office is a visitor of the console.
func (b *bench) office(t testing.TB, login string) *uitest.Visitor {
	t.Helper()
	v := uitest.NewVisitor(t, b.server)
	v.Post("/connexion", "compte", login, "passe", "une longue phrase de passe").Want(t, 200, "Bonjour")
	return v
}

func TestFromTheDepositToTheOpenedPDF(t *testing.T) {
	b := newBench(t)
	ids := b.Deposit(t, "2026-10", "A1", "A2")
	anne := b.office(t, "anne")
	anne.Get("/gestion/coffre/"+siret+"/agents").Want(t, 200, "Des agents attendent leur courrier : 2")
	csv := anne.Post("/gestion/coffre/"+siret+"/agents/courriers", "format", "csv")
	if csv.Status != 200 || !strings.HasPrefix(csv.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("letters: %d %s", csv.Status, csv.Text())
	}
	row := strings.Split(strings.Split(csv.Body, "\n")[1], ";")
	number, secret := row[6], row[7]
	anne.Post("/gestion/coffre/"+siret+"/agents/courriers", "format", "csv").Want(t, 200, "Aucun agent n’attend de courrier")

	v := uitest.NewVisitor(t, b.server)
	v.Get("/coffre").Want(t, 200, "Où le trouver ?")
	v.Post("/acces", "compte", number, "passe", secret).Want(t, 200, "Première connexion")
	v.Get("/coffre/documents/"+ids[0].String()).Want(t, 200, "Première connexion") // no document before the password
	v.Post("/coffre/bienvenue", "passe", "court", "passe2", "court", "politique", "oui").Want(t, 422, "Le mot de passe doit avoir de 15 à 128 caractères")
	v.Post("/coffre/bienvenue", "passe", portaltest.Word, "passe2", portaltest.Word, "mail", "camille@example.org", "mail2", "camille@example.org").Want(t, 422, "La politique de confidentialité doit être acceptée")
	home := v.Post("/coffre/bienvenue", "passe", portaltest.Word, "passe2", portaltest.Word, "mail", "camille@example.org", "mail2", "camille@example.org", "politique", "oui").Want(t, 200, "Ouvrir le dernier : Bulletin d’octobre 2026")
	if !home.Has("Votre adresse n’est pas encore confirmée") {
		t.Errorf("the page does not say that the address is not proved:\n%s", home.Text())
	}
	v.Get("/coffre/documents/"+ids[0].String()).Want(t, 200, "déposé par l’employeur, vérifié à l’instant")
	pdf := v.Get("/coffre/documents/" + ids[0].String() + "/pdf")
	if !strings.HasPrefix(pdf.Body, "%PDF-") || !strings.Contains(pdf.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the PDF came as %d %v", pdf.Status, pdf.Header)
	}
	v.Get("/coffre/documents/"+ids[1].String()).Want(t, 404, "Cette page n’existe pas")
	v.Get("/coffre/documents/"+ids[0].String()+"/acces").Want(t, 200, "ouvert vous")
	uitest.NewVisitor(t, b.server).Post("/acces", "compte", number, "passe", secret).Want(t, 422, "L’identifiant ou le mot de passe n’est pas reconnu")
}

func TestLettersArePDFWithNamesAsTheyAre(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	l.Nom, l.Prenom = "Nguyễn Ωραία Ђорђе", "Žofia"
	var out strings.Builder
	missing, err := b.WriteLetters(&out, []portal.Letter{l})
	if err != nil || len(missing) > 0 || !strings.HasPrefix(out.String(), "%PDF-") {
		t.Errorf("letters: %v, without %v", err, missing)
	}
	l.Nom = "漢字"
	if missing, err = b.WriteLetters(&out, []portal.Letter{l}); err != nil || len(missing) != 1 || missing[0] != "A1" {
		t.Errorf("a name outside the font: %v, %v; want a warning with its matricule", missing, err)
	}
}
