package compress

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package. Their offsets count from the first
// byte that the reader concerned was given; Chemin is the name of the zip entry.
const (
	GzipInconnu   = "CMP-101" // not a gzip member, or one with features that RFC 1952 reserves
	GzipTronque   = "CMP-102"
	GzipCorrompu  = "CMP-103"
	GzipCRC       = "CMP-104"
	GzipLongueur  = "CMP-105"
	GzipSuite     = "CMP-106" // bytes after the member
	TailleLimite  = "CMP-111"
	RatioLimite   = "CMP-112"
	Base64Intrus  = "CMP-201" // a byte that is neither base64 nor white space
	Base64Bourre  = "CMP-202" // padding in the wrong place, or bits left over
	Base64Tronque = "CMP-203"
	ZipInconnu    = "CMP-301" // a record that does not belong there
	ZipTronque    = "CMP-302"
	ZipChiffre    = "CMP-303"
	ZipMethode    = "CMP-304"
	ZipNom        = "CMP-305"
	ZipDoublon    = "CMP-306"
	ZipLien       = "CMP-307"
	ZipTaille     = "CMP-308"
	ZipCRC        = "CMP-309"
	ZipCorrompu   = "CMP-310"
	ZipRepertoire = "CMP-311" // the directory does not say what the entries are
	ZipEntrees    = "CMP-312"
	ZipSuite      = "CMP-313" // bytes after the archive
	ZipDisques    = "CMP-314"
	ZipFlux       = "CMP-315" // stored, with a length that is told only afterwards
	SansJournal   = "CMP-401"
	DeuxJournaux  = "CMP-402"
)

// Codes are the anomalies that readers of compressed data find. All of them
// stop the reading.
var Codes = anomalie.NewRegistre(rules...)

