package gestion

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"paye/app/consult"
	"paye/web/ui"
	"paye/xhl"
)

func (c *Console) totalsPage(call *ui.Call) error {
	d, b, err := c.opened(call)
	if err != nil {
		return err
	}
	p := c.bookShell(call, d, b, call.T("Totaux", "Totals"))
	p.Data = struct {
		Tables []ui.Table
		CSV    string
	}{totalTables(call, "/gestion/consulter/"+d.ID, b.Sums()), "/gestion/consulter/" + d.ID + "/totaux.csv"}
	return call.Render(http.StatusOK, "tables", p)
}

// totalTables lay the sums out.
func totalTables(call *ui.Call, base string, s consult.Totals) []ui.Table {
	nature := ui.Table{ID: "nature", CSV: base + "/totaux.csv?par=nature", Caption: call.T("Par nature de ligne", "By nature of line"), Columns: []ui.Column{{Title: call.T("Nature", "Nature")}, {Title: call.T("Lignes", "Lines"), Number: true}, {Title: call.T("Total", "Total"), Number: true}}}
	for _, one := range s.ByNature {
		nature.Rows = append(nature.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Key, Head: true}, {Text: call.T("%d", "%d", one.N), Number: true}, {Text: ui.Amount(call.Lang, int64(one.Total)), Number: true}}})
	}
	place := ui.Table{ID: "etablissement", CSV: base + "/totaux.csv?par=etablissement", Caption: call.T("Par établissement", "By établissement"), Columns: []ui.Column{{Title: call.T("Établissement", "Établissement")}, {Title: call.T("Bulletins", "Bulletins"), Number: true}, {Title: call.T("Brut", "Gross"), Number: true}, {Title: call.T("Net à payer", "Net to pay"), Number: true}}}
	for _, one := range s.ByPlace {
		place.Rows = append(place.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Key, Head: true}, {Text: call.T("%d", "%d", one.N), Number: true}, {Text: ui.Amount(call.Lang, int64(one.Total)), Number: true}, {Text: ui.Amount(call.Lang, int64(one.Net)), Number: true}}})
	}
	code := ui.Table{ID: "code", CSV: base + "/totaux.csv?par=code", Caption: call.T("Par code de rubrique", "By rubrique code"), Total: len(s.ByCode), Columns: []ui.Column{{Title: call.T("Code", "Code")}, {Title: call.T("Libellé", "Label")}, {Title: call.T("Lignes", "Lines"), Number: true}, {Title: call.T("Total", "Total"), Number: true}}}
	for _, one := range s.ByCode {
		code.Rows = append(code.Rows, ui.Row{Cells: []ui.Cell{{Text: one.Key, Head: true, Href: base + "?" + url.Values{"code": {one.Key}}.Encode()}, {Text: one.Libelle}, {Text: call.T("%d", "%d", one.N), Number: true}, {Text: ui.Amount(call.Lang, int64(one.Total)), Number: true}}})
	}
	return []ui.Table{nature, place, code}
}

// sheet writes a CSV with a title line, as spreadsheets of the office read it.
type sheet struct{ w *csv.Writer }

func newSheet(call *ui.Call, name string, titles ...string) *sheet {
	attachment(call, name, "text/csv; charset=utf-8")
	call.W.Write([]byte("\ufeff"))
	s := &sheet{csv.NewWriter(call.W)}
	s.w.Comma = ';'
	s.row(titles...)
	return s
}

// row writes a row; a cell that begins like a formula is kept from being one.
func (s *sheet) row(cells ...string) {
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			if _, err := strconv.ParseFloat(strings.ReplaceAll(c, ",", "."), 64); err != nil {
				cells[i] = "'" + c
			}
		}
	}
	s.w.Write(cells) // its error comes with end
}

func (s *sheet) end() error {
	s.w.Flush()
	if s.w.Error() != nil {
		panic(http.ErrAbortHandler) // the answer is cut, and seen to be
	}
	return nil
}

