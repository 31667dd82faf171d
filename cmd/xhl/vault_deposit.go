package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/app/deposit"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/progress"
	"paye/payslip"
	"paye/vault"
)

func (p *program) vaultDepositCommand() *cli.Command {
	look := p.t("Bulletins", "Slips")
	return &cli.Command{
		Name:      "deposit",
		Usage:     p.t("rendre les bulletins d'un journal en PDF et les déposer", "render the bulletins of a journal as PDF and deposit them"),
		UsageText: p.t("xhl vault deposit [--archive DOSSIER] [--annexes CHEMIN] [--paper FICHIER] JOURNAL\n  xhl vault deposit --pdf-only --archive DOSSIER JOURNAL", "xhl vault deposit [--archive FOLDER] [--annexes PATH] [--paper FILE] JOURNAL\n  xhl vault deposit --pdf-only --archive FOLDER JOURNAL"),
		Description: p.t(`Interrompu, le dépôt reprend où il s'est arrêté : relancez la même commande.
Chaque bulletin est déposé, sur papier (l'agent refuse la dématérialisation), refusé ou en attente, et le compte est affiché.`,
			`Interrupted, the deposit goes on where it stopped: run the same command again.
Each bulletin is deposited, on paper (the agent refuses electronic slips), refused or waiting, and the count is shown.`),
		Flags: append(append(p.actorFlags(), p.remoteFlags()...),
			&cli.StringFlag{Name: "archive", Usage: p.t("`DOSSIER` d'archivage, où chaque PDF est gardé en clair avant le dépôt", "archive `FOLDER`, where each PDF is kept in clear before the deposit")},
			&cli.StringFlag{Name: "naming", Usage: p.t("`SCHÉMA` des noms dans l'archive : {siret} {annee} {mois} {matricule} {nature} {sequence} {version}", "`SCHEME` of the names in the archive: {siret} {annee} {mois} {matricule} {nature} {sequence} {version}")},
			&cli.BoolFlag{Name: "pdf-only", Usage: p.t("écrire les PDF dans l'archive, sans dépôt", "write the PDFs to the archive, without a deposit")},
			&cli.StringFlag{Name: "annexes", Usage: p.t("`CHEMIN` des annexes : un dossier de MATRICULE.pdf et MATRICULE_objet.pdf, ou un CSV matricule;fichier;titre", "`PATH` of the annexes: a folder of MATRICULE.pdf and MATRICULE_what.pdf, or a CSV matricule;fichier;titre")},
			&cli.StringFlag{Name: "paper", Usage: p.t("écrire la liste des bulletins à imprimer dans un `FICHIER` CSV", "write the list of the slips to print to a CSV `FILE`")},
			&cli.IntFlag{Name: "rectificatif", Usage: p.t("déposer le `N`-ième rectificatif de ces bulletins", "deposit the `N`-th rectificatif of these slips")},
			&cli.StringFlag{Name: "witness", Usage: p.t("`FICHIER` où copier le point de contrôle signé, hors de cette machine de préférence", "`FILE` to copy the signed checkpoint to, preferably off this machine")},
			&cli.StringFlag{Name: "logo", Category: look, Usage: p.t("`FICHIER` PNG ou JPEG de l'employeur", "PNG or JPEG `FILE` of the employer")},
			&cli.StringFlag{Name: "color", Category: look, Value: payslip.CouleurDefaut, Usage: p.t("couleur de l'employeur, `RRVVBB`", "colour of the employer, `RRGGBB`")},
			&cli.StringSliceFlag{Name: "mention", Category: look, Usage: p.t("`TEXTE` au pied de chaque page, au lieu des mentions légales usuelles (à répéter)", "`TEXT` at the foot of each page, instead of the usual legal notes (repeat)")},
			p.rubriquesFlag(), p.trustEncodingFlag(),
			&cli.IntFlag{Name: "batch", Value: 100, Usage: p.t("`N` documents par lot", "`N` documents a batch")},
		),
		Action: p.vaultDeposit,
	}
}

// deposits are the words for the steps of a deposit.
var deposits = map[progress.Phase]lang.Text{
	deposit.Reading:    {FR: "lecture du journal", EN: "reading the journal"},
	deposit.Depositing: {FR: "dépôt", EN: "depositing"},
	deposit.Archiving:  {FR: "écriture des PDF", EN: "writing the PDFs"},
}

