package main

import (
	"errors"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/app/hire"
	"paye/due"
	"paye/due/courrier"
	"paye/internal/anomalie"
	"paye/internal/lang"
)

func (p *program) dueReceiveCommand() *cli.Command {
	return &cli.Command{
		Name: "receive", Usage: p.t("lire les réponses : enregistrées, en erreur, en attente", "read the answers: registered, in error, waiting"),
		UsageText: "xhl due receive [--lot LOT] [FICHIER…] | --declaration CLE --outcome enregistree|rejetee|annulee|faite_ailleurs [--reference REF] [--date JOUR]",
		Description: p.t("Sans FICHIER, lit le dossier AR du dossier de travail. Le contenu dit ce qu'est une réponse, jamais son nom.",
			"Without FILE, reads the folder AR of the working folder. The content says what an answer is, never its name."),
		Flags: append(p.officeFlags(),
			&cli.StringFlag{Name: "lot", Usage: p.t("`LOT` auquel répond un retour XML", "`BATCH` that an XML return answers")},
			&cli.StringFlag{Name: "mapping", Usage: p.t("`FICHIER` des éléments du niveau 3", "`FILE` of the elements of level 3")},
			&cli.StringFlag{Name: "declaration", Usage: p.t("`CLE` d'une déclaration dont la réponse est sur papier", "`KEY` of a declaration whose answer is on paper")},
			&cli.StringFlag{Name: "outcome", Usage: "enregistree | rejetee | annulee | faite_ailleurs"},
			&cli.StringFlag{Name: "reference", Usage: p.t("`REFERENCE` de dossier", "file `REFERENCE`")},
			&cli.StringFlag{Name: "date", Usage: p.t("`JOUR` de la réponse", "`DAY` of the answer")},
			&cli.StringFlag{Name: "motif", Usage: p.t("`TEXTE` de la réponse", "`TEXT` of the answer")},
			&cli.StringSliceFlag{Name: "report", Usage: p.t("`FICHIER` du compte rendu : .txt, .csv, .html ou .pdf", "`FILE` of the report: .txt, .csv, .html or .pdf")}),
		Action: func(c *cli.Context) error {
			return p.office(c, readsMemory, c.Args().Slice(), func(o *hire.Bureau) error {
				if c.String("declaration") != "" {
					return p.enter(c, o)
				}
				paths := c.Args().Slice()
				if len(paths) == 0 {
					var err error
					if paths, err = o.Answers(); err != nil {
						return err
					}
				}
				return p.receive(c, o, paths)
			})
		},
	}
}

func (p *program) receive(c *cli.Context, o *hire.Bureau, paths []string) error {
	today, err := o.Today()
	if err != nil {
		return err
	}
	for _, path := range paths {
		b, err := o.Receive(c.Context, path, c.String("lot"), c.String("mapping"))
		var fault *anomalie.Anomalie
		if errors.As(err, &fault) && len(paths) > 1 {
			p.report(fault) // one bad answer does not hide the others
			continue
		}
		if err != nil {
			return err
		}
		if err := p.show(b.Rapport(p.ui.lang, today), c.StringSlice("report")); err != nil {
			return err
		}
		if !b.Deja {
			p.errors += b.Count(due.StatutErreur)
		}
		for _, l := range b.Lignes {
			err := p.ui.data(map[string]any{"type": "declaration", "cle": l.Cle, "matricule": l.Matricule, "contrat": l.Contrat, "etat": l.Etat,
				"code": l.Code, "reference": l.Reference, "champ": l.Champ})
			if err != nil {
				return err
			}
		}
		err = p.ui.data(map[string]any{"type": "reponse", "fichier": path, "lot": b.Lot, "niveau": b.Niveau, "deja": b.Deja,
			"enregistrees": b.Count(due.StatutEnregistree), "en_erreur": b.Count(due.StatutErreur), "en_attente": b.Count(due.StatutAttente)})
		if err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "reponses": len(paths)})
}

func (p *program) enter(c *cli.Context, o *hire.Bureau) error {
	day, err := p.day(c, "date")
	if err != nil {
		return err
	}
	s := due.Saisie{Cle: c.String("declaration"), Etat: due.Etat(c.String("outcome")), Date: day, Reference: c.String("reference"), Motif: c.String("motif")}
	if err := o.Registre.Enter(c.Context, s); err != nil {
		return err
	}
	p.ui.print(s.Cle + "  " + s.Etat.Libelle(p.ui.lang) + p.t(" (saisi manuellement)", " (entered by hand)"))
	return p.ui.data(map[string]any{"type": "result", "ok": true, "cle": s.Cle, "etat": s.Etat})
}

