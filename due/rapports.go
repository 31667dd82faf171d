package due

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/report"
)

// The reports are what the payroll office reads and prints: unlike anomalies
// and logs, they hold names and values. A NIR is masked in them too.

var textes = map[string]lang.Text{
	"controle":    {FR: "Test de préparation des déclarations d'embauche", EN: "Preparation test of the hiring declarations"},
	"preparation": {FR: "Préparation de l'envoi des déclarations d'embauche", EN: "Preparation of the sending of hiring declarations"},
	"export":      {FR: "Compte rendu d'export des déclarations d'embauche", EN: "Report of the export of hiring declarations"},
	"envoi":       {FR: "Compte rendu d'envoi des déclarations d'embauche", EN: "Report of the sending of hiring declarations"},
	"reception":   {FR: "Compte rendu de validation des déclarations d'embauche", EN: "Validation report of the hiring declarations"},
	"employeur":   {FR: "Employeur", EN: "Employer"},
	"date":        {FR: "Date", EN: "Date"},
	"selection":   {FR: "Sélection", EN: "Selection"},
	"toutes":      {FR: "toutes les embauches", EN: "all hires"},
	"indicateur":  {FR: "Indicateur lu dans le fichier", EN: "Indicator read from the file"},
	"demande":     {FR: "Indicateur demandé", EN: "Indicator asked for"},
	"essai":       {FR: "1 (test : les déclarations sont contrôlées, jamais enregistrées)", EN: "1 (test: declarations are controlled, never registered)"},
	"reel":        {FR: "120 (réel)", EN: "120 (real)"},
	"fiches":      {FR: "Fiches contrôlées", EN: "Sheets checked"},
	"erreurs":     {FR: "Erreurs à corriger", EN: "Errors to mend"},
	"avert":       {FR: "Avertissements", EN: "Warnings"},
	"declarables": {FR: "Embauches à déclarer", EN: "Hires to declare"},
	"parties":     {FR: "Embauches envoyées, en attente de réponse", EN: "Hires sent, waiting for an answer"},
	"essayees":    {FR: "Embauches envoyées en test : elles restent à déclarer", EN: "Hires sent as a test: they remain to be declared"},
	"ecartees":    {FR: "Écartées", EN: "Left out"},
	"tot":         {FR: "Trop tôt (plus de huit jours)", EN: "Too early (more than eight days)"},
	"tardives":    {FR: "Tardives", EN: "Late"},
	"corriger":    {FR: "À corriger", EN: "To mend"},
	"transcrits":  {FR: "Valeurs transcrites ou coupées", EN: "Values transcribed or cut"},
	"savoir":      {FR: "À savoir", EN: "To know"},
	"rien":        {FR: "rien", EN: "nothing"},
	"matricule":   {FR: "Matricule", EN: "Matricule"},
	"personne":    {FR: "Personne", EN: "Person"},
	"contrat":     {FR: "Contrat", EN: "Contract"},
	"champ":       {FR: "Champ", EN: "Field"},
	"valeur":      {FR: "Valeur", EN: "Value"},
	"devient":     {FR: "Devient", EN: "Becomes"},
	"regle":       {FR: "Règle", EN: "Rule"},
	"constat":     {FR: "Constat", EN: "Finding"},
	"remede":      {FR: "Que faire", EN: "What to do"},
	"cle":         {FR: "Clé", EN: "Key"},
	"embauche":    {FR: "Embauche", EN: "Hire"},
	"nature":      {FR: "Nature", EN: "Nature"},
	"remarque":    {FR: "Remarque", EN: "Remark"},
	"tardive":     {FR: "tardive", EN: "late"},
	"partir":      {FR: "à partir du %s", EN: "from %s"},
	"mode":        {FR: "Mode", EN: "Mode"},
	"modetest":    {FR: "test : rien n'est parti", EN: "test: nothing has left"},
	"modeexport":  {FR: "export : écrit dans %s, pas envoyé", EN: "export: written into %s, not sent"},
	"modereel":    {FR: "réel : %s", EN: "real: %s"},
	"fichier":     {FR: "Fichier", EN: "File"},
	"lot":         {FR: "Lot", EN: "Batch"},
	"nombre":      {FR: "Déclarations lues dans le fichier", EN: "Declarations read from the file"},
	"sha256":      {FR: "SHA-256", EN: "SHA-256"},
	"niveau":      {FR: "Niveau de la réponse", EN: "Level of the answer"},
	"niveau1":     {FR: "1 : accusé de dépôt", EN: "1: receipt of the deposit"},
	"niveau2":     {FR: "2 : conformité ; une déclaration conforme n'est pas encore enregistrée", EN: "2: conformity; a conforming declaration is not registered yet"},
	"niveau3":     {FR: "3 : enregistrement", EN: "3: registration"},
	"niveau2test": {FR: "2 : conformité", EN: "2: conformity"},
	"niveau3test": {FR: "3 : réponse à un test ; rien n'est enregistré", EN: "3: answer to a test; nothing is registered"},
	"accepte":     {FR: "Fichier", EN: "File"},
	"oui":         {FR: "accepté", EN: "accepted"},
	"non":         {FR: "refusé", EN: "refused"},
	"deja":        {FR: "réponse déjà lue : rien n'a changé", EN: "answer already read: nothing has changed"},
	"enreg":       {FR: "Enregistrées", EN: "Registered"},
	"enregtest":   {FR: "Acceptées en test, pas enregistrées", EN: "Accepted as a test, not registered"},
	"rejet":       {FR: "En erreur", EN: "In error"},
	"attente":     {FR: "En attente de réponse", EN: "Waiting for an answer"},
	"etat":        {FR: "État", EN: "State"},
	"code":        {FR: "Code", EN: "Code"},
	"texte":       {FR: "Texte", EN: "Text"},
	"reference":   {FR: "Référence de dossier", EN: "File reference"},
	"manuel":      {FR: "saisi manuellement", EN: "entered by hand"},
	"total":       {FR: "Total", EN: "Total"},
	"reserve":     {FR: "Ce compte rendu est celui du logiciel ; il ne vaut pas conformité aux normes de l'administration.", EN: "This report is the software's own; it does not stand for conformity with the norms of the administration."},
}

