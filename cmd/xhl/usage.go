package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/urfave/cli/v2"
	"github.com/xrash/smetrics"

	"paye/internal/lang"
)

// usageError is something that was asked wrongly: what is wrong, and what to do
// when the message does not say it.
type usageError struct{ what, hint string }

func (e *usageError) Error() string        { return "usage: " + e.what }
func (e *usageError) Is(target error) bool { return target == errUsage }

// usage is an error of the way in which the command was asked. Its message says
// what would be right, else hinted does.
func (p *program) usage(fr, en string, args ...any) error {
	return &usageError{what: lang.Text{FR: fr, EN: en}.In(p.ui.lang, args...)}
}

// hinted gives an error of usage its hint; other errors are left alone.
func (p *program) hinted(err error, fr, en string, args ...any) error {
	var u *usageError
	if errors.As(err, &u) {
		return &usageError{what: u.what, hint: lang.Text{FR: fr, EN: en}.In(p.ui.lang, args...)}
	}
	return err
}

// asked completes the errors of usage of a command, called path: those that
// have no hint show how it is asked.
func (p *program) asked(c *cli.Command, path string, err error) error {
	var u *usageError
	if !errors.As(err, &u) || u.hint != "" {
		return err
	}
	first, _, _ := strings.Cut(c.UsageText, "\n")
	if first == "" {
		return err
	}
	return p.hinted(err, "%s  (les options : « %s --help »)", "%s  (its options: “%s --help”)", first, path)
}

// tooMany refuses the arguments that a command does not take.
func (p *program) tooMany(c *cli.Context, path string) error {
	most, listed := arity[strings.TrimPrefix(path, "xhl ")]
	if !listed || most == many || c.NArg() <= most {
		return nil
	}
	for _, arg := range c.Args().Slice() {
		if option, size, found := p.cutSize(arg); found {
			return p.hinted(p.usage("argument de trop : %s", "one argument too many: %s", arg),
				"une taille s'écrit sans espace, ou entre guillemets : %s %s", "a size is written without a blank, or in quotes: %s %s", option, size)
		}
	}
	err := p.usage("argument de trop : %s", "one argument too many: %s", c.Args().Get(most))
	if most > 0 {
		return p.hinted(err, "un nom qui contient des espaces s'écrit entre guillemets : \"%s\"", "a name with blanks is written in quotes: \"%s\"", strings.Join(c.Args().Slice(), " "))
	}
	return p.hinted(err, "cette commande ne prend que des options : « %s --help »", "this command takes options only: “%s --help”", path)
}

var onlyDigits = regexp.MustCompile(`^[0-9]+([.,][0-9]+)?$`)

// cutSize finds the option whose size was cut from its unit, as in
// "--limit 128 Mo".
func (p *program) cutSize(unit string) (option, size string, found bool) {
	if !slices.ContainsFunc([]string{"o", "ko", "mo", "go", "kb", "mb", "gb", "kio", "mio", "gio", "kib", "mib", "gib"}, func(u string) bool { return strings.EqualFold(u, unit) }) {
		return "", "", false
	}
	for i, a := range p.args {
		if a != unit || i < 1 || !onlyDigits.MatchString(p.args[i-1]) {
			continue
		}
		for _, before := range slices.Backward(p.args[:i]) {
			if strings.HasPrefix(before, "--") {
				return before, p.args[i-1] + unit, true
			}
		}
	}
	return "", "", false
}

func (p *program) unknownCommand(commands []*cli.Command, above, name string) error {
	err := p.usage("commande inconnue : %s", "unknown command: %s", strings.TrimSpace(above+" "+name))
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	call := strings.TrimSpace("xhl " + above)
	if near := nearest(names, name); near != "" {
		return p.hinted(err, "vouliez-vous dire « %s %s » ?", "did you mean “%s %s”?", call, near)
	}
	return p.hinted(err, "%s : %s", "%s: %s", call, strings.Join(names, ", "))
}

// nearest returns the name that wrong is a slip for, "" when none is near.
func nearest(names []string, wrong string) string {
	best, score := "", 0.8
	for _, name := range names {
		if s := smetrics.JaroWinkler(strings.ToLower(wrong), name, 0.7, 4); s > score {
			best, score = name, s
		}
	}
	return best
}

// frenchOptions are the names that people try for options whose name is
// English.
var frenchOptions = map[string]string{
	"limite": "limit", "taille": "limit", "sortie": "out", "dossier": "out", "niveau": "level", "marge": "margin", "remplacer": "replace",
	"oui": "yes", "langue": "lang", "aide": "help", "leger": "light", "alleger": "light", "equilibre": "balance", "equilibrer": "balance",
	"depuis": "since", "detruire": "expired", "expire": "expired", "reglages": "settings", "rapport": "report", "reprise": "resume",
	"profil": "profile", "graine": "seed", "couleur": "color", "papier": "paper", "chaque": "each", "collectivite": "codcol",
	"poste": "idpost", "codique": "idpost", "budget": "codbud",
}

