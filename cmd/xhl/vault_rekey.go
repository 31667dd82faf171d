package main

import (
	"github.com/urfave/cli/v2"

	"paye/internal/lang"
	"paye/vault"
)

// newPhraseFile names the file with the passphrase of a key that is made.
const newPhraseFile = "new-phrase-file"

func (p *program) vaultRekeyCommand() *cli.Command {
	vaultOptions := p.t("Coffre", "Vault")
	return &cli.Command{
		Name: "rekey", Usage: p.t("remplacer une clé du coffre, sans rien perdre", "replace a key of the vault, and lose nothing"),
		UsageText: p.t("xhl vault rekey --double|--recovery|--master [--key FICHIER] [--new-phrase-file FICHIER]", "xhl vault rekey --double|--recovery|--master [--key FILE] [--new-phrase-file FILE]"),
		Description: p.t(`Une clé à la fois. Le coffre reste ouvert aux autres ; les documents, les reçus et les preuves restent ce qu'ils sont.
Interrompu, le renouvellement reprend quand on relance la même commande ; d'ici là, gardez les deux clés.
Une fois fini, l'ancienne clé n'ouvre plus rien ici. Elle ouvre encore les sauvegardes d'avant : détruisez-la avec elles.`,
			`One key at a time. Others go on using the vault; documents, receipts and proofs stay what they are.
When it is interrupted, the renewal goes on when the same command is run again; until then keep both keys.
Once it is finished the former key opens nothing here. It still opens the backups of before: destroy it with them.`),
		Flags: append(p.stateFlags(),
			&cli.BoolFlag{Name: "double", Usage: p.t("la clé du double de l'employeur", "the key of the employer's double")},
			&cli.BoolFlag{Name: "recovery", Usage: p.t("la clé de secours", "the recovery key")},
			&cli.BoolFlag{Name: "master", Usage: p.t("la clé qui ouvre celles des agents", "the key that opens those of the agents")},
			&cli.StringFlag{Name: "siret", Usage: p.t("`SIRET` de l'employeur, s'il y en a plusieurs", "`SIRET` of the employer, if there are several")},
			&cli.StringFlag{Name: "key", Usage: p.t("`FICHIER` de la clé à remplacer, si elle n'est pas dans keys", "`FILE` of the key to replace, if it is not in keys")},
			&cli.StringFlag{Name: newPhraseFile, Category: vaultOptions, Usage: p.t("`FICHIER` de la phrase de passe de la nouvelle clé (sinon celle-ci n'en a pas)", "`FILE` with the passphrase of the new key (else it has none)")},
			&cli.StringFlag{Name: secoursFile, Category: vaultOptions, Usage: p.t("`FICHIER` de la phrase de passe de la clé de secours", "`FILE` with the passphrase of the recovery key")}),
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			}
			chosen := 0
			for _, name := range []string{"double", "recovery", "master"} {
				if c.Bool(name) {
					chosen++
				}
			}
			if chosen != 1 {
				return p.usage("dites quelle clé : --double, --recovery ou --master", "say which key: --double, --recovery or --master")
			}
			return p.coffre(c, vault.Options{}, func(v *vault.Coffre, par vault.Acteur) error { return p.rekey(c, v, par) })
		},
	}
}

var renouvellement = lang.Text{FR: "renouvellement", EN: "renewing"}

func (p *program) rekey(c *cli.Context, v *vault.Coffre, par vault.Acteur) error {
	o := vault.Renouvellement{Fichier: c.String("key"), Progress: new(vault.RekeyProgress)}
	switch {
	case c.Bool("recovery"):
		o.Cle = vault.CleSecours
	case c.Bool("master"):
		o.Cle = vault.CleMaitre
	default:
		siret, err := p.employeur(c, v)
		if err != nil {
			return err
		}
		o.Cle = vault.CleEmployeur(siret)
	}
	if c.String(newPhraseFile) != "" {
		var err error
		if o.Phrase, err = p.newSecret(c, newPhraseFile, p.t("phrase de passe de la nouvelle clé", "passphrase of the new key")); err != nil {
			return err
		}
	}
	p.ui.startProgress(func() status { return status{name: renouvellement, key: "rekey", done: o.Progress.Lus.Load()} })
	r, err := v.Upkeep().Rekey(c.Context, par, o)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	if r.Reprise {
		p.ui.say(lang.Text{FR: "renouvellement repris où il s'était arrêté", EN: "the renewal went on where it had stopped"})
	}
	p.ui.print(p.ui.text(lang.Text{FR: "Clé %s remplacée. Scellées à nouveau : %d ; anciennes effacées : %d.", EN: "Key %s replaced. Sealed again: %d; former ones erased: %d."}, r.Cle, r.Scelles, r.Effaces))
	p.ui.print(p.ui.text(lang.Text{FR: "La nouvelle clé est %s. Sauvegardez-la à part du reste.", EN: "The new key is %s. Back it up apart from the rest."}, r.Fichier))
	if r.Cle == vault.CleSecours {
		p.ui.print(p.t("Elle ouvre tous les documents : DÉPLACEZ-LA hors de cette machine.", "It opens every document: MOVE IT off this machine."))
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "cle": r.Cle, "fichier": r.Fichier, "reprise": r.Reprise, "scelles": r.Scelles, "effaces": r.Effaces})
}
