package gestion

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"paye/app/build"
	"paye/pespj"
	"paye/splitter"
	"paye/web/ui"
)

// settings are how a payroll becomes volumes, as its owner typed them.
type settings struct {
	Limit     string `json:"limit"`
	Format    string `json:"format"`
	Packaging string `json:"packaging,omitempty"`
	Mode      string `json:"mode,omitempty"`
	Par       string `json:"par,omitempty"`
	Proposed  bool   `json:"proposed,omitempty"` // nobody has typed anything: what is known of the employer is filled in
	header
}

// header is what only the accountant's office gives; it is remembered for the
// employer.
type header struct {
	IdPost string `json:"idpost,omitempty"`
	CodCol string `json:"codcol,omitempty"`
	CodBud string `json:"codbud,omitempty"`
	FinJur string `json:"finjur,omitempty"`
}

// request is what app/build is asked.
func (s settings) request(version string) (build.Request, error) {
	limit, err := pespj.ParseLimit(s.Limit)
	if err != nil {
		return build.Request{}, err
	}
	par, err := strconv.Atoi(s.Par)
	if err != nil {
		par = 0
	}
	mode := splitter.Mode(s.Mode)
	if mode == "" {
		mode = splitter.Optimise
	}
	return build.Request{Limit: limit, Format: s.Format, Packaging: s.Packaging, Mode: mode, Par: par,
		Flux: pespj.Flux{TypFic: pespj.TypFicDefaut, EmetteurSigle: "XHL", EmetteurAdresse: "xhl " + version,
			IdPost: s.IdPost, CodCol: s.CodCol, CodBud: s.CodBud, FinJur: s.FinJur}}, nil
}

// settingsForm asks how the volumes are to be made.
func (c *Console) settingsForm(call *ui.Call, d *dossier, p *preparation) *ui.Form {
	s := p.Settings
	return call.Form("/gestion/preparer/"+d.ID+"/plan", call.T("Recalculer", "Work it out again"),
		ui.Field{Name: "format", Label: call.T("Ce qui part", "What leaves"), Type: "radios", Default: s.Format, Options: []ui.Option{
			{Value: build.FormatPES, Text: call.T("des flux PES PJ", "PES PJ fluxes"), Hint: call.T("pour le tiers de télétransmission ; demande l’en-tête que donne le comptable", "for the carrier; needs the header that the accountant gives")},
			{Value: build.FormatZip, Text: call.T("des archives de paye", "payroll archives"), Hint: call.T("à déposer soi-même ou à lire dans XéMéLios", "to be handed over by hand or read in XéMéLios")}}},
		ui.Field{Name: "limit", Label: call.T("Limite d’un volume", "Limit of a volume"), Required: true, Default: s.Limit, Max: 20, Size: 14,
			Hint: call.T("128Mo, 80Mo, 50Mo, ou gxml, s2low, stela.", "128Mo, 80Mo, 50Mo, or gxml, s2low, stela.")},
		ui.Field{Name: "mode", Label: call.T("Découpage", "Cutting"), Type: "select", Default: s.Mode, Options: []ui.Option{
			{Value: "", Text: call.T("le moins de volumes possible", "as few volumes as possible")},
			{Value: string(splitter.Nombre), Text: call.T("un nombre de bulletins par volume", "a number of bulletins a volume")},
			{Value: string(splitter.Separe), Text: call.T("le journal seul, puis les pièces", "the journal alone, then the pieces")}}},
		ui.Field{Name: "par", Label: call.T("Bulletins par volume", "Bulletins a volume"), Inputmode: "numeric", Default: s.Par, Max: 7, Size: 8, Hint: call.T("Seulement pour ce découpage.", "For that cutting only.")},
		ui.Field{Name: "packaging", Label: call.T("Pièces dans le flux", "Pieces in the flux"), Type: "select", Default: s.Packaging, Options: []ui.Option{
			{Value: "", Text: call.T("une archive de paye par volume", "one payroll archive a volume")},
			{Value: build.EnPieces, Text: call.T("chaque justificatif à part", "each justificatif apart")}}},
		ui.Field{Name: "idpost", Label: "IdPost", Default: s.IdPost, Max: 7, Size: 8, Hint: call.T("Le codique du poste comptable : six ou sept chiffres ou lettres, par exemple 006111.", "The codique of the accountant’s office: six or seven digits or letters, 006111 for example.")},
		ui.Field{Name: "codcol", Label: "CodCol", Default: s.CodCol, Max: 3, Size: 8, Hint: call.T("Le code de la collectivité : trois chiffres.", "The code of the authority: three digits.")},
		ui.Field{Name: "codbud", Label: "CodBud", Default: s.CodBud, Max: 10, Size: 8, Hint: call.T("Le code du budget, souvent 00.", "The code of the budget, often 00.")},
		ui.Field{Name: "finjur", Label: "FinJur", Default: s.FinJur, Max: 14, Size: 8, Hint: call.T("Le FINESS juridique, pour un établissement hospitalier seulement.", "The legal FINESS, for a hospital only.")},
	)
}

