package run

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"paye/internal/lang"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// csvTexte is the second half of the message of XHL-310, with its arguments.
// It prints itself in the language of the message around it.
type csvTexte struct {
	lang.Text
	args []any
}

func (t csvTexte) Format(f fmt.State, _ rune) {
	l := lang.French
	if printer, ok := f.(interface{ Language() language.Tag }); ok {
		l = lang.Choose(printer.Language().String())
	}
	_, _ = io.WriteString(f, t.In(l, t.args...)) // the State of a Sprintf takes all
}

// What XHL-310 says.
var (
	csvAbsent   = lang.Text{FR: "il manque", EN: "it is missing"}
	csvEmpty    = lang.Text{FR: "il est vide", EN: "it is empty"}
	csvUTF16    = lang.Text{FR: "il est en UTF-16 ; enregistrez-le en « CSV UTF-8 »", EN: "it is in UTF-16; save it as “CSV UTF-8”"}
	csvNotUTF8  = lang.Text{FR: "des octets ne sont pas de l'UTF-8, que le reste du fichier emploie", EN: "bytes are not UTF-8, which the rest of the file uses"}
	csvQuote    = lang.Text{FR: "guillemet mal placé ou non refermé dans la cellule %d", EN: "quote misplaced or not closed in cell %d"}
	csvCount    = lang.Text{FR: "%d cellule{s}, là où l'en-tête nomme %d colonne{s}", EN: "%d cell{s}, where the header names %d column{s}"}
	csvUnknown  = lang.Text{FR: "%s inconnu ; le nom le plus proche est %s", EN: "%s is unknown; the nearest name is %s"}
	csvHeader   = lang.Text{FR: "la première ligne doit nommer les colonnes ; elle ressemble à des données", EN: "the first line has to name the columns; it looks like data"}
	csvTwice    = lang.Text{FR: "la colonne %s y est deux fois", EN: "column %s is there twice"}
	csvNoColumn = lang.Text{FR: "la colonne %s manque", EN: "column %s is missing"}
	csvForeign  = lang.Text{FR: "la colonne %s doit être vide pour %s", EN: "column %s has to be empty for %s"}
	csvRank     = lang.Text{FR: "un rang, à partir de 1, est attendu dans la colonne %s", EN: "a rank, from 1, is expected in column %s"}
	csvGrowing  = lang.Text{FR: "le bulletin %s vient après le bulletin %s : triez le fichier par rang", EN: "bulletin %s comes after bulletin %s: sort the file by rank"}
	csvOrder    = lang.Text{FR: "le bulletin %s n'est pas dans agents.csv, ou n'y est pas à cette place : triez lignes.csv par rang, comme agents.csv",
		EN: "bulletin %s is not in agents.csv, or not at this place: sort lignes.csv by rank, like agents.csv"}
	csvNoEtablissement = lang.Text{FR: "l'établissement %s n'est pas dans entete.csv", EN: "établissement %s is not in entete.csv"}
	csvFirstLine       = lang.Text{FR: "la première ligne décrit le journal : sa cellule Etablissement est vide", EN: "the first line describes the journal: its cell Etablissement is empty"}
	csvNextRank        = lang.Text{FR: "l'établissement de rang %s est attendu ici", EN: "the établissement of rank %s is expected here"}
	csvDescription     = lang.Text{FR: "%s a deux descriptions", EN: "%s has two descriptions"}
)

// csvTextes is the catalogue, for the test that reads it in both languages.
var csvTextes = []lang.Text{csvAbsent, csvEmpty, csvUTF16, csvNotUTF8, csvQuote, csvCount, csvUnknown, csvHeader, csvTwice, csvNoColumn,
	csvForeign, csvRank, csvGrowing, csvOrder, csvNoEtablissement, csvFirstLine, csvNextRank, csvDescription}

// csvFault is an XHL-310 about a file of the run, nowhere in it yet.
func csvFault(name string, t lang.Text, args ...any) *xhl.Anomalie {
	return schema.Codes.New("XHL-310", name, csvTexte{t, args})
}

// csvNearest names name and the one of known that is most like it.
func csvNearest(file, name string, known []string) *xhl.Anomalie {
	best, least := "", 1<<30
	for _, k := range known {
		last := k[strings.LastIndexByte(k, '.')+1:]
		if d := min(2*distance(name, k), 2*distance(name, last)+1); d < least {
			best, least = k, d
		}
	}
	a := csvFault(file, csvUnknown, strconv.Quote(misspelt(name, best)), best)
	a.Attendu = best
	return a
}

// misspelt is what a message may show of a name that is not known: the name
// when it is nearly one of ours, else its shape, for any value may stand there.
func misspelt(name string, known ...string) string {
	for _, k := range known {
		last := k[strings.LastIndexByte(k, '.')+1:]
		if min(distance(name, k), distance(name, last)) <= 2 {
			return schema.Clip(name)
		}
	}
	return schema.Shape(name)
}

// distance is how many characters have to be added, removed or replaced to
// make a into b, letters counting the same in both cases.
func distance(a, b string) int {
	from, to := []rune(strings.ToLower(schema.Clip(a))), []rune(strings.ToLower(b))
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, d := range to {
			cost := diagonal
			if c != d {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

// csvPath is the name of a file of the run in anomalies.
func csvPath(dir, name string) string { return path.Join(dir, name) }

// csvColumn turns the path of an element, whose first name is what the line is
// about, into the name of its column.
func csvColumn(chemin string) string {
	_, column, _ := strings.Cut(chemin, "/")
	return strings.ReplaceAll(column, "/", ".")
}

// containsName reports whether one of the elements of a path is name.
func containsName(chemin, name string) bool {
	return slices.Contains(strings.Split(chemin, "/"), name)
}
