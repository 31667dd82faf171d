package states

import (
	"iter"
	"slices"
	"strings"

	"paye/etats"
	"paye/internal/lang"
	"paye/xhl"
)

// variationColumns are those of R26, the same in CSV, XLSX and JSON.
var variationColumns = []Column{
	{"n", lang.Text{FR: "n", EN: "n"}, Count, 1},
	{"matricule", lang.Text{FR: "matricule", EN: "matricule"}, Text, 2},
	{"nom", lang.Text{FR: "nom", EN: "name"}, Text, 3},
	{"etablissement", lang.Text{FR: "établissement", EN: "établissement"}, Text, 3},
	{"service", lang.Text{FR: "service", EN: "service"}, Text, 3},
	{"type", lang.Text{FR: "type", EN: "type"}, Text, 2},
	{"champ", lang.Text{FR: "champ", EN: "field"}, Text, 2},
	{"code", lang.Text{FR: "code", EN: "code"}, Text, 1.2},
	{"libelle", lang.Text{FR: "libellé", EN: "label"}, Text, 3},
	{"avant", lang.Text{FR: "avant", EN: "before"}, Money, 1.6},
	{"apres", lang.Text{FR: "après", EN: "after"}, Money, 1.6},
	{"delta", lang.Text{FR: "écart", EN: "difference"}, Money, 1.6},
	{"delta_net_agent", lang.Text{FR: "écart du net", EN: "net difference"}, Money, 1.6},
	{"cause", lang.Text{FR: "cause", EN: "cause"}, Text, 3},
	{"rubrique", lang.Text{FR: "rubrique", EN: "rubrique"}, Text, 1.4},
	{"piece_attendue", lang.Text{FR: "pièce attendue", EN: "expected piece"}, Text, 3.4},
	{"couverture", lang.Text{FR: "couverture", EN: "coverage"}, Text, 1.8},
	{"id_unique", lang.Text{FR: "IdUnique", EN: "IdUnique"}, Text, 2.4},
	{"nom_pj", lang.Text{FR: "NomPJ", EN: "NomPJ"}, Text, 2.4},
	{"gravite", lang.Text{FR: "gravité", EN: "gravity"}, Text, 1.6},
	{"marque", lang.Text{FR: "marque", EN: "mark"}, Text, 1},
}

// Look is how tables are made for people.
type Look struct {
	Language lang.Language
	Masked   bool        // names are dropped
	Floor    etats.Seuil // rows below it are left out of lists, never of counts
}

// variationRow is a variation under variationColumns.
func variationRow(v *etats.Variation, look *Look) []Cell {
	nom := v.Nom.Reveal()
	if look.Masked {
		nom = ""
	}
	rubrique, piece, marque := "", "", ""
	if r := v.Regle; r != nil && (v.Couverture != etats.NonExigee || v.Exigible()) {
		rubrique, piece, marque = r.Rubrique, r.Piece, r.Marque
	}
	cause := v.Cause.Text().In(look.Language)
	return []Cell{
		count(v.N), text(v.Matricule), text(nom), text(v.Etablissement), text(v.Service), text(string(v.Type)), text(v.Champ), text(v.Code), text(v.Libelle),
		value(v.Avant), value(v.Apres), money(v.Delta), money(v.DeltaNet), text(cause), text(rubrique), text(piece), text(v.Couverture.String()),
		text(v.IdUnique), text(v.NomPJ), text(v.Gravite.String()), text(marque),
	}
}

// variationTable is the table of the variations that keep says, nil for all.
func variationTable(c *etats.Comparaison, look *Look, name string, title lang.Text, keep func(*etats.Variation) bool) *Table {
	t := &Table{Name: name, Title: title, Columns: variationColumns, Empty: lang.Text{FR: "aucune", EN: "none"}}
	kept := func(v *etats.Variation) bool {
		return (keep == nil || keep(v)) && look.Floor.Passes(v)
	}
	for i := range c.Variations {
		if kept(&c.Variations[i]) {
			t.Len++
		}
	}
	t.Rows = func(yield func([]Cell) bool) {
		for i := range c.Variations {
			if v := &c.Variations[i]; kept(v) && !yield(variationRow(v, look)) {
				return
			}
		}
	}
	return t
}

// Variations is the table of every row.
func VariationTable(c *etats.Comparaison, look *Look) *Table {
	return variationTable(c, look, "variation", lang.Text{FR: "Variations", EN: "Variations"}, nil)
}

// missing reports whether a row waits for its piece.
func missing(v *etats.Variation) bool { return v.Couverture == etats.Manquante }

