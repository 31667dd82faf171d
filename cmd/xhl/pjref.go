package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"paye/app/send"
	"paye/internal/lang"
)

func (p *program) pjrefCommand() *cli.Command {
	return &cli.Command{
		Name:      "pjref",
		Usage:     p.t("les références des pièces, pour que les mandats les désignent", "the references of the pieces, for the mandats to name them"),
		UsageText: "xhl pjref [--format xml|csv] [-o FICHIER] FLUX|DOSSIER…",
		Description: p.t(`Pour le service des finances quand les mandats et les pièces voyagent à part : rien n'y désigne une personne.
En XML, l'élément PJRef à placer dans InfoPce de chaque mandat.`,
			`For the finance side when mandats and pieces travel apart: nothing in it names a person.
As XML, the element PJRef to be put into InfoPce of each mandat.`),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Value: "xml", Usage: "xml | csv"},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Value: "-", Usage: p.t("`FICHIER` à écrire", "`FILE` to write")},
		},
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return p.usage("donnez des flux PES, ou le dossier des volumes", "give PES files, or the folder of the volumes")
			}
			if err := p.choice("format", c.String("format"), "xml", "csv"); err != nil {
				return err
			}
			if p.ui.json && c.String("out") == "-" {
				return p.pjrefs(c, io.Discard)
			}
			return p.toFile(c.String("out"), func(w io.Writer) error { return p.pjrefs(c, w) })
		},
	}
}

func (p *program) pjrefs(c *cli.Context, w io.Writer) error {
	write := func(r *send.PJRef) error { return send.WritePJRefXML(w, r) }
	end := func() error { return nil }
	if c.String("format") == "csv" {
		t, err := send.NewPJRefCSV(w)
		if err != nil {
			return err
		}
		write, end = t.Write, t.Close
	}
	list, again, err := send.PJRefs(c.Context, c.Args().Slice())
	if err != nil {
		return err
	}
	for _, r := range list {
		err := p.ui.data(map[string]any{"type": "pjref", "id_unique": r.IdUnique, "support": "01", "type_pj": r.TypePJ, "octets": r.Octets, "nomfic": r.NomFic, "mandats": r.Mandats})
		if err == nil {
			err = write(r)
		}
		if err != nil {
			return err
		}
	}
	if err := end(); err != nil {
		return err
	}
	if again > 0 {
		p.ui.say(lang.Text{FR: "%d pièce{s} {est|sont} dans plusieurs flux : {elle est donnée|elles sont données} une fois, d'après le dernier", EN: "%d piece{s} {is|are} in several fluxes: given once, as the last one has {it|them}"}, again)
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "pjref": len(list), "plusieurs_flux": again})
}
