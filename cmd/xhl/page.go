package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/internal/lang"
	"paye/pespj"
	"paye/vault"
)

// A page is what the program says of one command. The help, the completions
// and the man pages are all written from it, so that they cannot differ.
type page struct {
	words   []string // xhl vault user
	usage   string   // what it does, in a few words
	call    string   // how it is called
	text    string   // more of it
	group   string   // heading of the help that it stands below
	options []option
	args    []string // the arguments that it takes, when they can be listed
	subs    []page
}

// An option is a flag as its readers see it.
type option struct {
	names    []string // as typed: --out, -o
	value    string   // what stands for its value, "" for a switch
	usage    string
	standard string   // the value when none is given
	category string   // heading that it stands below
	values   []string // the only ones that it takes, or those that have a name
	files    kind
}

// kind is what of the disk a value names.
type kind uint8

const (
	noFile kind = iota
	anyFile
	folder
)

// name is how the command is called.
func (pg page) name() string { return strings.Join(pg.words, " ") }

// every gives a page and all below it.
func (pg page) every(f func(page)) {
	f(pg)
	for _, sub := range pg.subs {
		sub.every(f)
	}
}

// reference is the page of the whole program, which holds all others.
func (p *program) reference() page {
	app := p.app()
	top := page{words: []string{"xhl"}, usage: app.Usage, call: p.t("xhl COMMANDE [OPTIONS] [ARGUMENTS]", "xhl COMMAND [OPTIONS] [ARGUMENTS]"), options: p.ui.optionsOf(app.Flags)}
	for _, c := range app.Commands {
		top.subs = append(top.subs, p.ui.pageOf(c, top.words))
	}
	for i, sub := range top.subs {
		switch sub.words[1] {
		case "help":
			top.subs[i].args = append(namesOf(top.subs), "codes")
		case "man":
			top.subs[i].args = namesOf(top.subs)
		}
	}
	return top
}

func (u *ui) pageOf(c *cli.Command, above []string) page {
	pg := page{words: append(slices.Clone(above), c.Name), usage: c.Usage, call: c.UsageText, text: c.Description, group: c.Category, options: u.optionsOf(c.Flags)}
	for _, sub := range c.Subcommands {
		if !sub.Hidden {
			pg.subs = append(pg.subs, u.pageOf(sub, pg.words))
		}
	}
	return pg
}

// namesOf are the last words of pages.
func namesOf(pages []page) (names []string) {
	for _, pg := range pages {
		names = append(names, pg.words[len(pg.words)-1])
	}
	return names
}

// optionsOf reads the flags that people are told of.
func (u *ui) optionsOf(flags []cli.Flag) (list []option) {
	for _, f := range flags {
		doc, ok := f.(interface {
			cli.DocGenerationFlag
			cli.CategorizableFlag
		})
		if !ok || !doc.IsVisible() {
			continue
		}
		o := option{usage: doc.GetUsage(), category: doc.GetCategory()}
		value := u.text(lang.Text{FR: "VALEUR", EN: "VALUE"})
		if before, after, found := strings.Cut(o.usage, "`"); found {
			if name, rest, closed := strings.Cut(after, "`"); closed {
				value, o.usage = name, before+name+rest
			}
		}
		for _, name := range doc.Names() {
			o.names = append(o.names, strings.Repeat("-", min(len(name), 2))+name)
		}
		if doc.TakesValue() {
			o.value = value
			if v := doc.GetValue(); v != "0" && v != "[]" {
				o.standard = strings.Trim(v, `"`)
			}
			o.values, o.files = valuesOf(doc.Names()[0], o.usage), diskOf(value)
		}
		list = append(list, o)
	}
	return list
}

// oneOf is how the usage of an option lists its values: "pes | zip | xhl".
var oneOf = regexp.MustCompile(`[\w.-]+(?: \| [\w.-]+)+`)

// valuesOf are the values of an option: those that its usage lists, or those
// that it has from a table of the program.
func valuesOf(name, usage string) []string {
	if listed := oneOf.FindString(usage); listed != "" {
		return strings.Split(listed, " | ")
	}
	if values, known := named()[name]; known && containsAll(usage, values[:1]) {
		return values
	}
	return nil
}

// named are the values of options whose usage does not list them with bars.
func named() map[string][]string {
	values := map[string][]string{
		"lang": {"fr", "en"}, "packaging": {"archive", "pieces"}, "level": {"auto", "rapide", "normal", "dense"},
		"require": {"pieces", "rien"}, "liste": {"21", "22"}, "profile": {"ordinaire", "dense"},
	}
	for _, pf := range pespj.Plateformes {
		values["limit"] = append(values["limit"], pf.Nom)
	}
	for _, d := range vault.Droits {
		values["right"] = append(values["right"], string(d))
	}
	return values
}

func containsAll(s string, list []string) bool {
	for _, x := range list {
		if !strings.Contains(s, x) {
			return false
		}
	}
	return true
}

// diskOf says what of the disk the word for a value stands for.
func diskOf(value string) kind {
	switch value {
	case "FICHIER", "FILE", "JOURNAL", "CSV", "PEM", "MAPPING", "CHEMIN", "PATH":
		return anyFile
	case "DOSSIER", "FOLDER":
		return folder
	}
	return noFile
}
