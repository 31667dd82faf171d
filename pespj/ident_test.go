package pespj

import (
	"crypto/sha256"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func hashOf(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

func TestIdUniqueIsAFunctionOfTheContent(t *testing.T) {
	shape := regexp.MustCompile(`^21967564200017(PAYE|PJ)202611[0-9A-V]{26,28}$`)
	seen := map[string]string{}
	for _, genre := range []string{GenrePaye, GenrePJ} {
		for _, content := range []string{"a", "b", "c"} {
			id, err := NewIdUnique(siretValide, genre, 2026, 11, hashOf(content))
			if err != nil {
				t.Fatal(err)
			}
			again, _ := NewIdUnique(siretValide, genre, 2026, 11, hashOf(content))
			if id != again || !shape.MatchString(id) || len(id) > 50 || !vAlphanum50.valide([]byte(id)) {
				t.Errorf("got %q, then %q", id, again)
			}
			if other := seen[id]; other != "" {
				t.Errorf("%s and %s share %s", other, genre+content, id)
			}
			seen[id] = genre + content
		}
	}
}

func TestIdUniqueKnownValue(t *testing.T) {
	got, err := NewIdUnique(siretValide, GenrePJ, 2026, 3, []byte("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"))
	if want := "21967564200017PJ202603000G40O40K30E209185GO38E1S"; err != nil || got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestIdentitiesNeedSoundParts(t *testing.T) {
	hash := hashOf("x")
	for name, f := range map[string]func() (string, error){
		"short SIRET":   func() (string, error) { return NewIdUnique("123", GenrePJ, 2026, 1, hash) },
		"month 13":      func() (string, error) { return NewIdUnique(siretValide, GenrePJ, 2026, 13, hash) },
		"unknown kind":  func() (string, error) { return NewIdUnique(siretValide, "X", 2026, 1, hash) },
		"short hash":    func() (string, error) { return NewIdUnique(siretValide, GenrePJ, 2026, 1, hash[:8]) },
		"volume 0":      func() (string, error) { return NewNomFic(siretValide, 2026, 1, 0, 0, hash) },
		"letters":       func() (string, error) { return NewNomFic("9999999990001A", 2026, 1, 1, 0, hash) },
		"sending 100":   func() (string, error) { return NewNomFic(siretValide, 2026, 1, 1, 100, hash) },
		"volume 10 000": func() (string, error) { return NewNomFic(siretValide, 2026, 1, 10_000, 0, hash) },
	} {
		if got, err := f(); err == nil {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestNomFicTellsVolumesAndSendingsApart(t *testing.T) {
	seen := map[string]bool{}
	for volume := 1; volume <= 3; volume++ {
		for envoi := range 3 {
			for _, content := range []string{"a", "b"} {
				nom, err := NewNomFic(siretValide, 2026, 11, volume, envoi, hashOf(content))
				if err != nil {
					t.Fatal(err)
				}
				if seen[nom] || !isASCII(nom) || !vTexte100.valide([]byte(nom)) || !strings.HasPrefix(nom, "PESPJ_21967564200017_202611_000") {
					t.Errorf("got %q", nom)
				}
				seen[nom] = true
			}
		}
	}
	// A volume is sized before its content is known: the length may not vary.
	first, _ := NewNomFic(siretValide, 2026, 11, 1, 0, hashOf("a"))
	last, _ := NewNomFic(siretValide, 2026, 11, 9999, 0, hashOf("b"))
	if len(first) != len(last) {
		t.Errorf("%q and %q differ in length", first, last)
	}
}

func TestNomPJSur(t *testing.T) {
	for nom, want := range map[string]string{
		"contrat.pdf":                      "contrat.pdf",
		"Arrêté n°12 (signé).PDF":          "Arrete_n_12_signe.PDF",
		`C:\paye\œuvre d'art.docx`:         "oeuvre_d_art.docx",
		"../../etc/passwd":                 "passwd.bin",
		"a.b":                              "a.b.bin",
		"page.xhtml":                       "page.xhtml.bin",
		"archive.tar.gz":                   "archive.tar.gz",
		".pdf":                             "piece.pdf",
		"":                                 "piece.bin",
		"日本.pdf":                           "piece.pdf",
		"-x.pdf":                           "x.pdf",
		"photo.jpeg":                       "photo.jpeg",
		strings.Repeat("é", 150) + ".pdf":  strings.Repeat("e", 96) + ".pdf",
		"e\u0301te\u0301 \u00a0 2026 .pdf": "ete_2026.pdf",
	} {
		if got := NomPJSur(nom); got != want || !NomPJValide(got) {
			t.Errorf("NomPJSur(%q) = %q, want %q", nom, got, want)
		}
	}
}

func TestNomPJSurIsAlwaysValidAndStable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("ab9._-/\\ éÉœ°\u0301\x00€日&<'\"")
	for range 5000 {
		var b strings.Builder
		for range r.IntN(130) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		got := NomPJSur(b.String())
		if !NomPJValide(got) || !vNomPJ.valide([]byte(got)) || NomPJSur(got) != got {
			t.Fatalf("NomPJSur(%q) = %q", b.String(), got)
		}
	}
}

func TestNomPJValide(t *testing.T) {
	for nom, want := range map[string]bool{
		"a.pdf": true, "a.7z": true, "a.html": true, "a.p": false, "a.xhtml": false, "pdf": false, ".pdf": false, "é.pdf": false, "a b.pdf": false,
		"a/b.pdf": false, strings.Repeat("a", 96) + ".pdf": true, strings.Repeat("a", 97) + ".pdf": false, "a.pdf\n": false, "-a.pdf": false, "..pdf": false,
	} {
		if got := NomPJValide(nom); got != want {
			t.Errorf("NomPJValide(%q) = %v, want %v", nom, got, want)
		}
	}
}

func TestTypeMIME(t *testing.T) {
	for nom, want := range map[string]string{"a.PDF": "application/pdf", "a.xhl": "application/xml", "a.zip": "application/zip", "a": "application/octet-stream", "a.q7": "application/octet-stream"} {
		if got := TypeMIME(nom); got != want {
			t.Errorf("TypeMIME(%q) = %q, want %q", nom, got, want)
		}
	}
}
