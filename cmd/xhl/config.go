package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/internal/identifiants"
	"paye/internal/input"
)

// config is the configuration file: lines "key = value" with the names of the
// options, comments that begin with "#", and sections: what stands below
// "[SIRET]" or "[SIRET BUDGET]" is of that employer or budget only, and what
// stands below another name is of who asks for it by --preset.
type config struct {
	path     string
	values   map[string]setting // above the first section
	sections map[string]map[string]setting
	order    []string // of the sections

	chosen []string // the sections that the command at work is in, the last one wins; nil until it is known
	known  bool
}

// setting is a value of the file and the line that gives it.
type setting struct {
	value string
	line  int
}

// configKeys are the options that a file may give, in the order of the help.
var configKeys = []string{"limit", "format", "packaging", "mode", "level", "pj", "idpost", "codcol", "codbud", "finjur", "siret", "libellecolbud", "libelleposte", "typfic", "logo", "color", "archive", "naming", "remote", "remote-ca", tokenFile, "user", passwordFile, "ledger",
	tdtKind, tdtURL, tdtCertificate, tdtKey, tdtAuthority, tdtUser, tdtPassword, tdtKnownHosts, tdtAcquit, tdtHours, tdtBudget}

// presetFlag names a section of the file.
const presetFlag = "preset"

// configPath is $XHL_CONFIG, else xhl.conf in the user's configuration folder.
func (p *program) configPath() string {
	if path := p.getenv("XHL_CONFIG"); path != "" {
		return path
	}
	base, home := p.getenv("XDG_CONFIG_HOME"), p.getenv("HOME")
	switch {
	case base != "":
	case home != "":
		base = filepath.Join(home, ".config")
	default: // where there is no HOME, as on Windows
		base, _ = os.UserConfigDir()
	}
	return filepath.Join(base, "xhl", "xhl.conf")
}

// maxConfig bounds the configuration file, in bytes.
const maxConfig = 1 << 20

func (p *program) readConfig(ctx context.Context) (*config, error) {
	if p.config != nil {
		return p.config, nil
	}
	c := &config{path: p.configPath(), values: make(map[string]setting), sections: make(map[string]map[string]setting)}
	text, err := input.ReadAny(ctx, c.path, maxConfig)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if err := p.parseConfig(c, text); err != nil {
		return nil, err
	}
	p.config = c
	return c, nil
}

func (p *program) parseConfig(c *config, text []byte) error {
	into := c.values
	for e := range input.Entries(string(text)) {
		line, n := e.Text, e.Line
		if name, is := strings.CutPrefix(line, "["); is {
			name, is = strings.CutSuffix(name, "]")
			name = strings.Join(strings.Fields(name), " ")
			if _, twice := c.sections[name]; !is || name == "" || twice {
				return p.usage("%s, ligne %d : %q n'ouvre pas une section nouvelle, [SIRET], [SIRET BUDGET] ou [NOM]", "%s, line %d: %q does not open a new section, [SIRET], [SIRET BUDGET] or [NAME]", c.path, n, line)
			}
			into = make(map[string]setting)
			c.sections[name] = into
			c.order = append(c.order, name)
			continue
		}
		if !e.Pair || !slices.Contains(configKeys, e.Key) {
			return p.usage("%s, ligne %d : clé inconnue %q (clés : %s)", "%s, line %d: unknown key %q (keys: %s)", c.path, n, e.Key, strings.Join(configKeys, ", "))
		}
		into[e.Key] = setting{strings.Trim(e.Value, `"`), n}
	}
	return nil
}

// section is what stands below a name, "" for what stands above them all.
func (c *config) section(name string) map[string]setting {
	if name == "" {
		return c.values
	}
	return c.sections[name]
}

// sectionsOf are the sections of an employer and of one of his budgets.
func (c *config) sectionsOf(siret, budget string) (list []string) {
	for _, name := range []string{siret, siret + " " + budget} {
		if _, there := c.sections[name]; there {
			list = append(list, name)
		}
	}
	return list
}

// byEmployer reports whether a section belongs to an employer.
func (c *config) byEmployer() bool {
	return slices.ContainsFunc(c.order, func(name string) bool {
		siret, _, _ := strings.Cut(name, " ")
		return identifiants.IsSIRET(siret)
	})
}

// choose finds the sections that a command is in: the one of --preset, else
// those of the employer and budget that are typed or that the journal tells.
func (p *program) choose(c *cli.Context, conf *config) error {
	if conf.known {
		return nil
	}
	conf.known = true
	if name := c.String(presetFlag); name != "" {
		if _, there := conf.sections[name]; !there {
			return p.usage("--preset : %s n'a pas de section [%s] (sections : %s)", "--preset: %s has no section [%s] (sections: %s)", conf.path, name, strings.Join(conf.order, ", "))
		}
		conf.chosen = []string{name}
		if siret, _, of := strings.Cut(name, " "); of { // what the employer has for all budgets
			conf.chosen = append(conf.sectionsOf(siret, ""), name)
		}
		return nil
	}
	if !conf.byEmployer() {
		return nil
	}
	siret, budget := c.String("siret"), c.String("codbud")
	if slices.Contains(journalCommands, c.Command.Name) && c.NArg() == 1 && (siret == "" || budget == "") {
		of, its := headOf(c.Context, c.Args().First())
		siret, budget = firstOf(siret, of), firstOf(budget, its)
	}
	conf.chosen = conf.sectionsOf(siret, budget)
	return nil
}