// parler writes the reports of one language.
type parler lang.Language

func (p parler) t(key string, args ...any) string { return textes[key].In(lang.Language(p), args...) }

func (p parler) fait(key, value string) report.Fait {
	return report.Fait{Nom: p.t(key), Valeur: value}
}

func (p parler) count(key string, n int) report.Fait { return p.fait(key, strconv.Itoa(n)) }

func (p parler) columns(spec string) []report.Colonne {
	var list []report.Colonne
	for item := range strings.FieldsSeq(spec) {
		key, weight, _ := strings.Cut(item, "/")
		w, _ := strconv.Atoi(weight) // written below, in this file
		list = append(list, report.Colonne{Titre: p.t(key), Poids: float64(max(w, 1))})
	}
	return list
}

func (p parler) indicateur(i Indicateur) string {
	if i == Reel {
		return p.t("reel")
	}
	return p.t("essai")
}

func (p parler) selection(s Selection) string {
	switch {
	case s.Section != "":
		return ChampSection.Libelle(lang.Language(p)) + " " + s.Section
	case len(s.Contrats) > 0:
		return ChampContrat.Libelle(lang.Language(p)) + " " + strings.Join(s.Contrats, ", ")
	case !s.Debut.IsZero():
		return s.Debut.String() + " – " + s.Fin.String()
	}
	return p.t("toutes")
}