var rules = []anomalie.Regle{
	illisible(GzipInconnu, "RFC 1952",
		"ce n'est pas un fichier gzip", "not a gzip file"),
	illisible(GzipTronque, "RFC 1952",
		"le fichier gzip est tronqué", "the gzip file is truncated",
		"refaites la copie ou le transfert du fichier", "copy or transfer the file again"),
	illisible(GzipCorrompu, "RFC 1951",
		"les données compressées du gzip sont corrompues", "the compressed data of the gzip are corrupt",
		"refaites la copie ou le transfert du fichier", "copy or transfer the file again"),
	illisible(GzipCRC, "RFC 1952, 2.3.1",
		"la somme de contrôle du gzip est fausse", "the checksum of the gzip is wrong",
		"refaites la copie ou le transfert du fichier", "copy or transfer the file again"),
	illisible(GzipLongueur, "RFC 1952, 2.3.1",
		"la longueur inscrite dans le gzip est fausse", "the length written in the gzip is wrong"),
	illisible(GzipSuite, "[I]",
		"il reste des octets après la fin du gzip", "there are bytes after the end of the gzip"),
	illisible(TailleLimite, "[I]",
		"le contenu décompressé dépasse la limite de %d octets", "the decompressed content exceeds the limit of %d bytes"),
	illisible(RatioLimite, "[I]",
		"le contenu se décompresse plus de %d fois : fichier piégé ?", "the content expands more than %d times: a bomb?"),
	illisible(Base64Intrus, "XML Schema 1.0, base64Binary",
		"un caractère n'appartient pas au base64", "a character does not belong to base64"),
	illisible(Base64Bourre, "XML Schema 1.0, base64Binary",
		"le base64 se termine mal : signes « = » mal placés ou bits en trop", "the base64 ends badly: misplaced “=” or bits left over"),
	illisible(Base64Tronque, "XML Schema 1.0, base64Binary",
		"le base64 est tronqué", "the base64 is truncated"),
	illisible(ZipInconnu, "APPNOTE 6.3, 4.3",
		"l'archive zip contient autre chose qu'une entrée à cet endroit", "the zip archive holds something that is no entry here"),
	illisible(ZipTronque, "APPNOTE 6.3, 4.3",
		"l'archive zip est tronquée", "the zip archive is truncated",
		"refaites la copie ou le transfert du fichier", "copy or transfer the file again"),
	illisible(ZipChiffre, "[I]",
		"une entrée de l'archive zip est chiffrée", "an entry of the zip archive is encrypted",
		"refaites l'archive sans mot de passe", "make the archive again without a password"),
	illisible(ZipMethode, "[I]",
		"une entrée de l'archive zip est compressée par la méthode %d, seules 0 et 8 sont lues",
		"an entry of the zip archive is compressed with method %d, only 0 and 8 are read",
		"refaites l'archive avec la compression ordinaire", "make the archive again with ordinary compression"),
	illisible(ZipNom, "[I]",
		"un nom d'entrée de l'archive zip est refusé (chemin absolu ou remontant, barre inverse, lettre de lecteur, caractère de contrôle, trop long)",
		"the name of an entry of the zip archive is refused (absolute or climbing path, back-slash, drive letter, control character, too long)"),
	illisible(ZipDoublon, "[I]",
		"deux entrées de l'archive zip portent le même nom", "two entries of the zip archive bear the same name"),
	illisible(ZipLien, "[I]",
		"une entrée de l'archive zip est un lien ou un fichier spécial", "an entry of the zip archive is a link or a special file"),
	illisible(ZipTaille, "APPNOTE 6.3, 4.4",
		"une entrée de l'archive zip n'a pas la taille annoncée", "an entry of the zip archive does not have the size announced"),
	illisible(ZipCRC, "APPNOTE 6.3, 4.4.7",
		"la somme de contrôle d'une entrée de l'archive zip est fausse", "the checksum of an entry of the zip archive is wrong",
		"refaites la copie ou le transfert du fichier", "copy or transfer the file again"),
	illisible(ZipCorrompu, "RFC 1951",
		"les données compressées d'une entrée de l'archive zip sont corrompues", "the compressed data of an entry of the zip archive are corrupt",
		"refaites la copie ou le transfert du fichier", "copy or transfer the file again"),
	illisible(ZipRepertoire, "APPNOTE 6.3, 4.3.12",
		"le répertoire de l'archive zip ne correspond pas à ses entrées", "the directory of the zip archive does not match its entries"),
	illisible(ZipEntrees, "[I]",
		"l'archive zip a plus d'entrées ou de noms que la limite (%d entrées)", "the zip archive has more entries or names than the limit (%d entries)"),
	illisible(ZipSuite, "[I]",
		"il reste des octets après la fin de l'archive zip", "there are bytes after the end of the zip archive"),
	illisible(ZipDisques, "[I]",
		"l'archive zip est en plusieurs volumes", "the zip archive is split over several disks",
		"refaites l'archive en un seul fichier", "make the archive again as one file"),
	illisible(ZipFlux, "[I]",
		"une entrée non compressée de l'archive zip n'annonce pas sa longueur", "an entry of the zip archive that is not compressed does not tell its length",
		"refaites l'archive avec la compression ordinaire", "make the archive again with ordinary compression"),
	illisible(SansJournal, "[I]",
		"l'archive zip ne contient pas de journal (.xhl ou .xml)", "the zip archive holds no journal (.xhl or .xml)"),
	illisible(DeuxJournaux, "[I]",
		"l'archive zip contient plusieurs journaux : %d fichier{s} .xhl ou .xml", "the zip archive holds several journals: %d .xhl or .xml file{s}",
		"donnez les journaux un par un", "give the journals one by one"),
}

// illisible is the rule of a fault that stops the reading; aide is the help,
// in French then in English.
func illisible(code, source, fr, en string, aide ...string) anomalie.Regle {
	r := anomalie.Regle{
		Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Illisible,
		Message: lang.Text{FR: fr, EN: en}, Source: source,
	}
	if len(aide) == 2 {
		r.Aide = lang.Text{FR: aide[0], EN: aide[1]}
	}
	return r
}

// fault is the anomaly code at a byte of what is read.
func fault(code string, offset int64, args ...any) *anomalie.Anomalie {
	return Codes.New(code, args...).At("", offset, 0)
}
