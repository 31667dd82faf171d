package run

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"paye/internal/xmlw"
	"paye/xhl"
)

// announced encodes a run and returns its journal with what was said of it
// before the first bulletin.
func announced(t *testing.T, run string, w xhl.WriterOptions) (*xhl.Annonce, []byte) {
	t.Helper()
	var told []*xhl.Annonce
	var out bytes.Buffer
	o := EncodeOptions{Writer: w, Annonce: func(a *xhl.Annonce) {
		if bytes.Contains(out.Bytes(), []byte("<DonneesIndiv>")) {
			t.Error("told after the first établissement was written")
		}
		told = append(told, a)
	}}
	if err := EncodeJSON(context.Background(), strings.NewReader(run), &out, o); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 {
		t.Fatalf("told %d times, want once", len(told))
	}
	return told[0], out.Bytes()
}

// early moves the lines of a kind right behind the entete.
func early(run string, kinds ...string) string {
	lines := strings.SplitAfter(strings.TrimSuffix(run, "\n")+"\n", "\n")
	var moved, rest []string
	for _, l := range lines[1:] {
		if slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(l, `{"`+k+`"`) }) {
			moved = append(moved, l)
		} else {
			rest = append(rest, l)
		}
	}
	return lines[0] + strings.Join(moved, "") + strings.Join(rest, "")
}

func TestEndOfAJournalIsKnownFromWhatTheRunGivesFirst(t *testing.T) {
	const repartition = `{"repartition":[{"Code":"64111","CodeFonction":"020","Mt":"1900.10"}]}` + "\n"
	run := minimalRun()
	for _, w := range []xhl.WriterOptions{{}, {Charset: xmlw.UTF8}, {Compact: true}} {
		said, journal := announced(t, early(run+repartition, "nomenclatures", "repartition"), w)
		end := slices.Concat(said.Fermeture, said.Nomenclatures, said.RepartitionParNature, said.Fin)
		if len(said.RepartitionParNature) == 0 || !bytes.HasSuffix(journal, end) {
			t.Errorf("%+v: the journal ends otherwise than with %s", w, end)
		}
	}
	said, _ := announced(t, run, xhl.WriterOptions{})
	if said.Nomenclatures != nil || said.RepartitionParNature != nil || said.RepartitionMax != 0 {
		t.Errorf("a run that gives its nomenclatures last announces %s", said.Nomenclatures)
	}
}

func TestDerivedRepartitionStaysWithinItsBound(t *testing.T) {
	run := early(accountsRun(t), "nomenclatures")
	said, journal := announced(t, run, xhl.WriterOptions{})
	i := bytes.Index(journal, said.Nomenclatures)
	if i < 0 {
		t.Fatal("the nomenclatures of the journal are not those announced")
	}
	block, found := bytes.CutSuffix(journal[i+len(said.Nomenclatures):], said.Fin)
	if !found || !bytes.Contains(block, []byte("999999999999.99")) {
		t.Fatalf("the journal ends with %s", block)
	}
	if len(block) > said.RepartitionMax {
		t.Errorf("the répartition has %d bytes, %d at most were announced", len(block), said.RepartitionMax)
	}
}

// accountsRun charges several accounts, with and without a label, one of them
// with the largest amount there is.
func accountsRun(t *testing.T) string {
	t.Helper()
	run := minimalRun()
	lines := strings.Replace(run, `"Mt":"1900.10"`, `"Mt":"999999999999.99"`, 1)
	nomenclatures := `{"nomenclatures":{"NomenclatureEvtPaye":{"Description":"d","Correspondance":[{"Libelle":"l","Code":"c"}]},` +
		`"NomenclatureRubriquePaye":{"Description":"d","Correspondance":[` +
		`{"Libelle":"Traitement","Code":"100","CodeNatureSal":"64111"},{"Libelle":"Prime","Code":"200","CodeNatureSal":"64118","CodeNatureEmp":"6453"}]},` +
		`"NomenclatureCaisse":{"Description":"d","Correspondance":[{"Libelle":"l","Code":"c"}]},` +
		`"NomenclatureNature":{"Description":"d","Correspondance":[{"Libelle":"Rémunération & <principale>","Code":"64111"}]}}}`
	var out []string
	for _, l := range strings.Split(lines, "\n") {
		if strings.HasPrefix(l, `{"nomenclatures"`) {
			l = nomenclatures
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}