// flagError says in our words what the library says of flags.
func (p *program) flagError(c *cli.Command, err error) error {
	msg := err.Error()
	if name, found := strings.CutPrefix(msg, "flag provided but not defined: "); found {
		return p.unknownOption(c, strings.TrimLeft(name, "-"))
	}
	if name, found := strings.CutPrefix(msg, "flag needs an argument: "); found {
		return p.usage("l'option %s attend une valeur", "option %s wants a value", "--"+strings.TrimLeft(name, "-"))
	}
	if m := badValue.FindStringSubmatch(msg); m != nil {
		return p.badValue(c, strings.TrimLeft(m[2], "-"), m[1])
	}
	return &usageError{what: msg}
}

// takeRequired lists the options that a command cannot do without, and takes
// the word of it from the library, which would print the whole help instead of
// what is missing.
func takeRequired(flags []cli.Flag) (names []string) {
	for _, f := range flags {
		required := false
		switch f := f.(type) {
		case *cli.StringFlag:
			required, f.Required = f.Required, false
		case *cli.StringSliceFlag:
			required, f.Required = f.Required, false
		case *cli.IntFlag:
			required, f.Required = f.Required, false
		}
		if required {
			names = append(names, f.Names()[0])
		}
	}
	return names
}

// missing tells all the options at once that are not there and have to be.
func (p *program) missing(c *cli.Context, required []string) error {
	var absent []string
	for _, name := range required {
		if !c.IsSet(name) {
			absent = append(absent, "--"+name)
		}
	}
	switch len(absent) {
	case 0:
		return nil
	case 1:
		return p.usage("il manque l'option %s", "the option %s is missing", absent[0])
	}
	return p.usage("il manque les options %s", "the options %s are missing", strings.Join(absent, ", "))
}

var badValue = regexp.MustCompile(`^invalid (?:boolean )?value "(.*)" for (?:flag )?-?-?([^:]+): `)

func (p *program) badValue(c *cli.Command, name, value string) error {
	for _, f := range flagsOf(c) {
		if !slices.Contains(f.Names(), name) {
			continue
		}
		switch f.(type) {
		case *cli.IntFlag, *cli.Int64Flag, *cli.UintFlag, *cli.Uint64Flag:
			return p.usage("--%s attend un nombre, pas « %s »", "--%s wants a number, not “%s”", name, value)
		case *cli.DurationFlag:
			return p.usage("--%s attend une durée comme 30s, 15m ou 2h, pas « %s »", "--%s wants a duration such as 30s, 15m or 2h, not “%s”", name, value)
		case *cli.BoolFlag:
			return p.usage("--%s ne prend pas de valeur", "--%s takes no value", name)
		}
	}
	return p.usage("--%s : « %s » n'est pas une valeur possible", "--%s: “%s” is not a possible value", name, value)
}

func flagsOf(c *cli.Command) []cli.Flag {
	if c == nil {
		return nil
	}
	return c.Flags
}

func (p *program) unknownOption(c *cli.Command, name string) error {
	option := "--" + name
	if len(name) == 1 {
		option = "-" + name
	}
	err := p.usage("option inconnue : %s", "unknown option: %s", option)
	var names []string
	for _, f := range flagsOf(c) {
		names = append(names, f.Names()...)
	}
	plain := strings.ToLower(unaccented(name))
	if own := frenchOptions[plain]; own != "" && slices.Contains(names, own) {
		return p.hinted(err, "vouliez-vous dire --%s ?", "did you mean --%s?", own)
	}
	var begins []string
	for _, n := range names {
		if len(plain) > 1 && strings.HasPrefix(n, plain) {
			begins = append(begins, "--"+n)
		}
	}
	if len(begins) > 0 {
		return p.hinted(err, "vouliez-vous dire %s ?", "did you mean %s?", strings.Join(begins, ", "))
	}
	if near := nearest(slices.DeleteFunc(names, func(n string) bool { return len(n) < 2 }), plain); near != "" {
		return p.hinted(err, "vouliez-vous dire --%s ?", "did you mean --%s?", near)
	}
	return err
}

// unaccented is for comparing what people type with names that have no accents.
func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		switch unicode.ToLower(r) {
		case 'é', 'è', 'ê', 'ë':
			return 'e'
		case 'à', 'â':
			return 'a'
		case 'î', 'ï':
			return 'i'
		case 'ô':
			return 'o'
		case 'ù', 'û':
			return 'u'
		case 'ç':
			return 'c'
		}
		return r
	}, s)
}

// said tells an error that is no anomaly and no error of usage, and what to do
// about it.
func (u *ui) said(err error) (message, hint string) {
	message = err.Error()
	failure, known := lang.Explain(err)
	if u.lang == lang.French {
		message = lang.Say(lang.French, err)
		if !known && message == err.Error() {
			message = fmt.Sprintf("cela n'a pas pu être fait ; ce que dit la machine, en anglais : %s", message)
		}
	}
	if known && failure.Hint != (lang.Text{}) {
		hint = u.text(failure.Hint)
	}
	return message, hint
}
