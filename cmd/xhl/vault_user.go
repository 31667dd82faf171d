package main

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/internal/lang"
	"paye/vault"
)

func (p *program) vaultUserCommand() *cli.Command {
	return &cli.Command{
		Name:      "user",
		Usage:     p.t("les comptes, les droits, les employeurs, les agents sur papier", "accounts, rights, employers, agents on paper"),
		UsageText: "xhl vault user list|add|password|token|open|close|grant|revoke|employer|paper",
		Subcommands: []*cli.Command{
			p.userListCommand(), p.userAddCommand(), p.userPasswordCommand(), p.userTokenCommand(), p.userStateCommand("open"), p.userStateCommand("close"),
			p.userRightsCommand("grant"), p.userRightsCommand("revoke"), p.userEmployerCommand(), p.userPaperCommand(),
		},
	}
}

// one reads the one argument of a command.
func (p *program) one(c *cli.Context, fr, en string) (string, error) {
	if c.NArg() != 1 {
		return "", p.usage("il faut donner %s, et rien d'autre", "%s is expected, and nothing else", p.t(fr, en))
	}
	return c.Args().First(), nil
}

// account is the action of a command about the account of its argument.
func (p *program) account(f func(c *cli.Context, v *vault.Coffre, par vault.Acteur, login string) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		login, err := p.one(c, "un COMPTE", "one ACCOUNT")
		if err != nil {
			return err
		}
		return p.coffre(c, vault.Options{}, func(v *vault.Coffre, par vault.Acteur) error {
			if err := f(c, v, par, login); err != nil {
				return err
			}
			p.ui.say(lang.Text{FR: "fait pour le compte %s", EN: "done for account %s"}, login)
			return p.ui.data(map[string]any{"type": "result", "ok": true, "compte": login})
		})
	}
}

func (p *program) userAddCommand() *cli.Command {
	return &cli.Command{
		Name: "add", Usage: p.t("ouvrir un compte, sans aucun droit", "open an account, without any right"),
		UsageText: p.t("xhl vault user add COMPTE [--name NOM] [--new-password-file FICHIER]", "xhl vault user add ACCOUNT [--name NAME] [--new-password-file FILE]"),
		Flags: append(p.actorFlags(),
			&cli.StringFlag{Name: "name", Usage: p.t("`NOM` de la personne", "`NAME` of the person")}, p.newPasswordFlag()),
		Action: p.account(func(c *cli.Context, v *vault.Coffre, par vault.Acteur, login string) error {
			password, err := p.newSecret(c, newPasswordFile, p.t("mot de passe de ", "password of ")+login)
			if err != nil {
				return err
			}
			if err := v.Comptes().AddUtilisateur(c.Context, par, login, c.String("name"), string(password)); err != nil {
				return err
			}
			p.ui.say(lang.Text{FR: "il n'a encore aucun droit : xhl vault user grant %s --right DROIT", EN: "it has no right yet: xhl vault user grant %s --right RIGHT"}, login)
			return nil
		}),
	}
}

func (p *program) newPasswordFlag() cli.Flag {
	return &cli.StringFlag{Name: newPasswordFile, Usage: p.t("`FICHIER` du nouveau mot de passe (sinon demandé au terminal)", "`FILE` with the new password (else asked on the terminal)")}
}

func (p *program) userPasswordCommand() *cli.Command {
	return &cli.Command{
		Name: "password", Usage: p.t("changer un mot de passe, et lever un blocage", "change a password, and lift a lock"),
		UsageText: p.t("xhl vault user password COMPTE [--new-password-file FICHIER]", "xhl vault user password ACCOUNT [--new-password-file FILE]"),
		Flags:     append(p.actorFlags(), p.newPasswordFlag()),
		Action: p.account(func(c *cli.Context, v *vault.Coffre, par vault.Acteur, login string) error {
			password, err := p.newSecret(c, newPasswordFile, p.t("nouveau mot de passe de ", "new password of ")+login)
			if err != nil {
				return err
			}
			return v.Comptes().SetMotDePasse(c.Context, par, login, string(password))
		}),
	}
}

