package gestion

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"paye/app/hire"
	"paye/due"
	"paye/due/courrier"
	"paye/vault"
	"paye/web/ui/uitest"
)

const dueSettings = `raison_sociale=Commune d'Exemple
siret=732 829 320 00074
ape=8411Z
code_urssaf=737
adresse1=1 place de la Mairie
code_postal=31000
ville=Toulouse
telephone=0500000000
service_sante=MT348
profil=Bureau
a=centre@exemple.org
sujet=Declarations
note=Ci-joint.
identite=paie@exemple.fr
expediteur=paie@exemple.fr
cles=cles
travail=travail
cle_destinataire=destinataire.asc
cle_propre=nous.asc
`

// dueHires is two hires in three days, the second without a first name.
func dueHires() string {
	return strings.ReplaceAll(`matricule;nom_naissance;prenom;sexe;nir;cle_nir;date_naissance;ville_naissance;departement_naissance;contrat;date_debut;heure_debut;nature;date_fin;essai_jours
A001;DURAND;JEANNE;F;2550814168025;38;1955-08-12;CAEN;14;C1;JOUR;08:30;CDD;JOUR;0
A002;MARTIN;;M;2550814168025;38;1955-08-12;CAEN;14;C2;JOUR;08:30;CDD;JOUR;0
`, "JOUR", time.Now().AddDate(0, 0, 3).Format(time.DateOnly))
}

