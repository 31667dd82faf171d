package gestion

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"paye/app/send"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/vault"
	"paye/web/task"
	"paye/web/ui"
)

// What programs ask of the vault and of the platform, in the name of a login.
// The gates are those of the pages.

// actor is a login with its rights.
func (c *Console) actor(ctx context.Context, login string) (rights, error) {
	u, err := c.o.Coffre.Comptes().Compte(ctx, vault.Utilisateur(login))
	return rights{u}, err
}

// within is an employer over which a login holds one of the rights.
func (c *Console) within(ctx context.Context, login, siret string, list ...vault.Droit) (*vault.Employeur, rights, error) {
	r, err := c.actor(ctx, login)
	if err != nil {
		return nil, r, err
	}
	e, err := c.o.Coffre.Registre().Employeur(ctx, siret)
	if err == nil && (e == nil || !r.any(siret, list...)) {
		err = ui.ErrNotFound
	}
	return e, r, err
}

// archivePath is the archive folder of an employer; empty when none is chosen.
func (c *Console) archivePath(ctx context.Context, siret string) (string, error) {
	b, _, err := store{c.o.Coffre}.Get(ctx, kindArchive, siret)
	if err != nil || b == nil {
		return "", err
	}
	return strconv.Unquote(string(b))
}

// Depot is a deposit as a program sees it.
type Depot struct {
	ID        string      `json:"id"`
	State     task.State  `json:"etat"`
	Phase     string      `json:"phase,omitempty"`
	Done      int64       `json:"fait,omitempty"`
	Total     int64       `json:"total,omitempty"`
	Fault     *task.Fault `json:"faute,omitempty"`
	PDFs      int         `json:"pdf,omitempty"`
	Already   bool        `json:"deja,omitempty"`
	Versement *Versement  `json:"versement,omitempty"`
	Expires   string      `json:"efface_le"`
}

// Versement is a session of deposits as a program sees it: the count adds up.
type Versement struct {
	Numero    string  `json:"numero"`
	Mois      string  `json:"mois"`
	Etape     string  `json:"etape"`
	Statut    string  `json:"statut"`
	Debut     string  `json:"debut"`
	Deposant  string  `json:"deposant"`
	Auteur    string  `json:"auteur"`
	Bulletins int     `json:"bulletins"`
	Deposes   int     `json:"deposes"`
	Papier    int     `json:"papier"`
	Refuses   int     `json:"refuses"`
	EnAttente int     `json:"en_attente"`
	Annexes   int     `json:"annexes"`
	Valides   int     `json:"valides"`
	AValider  int     `json:"a_valider"`
	ValidePar string  `json:"valide_par,omitempty"`
	Code      string  `json:"code,omitempty"` // why it is not good
	Ecarts    []Ecart `json:"ecarts,omitempty"`
}

// Ecart is a bulletin that was not deposited.
type Ecart struct {
	Matricule string `json:"matricule"`
	Nature    string `json:"nature"`
	Code      string `json:"code"`
	Message   string `json:"message"` // in French, with what to do
}

func versementOf(v *vault.Versement) *Versement {
	out := &Versement{Numero: v.ID.String(), Mois: v.Periode.String(), Etape: string(v.Etape), Statut: string(v.Statut), Debut: v.Debut.UTC().Format(time.RFC3339), Deposant: v.Deposant, Auteur: v.Auteur,
		Bulletins: v.Bilan.Bulletins, Deposes: v.Bilan.Deposes, Papier: v.Bilan.Papier, Refuses: v.Bilan.Refuses, EnAttente: v.Bilan.EnAttente, Annexes: v.Annexes, Valides: v.Valides, AValider: v.AValider, ValidePar: v.ValidePar, Code: v.Motif}
	for _, e := range v.Ecarts {
		out.Ecarts = append(out.Ecarts, Ecart{e.Matricule, string(e.Nature), e.Code, e.Full(lang.French)})
	}
	return out
}

