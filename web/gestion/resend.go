package gestion

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"

	"paye/app/send"
	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/pespj"
	"paye/web/ui"
)

// What is decided about a refused piece.
const (
	decideWait    = "attendre"
	decideGo      = "renvoyer"  // as it is
	decideThere   = "deja"      // the accountant has it
	decideAsNew   = "nouvelle"  // another document took its identifier
	decideReplace = "remplacer" // by the file that is given
)

// perPiece is up to how many pieces of one cause are decided one by one; beyond,
// one decision is for all of them.
const perPiece = 20

// refusals are the refused pieces of a flux that have one cause.
type refusals struct {
	Cause, Advice string
	N             int
	Fields        []*ui.Field
	suite         pespj.Suite
	pieces        []*fluxbook.PieceFlux
}

// decisions is the page where a person decides what becomes of refused pieces.
type decisions struct {
	form   *ui.Form
	groups []*refusals
	header bool // a cause asks for another header
}

// decide makes the questions about the refused pieces of a flux.
func (c *Console) decide(call *ui.Call, f *fluxbook.Flux) (*decisions, error) {
	pieces, err := c.book.Pieces(call.Context(), f)
	if err != nil {
		return nil, err
	}
	d := &decisions{}
	of := map[string]*refusals{}
	for i := range pieces {
		p := &pieces[i]
		if p.Etat != fluxbook.Refusee {
			continue
		}
		cause := pespj.CauseOf(p.Code, p.Libelle)
		key := cause.Libelle.FR
		if of[key] == nil {
			of[key] = &refusals{Cause: sentenceOf(cause.Libelle.In(call.Lang)), Advice: adviceOf(call, cause.Suite), suite: cause.Suite}
			d.groups = append(d.groups, of[key])
			d.header = d.header || cause.Suite == pespj.Entete
		}
		of[key].pieces = append(of[key].pieces, p)
		of[key].N++
	}
	var fields []ui.Field
	for i, g := range d.groups {
		fields = append(fields, g.questions(call, i)...)
	}
	if d.header {
		for _, h := range [][3]string{{"idpost", call.T("Codique du poste comptable (IdPost)", "Codique of the accountant’s office (IdPost)")}, {"codbud", call.T("Code du budget (CodBud)", "Code of the budget (CodBud)")},
			{"finjur", call.T("FINESS juridique (FinJur)", "Legal FINESS (FinJur)")}, {"typfic", call.T("Type de fichier PES (TypFic)", "PES file type (TypFic)")}} {
			fields = append(fields, ui.Field{Name: h[0], Label: h[1], Max: 20, Size: 14})
		}
	}
	d.form = call.Form(fluxPart(f, "renvoyer"), call.T("Faire le nouveau flux", "Make the new flux"), fields...).WithOnce()
	at := 0
	for _, g := range d.groups {
		for range g.count() {
			g.Fields = append(g.Fields, d.form.Fields[at])
			at++
		}
	}
	return d, nil
}

// single reports whether each piece is decided by itself.
func (g *refusals) single() bool { return len(g.pieces) <= perPiece }

// count is how many fields the questions of a group are.
func (g *refusals) count() int {
	switch {
	case !g.single():
		return 1
	case g.suite == pespj.Corriger:
		return 2 * len(g.pieces)
	}
	return len(g.pieces)
}

func (g *refusals) questions(call *ui.Call, rank int) (fields []ui.Field) {
	if !g.single() {
		return []ui.Field{g.question(call, groupField(rank), call.T("Toutes ces pièces", "All these pieces"), false, g.allPayroll())}
	}
	for i, p := range g.pieces {
		label := p.IdUnique
		if p.Libelle != "" {
			label += " (" + p.Libelle + ")"
		}
		fields = append(fields, g.question(call, pieceField(rank, i), label, true, p.Genre == pespj.GenrePaye))
		if g.suite == pespj.Corriger {
			fields = append(fields, ui.Field{Name: fileField(rank, i), Type: "file", Label: call.T("Document corrigé de %s", "Corrected document of %s", p.IdUnique)})
		}
	}
	return fields
}

