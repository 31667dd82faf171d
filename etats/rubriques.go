package etats

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/internal/sheet"
	"paye/xhl"
)

// Recurrence is whether a rubrique is due every month.
type Recurrence uint8

const (
	RecurrenceInconnue Recurrence = iota
	Recurrente
	NonRecurrente
)

func (r Recurrence) String() string { return [...]string{"", "oui", "non"}[r] }

// Rubrique is a line of rubriques.csv: what a code pays.
type Rubrique struct {
	Cle
	Libelle    string
	Classe     Classe
	Heures     string // where a line has its hours: NbUnite, Base, auto
	Majoration string // as it is written: "1,25"
	Recurrente Recurrence
	SuiteDe    string // the code that this one continues
	Origine    string // auto, utilisateur
	Confiance  string // haute, moyenne, faible
	Lignes     int
	Total      xhl.Montant
}

// Origins of a Rubrique.
const (
	OrigineAuto        = "auto"
	OrigineUtilisateur = "utilisateur"
)

// rubriquesColumns are the columns of rubriques.csv; the first four must be
// there.
var rubriquesColumns = []string{"code", "nature", "classe", "libelle", "heures", "majoration", "recurrente", "suite_de", "origine", "confiance", "lignes", "total"}

// RubriquesHeader is the first line of rubriques.csv.
var RubriquesHeader = []string{"code", "nature", "libelle", "classe", "heures", "majoration", "recurrente", "suite_de", "origine", "confiance", "lignes", "total"}

// Record is the line of rubriques.csv.
func (r *Rubrique) Record() []string {
	return []string{r.Code, r.Nature.String(), r.Libelle, r.Classe.String(), r.Heures, r.Majoration, r.Recurrente.String(), r.SuiteDe,
		r.Origine, r.Confiance, strconv.Itoa(r.Lignes), Virgule(r.Total)}
}

// Virgule writes an amount for a file: no grouping, a comma.
func Virgule(m xhl.Montant) string { return strings.Replace(m.Reveal(), ".", ",", 1) }

// maxTable bounds the size of a table, in bytes.
const maxTable = 32 << 20

// ReadRubriques reads a rubriques.csv: UTF-8 or windows-1252, columns apart by
// semicolons or commas, in any order. A class that does not exist and a key
// that comes twice are anomalies; fichier names the table in them. tell, which may
// be nil, is told which sheet of a workbook is read.
func ReadRubriques(r io.Reader, fichier string, tell func(*anomalie.Anomalie)) ([]Rubrique, error) {
	t, err := readTable(r, fichier, rubriquesColumns, 3, tell)
	if err != nil {
		return nil, err
	}
	natures := make(map[string]xhl.Nature)
	for _, n := range xhl.Natures() {
		natures[strings.ToLower(n.String())] = n
	}
	var list []Rubrique
	seen := make(map[Cle]bool)
	for _, row := range t.rows {
		one := Rubrique{Cle: Cle{Code: row.get("code")}, Libelle: row.get("libelle"), Heures: row.get("heures"), Majoration: row.get("majoration"),
			SuiteDe: row.get("suite_de"), Origine: row.get("origine"), Confiance: row.get("confiance")}
		var known bool
		if one.Nature, known = natures[strings.ToLower(row.get("nature"))]; !known {
			return nil, at(Codes.New(LigneDeTable, row.line, unknownNature.With(row.get("nature"), strings.Join(slices.Sorted(maps.Keys(natures)), ", "))), fichier, row.line)
		}
		if one.Classe, known = parseClasse(strings.ToLower(row.get("classe"))); !known {
			return nil, at(Codes.New(ClasseRefusee, row.line, row.get("classe")), fichier, row.line)
		}
		if seen[one.Cle] {
			return nil, at(Codes.New(CleDouble, row.line, one.Code), fichier, row.line)
		}
		seen[one.Cle] = true
		switch strings.ToLower(row.get("recurrente")) {
		case "oui":
			one.Recurrente = Recurrente
		case "non":
			one.Recurrente = NonRecurrente
		}
		if one.Origine != OrigineAuto {
			one.Origine = OrigineUtilisateur
		}
		list = append(list, one)
	}
	return list, nil
}

func at(a *anomalie.Anomalie, fichier string, line int) error {
	a.Fichier, a.Ligne = fichier, int64(line)
	return a
}

// table is a CSV table that people edit.
type table struct{ rows []tableRow }

// unknownNature is a nature of line that no journal has.
var unknownNature = lang.Text{FR: "la nature « %s » n'existe pas ; les natures sont %s", EN: "nature “%s” does not exist; the natures are %s"}

type tableRow struct {
	columns, cells []string
	line           int
}

func (r *tableRow) get(name string) string {
	if i := slices.Index(r.columns, name); i >= 0 {
		return r.cells[i]
	}
	return ""
}

// readTable reads a table whose first line names its columns, each of them once at
// most, and as many as required, the first of columns.
func readTable(r io.Reader, fichier string, columns []string, required int, tell func(*anomalie.Anomalie)) (*table, error) {
	malformed := func(what any) error { return at(Codes.New(TableIllisible, what), fichier, 1) }
	data, err := io.ReadAll(io.LimitReader(r, maxTable+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxTable {
		return nil, malformed("32 Mio")
	}
	in, err := sheet.OpenTable(data, maxTable, columns[:required]...)
	if refusal := (sheet.Refusal{}); errors.As(err, &refusal) {
		return nil, malformed(refusal.Phrase)
	}
	if err != nil {
		return nil, malformed(input.Empty)
	}
	if a := in.Notice(fichier); a != nil && tell != nil {
		tell(a)
	}
	for i, name := range columns {
		switch {
		case i < required && !in.Has(name):
			return nil, malformed(in.Missing(name))
		case in.Twice(name):
			return nil, malformed(input.TwoColumns.With(name))
		}
	}
	t := new(table)
	for {
		line, err := in.Next()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, at(Codes.New(LigneDeTable, line, input.BadQuotes), fichier, line)
		}
		cells := make([]string, len(columns))
		for i, name := range columns {
			cells[i] = in.Cell(name)
		}
		if strings.Join(cells, "") != "" {
			t.rows = append(t.rows, tableRow{columns, cells, line})
		}
	}
}
