package courrier

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes is every anomaly of the mail of the declarations.
var Codes = anomalie.NewRegistre(
	anomalie.Regle{Code: "DUE-C01", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "réglages absents : %s", EN: "settings that are missing: %s"},
		Aide:    lang.Text{FR: "donnez-les dans due.cfg ; « xhl due init » écrit un fichier qui dit ce que veut chacun", EN: "give them in due.cfg; “xhl due init” writes a file that says what each one wants"}},
	anomalie.Regle{Code: "DUE-C02", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "le réglage %s n'est pas une adresse de courrier", EN: "setting %s is not a mail address"}},
	anomalie.Regle{Code: "DUE-C03", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "l'expéditeur n'est pas l'identité principale du profil", EN: "the sender is not the main identity of the profile"},
		Aide:    lang.Text{FR: "mettez la même adresse dans expediteur et identite", EN: "put the same address in expediteur and identite"}},
	anomalie.Regle{Code: "DUE-C04", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "le profil de mapibox.cfg n'est pas celui des réglages", EN: "the profile of mapibox.cfg is not that of the settings"}},
	anomalie.Regle{Code: "DUE-C05", Gravite: anomalie.Erreur, Classe: anomalie.Usage,
		Message: lang.Text{FR: "le sujet ou la note contient un NIR : rien de personnel n'y va", EN: "the subject or the note holds a NIR: nothing personal goes there"}},
	anomalie.Regle{Code: "DUE-C10", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "le chemin %s n'existe pas", EN: "path %s does not exist"}},
	anomalie.Regle{Code: "DUE-C11", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "le chemin %s n'est pas du bon type, ou ses droits ne vont pas", EN: "path %s is not of the right kind, or its rights are wrong"},
		Aide:    lang.Text{FR: "dossiers : 0700 ; clés : 0600 ; programme : exécutable", EN: "folders: 0700; keys: 0600; program: executable"}},
	anomalie.Regle{Code: "DUE-C12", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "les trois chemins ne sont pas ceux qui ont été confirmés", EN: "the three paths are not those that were confirmed"},
		Aide:    lang.Text{FR: "lancez « xhl due setup chemins »", EN: "run \"xhl due setup chemins\""}},
	anomalie.Regle{Code: "DUE-C20", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "la clé %s ne se lit pas : %v", EN: "key %s cannot be read: %v"}},
	anomalie.Regle{Code: "DUE-C21", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "la clé %s ne peut pas servir : %v", EN: "key %s cannot be used: %v"}},
	anomalie.Regle{Code: "DUE-C22", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "notre clé %s ne peut pas servir : %v", EN: "our key %s cannot be used: %v"}},
	anomalie.Regle{Code: "DUE-C23", Gravite: anomalie.Erreur, Classe: anomalie.Verification,
		Message: lang.Text{FR: "le message déchiffré n'est pas celui qui a été chiffré", EN: "the decrypted message is not the one that was encrypted"}},
	anomalie.Regle{Code: "DUE-C24", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "%s contient %d clé{s} qui {pourrait|pourraient} servir : %s", EN: "%s holds %d key{s} that could be used: %s"},
		Aide:    lang.Text{FR: "demandez au destinataire laquelle est la sienne, et ne laissez qu'elle dans le fichier", EN: "ask the recipient which one is his, and leave only that one in the file"}},
	anomalie.Regle{Code: "DUE-C25", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "%s contient la clé secrète du destinataire : elle n'est pas employée", EN: "%s holds the recipient's secret key: it is not used"},
		Aide:    lang.Text{FR: "prévenez-le tout de suite : cette clé est compromise et doit être révoquée ; détruisez le fichier et demandez une nouvelle clé publique", EN: "tell him at once: this key is compromised and has to be revoked; destroy the file and ask for a new public key"}},
	anomalie.Regle{Code: "DUE-C30", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "le serveur de courrier a refusé le message", EN: "the mail server refused the message"}},
	anomalie.Regle{Code: "DUE-C31", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "la liaison a été coupée après l'envoi : le serveur a peut-être le message", EN: "the connection was cut after the data: the server may have the message"},
		Aide:    lang.Text{FR: "demandez au destinataire, puis « xhl due send --resume LOT » au besoin", EN: "ask the recipient, then \"xhl due send --resume LOT\" if needed"}},
	anomalie.Regle{Code: "DUE-C39", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "le message est dans la boîte d'envoi, et le disque n'a pas confirmé qu'il y reste", EN: "the message is in the outbox, and the disk did not confirm that it stays there"},
		Aide:    lang.Text{FR: "regardez dans la boîte d'envoi, puis « xhl due send --resume LOT »", EN: "look into the outbox, then \"xhl due send --resume LOT\""}},
	anomalie.Regle{Code: "DUE-C32", Gravite: anomalie.Erreur,
		Message: lang.Text{FR: "le serveur de courrier n'offre pas STARTTLS", EN: "the mail server does not offer STARTTLS"}},
).OnPages(onPages)
