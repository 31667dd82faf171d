package due

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/sheet"
)

// Codes is every anomaly of the hiring declarations. A letter after a number
// is another face of the same check: DUE-V12A is the warning of DUE-V12.
var Codes = anomalie.NewRegistre(regles(
	// The eighteen checks. DUE-V09 is an error under the real indicator.
	regle("DUE-V01", anomalie.Erreur, "le SIRET de l'employeur n'a pas 14 chiffres, ou sa clé est fausse", "the SIRET of the employer does not have 14 digits, or its key is wrong").aide("recopiez-le de l'avis de situation INSEE", "copy it from the INSEE certificate"),
	regle("DUE-V02", anomalie.Info, "établissement de La Poste : la somme des chiffres, multiple de cinq, vaut clé", "establishment of La Poste: a sum of digits that is a multiple of five is its key"),
	regle("DUE-V03", anomalie.Erreur, "le champ %s n'a pas la forme %s (9 un chiffre, A une lettre)", "field %s does not have the form %s (9 a digit, A a letter)"),
	regle("DUE-V04", anomalie.Erreur, "la clé du NIR est fausse", "the key of the NIR is wrong").aide("comparez le NIR et sa clé avec l'attestation de droits", "compare the NIR and its key with the certificate of entitlement"),
	regle("DUE-V05", anomalie.Erreur, "le NIR n'est pas fait de 13 chiffres, ou de 2A ou 2B aux places 6 et 7 pour la Corse, et d'une clé de 2 chiffres", "the NIR is not 13 digits, or 2A or 2B at places 6 and 7 for Corsica, and a key of 2 digits"),
	regle("DUE-V06", anomalie.Avertissement, "le NIR est déclaré absent : la déclaration partira sans lui", "the NIR is declared absent: the declaration will leave without it"),
	regle("DUE-V06B", anomalie.Erreur, "le NIR manque et son absence n'est pas déclarée", "the NIR is missing and its absence is not declared").aide("saisissez-le, ou mettez « oui » dans nir_absent", "enter it, or put \"oui\" in nir_absent"),
	regle("DUE-V06C", anomalie.Erreur, "le NIR est donné et déclaré absent", "the NIR is given and declared absent"),
	regle("DUE-V07", anomalie.Avertissement, "le NIR et le champ %s ne disent pas la même chose", "the NIR and field %s do not say the same"),
	regle("DUE-V08", anomalie.Avertissement, "le NIR est un numéro d'attente", "the NIR is a provisional number"),
	regle("DUE-V09", anomalie.Avertissement, "l'embauche est à plus de %d jours : déclarable à partir du %s", "the hire is more than %d days ahead: to be declared from %s"),
	regle("DUE-V10", anomalie.Avertissement, "l'embauche est passée : la déclaration est tardive", "the hire is past: the declaration is late").aide("déclarez-la sans attendre", "declare it at once"),
	regle("DUE-V11", anomalie.Erreur, "un %s sans date de fin", "a %s without an end date"),
	regle("DUE-V11B", anomalie.Erreur, "la fin du contrat est avant son début", "the contract ends before it starts"),
	regle("DUE-V11C", anomalie.Erreur, "un CDI avec une date de fin", "a CDI with an end date"),
	regle("DUE-V12", anomalie.Erreur, "la période d'essai n'est pas un nombre de jours de 0 à %d", "the trial period is not a number of days from 0 to %d"),
	regle("DUE-V12A", anomalie.Avertissement, "la période d'essai manque (CDI, ou CDD de plus de six mois)", "the trial period is missing (CDI, or CDD of more than six months)"),
	regle("DUE-V13", anomalie.Erreur, "le service de santé au travail manque", "the occupational health service is missing").aide("MT999 dit un service autonome", "MT999 says an in-house service"),
	regle("DUE-V13B", anomalie.Erreur, "le service de santé au travail n'est pas un code de %d caractère{s} au plus", "the occupational health service is not a code of at most %d character{s}"),
	regle("DUE-V14", anomalie.Erreur, "la date de naissance n'est pas passée", "the date of birth is not past"),
	regle("DUE-V14A", anomalie.Avertissement, "l'âge à l'embauche n'est pas entre %d et %d ans", "the age at hire is not between %d and %d years"),
	regle("DUE-V14B", anomalie.Erreur, "le département de naissance manque", "the department of birth is missing").aide("99 dit une naissance à l'étranger", "99 says a birth abroad"),
	regle("DUE-V14C", anomalie.Avertissement, "le département de naissance est ramené à deux caractères", "the department of birth is brought to two characters"),
	regle("DUE-V15", anomalie.Erreur, "le champ %s manque", "field %s is missing"),
	regle("DUE-V15B", anomalie.Erreur, "le champ %s ne se lit pas : attendu %s", "field %s cannot be read: expected %s"),
	regle("DUE-V15C", anomalie.Erreur, "du champ %s il ne reste rien dans le jeu de caractères de la déclaration", "nothing is left of field %s in the characters of a declaration"),
	regle("DUE-V16", anomalie.Erreur, "la même personne, le même jour, la même heure que le contrat %s", "the same person, day and hour as contract %s"),
	regle("DUE-V16B", anomalie.Erreur, "déjà déclarée sous la clé %s", "already declared under key %s"),
	regle("DUE-V17", anomalie.Avertissement, "le champ %s est transcrit ou coupé", "field %s is transcribed or cut"),
	regle("DUE-V17A", anomalie.Info, "le champ %s est mis en capitales", "field %s is put in capitals"),
	regle("DUE-V18", anomalie.Erreur, "le champ %s a %d caractère{s} que l'ISO-8859-1 ne sait pas écrire", "field %s has %d character{s} that ISO-8859-1 cannot write"),

	// Asking.
	regle("DUE-110", anomalie.Erreur, "une période, une section ou une liste de contrats : une seule à la fois", "a period, a section or a list of contracts: one at a time").classe(anomalie.Usage),
	regle("DUE-111", anomalie.Erreur, "une période a un début et une fin, dans cet ordre", "a period has a start and an end, in this order").classe(anomalie.Usage),
	regle("DUE-112", anomalie.Erreur, "ce matricule a deux lignes de complément", "this matricule has two lines of complement"),

	// Reading sheets and settings.
	regle("DUE-120", anomalie.Erreur, "le fichier est vide : une ligne d'en-têtes est attendue", "the file is empty: a header line is expected").classe(anomalie.Illisible),
	regle("DUE-121", anomalie.Erreur, "la colonne %s est inconnue, ou vient deux fois", "column %s is unknown, or comes twice").classe(anomalie.Illisible),
	regle("DUE-122", anomalie.Erreur, "la colonne %s manque", "column %s is missing").classe(anomalie.Illisible),
	regle("DUE-123", anomalie.Erreur, "ligne mal formée : guillemets, ou nombre de colonnes", "malformed line: quotes, or number of columns").classe(anomalie.Illisible),
	regle("DUE-124", anomalie.Erreur, "le fichier dépasse %d octets", "the file exceeds %d bytes").classe(anomalie.Illisible),
	regle("DUE-125", anomalie.Erreur, "ce n'est pas un fichier CSV : %v", "this is no CSV file: %v").classe(anomalie.Illisible),
	regle("DUE-126", anomalie.Erreur, "colonne %s : %v", "column %s: %v").aide(sheet.Advice.FR, sheet.Advice.EN),
	regle("DUE-127", anomalie.Avertissement, "colonne %s : %v", "column %s: %v").aide(sheet.Advice.FR, sheet.Advice.EN),
	regle("DUE-130", anomalie.Erreur, "les réglages dépassent %d octets", "the settings exceed %d bytes").classe(anomalie.Illisible),
	regle("DUE-131", anomalie.Erreur, "une ligne clé=valeur est attendue", "a key=value line is expected").classe(anomalie.Illisible),
	regle("DUE-132", anomalie.Erreur, "la clé %s est inconnue", "key %s is unknown").classe(anomalie.Illisible),
	regle("DUE-133", anomalie.Erreur, "la clé %s vient deux fois", "key %s comes twice").classe(anomalie.Illisible),
	regle("DUE-134", anomalie.Erreur, "la clé %s admet : %s", "key %s takes: %s").classe(anomalie.Illisible),

	// Before a declaration.
	regle("DUE-140", anomalie.Erreur, "%d erreur{s} à corriger : rien ne peut partir", "%d error{s} to mend: nothing can leave").aide("lancez « xhl due check » pour le compte rendu", "run \"xhl due check\" for the report"),
	regle("DUE-141", anomalie.Erreur, "aucune embauche à déclarer dans cette sélection", "no hire to declare in this selection"),
	regle("DUE-142", anomalie.Info, "écartée : la catégorie %s ne se déclare pas d'ici", "left out: category %s is not declared from here"),
	regle("DUE-143", anomalie.Info, "écartée : déjà déclarée sous la clé %s", "left out: already declared under key %s"),
	regle("DUE-144", anomalie.Erreur, "un employeur agricole déclare à la MSA, pas à l'URSSAF", "a farm employer declares to the MSA, not to the URSSAF").source("Code du travail, R.1221-1 5°"),

	// Writing.
	regle("DUE-150", anomalie.Erreur, "le lot %s relu n'est pas celui qui a été écrit", "batch %s read back is not the one that was written").classe(anomalie.Verification),
	regle("DUE-151", anomalie.Erreur, "l'indicateur réel demande l'étape 6 validée", "the real indicator needs step 6 to be validated").classe(anomalie.Usage).aide("« xhl due setup » dit où en est la mise en place", "\"xhl due setup\" says how far the set-up is"),
	regle("DUE-152", anomalie.Erreur, "l'indicateur réel demande une confirmation : le SIRET de l'employeur", "the real indicator needs a confirmation: the SIRET of the employer").classe(anomalie.Usage),

	// Reading fixed-width files.
	regle("DUE-T01", anomalie.Erreur, "le fichier ne commence pas par un en-tête %s", "the file does not start with a %s header").classe(anomalie.Illisible),
	regle("DUE-T02", anomalie.Erreur, "l'enregistrement %d n'a pas %d octets et une fin de ligne", "record %d does not have %d bytes and an end of line").classe(anomalie.Illisible),
	regle("DUE-T03", anomalie.Erreur, "l'enregistrement %d n'est pas d'un type attendu ici", "record %d is not of a type expected here").classe(anomalie.Illisible),
	regle("DUE-T04", anomalie.Erreur, "enregistrement %d : caractère hors du jeu à la position %d", "record %d: character out of the set at position %d").classe(anomalie.Illisible),
	regle("DUE-T05", anomalie.Erreur, "l'enregistrement %d ne porte pas son numéro", "record %d does not carry its number").classe(anomalie.Illisible),
	regle("DUE-T06", anomalie.Erreur, "enregistrement %d : la position %d doit être un espace", "record %d: position %d must be a space").classe(anomalie.Illisible),
	regle("DUE-T07", anomalie.Erreur, "enregistrement %d, position %d : valeur de %s", "record %d, position %d: value of %s").classe(anomalie.Illisible),
	regle("DUE-T08", anomalie.Erreur, "le fichier est coupé : son enregistrement de contrôle manque", "the file is cut: its control record is missing").classe(anomalie.Illisible),
	regle("DUE-T09", anomalie.Erreur, "le compte %s devrait être %d", "count %s should be %d").classe(anomalie.Illisible),
	regle("DUE-T10", anomalie.Erreur, "l'empreinte ne correspond pas aux octets", "the digest does not match the bytes").classe(anomalie.Illisible),
	regle("DUE-T11", anomalie.Erreur, "le mode du contrôle n'est pas celui de l'en-tête", "the mode of the control is not that of the header").classe(anomalie.Illisible),
	regle("DUE-T12", anomalie.Erreur, "quelque chose suit l'enregistrement de contrôle", "something follows the control record").classe(anomalie.Illisible),

	// Reading XML.
	regle("DUE-X01", anomalie.Erreur, "le document XML est mal formé ou coupé", "the XML document is malformed or cut").classe(anomalie.Illisible),
	regle("DUE-X02", anomalie.Erreur, "le document XML dépasse une limite de taille ou de profondeur", "the XML document exceeds a limit of size or depth").classe(anomalie.Illisible),
	regle("DUE-X03", anomalie.Erreur, "une DTD n'est pas admise", "a DTD is not allowed").classe(anomalie.Illisible),
	regle("DUE-X04", anomalie.Erreur, "l'élément %s n'est pas attendu ici", "element %s is not expected here").classe(anomalie.Illisible),
	regle("DUE-X05", anomalie.Erreur, "l'élément %s manque", "element %s is missing").classe(anomalie.Illisible),
	regle("DUE-X06", anomalie.Erreur, "la valeur de %s n'est pas admise, ou vient deux fois", "the value of %s is not allowed, or comes twice").classe(anomalie.Illisible),

	// Answers.
	regle("DUE-R01", anomalie.Erreur, "ce n'est pas un retour de niveau 1, 2 ou 3", "this is not an answer of level 1, 2 or 3").classe(anomalie.Illisible),
	regle("DUE-R02", anomalie.Erreur, "le retour se contredit", "the answer contradicts itself").classe(anomalie.Illisible),
	regle("DUE-R03", anomalie.Erreur, "la valeur de %s n'est pas connue", "the value of %s is not known").classe(anomalie.Illisible),
	regle("DUE-R04", anomalie.Erreur, "l'élément %s manque au retour", "element %s is missing from the answer").classe(anomalie.Illisible),
	regle("DUE-R06", anomalie.Erreur, "une correspondance a au moins racine, enregistrement, code et refdossier", "a mapping has at least racine, enregistrement, code and refdossier").classe(anomalie.Illisible),
	regle("DUE-R07", anomalie.Erreur, "enregistrement %d : cette clé est déjà répondue autrement", "record %d: this key is already answered otherwise").classe(anomalie.Illisible),
	regle("DUE-R10", anomalie.Erreur, "le lot %s n'est pas connu ici : c'est le retour d'un autre", "batch %s is not known here: this is the answer of someone else"),
	regle("DUE-R11", anomalie.Erreur, "la clé %s n'est pas dans le lot", "key %s is not in the batch"),
	regle("DUE-R12", anomalie.Erreur, "le mode du retour n'est pas celui du lot %s", "the mode of the answer is not that of batch %s"),
	regle("DUE-R13", anomalie.Erreur, "la clé %s est déjà répondue autrement", "key %s is already answered otherwise"),
	regle("DUE-R14", anomalie.Erreur, "le lot %s n'est pas parti : il n'a pas de réponse à recevoir", "batch %s has not left: it has no answer to receive"),
	regle("DUE-R15", anomalie.Avertissement, "une réponse ne désigne aucune embauche, ou plusieurs : elle est mise de côté", "an answer names no hire, or several: it is put aside"),
	regle("DUE-R16", anomalie.Erreur, "aucun lot n'a l'identifiant de flux de ce retour", "no batch has the flux identifier of this answer"),
	regle("DUE-R17", anomalie.Info, "ce retour est déjà lu : rien ne change", "this answer was already read: nothing changes"),
	regle("DUE-R18", anomalie.Erreur, "dites à quel lot répond ce retour", "say which batch this answer is for").classe(anomalie.Usage),

	// States.
	regle("DUE-E01", anomalie.Erreur, "la déclaration %s ne passe pas de %s à %s", "declaration %s does not go from %s to %s"),
	regle("DUE-E02", anomalie.Erreur, "la déclaration %s est inconnue", "declaration %s is unknown"),
	regle("DUE-E03", anomalie.Erreur, "le lot %s est déjà parti", "batch %s has already left"),
	regle("DUE-E04", anomalie.Erreur, "le lot %s est inconnu", "batch %s is unknown"),
	regle("DUE-E05", anomalie.Erreur, "la déclaration %s est d'essai : elle ne peut pas être %s", "declaration %s is a test: it cannot be %s"),
	regle("DUE-E06", anomalie.Erreur, "l'embauche du contrat %s vient d'être déclarée par quelqu'un d'autre", "the hire of contract %s has just been declared by someone else"),

	// Set-up.
	regle("DUE-S01", anomalie.Erreur, "cette étape demande d'abord : %s", "this step first needs: %s"),
	regle("DUE-S02", anomalie.Erreur, "l'étape %d attend encore la réponse du lot %s", "step %d still waits for the answer of batch %s"),
	regle("DUE-S03", anomalie.Erreur, "la clé confirmée n'est pas celle qui a été importée", "the confirmed key is not the one that was imported"),
	regle("DUE-S04", anomalie.Erreur, "la clé définitive est confirmée par une autre personne que celle qui l'a importée", "the final key is confirmed by another person than the one who imported it"),
	regle("DUE-S05", anomalie.Erreur, "le lot %s n'est pas celui d'une étape", "batch %s is not that of a step"),
	regle("DUE-S06", anomalie.Erreur, "une des trois preuves manque ou a déjà servi", "one of the three proofs is missing or has already served"),
)...).OnPages(onPages)

// ligne is a rule being written.
type ligne anomalie.Regle

func regle(code string, g anomalie.Gravite, fr, en string) ligne {
	return ligne{Code: code, Gravite: g, Message: lang.Text{FR: fr, EN: en}}
}

func (l ligne) aide(fr, en string) ligne       { l.Aide = lang.Text{FR: fr, EN: en}; return l }
func (l ligne) classe(c anomalie.Classe) ligne { l.Classe = c; return l }
func (l ligne) source(s string) ligne          { l.Source = s; return l }

func regles(lignes ...ligne) []anomalie.Regle {
	list := make([]anomalie.Regle, len(lignes))
	for i, l := range lignes {
		list[i] = anomalie.Regle(l)
	}
	return list
}