func readSettings(f *ui.Form) settings {
	v := func(name string) string { return strings.TrimSpace(f.Value(name)) }
	return settings{Limit: v("limit"), Format: v("format"), Packaging: v("packaging"), Mode: v("mode"), Par: v("par"),
		header: header{IdPost: v("idpost"), CodCol: v("codcol"), CodBud: v("codbud"), FinJur: v("finjur")}}
}

// judge notes what cannot be asked.
func (s settings) judge(call *ui.Call, f *ui.Form) {
	if _, err := pespj.ParseLimit(s.Limit); err != nil {
		f.Fail("limit", call.T("Cette limite ne se lit pas : 128Mo, 80Mo, 50Mo, gxml, s2low ou stela.", "This limit cannot be read: 128Mo, 80Mo, 50Mo, gxml, s2low or stela."))
	}
	if n, err := strconv.Atoi(s.Par); s.Mode == string(splitter.Nombre) && (err != nil || n < 1) {
		f.Fail("par", call.T("Combien de bulletins par volume ?", "How many bulletins a volume?"))
	}
	if s.Format != build.FormatPES {
		return
	}
	for _, need := range []struct{ name, value string }{{"idpost", s.IdPost}, {"codcol", s.CodCol}, {"codbud", s.CodBud}} {
		if need.value == "" {
			f.Fail(need.name, call.T("Un flux PES demande %s : votre comptable le donne.", "A PES flux needs %s: your accountant gives it.", f.Field(need.name).Label))
		}
	}
}

// kindHeader is the fiche that remembers the header of an employer, and of each of
// his budgets.
const kindHeader = "web.entete"

// headerKeys are the fiches of a header: of the budget that journals name, and of the
// employer.
func headerKeys(siret, budget string) []string {
	if budget == "" {
		return []string{siret}
	}
	return []string{siret + " " + budget, siret}
}

// remember keeps the header that an employer's fluxes have.
func (c *Console) remember(ctx context.Context, siret, budget string, h header) error {
	if h.IdPost == "" || siret == "" {
		return nil
	}
	s := store{c.o.Coffre}
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	for _, key := range headerKeys(siret, budget) {
		old, version, err := s.Get(ctx, kindHeader, key)
		if err == nil && string(b) != string(old) {
			err = s.Put(ctx, kindHeader, key, b, version)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// remembered is a header that was used, and the budget that it was used for; "" is
// any of the employer.
type remembered struct {
	header
	budget string
}

// recall gives the header that was remembered for a budget, else for its employer.
func (c *Console) recall(ctx context.Context, siret, budget string) (r remembered, err error) {
	if siret == "" {
		return r, nil
	}
	for _, key := range headerKeys(siret, budget) {
		b, _, err := store{c.o.Coffre}.Get(ctx, kindHeader, key)
		if err != nil {
			return r, err
		}
		if b != nil {
			if key != siret {
				r.budget = budget
			}
			return r, json.Unmarshal(b, &r.header)
		}
	}
	return r, nil
}