// NewDepot takes a journal that comes as one file, and begins to deposit its
// bulletins, or to write their PDFs alone.
func (c *Console) NewDepot(ctx context.Context, login, siret, name string, body io.Reader, pdfOnly bool) (id string, err error) {
	if err := c.mayDepot(ctx, login, siret); err != nil {
		return "", err
	}
	archive, err := c.archivePath(ctx, siret)
	if err != nil {
		return "", err
	}
	if archive == "" {
		return "", Codes.New(NoArchive)
	}
	if err := checkArchive(archive); err != nil {
		return "", err
	}
	if name = safeName(name); name == "" {
		name = "journal.xhl"
	}
	d, err := c.newDossier(ctx, kindDepot, login, filepath.Base(name))
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.erase(context.WithoutCancel(ctx), d))
		}
	}()
	n, err := spool(filepath.Join(c.dropped(d), filepath.Base(name)), body)
	if err != nil {
		return "", err
	}
	if err := c.save(ctx, d, depositData{Siret: siret, PDFOnly: pdfOnly, Archive: archive, Files: 1, Bytes: n}); err != nil {
		return "", err
	}
	_, err = c.tasks.Start(ctx, taskDeposit, login, d.ID, nil)
	return d.ID, err
}

// mayDepot is the gate of the button Dépôt.
func (c *Console) mayDepot(ctx context.Context, login, siret string) error {
	if _, _, err := c.within(ctx, login, siret, vault.DroitDepot); err != nil {
		return err
	}
	state, _, err := c.o.Coffre.Comptes().Actions(ctx, vault.Utilisateur(login), siret)
	if err != nil {
		return err
	}
	return may(state, siret)
}

