package main

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/compress"
	"paye/internal/lang"
	"paye/internal/manifest"
	"paye/internal/progress"
	"paye/pespj"
	"paye/splitter"
)

func (p *program) buildCommand() *cli.Command {
	return &cli.Command{
		Name:      "build",
		Usage:     p.t("découper une paye et ses justificatifs en volumes prêts à envoyer", "cut a payroll and its justificatifs into volumes ready to send"),
		UsageText: p.t("xhl build --limit 128Mo --idpost 006111 --codcol 123 --codbud 00 -o DOSSIER JOURNAL", "xhl build --limit 128Mo --idpost 006111 --codcol 123 --codbud 00 -o FOLDER JOURNAL"),
		Description: p.t(`JOURNAL est un .xhl, .xml ou .zip, un run .jsonl, ou un dossier qui contient un run.
Les justificatifs sont cherchés sous --pj, ou dans le dossier « justificatifs » ou « PJ »
voisin du journal ; --index, ou le justificatifs.csv voisin, dit qui ils justifient.`,
			`JOURNAL is an .xhl, .xml or .zip, a .jsonl run, or a folder that holds a run.
Justificatifs are looked for below --pj, or in the folder "justificatifs" or "PJ" beside
the journal; --index, or the justificatifs.csv beside it, says whom they justify.`),
		Flags: append(p.planFlags(),
			&cli.StringFlag{Name: "variations", Usage: p.t("`MOIS` précédent : dire, avant de faire les volumes, quelles variations n'ont pas leur pièce", "`MONTH` before: tell, before volumes are made, which variations lack their piece")},
			&cli.BoolFlag{Name: "check", Usage: p.t("contrôler d'abord le journal, comme « xhl check » : s'il a une erreur, aucun volume n'est fait", "check the journal first, as “xhl check” does: with an error in it, no volume is made")},
			&cli.StringFlag{Name: "out", Aliases: []string{"o"}, Usage: p.t("`DOSSIER` des volumes", "`FOLDER` of the volumes")},
		),
		Action: func(c *cli.Context) error {
			dem, err := p.demande(c)
			if err != nil {
				return err
			}
			if dem.Sortie = c.String("out"); dem.Sortie == "" {
				return p.usage("il manque le dossier des volumes : -o DOSSIER", "the folder of the volumes is missing: -o FOLDER")
			}
			if c.Bool("check") {
				if err := p.checkFirst(c.Context, dem); err != nil {
					return err
				}
			}
			if last := c.String("variations"); last != "" {
				if err := p.warnVariations(c.Context, last, dem); err != nil {
					return err
				}
			}
			return p.recorded(c, dem, func(r *recorder) error { return p.build(c.Context, dem, r) })
		},
	}
}

func (p *program) planCommand() *cli.Command {
	return &cli.Command{
		Name:      "plan",
		Usage:     p.t("montrer les volumes sans rien écrire", "show the volumes without writing anything"),
		UsageText: p.t("xhl plan --limit 128Mo --format zip JOURNAL", "xhl plan --limit 128Mo --format zip JOURNAL"),
		Flags: append(p.planFlags(),
			&cli.StringFlag{Name: "svg", Usage: p.t("dessiner le plan dans un `FICHIER` .svg", "draw the plan in an .svg `FILE`")},
		),
		Action: func(c *cli.Context) error {
			dem, err := p.demande(c)
			if err != nil {
				return err
			}
			if p.supposed {
				return p.plan(c.Context, dem, nil, c.String("svg"))
			}
			return p.recorded(c, dem, func(r *recorder) error { return p.plan(c.Context, dem, r, c.String("svg")) })
		},
	}
}

// planFlags are the options of what plans volumes.
func (p *program) planFlags() []cli.Flag {
	volumes := p.t("Volumes", "Volumes")
	return append(p.volumeFlags(), p.lastMonthFlag(),
		&cli.StringFlag{Name: "mode", Category: volumes, Value: string(splitter.Optimise), Usage: "optimise | nombre | separe"},
		&cli.IntFlag{Name: "per", Category: volumes, Usage: p.t("bulletins par volume, pour --mode nombre", "bulletins a volume, for --mode nombre")},
		&cli.BoolFlag{Name: "keep-order", Category: volumes, Usage: p.t("garder l'ordre du livre : des volumes d'un seul tenant", "keep the order of the book: volumes of one stretch")},
		&cli.StringFlag{Name: "by", Category: volumes, Usage: p.t("ne pas couper, tant que cela ne coûte pas de volume : etablissement | service", "do not cut, as far as that costs no volume: etablissement | service")},
		&cli.BoolFlag{Name: "balance", Category: volumes, Usage: p.t("des volumes de tailles voisines, à nombre égal", "even sizes, at the same number of volumes")},
	)
}

