package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/check"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/progress"
	"paye/xhl"
	xhlcheck "paye/xhl/check"
)

func (p *program) checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     p.t("contrôler un journal, un PES, une archive, un acquittement ou un lot", "check a journal, a PES, an archive, an acquittal or a set"),
		UsageText: p.t("xhl check [--limit 128Mo] [--html RAPPORT.html] CHEMIN…", "xhl check [--limit 128Mo] [--html REPORT.html] PATH…"),
		Description: p.t(`Chaque fichier est reconnu à son contenu : XHL, PES_Aller, acquittement, archive zip, même
compressés par gzip. Un dossier, ou plusieurs chemins, est un lot : mêmes employeur, période et
train, chaque bulletin une fois, chaque pièce là où on la cherche, le manifeste s'il y en a un ;
dans un dossier, ce qui n'est d'aucun genre connu est laissé de côté. « - » est l'entrée standard.
Le rapport --html ne nomme ni agent ni pièce.
Code de retour : 0 sans erreur, 3 avec, 10 introuvable, 11 format inconnu.`,
			`Each file is known by its content: XHL, PES_Aller, acquittal, zip archive, gzip or not. A
folder, or several paths, is a set: same employer, period and train, each bulletin once, each
piece where it is looked for, the manifest if there is one; files of no known kind in a folder
are left aside. "-" is the standard input.
The --html report names no agent and no piece.
Exit code: 0 without errors, 3 with, 10 not found, 11 unknown format.`),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "schema", Usage: p.t("1.4 | 1.2b (reconnu d'après le contenu sinon)", "1.4 | 1.2b (else told by the content)")},
			&cli.BoolFlag{Name: "schema-only", Usage: p.t("le code de retour suit le seul verdict du schéma", "the exit code follows the verdict of the schema alone")},
			&cli.BoolFlag{Name: "tolerant", Usage: p.t("en avertissements, les écarts que XéMéLios lit quand même", "as warnings, the deviations that XéMéLios reads all the same")},
			&cli.StringFlag{Name: "limit", Usage: p.t("`TAILLE` d'un fichier au plus (128Mo, 134217728) ou plateforme (gxml, s2low, stela)", "`SIZE` of a file at most (128Mo, 134217728) or platform (gxml, s2low, stela)")},
			&cli.BoolFlag{Name: "each", Usage: p.t("chaque fichier pour lui-même, jusque dans les sous-dossiers : pas un lot, mais ce que plusieurs collectivités ont remis", "each file by itself, down into subfolders: no set, but what several authorities handed in")},
			&cli.IntFlag{Name: "max", Value: standardExemples, Usage: p.t("`N` exemples par code au plus", "`N` examples a code at most")},
			&cli.StringFlag{Name: "html", Usage: p.t("écrire aussi le rapport dans `FICHIER`, une page à envoyer par courriel", "write the report to `FILE` too, one page to send by mail")},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return p.usage("un fichier ou un dossier est attendu", "a file or a folder is expected")
			}
			o := check.Options{Tolerant: c.Bool("tolerant"), Max: c.Int("max"), Jour: time.Now(), Progress: new(progress.Progress)}
			if o.Max < 1 || o.Max > maxExemples {
				return p.usage("--max : de 1 à %d", "--max: from 1 to %d", maxExemples)
			}
			if s := c.String("schema"); s != "" {
				v, err := p.schema(s)
				if err != nil {
					return err
				}
				if o.Schema = xhlcheck.Schema14; v == xhl.V12b {
					o.Schema = xhlcheck.Schema12b
				}
			}
			if s := c.String("limit"); s != "" {
				var err error
				if o.Limite, err = p.size("limit", s); err != nil {
					return err
				}
			}
			o.Each = c.Bool("each")
			return p.withStandard(c.Args().Slice(), func(path string) error {
				o.Standard = path
				return p.check(c.Context, c.Args().Slice(), o, c.String("html"), c.Bool("schema-only"))
			})
		},
	}
}

// maxExemples bounds what --max makes the program hold; standardExemples is what
// it is when it is not given.
const (
	maxExemples      = 10_000
	standardExemples = 5
)

var controleEnCours = lang.Text{FR: "contrôle", EN: "checking"}

