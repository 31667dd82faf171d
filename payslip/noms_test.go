package payslip_test

import (
	"strings"
	"testing"

	"paye/payslip"
	"paye/xhl"
)

func TestNamesAreSafeAndDistinct(t *testing.T) {
	var noms payslip.Noms
	seen := make(map[string]bool)
	for _, row := range []struct{ matricule, want string }{
		{"12345", "12345-2026-08.pdf"},
		{"12345", "12345-2026-08-2.pdf"},
		{"A b/c", "A_b_c-2026-08.pdf"},
		{"A-b.c", "A-b.c-2026-08.pdf"},
		{"a B_C", "a_B_C-2026-08-2.pdf"},
		{"../../etc/passwd", "_._.._etc_passwd-2026-08.pdf"},
		{"-rf", "_rf-2026-08.pdf"},
		{"", "sans-matricule-2026-08.pdf"},
		{"é\x00\n", "____-2026-08.pdf"},
		{strings.Repeat("9", 500), strings.Repeat("9", 100) + "-2026-08.pdf"},
		{strings.Repeat("9", 501), strings.Repeat("9", 100) + "-2026-08-2.pdf"},
	} {
		got := noms.Next(employer(), &xhl.Bulletin{Agent: xhl.Agent{Matricule: row.matricule}})
		if got != row.want {
			t.Errorf("%q is named %q, want %q", row.matricule, got, row.want)
		}
		if seen[strings.ToLower(got)] {
			t.Errorf("%q is there twice", got)
		}
		seen[strings.ToLower(got)] = true
	}
}

func TestNameOfAMonthThatIsNone(t *testing.T) {
	var noms payslip.Noms
	for _, row := range []struct{ annee, mois, want string }{
		{"2026", "12", "1-2026-12.pdf"}, {" 2026 ", "008", "1-2026-08.pdf"}, {"-1", "../x", "1-0000-00.pdf"}, {"20260", "123", "1-0000-00-2.pdf"},
	} {
		e := &xhl.Entete{Annee: row.annee, Mois: row.mois}
		if got := noms.Next(e, &xhl.Bulletin{Agent: xhl.Agent{Matricule: "1"}}); got != row.want {
			t.Errorf("%q %q: %q, want %q", row.annee, row.mois, got, row.want)
		}
	}
}
