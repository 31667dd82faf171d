package hr

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

func rule(code string, g anomalie.Gravite, c anomalie.Classe, fr, en string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Message: lang.Text{FR: fr, EN: en}, Source: "[I]"}
}

func helped(r anomalie.Regle, fr, en string) anomalie.Regle {
	r.Aide = lang.Text{FR: fr, EN: en}
	return r
}

// Codes is what a synchronisation can find wrong. Nothing personal is in the
// messages but the matricule; a sheet is told by its identifier in the source.
var Codes = anomalie.NewRegistre(append(append(append(settingRules, sourceRules...), runRules...), absenceRules...)...).OnPages(onPages)

var settingRules = []anomalie.Regle{
	helped(rule("RH-101", anomalie.Erreur, anomalie.Introuvable, "le fichier de correspondance n'existe pas", "the mapping file does not exist"),
		"« xhl hr discover » en propose un", "“xhl hr discover” proposes one"),
	rule("RH-102", anomalie.Erreur, anomalie.Illisible, "le fichier de correspondance n'est pas lisible : %s", "the mapping file cannot be read: %s"),
	rule("RH-103", anomalie.Erreur, anomalie.Illisible, "le réglage %s n'a pas une valeur permise (permis : %s)", "setting %s has a value that is not allowed (allowed: %s)"),
	helped(rule("RH-104", anomalie.Erreur, anomalie.Usage, "le compte d'absence %s (%s) est un arrêt de travail : il doit être exclu", "absence account %s (%s) is a stoppage of work: it must be excluded"),
		"écrivez « type: exclude » pour ce compte", "write “type: exclude” for this account"),
	helped(rule("RH-105", anomalie.Erreur, anomalie.Usage, "il manque la clé d'accès à la source", "the key of the source is missing"),
		"donnez-la dans la variable XHL_HR_KEY, ou dans un fichier que vous seul pouvez lire (source.key_file)", "give it in the variable XHL_HR_KEY, or in a file that only you can read (source.key_file)"),
	helped(rule("RH-106", anomalie.Erreur, anomalie.Usage, "d'autres que vous peuvent lire le fichier de la clé", "others than you can read the key file"),
		"chmod 600 FICHIER", "chmod 600 FILE"),
	rule("RH-107", anomalie.Erreur, anomalie.Introuvable, "le dossier de la source n'existe pas", "the folder of the source does not exist"),
	rule("RH-108", anomalie.Erreur, anomalie.Illisible, "la feuille n'est pas lisible : %v", "the sheet cannot be read: %v"),
	rule("RH-109", anomalie.Erreur, anomalie.Illisible, "la colonne %s manque", "column %s is missing"),
	rule("RH-110", anomalie.Erreur, anomalie.Usage, "aucun agent ne répond au nom %s, ou plusieurs", "no agent answers to the name %s, or several do"),
	helped(rule("RH-112", anomalie.Erreur, anomalie.Usage, "ce fichier existe déjà et n'est pas remplacé", "this file exists already and is not replaced"),
		"donnez un autre nom", "give another name"),
	helped(rule("RH-113", anomalie.Erreur, anomalie.Introuvable, "rien n'a encore été repris de la source RH dans %s", "nothing was taken over from the HR source in %s yet"),
		"vérifiez --state ou --ledger ; « xhl hr sync » reprend les agents", "check --state or --ledger; “xhl hr sync” takes the agents over"),
	rule("RH-111", anomalie.Erreur, anomalie.Usage, "la source n'a pas d'absences", "the source has no absences"),
}

