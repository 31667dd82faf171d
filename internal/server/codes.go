package server

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package: 1xx when it starts, 2xx in answers.
const (
	AdresseInvalide  = "SRV-101"
	SansTLS          = "SRV-102"
	CertificatSeul   = "SRV-103"
	CertificatFaux   = "SRV-104"
	AdresseOccupee   = "SRV-105"
	ProvidersWrong   = "SRV-106"
	AuthorityAway    = "SRV-107"
	RouteInconnue    = "SRV-201"
	MethodeInconnue  = "SRV-202"
	TropDEchecs      = "SRV-203"
	PanneMachine     = "SRV-204"
	ServeurOccupe    = "SRV-205"
	OrigineEtrangere = "SRV-206"
)

func regle(code string, c anomalie.Classe, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: c, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of the server.
var Codes = anomalie.NewRegistre(
	regle(AdresseInvalide, anomalie.Usage,
		"l'adresse d'écoute %s n'est pas HÔTE:PORT", "the address %s is not HOST:PORT",
		"par exemple 127.0.0.1:8473", "for example 127.0.0.1:8473"),
	regle(SansTLS, anomalie.Usage,
		"écouter sur %s ouvrirait le serveur au réseau sans chiffrement", "listening on %s would open the server to the network without encryption",
		"donnez --cert et --key, ou --behind-proxy derrière un mandataire qui chiffre", "give --cert and --key, or --behind-proxy behind a proxy that encrypts"),
	regle(CertificatSeul, anomalie.Usage,
		"le certificat et sa clé vont ensemble", "the certificate and its key go together",
		"donnez --cert et --key", "give --cert and --key"),
	regle(CertificatFaux, anomalie.Illisible,
		"le certificat %s et sa clé ne se lisent pas ou ne vont pas ensemble", "the certificate %s and its key cannot be read or do not match",
		"deux fichiers PEM, certificats intermédiaires à la suite du premier", "two PEM files, intermediate certificates after the first"),
	regle(AdresseOccupee, anomalie.Autre,
		"impossible d'écouter sur %s", "cannot listen on %s",
		"arrêtez ce qui occupe cette adresse, ou choisissez-en une autre", "stop what uses this address, or choose another"),
	regle(ProvidersWrong, anomalie.Illisible,
		"le fichier des fournisseurs d'identité %s est absent ou ne se lit pas", "the file of the identity providers %s is missing or cannot be read",
		"une liste JSON d'objets id, nom, issuer, client_id, secret ; voir le guide", "a JSON list of objects id, nom, issuer, client_id, secret; see the guide"),
	regle(AuthorityAway, anomalie.Introuvable,
		"l'autorité du serveur de messagerie, %s, ne peut pas être ouverte : %v", "the authority of the mail server, %s, cannot be opened: %v",
		"un fichier PEM ; sans --smtp-ca, les autorités du système servent", "a PEM file; without --smtp-ca those of the system serve"),
	regle(RouteInconnue, anomalie.Introuvable, "il n'y a rien à cette adresse", "there is nothing at this address", "", ""),
	regle(MethodeInconnue, anomalie.Usage, "cette adresse ne se demande pas ainsi", "this address is not asked for in this way", "", ""),
	regle(TropDEchecs, anomalie.Coffre,
		"trop d'identifications refusées : réessayez dans %d seconde{s}", "too many refused attempts to log in: try again in %d second{s}",
		"vérifiez le compte et le mot de passe avant de réessayer", "check account and password before trying again"),
	regle(PanneMachine, anomalie.Autre,
		"le serveur a échoué ; son journal dit pourquoi, requête %s", "the server failed; its log says why, request %s", "", ""),
	regle(ServeurOccupe, anomalie.Autre, "le serveur est trop occupé", "the server is too busy", "réessayez plus tard", "try again later"),
	regle(OrigineEtrangere, anomalie.Usage, "la requête vient d'un autre site", "the request comes from another site", "", ""),
)
