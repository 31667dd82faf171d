package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"sync/atomic"

	"github.com/urfave/cli/v2"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/lang"
	"paye/payslip"
	"paye/vault"
)

func (p *program) vaultDepositCommand() *cli.Command {
	look := p.t("Bulletins", "Slips")
	return &cli.Command{
		Name:      "deposit",
		Usage:     p.t("rendre les bulletins d'un journal en PDF et les déposer", "render the bulletins of a journal as PDF and deposit them"),
		UsageText: p.t("xhl vault deposit [--archive DOSSIER] [--annexes CHEMIN] [--papier FICHIER] JOURNAL\n  xhl vault deposit --pdf-seulement --archive DOSSIER JOURNAL", "xhl vault deposit [--archive FOLDER] [--annexes PATH] [--papier FILE] JOURNAL\n  xhl vault deposit --pdf-seulement --archive FOLDER JOURNAL"),
		Description: p.t(`Interrompu, le dépôt reprend où il s'est arrêté : relancez la même commande.
Chaque bulletin est déposé, sur papier (l'agent refuse la dématérialisation), refusé ou en attente, et le compte est affiché.`,
			`Interrupted, the deposit goes on where it stopped: run the same command again.
Each bulletin is deposited, on paper (the agent refuses electronic slips), refused or waiting, and the count is shown.`),
		Flags: append(append(p.actorFlags(), p.remoteFlags()...),
			&cli.StringFlag{Name: "archive", Usage: p.t("`DOSSIER` d'archivage, où chaque PDF est gardé en clair avant le dépôt", "archive `FOLDER`, where each PDF is kept in clear before the deposit")},
			&cli.StringFlag{Name: "nommage", Usage: p.t("`SCHÉMA` des noms dans l'archive : {siret} {annee} {mois} {matricule} {nature} {sequence} {version}", "`SCHEME` of the names in the archive: {siret} {annee} {mois} {matricule} {nature} {sequence} {version}")},
			&cli.BoolFlag{Name: "pdf-seulement", Usage: p.t("écrire les PDF dans l'archive, sans dépôt", "write the PDFs to the archive, without a deposit")},
			&cli.StringFlag{Name: "annexes", Usage: p.t("`CHEMIN` des annexes : un dossier de MATRICULE.pdf et MATRICULE_objet.pdf, ou un CSV matricule;fichier;titre", "`PATH` of the annexes: a folder of MATRICULE.pdf and MATRICULE_what.pdf, or a CSV matricule;fichier;titre")},
			&cli.StringFlag{Name: "papier", Usage: p.t("écrire la liste des bulletins à imprimer dans un `FICHIER` CSV", "write the list of the slips to print to a CSV `FILE`")},
			&cli.IntFlag{Name: "rectificatif", Usage: p.t("déposer le `N`-ième rectificatif de ces bulletins", "deposit the `N`-th rectificatif of these slips")},
			&cli.StringFlag{Name: "temoin", Usage: p.t("`FICHIER` où copier le point de contrôle signé, hors de cette machine de préférence", "`FILE` to copy the signed checkpoint to, preferably off this machine")},
			&cli.StringFlag{Name: "logo", Category: look, Usage: p.t("`FICHIER` PNG ou JPEG de l'employeur", "PNG or JPEG `FILE` of the employer")},
			&cli.StringFlag{Name: "couleur", Category: look, Value: payslip.CouleurDefaut, Usage: p.t("couleur de l'employeur, `RRVVBB`", "colour of the employer, `RRGGBB`")},
			&cli.StringSliceFlag{Name: "mention", Category: look, Usage: p.t("`TEXTE` au pied de chaque page, au lieu des mentions légales usuelles (à répéter)", "`TEXT` at the foot of each page, instead of the usual legal notes (repeat)")},
			&cli.IntFlag{Name: "lot", Value: 100, Usage: p.t("`N` documents par lot", "`N` documents a batch")},
		),
		Action: p.vaultDeposit,
	}
}

// remise is one deposit on its way.
type remise struct {
	paye    *paye
	archive *vault.Archive // nil for none
	annexes []annexe
	ecarts  []vault.Ecart // of the paper list, when --papier wants them
	lues    atomic.Int64
	progres vault.Progress
}

var (
	comptage = lang.Text{FR: "lecture du journal", EN: "reading the journal"}
	depots   = lang.Text{FR: "dépôt", EN: "depositing"}
	archives = lang.Text{FR: "écriture des PDF", EN: "writing the PDFs"}
)

