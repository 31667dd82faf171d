package main

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/internal/anomalie"
	"paye/internal/input"
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
				Usage:     p.t("type, pages, poids par page, ce qui les alourdit et ce qu'ils contiennent", "type, pages, weight a page, what makes them heavy and what they hold"),
				UsageText: p.t("xhl pdf inspect FICHIER…", "xhl pdf inspect FILE…"),
				Description: p.t("Un dossier est examiné avec tout ce qu'il contient.",
					"A folder is looked at with all that it holds."),
				Action: func(c *cli.Context) error { return p.pdfInspect(c.Context, c.Args().Slice()) },
			},
			{
				Name:      "optimise",
				Usage:     p.t("écrire des jumeaux plus légers, sans toucher aux originaux", "write lighter twins, leaving the originals alone"),
				UsageText: p.t("xhl pdf optimise -o DOSSIER FICHIER…", "xhl pdf optimise -o FOLDER FILE…"),
				Description: p.t(`Les pages numérisées passent en noir et blanc à 200 dpi, ce que demande la note de la DGFiP ;
une photographie garde ses couleurs. Le reste est recopié tel quel, puis le jumeau est relu et
comparé à l'original, page par page à l'écran si poppler est installé : au moindre doute, pas de
jumeau. Un document signé, chiffré ou PDF/A est laissé de côté, et un fichier qui ne s'ouvre pas
n'arrête pas les autres.`,
					`Scanned pages become black and white at 200 dpi, as the note of the DGFiP asks; a photograph
keeps its colours. The rest is copied as it is, then the twin is read again and held against the
original, page by page as drawn when poppler is installed: at the least doubt there is no twin.
A signed, encrypted or PDF/A document is left aside, and a file that does not open does not
stop the others.`),
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` des jumeaux", "`FOLDER` of the twins")},
					&cli.BoolFlag{Name: "keep-pictures", Usage: p.t("ne pas toucher aux pages numérisées", "leave scanned pages as they are")},
				},
				Action: func(c *cli.Context) error {
					return p.pdfOptimise(c.Context, c.Args().Slice(), c.String("out"), c.Bool("keep-pictures"))
				},
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
		if anomalie.Unreachable(err) {
			return nil, build.Codes.Opening(build.EntreeIntrouvable, path, err)
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
		u.text(lang.Text{FR: ">taille", EN: ">size"}), u.text(lang.Text{FR: ">par page", EN: ">a page"}), ">dpi",
		u.text(lang.Text{FR: "contient", EN: "holds"})}}
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
	f, err := input.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open piece: %w", err)
	}
	defer f.Close()
	st := f.Info()
	found, err := pdfx.Examine(ctx, name, f, st.Size())
	if err != nil {
		return nil, err
	}
	for _, a := range found.Anomalies {
		p.report(a)
	}
	row := []string{oneLine(name), found.Type.String(), "", p.ui.octets(st.Size()), "", "", ""}
	info := found.Info
	var holds pdfx.Features
	if info.Pages > 0 {
		row[2], row[4] = p.ui.number(int64(info.Pages)), p.ui.octets(info.PerPage())
		if _, holds, err = pdfx.Look(ctx, f, st.Size()); err != nil && !anomalie.Is(err, pdfx.Illisible) {
			return nil, fmt.Errorf("look into piece: %w", err)
		}
		row[6] = strings.Join(p.holdings(&info, &holds), ", ")
	}
	if info.Heaviest.DPI >= dpiScan {
		row[5] = fmt.Sprint(info.Heaviest.DPI)
	}
	return row, p.ui.data(map[string]any{"type": "piece", "fichier": name, "format": found.Type.String(), "octets": st.Size(),
		"pages": info.Pages, "octets_par_page": info.PerPage(), "dpi": info.Heaviest.DPI, "version": info.Version,
		"chiffre": info.Encrypted, "signe": holds.Signed, "pdfa": holds.PDFA, "formulaire": holds.Form, "xfa": holds.XFA,
		"pieces_jointes": holds.Attachments, "javascript": holds.JavaScript, "actions": append([]string{}, holds.Actions...)})
}

// holdings names what a PDF holds beside its pages.
func (p *program) holdings(info *pdfx.Info, f *pdfx.Features) (list []string) {
	for _, what := range []struct {
		is   bool
		name string
	}{
		{f.Signed, p.t("signature", "signature")},
		{info.Encrypted, p.t("chiffrement sans mot de passe", "encryption without a password")},
		{f.PDFA != "", "PDF/A-" + f.PDFA},
		{f.Form, p.t("formulaire", "form")},
		{f.XFA, p.t("formulaire XFA", "XFA form")},
		{f.Attachments, p.t("pièces jointes", "attachments")},
		{f.JavaScript && !f.Acts("JavaScript"), "JavaScript"},
		{len(f.Actions) > 0, p.t("actions ", "actions ") + strings.Join(f.Actions, " ")},
	} {
		if what.is {
			list = append(list, what.name)
		}
	}
	return list
}
