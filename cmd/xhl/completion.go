package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// shells are those that the program writes completions for, and how.
var shells = []struct {
	name  string
	write func(page) string
}{
	{"bash", bashCompletion}, {"zsh", zshCompletion}, {"fish", fishCompletion}, {"powershell", powershellCompletion},
}

func (p *program) completionCommand() *cli.Command {
	c := &cli.Command{
		Name: "completion", Usage: p.t("ce qui complète les commandes au clavier, pour un shell", "what completes commands at the keyboard, for a shell"),
		UsageText: "xhl completion bash|zsh|fish|powershell",
		Description: p.t(`Écrit sur la sortie standard le script qui complète commandes, options et valeurs :
  bash        xhl completion bash > ~/.local/share/bash-completion/completions/xhl
  zsh         xhl completion zsh > DOSSIER/_xhl      (un dossier de $fpath)
  fish        xhl completion fish > ~/.config/fish/completions/xhl.fish
  PowerShell  xhl completion powershell | Out-String | Invoke-Expression      (dans $PROFILE)`,
			`Writes to standard output the script that completes commands, options and values:
  bash        xhl completion bash > ~/.local/share/bash-completion/completions/xhl
  zsh         xhl completion zsh > FOLDER/_xhl      (a folder of $fpath)
  fish        xhl completion fish > ~/.config/fish/completions/xhl.fish
  PowerShell  xhl completion powershell | Out-String | Invoke-Expression      (in $PROFILE)`),
	}
	for _, shell := range shells {
		c.Subcommands = append(c.Subcommands, &cli.Command{
			Name: shell.name, Usage: p.t("le script pour ", "the script for ") + shell.name, UsageText: "xhl completion " + shell.name,
			Action: func(c *cli.Context) error {
				if c.NArg() > 0 {
					return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
				}
				script := shell.write(p.reference())
				p.ui.print(strings.TrimSuffix(script, "\n"))
				return p.ui.data(map[string]any{"type": "result", "ok": true, "shell": shell.name, "script": script})
			},
		})
	}
	return c
}

// next are the words that may follow a command, besides its options.
func (pg page) next() []string { return append(namesOf(pg.subs), pg.args...) }

// about is what a word that may follow means; "" for an argument.
func (pg page) about(word string) string {
	for _, sub := range pg.subs {
		if sub.words[len(sub.words)-1] == word {
			return sub.usage
		}
	}
	return ""
}

// flags are the options as typed; takers those that want a value.
func (pg page) flags() (all, takers []string) {
	for _, o := range pg.options {
		all = append(all, o.names...)
		if o.value != "" {
			takers = append(takers, o.names...)
		}
	}
	return all, takers
}

// files reports whether the arguments of a command may be files.
func (pg page) files() bool { return len(pg.subs) == 0 && len(pg.args) == 0 }

// quoted is a word or a list as bash, zsh and fish read it.
func quoted(words ...string) string {
	return "'" + strings.ReplaceAll(strings.Join(words, " "), "'", `'\''`) + "'"
}

// shellCases writes what follows each command, one line of a case each.
func shellCases(b *strings.Builder, top page, line func(page) string) {
	top.every(func(pg page) { fmt.Fprintf(b, "  %s) %s ;;\n", quoted(pg.name()), line(pg)) })
}

// shellValues writes what the options of each command take: of a list, or of the disk.
func shellValues(b *strings.Builder, top page) {
	of := make(map[string][]string)
	var order []string
	top.every(func(pg page) {
		for _, o := range pg.options {
			takes := ""
			switch {
			case len(o.values) > 0:
				takes = "values=" + quoted(o.values...)
			case o.files == folder:
				takes = "disk=folder"
			case o.files == anyFile:
				takes = "disk=file"
			default:
				continue
			}
			if of[takes] == nil {
				order = append(order, takes)
			}
			for _, name := range o.names {
				of[takes] = append(of[takes], quoted(pg.name(), name))
			}
		}
	})
	for _, takes := range order {
		fmt.Fprintf(b, "  %s) %s ;;\n", strings.Join(slices.Compact(of[takes]), "|"), takes)
	}
}