var sourceRules = []anomalie.Regle{
	helped(rule("RH-201", anomalie.Erreur, anomalie.Usage, "l'adresse de la source est refusée : %s", "the address of the source is refused: %s"),
		"elle ressemble à https://commune.ilucca.net", "it looks like https://town.ilucca.net"),
	helped(rule("RH-202", anomalie.Erreur, anomalie.Autre, "la source refuse la clé (401)", "the source refuses the key (401)"),
		"faites vérifier la clé dans la source ; rien n'a été changé", "have the key checked in the source; nothing was changed"),
	helped(rule("RH-203", anomalie.Erreur, anomalie.Autre, "la clé n'a pas le droit de lire %s (403)", "the key has no right to read %s (403)"),
		"donnez à la clé les établissements et les rubriques de la paye", "grant the key the establishments and the sections of payroll"),
	rule("RH-204", anomalie.Erreur, anomalie.Autre, "la source ne connaît pas %s (404)", "the source does not know %s (404)"),
	helped(rule("RH-205", anomalie.Erreur, anomalie.Autre, "la réponse à %s n'est pas du JSON (%s)", "the answer to %s is not JSON (%s)"),
		"une page de connexion répond ainsi : vérifiez l'adresse du compte", "a login page answers like that: check the account address"),
	rule("RH-206", anomalie.Erreur, anomalie.Autre, "la réponse à %s est coupée ou mal formée", "the answer to %s is cut or malformed"),
	helped(rule("RH-207", anomalie.Erreur, anomalie.Autre, "la source refuse encore après %d essai{s} : trop de demandes (429)", "the source still refuses after %d tr{y|ies}: too many requests (429)"),
		"la limite est commune à tous les programmes de ce compte ; relancez plus tard, la lecture reprendra où elle en est", "the limit is shared by all programs of this account; run again later, reading goes on where it stands"),
	rule("RH-208", anomalie.Erreur, anomalie.Autre, "la source n'arrive pas à répondre à temps, même par petites pages (408)", "the source cannot answer in time, even in small pages (408)"),
	rule("RH-209", anomalie.Erreur, anomalie.Autre, "la source est en panne (%d) après %d essai{s}", "the source fails (%d) after %d tr{y|ies}"),
	rule("RH-210", anomalie.Erreur, anomalie.Autre, "la source renvoie vers un autre hôte : la clé n'y va pas", "the source redirects to another host: the key does not go there"),
	rule("RH-211", anomalie.Erreur, anomalie.Autre, "la réponse à %s dépasse %d octets", "the answer to %s exceeds %d bytes"),
	helped(rule("RH-212", anomalie.Erreur, anomalie.Autre, "la source a changé pendant qu'on la lisait, %d fois de suite", "the source changed while it was read, %d time{s} in a row"),
		"relancez quand personne n'y travaille", "run again when nobody works in it"),
	rule("RH-213", anomalie.Erreur, anomalie.Autre, "la source annonce %d fiche{s} et n'en donne que %d", "the source announces %d sheet{s} and gives %d only"),
	rule("RH-214", anomalie.Erreur, anomalie.Autre, "la source refuse la demande de %s (%d)", "the source refuses the request for %s (%d)"),
	rule("RH-215", anomalie.Erreur, anomalie.Autre, "le nom de la source mène à une adresse privée", "the name of the source leads to a private address"),
	rule("RH-216", anomalie.Erreur, anomalie.Autre, "plus de %d absences un même jour, même agent par agent", "more than %d absences on one day, even agent by agent"),
	rule("RH-217", anomalie.Erreur, anomalie.Autre, "la source ne répond pas", "the source does not answer"),
	rule("RH-218", anomalie.Erreur, anomalie.Illisible, "une fiche de %s n'a pas d'identifiant", "a sheet of %s has no identifier"),
}