func (p *program) vaultDeposit(c *cli.Context) error {
	path, err := p.one(c, "un JOURNAL", "one JOURNAL")
	if err != nil {
		return err
	}
	if n := c.Int("lot"); n < 1 || n > vault.MaxLot {
		return p.usage("--lot : de 1 à %d", "--lot: from 1 to %d", vault.MaxLot)
	}
	if c.Int("rectificatif") < 0 {
		return p.usage("--rectificatif : 1, 2, …", "--rectificatif: 1, 2, …")
	}
	get, err := p.settings(c)
	if err != nil {
		return err
	}
	r := &remise{}
	if get("archive") != "" {
		r.archive = &vault.Archive{Dossier: get("archive"), Nommage: get("nommage")}
		if err := r.archive.Check(); err != nil {
			return err
		}
	} else if c.Bool("pdf-seulement") {
		return p.usage("--pdf-seulement écrit dans l'archive : --archive DOSSIER", "--pdf-seulement writes to the archive: --archive FOLDER")
	}
	if list := c.String("annexes"); list != "" {
		if r.annexes, err = p.readAnnexes(list); err != nil {
			return err
		}
	}
	renderer, err := p.renderer(c)
	if err != nil {
		return err
	}
	p.ui.startProgress(func() status { return status{name: comptage, key: "lecture", done: r.lues.Load()} })
	r.paye, err = readPaye(c.Context, path, &r.lues)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	r.paye.version = c.Int("rectificatif")
	docs := withAnnexes(r.paye, r.paye.documents(c.Context, renderer), r.annexes, func(a annexe) {
		stray := vault.Codes.New("COF-206")
		stray.Matricule, stray.Fichier = a.matricule, a.path
		p.report(stray)
	})
	if c.Bool("pdf-seulement") {
		return p.archiveOnly(c, r, counted(docs, &r.progres.Traites))
	}
	o := p.witness(c)
	o.Controle = recipientControl()
	return p.store(c, o, func(v store, par vault.Acteur) error {
		done, err := p.alreadyDone(c, v, par, r)
		if err != nil || done {
			return err
		}
		return p.deposit(c, v, par, r, docs)
	})
}

// witness keeps the signed checkpoint in the file of --temoin.
func (p *program) witness(c *cli.Context) vault.Options {
	path := c.String("temoin")
	if path == "" {
		return vault.Options{}
	}
	return vault.Options{Temoin: func(_ context.Context, point []byte) error { return durable.WriteFile(path, point) }}
}

// counted counts documents that pass.
func counted(docs iter.Seq2[vault.Document, error], n *atomic.Int64) iter.Seq2[vault.Document, error] {
	return func(yield func(vault.Document, error) bool) {
		for d, err := range docs {
			if !yield(d, err) {
				return
			}
			n.Add(1)
		}
	}
}

func (p *program) startDeposit(r *remise, name lang.Text, key string) {
	total := int64(r.paye.bulletins + len(r.annexes))
	p.ui.startProgress(func() status { return status{name: name, key: key, done: r.progres.Traites.Load(), total: total} })
}

// archiveOnly is the mode without a deposit.
func (p *program) archiveOnly(c *cli.Context, r *remise, docs iter.Seq2[vault.Document, error]) error {
	p.startDeposit(r, archives, "archive")
	n, err := vault.RunArchive(c.Context, r.archive, docs)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	p.ui.print(p.ui.text(lang.Text{FR: "%d PDF écrits dans %s ; rien n'a été déposé.", EN: "%d PDFs written to %s; nothing was deposited."}, n, r.archive.Dossier))
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "pdf": n, "bulletins": r.paye.bulletins, "archive": r.archive.Dossier})
}

// source identifies the input: a rectificatif of the same journal is another.
func (r *remise) source() string {
	if r.paye.version == 0 {
		return r.paye.source
	}
	return fmt.Sprintf("%s-r%d", r.paye.source, r.paye.version)
}

// alreadyDone tells of a session that deposited all of this journal.
func (p *program) alreadyDone(c *cli.Context, v vault.Depositaire, par vault.Acteur, r *remise) (bool, error) {
	list, err := v.Versements(c.Context, par, r.paye.entete.Employeur.Siret)
	var refused *anomalie.Anomalie
	if errors.As(err, &refused) && refused.Classe() == anomalie.Coffre && refused.Code != "COF-801" {
		return false, nil // the deposit is refused too, with the right that it lacks
	}
	if err != nil {
		return false, err
	}
	for i := range list {
		old := &list[i]
		ended := old.Etape == vault.Verification || old.Distribue()
		if ended && old.Source == r.source() && old.Periode == r.paye.periode && old.Bilan.Refuses+old.Bilan.EnAttente == 0 && len(r.annexes) == 0 {
			p.ui.print(p.ui.text(lang.Text{FR: "Ce journal est déjà déposé, le %s.", EN: "This journal is deposited already, on %s."}, old.Debut.Local().Format("02/01/2006 15:04:05")))
			return true, p.deposited(old)
		}
	}
	return false, nil
}

