package coffre

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/internal/server"
	"paye/vault"
	"paye/web/ui/uitest"
)

// The table of abuses of the portal, one test a line; those that need no page
// are in app/portal.

// two is a bench with two open spaces, and who visits the first.
func two(t *testing.T) (b *bench, v *uitest.Visitor, letters map[string]portal.Letter, ids []vault.ID) {
	t.Helper()
	b = newBench(t)
	ids = b.Deposit(t, "2026-10", "A1", "A2")
	letters = b.Letters(t)
	b.Opened(t, letters["A1"], "a@example.org")
	b.Opened(t, letters["A2"], "b@example.org")
	return b, b.visit(t, letters["A1"].Number), letters, ids
}

// Enumerating identifiers or addresses: at each of the five doors what exists
// and what does not get the same status, the same page and the same work.
func TestFiveDoorsTellNobodyWhoExists(t *testing.T) {
	b, _, letters, _ := two(t)
	if _, err := b.Notice(t.Context(), "anne", siret, vault.Identite{Employeur: siret, Matricule: "N1", Nom: "Durand", Prenom: "Lou"}); err != nil {
		t.Fatal(err)
	}
	lost := func(nom, mail string) []string {
		return []string{"nom", nom, "prenom", "Camille", "commune", "Paris", "mois", "mars", "mobile", "06", "mail", mail, "mail2", mail, "prive", "000000", "politique", "oui"}
	}
	for _, d := range []struct {
		name, path     string
		known, unknown []string
		signedIn       bool
	}{
		{name: "sign-in", path: Door, known: []string{"compte", letters["A1"].Number, "passe", "faux faux faux faux"}, unknown: []string{"compte", "100000000008", "passe", "faux faux faux faux"}},
		{name: "forgotten password", path: "/coffre/oubli", known: []string{"compte", letters["A1"].Number, "mail", "a@example.org"}, unknown: []string{"compte", "100000000008", "mail", "x@example.org"}},
		{name: "forgotten password of another address", path: "/coffre/oubli", known: []string{"compte", letters["A1"].Number, "mail", "x@example.org"}, unknown: []string{"compte", "100000000008", "mail", "x@example.org"}},
		{name: "lost identifier", path: "/coffre/identifiant", known: lost("NomA1", "x@example.org"), unknown: lost("Personne", "x@example.org")},
		{name: "refusal", path: "/coffre/refus", known: []string{"siret", siret, "matricule", "N1", "code", "AAAA-AAAA-AAAA-AAAA", "politique", "oui"}, unknown: []string{"siret", siret, "matricule", "N9", "code", "AAAA-AAAA-AAAA-AAAA", "politique", "oui"}},
		{name: "merge", path: "/coffre/fusion", known: []string{"compte", letters["A2"].Number, "passe", "faux faux faux faux"}, unknown: []string{"compte", "100000000008", "passe", "faux faux faux faux"}, signedIn: true},
	} {
		var pages [2]uitest.Page
		var work [2]int
		for i, values := range [][]string{d.known, d.unknown} {
			v := uitest.NewVisitor(t, b.server)
			if d.signedIn {
				v = b.visit(t, letters["A1"].Number)
			}
			before := b.Hash.Calls()
			pages[i] = v.Post(d.path, values...)
			work[i] = b.Hash.Calls() - before
		}
		same := func(p uitest.Page, values []string) string {
			text := withoutReference(p.Body)
			for _, value := range values {
				text = strings.ReplaceAll(text, value, "…")
			}
			return text
		}
		if pages[0].Status != pages[1].Status || same(pages[0], d.known) != same(pages[1], d.unknown) || work[0] != work[1] {
			t.Errorf("%s tells: %d and %d, %d hashes and %d\n%s\n%s", d.name, pages[0].Status, pages[1].Status, work[0], work[1], pages[0].Text(), pages[1].Text())
		}
	}
}

