package main

import (
	"context"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/app/states"
	"paye/etats"
	"paye/internal/lang"
	"paye/xhl"
)

func (p *program) variationsCommand() *cli.Command {
	return &cli.Command{
		Name:      "variations",
		Usage:     p.t("comparer deux mois : chaque variation, sa cause, la pièce attendue et si elle est jointe", "compare two months: each variation, its cause, the expected piece and whether it is attached"),
		UsageText: p.t("xhl variations [-o variations.xlsx] AVANT APRES", "xhl variations [-o variations.xlsx] BEFORE AFTER"),
		Description: p.t(`AVANT et APRES sont des journaux, des flux PES, des archives, ou les dossiers de leurs volumes.
Le justificatifs.csv et le rubriques.csv voisins d'APRES sont lus sans qu'on les nomme.
La liste des pièces est celle du CGCT (annexe I), dans la version que la première ligne nomme ;
tout ce qui n'en vient pas est marqué « à vérifier ».
Code de retour : 0 si rien ne manque, 3 s'il manque une pièce, 64 si les mois ne se comparent pas.`,
			`BEFORE and AFTER are journals, PES files, archives, or the folders of their volumes.
The justificatifs.csv and the rubriques.csv beside AFTER are read without being named.
The list of pieces is that of the CGCT (annexe I), in the version that the first line names;
whatever does not come from it is marked "à vérifier".
Exit code: 0 when nothing is missing, 3 when a piece is, 64 when the months cannot be compared.`),
		Flags: append(p.etatFlags(),
			&cli.StringFlag{Name: "justificatifs", Usage: p.t("`FICHIER` justificatifs.csv du mois", "`FILE` justificatifs.csv of the month")},
			&cli.StringSliceFlag{Name: "anterieurs", Usage: p.t("`FICHIER` justificatifs.csv d'un mois antérieur, dont le comptable a les pièces (à répéter)", "`FILE` justificatifs.csv of an earlier month, whose pieces the accountant has (repeat)")},
			&cli.StringFlag{Name: "causes", Usage: p.t("`FICHIER` causes.csv : le nom des causes générales, et leur pièce", "`FILE` causes.csv: the names of general causes, and their piece")},
			&cli.StringFlag{Name: "pieces", Usage: p.t("`FICHIER` pieces.csv : la liste des pièces attendues, à la place de celle du programme", "`FILE` pieces.csv: the list of expected pieces, in place of the program's")},
			&cli.StringFlag{Name: "liste", Usage: p.t("21 (collectivités) ou 22 (établissements de santé) ; d'après l'APE sinon", "21 (local authorities) or 22 (health establishments); else told by the APE")},
			&cli.StringFlag{Name: "template", Usage: p.t("écrire dans `FICHIER` les lignes de justificatifs.csv qui manquent, à remplir", "write to `FILE` the missing lines of justificatifs.csv, to be filled in")},
			&cli.BoolFlag{Name: "replace", Usage: p.t("remplacer le fichier de --template qui existe", "replace the file of --template that exists")},
			&cli.StringFlag{Name: "threshold", Usage: p.t("ne pas lister les écarts sous `SEUIL` (10€ ou 2%) ; les comptes n'en changent pas", "do not list differences below `THRESHOLD` (10€ or 2%); counts do not change")},
			&cli.StringFlag{Name: "require", Value: requirePieces, Usage: p.t("pieces : code de retour 3 quand il en manque ; rien : toujours 0", "pieces: exit code 3 when one is missing; rien: always 0")},
		),
		Action: func(c *cli.Context) error {
			if c.NArg() != 2 {
				return p.usage("deux mois sont attendus, AVANT et APRES ; %d donné{s}", "two months are expected, BEFORE and AFTER; %d given", c.NArg())
			}
			q := &states.VariationsRequest{Avant: months(c.Args().Get(0)), Apres: months(c.Args().Get(1)), Liste: c.String("liste"), Rubriques: c.String("rubriques"),
				Pieces: c.String("pieces"), Justificatifs: c.String("justificatifs"), Causes: c.String("causes"), Anterieurs: c.StringSlice("anterieurs")}
			if q.Liste != "" && q.Liste != etats.Liste21 && q.Liste != etats.Liste22 {
				return p.usage("--liste : 21 ou 22", "--liste: 21 or 22")
			}
			if err := p.choice("require", c.String("require"), requirePieces, requireNothing); err != nil {
				return err
			}
			out, err := p.stateOutput(c)
			if err != nil {
				return err
			}
			if out.look.Floor, err = p.threshold(c.String("threshold")); err != nil {
				return err
			}
			if err := sparesFilled(c, c.String("template")); err != nil {
				return err
			}
			return p.variations(c.Context, q, out, c.String("template"), c.String("require"))
		},
	}
}

