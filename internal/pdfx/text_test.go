package pdfx

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paye/internal/report"
)

// TestTextOfAPDFIsThatOfPoppler: the numbers of a document are found as another
// program finds them, through fonts that number their glyphs.
func TestTextOfAPDFIsThatOfPoppler(t *testing.T) {
	doc := report.Document{Titre: "Arrêté", Tables: []report.Table{{Titre: "Agents", Colonnes: []report.Colonne{{Titre: "Matricule", Poids: 1}, {Titre: "Nom", Poids: 1}}, Lignes: [][]string{{"061601", "Éloïse"}, {"114702", "Noël"}}}}}
	var out bytes.Buffer
	if err := doc.WritePDF(&out); err != nil {
		t.Fatal(err)
	}
	got, err := ReadText(t.Context(), bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"061601", "114702", "Éloïse", "Matricule"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %q", want, got)
		}
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = &out
	theirs, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	numbers := func(s string) []string {
		list := regexp.MustCompile(`[0-9]{4,}`).FindAllString(s, -1)
		slices.Sort(list)
		return list
	}
	if a, b := numbers(got), numbers(string(theirs)); !slices.Equal(a, b) {
		t.Errorf("numbers %v, poppler finds %v", a, b)
	}
}

// TestCharactersPlacedOneByOneAreOneWord: some programs give each its place.
func TestCharactersPlacedOneByOneAreOneWord(t *testing.T) {
	content := "BT /F1 10 Tf 50 700 Td (0) Tj 5.5 0 Td (6) Tj 5.5 0 Td (1) Tj 40 0 Td (7) Tj 0 -20 Td (8) Tj [(a) -300 (b)] TJ ET"
	pdf := "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n" +
		fmt.Sprintf("4 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", len(content), content) +
		"5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\ntrailer\n<</Root 1 0 R>>\n"
	got, err := ReadText(t.Context(), strings.NewReader(pdf), int64(len(pdf)))
	if want := "061\n7\n8\na b"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

// TestFiguresOfAStyleAreFigures: a subset may have them at any codes, and no
// other word of what they are than their names.
func TestFiguresOfAStyleAreFigures(t *testing.T) {
	for differences, want := range map[string]string{
		"65 /zero.tnum /one.tnum /two.tnum /three.tnum":   "0123",
		"66 /seven.oldstyle /eight.onum 65 /six":          "678D",
		"65 /f_i /uni0041 /g3 /uniD8":                     "fiACD",
		"-2 /one /two /three /four 300 /five 65 (x) /six": "A6CD",
		"": "ABCD",
	} {
		content := "BT /F1 10 Tf 50 700 Td (ABCD) Tj ET"
		pdf := assemble("", "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
			fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
			"<</Type/Font/Subtype/Type1/BaseFont/Try/Encoding<</Type/Encoding/Differences["+differences+"]>>>>")
		if got, err := ReadText(t.Context(), bytes.NewReader(pdf), int64(len(pdf))); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", differences, got, err, want)
		}
	}
}

func FuzzReadText(f *testing.F) {
	f.Add([]byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>\nendobj\n4 0 obj\n<</Length 31>>\nstream\nBT /F1 1 Tf [<0001> -300 (x)] TJ\nendstream\nendobj\n5 0 obj\n<</Type/Font/Subtype/Type0/ToUnicode 6 0 R>>\nendobj\n6 0 obj\n<</Length 50>>\nstream\n1 beginbfrange <0000> <ffff> <0041> endbfrange    \nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := ReadText(t.Context(), bytes.NewReader(data), int64(len(data)))
		if err != nil || len(text) > 2*maxText+maxContent {
			t.Errorf("%d bytes of text: %v", len(text), err)
		}
	})
}