func (p *program) vaultDeposit(c *cli.Context) error {
	path, err := p.one(c, "un JOURNAL", "one JOURNAL")
	if err != nil {
		return err
	}
	if path, err = build.JournalAt(path); err != nil {
		return err
	}
	get, err := p.settings(c)
	if err != nil {
		return err
	}
	req := deposit.Request{Journal: path, Annexes: c.String("annexes"), Archive: get("archive"), Nommage: get("naming"),
		PDFSeulement: c.Bool("pdf-only"), Rectificatif: c.Int("rectificatif"), Lot: c.Int("batch"), TrustEncoding: c.Bool("trust-encoding")}
	renderer, err := p.renderer(c, path)
	if err != nil {
		return err
	}
	w := deposit.Watch{Progress: new(progress.Progress), Anomalie: p.gather, Ecart: p.ecart}
	p.ui.startProgress(func() status {
		phase, done, total := w.Progress.Status()
		return status{deposits[phase], string(phase), done, total}
	})
	job, err := deposit.Prepare(c.Context, req, w)
	if err != nil {
		return err
	}
	if req.PDFSeulement {
		return p.archiveOnly(c, job, renderer, req.Archive)
	}
	o := p.witness(c)
	o.Controle = deposit.RecipientControl()
	return p.store(c, o, func(v vault.Guichet, par vault.Acteur) error {
		old, err := job.Earlier(c.Context, v, par)
		if err != nil {
			return err
		}
		paper := c.String("paper")
		if old != nil && (paper == "" || job.Printed(old)) {
			p.ui.endProgress()
			if paper != "" {
				if err := p.toFile(paper, job.WritePaper); err != nil {
					return err
				}
			}
			p.ui.print(p.ui.text(lang.Text{FR: "Ce journal est déjà déposé, le %s.", EN: "This journal is deposited already, on %s."}, p.moment(old.Debut)))
			return p.deposited(old)
		}
		return p.deposit(c, v, par, job, renderer)
	})
}

// witness keeps the signed checkpoint in the file of --witness, and reads what
// it has there before anything is signed.
func (p *program) witness(c *cli.Context) vault.Options {
	path := c.String("witness")
	if path == "" {
		return vault.Options{}
	}
	return vault.Options{
		Temoin: func(_ context.Context, point []byte) error { return durable.WriteFile(path, point) },
		Temoins: func(ctx context.Context) ([][]byte, error) {
			point, err := readPoint(ctx, path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, nil
			}
			return [][]byte{point}, err
		},
	}
}

// archiveOnly is the mode without a deposit.
func (p *program) archiveOnly(c *cli.Context, job *deposit.Job, r *payslip.Renderer, dir string) error {
	n, err := job.WriteArchive(c.Context, r)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	p.ui.print(p.ui.text(lang.Text{FR: "%d PDF écrit{s} dans %s ; rien n'a été déposé.", EN: "%d PDF{s} written to %s; nothing was deposited."}, n, dir))
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "pdf": n, "bulletins": job.Bulletins(), "archive": dir})
}

func (p *program) deposit(c *cli.Context, v vault.Depositaire, par vault.Acteur, job *deposit.Job, r *payslip.Renderer) error {
	session, err := job.Deposit(c.Context, v, par, r)
	p.ui.endProgress()
	if session.ID.IsZero() {
		return err
	}
	if err == nil && c.String("paper") != "" {
		err = p.toFile(c.String("paper"), job.WritePaper)
	}
	if err != nil {
		p.bilan(&session)
		return err
	}
	if session.Bilan.EnAttente > 0 {
		p.report(vault.Codes.New("COF-507"))
	}
	return p.deposited(&session)
}

// ecart counts and shows a document that was not deposited.
func (p *program) ecart(e vault.Ecart) {
	if e.Code != deposit.SurPapier {
		p.errors++
	}
	p.showEcart(e)
}

func (p *program) showEcart(e vault.Ecart) {
	p.ui.print(fmt.Sprintf("%-9s %-12s %s %s", e.Nature, oneLine(e.Matricule), e.Code, oneLine(e.Text(p.ui.lang))))
	if aide := p.ui.advised.new(e.Code, e.Aide(p.ui.lang)); aide != "" {
		p.ui.print("  " + aide)
	}
	p.ui.data(struct {
		Type string `json:"type"`
		vault.Ecart
		Message string `json:"message"`
	}{"ecart", e, e.Full(p.ui.lang)})
}

// bilan prints what became of the bulletins.
func (p *program) bilan(v *vault.Versement) {
	b := v.Bilan
	line := p.ui.text(lang.Text{FR: "%d bulletin{s} = %d déposé{s} + %d sur papier + %d refusé{s} + %d en attente", EN: "%d bulletin{s} = %d deposited + %d on paper + %d refused + %d waiting"},
		b.Bulletins, b.Deposes, b.Papier, b.Refuses, b.EnAttente)
	if b.Deja > 0 {
		line += p.ui.text(lang.Text{FR: " (dont %d déjà déposé{s} auparavant)", EN: " (%d of them deposited before)"}, b.Deja)
	}
	p.ui.print(line)
}

// deposited says what a session came to.
func (p *program) deposited(v *vault.Versement) error {
	p.bilan(v)
	p.ui.print(p.ui.text(lang.Text{FR: "Dépôt %s : étape %s, annexes : %d", EN: "Deposit %s: step %s, annexes: %d"}, v.ID, v.Etape.Texte(p.ui.lang), v.Annexes))
	if v.Etape == vault.Verification {
		p.ui.say(lang.Text{FR: "une seconde personne doit valider : xhl vault track --validate %s --user COMPTE", EN: "a second person has to validate: xhl vault track --validate %s --user ACCOUNT"}, v.ID)
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "versement": v.ID, "employeur": v.Employeur, "periode": v.Periode, "source": v.Source,
		"etape": v.Etape, "statut": v.Statut, "motif": v.Motif, "bilan": v.Bilan, "documents": v.Documents, "annexes": v.Annexes})
}