// journalCommands are those whose argument tells the employer.
var journalCommands = []string{"build", "plan", "encode", "bulletins", "deposit"}

// headOf reads the employer and the budget of a payroll. What cannot be read has
// none: the command itself says why. A pipe is left alone, it can be read once.
func headOf(ctx context.Context, path string) (siret, budget string) {
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() && !st.IsDir() {
		return "", ""
	}
	head, err := build.ReadHead(ctx, path)
	if err != nil {
		return "", ""
	}
	if head.Budget != nil {
		budget = head.Budget.Code
	}
	return head.Employeur.Siret, budget
}

// lookup is the value that the file gives a key in the chosen sections, and the
// section that it stands in, "" above them all.
func (c *config) lookup(key string) (s setting, section string, found bool) {
	for _, name := range slices.Backward(c.chosen) {
		if s, found = c.sections[name][key]; found {
			return s, name, true
		}
	}
	s, found = c.values[key]
	return s, "", found
}

// settings returns the value of an option: of the command line, else of the
// configuration file, else its default.
func (p *program) settings(c *cli.Context) (func(name string) string, error) {
	conf, err := p.readConfig(c.Context)
	if err != nil {
		return nil, err
	}
	if err := p.choose(c, conf); err != nil {
		return nil, err
	}
	return func(name string) string {
		if s, _, set := conf.lookup(name); set && !c.IsSet(name) {
			return s.value
		}
		return c.String(name)
	}, nil
}

func (p *program) configCommand() *cli.Command {
	return &cli.Command{
		Name: "config", Usage: p.t("le fichier de configuration et ses valeurs", "the configuration file and its values"),
		UsageText: p.t("xhl config [--preset SECTION] | xhl config init", "xhl config [--preset SECTION] | xhl config init"),
		Description: p.t(`Le fichier a une ligne « clé = valeur » par option que l'on ne veut plus taper ; $XHL_CONFIG en donne un autre.
Ce qui suit « [SIRET] » ou « [SIRET BUDGET] » ne vaut que pour les journaux de cet employeur ou de ce budget,
ce qui suit « [NOM] » pour qui le demande par --preset NOM. Chaque valeur est montrée avec son origine.`,
			`The file has a line “key = value” for each option one no longer wants to type; $XHL_CONFIG gives another.
What follows “[SIRET]” or “[SIRET BUDGET]” is for journals of that employer or budget only, what follows
“[NAME]” for who asks for it by --preset NAME. Each value is shown with its origin.`),
		Flags:       []cli.Flag{&cli.StringFlag{Name: "siret", Usage: p.t("`SIRET` de l'employeur dont on veut les valeurs", "`SIRET` of the employer whose values are wanted")}, &cli.StringFlag{Name: "codbud", Usage: p.t("`CODE` du budget", "`CODE` of the budget")}},
		Subcommands: []*cli.Command{p.configInitCommand()},
		Action:      p.showConfig,
	}
}

// showConfig writes each key with its value and where that comes from.
func (p *program) showConfig(c *cli.Context) error {
	conf, err := p.readConfig(c.Context)
	if err != nil {
		return err
	}
	if c.NArg() > 0 {
		return p.unknownCommand(c.Command.Subcommands, "config", c.Args().First())
	}
	if err := p.choose(c, conf); err != nil {
		return err
	}
	p.ui.print("# " + conf.path)
	type origin struct {
		Valeur  string `json:"valeur"`
		Origine string `json:"origine"` // fichier or defaut
		Section string `json:"section,omitempty"`
		Ligne   int    `json:"ligne,omitempty"`
	}
	values, origins := make(map[string]string), make(map[string]origin)
	options := p.keyOptions()
	for _, key := range configKeys {
		s, section, set := conf.lookup(key)
		standard := options[key].standard
		switch {
		case set && section != "":
			p.ui.print(fmt.Sprintf("%s = %s", key, s.value) + p.t("    # ligne ", "    # line ") + fmt.Sprintf("%d, [%s]", s.line, section))
			origins[key] = origin{s.value, "fichier", section, s.line}
		case set:
			p.ui.print(fmt.Sprintf("%s = %s", key, s.value) + p.t("    # ligne ", "    # line ") + fmt.Sprint(s.line))
			origins[key] = origin{s.value, "fichier", "", s.line}
		case standard != "":
			p.ui.print("# " + key + " = " + standard + p.t("    # par défaut", "    # default"))
			origins[key] = origin{Valeur: standard, Origine: "defaut"}
		default:
			p.ui.print("# " + key + " =")
		}
		if set {
			values[key] = s.value
		}
	}
	for _, name := range conf.order {
		if !slices.Contains(conf.chosen, name) {
			p.ui.print(fmt.Sprintf("# [%s] ", name) + strings.Join(slices.Sorted(maps.Keys(conf.sections[name])), ", "))
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "fichier": conf.path, "valeurs": values, "origines": origins, "sections": conf.order})
}

// keyOptions are the options that the keys of the file stand for, as the first
// command that has one tells it.
func (p *program) keyOptions() map[string]option {
	found := make(map[string]option)
	p.reference().every(func(pg page) {
		for _, o := range pg.options {
			key := strings.TrimLeft(o.names[0], "-")
			if _, known := found[key]; !known && slices.Contains(configKeys, key) {
				found[key] = o
			}
		}
	})
	return found
}
