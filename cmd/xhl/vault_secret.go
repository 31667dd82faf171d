package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"paye/internal/input"
	"paye/vault"
)

// Options that name the file of a secret; "-" asks for it on the terminal.
const (
	phraseFile      = "phrase-file"
	secoursFile     = "recovery-phrase-file"
	passwordFile    = "password-file"
	newPasswordFile = "new-password-file"
	tokenFile       = "token-file"

	secondPasswordFile = "second-password-file"
)

// maxSecret bounds a secret, in bytes.
const maxSecret = 1 << 10

// secret is the first line of the file that an option names, else what is
// typed on the terminal.
func (p *program) secret(c *cli.Context, option, what string) ([]byte, error) {
	return p.secretIn(c.Context, c.String(option), option, what)
}

func (p *program) secretIn(ctx context.Context, path, option, what string) ([]byte, error) {
	if path != "" && path != "-" {
		return p.secretOf(ctx, path, option)
	}
	return p.ask(option, what)
}

// newSecret is a secret that is being chosen: it is typed twice.
func (p *program) newSecret(c *cli.Context, option, what string) ([]byte, error) {
	if path := c.String(option); path != "" && path != "-" {
		return p.secretOf(c.Context, path, option)
	}
	first, err := p.ask(option, what)
	if err != nil {
		return nil, err
	}
	second, err := p.ask(option, what+p.t(", une seconde fois", ", once more"))
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(first, second) {
		return nil, p.usage("les deux saisies diffèrent", "the two entries differ")
	}
	return first, nil
}

// secretOf reads a secret from a file, or from the pipe of the program that keeps
// it.
func (p *program) secretOf(ctx context.Context, path, option string) ([]byte, error) {
	text, err := input.ReadAny(ctx, path, maxSecret)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, p.usage("--%s : %s ne peut pas être lu", "--%s: %s cannot be read", option, path)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 || len(text) > maxSecret {
		return nil, p.usage("--%s : la première ligne de %s doit être le secret, et lui seul", "--%s: the first line of %s must be the secret, and nothing else", option, path)
	}
	return line, nil
}

// terminal is the one where a secret can be typed; nil when there is none.
func (p *program) terminal() *os.File {
	if f, ok := p.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

func (p *program) ask(option, what string) ([]byte, error) {
	f := p.terminal()
	if f == nil {
		return nil, p.usage("il n'y a pas de terminal où taper le secret (%s) : --%s FICHIER", "there is no terminal to type the secret on (%s): --%s FILE", what, option)
	}
	p.ui.line(p.ui.err, what+p.ui.colon())
	line, err := term.ReadPassword(int(f.Fd()))
	if err != nil {
		return nil, fmt.Errorf("read a secret on the terminal: %w", err)
	}
	return line, nil
}

// phrases gives the passphrases of the key files that have one. Each is read
// once. Without a file and without a terminal the key stays locked, which the
// vault says.
func (p *program) phrases(c *cli.Context) func(string) ([]byte, error) {
	known := make(map[string][]byte)
	return func(cle string) ([]byte, error) {
		option, what := phraseFile, p.t("phrase de passe des clés du coffre", "passphrase of the vault's keys")
		if cle == vault.CleSecours {
			option, what = secoursFile, p.t("phrase de passe de la clé de secours", "passphrase of the recovery key")
		}
		if phrase, ok := known[option]; ok {
			return phrase, nil
		}
		if c.String(option) == "" && p.terminal() == nil {
			return nil, nil
		}
		phrase, err := p.secret(c, option, what)
		known[option] = phrase
		return phrase, err
	}
}
