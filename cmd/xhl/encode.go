package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/manifest"
	"paye/internal/xmlw"
	"paye/xhl"
	xhlrun "paye/xhl/run"
)

func (p *program) encodeCommand() *cli.Command {
	return &cli.Command{
		Name:      "encode",
		Usage:     p.t("écrire le journal XHL d'un run, ou ses volumes d'un seul passage", "write the XHL journal of a run, or its volumes in one pass"),
		UsageText: p.t("xhl encode -o journal.xhl RUN | xhl encode --limit 128Mo … -o DOSSIER RUN", "xhl encode -o journal.xhl RUN | xhl encode --limit 128Mo … -o FOLDER RUN"),
		Description: p.t(`RUN est un .jsonl, un dossier de fichiers CSV, un classeur .xlsx comme l'écrit « xhl decode », ou -
pour l'entrée standard ; voir docs/formats.md, et docs/tableur.fr.md pour les tableurs.
Avec --limit, le run est lu une seule fois et part en volumes à mesure : chacun est fermé avant
de dépasser la limite, écrit et relu pendant que la suite arrive. À la fin, le programme dit ce
que « xhl build », qui voit toute la paye avant de découper, aurait épargné. Pour que les volumes
s'écrivent pendant la lecture, les nomenclatures viennent avant les bulletins.`,
			`RUN is a .jsonl, a folder of CSV files, a workbook .xlsx as "xhl decode" writes it, or - for standard
input; see docs/formats.md, and docs/tableur.md for spreadsheets.
With --limit the run is read only once and leaves as volumes on the way: each is closed before
it exceeds the limit, written and read back while the rest is coming. At the end the program says
what "xhl build", which sees the whole payroll before it cuts, would have saved. For volumes to
be written while the run is read, the nomenclatures come before the bulletins.`),
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`CHEMIN` du journal, - pour la sortie standard ; avec --limit, dossier des volumes", "`PATH` of the journal, - for standard output; with --limit, folder of the volumes")},
			&cli.StringFlag{Name: "schema", Value: "1.4", Usage: "1.4 | 1.2b"},
			&cli.StringFlag{Name: "charset", Value: xmlw.ISO88591.String(), Usage: "ISO-8859-1 | windows-1252 | UTF-8"},
			p.lastMonthFlag(),
			&cli.StringFlag{Name: "mois", Usage: p.t("`AAAA-MM` de paye, pour --hr ; sinon le mois en cours", "payroll `YYYY-MM`, for --hr; else the current month")},
			&cli.StringFlag{Name: "hr", Usage: p.t("`MAPPING` de la synchronisation RH : complète l'identité des agents et dit ce qui diffère", "`MAPPING` of the HR synchronisation: completes who agents are and tells what differs")},
		}, p.volumeFlags()...),
		Action: func(c *cli.Context) error {
			in, out, err := p.inOut(c)
			if err != nil {
				return err
			}
			o := xhlrun.EncodeOptions{Run: xhl.Options{Fichier: in, Anomalie: p.gather}, Encodes: new(atomic.Int64)}
			if o.Writer.Version, err = p.schema(c.String("schema")); err != nil {
				return err
			}
			if o.Writer.Charset, err = xmlw.ParseCharset(c.String("charset")); err != nil {
				return p.usage("--charset : ISO-8859-1, windows-1252 ou UTF-8", "--charset: ISO-8859-1, windows-1252 or UTF-8")
			}
			end, err := p.joinHR(c, &o.Writer)
			if err != nil {
				return err
			}
			if c.IsSet("limit") {
				return p.encodeVolumes(c, out, o.Writer, end)
			}
			if last := c.String("last-month"); last != "" {
				if o.Past, err = build.ReadPast(c.Context, last); err != nil {
					return err
				}
			}
			for _, f := range p.volumeFlags() {
				if name := f.Names()[0]; c.IsSet(name) && !(c.IsSet("hr") && name == "state") { // --hr has a memory too
					return p.usage("--%s ne vaut que pour des volumes : donnez --limit", "--%s is for volumes only: give --limit", name)
				}
			}
			return p.encode(c.Context, in, out, o, end)
		},
	}
}

