package main

import (
	"errors"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"paye/vault"
)

func (p *program) userPaperCommand() *cli.Command {
	return &cli.Command{
		Name: "paper", Usage: p.t("les agents dont les bulletins s'impriment", "the agents whose slips are printed"),
		UsageText: "xhl vault user paper [--add MATRICULE --cause refus|inconnu|sorti|deces] [--remove MATRICULE] [--siret SIRET]",
		Flags: append(p.employerFlags(),
			&cli.StringSliceFlag{Name: "add", Usage: p.t("`MATRICULE` à mettre sur papier, à répéter", "`MATRICULE` to put on paper, repeat")},
			&cli.BoolFlag{Name: "yes", Usage: p.t("même pour un agent auquel rien n'a encore été déposé", "also for an agent to whom nothing was deposited yet")},
			&cli.StringFlag{Name: "cause", Value: string(vault.CauseRefus), Usage: "refus | inconnu | sorti | deces"},
			&cli.StringFlag{Name: "since", Usage: p.t("depuis le `JOUR`, AAAA-MM-JJ (maintenant par défaut)", "since the `DAY`, AAAA-MM-JJ (now by default)")},
			&cli.StringSliceFlag{Name: "remove", Usage: p.t("`MATRICULE` qui revient au bulletin électronique, à répéter", "`MATRICULE` that is back to electronic slips, repeat")}),
		Action: func(c *cli.Context) error {
			if !slices.Contains(causes, vault.Cause(c.String("cause"))) {
				return p.usage("--cause : refus, inconnu, sorti ou deces", "--cause: refus, inconnu, sorti or deces")
			}
			since, err := p.date(c, "since", time.Local)
			if err != nil {
				return err
			}
			return p.coffre(c, vault.Options{}, func(v *vault.Coffre, par vault.Acteur) error { return p.userPaper(c, v, par, since) })
		},
	}
}

func (p *program) userPaper(c *cli.Context, v *vault.Coffre, par vault.Acteur, since time.Time) error {
	siret, err := p.employeur(c, v)
	if err != nil {
		return err
	}
	for _, m := range c.StringSlice("add") {
		id, err := v.Registre().AgentDe(c.Context, siret, m)
		if err != nil {
			return err
		}
		if id == (vault.ID{}) && !c.Bool("yes") {
			return p.hinted(p.usage("le coffre ne connaît aucun agent de matricule %s ; rien n'a été changé", "the vault knows no agent with matricule %s; nothing was changed", m),
				"vérifiez-le dans « xhl vault list » ; s'il est juste, et que rien ne lui a encore été déposé, ajoutez --yes", "check it in “xhl vault list”; if it is right, and nothing was deposited for him yet, add --yes")
		}
	}
	var errs []error
	for _, m := range c.StringSlice("add") {
		errs = append(errs, v.Registre().SetPapier(c.Context, par, vault.Papier{Employeur: siret, Matricule: m, Cause: vault.Cause(c.String("cause")), Depuis: since}))
	}
	for _, m := range c.StringSlice("remove") {
		errs = append(errs, v.Registre().RemovePapier(c.Context, par, siret, m))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	list, err := v.Papier(c.Context, par, siret)
	if err != nil {
		return err
	}
	rows := [][]string{{"Matricule", p.t("Cause", "Cause"), p.t("Depuis", "Since")}}
	for _, a := range list {
		rows = append(rows, []string{oneLine(a.Matricule), string(a.Cause), a.Depuis.Local().Format("02/01/2006")})
		if err := p.ui.data(struct {
			Type string `json:"type"`
			vault.Papier
		}{"papier", a}); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		p.ui.print(p.t("Aucun agent ne reçoit ses bulletins sur papier.", "No agent receives his slips on paper."))
	} else {
		for _, line := range table(rows) {
			p.ui.print(line)
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "papier": len(list)})
}

var causes = []vault.Cause{vault.CauseRefus, vault.CauseInconnu, vault.CauseSorti, vault.CauseDeces}
