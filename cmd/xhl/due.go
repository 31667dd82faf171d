package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/hire"
	"paye/app/sync"
	"paye/due"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/report"
)

func (p *program) dueCommand() *cli.Command {
	return &cli.Command{
		Name:      "due",
		Usage:     p.t("déclarations préalables à l'embauche", "hiring declarations"),
		UsageText: "xhl due init|check|export|send|receive|list|setup",
		Description: p.t("Contrôle les embauches, écrit et envoie les déclarations, lit les réponses ; voir docs/due.fr.md.\nAucune conformité aux normes de l'administration n'est affirmée.",
			"Checks hires, writes and sends the declarations, reads the answers; see docs/due.md.\nNo conformity with the norms of the administration is claimed."),
		Subcommands: []*cli.Command{
			p.dueInitCommand(), p.dueCheckCommand(), p.dueExportCommand(), p.dueSendCommand(), p.dueReceiveCommand(), p.dueListCommand(), p.dueSetupCommand(),
		},
	}
}

// officeFlags open the office of an employer.
func (p *program) officeFlags() []cli.Flag {
	return append(p.ledgerFlags(),
		&cli.StringFlag{Name: "settings", Value: "due.cfg", Usage: p.t("`FICHIER` des réglages de l'employeur", "`FILE` of the employer's settings")},
	)
}

// hireFlags say which hires are meant.
func (p *program) hireFlags() []cli.Flag {
	return append(p.officeFlags(),
		&cli.StringFlag{Name: "embauches", Usage: p.t("`CSV` des fiches et des contrats", "`CSV` of the sheets and contracts")},
		&cli.StringFlag{Name: "journal", Usage: p.t("`JOURNAL` du mois : ses agents nouveaux, complétés par --embauches", "`JOURNAL` of the month: its new agents, completed by --embauches")},
		&cli.StringFlag{Name: "before", Usage: p.t("`JOURNAL` du mois d'avant", "`JOURNAL` of the month before")},
		&cli.StringFlag{Name: "hr", Usage: p.t("`MAPPING` de la synchronisation RH : les contrats qui commencent ce mois-ci ou plus tard, complétés par --embauches", "`MAPPING` of the HR synchronisation: contracts that begin this month or later, completed by --embauches")},
		&cli.StringFlag{Name: "from", Usage: p.t("premier `JOUR` d'embauche", "first `DAY` of hire")},
		&cli.StringFlag{Name: "to", Usage: p.t("dernier `JOUR` d'embauche", "last `DAY` of hire")},
		&cli.StringFlag{Name: "section", Usage: p.t("`CODE` de la section", "`CODE` of the section")},
		&cli.StringSliceFlag{Name: "contrat", Usage: p.t("`NUMERO` d'un contrat, autant de fois que voulu", "`NUMBER` of a contract, as many times as wanted")},
		&cli.StringFlag{Name: "indicateur", Value: "test", Usage: "test | reel"},
		&cli.StringSliceFlag{Name: "report", Usage: p.t("`FICHIER` du compte rendu : .txt, .csv, .html ou .pdf", "`FILE` of the report: .txt, .csv, .html or .pdf")},
	)
}

// writeFlags say how declarations are written.
func (p *program) writeFlags() []cli.Flag {
	return append(p.hireFlags(),
		&cli.StringFlag{Name: "format", Value: string(due.FormatTexte), Usage: "txt | xml"},
		&cli.BoolFlag{Name: "one-by-one", Usage: p.t("un fichier par embauche", "one file a hire")},
		&cli.StringFlag{Name: "confirm", Usage: p.t("`SIRET` de l'employeur, pour l'indicateur réel", "`SIRET` of the employer, for the real indicator")},
	)
}

// memory is what a command wants of the book of declarations.
type memory uint8

const (
	writesMemory  memory = iota // it is made where it is not
	readsMemory                 // without it there is nothing to do
	mayReadMemory               // nothing is as good as an empty one
)