func groupField(rank int) string    { return "d" + strconv.Itoa(rank) }
func pieceField(rank, i int) string { return fmt.Sprintf("d%d-%d", rank, i) }
func fileField(rank, i int) string  { return fmt.Sprintf("fichier%d-%d", rank, i) }
func (g *refusals) allPayroll() bool {
	for _, p := range g.pieces {
		if p.Genre != pespj.GenrePaye {
			return false
		}
	}
	return true
}

// question offers what the cause of a refusal lets a person decide.
func (g *refusals) question(call *ui.Call, name, label string, single, payroll bool) ui.Field {
	wait := ui.Option{Value: decideWait, Text: call.T("Pas encore : la question est posée", "Not yet: the question is asked")}
	there := ui.Option{Value: decideThere, Text: call.T("Le comptable a déjà ce document", "The accountant has this document already"), Hint: call.T("Rien ne repart pour cette pièce.", "Nothing leaves again for this piece.")}
	asIs := ui.Option{Value: decideGo, Text: call.T("Renvoyer telle quelle", "Send again as it is"), Hint: call.T("La cause est levée ailleurs.", "The cause was mended elsewhere.")}
	f := ui.Field{Name: name, Type: "radios", Label: label, Required: true, Default: decideWait}
	switch g.suite {
	case pespj.Renvoyer:
		asIs.Hint = ""
		f.Default, f.Options = decideGo, []ui.Option{asIs, there}
	case pespj.Demander:
		f.Options = []ui.Option{wait, there}
		if payroll {
			f.Options = append(f.Options, ui.Option{Value: decideAsNew, Text: call.T("C’est un autre document : renvoyer sous un nouvel identifiant", "It is another document: send again under a new identifier")})
		}
	case pespj.Entete:
		wait.Text = call.T("Selon l’en-tête donné plus bas", "According to the header given below")
		f.Options = []ui.Option{wait, asIs, there}
	default:
		f.Options = []ui.Option{wait, asIs, there}
		if single {
			f.Options = []ui.Option{wait, {Value: decideReplace, Text: call.T("Remplacer par le document corrigé", "Replace by the corrected document")}, asIs, there}
		}
	}
	return f
}

// adviceOf is what a refusal asks for, in the words of the pages.
func adviceOf(call *ui.Call, s pespj.Suite) string {
	switch s {
	case pespj.Renvoyer:
		return call.T("Les mêmes pièces peuvent repartir.", "The same pieces may leave again.")
	case pespj.Demander:
		return call.T("Demandez au comptable si c’est le même document. Un justificatif garde toujours son identifiant : les bulletins partis le désignent.",
			"Ask the accountant whether it is the same document. A justificatif always keeps its identifier: the bulletins that have left reference it.")
	case pespj.Entete:
		return call.T("Demandez les codes au comptable et donnez-les plus bas. Pour le SIRET ou la collectivité, refaites les volumes.",
			"Ask the accountant for the codes and give them below. For the SIRET or the authority, make the volumes again.")
	}
	return call.T("Corrigez le document et joignez-le, ou renvoyez-le tel quel si la cause est levée ailleurs.", "Correct the document and attach it, or send it again as it is if the cause was mended elsewhere.")
}

// resendPage asks what becomes of each refused piece.
func (c *Console) resendPage(call *ui.Call) error {
	f, err := c.resendable(call)
	if err != nil {
		return err
	}
	d, err := c.decide(call, f)
	if err != nil {
		return err
	}
	return c.resendView(call, f, d)
}

// resendable is the flux of the address, for who deposits for its employer.
func (c *Console) resendable(call *ui.Call) (*fluxbook.Flux, error) {
	if _, err := c.deposits(call); err != nil {
		return nil, err
	}
	return c.fluxOf(call)
}

