package engine

import (
	"paye/app/check"
	"paye/internal/lang"
)

// group is the anomalies of one code, for people.
type group struct {
	Code     string `json:"code"`
	Gravite  string `json:"gravite"`
	N        int    `json:"n"`
	Titre    Text   `json:"titre"`
	Aide     Text   `json:"aide"`
	Exemples []Text `json:"exemples,omitempty"`
}

var (
	textFound    = lang.Text{FR: ", trouvé « %s »", EN: ", found “%s”"}
	textExpected = lang.Text{FR: ", attendu « %s »", EN: ", expected “%s”"}
	textColon    = lang.Text{FR: " : ", EN: ": "}
)

// groups are the anomalies by code, the gravest first.
func groups(c *check.Constats) []group {
	list := []group{}
	for _, compte := range c.Comptes() {
		g := group{Code: compte.Code, Gravite: compte.Gravite.String(), N: compte.N, Titre: both(func(l lang.Language) string {
			title, _ := compte.Titre(l)
			return title
		})}
		for i := range compte.Exemples {
			if example := both(func(l lang.Language) string { return exampleOf(compte, i, l) }); example.FR != "" {
				g.Exemples = append(g.Exemples, example)
			}
			g.Aide = both(compte.Exemples[i].OnPage)
		}
		list = append(list, g)
	}
	return list
}

// exampleOf is a place of a code, with what it says that the others do not.
func exampleOf(c *check.Compte, i int, l lang.Language) string {
	a := c.Exemples[i]
	line := a.Lieu(l)
	if _, same := c.Titre(l); !same {
		line += textColon.In(l) + a.Message(l)
	}
	if a.Trouve != "" {
		line += textFound.In(l, a.Trouve)
	}
	if a.Attendu != "" {
		line += textExpected.In(l, a.Attendu)
	}
	return line
}