// dueOffice gives the console an office of declarations, with keys. Its clock is
// the machine's: keys and hires have dates.
func (b *bench) dueOffice(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	ours, _, err1 := courrier.NewCle("Paie", "paie@exemple.fr", nil, time.Now())
	_, theirs, err2 := courrier.NewCle("Centre", "centre@exemple.org", nil, time.Now())
	if err := errors.Join(err1, err2, os.MkdirAll(filepath.Join(dir, "cles"), 0o700), os.MkdirAll(filepath.Join(dir, "travail", "AR"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"due.cfg": []byte(dueSettings), "cles/nous.asc": ours, "cles/destinataire.asc": theirs} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.o.Hire = func(ctx context.Context, who string) (*hire.Bureau, error) {
		return hire.Open(ctx, hire.Options{Dossier: filepath.Join(dir, "due.cfg"), Ledger: b.dir, Qui: who, Now: time.Now, Random: rand.Reader})
	}
	return dir
}

const dueSiret = "73282932000074"

func TestHiresAreCheckedForWhoDeposits(t *testing.T) {
	b := newBench(t)
	b.dueOffice(t)
	v := b.user(t, "claire", dueSiret, vault.DroitDepot)
	v.Get("/gestion/declarations").Want(t, 200, "Aucune déclaration n’est encore en cours")
	got := drop(t, v, "/gestion/declarations/controler", "embauches.csv="+dueHires()).Want(t, 200, "à corriger avant la déclaration")
	if !got.Has("Embauches 2 À déclarer 1") {
		t.Errorf("got %s", got.Text())
	}
	if html := v.Get(got.Path + "/rapport.html"); html.Status != 200 || !strings.Contains(html.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the report: %d", html.Status)
	}
	if pdf := v.Get(got.Path + "/rapport.pdf"); pdf.Status != 200 || !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Errorf("the PDF: %d", pdf.Status)
	}
	drop(t, v, "/gestion/declarations/controler").Want(t, 422, "Aucun fichier n'a été choisi")
	eve := b.user(t, "eve", "13002526500013", vault.Droits...)
	for _, path := range []string{"/gestion/declarations", got.Path, got.Path + "/rapport.html", "/gestion/declarations/mise-en-place"} {
		eve.Get(path).Want(t, 404, "n’existe pas")
	}
	eve.Post(got.Path+"/envoyer", "quoi", "preparer").Want(t, 404, "n’existe pas")
	v.Post(got.Path+"/effacer").Want(t, 200, "Les fichiers déposés sont effacés")
	if left, err := os.ReadDir(b.folder("dossiers")); err != nil || len(left) > 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
}

// acknowledge answers the last batch of a page: every hire is registered.
func (b *bench) acknowledge(t *testing.T, v *uitest.Visitor, sent uitest.Page) {
	t.Helper()
	lots := regexp.MustCompile(`L\d{8}-\d{4}`).FindAllString(sent.Body, -1)
	office, err := b.o.Hire(t.Context(), "essai")
	if err != nil {
		t.Fatal(err)
	}
	defer office.Close()
	e, err := office.Registre.Envoi(t.Context(), lots[len(lots)-1])
	if err != nil {
		t.Fatal(err)
	}
	l, err := due.ReadTexte(bytes.NewReader(e.Octets), e.Nom)
	if err != nil {
		t.Fatal(err)
	}
	ar := &due.AR{Lot: l.ID, Indicateur: l.Indicateur, Date: time.Now(), Niveau: 3, Accepte: true, Code: "00"}
	today := due.Date{Annee: 2026, Mois: 11, Jour: 23}
	for i, d := range l.Groupes[0].Hires {
		ar.Reponses = append(ar.Reponses, due.Reponse{Numero: i + 3, Cle: d.Cle, Statut: due.StatutEnregistree, Code: "00", Reference: fmt.Sprint("REF", i), Date: today, Heure: due.Heure{Heures: 10, Minutes: 5, Connue: true}})
	}
	var text bytes.Buffer
	if err := due.WriteAR(&text, ar); err != nil {
		t.Fatal(err)
	}
	drop(t, v, "/gestion/declarations/retours", "AR.txt="+text.String()).Want(t, 200, "Le fichier est accepté")
}

// From the first contact to a real declaration, without a command: each step is
// a sending and its answer, and nothing real leaves before the last.
func TestSetUpThenTestThenRealDeclarations(t *testing.T) {
	b := newBench(t)
	dir := b.dueOffice(t)
	claire := b.user(t, "claire", dueSiret, vault.DroitDepot)
	denis := b.user(t, "denis", dueSiret, vault.DroitDepot)
	office, err := b.o.Hire(t.Context(), "essai")
	if err != nil {
		t.Fatal(err)
	}
	print, err := office.Fingerprint()
	if err := errors.Join(err, office.Close()); err != nil {
		t.Fatal(err)
	}
	setup := "/gestion/declarations/mise-en-place"
	claire.Post(setup+"/contact", "qui", "").Want(t, 422, "qui a été prévenu")
	claire.Post(setup+"/contact", "qui", "le centre").Want(t, 200, "La mise en place est enregistrée")
	claire.Post(setup+"/chemins").Want(t, 200, "La mise en place est enregistrée")
	claire.Post(setup+"/cle-test", "empreinte-cle-test", "ABCD").Want(t, 422, "La clé confirmée n'est pas celle")
	claire.Post(setup+"/cle-test", "empreinte-cle-test", print).Want(t, 200, "La mise en place est enregistrée")

	hires, _, _ := strings.Cut(dueHires(), "A002;")
	real := drop(t, claire, "/gestion/declarations/controler", "indicateur==reel", "embauches.csv="+hires).Want(t, 200, "Toutes les embauches peuvent être déclarées")
	send := func(page uitest.Page, what, siret string) uitest.Page {
		return claire.Post(strings.Split(page.Path, "?")[0]+"/envoyer", "envoi", claire.Get(page.Path).Field("envoi"), "quoi", what, "siret", siret)
	}
	send(real, "reel", "13002526500013").Want(t, 422, "Ce n’est pas le SIRET de l’employeur")
	send(real, "reel", dueSiret).Want(t, 422, "À corriger") // the set-up is not done
	test := drop(t, claire, "/gestion/declarations/controler", "embauches.csv="+hires).Want(t, 200, "Toutes les embauches peuvent être déclarées")
	send(test, "preparer", "").Want(t, 200, "préparé, pas envoyé")
	if left, err := filepath.Glob(filepath.Join(dir, "travail", "outbox", "*")); err != nil || len(left) > 0 {
		t.Errorf("a preparation left %v, %v", left, err)
	}
	send(test, "reel", dueSiret).Want(t, 422, "Choisissez parmi ce qui est proposé")
	for n := 4; n <= 6; n++ {
		if n == 6 {
			drop(t, claire, setup+"/conventions", "jour==2026-11-20", "signe.pdf=%PDF-1.4").Want(t, 200, "La mise en place est enregistrée")
			claire.Post(setup+"/cle-definitive", "empreinte-cle-definitive", print).Want(t, 200, "La mise en place est enregistrée")
			claire.Post(setup+"/confirmer", "empreinte-confirmer", print).Want(t, 422, "À corriger")
			denis.Post(setup+"/confirmer", "empreinte-confirmer", print).Want(t, 200, "La mise en place est enregistrée")
		}
		sent := send(test, fmt.Sprintf("etape%d", n), "").Want(t, 200, fmt.Sprintf("envoyé, étape %d", n))
		b.acknowledge(t, claire, sent)
	}
	claire.Get(setup).Want(t, 200, "Étape 6")
	done := send(real, "reel", dueSiret).Want(t, 200, "Les fichiers sont partis")
	if !done.Has("envoyé") {
		t.Errorf("got %s", done.Text())
	}
	if left, err := filepath.Glob(filepath.Join(dir, "travail", "outbox", "*.eml")); err != nil || len(left) != 4 {
		t.Errorf("left: %v, %v", left, err)
	}
}
