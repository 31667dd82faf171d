package api

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// Codes of the anomalies of this package.
const (
	NoToken      = "API-101"
	TokenRefused = "API-102"
	NoScope      = "API-103"
	OtherBody    = "API-104"
	TooLarge     = "API-105"
	TwoMonths    = "API-106"
	NotFollowed  = "API-107"
	BadBody      = "API-108"
)

func rule(code, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: anomalie.Erreur, Classe: anomalie.Usage, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of the API.
var Codes = anomalie.NewRegistre(
	rule(NoToken, "la requête ne porte pas de jeton", "the request has no token", "Authorization: Bearer xhl_… ; un jeton se crée dans la console", "Authorization: Bearer xhl_…; a token is made in the console"),
	rule(TokenRefused, "ce jeton n'est pas valable", "this token is not good", "il a pu expirer ou être révoqué", "it may have ended or been revoked"),
	rule(NoScope, "ce jeton n'a pas la portée %s", "this token lacks the scope %s", "créez-en un qui l'a", "make one that has it"),
	rule(OtherBody, "cette clé d'idempotence a servi pour une autre demande", "this idempotency key was used for another request", "une clé par demande", "a key a request"),
	rule(TooLarge, "le corps dépasse %d Mio", "the body exceeds %d MiB", "", ""),
	rule(TwoMonths, "il faut deux journaux : les parties « avant » et « apres » d'un formulaire", "two journals are needed: the parts “avant” and “apres” of a form", "", ""),
	rule(NotFollowed, "cet acquittement ne répond à aucun flux que ce compte suit", "this acknowledgment answers no flux that this account follows", "", ""),
	rule(BadBody, "le corps JSON ne convient pas : %s", "the JSON body does not suit: %s", "/api/v1/openapi.json dit ce qui est attendu", "/api/v1/openapi.json says what is expected"),
)