// VariationTables are the sheets of a comparison: Synthèse, Variations,
// Générales, Entrants-sortants, À justifier, Rubriques.
func VariationTables(c *etats.Comparaison, look *Look) []*Table {
	return []*Table{
		synthesisTable(c),
		VariationTable(c, look),
		GeneraleTable(c),
		variationTable(c, look, "entrants_sortants", lang.Text{FR: "Entrants-sortants", EN: "In and out"}, func(v *etats.Variation) bool {
			switch v.Type {
			case etats.TypeEntrant, etats.TypeSortant, etats.TypeContratAjoute, etats.TypeContratTermine, etats.TypeRematricule:
				return true
			}
			return false
		}),
		variationTable(c, look, "a_justifier", lang.Text{FR: "À justifier", EN: "To justify"}, missing),
		titled(RubriqueTable(c.Classement)),
	}
}

// rubriqueTitles are the columns of rubriques.csv in words, for who reads them
// and does not hand them back.
var rubriqueTitles = map[string]lang.Text{
	"code": {FR: "code", EN: "code"}, "nature": {FR: "nature de ligne", EN: "kind of line"}, "libelle": {FR: "libellé", EN: "label"}, "classe": {FR: "classe", EN: "class"},
	"heures": {FR: "heures", EN: "hours"}, "majoration": {FR: "majoration", EN: "increase"}, "recurrente": {FR: "chaque mois", EN: "every month"}, "suite_de": {FR: "suite de", EN: "follows"}, "origine": {FR: "origine de la classe", EN: "where the class comes from"},
	"confiance": {FR: "confiance", EN: "confidence"}, "lignes": {FR: "lignes", EN: "lines"}, "total": {FR: "total", EN: "total"},
}

// titled is a table of rubriques with titles in words.
func titled(t *Table) *Table {
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		t.Columns[i].Title = rubriqueTitles[t.Columns[i].Key]
	}
	return t
}

// GeneraleTable lists the general causes.
func GeneraleTable(c *etats.Comparaison) *Table {
	t := &Table{Name: "generale", Title: lang.Text{FR: "Générales", EN: "General causes"}, Len: len(c.Generales), Empty: lang.Text{FR: "aucune", EN: "none"},
		Columns: []Column{
			{"champ", lang.Text{FR: "champ", EN: "field"}, Text, 1},
			{"code", lang.Text{FR: "code", EN: "code"}, Text, 1},
			{"libelle", lang.Text{FR: "libellé", EN: "label"}, Text, 3},
			{"genre", lang.Text{FR: "genre", EN: "kind"}, Text, 1},
			{"valeur", lang.Text{FR: "valeur", EN: "value"}, Text, 1.5},
			{"table", lang.Text{FR: "table", EN: "table"}, Text, 4},
			{"agents", lang.Text{FR: "agents", EN: "agents"}, Count, 1},
			{"delta", lang.Text{FR: "écart", EN: "difference"}, Money, 1.5},
			{"exceptions", lang.Text{FR: "n'ont pas suivi", EN: "did not follow"}, Count, 1},
			{"texte", lang.Text{FR: "texte", EN: "text"}, Text, 3},
			{"id_unique", lang.Text{FR: "IdUnique", EN: "IdUnique"}, Text, 2},
		}}
	t.Rows = func(yield func([]Cell) bool) {
		for i := range c.Generales {
			g := &c.Generales[i]
			var steps []string
			for _, p := range g.Table {
				steps = append(steps, p.String())
			}
			if !yield([]Cell{text(g.Champ), text(g.Code), text(g.Libelle), text(g.Genre), text(g.Valeur()), text(strings.Join(steps, ", ")), count(g.Agents), money(g.Delta), count(g.Exceptions), text(g.Texte), text(g.IdUnique)}) {
				return
			}
		}
	}
	return t
}

// rubriqueColumns are those of rubriques.csv.
var rubriqueColumns = func() []Column {
	kinds := map[string]Kind{"lignes": Count, "total": Money}
	var list []Column
	for _, key := range etats.RubriquesHeader {
		width := 1.0
		if key == "libelle" {
			width = 3
		}
		list = append(list, Column{key, lang.Text{FR: key, EN: key}, kinds[key], width})
	}
	return list
}()

// RubriqueTable lists rubriques with their class, as rubriques.csv.
func RubriqueTable(c *etats.Classement) *Table {
	return &Table{Name: "rubrique", Title: lang.Text{FR: "Rubriques", EN: "Rubriques"}, Columns: rubriqueColumns, Len: len(c.Rubriques), Empty: lang.Text{FR: "aucune", EN: "none"},
		Rows: func(yield func([]Cell) bool) {
			for i := range c.Rubriques {
				r := &c.Rubriques[i]
				record := r.Record()
				row := make([]Cell, len(record))
				for j, s := range record {
					row[j] = text(s)
				}
				row[len(row)-2], row[len(row)-1] = count(r.Lignes), money(r.Total)
				if !yield(row) {
					return
				}
			}
		}}
}