func (p *program) dueListCommand() *cli.Command {
	return &cli.Command{
		Name: "list", Usage: p.t("où en sont les déclarations ; avec une CLE, son histoire", "how far the declarations are; with a KEY, its history"),
		UsageText: "xhl due list [CLE]",
		Flags:     p.officeFlags(),
		Action: func(c *cli.Context) error {
			return p.office(c, readsMemory, nil, func(o *hire.Bureau) error {
				if c.Args().Present() {
					return p.history(c, o, c.Args().First())
				}
				return p.list(c, o)
			})
		},
	}
}

func (p *program) list(c *cli.Context, o *hire.Bureau) error {
	list, err := o.Registre.List(c.Context)
	if err != nil {
		return err
	}
	rows := [][]string{{p.t("clé", "key"), "matricule", p.t("contrat", "contract"), p.t("embauche", "hire"), p.t("état", "state"), p.t("lot", "batch"), p.t("référence", "reference"), ""}}
	for _, s := range list {
		var remarks []string
		if s.Tardive {
			remarks = append(remarks, p.t("tardive", "late"))
		}
		if s.Incertain {
			remarks = append(remarks, p.t("lot incertain", "uncertain batch"))
		}
		if s.Manuel {
			remarks = append(remarks, p.t("saisi manuellement", "entered by hand"))
		}
		if s.Replaces != "" {
			remarks = append(remarks, p.t("remplace ", "replaces ")+s.Replaces)
		}
		rows = append(rows, []string{s.Cle, s.Matricule, s.Contrat, s.Embauche.String(), s.Etat.Libelle(p.ui.lang), s.Lot, s.Reference, strings.Join(remarks, ", ")})
		err := p.ui.data(map[string]any{"type": "declaration", "cle": s.Cle, "matricule": s.Matricule, "contrat": s.Contrat, "embauche": s.Embauche.String(),
			"etat": s.Etat, "lot": s.Lot, "reference": s.Reference, "tardive": s.Tardive, "manuel": s.Manuel, "incertain": s.Incertain, "remplace": s.Replaces})
		if err != nil {
			return err
		}
	}
	for _, line := range table(rows) {
		p.ui.print(line)
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "declarations": len(list)})
}

func (p *program) history(c *cli.Context, o *hire.Bureau, cle string) error {
	moves, err := o.Registre.History(c.Context, cle)
	if err != nil {
		return err
	}
	rows := [][]string{{p.t("quand", "when"), p.t("qui", "who"), p.t("état", "state"), p.t("lot", "batch"), "SHA-256", p.t("motif", "reason")}}
	for _, m := range moves {
		rows = append(rows, []string{p.moment(m.Quand), m.Qui, m.Vers.Libelle(p.ui.lang), m.Lot, m.SHA256, m.Motif})
		err := p.ui.data(map[string]any{"type": "mouvement", "quand": m.Quand.UTC(), "qui": m.Qui, "de": m.De, "vers": m.Vers, "lot": m.Lot, "sha256": m.SHA256, "motif": m.Motif})
		if err != nil {
			return err
		}
	}
	for _, line := range table(rows) {
		p.ui.print(line)
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "cle": cle})
}

