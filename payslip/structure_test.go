package payslip_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"paye/internal/pdfw/pdfwtest"
	"paye/payslip"
	"paye/synth"
	"paye/xhl"
)

// TestBulletinsAreReadAloud holds documents of all shapes against the checks of
// their structure. No validator of PDF/UA is run.
func TestBulletinsAreReadAloud(t *testing.T) {
	foreign := slip()
	foreign.Agent.Nom = "Nguyễn"
	long := slip()
	for i := range 200 {
		long.Remuneration.Lignes = append(long.Remuneration.Lignes, xhl.LigneP{Nature: xhl.Indemnite, Libelle: strings.Repeat("Vacation ", i%12), Code: "3010", Mt: "10.01", Ordre: strconv.Itoa(i)})
		long.Remuneration.Commentaire = append(long.Remuneration.Commentaire, xhl.Commentaire{Libelle: fmt.Sprint("Congés ", i)})
	}
	taxed := slip()
	taxed.Remuneration.Lignes = append(taxed.Remuneration.Lignes, xhl.LigneP{Nature: xhl.Retenue, Libelle: "PAS", Base: "1000", Taux: "5", Mt: "50.00"})
	for name, pdf := range map[string][]byte{
		"usual":     render(t, payslip.Options{}, employer(), slip()),
		"foreign":   render(t, payslip.Options{}, employer(), foreign),
		"logo":      render(t, payslip.Options{Logo: encoded(t, picture(60, 40), asPNG)}, employer(), slip()),
		"long":      render(t, payslip.Options{}, employer(), long),
		"taxed":     render(t, payslip.Options{}, employer(), taxed),
		"nothing":   render(t, payslip.Options{}, &xhl.Entete{}, &xhl.Bulletin{}),
		"long foot": render(t, payslip.Options{Mentions: []string{strings.Repeat("mention ", 100)}}, employer(), long),
	} {
		for _, fault := range pdfwtest.StructureFaults(pdf) {
			t.Errorf("%s: %s", name, fault)
		}
		judge(t, pdf, "qpdf", "--check", "FILE")
	}
	run, err := synth.Generate(synth.Options{Bulletins: 30, Seed: 3, Pieces: -1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range run.Len() {
		var b xhl.Bulletin
		run.Bulletin(i, &b)
		if faults := pdfwtest.StructureFaults(render(t, payslip.Options{}, run.Entete(), &b)); len(faults) > 0 {
			t.Errorf("bulletin %d: %q", i, faults)
		}
	}
}

func TestBulletinIsReadAloudInItsOrder(t *testing.T) {
	got := judge(t, render(t, payslip.Options{Logo: encoded(t, picture(60, 40), asPNG)}, employer(), slip()), "pdfinfo", "-struct-text", "FILE")
	at := 0
	for _, want := range []string{"H1", "Bulletin de paie Août 2026", "Figure", "Commune de Castelbrume 1 place", "Lbl", "Matricule", "LBody", "A-0042",
		"Table", "Situation de l'agent", "TH", "Échelon", "TD", "Table", "Summary", "THead", "ColSpan 3", "TBody", "Traitement et accessoires", "Scope /Row", "Traitement de base",
		"TFoot", "Totaux", "Cumuls", "NET À PAYER 1 234 567,89 €", "H2", "Évènements du mois", "Note", "Dans votre intérêt"} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("%q is not after what precedes it in:\n%s", want, got)
		}
		at += i + len(want)
	}
	if n := strings.Count(got, "Dans votre intérêt"); n != 1 {
		t.Errorf("the notes are read %d times", n)
	}
	if strings.Contains(got, "Page 1/1") {
		t.Error("the number of the page is read as text")
	}
}
