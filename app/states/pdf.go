//go:build !js

package states

import (
	"io"
	"strings"
	"time"

	"paye/etats"
	"paye/internal/lang"
	"paye/internal/report"
)

// maxPDFRows bounds a PDF: it is for reading, and is laid out in memory.
const maxPDFRows = 60_000

// Origin says where an état comes from.
type Origin struct {
	Employeur, Siret, Mois string
	SHA256                 string // of the journal, or of each file of the set
	Date                   time.Time
	Version                string // of the table of pieces
}

var originTexts = struct{ head, from, version lang.Text }{
	head:    lang.Text{FR: "%s · SIRET %s · %s", EN: "%s · SIRET %s · %s"},
	from:    lang.Text{FR: "établi le %s à partir du journal XHL", EN: "made on %s from the XHL journal"},
	version: lang.Text{FR: "Pièces attendues, version", EN: "Expected pieces, version"},
}

// OriginOf describes a month.
func OriginOf(m *etats.Mois, sum string, date time.Time) Origin {
	return Origin{Employeur: m.Nom, Siret: m.Siret, Mois: m.Titre(), SHA256: sum, Date: date, Version: etats.DefaultPieces().Version}
}

// WritePDF writes tables to print. Each page repeats the employer, the month,
// the digest of the journal and the date; nothing on it is to be signed.
func WritePDF(w io.Writer, l lang.Language, o Origin, title lang.Text, facts []string, tables ...*Table) error {
	d, err := printable(l, o, title, facts, latin, tables)
	if err != nil {
		return err
	}
	return d.WritePDF(w)
}

// WriteHTML writes the same as one page, to read or to send.
func WriteHTML(w io.Writer, l lang.Language, o Origin, title lang.Text, facts []string, tables ...*Table) error {
	d, err := printable(l, o, title, facts, asIs, tables)
	if err != nil {
		return err
	}
	return d.WriteHTML(w)
}

// printable lays a report out.
func printable(l lang.Language, o Origin, title lang.Text, facts []string, letters *strings.Replacer, tables []*Table) (*report.Document, error) {
	d := &report.Document{Langue: l.String(), Titre: title.In(l), Date: o.Date}
	d.SousTitre = originTexts.head.In(l, o.Employeur, o.Siret, o.Mois)
	day := o.Date.Format("02/01/2006")
	d.Bandeau = d.SousTitre + " · " + originTexts.from.In(l, day)
	if o.SHA256 != "" {
		d.Bandeau += " · SHA-256 " + o.SHA256
	}
	d.Faits = append(d.Faits, report.Fait{Nom: originTexts.version.In(l), Valeur: o.Version})
	for _, f := range facts {
		d.Notes = append(d.Notes, letters.Replace(f))
	}
	for _, t := range tables {
		if t.Len > maxPDFRows {
			return nil, etats.Codes.New(etats.TropDeLignes, t.Len, maxPDFRows)
		}
		d.Tables = append(d.Tables, printed(t, l, "\u00a0", letters))
	}
	return d, nil
}

// latin writes with the characters that the fonts of the PDF have.
var latin = strings.NewReplacer("\u202f", "\u00a0", "\u2212", "-", "→", ">")

// asIs leaves a text alone.
var asIs = strings.NewReplacer()

// printed lays a table out in text.
func printed(t *Table, l lang.Language, space string, letters *strings.Replacer) report.Table {
	out := report.Table{Titre: t.Title.In(l), Vide: t.Empty.In(l)}
	for i := range t.Columns {
		out.Colonnes = append(out.Colonnes, report.Colonne{Titre: t.Columns[i].Title.In(l), Poids: t.Columns[i].Width})
	}
	for row := range t.Shown(space) {
		for i := range row {
			row[i] = letters.Replace(row[i])
		}
		out.Lignes = append(out.Lignes, row)
	}
	return out
}

// WriteText writes tables for a screen.
func WriteText(w io.Writer, l lang.Language, o Origin, title lang.Text, facts []string, tables ...*Table) error {
	d := &report.Document{Langue: l.String(), Titre: title.In(l), SousTitre: originTexts.head.In(l, o.Employeur, o.Siret, o.Mois)}
	for _, t := range tables {
		d.Tables = append(d.Tables, printed(t, l, "\u202f", asIs))
	}
	d.Notes = facts
	return d.WriteText(w)
}
