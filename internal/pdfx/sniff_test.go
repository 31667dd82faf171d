package pdfx

import (
	"archive/zip"
	"bytes"
	"testing"
)

func TestSniff(t *testing.T) {
	for _, tc := range []struct {
		head string
		want Type
	}{
		{"%PDF-1.7", PDF},
		{"\r\n%PDF-1.4", PDF},
		{"{\\rtf1\\ansi", RTF},
		{"\x89PNG\r\n\x1a\n....", PNG},
		{"\xFF\xD8\xFF\xE0", JPEG},
		{"II*\x00....", TIFF},
		{"MM\x00*....", TIFF},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", OLE},
		{"\xEF\xBB\xBF<?xml version", XML},
		{"Arrêté n° 12", Text},
		{"a\x00b", Unknown},
		{"", Unknown},
	} {
		if got := Sniff([]byte(tc.head)); got != tc.want {
			t.Errorf("%q: %v, want %v", tc.head, got, tc.want)
		}
	}
}

// archive is the zip of files, given as name, content, name, content…
func archive(t *testing.T, method uint16, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: files[i], Method: method})
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOfficeDocumentsAreToldByTheirEntries(t *testing.T) {
	for name, tc := range map[string]struct {
		data []byte
		want Type
	}{
		"text document":  {archive(t, zip.Store, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<a/>"), ODT},
		"spreadsheet":    {archive(t, zip.Store, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ODS},
		"Word":           {archive(t, zip.Deflate, "[Content_Types].xml", "<Types/>", "_rels/.rels", "<r/>", "word/document.xml", "<d/>"), DOCX},
		"Excel":          {archive(t, zip.Deflate, "[Content_Types].xml", "<Types/>", "xl/workbook.xml", "<d/>"), XLSX},
		"Word, cut":      {archive(t, zip.Deflate, "[Content_Types].xml", "<Types/>", "_rels/.rels", "<r/>")[:60], DOCX},
		"archive":        {archive(t, zip.Deflate, "journal.xhl", "<DocumentPaye/>"), Zip},
		"folder of PDF":  {archive(t, zip.Store, "password/a.pdf", "%PD", "PJ/word/b.pdf", "x"), Zip},
		"a PDF inside":   {archive(t, zip.Store, "a.pdf", "%PDF-1.4\n"), Zip},
		"mimetype alone": {archive(t, zip.Store, "mimetype", "application/epub+zip"), Zip},
		"two bytes":      {[]byte("PK\x03\x04")[:4], Zip},
	} {
		if got := Sniff(tc.data[:min(len(tc.data), SniffSize)]); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}
