package run

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"

	"paye/internal/sheet"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// csvNames and csvCodes are the texts of the schema that hold names, and those
// that hold identifiers.
var (
	csvNames = []string{"Nom", "ComplNom", "Prenom", "Adr1", "Adr2", "Adr3", "Ville", "TitCpte"}
	csvCodes = []string{"Matricule", "Code", "CodeBudget", "CodeCaisse", "CodeNatureEmp", "CodeNatureSal", "CodeFonction", "NumUrssaf", "CP", "IdUnique", "IdCpte", "IBAN", "Train"}
)

// csvCellKind is what the values of a leaf are for a spreadsheet.
func csvCellKind(leaf *schema.Element) sheet.Kind {
	switch leaf.Value.Kind {
	case schema.KindDecimal:
		return sheet.Decimal
	case schema.KindDate:
		return sheet.Date
	case schema.KindBooleen:
		return sheet.Bool
	case schema.KindAlphanum, schema.KindNum, schema.KindMois, schema.KindAnnee:
		return sheet.Digits
	case schema.KindEnum:
		return sheet.Code
	}
	switch {
	case slices.Contains(csvNames, leaf.Name):
		return sheet.Name
	case slices.Contains(csvCodes, leaf.Name):
		return sheet.Code
	}
	return sheet.Text
}

// csvWidths are the digits of codes that the trade fixes: SIRET, RIB.
var csvWidths = map[string]int{"Siret": 14, "CodeEtab": 5, "CodeGuic": 5, "IdCpte": 11, "CleRib": 2}

// csvMixed are codes that are padded with zeros where they are numbers, all to
// one length.
var csvMixed = []string{"Matricule", "IdUnique", "NumUrssaf", "CP"}

// csvPast are the columns whose values of last month tell a lost zero.
var csvPast = []string{"Agent.Matricule", "Agent.Adresse.CP", "Agent.CptBancaire.CodeEtab", "Agent.CptBancaire.CodeGuic", "CodeBudget", "Code"}

// Past is what a journal of before tells of the next run: the values of its
// codes, by column.
type Past map[string]map[string]struct{}

// Matricules are those of the month before.
func (p Past) Matricules() map[string]struct{} { return p["Agent.Matricule"] }

// newWatch is what looks at a column, nil where a whole column shows nothing.
func (p Past) newWatch(c *csvCell) *sheet.Column {
	w := &sheet.Column{Kind: c.kind}
	switch c.kind {
	case sheet.Name, sheet.Decimal:
		return w
	case sheet.Code, sheet.Digits:
		w.Width, w.Mixed, w.Lone = csvWidths[c.leaf.Name], slices.Contains(csvMixed, c.leaf.Name), c.leaf.Name == "CodeBudget"
		w.Known = p[c.column]
		if w.Width > 0 || w.Mixed || w.Lone || w.Known != nil {
			return w
		}
	}
	return nil
}

// add keeps the codes of a bulletin.
func (p Past) add(b *xhl.Bulletin) {
	put := func(c *csvCell, v any) {
		if known := p[c.column]; known != nil {
			if s, there := c.get(v); there && s != "" {
				known[strings.Clone(s)] = struct{}{}
			}
		}
	}
	for _, c := range csvAgentsFile.kinds[0].cells {
		put(c, b)
	}
	for _, k := range csvLignesFile.kinds {
		if k.item.Value != nil {
			continue
		}
		owner := csvDescend(b, k.parents)
		for cursor, more := k.next(owner, 0); more; cursor, more = k.next(owner, cursor) {
			item, _ := k.item.At(owner, cursor-1)
			for _, c := range k.cells {
				put(c, item)
			}
		}
	}
}

// csvWatches are the columns of the files of a run, as one goroutine sees them.
type csvWatches struct {
	past    Past
	columns map[[2]string]*sheet.Column // by file and name
}

func newCSVWatches(p Past) *csvWatches {
	return &csvWatches{past: p, columns: make(map[[2]string]*sheet.Column)}
}

// of gives what watches a column of a file, shared by the kinds of lines.
func (w *csvWatches) of(file string, c *csvCell) *sheet.Column {
	key := [2]string{file, c.column}
	column, known := w.columns[key]
	if !known {
		column = w.past.newWatch(c)
		w.columns[key] = column
	}
	return column
}

// csvSight gathers what all goroutines see.
type csvSight struct {
	mu  sync.Mutex
	all []*csvWatches
}

func (s *csvSight) watches(p Past) *csvWatches {
	w := newCSVWatches(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, w)
	return w
}

// notes tells what the columns show, in the order of the files and of their
// columns, once nothing is read any more.
func (s *csvSight) notes(dir string) []*xhl.Anomalie {
	s.mu.Lock()
	defer s.mu.Unlock()
	var notes []*xhl.Anomalie
	for _, f := range []*csvFile{csvEnteteFile, csvAgentsFile, csvLignesFile, csvNomenclaturesFile} {
		for _, name := range f.columns {
			var whole *sheet.Column
			for _, w := range s.all {
				switch column := w.columns[[2]string{f.name, name}]; {
				case column == nil:
				case whole == nil:
					whole = column
				default:
					whole.Merge(column)
				}
			}
			if whole == nil {
				continue
			}
			for _, found := range whole.Suspicions() {
				a := schema.Codes.New("XHL-312", f.name, name, found.Phrase)
				a.Fichier, a.Ligne, a.Chemin = csvPath(dir, f.name), found.Ligne, name
				notes = append(notes, a)
			}
		}
	}
	return notes
}

// ReadPast reads the codes of a journal of before.
func ReadPast(ctx context.Context, r io.Reader, o xhl.Options) (Past, error) {
	in, err := xhl.NewReader(r, o)
	if err != nil {
		return nil, err
	}
	p := make(Past)
	for _, column := range csvPast {
		p[column] = make(map[string]struct{})
	}
	for b, err := range in.Bulletins() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		p.add(b)
	}
	return p, nil
}