func (p *program) lastMonthFlag() cli.Flag {
	return &cli.StringFlag{Name: "last-month", Usage: p.t("`JOURNAL` du mois précédent : ses matricules et ses codes disent quels zéros un tableur a ôtés", "`JOURNAL` of the month before: its matricules and codes tell which zeros a spreadsheet took off")}
}

// volumeFlags are the options of what makes volumes.
func (p *program) volumeFlags() []cli.Flag {
	volumes := p.t("Volumes", "Volumes")
	pieces := p.t("Justificatifs", "Justificatifs")
	flux := p.t("En-tête du flux PES (donné par le comptable)", "Header of the PES flux (given by the accountant)")
	return append(p.ledgerFlags(),
		&cli.BoolFlag{Name: "no-ledger", Category: p.t("Registre", "Ledger"), Usage: p.t("ne rien inscrire au registre des flux, et n'y rien lire", "write nothing into the book of fluxes, and read nothing of it")},
		&cli.StringFlag{Name: "limit", Category: volumes, Usage: p.t("taille d'un volume au plus : `TAILLE` (128Mo, 50MiB, 134217728) ou plateforme (gxml, s2low, stela)", "size of a volume at most: `SIZE` (128Mo, 50MiB, 134217728) or platform (gxml, s2low, stela)")},
		&cli.StringFlag{Name: "format", Category: volumes, Value: build.FormatPES, Usage: "pes | zip | xhl"},
		&cli.StringFlag{Name: "packaging", Category: volumes, Value: build.EnArchive, Usage: p.t("archive : un zip par flux ; pieces : chaque justificatif à part", "archive: one zip a flux; pieces: each justificatif apart")},
		&cli.StringFlag{Name: "margin", Category: volumes, Usage: p.t("`TAILLE` à laisser libre sous la limite", "`SIZE` to leave free below the limit")},
		&cli.StringFlag{Name: "level", Category: volumes, Value: compress.Auto.String(), Usage: p.t("compression : auto, rapide, normal ou dense", "compression: auto, rapide, normal or dense")},
		&cli.StringFlag{Name: "pj", Category: pieces, Usage: p.t("`DOSSIER` des justificatifs", "`FOLDER` of the justificatifs")},
		&cli.BoolFlag{Name: "light", Category: pieces, Usage: p.t("alléger les PDF (numérisations en noir et blanc à 200 ppp), jamais ceux qui sont signés ou PDF/A", "make the PDF lighter (scans in black and white at 200 dpi), never those that are signed or PDF/A")},
		&cli.BoolFlag{Name: "ignore-unused", Category: pieces, Usage: p.t("ne rien dire des fichiers qui ne justifient personne", "say nothing of files that justify nobody")},
		&cli.BoolFlag{Name: "replace", Category: volumes, Usage: p.t("remplacer la livraison d'une autre paye dans le dossier", "replace the delivery of another payroll in the folder")},
		&cli.StringFlag{Name: "index", Category: pieces, Usage: p.t("`FICHIER` justificatifs.csv", "`FILE` justificatifs.csv")},
		&cli.StringFlag{Name: "idpost", Category: flux, Usage: p.t("codique du poste comptable", "codique of the accountant's office")},
		&cli.StringFlag{Name: "codcol", Category: flux, Usage: p.t("code de la collectivité, 3 chiffres", "code of the authority, 3 digits")},
		&cli.StringFlag{Name: "codbud", Category: flux, Usage: p.t("code du budget, 2 caractères", "code of the budget, 2 characters")},
		&cli.StringFlag{Name: "finjur", Category: flux, Usage: p.t("FINESS juridique (hôpitaux)", "legal FINESS (hospitals)")},
		&cli.StringFlag{Name: "siret", Category: flux, Usage: p.t("SIRET du budget, si ce n'est pas celui du journal", "SIRET of the budget, if it is not the journal's")},
		&cli.StringFlag{Name: "libellecolbud", Category: flux, Usage: p.t("libellé du budget", "label of the budget")},
		&cli.StringFlag{Name: "libelleposte", Category: flux, Usage: p.t("libellé du poste comptable", "label of the accountant's office")},
		&cli.StringFlag{Name: "typfic", Category: flux, Value: pespj.TypFicDefaut, Usage: p.t("type de fichier PES", "PES file type")},
		&cli.StringSliceFlag{Name: "mandat", Category: flux, Usage: p.t("`NUMÉRO` d'un mandat que ces pièces justifient (à répéter)", "`NUMBER` of a mandat that the pieces justify (repeat)")},
		&cli.StringFlag{Name: "mandats", Category: flux, Usage: p.t("`FICHIER` mandats.csv des mandats (celui qui est à côté du journal par défaut)", "`FILE` mandats.csv of the mandats (the one beside the journal by default)")},
		&cli.StringFlag{Name: "date", Category: flux, Usage: p.t("date du flux, AAAA-MM-JJ (aujourd'hui par défaut)", "date of the flux, AAAA-MM-JJ (today by default)")},
	)
}

