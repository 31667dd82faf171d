package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/internal/input"
)

// config is the configuration file: lines "key = value" with the names of the
// options, and comments that begin with "#".
type config struct {
	path   string
	values map[string]string
}

// configKeys are the options that a file may give, in the order of the help.
var configKeys = []string{"limit", "format", "packaging", "mode", "level", "pj", "idpost", "codcol", "codbud", "finjur", "siret", "libellecolbud", "libelleposte", "typfic", "logo", "color", "archive", "naming", "remote", "remote-ca", tokenFile, "user", passwordFile, "ledger",
	tdtKind, tdtURL, tdtCertificate, tdtKey, tdtAuthority, tdtUser, tdtPassword, tdtKnownHosts, tdtAcquit, tdtHours, tdtBudget}

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
	c := &config{path: p.configPath(), values: make(map[string]string)}
	text, err := input.ReadAny(ctx, c.path, maxConfig)
	if errors.Is(err, fs.ErrNotExist) {
		p.config = c
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, found := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !found || !slices.Contains(configKeys, key) {
			return nil, p.usage("%s, ligne %d : clé inconnue %q (clés : %s)", "%s, line %d: unknown key %q (keys: %s)", c.path, n, key, strings.Join(configKeys, ", "))
		}
		c.values[key] = strings.Trim(strings.TrimSpace(value), `"`)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read configuration %s: %w", c.path, err)
	}
	p.config = c
	return c, nil
}

// settings returns the value of an option: of the command line, else of the
// configuration file, else its default.
func (p *program) settings(c *cli.Context) (func(name string) string, error) {
	conf, err := p.readConfig(c.Context)
	if err != nil {
		return nil, err
	}
	return func(name string) string {
		if v, set := conf.values[name]; set && !c.IsSet(name) {
			return v
		}
		return c.String(name)
	}, nil
}

func (p *program) configCommand() *cli.Command {
	return &cli.Command{
		Name: "config", Usage: p.t("le fichier de configuration et ses valeurs", "the configuration file and its values"), UsageText: "xhl config",
		Description: p.t("Le fichier a une ligne « clé = valeur » par option que l'on ne veut plus taper ; $XHL_CONFIG en donne un autre.",
			"The file has a line “key = value” for each option one no longer wants to type; $XHL_CONFIG gives another."),
		Action: func(c *cli.Context) error {
			conf, err := p.readConfig(c.Context)
			if err != nil {
				return err
			}
			p.ui.print("# " + conf.path)
			for _, key := range configKeys {
				if v, set := conf.values[key]; set {
					p.ui.print(key + " = " + v)
				} else {
					p.ui.print("# " + key + " =")
				}
			}
			return p.ui.data(map[string]any{"type": "result", "ok": true, "fichier": conf.path, "valeurs": conf.values})
		},
	}
}
