package remise

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"paye/internal/lang"
	"paye/vault"
	"paye/vault/internal/acts"
)

// LigneSuivi is a line of the suivi, as it is shown. The suivi is read only.
type LigneSuivi struct {
	Versement vault.ID     `json:"versement"`
	Etape     vault.Etape  `json:"etape"`
	ImporteLe time.Time    `json:"importe_le"`
	Fichiers  int          `json:"fichiers"`
	Documents int          `json:"documents"`
	Annexes   int          `json:"annexes"`
	DeposePar string       `json:"depose_par"`
	Valides   int          `json:"valides"`
	AValider  int          `json:"a_valider"`
	ValidePar string       `json:"valide_par"`
	Statut    vault.Statut `json:"statut"`
	Motif     string       `json:"motif,omitempty"`
	Bilan     vault.Bilan  `json:"bilan"`
}

// Suivi gives the lines for an employer, newest first.
func Suivi(ctx context.Context, s vault.Depositaire, par vault.Acteur, siret string) ([]LigneSuivi, error) {
	list, err := s.Versements(ctx, par, siret)
	if err != nil {
		return nil, err
	}
	lines := make([]LigneSuivi, len(list))
	for i := range list {
		lines[i] = Ligne(&list[i])
	}
	return lines, nil
}

// Ligne is the line of a session.
func Ligne(v *vault.Versement) LigneSuivi {
	return LigneSuivi{Versement: v.ID, Etape: v.Etape, ImporteLe: v.Debut, Fichiers: v.Fichiers, Documents: v.Documents, Annexes: v.Annexes,
		DeposePar: v.Deposant, Valides: v.Valides, AValider: v.AValider, ValidePar: v.ValidePar, Statut: v.Statut, Motif: v.Motif, Bilan: v.Bilan}
}

// ColonnesSuivi are the titles of the columns, in order.
var ColonnesSuivi = []lang.Text{
	{FR: "Etape", EN: "Step"}, {FR: "Importé le", EN: "Imported on"}, {FR: "Fichiers", EN: "Files"}, {FR: "Documents", EN: "Documents"},
	{FR: "Annexes", EN: "Annexes"}, {FR: "Déposé par", EN: "Deposited by"}, {FR: "Validés", EN: "Validated"}, {FR: "Validé par", EN: "Validated by"},
	{FR: "Statut", EN: "Status"},
}

// SuiviVide is shown instead of a table without lines.
var SuiviVide = lang.Text{FR: "Aucun dépôt n'a été effectué pour cette entreprise.", EN: "No deposit has been made for this employer."}

// Cellules are the cells of the line under ColonnesSuivi. Dates are
// JJ/MM/AAAA HH:MM:SS at the given place.
func (s *LigneSuivi) Cellules(l lang.Language, place *time.Location) []string {
	return []string{s.Etape.Texte(l), s.ImporteLe.In(place).Format("02/01/2006 15:04:05"), strconv.Itoa(s.Fichiers), strconv.Itoa(s.Documents),
		strconv.Itoa(s.Annexes), s.DeposePar, fmt.Sprintf("%d/%d", s.Valides, s.AValider), s.ValidePar, s.Statut.Signe()}
}

// Raison says why the status is not ✓ and what to do, empty when it is ✓.
func (s *LigneSuivi) Raison(l lang.Language) string {
	why, advice := s.Cause(l)
	if advice == "" {
		return why
	}
	return why + colon.In(l) + advice
}

// Cause is Raison in its two parts, the second of which may be empty.
func (s *LigneSuivi) Cause(l lang.Language) (why, advice string) {
	for _, regle := range vault.Codes.Regles() {
		if regle.Code == s.Motif {
			a := vault.Codes.New(s.Motif)
			return a.Message(l), a.OnPage(l)
		}
	}
	return s.Motif, "" // the words of the person who refused
}

// WriteSuiviCSV writes the table, with ; and a title line.
func WriteSuiviCSV(w io.Writer, lines []LigneSuivi, l lang.Language, place *time.Location) error {
	c := csv.NewWriter(w)
	c.Comma = ';'
	titles := make([]string, len(ColonnesSuivi))
	for i, t := range ColonnesSuivi {
		titles[i] = t.In(l)
	}
	if err := c.Write(append(titles, motif.In(l))); err != nil {
		return fmt.Errorf("write the suivi: %w", err)
	}
	for i := range lines {
		cells := lines[i].Cellules(l, place)
		for j := range cells {
			cells[j] = acts.Inert(cells[j])
		}
		if err := c.Write(append(cells, acts.Inert(lines[i].Raison(l)))); err != nil {
			return fmt.Errorf("write the suivi: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write the suivi: %w", err)
	}
	return nil
}

var colon = lang.Text{FR: " : ", EN: ": "}

var motif = lang.Text{FR: "Motif", EN: "Reason"}
