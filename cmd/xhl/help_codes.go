package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// helpCommandPage shows the page of a command, given by its words.
func (p *program) helpCommandPage(c *cli.Context, words []string) error {
	list, above := c.App.Commands, ""
	var found *cli.Command
	for _, word := range words {
		at := slices.IndexFunc(list, func(c *cli.Command) bool { return c.HasName(word) })
		if at < 0 {
			return p.unknownCommand(list, above, word)
		}
		found, list, above = list[at], list[at].Subcommands, strings.TrimSpace(above+" "+word)
	}
	p.ui.print(strings.TrimRight(p.ui.commandHelp(found, "xhl "+above), "\n"))
	return nil
}

// advices are what to do about anomalies whose rule says nothing of its own, by
// what they stop.
var advices = map[anomalie.Classe]lang.Text{
	anomalie.Autre:          {FR: "corrigez ce que dit le message dans le logiciel qui a produit le fichier, et exportez-le à nouveau", EN: "mend what the message says in the software that made the file, and export it again"},
	anomalie.Introuvable:    {FR: "vérifiez le chemin et le nom", EN: "check the path and the name"},
	anomalie.Illisible:      {FR: "demandez une nouvelle copie du fichier, ou un nouvel export", EN: "ask for a new copy of the file, or for a new export"},
	anomalie.PieceManquante: {FR: "ajoutez le document au dossier des justificatifs, ou corrigez la référence", EN: "add the document to the folder of justificatifs, or mend the reference"},
	anomalie.TropGrand:      {FR: "demandez une limite plus grande, ou allégez ce qui pèse", EN: "ask for a larger limit, or make lighter what weighs"},
	anomalie.Verification:   {FR: "n'envoyez rien ; vérifiez le disque et relancez la même commande", EN: "send nothing; check the disk and run the same command again"},
	anomalie.Coffre:         {FR: "n'écrivez plus dans ce coffre avant d'en savoir plus : « xhl vault fsck »", EN: "write no more into this vault before you know more: “xhl vault fsck”"},
	anomalie.Usage:          {FR: "corrigez ce que le message nomme et relancez", EN: "mend what the message names and run it again"},
}

// notes are the same for what stops nothing.
var notes = map[anomalie.Gravite]lang.Text{
	anomalie.Avertissement: {FR: "rien n'est arrêté ; vérifiez que c'est voulu avant d'envoyer", EN: "nothing is stopped; make sure that it is meant before you send"},
	anomalie.Info:          {FR: "rien à faire", EN: "nothing to do"},
}

// advice says what to do about the anomalies of a rule.
func advice(r *anomalie.Regle) lang.Text {
	if r.Aide != (lang.Text{}) {
		return r.Aide
	}
	if note, quiet := notes[r.Gravite]; quiet {
		return note
	}
	return advices[r.Classe]
}

// helpCodes lists the anomalies, or tells all of those that are asked for.
func (p *program) helpCodes(wanted []string) error {
	var all []*anomalie.Regle
	for _, r := range registries() {
		all = append(all, r.Regles()...)
	}
	if len(wanted) > 0 {
		return p.helpThese(all, wanted)
	}
	for _, r := range all {
		p.ui.print(fmt.Sprintf("%-8s %-14s %s", r.Code, p.ui.text(graviteLabels[r.Gravite].Text), lang.Blanks(r.Message.In(p.ui.lang))))
		if sourced(r) {
			p.ui.print(strings.Repeat(" ", 24) + "— " + r.Source)
		}
		if err := p.codeData(r); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "codes": len(all)})
}

// sourced reports whether a rule has a source that people can look up.
func sourced(r *anomalie.Regle) bool {
	return r.Source != "" && r.Source != "[I]" && r.Source != "[S]"
}

func (p *program) codeData(r *anomalie.Regle) error {
	return p.ui.data(map[string]any{"type": "code", "code": r.Code, "gravite": r.Gravite, "message": lang.Blanks(r.Message.FR), "aide": lang.Blanks(advice(r).FR), "source": r.Source})
}

func (p *program) helpThese(all []*anomalie.Regle, wanted []string) error {
	var codes []string
	for _, r := range all {
		codes = append(codes, r.Code)
	}
	for _, w := range wanted {
		at := slices.IndexFunc(codes, func(code string) bool { return strings.EqualFold(code, w) })
		if at < 0 {
			err := p.usage("aucune anomalie n'a le code %s", "no anomaly has the code %s", w)
			var like []string
			for _, code := range codes {
				if len(w) > 2 && strings.HasPrefix(code, strings.ToUpper(w)) {
					like = append(like, code)
				}
			}
			if len(like) > 0 {
				return p.hinted(err, "il y a %s", "there are %s", strings.Join(like, ", "))
			}
			return p.hinted(err, "« xhl help codes » les liste", "“xhl help codes” lists them")
		}
		r := all[at]
		p.ui.print(r.Code + " — " + p.ui.text(graviteLabels[r.Gravite].Text))
		p.ui.print("  " + lang.Blanks(r.Message.In(p.ui.lang)))
		p.ui.print("  " + p.ui.text(conseil, lang.Blanks(advice(r).In(p.ui.lang))))
		if sourced(r) {
			p.ui.print("  " + p.t("source", "source") + p.ui.colon() + r.Source)
		} else {
			p.ui.print("  " + p.t("source : une règle de ce programme, pas un texte officiel", "source: a rule of this program, no official text"))
		}
		if err := p.codeData(r); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true, "codes": len(wanted)})
}
