package pespj

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// The codes of this package. PES-0xx: the bytes and the XML. PES-1xx: the
// schema. PES-2xx: the flux. PES-3xx: its pieces. PES-4xx: acquittals.
// PES-5xx: what is asked of the writer.
const (
	codeTronque         = "PES-001"
	codeVide            = "PES-002"
	codeCaractere       = "PES-003"
	codeFermeture       = "PES-004"
	codeBalisage        = "PES-005"
	codeAttributDouble  = "PES-006"
	codeReference       = "PES-007"
	codeDeclaration     = "PES-008"
	codeHorsRacine      = "PES-009"
	codeDTD             = "PES-010"
	codeEncodageInconnu = "PES-011"
	codeOctets          = "PES-012"
	codeProfondeur      = "PES-013"
	codeBaliseGeante    = "PES-014"
	codeAttributs       = "PES-015"
	codeCommentaire     = "PES-016"
	codeInstruction     = "PES-017"
	codeFinCDATA        = "PES-018"
	codeNulFinal        = "PES-019"
	codeEncodage        = "PES-020"
	codeUTF8SousLatin1  = "PES-021"
	codeJava            = "PES-023"
	codeBOM             = "PES-022"

	codeRacine          = "PES-101"
	codeInattendu       = "PES-102"
	codeMalPlace        = "PES-103"
	codeManquant        = "PES-104"
	codeTexteInterdit   = "PES-105"
	codeAttributInconnu = "PES-106"
	codeAttributRequis  = "PES-107"
	codeValeur          = "PES-108"
	codeBase64Lexical   = "PES-109"
	codeXSI             = "PES-110"
	codeEspaceDeNoms    = "PES-111"

	codeVersion       = "PES-201"
	codeTypFic        = "PES-202"
	codeNomFicASCII   = "PES-203"
	codeBlancs        = "PES-204"
	codeIdColl        = "PES-205"
	codeIdCollCle     = "PES-206"
	codeDteStrZone    = "PES-207"
	codeDteStrFutur   = "PES-208"
	codeSignature     = "PES-209"
	codeIdVer         = "PES-210"
	codeAucunePJ      = "PES-211"
	codeComptableSeul = "PES-212"
	codeTropGrand     = "PES-213"
	codePlateforme    = "PES-214"
	codeTropDePJ      = "PES-215"
	codeFichierVide   = "PES-301"
	codeBase64        = "PES-302"
	codePasGzip       = "PES-303"
	codeGzipTronque   = "PES-304"
	codeGzipCRC       = "PES-305"
	codeGzipSuite     = "PES-306"
	codeGzipDonnees   = "PES-307"
	codeBombe         = "PES-308"
	codeContenuVide   = "PES-309"
	codeDoublon       = "PES-310"
	codeDejaEnvoye    = "PES-311"
	codeNomPJ         = "PES-312"
	codeNomPJDouble   = "PES-313"
	codeMIMEVide      = "PES-314"
	codeTypeDomaine   = "PES-315"
	codeDomaine       = "PES-316"
	codeSansRefCFU    = "PES-317"
	codeIdentifiant   = "PES-318"
	codeComplement    = "PES-319"
	codeExercice      = "PES-320"
	codeSansRef       = "PES-321"
	codePasPaye       = "PES-322"
	codeIdTiers       = "PES-323"
	codeTropDeRefs    = "PES-324"
	codeMandat        = "PES-325"

	codeAckIllisible   = "PES-401"
	codeAckSchema      = "PES-402"
	codeAckVide        = "PES-403"
	codeAckEtat        = "PES-404"
	codeAckInconnu     = "PES-405"
	codeAckSansReponse = "PES-406"
	codeAckRefusGlobal = "PES-407"
	codeAckNomFic      = "PES-408"
	codeAckContraire   = "PES-409"
	codeAckAncien      = "PES-410"
	codeAckDoublon     = "PES-411"
	codeAckUTF8        = "PES-412"
	codeAckCodCol      = "PES-413"
	codeAckGeant       = "PES-414"
	codeAckAnonyme     = "PES-415"

	codeCleAbsente      = "PES-501"
	codeCleFausse       = "PES-502"
	codePJFausse        = "PES-503"
	codePJDouble        = "PES-504"
	codeLimiteIllisible = "PES-505"
)

const (
	srcXML     = "XML 1.0, cinquième édition"
	srcXSD     = "XSD PES 5.30"
	srcRegle   = "XSD PES 5.30, texte des règles"
	srcProduit = "[I] règle de ce produit"
	srcS2low   = "constaté dans le code public de la plateforme S2LOW"
	srcAcquit  = "XSD PES_V2_Acquit_Autonome_V2"
	srcGzip    = "XSD PES 5.30, texte des règles ; RFC 1952"
)

