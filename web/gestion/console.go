package gestion

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"time"

	"paye/app/hire"
	"paye/app/portal"
	"paye/app/sync"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/server"
	"paye/vault"
	"paye/web/task"
	"paye/web/token"
	"paye/web/ui"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed migrations/*.sql
var migrations embed.FS

// Schemas are the tables of the console and of what it stands on.
func Schemas() ([]ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the migrations of the console: %w", err)
	}
	list := []ledger.Schema{{Name: "gestion", Files: files}}
	for _, schema := range []func() (ledger.Schema, error){ui.Schema, task.Schema, token.Schema, fluxbook.Schema} {
		s, err := schema()
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// Options of a Console. Ledger, State and Coffre are needed.
type Options struct {
	Ledger    *ledger.Ledger // opened with Schemas
	State     string         // folder where dossiers and deliveries are kept
	Coffre    *vault.Coffre
	Brake     *server.Brake
	Log       *slog.Logger
	Origin    string
	Accent    string
	Providers []ui.Provider
	Version   string
	Place     *time.Location // of the dates that are shown; local when nil
	Gallery   bool           // show the page of the components
	// Hire opens the office of hiring declarations, and HR what is remembered of
	// the HR tool, in the name of somebody; nil where they are not set up.
	Hire func(ctx context.Context, who string) (*hire.Bureau, error)
	HR   func(ctx context.Context, who string) (*sync.Job, error)
	// HRSource opens the HR tool itself too; nil leaves synchronising out.
	HRSource func(ctx context.Context, who string) (*sync.Job, error)
	// Defaults gives what the configuration file of the command line has for a budget
	// of an employer; nil for no file.
	Defaults func(siret, budget string) Defaults
	Tdt      *Platform      // where fluxes are sent; nil where none is set
	Portal   *portal.Portal // of the agents; nil leaves their pages out
	// Codes are all registries of anomalies, for those that are kept by code.
	Codes []*anomalie.Registre
}

// Console is the pages of the payroll office.
type Console struct {
	Site  *ui.Site
	o     Options
	tasks *task.Manager
	book  *fluxbook.Book
	open  *consultations
	fresh bool // nobody has an account yet
}

// New makes the console. The caller calls Close.
func New(ctx context.Context, o Options) (*Console, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Place == nil {
		o.Place = time.Local
	}
	c := &Console{o: o, book: fluxbook.New(o.Ledger, "console"), open: newConsultations(o.Ledger.Now)}
	var err error
	if c.tasks, err = task.Open(ctx, o.Ledger, o.Log); err != nil {
		return nil, err
	}
	c.Site, err = ui.New(ui.Options{
		Name: "gestion", Home: "/gestion", Door: "/connexion", Exit: "/deconnexion", Title: lang.Text{FR: "Paie", EN: "Payroll"},
		Ledger: o.Ledger, State: o.State, Accounts: accounts{o.Coffre}, Store: store{o.Coffre}, Brake: o.Brake, Log: o.Log,
		Origin: o.Origin, Accent: o.Accent, Providers: o.Providers, Nav: c.nav,
	})
	if err != nil {
		return nil, err
	}
	if err := c.Site.Templates(templates, "templates/*.html"); err != nil {
		return nil, err
	}
	for code, text := range notices {
		c.Site.Notices[code] = text
	}
	if err := durable.MkdirAll(c.folder()); err != nil {
		return nil, fmt.Errorf("make the folder of the console: %w", err)
	}
	c.routes()
	if o.Gallery {
		c.Site.Gallery("/gestion/composants")
	}
	return c, errors.Join(c.look(ctx), c.eraseConsultations(ctx))
}

// Close interrupts what is under way, and takes away what was dropped to be
// looked into.
func (c *Console) Close(ctx context.Context) error {
	c.tasks.Close()
	return c.eraseConsultations(ctx)
}

// Register gives the console's addresses to a server's mux.
func (c *Console) Register(mux *http.ServeMux) {
	for _, path := range []string{"/{$}", "/gestion", "/gestion/", "/connexion", "/connexion/", "/deconnexion", "/premier/", "/invitation/", "/actifs/"} {
		mux.Handle(path, c.Site)
	}
}

// routes are the pages, a group a file.
func (c *Console) routes() {
	c.firstRoutes()
	c.homeRoutes()
	c.prepareRoutes()
	c.checkRoutes()
	c.consultRoutes()
	c.vaultRoutes()
	c.employerRoutes()
	c.userRoutes()
	c.fluxRoutes()
	c.sendRoutes()
	c.tokenRoutes()
	c.dueRoutes()
	c.hrRoutes()
	c.uploadRoutes()
	c.agentRoutes()
}

// Round forgets what has come to its end.
func (c *Console) Round(ctx context.Context) error {
	if err := c.Site.Sweep(ctx); err != nil {
		return err
	}
	return c.sweep(ctx)
}

// folder is where the console keeps files.
func (c *Console) folder(parts ...string) string {
	return filepath.Join(append([]string{c.o.State, "gestion"}, parts...)...)
}

// par is the actor that somebody who is signed in is for the vault.
func par(call *ui.Call) vault.Acteur { return vault.Utilisateur(call.Session.Login) }

// notices are the texts after an action.
var notices = map[string]lang.Text{
	"employeur":       {FR: "L’employeur est enregistré.", EN: "The employer is recorded."},
	"compte":          {FR: "Le compte est modifié.", EN: "The account is changed."},
	"droits":          {FR: "Les droits sont modifiés. Les sessions de ce compte sont fermées.", EN: "The rights are changed. The sessions of this account are closed."},
	"jeton-non":       {FR: "Le jeton est révoqué.", EN: "The token is revoked."},
	"annule":          {FR: "L’annulation est demandée.", EN: "The cancellation is asked for."},
	"efface":          {FR: "Les fichiers déposés sont effacés.", EN: "The files that were dropped are erased."},
	"valide":          {FR: "Le dépôt est validé : les agents voient leurs bulletins.", EN: "The deposit is validated: agents see their bulletins."},
	"rejete":          {FR: "Le dépôt est rejeté : les agents ne voient pas ces bulletins.", EN: "The deposit is rejected: agents do not see these bulletins."},
	"bienvenue":       {FR: "Votre compte est créé.", EN: "Your account is made."},
	"invitation":      {FR: "L’invitation est prête.", EN: "The invitation is ready."},
	"renvoi":          {FR: "Un nouveau flux porte les pièces refusées.", EN: "A new flux carries the refused pieces."},
	"courriers-aucun": {FR: "Aucun agent n’attend de courrier.", EN: "No agent waits for a letter."},
	"acquit":          {FR: "L’acquittement est lu.", EN: "The acknowledgment is read."},
	"mot-de-passe":    {FR: "Votre mot de passe est enregistré : connectez-vous avec lui.", EN: "Your password is saved: sign in with it."},
	"lot-renvoye":     {FR: "Le même message est reparti.", EN: "The same message has left again."},
	"prepare":         {FR: "Les fichiers sont préparés et relus : rien n’est parti.", EN: "The files are prepared and read back: nothing has left."},
	"declare":         {FR: "Les fichiers sont partis.", EN: "The files have left."},
	"installation":    {FR: "La mise en place est enregistrée.", EN: "The set-up is recorded."},
	"regle":           {FR: "Ce que vous savez de l’envoi est enregistré.", EN: "What you know of the sending is recorded."},
	"abandon":         {FR: "Le flux est abandonné.", EN: "The flux is given up."},
	"deja-la":         {FR: "Les pièces que le comptable a déjà sont notées.", EN: "The pieces that the accountant has already are noted."},
}
