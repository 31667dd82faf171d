package identifiants

import (
	"testing"
	"time"
)

func TestDaysAreReadAsPeopleWriteThem(t *testing.T) {
	want := time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)
	for _, s := range []string{"2026-05-06", "06/05/2026", "6/5/2026", "06-05-2026", "06.05.2026", " 06/05/2026 "} {
		if got, ok := ReadJour(s, time.UTC); !ok || !got.Equal(want) {
			t.Errorf("ReadJour(%q) = %v, %v; want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "05/26/2026", "2026-13-01", "31/02/2026", "6/5/26", "hier", "0026-05-06"} {
		if got, ok := ReadJour(s, time.UTC); ok {
			t.Errorf("ReadJour(%q) = %v, want none", s, got)
		}
	}
}

func TestMonthsAreReadAsPeopleWriteThem(t *testing.T) {
	want := Periode{2026, 8}
	for _, s := range []string{"2026-08", "2026-8", "08/2026", "8/2026", "08-2026", "08.2026", "08 2026", "août 2026", "Aout 2026"} {
		if got, ok := ReadMois(s); !ok || got != want {
			t.Errorf("ReadMois(%q) = %v, %v; want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "13/2026", "2026", "août", "08/26", "2026-08-01"} {
		if got, ok := ReadMois(s); ok {
			t.Errorf("ReadMois(%q) = %v, want none", s, got)
		}
	}
}
