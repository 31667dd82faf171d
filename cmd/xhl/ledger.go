package main

import (
	"github.com/urfave/cli/v2"

	"paye/internal/state"
)

// ledgerFlags say where the ledger is, and who acts.
func (p *program) ledgerFlags() []cli.Flag {
	memory := p.t("Registre", "Ledger")
	return []cli.Flag{
		&cli.StringFlag{Name: "state", Category: memory, Usage: p.t("`DOSSIER` d'état (sinon $XHL_STATE, $XDG_STATE_HOME/xhl)", "state `FOLDER` (else $XHL_STATE, $XDG_STATE_HOME/xhl)")},
		&cli.StringFlag{Name: "ledger", Category: memory, Usage: p.t("registre dans une base PostgreSQL, `URL` postgres://… (sinon $XHL_LEDGER, sinon un fichier du dossier d'état)", "ledger in a PostgreSQL database, `URL` postgres://… (else $XHL_LEDGER, else a file of the state folder)")},
		&cli.StringFlag{Name: "user", Category: memory, Usage: p.t("`NOM` de qui agit (sinon $USER)", "`NAME` of who acts (else $USER)")},
	}
}

// ledgerAt is where the ledger is, as the flags, the configuration and the
// environment say.
func (p *program) ledgerAt(c *cli.Context) (string, error) {
	get, err := p.settings(c)
	if err != nil {
		return "", err
	}
	dir, err := state.Dir(c.String("state"), p.getenv)
	if err != nil {
		return "", err
	}
	return state.Ledger(get("ledger"), dir, p.getenv), nil
}

// actor is who acts, for histories.
func (p *program) actor(c *cli.Context) string {
	return firstOf(c.String("user"), p.getenv("USER"), p.getenv("LOGNAME"), "?")
}
