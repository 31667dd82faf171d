package main

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/lang"
)

// program is one run of the command line.
type program struct {
	ui       *ui
	args     []string // as they were given
	stdin    io.Reader
	getenv   func(string) string
	config   *config
	supposed bool           // whether the codes of the accountant are stand-ins
	errors   int            // anomalies of gravity erreur that were reported
	runBy    func() string  // who runs the command; nil is the account of the system
	inputs   durable.Inputs // what the command reads, which no output replaces
	clock    hr.Clock       // of the HR synchronisation; nil is the machine's

	scryptWork int // of the passphrases of a new vault, log2; the default of age when 0
}

func newProgram(args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) *program {
	l := lang.Choose(firstOf(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG")))
	if wish, ok := flagValue(args, "lang"); ok {
		l = lang.Choose(wish)
	}
	p := &program{args: args, ui: newUI(l, stdout, stderr, getenv), stdin: stdin, getenv: getenv}
	// Known before the arguments are parsed, so that what is wrong with them is
	// said as JSON too.
	p.ui.configure(given(args, "json"), false)
	return p
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// given reports whether the flag --name is among args.
func given(args []string, name string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.Contains(args, "--"+name)
}

// flagValue looks for --name before the arguments are parsed.
func flagValue(args []string, name string) (string, bool) {
	for i, a := range args {
		if v, found := strings.CutPrefix(a, "--"+name+"="); found {
			return v, true
		}
		if a == "--"+name && i+1 < len(args) {
			return args[i+1], true
		}
	}
	return "", false
}

// t chooses the language of a text of the interface.
func (p *program) t(fr, en string) string { return lang.Text{FR: fr, EN: en}.In(p.ui.lang) }

// report counts and shows an anomaly that does not stop the work.
func (p *program) report(a *anomalie.Anomalie) {
	p.count(a)
	p.ui.anomalie(a)
}

// gather is report for what every bulletin may have: beyond the first ones of a
// kind there is one line, with how many more there are.
func (p *program) gather(a *anomalie.Anomalie) {
	p.count(a)
	p.ui.gathered(a)
}

func (p *program) count(a *anomalie.Anomalie) {
	if a.Gravite == anomalie.Erreur {
		p.errors++
	}
}

func (p *program) app() *cli.App {
	commands := p.commands()
	app := &cli.App{
		Name:                      "xhl",
		Usage:                     p.t("le moteur documentaire de la paye des collectivités", "the document engine for the payroll of local authorities"),
		HideVersion:               true,
		HideHelpCommand:           true,
		Suggest:                   true,
		UseShortOptionHandling:    false,
		DisableSliceFlagSeparator: true,
		Writer:                    p.ui.out,
		ErrWriter:                 io.Discard,
		ExitErrHandler:            func(*cli.Context, error) {},
		CustomAppHelpTemplate:     p.ui.appHelp(commands),
		Flags: append(p.commonFlags(), cli.HelpFlag,
			&cli.BoolFlag{Name: "version", Usage: p.t("la version du programme, comme « xhl version »", "the version of the program, like “xhl version”")}),
		Commands: commands,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return p.unknownCommand(c.App.Commands, "", c.Args().First())
			}
			if c.Bool("version") {
				return p.showVersion()
			}
			return cli.ShowAppHelp(c)
		},
		OnUsageError: func(_ *cli.Context, err error, _ bool) error { return p.flagError(nil, err) },
	}
	for _, c := range app.Commands {
		p.complete(c, "xhl")
	}
	return app
}

// complete gives a command what all of them have.
func (p *program) complete(c *cli.Command, above string) {
	path := above + " " + c.Name
	c.Flags = append(c.Flags, p.commonFlags()...)
	c.HideHelpCommand = true
	if slices.ContainsFunc(p.args, c.HasName) { // a page is only asked for by the name of its command
		c.CustomHelpTemplate = p.ui.commandHelp(c, path)
	}
	required := takeRequired(c.Flags)
	c.OnUsageError = func(_ *cli.Context, err error, _ bool) error { return p.asked(c, path, p.flagError(c, err)) }
	for _, sub := range c.Subcommands {
		p.complete(sub, path)
	}
	if c.Action == nil && len(c.Subcommands) > 0 {
		c.Action = func(ctx *cli.Context) error {
			if ctx.Args().Present() {
				return p.unknownCommand(c.Subcommands, strings.TrimPrefix(path, "xhl "), ctx.Args().First())
			}
			return cli.ShowSubcommandHelp(ctx)
		}
	}
	if act := c.Action; act != nil {
		c.Action = func(ctx *cli.Context) error {
			p.ui.configure(ctx.Bool("json"), ctx.Bool("quiet"))
			if wish := ctx.String("lang"); wish != "" && !lang.Connue(wish) {
				return p.usage("langue inconnue : %s (fr ou en)", "unknown language: %s (fr or en)", wish)
			}
			if err := p.tooMany(ctx, path); err != nil {
				return err
			}
			if err := p.missing(ctx, required); err != nil {
				return p.asked(c, path, err)
			}
			p.inputs.Add(ctx.Args().Slice()...)
			return p.asked(c, path, act(ctx))
		}
	}
}

func (p *program) commonFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "json", Category: commonOptions, Usage: p.t("une ligne JSON par fait sur la sortie standard", "one JSON line a fact on standard output")},
		&cli.StringFlag{Name: "lang", Category: commonOptions, Usage: p.t("langue des messages : fr ou en", "language of the messages: fr or en")},
		&cli.StringFlag{Name: presetFlag, Category: commonOptions, Usage: p.t("`SECTION` du fichier de configuration, au lieu de celle de l'employeur", "`SECTION` of the configuration file, instead of the employer's")},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Category: commonOptions, Usage: p.t("ne rien dire qui ne soit demandé", "say nothing that was not asked for")},
	}
}

// reorder moves the options of a command before its arguments, where the
// library wants them; people write them anywhere. What follows "--" stays.
func (p *program) reorder(args []string) []string {
	commands := p.commands()
	known := p.commonFlags()
	var path, flags, rest []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			rest = append(rest, args[i:]...)
			i = len(args)
		case len(a) > 1 && a[0] == '-':
			flags = append(flags, a)
			name := strings.TrimLeft(a, "-")
			if !strings.Contains(name, "=") && takesValue(known, name) && i+1 < len(args) {
				i++
				flags = append(flags, args[i])
			}
		default:
			at := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(a) })
			if at < 0 || len(rest) > 0 {
				rest = append(rest, a)
				continue
			}
			path = append(path, a)
			known = append(known, commands[at].Flags...)
			commands = commands[at].Subcommands
		}
	}
	return slices.Concat(path, flags, rest)
}

func takesValue(flags []cli.Flag, name string) bool {
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}
