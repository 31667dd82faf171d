package main

import (
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/internal/lang"
	"paye/vault"
	"paye/vault/remise"
)

func (p *program) vaultTrackCommand() *cli.Command {
	return &cli.Command{
		Name:      "track",
		Usage:     p.t("le suivi des dépôts ; la validation par une seconde personne", "the follow-up of the deposits; validation by a second person"),
		UsageText: p.t("xhl vault track [--siret SIRET] [--csv FICHIER] [--detail DÉPÔT]\n  xhl vault track --validate DÉPÔT | --reject DÉPÔT --motif TEXTE  --user COMPTE", "xhl vault track [--siret SIRET] [--csv FILE] [--detail DEPOSIT]\n  xhl vault track --validate DEPOSIT | --reject DEPOSIT --motif TEXT  --user ACCOUNT"),
		Description: p.t("Sans --siret, le suivi de tous les employeurs du coffre.\nDÉPÔT est le numéro de la dernière colonne, ou son début.\nQui a déposé ne valide pas : il faut le compte d'une seconde personne, avec le droit « validation ».",
			"Without --siret, the follow-up of every employer of the vault.\nDEPOSIT is the number of the last column, or how it begins.\nWho deposited does not validate: it takes the account of a second person, with the right \"validation\"."),
		Flags: append(append(p.employerFlags(), p.remoteFlags()...),
			&cli.StringFlag{Name: "csv", Usage: p.t("écrire le suivi dans un `FICHIER` CSV", "write the follow-up to a CSV `FILE`")},
			&cli.StringFlag{Name: "detail", Usage: p.t("les comptes et les écarts d'un `DÉPÔT`", "the counts and the exceptions of a `DEPOSIT`")},
			&cli.StringFlag{Name: "validate", Usage: p.t("`DÉPÔT` à valider : les agents le voient", "`DEPOSIT` to validate: agents see it")},
			&cli.StringFlag{Name: "reject", Usage: p.t("`DÉPÔT` à rejeter : les agents ne le verront pas", "`DEPOSIT` to reject: agents will not see it")},
			&cli.StringFlag{Name: "motif", Usage: p.t("`TEXTE` du rejet, montré dans le suivi", "`TEXT` of the rejection, shown in the follow-up")},
		),
		Action: func(c *cli.Context) error {
			asked := 0
			for _, name := range []string{"detail", "validate", "reject"} {
				if c.String(name) != "" {
					asked++
				}
			}
			switch {
			case c.NArg() > 0:
				return p.usage("argument de trop : %s", "one argument too many: %s", c.Args().First())
			case asked > 1:
				return p.usage("--detail, --validate ou --reject : l'un des trois", "--detail, --validate or --reject: one of the three")
			case (c.String("reject") != "") != (c.String("motif") != ""):
				return p.usage("--reject va avec --motif", "--reject goes with --motif")
			}
			return p.store(c, vault.Options{}, func(v vault.Guichet, par vault.Acteur) error { return p.track(c, v, par) })
		},
	}
}

// trackAll shows the deposits of every employer of the vault, each below its
// name.
func (p *program) trackAll(c *cli.Context, v vault.Guichet, par vault.Acteur, all []vault.Employeur) error {
	if c.String("csv") != "" {
		return p.usage("--csv va avec --siret : le coffre a %d employeur{s}", "--csv goes with --siret: the vault has %d employer{s}", len(all))
	}
	n := 0
	for i, e := range all {
		sessions, err := v.Versements(c.Context, par, e.Siret)
		if err != nil {
			return err
		}
		if i > 0 {
			p.ui.print("")
		}
		p.ui.print(oneLine(e.Nom) + " (" + e.Siret + ")")
		if err := p.suivi(lignes(sessions)); err != nil {
			return err
		}
		n += len(sessions)
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "employeurs": len(all), "depots": n})
}

func lignes(sessions []vault.Versement) []remise.LigneSuivi {
	lines := make([]remise.LigneSuivi, len(sessions))
	for i := range sessions {
		lines[i] = remise.Ligne(&sessions[i])
	}
	return lines
}

