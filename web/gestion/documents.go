package gestion

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"paye/app/consult"
	"paye/web/ui"
	"paye/xhl"
)

// piece opens a justificatif of a bulletin in place: in a frame of ours, where
// nothing of it runs.
func (c *Console) piece(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	v, err := b.bulletin(call)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(call.Path("piece"))
	if err != nil || n < 0 || n >= len(v.PJRef) {
		return ui.ErrNotFound
	}
	return showPiece(call, b.pieces.Of(&v.PJRef[n]))
}

// bulletin is the one that the address names.
func (b *openBook) bulletin(call *ui.Call) (*xhl.Bulletin, error) {
	rang, err := strconv.Atoi(call.Path("rang"))
	if err != nil {
		return nil, ui.ErrNotFound
	}
	v, err := b.Bulletin(rang)
	if err == nil && v == nil {
		err = ui.ErrNotFound
	}
	return v, err
}

// document opens a justificatif of the list.
func (c *Console) document(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(call.Path("n"))
	if err != nil || n < 0 || n >= len(b.pieces.List) {
		return ui.ErrNotFound
	}
	return showPiece(call, b.pieces.List[n])
}

// shown are the files that a browser shows by itself, by their first bytes.
var shown = [][2]string{{"%PDF-", "application/pdf"}, {"\x89PNG\r\n\x1a\n", "image/png"}, {"\xff\xd8\xff", "image/jpeg"}}

// showPiece shows a PDF or a picture in place, where nothing of it runs and no
// other site frames it; anything else is a file to keep.
func showPiece(call *ui.Call, p *consult.Piece) error {
	if p == nil {
		return ui.ErrNotFound
	}
	f, err := os.Open(p.Path)
	if err != nil {
		return ui.ErrNotFound
	}
	defer f.Close()
	head := make([]byte, 8)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("show a piece: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("show a piece: %w", err)
	}
	attachment(call, p.Name, "application/octet-stream")
	for _, one := range shown {
		if strings.HasPrefix(string(head[:n]), one[0]) {
			h := call.W.Header()
			h.Set("Content-Type", one[1])
			h.Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", p.Name))
			h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'self'")
			h.Set("X-Frame-Options", "SAMEORIGIN")
		}
	}
	http.ServeContent(call.W, call.R, "", info.ModTime(), f)
	return nil
}

// refRows are the justificatifs of a payroll: those that bulletins reference,
// then those that justify nobody.
func (b *openBook) refRows() (rows []refRow) {
	rank := map[*consult.Piece]int{}
	for i, p := range b.pieces.List {
		rank[p] = i
	}
	named := map[*consult.Piece]bool{}
	for i := range b.Refs {
		ref := &b.Refs[i]
		row := refRow{ref: ref, at: -1}
		if p := b.pieces.Of(&xhl.PJRef{IdUnique: ref.IdUnique, NomPJ: xhl.Opt[string]{V: ref.NomPJ}}); p != nil {
			row.piece, row.at, named[p] = p, rank[p], true
		}
		rows = append(rows, row)
	}
	for i, p := range b.pieces.List {
		if !named[p] {
			rows = append(rows, refRow{piece: p, at: i})
		}
	}
	return rows
}

// refRow is a justificatif: referenced, there, or both.
type refRow struct {
	ref   *consult.Ref
	piece *consult.Piece
	at    int // rank of the piece
}

func (r *refRow) name() string {
	if r.piece != nil {
		return r.piece.Name
	}
	if r.ref.NomPJ != "" {
		return r.ref.NomPJ
	}
	return r.ref.IdUnique
}

// state is a word for the CSV and its badge for the page.
func (r *refRow) state(call *ui.Call) *ui.Badge {
	switch {
	case r.piece == nil:
		return &ui.Badge{Kind: ui.Bad, Text: call.T("absent", "absent")}
	case r.ref == nil:
		return &ui.Badge{Kind: ui.Warning, Text: call.T("ne justifie personne", "justifies nobody")}
	}
	return &ui.Badge{Kind: ui.Good, Text: call.T("là", "here")}
}

// refsPage lists the justificatifs of a payroll, those that are missing too.
func (c *Console) refsPage(call *ui.Call) error {
	d, b, err := c.opened(call)
	if err != nil {
		return err
	}
	rows, base := b.refRows(), "/gestion/consulter/"+d.ID
	from, _ := strconv.Atoi(call.Query("de"))
	from = min(max(from, 0), len(rows))
	to := min(from+pageOfBook, len(rows))
	t := ui.Table{ID: "justificatifs", Caption: call.T("Justificatifs", "Justificatifs"), Total: len(rows), CSV: base + "/justificatifs.csv", Empty: call.T("Cette paye n’a aucun justificatif.", "This payroll has no justificatif."),
		Columns: []ui.Column{{Title: call.T("Pièce", "Piece")}, {Title: call.T("État", "State")}, {Title: call.T("Bulletins", "Bulletins"), Number: true}, {Title: call.T("Premier bulletin", "First bulletin")}, {Title: call.T("Taille", "Size"), Number: true}, {Title: "IdUnique"}}}
	for i := range rows[from:to] {
		r := &rows[from+i]
		cells := []ui.Cell{{Text: r.name(), Head: true}, {Badge: r.state(call)}, {Number: true}, {}, {Number: true}, {}}
		if r.piece != nil {
			cells[0].Href, cells[4].Text = fmt.Sprintf("%s/documents/%d", base, r.at), ui.Bytes(call.Lang, r.piece.Octets)
		}
		if r.ref != nil {
			cells[2].Text, cells[5].Text = strconv.Itoa(r.ref.Bulletins), r.ref.IdUnique
			cells[3].Text, cells[3].Href = b.Entries[r.ref.Rang].Matricule, fmt.Sprintf("%s/bulletins/%d", base, r.ref.Rang)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	if from > 0 {
		t.Prev = "?de=" + strconv.Itoa(max(0, from-pageOfBook))
	}
	if to < len(rows) {
		t.Next = "?de=" + strconv.Itoa(to)
	}
	p := c.bookShell(call, d, b, call.T("Justificatifs", "Justificatifs"))
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "list", p)
}

func (c *Console) refsCSV(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	s := newSheet(call, "justificatifs.csv", "piece", "id_unique", "etat", "bulletins", "octets")
	for _, r := range b.refRows() {
		id, n, size := "", "0", ""
		if r.ref != nil {
			id, n = r.ref.IdUnique, strconv.Itoa(r.ref.Bulletins)
		}
		if r.piece != nil {
			size = strconv.FormatInt(r.piece.Octets, 10)
		}
		s.row(r.name(), id, r.state(call).Text, n, size)
	}
	return s.end()
}

// linesCSV gives the lines of a bulletin.
func (c *Console) linesCSV(call *ui.Call) error {
	_, b, err := c.opened(call)
	if err != nil {
		return err
	}
	v, err := b.bulletin(call)
	if err != nil {
		return err
	}
	comma := func(d xhl.Decimal) string { return strings.Replace(d.Reveal(), ".", ",", 1) }
	s := newSheet(call, "lignes.csv", "nature", "code", "libelle", "base", "taux", "unites", "montant")
	for i := range v.Remuneration.Lignes {
		l := &v.Remuneration.Lignes[i]
		s.row(l.Nature.String(), l.Code, l.Libelle, comma(l.Base), comma(l.Taux), comma(l.NbUnite), comma(l.Mt))
	}
	return s.end()
}
