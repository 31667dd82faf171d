package main

import (
	"errors"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/synth"
)

func (p *program) synthCommand() *cli.Command {
	return &cli.Command{
		Name:      "synth",
		Usage:     p.t("fabriquer une paye d'essai, avec ses justificatifs", "make a synthetic payroll, with its justificatifs"),
		UsageText: p.t("xhl synth --bulletins 1000 --seed 1 --xhl -o DOSSIER", "xhl synth --bulletins 1000 --seed 1 --xhl -o FOLDER"),
		Description: p.t(`Écrit run.jsonl, justificatifs.csv, justificatifs/*.pdf, et journal.xhl avec --xhl.
Rien n'y désigne personne : noms, NIR et comptes sont inventés, dans des plages non attribuées.
La même graine donne les mêmes octets.`,
			`Writes run.jsonl, justificatifs.csv, justificatifs/*.pdf, and journal.xhl with --xhl.
Nobody is in it: names, NIR and accounts are made up, in ranges that are not allocated.
The same seed gives the same bytes.`),
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "bulletins", Value: 100, Usage: p.t("nombre de bulletins", "number of bulletins")},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: p.t("graine", "seed")},
			&cli.StringFlag{Name: "profile", Value: synth.Ordinaire.String(), Usage: p.t("ordinaire, ou dense : le cas le plus lourd de la note DGFiP", "ordinaire, or dense: the heaviest case of the DGFiP note")},
			&cli.IntFlag{Name: "pieces", Value: 0, Usage: p.t("nombre de justificatifs (0 : 3 pour cent agents ; -1 : aucun)", "number of justificatifs (0: 3 for a hundred agents; -1: none)")},
			&cli.IntFlag{Name: "etablissements", Usage: p.t("nombre d'établissements", "number of établissements")},
			&cli.BoolFlag{Name: "xhl", Usage: p.t("écrire aussi journal.xhl", "write journal.xhl too")},
			&cli.BoolFlag{Name: "no-pjref", Usage: p.t("laisser les références à l'index : aucun PJRef dans les bulletins", "leave the references to the index: no PJRef in the bulletins")},
			&cli.StringFlag{Name: "mois", Usage: p.t("mois de la paye, AAAA-MM", "month of the pay, AAAA-MM")},
			&cli.StringFlag{Name: "schema", Value: "1.4", Usage: "1.4 | 1.2b"},
			&cli.StringFlag{Name: "after", Usage: p.t("`DOSSIER` d'une paye de synth : en fabriquer le mois suivant, et attendu.csv", "`FOLDER` of a payroll of synth: make the month that follows it, and attendu.csv")},
			&cli.StringFlag{Name: "plan", Value: planDefault, Usage: p.t("`FICHIER` plan.csv de ce qui change ; default, ou none pour rien", "`FILE` plan.csv of what changes; default, or none for nothing")},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` de la paye", "`FOLDER` of the run")},
		},
		Action: func(c *cli.Context) error {
			o := synth.Options{Bulletins: c.Int("bulletins"), Seed: c.Uint64("seed"), Pieces: c.Int("pieces"),
				Etablissements: c.Int("etablissements"), Journal: c.Bool("xhl")}
			var err error
			if o.Profil, err = synth.ParseProfil(c.String("profile")); err != nil {
				return p.usage("--profile : ordinaire ou dense", "--profile: ordinaire or dense")
			}
			if o.Version, err = p.schema(c.String("schema")); err != nil {
				return err
			}
			if c.Bool("no-pjref") {
				o.References = synth.DansIndex
			}
			month, err := p.monthOf(c)
			if err != nil {
				return err
			}
			if month.Valid() {
				o.Annee, o.Mois = month.Annee, month.Mois
			}
			dir := c.String("out")
			if c.NArg() > 0 {
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			}
			if dir == "" {
				return p.usage("il manque le dossier : -o DOSSIER", "the folder is missing: -o FOLDER")
			}
			if o.Bulletins < 1 || o.Bulletins > synth.MaxBulletins {
				return p.usage("--bulletins : de 1 à %d", "--bulletins: from 1 to %d", synth.MaxBulletins)
			}
			if before := c.String("after"); before != "" {
				return p.synthAfter(c, before, dir)
			}
			run, err := synth.Generate(o)
			if errors.Is(err, synth.ErrOptions) {
				return p.usage("cette paye ne peut pas être fabriquée : %v", "this run cannot be made: %v", err)
			}
			if err != nil {
				return err
			}
			return p.synth(c, run, o.Journal, dir)
		},
	}
}

var fabrication = lang.Text{FR: "fabrication", EN: "making the run"}

func (p *program) synth(c *cli.Context, run *synth.Run, journal bool, dir string, beside ...synth.Beside) error {
	formats := int64(1)
	if journal {
		formats++
	}
	var done synth.Progress
	total := formats*int64(run.Len()) + int64(len(run.Pieces()))
	p.ui.startProgress(func() status {
		return status{name: fabrication, key: "synth", done: done.Bulletins.Load() + done.Pieces.Load(), total: total}
	})
	beside = append(beside, synth.Beside{Nom: synth.FichierRecette, Write: run.WriteRecette})
	err := run.Write(c.Context, dir, &done, beside...)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	p.ui.say(lang.Text{FR: "%s et %s dans %s", EN: "%s and %s in %s"}, p.ui.text(bulletinsCounted, run.Len()), p.ui.text(piecesCounted, len(run.Pieces())), dir)
	return p.ui.data(map[string]any{"type": "result", "ok": true, "bulletins": run.Len(), "pieces": len(run.Pieces()), "octets": done.Octets.Load(), "sortie": dir})
}

// What --plan takes beside a file.
const (
	planDefault = "default"
	planNone    = "none"
)

// synthAfter makes the month after that of a folder, and what a comparison of
// the two should say.
func (p *program) synthAfter(c *cli.Context, before, dir string) error {
	refused := func(err error) error {
		if errors.Is(err, synth.ErrOptions) {
			return p.usage("ce mois ne peut pas être fabriqué : %v", "this month cannot be made: %v", err)
		}
		return err
	}
	f, err := input.Open(filepath.Join(before, synth.FichierRecette))
	if err != nil {
		return p.usage("%s n'a pas de %s : ce n'est pas une paye de « xhl synth »", "%s has no %s: it is not a payroll of “xhl synth”", before, synth.FichierRecette)
	}
	defer f.Close()
	o, err := synth.ReadRecette(f)
	if err != nil {
		return refused(err)
	}
	o.Journal = o.Journal || c.Bool("xhl")
	plan, err := p.secondMonth(c.String("plan"), o.Bulletins)
	if err != nil {
		return refused(err)
	}
	run, err := synth.After(o, plan)
	if err != nil {
		return refused(err)
	}
	return p.synth(c, run, o.Journal, dir, synth.Beside{Nom: synth.FichierAttendu, Write: run.WriteAttendus})
}

// secondMonth reads the plan of a second month.
func (p *program) secondMonth(name string, bulletins int) (synth.Plan, error) {
	switch name {
	case planDefault:
		return synth.DefaultPlan(bulletins), nil
	case planNone:
		return nil, nil
	}
	f, err := input.Open(name)
	if err != nil {
		return nil, build.Codes.Opening(build.EntreeIntrouvable, name, err)
	}
	defer f.Close()
	return synth.ReadPlan(f)
}
