package main

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/urfave/cli/v2"

	"paye/app/keep"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/vault"
)

func (p *program) vaultFsckCommand() *cli.Command {
	return &cli.Command{
		Name: "fsck", Usage: p.t("relire chaque octet du coffre et dire ce qui ne va pas", "read every byte of the vault again and say what is wrong"),
		UsageText: p.t("xhl vault fsck [--recovery FICHIER] [--witness POINT.note]", "xhl vault fsck [--recovery FILE] [--witness POINT.note]"),
		Description: p.t("Code de retour 3 quand quelque chose ne va pas, 15 quand le coffre ne peut pas être lu du tout.",
			"Exit code 3 when something is wrong, 15 when the vault cannot be read at all."),
		Flags: append(p.stateFlags(),
			&cli.StringFlag{Name: "recovery", Usage: p.t("déchiffrer chaque document avec la clé de secours de ce `FICHIER` (sinon avec celles des employeurs)", "decrypt each document with the recovery key of this `FILE` (else with those of the employers)")},
			&cli.StringFlag{Name: secoursFile, Category: p.t("Coffre", "Vault"), Usage: p.t("`FICHIER` de la phrase de passe de la clé de secours", "`FILE` with the passphrase of the recovery key")},
			&cli.StringSliceFlag{Name: "witness", Usage: p.t("`FICHIER` d'un point de contrôle gardé à l'extérieur, à répéter", "`FILE` of a checkpoint that was kept outside, repeat")}),
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			}
			return p.fsck(c)
		},
	}
}

var verification = lang.Text{FR: "vérification", EN: "verifying"}

func (p *program) fsck(c *cli.Context) error {
	root, err := p.coffreDir(c)
	if err != nil {
		return err
	}
	o := vault.FsckOptions{Options: vault.Options{Phrase: p.phrases(c)}, Secours: c.String("recovery"), Progress: new(vault.FsckProgress)}
	for _, path := range c.StringSlice("witness") {
		point, err := readPoint(c.Context, path)
		if err != nil {
			return p.usage("--witness : %s n'est pas un point de contrôle lisible", "--witness: %s is not a checkpoint that can be read", path)
		}
		o.Temoins = append(o.Temoins, point)
	}
	bucket, err := p.provenContents(c.Context, root, &o.Options)
	if err != nil {
		return err
	}
	if bucket != nil {
		locked, err := bucket.Temoins(c.Context)
		if err != nil {
			return keep.Unavailable(err)
		}
		o.Temoins = append(o.Temoins, locked...)
	}
	p.ui.startProgress(func() status { return status{name: verification, key: "fsck", done: o.Progress.Octets.Load()} })
	r, err := vault.Fsck(c.Context, root, o)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	for _, a := range r.Anomalies {
		if r.Evenements == 0 && a.Classe() == anomalie.Coffre {
			return a // there is no vault, or none that could be read
		}
		p.report(a)
	}
	for _, code := range slices.Sorted(maps.Keys(r.Fautes)) {
		p.ui.say(lang.Text{FR: "%s : %d fois", EN: "%s: %d time{s}"}, code, r.Fautes[code])
	}
	p.ui.print(p.ui.text(lang.Text{
		FR: "%d événement{s}, %d document{s} (%d déchiffré{s} et comparé{s}, %d détruit{s}), %d contenu{s} relu{s}, %v, %d point{s} de contrôle comparé{s}, %d orphelin{s}",
		EN: "%d event{s}, %d document{s} (%d decrypted and compared, %d destroyed), %d blob{s}, %v read again, %d checkpoint{s} compared, %d orphan{s}"},
		r.Evenements, r.Documents, r.Dechiffres, r.Destroyed, r.Blobs, lang.Octets(r.Octets), r.Points, r.Orphelins))
	if r.Sound() {
		p.ui.print(p.t("Le coffre est sain.", "The vault is sound."))
	} else {
		p.ui.print(p.t("Le coffre est abîmé : voyez ci-dessus, ce qui manque se reprend d'une sauvegarde.", "The vault is damaged: see above; what is missing is restored from a backup."))
	}
	return p.ui.data(map[string]any{"type": "result", "ok": r.Sound(), "evenements": r.Evenements, "documents": r.Documents, "dechiffres": r.Dechiffres, "detruits": r.Destroyed,
		"blobs": r.Blobs, "octets": r.Octets, "points": r.Points, "orphelins": r.Orphelins, "fautes": r.Fautes})
}

// maxPoint bounds a checkpoint file, in bytes.
const maxPoint = 64 << 10

func readPoint(ctx context.Context, path string) ([]byte, error) {
	point, err := input.ReadAny(ctx, path, maxPoint)
	if err == nil && len(point) > maxPoint {
		err = errors.New("not a checkpoint: too long")
	}
	return point, err
}

func (p *program) vaultRecoverCommand() *cli.Command {
	return &cli.Command{
		Name: "recover", Usage: p.t("refaire le catalogue depuis le journal, coffre fermé", "make the catalogue again from the journal, with the vault closed"),
		UsageText: "xhl vault recover",
		Description: p.t("Arrêtez d'abord ce qui utilise le coffre. L'ancien catalogue est gardé à côté.",
			"Stop what uses the vault first. The former catalogue is kept beside the new one."),
		Flags: p.stateFlags(),
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			}
			root, err := p.coffreDir(c)
			if err != nil {
				return err
			}
			o := vault.Options{Phrase: p.phrases(c)}
			if _, err := p.contents(c.Context, root, &o); err != nil {
				return err
			}
			r, err := vault.Recover(c.Context, root, vault.Systeme(operateur), o)
			if r != nil {
				for _, a := range r.Anomalies {
					p.report(a)
				}
			}
			if err != nil {
				return err
			}
			p.ui.print(p.ui.text(lang.Text{FR: "Catalogue refait : %d événement{s}, %d document{s}.", EN: "Catalogue made again: %d event{s}, %d document{s}."}, r.Evenements, r.Documents))
			if r.Mis != "" {
				p.ui.print(p.ui.text(lang.Text{FR: "Une fin de journal illisible a été mise de côté dans %s", EN: "An end of the journal that cannot be read was put aside in %s"}, r.Mis))
			}
			p.ui.say(lang.Text{FR: "vérifiez avec xhl vault fsck", EN: "verify with xhl vault fsck"})
			return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "evenements": r.Evenements, "documents": r.Documents, "mis_de_cote": r.Mis})
		},
	}
}
