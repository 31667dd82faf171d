package gestion

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/sheet/sheettest"
	"paye/vault"
	"paye/web/ui/uitest"
)

// asBook is a CSV of the example as a workbook.
func asBook(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(exemple, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(sheettest.Workbook(t, text))
}

// firstVolume drops files, builds, and gives the first volume.
func firstVolume(t testing.TB, v *uitest.Visitor, names ...string) string {
	t.Helper()
	page := drop(t, v, "/gestion/preparer", names...)
	plan := settled(t, v, page.Path).Want(t, 200, "Construire les volumes")
	built := v.Post(page.Path+"/construire", "envoi", plan.Field("envoi"))
	ready := settled(t, v, built.Path).Want(t, 200, "Les volumes sont prêts")
	return v.Get(link(ready, page.Path+`/volumes/volume-[^"]+`)).Body
}

func TestTheIndexThatIsDroppedMayBeAWorkbook(t *testing.T) {
	v := newBench(t).user(t, "claire", "*", vault.Droits...)
	names := exampleFiles(t)
	want := firstVolume(t, v, names...)
	names[slices.Index(names, "justificatifs.csv")] = "justificatifs.xlsx=" + asBook(t, "justificatifs.csv")
	if got := firstVolume(t, v, names...); got != want || !strings.HasPrefix(want, "PK") {
		t.Errorf("a workbook gave a volume of %d bytes, the CSV one of %d", len(got), len(want))
	}
}

func TestAWorkbookThatIsNotReadIsTold(t *testing.T) {
	v := newBench(t).user(t, "claire", "*", vault.Droits...)
	names := exampleFiles(t)
	names[slices.Index(names, "justificatifs.csv")] = "justificatifs.ods=PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
	page := drop(t, v, "/gestion/preparer", names...)
	settled(t, v, page.Path).Want(t, 200, "enregistrez-le en « CSV UTF-8 »")
}
