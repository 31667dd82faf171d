package payslip_test

import (
	"strings"
	"testing"

	"paye/payslip"
	"paye/xhl"
)

// balanced is a bulletin whose lines give its net: 2,000 of gross, 300 of
// contributions, 100 of tax.
func balanced() *xhl.Bulletin {
	b := slip()
	b.MtBrut, b.MtNetAPayer = "2000.00", "1600.00"
	b.Remuneration.Lignes = []xhl.LigneP{
		{Nature: xhl.TraitBrut, Libelle: "Traitement", Code: "1", Base: "2000", Taux: "100", Mt: "2000.00", Ordre: "1"},
		{Nature: xhl.Deduction, Libelle: "CNRACL", Code: "2", Base: "2000", Taux: "15", Mt: "300.00", Ordre: "2"},
		{Nature: xhl.Cotisation, Libelle: "CNRACL", Code: "2", Base: "2000", Taux: "30.65", Mt: "613.00", Ordre: "3"},
		{Nature: xhl.Retenue, Libelle: "PRÉLÈVEMENT A LA SOURCE", Code: "4", Base: "1700", Taux: "5.882", Mt: "100.00", Ordre: "4"},
	}
	return b
}

func TestFiguresThatTheLinesGive(t *testing.T) {
	got := text(t, render(t, payslip.Options{}, employer(), balanced()))
	line(t, got, "Net à payer avant impôt *", "1 700,00")
	line(t, got, "PRÉLÈVEMENT A LA SOURCE", "1 700,00", "5,882 %", "100,00")
	line(t, got, "Total versé par l'employeur *", "2 613,00")
	line(t, got, "* Calculé d'après les lignes : le journal ne porte pas ce montant.")
	if strings.Contains(got, "Montant net social") {
		t.Error("a figure is printed that no line bears")
	}
}

func TestFiguresOfAJournalThatWritesNegativeDeductions(t *testing.T) {
	b := balanced()
	for i := range b.Remuneration.Lignes[1:] {
		l := &b.Remuneration.Lignes[1+i]
		l.Mt = "-" + l.Mt
	}
	got := text(t, render(t, payslip.Options{}, employer(), b))
	line(t, got, "Net à payer avant impôt *", "1 700,00")
	line(t, got, "Total versé par l'employeur *", "2 613,00")
}

func TestNothingIsComputedFromLinesThatDoNotGiveTheNet(t *testing.T) {
	b := balanced()
	b.MtNetAPayer = "1500.00"
	got := text(t, render(t, payslip.Options{}, employer(), b))
	for _, absent := range []string{"avant impôt", "Total versé", "Calculé"} {
		if strings.Contains(got, absent) {
			t.Errorf("%q is printed", absent)
		}
	}
	line(t, got, "PRÉLÈVEMENT A LA SOURCE", "1 700,00", "5,882 %", "100,00")
}

func TestAdvantagesInKindMayBeOutOfTheNet(t *testing.T) {
	b := balanced()
	b.Remuneration.Lignes = append(b.Remuneration.Lignes, xhl.LigneP{Nature: xhl.AvantageNature, Libelle: "Logement", Mt: "80.00", Ordre: "5"})
	line(t, text(t, render(t, payslip.Options{}, employer(), b)), "Net à payer avant impôt *", "1 700,00")
}

func TestLinesThatInform(t *testing.T) {
	b := balanced()
	b.Remuneration.Lignes = append(b.Remuneration.Lignes,
		xhl.LigneP{Nature: xhl.RemDivers, Libelle: "Montant net social", Base: "1723.45", Mt: "0.00", Ordre: "8"},
		xhl.LigneP{Nature: xhl.RemDivers, Libelle: "Cumul PAS retenue à la source", Base: "800.00", Mt: "0.00", Ordre: "9"})
	got := text(t, render(t, payslip.Options{}, employer(), b))
	line(t, got, "Montant net social", "1 723,45")
	line(t, got, "PAS", "1 700,00", "5,882 %", "100,00", "800,00")
	line(t, got, "Impôt sur le revenu", "Cumul annuel")
}

