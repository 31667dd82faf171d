package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/app/send"
	"paye/internal/fluxbook"
	"paye/internal/lang"
)

func (p *program) statusCommand() *cli.Command {
	return &cli.Command{
		Name:      "status",
		Usage:     p.t("ce qui est produit, envoyé, acquitté, en retard, refusé", "what is produced, sent, acknowledged, late, refused"),
		UsageText: "xhl status [--siret SIRET] [--mois 2026-05] [--detail] [NOMFIC]",
		Description: p.t("Par employeur et par mois. Avec un NOMFIC, l'histoire de ce flux. Le code est 3 quand quelque chose attend une personne.",
			"By employer and month. With a NOMFIC, the history of that flux. The code is 3 when something waits for a person."),
		Flags: append(p.ledgerFlags(),
			&cli.StringFlag{Name: "siret", Usage: p.t("d'un seul employeur", "of one employer only")},
			&cli.StringFlag{Name: "mois", Usage: p.t("d'un seul `MOIS`, 2026-05", "of one `MONTH` only, 2026-05")},
			&cli.BoolFlag{Name: "detail", Usage: p.t("flux par flux", "flux by flux")},
		),
		Action: func(c *cli.Context) error {
			if p.nothingKnown(c) {
				return p.noFlux(map[string]any{"disparus": 0, "payes": 0, "attendent": 0})
			}
			return p.withOldBook(c, func(b *fluxbook.Book) error {
				if c.Args().Present() {
					return p.fluxHistory(c, b, c.Args().First())
				}
				return p.status(c, b)
			})
		},
	}
}

// nothingKnown reports whether no book was made yet, where no flux is named.
func (p *program) nothingKnown(c *cli.Context) bool {
	at, err := p.ledgerAt(c)
	return err == nil && isNew(at) && !c.Args().Present()
}

// noFlux is the answer where no book was made yet: who looks, or has nothing to
// send, makes none.
func (p *program) noFlux(result map[string]any) error {
	p.ui.print(p.ui.text(emptyBook))
	result["type"], result["ok"] = "result", true
	return p.ui.data(result)
}

var emptyBook = lang.Text{FR: "Le registre ne contient aucun flux : « xhl build » l'y inscrit.", EN: "The ledger has no flux: “xhl build” writes it there."}

func (p *program) status(c *cli.Context, b *fluxbook.Book) error {
	which := fluxbook.Filtre{Siret: c.String("siret")}
	month, err := p.monthOf(c)
	if err != nil {
		return err
	}
	which.Annee, which.Mois = month.Annee, month.Mois
	list, err := b.Status(c.Context, which)
	if err != nil {
		return err
	}
	waiting := 0
	rows := [][]string{{"SIRET", p.t("budget", "budget"), p.t("mois", "month"), ">flux", p.t(">pièces", ">pieces"), p.t(">acceptées", ">accepted"), p.t(">refusées", ">refused"), p.t("où", "where"), ""}}
	for _, l := range list {
		if l.Waits() {
			waiting++
		}
		rows = append(rows, []string{l.Siret, l.CodCol + "/" + l.CodBud, p.month(l), fmt.Sprint(l.Fluxes), fmt.Sprint(l.Pieces), fmt.Sprint(l.Acceptes), fmt.Sprint(l.Refuses), p.where(l), p.waits(l)})
		err := p.ui.data(map[string]any{"type": "paye", "siret": l.Siret, "codcol": l.CodCol, "codbud": l.CodBud, "mois": fmt.Sprintf("%04d-%02d", l.Annee, l.Mois), "train": l.Train, "edition": l.Edition,
			"flux": l.Fluxes, "pieces": l.Pieces, "acceptees": l.Acceptes, "refusees": l.Refuses, "etats": l.Par, "en_retard": l.Late, "attend": l.Waits()})
		if err != nil {
			return err
		}
	}
	if len(list) == 0 {
		p.ui.print(p.ui.text(emptyBook))
	} else {
		for _, line := range table(rows) {
			p.ui.print(line)
		}
	}
	if c.Bool("detail") {
		if err := p.statusDetail(c, b, which); err != nil {
			return err
		}
	}
	gone, err := send.Gone(c.Context, b, which)
	if err != nil {
		return err
	}
	for _, a := range gone {
		p.report(a)
	}
	p.errors += waiting
	return p.ui.data(map[string]any{"type": "result", "ok": waiting+len(gone) == 0, "disparus": len(gone), "payes": len(list), "attendent": waiting, "registre": b.Where()})
}

// month is the month of a payroll, its train, and its edition when it is not
// the first.
func (p *program) month(l *fluxbook.Ligne) string {
	s := l.Key.String()
	if l.Edition > 1 {
		s += p.ui.text(lang.Text{FR: " (éd. %d)", EN: " (ed. %d)"}, l.Edition)
	}
	return s
}