func (p *program) track(c *cli.Context, v vault.Guichet, par vault.Acteur) error {
	wanted := firstOf(c.String("detail"), c.String("validate"), c.String("reject"))
	if c.String("siret") == "" && wanted == "" && par.Role == vault.RoleSysteme {
		all, err := v.Employeurs(c.Context, par)
		if err != nil {
			return err
		}
		if len(all) > 1 {
			return p.trackAll(c, v, par, all)
		}
	}
	siret, err := p.employeur(c, v)
	if err != nil {
		return err
	}
	sessions, err := v.Versements(c.Context, par, siret)
	if err != nil {
		return err
	}
	if wanted != "" {
		session, err := p.session(sessions, wanted)
		if err != nil {
			return err
		}
		return p.decide(c, v, par, session)
	}
	lines := lignes(sessions)
	if err := p.suivi(lines); err != nil {
		return err
	}
	if path := c.String("csv"); path != "" {
		if err := p.toFile(path, func(w io.Writer) error { return remise.WriteSuiviCSV(w, lines, p.ui.lang, time.Local) }); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "employeur": siret, "depots": len(lines)})
}

// session finds the session whose number begins with prefix.
func (p *program) session(list []vault.Versement, prefix string) (*vault.Versement, error) {
	var found *vault.Versement
	for i := range list {
		if !strings.HasPrefix(list[i].ID.String(), prefix) {
			continue
		}
		if found != nil {
			return nil, p.usage("plusieurs dépôts commencent par %s", "several deposits begin with %s", prefix)
		}
		found = &list[i]
	}
	if found == nil {
		return nil, vault.Codes.New("COF-501")
	}
	return found, nil
}

// decide shows a session, after the decision of the second person if one was
// asked for.
func (p *program) decide(c *cli.Context, v vault.Guichet, par vault.Acteur, session *vault.Versement) error {
	decided := *session
	var err error
	switch {
	case c.String("validate") != "":
		decided, err = v.Validate(c.Context, par, session.ID)
	case c.String("reject") != "":
		decided, err = v.Reject(c.Context, par, session.ID, c.String("motif"))
	default:
		for _, e := range session.Ecarts {
			p.showEcart(e)
		}
	}
	if err != nil {
		return err
	}
	if err := p.suivi([]remise.LigneSuivi{remise.Ligne(&decided)}); err != nil {
		return err
	}
	if decided.Etape == vault.Rejete {
		p.ui.say(lang.Text{FR: "pour déposer de nouveaux bulletins à la place : xhl vault deposit --rectificatif N, le suivant", EN: "to deposit other slips instead: xhl vault deposit --rectificatif N, the next one"})
	}
	p.bilan(&decided)
	return p.ui.data(map[string]any{"type": "result", "ok": true, "versement": decided.ID, "etape": decided.Etape, "statut": decided.Statut, "bilan": decided.Bilan, "ecarts": len(decided.Ecarts)})
}

// suivi prints the table, and below it why a status is not ✓.
func (p *program) suivi(lines []remise.LigneSuivi) error {
	if len(lines) == 0 {
		p.ui.print(p.ui.text(remise.SuiviVide))
		return nil
	}
	numbers := map[int]bool{2: true, 3: true, 4: true, 6: true}
	var head []string
	for i, t := range remise.ColonnesSuivi {
		title := p.ui.text(t)
		if numbers[i] {
			title = ">" + title
		}
		head = append(head, title)
	}
	rows := [][]string{append(head, p.t("Dépôt", "Deposit"))}
	var reasons []string
	for i := range lines {
		l := &lines[i]
		cells := l.Cellules(p.ui.lang, time.Local)
		for j := range cells {
			cells[j] = oneLine(cells[j])
		}
		rows = append(rows, append(cells, l.Versement.String()))
		if why := l.Raison(p.ui.lang); why != "" {
			reasons = append(reasons, l.Statut.Signe()+" "+l.Versement.String()[:8]+p.ui.colon()+oneLine(why))
		}
		err := p.ui.data(struct {
			Type string `json:"type"`
			remise.LigneSuivi
		}{"suivi", *l})
		if err != nil {
			return err
		}
	}
	for _, line := range append(table(rows), reasons...) {
		p.ui.print(line)
	}
	return nil
}