// office opens the office and gives it to f, once what f reads is known to be
// there, and what it writes to have a form.
func (p *program) office(c *cli.Context, wants memory, inputs []string, f func(*hire.Bureau) error) error {
	for _, path := range c.StringSlice("report") {
		if err := p.choice("report", filepath.Ext(path), reportForms...); err != nil {
			return err
		}
	}
	if err := hire.Reachable(inputs...); err != nil {
		return err
	}
	at, err := p.ledgerAt(c)
	if err != nil {
		return err
	}
	made := isNew(at)
	kept := at
	if made && wants != writesMemory {
		kept = "" // what only reads makes no book
	}
	b, err := hire.Open(c.Context, hire.Options{
		Dossier: c.String("settings"), Ledger: kept, Qui: p.actor(c),
		Now: time.Now, Random: rand.Reader,
		Passphrase: []byte(p.getenv("XHL_DUE_PASSPHRASE")), MotDePasse: p.getenv("XHL_SMTP_PASSWORD"),
	})
	if err != nil {
		return err
	}
	defer b.Close()
	switch {
	case made && wants == writesMemory:
		p.ui.say(lang.Text{FR: "le registre des déclarations est créé dans %s", EN: "the book of declarations is made in %s"}, at)
	case made && wants == readsMemory:
		return hire.Codes.New(hire.NoMemory, at)
	case made:
		p.ui.say(lang.Text{FR: "pas encore de registre des déclarations dans %s : rien n'est déclaré, rien n'y est noté", EN: "no book of declarations in %s yet: nothing is declared, nothing is noted there"}, at)
	}
	return f(b)
}

// controle reads the flags of hireFlags.
func (p *program) controle(c *cli.Context) (hire.Controle, error) {
	what := hire.Controle{Embauches: c.String("embauches"), Indicateur: due.Essai}
	switch c.String("indicateur") {
	case "test":
	case "reel":
		what.Indicateur = due.Reel
	default:
		return what, p.usage("--indicateur : test ou reel", "--indicateur: test or reel")
	}
	what.Selection = due.Selection{Section: c.String("section"), Contrats: c.StringSlice("contrat")}
	for flag, day := range map[string]*due.Date{"from": &what.Selection.Debut, "to": &what.Selection.Fin} {
		var err error
		if *day, err = p.day(c, flag); err != nil {
			return what, err
		}
	}
	if path := c.String("hr"); path != "" {
		if c.String("journal") != "" {
			return what, p.usage("--hr ou --journal, pas les deux", "--hr or --journal, not both")
		}
		err := p.hrMemory(c, path, func(j *sync.Job) (err error) {
			what.Journal, err = j.Hires(c.Context, j.Today().Mois().First())
			return err
		})
		return what, err
	}
	if path := c.String("journal"); path != "" {
		if c.String("before") == "" {
			return what, p.usage("--journal va avec --before, le journal du mois d'avant", "--journal goes with --before, the journal of the month before")
		}
		what.Journal = hire.NewAgents(c.Context, c.String("before"), path)
	} else if what.Embauches == "" {
		return what, p.usage("d'où viennent les embauches : --embauches CSV, --journal JOURNAL ou --hr MAPPING", "where the hires come from: --embauches CSV, --journal JOURNAL or --hr MAPPING")
	}
	return what, nil
}

// hireInputs are the files that hires are read from.
func (p *program) hireInputs(c *cli.Context) (list []string) {
	for _, flag := range []string{"embauches", "journal", "before"} {
		if path := c.String(flag); path != "" {
			list = append(list, path)
		}
	}
	return list
}

func (p *program) day(c *cli.Context, flag string) (due.Date, error) {
	if c.String(flag) == "" {
		return due.Date{}, nil
	}
	d, ok := due.ParseDate(c.String(flag))
	if !ok {
		return d, p.usage("--%s : un jour s'écrit AAAA-MM-JJ ou JJ/MM/AAAA", "--%s: a day is written AAAA-MM-JJ or JJ/MM/AAAA", flag)
	}
	return d, nil
}

func (p *program) ecriture(c *cli.Context) (due.Ecriture, error) {
	how := due.Ecriture{Format: due.Format(c.String("format")), Confirmee: c.String("confirm")}
	if how.Format != due.FormatTexte && how.Format != due.FormatXML {
		return how, p.usage("--format : txt ou xml", "--format: txt or xml")
	}
	if c.Bool("one-by-one") {
		how.Decoupe = due.UnParUn
	}
	return how, nil
}