// Rapport is the report of a check: what to mend first, person by person and
// field by field, then what was transcribed, then the hires to declare.
func (b *Bilan) Rapport(l lang.Language) *report.Document {
	p := parler(l)
	d := &report.Document{
		Langue: l.String(), Titre: p.t("controle"), SousTitre: b.Employeur.RaisonSociale() + " – SIRET " + b.Employeur.SIRET,
		Date: b.Date.midnight(time.UTC),
		Faits: []report.Fait{
			p.fait("date", b.Date.String()), p.fait("selection", p.selection(b.Selection)), p.fait("demande", p.indicateur(b.Indicateur)),
			p.count("fiches", b.Fiches), p.count("erreurs", b.Erreurs()), p.count("avert", b.Avertissements()),
			p.count("declarables", len(b.Declarations)), p.count("ecartees", b.Ecartees), p.count("tot", b.Tot), p.count("tardives", b.Tardives),
		},
		Notes: []string{p.t("reserve")},
	}
	findings := "matricule/2 personne/4 contrat/3 champ/3 valeur/4 regle/2 constat/6 remede/5"
	wrong := report.Table{Titre: p.t("corriger"), Colonnes: p.columns(findings), Vide: p.t("rien")}
	warned := report.Table{Titre: p.t("avert"), Colonnes: p.columns(findings), Vide: p.t("rien")}
	known := report.Table{Titre: p.t("savoir"), Colonnes: p.columns(findings), Vide: p.t("rien")}
	folded := report.Table{Titre: p.t("transcrits"), Colonnes: p.columns("matricule/2 personne/4 contrat/3 champ/3 valeur/5 devient/5"), Vide: p.t("rien")}
	for _, c := range b.Constats {
		row := []string{c.Matricule, c.Personne, c.Contrat, c.Champ.Libelle(l), c.Valeur, c.Code, c.Message(l), c.Aide(l)}
		switch {
		case c.Becomes != "":
			folded.Lignes = append(folded.Lignes, []string{c.Matricule, c.Personne, c.Contrat, c.Champ.Libelle(l), c.Valeur, c.Becomes})
		case c.Gravite == anomalie.Erreur:
			wrong.Lignes = append(wrong.Lignes, row)
		case c.Gravite == anomalie.Avertissement:
			warned.Lignes = append(warned.Lignes, row)
		default:
			known.Lignes = append(known.Lignes, row)
		}
	}
	d.Tables = []report.Table{wrong, warned, folded, known, p.hires("declarables", b.Declarations, b.Date)}
	return d
}

// hires is one line a hire; those that are late, or that must wait, say so.
func (p parler) hires(title string, list []Declaration, today Date) report.Table {
	t := report.Table{Titre: p.t(title), Colonnes: p.columns("cle/4 matricule/2 personne/5 contrat/3 embauche/3 nature/1 remarque/4"), Vide: p.t("rien")}
	for i := range list {
		d := &list[i]
		remark := ""
		if open := d.DateDebut.AddDays(-fenetre); open.Compare(today) > 0 {
			remark = p.t("partir", open.String())
		} else if d.Tardive {
			remark = p.t("tardive")
		}
		t.Lignes = append(t.Lignes, []string{d.Cle, d.Matricule, d.NomNaissance + " " + d.Prenom, d.Contrat,
			d.DateDebut.String() + " " + d.HeureDebut.String(), string(d.Nature), remark})
	}
	return t
}

// Fate is what became of files that were written.
type Fate uint8

const (
	Prepared Fate = iota // mode Test: read back, and nothing has left
	Exported             // in a folder, to be sent by other means
	Sent                 // handed to the mail
)

// envoi are the words of a fate: the title, the mode, and what the hires of the
// files are now. Those of a test remain to be declared, wherever they went.
func (p parler) envoi(fate Fate, where string, files []Fichier) (title, mode, hires string) {
	switch fate {
	case Exported:
		return p.t("export"), p.t("modeexport", where), "declarables"
	case Sent:
		hires = "parties"
		if slices.ContainsFunc(files, func(f Fichier) bool { return f.Indicateur != Reel }) {
			hires = "essayees"
		}
		return p.t("envoi"), p.t("modereel", where), hires
	}
	return p.t("preparation"), p.t("modetest"), "declarables"
}

