package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/sync"
	"paye/hr"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/report"
	"paye/internal/state"
)

func (p *program) hrCommand() *cli.Command {
	return &cli.Command{
		Name: "hr", Usage: p.t("agents et absences depuis l'outil RH", "agents and absences from the HR tool"),
		UsageText: "xhl hr discover|sync|recap|absences",
		Description: p.t("Lit les fiches et les absences de l'outil RH, sans jamais y écrire ; voir docs/hr.fr.md.\nLe temps de travail et la rémunération ne sont pas transmis.",
			"Reads the sheets and the absences of the HR tool and never writes to it; see docs/hr.md.\nWorking time and pay are not transmitted."),
		Subcommands: []*cli.Command{p.hrDiscoverCommand(), p.hrSyncCommand(), p.hrRecapCommand(), p.hrAbsencesCommand()},
	}
}

// hrFlags open the synchronisation of an employer.
func (p *program) hrFlags() []cli.Flag {
	return append(p.ledgerFlags(), &cli.StringFlag{Name: "mapping", Value: "mapping.yaml", Usage: p.t("`FICHIER` de correspondance", "mapping `FILE`")})
}

func (p *program) hrOptions(c *cli.Context) (sync.Options, error) {
	at, err := p.ledgerAt(c)
	if err != nil {
		return sync.Options{}, err
	}
	dir, err := state.Dir(c.String("state"), p.getenv)
	if err != nil {
		return sync.Options{}, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return sync.Options{
		Mapping: c.String("mapping"), State: dir, Ledger: at, User: p.actor(c), Key: p.getenv("XHL_HR_KEY"),
		MailPassword: p.getenv("XHL_SMTP_PASSWORD"), Clock: p.hrClock(), Random: rand.Reader, Host: host,
	}, nil
}

// hrClock is the machine's, or that of a test.
func (p *program) hrClock() hr.Clock {
	if p.clock != nil {
		return p.clock
	}
	return sync.SystemClock{}
}

// hrJob opens the synchronisation, with its source, and gives it to f.
func (p *program) hrJob(c *cli.Context, f func(*sync.Job) error) error {
	return p.hrOpen(c, c.String("mapping"), sync.Open, f)
}

// hrMemory opens what is remembered of the synchronisation of a mapping, for what
// only reads it: a memory that is not there is not made.
func (p *program) hrMemory(c *cli.Context, mapping string, f func(*sync.Job) error) error {
	return p.hrOpen(c, mapping, func(ctx context.Context, o sync.Options) (*sync.Job, error) {
		if _, err := os.Stat(mapping); err == nil && isNew(o.Ledger) {
			return nil, hr.Codes.New("RH-113", o.Ledger)
		}
		return sync.OpenMemory(ctx, o)
	}, f)
}

// hrTrial is hrJob for a run that writes nothing: what is not remembered yet is
// remembered for that run only.
func (p *program) hrTrial(c *cli.Context, f func(*sync.Job) error) error {
	at, err := p.ledgerAt(c)
	if err != nil {
		return err
	}
	if !isNew(at) {
		return p.hrJob(c, f)
	}
	dir, err := os.MkdirTemp("", "xhl-hr-*")
	if err != nil {
		return fmt.Errorf("make the memory of a trial: %w", err)
	}
	defer os.RemoveAll(dir)
	return p.hrOpen(c, c.String("mapping"), func(ctx context.Context, o sync.Options) (*sync.Job, error) {
		o.Ledger = dir
		return sync.Open(ctx, o)
	}, f)
}

func (p *program) hrOpen(c *cli.Context, mapping string, open func(context.Context, sync.Options) (*sync.Job, error), f func(*sync.Job) error) error {
	o, err := p.hrOptions(c)
	if err != nil {
		return err
	}
	o.Mapping = mapping
	j, err := open(c.Context, o)
	if err != nil {
		return err
	}
	defer j.Close()
	return f(j)
}

func (p *program) hrDiscoverCommand() *cli.Command {
	return &cli.Command{
		Name: "discover", Usage: p.t("proposer mapping.yaml d'après ce que la source peut donner", "propose mapping.yaml after what the source can give"),
		UsageText: p.t("xhl hr discover --url https://commune.ilucca.net --employeur SIRET [-o mapping.yaml] | --folder DOSSIER …", "xhl hr discover --url https://town.ilucca.net --employeur SIRET [-o mapping.yaml] | --folder FOLDER …"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "url", Usage: p.t("`ADRESSE` du compte", "account `ADDRESS`")},
			&cli.StringFlag{Name: "folder", Usage: p.t("`DOSSIER` d'agents.csv ou agents.xlsx", "`FOLDER` of agents.csv or agents.xlsx")},
			&cli.StringFlag{Name: "employeur", Usage: p.t("`SIRET` de l'employeur", "`SIRET` of the employer")},
			&cli.StringFlag{Name: "key-file", Usage: p.t("`FICHIER` de la clé (sinon $XHL_HR_KEY)", "key `FILE` (else $XHL_HR_KEY)")},
			&cli.StringSliceFlag{Name: "host", Usage: p.t("`SUFFIXE` d'hôte permis à la place de ceux de l'éditeur", "host `SUFFIX` allowed instead of the vendor's")},
			&cli.BoolFlag{Name: "private", Usage: p.t("l'hôte peut avoir une adresse privée et un port", "the host may have a private address and a port")},
			&cli.StringFlag{Name: "authority", Usage: p.t("`PEM` de l'autorité de l'hôte", "`PEM` of the authority of the host")},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` à écrire ; il ne doit pas exister", "`FILE` to write; it must not exist")},
		},
		Action: p.hrDiscover,
	}
}

func (p *program) hrDiscover(c *cli.Context) error {
	s := hr.SourceSettings{Type: "lucca", URL: c.String("url"), KeyFile: c.String("key-file"), Hosts: c.StringSlice("host"), Private: c.Bool("private"), Authority: c.String("authority")}
	if dir := c.String("folder"); dir != "" {
		s = hr.SourceSettings{Type: "folder", Folder: dir}
	} else if s.URL == "" {
		return p.usage("d'où viennent les fiches : --url ADRESSE ou --folder DOSSIER", "where the sheets come from: --url ADDRESS or --folder FOLDER")
	}
	o, err := p.hrOptions(c)
	if err != nil {
		return err
	}
	out := c.String("out")
	o.Mapping = firstOf(out, "mapping.yaml")
	d, err := sync.Discover(c.Context, o, s, c.String("employeur"), p.ui.lang)
	if err != nil {
		return err
	}
	counts := make(map[hr.Origin]int)
	for _, x := range d.Proposals {
		counts[x.Origin]++
		if err := p.ui.data(map[string]any{"type": "champ", "champ": x.Champ, "path": x.Rule.Path, "origine": x.Origin}); err != nil {
			return err
		}
		if x.Origin == hr.Nowhere {
			p.ui.say(lang.Text{FR: "aucun champ pour : %s", EN: "no field for: %s"}, string(x.Champ))
		}
	}
	if out == "" {
		p.ui.print(strings.TrimRight(d.File, "\n"))
	} else if err := writeNew(out, d.File); err != nil {
		return err
	}
	p.ui.say(lang.Text{FR: "%d champ{s} documenté{s}, %d proposé{s} d'après {son|leur} nom et à vérifier, %d sans chemin", EN: "%d documented field{s}, %d proposed after {its|their} name and to be checked, %d without a path"},
		counts[hr.Documented], counts[hr.Named], counts[hr.Nowhere])
	return p.ui.data(map[string]any{"type": "result", "ok": true, "documentes": counts[hr.Documented], "proposes": counts[hr.Named], "sans_chemin": counts[hr.Nowhere], "fichier": out})
}

// writeNew writes a file that is not there yet: what somebody has completed is
// never replaced.
func writeNew(path, text string) error {
	if _, err := os.Lstat(path); err == nil {
		return hr.Codes.New("RH-112").At(path, -1, 0)
	}
	return durable.WriteFile(path, []byte(text))
}

func (p *program) hrRecapCommand() *cli.Command {
	return &cli.Command{
		Name: "recap", Usage: p.t("ce qui a changé dans le mois", "what changed in the month"),
		UsageText: p.t("xhl hr recap [--mois AAAA-MM] [-o recap.pdf] [-o recap.xlsx] [-o recap.csv]", "xhl hr recap [--mois YYYY-MM] [-o recap.pdf] [-o recap.xlsx] [-o recap.csv]"),
		Flags: append(p.hrFlags(),
			&cli.StringFlag{Name: "mois", Usage: p.t("`AAAA-MM`, sinon le mois en cours", "`YYYY-MM`, else the current month")},
			&cli.StringSliceFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` .pdf, .xlsx ou .csv, autant de fois que voulu", "`FILE` .pdf, .xlsx or .csv, as many times as wanted")},
			&cli.BoolFlag{Name: "unmasked", Usage: p.t("NIR et IBAN en clair", "NIR and IBAN in clear")}),
		Action: func(c *cli.Context) error {
			m, err := p.hrMonth(c)
			if err != nil {
				return err
			}
			return p.hrMemory(c, c.String("mapping"), func(j *sync.Job) error { return p.hrRecap(c, j, m) })
		},
	}
}