func illisible(code, fr, en, source string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Illisible,
		Message: lang.Text{FR: fr, EN: en}, Source: source}
}

func erreur(code, fr, en, source string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Message: lang.Text{FR: fr, EN: en}, Source: source}
}

func avertissement(code, fr, en, source string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Avertissement, Message: lang.Text{FR: fr, EN: en}, Source: source}
}

func info(code, fr, en, source string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Info, Message: lang.Text{FR: fr, EN: en}, Source: source}
}

func usage(code, fr, en, source string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: fr, EN: en}, Source: source}
}

func avec(r anomalie.Regle, fr, en string) anomalie.Regle {
	r.Aide = lang.Text{FR: fr, EN: en}
	return r
}

// Codes are the faults that this package finds.
var Codes = anomalie.NewRegistre(rules...).OnPages(onPages)

var rules = []anomalie.Regle{
	avec(illisible(codeTronque, "le fichier s'arrête avant la fin du document", "the file stops before the document ends", srcXML),
		"demandez à nouveau le fichier : le transfert a été coupé", "ask for the file again: its transfer was cut"),
	illisible(codeVide, "le fichier est vide", "the file is empty", srcXML),
	illisible(codeCaractere, "le caractère %s est interdit en XML", "character %s is forbidden in XML", srcXML),
	illisible(codeFermeture, "la balise </%s> ferme l'élément %s", "end tag </%s> closes element %s", srcXML),
	illisible(codeBalisage, "le balisage « %s » est mal formé", "the markup \"%s\" is malformed", srcXML),
	illisible(codeAttributDouble, "l'attribut %s est donné deux fois", "attribute %s is given twice", srcXML),
	illisible(codeReference, "la référence « %s » ne désigne aucun caractère permis", "the reference \"%s\" is no allowed character", srcXML),
	illisible(codeDeclaration, "la déclaration XML est mal formée ou contredit les octets", "the XML declaration is malformed or contradicts the bytes", srcXML),
	illisible(codeHorsRacine, "du contenu se trouve hors de l'élément racine", "there is content outside of the root element", srcXML),
	illisible(codeDTD, "le fichier contient une DTD, ce qui est refusé", "the file has a DTD, which is refused", srcProduit),
	avec(illisible(codeEncodageInconnu, "l'encodage %s n'est pas lu", "encoding %s is not read", srcXML),
		"enregistrez le fichier en ISO-8859-1", "save the file as ISO-8859-1"),
	illisible(codeOctets, "des octets ne sont pas du %s, l'encodage annoncé", "some bytes are not %s, the declared encoding", srcXML),
	illisible(codeProfondeur, "plus de %d éléments sont ouverts les uns dans les autres", "more than %d elements are open inside one another", srcProduit),
	illisible(codeBaliseGeante, "une balise dépasse %d octets", "a tag exceeds %d bytes", srcProduit),
	illisible(codeAttributs, "une balise a plus de %d attributs ou espaces de noms", "a tag has more than %d attributes or namespaces", srcProduit),
	illisible(codeCommentaire, "un commentaire contient « -- »", "a comment holds \"--\"", srcXML),
	illisible(codeInstruction, "une instruction de traitement est mal formée ou mal placée", "a processing instruction is malformed or misplaced", srcXML),
	illisible(codeFinCDATA, "« ]]> » se trouve dans du texte", "\"]]>\" stands in text", srcXML),
	erreur(codeNulFinal, "un octet nul suit la fin du document ; la suite n'est pas lue", "a NUL byte follows the end of the document; what is after is not read", srcXML),
	avec(erreur(codeEncodage, "l'encodage n'est pas ISO-8859-1, déclaré dans les 50 premiers caractères", "the encoding is not ISO-8859-1, declared in the first 50 characters", srcRegle+" (ERREUR_ENCODING) ; "+srcS2low),
		`la première ligne doit être <?xml version="1.0" encoding="ISO-8859-1"?>`, `the first line must be <?xml version="1.0" encoding="ISO-8859-1"?>`),
	avec(avertissement(codeJava, "%s : libxml2 l'accepte, les lecteurs en Java le refusent", "%s: libxml2 takes it, readers in Java refuse it", "Xerces-J 2.12"),
		"Hélios est écrit en Java : corrigez avant l'envoi ; une émoticône ou un caractère rare compte pour deux dans une longueur, un séparateur de lignes ou de paragraphes (U+2028, U+2029) est refusé",
		"Hélios is written in Java: correct before sending; an emoji or a rare character counts as two in a length, a separator of lines or paragraphs (U+2028, U+2029) is refused"),
	erreur(codeUTF8SousLatin1, "le fichier se dit ISO-8859-1 mais ses accents sont écrits en UTF-8", "the file says ISO-8859-1 but its accents are written in UTF-8", srcProduit),
	erreur(codeBOM, "une marque d'ordre des octets précède la déclaration XML", "a byte order mark precedes the XML declaration", srcS2low),

	illisible(codeRacine, "la racine {%s}%s n'est pas PES_Aller", "the root {%s}%s is not PES_Aller", srcXSD),
	erreur(codeInattendu, "l'élément %s n'existe pas dans %s", "element %s does not exist in %s", srcXSD),
	erreur(codeMalPlace, "l'élément %s n'est pas à sa place dans %s, ou y est une fois de trop", "element %s is misplaced in %s, or there once too often", srcXSD),
	erreur(codeManquant, "il manque l'élément %s dans %s", "element %s is missing in %s", srcXSD),
	erreur(codeTexteInterdit, "l'élément %s contient du texte", "element %s holds text", srcXSD),
	erreur(codeAttributInconnu, "l'attribut %s n'existe pas sur %s", "attribute %s does not exist on %s", srcXSD),
	erreur(codeAttributRequis, "il manque l'attribut %s sur %s", "attribute %s is missing on %s", srcXSD),
	erreur(codeValeur, "la valeur de %s est refusée", "the value of %s is refused", srcXSD),
	erreur(codeBase64Lexical, "le contenu de Fichier n'est pas du base64 complet", "the content of Fichier is not whole base64", srcXSD),
	erreur(codeXSI, "l'attribut xsi:%s n'est pas permis sur %s", "attribute xsi:%s is not allowed on %s", srcXSD),
	avec(erreur(codeEspaceDeNoms, "l'élément %s est dans l'espace de noms %s", "element %s is in namespace %s", srcXSD),
		"seule la racine est qualifiée : donnez-lui un préfixe (n:PES_Aller) et n'en donnez à aucun autre élément",
		"only the root is qualified: give it a prefix (n:PES_Aller) and none to any other element"),

	avertissement(codeVersion, "Version doit valoir 2", "Version must be 2", srcRegle),
	avertissement(codeTypFic, "TypFic vaut « %s » ; PESALR1 ou PESALR2 est l'usage", "TypFic is \"%s\"; PESALR1 or PESALR2 is usual", srcRegle+" ; PESALR2 constaté"),
	avertissement(codeNomFicASCII, "NomFic n'est pas en ASCII", "NomFic is not ASCII", "constaté : un accent a bloqué une plateforme"),
	avertissement(codeBlancs, "%s ne contient que des blancs", "%s holds nothing but blanks", srcProduit),
	avec(erreur(codeIdColl, "IdColl doit être un SIRET de 14 chiffres", "IdColl must be a SIRET of 14 digits", srcRegle+" ; "+srcProduit),
		"le SIRET est celui du budget", "the SIRET is that of the budget"),
	avertissement(codeIdCollCle, "la clé du SIRET IdColl est fausse", "the check digit of the SIRET IdColl is wrong", srcProduit),
	avertissement(codeDteStrZone, "DteStr a un fuseau horaire", "DteStr has a time zone", srcProduit),
	avertissement(codeDteStrFutur, "DteStr est dans l'avenir", "DteStr is in the future", srcProduit),
	avertissement(codeSignature, "le flux porte une signature ; un PES PJ n'est pas signé", "the flux has a signature; a PES PJ is not signed", "constaté dans le code public de la plateforme STELA ; ERREUR_PJ_SIGNEE existe"),
	erreur(codeIdVer, "IdVer de PES_PJ doit valoir 1", "IdVer of PES_PJ must be 1", srcRegle+" (ERREUR_VERSION_PJ)"),
	erreur(codeAucunePJ, "le flux ne contient aucune pièce", "the flux has no piece", srcS2low+" ; un tel flux ne reçoit aucun acquittement"),
	info(codeComptableSeul, "le flux est comptable et ne contient aucune pièce", "the flux is an accounting one and has no piece", srcProduit),
	anomalie.Regle{Code: codeTropGrand, Gravite: anomalie.Erreur, Classe: anomalie.TropGrand,
		Message: lang.Text{FR: "le fichier fait %d octets, la limite est de %d", EN: "the file has %d bytes, the limit is %d"},
		Source:  "limite demandée"},
	avertissement(codePlateforme, "le fichier fait %d octets, plus que la limite de %s (%d)", "the file has %d bytes, more than the limit of %s (%d)", sourceNote+" ; code public des plateformes"),
	erreur(codeTropDePJ, "le flux a plus de %d pièces ; au-delà, les doublons ne sont plus cherchés", "the flux has more than %d pieces; duplicates are no longer looked for beyond", srcProduit),

	erreur(codeFichierVide, "Fichier est vide", "Fichier is empty", srcRegle+" : la pièce est rejetée"),
	erreur(codeBase64, "Fichier contient des caractères étrangers au base64", "Fichier holds characters foreign to base64", srcRegle),
	avec(erreur(codePasGzip, "Fichier n'est pas compressé par gzip", "Fichier is not compressed with gzip", srcGzip),
		"le fichier d'origine est compressé par gzip puis converti en base64", "the original file is compressed with gzip, then converted to base64"),
	erreur(codeGzipTronque, "le contenu gzip est coupé", "the gzip content is cut short", srcGzip),
	erreur(codeGzipCRC, "la somme de contrôle ou la longueur du contenu gzip est fausse", "the checksum or the length of the gzip content is wrong", srcGzip),
	erreur(codeGzipSuite, "des octets suivent la fin du contenu gzip", "bytes follow the end of the gzip content", srcGzip),
	erreur(codeGzipDonnees, "les données compressées sont corrompues", "the compressed data are corrupt", srcGzip),
	erreur(codeBombe, "le contenu décompressé dépasse les limites de lecture", "the expanded content exceeds the limits of reading", srcProduit),
	erreur(codeContenuVide, "le fichier d'origine est vide", "the original file is empty", srcRegle+" : la pièce est rejetée"),
	avec(erreur(codeDoublon, "IdUnique %s est déjà celui d'une autre pièce du flux", "IdUnique %s is that of another piece of the flux too", srcRegle+" (anomalie 1984)"),
		"IdUnique est unique pour la collectivité, pour toujours", "IdUnique is unique for the employer, for ever"),
	erreur(codeDejaEnvoye, "IdUnique %s a déjà été envoyé", "IdUnique %s was sent before", srcRegle+" (anomalie 1984)"),
	avertissement(codeNomPJ, "NomPJ contient autre chose que A-Z a-z 0-9 . _ -", "NomPJ holds something else than A-Z a-z 0-9 . _ -", srcProduit),
	avertissement(codeNomPJDouble, "deux pièces du flux ont le même NomPJ", "two pieces of the flux have the same NomPJ", srcProduit),
	avertissement(codeMIMEVide, "MIMEType est vide", "MIMEType is empty", srcProduit),
	erreur(codeTypeDomaine, "TypePJ %s ne va pas avec le Domaine %s", "TypePJ %s does not go with Domaine %s", srcRegle+" : la pièce est rejetée"),
	erreur(codeDomaine, "le Domaine %s n'est pas accepté", "Domaine %s is not accepted", srcRegle+" : la pièce est rejetée"),
	erreur(codeSansRefCFU, "TypePJ %s exige une RefCompta", "TypePJ %s requires a RefCompta", srcRegle+" : la pièce est rejetée"),
	avec(avertissement(codeMandat, "l'Identifiant d'un mandat ou d'un titre n'est pas un seul numéro", "the Identifiant of a mandat or a titre is not one number", srcProduit),
		"une RefCompta par mandat, chacune avec son numéro ; Hélios ne trouve pas « 1204,1205 »", "one RefCompta a mandat, each with its number; Hélios does not find “1204,1205”"),
	avec(erreur(codeIdentifiant, "RefCompta n'a pas d'Identifiant", "RefCompta has no Identifiant", srcRegle+" : la pièce est rejetée"),
		"pour une dépense, c'est le numéro du mandat", "for an expenditure it is the number of the mandat"),
	erreur(codeComplement, "ComplementIdentifiant doit être un numéro de ligne, 1 ou plus", "ComplementIdentifiant must be a line number, 1 or more", srcRegle),
	erreur(codeExercice, "Exercice doit être une année de quatre chiffres, sans fuseau", "Exercice must be a year of four digits, without a time zone", srcRegle+" ; "+srcProduit),
	avec(avertissement(codeSansRef, "la pièce n'a pas de RefCompta et aucune PJRef n'est déclarée", "the piece has no RefCompta and no PJRef is declared", srcProduit),
		"donnez les mandats, ou dites que le PES dépense porte la PJRef", "give the mandats, or say that the PES dépense has the PJRef"),
	avertissement(codePasPaye, "une pièce 004 n'est ni un journal XML ni une archive zip", "a piece 004 is neither an XML journal nor a zip archive", srcProduit),
	avertissement(codeIdTiers, "IdTiers est réservé aux marchés", "IdTiers is for procurement only", srcRegle),
	avertissement(codeTropDeRefs, "la pièce a plus de %d RefCompta ; la suite est contrôlée sans être gardée", "the piece has more than %d RefCompta; the rest is checked, not kept", srcProduit),

	anomalie.Regle{Code: codeAckIllisible, Gravite: anomalie.Erreur, Classe: anomalie.Illisible, Source: srcAcquit,
		Message: lang.Text{FR: "le fichier n'est pas un acquittement PES : %v", EN: "the file is not a PES acquittal: %v"},
		Aide: lang.Text{FR: "un acquittement est un XML de racine PES_ACQUIT, que la plateforme donne pour chaque flux déposé, souvent sous un nom en …-ACK-… : prenez celui-là",
			EN: "an acquittal is an XML whose root is PES_ACQUIT, which the platform gives for each flux deposited, often under a name with …-ACK-…: take that one"}},
	info(codeAckSchema, "l'acquittement s'écarte du schéma (%d écart{s})", "the acquittal departs from the schema (%d time{s})", srcAcquit),
	avertissement(codeAckVide, "l'acquittement ne contient aucun ElementACQUIT", "the acquittal has no ElementACQUIT", srcAcquit),
	avertissement(codeAckEtat, "EtatAck est absent ou illisible ; l'élément ne vaut pas acceptation", "EtatAck is absent or unreadable; the element is no acceptance", srcAcquit),
	avertissement(codeAckInconnu, "l'acquittement parle de la pièce %s, qui n'a pas été envoyée dans ce flux", "the acquittal speaks of piece %s, which was not sent in this flux", srcProduit),
	avertissement(codeAckSansReponse, "l'acquittement ne dit rien de la pièce %s", "the acquittal says nothing of piece %s", srcProduit),
	avertissement(codeAckRefusGlobal, "le flux entier est refusé", "the whole flux is refused", "[I] un KO de domaine 0, 1, 2 ou 99 sans IdUnique vaut pour tout le flux"),
	erreur(codeAckNomFic, "l'acquittement répond à %s et non à %s", "the acquittal answers %s and not %s", "XSD PES 5.30, Enveloppe"),
	avertissement(codeAckContraire, "l'acquittement donne deux états à la pièce %s ; le refus est retenu", "the acquittal gives two states to piece %s; the refusal is kept", srcProduit),
	info(codeAckAncien, "l'acquittement a l'ancienne racine %s", "the acquittal has the old root %s", "constaté dans le code public des plateformes"),
	avec(avertissement(codeAckDoublon, "Hélios connaît déjà l'IdUnique %s", "Hélios knows IdUnique %s already", "CommunAck.xsd, ERREUR_DOUBLON_PJ ; anomalie 1984"),
		"ce document y est déjà, ou un autre a pris son identifiant : demandez au comptable avant de renuméroter",
		"the document is there already, or another one took its identifier: ask the accountant before renumbering"),
	info(codeAckUTF8, "l'acquittement se dit %s mais il est en UTF-8", "the acquittal says %s but is in UTF-8", srcProduit),
	avertissement(codeAckCodCol, "CodCol de l'acquittement est %s et non %s", "CodCol of the acquittal is %s and not %s", srcProduit),
	illisible(codeAckGeant, "l'acquittement dépasse %d octets", "the acquittal exceeds %d bytes", srcProduit),

	avertissement(codeAckAnonyme, "l'acquittement refuse une pièce sans dire laquelle", "the acquittal refuses a piece without saying which", srcProduit),

	usage(codeCleAbsente, "il manque %s", "%s is missing", srcXSD),
	usage(codeCleFausse, "la valeur de %s est refusée ; il faut %v, par exemple %s", "the value of %s is refused; it wants %v, for instance %s", srcXSD),
	erreur(codePJFausse, "%s de la pièce %s est refusé : la forme est %s", "%s of piece %s is refused: its form is %s", srcXSD),
	erreur(codePJDouble, "deux pièces à écrire ont l'IdUnique %s", "two pieces to write have the IdUnique %s", srcRegle),
	avec(usage(codeLimiteIllisible, "la taille « %s » n'est pas comprise", "the size \"%s\" is not understood", srcProduit),
		"écrivez par exemple 128Mo, 80MB, 50MiB, 134217728 ou le nom d'une plateforme : gxml, s2low, stela",
		"write for instance 128Mo, 80MB, 50MiB, 134217728 or the name of a platform: gxml, s2low, stela"),
}
