package gestion

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/app/deposit"
	"paye/internal/ledger"
	"paye/internal/server"
	"paye/vault"
	"paye/web/ui/uitest"
	"paye/xhl"
)

// bench is a console on a machine of its own.
type bench struct {
	*Console
	server *httptest.Server
	v      *vault.Coffre
	dir    string
	log    *logged
	mu     sync.Mutex
	clock  time.Time
}

// logged is what the console wrote into its log.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is the whole of it.
func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (b *bench) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

const (
	word         = "une longue phrase de passe"
	exempleSiret = "21967564200017"
	siret        = "21340172200013" // the one of testdata/exemple is asked for below
)

// newBench makes an empty machine. The accounts of tests share one hash: a
// password costs a fifth of a second each time it is hashed.
func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{clock: time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC), dir: t.TempDir(), log: &logged{}}
	root := filepath.Join(b.dir, "coffre")
	if err := vault.Init(t.Context(), root, vault.InitOptions{Options: vault.Options{Clock: b.now}}); err != nil {
		t.Fatal(err)
	}
	var err error
	if b.v, err = vault.Open(t.Context(), root, vault.Options{Clock: b.now, Controle: deposit.RecipientControl()}); err != nil {
		t.Fatal(err)
	}
	schemas, err := Schemas()
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), b.dir, b.now, schemas...)
	if err != nil {
		t.Fatal(err)
	}
	b.Console, err = New(t.Context(), Options{Ledger: l, State: b.dir, Coffre: b.v, Brake: server.NewBrake(10, time.Minute, b.now), Version: "essai", Place: time.UTC, Gallery: true,
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	b.Register(mux)
	b.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		b.server.Close()
		b.Close(context.Background())
		l.Close()
		b.v.Close(context.Background())
	})
	return b
}

// user makes an account with rights over an employer.
func (b *bench) user(t testing.TB, login, over string, rights ...vault.Droit) *uitest.Visitor {
	t.Helper()
	sys := vault.Systeme("essai")
	if err := b.v.Comptes().AddUtilisateur(t.Context(), sys, login, strings.ToUpper(login[:1])+login[1:], word); err != nil {
		t.Fatal(err)
	}
	if len(rights) > 0 {
		if err := b.v.Comptes().Grant(t.Context(), sys, login, over, rights...); err != nil {
			t.Fatal(err)
		}
	}
	return b.in(t, login)
}

// in is a visitor who is signed in.
func (b *bench) in(t testing.TB, login string) *uitest.Visitor {
	t.Helper()
	v := uitest.NewVisitor(t, b.server)
	v.Post("/connexion", "compte", login, "passe", word).Want(t, 200, "Bonjour")
	return v
}

// exemple is the folder of the repository's example.
const exemple = "../../testdata/exemple"