// RapportEnvoi is the report of files that were written; where is the folder or
// the mail that has them. The indicators and the counts are those that were read
// back from the bytes.
func (b *Bilan) RapportEnvoi(l lang.Language, files []Fichier, fate Fate, where string) *report.Document {
	p := parler(l)
	title, mode, hires := p.envoi(fate, where, files)
	d := &report.Document{
		Langue: l.String(), Titre: title, SousTitre: b.Employeur.RaisonSociale() + " – SIRET " + b.Employeur.SIRET,
		Date:  b.Date.midnight(time.UTC),
		Faits: []report.Fait{p.fait("date", b.Date.String()), p.fait("selection", p.selection(b.Selection)), p.fait("mode", mode)},
		Notes: []string{p.t("reserve")},
	}
	for _, f := range files {
		d.Faits = append(d.Faits, p.fait("lot", f.Lot), p.fait("fichier", f.Nom), p.fait("indicateur", p.indicateur(f.Indicateur)),
			p.count("nombre", f.Nombre), p.fait("sha256", f.SHA256))
	}
	d.Tables = []report.Table{p.hires(hires, b.Declarations, b.Date)}
	return d
}

// about is the key of the words about an answer to a batch: a test registers
// nothing, and is not said to.
func (b *Bordereau) about(key string) string {
	if _, other := textes[key+"test"]; other && b.Indicateur != Reel {
		return key + "test"
	}
	return key
}

// Rapport is the report of an answer. Its totals add up to the batch.
func (b *Bordereau) Rapport(l lang.Language, today Date) *report.Document {
	p := parler(l)
	d := &report.Document{
		Langue: l.String(), Titre: p.t("reception"), SousTitre: p.t("lot") + " " + b.Lot, Date: today.midnight(time.UTC),
		Faits: []report.Fait{
			p.fait("date", today.String()), p.fait("indicateur", p.indicateur(b.Indicateur)),
			p.count(b.about("enreg"), b.Count(StatutEnregistree)), p.count("rejet", b.Count(StatutErreur)), p.count("attente", b.Count(StatutAttente)),
			p.count("total", len(b.Lignes)),
		},
		Notes: []string{p.t("reserve")},
	}
	if b.Niveau > 0 {
		verdict := p.t("oui")
		if !b.Accepte {
			verdict = p.t("non")
		}
		d.Faits = append(d.Faits, p.fait("niveau", p.t(b.about("niveau"+strconv.Itoa(b.Niveau)))), p.fait("accepte", strings.TrimSpace(verdict+" "+b.Code+" "+b.Texte)))
	}
	if b.Deja {
		d.Notes = append([]string{p.t("deja")}, d.Notes...)
	}
	for _, a := range b.Avis {
		d.Notes = append([]string{a.Code + " " + a.Message(l)}, d.Notes...)
	}
	for _, part := range [...]struct {
		title string
		of    Statut
	}{{b.about("enreg"), StatutEnregistree}, {"rejet", StatutErreur}, {"attente", StatutAttente}} {
		t := report.Table{Titre: p.t(part.title), Colonnes: p.columns("cle/4 matricule/2 contrat/3 etat/3 code/1 champ/3 texte/6 reference/4 remarque/2"), Vide: p.t("rien")}
		for _, line := range b.Lignes {
			if line.Statut != part.of {
				continue
			}
			champ, remark := "", ""
			if line.Champ != "" {
				champ = line.Champ.Libelle(l)
			}
			if line.Manuel {
				remark = p.t("manuel")
			}
			t.Lignes = append(t.Lignes, []string{line.Cle, line.Matricule, line.Contrat, line.Etat.Libelle(l), line.Code, champ, line.Texte, line.Reference, remark})
		}
		d.Tables = append(d.Tables, t)
	}
	return d
}
