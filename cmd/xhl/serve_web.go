package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/hire"
	"paye/app/portal"
	"paye/app/send"
	"paye/app/sync"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/server"
	"paye/internal/state"
	"paye/vault"
	"paye/web/api"
	"paye/web/gestion"
	"paye/web/token"
	webui "paye/web/ui"
)

// webFlags are those of the pages.
func (p *program) webFlags() []cli.Flag {
	pages := p.t("Pages", "Pages")
	return []cli.Flag{
		&cli.StringFlag{Name: "origin", Category: pages, Usage: p.t("`ADRESSE` que les gens utilisent, https://paie.exemple.fr ; les autres noms sont refusés", "`ADDRESS` that people use, https://payroll.example.org; other names are refused")},
		&cli.StringFlag{Name: "accent", Category: pages, Usage: p.t("couleur des pages, `RRVVBB`", "colour of the pages, `RRGGBB`")},
		&cli.StringFlag{Name: "oidc", Category: pages, Usage: p.t("`FICHIER` JSON des fournisseurs d'identité (OpenID Connect, ProConnect)", "JSON `FILE` of the identity providers (OpenID Connect, ProConnect)")},
		&cli.StringFlag{Name: "smtp", Category: pages, Usage: p.t("`HÔTE:PORT` du serveur des messages aux agents, chiffré par STARTTLS ; rien ne part sans lui", "`HOST:PORT` of the server of the mails to agents, encrypted by STARTTLS; nothing is sent without it")},
		&cli.StringFlag{Name: "smtp-from", Category: pages, Usage: p.t("`ADRESSE` qui envoie ces messages", "`ADDRESS` that sends these mails")},
		&cli.StringFlag{Name: "smtp-user", Category: pages, Usage: p.t("`NOM` pour ce serveur ; le mot de passe est dans $XHL_SMTP_PASSWORD", "`NAME` for that server; the password is in $XHL_SMTP_PASSWORD")},
		&cli.StringFlag{Name: "smtp-ca", Category: pages, Usage: p.t("`FICHIER` PEM de l'autorité de ce serveur (sinon celles du système)", "PEM `FILE` of the authority of that server (else those of the system)")},
		&cli.BoolFlag{Name: "immediate-recovery", Category: pages, Usage: p.t("dangereux : « Identifiant perdu » envoie un nouvel accès à l'adresse tapée", "dangerous: “Lost identifier” sends a new access to the address that is typed")},
		&cli.BoolFlag{Name: "reactivation-by-support", Category: pages, Usage: p.t("l'agent qui avait refusé revient à l'électronique par le service de paye seulement", "an agent who had refused goes back to electronic slips through the payroll office only")},
		&cli.BoolFlag{Name: "components", Category: pages, Usage: p.t("montrer aussi la page de tous les composants, /gestion/composants", "show the page of all components too, /gestion/composants")},
		&cli.StringFlag{Name: "due-settings", Category: pages, Usage: p.t("`FICHIER` de réglages des déclarations d'embauche ; sans lui elles ne sont pas montrées", "settings `FILE` of the hiring declarations; without it they are not shown")},
		&cli.StringFlag{Name: "hr-mapping", Category: pages, Usage: p.t("`FICHIER` de correspondance de l'outil RH ; sans lui il n'est pas montré", "mapping `FILE` of the HR tool; without it it is not shown")},
		&cli.StringFlag{Name: "ledger", Category: pages, Usage: p.t("registre dans une base PostgreSQL, `URL` postgres://… (sinon un fichier du dossier d'état)", "ledger in a PostgreSQL database, `URL` postgres://… (else a file of the state folder)")},
	}
}

// vaultOrNew makes the vault of a machine that has none: its pages need one for
// their accounts.
func (p *program) vaultOrNew(c *cli.Context) error {
	root, err := p.coffreDir(c)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(root, "coffre.json")); !errors.Is(err, fs.ErrNotExist) {
		return nil // there, or the opening says what is wrong
	}
	return p.makeVault(c, root)
}

// pageSetup is what options of the pages lead to.
type pageSetup struct {
	platform  *gestion.Platform // nil where none is set
	providers []webui.Provider
	mailer    portal.Mailer // nil without --smtp
	defaults  func(siret, budget string) gestion.Defaults
}

// readPageSetup reads it, before anything is made: a file that is not there
// leaves no vault behind.
func (p *program) readPageSetup(c *cli.Context) (*pageSetup, error) {
	get, err := p.settings(c)
	if err != nil {
		return nil, err
	}
	s := new(pageSetup)
	if s.defaults, err = p.formDefaults(c); err != nil {
		return nil, err
	}
	if s.platform, err = p.platform(c, get(tdtKind)); err != nil {
		return nil, err
	}
	if file := c.String("oidc"); file != "" {
		if s.providers, err = readProviders(file); err != nil {
			return nil, err
		}
	}
	s.mailer, err = p.agentMail(c)
	return s, err
}