// hrMonth reads --mois; none is the current month.
func (p *program) hrMonth(c *cli.Context) (hr.Mois, error) {
	m, err := p.monthOf(c)
	return hr.Mois{Year: m.Annee, Month: m.Mois}, err
}

func (p *program) hrRecap(c *cli.Context, j *sync.Job, m hr.Mois) error {
	r, err := j.Recap(c.Context, m)
	if err != nil {
		return err
	}
	how := hr.MaskSecrets
	if c.Bool("unmasked") {
		how = hr.ShowSecrets
	}
	d := r.Document(p.ui.lang, how, p.hrClock().Now())
	for _, path := range c.StringSlice("out") {
		write := map[string]func(io.Writer) error{
			".pdf": d.WritePDF, ".csv": func(w io.Writer) error { return hr.WriteCSV(w, d) }, ".xlsx": func(w io.Writer) error { return hr.WriteXLSX(w, d) },
		}[filepath.Ext(path)]
		if write == nil {
			return p.usage("-o : .pdf, .xlsx ou .csv", "-o: .pdf, .xlsx or .csv")
		}
		if err := p.toFile(path, write); err != nil {
			return err
		}
	}
	var text strings.Builder
	if err := d.WriteText(&text); err != nil {
		return err
	}
	p.ui.print(strings.TrimRight(text.String(), "\n"))
	if err := p.hrRecapLines(d); err != nil {
		return err
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "mois": r.Mois.String(), "modifies": len(r.Modified), "crees": len(r.Arrivals), "ecrases": len(r.Crushed)})
}

