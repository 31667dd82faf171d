package main

import (
	"context"

	"github.com/urfave/cli/v2"

	"paye/app/states"
	"paye/etats"
	"paye/internal/lang"
)

func (p *program) etatCommand() *cli.Command {
	kinds := []struct{ name, fr, en string }{
		{states.Liquidatif, "l'état nominatif décompté : une ligne par ligne de bulletin, ou par agent (--wide)", "the état nominatif décompté: one row a line of a bulletin, or an agent (--wide)"},
		{states.Heures, "le décompte des heures, par agent et par taux", "the décompte of hours, by agent and rate"},
		{states.Astreintes, "les astreintes, interventions et permanences", "astreintes, interventions and permanences"},
		{states.SFT, "le supplément familial de traitement", "the supplément familial"},
		{states.Elus, "les indemnités de fonction des élus", "the indemnités of élus"},
		{states.Charges, "les charges par caisse : assiette, taux, montant", "contributions by caisse: base, rate, amount"},
		{states.Recapitulatif, "la répartition par compte", "the répartition by account"},
		{states.Controles, "des contrôles, à titre d'avis", "controls, as an opinion"},
		{states.RubriquesEtat, "la classe proposée de chaque rubrique, à corriger", "the proposed class of each rubrique, to correct"},
	}
	c := &cli.Command{
		Name:      "etat",
		Usage:     p.t("rétablir les états d'un mois : liquidatif, heures, charges…", "rebuild the états of a month: liquidatif, hours, charges…"),
		UsageText: p.t("xhl etat liquidatif [-o etat.xlsx] JOURNAL…", "xhl etat liquidatif [-o etat.xlsx] JOURNAL…"),
		Description: p.t(`JOURNAL est un journal, un flux PES, une archive, ou le dossier d'un lot ; plusieurs sont lus
comme un seul mois. Ce que le XHL ne porte pas est dit ainsi, jamais laissé vide.`,
			`JOURNAL is a journal, a PES file, an archive, or the folder of a set; several are read as one
month. What the XHL does not have is said so, never left empty.`),
	}
	for _, k := range kinds {
		flags := append(p.etatFlags(),
			&cli.StringFlag{Name: "etablissement", Usage: p.t("`SIRET` ou nom d'un seul établissement", "`SIRET` or name of one établissement")},
			&cli.StringFlag{Name: "service", Usage: p.t("`NOM` d'un seul service", "`NAME` of one service")},
		)
		if k.name == states.Liquidatif {
			flags = append(flags, &cli.BoolFlag{Name: "wide", Usage: p.t("une ligne par agent, une colonne par rubrique", "one row an agent, one column a rubrique")})
		}
		c.Subcommands = append(c.Subcommands, &cli.Command{
			Name: k.name, Usage: p.t(k.fr, k.en), UsageText: p.t("xhl etat "+k.name+" [-o FICHIER] JOURNAL…", "xhl etat "+k.name+" [-o FILE] JOURNAL…"), Flags: flags,
			Action: func(c *cli.Context) error {
				if c.NArg() == 0 {
					return p.usage("un journal est attendu", "a journal is expected")
				}
				out, err := p.stateOutput(c)
				if err != nil {
					return err
				}
				q := &states.EtatRequest{Kind: k.name, Journals: c.Args().Slice(), Rubriques: c.String("rubriques"), Wide: c.Bool("wide"),
					Filtre: etats.Filtre{Etablissement: c.String("etablissement"), Service: c.String("service")}}
				return p.etat(c.Context, q, out)
			},
		})
	}
	return c
}

var etatEnCours = lang.Text{FR: "lecture du mois", EN: "reading the month"}

func (p *program) etat(ctx context.Context, q *states.EtatRequest, out *stateOutput) error {
	w := &states.Watch{Anomalie: p.report, Progress: new(states.Progress)}
	p.ui.startProgress(func() status {
		done, total := w.Progress.Status()
		return status{name: etatEnCours, key: "etat", done: done, total: total}
	})
	e, err := states.Make(ctx, q, &out.look, w)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	out.origin = states.OriginOf(e.Mois, e.SHA256, out.date)
	rows := 0
	for _, t := range e.Tables {
		rows += t.Len
	}
	if p.ui.json && out.format == formatScreen {
		for _, t := range e.Tables {
			if err := t.JSON(p.ui.data); err != nil {
				return err
			}
		}
	} else {
		tables := e.Tables
		if out.format == formatCSV {
			tables = tables[:1] // a file of one table is what programs read
		}
		if err := p.writeState(out, e.Title, e.Notes, tables...); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "etat": q.Kind, "siret": e.Mois.Siret, "mois": e.Mois.Titre(), "bulletins": e.Mois.Bulletins, "lignes": rows, "sha256": e.SHA256, "pieces_version": out.origin.Version})
}