// What --require takes.
const (
	requirePieces  = "pieces"
	requireNothing = "rien"
)

// months is the files of a month: a list with commas names several volumes.
func months(arg string) []string { return strings.Split(arg, ",") }

// threshold reads --threshold.
func (p *program) threshold(s string) (etats.Seuil, error) {
	var t etats.Seuil
	if s == "" {
		return t, nil
	}
	wrong := p.usage("--threshold : %q n'est ni 10€ ni 2%%", "--threshold: %q is neither 10€ nor 2%%", s)
	if n, share := strings.CutSuffix(s, "%"); share {
		part, err := strconv.ParseFloat(strings.Replace(n, ",", ".", 1), 64)
		if err != nil || part < 0 || part > 1000 {
			return t, wrong
		}
		t.Part = int64(part * 1000)
		return t, nil
	}
	m, ok := xhl.Decimal(strings.TrimSuffix(s, "€")).Montant()
	if !ok || m < 0 {
		return t, wrong
	}
	t.Montant = m
	return t, nil
}

var comparison = lang.Text{FR: "comparaison", EN: "comparing"}

func (p *program) variations(ctx context.Context, q *states.VariationsRequest, out *stateOutput, template, require string) error {
	w := &states.Watch{Anomalie: p.report, Progress: new(states.Progress)}
	p.ui.startProgress(func() status {
		done, total := w.Progress.Status()
		return status{name: comparison, key: "variations", done: done, total: total}
	})
	p.boundBooks()
	c, err := states.Variations(ctx, q, w)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	if err := p.showVariations(c, out); err != nil {
		return err
	}
	if template != "" {
		err := p.toFile(template, func(w io.Writer) error { return states.WriteCSV(w, states.TemplateTable(c)) })
		if err != nil {
			return err
		}
		p.ui.say(lang.Text{FR: "%d ligne{s} à remplir dans %s", EN: "%d line{s} to fill in, in %s"}, c.Synthese.Manquantes, template)
	}
	missing := c.Synthese.Manquantes
	err = p.ui.data(states.ResultLine(c))
	if err == nil && missing > 0 && require == requirePieces {
		return verdict(exitAnomalies)
	}
	return err
}

// showVariations writes the comparison in the form that was asked for.
func (p *program) showVariations(c *etats.Comparaison, out *stateOutput) error {
	out.origin = states.OriginOf(c.Apres, "", out.date)
	title := lang.Text{FR: "Variations de la paye", EN: "Variations of the pay"}
	switch out.format {
	case formatScreen:
		for _, line := range append(states.Screen(c, p.ui.lang), states.Details(c, p.ui.lang)...) {
			p.ui.print(line)
		}
		return p.dataVariations(c, out)
	case formatXLSX:
		return p.writeState(out, title, nil, states.VariationTables(c, &out.look)...)
	case formatPDF, formatHTML:
		title = lang.Text{FR: "Ce qui doit être joint ce mois-ci", EN: "What must be attached this month"}
		return p.writeState(out, title, append(states.Screen(c, p.ui.lang), states.Details(c, p.ui.lang)...), states.MissingTable(c, &out.look))
	}
	return p.writeState(out, title, nil, states.VariationTable(c, &out.look))
}

// dataVariations gives the rows as JSON lines.
func (p *program) dataVariations(c *etats.Comparaison, out *stateOutput) error {
	if !p.ui.json {
		return nil
	}
	return states.Data(c, &out.look, p.ui.data)
}

