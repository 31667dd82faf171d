package gestion

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"paye/app/send"
	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/internal/lang"
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

// kindReturn is a dossier of acknowledgments that were read, for the page that
// shows what became of each piece.
const kindReturn = "retour"

// answered is what an acknowledgment said of a flux; the pieces are in the book.
type answered struct {
	Fichier string     `json:"fichier"`
	Siret   string     `json:"siret,omitempty"`
	NomFic  string     `json:"nomfic,omitempty"`
	CodCol  string     `json:"codcol,omitempty"`
	Refused bool       `json:"refused,omitempty"`
	Fault   *lang.Text `json:"fault,omitempty"` // why it was not taken
	Said    *lang.Text `json:"said,omitempty"`  // what else a person should know
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
	var list []answered
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
		if len(list) >= maxAnswers {
			return Codes.New(TooManyFiles, maxAnswers)
		}
		text, err := io.ReadAll(io.LimitReader(part, maxAcquit+1))
		if err != nil {
			return cut(call, err)
		}
		one, err := c.acquitOne(call, r, name, text)
		if err != nil {
			return err
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return c.acquitView(call, call.Sentence(Codes.New(NothingDropped)))
	}
	d, err := c.newDossier(call.Context(), kindReturn, call.Session.Login, list[0].Fichier)
	if err != nil {
		return err
	}
	if err := c.save(call.Context(), d, list); err != nil {
		return err
	}
	return call.Redirect("/gestion/acquittements/" + d.ID)
}

// acquitOne applies one acknowledgment.
func (c *Console) acquitOne(call *ui.Call, r rights, name string, text []byte) (answered, error) {
	one := answered{Fichier: name}
	allowed, err := c.answersWithin(call.Context(), r, text)
	if err != nil {
		return one, err
	}
	if !allowed {
		one.Fault = &lang.Text{FR: "Cet acquittement ne répond à aucun flux que vous suivez.", EN: "This acknowledgment answers no flux that you follow."}
		return one, nil
	}
	got, err := send.AcquitBytes(call.Context(), c.Book(call.Session.Login), name, text)
	if err != nil {
		return one, err
	}
	if got.Faute != nil {
		one.Fault = bothSentences(got.Faute)
		return one, nil
	}
	if f := got.Constat.Flux; f != nil {
		one.Siret, one.NomFic, one.CodCol, one.Refused = f.Siret, f.NomFic, f.CodCol, got.Refus()
	} else {
		one.Refused = true
	}
	if len(got.Avis) > 0 {
		one.Said = bothSentences(got.Avis...)
	}
	return one, nil
}

// bothSentences are anomalies as sentences, in both languages.
func bothSentences(list ...*anomalie.Anomalie) *lang.Text {
	var fr, en []string
	for _, a := range list {
		fr = append(fr, sentenceOf(a.Message(lang.French)), sentenceOf(a.OnPage(lang.French)))
		en = append(en, sentenceOf(a.Message(lang.English)), sentenceOf(a.OnPage(lang.English)))
	}
	return &lang.Text{FR: strings.TrimSpace(strings.Join(fr, " ")), EN: strings.TrimSpace(strings.Join(en, " "))}
}

// returnPage shows what acknowledgments answered, piece by piece.
func (c *Console) returnPage(call *ui.Call) error {
	d, err := c.dossier(call, kindReturn)
	if err != nil {
		return err
	}
	var list []answered
	if err := json.Unmarshal(d.Data, &list); err != nil {
		return fmt.Errorf("read a dossier: %w", err)
	}
	r, err := c.rights(call)
	if err != nil {
		return err
	}
	t := ui.Table{ID: "retours", Caption: call.T("Acquittements", "Acknowledgments"), Total: len(list), Columns: []ui.Column{{Title: call.T("Fichier", "File")}, {Title: call.T("Flux", "Flux")}, {Title: call.T("Acceptées", "Accepted"), Number: true}, {Title: call.T("Refusées", "Refused"), Number: true}, {Title: call.T("Verdict", "Verdict")}}}
	data := struct {
		Table  ui.Table
		Fluxes []returnedFlux
	}{}
	for i := range list {
		one := &list[i]
		row := ui.Row{Cells: []ui.Cell{{Text: one.Fichier, Head: true}, {Text: one.NomFic}, {Number: true}, {Number: true}, {Badge: answerBadge(call, one)}}}
		for _, text := range []*lang.Text{one.Fault, one.Said} {
			if text != nil {
				row.Detail = text.In(call.Lang)
			}
		}
		if one.NomFic != "" && follows(r, one.Siret) {
			f, err := c.book.Flux(call.Context(), one.NomFic, one.CodCol)
			if err != nil {
				return err
			}
			row.Cells[1].Href = fluxHref(f)
			row.Cells[2].Text, row.Cells[3].Text = fmt.Sprintf("%d/%d", f.Acceptes, f.Pieces), fmt.Sprint(f.Refuses)
			if one.Refused && len(data.Fluxes) < maxReturned {
				shown, err := c.returnedOf(call, r, f)
				if err != nil {
					return err
				}
				data.Fluxes = append(data.Fluxes, shown)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	data.Table = t
	p := call.Page(call.T("Acquittements lus", "Acknowledgments read"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Flux", "Fluxes"), Href: "/gestion/flux"}, {Title: call.T("Lire un acquittement", "Read an acknowledgment"), Href: "/gestion/acquittements"}}
	p.Data = data
	return call.Render(http.StatusOK, "returns", p)
}

// Limits of a page of answers.
const (
	maxAnswers  = 1000 // acknowledgments at once
	maxReturned = 10   // fluxes whose pieces are shown
)

// returnedFlux is a flux with refused pieces.
type returnedFlux struct {
	Name   string
	Pieces ui.Table
	Again  string
}

func (c *Console) returnedOf(call *ui.Call, r rights, f *fluxbook.Flux) (returnedFlux, error) {
	pieces, err := c.book.Pieces(call.Context(), f)
	if err != nil {
		return returnedFlux{}, err
	}
	pieces = slices.DeleteFunc(pieces, func(p fluxbook.PieceFlux) bool { return urgency(p.Etat) > 1 })
	t := piecesOfFlux(call, f, pieces)
	t.ID, t.Caption, t.Prev, t.Next = "pieces-"+f.NomFic, call.T("Pièces à traiter", "Pieces to settle"), "", ""
	shown := returnedFlux{Name: f.NomFic, Pieces: t}
	if f.Refuses > 0 && r.any(f.Siret, vault.DroitDepot) {
		shown.Again = fluxPart(f, "renvoyer")
	}
	return shown, nil
}

func answerBadge(call *ui.Call, a *answered) *ui.Badge {
	switch {
	case a.Fault != nil:
		return &ui.Badge{Kind: ui.Bad, Text: call.T("pas pris", "not taken")}
	case a.NomFic == "":
		return &ui.Badge{Kind: ui.Warning, Text: call.T("flux inconnu", "unknown flux")}
	case a.Refused:
		return &ui.Badge{Kind: ui.Bad, Text: call.T("des pièces sont refusées", "pieces are refused")}
	}
	return &ui.Badge{Kind: ui.Good, Text: call.T("tout est accepté", "all is accepted")}
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
