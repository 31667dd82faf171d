package gestion

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"paye/app/send/sendtest"
	"paye/vault"
	"paye/web/ui/uitest"
)

// place is a page of the console with something on it.
type place struct{ name, path string }

// office is a console in the middle of its month: everything has a page.
func office(t *testing.T) (*bench, *uitest.Visitor, []place) {
	t.Helper()
	b := newBench(t)
	b.employeur(t, true, true)
	b.dueOffice(t)
	tenant, _ := hiredInTheTool()
	b.hrToolOf(t, tenant, time.Date(2026, 9, 15, 8, 0, 0, 0, time.UTC), dueSiret)
	v := b.user(t, "claire", "*", vault.Droits...)
	b.user(t, "denis", siretExemple, vault.DroitSuivi, vault.DroitValidation)
	vaultBase := "/gestion/coffre/" + siretExemple
	deposit := drop(t, v, vaultBase+"/depot", "mode==depot", "journal.xhl")
	detail := link(settled(t, v, deposit.Path), vaultBase+`/versements/[0-9a-f]+`)
	payroll := produced(t, v)
	flux, text := sent(t, v, b.platform(t), payroll)
	ids := pieceIDs(t, b, flux)
	answer := sendtest.Acquit(t, text, "2026-11-28", map[string]sendtest.Refusal{ids[1]: {NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 doublon"}, ids[2]: {NumAnoAck: "ERREUR_PJ", Libelle: "extension"}})
	back := drop(t, v, "/gestion/acquittements", "PES_ACQUIT_1.xml="+string(answer))
	april := drop(t, v, "/gestion/consulter", aprilJournal(t))
	settled(t, v, april.Path)
	book := drop(t, v, "/gestion/consulter", exampleFiles(t)...)
	settled(t, v, book.Path)
	check := drop(t, v, "/gestion/controler", "journal.xhl")
	settled(t, v, check.Path)
	hires := drop(t, v, "/gestion/declarations/controler", "embauches.csv="+dueHires())
	v.Post("/gestion/rh/synchroniser", "envoi", v.Get("/gestion/rh").Field("envoi"))
	settled(t, v, "/gestion/rh")
	preparation := link(v.Get("/gestion/preparer"), `/gestion/preparer/[a-z0-9]+`)
	with := "?avec=" + filepath.Base(april.Path)
	return b, v, []place{{"accueil", "/gestion"}, {"preparer", "/gestion/preparer"}, {"preparation", preparation}, {"consulter", "/gestion/consulter"}, {"paye", book.Path}, {"bulletin", book.Path + "/bulletins/3"},
		{"justificatifs", book.Path + "/justificatifs"}, {"totaux", book.Path + "/totaux"}, {"comparer", book.Path + "/comparer" + with}, {"variations", book.Path + "/variations" + with},
		{"controler", "/gestion/controler"}, {"controle", check.Path}, {"payes", "/gestion/flux"}, {"paye-flux", payroll}, {"flux", flux}, {"renvoi", flux + "/renvoyer"}, {"acquittement", "/gestion/acquittements"}, {"retour", back.Path},
		{"coffre", vaultBase}, {"depot", vaultBase + "/depot"}, {"depose", deposit.Path}, {"suivi", vaultBase + "/suivi"}, {"versement", detail},
		{"declarations", "/gestion/declarations"}, {"embauches", hires.Path}, {"embauches-rh", "/gestion/declarations/rh"}, {"mise-en-place", "/gestion/declarations/mise-en-place"}, {"rh", "/gestion/rh?mois=2026-09"},
		{"employeurs", "/gestion/employeurs"}, {"employeur", "/gestion/employeurs/" + siretExemple}, {"comptes", "/gestion/comptes"}, {"compte", "/gestion/comptes/denis"}, {"journal", "/gestion/journal"}, {"jetons", "/gestion/jetons"},
		{"ma-connexion", "/connexion/compte"}, {"composants", "/gestion/composants"}, {"introuvable", "/gestion/rien"}}
}

// Every page in both languages, judged by the Nu HTML checker where it is, and
// read without anything changing. In a browser they are looked at when pictures
// (XHL_SHOTS) or the slow proofs (XHL_FULL) are asked for.
func TestEveryPage(t *testing.T) {
	b, v, places := office(t)
	dir := t.TempDir()
	before := b.state(t)
	for _, lang := range []string{"fr", "en"} {
		v.Lang = lang
		for _, p := range places {
			page := v.Get(p.path)
			if want := map[bool]int{true: 404, false: 200}[p.name == "introuvable"]; page.Status != want {
				t.Errorf("%s in %s: %d", p.path, lang, page.Status)
			}
			sound(t, p.name+" in "+lang, lang, page)
			if m := uitest.BareMonth(page.Text()); m != "" {
				t.Errorf("%s in %s writes a month as %q", p.path, lang, m)
			}
			if err := os.WriteFile(filepath.Join(dir, p.name+"-"+lang+".html"), []byte(page.Body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	v.Lang = "fr"
	if after := b.state(t); after != before {
		t.Error("reading pages changed something")
	}
	uitest.JudgeHTML(t, dir)
	if os.Getenv("XHL_SHOTS")+os.Getenv("XHL_FULL") == "" {
		return
	}
	for _, lang := range []string{"fr", "en"} {
		w := uitest.NewBrowser(t, b.server.URL)
		w.Speak(lang)
		everyLook(w, lang+"-connexion", "/connexion")
		enter(w, "claire")
		if got := uitest.Eval[string](w, "document.documentElement.lang"); got != lang {
			t.Fatalf("the pages speak %q, want %q", got, lang)
		}
		for _, p := range places {
			everyLook(w, lang+"-"+p.name, p.path)
		}
	}
}

// state is a digest of what the console remembers but its sessions.
func (b *bench) state(t *testing.T) string {
	t.Helper()
	db := b.o.Ledger.DB()
	rows, err := db.QueryContext(t.Context(), "select name from sqlite_master where type='table' and name not like 'web_%' order by name")
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	rows.Close()
	h := sha256.New()
	for _, table := range tables {
		rows, err := db.QueryContext(t.Context(), "select * from "+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for rows.Next() {
			cells := make([]any, len(columns))
			for i := range cells {
				cells[i] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			line := ""
			for _, c := range cells {
				line += fmt.Sprint(*c.(*any), "\x00")
			}
			lines = append(lines, line)
		}
		rows.Close()
		slices.Sort(lines)
		fmt.Fprintln(h, table, lines)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

var (
	fields  = regexp.MustCompile(`<(input|select|textarea)\b[^>]*>`)
	idOf    = regexp.MustCompile(` id="([^"]+)"`)
	typeOf  = regexp.MustCompile(` type="([^"]+)"`)
	buttons = regexp.MustCompile(`(?s)<button\b[^>]*>(.*?)</button>`)
	allIDs  = regexp.MustCompile(` id="([^"]+)"`)
	scripts = regexp.MustCompile(`<script\b[^>]*>`)
)

// sound holds the page against what every page owes to who cannot see it, and
// to the rules on secrets and scripts.
func sound(t *testing.T, name, lang string, p uitest.Page) {
	t.Helper()
	if n := strings.Count(p.Body, "<h1"); n != 1 {
		t.Errorf("%s: %d first headings", name, n)
	}
	if !strings.Contains(p.Body, `<html lang="`+lang+`"`) || strings.Count(p.Body, "<main ") != 1 {
		t.Errorf("%s: no language or no main part", name)
	}
	seen := map[string]bool{}
	for _, m := range allIDs.FindAllStringSubmatch(p.Body, -1) {
		if seen[m[1]] {
			t.Errorf("%s: id %s is there twice", name, m[1])
		}
		seen[m[1]] = true
	}
	for _, field := range fields.FindAllString(p.Body, -1) {
		kind := ""
		if m := typeOf.FindStringSubmatch(field); m != nil {
			kind = m[1]
		}
		if kind == "hidden" || kind == "radio" || kind == "checkbox" && !strings.Contains(field, " id=") {
			continue // a choice stands inside its label
		}
		m := idOf.FindStringSubmatch(field)
		if m == nil || !strings.Contains(p.Body, `for="`+m[1]+`"`) && kind != "checkbox" {
			t.Errorf("%s: %s has no label", name, field)
		}
		if kind == "password" && (strings.Contains(field, `value="`) && !strings.Contains(field, `value=""`) || !strings.Contains(field, "autocomplete=")) {
			t.Errorf("%s: %s holds a password, or lets the browser guess", name, field)
		}
	}
	for _, m := range buttons.FindAllStringSubmatch(p.Body, -1) {
		if strings.TrimSpace(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[1], "")) == "" {
			t.Errorf("%s: a button without a word: %s", name, m[0])
		}
	}
	for _, m := range scripts.FindAllString(p.Body, -1) {
		if !strings.Contains(m, `src="/actifs/`) {
			t.Errorf("%s: %s is not ours", name, m)
		}
	}
	if strings.Contains(p.Body, " style=") || strings.Contains(p.Body, " onclick=") {
		t.Errorf("%s: style or script inside the page", name)
	}
	for header, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
		if got := p.Header.Get(header); !strings.Contains(got, want) {
			t.Errorf("%s: %s is %q, want %q", name, header, got, want)
		}
	}
}
