package payslip_test

import (
	"bytes"
	"testing"

	"paye/payslip"
	"paye/xhl"
)

// FuzzAppend puts one text into every place of a bulletin: a document comes
// out, whole, twice the same.
func FuzzAppend(f *testing.F) {
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("IFSE", "12.50", 3)
	f.Add("\xff\x00)(\\\r\n", "1e9", 120)
	f.Add("e\u0301\u200f\U0001F600", "-9999999999999999.99", 1)
	f.Fuzz(func(t *testing.T, s, decimal string, lines int) {
		d := xhl.Decimal(decimal)
		b := slip()
		b.Agent.Nom, b.Agent.Matricule, b.Agent.Grade, b.Service, b.Agent.Statut = xhl.Nominatif(s), s, s, s, s
		b.Agent.CptBancaire.IBAN = xhl.Some(xhl.Nominatif(s))
		b.MtNetAPayer, b.MtBrut, b.QuotiteTrav, b.NBI = d, d, d, []xhl.Decimal{d}
		b.DatePaiement, b.Periode.DateDebut = xhl.Date(s), xhl.Date(decimal)
		for i := range max(0, lines) % 200 {
			b.Remuneration.Lignes = append(b.Remuneration.Lignes, xhl.LigneP{Nature: xhl.Nature(i % 11), Libelle: s, Code: s, Base: d, Taux: d, NbUnite: d, Mt: d, Ordre: s})
		}
		e := employer()
		e.Employeur.Nom, e.Mois, e.Annee = s, s, decimal
		first, err := r.Append(nil, e, b)
		if err != nil {
			t.Fatal(err)
		}
		second, err := r.Append(nil, e, b)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(first, []byte("%PDF-1.7\n")) || !bytes.HasSuffix(first, []byte("%%EOF\n")) || !bytes.Equal(first, second) {
			t.Error("the document is not whole, or not the same twice")
		}
	})
}
