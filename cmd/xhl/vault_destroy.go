package main

import (
	"errors"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/vault"
)

// copies are the words of --copies.
var copies = map[string]vault.Copie{"double": vault.CopieDouble, "agent": vault.CopieAgent, "toutes": vault.ToutesCopies}

func (p *program) vaultDestroyCommand() *cli.Command {
	return &cli.Command{
		Name: "destroy", Usage: p.t("détruire des copies de documents, sans retour", "destroy copies of documents, for good"),
		UsageText: p.t(`xhl vault destroy --motif TEXTE [--copies double|agent|toutes] ID…
  xhl vault destroy --motif TEXTE --expired --second COMPTE
  xhl vault destroy --motif TEXTE --copies toutes --depot DÉPÔT --second COMPTE`, `xhl vault destroy --motif TEXT [--copies double|agent|toutes] ID…
  xhl vault destroy --motif TEXT --expired --second ACCOUNT
  xhl vault destroy --motif TEXT --copies toutes --depot DEPOSIT --second ACCOUNT`),
		Description: p.t(`Le double de l'employeur se détruit quand sa conservation est finie ; les deux copies d'un document que l'agent n'a pas ouvert, dans les 24 heures du dépôt.
Les clés disparaissent aussitôt du coffre ; l'effacement est complet à la date affichée, quand leur dernière sauvegarde a expiré.
Il faut le droit « destruction » ; pour tout un dépôt, les documents échus ou plus de neuf documents, une seconde personne qui l'a aussi donne son mot de passe. Code de retour 3 quand une partie des documents est refusée.`,
			`The employer's double is destroyed once its retention ended; both copies of a document that the agent did not open, within 24 hours of its deposit.
The keys are gone from the vault at once; the erasure is complete on the date that is shown, when their last backup has expired.
It takes the right 'destruction'; for a whole deposit, for what is due or for more than nine documents, a second person who has it too gives a password. Exit code 3 when some of the documents are refused.`),
		Flags: append(p.employerFlags(),
			&cli.StringFlag{Name: "motif", Usage: p.t("`TEXTE` qui dit pourquoi ; il reste au journal", "`TEXT` that says why; it stays in the journal")},
			&cli.StringFlag{Name: "copies", Value: "double", Usage: "double | agent | toutes"},
			&cli.BoolFlag{Name: "expired", Usage: p.t("les documents dont la conservation du double est finie", "the documents whose double need not be kept any more")},
			&cli.StringFlag{Name: "depot", Usage: p.t("les documents de ce `DÉPÔT`, ou du début de son numéro", "the documents of this `DEPOSIT`, or how its number begins")},
			&cli.StringFlag{Name: "second", Usage: p.t("`COMPTE` de la seconde personne", "`ACCOUNT` of the second person")},
			&cli.StringFlag{Name: secondPasswordFile, Usage: p.t("`FICHIER` du mot de passe de ce compte", "`FILE` with the password of that account")},
			p.confirmFlag()),
		Action: func(c *cli.Context) error {
			given := 0
			for _, way := range []bool{c.NArg() > 0, c.Bool("expired"), c.String("depot") != ""} {
				if way {
					given++
				}
			}
			switch {
			case given != 1:
				return p.usage("quels documents : des ID, --expired ou --depot", "which documents: IDs, --expired or --depot")
			case c.String("motif") == "":
				return p.usage("--motif : pourquoi ?", "--motif: why?")
			case copies[c.String("copies")] == 0:
				return p.usage("--copies : double, agent ou toutes", "--copies: double, agent or toutes")
			case c.Bool("expired") && c.String("copies") != "double":
				return p.usage("--expired : c'est le double qui n'est plus conservé", "--expired: it is the double that is not kept any more")
			}
			return p.coffre(c, vault.Options{}, func(v *vault.Coffre, par vault.Acteur) error { return p.vaultDestroy(c, v, par) })
		},
	}
}

func (p *program) vaultDestroy(c *cli.Context, v *vault.Coffre, par vault.Acteur) error {
	ids, err := p.condemned(c, v, par)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		p.ui.print(p.t("Aucun document.", "No document."))
		return p.ui.data(map[string]any{"type": "result", "ok": true, "detruits": 0, "refuses": 0})
	}
	motif, err := p.together(c, v, par, len(ids))
	if err != nil {
		return err
	}
	if err := p.confirm(c, lang.Text{FR: "documents à détruire : %d, copies : %s ; cela ne se défait pas", EN: "documents to destroy: %d, copies: %s; this cannot be undone"}, len(ids), c.String("copies")); err != nil {
		return err
	}
	done, complete := 0, time.Time{}
	for _, id := range ids {
		e, err := v.Destroy(c.Context, par, id, copies[c.String("copies")], motif)
		var refused *anomalie.Anomalie
		if errors.As(err, &refused) && len(ids) > 1 {
			p.report(refused)
			continue
		}
		if err != nil {
			return err
		}
		done++
		if complete.Before(e.Complet) {
			complete = e.Complet
		}
		if err := p.showErasure(e); err != nil {
			return err
		}
	}
	p.ui.say(lang.Text{FR: "détruits : %d sur %d", EN: "destroyed: %d of %d"}, done, len(ids))
	result := map[string]any{"type": "result", "ok": p.errors == 0, "detruits": done, "refuses": len(ids) - done}
	if done > 0 {
		result["complet"] = complete
	}
	return p.ui.data(result)
}