var runRules = []anomalie.Regle{
	rule("RH-301", anomalie.Erreur, anomalie.Autre, "une synchronisation est en cours : %s", "a synchronisation is under way: %s"),
	helped(rule("RH-302", anomalie.Erreur, anomalie.Autre, "une synchronisation dure depuis plus de 24 heures : %s", "a synchronisation has been running for more than 24 hours: %s"),
		"si elle est morte, --break-lock prend sa place", "if it is dead, --break-lock takes its place"),
	rule("RH-303", anomalie.Erreur, anomalie.Autre, "une autre machine a écrit pendant cette synchronisation ; rien n'est écrit, relancez", "another machine wrote during this synchronisation; nothing is written, run again"),
	guard("RH-311", "la source ne donne aucune fiche", "the source gives no sheet"),
	guard("RH-312", "la source donne %d fiche{s}, %d la dernière fois", "the source gives %d sheet{s}, %d the last time"),
	guard("RH-313", "%d fiche{s} sur %d {1:perd|perdent} le champ %s", "%d sheet{s} of %d {1:loses|lose} the field %s"),
	guard("RH-314", "%d fiche{s} sur %d {1:est|sont} en conflit", "%d sheet{s} of %d {1:is|are} in conflict"),
	guard("RH-315", "la première lecture ne reconnaît que %d agent{s} sur %d : est-ce le bon compte ?", "the first reading recognises %d agent{s} of %d only: is it the right account?"),

	rule("RH-401", anomalie.Avertissement, anomalie.Autre, "fiche %s : la valeur de « %s » est fausse ; l'ancienne est gardée", "sheet %s: the value of “%s” is wrong; the old one is kept"),
	rule("RH-402", anomalie.Avertissement, anomalie.Autre, "fiche %s : la source ne donne plus « %s » ; la valeur est gardée", "sheet %s: the source no longer gives “%s”; the value is kept"),
	rule("RH-403", anomalie.Info, anomalie.Autre, "fiche %s : « %s » est une valeur de remplissage", "sheet %s: “%s” is a placeholder"),
	rule("RH-404", anomalie.Avertissement, anomalie.Autre, "fiche %s : la valeur de « %s » n'est pas un NIR (forme ou clé) ; elle est gardée à l'écart", "sheet %s: the value of “%s” is no NIR (form or key); it is kept apart"),
	rule("RH-405", anomalie.Avertissement, anomalie.Autre, "fiche %s : « %s » est avant le début du contrat", "sheet %s: “%s” is before the start of the contract"),
	rule("RH-406", anomalie.Avertissement, anomalie.Autre, "fiche %s : « %s » ne s'accorde pas avec le NIR", "sheet %s: “%s” does not agree with the NIR"),
	rule("RH-407", anomalie.Avertissement, anomalie.Autre, "fiche %s : « %s » est plus long que le journal ne le permet (%d caractère{s}) ; rien n'est coupé", "sheet %s: “%s” is longer than the journal allows (%d character{s}); nothing is cut"),
	rule("RH-408", anomalie.Info, anomalie.Autre, "fiche %s : profil incomplet, à remplir dans la source : %s", "sheet %s: incomplete profile, to be filled in the source: %s"),
	rule("RH-409", anomalie.Avertissement, anomalie.Autre, "fiche %s : l'établissement %s n'est pas dans la correspondance", "sheet %s: établissement %s is not in the mapping"),

	decide("RH-411", "fiche %s : ses clés désignent plusieurs agents (%s) ; rien n'est écrit", "sheet %s: its keys name several agents (%s); nothing is written"),
	decide("RH-412", "fiche %s : une clé forte contredit l'agent %s ; rien n'est écrit", "sheet %s: a strong key contradicts agent %s; nothing is written"),
	decide("RH-413", "fiche %s : à confirmer, peut-être l'agent %s", "sheet %s: to be confirmed, perhaps agent %s"),
	decide("RH-414", "fiche %s : une autre fiche réclame aussi l'agent %s ; rien n'est écrit", "sheet %s: another sheet claims agent %s too; nothing is written"),
	decide("RH-415", "fiches %s : une même clé pour des personnes différentes ; rien n'est écrit", "sheets %s: one key for different people; nothing is written"),
	rule("RH-416", anomalie.Info, anomalie.Autre, "fiche %s : parti ou plus visible ; rien n'est supprimé ni clos", "sheet %s: left or no longer visible; nothing is deleted nor closed"),
	rule("RH-417", anomalie.Info, anomalie.Autre, "fiche %s : le contrat finit le %s ; clôturez-le dans la paye", "sheet %s: the contract ends on %s; close it in payroll"),

	rule("RH-421", anomalie.Avertissement, anomalie.Autre, "« %s » n'est pas ce que dit la source RH ; la valeur du run est gardée", "“%s” is not what the HR source says; the value of the run is kept"),
	rule("RH-422", anomalie.Info, anomalie.Autre, "« %s » manquait dans le run et vient de la source RH", "“%s” was missing in the run and comes from the HR source"),
	rule("RH-423", anomalie.Avertissement, anomalie.Autre, "ce matricule du run n'est pas dans la source RH", "this matricule of the run is not in the HR source"),
	rule("RH-424", anomalie.Avertissement, anomalie.Autre, "cet agent présent n'a pas de bulletin dans le run", "this present agent has no bulletin in the run"),
}

