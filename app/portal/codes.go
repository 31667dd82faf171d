package portal

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	Refused       = "PTL-101"
	LockedOut     = "PTL-102"
	ShortWord     = "PTL-103"
	WeakWord      = "PTL-104"
	WordsDiffer   = "PTL-105"
	MailWrong     = "PTL-106"
	MailsDiffer   = "PTL-107"
	PolicyAsked   = "PTL-108"
	LinkDead      = "PTL-109"
	NotNow        = "PTL-110"
	TooManyMails  = "PTL-111"
	TooManyLetter = "PTL-112"
	Overfull      = "PTL-113"
	FileRefused   = "PTL-114"
	ShareOver     = "PTL-115"
	WrongCode     = "PTL-116"
	SecondPerson  = "PTL-117"
	SameVault     = "PTL-118"
	NotMember     = "PTL-119"
	ResetPaused   = "PTL-120"
	NoMail        = "PTL-121"
	OnlySupport   = "PTL-122"
	NoEvidence    = "PTL-123"
	TooSoon       = "PTL-124"
	FactorAsked   = "PTL-125"
)

func rule(code, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Coffre, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of the portal.
var Codes = anomalie.NewRegistre(
	rule(Refused, "l’identifiant ou le mot de passe n’est pas reconnu", "the identifier or the password is not recognised",
		"vérifiez les majuscules et les caractères spéciaux ; sinon, « Mot de passe oublié » ou « Identifiant perdu »", "check capitals and special characters; otherwise, “Forgotten password” or “Lost identifier”"),
	rule(LockedOut, "trop de tentatives : la connexion est bloquée d’ici, encore %d minute{s}", "too many attempts: signing in is blocked from here, for %d more minute{s}",
		"vérifiez les majuscules et les caractères spéciaux avant de réessayer ; sinon, « Mot de passe oublié »", "check capitals and special characters before you try again; otherwise, “Forgotten password”"),
	rule(ShortWord, "le mot de passe doit avoir de %d à %d caractères", "the password must have %d to %d characters",
		"une phrase se retient mieux qu’un mot compliqué", "a sentence is easier to remember than a complicated word"),
	rule(WeakWord, "ce mot de passe est trop facile à deviner", "this password is too easy to guess",
		"évitez votre nom, les suites de touches et les phrases connues", "avoid your name, rows of keys and well-known phrases"),
	rule(WordsDiffer, "les deux mots de passe diffèrent", "the two passwords differ", "tapez deux fois le même", "type the same one twice"),
	rule(MailWrong, "ce n’est pas une adresse de messagerie", "this is not a mail address", "écrivez-la comme nom@exemple.fr", "write it as name@example.org"),
	rule(MailsDiffer, "les deux adresses diffèrent", "the two addresses differ", "tapez deux fois la même", "type the same one twice"),
	rule(PolicyAsked, "la politique de confidentialité doit être acceptée", "the privacy policy must be accepted", "lisez-la, puis cochez la case", "read it, then tick the box"),
	rule(LinkDead, "ce lien ne sert plus : il a déjà servi, ou il est trop ancien", "this link is no longer good: it was used, or it is too old",
		"demandez-en un nouveau", "ask for a new one"),
	rule(NotNow, "cela ne se peut pas dans l’état où est ce compte ou cette demande", "this cannot be done in the state that this account or this request is in",
		"rechargez la page pour voir où il en est", "load the page again to see where it stands"),
	rule(TooManyMails, "trop de demandes : attendez %d minute{s}", "too many requests: wait %d minute{s}", "le premier message est peut-être dans les indésirables", "the first message may be among the unwanted ones"),
	rule(TooManyLetter, "déjà %d courrier{s} en trente jours pour cet agent", "already %d letter{s} in thirty days for this agent", "attendez, ou remettez le courrier en main propre", "wait, or hand the letter over in person"),
	rule(Overfull, "l’espace personnel est plein : %s au plus", "the personal space is full: %s at most", "supprimez un document, puis recommencez", "delete a document, then start again"),
	rule(FileRefused, "ce fichier n’est pas accepté", "this file is not accepted", "PDF, JPEG ou PNG, sans contenu actif, de %s au plus", "PDF, JPEG or PNG, without active content, of %s at most"),
	rule(ShareOver, "ce lien n’est plus ouvert", "this link is no longer open", "demandez-en un autre à la personne qui vous l’a envoyé", "ask who sent it to you for another"),
	rule(WrongCode, "le code n’est pas bon", "the code is not right", "il vous a été donné autrement que par le lien", "it was given to you by another way than the link"),
	rule(SecondPerson, "une autre personne doit confirmer", "another person must confirm", "celle qui a commencé ne peut pas finir", "who began cannot finish"),
	rule(SameVault, "c’est déjà le même espace", "it is the same space already", "donnez l’identifiant de l’autre", "give the identifier of the other one"),
	rule(NotMember, "cet employeur n’a pas de bulletin pour vous ici", "this employer has no payslip for you here", "choisissez dans la liste", "choose from the list"),
	rule(ResetPaused, "l’adresse vient de changer : les nouveaux mots de passe par messagerie attendent 24 heures", "the address has just changed: new passwords by mail wait 24 hours",
		"attendez, ou adressez-vous à votre employeur", "wait, or ask your employer"),
	rule(NoMail, "ce service n’envoie pas de messages", "this service sends no mail", "un mot de passe oublié ou un identifiant perdu se règle par un courrier de votre employeur", "a forgotten password or a lost identifier is settled by a letter of your employer"),
	rule(OnlySupport, "votre employeur demande que cela passe par lui", "your employer asks that this goes through him", "adressez-vous au service de paye", "ask the payroll office"),
	rule(NoEvidence, "il manque ce que vous avez vu qui prouve que c’est la même personne", "what you have seen that proves that it is the same person is missing",
		"le même nom, la même naissance ou la même adresse ne prouvent rien", "the same name, birth or address prove nothing"),
	rule(TooSoon, "la fin du service se dit trois mois avant : pas avant le %s", "the end of the service is told three months before: not before %s", "choisissez une date plus lointaine", "choose a later date"),
	rule(FactorAsked, "cet espace demande sa deuxième étape", "this space asks for its second step", "donnez le code de son application, ou un code de secours ; s’il n’a qu’une clé d’accès, commencez depuis cet espace-là", "give the code of its application, or a recovery code; if it has a passkey only, begin from that space"),
)
