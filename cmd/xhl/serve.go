package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/deposit"
	"paye/app/keep"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/server"
	"paye/internal/state"
	"paye/vault"
	"paye/vault/remote"
	"paye/web/gestion"
	"paye/web/metrics"
)

func (p *program) serveCommand() *cli.Command {
	network := p.t("Réseau", "Network")
	return &cli.Command{
		Name:      "serve",
		Usage:     p.t("ouvrir la console dans un navigateur, et le coffre de cette machine aux autres", "open the console in a browser, and the vault of this machine to others"),
		UsageText: p.t("xhl serve [--listen HÔTE:PORT --cert FICHIER --key FICHIER] [--state DOSSIER]", "xhl serve [--listen HOST:PORT --cert FILE --key FILE] [--state FOLDER]"),
		Description: p.t(`La console est à /gestion. Sur une machine neuve, la commande crée le coffre et affiche l'adresse du premier compte.
Chacun agit par son compte ou son jeton, avec ses droits : voir « xhl vault user », et --remote de « xhl vault ».
Hors de cette machine il faut un certificat, ou un mandataire qui chiffre. GET /sante dit si tout fonctionne.
SIGTERM ou Ctrl-C finit ce qui est en cours, 30 secondes au plus (code de retour 0, ou 130 si quelque chose a été coupé).`,
			`The console is at /gestion. On a new machine the command makes the vault and shows the address of the first account.
Everybody acts by an account or a token, with its rights: see "xhl vault user", and --remote of "xhl vault".
Beyond this machine it takes a certificate, or a proxy that encrypts. GET /sante says whether everything works.
SIGTERM or Ctrl-C finishes what is under way, within 30 seconds (exit code 0, or 130 when something was cut).`),
		Flags: append(append(append(p.stateFlags(), p.webFlags()...), p.tdtFlags()...),
			&cli.StringFlag{Name: "witness", Category: p.t("Coffre", "Vault"), Usage: p.t("`FICHIER` où copier chaque jour le point de contrôle signé, hors de cette machine de préférence", "`FILE` to copy the signed checkpoint to each day, preferably off this machine")},
			&cli.StringFlag{Name: "listen", Category: network, Value: "127.0.0.1:8473", Usage: p.t("`ADRESSE` d'écoute ; le port 0 est choisi par le système", "`ADDRESS` to listen on; the system chooses port 0")},
			&cli.StringFlag{Name: "cert", Category: network, Usage: p.t("`FICHIER` PEM du certificat, relu quand il change", "PEM `FILE` of the certificate, read again when it changes")},
			&cli.StringFlag{Name: "key", Category: network, Usage: p.t("`FICHIER` PEM de sa clé", "PEM `FILE` of its key")},
			&cli.StringFlag{Name: "metrics", Category: network, Usage: p.t("`ADRESSE` de boucle locale où montrer /metrics (Prometheus), /healthz et /readyz", "loopback `ADDRESS` to show /metrics (Prometheus), /healthz and /readyz on")},
			&cli.BoolFlag{Name: "behind-proxy", Category: network, Usage: p.t("un mandataire chiffre devant ce serveur, et dit pour qui il parle (X-Forwarded-For)", "a proxy encrypts before this server, and says whom it speaks for (X-Forwarded-For)")},
		),
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			}
			return p.serve(c)
		},
	}
}

// A source may fail so often to say who it is, within a while.
const (
	essais      = 10
	dureeEssais = time.Minute
)

func (p *program) serve(c *cli.Context) error {
	if err := p.listening(c).Check(); err != nil {
		return err
	}
	if at := c.String("metrics"); at != "" {
		if err := (server.Options{Adresse: at}).Check(); err != nil {
			return err
		}
	}
	setup, err := p.readPageSetup(c)
	if err != nil {
		return err
	}
	p.boundServer()
	log := p.logger()
	o := p.witness(c)
	o.Log = log
	o.Controle = deposit.RecipientControl()
	o.Phrase = p.phrases(c)
	dir, err := state.Dir(c.String("state"), p.getenv)
	if err != nil {
		return err
	}
	if err := durable.MkdirAll(dir); err != nil {
		return err
	}
	o.Locks = filepath.Join(dir, "verrous.json")
	if err := p.vaultOrNew(c); err != nil {
		return err
	}
	root, err := p.coffreDir(c)
	if err != nil {
		return err
	}
	bucket, err := p.provenContents(c.Context, root, &o)
	if err != nil {
		return err
	}
	if bucket == nil {
		o.Workers = max(1, runtime.GOMAXPROCS(0)-1) // a deposit leaves a processor to the pages
	}
	return p.coffre(c, o, func(v *vault.Coffre, par vault.Acteur) error {
		return p.listen(c, v, setup, keep.Rounds(v, par, bucket, log), log)
	})
}

