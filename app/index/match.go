package index

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"paye/internal/lang"
)

// guess is an agent that a file may justify.
type guess struct {
	matricule  string
	confidence Confidence
	why        lang.Phrase
}

// Why a line is proposed.
var (
	named      = lang.Text{FR: "le matricule est dans le nom du fichier", EN: "the matricule is in the name of the file"}
	namedBare  = lang.Text{FR: "le matricule est dans le nom du fichier, sans ses zéros de tête", EN: "the matricule is in the name of the file, without the zeros it begins with"}
	namedDate  = lang.Text{FR: "un nombre du nom du fichier est un matricule, mais peut être une date", EN: "a number in the name of the file is a matricule, but may be a date"}
	namedShort = lang.Text{FR: "un nombre très court du nom du fichier est un matricule", EN: "a very short number in the name of the file is a matricule"}
	namedAgent = lang.Text{FR: "le nom et le prénom d'un agent sont dans le nom du fichier", EN: "the name and forename of an agent are in the name of the file"}
	labelled   = lang.Text{FR: "le texte du document écrit « matricule » et ce numéro", EN: "the text of the document writes “matricule” and this number"}
	mentioned  = lang.Text{FR: "le texte du document contient ce matricule", EN: "the text of the document holds this matricule"}
	crowd      = lang.Text{FR: "le texte du document contient %d matricule{s}", EN: "the text of the document holds %d matricule{s}"}
)

// Texts is the catalogue, for the test that reads it in both languages.
var Texts = []lang.Text{named, namedBare, namedDate, namedShort, namedAgent, labelled, mentioned, crowd, noTrace, noText, unopened, empty, isSheet, sameAs}

// fold makes alike what only case, accents and their form tell apart.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return strings.ToLower(s)
}

// words are the runs of letters and digits of a folded text; a change from
// letters to digits ends one too when split.
func words(s string, split bool) []string {
	var list []string
	start, kind := -1, 0
	for i, r := range s + " " {
		now := 0
		switch {
		case unicode.IsDigit(r):
			now = 1
		case unicode.IsLetter(r):
			now = 2
		}
		if start >= 0 && (now == 0 || split && now != kind) {
			list = append(list, s[start:i])
			start = -1
		}
		if start < 0 && now != 0 {
			start, kind = i, now
		}
	}
	return list
}

// minSure is from how many characters a matricule is hardly met by chance.
const minSure = 4

// inName finds the agents that the name of a file gives.
func (a *agents) inName(name string) []guess {
	folded := fold(name)
	found := make(map[string]guess)
	for _, split := range []bool{false, true} {
		list := words(folded, split)
		for i, w := range list {
			announced := i > 0 && slices.Contains([]string{"matricule", "mat", "agent", "matr"}, list[i-1])
			if m, known := a.matricules[w]; known {
				switch {
				case !announced && dateLike(w):
					better(found, guess{m, Check, namedDate.With()})
				case !announced && len(w) < minSure:
					better(found, guess{m, Check, namedShort.With()})
				default:
					better(found, guess{m, Sure, named.With()})
				}
				continue
			}
			if m := a.bare[strings.TrimLeft(w, "0")]; m != "" && len(w) >= minSure && !dateLike(w) {
				better(found, guess{m, Probable, namedBare.With()})
			}
		}
		if len(found) > 0 {
			break
		}
	}
	if len(found) == 0 {
		a.named(words(folded, true), found)
	}
	guesses := sorted(found)
	if sure(guesses) { // what may be a date beside it is one
		guesses = slices.DeleteFunc(guesses, func(g guess) bool { return g.confidence == Check })
	}
	return guesses
}

// named finds agents by nom and prenom, in any order, next to each other.
func (a *agents) named(list []string, found map[string]guess) {
	for i := range list {
		for j := i + 1; j <= min(i+3, len(list)-1); j++ {
			nom, prenom := strings.Join(list[i:j], " "), list[j]
			for _, key := range []string{nom + "|" + prenom, prenom + "|" + nom, list[i] + "|" + strings.Join(list[i+1:j+1], "-")} {
				if m := a.names[key]; m != "" {
					better(found, guess{m, Probable, namedAgent.With()})
				}
			}
		}
	}
}

// dateLike reports whether digits may be a year, a month or a day: 2026, 202605,
// 20260531, 31052026.
func dateLike(w string) bool {
	for _, c := range w {
		if c < '0' || c > '9' {
			return false
		}
	}
	year := func(s string) bool { return s >= "1990" && s <= "2099" }
	switch len(w) {
	case 4:
		return year(w)
	case 6:
		return year(w[:4]) && w[4:] >= "01" && w[4:] <= "12" || year(w[2:]) && w[:2] >= "01" && w[:2] <= "12"
	case 8:
		return year(w[:4]) || year(w[4:])
	}
	return false
}

// Bounds of what a text may place.
const (
	maxAgents   = 40 // a document of more agents is of all of them, or of none
	labelWithin = 6  // words between “matricule” and its number
)

// inText finds the agents that a document names.
func (a *agents) inText(text string) []guess {
	found := make(map[string]guess)
	list := words(fold(text), false)
	label := -labelWithin
	for i, w := range list {
		if strings.HasPrefix(w, "matricule") {
			label = i
			w = strings.TrimPrefix(strings.TrimPrefix(w, "matricules"), "matricule")
		}
		m, known := a.matricules[w]
		if !known {
			continue
		}
		switch {
		case i-label < labelWithin:
			better(found, guess{m, Sure, labelled.With()})
		case len(w) >= minSure && !dateLike(w):
			better(found, guess{m, Probable, mentioned.With()})
		}
	}
	guesses := sorted(found)
	if sure(guesses) {
		guesses = slices.DeleteFunc(guesses, func(g guess) bool { return g.confidence != Sure })
	}
	switch {
	case len(guesses) > maxAgents:
		return []guess{{"*", Check, crowd.With(len(guesses))}}
	case len(guesses) > 1 && !sure(guesses):
		for i := range guesses {
			guesses[i].confidence, guesses[i].why = Check, crowd.With(len(guesses))
		}
	}
	return guesses
}

// rank orders confidences.
var rank = map[Confidence]int{Check: 1, Probable: 2, Sure: 3}

// better keeps the surer of two guesses about an agent.
func better(found map[string]guess, g guess) {
	if rank[g.confidence] > rank[found[g.matricule].confidence] {
		found[g.matricule] = g
	}
}

func sorted(found map[string]guess) []guess {
	return slices.SortedFunc(maps.Values(found), func(x, y guess) int { return cmp.Compare(x.matricule, y.matricule) })
}

// sure reports whether some guess is.
func sure(list []guess) bool {
	return slices.ContainsFunc(list, func(g guess) bool { return g.confidence == Sure })
}

// merge is what a name and a text say together: an agent of both is surer, a
// text that is sure wins over a name that is not.
func merge(name, text []guess) []guess {
	if sure(text) || len(name) == 0 {
		return text
	}
	for i, g := range name {
		if slices.ContainsFunc(text, func(t guess) bool { return t.matricule == g.matricule }) {
			name[i].confidence = Sure
		}
	}
	return name
}
