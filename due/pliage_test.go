package due

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for _, c := range []struct {
		name, in string
		jeu      Jeu
		width    int
		want     string
	}{
		{"capitals stay", "DURAND", JeuNom, 32, "DURAND"},
		{"accents", "Gaëlle-Éléonore", JeuNom, 32, "GAELLE-ELEONORE"},
		{"decomposed input", "Gae\u0308lle", JeuNom, 32, "GAELLE"},
		{"ligatures", "Cœur Ælfric Straße", JeuNom, 32, "COEUR AELFRIC STRASSE"},
		{"northern and eastern letters", "Øyvind Łukasz Đorđe", JeuNom, 32, "OYVIND LUKASZ DORDE"},
		{"typographic apostrophe and dashes", "L’Hôte–d‘Arc", JeuNom, 32, "L'HOTE-D'ARC"},
		{"no-break spaces", "DE\u00a0LA\u202fTOUR", JeuNom, 32, "DE LA TOUR"},
		{"digits are not in a name", "DURAND 2", JeuNom, 32, "DURAND"},
		{"digits are in a town", "Paris 12e", JeuVille, 32, "PARIS 12E"},
		{"ampersand in an employer", "Dupont & Fils", JeuEmployeur, 32, "DUPONT & FILS"},
		{"spaces collapse", "  A   B ", JeuNom, 32, "A B"},
		{"33 characters in one word", strings.Repeat("A", 33), JeuNom, 32, strings.Repeat("A", 32)},
		{"cut at a word near the end", "ABCDEFGHIJKLMNOPQRSTUVWXYZA BCDEFGH", JeuNom, 32, "ABCDEFGHIJKLMNOPQRSTUVWXYZA"},
		{"no word near the end", "ABCDEFGHIJ KLMNOPQRSTUVWXYZABCDEFG", JeuNom, 32, "ABCDEFGHIJ KLMNOPQRSTUVWXYZABCDE"},
		{"cut where a word ends", "ABCDE FGH", JeuNom, 5, "ABCDE"},
		{"only signs", "***", JeuNom, 32, ""},
	} {
		if got := Fold(c.in, c.jeu, c.width).Texte; got != c.want {
			t.Errorf("%s: Fold(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestFoldTellsWhatItDid(t *testing.T) {
	for in, want := range map[string]Pli{
		"DURAND":   {Texte: "DURAND"},
		"Durand":   {Texte: "DURAND", Change: true, Case: true},
		"Hélène":   {Texte: "HELENE", Change: true},
		"ЖАН PAUL": {Texte: "PAUL", Change: true, Perdus: 3},
	} {
		if got := Fold(in, JeuNom, 32); got != want {
			t.Errorf("Fold(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	alphabet := []rune("abcXYZéÉœŒßøŁđ’–- .'0&*Ж漢\u0301\u00a0ǅﬁ½")
	for range 3000 {
		in := make([]rune, rng.IntN(50))
		for i := range in {
			in[i] = alphabet[rng.IntN(len(alphabet))]
		}
		for _, jeu := range []Jeu{JeuEmployeur, JeuNom, JeuVille} {
			once := Fold(string(in), jeu, 24).Texte
			if twice := Fold(once, jeu, 24); twice.Texte != once || twice.Change {
				t.Fatalf("%q folds to %q then %q", string(in), once, twice.Texte)
			}
			if strings.Trim(once, string(jeu)) != "" || len(once) > 24 {
				t.Fatalf("%q folds to %q", string(in), once)
			}
		}
	}
}

func TestEmployerNameIsSplitAtAWord(t *testing.T) {
	for _, c := range []struct {
		name, first, second string
		lost                bool
	}{
		{"COMMUNE D'EXEMPLE", "COMMUNE D'EXEMPLE", "", false},
		{"CENTRE COMMUNAL D'ACTION SOCIALE DE SAINT-EXEMPLE", "CENTRE COMMUNAL D'ACTION SOCIALE", "DE SAINT-EXEMPLE", false},
		{strings.Repeat("A", 40), strings.Repeat("A", 32), "", true},
		{strings.Repeat("ABCDEFG ", 9), "ABCDEFG ABCDEFG ABCDEFG ABCDEFG", "ABCDEFG ABCDEFG ABCDEFG ABCDEFG", true},
	} {
		first, second, lost := splitName(c.name, 32)
		if first != c.first || second != c.second || lost != c.lost {
			t.Errorf("%s: got %q, %q, %t", c.name, first, second, lost)
		}
	}
}
