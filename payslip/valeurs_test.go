package payslip

import (
	"math"
	"testing"

	"paye/xhl"
)

func TestAmountsAndRates(t *testing.T) {
	for _, row := range []struct {
		in                    xhl.Decimal
		montant, taux, nombre string
	}{
		{"0", "0,00", "0,00", "0"},
		{"7", "7,00", "7,00", "7"},
		{"-0.05", "-0,05", "-0,05", "-0,05"},
		{"1234.5", "1 234,50", "1 234,50", "1 234,5"},
		{"1000000", "1 000 000,00", "1 000 000,00", "1 000 000"},
		{"007.850", "7,85", "7,85", "7,85"},
		{"7.285", "7.285", "7,285", "7,285"},
		{"-1234.005", "-1234.005", "-1 234,005", "-1 234,005"},
		{"12,5", "12,50", "12,50", "12,5"},
		{"1.2345", "1.2345", "1.2345", "1.2345"},
		{"abc", "abc", "abc", "abc"},
		{"", "", "", ""},
	} {
		if got := montant(row.in); got != row.montant {
			t.Errorf("montant(%q) = %q, want %q", string(row.in), got, row.montant)
		}
		if got := taux(row.in); got != row.taux {
			t.Errorf("taux(%q) = %q, want %q", string(row.in), got, row.taux)
		}
		if got := nombre(row.in); got != row.nombre {
			t.Errorf("nombre(%q) = %q, want %q", string(row.in), got, row.nombre)
		}
	}
	if got, want := centimes(math.MinInt64), "-92 233 720 368 547 758,08"; got != want {
		t.Errorf("the least amount is %q, want %q", got, want)
	}
}

func TestSumThatDoesNotFitIsNotShown(t *testing.T) {
	for name, list := range map[string][]xhl.Decimal{
		"overflow":     {"92233720368547758.07", "0.01"},
		"underflow":    {"-92233720368547758.07", "-0.02"},
		"not a number": {"1.00", "deux"},
	} {
		var s somme
		for _, d := range list {
			s.add(d)
		}
		if got := s.String(); got != "—" {
			t.Errorf("%s: %q", name, got)
		}
	}
	var s somme
	for _, d := range []xhl.Decimal{"10.10", "-20.25", "0"} {
		s.add(d)
	}
	if got := s.String(); got != "-10,15" {
		t.Errorf("got %q, want -10,15", got)
	}
}

func TestOrdreThatIsNoNumberComesLast(t *testing.T) {
	want := []string{"2", "0010", " 10", "18446744073709551", "x", ""}
	for i := 1; i < len(want); i++ {
		if ordre(want[i-1]) > ordre(want[i]) {
			t.Errorf("%q comes after %q", want[i-1], want[i])
		}
	}
	if ordre("99999999999999999999999") != ordre("") {
		t.Error("a number that does not fit is not last")
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[xhl.Date]string{"2026-08-31": "31/08/2026", "2026-02-30": "2026-02-30", "2026-08-31Z": "2026-08-31Z", "": ""} {
		if got := jour(in); got != want {
			t.Errorf("jour(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestEveryLineIsInOneRow deals lines with few labels, so that they pair in
// every way.
func TestEveryLineIsInOneRow(t *testing.T) {
	labels := []string{"CNRACL", "CNRACL part patronale", "RAFP", "Part patronale", ""}
	codes := []string{"1", "2", ""}
	f := &layout{paires: make(map[uint64]int)}
	seed := uint64(1)
	draw := func(n int) int {
		seed = seed*6364136223846793005 + 1442695040888963407
		return int(seed >> 33 % uint64(n))
	}
	for round := range 500 {
		lines := make([]xhl.LigneP, draw(20))
		for i := range lines {
			lines[i] = xhl.LigneP{Nature: []xhl.Nature{xhl.Deduction, xhl.Cotisation, xhl.Retenue}[draw(3)],
				Libelle: labels[draw(len(labels))], Code: codes[draw(len(codes))], Ordre: codes[draw(len(codes))], Base: []xhl.Decimal{"0", "10"}[draw(2)]}
		}
		f.arrange(lines)
		count := make(map[*xhl.LigneP]int)
		for i, r := range f.rangs {
			for _, l := range []*xhl.LigneP{r.agent, r.patronal} {
				if l != nil {
					count[l]++
				}
			}
			if r.agent != nil && r.agent.Nature == xhl.Cotisation || r.patronal != nil && r.patronal.Nature != xhl.Cotisation {
				t.Fatalf("round %d: a part stands on the wrong side", round)
			}
			if i > 0 && ordre(f.rangs[i-1].ligne().Ordre) > ordre(r.ligne().Ordre) {
				t.Fatalf("round %d: row %d is before its place", round, i)
			}
		}
		for i := range lines {
			if count[&lines[i]] != 1 {
				t.Fatalf("round %d: line %d is shown %d times", round, i, count[&lines[i]])
			}
		}
	}
}