// hrRecapLines are the rows of the recap as JSON lines.
func (p *program) hrRecapLines(d *report.Document) error {
	for n, kind := range []string{"modifie", "cree", "ecrase"} {
		for _, row := range d.Tables[n].Lignes {
			if err := p.ui.data(map[string]any{"type": kind, "valeurs": row}); err != nil {
				return err
			}
		}
	}
	return nil
}

// hrWait says when the next run is.
func (p *program) hrWait(at time.Time) {
	p.ui.say(lang.Text{FR: "prochaine synchronisation : %s", EN: "next synchronisation: %s"}, at.Format("2006-01-02 15:04 MST"))
}

// hrLoop runs at a time of each day until it is interrupted; a run that fails
// is told, and the next one comes all the same.
func (p *program) hrLoop(c *cli.Context, j *sync.Job, at string, once func(context.Context) error) error {
	t, err := time.Parse("15:04", at)
	if err != nil {
		return p.usage("--at : une heure s'écrit HH:MM", "--at: a time is written HH:MM")
	}
	return j.Loop(c.Context, t.Hour(), t.Minute(), p.hrWait, func(ctx context.Context) error {
		if err := once(ctx); err != nil {
			if ctx.Err() != nil {
				return err
			}
			p.ui.fail(err, exitCode(err))
		}
		return nil
	})
}
