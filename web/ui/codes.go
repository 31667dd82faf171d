package ui

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	ProviderSilent  = "WEB-101"
	ProviderRefused = "WEB-102"
	AccountUnknown  = "WEB-103"
	IdentityTaken   = "WEB-104"
	SignInStale     = "WEB-105"
	CodeRefused     = "WEB-106"
	CodesBraked     = "WEB-107"
)

func rule(code, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Coffre, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of sign-in.
var Codes = anomalie.NewRegistre(
	rule(ProviderSilent, "%s ne répond pas", "%s does not answer",
		"réessayez dans quelques minutes, ou connectez-vous avec votre mot de passe", "try again in some minutes, or sign in with your password"),
	rule(ProviderRefused, "la connexion par %s n’a pas abouti", "the sign-in at %s did not succeed",
		"recommencez ; si cela persiste, dites l’heure à votre administrateur", "start again; if it goes on, tell your administrator the time"),
	rule(AccountUnknown, "aucun compte d’ici n’est lié à cette identité de %s", "no account here is linked to this identity of %s",
		"demandez à un administrateur d’inscrire votre adresse professionnelle dans votre compte, ou liez-la vous-même après une connexion par mot de passe",
		"ask an administrator to write your professional address into your account, or link it yourself after signing in with a password"),
	rule(IdentityTaken, "cette identité de %s est liée à un autre compte", "this identity of %s is linked to another account",
		"retirez d’abord ce lien dans l’autre compte", "first remove that link in the other account"),
	rule(SignInStale, "cette connexion a été commencée ailleurs ou il y a trop longtemps", "this sign-in was begun elsewhere or too long ago",
		"recommencez depuis la page de connexion", "start again from the sign-in page"),
	rule(CodeRefused, "le code n’est pas bon", "the code is not right",
		"prenez celui que l’application montre maintenant ; un code ne sert qu’une fois", "take the one that the application shows now; a code is good once"),
	rule(CodesBraked, "trop de codes faux : attendez %d minute{s}", "too many wrong codes: wait %d minute{s}",
		"si vous n’avez plus l’application, un administrateur peut retirer les codes de votre compte", "if you no longer have the application, an administrator can remove the codes from your account"),
)