// synthesisTable is the first screen as rows.
func synthesisTable(c *etats.Comparaison) *Table {
	lines := Screen(c, lang.French)
	return &Table{Name: "synthese", Title: lang.Text{FR: "Synthèse", EN: "Synthesis"}, Len: len(lines),
		Columns: []Column{{"synthese", lang.Text{FR: "Synthèse", EN: "Synthesis"}, Text, 1}},
		Rows:    textRows(lines)}
}

func textRows(lines []string) iter.Seq[[]Cell] {
	return func(yield func([]Cell) bool) {
		for _, l := range lines {
			if !yield([]Cell{text(l)}) {
				return
			}
		}
	}
}

// MissingTable lists what waits for its piece, for paper: fewer columns.
func MissingTable(c *etats.Comparaison, look *Look) *Table {
	full := variationTable(c, look, "a_justifier", lang.Text{FR: "À justifier", EN: "To justify"}, missing)
	var keep []int
	out := *full
	out.Columns = nil
	for i, col := range full.Columns {
		switch col.Key {
		case "n", "champ", "etablissement", "couverture", "id_unique", "nom_pj", "gravite", "delta_net_agent", "cause":
		default:
			keep = append(keep, i)
			out.Columns = append(out.Columns, col)
		}
	}
	out.Rows = func(yield func([]Cell) bool) {
		for row := range full.Rows {
			cells := make([]Cell, len(keep))
			for j, i := range keep {
				cells[j] = row[i]
			}
			if !yield(cells) {
				return
			}
		}
	}
	return &out
}

// TemplateTable is the lines of justificatifs.csv that are missing, ready to be
// filled in: the file, and its identifier if there is one.
func TemplateTable(c *etats.Comparaison) *Table {
	t := &Table{Name: "justificatifs"}
	for _, key := range []string{"matricule", "id_unique", "fichier", "nom", "description", "support", "type"} {
		t.Columns = append(t.Columns, Column{Key: key})
	}
	t.Rows = func(yield func([]Cell) bool) {
		seen := make(map[[2]string]bool)
		for i := range c.Variations {
			v := &c.Variations[i]
			if !missing(v) || seen[[2]string{v.Matricule, v.Regle.Situation}] {
				continue
			}
			seen[[2]string{v.Matricule, v.Regle.Situation}] = true
			matricule, description := v.Matricule, v.Regle.Piece
			if v.Type == etats.TypeSortant {
				// No bulletin of the month can reference the piece of one who
				// left: it is of general scope, and names him.
				matricule, description = etats.General, description+", matricule "+v.Matricule
			}
			genre := ""
			if len(v.Regle.Genres) > 0 {
				genre = v.Regle.Genres[0]
			}
			if !yield([]Cell{text(matricule), text(""), text(""), text(""), text(description), text("01"), text(genre)}) {
				return
			}
		}
	}
	return t
}

// Data gives a comparison as lines of JSON: its rows, its general causes, its
// synthesis.
func Data(c *etats.Comparaison, look *Look, yield func(any) error) error {
	for _, t := range []*Table{VariationTable(c, look), GeneraleTable(c)} {
		if err := t.JSON(yield); err != nil {
			return err
		}
	}
	return yield(SynthesisLine(c))
}

// ResultLine is the last line of a comparison.
func ResultLine(c *etats.Comparaison) map[string]any {
	s := &c.Synthese
	return map[string]any{"type": "result", "ok": s.Manquantes == 0, "variations": len(c.Variations), "generales": len(c.Generales), "manquantes": s.Manquantes,
		"a_verifier": s.AVerifier, "inexpliquees": s.Inexpliquees, "liste": c.Liste, "pieces_version": c.Pieces.Version}
}

// SynthesisLine is the first screen as data.
func SynthesisLine(c *etats.Comparaison) map[string]any {
	s := &c.Synthese
	point := func(m xhl.Montant) string { return m.Reveal() }
	return map[string]any{
		"type": "synthese", "siret": c.Apres.Siret, "avant": c.Avant.Titre(), "apres": c.Apres.Titre(), "liste": c.Liste, "pieces_version": c.Pieces.Version,
		"bulletins_avant": s.BulletinsAvant, "bulletins_apres": s.BulletinsApres, "brut_avant": point(s.BrutAvant), "brut_apres": point(s.BrutApres),
		"net_avant": point(s.NetAvant), "net_apres": point(s.NetApres), "delta_generales": point(s.DeltaGenerales), "par_type": s.ParType,
		"manquantes": s.Manquantes, "montant_manquantes": point(s.MtManquantes), "a_verifier": s.AVerifier, "inexpliquees": s.Inexpliquees,
		"explique": point(s.Expliquees), "inexplique": point(s.NonExpliquees),
	}
}