func (p *program) deposit(c *cli.Context, v vault.Depositaire, par vault.Acteur, r *remise, docs iter.Seq2[vault.Document, error]) error {
	p.startDeposit(r, depots, "depot")
	session, err := vault.Run(c.Context, v, par, vault.Depot{
		Employeur: r.paye.entete.Employeur.Siret, Periode: r.paye.periode, Source: r.source(), Deposant: "xhl",
		Bulletins: r.paye.bulletins, Fichiers: 1, Lot: c.Int("lot"), Archive: r.archive, Progress: &r.progres,
		Ecart: func(e vault.Ecart) {
			p.ecart(e)
			if e.Code == surPapier && c.String("papier") != "" {
				r.ecarts = append(r.ecarts, e)
			}
		},
	}, docs)
	p.ui.endProgress()
	if session.ID.IsZero() {
		return err
	}
	if err == nil && c.String("papier") != "" {
		err = p.toFile(c.String("papier"), func(w io.Writer) error { return r.writePaper(w) })
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

// surPapier is the code of a slip that is printed.
const surPapier = "COF-219"

// ecart counts and shows a document that was not deposited.
func (p *program) ecart(e vault.Ecart) {
	if e.Code != surPapier {
		p.errors++
	}
	p.showEcart(e)
}

func (p *program) showEcart(e vault.Ecart) {
	message := e.Code
	if r := regle(e.Code); r != nil {
		message += " " + plainVerbs(r.Message.In(p.ui.lang))
	}
	p.ui.print(fmt.Sprintf("%-9s %-12s %s", e.Nature, oneLine(e.Matricule), message))
	p.ui.data(struct {
		Type string `json:"type"`
		vault.Ecart
	}{"ecart", e})
}

// bilan prints what became of the bulletins.
func (p *program) bilan(v *vault.Versement) {
	b := v.Bilan
	line := p.ui.text(lang.Text{FR: "%d bulletins = %d déposés + %d sur papier + %d refusés + %d en attente", EN: "%d bulletins = %d deposited + %d on paper + %d refused + %d waiting"},
		b.Bulletins, b.Deposes, b.Papier, b.Refuses, b.EnAttente)
	if b.Deja > 0 {
		line += p.ui.text(lang.Text{FR: " (dont %d déjà déposés auparavant)", EN: " (%d of them deposited before)"}, b.Deja)
	}
	p.ui.print(line)
}

// deposited says what a session came to.
func (p *program) deposited(v *vault.Versement) error {
	p.bilan(v)
	p.ui.print(p.ui.text(lang.Text{FR: "Dépôt %s : étape %s, annexes : %d", EN: "Deposit %s: step %s, annexes: %d"}, v.ID, v.Etape.Texte(p.ui.lang), v.Annexes))
	if v.Etape == vault.Verification {
		p.ui.say(lang.Text{FR: "une seconde personne doit valider : xhl vault track --valider %s --user COMPTE", EN: "a second person has to validate: xhl vault track --valider %s --user ACCOUNT"}, v.ID)
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "versement": v.ID, "employeur": v.Employeur, "periode": v.Periode, "source": v.Source,
		"etape": v.Etape, "statut": v.Statut, "motif": v.Motif, "bilan": v.Bilan, "documents": v.Documents, "annexes": v.Annexes})
}

// writePaper writes the list of what is to be printed, and where the archive
// has it.
func (r *remise) writePaper(w io.Writer) error {
	rows := [][]string{{"matricule", "nature", "sequence", "fichier"}}
	for _, e := range r.ecarts {
		file := ""
		if r.archive != nil {
			file = r.archive.Path(&vault.Document{Identite: vault.Identite{Employeur: r.paye.entete.Employeur.Siret, Matricule: e.Matricule},
				Periode: r.paye.periode, Nature: e.Nature, Sequence: e.Sequence, Version: r.paye.version})
		}
		rows = append(rows, []string{e.Matricule, string(e.Nature), strconv.Itoa(e.Sequence), file})
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the list of slips to print: %w", err)
	}
	return nil
}