// condemned are the documents that the command names.
// severalDocuments is how many may be destroyed by one person, named one by one.
const severalDocuments = 9

// together has the second person say who he is, where what is destroyed is a
// whole month or as much; the reason that is kept names both.
func (p *program) together(c *cli.Context, v *vault.Coffre, par vault.Acteur, n int) (motif string, err error) {
	motif = c.String("motif")
	login := c.String("second")
	if login == "" {
		if n == 1 || c.NArg() > 0 && n <= severalDocuments {
			return motif, nil
		}
		return "", p.hinted(p.usage("détruire %d document{s} demande une seconde personne", "to destroy %d document{s} takes a second person", n),
			"--second COMPTE : quelqu'un d'autre, qui a le droit « destruction » et donne son mot de passe", "--second ACCOUNT: somebody else, who has the right 'destruction' and gives a password")
	}
	siret, err := p.employeur(c, v)
	if err != nil {
		return "", err
	}
	password, err := p.secret(c, secondPasswordFile, p.t("mot de passe de ", "password of ")+login)
	if err != nil {
		return "", err
	}
	second, err := v.Comptes().Authenticate(c.Context, vault.Provenance{Source: "ici"}, login, string(password))
	if err != nil {
		return "", err
	}
	if err := v.AgreeToDestroy(c.Context, par, second, siret); err != nil {
		return "", err
	}
	return motif + p.t(" (avec ", " (with ") + login + ")", nil
}

func (p *program) condemned(c *cli.Context, v *vault.Coffre, par vault.Acteur) (ids []vault.ID, err error) {
	for _, arg := range c.Args().Slice() {
		id, err := vault.ParseID(arg)
		if err != nil {
			return nil, p.usage("un ID a 32 chiffres hexadécimaux : voyez xhl vault list", "an ID has 32 hexadecimal digits: see xhl vault list")
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		return ids, nil
	}
	siret, err := p.employeur(c, v)
	if err != nil {
		return nil, err
	}
	list := v.Echus(c.Context, par, siret)
	if prefix := c.String("depot"); prefix != "" {
		sessions, err := v.Versements(c.Context, par, siret)
		if err != nil {
			return nil, err
		}
		session, err := p.session(sessions, prefix)
		if err != nil {
			return nil, err
		}
		list = v.List(c.Context, par, vault.Filtre{Employeur: siret, Versement: session.ID})
	}
	for m, err := range list {
		if err != nil {
			return nil, err
		}
		ids = append(ids, m.ID)
	}
	return ids, nil
}

// copyNames say which copies were erased.
var copyNames = map[vault.Copie]lang.Text{
	vault.CopieAgent:   {FR: "copie de l'agent", EN: "the agent's copy"},
	vault.CopieDouble:  {FR: "double de l'employeur", EN: "the employer's double"},
	vault.ToutesCopies: {FR: "toutes les copies", EN: "all copies"},
}

// erasure says what was erased and when no backup holds it any more.
func (p *program) erasure(e *vault.Effacement) string {
	return p.ui.text(lang.Text{FR: "détruit le %s : %s ; effacement complet le %s", EN: "destroyed on %s: %s; erasure complete on %s"},
		e.Date.Local().Format("02/01/2006"), p.ui.text(copyNames[e.Copies]), e.Complet.Local().Format("02/01/2006"))
}

func (p *program) showErasure(e vault.Effacement) error {
	line := e.ID.String() + "  " + p.erasure(&e)
	if e.Motif != "" {
		line += " (" + oneLine(e.Par) + p.ui.colon() + oneLine(e.Motif) + ")"
	}
	p.ui.print(line)
	return p.ui.data(struct {
		Type string `json:"type"`
		vault.Effacement
	}{"effacement", e})
}

// erased lists what was destroyed.
func (p *program) erased(c *cli.Context, s vault.Guichet, par vault.Acteur) error {
	here, ok := s.(*vault.Coffre)
	if !ok {
		return p.usage("--destroyed : sur la machine qui garde le coffre", "--destroyed: on the machine that keeps the vault")
	}
	siret, err := p.employeur(c, s)
	if err != nil {
		return err
	}
	n := 0
	for e, err := range here.Effacements(c.Context, par, siret) {
		if err != nil {
			return err
		}
		n++
		if err := p.showErasure(e); err != nil {
			return err
		}
	}
	if n == 0 {
		p.ui.print(p.t("Rien n'a été détruit.", "Nothing was destroyed."))
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "employeur": siret, "effacements": n})
}
