package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"paye/internal/identifiants"
	"paye/internal/lang"
	"paye/vault"
)

func (p *program) vaultInitCommand() *cli.Command {
	return &cli.Command{
		Name:      "init",
		Usage:     p.t("créer le coffre, ou lui ajouter un employeur", "make the vault, or add an employer to it"),
		UsageText: p.t("xhl vault init --siret SIRET --name NOM --enable [--phrase-file FICHIER --recovery-phrase-file FICHIER]", "xhl vault init --siret SIRET --name NAME --enable [--phrase-file FILE --recovery-phrase-file FILE]"),
		Description: p.t(`La clé de secours ouvre tous les documents : emportez-la ailleurs dès que le coffre est créé.
« - » au lieu d'un FICHIER demande la phrase de passe au terminal ; sans phrase, les clés ne sont protégées que par leurs droits (0600).`,
			`The recovery key opens every document: take it elsewhere as soon as the vault is made.
"-" instead of a FILE asks for the passphrase on the terminal; without one the keys are protected by their mode (0600) only.`),
		Flags: append(append(p.actorFlags(),
			&cli.StringFlag{Name: secoursFile, Category: p.t("Coffre", "Vault"), Usage: p.t("`FICHIER` de la phrase de passe de la clé de secours", "`FILE` with the passphrase of the recovery key")},
			&cli.StringFlag{Name: "siret", Usage: p.t("`SIRET` de l'employeur", "`SIRET` of the employer")},
			&cli.BoolFlag{Name: "enable", Usage: p.t("activer « Bulletin de salaire au format électronique » pour cet employeur", "turn on 'payslips in electronic form' for this employer")},
		), append(p.optionFlags(), p.s3Flags()...)...),
		Action: p.vaultInit,
	}
}

func (p *program) vaultInit(c *cli.Context) error {
	if c.NArg() > 0 {
		return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
	}
	if c.String("siret") == "" && (c.Bool("enable") || c.String("name") != "") {
		return p.usage("--siret : quel employeur ?", "--siret: which employer?")
	}
	if siret := c.String("siret"); siret != "" && identifiants.CheckSIRET(siret) != nil {
		return p.usage("--siret %s : ce n'est pas un SIRET, 14 chiffres dont le dernier est une clé ; relisez-le", "--siret %s: this is no SIRET, 14 digits of which the last is a key; read it again", siret)
	}
	change, err := p.employerChange(c)
	if err != nil {
		return err
	}
	root, err := p.coffreDir(c)
	if err != nil {
		return err
	}
	made := false
	if _, err := os.Stat(filepath.Join(root, "coffre.json")); errors.Is(err, fs.ErrNotExist) || c.String("siret") == "" {
		if err := p.makeVault(c, root); err != nil {
			return err
		}
		made = true
	}
	if c.String("siret") != "" {
		if err := p.addEmployer(c, change); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "coffre": root, "cree": made, "employeur": c.String("siret")})
}

func (p *program) makeVault(c *cli.Context, root string) error {
	o := vault.InitOptions{ScryptWork: p.scryptWork}
	for _, s := range []struct {
		option, what string
		to           *[]byte
	}{
		{phraseFile, p.t("phrase de passe des clés du coffre", "passphrase of the vault's keys"), &o.PhraseCles},
		{secoursFile, p.t("phrase de passe de la clé de secours", "passphrase of the recovery key"), &o.PhraseSecours},
	} {
		if c.String(s.option) == "" {
			continue
		}
		var err error
		if *s.to, err = p.newSecret(c, s.option, s.what); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(root, "coffre.json")); errors.Is(err, fs.ErrNotExist) {
		if err := p.newS3(c, root); err != nil {
			return err
		}
	}
	if _, err := p.contents(c.Context, root, &o.Options); err != nil {
		return err
	}
	if err := vault.Init(c.Context, root, o); err != nil {
		return err
	}
	secours := filepath.Join(root, "keys", vault.CleSecours+".cle")
	p.ui.print(p.ui.text(lang.Text{FR: "Coffre créé dans %s", EN: "Vault made in %s"}, root))
	p.ui.print(p.ui.text(lang.Text{
		FR: "La clé de secours est %s. Elle ouvre tous les documents : DÉPLACEZ-LA hors de cette machine, et sauvegardez le dossier keys à part du reste.",
		EN: "The recovery key is %s. It opens every document: MOVE IT off this machine, and back up the folder keys apart from the rest."}, secours))
	if len(o.PhraseSecours) == 0 {
		p.ui.say(lang.Text{FR: "La clé de secours n'a pas de phrase de passe.", EN: "The recovery key has no passphrase."})
	}
	return p.ui.data(map[string]any{"type": "coffre", "dossier": root, "cle_secours": secours, "cle_secours_chiffree": len(o.PhraseSecours) > 0, "cles_chiffrees": len(o.PhraseCles) > 0})
}

// addEmployer adds the employer of --siret. Its key gets the passphrase that
// opened those of the vault, or none if they have none.
func (p *program) addEmployer(c *cli.Context, change func(*vault.Employeur)) error {
	siret := c.String("siret")
	var phrase []byte
	ask := p.phrases(c)
	o := vault.Options{Phrase: func(cle string) (_ []byte, err error) {
		phrase, err = ask(cle)
		return phrase, err
	}}
	return p.coffre(c, o, func(v *vault.Coffre, par vault.Acteur) error {
		known, err := v.Registre().Employeur(c.Context, siret)
		if err != nil {
			return err
		}
		if known == nil && c.String("name") == "" {
			return p.usage("--name : le nom de l'employeur", "--name: the name of the employer")
		}
		if name := c.String("name"); known != nil && name != "" && name != known.Nom {
			return p.usage("l'employeur %[1]s s'appelle déjà « %[2]s » ; pour le renommer : xhl vault user employer %[1]s --name NOM", "employer %[1]s is called “%[2]s” already; to rename it: xhl vault user employer %[1]s --name NAME", siret, known.Nom)
		}
		if known == nil {
			if err := v.Registre().AddEmployeur(c.Context, par, siret, c.String("name"), phrase); err != nil {
				return err
			}
		}
		err = v.Registre().SetEmployeur(c.Context, par, siret, func(e *vault.Employeur) {
			change(e)
			e.Actif = e.Actif || c.Bool("enable")
		})
		if err != nil {
			return err
		}
		if err := p.showEmployer(c, v, siret); err != nil {
			return err
		}
		if e, err := v.Registre().Employeur(c.Context, siret); err != nil || e.Actif {
			return err
		}
		p.ui.say(lang.Text{FR: "rien ne se dépose encore : xhl vault user employer %s --enabled oui", EN: "nothing can be deposited yet: xhl vault user employer %s --enabled oui"}, siret)
		return nil
	})
}