// encodeVolumes encodes a run straight to volumes.
func (p *program) encodeVolumes(c *cli.Context, out string, w xhl.WriterOptions, end func()) error {
	dem, err := p.volumes(c)
	if err != nil {
		return err
	}
	if out == "-" {
		return p.usage("les volumes vont dans un dossier : -o DOSSIER", "volumes go to a folder: -o FOLDER")
	}
	dem.Sortie, dem.Encodage, dem.LastMonth = out, w, c.String("last-month")
	return p.recorded(c, dem, func(r *recorder) error { return p.online(c.Context, dem, r, end) })
}

func (p *program) online(ctx context.Context, dem *build.Request, r *recorder, end func()) error {
	p.boundBooks()
	watch := p.watch(r)
	watch.Lecteur = p.stdin
	d, m, err := build.Online(ctx, *dem, watch)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	defer d.Close()
	end()
	p.showPlan(d, m)
	p.showWritten(dem, d, m)
	p.showOffline(m)
	return p.result(m, map[string]any{"sortie": dem.Sortie, "octets": m.Octets(), "hors_ligne": m.HorsLigne})
}

// showOffline tells what a plan of the whole payroll would have saved.
func (p *program) showOffline(m *manifest.Manifest) {
	u := p.ui
	off := m.HorsLigne
	volumes, octets := len(m.Volumes)-off.Volumes, m.Octets()-off.Octets
	switch {
	case volumes > 0:
		u.print(u.text(lang.Text{FR: "Découpés au fil du run : « xhl build » en aurait fait %d de moins, soit %s (jamais moins de %d), et %s au lieu de %s.",
			EN: "Cut along the run: “xhl build” would have made %d fewer, that is %s (never fewer than %d), and %s instead of %s."},
			volumes, u.text(volumesCounted, off.Volumes), m.BorneInf, u.octets(off.Octets), u.octets(m.Octets())))
	case octets > 0:
		u.print(u.text(lang.Text{FR: "Découpés au fil du run : « xhl build » en aurait fait autant, avec %s de moins.",
			EN: "Cut along the run: “xhl build” would have made as many, with %s less."}, u.octets(octets)))
	default:
		u.print(u.text(lang.Text{FR: "Découpés au fil du run : « xhl build » n'aurait rien épargné.",
			EN: "Cut along the run: “xhl build” would have saved nothing."}))
	}
}

func (p *program) schema(name string) (xhl.Version, error) {
	for _, v := range []xhl.Version{xhl.V14, xhl.V12b} {
		if v.String() == name {
			return v, nil
		}
	}
	return 0, p.usage("--schema : 1.4 ou 1.2b", "--schema: 1.4 or 1.2b")
}

// inOut reads the one argument and the -o of a command that makes a file.
func (p *program) inOut(c *cli.Context) (in, out string, err error) {
	if c.NArg() != 1 {
		return "", "", p.usage("un fichier est attendu, %d donné{s}", "one file is expected, %d given", c.NArg())
	}
	if out = c.String("out"); out == "" {
		return "", "", p.usage("il manque le résultat : -o CHEMIN", "the result is missing: -o PATH")
	}
	return c.Args().First(), out, nil
}

var (
	encodage = lang.Text{FR: "écriture du journal", EN: "writing the journal"}
	decodage = lang.Text{FR: "lecture du journal", EN: "reading the journal"}
)

func (p *program) encode(ctx context.Context, in, out string, o xhlrun.EncodeOptions, end func()) error {
	p.ui.startProgress(func() status { return status{name: encodage, key: "encode", done: o.Encodes.Load()} })
	p.inputs.Add(build.RunFiles(in)...)
	err := p.toFile(out, func(w io.Writer) error {
		if in == build.EntreeStandard {
			return build.EncodeStream(ctx, p.stdin, w, o)
		}
		return build.Encode(ctx, in, w, o)
	})
	p.ui.endProgress()
	if err != nil {
		return err
	}
	end()
	p.ui.say(lang.Text{FR: "%d bulletin{s} écrit{s} dans %s", EN: "%d bulletin{s} written to %s"}, o.Encodes.Load(), out)
	return p.ui.data(map[string]any{"type": "result", "ok": true, "bulletins": o.Encodes.Load(), "fichier": out})
}

// toFile writes a file whole or not at all, and in place of nothing that is read;
// "-" is standard output.
func (p *program) toFile(path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(p.ui.out)
	}
	if err := p.inputs.Spares(path); err != nil {
		return err
	}
	f, err := durable.Create(path)
	if err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	defer f.Abort()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Commit(); err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	return nil
}
