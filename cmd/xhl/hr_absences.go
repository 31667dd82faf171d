package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"paye/app/sync"
	"paye/hr"
	"paye/internal/lang"
)

func (p *program) hrAbsencesCommand() *cli.Command {
	return &cli.Command{
		Name: "absences", Usage: p.t("les absences pour les variables de paye", "absences for the variables of payroll"),
		UsageText: "xhl hr absences fetch|import",
		Description: p.t("À faire une fois par mois, avant la clôture. Les arrêts de travail et les mois futurs ne sont pas transmis.",
			"To be done once a month, before closing. Stoppages of work and future months are not transmitted."),
		Subcommands: []*cli.Command{p.hrFetchCommand(), p.hrImportCommand()},
	}
}

func (p *program) hrFetchCommand() *cli.Command {
	return &cli.Command{
		Name: "fetch", Usage: p.t("comparer avec la source et préparer un lot", "compare with the source and prepare a batch"),
		UsageText: p.t("xhl hr absences fetch [--mois AAAA-MM] [-o DOSSIER]", "xhl hr absences fetch [--mois YYYY-MM] [-o FOLDER]"),
		Flags: append(p.hrFlags(),
			&cli.StringFlag{Name: "mois", Usage: p.t("`AAAA-MM` de paye, sinon le mois en cours", "payroll `YYYY-MM`, else the current month")},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` des fichiers, sinon celui de l'état", "`FOLDER` of the files, else that of the state")}),
		Action: func(c *cli.Context) error {
			m, err := p.hrMonth(c)
			if err != nil {
				return err
			}
			return p.hrJob(c, func(j *sync.Job) error {
				f, err := j.FetchAbsences(c.Context, m, c.String("out"))
				if err != nil {
					return err
				}
				return p.hrFetched(f)
			})
		},
	}
}

// outcomes are the four ends of a fetch.
var outcomes = map[hr.Outcome]lang.Text{
	hr.Nothing:      {FR: "Cas 1 : rien n'a été ajouté ni supprimé, il n'y a rien à faire.", EN: "Case 1: nothing was added or deleted, there is nothing to do."},
	hr.OnlyAdded:    {FR: "Cas 2 : des absences ont été ajoutées ; vérifiez le fichier, puis importez.", EN: "Case 2: absences were added; check the file, then import."},
	hr.OnlyDeleted:  {FR: "Cas 3 : des absences ont été supprimées ; supprimez-les dans la paye, puis importez avec --regularised.", EN: "Case 3: absences were deleted; delete them in payroll, then import with --regularised."},
	hr.AddedDeleted: {FR: "Cas 4 : des absences ont été ajoutées et d'autres supprimées ; supprimez d'abord, puis importez avec --regularised.", EN: "Case 4: absences were added and others deleted; delete first, then import with --regularised."},
}

func (p *program) hrFetched(f *sync.Fetched) error {
	for _, a := range f.Notices {
		p.report(a)
	}
	p.ui.print(p.ui.text(outcomes[f.Outcome]))
	for _, path := range []string{f.Deleted, f.Added} {
		if path != "" {
			p.ui.print(path)
		}
	}
	lot := ""
	if f.Waits {
		lot = f.Lot.ID
		p.ui.print("xhl hr absences import " + lot + " -o variables.csv")
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "cas": int(f.Outcome), "lot": lot, "mois": f.Lot.Mois.String(),
		"ajouts": len(f.Lot.Content.Added), "suppressions": len(f.Lot.Content.Deleted), "en_attente": f.Parked, "a_importer": f.Added, "a_supprimer": f.Deleted})
}

func (p *program) hrImportCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: p.t("donner les absences d'un lot à la paye", "give the absences of a batch to payroll"),
		UsageText: p.t("xhl hr absences import LOT -o variables.csv [--regularised]", "xhl hr absences import BATCH -o variables.csv [--regularised]"),
		Flags: append(p.hrFlags(),
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` des variables", "`FILE` of the variables")},
			&cli.BoolFlag{Name: "regularised", Usage: p.t("les absences à supprimer le sont dans la paye", "the absences to delete are deleted in payroll")}),
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 || c.String("out") == "" {
				return p.usage("un lot et un fichier sont attendus : LOT -o variables.csv", "a batch and a file are expected: BATCH -o variables.csv")
			}
			done := hr.NotYet
			if c.Bool("regularised") {
				done = hr.Done
			}
			return p.hrMemory(c, c.String("mapping"), func(j *sync.Job) error {
				lot, err := j.ImportAbsences(c.Context, c.Args().First(), done, func(f func(io.Writer) error) error { return p.toFile(c.String("out"), f) })
				if err != nil {
					return err
				}
				p.ui.print(p.ui.text(lang.Text{FR: "%d demi-journée{s} importée{s}", EN: "%d half-day{s} imported"}, len(lot.Content.Added)))
				return p.ui.data(map[string]any{"type": "result", "ok": true, "lot": lot.ID, "importees": len(lot.Content.Added), "supprimees": len(lot.Content.Deleted), "fichier": c.String("out")})
			})
		},
	}
}
