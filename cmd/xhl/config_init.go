package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/internal/durable"
	"paye/internal/lang"
)

func (p *program) configInitCommand() *cli.Command {
	return &cli.Command{
		Name: "init", Usage: p.t("écrire un fichier de configuration commenté, à remplir", "write a commented configuration file, to be filled in"),
		UsageText: p.t("xhl config init [-o FICHIER]", "xhl config init [-o FILE]"),
		Description: p.t("Le fichier n'est pas remplacé s'il existe. « -o - » l'écrit sur la sortie standard.",
			"The file is not replaced if it is there. “-o -” writes it to standard output."),
		Flags: []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` à écrire (celui de « xhl config » par défaut)", "`FILE` to write (that of “xhl config” by default)")}},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			}
			path, text := firstOf(c.String("out"), p.configPath()), p.configTemplate()
			if path == "-" {
				p.ui.print(strings.TrimSuffix(text, "\n"))
				return p.ui.data(map[string]any{"type": "result", "ok": true, "texte": text})
			}
			switch _, err := os.Lstat(path); {
			case err == nil:
				return p.usage("%s existe déjà : ouvrez-le, ou donnez un autre nom par -o", "%s is there already: open it, or give another name by -o", path)
			case !errors.Is(err, fs.ErrNotExist):
				return err
			}
			if err := durable.MkdirAll(filepath.Dir(path)); err != nil {
				return err
			}
			if err := durable.WriteFile(path, []byte(text)); err != nil {
				return err
			}
			p.ui.say(lang.Text{FR: "%s est écrit : ouvrez-le, ôtez le « # » des lignes voulues et remplissez-les", EN: "%s is written: open it, take the “#” off the lines that you want and fill them in"}, path)
			return p.ui.data(map[string]any{"type": "result", "ok": true, "fichier": path})
		},
	}
}

// configTemplate is a file with every key as a comment, below what its option
// does, in the groups of the help.
func (p *program) configTemplate() string {
	var b strings.Builder
	b.WriteString(p.t(`# Configuration de xhl : une ligne « clé = valeur » par option que l'on ne veut plus
# taper. « # » devant une ligne la rend sans effet ; une option tapée l'emporte.
# « xhl config » montre chaque valeur et d'où elle vient.
`, `# Configuration of xhl: a line “key = value” for each option one no longer wants to
# type. “#” before a line takes its effect away; an option that is typed wins.
# “xhl config” shows each value and where it comes from.
`))
	options := p.keyOptions()
	category := "?"
	for _, key := range configKeys {
		o := options[key]
		if o.category != category {
			category = o.category
			b.WriteString("\n# -- " + firstOf(category, p.t("Divers", "Other")) + " --\n")
		}
		b.WriteString("\n# " + o.usage + "\n# " + key + " = " + o.standard + "\n")
	}
	b.WriteString(p.t(`
# -- Par employeur et par budget --
#
# Ce qui suit un SIRET ne vaut que pour les journaux de cet employeur, ce qui suit un
# SIRET et un code de budget que pour ce budget. Une section d'un autre nom vaut quand
# on la demande : --preset NOM. Les sections sont les dernières du fichier.
#
# [21967564200017]
# idpost = 006111
# codcol = 123
# codbud = 00
#
# [21967564200017 02]
# codbud = 02
#
# [essai]
# limit = 1Mo
`, `
# -- By employer and by budget --
#
# What follows a SIRET is for journals of that employer only, what follows a SIRET and
# the code of a budget for that budget only. A section of another name is for who asks
# for it: --preset NAME. Sections are the last of the file.
#
# [21967564200017]
# idpost = 006111
# codcol = 123
# codbud = 00
#
# [21967564200017 02]
# codbud = 02
#
# [trial]
# limit = 1Mo
`))
	return b.String()
}
