package xhl

import (
	"paye/internal/anomalie"
	"paye/internal/langue"
)

// Codes are the anomalies of journals: 0xx what is not XML or not a journal,
// 1xx what the schema refuses, 2xx what the schema lets through, 3xx what is
// wrong in a run.
var Codes = anomalie.NewRegistre(
	regle("XHL-001", anomalie.Erreur, "le journal est tronqué : %d bulletins sont complets", "the journal is truncated: %d bulletins are complete",
		"demandez un nouvel export au logiciel de paye, ou reprenez le fichier d'origine", "ask the payroll program for a new export, or take the original file", "XML 1.0"),
	regle("XHL-002", anomalie.Erreur, "balise mal formée", "malformed markup",
		"le fichier n'est pas du XML : reprenez l'export d'origine", "the file is not XML: take the original export", "XML 1.0"),
	regle("XHL-003", anomalie.Erreur, "déclaration DOCTYPE refusée", "DOCTYPE declaration refused",
		"retirez la DTD : un journal n'en a pas besoin", "remove the DTD: a journal needs none", "[I]"),
	regle("XHL-004", anomalie.Erreur, "au-delà de la limite de lecture (%d)", "beyond the reading limit (%d)",
		"un journal ordinaire reste loin de cette limite : vérifiez le fichier", "an ordinary journal stays far below this limit: check the file", "[I]"),
	regle("XHL-005", anomalie.Erreur, "encodage inconnu : %q", "unknown encoding: %q",
		"déclarez ISO-8859-1, windows-1252 ou UTF-8", "declare ISO-8859-1, windows-1252 or UTF-8", "XML 1.0"),
	regle("XHL-006", anomalie.Erreur, "ce n'est pas un journal XHL : l'élément racine est %q", "not an XHL journal: the root element is %q",
		"donnez un fichier dont la racine est DocumentPaye", "give a file whose root is DocumentPaye", "XSD Paye 1.4"),
	regle("XHL-007", anomalie.Erreur, "attribut en double dans %s", "duplicate attribute in %s", "", "", "XML 1.0"),
	regle("XHL-008", anomalie.Erreur, "caractère interdit en XML, ou absent de l'encodage déclaré", "character forbidden in XML, or absent from the declared encoding",
		"vérifiez l'encodage annoncé en tête de fichier", "check the encoding announced at the head of the file", "XML 1.0"),
	regle("XHL-009", anomalie.Erreur, "balise fermante %q là où %q est ouvert", "end tag %q where %q is open", "", "", "XML 1.0"),
	regle("XHL-010", anomalie.Erreur, "référence d'entité inconnue", "unknown entity reference", "", "", "XML 1.0"),
	regle("XHL-011", anomalie.Erreur, "contenu après la fin du document", "content after the end of the document", "", "", "XML 1.0"),
	regle("XHL-012", anomalie.Erreur, "des bulletins suivent les nomenclatures", "bulletins follow the nomenclatures",
		"l'ordre du schéma est : DonneesIndiv, Nomenclatures, RepartitionParNature", "the order of the schema is: DonneesIndiv, Nomenclatures, RepartitionParNature", "XSD Paye 1.4"),
	regle("XHL-013", anomalie.Avertissement, "%d octets de windows-1252 dans un fichier déclaré ISO-8859-1", "%d windows-1252 bytes in a file declared as ISO-8859-1",
		"ils sont lus comme windows-1252 et recopiés tels quels", "they are read as windows-1252 and copied as they are", "[S]"),
	regle("XHL-014", anomalie.Avertissement, "%d valeurs ne sont pas en UTF-8 dans un fichier qui l'annonce ; lues comme windows-1252", "%d values are not UTF-8 in a file that announces it; read as windows-1252", "", "", "[S]"),
	regle("XHL-015", anomalie.Erreur, "le journal ne contient aucun bulletin", "the journal holds no bulletin", "", "", "XSD Paye 1.4"),

	regle("XHL-101", anomalie.Avertissement, "élément %s inattendu, laissé de côté à la lecture", "unexpected element %s, left aside while reading", "", "", "XSD Paye 1.4"),
	regle("XHL-102", anomalie.Avertissement, "texte inattendu dans %s", "unexpected text in %s", "", "", "XSD Paye 1.4"),

	regle("XHL-201", anomalie.Avertissement, "le matricule %s a plusieurs bulletins ce mois-ci", "matricule %s has several bulletins this month",
		"c'est permis d'un établissement à l'autre ; vérifiez s'il ne s'agit pas d'un doublon", "legal from one établissement to another; check that it is not a duplicate", "[S]"),
	regle("XHL-202", anomalie.Avertissement, "répartition par nature : le compte %s diffère de la somme des lignes", "répartition par nature: account %s differs from the sum of the lines",
		"la répartition du fichier est conservée ; comparez-la aux mandats", "the file's own block is kept; compare it with the mandats", "[I]"),
	regle("XHL-203", anomalie.Erreur, "la répartition par nature manque et ne peut pas être calculée : aucune rubrique employée n'a de CodeNatureEmp ni de CodeNatureSal", "RepartitionParNature is missing and cannot be computed: no rubrique in use has a CodeNatureEmp or a CodeNatureSal",
		"ajoutez les codes nature aux rubriques, ou la répartition à la source", "add nature codes to the rubriques, or the block to the source", "XSD Paye 1.4"),
	regle("XHL-204", anomalie.Info, "%d lignes ne sont imputées à aucun compte, faute de code nature sur leur rubrique", "%d lines are charged to no account, for want of a nature code on their rubrique", "", "", "[I]"),
	regle("XHL-205", anomalie.Avertissement, "montant illisible dans la ligne %s : elle ne compte pas dans la répartition par nature", "unreadable amount in line %s: it does not count in the répartition par nature", "", "", "[I]"),
	regle("XHL-206", anomalie.Avertissement, "RepartitionParNature absente de la source ; calculée d'après les lignes", "RepartitionParNature absent from the source; computed from the lines",
		"comparez-la aux mandats avant l'envoi", "compare it with the mandats before sending", "[I]"),

	regle("XHL-301", anomalie.Erreur, "ligne %d du run : JSON mal formé", "line %d of the run: malformed JSON", "", "", "docs/formats.md"),
	regle("XHL-302", anomalie.Erreur, "clé inconnue %q", "unknown key %q", "les clés sont les noms des éléments du schéma", "keys are the names of the schema's elements", "docs/formats.md"),
	regle("XHL-303", anomalie.Erreur, "valeur refusée pour %s", "value refused for %s", "", "", "XSD Paye 1.4"),
	regle("XHL-304", anomalie.Erreur, "%s manque", "%s is missing", "", "", "XSD Paye 1.4"),
	regle("XHL-305", anomalie.Erreur, "ordre des lignes du run : %s", "order of the lines of the run: %s", "", "", "docs/formats.md"),
	regle("XHL-306", anomalie.Erreur, "%s attendu pour %s", "%s expected for %s", "les montants sont des chaînes, comme dans le fichier : \"1234.50\"", "amounts are strings, as on the wire: \"1234.50\"", "docs/formats.md"),
	regle("XHL-307", anomalie.Erreur, "%s n'existe pas dans le schéma 1.2b", "%s does not exist in schema 1.2b", "écrivez en 1.4, ou retirez cet élément", "write 1.4, or remove this element", "XSD Paye 1.2b"),
	regle("XHL-308", anomalie.Erreur, "%s : un seul des deux choix est permis", "%s: only one of the two alternatives is allowed", "", "", "XSD Paye 1.4"),
	regle("XHL-309", anomalie.Erreur, "caractère interdit en XML dans %s", "character forbidden in XML in %s", "", "", "XML 1.0"),
	regle("XHL-310", anomalie.Erreur, "fichier CSV %s : %s", "CSV file %s: %s", "", "", "docs/formats.md"),
)

func regle(code string, g anomalie.Gravite, fr, en, aideFR, aideEN, source string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: anomalie.Illisible, Source: source,
		Message: langue.Texte{FR: fr, EN: en}, Aide: langue.Texte{FR: aideFR, EN: aideEN}}
}
