package gestion

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/fluxbook"
	"paye/vault"
	"paye/web/ui/uitest"
)

// tdt is a platform that a folder stands for.
type tdt struct {
	*send.Drop
	deposits, acquits string
	broken            bool // the line breaks after everything has left
}

// Deposit implements send.Tdt.
func (d *tdt) Deposit(ctx context.Context, e *send.Envelope) send.Outcome {
	out := d.Drop.Deposit(ctx, e)
	if d.broken {
		return send.Outcome{Issue: fluxbook.IssueIncertain, Message: "connexion perdue"}
	}
	return out
}

// Find implements send.Tdt: a line that is broken does not tell either.
func (d *tdt) Find(ctx context.Context, e *send.Envelope) send.Outcome {
	if d.broken {
		return send.Outcome{Issue: fluxbook.IssueIncertain, Message: "connexion perdue"}
	}
	return d.Drop.Find(ctx, e)
}

// platform gives the console a platform.
func (b *bench) platform(t testing.TB) *tdt {
	t.Helper()
	d := &tdt{deposits: t.TempDir(), acquits: t.TempDir()}
	d.Drop = send.NewFolder(d.deposits, d.acquits)
	b.o.Tdt = &Platform{Name: d.Name(), Open: func(context.Context) (*send.Sender, error) {
		return &send.Sender{Tdt: d, Sleep: func(context.Context, time.Duration) error { return nil }}, nil
	}}
	return d
}

// produced is the page of the payroll whose fluxes are made from the example,
// one piece a justificatif.
func produced(t testing.TB, v *uitest.Visitor) (page string) {
	t.Helper()
	at := drop(t, v, "/gestion/preparer", exampleFiles(t)...)
	settled(t, v, at.Path)
	v.Post(at.Path+"/plan", "format", "pes", "packaging", "pieces", "limit", "128Mo", "idpost", "006111", "codcol", "123", "codbud", "00")
	plan := settled(t, v, at.Path).Want(t, 200, "Construire les volumes")
	v.Post(at.Path+"/construire", "envoi", plan.Field("envoi"))
	page = link(settled(t, v, at.Path).Want(t, 200, "Envoyer ces flux et suivre les réponses"), `/gestion/flux/\d+/\d{4}-\d{2}`)
	if other := link(v.Get("/gestion/flux"), `/gestion/flux/\d+/\d{4}-\d{2}`); other != page {
		t.Errorf("the preparation leads to %s, the list to %s", page, other)
	}
	return page
}