// A token lives for so many days.
const (
	defaultTokenDays = 90
	maxTokenDays     = 366
)

func (p *program) userTokenCommand() *cli.Command {
	return &cli.Command{
		Name: "token", Usage: p.t("écrire le jeton d'un compte, pour une machine qui dépose à distance", "write the token of an account, for a machine that deposits from afar"),
		UsageText: p.t("xhl vault user token COMPTE -o FICHIER [--jours N]", "xhl vault user token ACCOUNT -o FILE [--jours N]"),
		Description: p.t("Le jeton vaut le compte, avec ses droits du moment ; il meurt à sa date, et avant si le mot de passe change ou si le compte est fermé.",
			"The token stands for the account, with the rights it has at the time; it dies on its day, or before when the password changes or the account is closed."),
		Flags: append(p.actorFlags(),
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` du jeton, ou - pour la sortie standard", "`FILE` of the token, or - for standard output")},
			&cli.IntFlag{Name: "jours", Value: defaultTokenDays, Usage: p.t("`JOURS` de validité", "`DAYS` for which it is good")}),
		Action: p.account(func(c *cli.Context, v *vault.Coffre, par vault.Acteur, login string) error {
			out, days := c.String("out"), c.Int("jours")
			switch {
			case out == "" || out == "-" && p.ui.json:
				return p.usage("il manque le résultat : -o FICHIER", "the result is missing: -o FILE")
			case days < 1 || days > maxTokenDays:
				return p.usage("--jours : de 1 à %d", "--jours: from 1 to %d", maxTokenDays)
			}
			token, err := v.Comptes().NewToken(c.Context, par, login, time.Now().AddDate(0, 0, days))
			if err != nil {
				return err
			}
			return p.toFile(out, func(w io.Writer) error { _, err := io.WriteString(w, token+"\n"); return err })
		}),
	}
}

// userStateCommand is open or close.
func (p *program) userStateCommand(name string) *cli.Command {
	usage := map[string]string{"open": p.t("rouvrir un compte", "open an account again"), "close": p.t("fermer un compte", "close an account")}
	return &cli.Command{
		Name: name, Usage: usage[name], UsageText: "xhl vault user " + name + p.t(" COMPTE", " ACCOUNT"), Flags: p.actorFlags(),
		Action: p.account(func(c *cli.Context, v *vault.Coffre, par vault.Acteur, login string) error {
			if name == "open" {
				return v.Comptes().OpenCompte(c.Context, par, login)
			}
			return v.Comptes().CloseCompte(c.Context, par, login)
		}),
	}
}

// userRightsCommand is grant or revoke.
func (p *program) userRightsCommand(name string) *cli.Command {
	usage := map[string]string{"grant": p.t("donner des droits", "grant rights"), "revoke": p.t("retirer des droits", "withdraw rights")}
	var all []string
	for _, d := range vault.Droits {
		all = append(all, string(d))
	}
	return &cli.Command{
		Name: name, Usage: usage[name], UsageText: "xhl vault user " + name + p.t(" COMPTE --right depot --right suivi [--siret SIRET]", " ACCOUNT --right depot --right suivi [--siret SIRET]"),
		Flags: append(p.actorFlags(),
			&cli.StringFlag{Name: "siret", Usage: p.t("`SIRET` de l'employeur, ou * pour tous ; facultatif s'il n'y en a qu'un", "`SIRET` of the employer, or * for all; optional if there is only one")},
			&cli.StringSliceFlag{Name: "right", Usage: p.t("`DROIT`, à répéter : ", "`RIGHT`, repeat: ") + strings.Join(all, ", ")}),
		Action: p.account(func(c *cli.Context, v *vault.Coffre, par vault.Acteur, login string) error {
			var droits []vault.Droit
			for _, d := range c.StringSlice("right") {
				droits = append(droits, vault.Droit(d))
			}
			if len(droits) == 0 {
				return p.usage("--right : %s", "--right: %s", strings.Join(all, ", "))
			}
			siret := c.String("siret")
			if siret != "*" {
				var err error
				if siret, err = p.employeur(c, v); err != nil {
					return err
				}
			}
			if name == "grant" {
				return v.Comptes().Grant(c.Context, par, login, siret, droits...)
			}
			return v.Comptes().Revoke(c.Context, par, login, siret, droits...)
		}),
	}
}

// accountStates name how an action shows.
var accountStates = map[vault.Etat]struct {
	key string
	lang.Text
}{
	vault.Absente: {"absente", lang.Text{FR: "absent", EN: "absent"}},
	vault.Grisee:  {"grisee", lang.Text{FR: "grisé", EN: "greyed"}},
	vault.Active:  {"active", lang.Text{FR: "actif", EN: "active"}},
}

func (p *program) userListCommand() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: p.t("les comptes, leurs droits, et les actions qu'ils voient", "the accounts, their rights, and the actions they see"),
		UsageText: "xhl vault user list", Flags: p.actorFlags(),
		Action: func(c *cli.Context) error {
			return p.coffre(c, vault.Options{}, func(v *vault.Coffre, par vault.Acteur) error { return p.userList(c, v, par) })
		},
	}
}

func (p *program) userList(c *cli.Context, v *vault.Coffre, par vault.Acteur) error {
	accounts, err := v.Comptes().Utilisateurs(c.Context, par)
	if err != nil {
		return err
	}
	employers, err := v.Employeurs(c.Context, par)
	if err != nil {
		return err
	}
	for _, e := range employers {
		if err := p.showEmployer(c, v, e.Siret); err != nil {
			return err
		}
	}
	rows := [][]string{{p.t("Compte", "Account"), p.t("Ouvert", "Open"), p.t("Employeur", "Employer"), p.t("Dépôt", "Deposit"), p.t("Suivi", "Follow-up"), p.t("Droits", "Rights")}}
	for _, u := range accounts {
		for _, e := range employers {
			depot, suivi, err := v.Comptes().Actions(c.Context, vault.Utilisateur(u.Login), e.Siret)
			if err != nil {
				return err
			}
			droits := rightsFor(u, e.Siret)
			rows = append(rows, []string{u.Login, p.yesNo(u.Actif), e.Siret, p.ui.text(accountStates[depot].Text), p.ui.text(accountStates[suivi].Text), strings.Join(droits, " ")})
			err = p.ui.data(map[string]any{"type": "compte", "compte": u.Login, "ouvert": u.Actif, "employeur": e.Siret,
				"depot": accountStates[depot].key, "suivi": accountStates[suivi].key, "droits": droits})
			if err != nil {
				return err
			}
		}
	}
	if len(rows) == 1 {
		p.ui.print(p.t("Aucun compte : xhl vault user add COMPTE", "No account: xhl vault user add ACCOUNT"))
	} else {
		for _, line := range table(rows) {
			p.ui.print(line)
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "comptes": len(accounts), "employeurs": len(employers)})
}

// rightsFor are the rights of an account for an employer, those for all
// employers among them.
func rightsFor(u vault.CompteUtilisateur, siret string) []string {
	list := []string{}
	for _, d := range vault.Droits {
		if slices.Contains(u.Droits[siret], d) || slices.Contains(u.Droits["*"], d) {
			list = append(list, string(d))
		}
	}
	return list
}

func (p *program) yesNo(b bool) string {
	if b {
		return p.t("oui", "yes")
	}
	return p.t("non", "no")
}

// optionFlags are the options of an employer.
func (p *program) optionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "name", Usage: p.t("`NOM` de l'employeur", "`NAME` of the employer")},
		&cli.StringFlag{Name: "double-validation", Usage: p.t("une seconde personne valide chaque dépôt : oui | non", "a second person validates each deposit: oui | non")},
		&cli.IntFlag{Name: "retention", Usage: p.t("`ANNÉES` de conservation du double de l'employeur : 5, ou 10 pour la comptabilité", "`YEARS` for which the employer's double is kept: 5, or 10 for accounting")},
		&cli.IntFlag{Name: "backups", Usage: p.t("`JOURS` de conservation des sauvegardes du journal et des clés, 30 au plus : un effacement est complet après", "`DAYS` for which backups of the journal and the keys are kept, 30 at most: an erasure is complete after them")},
	}
}

// employerChange reads the options of optionFlags.
func (p *program) employerChange(c *cli.Context) (func(*vault.Employeur), error) {
	double, err := p.ouiNon(c, "double-validation")
	if err != nil {
		return nil, err
	}
	if days := c.Int("backups"); c.IsSet("backups") && (days < 1 || days > vault.SauvegardesMax) {
		return nil, vault.Codes.New("COF-308", vault.SauvegardesMax)
	}
	return func(e *vault.Employeur) {
		if c.String("name") != "" {
			e.Nom = c.String("name")
		}
		if double != nil {
			e.DoubleValidation = *double
		}
		if c.IsSet("retention") {
			e.Conservation = c.Int("retention")
		}
		if c.IsSet("backups") {
			e.Sauvegardes = c.Int("backups")
		}
	}, nil
}

// ouiNon reads an option that is yes, no, or not given.
func (p *program) ouiNon(c *cli.Context, name string) (*bool, error) {
	var answer bool
	switch c.String(name) {
	case "":
		return nil, nil
	case "oui", "o", "yes", "y":
		answer = true
	case "non", "n", "no":
	default:
		return nil, p.usage("--%s : oui ou non", "--%s: oui (yes) or non (no)", name)
	}
	return &answer, nil
}

func (p *program) userEmployerCommand() *cli.Command {
	return &cli.Command{
		Name: "employer", Usage: p.t("changer les options d'un employeur", "change the options of an employer"),
		UsageText: "xhl vault user employer SIRET [--enabled oui|non] [--double-validation oui|non] [--retention 10] [--backups 30]",
		Flags: append(append(p.actorFlags(),
			&cli.StringFlag{Name: "enabled", Usage: p.t("l'option « Bulletin de salaire au format électronique » : oui | non", "the option 'payslips in electronic form': oui | non")}),
			p.optionFlags()...),
		Action: func(c *cli.Context) error {
			siret, err := p.one(c, "un SIRET", "one SIRET")
			if err != nil {
				return err
			}
			change, err := p.employerChange(c)
			if err != nil {
				return err
			}
			actif, err := p.ouiNon(c, "enabled")
			if err != nil {
				return err
			}
			return p.coffre(c, vault.Options{}, func(v *vault.Coffre, par vault.Acteur) error {
				err := v.Registre().SetEmployeur(c.Context, par, siret, func(e *vault.Employeur) {
					change(e)
					if actif != nil {
						e.Actif = *actif
					}
				})
				if err != nil {
					return err
				}
				if err := p.showEmployer(c, v, siret); err != nil {
					return err
				}
				return p.ui.data(map[string]any{"type": "result", "ok": true, "employeur": siret})
			})
		},
	}
}

func (p *program) showEmployer(c *cli.Context, v *vault.Coffre, siret string) error {
	e, err := v.Registre().Employeur(c.Context, siret)
	if err != nil {
		return err
	}
	if e == nil {
		return vault.Codes.New("COF-301", siret)
	}
	p.ui.print(p.ui.text(lang.Text{
		FR: "Employeur %s, %s : bulletins électroniques %s, seconde validation %s, double conservé %d an{s}, sauvegardes %d jour{s}",
		EN: "Employer %s, %s: electronic payslips %s, second validation %s, double kept %d year{s}, backups %d day{s}"},
		e.Siret, oneLine(e.Nom), p.yesNo(e.Actif), p.yesNo(e.DoubleValidation), e.Conservation, e.JoursSauvegardes()))
	return p.ui.data(map[string]any{"type": "employeur", "siret": e.Siret, "nom": e.Nom, "actif": e.Actif,
		"double_validation": e.DoubleValidation, "conservation": e.Conservation, "sauvegardes": e.JoursSauvegardes()})
}