// depotOf is a deposit of a login, for an employer.
func (c *Console) depotOf(ctx context.Context, login, siret, id string) (*dossier, *depositData, error) {
	d, err := c.dossierOf(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	data := new(depositData)
	if d.Kind != kindDepot || d.Owner != login || json.Unmarshal(d.Data, data) != nil || data.Siret != siret {
		return nil, nil, ui.ErrNotFound
	}
	return d, data, nil
}

// Depot tells where a deposit of a login is.
func (c *Console) Depot(ctx context.Context, login, siret, id string) (*Depot, error) {
	if _, _, err := c.depotOf(ctx, login, siret, id); err != nil {
		return nil, err
	}
	t, err := c.tasks.Of(ctx, id, taskDeposit)
	if err != nil {
		return nil, err
	}
	d, data, err := c.depotOf(ctx, login, siret, id) // after the task: one that is done has written it
	if err != nil {
		return nil, err
	}
	out := &Depot{ID: d.ID, State: t.State, Fault: t.Fault, PDFs: data.PDFs, Already: data.Already, Expires: d.Expires.UTC().Format(time.RFC3339)}
	if step, running := c.tasks.Step(t.ID); running {
		out.Phase, out.Done, out.Total = step.Label.FR, step.Done, step.Total
	}
	if data.Session != nil {
		out.Versement = versementOf(data.Session)
	}
	return out, nil
}

// CancelDepot stops a deposit of a login; what is deposited stays so.
func (c *Console) CancelDepot(ctx context.Context, login, siret, id string) error {
	if _, _, err := c.depotOf(ctx, login, siret, id); err != nil {
		return err
	}
	t, err := c.tasks.Of(ctx, id, taskDeposit)
	if err == nil {
		c.tasks.Cancel(t.ID)
	}
	return err
}

// Versements are the sessions of an employer, for who follows them.
func (c *Console) Versements(ctx context.Context, login, siret string) ([]*Versement, error) {
	list, _, err := c.versementsOf(ctx, login, siret)
	out := make([]*Versement, len(list))
	for i := range list {
		out[i] = versementOf(&list[i])
	}
	return out, err
}

func (c *Console) versementsOf(ctx context.Context, login, siret string) ([]vault.Versement, rights, error) {
	_, r, err := c.within(ctx, login, siret, vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	if err != nil {
		return nil, r, err
	}
	_, state, err := c.o.Coffre.Comptes().Actions(ctx, vault.Utilisateur(login), siret)
	if err == nil {
		err = may(state, siret)
	}
	if err != nil {
		return nil, r, err
	}
	list, err := c.o.Coffre.Versements(ctx, vault.Utilisateur(login), siret)
	return list, r, err
}

// Decide validates a session, or rejects it for a reason, as the second person.
func (c *Console) Decide(ctx context.Context, login, siret, numero string, validate bool, motif string) (*Versement, error) {
	list, _, err := c.versementsOf(ctx, login, siret)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(v vault.Versement) bool { return v.ID.String() == numero })
	if i < 0 {
		return nil, ui.ErrNotFound
	}
	who := vault.Utilisateur(login)
	if validate {
		_, err = c.o.Coffre.Validate(ctx, who, list[i].ID)
	} else if motif == "" {
		err = vault.Codes.New("COF-207")
	} else {
		_, err = c.o.Coffre.Reject(ctx, who, list[i].ID, motif)
	}
	if err != nil {
		return nil, err
	}
	if list, _, err = c.versementsOf(ctx, login, siret); err != nil {
		return nil, err
	}
	for j := range list {
		if list[j].ID.String() == numero {
			return versementOf(&list[j]), nil
		}
	}
	return nil, ui.ErrNotFound
}

// fluxFor is a flux of an employer for which a login deposits.
func (c *Console) fluxFor(ctx context.Context, login, nomFic, codCol string, list ...vault.Droit) (*fluxbook.Flux, error) {
	r, err := c.actor(ctx, login)
	if err != nil {
		return nil, err
	}
	f, err := c.book.Flux(ctx, nomFic, codCol)
	if err != nil || !r.any(f.Siret, list...) {
		return nil, ui.ErrNotFound
	}
	return f, nil
}

// FluxPieces are the pieces of a flux that a login follows.
func (c *Console) FluxPieces(ctx context.Context, login, nomFic, codCol string) ([]fluxbook.PieceFlux, error) {
	f, err := c.fluxFor(ctx, login, nomFic, codCol, vault.DroitDepot, vault.DroitSuivi)
	if err != nil {
		return nil, err
	}
	return c.book.Pieces(ctx, f)
}

// Envoi is a sending as a program sees it.
type Envoi struct {
	ID     string          `json:"id"`
	State  task.State      `json:"etat"`
	Fault  *task.Fault     `json:"faute,omitempty"`
	Result json.RawMessage `json:"resultat,omitempty"` // what became of each flux
}

// NewEnvoi begins to send a flux.
func (c *Console) NewEnvoi(ctx context.Context, login, nomFic, codCol string) (id string, err error) {
	f, err := c.fluxFor(ctx, login, nomFic, codCol, vault.DroitDepot)
	if err != nil {
		return "", err
	}
	if c.o.Tdt == nil {
		return "", send.Codes.New(send.SansTdt)
	}
	if f.Etat != fluxbook.Produit {
		return "", fluxbook.Codes.New(fluxbook.DejaParti, f.NomFic, string(f.Etat))
	}
	at := payrollHref(f.Key)
	if t, err := c.tasks.Of(ctx, at, taskSend); err == nil && !t.State.Over() {
		return "", Codes.New(UnderWay)
	}
	t, err := c.tasks.Start(ctx, taskSend, login, at, departure{Fluxes: []fluxName{{f.NomFic, f.CodCol}}})
	if err != nil {
		return "", err
	}
	return t.ID, nil
}

// Envoi tells where a sending of a login is.
func (c *Console) Envoi(ctx context.Context, login, id string) (*Envoi, error) {
	t, err := c.tasks.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if t.Kind != taskSend || t.Owner != login {
		return nil, ui.ErrNotFound
	}
	e := &Envoi{ID: t.ID, State: t.State, Fault: t.Fault}
	if len(t.Result) > 0 {
		e.Result = t.Result
	}
	return e, nil
}

// Resend makes a new flux of the refused pieces of one, as w decides.
func (c *Console) Resend(ctx context.Context, login, nomFic, codCol string, w *send.Resend) (*send.Resent, error) {
	f, err := c.fluxFor(ctx, login, nomFic, codCol, vault.DroitDepot)
	if err != nil {
		return nil, err
	}
	w.NomFic, w.Date, w.Replace = []string{f.NomFic}, c.o.Ledger.Now().In(c.o.Place), nil
	var made *send.Resent
	err = w.Resend(ctx, c.Book(login), func(r *send.Resent) error { made = r; return nil })
	return made, err
}