// listening is where the command listens, and how.
func (p *program) listening(c *cli.Context) server.Options {
	return server.Options{Adresse: c.String("listen"), Cert: c.String("cert"), Cle: c.String("key"), Proxy: c.Bool("behind-proxy")}
}

// listen answers until the command is told to stop.
func (p *program) listen(c *cli.Context, v *vault.Coffre, setup *pageSetup, rounds server.Rounds, log *slog.Logger) (err error) {
	brake := server.NewBrake(essais, dureeEssais, time.Now)
	mux := http.NewServeMux()
	console, closing, err := p.pages(c, v, setup, brake, log, mux)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closing(context.WithoutCancel(c.Context))) }()
	h := remote.ForCoffre(v, time.Now, brake)
	h.Log = log
	mux.Handle(remote.Prefix, bounded(remote.NewHandler(v, h)))
	rounds = append(rounds, &server.Round{Nom: "pages", Do: console.Round})
	counted := metrics.New()
	so := p.listening(c)
	so.Log, so.MaxCorps, so.Probes = log, gestion.MaxDropped, append([]server.Probe{keep.Alive(v)}, rounds.Probes()...)
	s, err := server.Listen(c.Context, counted.Around(mux), so)
	if err != nil {
		return err
	}
	console.at(c.String("origin"), s.URL())
	p.ui.say(lang.Text{FR: "à l'écoute sur %s", EN: "listening on %s"}, s.URL())
	if err := p.ui.data(map[string]any{"type": "ecoute", "adresse": s.URL()}); err != nil {
		return err
	}
	if err := p.showFirst(c.Context, console.Console, s.URL()); err != nil && c.Context.Err() == nil { // who is told to stop by now stops as later
		return err
	}
	watched, err := p.watchedBy(c, counted.Handler(append([]server.Probe{keep.Alive(v)}, rounds.Probes()...)...), log)
	if err != nil {
		return err
	}
	var watch sync.WaitGroup
	watch.Go(func() { rounds.Run(c.Context, log) })
	watch.Go(watched)
	err = s.Serve(c.Context)
	watch.Wait()
	if err != nil {
		return err
	}
	p.ui.say(lang.Text{FR: "arrêté ; ce qui était en cours a été fini", EN: "stopped; what was under way was finished"})
	return p.ui.data(map[string]any{"type": "result", "ok": true, "adresse": s.URL()})
}

// watchedBy opens the listener of --metrics; what it returns serves it to the
// end, and does nothing when none is asked for.
func (p *program) watchedBy(c *cli.Context, h http.Handler, log *slog.Logger) (func(), error) {
	at := c.String("metrics")
	if at == "" {
		return func() {}, nil
	}
	s, err := server.Listen(c.Context, h, server.Options{Adresse: at, Log: log})
	if err != nil {
		return nil, err
	}
	p.ui.say(lang.Text{FR: "mesures sur %s/metrics", EN: "metrics at %s/metrics"}, s.URL())
	return func() {
		if err := s.Serve(c.Context); err != nil {
			log.Warn("listener of the metrics stopped", "err", err)
		}
	}, nil
}

// maxRemote is how large a body of the remote vault may be; the pages take
// whole payrolls.
const maxRemote = 96 << 20

// bounded bounds the bodies of a handler. Unlike http.MaxBytesHandler it hands
// the request itself on, in which the log finds the route that answered.
func bounded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxRemote)
		h.ServeHTTP(w, r)
	})
}

// logger writes to standard error: lines of text, or of JSON with --json; with
// --quiet what went wrong only.
func (p *program) logger() *slog.Logger {
	o := &slog.HandlerOptions{}
	if p.ui.quiet {
		o.Level = slog.LevelWarn
	}
	if p.ui.json {
		return slog.New(slog.NewJSONHandler(p.ui.err, o))
	}
	return slog.New(slog.NewTextHandler(p.ui.err, o))
}