var absenceRules = []anomalie.Regle{
	helped(rule("RH-501", anomalie.Erreur, anomalie.Autre, "le compte d'absence %s n'est pas dans la correspondance : %d demi-journée{s} {attend|attendent}", "absence account %s is not in the mapping: %d half-day{s} {waits|wait}"),
		"ajoutez-le sous absences.accounts", "add it under absences.accounts"),
	rule("RH-502", anomalie.Erreur, anomalie.Autre, "la fiche %s n'est liée à aucun agent : %d demi-journée{s} {attend|attendent}", "sheet %s is linked to no agent: %d half-day{s} {waits|wait}"),
	rule("RH-503", anomalie.Erreur, anomalie.Autre, "le compte d'absence %s compte en heures : %d ligne{s} {attend|attendent}", "absence account %s counts in hours: %d row{s} {waits|wait}"),
	rule("RH-504", anomalie.Erreur, anomalie.Autre, "le lot %s est plus ancien que la dernière lecture", "batch %s is older than the last fetch"),
	rule("RH-505", anomalie.Erreur, anomalie.Autre, "le lot %s est déjà importé", "batch %s is imported already"),
	helped(rule("RH-506", anomalie.Erreur, anomalie.Autre, "le lot %s a %d absence{s} à supprimer : régularisez d'abord", "batch %s has %d absence{s} to delete: regularise first"),
		"supprimez-les dans la paye, puis donnez --regularised", "delete them in payroll, then give --regularised"),
	rule("RH-507", anomalie.Erreur, anomalie.Introuvable, "aucun lot %s", "no batch %s"),
	rule("RH-508", anomalie.Avertissement, anomalie.Autre, "une absence d'un mois clos (%s) est supprimée : régularisation", "an absence of a closed month (%s) is deleted: regularisation"),
	rule("RH-509", anomalie.Avertissement, anomalie.Autre, "un arrêt exclu a changé dans un mois clos (%s) : à voir avec le support", "an excluded stoppage changed in a closed month (%s): see with support"),
	rule("RH-510", anomalie.Erreur, anomalie.Usage, "aucun établissement de la source n'est connu : écrivez-les sous etablissements", "no établissement of the source is known: write them under etablissements"),
}

func guard(code, fr, en string) anomalie.Regle {
	return helped(rule(code, anomalie.Erreur, anomalie.Autre, fr, en),
		"rien n'a été écrit ; si c'est voulu, donnez la raison avec --motif", "nothing was written; if it is meant, give the reason with --motif")
}

func decide(code, fr, en string) anomalie.Regle {
	return helped(rule(code, anomalie.Erreur, anomalie.Autre, fr, en),
		"décidez avec --link FICHE=MATRICULE, --apart FICHE=MATRICULE ou --create FICHE", "decide with --link SHEET=MATRICULE, --apart SHEET=MATRICULE or --create SHEET")
}
