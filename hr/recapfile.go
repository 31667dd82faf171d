package hr

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"paye/internal/lang"
	"paye/internal/report"
)

// Clearness says how secret values are shown.
type Clearness uint8

const (
	MaskSecrets Clearness = iota
	ShowSecrets
)

var recapTexts = map[string]lang.Text{
	"title":    {FR: "Récapitulatif de la synchronisation RH, %s", EN: "Recap of the HR synchronisation, %s"},
	"modified": {FR: "Données modifiées par rapport au mois passé", EN: "Data changed since last month"},
	"created":  {FR: "Employés créés depuis la source", EN: "Employees created from the source"},
	"crushed":  {FR: "Modifications de la paye remplacées par la source", EN: "Payroll edits replaced by the source"},
	"none":     {FR: "Rien ce mois-ci.", EN: "Nothing this month."},
	"origine":  {FR: "Origine", EN: "Origin"}, "matricule": {FR: "Matricule", EN: "Matricule"}, "nom": {FR: "Nom", EN: "Name"},
	"champ": {FR: "Donnée", EN: "Field"}, "avant": {FR: "Avant", EN: "Before"}, "apres": {FR: "Après", EN: "After"}, "jour": {FR: "Jour", EN: "Day"},
	"etab": {FR: "Établissement", EN: "Établissement"}, "debut": {FR: "Début", EN: "Start"}, "fin": {FR: "Fin", EN: "End"},
	"manque": {FR: "À remplir dans la source", EN: "To fill in the source"},
	"source": {FR: "synchronisation", EN: "synchronisation"}, "paie": {FR: "utilisateur", EN: "user"},
	"note": {FR: "NIR et IBAN : quatre derniers caractères. Le temps de travail et la rémunération ne sont pas transmis.",
		EN: "NIR and IBAN: last four characters. Working time and pay are not transmitted."},
}

// Document is the recap as one table model, from which every format is made.
// The date is that of the document.
func (r *Recap) Document(l lang.Language, how Clearness, date time.Time) *report.Document {
	t := func(key string) string { return recapTexts[key].In(l) }
	columns := func(keys ...string) []report.Colonne {
		var list []report.Colonne
		for _, k := range keys {
			weight := 1.0
			if k == "nom" || k == "avant" || k == "apres" || k == "champ" || k == "manque" {
				weight = 2
			}
			list = append(list, report.Colonne{Titre: t(k), Poids: weight})
		}
		return list
	}
	shown := func(c Champ, s string) string {
		if how == ShowSecrets {
			return s
		}
		return masked(c, s)
	}
	changes := func(title string, list []RecapLine) report.Table {
		tab := report.Table{Titre: t(title), Colonnes: columns("matricule", "nom", "champ", "avant", "apres", "origine", "jour"), Vide: t("none")}
		for _, x := range list {
			tab.Lignes = append(tab.Lignes, []string{x.Matricule, x.Name, x.Champ.Label(l), shown(x.Champ, x.Before), shown(x.Champ, x.After), t(string(x.Origine)), x.Day})
		}
		return tab
	}
	created := report.Table{Titre: t("created"), Colonnes: columns("matricule", "nom", "etab", "debut", "fin", "manque"), Vide: t("none")}
	for _, a := range r.Arrivals {
		var missing []string
		for _, c := range a.Missing {
			missing = append(missing, c.Label(l))
		}
		created.Lignes = append(created.Lignes, []string{a.Matricule, a.Name, a.Etab, a.Debut, a.Fin, strings.Join(missing, ", ")})
	}
	return &report.Document{Langue: l.String(), Titre: recapTexts["title"].In(l, r.Mois.String()), Date: date,
		Tables: []report.Table{changes("modified", r.Modified), created, changes("crushed", r.Crushed)}, Notes: []string{t("note")}}
}

// rows gives the headings and the rows of a table.
func rows(t *report.Table) [][]string {
	head := make([]string, len(t.Colonnes))
	for i, c := range t.Colonnes {
		head[i] = c.Titre
	}
	return append([][]string{head}, t.Lignes...)
}

// WriteCSV writes the tables for a spreadsheet: UTF-8 with its mark, ";", CRLF,
// the name of the table first. A value that a spreadsheet would run gets an
// apostrophe; a telephone keeps its "+".
func WriteCSV(w io.Writer, d *report.Document) error {
	var b strings.Builder
	b.WriteString("\ufeff")
	for i := range d.Tables {
		for n, row := range rows(&d.Tables[i]) {
			b.WriteString(csvCell(d.Tables[i].Titre))
			for _, cell := range row {
				if n > 0 {
					cell = inert(cell)
				}
				b.WriteString(";" + csvCell(cell))
			}
			b.WriteString("\r\n")
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the CSV: %w", err)
	}
	return nil
}

// inert is a cell that a spreadsheet does not take for a formula. A sign is
// one only before something that is no number.
func inert(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '@', '\t', '\r':
		return "'" + s
	case '+', '-':
		if strings.Trim(s[1:], "0123456789") != "" {
			return "'" + s
		}
	}
	return s
}

func csvCell(s string) string {
	if strings.ContainsAny(s, ";\"\r\n") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// maxCell is the longest text of a cell; the library would cut it in silence.
const maxCell = 32_767

// WriteXLSX writes each table as a sheet of texts: nothing is taken for a
// number, a date or a formula, and zeros stay. The same document gives the same
// bytes.
func WriteXLSX(w io.Writer, d *report.Document) error {
	x := excelize.NewFile()
	defer x.Close()
	at := d.Date.UTC().Format(time.RFC3339)
	if err := x.SetDocProps(&excelize.DocProperties{Created: at, Modified: at, Creator: "xhl", Title: d.Titre}); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	style, err := x.NewStyle(&excelize.Style{NumFmt: 49}) // "@": text
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	for i := range d.Tables {
		if err := writeSheet(x, i, &d.Tables[i], style); err != nil {
			return fmt.Errorf("write sheet %d of the workbook: %w", i+1, err)
		}
	}
	if _, err := x.WriteTo(w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

func writeSheet(x *excelize.File, i int, t *report.Table, style int) error {
	name := fmt.Sprintf("%d", i+1)
	if i == 0 {
		if err := x.SetSheetName(x.GetSheetName(0), name); err != nil {
			return err
		}
	} else if _, err := x.NewSheet(name); err != nil {
		return err
	}
	// Not the library's stream writer: it puts sheets into the file in any order.
	all := append([][]string{{t.Titre}}, rows(t)...)
	for n, row := range all {
		for c, text := range row {
			if len(text) > maxCell {
				return fmt.Errorf("a cell of row %d is too long", n+1)
			}
			cell, err := excelize.CoordinatesToCellName(c+1, n+1)
			if err != nil {
				return err
			}
			if err := x.SetCellStr(name, cell, text); err != nil {
				return err
			}
		}
	}
	last, err := excelize.CoordinatesToCellName(len(t.Colonnes), len(all))
	if err != nil {
		return err
	}
	if err := x.SetCellStyle(name, "A1", last, style); err != nil {
		return err
	}
	return x.AddIgnoredErrors(name, "A1:"+last, excelize.IgnoredErrorsNumberStoredAsText)
}
