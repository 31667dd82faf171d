package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/vault"
)

// filterFlags choose documents.
func (p *program) filterFlags() []cli.Flag {
	return append(p.employerFlags(),
		&cli.StringFlag{Name: "matricule", Usage: p.t("`MATRICULE` de l'agent", "`MATRICULE` of the agent")},
		&cli.StringFlag{Name: "mois", Usage: p.t("`MOIS` de la paye, AAAA-MM", "`MONTH` of the pay, AAAA-MM")},
		&cli.IntFlag{Name: "annee", Usage: p.t("`ANNÉE` de la paye", "`YEAR` of the pay")},
		&cli.StringFlag{Name: "nature", Usage: "bulletin | annexe"},
		&cli.StringFlag{Name: "depot", Usage: p.t("`DÉPÔT` d'où viennent les documents, ou le début de son numéro", "`DEPOSIT` that the documents come from, or how its number begins")},
	)
}

// filter reads the options of filterFlags.
func (p *program) filter(c *cli.Context, v vault.Guichet, par vault.Acteur) (f vault.Filtre, err error) {
	f = vault.Filtre{Matricule: c.String("matricule"), Annee: c.Int("annee"), Nature: vault.Nature(c.String("nature"))}
	if f.Employeur, err = p.employeur(c, v); err != nil {
		return f, err
	}
	if f.Periode, err = p.monthOf(c); err != nil {
		return f, err
	}
	if !slices.Contains([]vault.Nature{"", vault.Bulletin, vault.Annexe}, f.Nature) {
		return f, p.usage("--nature : bulletin ou annexe", "--nature: bulletin or annexe")
	}
	if prefix := c.String("depot"); prefix != "" {
		list, err := v.Versements(c.Context, par, f.Employeur)
		if err != nil {
			return f, err
		}
		session, err := p.session(list, prefix)
		if err != nil {
			return f, err
		}
		f.Versement = session.ID
	}
	return f, nil
}

func (p *program) vaultListCommand() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: p.t("les documents du coffre", "the documents of the vault"),
		UsageText: "xhl vault list [--matricule MATRICULE] [--mois AAAA-MM] [--names]",
		Flags: append(append(p.filterFlags(), p.remoteFlags()...),
			&cli.IntFlag{Name: "count", Usage: p.t("au plus `N` documents", "at most `N` documents")},
			&cli.BoolFlag{Name: "names", Usage: p.t("montrer les noms", "show the names")},
			&cli.BoolFlag{Name: "destroyed", Usage: p.t("à la place, ce qui a été détruit, pourquoi, et quand l'effacement est complet", "instead, what was destroyed, why, and when the erasure is complete")}),
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			}
			if c.IsSet("count") && c.Int("count") < 1 {
				return p.usage("--count : 1 au moins", "--count: 1 at least")
			}
			return p.store(c, vault.Options{}, func(v vault.Guichet, par vault.Acteur) error {
				return p.ui.out.list(func() error {
					if c.Bool("destroyed") {
						return p.erased(c, v, par)
					}
					return p.vaultList(c, v, par)
				})
			})
		},
	}
}

func (p *program) vaultList(c *cli.Context, v vault.Guichet, par vault.Acteur) error {
	p.boundList()
	f, err := p.filter(c, v, par)
	if err != nil {
		return err
	}
	f.Limite = c.Int("count")
	n := 0
	for m, err := range v.List(c.Context, par, f) {
		if err != nil {
			return err
		}
		if n++; n == 1 {
			p.ui.print(p.documentHeading(c.Bool("names")))
		}
		if !c.Bool("names") {
			m.Nom, m.Prenom = "", ""
		}
		if err := p.showDocument(&m); err != nil {
			return err
		}
	}
	if n == 0 {
		p.ui.print(p.t("Aucun document.", "No document."))
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "employeur": f.Employeur, "documents": n})
}

func (p *program) documentHeading(names bool) string {
	line := fmt.Sprintf("%-32s  %-7s  %-12s %-12s %2s %10s  %-19s", "ID", p.t("Mois", "Month"), "Matricule", p.t("Nature", "Kind"), p.t("N°", "No"), p.t("Taille", "Size"), p.t("Déposé le", "Deposited on"))
	if names {
		line += "  " + p.t("Nom", "Name")
	}
	return strings.TrimRight(line, " ")
}

// showDocument prints a line as documents come: there may be very many.
func (p *program) showDocument(m *vault.Metadata) error {
	if p.ui.json {
		return p.ui.data(struct {
			Type string `json:"type"`
			*vault.Metadata
		}{"document", m})
	}
	nature := string(m.Nature)
	if m.Version > 0 {
		nature += fmt.Sprintf(" r%d", m.Version)
	}
	line := fmt.Sprintf("%s  %s  %-12s %-12s %2d %10s  %s", m.ID, m.Periode, oneLine(m.Matricule), nature, m.Sequence, p.ui.octets(m.Taille), m.Date.Local().Format("02/01/2006 15:04:05"))
	if m.Nom != "" {
		line += "  " + oneLine(m.Nom+" "+m.Prenom)
	}
	if m.Effacement != nil {
		line += "  " + p.erasure(m.Effacement)
	}
	p.ui.print(line)
	return nil
}