// reportForms are the ends of the names that --report takes.
var reportForms = []string{".txt", ".csv", ".html", ".pdf"}

// show prints a report and writes it to the files of --report. With --json the
// report is not printed: its data is.
func (p *program) show(d *report.Document, files []string) error {
	var text strings.Builder
	if err := d.WriteText(&text); err != nil {
		return err
	}
	p.ui.print(strings.TrimRight(text.String(), "\n"))
	for _, path := range files {
		write := map[string]func(io.Writer) error{".txt": d.WriteText, ".csv": d.WriteCSV, ".html": d.WriteHTML, ".pdf": d.WritePDF}[filepath.Ext(path)]
		if err := p.toFile(path, write); err != nil {
			return err
		}
	}
	return nil
}

// findings are the JSON lines of a check, and the count of its errors.
func (p *program) findings(b *due.Bilan) error {
	p.errors += b.Erreurs()
	for _, f := range b.Constats {
		err := p.ui.data(struct {
			Type    string             `json:"type"`
			Contrat string             `json:"contrat,omitempty"`
			Champ   due.Champ          `json:"champ,omitempty"`
			Constat *anomalie.Anomalie `json:"constat"`
		}{"constat", f.Contrat, f.Champ, f.Anomalie})
		if err != nil {
			return err
		}
	}
	return nil
}

// bilanResult is the last JSON line of a check.
func bilanResult(b *due.Bilan) map[string]any {
	return map[string]any{
		"type": "result", "ok": b.Erreurs() == 0, "fiches": b.Fiches, "erreurs": b.Erreurs(), "avertissements": b.Avertissements(),
		"declarables": len(b.Declarations), "ecartees": b.Ecartees, "trop_tot": b.Tot, "tardives": b.Tardives,
	}
}

func (p *program) dueCheckCommand() *cli.Command {
	return &cli.Command{
		Name: "check", Usage: p.t("test de préparation : ce qu'il y a à corriger", "preparation test: what there is to mend"),
		UsageText: "xhl due check --embauches embauches.csv [--from JOUR --to JOUR | --section CODE | --contrat NUMERO] [--report FICHIER.pdf]",
		Flags:     p.hireFlags(),
		Action: func(c *cli.Context) error {
			what, err := p.controle(c)
			if err != nil {
				return err
			}
			return p.office(c, mayReadMemory, p.hireInputs(c), func(o *hire.Bureau) error {
				b, err := o.Check(c.Context, what)
				if err != nil {
					return err
				}
				if err := p.findings(b); err != nil {
					return err
				}
				if err := p.show(b.Rapport(p.ui.lang), c.StringSlice("report")); err != nil {
					return err
				}
				return p.ui.data(bilanResult(b))
			})
		},
	}
}

// checked checks the hires of a command that writes, and gives them to f; when
// something stands in the way, it shows what to mend.
func (p *program) checked(c *cli.Context, f func(*hire.Bureau, *due.Bilan, due.Ecriture) error) error {
	how, err := p.ecriture(c)
	if err != nil {
		return err
	}
	what, err := p.controle(c)
	if err != nil {
		return err
	}
	return p.office(c, writesMemory, p.hireInputs(c), func(o *hire.Bureau) error {
		b, err := o.Check(c.Context, what)
		if err != nil {
			return err
		}
		stop := b.Declarable()
		if stop == nil {
			return f(o, b, how)
		}
		if err := p.findings(b); err != nil {
			return err
		}
		if err := p.show(b.Rapport(p.ui.lang), c.StringSlice("report")); err != nil {
			return err
		}
		return stop
	})
}

