package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/compress"
	"paye/internal/durable"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/payslip"
	"paye/xhl"
	"paye/xhl/check"
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
			r, err := p.renderer(c)
			if err != nil {
				return err
			}
			if err := p.beforeSlips(c.Context, in, c.Bool("trust-encoding")); err != nil {
				return err
			}
			return p.bulletins(c.Context, r, in, out, c.StringSlice("matricule"))
		},
	}
}

// trustEncodingFlag is for a journal whose accents are of another charset than
// it says.
func (p *program) trustEncodingFlag() cli.Flag {
	return &cli.BoolFlag{Name: "trust-encoding", Usage: p.t("éditer même si les accents ne sont pas dans l'encodage annoncé (XHL-019, XHL-020)", "render even if the accents are not in the announced encoding (XHL-019, XHL-020)")}
}

// beforeSlips tells what agents would read wrong, before anything is printed.
func (p *program) beforeSlips(ctx context.Context, in string, trust bool) error {
	journal, err := build.OpenJournal(in, compress.Limits{})
	if err != nil {
		return err
	}
	defer journal.Close()
	return check.BeforeSlips(ctx, journal, check.SlipOptions{Fichier: in, TrustEncoding: trust, Anomalie: p.report})
}

// renderer reads how the bulletins of the employer look.
func (p *program) renderer(c *cli.Context) (*payslip.Renderer, error) {
	get, err := p.settings(c)
	if err != nil {
		return nil, err
	}
	o := payslip.Options{Couleur: get("color"), Mentions: c.StringSlice("mention")}
	path := get("logo")
	if path != "" {
		if o.Logo, err = readLogo(path); errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
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

func (p *program) bulletins(ctx context.Context, r *payslip.Renderer, in, out string, matricules []string) error {
	journal, err := build.OpenJournal(in, compress.Limits{})
	if err != nil {
		return err
	}
	defer journal.Close()
	reader, err := xhl.NewReader(journal, xhl.Options{Fichier: in, Anomalie: p.report})
	if err != nil {
		return err
	}
	folder, err := durable.Begin(out, durable.DeliveryOptions{Inputs: &p.inputs})
	if err != nil {
		return fmt.Errorf("make folder %s: %w", out, err)
	}
	defer folder.Abort()
	missing := make(map[string]bool, len(matricules))
	for _, m := range matricules {
		missing[m] = true
	}
	var octets int64
	var written []payslip.Fichier
	d := &payslip.Dossier{Renderer: r, Out: folder, Workers: writersACore * runtime.GOMAXPROCS(0)}
	if len(matricules) > 0 {
		d.Garde = func(b *xhl.Bulletin) bool {
			_, wanted := missing[b.Agent.Matricule]
			if wanted {
				missing[b.Agent.Matricule] = false
			}
			return wanted
		}
	}
	d.Ecrit = func(f payslip.Fichier) error {
		if f.Lacks {
			a := payslip.Codes.New("BUL-005", f.Matricule)
			a.Matricule = f.Matricule
			p.report(a)
		}
		written = append(written, f)
		octets += f.Octets
		return nil
	}
	p.ui.startProgress(func() status { return status{name: edition, key: "bulletins", done: d.Fait.Load()} })
	err = publish(ctx, folder, journal, d.Write(ctx, reader.Entete(), reader.Bulletins()))
	p.ui.endProgress()
	if err != nil {
		return err
	}
	for _, f := range written {
		if err := p.ui.data(map[string]any{"type": "bulletin", "matricule": f.Matricule, "fichier": f.Nom, "octets": f.Octets}); err != nil {
			return err
		}
	}
	for _, m := range matricules {
		if missing[m] {
			missing[m] = false
			a := payslip.Codes.New("BUL-003", m).At(in, -1, 0)
			a.Matricule = m
			p.report(a)
		}
	}
	p.ui.say(lang.Text{FR: "%s en PDF dans %s", EN: "%s as PDF in %s"}, p.ui.count(len(written), "bulletin"), out)
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "bulletins": len(written), "octets": octets, "sortie": out})
}
