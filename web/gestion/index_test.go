package gestion

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	workbook "paye/internal/sheet"
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
	book, err := workbook.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	s, err := book.Sheet("Feuille1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Write(text)
	var out bytes.Buffer
	if err := errors.Join(err, s.Close(), book.Write(&out)); err != nil {
		t.Fatal(err)
	}
	return out.String()
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
