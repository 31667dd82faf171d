package pespj

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

// readAll reads a flux through the Reader: its header, and what each piece is.
func readAll(t *testing.T, document []byte) (FluxLu, []string, error) {
	t.Helper()
	rd, err := NewReader(bytes.NewReader(document), ReaderOptions{Fichier: "f.xml"})
	if err != nil {
		return FluxLu{}, nil, err
	}
	flux, err := rd.Flux()
	if err != nil {
		return flux, nil, err
	}
	var pieces []string
	for pj, err := range rd.PJ() {
		if err != nil {
			return flux, pieces, err
		}
		content, err := io.ReadAll(pj)
		if err != nil {
			return flux, pieces, err
		}
		if err := pj.Finish(); err != nil {
			return flux, pieces, err
		}
		pieces = append(pieces, fmt.Sprintf("%d %s %s %s %q %d", pj.Rang, pj.IdUnique, pj.NomPJ, pj.TypePJ, content, len(pj.RefCompta)))
	}
	return flux, pieces, nil
}

var piecesValides = []string{`1 ID1 paye.xhl 004 "<DocumentPaye/>" 1`, `2 ID2 contrat.pdf 003 "%PDF-1.7" 1`}

func TestReaderTakesWhatWildFilesHold(t *testing.T) {
	for name, document := range map[string]string{
		"plain":              fluxValide,
		"another prefix":     strings.ReplaceAll(strings.ReplaceAll(fluxValide, "n:PES_Aller", "pes:PES_Aller"), "xmlns:n=", "xmlns:pes="),
		"line breaks":        strings.ReplaceAll(fluxValide, " V=", "\n\t V = "),
		"no line break":      strings.ReplaceAll(fluxValide, "\n", ""),
		"CRLF":               strings.ReplaceAll(fluxValide, "\n", "\r\n"),
		"single quotes":      strings.NewReplacer(`'`, "&#39;", `"`, `'`).Replace(fluxValide),
		"comments":           strings.ReplaceAll(fluxValide, "<PJ>", "<!-- <PJ> --><?x <PJ> ?><PJ>"),
		"default namespace":  strings.Replace(fluxValide, "xmlns:n=", `xmlns="`+NSAller+`" xmlns:n=`, 1),
		"prefixes all over":  strings.NewReplacer("<PJ>", "<n:PJ>", "</PJ>", "</n:PJ>", "<IdUnique", "<n:IdUnique").Replace(fluxValide),
		"unknown elements":   strings.ReplaceAll(fluxValide, "<NomPJ", "<Prive><NomPJ V='x'/></Prive><NomPJ"),
		"unknown attributes": strings.ReplaceAll(fluxValide, "<NomPJ", "<NomPJ X='y'"),
		"UTF-8":              strings.Replace(fluxValide, "ISO-8859-1", "UTF-8", 1),
		"UTF-16":             string(utf16le("\uFEFF" + strings.Replace(fluxValide, "ISO-8859-1", "UTF-16", 1))),
		"mark":               "\uFEFF" + fluxValide,
		"base64 in lines":    strings.ReplaceAll(fluxValide, gz("%PDF-1.7"), "\n"+strings.Join(strings.SplitAfter(gz("%PDF-1.7"), "A"), "\n ")+"\n"),
	} {
		flux, pieces, err := readAll(t, []byte(document))
		if err != nil || fmt.Sprint(pieces) != fmt.Sprint(piecesValides) {
			t.Errorf("%s: got %q, %v", name, pieces, err)
		}
		if flux.NomFic != "PESPJ_1" || flux.IdColl != siretValide || flux.FinJur != "060000001" || flux.Version != "2" || flux.RecepteurAdresse != "LYON" {
			t.Errorf("%s: header %+v", name, flux)
		}
	}
}

func TestPiecesMayBeLeftUnread(t *testing.T) {
	rd, err := NewReader(strings.NewReader(fluxValide), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var last *PJLue
	for pj, err := range rd.PJ() {
		if err != nil {
			t.Fatal(err)
		}
		if last != nil && (last.IdUnique != "ID1" || last.Octets != int64(len("<DocumentPaye/>"))) {
			t.Errorf("the first piece was not completed: %+v", last)
		}
		last = pj
	}
	if last == nil || last.IdUnique != "ID2" || last.Faute != nil {
		t.Errorf("last piece: %+v", last)
	}
}

func TestIterationCanStop(t *testing.T) {
	rd, err := NewReader(strings.NewReader(fluxValide), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range rd.PJ() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d pieces were given", n)
	}
}

func TestAPieceWithABadContentIsGivenWithItsFault(t *testing.T) {
	document := avecChange(t, gz("<DocumentPaye/>"), gz("<DocumentPaye/>")[:20])
	rd, err := NewReader(bytes.NewReader(document), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for pj, err := range rd.PJ() {
		if err != nil {
			t.Fatal(err)
		}
		_, readErr := io.ReadAll(pj)
		finishErr := pj.Finish()
		got = append(got, fmt.Sprint(pj.IdUnique, " ", readErr != nil, " ", finishErr != nil, " ", pj.Faute != nil))
	}
	if want := "[ID1 true true true ID2 false false false]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReaderSaysWhereADocumentBreaks(t *testing.T) {
	cut := strings.Index(fluxValide, "<NomPJ V=\"contrat")
	_, pieces, err := readAll(t, []byte(fluxValide[:cut]+"<"))
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != codeTronque || a.Ligne != 25 || a.Fichier != "f.xml" || len(pieces) != 1 {
		t.Errorf("got %v after %q", err, pieces)
	}
	_, _, err = readAll(t, []byte(strings.Replace(fluxValide, "</EnTetePES>", "</Entete>", 1)))
	if !errors.As(err, &a) || a.Code != codeFermeture || a.Offset != int64(strings.Index(fluxValide, "</EnTetePES>")) {
		t.Errorf("got %v", err)
	}
}

func TestReaderRefusesAnotherRoot(t *testing.T) {
	_, _, err := readAll(t, []byte(acquitValide))
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != codeRacine || a.Classe() != anomalie.Illisible {
		t.Errorf("got %v", err)
	}
}

func TestRootTellsAFluxFromAnAcquittal(t *testing.T) {
	for document, want := range map[string]string{
		fluxValide:                 "PES_Aller " + NSAller + " <nil>",
		fluxValide[:400]:           "PES_Aller " + NSAller + " <nil>",
		acquitValide:               "PES_ACQUIT " + NSRetour + " <nil>",
		"<!-- x --><DocumentPaye>": "DocumentPaye  <nil>",
	} {
		nom, ns, err := Root(strings.NewReader(document), ReaderOptions{})
		if got := fmt.Sprint(nom, " ", ns, " ", err); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, document := range []string{"", "PK\x03\x04", "%PDF-1.7", "<!DOCTYPE html><html/>", "<?xml version=\"1.0\"?>", "\x1f\x8b\x08"} {
		var a *anomalie.Anomalie
		if nom, _, err := Root(strings.NewReader(document), ReaderOptions{}); !errors.As(err, &a) || a.Classe() != anomalie.Illisible {
			t.Errorf("%q: got %q, %v", document, nom, err)
		}
	}
}
