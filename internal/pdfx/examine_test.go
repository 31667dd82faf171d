package pdfx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scan is a document of one A4 page filled by a picture of weight bytes.
func scan(width, height, weight int, picture string) []byte {
	return assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 595 842] >>",
		"<< /Type /Page /Parent 2 0 R /Resources << /XObject << /Logo 5 0 R /Im0 4 0 R >> >> >>",
		fmt.Sprintf("<< /Subtype /Image /Width %d /Height %d %s /Length %d >>\nstream\n%s\nendstream", width, height, picture, weight, strings.Repeat("x", weight)),
		"<< /Subtype /Image /Width 40 /Height 40 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode /Length 3 >>\nstream\nxyz\nendstream",
		"<< /N 3 /Length 3 >>\nstream\nicc\nendstream")
}

func TestTheHeaviestPictureIsDescribed(t *testing.T) {
	for name, tc := range map[string]struct {
		doc  []byte
		want Image
	}{
		"fax": {scan(1654, 2339, 900, "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode /DecodeParms << /K -1 >>"),
			Image{1654, 2339, 1, 1, "DeviceGray", "CCITTFaxDecode", 900, 200}},
		"photograph": {scan(3508, 2480, 900, "/BitsPerComponent 8 /ColorSpace [/ICCBased 6 0 R] /Filter /DCTDecode"),
			Image{3508, 2480, 8, 3, "ICCBased", "DCTDecode", 900, 299}},
		"mask": {scan(827, 1170, 900, "/ImageMask true /Filter /FlateDecode"),
			Image{827, 1170, 1, 1, "ImageMask", "FlateDecode", 900, 100}},
		"absurd": {scan(-5, 7, 900, "/BitsPerComponent /Beaucoup /ColorSpace 12"), Image{Height: 7, Bytes: 900}},
	} {
		info, err := inspect(tc.doc)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tc.want, info.Heaviest); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// codes examines a piece and lists what is said of it.
func codes(t *testing.T, name string, data []byte) []string {
	t.Helper()
	c, err := Examine(context.Background(), name, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, a := range c.Anomalies {
		if a.Fichier != name {
			t.Errorf("%s of %s is said of %q", a.Code, name, a.Fichier)
		}
		list = append(list, a.Code)
	}
	return list
}

func TestExamineSaysWhatIsWrongWithAPiece(t *testing.T) {
	const fax = "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode"
	const photo = "/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /DCTDecode"
	for name, tc := range map[string]struct {
		file string
		data []byte
		want []string
	}{
		"a contract as advised":                   {"contrat.pdf", scan(1654, 2339, 89_000, fax), nil},
		"in colour":                               {"contrat.pdf", scan(1654, 2339, 300_000, photo), []string{Couleur}},
		"at 400 dpi":                              {"contrat.pdf", scan(3307, 4677, 256_000, fax), []string{Resolution}},
		"in colour at 400 dpi":                    {"contrat.PDF", scan(3307, 4677, 900_000, photo), []string{Couleur}},
		"heavy without a scan":                    {"rapport.pdf", document(1, 300_000), []string{PagesLourd}},
		"empty":                                   {"vide.pdf", nil, []string{Vide}},
		"of no known format":                      {"x.dat", []byte{0, 1, 2, 3}, []string{TypeInconnu}},
		"a PDF named as a picture":                {"contrat.jpg", document(1, 5), []string{Extension}},
		"a picture named as a PDF":                {"contrat.pdf", []byte("\x89PNG\r\n\x1a\n...."), []string{NotPDF}},
		"a page of the web":                       {"contrat.pdf", []byte("<!DOCTYPE html><html><body>404</body></html>"), []string{NotPDF}},
		"a text named as a PDF":                   {"contrat.pdf", []byte("Contrat de travail"), []string{NotPDF}},
		"an archive named as a PDF":               {"contrat.pdf", archive(t, 0, "contrat.pdf", "%PDF-1.4"), []string{NotPDF}},
		"without its header":                      {"contrat.pdf", document(1, 5)[9:], []string{RepairedPDF}},
		"two pages of which one is announced":     {"contrat.pdf", assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R 3 0 R] >>", feuille), []string{RepairedPDF}},
		"pages that are not counted":              {"contrat.pdf", assemble("", catalogue, "<< /Type /Pages /Count (1) /Kids [3 0 R] >>", feuille), []string{RepairedPDF}},
		"a branch that announces one more":        {"contrat.pdf", assemble("", catalogue, "<< /Type /Pages /Count 2 /Kids [4 0 R 3 0 R] >>", feuille, "<< /Type /Pages /Count 2 /Kids [3 0 R] >>"), []string{RepairedPDF}},
		"one page less than announced, all shown": {"contrat.pdf", assemble("", catalogue, "<< /Type /Pages /Count 2 /Kids [3 0 R] >>", feuille), nil},
		"without its end":                         {"contrat.pdf", document(1, 5)[:430], []string{RepairedPDF}},
		"a text document":                         {"note.odt", archive(t, 0, "mimetype", "application/vnd.oasis.opendocument.text"), nil},
		"without an extension":                    {"contrat", document(1, 5), nil},
		"cut":                                     {"contrat.pdf", document(1, 500)[:60], []string{Illisible}},
		"cut, and named as a picture":             {"contrat.png", document(1, 500)[:60], []string{Extension, Illisible}},
	} {
		if got := codes(t, tc.file, tc.data); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestExamineReturnsTheErrorsOfTheReader(t *testing.T) {
	broken := errors.New("disk on fire")
	if _, err := Examine(context.Background(), "a.pdf", failing{broken}, 1000); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
