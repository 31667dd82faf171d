package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"paye/compress"
	"paye/internal/depot"
	"paye/internal/durable"
	"paye/internal/langue"
	"paye/internal/xmlw"
	"paye/xhl"
)

func (p *program) encodeCommand() *cli.Command {
	return &cli.Command{
		Name:      "encode",
		Usage:     p.t("écrire le journal XHL d'un run", "write the XHL journal of a run"),
		UsageText: p.t("xhl encode -o journal.xhl run.jsonl", "xhl encode -o journal.xhl run.jsonl"),
		Description: p.t("Le run est un .jsonl ou un dossier de fichiers CSV ; voir docs/formats.md.",
			"The run is a .jsonl or a folder of CSV files; see docs/formats.md."),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` du journal, ou - pour la sortie standard", "`FILE` of the journal, or - for standard output")},
			&cli.StringFlag{Name: "schema", Value: "1.4", Usage: "1.4 | 1.2b"},
			&cli.StringFlag{Name: "charset", Value: xmlw.ISO88591.String(), Usage: "ISO-8859-1 | windows-1252 | UTF-8"},
		},
		Action: func(c *cli.Context) error {
			in, out, err := p.inOut(c)
			if err != nil {
				return err
			}
			o := xhl.EncodeOptions{Run: xhl.Options{Fichier: in}, Encodes: new(atomic.Int64)}
			if o.Writer.Version, err = p.schema(c.String("schema")); err != nil {
				return err
			}
			if o.Writer.Charset, err = xmlw.ParseCharset(c.String("charset")); err != nil {
				return p.usage("--charset : ISO-8859-1, windows-1252 ou UTF-8", "--charset: ISO-8859-1, windows-1252 or UTF-8")
			}
			return p.encode(c.Context, in, out, o)
		},
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
		return "", "", p.usage("un fichier est attendu, %d donnés", "one file is expected, %d given", c.NArg())
	}
	if out = c.String("out"); out == "" {
		return "", "", p.usage("il manque le résultat : -o CHEMIN", "the result is missing: -o PATH")
	}
	return c.Args().First(), out, nil
}

var (
	encodage = langue.Texte{FR: "écriture du journal", EN: "writing the journal"}
	decodage = langue.Texte{FR: "lecture du journal", EN: "reading the journal"}
)

func (p *program) encode(ctx context.Context, in, out string, o xhl.EncodeOptions) error {
	p.ui.startProgress(func() status { return status{name: encodage, key: "encode", done: o.Encodes.Load()} })
	err := p.toFile(out, func(w io.Writer) error { return depot.Encode(ctx, in, w, o) })
	p.ui.endProgress()
	if err != nil {
		return err
	}
	p.ui.say(langue.Texte{FR: "%d bulletins écrits dans %s", EN: "%d bulletins written to %s"}, o.Encodes.Load(), out)
	return p.ui.data(map[string]any{"type": "result", "ok": true, "bulletins": o.Encodes.Load(), "fichier": out})
}

// toFile writes a file whole or not at all; "-" is standard output.
func (p *program) toFile(path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(p.ui.out)
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

func (p *program) decodeCommand() *cli.Command {
	return &cli.Command{
		Name:      "decode",
		Usage:     p.t("extraire les bulletins d'un journal en lignes", "take the bulletins of a journal out as rows"),
		UsageText: p.t("xhl decode -o run.jsonl JOURNAL", "xhl decode -o run.jsonl JOURNAL"),
		Description: p.t("--format csv écrit un dossier de quatre fichiers, qui s'ouvrent dans un tableur et que « xhl encode » relit.",
			"--format csv writes a folder of four files, which a spreadsheet opens and “xhl encode” reads back."),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`CHEMIN` du run ; - pour la sortie standard", "`PATH` of the run; - for standard output")},
			&cli.StringFlag{Name: "format", Value: "jsonl", Usage: "jsonl | csv"},
		},
		Action: func(c *cli.Context) error {
			in, out, err := p.inOut(c)
			if err != nil {
				return err
			}
			switch c.String("format") {
			case "jsonl", "csv":
				return p.decode(c.Context, in, out, c.String("format"))
			}
			return p.usage("--format : jsonl ou csv", "--format: jsonl or csv")
		},
	}
}

func (p *program) decode(ctx context.Context, in, out, format string) error {
	var done atomic.Int64
	p.ui.startProgress(func() status { return status{name: decodage, key: "decode", done: done.Load()} })
	journal, err := depot.OpenJournal(in, compress.Limits{})
	if err != nil {
		return err
	}
	defer journal.Close()
	o := xhl.Options{Fichier: in, Anomalie: p.report}
	if format == "csv" {
		err = p.decodeCSV(ctx, journal, out, o)
	} else {
		err = p.toFile(out, func(w io.Writer) error { return xhl.DecodeRun(ctx, journal, w, o, &done) })
	}
	p.ui.endProgress()
	if err != nil {
		return err
	}
	p.ui.say(langue.Texte{FR: "journal extrait dans %s", EN: "journal taken out to %s"}, out)
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "sortie": out})
}

// decodeCSV writes the folder of a CSV run: all of its files, or none.
func (p *program) decodeCSV(ctx context.Context, r io.Reader, dir string, o xhl.Options) error {
	if dir == "-" {
		return p.usage("--format csv écrit un dossier : -o DOSSIER", "--format csv writes a folder: -o FOLDER")
	}
	if err := durable.MkdirAll(dir); err != nil {
		return fmt.Errorf("make folder %s: %w", dir, err)
	}
	var files []*durable.File
	defer func() {
		for _, f := range files {
			f.Abort()
		}
	}()
	err := xhl.DecodeCSV(ctx, r, o, func(name string) (io.WriteCloser, error) {
		f, err := durable.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		return keptOpen{f}, nil
	})
	for _, f := range files {
		if err == nil {
			err = f.Commit()
		}
	}
	return err
}

// keptOpen leaves the closing of a file to its Commit.
type keptOpen struct{ io.Writer }

func (keptOpen) Close() error { return nil }
