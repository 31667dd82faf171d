package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/pdfx"
)

func (p *program) pdfCommand() *cli.Command {
	return &cli.Command{
		Name:      "pdf",
		Usage:     p.t("peser et alléger les justificatifs", "weigh and lighten justificatifs"),
		UsageText: "xhl pdf inspect|optimise",
		Subcommands: []*cli.Command{
			{
				Name:      "inspect",
				Usage:     p.t("type, pages, poids par page, et ce qui les alourdit", "type, pages, weight a page, and what makes them heavy"),
				UsageText: p.t("xhl pdf inspect FICHIER…", "xhl pdf inspect FILE…"),
				Description: p.t("Un dossier est examiné avec tout ce qu'il contient.",
					"A folder is looked at with all that it holds."),
				Action: func(c *cli.Context) error { return p.pdfInspect(c.Context, c.Args().Slice()) },
			},
			{
				Name:      "optimise",
				Usage:     p.t("écrire des jumeaux plus légers, sans toucher aux originaux", "write lighter twins, leaving the originals alone"),
				UsageText: p.t("xhl pdf optimise -o DOSSIER FICHIER…", "xhl pdf optimise -o FOLDER FILE…"),
				Description: p.t(`Les images ne sont pas recomprimées : une numérisation lourde le reste, et se refait
en noir et blanc à 200 dpi. Un document signé ou chiffré est laissé de côté.`,
					`Pictures are not compressed again: a heavy scan stays heavy, and is scanned again
in black and white at 200 dpi. A signed or encrypted document is left aside.`),
				Flags:  []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` des jumeaux", "`FOLDER` of the twins")}},
				Action: func(c *cli.Context) error { return p.pdfOptimise(c.Context, c.Args().Slice(), c.String("out")) },
			},
		},
	}
}

// filesBelow lists files, and those of the folders among them, in order.
func filesBelow(paths []string) ([]string, error) {
	var list []string
	for _, path := range paths {
		err := filepath.WalkDir(path, func(name string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				list = append(list, name)
			}
			return err
		})
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil, build.Codes.New(build.EntreeIntrouvable, path)
		}
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", path, err)
		}
	}
	return list, nil
}

func (p *program) pdfInspect(ctx context.Context, paths []string) error {
	files, err := filesBelow(paths)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return p.usage("il manque les fichiers à examiner", "the files to look at are missing")
	}
	u := p.ui
	rows := [][]string{{u.text(lang.Text{FR: "fichier", EN: "file"}), u.text(lang.Text{FR: "type", EN: "type"}), ">pages",
		u.text(lang.Text{FR: ">octets", EN: ">bytes"}), u.text(lang.Text{FR: ">par page", EN: ">a page"}), ">dpi"}}
	for _, name := range files {
		row, err := p.pdfExamine(ctx, name)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	for _, line := range table(rows) {
		u.print(line)
	}
	return u.data(map[string]any{"type": "result", "ok": p.errors == 0, "fichiers": len(files), "anomalies": p.errors})
}

// dpiScan is the resolution from which a picture is that of a page, and not a
// logo, whose resolution says nothing.
const dpiScan = 90

// pdfExamine reports what there is to say of a file, and returns its row.
func (p *program) pdfExamine(ctx context.Context, name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open piece: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	found, err := pdfx.Examine(ctx, name, f, st.Size())
	if err != nil {
		return nil, err
	}
	for _, a := range found.Anomalies {
		p.report(a)
	}
	row := []string{oneLine(name), found.Type.String(), "", p.ui.octets(st.Size()), "", ""}
	info := found.Info
	if info.Pages > 0 {
		row[2], row[4] = p.ui.octets(int64(info.Pages)), p.ui.octets(info.PerPage())
	}
	if info.Heaviest.DPI >= dpiScan {
		row[5] = fmt.Sprint(info.Heaviest.DPI)
	}
	return row, p.ui.data(map[string]any{"type": "piece", "fichier": name, "format": found.Type.String(), "octets": st.Size(),
		"pages": info.Pages, "octets_par_page": info.PerPage(), "dpi": info.Heaviest.DPI, "version": info.Version})
}

func (p *program) pdfOptimise(ctx context.Context, paths []string, dir string) error {
	if dir == "" {
		return p.usage("il manque le dossier des jumeaux : -o DOSSIER", "the folder of the twins is missing: -o FOLDER")
	}
	files, err := filesBelow(paths)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return p.usage("il manque les fichiers à alléger", "the files to lighten are missing")
	}
	if err := durable.MkdirAll(dir); err != nil {
		return fmt.Errorf("make folder %s: %w", dir, err)
	}
	var gained int64
	written := 0
	for _, name := range files {
		before, after, err := p.pdfTwin(ctx, name, filepath.Join(dir, filepath.Base(name)))
		if err != nil {
			return err
		}
		if after > 0 {
			gained += before - after
			written++
			p.ui.print(p.ui.text(lang.Text{FR: "%s : %s octets au lieu de %s", EN: "%s: %s bytes instead of %s"}, oneLine(name), p.ui.octets(after), p.ui.octets(before)))
		} else {
			p.ui.print(p.ui.text(lang.Text{FR: "%s : rien à gagner sans toucher aux images", EN: "%s: nothing to gain without touching the pictures"}, oneLine(name)))
		}
		if err := p.ui.data(map[string]any{"type": "piece", "fichier": name, "octets": before, "allege": after}); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "fichiers": len(files), "ecrits": written, "gain": gained})
}

// pdfTwin writes the lighter twin of a file, if there is one; after is 0
// otherwise.
func (p *program) pdfTwin(ctx context.Context, name, out string) (before, after int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, 0, fmt.Errorf("open piece: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	if twin, err := os.Stat(out); err == nil && os.SameFile(st, twin) {
		return 0, 0, p.usage("%s serait écrasé : donnez un autre dossier", "%s would be overwritten: give another folder", name)
	}
	head := make([]byte, min(st.Size(), pdfx.SniffSize))
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, st.Size()), head); err != nil {
		return 0, 0, fmt.Errorf("read piece %s: %w", name, err)
	}
	if pdfx.Sniff(head) != pdfx.PDF {
		return st.Size(), 0, nil
	}
	w, err := durable.Create(out)
	if err != nil {
		return 0, 0, fmt.Errorf("make %s: %w", out, err)
	}
	defer w.Abort()
	if after, err = pdfx.Optimise(ctx, f, st.Size(), w); err != nil || after == 0 {
		return st.Size(), 0, err
	}
	return st.Size(), after, w.Commit()
}