// stateOutput is where an état goes and what it looks like.
type stateOutput struct {
	format, path string
	look         states.Look
	origin       states.Origin
	date         time.Time
}

// The forms of an état.
const (
	formatScreen = "ecran"
	formatCSV    = "csv"
	formatXLSX   = "xlsx"
	formatPDF    = "pdf"
	formatHTML   = "html"
	formatJSON   = "json"
)

// stateFlags are the options that états and variations share.
func (p *program) etatFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Usage: "ecran | csv | xlsx | pdf | html | json" + p.t(" (d'après le nom du fichier sinon)", " (else told by the name of the file)")},
		&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`FICHIER` à écrire ; - pour la sortie standard", "`FILE` to write; - for standard output")},
		&cli.StringFlag{Name: "rubriques", Usage: p.t("`FICHIER` rubriques.csv : la classe de chaque rubrique", "`FILE` rubriques.csv: the class of each rubrique")},
		&cli.BoolFlag{Name: "masked", Usage: p.t("sans les noms", "without the names")},
		&cli.StringFlag{Name: "date", Usage: p.t("date de l'état, AAAA-MM-JJ (aujourd'hui par défaut)", "date of the état, AAAA-MM-JJ (today by default)")},
	}
}

// stateOutput reads those options.
func (p *program) stateOutput(c *cli.Context) (*stateOutput, error) {
	out := &stateOutput{format: c.String("format"), path: c.String("out"), look: states.Look{Language: p.ui.lang, Masked: c.Bool("masked")}, date: time.Now()}
	if out.format == "" {
		out.format = strings.ToLower(strings.TrimPrefix(filepath.Ext(out.path), "."))
	}
	if out.format == "" {
		out.format = formatScreen
	}
	if err := p.choice("format", out.format, formatScreen, formatCSV, formatXLSX, formatPDF, formatHTML, formatJSON); err != nil {
		return nil, err
	}
	if out.format == formatJSON {
		p.ui.configure(true, false)
		out.format = formatScreen
	}
	if out.path == "" && (out.format == formatXLSX || out.format == formatPDF) {
		return nil, p.usage("il manque le fichier : -o FICHIER", "the file is missing: -o FILE")
	}
	day, err := p.date(c, "date", time.UTC)
	if err != nil {
		return nil, err
	}
	if !day.IsZero() {
		out.date = day
	}
	return out, nil
}

// writeState writes tables in the form that was asked for.
func (p *program) writeState(out *stateOutput, title lang.Text, facts []string, tables ...*states.Table) error {
	path := out.path
	if path == "" {
		path = "-"
	}
	err := p.toFile(path, func(w io.Writer) error {
		switch out.format {
		case formatXLSX:
			return states.WriteXLSX(w, p.ui.lang, tables...)
		case formatPDF:
			return states.WritePDF(w, p.ui.lang, out.origin, title, facts, tables...)
		case formatHTML:
			return states.WriteHTML(w, p.ui.lang, out.origin, title, facts, tables...)
		case formatCSV:
			return states.WriteCSV(w, tables...)
		}
		return states.WriteText(w, p.ui.lang, out.origin, title, facts, tables...)
	})
	if err == nil && path != "-" {
		p.ui.say(lang.Text{FR: "écrit dans %s", EN: "written to %s"}, path)
	}
	return err
}

// warnVariations tells, before volumes are made, which changes since the last
// month lack their piece.
func (p *program) warnVariations(ctx context.Context, last string, dem *build.Request) error {
	q := &states.VariationsRequest{Avant: months(last), Apres: []string{dem.Entree}, Justificatifs: dem.Index}
	c, err := states.Variations(ctx, q, &states.Watch{Anomalie: p.report})
	if err != nil {
		return err
	}
	for _, line := range append(states.Screen(c, p.ui.lang), states.Details(c, p.ui.lang)...) {
		p.ui.say(lang.Text{FR: "%s", EN: "%s"}, line)
	}
	if n := c.Synthese.Manquantes; n > 0 {
		p.report(etats.Codes.New(etats.PiecesManquantes, n))
	}
	return p.ui.data(states.SynthesisLine(c))
}
