package main

import (
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/send"
	"paye/internal/fluxbook"
	"paye/internal/lang"
)

func (p *program) resendCommand() *cli.Command {
	ids := func(name, fr, en string) cli.Flag {
		return &cli.StringSliceFlag{Name: name, Usage: p.t(fr, en)}
	}
	return &cli.Command{
		Name:      "resend",
		Usage:     p.t("refaire un flux avec les seules pièces refusées", "make a new flux of the refused pieces only"),
		UsageText: "xhl resend [--already-there ID] [--replace ID=FICHIER] [NOMFIC…]",
		Description: p.t(`Le nouveau flux est écrit à côté du premier, sous un nom jamais utilisé ; « xhl send » le dépose. L'IdUnique
est gardé, sauf si un autre document l'a pris. Une pièce qui attend une personne est dite, avec pourquoi et comment.`,
			`The new flux is written beside the first, under a name that was never used; "xhl send" deposits it. The
IdUnique is kept, unless another document took it. A piece that waits for a person is told, with why and how.`),
		Flags: append(p.ledgerFlags(),
			ids("already-there", "`ID` d'une pièce refusée comme doublon que le comptable a bien (* pour toutes)", "`ID` of a piece refused as a duplicate that the accountant has indeed (* for all)"),
			ids("as-new", "`ID` d'une pièce de paye dont un autre document a pris l'identifiant", "`ID` of a payroll piece whose identifier another document took"),
			ids("as-is", "`ID` d'une pièce à renvoyer telle quelle, la cause étant levée ailleurs", "`ID` of a piece to send again as it is, its cause being mended elsewhere"),
			ids("replace", "`ID=FICHIER` corrigé qui prend la place de la pièce", "corrected `ID=FILE` that takes the place of the piece"),
			&cli.StringFlag{Name: "idpost", Usage: p.t("codique juste du poste comptable", "right codique of the accountant's office")},
			&cli.StringFlag{Name: "codbud", Usage: p.t("code juste du budget", "right code of the budget")},
			&cli.StringFlag{Name: "finjur", Usage: p.t("FINESS juridique juste", "right legal FINESS")},
			&cli.StringFlag{Name: "typfic", Usage: p.t("type de fichier PES juste", "right PES file type")},
			&cli.StringFlag{Name: "date", Usage: p.t("date du flux, AAAA-MM-JJ (aujourd'hui par défaut)", "date of the flux, AAAA-MM-JJ (today by default)")},
		),
		Action: func(c *cli.Context) error {
			w, err := p.resendRequest(c)
			if err != nil {
				return err
			}
			if p.nothingKnown(c) {
				return p.noFlux(map[string]any{"flux": 0, "pieces": 0, "attendent": 0})
			}
			return p.withOldBook(c, func(b *fluxbook.Book) error { return p.resend(c, b, w) })
		},
	}
}

func (p *program) resendRequest(c *cli.Context) (*send.Resend, error) {
	w := &send.Resend{NomFic: c.Args().Slice(), AsNew: c.StringSlice("as-new"), AlreadyThere: c.StringSlice("already-there"), AsIs: c.StringSlice("as-is"),
		IdPost: c.String("idpost"), CodBud: c.String("codbud"), FinJur: c.String("finjur"), TypFic: c.String("typfic"), Date: time.Now(), Replace: make(map[string]string)}
	for _, pair := range c.StringSlice("replace") {
		id, path, found := strings.Cut(pair, "=")
		if !found || path == "" {
			return nil, p.usage("--replace ID=FICHIER", "--replace ID=FILE")
		}
		w.Replace[id] = path
	}
	var err error
	if w.Date, err = p.date(c, "date", time.UTC); err != nil {
		return nil, err
	}
	return w, nil
}

func (p *program) resend(c *cli.Context, b *fluxbook.Book, w *send.Resend) error {
	made, sent, waits := 0, 0, 0
	err := w.Resend(c.Context, b, func(r *send.Resent) error {
		for _, d := range r.Pieces {
			if d.Why != "" {
				waits++
				p.report(d.Anomalie())
			}
			err := p.ui.data(map[string]any{"type": "piece", "nomfic": r.Flux.NomFic, "id_unique": d.IdUnique, "code": d.Code, "renvoyee": d.Sent, "deja_la": d.There, "nouvel_id": d.NewID, "attend": d.Why})
			if err != nil {
				return err
			}
		}
		if r.Made == nil {
			return nil
		}
		made++
		sent += r.Made.Pieces
		p.ui.print(p.ui.text(lang.Text{FR: "%s : %s dans %s", EN: "%s: %s in %s"}, r.Flux.NomFic, p.ui.text(piecesCounted, r.Made.Pieces), r.Made.Fichier))
		return p.ui.data(map[string]any{"type": "flux", "nomfic": r.Made.NomFic, "origine": r.Flux.NomFic, "fichier": r.Made.Fichier, "octets": r.Made.Octets, "sha256": r.Made.SHA256, "pieces": r.Made.Pieces})
	})
	if err != nil {
		return err
	}
	p.ui.print(p.ui.text(lang.Text{FR: "%d flux refait{s}, %d pièce{s} renvoyée{s}, %d qui {attend|attendent} une personne.", EN: "%d flux{|es} made again, %d piece{s} sent again, %d that {waits|wait} for a person."}, made, sent, waits))
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "flux": made, "pieces": sent, "attendent": waits})
}
