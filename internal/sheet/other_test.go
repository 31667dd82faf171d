package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"paye/internal/lang"
)

// zipped is a ZIP of empty entries, deflated as zip programs do.
func zipped(t *testing.T, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestOtherWorkbooksAreNamed(t *testing.T) {
	const old = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	for name, tc := range map[string]struct{ data, says, todo string }{
		"OpenDocument":                         {"PK\x03\x04\x14\x00\x00\x08\x00\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "(OpenDocument, .ods)", "as .xlsx"},
		"OpenDocument, its type last":          {zipped(t, "content.xml", "META-INF/manifest.xml", "mimetype"), "(OpenDocument, .ods)", "as .xlsx"},
		"OpenDocument, its type nowhere":       {zipped(t, "META-INF/manifest.xml", "styles.xml", "content.xml"), "(OpenDocument, .ods)", "as .xlsx"},
		"binary workbook":                      {zipped(t, "[Content_Types].xml", "xl/workbook.bin"), "(.xlsb)", "as .xlsx"},
		"Numbers":                              {zipped(t, "Index/Document.iwa", "Metadata/Properties.plist"), "(Numbers)", "as .xlsx"},
		"document of a word processor":         {zipped(t, "[Content_Types].xml", "word/document.xml"), "a ZIP archive", "an .xlsx"},
		"pieces":                               {zipped(t, "a.pdf", "b.pdf"), "a ZIP archive", "an .xlsx"},
		"old workbook":                         {old + " and more", "(.xls)", "as .xlsx"},
		"workbook before Excel 5":              {"\x09\x08\x10\x00\x00\x06", "(.xls)", "as .xlsx"},
		"under a password":                     {old + strings.Repeat("\x00", 1000) + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "under a password", "as .xlsx"},
		"page called .xls":                     {"\ufeff\r\n<html><table><tr><td>matricule</td></tr></table></html>", "an HTML page", "as .xlsx"},
		"what is cut":                          {"PK\x03\x04 no zip", "cannot be read", "save it again"},
		"a workbook that lacks what makes one": {zipped(t, "[Content_Types].xml", "xl/styles.xml"), "cannot be read", "save it again"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := CSV([]byte(tc.data), 1<<20)
			_, _, streamed := Reader(strings.NewReader(tc.data), 1<<20)
			for _, err := range []error{err, streamed} {
				refusal := Refusal{}
				if !errors.As(err, &refusal) || !strings.Contains(err.Error(), tc.says) || !strings.Contains(err.Error(), tc.todo) || refusal.In(lang.French) == "" {
					t.Errorf("%v, want %q and %q", err, tc.says, tc.todo)
				}
			}
		})
	}
}
