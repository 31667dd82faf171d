package states

import (
	"fmt"
	"strconv"

	"paye/etats"
	"paye/internal/lang"
	"paye/xhl"
)

// screenTexts are the words of the first screen.
var screenTexts = struct {
	head, gross, general, none, line, moved, arrivals, toJustify, top, topRow, byPiece, pieceRow lang.Text
}{
	head: lang.Text{FR: "%s, %s → %s : %d → %d bulletin{s} · liste %s, pièces version %s (texte en vigueur à vérifier)",
		EN: "%s, %s → %s: %d → %d bulletin{s} · list %s, pieces version %s (text in force to be checked)"},
	gross: lang.Text{FR: "Brut %s → %s (%s), dont causes générales %s", EN: "Gross %s → %s (%s), of which general causes %s"},
	line:  lang.Text{FR: "Générales   %s %s : %d agent{s}, %s   %d {n'a|n'ont} pas suivi", EN: "General     %s %s: %d agent{s}, %s   %d did not follow"},
	none:  lang.Text{FR: "Générales   aucune", EN: "General     none"},
	moved: lang.Text{FR: "Entrants %d (%d acte{s} joint{s})   Sortants %d   Changements de situation %d   Primes %d   Heures %d (%d > 25 h)",
		EN: "In %d (%d act{s} attached)   Out %d   Changes of situation %d   Primes %d   Hours %d (%d > 25 h)"},
	toJustify: lang.Text{FR: "À justifier : %d variation{s} sans pièce, %s   À vérifier : %d   Inexpliquées : %d",
		EN: "To justify: %d variation{s} without a piece, %s   To check: %d   Unexplained: %d"},
	top:      lang.Text{FR: "Les plus forts écarts de net sans pièce :", EN: "The largest changes of net without a piece:"},
	byPiece:  lang.Text{FR: "Pièces manquantes, par rubrique de la liste :", EN: "Missing pieces, by rubrique of the list:"},
	topRow:   lang.Text{FR: "  %s  %s %s  net %s", EN: "  %s  %s %s  net %s"},
	pieceRow: lang.Text{FR: "  %s  %s : %s", EN: "  %s  %s: %s"},
}

// Screen is the first screen of a comparison: counts, money, what to do.
func Screen(c *etats.Comparaison, l lang.Language) []string {
	s, t := &c.Synthese, &screenTexts
	lines := []string{
		Head(c, l, fmt.Sprintf("%02d", c.Avant.Mois)+anneeSi(c), c.Apres.Titre()),
		t.gross.In(l, Amount(s.BrutAvant), Amount(s.BrutApres), percent(s.BrutApres-s.BrutAvant, s.BrutAvant), percent(s.DeltaGenerales, s.BrutAvant)),
	}
	if len(c.Generales) == 0 {
		lines = append(lines, t.none.In(l))
	}
	for i := range c.Generales {
		g := &c.Generales[i]
		lines = append(lines, t.line.In(l, nameOf(g), g.Valeur(), g.Agents, SignedAmount(g.Delta), g.Exceptions))
	}
	lines = append(lines,
		t.moved.In(l, s.Entrants, s.EntrantsJoints, s.Sortants, s.Situations, s.Primes, s.Heures, s.HeuresPlafond),
		t.toJustify.In(l, s.Manquantes, Amount(s.MtManquantes), s.AVerifier, s.Inexpliquees))
	return lines
}

// Head is the first line of the screen, with the two months as they are written
// where it is shown.
func Head(c *etats.Comparaison, l lang.Language, avant, apres string) string {
	return screenTexts.head.In(l, c.Apres.Nom, avant, apres, c.Synthese.BulletinsAvant, c.Synthese.BulletinsApres, c.Liste, c.Pieces.Version)
}

// anneeSi is the year of the month before, when it is another one.
func anneeSi(c *etats.Comparaison) string {
	if c.Avant.Annee != c.Apres.Annee {
		return fmt.Sprintf("/%04d", c.Avant.Annee)
	}
	return ""
}

func nameOf(g *etats.Generale) string {
	switch {
	case g.Texte != "":
		return g.Texte
	case g.Code != "":
		return g.Code + " " + g.Libelle
	case g.Champ == "point":
		return "point d'indice"
	}
	return g.Champ
}

// Details are the lines below the first screen: the largest open differences,
// then what is missing by rubrique.
func Details(c *etats.Comparaison, l lang.Language) []string {
	s, t := &c.Synthese, &screenTexts
	var lines []string
	if len(s.Premieres) > 0 {
		lines = append(lines, "", t.top.In(l))
		for i := range s.Premieres {
			v := &s.Premieres[i]
			what := v.Code + " " + v.Libelle
			if v.Code == "" {
				what = v.Champ
			}
			lines = append(lines, t.topRow.In(l, v.Matricule, string(v.Type), what, SignedAmount(v.DeltaNet)))
		}
	}
	if len(s.ParRubrique) > 0 {
		lines = append(lines, "", t.byPiece.In(l))
		for _, one := range s.ParRubrique {
			lines = append(lines, t.pieceRow.In(l, one.Rubrique, one.Piece, strconv.Itoa(one.N)))
		}
	}
	return lines
}

// percent writes a share with two decimals and its sign.
func percent(part, whole xhl.Montant) string {
	if whole == 0 {
		return "—"
	}
	n := int64(part) * 10000 / int64(whole)
	return SignedAmount(xhl.Montant(n)) + " %"
}
