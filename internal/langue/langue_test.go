package langue

import "testing"

func TestChoisit(t *testing.T) {
	for wish, want := range map[string]Langue{
		"": Francais, "fr": Francais, "fr_FR.UTF-8": Francais, "C": Francais, "POSIX": Francais, "C.UTF-8": Francais,
		"en": Anglais, "en_US.UTF-8": Anglais, "en-GB": Anglais, "xx": Francais, "../..": Francais,
	} {
		if got := Choisit(wish); got != want {
			t.Errorf("Choisit(%q) = %v, want %v", wish, got, want)
		}
	}
}
