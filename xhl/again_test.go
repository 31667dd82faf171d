package xhl

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

// withCodes is a journal whose nomenclature has so many rubriques, the last one
// called so.
func withCodes(n int, last string) string {
	var list strings.Builder
	for i := range n {
		label := fmt.Sprint("Rubrique ", i)
		if i == n-1 {
			label = last
		}
		fmt.Fprintf(&list, "<Correspondance><Libelle V=%q/><Code V=\"%04d\"/></Correspondance>", label, i)
	}
	return `<DocumentPaye><DonneesIndiv><PayeIndivMensuel><Agent><Matricule V="1"/></Agent></PayeIndivMensuel></DonneesIndiv>` +
		`<Nomenclatures><NomenclatureRubriquePaye><Description V="d"/>` + list.String() + `</NomenclatureRubriquePaye></Nomenclatures></DocumentPaye>`
}

// end reads a journal to its end.
func end(doc string, o Options) (*Queue, *Nomenclatures, error) {
	r, err := NewReader(strings.NewReader(doc), o)
	if err != nil {
		return nil, nil, err
	}
	for _, err := range r.Bulletins() {
		if err != nil {
			return nil, nil, err
		}
	}
	n, err := r.dec.Nomenclatures(r.Queue())
	return r.Queue(), n, err
}

// What was made of the nomenclatures of another journal is what these give, and a
// journal that differs by a byte, or is read on other terms, is read by itself.
func TestNomenclaturesThatComeAgainAreTheSame(t *testing.T) {
	for range 3 {
		for _, last := range []string{"é &amp; è", "autre", "Rappel"} {
			for _, o := range []Options{{}, {MaxTag: 200}} {
				q, n, err := end(withCodes(300, last), o)
				if err != nil {
					t.Fatal(err)
				}
				list := n.NomenclatureRubriquePaye.Correspondance
				if got, want := list[299].Libelle, strings.ReplaceAll(last, "&amp;", "&"); len(list) != 300 || got != want {
					t.Errorf("%d rubriques, the last one %q, want %q", len(list), got, want)
				}
				if text := string(q.Nomenclatures); !strings.HasSuffix(text, "</Nomenclatures>") || !strings.Contains(text, last) || string(q.Fin) != "</DocumentPaye>" {
					t.Errorf("%s: the end is %q", last, q.Fin)
				}
			}
		}
	}
	whole := withCodes(300, "Rappel")
	for cut, code := range map[string]string{
		strings.Replace(whole, "</Nomenclatures>", "</Nomenclature>", 1):               "XHL-009",
		strings.Replace(whole, "</DocumentPaye>", "", 1):                               "XHL-001",
		strings.Replace(whole, "</DocumentPaye>", "<DonneesIndiv/></DocumentPaye>", 1): "XHL-012",
		whole + "<x/>": "XHL-011",
	} {
		if _, _, err := end(cut, Options{}); err == nil || !strings.Contains(fmt.Sprint(err), code) {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	if _, _, err := end(whole, Options{MaxDepth: 2}); err == nil {
		t.Error("what is too deep on these terms was taken since it was not on others")
	}
}

// What is told of a nomenclature is told of every journal that has it.
func TestNomenclaturesThatComeAgainAreToldOfAgain(t *testing.T) {
	doc := strings.Replace(withCodes(300, "Rappel"), "<Description", `<Inconnu V="1"/><Description`, 1)
	var first []string
	for i := range 3 {
		var told []string
		if _, _, err := end(doc, Options{Anomalie: func(a *Anomalie) { told = append(told, a.Code) }}); err != nil && err != io.EOF {
			t.Fatal(err)
		}
		if i == 0 {
			first = told
		}
		if len(told) == 0 || !reflect.DeepEqual(told, first) {
			t.Errorf("time %d: %v, want %v", i, told, first)
		}
	}
}
