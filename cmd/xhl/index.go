package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/app/index"
	"paye/internal/lang"
)

func (p *program) indexCommand() *cli.Command {
	return &cli.Command{
		Name:      "index",
		Usage:     p.t("proposer justificatifs.csv : quel document justifie quel agent", "propose justificatifs.csv: which document justifies which agent"),
		UsageText: p.t("xhl index --pj DOSSIER [-o justificatifs.csv] JOURNAL | xhl index --template [-o justificatifs.csv] JOURNAL", "xhl index --pj FOLDER [-o justificatifs.csv] JOURNAL | xhl index --template [-o justificatifs.csv] JOURNAL"),
		Description: p.t(`Cherche dans le nom de chaque fichier, puis dans le texte des PDF, les matricules du journal ; reconnaît les copies d'un
même document. Chaque ligne dit si elle est sûre, probable ou à vérifier, et pourquoi ; ce qui n'a pas pu être placé
est nommé (code 3). Corrigez la liste, puis « xhl build ». Un fichier qui existe n'est pas remplacé sans --replace.`,
			`Looks in the name of each file, then in the text of PDFs, for the matricules of the journal; knows the copies of one
document. Each line says whether it is sure, probable or to check, and why; what could not be placed is named
(code 3). Correct the list, then "xhl build". A file that exists is not replaced without --replace.`),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "pj", Usage: p.t("`DOSSIER` des justificatifs", "`FOLDER` of the justificatifs")},
			&cli.BoolFlag{Name: "template", Usage: p.t("une ligne par agent, sans fichier, à remplir à la main", "a line an agent, without a file, to be filled in by hand")},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` à écrire, .csv ou .xlsx ; - pour la sortie standard ; sinon justificatifs.csv à côté du journal", "`FILE` to write, .csv or .xlsx; - for standard output; else justificatifs.csv beside the journal")},
			&cli.BoolFlag{Name: "replace", Usage: p.t("remplacer la liste qui existe", "replace the list that exists")},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return p.usage("un journal est attendu, %d donné{s}", "one journal is expected, %d given", c.NArg())
			}
			if c.Bool("template") == (c.String("pj") != "") {
				return p.usage("donnez le dossier des pièces (--pj), ou --template", "give the folder of the pieces (--pj), or --template")
			}
			return p.index(c, c.Args().First())
		},
	}
}

// sparesFilled refuses, without --replace, to write what is to be filled in over a
// file that is there: somebody may have filled it in. No path and - are nothing.
func sparesFilled(c *cli.Context, path string) error {
	if path == "" || path == "-" || c.Bool("replace") {
		return nil
	}
	if _, err := os.Lstat(path); err == nil { // what cannot be looked at is told by who reads or writes there
		return index.Codes.New(index.Exists, path)
	}
	return nil
}

func (p *program) index(c *cli.Context, journal string) error {
	out := c.String("out")
	if out == "" {
		dir := journal
		if st, err := os.Stat(journal); err == nil && !st.IsDir() {
			dir = filepath.Dir(journal)
		}
		out = filepath.Join(dir, "justificatifs.csv")
	}
	if err := sparesFilled(c, out); err != nil {
		return err
	}
	p.inputs.Add(journal)
	var proposal *index.Proposal
	var err error
	if c.Bool("template") {
		proposal, err = index.Template(c.Context, journal)
	} else {
		proposal, err = index.Propose(c.Context, journal, c.String("pj"))
	}
	if err != nil {
		return err
	}
	write := index.WriteCSV
	if strings.EqualFold(filepath.Ext(out), ".xlsx") {
		write = index.WriteXLSX
	}
	if out != "-" || !p.ui.json {
		if err := p.toFile(out, func(w io.Writer) error { return write(w, proposal, p.ui.lang) }); err != nil {
			return err
		}
	}
	return p.showProposal(proposal, out, c.Bool("template"))
}

func (p *program) showProposal(proposal *index.Proposal, out string, template bool) error {
	for _, l := range proposal.Lines {
		if template {
			break
		}
		if err := p.ui.data(map[string]any{"type": "proposition", "matricule": l.Matricule, "id_unique": l.IdUnique, "fichier": l.Fichier, "confiance": string(l.Confidence), "raison": l.Why.In(p.ui.lang, l.Why.Args...)}); err != nil {
			return err
		}
	}
	for _, a := range proposal.Anomalies() {
		p.report(a)
	}
	p.ui.say(lang.Text{FR: "%d ligne{s} proposée{s} dans %s ; %d fichier{s} {est déjà nommé|sont déjà nommés} par le journal, %d {n'a pas été placé|n'ont pas été placés}", EN: "%d line{s} proposed in %s; %d file{s} {is|are} named by the journal already, %d {was|were} not placed"},
		len(proposal.Lines), out, len(proposal.Known), len(proposal.Strays))
	return p.ui.data(map[string]any{"type": "result", "ok": len(proposal.Strays) == 0, "lignes": len(proposal.Lines), "a_verifier": proposal.ToCheck(),
		"connus": len(proposal.Known), "non_places": len(proposal.Strays), "sortie": out})
}
