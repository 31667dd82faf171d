package input

import (
	"slices"
	"testing"
)

func TestEntriesOfAFileOfSettings(t *testing.T) {
	got := slices.Collect(Entries("\ufeff# comment\r\n; other\n\n  limit = 128 Mo \r\n[21967564200017]\nnote=a=b\nseul"))
	want := []Entry{{4, "limit = 128 Mo", "limit", "128 Mo", true}, {5, "[21967564200017]", "[21967564200017]", "", false}, {6, "note=a=b", "note", "a=b", true}, {7, "seul", "seul", "", false}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for range Entries("a=1\nb=2") {
		break // which ends it
	}
}
