package send

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	Introuvable   = "FLX-201"
	PasUnFichier  = "FLX-202"
	PasANous      = "FLX-203"
	DejaRecu      = "FLX-204"
	Contraire     = "FLX-205"
	NoteIllisible = "FLX-206"

	FenetreFausse   = "FLX-211"
	AdresseFausse   = "FLX-212"
	CertificatFaux  = "FLX-213"
	TdtRefuse       = "FLX-214"
	NumeroInconnu   = "FLX-215"
	AutreReponse    = "FLX-216"
	NomPris         = "FLX-217"
	RienNiPart      = "FLX-218"
	HotesIllisibles = "FLX-219"
	HoteInconnu     = "FLX-220"
	HoteChange      = "FLX-221"
	FermeApres      = "FLX-222"
	SansAcces       = "FLX-223"
	SansTdt         = "FLX-224"

	ListeRefusee     = "FLX-225"
	ListeLongue      = "FLX-226"
	FichierIllisible = "FLX-227"
	AutresOctets     = "FLX-228"
	PasListe         = "FLX-229"
	JamaisArrive     = "FLX-230"

	ADemander       = "FLX-231"
	ACorriger       = "FLX-232"
	ACorrigerEntete = "FLX-233"
	IdReference     = "FLX-234"
	RenvoiTropGrand = "FLX-235"
	PieceAbsente    = "FLX-236"
	ExtensionFausse = "FLX-237"
)

func regle(code string, g anomalie.Gravite, c anomalie.Classe, message, aide lang.Text) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Message: message, Aide: aide, Source: "[I]"}
}

