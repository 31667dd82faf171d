package index

import (
	"context"
	"errors"
	"io"

	"paye/internal/lang"
	"paye/internal/sheet"
)

// columns are those of justificatifs.csv, then what a person wants to know of a
// line; readers pass over these.
var columns = []string{"matricule", "id_unique", "fichier", "nom", "description", "support", "confiance", "raison"}

// confidences are the words of a proposal.
var confidences = map[Confidence]lang.Text{
	Sure: {FR: "sûre", EN: "sure"}, Probable: {FR: "probable", EN: "probable"}, Check: {FR: "à vérifier", EN: "to check"},
}

// Template is a line an agent of the journal, whose files a person fills in;
// readers pass over the lines that stay without.
func Template(ctx context.Context, entree string) (*Proposal, error) {
	book, err := readAgents(ctx, entree)
	if err != nil {
		return nil, err
	}
	p := new(Proposal)
	for _, m := range book.order {
		p.Lines = append(p.Lines, Line{Matricule: m})
	}
	return p, nil
}

// WriteCSV writes a proposal as a justificatifs.csv, with what spreadsheets would
// change protected.
func WriteCSV(w io.Writer, p *Proposal, l lang.Language) error {
	_, err := w.Write(appendCSV(nil, p, l, sheet.Protect))
	return err
}

// WriteXLSX writes a proposal as a workbook.
func WriteXLSX(w io.Writer, p *Proposal, l lang.Language) error {
	book, err := sheet.NewBook()
	if err != nil {
		return err
	}
	defer book.Close()
	s, err := book.Sheet("justificatifs")
	if err != nil {
		return err
	}
	if _, err := s.Write(appendCSV(nil, p, l, sheet.Exact)); err != nil {
		return err
	}
	return errors.Join(s.Close(), book.Write(w))
}

func appendCSV(dst []byte, p *Proposal, l lang.Language, protect func(string) string) []byte {
	row := func(cells ...string) {
		for i, c := range cells {
			if i > 0 {
				dst = append(dst, ';')
			}
			dst = sheet.AppendCell(dst, protect(c))
		}
		dst = append(dst, '\n')
	}
	dst = append(dst, "\ufeff"...)
	row(columns...)
	for _, line := range p.Lines {
		row(line.Matricule, line.IdUnique, line.Fichier, line.Nom, "", line.Support, confidence(line.Confidence, l), line.Why.In(l, line.Why.Args...))
	}
	return dst
}

func confidence(c Confidence, l lang.Language) string {
	if c == "" {
		return ""
	}
	return confidences[c].In(l)
}