func (p *program) check(ctx context.Context, paths []string, o check.Options, html string, schemaOnly bool) error {
	p.boundCheck()
	r, err := p.judge(ctx, paths, o)
	if err != nil {
		return err
	}
	if html != "" {
		var page bytes.Buffer
		if err := r.WriteHTML(&page, p.ui.lang, "xhl "+version()); err != nil {
			return err
		}
		for _, f := range r.Fichiers {
			p.inputs.Add(f.Nom)
		}
		if err := p.inputs.Spares(html); err != nil {
			return err
		}
		if err := durable.WriteFile(html, page.Bytes()); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	all := r.Observe(o.Max)
	v := verdict(r.ExitCode(all, schemaOnly))
	p.showCheck(r, all, v)
	if err := p.dataCheck(r, all, v); err != nil {
		return err
	}
	if v != exitOK {
		return v
	}
	return nil
}

// verdict is the exit code of a check, which has been told already.
type verdict int

func (v verdict) Error() string        { return fmt.Sprintf("exit %d", int(v)) }
func (v verdict) ExitCode() int        { return int(v) }
func (v verdict) Is(target error) bool { return target == errReported }

var genres = map[check.Genre]lang.Text{
	check.Inconnu: {FR: "inconnu", EN: "unknown"},
	check.XHL:     {FR: "journal XHL", EN: "XHL journal"},
	check.PES:     {FR: "flux PES", EN: "PES flux"},
	check.Acquit:  {FR: "acquittement", EN: "acquittal"},
	check.Archive: {FR: "archive zip", EN: "zip archive"},
}

// showCheck is the report for people.
func (p *program) showCheck(r *check.Rapport, all *check.Constats, v verdict) {
	u := p.ui
	rows := [][]string{{u.text(lang.Text{FR: "fichier", EN: "file"}), u.text(lang.Text{FR: "genre", EN: "kind"}), u.text(lang.Text{FR: ">taille", EN: ">size"}),
		u.text(lang.Text{FR: "schéma", EN: "schema"}), u.text(lang.Text{FR: "verdict", EN: "verdict"}), u.text(lang.Text{FR: "contenu", EN: "content"})}}
	for _, f := range r.Fichiers {
		rows = append(rows, []string{oneLine(f.Nom), u.text(genres[f.Genre]), u.octets(f.Octets), u.schemaVerdict(f, r.Lot != nil), u.judged(f), u.inside(f)})
	}
	if r.Lot != nil && r.Lot.Journaux > 0 {
		rows = append(rows, []string{u.text(lang.Text{FR: "le lot", EN: "the set"}), "", "", "", u.faults(&r.Lot.Constats), u.inLot(r.Lot)})
	}
	for _, line := range table(rows) {
		u.print(line)
	}
	for _, compte := range all.Comptes() {
		u.showCompte(compte)
	}
	u.print("")
	u.print(u.summary(r, all, v))
}

// judge checks, showing how far it is.
func (p *program) judge(ctx context.Context, paths []string, o check.Options) (*check.Rapport, error) {
	p.ui.startProgress(func() status {
		_, done, total := o.Progress.Status()
		return status{name: controleEnCours, key: "check", done: done, total: total}
	})
	defer p.ui.endProgress()
	return check.Check(ctx, paths, o)
}

func (u *ui) schemaVerdict(f *check.Fichier, lot bool) string {
	switch {
	case f.Genre == check.Inconnu:
		return "-"
	case f.RefuseParJava():
		return u.text(lang.Text{FR: "valide, refusé en Java", EN: "valid, refused in Java"})
	case f.SchemaValide:
		return u.text(lang.Text{FR: "valide", EN: "valid"})
	case lot && f.Conforme:
		return u.text(lang.Text{FR: "suite", EN: "part"})
	}
	return u.text(lang.Text{FR: "invalide", EN: "invalid"})
}

// What a check counts.
var (
	errorsFound   = lang.Text{FR: "%d erreur{s}", EN: "%d error{s}"}
	warningsFound = lang.Text{FR: "%d avertissement{s}", EN: "%d warning{s}"}
)

// judged is the verdict on a file by itself.
func (u *ui) judged(f *check.Fichier) string {
	if f.Reponses.Refuse() && f.Erreurs == 0 {
		return u.text(lang.Text{FR: "refus", EN: "refusal"})
	}
	return u.faults(&f.Constats)
}

// faults counts the errors and the warnings of a file.
func (u *ui) faults(c *check.Constats) string {
	var parts []string
	if c.Erreurs > 0 {
		parts = append(parts, u.text(errorsFound, c.Erreurs))
	}
	if c.Avertissements > 0 {
		parts = append(parts, u.text(warningsFound, c.Avertissements))
	}
	if len(parts) == 0 {
		return u.text(lang.Text{FR: "bon", EN: "good"})
	}
	return strings.Join(parts, ", ")
}

// inside tells what a file holds.
func (u *ui) inside(f *check.Fichier) string {
	var parts []string
	if f.Gzip {
		parts = append(parts, "gzip")
	}
	bulletins := 0
	for _, j := range f.Journaux {
		bulletins += j.Bilan.Bulletins
	}
	if len(f.Journaux) > 0 {
		parts = append(parts, u.text(bulletinsCounted, bulletins))
	}
	if f.Pieces > 0 {
		parts = append(parts, u.text(piecesCounted, f.Pieces))
	}
	if a := f.Reponses; a != nil {
		parts = append(parts, u.text(lang.Text{FR: "acceptés : %d, refusés : %d", EN: "accepted: %d, refused: %d"}, a.Acceptes, a.Refus))
		if a.RefusGlobal {
			parts = append(parts, u.text(lang.Text{FR: "flux refusé", EN: "flux refused"}))
		}
	}
	return strings.Join(parts, ", ")
}

func (u *ui) inLot(l *check.Lot) string {
	s := u.text(bulletinsCounted, l.Bulletins) + ", " + u.text(piecesCounted, l.Pieces)
	if l.Manifeste {
		s += u.text(lang.Text{FR: ", manifeste", EN: ", manifest"})
	}
	return s
}

// showCompte shows a code, how often it was found, and the first places.
func (u *ui) showCompte(c *check.Compte) {
	label := graviteLabels[c.Gravite]
	u.print("")
	title, same := c.Titre(u.lang)
	u.print(u.text(label.Text) + " " + c.Code + u.colon() + oneLine(title) + " (" + u.number(int64(c.N)) + ")")
	for _, a := range c.Exemples {
		line := "  " + oneLine(a.Lieu(u.lang))
		if !same {
			line += u.colon() + oneLine(a.Message(u.lang))
		}
		if a.Trouve != "" {
			line += u.text(lang.Text{FR: ", trouvé « %s »", EN: ", found “%s”"}, oneLine(a.Trouve))
		}
		if a.Attendu != "" {
			line += u.text(lang.Text{FR: ", attendu « %s »", EN: ", expected “%s”"}, oneLine(a.Attendu))
		}
		if strings.TrimSpace(line) != "" {
			u.print(line)
		}
	}
	if rest := c.N - len(c.Exemples); rest > 0 && len(c.Exemples) > 0 {
		u.print(u.text(lang.Text{FR: "  et %d de plus", EN: "  and %d more"}, rest))
	}
	if len(c.Exemples) > 0 {
		if hint := c.Exemples[0].Aide(u.lang); hint != "" {
			u.print("  " + u.text(conseil, hint))
		}
	}
}

// summary is the last line.
func (u *ui) summary(r *check.Rapport, all *check.Constats, v verdict) string {
	s := u.text(lang.Text{FR: "%d fichier{s} : %d erreur{s}, %d avertissement{s}, %d information{s}. ", EN: "%d file{s}: %d error{s}, %d warning{s}, %d note{s}. "},
		len(r.Fichiers), all.Erreurs, all.Avertissements, all.Infos)
	switch {
	case v == exitUnreadable:
		return s + u.text(lang.Text{FR: "Un fichier au moins n'est d'aucun genre connu.", EN: "One file at least is of no known kind."})
	case v != exitOK && all.Erreurs == 0:
		return s + u.text(lang.Text{FR: "Le schéma n'est pas respecté.", EN: "The schema is not respected."})
	case all.N(check.PieceRefusee)+all.N(check.FluxRefuse) > 0:
		return s + u.text(lang.Text{FR: "Refusé par le comptable, en tout ou en partie.", EN: "Refused by the accountant, in whole or in part."})
	case all.Erreurs > 0:
		return s + u.text(lang.Text{FR: "À corriger avant l'envoi.", EN: "To be corrected before sending."})
	}
	for _, f := range r.Fichiers {
		if f.Reponses.Refuse() {
			return s + u.text(lang.Text{FR: "Lu sans erreur ; il refuse des pièces : « xhl acquit » dit lesquelles et que faire.", EN: "Read without an error; it refuses pieces: “xhl acquit” says which and what to do."})
		}
		if f.Genre == check.Acquit {
			return s + u.text(lang.Text{FR: "Lu sans erreur.", EN: "Read without an error."})
		}
	}
	return s + u.text(lang.Text{FR: "Rien n'empêche l'envoi.", EN: "Nothing prevents sending."})
}

// dataCheck is the report as JSON lines, the same in every language.
func (p *program) dataCheck(r *check.Rapport, all *check.Constats, v verdict) error {
	for _, line := range r.Lines(all, int(v)) {
		if err := p.ui.data(line); err != nil {
			return err
		}
	}
	return nil
}
