package vault

import (
	"paye/internal/anomalie"
	"paye/internal/langue"
)

func texte(fr, en string) langue.Texte { return langue.Texte{FR: fr, EN: en} }

const own = "[I]" // a rule of this product

// Codes are the anomalies of the coffre-fort. 1xx: the vault itself; 2xx:
// documents; 3xx: employers, users, rights; 4xx: fiches; 5xx: sessions of
// deposit; 6xx: the archive folder; 7xx: S3; 8xx: over the network; 9xx:
// exports.
var Codes = anomalie.NewRegistre(
	regle("COF-100", anomalie.Erreur, anomalie.Coffre, texte("il n'y a pas de coffre ici", "there is no vault here"), texte("créez-le avec « xhl vault init »", "make it with 'xhl vault init'"), own),
	regle("COF-101", anomalie.Erreur, anomalie.Coffre, texte("le descripteur coffre.json n'est pas celui de ce coffre", "the descriptor coffre.json is not the one of this vault"), texte("reprenez coffre.json d'une sauvegarde", "restore coffre.json from a backup"), own),
	regle("COF-102", anomalie.Erreur, anomalie.Coffre, texte("la clé %s n'est pas sur cette machine", "the key %s is not on this machine"), texte("cette opération se fait là où la clé est gardée", "this is done where the key is kept"), own),
	regle("COF-103", anomalie.Erreur, anomalie.Coffre, texte("la clé %s est verrouillée : phrase de passe absente ou fausse", "the key %s is locked: passphrase missing or wrong"), texte("donnez la phrase de passe de cette clé", "give the passphrase of this key"), own),
	regle("COF-104", anomalie.Erreur, anomalie.Coffre, texte("le fichier de la clé %s est abîmé ou d'un autre coffre", "the file of the key %s is damaged or of another vault"), texte("reprenez ce fichier d'une sauvegarde des clés", "restore this file from a backup of the keys"), own),
	regle("COF-105", anomalie.Erreur, anomalie.Usage, texte("le dossier du nouveau coffre n'est pas vide", "the folder of the new vault is not empty"), texte("choisissez un dossier absent ou vide", "choose a folder that is absent or empty"), own),
	regle("COF-106", anomalie.Erreur, anomalie.Coffre, texte("le coffre est ouvert par un autre programme", "the vault is open in another program"), texte("arrêtez les programmes qui utilisent ce coffre, puis recommencez", "stop the programs that use this vault, then try again"), own),
	regle("COF-107", anomalie.Erreur, anomalie.Coffre, texte("le coffre est sur un système de fichiers réseau (%s)", "the vault is on a network file system (%s)"), texte("un coffre se tient sur un disque de la machine : les verrous et les écritures d'un partage ne sont pas sûrs", "keep a vault on a disk of the machine: locks and writes of a share are not safe"), own),
	regle("COF-108", anomalie.Erreur, anomalie.Coffre, texte("la base de données du catalogue n'est pas sûre : %s", "the database of the catalogue is not safe: %s"), texte("installez une version de xhl plus récente", "install a newer version of xhl"), own),
	regle("COF-110", anomalie.Erreur, anomalie.Coffre, texte("le catalogue est absent ou abîmé", "the catalogue is missing or damaged"), texte("arrêtez les programmes qui utilisent le coffre et lancez « xhl vault recover » : le catalogue se refait depuis le journal", "stop the programs that use the vault and run 'xhl vault recover': the catalogue is made again from the journal"), own),
	regle("COF-111", anomalie.Erreur, anomalie.Coffre, texte("le journal est plus court que ce qui a été enregistré, à partir du segment %s", "the journal is shorter than what was recorded, from segment %s on"), texte("reprenez le dossier journal/ d'une sauvegarde, puis « xhl vault fsck »", "restore the folder journal/ from a backup, then run 'xhl vault fsck'"), own),
	regle("COF-112", anomalie.Erreur, anomalie.Coffre, texte("le segment %s du journal est abîmé à l'octet %s", "journal segment %s is damaged at byte %s"), texte("lancez « xhl vault fsck », puis reprenez le segment d'une sauvegarde ou lancez « xhl vault recover »", "run 'xhl vault fsck', then restore the segment from a backup or run 'xhl vault recover'"), own),
	regle("COF-113", anomalie.Erreur, anomalie.Coffre, texte("le catalogue ne correspond pas au journal", "the catalogue does not match the journal"), texte("lancez « xhl vault fsck », puis « xhl vault recover »", "run 'xhl vault fsck', then 'xhl vault recover'"), own),
	regle("COF-114", anomalie.Erreur, anomalie.Coffre, texte("un point de contrôle signé compte %s événements, le journal %s : le journal a été raccourci", "a signed checkpoint has %s events, the journal %s: the journal was shortened"), texte("reprenez le coffre d'une sauvegarde plus récente", "restore the vault from a newer backup"), own),
	regle("COF-115", anomalie.Erreur, anomalie.Verification, texte("un point de contrôle est abîmé ou n'est pas signé par ce coffre", "a checkpoint is damaged or not signed by this vault"), texte("comparez avec la copie gardée à l'extérieur", "compare with the copy kept outside"), own),
	regle("COF-116", anomalie.Erreur, anomalie.Verification, texte("le journal n'est pas celui qui a été signé à %s événements", "the journal is not the one that was signed at %s events"), texte("le journal a été réécrit ou abîmé : reprenez-le d'une sauvegarde", "the journal was rewritten or damaged: restore it from a backup"), own),
	regle("COF-117", anomalie.Erreur, anomalie.Coffre, texte("la clé de l'agent est abîmée", "the agent's key is damaged"), texte("ses documents restent lisibles par le double de l'employeur et par la clé de secours", "his documents can still be opened through the employer's double and with the recovery key"), own),
	regle("COF-118", anomalie.Erreur, anomalie.Coffre, texte("l'événement %s du journal est illisible", "event %s of the journal cannot be read"), texte("lancez « xhl vault fsck »", "run 'xhl vault fsck'"), own),
	regle("COF-119", anomalie.Erreur, anomalie.Coffre, texte("la clé du double de ce document est abîmée", "the key of this document's double is damaged"), texte("le document reste lisible par l'agent et par la clé de secours", "the document can still be opened by the agent and with the recovery key"), own),
	regle("COF-120", anomalie.Erreur, anomalie.Coffre, texte("le contenu %s d'un document manque", "the content %s of a document is missing"), texte("reprenez son paquet de blobs/ d'une sauvegarde", "restore its pack of blobs/ from a backup"), own),
	regle("COF-121", anomalie.Erreur, anomalie.Verification, texte("le contenu %s d'un document est abîmé", "the content %s of a document is damaged"), texte("reprenez son paquet de blobs/ d'une sauvegarde", "restore its pack of blobs/ from a backup"), own),
	regle("COF-122", anomalie.Erreur, anomalie.Verification, texte("une partie chiffrée (%s) de l'événement %s est abîmée", "an encrypted part (%s) of event %s is damaged"), texte("reprenez le segment du journal d'une sauvegarde", "restore the journal segment from a backup"), own),
	regle("COF-123", anomalie.Erreur, anomalie.Verification, texte("le reçu de l'événement %s ne se vérifie pas", "the receipt of event %s does not verify"), texte("lancez « xhl vault fsck »", "run 'xhl vault fsck'"), own),
	regle("COF-124", anomalie.Avertissement, anomalie.Verification, texte("le dernier point de contrôle manque : un programme a été interrompu, ou le fichier a été retiré", "the last checkpoint is missing: a program was interrupted, or the file was removed"), texte("comparez le journal avec la copie gardée à l'extérieur ; la prochaine fermeture du coffre en écrit un", "compare the journal with the copy kept outside; the next closing of the vault writes one"), own),
	regle("COF-125", anomalie.Erreur, anomalie.Verification, texte("il manque au catalogue (table %s) ce que dit le journal : %d lignes", "the catalogue (table %s) lacks what the journal says: %d rows"), texte("lancez « xhl vault recover »", "run 'xhl vault recover'"), own),
	regle("COF-126", anomalie.Erreur, anomalie.Verification, texte("le catalogue (table %s) dit ce que le journal ne dit pas : %d lignes", "the catalogue (table %s) says what the journal does not: %d rows"), texte("lancez « xhl vault recover »", "run 'xhl vault recover'"), own),
	regle("COF-127", anomalie.Erreur, anomalie.Verification, texte("une partie chiffrée (%s) de l'événement %s a été effacée sans ordre", "an encrypted part (%s) of event %s was erased without an order"), texte("reprenez le segment du journal d'une sauvegarde", "restore the journal segment from a backup"), own),
	regle("COF-128", anomalie.Erreur, anomalie.Verification, texte("une clé (%s) de l'événement %s devait être effacée et ne l'est pas", "a key (%s) of event %s was to be erased and is not"), texte("lancez « xhl vault recover », qui termine les effacements", "run 'xhl vault recover', which finishes erasures"), own),
	regle("COF-129", anomalie.Info, anomalie.Autre, texte("le contenu %s n'est à aucun document", "the content %s belongs to no document"), texte("reste d'un dépôt interrompu, qui n'a reçu aucun reçu", "left by an interrupted deposit, for which no receipt was given"), own),
	regle("COF-130", anomalie.Avertissement, anomalie.Autre, texte("le contenu %s d'un document détruit est encore là, illisible", "the content %s of a destroyed document is still there, unreadable"), texte("il part au prochain balayage, ou à la fin du verrou de conservation", "it goes with the next sweep, or when the retention lock ends"), own),
	regle("COF-131", anomalie.Erreur, anomalie.Verification, texte("le document %s ne se déchiffre pas en ce qui a été déposé", "document %s does not decrypt into what was deposited"), texte("reprenez le coffre d'une sauvegarde", "restore the vault from a backup"), own),
	regle("COF-132", anomalie.Erreur, anomalie.Verification, texte("l'événement %s du journal est abîmé", "event %s of the journal is damaged"), texte("reprenez le segment du journal d'une sauvegarde", "restore the journal segment from a backup"), own),
	regle("COF-133", anomalie.Erreur, anomalie.Verification, texte("l'événement %s est daté d'avant le précédent", "event %s is dated before the one before it"), langue.Texte{}, own),
	regle("COF-134", anomalie.Info, anomalie.Autre, texte("l'horloge de la machine avait reculé à l'événement %s", "the machine's clock had been set back at event %s"), texte("les dates du journal n'ont pas reculé", "the dates of the journal did not go back"), own),
	regle("COF-135", anomalie.Erreur, anomalie.Coffre, texte("le journal a un trou dans le segment %s, suivi d'événements lisibles", "the journal has a gap in segment %s, followed by events that can be read"), texte("rien n'a été changé ; reprenez ce segment d'une sauvegarde", "nothing was changed; restore this segment from a backup"), own),
	regle("COF-136", anomalie.Erreur, anomalie.Verification, texte("le paquet %s de blobs/ est abîmé à l'octet %s", "pack %s of blobs/ is damaged at byte %s"), texte("les documents qu'il tient et qui sont abîmés sont nommés à part ; reprenez ce paquet d'une sauvegarde", "the documents in it that are damaged are named apart; restore this pack from a backup"), own),
	regle("COF-137", anomalie.Info, anomalie.Autre, texte("le paquet %s de blobs/ finit, à l'octet %s, par ce qui n'est à aucun document", "pack %s of blobs/ ends, at byte %s, with what belongs to no document"), texte("reste d'une coupure, pour lequel aucun reçu n'a été donné", "left by a power cut, for which no receipt was given"), own),

	regle("COF-201", anomalie.Erreur, anomalie.Usage, texte("le champ %s est absent ou n'est pas valide", "the field %s is missing or not valid"), langue.Texte{}, own),
	regle("COF-202", anomalie.Erreur, anomalie.Autre, texte("un autre document est déjà déposé pour la période %s : %s, et non %s", "another document is already deposited for period %s: %s, not %s"), texte("pour remplacer un bulletin, déposez un rectificatif (version suivante)", "to replace a slip, deposit a rectificatif (next version)"), own),
	regle("COF-203", anomalie.Erreur, anomalie.TropGrand, texte("le document dépasse %d octets", "the document exceeds %d bytes"), langue.Texte{}, own),
	regle("COF-204", anomalie.Erreur, anomalie.Introuvable, texte("ce document n'existe pas", "there is no such document"), langue.Texte{}, own),
	regle("COF-205", anomalie.Erreur, anomalie.Introuvable, texte("cette copie du document a été détruite", "this copy of the document was destroyed"), langue.Texte{}, own),
	regle("COF-206", anomalie.Erreur, anomalie.Introuvable, texte("cet agent n'existe pas", "there is no such agent"), langue.Texte{}, own),
	regle("COF-207", anomalie.Erreur, anomalie.Usage, texte("il faut dire quelles copies, et un motif", "say which copies, and a reason"), langue.Texte{}, own),
	regle("COF-208", anomalie.Erreur, anomalie.Autre, texte("l'agent a déjà ouvert ce document : il ne peut plus être repris", "the agent has opened this document: it cannot be recalled any more"), texte("déposez un rectificatif", "deposit a rectificatif"), own),
	regle("COF-209", anomalie.Erreur, anomalie.Autre, texte("le double de l'employeur est conservé jusqu'au %s", "the employer's double is kept until %s"), langue.Texte{}, "Code du travail L.3243-4"),
	regle("COF-210", anomalie.Erreur, anomalie.Illisible, texte("le document n'est pas un PDF entier", "the document is not a whole PDF"), langue.Texte{}, own),
	regle("COF-211", anomalie.Erreur, anomalie.Illisible, texte("le PDF est chiffré", "the PDF is encrypted"), langue.Texte{}, own),
	regle("COF-212", anomalie.Erreur, anomalie.Illisible, texte("le PDF contient du JavaScript", "the PDF holds JavaScript"), langue.Texte{}, own),
	regle("COF-213", anomalie.Erreur, anomalie.Illisible, texte("le PDF lance un programme à l'ouverture", "the PDF launches a program"), langue.Texte{}, own),
	regle("COF-214", anomalie.Erreur, anomalie.Illisible, texte("le PDF contient des fichiers joints", "the PDF holds embedded files"), langue.Texte{}, own),
	regle("COF-215", anomalie.Erreur, anomalie.Autre, texte("le bulletin ne porte pas le SIRET de l'employeur", "the slip does not bear the employer's SIRET"), langue.Texte{}, own),
	regle("COF-216", anomalie.Erreur, anomalie.Autre, texte("le bulletin ne porte ni le matricule ni le nom de l'agent", "the slip bears neither the matricule nor the name of the agent"), texte("il serait remis à la mauvaise personne", "it would go to the wrong person"), own),
	regle("COF-217", anomalie.Erreur, anomalie.Autre, texte("le bulletin est d'un autre employeur ou d'une autre période que le dépôt", "the slip is of another employer or period than the deposit"), langue.Texte{}, own),
	regle("COF-218", anomalie.Erreur, anomalie.Autre, texte("deux bulletins du même dépôt sont identiques", "two slips of one deposit are the same"), texte("l'un des deux serait remis à la mauvaise personne", "one of them would go to the wrong person"), own),
	regle("COF-219", anomalie.Info, anomalie.Autre, texte("l'agent reçoit ses bulletins sur papier", "the agent receives his slips on paper"), texte("imprimez ce bulletin", "print this slip"), "Code du travail L.3243-2"),
	regle("COF-220", anomalie.Erreur, anomalie.Autre, texte("ce matricule est celui d'une autre personne dans le coffre", "this matricule is another person's in the vault"), texte("vérifiez que le matricule n'a pas été réattribué", "check whether the matricule was given to somebody else"), own),
	regle("COF-221", anomalie.Erreur, anomalie.Autre, texte("l'annexe va avec un bulletin qui n'est pas celui de cet agent", "the annexe goes with a slip that is not this agent's"), langue.Texte{}, own),
	regle("COF-222", anomalie.Erreur, anomalie.Coffre, texte("la clé de secours ne s'emploie qu'à deux personnes, avec un motif", "the recovery key is used by two persons only, with a reason"), texte("nommez une seconde personne qui a le droit « lecture » et dites pourquoi", "name a second person who has the right 'lecture' and say why"), own),
	regle("COF-223", anomalie.Erreur, anomalie.Introuvable, texte("ce document a été détruit le %s ; l'effacement est complet le %s, quand la dernière sauvegarde des clés a expiré", "this document was destroyed on %s; the erasure is complete on %s, when the last backup of the keys has expired"), langue.Texte{}, own),

	regle("COF-301", anomalie.Erreur, anomalie.Coffre, texte("le coffre ne connaît pas l'employeur %s", "the vault does not know employer %s"), texte("ajoutez-le avec « xhl vault init »", "add it with 'xhl vault init'"), own),
	regle("COF-302", anomalie.Erreur, anomalie.Coffre, texte("l'option « Bulletin de salaire au format électronique » n'est pas activée pour l'employeur %s", "the option 'payslips in electronic form' is not on for employer %s"), texte("activez-la avec « xhl vault user employer SIRET --actif oui »", "turn it on with 'xhl vault user employer SIRET --actif oui'"), own),
	regle("COF-303", anomalie.Erreur, anomalie.Coffre, texte("ce compte n'existe pas ou est fermé", "this account does not exist or is closed"), langue.Texte{}, own),
	regle("COF-304", anomalie.Erreur, anomalie.Coffre, texte("vous n'avez pas le droit « %s » pour l'employeur %s", "you do not have the right '%s' for employer %s"), texte("demandez ce droit à la personne qui gère les comptes", "ask the person who manages accounts for this right"), own),
	regle("COF-305", anomalie.Erreur, anomalie.Coffre, texte("il faut nommer un employeur, ou avoir ce droit pour tous", "name an employer, or have this right for all"), langue.Texte{}, own),
	regle("COF-306", anomalie.Erreur, anomalie.Coffre, texte("ce rôle ne donne pas accès à cela", "this role gives no access to that"), langue.Texte{}, own),
	regle("COF-307", anomalie.Erreur, anomalie.Usage, texte("le double de l'employeur se conserve au moins %d ans", "the employer's double is kept for at least %d years"), langue.Texte{}, "Code du travail L.3243-4"),
	regle("COF-308", anomalie.Erreur, anomalie.Usage, texte("les sauvegardes du journal et des clés se gardent de 1 à %d jours", "backups of the journal and the keys are kept from 1 to %d days"), texte("ce qui a été effacé ne doit plus être dans aucune au bout d'un mois", "what was erased has to be in none after a month"), "CNIL, délibération 2013-270"),
	regle("COF-310", anomalie.Erreur, anomalie.Usage, texte("ce nom de compte n'est pas valide", "this account name is not valid"), texte("64 caractères au plus, sans espace ni deux-points", "64 characters at most, no space and no colon"), own),
	regle("COF-311", anomalie.Erreur, anomalie.Usage, texte("le compte %s existe déjà", "the account %s exists already"), langue.Texte{}, own),
	regle("COF-312", anomalie.Erreur, anomalie.Introuvable, texte("ce compte n'existe pas", "there is no such account"), langue.Texte{}, own),
	regle("COF-313", anomalie.Erreur, anomalie.Usage, texte("le droit « %s » n'existe pas", "there is no right '%s'"), langue.Texte{}, own),
	regle("COF-314", anomalie.Erreur, anomalie.Coffre, texte("compte ou mot de passe faux", "account or password wrong"), texte("vérifiez les majuscules et les caractères spéciaux", "check capitals and special characters"), own),
	regle("COF-315", anomalie.Erreur, anomalie.Coffre, texte("compte bloqué pendant %d minutes après trois échecs", "account locked for %d minutes after three failures"), texte("attendez, ou faites changer le mot de passe", "wait, or have the password changed"), own),
	regle("COF-316", anomalie.Erreur, anomalie.Usage, texte("un mot de passe a de %d à %d caractères", "a password has %d to %d characters"), langue.Texte{}, own),
	regle("COF-317", anomalie.Erreur, anomalie.Usage, texte("ce mot de passe se devine", "this password can be guessed"), texte("sans le nom du compte, et pas un seul caractère répété", "not the account name, and not one character repeated"), own),

	regle("COF-401", anomalie.Erreur, anomalie.Autre, texte("une fiche (%s) a changé entre-temps : version %d, et non %d", "a record (%s) changed in between: version %d, not %d"), texte("relisez et recommencez", "read again and try again"), own),
	regle("COF-402", anomalie.Erreur, anomalie.Usage, texte("les fiches « %s » ne s'écrivent pas directement", "records '%s' are not written directly"), langue.Texte{}, own),
	regle("COF-403", anomalie.Erreur, anomalie.Autre, texte("le compte change sans cesse", "the account keeps changing"), texte("recommencez plus tard", "try again later"), own),

	regle("COF-501", anomalie.Erreur, anomalie.Introuvable, texte("ce dépôt n'existe pas", "there is no such deposit"), langue.Texte{}, own),
	regle("COF-502", anomalie.Erreur, anomalie.Usage, texte("cela ne se fait pas à l'étape « %s »", "that is not done at step '%s'"), langue.Texte{}, own),
	regle("COF-503", anomalie.Erreur, anomalie.Verification, texte("les comptes ne tombent pas juste : déposés + papier + refusés + en attente doit faire les bulletins", "the counts are not just: deposited + paper + refused + waiting must be the bulletins"), langue.Texte{}, own),
	regle("COF-504", anomalie.Erreur, anomalie.Verification, texte("le coffre tient %d bulletins de ce dépôt, et non %d", "the vault holds %d slips of this deposit, not %d"), texte("relancez le dépôt", "run the deposit again"), own),
	regle("COF-505", anomalie.Erreur, anomalie.Coffre, texte("celui qui a déposé ne valide pas", "who deposited does not validate"), texte("demandez à une seconde personne", "ask a second person"), own),
	regle("COF-506", anomalie.Avertissement, anomalie.Autre, texte("le dépôt a été interrompu", "the deposit was interrupted"), texte("relancez la même commande : elle reprend où elle s'est arrêtée", "run the same command again: it goes on where it stopped"), own),
	regle("COF-507", anomalie.Avertissement, anomalie.Autre, texte("des bulletins annoncés n'ont pas été présentés", "some of the slips announced were not presented"), texte("vérifiez le journal, puis relancez le dépôt", "check the journal, then run the deposit again"), own),
	regle("COF-508", anomalie.Avertissement, anomalie.Autre, texte("des bulletins ont été refusés", "some slips were refused"), texte("voyez la liste des écarts du dépôt", "see the list of exceptions of the deposit"), own),

	regle("COF-601", anomalie.Erreur, anomalie.Introuvable, texte("le dossier d'archivage %s n'existe pas", "the archive folder %s does not exist"), texte("créez-le ou changez le chemin d'archivage", "make it, or change the archive path"), own),
	regle("COF-602", anomalie.Erreur, anomalie.Autre, texte("le dossier d'archivage %s ne peut pas être écrit", "the archive folder %s cannot be written"), texte("vérifiez les droits et la place sur le disque", "check permissions and free space"), own),
	regle("COF-603", anomalie.Erreur, anomalie.Usage, texte("le nommage de l'archive ne distingue pas tous les documents : %s", "the archive naming does not tell all documents apart: %s"), texte("le nommage doit contenir {siret}, {annee}, {mois}, {matricule}, {nature} et {sequence}", "the naming must hold {siret}, {annee}, {mois}, {matricule}, {nature} and {sequence}"), own),

	regle("COF-701", anomalie.Erreur, anomalie.Coffre, texte("WORM : NON GARANTI – le stockage a laissé faire : %s", "WORM: NOT GUARANTEED - the storage allowed: %s"), texte("les dépôts vers ce stockage sont arrêtés ; changez de stockage ou de réglage", "deposits to this storage are stopped; change the storage or its settings"), own),
	regle("COF-702", anomalie.Erreur, anomalie.Coffre, texte("le compartiment %s n'a pas le verrouillage d'objets", "bucket %s has no object lock"), texte("le verrouillage se choisit à la création du compartiment", "object lock is chosen when the bucket is made"), own),
	regle("COF-703", anomalie.Erreur, anomalie.Coffre, texte("un objet n'a pas le verrou demandé : %s", "an object does not have the lock that was asked: %s"), texte("les dépôts vers ce stockage sont arrêtés", "deposits to this storage are stopped"), own),

	regle("COF-801", anomalie.Erreur, anomalie.Coffre, texte("le serveur du coffre ne répond pas", "the vault's server does not answer"), texte("réessayez : un dépôt répété donne le même reçu", "try again: a deposit repeated gives the same receipt"), own),
	regle("COF-802", anomalie.Erreur, anomalie.Coffre, texte("le serveur du coffre refuse cette identification", "the vault's server refuses this authentication"), langue.Texte{}, own),
	regle("COF-803", anomalie.Erreur, anomalie.Illisible, texte("la requête n'est pas lisible : %s", "the request cannot be read: %s"), langue.Texte{}, own),
	regle("COF-804", anomalie.Erreur, anomalie.Verification, texte("le serveur a rendu autre chose que le document demandé", "the server answered with something else than the document"), langue.Texte{}, own),

	regle("COF-901", anomalie.Erreur, anomalie.Introuvable, texte("rien à exporter pour ce choix", "nothing to export for this choice"), langue.Texte{}, own),
)

func regle(code string, g anomalie.Gravite, c anomalie.Classe, message, aide langue.Texte, source string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Message: message, Aide: aide, Source: source}
}
