package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"paye/internal/lang"
)

// appHelp is the first page: what to do first, then the commands in their
// groups.
func (u *ui) appHelp(commands []*cli.Command) string {
	var b strings.Builder
	b.WriteString(u.text(lang.Text{
		FR: `xhl — {{.Usage}}

Pour commencer :
  xhl build --limit 128Mo --idpost CODIQUE --codcol NNN --codbud NN -o DOSSIER JOURNAL
  xhl plan  --limit 128Mo --format zip JOURNAL      (montre les volumes sans rien écrire)
`,
		EN: `xhl — {{.Usage}}

To begin:
  xhl build --limit 128Mo --idpost CODIQUE --codcol NNN --codbud NN -o FOLDER JOURNAL
  xhl plan  --limit 128Mo --format zip JOURNAL      (shows the volumes, writes nothing)
`}))
	category := ""
	for _, c := range commands {
		if c.Category != category {
			category = c.Category
			b.WriteString("\n" + category + strings.TrimRight(u.colon(), " ") + "\n")
		}
		fmt.Fprintf(&b, "  %-10s %s\n", c.Name, c.Usage)
	}
	b.WriteString(u.text(lang.Text{
		FR: `
« xhl COMMANDE --help » détaille une commande, « xhl help codes » liste les anomalies.
Codes de retour : 0 fait, 1 échec, 3 fait avec des anomalies, 10 introuvable, 11 illisible,
12 justificatif manquant, 13 trop grand, 14 vérification, 15 coffre, 64 usage, 130 interrompu.
`,
		EN: `
"xhl COMMAND --help" explains a command, "xhl help codes" lists the anomalies.
Exit codes: 0 done, 1 failed, 3 done with anomalies, 10 not found, 11 unreadable,
12 justificatif missing, 13 too large, 14 verification, 15 vault, 64 usage, 130 interrupted.
`}))
	return b.String()
}

// commandHelp is the page of a command, called path with the commands above it.
func (u *ui) commandHelp(c *cli.Command, path string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s — %s\n\n  %s\n", path, c.Usage, c.UsageText)
	if c.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", c.Description)
	}
	if len(c.Subcommands) > 0 {
		b.WriteString("\n" + u.text(lang.Text{FR: "Sous-commandes :", EN: "Subcommands:"}) + "\n")
		for _, sub := range c.Subcommands {
			fmt.Fprintf(&b, "  %-10s %s\n", sub.Name, sub.Usage)
		}
	}
	u.options(&b, c.Flags)
	return b.String()
}

// Categories of options that have no heading of their own.
const (
	ownOptions    = ""
	commonOptions = " " // those of every command, shown last
)

// options lists flags below the headings of their categories.
func (u *ui) options(b *strings.Builder, flags []cli.Flag) {
	type option struct{ call, usage string }
	groups := make(map[string][]option)
	var order []string
	width := 0
	for _, f := range flags {
		doc, ok := f.(interface {
			cli.DocGenerationFlag
			cli.CategorizableFlag
		})
		if !ok || !doc.IsVisible() {
			continue
		}
		o := option{usage: doc.GetUsage()}
		placeholder := u.text(lang.Text{FR: "VALEUR", EN: "VALUE"})
		if before, after, found := strings.Cut(o.usage, "`"); found {
			if name, rest, closed := strings.Cut(after, "`"); closed {
				placeholder, o.usage = name, before+name+rest
			}
		}
		for i, name := range doc.Names() {
			if i > 0 {
				o.call += ", "
			}
			o.call += strings.Repeat("-", min(len(name), 2)) + name
		}
		if doc.TakesValue() {
			o.call += " " + placeholder
			if v := doc.GetValue(); v != "" && v != "0" && v != "[]" {
				o.usage += u.text(lang.Text{FR: " (par défaut : %s)", EN: " (default: %s)"}, v)
			}
		}
		width = max(width, utf8.RuneCountInString(o.call))
		if category := doc.GetCategory(); groups[category] == nil {
			order = append(order, category)
		}
		groups[doc.GetCategory()] = append(groups[doc.GetCategory()], o)
	}
	for _, category := range order {
		heading := category + strings.TrimRight(u.colon(), " ")
		switch category {
		case ownOptions:
			heading = u.text(lang.Text{FR: "Options :", EN: "Options:"})
		case commonOptions:
			heading = u.text(lang.Text{FR: "Options communes :", EN: "Common options:"})
		}
		b.WriteString("\n" + heading + "\n")
		for _, o := range groups[category] {
			pad := strings.Repeat(" ", width-utf8.RuneCountInString(o.call))
			fmt.Fprintf(b, "  %s%s  %s\n", o.call, pad, o.usage)
		}
	}
}
