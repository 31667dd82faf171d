package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"paye/internal/lang"
	"paye/vault"
)

func (p *program) vaultExportCommand() *cli.Command {
	secours := p.t("Avec la clé de secours, quand les autres sont perdues", "With the recovery key, when the others are lost")
	return &cli.Command{
		Name: "export", Usage: p.t("écrire des documents, leur index et leurs preuves dans un zip BagIt", "write documents, their index and their proofs to a BagIt zip"),
		UsageText: p.t(`xhl vault export -o EXPORT.zip [--matricule MATRICULE] [--annee AAAA]
  xhl vault export -o EXPORT.zip --recovery FICHIER --second COMPTE --motif TEXTE`, `xhl vault export -o EXPORT.zip [--matricule MATRICULE] [--annee AAAA]
  xhl vault export -o EXPORT.zip --recovery FILE --second ACCOUNT --motif TEXT`),
		Description: p.t(`Le programme vault/verifexport vérifie l'export sans le coffre.
L'export est en clair, avec les noms : c'est ce qui est demandé.
La clé de secours s'emploie à deux personnes qui ont le droit « lecture » : celle qui exporte, et celle de --second, qui donne son mot de passe.
Chaque agent dont un document est ainsi ouvert voit dans son journal qui, quand et pourquoi.`,
			`The program vault/verifexport verifies the export without the vault.
The export is in clear, with the names: that is what is asked for.
The recovery key is used by two persons with the right 'lecture': the one who exports, and that of --second, who gives a password.
Each agent of whom a document is opened so sees in his journal who did it, when and why.`),
		Flags: append(p.filterFlags(),
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` de l'export", "`FILE` of the export")},
			&cli.StringFlag{Name: "recovery", Category: secours, Usage: p.t("`FICHIER` de la clé de secours", "`FILE` of the recovery key")},
			&cli.StringFlag{Name: secoursFile, Category: secours, Usage: p.t("`FICHIER` de la phrase de passe de la clé de secours", "`FILE` with the passphrase of the recovery key")},
			&cli.StringFlag{Name: "second", Category: secours, Usage: p.t("`COMPTE` de la seconde personne", "`ACCOUNT` of the second person")},
			&cli.StringFlag{Name: secondPasswordFile, Category: secours, Usage: p.t("`FICHIER` du mot de passe de ce compte", "`FILE` with the password of that account")},
			&cli.StringFlag{Name: "motif", Category: secours, Usage: p.t("`TEXTE` que les agents liront : pourquoi, et qui a consenti", "`TEXT` that agents will read: why, and who consented")},
			p.confirmFlag()),
		Action: func(c *cli.Context) error {
			out := c.String("out")
			if out == "" || out == "-" && p.ui.json || c.NArg() > 0 {
				return p.usage("il manque le résultat : -o EXPORT.zip, et rien d'autre", "the result is missing: -o EXPORT.zip, and nothing else")
			}
			if given := c.String("recovery") != ""; given != (c.String("second") != "") || given != (c.String("motif") != "") {
				return p.usage("--recovery, --second et --motif vont ensemble", "--recovery, --second and --motif go together")
			}
			return p.coffre(c, vault.Options{}, func(v *vault.Coffre, par vault.Acteur) error { return p.export(c, v, par, out) })
		},
	}
}

func (p *program) export(c *cli.Context, v *vault.Coffre, par vault.Acteur, out string) error {
	f, err := p.filter(c, v, par)
	if err != nil {
		return err
	}
	write := func(w io.Writer) (*vault.RapportExport, error) { return v.Export(c.Context, par, f, w) }
	if c.String("recovery") != "" {
		s, err := p.secours(c, v, par, f)
		if err != nil {
			return err
		}
		write = func(w io.Writer) (*vault.RapportExport, error) { return v.ExportSecours(c.Context, par, s, f, w) }
	}
	var r *vault.RapportExport
	err = p.toFile(out, func(w io.Writer) error {
		r, err = write(w)
		return err
	})
	if err != nil {
		return err
	}
	key, err := v.Verificateur(c.Context)
	if err != nil {
		return err
	}
	p.ui.say(lang.Text{FR: "%d document{s}, %v, dans %s ; clé de vérification : %s", EN: "%d document{s}, %v, in %s; verifier key: %s"}, r.Documents, lang.Octets(r.Octets), out, key)
	return p.ui.data(map[string]any{"type": "result", "ok": true, "documents": r.Documents, "octets": r.Octets, "fichier": out, "verificateur": key, "point": r.Point})
}

// secours has the second person say who he is, and both of them that they want
// it.
func (p *program) secours(c *cli.Context, v *vault.Coffre, par vault.Acteur, f vault.Filtre) (s vault.Secours, err error) {
	s = vault.Secours{Cle: c.String("recovery"), Motif: c.String("motif")}
	login := c.String("second")
	password, err := p.secret(c, secondPasswordFile, p.t("mot de passe de ", "password of ")+login)
	if err != nil {
		return s, err
	}
	if s.Second, err = v.Comptes().Authenticate(c.Context, vault.Provenance{Source: "ici"}, login, string(password)); err != nil {
		return s, err
	}
	n, err := v.Count(c.Context, par, f)
	if err != nil {
		return s, err
	}
	return s, p.confirm(c, lang.Text{
		FR: "La clé de secours va ouvrir %d document{s}, au nom de %s et de %s ; chaque agent le verra dans son journal, avec ce motif : %s",
		EN: "The recovery key is about to open %d document{s}, in the name of %s and %s; each agent will see it in his journal, with this reason: %s"},
		n, par.Nom, login, oneLine(s.Motif))
}