// drop sends files as a form does; names are paths below the example, or
// "name=content".
func drop(t testing.TB, v *uitest.Visitor, path string, names ...string) uitest.Page {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, name := range names {
		// A content may hold "==" too, the end of a base64: a field has no "=" before.
		if key, value, field := strings.Cut(name, "=="); field && !strings.Contains(key, "=") {
			if err := m.WriteField(key, value); err != nil {
				t.Fatal(err)
			}
			continue
		}
		name, content, made := strings.Cut(name, "=")
		b := []byte(content)
		if !made {
			var err error
			if b, err = os.ReadFile(filepath.Join(exemple, name)); err != nil {
				t.Fatal(err)
			}
		}
		w, err := m.CreateFormFile("fichiers", name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(b)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, v.URL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.Do(r)
}

// exampleFiles are those of the example: journal, index and pieces.
func exampleFiles(t testing.TB) []string {
	t.Helper()
	names := []string{"journal.xhl", "justificatifs.csv"}
	pieces, err := filepath.Glob(filepath.Join(exemple, "justificatifs", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pieces {
		names = append(names, "justificatifs/"+filepath.Base(p))
	}
	return names
}

// settled asks for a page until no work is under way on it.
func settled(t testing.TB, v *uitest.Visitor, path string) uitest.Page {
	t.Helper()
	for range 2000 {
		p := v.Get(path)
		if !strings.Contains(p.Body, "data-live=") {
			return p
		}
	}
	t.Fatalf("%s never settles", path)
	return uitest.Page{}
}

// link is the first address of a page that matches.
func link(p uitest.Page, pattern string) string {
	return regexp.MustCompile(pattern).FindString(p.Body)
}

func TestFirstPersonMakesTheFirstAccountByALinkThatIsGoodOnce(t *testing.T) {
	b := newBench(t)
	v := uitest.NewVisitor(t, b.server)
	v.Get("/").Want(t, 200, "personne n’y a encore de compte")
	path, err := b.FirstLink(t.Context())
	if err != nil || path == "" {
		t.Fatal(path, err)
	}
	v.Get(path).Want(t, 200, "Premier administrateur")
	v.Post(path, "compte", "claire", "passe", "court", "passe2", "court").Want(t, 422, "mot de passe")
	v.Post(path, "compte", "claire", "nom", "Claire", "passe", word, "passe2", word+"x").Want(t, 422, "Les deux mots de passe diffèrent")
	v.Post(path, "compte", "claire", "nom", "Claire", "passe", word, "passe2", word).Want(t, 200, "Votre compte est créé")
	other := uitest.NewVisitor(t, b.server)
	other.Get(path).Want(t, 404, "Cette page n’existe pas")
	other.Post(path, "compte", "eve", "passe", word, "passe2", word).Want(t, 404, "Cette page n’existe pas")
	if again, err := b.FirstLink(t.Context()); err != nil || again != "" {
		t.Errorf("a second link: %q, %v", again, err)
	}
}

func TestJournalBecomesVolumesWithoutACommand(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := drop(t, v, "/gestion/preparer", exampleFiles(t)...)
	plan := settled(t, v, page.Path).Want(t, 200, "Construire les volumes")
	built := v.Post(page.Path+"/construire", "envoi", plan.Field("envoi"))
	ready := settled(t, v, built.Path).Want(t, 200, "Les volumes sont prêts")
	file := link(ready, page.Path+`/volumes/volume-[^"]+`)
	if got := v.Get(file); got.Status != 200 || !strings.HasPrefix(got.Body, "PK") || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s: %d, %.20q", file, got.Status, got.Body)
	}
	if got := v.Get(page.Path + "/tout.zip"); got.Status != 200 || !strings.Contains(got.Body, "manifest.json") {
		t.Errorf("the whole: %d", got.Status)
	}
	if got := v.Get(page.Path + "/dessin.svg"); got.Status != 200 || !strings.Contains(got.Body, "<svg") {
		t.Errorf("the drawing: %d", got.Status)
	}
}

func TestFluxNeedsItsHeaderAndRemembersIt(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := drop(t, v, "/gestion/preparer", exampleFiles(t)...)
	settled(t, v, page.Path)
	refused := v.Post(page.Path+"/plan", "format", "pes", "limit", "80Mo", "mode", "").Want(t, 422, "votre comptable le donne")
	if refused.Field("limit") != "80Mo" {
		t.Error("what was typed is lost")
	}
	v.Post(page.Path+"/plan", "format", "pes", "limit", "80Mo", "idpost", "006111", "codcol", "123", "codbud", "00")
	plan := settled(t, v, page.Path).Want(t, 200, "Construire les volumes")
	v.Post(page.Path+"/construire", "envoi", plan.Field("envoi"))
	settled(t, v, page.Path).Want(t, 200, "volume-01.xml")
	next := drop(t, v, "/gestion/preparer", exampleFiles(t)...)
	if got := settled(t, v, next.Path); got.Field("idpost") != "006111" {
		t.Errorf("the header is not remembered: %q", got.Field("idpost"))
	}
}

func TestConfigurationFileIsProposedUntilSomebodyTypes(t *testing.T) {
	b := newBench(t)
	var asked [][2]string
	b.o.Defaults = func(siret, budget string) Defaults {
		asked = append(asked, [2]string{siret, budget})
		if siret != exempleSiret {
			return Defaults{}
		}
		return Defaults{Limit: "1Mo", IdPost: "006111", CodCol: "123", CodBud: "00", TypFic: "PESALR2"}
	}
	v := b.user(t, "claire", "*", vault.Droits...)
	page := drop(t, v, "/gestion/preparer", exampleFiles(t)...)
	plan := settled(t, v, page.Path).Want(t, 200, "Construire les volumes")
	for field, want := range map[string]string{"limit": "1Mo", "idpost": "006111", "codcol": "123", "codbud": "00"} {
		if got := plan.Field(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	if len(asked) == 0 || asked[0][0] != exempleSiret {
		t.Errorf("asked for %v", asked)
	}
	v.Post(page.Path+"/construire", "envoi", plan.Field("envoi"))
	settled(t, v, page.Path).Want(t, 200, "volume-02.xml")
	if flux := v.Get(page.Path + "/volumes/volume-01.xml"); !strings.Contains(flux.Body, `<TypFic V="PESALR2"/>`) || !strings.Contains(flux.Body, `<IdPost V="006111"/>`) {
		t.Errorf("the flux has another header: %.900s", flux.Body)
	}
	v.Post(page.Path+"/plan", "format", "zip", "limit", "80Mo", "idpost", "006222")
	if got := settled(t, v, page.Path); got.Field("limit") != "80Mo" || got.Field("idpost") != "006222" || got.Field("codcol") != "" {
		t.Errorf("what was typed is replaced: %q %q %q", got.Field("limit"), got.Field("idpost"), got.Field("codcol"))
	}
}

func TestHeaderThatWasUsedGoesBeforeTheFileForItsBudgetOnly(t *testing.T) {
	b := newBench(t)
	b.o.Defaults = func(string, string) Defaults { return Defaults{IdPost: "006111", CodCol: "123", CodBud: "02"} }
	head := func(budget string) *xhl.Entete {
		e := &xhl.Entete{}
		e.Employeur.Siret = siret
		if budget != "" {
			e.Budget = &xhl.Budget{Code: budget}
		}
		return e
	}
	if err := b.remember(t.Context(), siret, "00", header{IdPost: "006999", CodCol: "456", CodBud: "00"}); err != nil {
		t.Fatal(err)
	}
	for budget, want := range map[string]string{"00": "006999", "02": "006111", "": "006999"} {
		s := settings{Limit: "128Mo", Proposed: true}
		if err := b.propose(t.Context(), &s, head(budget)); err != nil {
			t.Fatal(err)
		}
		if s.IdPost != want || s.Proposed {
			t.Errorf("budget %q: %+v, want IdPost %s", budget, s, want)
		}
	}
}

func TestWhatIsDroppedSaysWhatItIs(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	drop(t, v, "/gestion/preparer").Want(t, 422, "Aucun fichier n'a été choisi")
	page := drop(t, v, "/gestion/preparer", "lettre.docx=bonjour")
	settled(t, v, page.Path).Want(t, 200, "aucun n'est un journal de paye")
	page = drop(t, v, "/gestion/preparer", "faux.xml=<DocumentPaye><oups")
	if got := settled(t, v, page.Path); got.Status != 200 || !got.Has("Reprendre") {
		t.Errorf("a broken journal: %d %s", got.Status, got.Text())
	}
}

func TestNamesThatWouldLeaveTheFolderDoNot(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd": "etc/passwd", "a/../../b": "a/b", `C:\paye\a.xhl`: "C_/paye/a.xhl", "/etc/passwd": "etc/passwd", "a\x00b.pdf": "a_b.pdf", "..": "", "paye /été.pdf": "paye/été.pdf", "a./b. ": "a/b",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestCheckGivesItsVerdict(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := drop(t, v, "/gestion/controler", "journal.xhl")
	got := settled(t, v, page.Path).Want(t, 200, "Rien n’empêche l’envoi")
	report := v.Get(link(got, `/gestion/controler/[^"]+rapport.html`))
	if report.Status != 200 || !strings.Contains(report.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the report: %d, %s", report.Status, report.Header.Get("Content-Security-Policy"))
	}
	page = drop(t, v, "/gestion/controler", "lettre.docx=bonjour")
	settled(t, v, page.Path).Want(t, 200, "à corriger avant l’envoi")
}

func TestPayrollIsLookedInto(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	page := drop(t, v, "/gestion/consulter", exampleFiles(t)...)
	book := settled(t, v, page.Path).Want(t, 200, "Total net à payer")
	bulletin := v.Get(link(book, page.Path+`/bulletins/\d+`)).Want(t, 200, "Net à payer")
	if !bulletin.Has("Lignes") {
		t.Errorf("no lines: %s", bulletin.Text())
	}
	v.Get(page.Path+"?q=zzzz").Want(t, 200, "Aucun bulletin ne répond")
	if got := v.Get(page.Path + "/bulletins.csv"); got.Status != 200 || strings.Count(got.Body, "\n") < 5 {
		t.Errorf("CSV: %d", got.Status)
	}
	v.Get(page.Path+"/totaux").Want(t, 200, "Par établissement")
	text, err := os.ReadFile(filepath.Join(exemple, "journal.xhl"))
	if err != nil {
		t.Fatal(err)
	}
	april := strings.Replace(string(text), `<Mois V="05"/>`, `<Mois V="04"/>`, 1)
	before := drop(t, v, "/gestion/consulter", "avril.xhl="+april)
	settled(t, v, before.Path)
	with := "?avec=" + filepath.Base(before.Path)
	v.Get(page.Path+"/comparer"+with).Want(t, 200, "Inchangés 40")
	v.Get(page.Path+"/variations"+with).Want(t, 200, "Variations à justifier")
	v.Post(before.Path + "/fermer")
	v.Post(page.Path+"/fermer").Want(t, 200, "Les fichiers déposés sont effacés")
	if left, err := os.ReadDir(filepath.Join(b.dir, "gestion", "dossiers")); err != nil || len(left) != 0 {
		t.Errorf("left on the disk: %v, %v", left, err)
	}
}