// sent is the flux of a payroll page, deposited; its page and what the platform
// has.
func sent(t testing.TB, v *uitest.Visitor, d *tdt, page string) (flux string, text []byte) {
	t.Helper()
	shown := v.Get(page).Want(t, 200, "Envoyer le flux")
	v.Post(page+"/envoyer", "envoi", shown.Field("envoi"))
	settled(t, v, page).Want(t, 200, "Dernier envoi")
	files, err := filepath.Glob(filepath.Join(d.deposits, "*.xml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("at the platform: %v, %v", files, err)
	}
	if text, err = os.ReadFile(files[0]); err != nil {
		t.Fatal(err)
	}
	return page + "/" + filepath.Base(files[0]), text
}

// pieceIDs are the identifiers of the pieces of a flux.
func pieceIDs(t testing.TB, b *bench, flux string) (ids []string) {
	t.Helper()
	f, err := b.book.Flux(t.Context(), filepath.Base(flux), "")
	if err != nil {
		t.Fatal(err)
	}
	list, err := b.book.Pieces(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		ids = append(ids, p.IdUnique)
	}
	return ids
}

func TestFluxIsSentOnceAndFollowed(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	v.Get(page).Want(t, 200, "Aucune plateforme n’est réglée")
	if got := v.Post(page+"/envoyer", "envoi", "x"); got.Status != 422 || !got.Has("FLX-224") {
		t.Errorf("without a platform: %d %s", got.Status, got.Text())
	}
	d := b.platform(t)
	shown := v.Get(page)
	for range 2 { // two clicks
		if got := v.Post(page+"/envoyer", "envoi", shown.Field("envoi")); got.Status != 200 {
			t.Errorf("sending answered %d", got.Status)
		}
	}
	settled(t, v, page).Want(t, 200, "déposé")
	files, err := filepath.Glob(filepath.Join(d.deposits, "*.xml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("at the platform: %v, %v", files, err)
	}
	if strings.Contains(v.Get(page).Body, "/envoyer") {
		t.Error("what has left can be sent again")
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.acquits, "ACQ_1.xml"), sendtest.Acquit(t, text, "2026-11-28", nil), 0o600); err != nil {
		t.Fatal(err)
	}
	v.Post(page + "/nouvelles")
	settled(t, v, page).Want(t, 200, "clos")
}

func TestRefusedPiecesWaitForADecisionAndLeaveAgain(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	flux, text := sent(t, v, b.platform(t), page)
	ids := pieceIDs(t, b, flux)
	answer := sendtest.Acquit(t, text, "2026-11-28", map[string]sendtest.Refusal{
		ids[0]: {NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 doublon"}, ids[1]: {NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 doublon"}, ids[2]: {NumAnoAck: "ERREUR_PJ", Libelle: "illisible"}, ids[3]: {NumAnoAck: "ERREUR_TIMEOUT", Libelle: "délai"}})
	read := drop(t, v, "/gestion/acquittements", "ACQ_1.xml="+string(answer)).Want(t, 200, "des pièces sont refusées")
	for _, says := range []string{ids[1] + " ", ids[2] + " ", "Hélios a déjà une pièce de cet IdUnique (1984 doublon)", "Décider et renvoyer"} {
		if !read.Has(says) {
			t.Errorf("the return does not say %q: %s", says, read.Text())
		}
	}
	if again := v.Get(read.Path); again.Status != 200 || !again.Has(ids[2]) {
		t.Errorf("the return cannot be found again: %d", again.Status)
	}
	ask := v.Get(flux+"/renvoyer").Want(t, 200, "C’est un autre document")
	if n := strings.Count(ask.Body, `value="nouvelle"`); n != 1 {
		t.Errorf("another identifier is offered %d times, want once: to the payroll, never to a justificatif", n)
	}
	post := func(values ...string) uitest.Page {
		return drop(t, v, flux+"/renvoyer", append([]string{"envoi==" + ask.Field("envoi")}, values...)...)
	}
	name := func(id string) string { return fieldOf(t, ask, id) }
	wait := []string{name(ids[0]) + "==attendre", name(ids[1]) + "==attendre", name(ids[2]) + "==attendre"}
	post(name(ids[0])+"==attendre", name(ids[1])+"==attendre", name(ids[2])+"==remplacer", name(ids[3])+"==deja").Want(t, 422, "À joindre : le document corrigé")
	made := post(append(wait, name(ids[3])+"==renvoyer")...).Want(t, 200, "Un nouveau flux porte les pièces refusées")
	if got := pieceIDs(t, b, strings.Split(made.Path, "?")[0]); len(got) != 1 || got[0] != ids[3] {
		t.Errorf("the new flux carries %v, want %s", got, ids[3])
	}
	if again := post(append(wait, name(ids[3])+"==renvoyer")...); again.Path != made.Path {
		t.Errorf("two clicks make two fluxes: %s and %s", made.Path, again.Path)
	}
	ask = v.Get(flux + "/renvoyer")
	post(name(ids[0])+"==attendre", name(ids[1])+"==deja", name(ids[2])+"==attendre").Want(t, 200, "que le comptable a déjà")
	ask = v.Get(flux + "/renvoyer")
	post(name(ids[0])+"==nouvelle", name(ids[2])+"==attendre").Want(t, 200, "Un nouveau flux porte les pièces refusées")
	ask = v.Get(flux + "/renvoyer")
	post(name(ids[2])+"==attendre").Want(t, 422, "décidez pour une pièce au moins")
}

// fieldOf is the name of the question about a piece.
func fieldOf(t *testing.T, p uitest.Page, id string) string {
	t.Helper()
	at := strings.Index(p.Body, "<legend>"+id)
	if at < 0 {
		t.Fatalf("nothing is asked about %s: %s", id, p.Text())
	}
	_, rest, _ := strings.Cut(p.Body[at:], `name="`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

func TestSendingThatBrokeWaitsForWhatAPersonKnows(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	d := b.platform(t)
	d.broken = true
	flux, _ := sent(t, v, d, page)
	v.Get(flux).Want(t, 200, "Cet envoi est à vérifier")
	if strings.Contains(v.Get(page).Body, "/envoyer") {
		t.Error("a flux whose fate is not known can be sent as if it were new")
	}
	v.Post(flux+"/regler", "sait", "numero", "numero", "").Want(t, 422, "le numéro que la plateforme a donné")
	v.Post(flux+"/regler", "sait", "numero", "numero", "4711").Want(t, 200, "Transaction 4711")
	if got := v.Post(flux+"/regler", "sait", "absente"); got.Status != 200 || got.Has("pourra repartir") {
		t.Errorf("settled twice: %d", got.Status)
	}
	f, err := b.book.Flux(t.Context(), filepath.Base(flux), "")
	if err != nil || f.Etat != fluxbook.Depose {
		t.Errorf("%s, %v", f.Etat, err)
	}
	v.Post(flux+"/abandonner", "motif", "").Want(t, 422, "motif de l’abandon")
	v.Post(flux+"/abandonner", "motif", "paye refaite").Want(t, 200, "Le flux est abandonné")
}

func TestWhoOnlyFollowsSendsNothing(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	d := b.platform(t)
	siret := strings.Split(page, "/")[3]
	reader := b.user(t, "lise", siret, vault.DroitSuivi)
	if got := reader.Get(page).Want(t, 200, "produit"); strings.Contains(got.Body, "/envoyer") {
		t.Error("a button is shown that does not work")
	}
	flux := link(v.Get(page), page+`/[^"?]+\.xml`)
	for _, path := range []string{page + "/envoyer", page + "/nouvelles", page + "/annuler", page + "/reprendre", flux + "/regler", flux + "/abandonner", flux + "/renvoyer"} {
		if got := reader.Post(path, "envoi", "x", "motif", "x"); got.Status != 404 {
			t.Errorf("%s answered %d", path, got.Status)
		}
	}
	if got := reader.Get(flux + "/renvoyer"); got.Status != 404 {
		t.Errorf("the decisions answered %d", got.Status)
	}
	if files, err := filepath.Glob(filepath.Join(d.deposits, "*")); err != nil || len(files) > 0 {
		t.Errorf("at the platform: %v, %v", files, err)
	}
}

func TestPlatformThatFailsIsToldWithoutItsWords(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := produced(t, v)
	b.platform(t)
	b.o.Tdt.Open = func(context.Context) (*send.Sender, error) { return nil, errors.New("https://secret@tdt.example") }
	v.Post(page+"/envoyer", "envoi", v.Get(page).Field("envoi"))
	if got := settled(t, v, page); !got.Has("Reprendre") || got.Has("secret") {
		t.Errorf("got %s", got.Text())
	}
}