func (p *program) dueSetupCommand() *cli.Command {
	open := func(name, fr, en, text string, flags []cli.Flag, wants memory, do func(*cli.Context, *hire.Bureau) error) *cli.Command {
		return &cli.Command{
			Name: name, Usage: p.t(fr, en), UsageText: "xhl due setup " + name + text, Flags: append(p.officeFlags(), flags...),
			Action: func(c *cli.Context) error {
				return p.office(c, wants, nil, func(o *hire.Bureau) error {
					if err := do(c, o); err != nil {
						return err
					}
					return p.progress(c, o)
				})
			},
		}
	}
	step := func(name, fr, en, text string, flags []cli.Flag, do func(*cli.Context, *hire.Bureau) error) *cli.Command {
		return open(name, fr, en, text, flags, writesMemory, do)
	}
	fingerprint := []cli.Flag{&cli.StringFlag{Name: "fingerprint", Required: true, Usage: p.t("`EMPREINTE` de la clé, telle que le destinataire la donne", "`FINGERPRINT` of the key, as the recipient gives it")}}
	key := func(nature due.NatureEvenement) func(*cli.Context, *hire.Bureau) error {
		return func(c *cli.Context, o *hire.Bureau) error {
			return o.Key(c.Context, nature, courrier.Empreinte(c.String("fingerprint")))
		}
	}
	setup := open("status", "où en est la mise en place", "how far the set-up is", "", nil, mayReadMemory, func(*cli.Context, *hire.Bureau) error { return nil })
	return &cli.Command{
		Name: "setup", Usage: p.t("la mise en place, étape par étape", "the set-up, step by step"), UsageText: "xhl due setup contact|cle|chemins|cle-test|conventions|cle-definitive|confirmer|status",
		Description: p.t("Prévenir le centre, confirmer les trois chemins, prouver le chiffrement (étape 4), le serveur (5) et la clé définitive (6) :\nchaque étape est un envoi (« xhl due send --mode reel --etape N ») et une réponse.",
			"Tell the centre, confirm the three paths, prove the encryption (step 4), the server (5) and the final key (6):\neach step is one send (\"xhl due send --mode reel --etape N\") and one answer."),
		Flags:  p.officeFlags(),
		Action: setup.Action,
		Subcommands: []*cli.Command{
			setup,
			step("contact", "dire que le centre est prévenu du début des essais", "say that the centre was told that the trials begin", " --who NOM",
				[]cli.Flag{&cli.StringFlag{Name: "who", Required: true, Usage: p.t("`QUI` a été prévenu", "`WHO` was told")}},
				func(c *cli.Context, o *hire.Bureau) error { return o.Contact(c.Context, c.String("who")) }),
			step("cle", "faire notre clé OpenPGP", "make our OpenPGP key", "", nil, func(_ *cli.Context, o *hire.Bureau) error {
				path, err := o.NewKey()
				if err == nil {
					p.ui.print(path)
				}
				return err
			}),
			step("chemins", "confirmer les trois chemins", "confirm the three paths", "", nil, func(c *cli.Context, o *hire.Bureau) error {
				paths, err := o.Confirm(c.Context)
				if err == nil {
					p.ui.print(paths)
				}
				return err
			}),
			step("cle-test", "confirmer la clé de test du destinataire", "confirm the recipient's test key", " --fingerprint E", fingerprint, key(due.EvCleTest)),
			step("conventions", "dire que les conventions d'adhésion sont revenues", "say that the agreements came back", " --date JOUR --document FICHIER",
				[]cli.Flag{
					&cli.StringFlag{Name: "date", Required: true, Usage: p.t("`JOUR` du retour", "`DAY` of the return")},
					&cli.StringFlag{Name: "document", Required: true, Usage: p.t("`FICHIER` du document", "`FILE` of the document")},
				},
				func(c *cli.Context, o *hire.Bureau) error {
					day, err := p.day(c, "date")
					if err != nil {
						return err
					}
					return o.Agreements(c.Context, day, c.String("document"))
				}),
			step("cle-definitive", "importer la clé définitive du destinataire", "import the recipient's final key", " --fingerprint E", fingerprint, key(due.EvCleDefinitive)),
			step("confirmer", "confirmer la clé définitive, par une autre personne", "confirm the final key, by another person", " --fingerprint E", fingerprint, key(due.EvConfirmation)),
		},
	}
}

// progress shows how far the set-up is.
func (p *program) progress(c *cli.Context, o *hire.Bureau) error {
	var events []due.Evenement
	s := new(due.Progression)
	if o.Registre != nil {
		var err error
		if events, err = o.Registre.Evenements(c.Context); err != nil {
			return err
		}
		if s, err = o.Registre.Progression(c.Context); err != nil {
			return err
		}
	}
	rows := [][]string{{p.t("quand", "when"), p.t("qui", "who"), p.t("fait", "fact"), p.t("étape", "step"), p.t("lot", "batch"), p.t("empreinte", "fingerprint")}}
	for _, e := range events {
		step := ""
		if e.Etape > 0 {
			step = p.ui.text(lang.Text{FR: "%d", EN: "%d"}, e.Etape)
		}
		rows = append(rows, []string{p.moment(e.Quand), e.Qui, e.Nature.Libelle(p.ui.lang), step, e.Lot, e.Empreinte})
	}
	for _, line := range table(rows) {
		p.ui.print(line)
	}
	state := p.t("fermé", "closed")
	if s.Ouvert(s.CleDefinitive) {
		state = p.t("ouvert, pour la clé définitive seulement", "open, for the final key only")
	}
	p.ui.print(p.t("mode réel : ", "real mode: ") + state)
	p.ui.print(p.t("à faire : ", "to do next: ") + p.ui.text(s.Prochaine()))
	return p.ui.data(map[string]any{"type": "result", "ok": true, "ouvert": s.Ouvert(s.CleDefinitive),
		"etape4": s.Chiffrement.Preuve != "", "etape5": s.Serveur.Preuve != "", "etape6": s.CleFinale.Preuve != ""})
}