// demande reads the request of build and plan.
func (p *program) demande(c *cli.Context) (*build.Request, error) {
	if c.NArg() != 1 {
		return nil, p.usage("un journal ou un run est attendu, %d donné{s}", "one journal or run is expected, %d given", c.NArg())
	}
	d, err := p.volumes(c)
	if err != nil {
		return nil, err
	}
	return d, p.wishes(c, d)
}

// wishes reads the part of a request that planFlags adds.
func (p *program) wishes(c *cli.Context, d *build.Request) error {
	get, err := p.settings(c)
	if err != nil {
		return err
	}
	d.Mode, d.Par = splitter.Mode(get("mode")), c.Int("per")
	if err := p.choice("mode", string(d.Mode), string(splitter.Optimise), string(splitter.Nombre), string(splitter.Separe)); err != nil {
		return err
	}
	if d.Mode == splitter.Nombre && d.Par < 1 {
		return p.usage("--mode nombre demande --per N, le nombre de bulletins par volume", "--mode nombre wants --per N, the number of bulletins a volume")
	}
	if d.Ensemble, err = p.classe(get("by")); err != nil {
		return err
	}
	d.GardeOrdre, d.Equilibre = c.Bool("keep-order"), c.Bool("balance")
	return nil
}

// choice refuses the value of an option that is not one of those allowed.
func (p *program) choice(name, value string, allowed ...string) error {
	if contains(allowed, value) {
		return nil
	}
	return p.usage("--%s : %q n'est pas l'un de %s", "--%s: %q is not one of %s", name, value, strings.Join(allowed, ", "))
}