// euros is an amount for a spreadsheet: 1234,56.
func euros(m xhl.Montant) string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%d,%02d", sign, m/100, m%100)
}

func (c *Console) totalsCSV(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	s := newSheet(call, "totaux.csv", "par", "cle", "libelle", "nombre", "total", "net_a_payer")
	sums := b.Sums()
	for _, part := range []struct {
		by   string
		list []consult.Sum
	}{{"nature", sums.ByNature}, {"etablissement", sums.ByPlace}, {"code", sums.ByCode}} {
		if want := call.Query("par"); want != "" && want != part.by {
			continue
		}
		for _, one := range part.list {
			net := ""
			if part.by == "etablissement" {
				net = euros(one.Net)
			}
			s.row(part.by, one.Key, one.Libelle, strconv.Itoa(one.N), euros(one.Total), net)
		}
	}
	return s.end()
}

// bookCSV gives the bulletins that answer the query, all pages of them.
func (c *Console) bookCSV(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	s := newSheet(call, "bulletins.csv", "matricule", "nom", "prenom", "etablissement", "service", "grade", "brut", "net_a_payer", "pieces")
	for _, rang := range b.Search(queryOf(call)) {
		e := &b.Entries[rang]
		place := ""
		if e.Etablissement >= 0 {
			place = b.Etablissements[e.Etablissement]
		}
		s.row(e.Matricule, e.Nom.Reveal(), e.Prenom.Reveal(), place, e.Service, e.Grade, euros(e.Brut), euros(e.Net), strconv.Itoa(e.Pieces))
	}
	return s.end()
}

// other is the book that the address compares with, of the same owner.
func (c *Console) other(call *ui.Call) (*openBook, error) {
	d, err := c.dossierOf(call.Context(), call.Query("avec"))
	if err != nil {
		return nil, err
	}
	if d.Kind != kindConsultation || d.Owner != call.Session.Login {
		return nil, ui.ErrNotFound
	}
	return c.open.get(d.ID), nil
}

// comparePage sets two months side by side.
func (c *Console) comparePage(call *ui.Call) error {
	d, b, err := c.opened(call)
	if err != nil {
		return err
	}
	p := c.bookShell(call, d, b, call.T("Deux mois côte à côte", "Two months side by side"))
	data := struct {
		Form   *ui.Form
		Facts  []ui.Fact
		Tables []ui.Table
		CSV    string
		Why    string // address of the variations to justify
	}{Form: c.otherForm(call, d)}
	if call.Query("avec") != "" {
		before, err := c.other(call)
		if err != nil {
			return err
		}
		if before == nil {
			return Codes.New(NotReady)
		}
		cmp := consult.Compare(before.Book, b.Book)
		data.Facts = []ui.Fact{{Name: monthOf(call.Lang, before.Entete.Annee, before.Entete.Mois), Value: call.T("%d bulletin{s}", "%d bulletin{s}", len(before.Entries))}, {Name: monthOf(call.Lang, b.Entete.Annee, b.Entete.Mois), Value: call.T("%d bulletin{s}", "%d bulletin{s}", len(b.Entries))},
			{Name: call.T("Entrants", "Entrants"), Value: call.T("%d", "%d", len(cmp.Entrants))}, {Name: call.T("Sortants", "Leavers"), Value: call.T("%d", "%d", len(cmp.Leavers))},
			{Name: call.T("Montants changés", "Changed amounts"), Value: call.T("%d", "%d", len(cmp.Changed))}, {Name: call.T("Inchangés", "Unchanged"), Value: call.T("%d", "%d", cmp.Same)}}
		data.Tables = []ui.Table{changeTable(call, d, "entrants", call.T("Entrants", "Entrants"), cmp.Entrants), changeTable(call, d, "sortants", call.T("Sortants", "Leavers"), cmp.Leavers),
			changeTable(call, d, "changes", call.T("Montants changés", "Changed amounts"), cmp.Changed)}
		data.CSV = "/gestion/consulter/" + d.ID + "/comparer.csv?" + address(call, nil)
		data.Why = "/gestion/consulter/" + d.ID + "/variations?" + address(call, nil)
	}
	p.Data = data
	return call.Render(http.StatusOK, "compare", p)
}