// Codes are the anomalies of sending and of answers.
var Codes = anomalie.NewRegistre(
	regle(Introuvable, anomalie.Erreur, anomalie.Introuvable,
		lang.Text{FR: "%s ne peut pas être ouvert : %v", EN: "%s cannot be opened: %v"}, lang.Text{}),
	regle(PasUnFichier, anomalie.Erreur, anomalie.Illisible,
		lang.Text{FR: "%s n'est pas un fichier ordinaire", EN: "%s is no regular file"}, lang.Text{}),
	regle(PasANous, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "l'acquittement répond au flux %s, qui n'est pas dans le registre", EN: "the acquittal answers flux %s, which is not in the ledger"},
		lang.Text{FR: "il est gardé, et sera appliqué si ce flux est enregistré puis l'acquittement relu ; sinon rendez-le à qui il revient", EN: "it is kept, and will be applied when that flux is recorded and the acquittal read again; else give it to whom it belongs"}),
	regle(DejaRecu, anomalie.Info, anomalie.Autre,
		lang.Text{FR: "cet acquittement était déjà reçu : rien ne change", EN: "this acquittal was received before: nothing changes"}, lang.Text{}),
	regle(NoteIllisible, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "ce qui devait être inscrit au registre à côté de la livraison ne se lit plus", EN: "what was to be recorded beside the delivery can no longer be read"},
		lang.Text{FR: "refaites la livraison avec la version du programme qui l'a commencée", EN: "make the delivery again with the version of the program that began it"}),
	regle(Contraire, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "un acquittement précédent disait autre chose de la pièce %s", EN: "an earlier acquittal said something else of piece %s"},
		lang.Text{FR: "le dernier compte, sauf s'il est plus ancien ou qu'il refuse comme doublon ce qui était accepté", EN: "the last one counts, unless it is older or refuses as a duplicate what was accepted"}),

	regle(FenetreFausse, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "la fenêtre d'envoi n'est pas deux heures", EN: "the window of sending is not two hours"},
		lang.Text{FR: "écrivez par exemple tdt-hours = 8-20", EN: "write for instance tdt-hours = 8-20"}),
	regle(AdresseFausse, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "tdt-url n'a pas la forme %s, sans mot de passe", EN: "tdt-url has not the form %s, without a password"}, lang.Text{}),
	regle(CertificatFaux, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "le certificat ou la clé de la plateforme ne se lit pas", EN: "the certificate or the key of the platform cannot be read"},
		lang.Text{FR: "tdt-certificate, tdt-key et tdt-authority sont des fichiers PEM ; la phrase de la clé est dans $XHL_TDT_PASSPHRASE", EN: "tdt-certificate, tdt-key and tdt-authority are PEM files; the passphrase of the key is in $XHL_TDT_PASSPHRASE"}),
	regle(TdtRefuse, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la plateforme %s répond : %s", EN: "platform %s answers: %s"},
		lang.Text{FR: "vérifiez le certificat, le compte et ses droits", EN: "check the certificate, the account and its rights"}),
	regle(NumeroInconnu, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "le numéro de transaction du flux %s n'est pas connu", EN: "the transaction number of flux %s is not known"},
		lang.Text{FR: "cherchez-le sur la plateforme, puis xhl send --transaction NOMFIC=NUMÉRO ; s'il n'y est pas : --not-there NOMFIC", EN: "look it up on the platform, then xhl send --transaction NOMFIC=NUMBER; if it is not there: --not-there NOMFIC"}),
	regle(AutreReponse, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "la plateforme a servi pour le flux %s l'acquittement du flux %s", EN: "the platform served for flux %s the acquittal of flux %s"}, lang.Text{}),
	regle(NomPris, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "un autre fichier s'appelle déjà %s dans le dossier de dépôt", EN: "another file is named %s already in the folder of deposits"}, lang.Text{}),
	regle(RienNiPart, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "%s n'est pas dans le dossier de dépôt : il n'y est jamais arrivé, ou il a été emporté", EN: "%s is not in the folder of deposits: it never arrived, or was taken away"},
		lang.Text{FR: "demandez à la plateforme, puis xhl send --not-there ou attendez l'acquittement", EN: "ask the platform, then xhl send --not-there, or wait for the acquittal"}),
	regle(HotesIllisibles, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "le fichier des clés de serveurs %s ne se lit pas", EN: "the file of host keys %s cannot be read"},
		lang.Text{FR: "tdt-known-hosts a la forme de ~/.ssh/known_hosts", EN: "tdt-known-hosts has the form of ~/.ssh/known_hosts"}),
	regle(HoteInconnu, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "la clé du serveur %s n'est pas dans %s", EN: "the key of server %s is not in %s"},
		lang.Text{FR: "demandez son empreinte à la plateforme, comparez-la à celle de « ssh-keyscan », et ajoutez la ligne ; un port autre que 22 s'écrit [hôte]:port", EN: "ask the platform for its fingerprint, compare it with what `ssh-keyscan` gives, and add the line; a port other than 22 is written [host]:port"}),
	regle(HoteChange, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "le serveur %s montre une autre clé que celle qui est connue", EN: "server %s shows another key than the one that is known"},
		lang.Text{FR: "n'envoyez rien avant d'avoir demandé à la plateforme", EN: "send nothing before asking the platform"}),
	regle(FermeApres, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "le serveur %s ferme après la connexion", EN: "server %s closes after the login"},
		lang.Text{FR: "son journal dit pourquoi (SFTP interdit, ou dossier du chroot)", EN: "its log says why (SFTP forbidden, or the folder of the chroot)"}),
	regle(SansAcces, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "il manque la clé ou le mot de passe du serveur", EN: "the key or the password of the server is missing"},
		lang.Text{FR: "donnez tdt-key, ou tdt-password-file", EN: "give tdt-key, or tdt-password-file"}),
	regle(SansTdt, anomalie.Erreur, anomalie.Usage,
		lang.Text{FR: "aucune plateforme n'est réglée : rien ne part", EN: "no platform is set: nothing leaves"},
		lang.Text{FR: "donnez tdt = s2low, sftp ou folder et tdt-url dans la configuration (« xhl config »)", EN: "give tdt = s2low, sftp or folder and tdt-url in the configuration (`xhl config`)"}),

	regle(ListeRefusee, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la plateforme %s ne donne pas la liste de ses transactions : %s", EN: "platform %s does not give the list of its transactions: %s"},
		lang.Text{FR: "le compte doit avoir le rôle d'archiviste ; sinon cherchez le flux sur la plateforme, puis --transaction ou --not-there", EN: "the account must have the role of archivist; else look the flux up on the platform, then --transaction or --not-there"}),
	regle(ListeLongue, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la plateforme %s a trop de transactions pour les comparer une à une", EN: "platform %s has too many transactions to compare one by one"},
		lang.Text{FR: "cherchez le flux sur la plateforme, puis --transaction ou --not-there", EN: "look the flux up on the platform, then --transaction or --not-there"}),
	regle(FichierIllisible, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la plateforme %s ne donne pas le fichier de la transaction %s : c'est peut-être le flux", EN: "platform %s does not give the file of transaction %s: it may be the flux"},
		lang.Text{FR: "cherchez le flux sur la plateforme, puis --transaction ou --not-there", EN: "look the flux up on the platform, then --transaction or --not-there"}),
	regle(AutresOctets, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la plateforme %s a, sous le numéro %s, un fichier du nom du flux %s avec un autre contenu", EN: "platform %s has, as number %s, a file of the name of flux %s with another content"},
		lang.Text{FR: "demandez à la plateforme : elle l'a peut-être signé ; si c'est bien lui, --transaction NOMFIC=NUMÉRO", EN: "ask the platform: it may have signed it; if it is the flux, --transaction NOMFIC=NUMBER"}),
	regle(PasListe, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "le flux %s n'est pas dans la liste de la plateforme, qui y travaille peut-être encore", EN: "flux %s is not in the list of the platform, which may still be at work on it"},
		lang.Text{FR: "relancez xhl send dans un quart d'heure : s'il n'y est toujours pas, il pourra repartir", EN: "run xhl send again in a quarter of an hour: if it is still not there, it may leave again"}),
	regle(JamaisArrive, anomalie.Avertissement, anomalie.Autre,
		lang.Text{FR: "le flux %s n'est jamais arrivé : la plateforme ne l'a dans aucune de ses listes", EN: "flux %s never arrived: the platform has it in none of its lists"},
		lang.Text{FR: "il est de nouveau prêt : xhl send le dépose", EN: "it is ready again: xhl send deposits it"}),

	regle(ADemander, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la pièce %s attend : Hélios a déjà une pièce de cet IdUnique", EN: "piece %s waits: Hélios has a piece of this IdUnique already"},
		lang.Text{FR: "demandez au comptable si c'est le même document : --already-there ID si oui, --as-new ID s'il s'agit d'un autre", EN: "ask the accountant whether it is the same document: --already-there ID if so, --as-new ID if it is another one"}),
	regle(ACorriger, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la pièce %s attend une correction : %s", EN: "piece %s waits for a correction: %s"},
		lang.Text{FR: "corrigez-la puis --replace ID=FICHIER ; si la cause est levée ailleurs : --as-is ID", EN: "correct it, then --replace ID=FILE; if the cause was mended elsewhere: --as-is ID"}),
	regle(ACorrigerEntete, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la pièce %s attend un en-tête juste : %s", EN: "piece %s waits for a right header: %s"},
		lang.Text{FR: "demandez les codes au comptable, puis donnez --idpost, --codbud, --finjur ou --typfic ; pour --codcol ou --siret, refaites les volumes", EN: "ask the accountant for the codes, then give --idpost, --codbud, --finjur or --typfic; for --codcol or --siret, make the volumes again"}),
	regle(IdReference, anomalie.Erreur, anomalie.Autre,
		lang.Text{FR: "la pièce %s ne peut pas changer d'IdUnique : des bulletins déjà partis la désignent", EN: "piece %s cannot change its IdUnique: bulletins that have left reference it"},
		lang.Text{FR: "donnez-lui un autre identifiant dans justificatifs.csv et refaites les volumes", EN: "give it another identifier in justificatifs.csv and make the volumes again"}),
	regle(RenvoiTropGrand, anomalie.Erreur, anomalie.TropGrand,
		lang.Text{FR: "le renvoi du flux %s ferait %d octets, la limite est de %d", EN: "the resend of flux %s would have %d bytes, the limit is %d"},
		lang.Text{FR: "refaites les volumes avec « xhl build »", EN: "make the volumes again with `xhl build`"}),
	regle(PieceAbsente, anomalie.Erreur, anomalie.Verification,
		lang.Text{FR: "une pièce à renvoyer n'est plus dans le fichier du flux : %s", EN: "a piece to send again is no longer in the file of the flux: %s"}, lang.Text{}),
	regle(ExtensionFausse, anomalie.Erreur, anomalie.PieceManquante,
		lang.Text{FR: "le fichier qui remplace la pièce %s n'a pas d'extension de 2 à 4 lettres ou chiffres", EN: "the file that replaces piece %s has no extension of 2 to 4 letters or digits"}, lang.Text{}),
).OnPages(onPages)