func (p *program) dueExportCommand() *cli.Command {
	return &cli.Command{
		Name: "export", Usage: p.t("écrire les déclarations dans un dossier", "write the declarations into a folder"),
		UsageText: "xhl due export --embauches embauches.csv -o DOSSIER [--format txt|xml] [--one-by-one] [--indicateur reel --confirm SIRET]",
		Flags:     append(p.writeFlags(), &cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` des fichiers", "`FOLDER` of the files")}),
		Action: func(c *cli.Context) error {
			if c.String("out") == "" {
				return p.usage("il manque le résultat : -o DOSSIER", "the result is missing: -o FOLDER")
			}
			return p.checked(c, func(o *hire.Bureau, b *due.Bilan, how due.Ecriture) error {
				files, paths, err := o.Export(c.Context, b, how, c.String("out"))
				if err != nil {
					return err
				}
				if err := p.findings(b); err != nil {
					return err
				}
				if err := p.show(b.Rapport(p.ui.lang), nil); err != nil {
					return err
				}
				return p.sent(c, b, files, paths, due.Exported, c.String("out"))
			})
		},
	}
}

// sent shows the report of files that were written or sent; paths say where
// each of them is.
func (p *program) sent(c *cli.Context, b *due.Bilan, files []due.Fichier, paths []string, fate due.Fate, where string) error {
	if err := p.show(b.RapportEnvoi(p.ui.lang, files, fate, where), c.StringSlice("report")); err != nil {
		return err
	}
	for i, f := range files {
		path := ""
		if i < len(paths) {
			path = paths[i]
			p.ui.print(path)
		}
		err := p.ui.data(map[string]any{"type": "fichier", "lot": f.Lot, "nom": f.Nom, "chemin": path, "sha256": f.SHA256,
			"indicateur": f.Indicateur.Valeur(), "declarations": f.Nombre})
		if err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "fichiers": len(files), "declarations": len(b.Declarations)})
}

func (p *program) dueSendCommand() *cli.Command {
	return &cli.Command{
		Name: "send", Usage: p.t("envoyer les déclarations, chiffrées, par courrier électronique", "send the declarations, encrypted, by mail"),
		UsageText: "xhl due send --embauches embauches.csv [--mode reel --indicateur reel --confirm SIRET] | --mode reel --etape 4|5|6 | --resume LOT",
		Description: p.t("Sans --mode reel rien ne part : le fichier est préparé et relu, et le compte rendu est fait.",
			"Without --mode reel nothing leaves: the file is prepared and read back, and the report is made."),
		Flags: append(p.writeFlags(),
			&cli.StringFlag{Name: "mode", Value: "test", Usage: "test | reel"},
			&cli.IntFlag{Name: "etape", Usage: p.t("`ETAPE` de la mise en place que ce fichier prouve : 4, 5 ou 6", "`STEP` of the set-up that this file proves: 4, 5 or 6")},
			&cli.StringFlag{Name: "resume", Usage: p.t("`LOT` dont on ne sait pas s'il est arrivé : le même message repart", "`BATCH` that may not have arrived: the same message leaves again")}),
		Action: func(c *cli.Context) error {
			mode, known := map[string]hire.Mode{"test": hire.Test, "reel": hire.Reel}[c.String("mode")]
			if !known {
				return p.usage("--mode : test ou reel", "--mode: test or reel")
			}
			if lot := c.String("resume"); lot != "" {
				return p.office(c, readsMemory, nil, func(o *hire.Bureau) error { return p.resume(c.Context, o, lot) })
			}
			return p.checked(c, func(o *hire.Bureau, b *due.Bilan, how due.Ecriture) error {
				how.Etape = c.Int("etape")
				gone, err := o.Send(c.Context, b, mode, how)
				var files []due.Fichier
				var paths []string
				where := ""
				for _, d := range gone {
					files = append(files, d.Fichier)
					if d.Ou != "" {
						where, paths = d.Ou, append(paths, d.Ou)
					}
				}
				if err != nil {
					return err
				}
				fate := due.Prepared
				if mode == hire.Reel {
					fate = due.Sent
				}
				return p.sent(c, b, files, paths, fate, where)
			})
		},
	}
}

func (p *program) resume(ctx context.Context, o *hire.Bureau, lot string) error {
	d, err := o.Resume(ctx, lot)
	if err != nil {
		return err
	}
	p.ui.print(fmt.Sprintf("%s  %s", d.Lot, d.Ou))
	return p.ui.data(map[string]any{"type": "result", "ok": true, "lot": d.Lot, "chemin": d.Ou})
}