// pages opens the console and gives it its addresses. What it returns is closed
// before the vault is.
func (p *program) pages(c *cli.Context, v *vault.Coffre, setup *pageSetup, brake *server.Brake, log *slog.Logger, mux *http.ServeMux) (_ *fronts, closing func(context.Context) error, err error) {
	dir, err := state.Dir(c.String("state"), p.getenv)
	if err != nil {
		return nil, nil, err
	}
	schemas, err := pageSchemas()
	if err != nil {
		return nil, nil, err
	}
	get, err := p.settings(c)
	if err != nil {
		return nil, nil, err
	}
	o := gestion.Options{State: dir, Coffre: v, Brake: brake, Log: log, Origin: strings.TrimSuffix(c.String("origin"), "/"), Version: version(), Gallery: c.Bool("components"), Codes: registries(),
		Tdt: setup.platform, Providers: setup.providers, Defaults: setup.defaults}
	if s := c.String("accent"); s != "" {
		o.Accent = "#" + strings.TrimPrefix(s, "#")
	}
	at := state.Ledger(get("ledger"), dir, p.getenv)
	p.offices(c, &o, dir, at)
	if o.Ledger, err = ledger.Open(c.Context, at, time.Now, schemas...); err != nil {
		return nil, nil, err
	}
	agents, err := p.portal(c, v, setup.mailer, &o)
	if err != nil {
		return nil, nil, errors.Join(err, o.Ledger.Close())
	}
	console, err := gestion.New(c.Context, o)
	if err != nil {
		return nil, nil, errors.Join(err, o.Ledger.Close())
	}
	console.Register(mux)
	spool := filepath.Join(dir, "gestion", "api")
	if err := durable.MkdirAll(spool); err != nil {
		return nil, nil, errors.Join(err, console.Close(c.Context), o.Ledger.Close())
	}
	mux.Handle(api.Prefix, api.New(api.Options{Tokens: token.NewTokens(o.Ledger), Ledger: o.Ledger, Console: console, Coffre: v, Spool: spool, Version: version(), Brake: brake, Log: log}))
	agents.Register(mux)
	return &fronts{console, agents, o.Portal}, func(ctx context.Context) error {
		err := console.Close(ctx)
		o.Portal.Close()
		return errors.Join(err, o.Ledger.Close())
	}, nil
}

// offices lets the console open the declarations and the memory of the HR tool,
// where they are set up.
func (p *program) offices(c *cli.Context, o *gestion.Options, dir, at string) {
	if path := c.String("due-settings"); path != "" {
		o.Hire = func(ctx context.Context, who string) (*hire.Bureau, error) {
			return hire.Open(ctx, hire.Options{Dossier: path, Ledger: at, Qui: who, Now: time.Now, Random: rand.Reader,
				Passphrase: []byte(p.getenv("XHL_DUE_PASSPHRASE")), MotDePasse: p.getenv("XHL_SMTP_PASSWORD")})
		}
	}
	if path := c.String("hr-mapping"); path != "" {
		options := func(who string) sync.Options {
			return sync.Options{Mapping: path, State: dir, Ledger: at, User: who, Key: p.getenv("XHL_HR_KEY"), MailPassword: p.getenv("XHL_SMTP_PASSWORD"), Clock: p.hrClock(), Random: rand.Reader, Host: "console"}
		}
		o.HR = func(ctx context.Context, who string) (*sync.Job, error) { return sync.OpenMemory(ctx, options(who)) }
		o.HRSource = func(ctx context.Context, who string) (*sync.Job, error) { return sync.Open(ctx, options(who)) }
	}
}

// platform lets the console send fluxes through the platform that is set; nil
// where none is. Its keys are read again at each sending: they are renewed.
func (p *program) platform(c *cli.Context, kind string) (*gestion.Platform, error) {
	if kind == "" {
		return nil, nil
	}
	tdt, err := p.tdt(c)
	if err != nil {
		return nil, err
	}
	return &gestion.Platform{Name: tdt.Name(), Open: func(context.Context) (*send.Sender, error) {
		tdt, err := p.tdt(c)
		if err != nil {
			return nil, err
		}
		window, err := p.window(c)
		return &send.Sender{Tdt: tdt, Window: window}, err
	}}, nil
}

// readProviders reads the file of the identity providers. Secrets stand in files
// of their own, or in it: it is as secret as they are.
func readProviders(path string) ([]webui.Provider, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, server.Codes.New(server.ProvidersWrong, path)
	}
	if err != nil {
		return nil, err
	}
	list, err := webui.ReadProviders(b)
	if err != nil {
		return nil, errors.Join(server.Codes.New(server.ProvidersWrong, path), err)
	}
	return list, nil
}

// showFirst shows the one-time address of the first administrator, while nobody
// has an account.
func (p *program) showFirst(ctx context.Context, console *gestion.Console, base string) error {
	path, err := console.FirstLink(ctx)
	if err != nil || path == "" {
		return err
	}
	p.ui.say(lang.Text{FR: "personne n'a encore de compte ; ouvrez cette adresse, bonne une fois et 24 heures : %s", EN: "nobody has an account yet; open this address, good once and for 24 hours: %s"}, base+path)
	return p.ui.data(map[string]any{"type": "premier", "adresse": base + path})
}
