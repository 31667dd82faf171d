package gestion

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"paye/web/ui"
	"paye/xhl"
)

// bulletinPage shows a bulletin with its lines, its justificatifs beside it.
func (c *Console) bulletinPage(call *ui.Call) error {
	d, b, err := c.opened(call)
	if err != nil {
		return err
	}
	rang, err := strconv.Atoi(call.Path("rang"))
	if err != nil {
		return ui.ErrNotFound
	}
	v, err := b.Bulletin(rang)
	if err != nil {
		return err
	}
	if v == nil {
		return ui.ErrNotFound
	}
	base := fmt.Sprintf("/gestion/consulter/%s", d.ID)
	p := c.bookShell(call, d, b, v.Agent.Nom.Reveal()+" "+v.Agent.Prenom.V.Reveal())
	p.Data = struct {
		Facts, Totals []ui.Fact
		Lines         ui.Table
		Comments      []string
		Pieces        ui.Table
		Panel         *ui.Panel
		Prev, Next    string
	}{append(agentFacts(call, v), ui.Fact{Name: call.T("Fichier", "File"), Value: b.From(rang)}), totalFacts(call, v), linesTable(call, v, fmt.Sprintf("%s/bulletins/%d/lignes.csv", base, rang)), comments(v), c.piecesTable(call, base, rang, b, v), c.panel(call, base, rang, b, v),
		neighbour(base, rang-1, len(b.Entries)), neighbour(base, rang+1, len(b.Entries))}
	return call.Render(http.StatusOK, "bulletin", p)
}

func neighbour(base string, rang, n int) string {
	if rang < 0 || rang >= n {
		return ""
	}
	return fmt.Sprintf("%s/bulletins/%d", base, rang)
}

func agentFacts(call *ui.Call, v *xhl.Bulletin) []ui.Fact {
	facts := []ui.Fact{{Name: call.T("Matricule", "Matricule"), Value: v.Agent.Matricule}}
	if v.Lieu.Etablissement != nil {
		facts = append(facts, ui.Fact{Name: call.T("Établissement", "Établissement"), Value: v.Lieu.Etablissement.Nom})
	}
	for _, f := range []ui.Fact{{Name: call.T("Service", "Service"), Value: v.Service}, {Name: call.T("Emploi", "Job"), Value: v.Agent.EmploiMetier}, {Name: call.T("Grade", "Grade"), Value: v.Agent.Grade},
		{Name: call.T("Statut", "Status"), Value: v.Agent.Statut}, {Name: call.T("Échelon", "Échelon"), Value: v.Agent.Echelon}, {Name: call.T("Indice", "Indice"), Value: v.Agent.Indice},
		{Name: call.T("Quotité", "Share of time"), Value: decimal(call, v.QuotiteTrav) + " %"}, {Name: call.T("Période", "Period"), Value: day(v.Periode.DateDebut) + " – " + day(v.Periode.DateFin)}} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

func totalFacts(call *ui.Call, v *xhl.Bulletin) []ui.Fact {
	var facts []ui.Fact
	for _, f := range []struct {
		name string
		v    xhl.Decimal
	}{{call.T("Brut", "Gross"), v.MtBrut}, {call.T("Imposable", "Taxable"), v.MtImposable}, {call.T("Net", "Net"), v.MtNet}, {call.T("Net à payer", "Net to pay"), v.MtNetAPayer}} {
		if f.v != "" {
			facts = append(facts, ui.Fact{Name: f.name, Value: money(call, f.v)})
		}
	}
	return facts
}

// day writes a date of the journal as JJ/MM/AAAA; one that is not a date is shown
// as it is written.
func day(d xhl.Date) string {
	at, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return ui.Date(at)
}

// money writes an amount of the journal; one that is not an amount is shown as
// it is written.
func money(call *ui.Call, d xhl.Decimal) string {
	m, ok := d.Montant()
	if !ok {
		return d.Reveal()
	}
	return ui.Amount(call.Lang, int64(m))
}

func decimal(call *ui.Call, d xhl.Decimal) string {
	text := d.Reveal()
	if call.Lang == 0 {
		return string(bytes.ReplaceAll([]byte(text), []byte("."), []byte(",")))
	}
	return text
}

func linesTable(call *ui.Call, v *xhl.Bulletin, csv string) ui.Table {
	t := ui.Table{ID: "lignes", Caption: call.T("Lignes", "Lines"), CSV: csv, Columns: []ui.Column{{Title: call.T("Nature", "Nature")}, {Title: call.T("Code", "Code")}, {Title: call.T("Libellé", "Label")},
		{Title: call.T("Base", "Base"), Number: true}, {Title: call.T("Taux", "Rate"), Number: true}, {Title: call.T("Unités", "Units"), Number: true}, {Title: call.T("Montant", "Amount"), Number: true}}}
	for i := range v.Remuneration.Lignes {
		l := &v.Remuneration.Lignes[i]
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: l.Nature.String()}, {Text: l.Code}, {Text: l.Libelle, Head: true}, {Text: decimal(call, l.Base), Number: true},
			{Text: decimal(call, l.Taux), Number: true}, {Text: decimal(call, l.NbUnite), Number: true}, {Text: money(call, l.Mt), Number: true}}})
	}
	return t
}

func comments(v *xhl.Bulletin) (list []string) {
	for i := range v.Remuneration.Commentaire {
		list = append(list, v.Remuneration.Commentaire[i].Libelle)
	}
	return list
}

func (c *Console) piecesTable(call *ui.Call, base string, rang int, b *openBook, v *xhl.Bulletin) ui.Table {
	t := ui.Table{ID: "pieces", Caption: call.T("Justificatifs", "Justificatifs"), Empty: call.T("Ce bulletin ne référence aucun justificatif.", "This bulletin references no justificatif."),
		Columns: []ui.Column{{Title: call.T("Pièce", "Piece")}, {Title: "IdUnique"}, {Title: call.T("État", "State")}}}
	for i := range v.PJRef {
		ref := &v.PJRef[i]
		name := ref.NomPJ.V
		if name == "" {
			name = ref.IdUnique
		}
		row := []ui.Cell{{Text: name, Head: true}, {Text: ref.IdUnique}, {Badge: &ui.Badge{Kind: ui.Warning, Text: call.T("non déposée", "not dropped")}}}
		if b.pieces.Of(ref) != nil {
			row[0].Href = fmt.Sprintf("%s/bulletins/%d?piece=%d", base, rang, i)
			row[2].Badge = &ui.Badge{Kind: ui.Good, Text: call.T("là", "here")}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: row})
	}
	return t
}

// panel is the piece that the address asks for, else the first that is there.
func (c *Console) panel(call *ui.Call, base string, rang int, b *openBook, v *xhl.Bulletin) *ui.Panel {
	wish, err := strconv.Atoi(call.Query("piece"))
	for i := range v.PJRef {
		if err == nil && i != wish || b.pieces.Of(&v.PJRef[i]) == nil {
			continue
		}
		return &ui.Panel{Title: v.PJRef[i].NomPJ.V, Src: fmt.Sprintf("%s/pieces/%d/%d", base, rang, i)}
	}
	return nil
}