func (c *Console) otherForm(call *ui.Call, d *dossier) *ui.Form {
	list, err := c.dossiers(call, kindConsultation, 20)
	options := []ui.Option{{Text: call.T("choisissez", "choose")}}
	for _, one := range list {
		if b := c.open.get(one.ID); err == nil && one.ID != d.ID && b != nil {
			options = append(options, ui.Option{Value: one.ID, Text: b.Entete.Employeur.Nom + ", " + monthOf(call.Lang, b.Entete.Annee, b.Entete.Mois) + " (" + one.Name + ")"})
		}
	}
	f := call.Form("/gestion/consulter/"+d.ID+"/comparer", call.T("Comparer", "Compare"),
		ui.Field{Name: "avec", Label: call.T("Mois d’avant", "Month before"), Type: "select", Options: options, Default: call.Query("avec"), Hint: call.T("Une autre paye que vous avez ouverte ici.", "Another payroll that you have opened here.")})
	f.Get = true
	return f
}

// maxShown rows of a comparison are shown; the CSV has all.
const maxShown = 200

func changeTable(call *ui.Call, d *dossier, id, caption string, list []consult.Change) ui.Table {
	t := ui.Table{ID: id, Caption: caption, Total: len(list), Empty: caption + call.T(" : aucun.", ": none."), CSV: "/gestion/consulter/" + d.ID + "/comparer.csv?" + url.Values{"avec": {call.Query("avec")}, "mouvement": {strings.TrimSuffix(id, "s")}}.Encode(), Columns: []ui.Column{{Title: call.T("Agent", "Agent")}, {Title: call.T("Matricule", "Matricule")}, {Title: call.T("Net avant", "Net before"), Number: true}, {Title: call.T("Net après", "Net after"), Number: true}, {Title: call.T("Écart", "Difference"), Number: true}}}
	for _, ch := range list[:min(len(list), maxShown)] {
		agent := ui.Cell{Text: ch.Nom.Reveal() + " " + ch.Prenom.Reveal(), Head: true}
		if ch.After >= 0 {
			agent.Href = fmt.Sprintf("/gestion/consulter/%s/bulletins/%d", d.ID, ch.After)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{agent, {Text: ch.Matricule}, {Text: ui.Amount(call.Lang, int64(ch.NetBefore)), Number: true}, {Text: ui.Amount(call.Lang, int64(ch.Net)), Number: true}, {Text: ui.Amount(call.Lang, int64(ch.Net-ch.NetBefore)), Number: true}}})
	}
	return t
}

func (c *Console) compareCSV(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	before, err := c.other(call)
	if err != nil {
		return err
	}
	if before == nil {
		return Codes.New(NotReady)
	}
	cmp := consult.Compare(before.Book, b.Book)
	s := newSheet(call, "comparaison.csv", "mouvement", "matricule", "nom", "prenom", "brut_avant", "brut_apres", "net_avant", "net_apres")
	for _, part := range []struct {
		what string
		list []consult.Change
	}{{"entrant", cmp.Entrants}, {"sortant", cmp.Leavers}, {"change", cmp.Changed}} {
		if want := call.Query("mouvement"); want != "" && want != part.what {
			continue
		}
		for _, ch := range part.list {
			s.row(part.what, ch.Matricule, ch.Nom.Reveal(), ch.Prenom.Reveal(), euros(ch.BrutBefore), euros(ch.Brut), euros(ch.NetBefore), euros(ch.Net))
		}
	}
	return s.end()
}
