package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/internal/lang"
)

// confirmFlag is consent to what cannot be undone, given beforehand.
func (p *program) confirmFlag() cli.Flag {
	return &cli.BoolFlag{Name: "yes", Usage: p.t("confirmer ; sans terminal où répondre il le faut", "confirm; it is needed where there is no terminal to answer on")}
}

// confirm says what is about to be done and wants "oui", from the option or
// typed on the terminal.
func (p *program) confirm(c *cli.Context, what lang.Text, args ...any) error {
	p.ui.say(what, args...)
	if c.Bool("yes") {
		return nil
	}
	f := p.terminal()
	if f == nil {
		return p.usage("il faut confirmer : --yes", "this has to be confirmed: --yes")
	}
	p.ui.line(p.ui.err, p.t("Tapez « oui » ou « o » pour continuer", `Type "yes" or "y" to go on`)+p.ui.colon())
	sure, err := consents(f)
	if err != nil {
		return fmt.Errorf("read the answer on the terminal: %w", err)
	}
	if !sure {
		return p.usage("non confirmé : rien n'a été fait", "not confirmed: nothing was done")
	}
	return nil
}

// consents reports whether one line says yes, in a word or by its first letter;
// Enter alone does not.
func consents(r io.Reader) (bool, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxSecret)).ReadString('\n')
	if err != nil && err != io.EOF {
		return false, err
	}
	word := strings.ToLower(strings.TrimSpace(line))
	return slices.Contains([]string{"oui", "o", "yes", "y"}, word), nil
}