// Stuffing and spraying: a source that fails everywhere has to wait, whichever
// accounts it tries; others come in.
func TestASourceThatSpraysHasToWait(t *testing.T) {
	b, _, letters, _ := two(t)
	brake := server.NewBrake(5, time.Minute, b.Clock.Now)
	pages, err := New(Options{Portal: b.Portal, Coffre: b.V, Ledger: b.Ledger, State: b.Dir, Brake: brake})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	pages.Register(mux)
	try := func(source, identifier, word string) int {
		r, _ := http.NewRequestWithContext(server.WithSource(t.Context(), source), http.MethodPost, "http://localhost"+Door, strings.NewReader(url.Values{"compte": {identifier}, "passe": {word}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := &answer{header: http.Header{}}
		mux.ServeHTTP(w, r)
		if strings.Contains(w.body.String(), "réessayez dans") {
			return http.StatusTooManyRequests
		}
		return w.status
	}
	braked := false
	for i := range 12 {
		braked = braked || try("192.0.2.66", "10000000"+string(rune('0'+i%10))+"008", "motdepasse motdepasse") == http.StatusTooManyRequests
	}
	if !braked {
		t.Error("twelve failures on as many accounts were all looked at")
	}
	if got := try("192.0.2.7", letters["A1"].Number, portaltest.Word); got != http.StatusSeeOther {
		t.Errorf("somebody else: %d", got)
	}
}

// answer is what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.body.Write(b)
}

// A link in a mail: looking at it (a filter of mails does) uses nothing up, its
// address does not come from the request, no other site learns it, and what is
// kept of it does not open it.
func TestLinksOfMailsAreUsedByAPostAndLeadToOneAddress(t *testing.T) {
	b, _, letters, _ := two(t)
	r, _ := http.NewRequest(http.MethodPost, b.server.URL+"/coffre/oubli", strings.NewReader(url.Values{"compte": {letters["A1"].Number}, "mail": {"a@example.org"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("X-Forwarded-Host", "evil.example.com")
	r.Host = "localhost"
	v := uitest.NewVisitor(t, b.server)
	v.Do(r)
	m := b.Mail.Next(t, "a@example.org")
	if strings.Contains(m.Text, "evil") || !strings.Contains(m.Text, portaltest.Address+"/passe/") {
		t.Fatalf("the mail: %s", m.Text)
	}
	link := "/coffre" + portaltest.Link(t, m, "/passe/")
	for range 3 {
		p := uitest.NewVisitor(t, b.server).Get(link).Want(t, 200, "Nouveau mot de passe")
		if got := p.Header.Get("Referrer-Policy"); got != "same-origin" && got != "no-referrer" {
			t.Errorf("Referrer-Policy %q", got)
		}
		if strings.Contains(p.Body, "http://") && !strings.Contains(p.Body, "www.w3.org") || strings.Contains(p.Body, "https://") {
			t.Error("the page has an address elsewhere")
		}
	}
	v.Post(link, "passe", portaltest.Word, "passe2", portaltest.Word).Want(t, 200, "Le mot de passe est changé")
	v.Get(link).Want(t, 422, "Ce lien ne sert plus")
}

// A clerk has no way to give an agent an address, or to change one.
func TestTheDeskHasNoFieldForAnAddress(t *testing.T) {
	b, _, _, _ := two(t)
	anne := b.office(t, "anne")
	for _, path := range []string{desk, desk + "/un/A1", desk + "/un/A2"} {
		body := anne.Get(path).Body
		if strings.Contains(body, `type="email"`) || strings.Contains(body, `name="mail`) || strings.Contains(body, "a@example.org") {
			t.Errorf("%s shows or takes an address", path)
		}
	}
}

// An intercepted letter: its secret works once; the owner who comes after finds
// it used, and the desk closes the space at his call.
func TestAnInterceptedLetterIsClosedAtTheOwnersCall(t *testing.T) {
	b := newBench(t)
	b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	b.Opened(t, l, "thief@example.org")
	thief := b.visit(t, l.Number)
	owner := uitest.NewVisitor(t, b.server)
	owner.Post(Door, "compte", l.Number, "passe", l.Secret).Want(t, 422, "n’est pas reconnu")
	anne := b.office(t, "anne")
	anne.Post(desk+"/un/A1/suspendre", "rappel_suspendre", "oui").Want(t, 200, "personne n’y entre plus")
	thief.Get("/coffre").Want(t, 200, "Connexion")
	thief.Post(Door, "compte", l.Number, "passe", portaltest.Word).Want(t, 422, "n’est pas reconnu")
}

// A forged refusal: it wants a session, a form and its confirmation; the owner
// is told and undoes it.
func TestAForgedRefusalIsToldAndUndone(t *testing.T) {
	b, v, _, _ := two(t)
	stranger := uitest.NewVisitor(t, b.server)
	stranger.Post("/coffre/employeurs/"+siret+"/A1/confirmer").Want(t, 200, "Connexion")
	v.Post("/coffre/employeurs/"+siret+"/A1/confirmer").Want(t, 422, "dans l’état où est")
	v.Post("/coffre/employeurs/refus", "siret", siret, "matricule", "A2").Want(t, 404, "n’existe pas") // another's
	v.Post("/coffre/employeurs/refus", "siret", siret, "matricule", "A1")
	v.Post("/coffre/employeurs/"+siret+"/A1/confirmer").Want(t, 200, "date certaine")
	link := portaltest.Link(t, b.Mail.Next(t, "a@example.org"), "/refus/annuler/")
	stranger.Get("/coffre"+link).Want(t, 200, "Vos bulletins resteront électroniques")
	v.Get("/coffre/employeurs").Want(t, 200, "sur papier")
	stranger.Post("/coffre"+link).Want(t, 200, "Vos bulletins restent électroniques")
	v.Get("/coffre/employeurs").Want(t, 200, "Demander le papier")
}

// A malicious upload is refused, or comes back as an attachment in a sandbox.
func TestWhatWasUploadedRunsNowhere(t *testing.T) {
	b, v, _, _ := two(t)
	a := b.Stored(t, accountOf(t, b, "A1"))
	if err := b.AddPiece(t.Context(), a.ID, "page.html", strings.NewReader("%PDF-1.7 <script>alert(1)</script>")); err != nil {
		t.Fatal(err)
	}
	id := b.Stored(t, a.ID).Pieces[0].ID
	p := v.Get("/coffre/mes-documents/" + id)
	if h := p.Header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") != "application/pdf" {
		t.Errorf("it comes with %v", h)
	}
}

func accountOf(t *testing.T, b *bench, matricule string) string {
	t.Helper()
	m, err := b.Membership(t.Context(), siret, matricule)
	if err != nil || m == nil {
		t.Fatal(err)
	}
	return m.Account
}

// route is one pattern of the portal, as its source registers it.
type route struct {
	method, path string
	private      bool
}

var registered = regexp.MustCompile(`c\.(private|Site\.Public|Site\.Private)\("(GET|POST) "\+Home(?:\+"([^"]*)")?`)

// routes reads them from the source, so that none is forgotten.
func routes(t *testing.T) (list []route) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range registered.FindAllStringSubmatch(string(b), -1) {
			list = append(list, route{m[2], "/coffre" + m[3], m[1] != "Site.Public"})
		}
	}
	if len(list) < 40 {
		t.Fatalf("%d routes found", len(list))
	}
	return list
}

// Every route with what is another's answers as for what does not exist.
func TestEveryRouteWithAForeignIDIsNotFound(t *testing.T) {
	b, v, letters, ids := two(t)
	other := accountOf(t, b, "A2")
	owner := b.Stored(t, other)
	if err := b.AddPiece(t.Context(), other, "a.pdf", strings.NewReader("%PDF-1.7 x")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.NewShare(t.Context(), owner, ids[1]); err != nil {
		t.Fatal(err)
	}
	shares, err := b.Shares(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	foreign := map[string]string{"{id}": ids[1].String(), "{piece}": b.Stored(t, other).Pieces[0].ID, "{partage}": shares[0].ID, "{siret}": siret, "{matricule}": "A2", "{de}": other}
	absent := map[string]string{"{id}": strings.Repeat("0", 32), "{piece}": strings.Repeat("0", 32), "{partage}": strings.Repeat("0", 32), "{siret}": siret, "{matricule}": "Z9", "{de}": strings.Repeat("0", 32)}
	before := *b.Stored(t, other)
	tried := 0
	for _, r := range routes(t) {
		if !r.private || !strings.Contains(r.path, "{") {
			continue
		}
		ask := func(with map[string]string) uitest.Page {
			path := r.path
			for name, value := range with {
				path = strings.ReplaceAll(path, name, value)
			}
			if strings.Contains(path, "{") {
				t.Fatalf("%s %s has a part that this test does not know", r.method, r.path)
			}
			if r.method == "GET" {
				return v.Get(path)
			}
			return v.Post(path)
		}
		tried++
		got, none := ask(foreign), ask(absent)
		if got.Status != none.Status || withoutReference(got.Text()) != withoutReference(none.Text()) {
			t.Errorf("%s %s: another's answers %d %.80q, an absent one %d %.80q", r.method, r.path, got.Status, got.Text(), none.Status, none.Text())
		}
		for _, mine := range []string{"%PDF", "NomA2"} {
			if strings.Contains(got.Body, mine) {
				t.Errorf("%s %s shows %s", r.method, r.path, mine)
			}
		}
	}
	if tried < 12 {
		t.Errorf("%d routes tried", tried)
	}
	after := *b.Stored(t, other)
	if after.State != before.State || len(after.Pieces) != len(before.Pieces) || len(after.Member) != len(before.Member) {
		t.Error("another's account changed")
	}
	if m, err := b.Membership(t.Context(), siret, "A2"); err != nil || m.Mode != portal.Electronic {
		t.Errorf("another's membership: %+v, %v", m, err)
	}
	_ = letters
}

// A form of another site changes nothing, whichever it is sent to.
func TestEveryPostFromAnotherSiteIsForbidden(t *testing.T) {
	b, v, _, _ := two(t)
	for _, r := range routes(t) {
		if r.method != "POST" {
			continue
		}
		path := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(r.path, "x")
		req, err := http.NewRequest(http.MethodPost, b.server.URL+path, strings.NewReader("passe=x"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		req.Header.Set("Origin", "https://evil.example.com")
		if p := v.Do(req); p.Status != http.StatusForbidden {
			t.Errorf("POST %s answers %d", path, p.Status)
		}
	}
}

// No page without the headers, and none that a GET of it changes anything of.
func TestEveryPageHasTheHeadersAndChangesNothing(t *testing.T) {
	b, v, _, ids := two(t)
	before := *b.Stored(t, accountOf(t, b, "A1"))
	for _, r := range routes(t) {
		if r.method != "GET" {
			continue
		}
		path := strings.NewReplacer("{id}", ids[0].String(), "{siret}", siret, "{matricule}", "A1", "{mot}", "x", "{de}", "x", "{piece}", "x").Replace(r.path)
		p := v.Get(path)
		h := p.Header
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if csp := h.Get("Content-Security-Policy"); csp == "" || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if p.Status >= 500 {
			t.Errorf("%s answers %d", path, p.Status)
		}
	}
	after := *b.Stored(t, accountOf(t, b, "A1"))
	if after.State != before.State || after.Hash != before.Hash || after.Mail != before.Mail || len(after.Letters) != len(before.Letters) || after.Pending != nil || after.Reset != nil {
		t.Error("a GET changed the account")
	}
	if m, err := b.Membership(t.Context(), siret, "A1"); err != nil || m.Mode != portal.Electronic {
		t.Errorf("a GET changed the membership: %+v, %v", m, err)
	}
	for _, c := range v.Jar.Cookies(nil) {
		if !strings.HasPrefix(c.Name, "__Host-") {
			t.Errorf("cookie %s", c.Name)
		}
	}
}

// Support phishing: every mail has one address, and asks for no password.
func TestEveryMailHasOneAddressAndAsksForNoPassword(t *testing.T) {
	b, v, letters, _ := two(t)
	v.Post("/coffre/employeurs/refus", "siret", siret, "matricule", "A1")
	v.Post("/coffre/employeurs/" + siret + "/A1/confirmer")
	v.Post("/coffre/profil/mail", "mail", "new@example.org", "mail2", "new@example.org")
	v.Post("/coffre/profil/passe", "actuel", portaltest.Word, "passe", "une autre phrase bien longue", "passe2", "une autre phrase bien longue")
	v.Post("/coffre/oubli", "compte", letters["A1"].Number, "mail", "a@example.org")
	for _, to := range []string{"a@example.org", "a@example.org", "a@example.org", "new@example.org"} {
		m := b.Mail.Next(t, to)
		for _, at := range regexp.MustCompile(`https?://[^\s]+`).FindAllString(m.Text, -1) {
			if !strings.HasPrefix(at, portaltest.Address) {
				t.Errorf("%q leads to %s", m.Subject, at)
			}
		}
		if !strings.Contains(m.Text, "ne demande jamais de mot de passe") {
			t.Errorf("%q does not say that it asks for no password", m.Subject)
		}
		if strings.ContainsAny(m.Subject, "\r\n") {
			t.Errorf("subject %q", m.Subject)
		}
	}
}

// The console has no path to an agent's copy, whatever the role; nor has the
// administrator of the vault.
func TestNoRoleOfTheOfficeReadsAnAgentsCopy(t *testing.T) {
	b, v, _, ids := two(t)
	v.Get("/coffre/documents/" + ids[0].String() + "/pdf")
	sys := vault.Systeme("essai")
	if err := b.V.Comptes().AddUtilisateur(t.Context(), sys, "tout", "", "une longue phrase de passe"); err != nil {
		t.Fatal(err)
	}
	if err := b.V.Comptes().Grant(t.Context(), sys, "tout", "*", vault.Droits...); err != nil {
		t.Fatal(err)
	}
	tout := b.office(t, "tout")
	a := b.Stored(t, accountOf(t, b, "A1"))
	for _, path := range []string{"/coffre", "/coffre/documents/" + ids[0].String() + "/pdf", "/coffre/export", "/coffre/trace"} {
		tout.Get(path).Want(t, 200, "Où le trouver")
	}
	for _, path := range []string{desk, desk + "/un/A1"} {
		body := tout.Get(path).Body
		for _, secret := range []string{"%PDF", a.Mail, a.Number, ids[0].String()} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %s", path, secret)
			}
		}
	}
	var out bytes.Buffer
	if _, err := b.V.Read(t.Context(), vault.Administrateur("root"), ids[0], &out); err == nil {
		t.Error("the administrator reads a document")
	}
	if _, err := b.V.Destroy(t.Context(), sys, ids[0], vault.CopieAgent, "recall"); err == nil {
		t.Error("a copy that its agent opened is recalled")
	}
	if roles := []vault.Acteur{vault.Utilisateur("tout"), sys}; slices.ContainsFunc(roles, func(par vault.Acteur) bool {
		_, err := b.V.Destroy(t.Context(), par, ids[0], vault.ToutesCopies, "recall")
		return err == nil
	}) {
		t.Error("both copies are destroyed after the agent opened his")
	}
}
