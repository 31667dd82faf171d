package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	appslips "paye/app/slips"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/payslip"
)

func (p *program) bulletinsCommand() *cli.Command {
	return &cli.Command{
		Name:      "bulletins",
		Usage:     p.t("éditer les bulletins de paie en PDF", "render the pay slips as PDF"),
		UsageText: p.t("xhl bulletins -o DOSSIER [--matricule M]… JOURNAL", "xhl bulletins -o FOLDER [--matricule M]… JOURNAL"),
		Description: p.t(`Un fichier par bulletin : MATRICULE-AAAA-MM.pdf, puis -2, -3… quand un agent en a plusieurs.
Le même journal donne les mêmes octets ; une édition interrompue se relance telle quelle.`,
			`One file a bulletin: MATRICULE-YYYY-MM.pdf, then -2, -3… when an agent has several.
The same journal gives the same bytes; an interrupted run is simply run again.`),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` des bulletins", "`FOLDER` of the bulletins")},
			&cli.StringSliceFlag{Name: "matricule", Usage: p.t("`MATRICULE` de l'agent dont on veut le bulletin (à répéter)", "`MATRICULE` of the agent whose bulletin is wanted (repeat)")},
			&cli.StringFlag{Name: "logo", Usage: p.t("`FICHIER` PNG ou JPEG de l'employeur", "PNG or JPEG `FILE` of the employer")},
			&cli.StringFlag{Name: "color", Value: payslip.CouleurDefaut, Usage: p.t("couleur de l'employeur, `RRVVBB`", "colour of the employer, `RRGGBB`")},
			&cli.StringSliceFlag{Name: "mention", Usage: p.t("`TEXTE` au pied de chaque page, après les mentions légales (à répéter)", "`TEXT` at the foot of each page, after the legal notes (repeat)")},
			p.rubriquesFlag(),
			p.trustEncodingFlag(),
		},
		Action: func(c *cli.Context) error {
			in, out, err := p.inOut(c)
			if err != nil {
				return err
			}
			if out == "-" {
				return p.usage("les bulletins s'écrivent dans un dossier : -o DOSSIER", "bulletins are written to a folder: -o FOLDER")
			}
			if in, err = build.JournalAt(in); err != nil {
				return err
			}
			r, err := p.renderer(c, in)
			if err != nil {
				return err
			}
			q := appslips.Request{Entree: in, Sortie: out, Matricules: c.StringSlice("matricule"), TrustEncoding: c.Bool("trust-encoding")}
			if err := appslips.Verify(c.Context, q, appslips.Watch{Anomalie: p.gather}); err != nil {
				return err
			}
			return p.bulletins(c.Context, r, q)
		},
	}
}

// trustEncodingFlag is for a journal whose accents are of another charset than
// it says.
func (p *program) trustEncodingFlag() cli.Flag {
	return &cli.BoolFlag{Name: "trust-encoding", Usage: p.t("éditer même si les accents ne sont pas dans l'encodage annoncé (XHL-019, XHL-020)", "render even if the accents are not in the announced encoding (XHL-019, XHL-020)")}
}

// rubriquesFlag is for the classes that lines are grouped by.
func (p *program) rubriquesFlag() cli.Flag {
	return &cli.StringFlag{Name: "rubriques", Usage: p.t("`FICHIER` des classes des rubriques, qui groupent les lignes (sinon rubriques.csv à côté du journal)", "`FILE` of the classes of the rubriques, which group the lines (else rubriques.csv beside the journal)")}
}

// renderer reads how the bulletins of the employer look; journal is the one
// that is rendered, empty when there are several.
func (p *program) renderer(c *cli.Context, journal string) (*payslip.Renderer, error) {
	get, err := p.settings(c)
	if err != nil {
		return nil, err
	}
	o := payslip.Options{Couleur: get("color"), Mentions: c.StringSlice("mention")}
	if o.Classe, err = appslips.Classes(c.String("rubriques"), journal); err != nil {
		return nil, err
	}
	path := get("logo")
	if path != "" {
		if o.Logo, err = readLogo(path); anomalie.Unreachable(err) {
			return nil, build.Codes.Opening(build.EntreeIntrouvable, path, err)
		} else if err != nil {
			return nil, err
		}
	}
	r, err := payslip.New(o)
	if errors.Is(err, payslip.ErrCouleur) {
		return nil, p.usage("--color : %q n'est pas une couleur RRVVBB, comme 1F4E79", "--color: %q is not a colour RRGGBB, such as 1F4E79", o.Couleur)
	}
	return r, err
}

// readLogo reads a picture; one beyond the limit is left for payslip to refuse.
func readLogo(path string) ([]byte, error) {
	f, err := input.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the logo: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, payslip.MaxLogo+1))
	if err != nil {
		return nil, fmt.Errorf("read the logo %s: %w", path, err)
	}
	return data, nil
}

// Writing waits for the disk more than it renders.
const writersACore = 4

var edition = lang.Text{FR: "édition des bulletins", EN: "rendering the bulletins"}

func (p *program) bulletins(ctx context.Context, r *payslip.Renderer, q appslips.Request) error {
	res, err := appslips.Write(ctx, r, q, appslips.Watch{Anomalie: p.gather, Inputs: &p.inputs, Workers: writersACore * runtime.GOMAXPROCS(0), Begin: func(written *atomic.Int64) {
		p.ui.startProgress(func() status { return status{name: edition, key: "bulletins", done: written.Load()} })
	}})
	p.ui.endProgress()
	if err != nil {
		return err
	}
	for _, f := range res.Written {
		if err := p.ui.data(map[string]any{"type": "bulletin", "matricule": f.Matricule, "fichier": f.Nom, "octets": f.Octets}); err != nil {
			return err
		}
	}
	for _, a := range res.Missing {
		p.report(a)
	}
	p.ui.say(lang.Text{FR: "%s en PDF dans %s", EN: "%s as PDF in %s"}, p.ui.text(bulletinsCounted, len(res.Written)), q.Sortie)
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "bulletins": len(res.Written), "octets": res.Octets, "sortie": q.Sortie})
}
