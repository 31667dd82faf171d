package gestion

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"

	"paye/app/send"
	"paye/internal/fluxbook"
	"paye/vault"
	"paye/web/ui"
)

// maxAcquit is how large an acknowledgment may be.
const maxAcquit = 32 << 20

// acquitPage is where acknowledgments are dropped.
func (c *Console) acquitPage(call *ui.Call) error { return c.acquitView(call, "") }

func (c *Console) acquitView(call *ui.Call, wrong string) error {
	if err := c.depositsSomewhere(call); err != nil {
		return err
	}
	p := call.Page(call.T("Lire un acquittement", "Read an acknowledgment"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Flux", "Fluxes"), Href: "/gestion/flux"}}
	p.Data = struct {
		Action, Submit string
		Drops          []ui.Drop
		Table          ui.Table
		Keep           string
	}{"/gestion/acquittements", call.T("Lire", "Read"), []ui.Drop{{Name: "fichiers", Multiple: true, Error: wrong, Label: call.T("Fichiers PES_ACQUIT", "PES_ACQUIT files"),
		Hint: call.T("Tels que la plateforme les rend.", "As the platform gives them.")}}, ui.Table{}, ""}
	if wrong != "" {
		return call.Again("drop", p)
	}
	return call.Render(http.StatusOK, "drop", p)
}

// depositsSomewhere refuses who deposits for nobody.
func (c *Console) depositsSomewhere(call *ui.Call) error {
	r, err := c.rights(call)
	if err == nil && !r.any("", vault.DroitDepot) {
		err = ui.ErrNotFound
	}
	return err
}

// acquit applies the acknowledgments of a form to the book. They are known by
// the fluxes that they name: who drops one has to follow those.
func (c *Console) acquit(call *ui.Call) error {
	if err := c.depositsSomewhere(call); err != nil {
		return err
	}
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	call.R.Body = http.MaxBytesReader(call.W, call.R.Body, maxDropped)
	parts, err := call.R.MultipartReader()
	if err != nil {
		return Codes.New(UploadCut)
	}
	var t ui.Table
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return cut(call, err)
		}
		name := partName(part)
		if name == "" {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, maxAcquit+1))
		if err != nil {
			return cut(call, err)
		}
		row, err := c.acquitOne(call, r, name, text)
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return c.acquitView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	t.Caption = call.T("Acquittements", "Acknowledgments")
	t.Columns = []ui.Column{{Title: call.T("Fichier", "File")}, {Title: call.T("Flux", "Flux")}, {Title: call.T("Verdict", "Verdict")}}
	p := call.Page(call.T("Acquittements lus", "Acknowledgments read"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Flux", "Fluxes"), Href: "/gestion/flux"}}
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "list", p)
}

// acquitOne applies one acknowledgment.
func (c *Console) acquitOne(call *ui.Call, r rights, name string, text []byte) (ui.Row, error) {
	row := ui.Row{Cells: []ui.Cell{{Text: name, Head: true}, {}, {Badge: &ui.Badge{Kind: ui.Bad, Text: call.T("refusé", "refused")}}}}
	allowed, err := c.answersWithin(call.Context(), r, text)
	if err != nil {
		return row, err
	}
	if !allowed {
		row.Detail = call.T("Cet acquittement ne répond à aucun flux que vous suivez.", "This acknowledgment answers no flux that you follow.")
		return row, nil
	}
	book := fluxbook.New(c.o.Ledger, call.Session.Login)
	got, err := send.AcquitBytes(call.Context(), book, name, text)
	if err != nil {
		return row, err
	}
	if got.Faute != nil {
		row.Detail = call.Sentence(got.Faute)
		return row, nil
	}
	row.Cells[1].Text = got.Acquit.Flux.NomFic
	row.Cells[2].Badge = &ui.Badge{Kind: ui.Good, Text: call.T("tout est accepté", "all is accepted")}
	if got.Refus() {
		row.Cells[2].Badge = &ui.Badge{Kind: ui.Bad, Text: call.T("des pièces sont refusées", "pieces are refused")}
	}
	var said []string
	for _, a := range got.Avis {
		said = append(said, call.Sentence(a))
	}
	row.Detail = strings.Join(said, " ")
	return row, nil
}

// answersWithin reports whether an acknowledgment names a flux that is followed.
// One of a flux that nobody knows is for who follows every employer.
func (c *Console) answersWithin(ctx context.Context, r rights, text []byte) (bool, error) {
	if r.overAll(vault.DroitDepot) {
		return true, nil
	}
	list, err := c.book.List(ctx, fluxbook.Filtre{})
	for _, f := range list {
		if follows(r, f.Siret) && bytes.Contains(text, []byte(f.NomFic)) {
			return true, nil
		}
	}
	return false, err
}

// resend makes a new flux of the refused pieces of one, as far as no person has
// to correct them first.
func (c *Console) resend(call *ui.Call) error {
	f, err := c.fluxOf(call)
	if err != nil {
		return err
	}
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	if !r.any(f.Siret, vault.DroitDepot) {
		return ui.ErrNotFound
	}
	form := call.Form("", "")
	if !form.Read() {
		return ui.ErrNotFound
	}
	return call.Once(form, func() (string, error) {
		wish := &send.Resend{NomFic: []string{f.NomFic}, Date: c.o.Ledger.Now().In(c.o.Place)}
		made := ""
		err := wish.Resend(call.Context(), fluxbook.New(c.o.Ledger, call.Session.Login), func(one *send.Resent) error {
			if one.Made != nil {
				made = fluxHref(one.Made)
			}
			for _, d := range one.Pieces {
				if a := d.Anomalie(); a != nil && made == "" {
					return a
				}
			}
			return nil
		})
		if err != nil || made == "" {
			return fluxHref(f), err
		}
		return made + "&fait=renvoi", nil
	})
}

// volumeOf gives the file of a flux.
func (c *Console) volumeOf(call *ui.Call) error {
	f, err := c.fluxOf(call)
	if err != nil {
		return err
	}
	return sendFile(call, filepath.Dir(f.Fichier), filepath.Base(f.Fichier))
}