func (p *program) vaultGetCommand() *cli.Command {
	return &cli.Command{
		Name: "get", Usage: p.t("lire un document dans un fichier, et son reçu", "read a document into a file, and its receipt"),
		UsageText: p.t("xhl vault get -o FICHIER ID\n  xhl vault get -o FICHIER --matricule MATRICULE --mois AAAA-MM [--receipt FICHIER]", "xhl vault get -o FILE ID\n  xhl vault get -o FILE --matricule MATRICULE --mois AAAA-MM [--receipt FILE]"),
		Flags: append(append(p.filterFlags(), p.remoteFlags()...),
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` du document, ou - pour la sortie standard", "`FILE` of the document, or - for standard output")},
			&cli.StringFlag{Name: "receipt", Usage: p.t("écrire aussi le reçu dans un `FICHIER`", "write the receipt to a `FILE` too")}),
		Action: func(c *cli.Context) error {
			switch {
			case c.String("out") == "":
				return p.usage("il manque le résultat : -o FICHIER", "the result is missing: -o FILE")
			case c.String("out") == "-" && p.ui.json:
				return p.usage("-o - ne va pas avec --json", "-o - does not go with --json")
			case c.NArg() > 1, c.NArg() == 0 && (c.String("matricule") == "" || c.String("mois") == ""):
				return p.usage("quel document : un ID, ou --matricule et --mois", "which document: one ID, or --matricule and --mois")
			}
			return p.store(c, vault.Options{}, func(v vault.Guichet, par vault.Acteur) error { return p.get(c, v, par) })
		},
	}
}

func (p *program) get(c *cli.Context, v vault.Guichet, par vault.Acteur) error {
	id, err := p.wanted(c, v, par)
	if err != nil {
		return err
	}
	var m vault.Metadata
	err = p.toFile(c.String("out"), func(w io.Writer) error {
		m, err = v.Read(c.Context, par, id, w)
		return err
	})
	if err != nil {
		return err
	}
	p.ui.say(lang.Text{FR: "%s de %s, %s, dans %s", EN: "%s of %s, %s, in %s"}, m.Nature, m.Periode, p.ui.octets(m.Taille), c.String("out"))
	if m.Effacement != nil {
		p.ui.say(lang.Text{FR: "%s", EN: "%s"}, p.erasure(m.Effacement))
	}
	if path := c.String("receipt"); path != "" {
		if err := p.writeReceipt(c.Context, v, par, id, path); err != nil {
			return err
		}
	}
	result := map[string]any{"type": "result", "ok": p.errors == 0, "id": id, "matricule": m.Matricule, "periode": m.Periode, "nature": m.Nature,
		"taille": m.Taille, "empreinte": m.Empreinte, "fichier": c.String("out")}
	if m.Effacement != nil {
		result["effacement"] = m.Effacement
	}
	return p.ui.data(result)
}

// wanted is the document of the argument, or the only one that the options
// choose.
func (p *program) wanted(c *cli.Context, v vault.Guichet, par vault.Acteur) (vault.ID, error) {
	if c.NArg() == 1 {
		id, err := vault.ParseID(c.Args().First())
		if err != nil {
			return id, p.usage("un ID a 32 chiffres hexadécimaux : voyez xhl vault list", "an ID has 32 hexadecimal digits: see xhl vault list")
		}
		return id, nil
	}
	f, err := p.filter(c, v, par)
	if err != nil {
		return vault.ID{}, err
	}
	if f.Nature == "" {
		f.Nature = vault.Bulletin
	}
	f.Limite = 2
	var found []vault.ID
	for m, err := range v.List(c.Context, par, f) {
		if err != nil {
			return vault.ID{}, err
		}
		found = append(found, m.ID)
	}
	switch len(found) {
	case 0:
		return vault.ID{}, vault.Codes.New("COF-204")
	case 1:
		return found[0], nil
	}
	return vault.ID{}, p.usage("plusieurs documents répondent : choisissez un ID dans xhl vault list", "several documents answer: choose an ID in xhl vault list")
}

// writeReceipt verifies a document and writes its receipt.
func (p *program) writeReceipt(ctx context.Context, v vault.Guichet, par vault.Acteur, id vault.ID, path string) error {
	verdict, err := v.Check(ctx, par, id)
	if err != nil {
		return err
	}
	for _, fault := range verdict.Fautes {
		a, ok := fault.(*anomalie.Anomalie)
		if !ok {
			return fault
		}
		p.report(a)
	}
	if verdict.Recu == nil {
		return nil
	}
	text, err := json.MarshalIndent(verdict.Recu, "", "  ")
	if err != nil {
		return fmt.Errorf("write the receipt: %w", err)
	}
	if err := p.toFile(path, func(w io.Writer) error { _, err := w.Write(append(text, '\n')); return err }); err != nil {
		return err
	}
	key, err := v.Verificateur(ctx)
	if err != nil {
		return err
	}
	p.ui.say(lang.Text{FR: "reçu dans %s ; clé de vérification : %s", EN: "receipt in %s; verifier key: %s"}, path, key)
	return nil
}
