package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"paye/internal/anomalie"
	"paye/internal/state"
	"paye/vault"
)

func (p *program) vaultCommand() *cli.Command {
	return &cli.Command{
		Name:      "vault",
		Usage:     p.t("le coffre-fort des bulletins : dépôt, suivi, preuves", "the vault of the payslips: deposit, follow-up, proofs"),
		UsageText: "xhl vault init|deposit|track|list|get|destroy|fsck|export|recover|rekey|user",
		Description: p.t(`Le coffre est le dossier « coffre » du dossier d'état ; voir docs/vault.fr.md.
deposit, track, list et get travaillent aussi sur le coffre d'une autre machine, où tourne « xhl serve » : --remote URL.
Un mot de passe ou une phrase de passe se lit dans un fichier ou au terminal, jamais dans les arguments.`,
			`The vault is the folder "coffre" of the state folder; see docs/vault.md.
deposit, track, list and get work on the vault of another machine too, where "xhl serve" runs: --remote URL.
Passwords and passphrases are read from a file or on the terminal, never from the arguments.`),
		Subcommands: []*cli.Command{
			p.vaultInitCommand(), p.vaultDepositCommand(), p.vaultTrackCommand(), p.vaultListCommand(), p.vaultGetCommand(), p.vaultDestroyCommand(),
			p.vaultFsckCommand(), p.vaultExportCommand(), p.vaultRecoverCommand(), p.vaultRekeyCommand(), p.vaultUserCommand(),
		},
	}
}

// stateFlags say where the vault is and how its keys are opened.
func (p *program) stateFlags() []cli.Flag {
	vaultOptions := p.t("Coffre", "Vault")
	return []cli.Flag{
		&cli.StringFlag{Name: "state", Category: vaultOptions, Usage: p.t("`DOSSIER` d'état (sinon $XHL_STATE, $XDG_STATE_HOME/xhl)", "state `FOLDER` (else $XHL_STATE, $XDG_STATE_HOME/xhl)")},
		&cli.StringFlag{Name: phraseFile, Category: vaultOptions, Usage: p.t("`FICHIER` de la phrase de passe des clés", "`FILE` with the passphrase of the keys")},
	}
}

// actorFlags say in whose name the vault is used, too.
func (p *program) actorFlags() []cli.Flag {
	vaultOptions := p.t("Coffre", "Vault")
	return append(p.stateFlags(),
		&cli.StringFlag{Name: "user", Category: vaultOptions, Usage: p.t("`COMPTE` de qui agit, avec ses droits (sinon l'exploitant de la machine)", "`ACCOUNT` of who acts, with its rights (else the operator of the machine)")},
		&cli.StringFlag{Name: passwordFile, Category: vaultOptions, Usage: p.t("`FICHIER` du mot de passe de ce compte", "`FILE` with the password of that account")},
	)
}

// employerFlags say for which employer, too.
func (p *program) employerFlags() []cli.Flag {
	return append(p.actorFlags(),
		&cli.StringFlag{Name: "siret", Usage: p.t("`SIRET` de l'employeur, s'il y en a plusieurs", "`SIRET` of the employer, if there are several")})
}

// operateur is the name of who acts without an account. It is one name, so that
// a deposit of the operator is validated by somebody with an account.
const operateur = "exploitant"

// coffreDir is the folder of the vault. Where the configuration names a remote
// vault, one of this machine is meant only when it is said.
func (p *program) coffreDir(c *cli.Context) (string, error) {
	get, err := p.settings(c)
	if err != nil {
		return "", err
	}
	if url := get("remote"); url != "" && !c.IsSet("state") {
		return "", p.usage("cette commande se fait sur la machine qui garde le coffre, %s ; pour un coffre d'ici : --state DOSSIER",
			"this command is for the machine that keeps the vault, %s; for a vault of this one: --state FOLDER", url)
	}
	dir, err := state.Dir(c.String("state"), p.getenv)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "coffre"), nil
}

// coffre opens the vault and gives it to f, with who acts.
func (p *program) coffre(c *cli.Context, o vault.Options, f func(*vault.Coffre, vault.Acteur) error) (err error) {
	root, err := p.coffreDir(c)
	if err != nil {
		return err
	}
	if o.Phrase == nil {
		o.Phrase = p.phrases(c)
	}
	if o.Blobs == nil { // else who calls has seen to it
		if _, err := p.contents(c.Context, root, &o); err != nil {
			return err
		}
	}
	v, err := vault.Open(c.Context, root, o)
	if err != nil {
		return err
	}
	if err := v.Err(); err != nil {
		if c.Command.Name != "serve" {
			return errors.Join(err, v.Close(context.WithoutCancel(c.Context)))
		}
		if a := anomalie.As(err); a != nil {
			p.report(a)
		}
	}
	// What was done is noted even when the command was interrupted.
	defer func() { err = errors.Join(err, v.Close(context.WithoutCancel(c.Context))) }()
	par := vault.Systeme(operateur)
	if login := c.String("user"); login != "" {
		password, err := p.secret(c, passwordFile, p.t("mot de passe de ", "password of ")+login)
		if err != nil {
			return err
		}
		if par, err = v.Comptes().Authenticate(c.Context, vault.Provenance{Source: "ici"}, login, string(password)); err != nil {
			return err
		}
	}
	return f(v, par)
}

// employeur is the employer of --siret, or the only one of the vault.
func (p *program) employeur(c *cli.Context, s vault.Guichet) (string, error) {
	if siret := c.String("siret"); siret != "" {
		if here, ok := s.(*vault.Coffre); ok { // another machine says so itself
			e, err := here.Registre().Employeur(c.Context, siret)
			if err == nil && e == nil {
				err = vault.Codes.New("COF-301", siret)
			}
			return siret, err
		}
		return siret, nil
	}
	// Which there are, the machine knows; a server says it to who calls.
	list, err := s.Employeurs(c.Context, vault.Systeme(operateur))
	if err != nil {
		return "", err
	}
	switch len(list) {
	case 0:
		return "", p.usage("le coffre n'a pas encore d'employeur : xhl vault init --siret SIRET --name NOM --enable", "the vault has no employer yet: xhl vault init --siret SIRET --name NAME --enable")
	case 1:
		return list[0].Siret, nil
	}
	return "", p.usage("le coffre a %d employeur{s} : dites lequel avec --siret", "the vault has %d employer{s}: say which one with --siret", len(list))
}