func (c *Console) resendView(call *ui.Call, f *fluxbook.Flux, d *decisions) error {
	p := call.Page(call.T("Renvoyer les pièces refusées", "Send the refused pieces again"))
	p.Lead = call.T("Un nouveau flux porte ce qui peut repartir ; le reste attend votre décision.", "A new flux carries what may leave again; the rest waits for your decision.")
	p.Crumbs = []ui.NavItem{{Title: call.T("Flux", "Fluxes"), Href: "/gestion/flux"}, {Title: ui.Month(call.Lang, f.Annee, f.Mois), Href: payrollHref(f.Key)}, {Title: f.NomFic, Href: fluxHref(f)}}
	data := struct {
		Form   *ui.Form
		Groups []*refusals
		Header []*ui.Field
		Back   string
	}{Form: d.form, Groups: d.groups, Back: fluxHref(f)}
	if d.header {
		data.Header = d.form.Fields[len(d.form.Fields)-4:]
	}
	p.Data = data
	if d.form.Failed() {
		return call.Again("resend", p)
	}
	return call.Render(http.StatusOK, "resend", p)
}

// resend makes a new flux of what may leave again.
func (c *Console) resend(call *ui.Call) error {
	f, err := c.resendable(call)
	if err != nil {
		return err
	}
	d, err := c.decide(call, f)
	if err != nil {
		return err
	}
	dir, got, clean, err := c.apart(call)
	if err != nil {
		return err
	}
	defer clean()
	d.form.Fill(got.Values)
	wish := d.wish(call, got, dir)
	wish.NomFic, wish.Date = []string{f.NomFic}, c.o.Ledger.Now().In(c.o.Place)
	if d.form.Failed() {
		return c.resendView(call, f, d)
	}
	err = call.Once(d.form, func() (string, error) { return c.doResend(call, f, wish, d.form) })
	if d.form.Failed() {
		return errors.Join(err, c.resendView(call, f, d))
	}
	return err
}

// doResend gives the address of the new flux, or what keeps everything here.
func (c *Console) doResend(call *ui.Call, f *fluxbook.Flux, wish *send.Resend, form *ui.Form) (string, error) {
	address := ""
	err := wish.Resend(call.Context(), c.Book(call.Session.Login), func(one *send.Resent) error {
		for _, p := range one.Pieces {
			if p.There {
				address = fluxHref(f) + "&fait=deja-la"
			}
		}
		if one.Made != nil {
			address = fluxHref(one.Made) + "&fait=renvoi"
		}
		return nil
	})
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		form.Fail("", call.Sentence(a))
		return "", nil
	}
	if err == nil && address == "" {
		form.Fail("", call.T("Rien ne peut repartir ainsi : décidez pour une pièce au moins.", "Nothing may leave again this way: decide for one piece at least."))
	}
	return address, err
}

// wish is what was decided.
func (d *decisions) wish(call *ui.Call, got *received, dir string) *send.Resend {
	w := &send.Resend{Replace: map[string]string{}}
	if d.header {
		w.IdPost, w.CodBud, w.FinJur, w.TypFic = d.form.Value("idpost"), d.form.Value("codbud"), d.form.Value("finjur"), d.form.Value("typfic")
	}
	for rank, g := range d.groups {
		for i, p := range g.pieces {
			name := groupField(rank)
			if g.single() {
				name = pieceField(rank, i)
			}
			switch d.form.Value(name) {
			case decideGo:
				w.AsIs = append(w.AsIs, p.IdUnique)
			case decideThere:
				w.AlreadyThere = append(w.AlreadyThere, p.IdUnique)
			case decideAsNew:
				w.AsNew = append(w.AsNew, p.IdUnique)
			case decideReplace:
				file := got.Of[fileField(rank, i)]
				if file == "" {
					d.form.Fail(fileField(rank, i), call.T("À joindre : le document corrigé.", "Attach the corrected document."))
				}
				w.Replace[p.IdUnique] = filepath.Join(dir, filepath.FromSlash(file))
			}
		}
	}
	return w
}

// volumeOf gives the file of a flux.
func (c *Console) volumeOf(call *ui.Call) error {
	f, err := c.fluxOf(call)
	if err != nil {
		return err
	}
	return sendFile(call, filepath.Dir(f.Fichier), filepath.Base(f.Fichier))
}