// Labels that have the words of the tax, or nearly, are it on retenues only.
func TestWordsThatAreNotTheTax(t *testing.T) {
	for _, label := range []string{"NE PAS UTILISER", "Ressource", "Passe navigo", "Prélèvement mutuelle"} {
		b := balanced()
		b.Remuneration.Lignes[3].Libelle = label
		if got := text(t, render(t, payslip.Options{}, employer(), b)); strings.Contains(got, "avant impôt") {
			t.Errorf("%q is taken for the income tax", label)
		}
	}
	for _, label := range []string{"PAS", "PAS taux non personnalisé", "MONTANT_RET_SOURCE", "Retenue à la source", "Impôt prélevé à la source"} {
		b := balanced()
		b.Remuneration.Lignes[3].Libelle = label
		line(t, text(t, render(t, payslip.Options{}, employer(), b)), "Net à payer avant impôt *", "1 700,00")
	}
	b := balanced()
	b.Remuneration.Lignes[3].Libelle, b.Remuneration.Lignes[3].Nature = "PAS", xhl.Rappel
	if got := text(t, render(t, payslip.Options{}, employer(), b)); strings.Contains(got, "avant impôt") {
		t.Error("a line that is paid is taken for the tax")
	}
}

func TestUnitsOfBasesAndRates(t *testing.T) {
	b := balanced()
	b.Remuneration.Lignes = []xhl.LigneP{
		{Nature: xhl.Indemnite, Libelle: "Un", Base: "2000", Taux: "10", Mt: "200.00"},
		{Nature: xhl.Indemnite, Libelle: "Deux", NbUnite: "12.5", Taux: "8", Mt: "100.00"},
		{Nature: xhl.Indemnite, Libelle: "Trois", Base: "2000", Taux: "10", Mt: "350.00"}, // of no use that is known
		{Nature: xhl.Indemnite, Libelle: "Quatre", Base: "2000", Taux: "99.99", NbUnite: "3", Mt: "350.00"},
		{Nature: xhl.Cotisation, Libelle: "Cinq", Base: "-99999999999999.99", Taux: "9", Mt: "350.00"},
		{Nature: xhl.Indemnite, Libelle: "Six", Taux: "7", Mt: "350.00"},
		{Nature: xhl.Indemnite, Libelle: "Sept", Base: "36", Taux: "2.02", Mt: "72.86"}, // hours, as seen
		{Nature: xhl.Indemnite, Libelle: "Huit", NbUnite: "30", Taux: "3", Mt: "137.33"},
	}
	got := text(t, render(t, payslip.Options{}, employer(), b))
	line(t, got, "Un", "2 000,00 €", "10,00 %", "200,00")
	line(t, got, "Deux", "12,5 ×", "8,00 €", "100,00")
	for label, rate := range map[string]string{"Trois": "10,00", "Quatre (× 3)": "99,99", "Cinq": "9,00", "Six": "7,00", "Sept": "2,02", "Huit": "3,00"} {
		if l := line(t, got, label, rate); strings.ContainsAny(l, "%€") {
			t.Errorf("the rate of %s has a unit that nothing gives: %s", label, l)
		}
	}
}

func TestGroupsOfTheEmployersOwnTable(t *testing.T) {
	o := payslip.Options{Classe: func(l *xhl.LigneP) payslip.Classe {
		switch l.Code {
		case "2":
			return payslip.Classe{Titre: "Retraite"}
		case "4":
			return payslip.Classe{Titre: "Impôt", Impot: true}
		}
		return payslip.Classe{}
	}}
	b := balanced()
	b.Remuneration.Lignes[3].Libelle = "Fisc"
	got := text(t, render(t, o, employer(), b))
	line(t, got, "Retraite")
	line(t, got, "Traitement et accessoires")
	line(t, got, "Net à payer avant impôt *", "1 700,00")
	if strings.Contains(got, "Cotisations et contributions") {
		t.Error("a group of no line is printed")
	}
}

func TestCommentsStandBelowWhatTheyAreAbout(t *testing.T) {
	b := balanced()
	b.Remuneration.Commentaire = []xhl.Commentaire{
		{Libelle: "Solde des congés : 12 jours", Ordre: "3"}, {Libelle: "Bonne rentrée", Ordre: "1"}, {Libelle: "RTT : 4", Ordre: "2"}, {Libelle: "PAS cumulé : 800,00", Ordre: "4"},
	}
	got := text(t, render(t, payslip.Options{}, employer(), b))
	at := 0
	for _, want := range []string{"Congés et absences", "RTT : 4", "Solde des congés", "Impôt sur le revenu\n", "PAS cumulé : 800,00", "Informations", "Bonne rentrée"} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("%q is not after what precedes it in:\n%s", want, got)
		}
		at += i
	}
}
