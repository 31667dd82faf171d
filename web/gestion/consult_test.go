package gestion

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/vault"
	"paye/web/ui/uitest"
)

// delivery are the files of the volumes that were built of the example, as
// arguments of drop.
func delivery(t *testing.T, b *bench, v *uitest.Visitor, settings ...string) (names []string) {
	t.Helper()
	at := drop(t, v, "/gestion/preparer", exampleFiles(t)...)
	settled(t, v, at.Path)
	v.Post(at.Path+"/plan", append([]string{"idpost", "006111", "codcol", "123", "codbud", "00"}, settings...)...)
	plan := settled(t, v, at.Path).Want(t, 200, "Construire les volumes")
	v.Post(at.Path+"/construire", "envoi", plan.Field("envoi"))
	settled(t, v, at.Path).Want(t, 200, "Les volumes sont prêts")
	files, err := filepath.Glob(filepath.Join(b.dir, "gestion", "*", "*", "volume-*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no volumes: %v", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, filepath.Base(f)+"="+string(text))
	}
	return names
}

func TestSetOfVolumesIsLookedIntoAsOnePayroll(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	volumes := delivery(t, b, v, "format", "pes", "limit", "900ko")
	if len(volumes) < 2 {
		t.Fatalf("%d files", len(volumes))
	}
	page := drop(t, v, "/gestion/consulter", volumes...)
	settled(t, v, page.Path).Want(t, 200, "Bulletins 40")
	for _, path := range []string{page.Path + "/justificatifs", page.Path + "?pieces=oui"} {
		if got := v.Get(path); got.Status != 200 || got.Has("absent") || got.Has("Aucun bulletin") {
			t.Errorf("%s: %d %s", path, got.Status, got.Text())
		}
	}
	with := v.Get(link(v.Get(page.Path+"?pieces=oui"), page.Path+`/bulletins/\d+`)).Want(t, 200, "Fichier volume-0")
	frame := link(with, page.Path+`/pieces/\d+/\d+`)
	got := v.Get(frame)
	if got.Status != 200 || !strings.HasPrefix(got.Body, "%PDF-") || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the piece inside the volume, %q: %d, %.20q, %s", frame, got.Status, got.Body, got.Header.Get("Content-Security-Policy"))
	}
	list := v.Get(page.Path + "/justificatifs")
	if doc := v.Get(link(list, page.Path+`/documents/\d+`)); doc.Status != 200 || !strings.HasPrefix(doc.Body, "%PDF-") {
		t.Errorf("a document of the list: %d", doc.Status)
	}
	for _, path := range []string{"/documents/-1", "/documents/100000", "/documents/x", "/pieces/0/99", "/bulletins/99/lignes.csv"} {
		if got := v.Get(page.Path + path); got.Status != 404 {
			t.Errorf("%s answered %d", path, got.Status)
		}
	}
	again := drop(t, v, "/gestion/consulter", append(volumes, "journal.xhl")...)
	settled(t, v, again.Path).Want(t, 200, "40 bulletins sont dans deux des fichiers déposés")
	april := drop(t, v, "/gestion/consulter", aprilJournal(t))
	settled(t, v, april.Path)
	v.Get(page.Path+"/variations?avec="+filepath.Base(april.Path)).Want(t, 200, "Variations à justifier")
	v.Post(page.Path + "/fermer")
	v.Post(april.Path + "/fermer")
	v.Post(again.Path + "/fermer")
	if left, err := os.ReadDir(filepath.Join(b.dir, "gestion", "dossiers")); err != nil || len(left) != 1 { // the preparation
		t.Errorf("left on the disk: %v, %v", left, err)
	}
}

// Every table of a payroll can be kept as CSV, whole, and a cell of it is no
// formula.
func TestEveryTableOfAPayrollIsThereAsCSV(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	before := drop(t, v, "/gestion/consulter", aprilJournal(t))
	settled(t, v, before.Path)
	page := drop(t, v, "/gestion/consulter", exampleFiles(t)...)
	settled(t, v, page.Path)
	with := "?avec=" + filepath.Base(before.Path)
	for _, path := range []string{"", "/totaux", "/justificatifs", "/bulletins/1", "/comparer" + with, "/variations" + with} {
		shown := v.Get(page.Path + path)
		tables, links := strings.Count(shown.Body, "<table"), strings.Count(shown.Body, `class="csv"`)
		if shown.Status != 200 || tables == 0 && path != "/comparer"+with && path != "/variations"+with || links < tables-1 {
			t.Errorf("%s: %d, %d tables, %d of them as CSV", path, shown.Status, tables, links)
		}
		for _, csv := range csvLinks(shown) {
			got := v.Get(csv)
			if got.Status != 200 || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") || !strings.HasPrefix(got.Body, "\ufeff") || !strings.Contains(got.Body, "\n") {
				t.Errorf("%s: %d, %s", csv, got.Status, got.Header.Get("Content-Type"))
			}
		}
	}
	if got := v.Get(page.Path + "/variations.csv" + with + "&tableau=rien"); got.Status != 404 {
		t.Errorf("a table that is none: %d", got.Status)
	}
}

// aprilJournal is the example a month earlier, as an argument of drop.
func aprilJournal(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(exemple, "journal.xhl"))
	if err != nil {
		t.Fatal(err)
	}
	return "avril.xhl=" + strings.Replace(string(text), `<Mois V="05"/>`, `<Mois V="04"/>`, 1)
}

func csvLinks(p uitest.Page) (list []string) {
	for _, part := range strings.Split(p.Body, `class="csv" href="`)[1:] {
		address, _, _ := strings.Cut(part, `"`)
		list = append(list, strings.ReplaceAll(address, "&amp;", "&"))
	}
	return list
}
