package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"paye/internal/durable"
	"paye/internal/lang"
)

func (p *program) manCommand() *cli.Command {
	return &cli.Command{
		Name: "man", Usage: p.t("les pages de manuel, en français et en anglais", "the man pages, in French and in English"),
		UsageText: p.t("xhl man [COMMANDE] | xhl man -o DOSSIER", "xhl man [COMMAND] | xhl man -o FOLDER"),
		Description: p.t(`Écrit une page (roff) sur la sortie standard ; avec -o, toutes dans les deux langues, là où man les cherche :
  xhl man build | man -l -
  sudo xhl man -o /usr/local/share/man`,
			`Writes a page (roff) to standard output; with -o, all of them in both languages, where man looks for them:
  xhl man build | man -l -
  sudo xhl man -o /usr/local/share/man`),
		Flags: []cli.Flag{&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` qui aura man1 et fr/man1", "`FOLDER` that will have man1 and fr/man1")}},
		Action: func(c *cli.Context) error {
			switch out := c.String("out"); {
			case out != "" && c.NArg() == 0:
				return p.writeManual(out)
			case out != "" || c.NArg() > 1:
				return p.usage("une commande, ou -o DOSSIER", "one command, or -o FOLDER")
			}
			top := p.reference()
			pg := top
			if name := c.Args().First(); name != "" {
				at := slices.IndexFunc(top.subs, func(sub page) bool { return sub.words[1] == name })
				if at < 0 {
					return p.unknownCommand(c.App.Commands, "", name)
				}
				pg = top.subs[at]
			}
			text := p.ui.manual(pg, top)
			p.ui.print(strings.TrimSuffix(text, "\n"))
			return p.ui.data(map[string]any{"type": "result", "ok": true, "page": manName(pg), "roff": text})
		},
	}
}

// writeManual writes every page in both languages below a folder.
func (p *program) writeManual(dir string) error {
	count := 0
	for l, below := range map[lang.Language]string{lang.English: "man1", lang.French: filepath.Join("fr", "man1")} {
		in := &program{ui: &ui{lang: l}, getenv: p.getenv}
		top := in.reference()
		folder := filepath.Join(dir, below)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("make the folder of the pages: %w", err)
		}
		for _, pg := range append([]page{top}, top.subs...) {
			path := filepath.Join(folder, manName(pg)+".1")
			if err := durable.WriteFile(path, []byte(in.ui.manual(pg, top))); err != nil {
				return fmt.Errorf("write %s: %w", path, err)
			}
			// man is run by others than who installs.
			if err := os.Chmod(path, 0o644); err != nil {
				return fmt.Errorf("open %s to readers: %w", path, err)
			}
			count++
		}
	}
	p.ui.say(lang.Text{FR: "%d page{s} de manuel écrite{s} dans %s", EN: "%d man page{s} written to %s"}, count, dir)
	return p.ui.data(map[string]any{"type": "result", "ok": true, "pages": count, "sortie": dir})
}

func manName(pg page) string { return strings.Join(pg.words, "-") }

// exits are the exit codes, for the page of the program.
var exits = []struct {
	code int
	says lang.Text
}{
	{exitOK, lang.Text{FR: "fait", EN: "done"}},
	{exitFailed, lang.Text{FR: "échec : disque, réseau, ou une anomalie d'un autre genre", EN: "failed: disk, network, or an anomaly of another kind"}},
	{exitAnomalies, lang.Text{FR: "fait, avec des anomalies de gravité erreur", EN: "done, with anomalies of gravity erreur"}},
	{exitNotFound, lang.Text{FR: "une entrée n'existe pas ou ne s'ouvre pas", EN: "an input does not exist or cannot be opened"}},
	{exitUnreadable, lang.Text{FR: "une entrée n'est pas ce que son format dit", EN: "an input is not what its format says"}},
	{exitPiece, lang.Text{FR: "un justificatif est absent, vide ou illisible", EN: "a justificatif is missing, empty or unreadable"}},
	{exitTooLarge, lang.Text{FR: "une pièce, ou un bulletin avec ses pièces, dépasse seul la limite", EN: "a piece, or a bulletin with its pieces, exceeds the limit alone"}},
	{exitVerification, lang.Text{FR: "une sortie relue est fausse ; rien n'est livré", EN: "an output that was read back is wrong; nothing was delivered"}},
	{exitVault, lang.Text{FR: "le coffre est fermé ou indisponible", EN: "the vault is locked or unavailable"}},
	{exitUsage, lang.Text{FR: "la commande est mal demandée", EN: "the command was asked wrongly"}},
	{exitInterrupted, lang.Text{FR: "interrompu ; rien n'est resté à moitié écrit", EN: "interrupted; nothing was left half-written"}},
}

// environment are the variables that the program reads.
var environment = []struct {
	name string
	says lang.Text
}{
	{"XHL_CONFIG", lang.Text{FR: "le fichier de configuration", EN: "the configuration file"}},
	{"XHL_STATE", lang.Text{FR: "le dossier d'état", EN: "the state folder"}},
	{"XHL_LEDGER", lang.Text{FR: "l'adresse PostgreSQL du registre", EN: "the PostgreSQL address of the ledger"}},
	{"XHL_TDT_PASSPHRASE", lang.Text{FR: "la phrase de passe de la clé de la plateforme", EN: "the passphrase of the platform's key"}},
	{"XHL_DUE_PASSPHRASE", lang.Text{FR: "la phrase de passe des clés des déclarations", EN: "the passphrase of the keys of the declarations"}},
	{"XHL_SMTP_PASSWORD", lang.Text{FR: "le mot de passe du serveur de courriel", EN: "the password of the mail server"}},
	{"XHL_HR_KEY", lang.Text{FR: "la clé de l'outil RH", EN: "the key of the HR tool"}},
	{s3Access, lang.Text{FR: "le compte du stockage S3", EN: "the account of the S3 storage"}},
	{s3Secret, lang.Text{FR: "son secret", EN: "its secret"}},
	{s3Credentials, lang.Text{FR: "un fichier qui donne les deux", EN: "a file that gives both"}},
	{"NO_COLOR", lang.Text{FR: "aucune couleur", EN: "no colours"}},
	{"LC_ALL, LC_MESSAGES, LANG", lang.Text{FR: "la langue des messages", EN: "the language of the messages"}},
}

// manual is a page as man reads it.
func (u *ui) manual(pg, top page) string {
	r := &roff{}
	b := built()
	r.line(`.TH "%s" "1" "%s" "xhl %s" "xhl"`, strings.ToUpper(roffText(manName(pg))), b.Date, roffText(b.Version))
	r.line(".nh")
	r.section(u.text(lang.Text{FR: "NOM", EN: "NAME"}))
	r.line(`%s \- %s`, roffText(manName(pg)), roffText(pg.usage))
	r.section("SYNOPSIS")
	r.verbatim(pg.call)
	if pg.text != "" {
		r.section("DESCRIPTION")
		r.prose(pg.text)
	}
	if len(pg.words) == 1 {
		u.manualCommands(r, pg)
	}
	r.section("OPTIONS")
	u.manualOptions(r, pg.options)
	for _, sub := range pg.subs {
		if len(pg.words) > 1 {
			sub.every(func(below page) { u.manualBelow(r, below) })
		}
	}
	if len(pg.words) == 1 {
		r.section(u.text(lang.Text{FR: "CODES DE RETOUR", EN: "EXIT STATUS"}))
		for _, e := range exits {
			r.item(fmt.Sprintf(`\fB%d\fR`, e.code), u.text(e.says))
		}
		r.section(u.text(lang.Text{FR: "ENVIRONNEMENT", EN: "ENVIRONMENT"}))
		for _, e := range environment {
			r.item(`\fB`+roffText(e.name)+`\fR`, u.text(e.says))
		}
	}
	r.section(u.text(lang.Text{FR: "VOIR AUSSI", EN: "SEE ALSO"}))
	var others []string
	for _, sub := range append([]page{top}, top.subs...) {
		if name := manName(sub); name != manName(pg) {
			others = append(others, `\fB`+roffText(name)+`\fR(1)`)
		}
	}
	r.line("%s", strings.Join(others, ",\n"))
	return r.String()
}

// manualCommands lists the commands of the program below their headings.
func (u *ui) manualCommands(r *roff, top page) {
	r.section(u.text(lang.Text{FR: "COMMANDES", EN: "COMMANDS"}))
	group := ""
	for _, sub := range top.subs {
		if sub.group != group {
			group = sub.group
			r.heading(group)
		}
		r.item(`\fB`+roffText(manName(sub))+`\fR(1)`, sub.usage)
	}
}

// manualBelow is a command that stands on the page of the one above it.
func (u *ui) manualBelow(r *roff, pg page) {
	r.section(strings.ToUpper(pg.name()))
	first, size := utf8.DecodeRuneInString(pg.usage)
	r.prose(string(unicode.ToUpper(first)) + pg.usage[size:] + ".")
	r.verbatim(pg.call)
	if pg.text != "" {
		r.prose(pg.text)
	}
	own := slices.DeleteFunc(slices.Clone(pg.options), func(o option) bool { return o.category == commonOptions })
	u.manualOptions(r, own)
}

func (u *ui) manualOptions(r *roff, list []option) {
	for _, group := range u.grouped(list) {
		r.heading(strings.TrimSuffix(strings.TrimRight(group.heading, ":"), " "))
		for _, o := range group.options {
			var names []string
			for _, name := range o.names {
				names = append(names, `\fB`+roffText(name)+`\fR`)
			}
			call := strings.Join(names, ", ")
			if o.value != "" {
				call += ` \fI` + roffText(o.value) + `\fR`
			}
			r.item(call, u.usageOf(o))
		}
	}
}

// roff writes what man reads.
type roff struct{ strings.Builder }

func (r *roff) line(format string, args ...any) { fmt.Fprintf(r, format+"\n", args...) }
func (r *roff) section(title string)            { r.line(`.SH "%s"`, roffText(title)) }
func (r *roff) heading(title string)            { r.line(`.SS "%s"`, roffText(title)) }

// item is a term, in roff already, and what is said of it.
func (r *roff) item(term, text string) { r.line(".TP\n%s\n%s", term, roffText(text)) }

func (r *roff) verbatim(text string) {
	r.line(".PP\n.nf")
	for line := range strings.Lines(text) {
		r.line("%s", roffText(strings.TrimSuffix(line, "\n")))
	}
	r.line(".fi")
}

// prose is text, in which lines that begin with a blank stand as they are.
func (r *roff) prose(text string) {
	asIs := false
	r.line(".PP")
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if as := strings.HasPrefix(line, " "); as != asIs {
			asIs = as
			r.line("%s", map[bool]string{true: ".PP\n.nf", false: ".fi\n.PP"}[as])
		}
		if line == "" {
			line = ".PP"
		} else {
			line = roffText(line)
		}
		r.line("%s", line)
	}
	if asIs {
		r.line(".fi")
	}
}

// roffText is text that roff leaves alone.
func roffText(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, `"`, `\(dq`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