// volumes reads the part of a request that volumeFlags are for, and refuses
// one that lacks what volumes cannot be made without.
func (p *program) volumes(c *cli.Context) (*build.Request, error) {
	d, err := p.volumeOptions(c)
	if err != nil {
		return nil, err
	}
	if d.Limit == 0 {
		return nil, p.usage("il manque la limite du canal d'envoi : --limit 128Mo, 80Mo, 50Mo, ou gxml, s2low, stela", "the limit of the channel is missing: --limit 128Mo, 80Mo, 50Mo, or gxml, s2low, stela")
	}
	if d.Date.IsZero() {
		d.Date = time.Now()
	}
	if d.Format == build.FormatPES {
		if err := p.fluxHeader(c, d); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// volumeOptions reads what volumeFlags say; what they leave out is zero.
func (p *program) volumeOptions(c *cli.Context) (*build.Request, error) {
	get, err := p.settings(c)
	if err != nil {
		return nil, err
	}
	d := &build.Request{
		Entree: c.Args().First(), PJ: get("pj"), Index: get("index"),
		Format: get("format"), Packaging: get("packaging"),
		Siret: get("siret"), Mandats: c.StringSlice("mandat"), FichierMandats: c.String("mandats"), Light: c.Bool("light"),
		IgnoreUnused: c.Bool("ignore-unused"), Replace: c.Bool("replace"), LastMonth: c.String("last-month"),
		Flux: pespj.Flux{
			TypFic: get("typfic"), EmetteurSigle: "XHL", EmetteurAdresse: "xhl " + version(),
			IdPost: get("idpost"), CodCol: get("codcol"), CodBud: get("codbud"), FinJur: get("finjur"),
			LibelleColBud: get("libellecolbud"), LibellePoste: get("libelleposte"),
		},
	}
	if err := p.choice("format", d.Format, build.FormatPES, build.FormatZip, build.FormatXHL); err != nil {
		return nil, err
	}
	if err := p.choice("packaging", d.Packaging, build.EnArchive, build.EnPieces); err != nil {
		return nil, err
	}
	if d.Niveau, err = compress.ParseNiveau(get("level")); err != nil {
		return nil, p.usage("--level : auto, rapide, normal ou dense", "--level: auto, rapide, normal or dense")
	}
	if s := get("margin"); s != "" {
		if d.Marge, err = p.size("margin", s); err != nil {
			return nil, err
		}
	}
	if limit := get("limit"); limit != "" {
		if d.Limit, err = p.size("limit", limit); err != nil {
			return nil, err
		}
	}
	if d.Date, err = p.date(c, "date", time.UTC); err != nil {
		return nil, err
	}
	return d, nil
}

// classe reads what volumes should not cut.
func (p *program) classe(name string) (splitter.Classe, error) {
	switch name {
	case "":
		return splitter.SansClasse, nil
	case "etablissement":
		return splitter.ParEtablissement, nil
	case "service":
		return splitter.ParService, nil
	}
	return 0, p.usage("--by : etablissement ou service", "--by: etablissement or service")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// phases are the words for the steps of a build.
var phases = map[progress.Phase]lang.Text{
	build.Pieces:   {FR: "examen des pièces", EN: "looking at the pieces"},
	build.Reading:  {FR: "lecture du journal", EN: "reading the journal"},
	build.Planning: {FR: "calcul des volumes", EN: "planning the volumes"},
	build.Writing:  {FR: "écriture et relecture", EN: "writing and reading back"},
	build.Encodage: {FR: "écriture des volumes", EN: "writing the volumes"},
	build.Termine:  {FR: "terminé", EN: "done"},
}

// watch shows how far a build is, and tells what it finds; r may be nil.
func (p *program) watch(r *recorder) build.Watch {
	w := build.Watch{Version: version(), Anomalie: p.gather, Progress: new(progress.Progress)}
	if r != nil {
		w.Recorder, w.Memory = r, r.memory()
	}
	p.ui.startProgress(func() status {
		phase, done, total := w.Progress.Status()
		return status{phases[phase], string(phase), done, total}
	})
	return w
}

// prepare reads and plans, showing how far it is.
func (p *program) prepare(ctx context.Context, dem *build.Request, r *recorder) (*build.Job, error) {
	p.boundBooks()
	return build.Prepare(ctx, *dem, p.watch(r))
}

func (p *program) build(ctx context.Context, dem *build.Request, r *recorder) error {
	d, err := p.prepare(ctx, dem, r)
	if err != nil {
		return err
	}
	defer d.Close()
	if r != nil { // one that cannot be made is told before the volumes are
		if _, err := r.open(); err != nil {
			return err
		}
	}
	m, err := d.Write(ctx)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	p.showPlan(d, m)
	p.showWritten(dem, d, m)
	return p.result(m, map[string]any{"sortie": dem.Sortie})
}

// showWritten tells of the volumes that were delivered.
func (p *program) showWritten(dem *build.Request, d *build.Job, m *manifest.Manifest) {
	for _, line := range append(build.WrittenLines(m), d.AdviceLines()...) {
		p.ui.data(line)
	}
	p.ui.print(p.ui.text(lang.Text{
		FR: "Écrits dans %s, relus depuis le disque : %d bulletin{s} identique{s} à la source. Le détail est dans manifest.json.",
		EN: "Written to %s, read back from the disk: %d bulletin{s} identical to the source. The details are in manifest.json."}, dem.Sortie, m.Bulletins))
}

func (p *program) plan(ctx context.Context, dem *build.Request, r *recorder, svg string) error {
	d, err := p.prepare(ctx, dem, r)
	if err != nil {
		return err
	}
	defer d.Close()
	others, err := d.Compare(ctx)
	p.ui.endProgress()
	if err != nil {
		return err
	}
	m, err := d.Manifeste()
	if err != nil {
		return err
	}
	p.showPlan(d, m)
	for _, line := range append(d.PlannedLines(m, others), d.AdviceLines()...) {
		p.ui.data(line)
	}
	p.showOthers(others)
	if svg != "" {
		if err := p.toFile(svg, func(w io.Writer) error { return d.SVG(w, p.ui.lang) }); err != nil {
			return err
		}
		p.ui.say(lang.Text{FR: "dessin écrit dans %s", EN: "drawing written to %s"}, svg)
	}
	return p.result(m, nil)
}
