package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"paye/internal/durable"
	"paye/internal/lang"
	webpage "paye/web/page"
)

func (p *program) pageCommand() *cli.Command {
	return &cli.Command{
		Name:      "page",
		Usage:     p.t("écrire la page : contrôler et construire dans un navigateur, sans rien installer", "write the page: check and build in a browser, with nothing to install"),
		UsageText: p.t("xhl page -o xhl.html", "xhl page -o xhl.html"),
		Description: p.t(`Un seul fichier HTML, qui s'ouvre depuis un disque ou n'importe quel serveur web, avec Firefox,
Chrome ou Edge. Tout se fait dans l'onglet : ses règles lui interdisent de charger ou de poster
quoi que ce soit. Les volumes sont, octet pour octet, ceux de « xhl build ».`,
			`One HTML file, to be opened from a disk or from any web server, with Firefox, Chrome or Edge.
All is done in the tab: its rules forbid it to load or to post anything. The volumes are, byte
for byte, those of "xhl build".`),
		Flags: []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` .html à écrire", "`FILE` .html to write")}},
		Action: func(c *cli.Context) error {
			out := c.String("out")
			if out == "" {
				return p.usage("il manque le fichier à écrire : -o xhl.html", "the file to write is missing: -o xhl.html")
			}
			if c.NArg() != 0 {
				return p.usage("aucun fichier n'est attendu : la page reçoit la paye quand on l'ouvre", "no file is expected: the page is given the payroll once it is open")
			}
			return p.writePage(out)
		},
	}
}

func (p *program) writePage(out string) error {
	a, err := webpage.Held()
	if errors.Is(err, webpage.ErrAbsent) {
		return webpage.Codes.New(webpage.NotBuilt)
	}
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := webpage.Write(&text, a, version()); err != nil {
		return err
	}
	if err := durable.WriteFile(out, text.Bytes()); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	p.ui.print(p.ui.text(lang.Text{FR: "%s : %s. Ouvrez-le dans un navigateur.", EN: "%s: %s. Open it in a browser."}, out, p.ui.octets(int64(text.Len()))))
	return p.ui.data(map[string]any{"type": "result", "ok": true, "fichier": out, "octets": text.Len()})
}
