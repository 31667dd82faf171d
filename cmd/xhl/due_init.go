package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"paye/due"
	"paye/internal/durable"
)

func (p *program) dueInitCommand() *cli.Command {
	return &cli.Command{
		Name: "init", Usage: p.t("écrire un fichier de réglages à remplir", "write a settings file to fill in"),
		UsageText: p.t("xhl due init [-o due.cfg]", "xhl due init [-o due.cfg]"),
		Description: p.t("Chaque clé y est, avec ce qu'elle veut dire ; celles sans quoi rien ne se déclare sont ouvertes. Un fichier qui existe n'est jamais remplacé.",
			"Every key is in it, with what it means; those without which nothing is declared stand open. A file that exists is never replaced."),
		Flags: []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Value: "due.cfg", Usage: p.t("`FICHIER` à écrire", "`FILE` to write")}},
		Action: func(c *cli.Context) error {
			out := c.String("out")
			if _, err := os.Lstat(out); err == nil {
				return p.hinted(p.usage("%s existe déjà : il n'est pas remplacé", "%s is there already: it is not replaced", out),
					"donnez un autre nom : -o FICHIER", "give another name: -o FILE")
			}
			if err := durable.WriteFile(out, []byte(due.Modele(p.ui.lang))); err != nil {
				return fmt.Errorf("write the settings: %w", err)
			}
			p.ui.print(p.t("Réglages à remplir : ", "Settings to fill in: ") + out)
			p.ui.print(p.t("Puis « xhl due setup » dit la suite.", "Then “xhl due setup” says what comes next."))
			return p.ui.data(map[string]any{"type": "result", "ok": true, "fichier": out})
		},
	}
}
