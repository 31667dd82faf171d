package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/compress"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/xhl"
	xhlrun "paye/xhl/run"
)

func (p *program) decodeCommand() *cli.Command {
	return &cli.Command{
		Name:      "decode",
		Usage:     p.t("extraire les bulletins d'un journal en lignes", "take the bulletins of a journal out as rows"),
		UsageText: p.t("xhl decode -o run.jsonl JOURNAL | xhl decode --format xlsx -o run.xlsx JOURNAL", "xhl decode -o run.jsonl JOURNAL | xhl decode --format xlsx -o run.xlsx JOURNAL"),
		Description: p.t(`--format xlsx écrit un classeur dont toutes les cellules sont des textes : rien ne s'y perd. --format csv
écrit un dossier de quatre fichiers ; une apostrophe y précède ce qu'un tableur changerait (zéros de
tête, longs numéros) ou exécuterait comme une formule. « xhl encode » relit les deux.`,
			`--format xlsx writes a workbook whose cells are all texts: nothing is lost in it. --format csv writes a
folder of four files, where an apostrophe comes before what a spreadsheet would change (zeros that a
number begins with, long numbers) or run as a formula. "xhl encode" reads both back.`),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`CHEMIN` du run ; - pour la sortie standard", "`PATH` of the run; - for standard output")},
			&cli.StringFlag{Name: "format", Value: "jsonl", Usage: "jsonl | csv | xlsx"},
			&cli.BoolFlag{Name: "exact", Usage: p.t("avec --format csv : les cellules telles quelles, sans apostrophe, pour un autre programme qu'un tableur", "with --format csv: cells as they stand, without the apostrophe, for another program than a spreadsheet")},
		},
		Action: func(c *cli.Context) error {
			in, out, err := p.inOut(c)
			if err != nil {
				return err
			}
			format := c.String("format")
			if c.Bool("exact") && format != "csv" {
				return p.usage("--exact ne vaut que pour --format csv", "--exact is for --format csv only")
			}
			switch format {
			case "jsonl", "csv", "xlsx":
				return p.decode(c.Context, in, out, format, c.Bool("exact"))
			}
			return p.usage("--format : jsonl, csv ou xlsx", "--format: jsonl, csv or xlsx")
		},
	}
}

func (p *program) decode(ctx context.Context, in, out, format string, exact bool) error {
	in, err := build.JournalAt(in)
	if err != nil {
		return err
	}
	var done atomic.Int64
	p.ui.startProgress(func() status { return status{name: decodage, key: "decode", done: done.Load()} })
	journal, err := build.OpenJournal(in, compress.Limits{})
	if err != nil {
		return err
	}
	defer journal.Close()
	o := xhl.Options{Fichier: in, Anomalie: p.gather}
	switch format {
	case "csv":
		cells := xhlrun.CSVKept
		if exact {
			cells = xhlrun.CSVExact
		}
		err = p.decodeCSV(ctx, journal, out, o, cells, &done)
	case "xlsx":
		err = p.toFile(out, func(w io.Writer) error {
			if err := build.DecodeBook(ctx, journal, w, o, &done); err != nil {
				return err
			}
			return journal.Held()
		})
	default:
		err = p.toFile(out, func(w io.Writer) error {
			if err := xhlrun.DecodeJSON(ctx, journal, w, o, &done); err != nil {
				return err
			}
			return journal.Held()
		})
	}
	p.ui.endProgress()
	if err != nil {
		return err
	}
	p.ui.say(lang.Text{FR: "%d bulletin{s} extrait{s} dans %s", EN: "%d bulletin{s} taken out to %s"}, done.Load(), out)
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "bulletins": done.Load(), "sortie": out})
}

// decodeCSV writes the folder of a CSV run: all of its files, or none.
func (p *program) decodeCSV(ctx context.Context, journal *compress.Journal, dir string, o xhl.Options, cells xhlrun.CSVCells, done *atomic.Int64) error {
	if dir == "-" {
		return p.usage("--format csv écrit un dossier : -o DOSSIER", "--format csv writes a folder: -o FOLDER")
	}
	out, err := durable.Begin(dir, durable.DeliveryOptions{Last: xhlrun.CSVEntete, Inputs: &p.inputs})
	if err != nil {
		return fmt.Errorf("make folder %s: %w", dir, err)
	}
	defer out.Abort()
	err = xhlrun.DecodeCSV(ctx, journal, o, cells, func(name string) (io.WriteCloser, error) {
		f, err := out.Create(name)
		if err != nil {
			return nil, err
		}
		return committed{f}, nil
	}, done)
	return publish(ctx, out, journal, err)
}

// committed is a file of a delivery, which is whole once it is closed.
type committed struct{ *durable.File }

func (c committed) Close() error { return c.Commit() }

// publish lets the files that were made of a journal appear, when nothing went
// wrong until then.
func publish(ctx context.Context, out *durable.Delivery, journal *compress.Journal, err error) error {
	if err == nil {
		err = journal.Held()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	return out.Publish()
}