// where is how many fluxes are in each state.
func (p *program) where(l *fluxbook.Ligne) string {
	var parts []string
	for _, e := range []fluxbook.Etat{fluxbook.Produit, fluxbook.EnEnvoi, fluxbook.Incertain, fluxbook.Depose, fluxbook.Transmis, fluxbook.Acquitte, fluxbook.Refuse, fluxbook.Clos, fluxbook.Abandonne} {
		switch n := l.Par[e]; {
		case n == l.Fluxes:
			parts = append(parts, e.Libelle(p.ui.lang))
		case n > 0:
			parts = append(parts, fmt.Sprintf("%s %d", e.Libelle(p.ui.lang), n))
		}
	}
	return strings.Join(parts, ", ")
}

// waits says what waits for a person.
func (p *program) waits(l *fluxbook.Ligne) string {
	switch {
	case l.Par[fluxbook.Incertain]+l.Par[fluxbook.EnEnvoi] > 0:
		return p.t("← envoi à vérifier", "← sending to verify")
	case l.Refuses > 0:
		return p.t("← à renvoyer", "← to send again")
	case l.Late > 0:
		return p.t("← réponse en retard", "← answer is late")
	case l.Waits():
		return p.t("← sans réponse", "← without an answer")
	}
	return ""
}

func (p *program) statusDetail(c *cli.Context, b *fluxbook.Book, which fluxbook.Filtre) error {
	list, err := b.List(c.Context, which)
	if err != nil {
		return err
	}
	rows := [][]string{{"NomFic", p.t("état", "state"), p.t(">acceptées", ">accepted"), p.t("déposé", "deposited"), "transaction", p.t("message", "message")}}
	for _, f := range list {
		day := ""
		if !f.Depot.IsZero() {
			day = p.moment(f.Depot)
		}
		state := f.Etat.Libelle(p.ui.lang)
		if f.LateAt(b.Now()) {
			state += p.t(", en retard", ", late")
		}
		rows = append(rows, []string{f.NomFic, state, fmt.Sprintf("%d/%d", f.Acceptes, f.Pieces), day, f.Transaction, oneLine(f.Message)})
		err := p.ui.data(map[string]any{"type": "flux", "nomfic": f.NomFic, "codcol": f.CodCol, "etat": f.Etat, "pieces": f.Pieces, "acceptees": f.Acceptes, "refusees": f.Refuses,
			"fichier": f.Fichier, "sha256": f.SHA256, "transaction": f.Transaction, "message": f.Message, "en_retard": f.LateAt(b.Now())})
		if err != nil {
			return err
		}
	}
	p.ui.print("")
	for _, line := range table(rows) {
		p.ui.print(line)
	}
	return nil
}

func (p *program) fluxHistory(c *cli.Context, b *fluxbook.Book, name string) error {
	f, err := b.Flux(c.Context, name, "")
	if err != nil {
		return err
	}
	moves, err := b.History(c.Context, f)
	if err != nil {
		return err
	}
	rows := [][]string{{p.t("quand", "when"), p.t("qui", "who"), p.t("état", "state"), p.t("motif", "reason")}}
	for _, m := range moves {
		why := oneLine(m.Motif)
		if m.Answered() {
			why = p.t("acquittement reçu", "acknowledgment received")
		}
		rows = append(rows, []string{p.moment(m.Quand), m.Qui, m.Vers.Libelle(p.ui.lang), why})
		if err := p.ui.data(map[string]any{"type": "mouvement", "quand": m.Quand.UTC(), "qui": m.Qui, "de": m.De, "vers": m.Vers, "motif": m.Motif}); err != nil {
			return err
		}
	}
	for _, line := range table(rows) {
		p.ui.print(line)
	}
	list, err := b.Pieces(c.Context, f)
	if err != nil {
		return err
	}
	rows = [][]string{{"IdUnique", p.t("état", "state"), "code", p.t("libellé", "label"), p.t("suite", "next")}}
	for _, piece := range list {
		rows = append(rows, []string{piece.IdUnique, piece.Etat.Libelle(p.ui.lang), piece.Code, oneLine(piece.Libelle), piece.Suite})
		if err := p.ui.data(map[string]any{"type": "piece", "id_unique": piece.IdUnique, "etat": piece.Etat, "code": piece.Code, "libelle": piece.Libelle, "suite": piece.Suite}); err != nil {
			return err
		}
	}
	for _, line := range table(rows) {
		p.ui.print(line)
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "nomfic": f.NomFic, "etat": f.Etat})
}
