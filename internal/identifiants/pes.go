package identifiants

import (
	"strings"
	"unicode/utf8"
)

// What the rules of a piece of a PES PJ say, after the schema PES PJ 5.30:
// IdUnique is Alphanum50 ([0-9a-zA-Z]{1,50}, neither "nc" nor all zeros),
// NomPJ a name of 4 to 100 characters that ends in a short extension.
var (
	idUniqueVide      = faute("il est vide", "it is empty")
	idUniqueLong      = faute("il dépasse 50 caractères", "it exceeds 50 characters")
	idUniqueCaractere = faute("il a autre chose que des chiffres et des lettres sans accent", "it has something else than digits and unaccented letters")
	idUniqueZeros     = faute("il n'est fait que de zéros", "it is all zeros")
	idUniqueNC        = faute("« nc » veut dire « non communiqué » et ne désigne rien", "“nc” means “not communicated” and names nothing")

	nomPJLong      = faute("il dépasse 100 caractères", "it exceeds 100 characters")
	nomPJExtension = faute("il ne finit pas par une extension de 2 à 4 lettres ou chiffres", "it does not end in an extension of 2 to 4 letters or digits")
	nomPJLigne     = faute("il contient un saut de ligne", "it has a line break")
)

// CheckIdUnique returns nil for an identifier that a PES PJ takes, else the
// rule that it breaks.
func CheckIdUnique[T ~string | ~[]byte](id T) *Faute {
	switch {
	case len(id) == 0:
		return idUniqueVide
	case !alphanum(id):
		return idUniqueCaractere
	case len(id) > 50:
		return idUniqueLong
	case string(id) == "nc":
		return idUniqueNC
	case strings.Trim(string(id), "0") == "":
		return idUniqueZeros
	}
	return nil
}

// CheckNomPJ returns nil for a file name that a PES PJ takes, else the rule
// that it breaks.
func CheckNomPJ[T ~string | ~[]byte](name T) *Faute {
	s := string(name)
	dot := strings.LastIndexByte(s, '.')
	ext := len(s) - dot - 1
	switch {
	case dot <= 0 || ext < 2 || ext > 4 || !alphanum(s[dot+1:]):
		return nomPJExtension
	case utf8.RuneCountInString(s) > 100:
		return nomPJLong
	case strings.ContainsAny(s, "\n\r"):
		return nomPJLigne
	}
	return nil
}

// alphanum reports whether s is made of ASCII digits and letters only.
func alphanum[T ~string | ~[]byte](s T) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}
