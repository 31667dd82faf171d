package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/send"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/internal/report"
	"paye/pespj"
)

func (p *program) acquitCommand() *cli.Command {
	return &cli.Command{
		Name:      "acquit",
		Usage:     p.t("lire les acquittements, pièce par pièce", "read the acknowledgments, piece by piece"),
		UsageText: "xhl acquit FICHIER|DOSSIER…",
		Description: p.t(`Chaque acquittement est rattaché à son flux par NomFic, puis CodCol, puis IdUnique, et dit de chaque
pièce si elle est acceptée ou refusée, pourquoi, et que faire. Ce qui est refusé part à nouveau par « xhl resend ».`,
			`Each acknowledgment is matched with its flux by NomFic, then CodCol, then IdUnique, and says of each piece
whether it is accepted or refused, why, and what to do. What is refused leaves again with "xhl resend".`),
		Flags: append(p.ledgerFlags(),
			&cli.StringFlag{Name: "html", Usage: p.t("écrire le compte rendu dans un `FICHIER` .html", "write the report to an .html `FILE`")},
			&cli.BoolFlag{Name: "detail", Usage: p.t("montrer aussi les pièces acceptées", "show the accepted pieces too")}),
		Action: func(c *cli.Context) error {
			if !c.Args().Present() {
				return p.usage("donnez des acquittements, ou le dossier où ils arrivent", "give acknowledgments, or the folder where they arrive")
			}
			return p.withLateBook(c, func(late *fluxbook.LateBook) error { return p.acquit(c, late) })
		},
	}
}

// acquitTally is what a run of acquit has seen.
type acquitTally struct{ read, accepted, refused, unanswered, unknown int }

func (p *program) acquit(c *cli.Context, late *fluxbook.LateBook) error {
	var n acquitTally
	doc := &report.Document{Langue: p.ui.lang.String(), Titre: p.t("Acquittements", "Acknowledgments"), Date: time.Now()}
	passed, err := send.Acquit(c.Context, late, c.Args().Slice(), func(l *send.Lecture) error {
		if l.Faute != nil {
			p.report(l.Faute)
			return nil
		}
		n.read++
		for _, a := range l.Avis {
			p.report(a)
		}
		if l.Constat.Flux == nil {
			n.unknown++
			return p.ui.data(map[string]any{"type": "acquit", "fichier": l.Fichier, "nomfic": l.Acquit.Flux.NomFic, "flux": "inconnu"})
		}
		return p.showAnswer(l, &n, c.Bool("detail"), doc)
	})
	if err != nil {
		return err
	}
	if path := c.String("html"); path != "" {
		if err := p.toFile(path, doc.WriteHTML); err != nil {
			return err
		}
	}
	p.ui.print(p.ui.text(lang.Text{FR: "%d acquittement{s} lu{s} ; pièces acceptées : %d, refusées : %d, sans réponse : %d.", EN: "%d acknowledgment{s} read; pieces accepted: %d, refused: %d, without an answer: %d."}, n.read, n.accepted, n.refused, n.unanswered))
	if n.read == 0 && passed.Already == 0 && passed.Others > 0 {
		p.ui.say(lang.Text{FR: "%d fichier{s} laissé{s} de côté, dont aucun n'est un acquittement ; donnez-en un par son nom pour savoir ce que c'est",
			EN: "%d file{s} left aside, none of which is an acknowledgment; give one by its name to be told what it is"}, passed.Others)
	}
	if passed.Already > 0 {
		p.ui.print(p.ui.text(lang.Text{FR: "Déjà lus auparavant : %d ; « xhl status » dit où en sont leurs flux.", EN: "Read before already: %d; “xhl status” says where their fluxes are."}, passed.Already))
	}
	if n.refused > 0 {
		p.errors++
		p.ui.say(lang.Text{FR: "ce qui est refusé part à nouveau par « xhl resend »", EN: "what is refused leaves again with “xhl resend”"})
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "acquits": n.read, "deja_lus": passed.Already, "autres_fichiers": passed.Others, "acceptees": n.accepted, "refusees": n.refused,
		"sans_reponse": n.unanswered, "flux_inconnus": n.unknown})
}

// showAnswer shows what became of a flux.
func (p *program) showAnswer(l *send.Lecture, n *acquitTally, detail bool, doc *report.Document) error {
	f := l.Constat.Flux
	heads := []string{"IdUnique", p.t("état", "state"), p.t("cause", "cause"), p.t("libellé d'Hélios", "label of Hélios"), p.t("que faire", "what to do")}
	rows := [][]string{heads}
	for _, piece := range l.Constat.Pieces {
		var cause pespj.Cause
		switch piece.Etat {
		case fluxbook.Acceptee, fluxbook.DejaLa:
			n.accepted++
		case fluxbook.Refusee:
			n.refused++
			cause = pespj.CauseOf(piece.Code, piece.Libelle)
		case fluxbook.SansReponse:
			n.unanswered++
		}
		err := p.ui.data(map[string]any{"type": "piece", "nomfic": f.NomFic, "id_unique": piece.IdUnique, "etat": piece.Etat, "code": piece.Code, "libelle": piece.Libelle,
			"que_faire": cause.Aide.In(lang.French)})
		if err != nil {
			return err
		}
		if detail || piece.Etat != fluxbook.Acceptee && piece.Etat != fluxbook.DejaLa {
			rows = append(rows, []string{piece.IdUnique, piece.Etat.Libelle(p.ui.lang), strings.TrimSpace(piece.Code + " " + p.ui.text(cause.Libelle)), oneLine(piece.Libelle), p.ui.text(cause.Aide)})
		}
	}
	title := fmt.Sprintf("%s  %s  %s  %d/%d", f.NomFic, f.Key, f.Etat.Libelle(p.ui.lang), f.Acceptes, f.Pieces)
	if len(rows) > 1 || detail {
		p.ui.print(title)
	}
	if len(rows) > 1 {
		t := report.Table{Titre: title, Lignes: rows[1:]}
		for i, weight := range []float64{3, 1.5, 3, 3, 3} {
			t.Colonnes = append(t.Colonnes, report.Colonne{Titre: heads[i], Poids: weight})
		}
		doc.Tables = append(doc.Tables, t)
		for _, line := range table(rows) {
			p.ui.print("  " + line)
		}
	}
	return p.ui.data(map[string]any{"type": "acquit", "fichier": l.Fichier, "nomfic": f.NomFic, "flux": f.Etat, "deja": l.Constat.Deja, "pieces": f.Pieces,
		"acceptees": f.Acceptes, "refusees": f.Refuses})
}
