package lang

import "testing"

func TestChoisit(t *testing.T) {
	for wish, want := range map[string]Language{
		"": French, "fr": French, "fr_FR.UTF-8": French, "C": French, "POSIX": French, "C.UTF-8": French,
		"en": English, "en_US.UTF-8": English, "en-GB": English, "xx": French, "../..": French,
	} {
		if got := Choose(wish); got != want {
			t.Errorf("Choisit(%q) = %v, want %v", wish, got, want)
		}
	}
}
