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
	list := u.optionsOf(flags)
	width := 0
	for _, o := range list {
		width = max(width, utf8.RuneCountInString(o.call()))
	}
	for _, group := range u.grouped(list) {
		b.WriteString("\n" + group.heading + "\n")
		for _, o := range group.options {
			pad := strings.Repeat(" ", width-utf8.RuneCountInString(o.call()))
			fmt.Fprintf(b, "  %s%s  %s\n", o.call(), pad, u.usageOf(o))
		}
	}
}

// call is an option as it is typed, with a word for its value.
func (o option) call() string {
	call := strings.Join(o.names, ", ")
	if o.value != "" {
		call += " " + o.value
	}
	return call
}

// usageOf is what an option does, and what it is when it is not given.
func (u *ui) usageOf(o option) string {
	if o.standard == "" {
		return o.usage
	}
	return o.usage + u.text(lang.Text{FR: " (par défaut : %s)", EN: " (default: %s)"}, o.standard)
}

// optionGroup is what stands below one heading.
type optionGroup struct {
	heading string
	options []option
}

// grouped sorts options below their headings, in the order of the first of each.
func (u *ui) grouped(list []option) (groups []optionGroup) {
	at := make(map[string]int)
	for _, o := range list {
		n, seen := at[o.category]
		if !seen {
			n = len(groups)
			at[o.category] = n
			heading := o.category + strings.TrimRight(u.colon(), " ")
			switch o.category {
			case ownOptions:
				heading = u.text(lang.Text{FR: "Options :", EN: "Options:"})
			case commonOptions:
				heading = u.text(lang.Text{FR: "Options communes :", EN: "Common options:"})
			}
			groups = append(groups, optionGroup{heading: heading})
		}
		groups[n].options = append(groups[n].options, o)
	}
	return groups
}
