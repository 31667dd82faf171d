package pespj

import (
	"strings"

	"paye/internal/lang"
)

// Suite is what a refusal asks for.
type Suite uint8

const (
	Corriger Suite = iota // a person corrects first, then the piece leaves again
	Renvoyer              // the same piece may leave again as it is
	Demander              // a person finds out whether the accountant has it
	Entete                // the header of the flux is wrong: every piece leaves again under a right one
)

// Cause is a reason of a refusal, for people. What to do is the advice of this
// product [I]; the codes are those of CommunAck.xsd.
type Cause struct {
	Suite   Suite
	Libelle lang.Text
	Aide    lang.Text
}

var causes = map[string]Cause{
	"ERREUR_DOUBLON_PJ": {Demander,
		lang.Text{FR: "Hélios a déjà une pièce de cet IdUnique", EN: "Hélios has a piece of this IdUnique already"},
		lang.Text{FR: "demandez au comptable si c'est le même document : si oui --already-there, sinon --as-new", EN: "ask the accountant whether it is the same document: if so --already-there, else --as-new"}},
	"ERREUR_PJ": {Corriger,
		lang.Text{FR: "la pièce est vide, illisible, ou son nom ou sa référence ne convient pas", EN: "the piece is empty or unreadable, or its name or reference does not suit"},
		lang.Text{FR: "corrigez le document ou son extension (2 à 4 caractères), puis --replace ID=FICHIER", EN: "correct the document or its extension (2 to 4 characters), then --replace ID=FILE"}},
	"ERREUR_PJ_SIGNEE": {Corriger,
		lang.Text{FR: "la signature de la pièce n'est pas acceptée", EN: "the signature of the piece is not accepted"},
		lang.Text{FR: "donnez le document sans cette signature : --replace ID=FICHIER", EN: "give the document without this signature: --replace ID=FILE"}},
	"ERREUR_VERSION_PJ": {Renvoyer,
		lang.Text{FR: "la version du bloc PES_PJ n'est pas acceptée", EN: "the version of block PES_PJ is not accepted"},
		lang.Text{FR: "le renvoi porte la version 1 ; si le refus revient, parlez-en à la plateforme", EN: "the resend bears version 1; if it is refused again, ask the platform"}},
	"ERREUR_ENCODING": {Renvoyer,
		lang.Text{FR: "l'encodage du fichier n'est pas ISO-8859-1", EN: "the encoding of the file is not ISO-8859-1"},
		lang.Text{FR: "le renvoi est écrit en ISO-8859-1 ; vérifiez que rien ne transforme le fichier en route", EN: "the resend is written in ISO-8859-1; see that nothing changes the file on its way"}},
	"ERREUR_TIMEOUT":                         {Renvoyer, lang.Text{FR: "le délai de traitement d'Hélios est dépassé", EN: "the time that Hélios allows is over"}, renvoyerTelQuel},
	"ERREUR_CONNECTION_IMPOSSIBLE_A_LA_BASE": {Renvoyer, lang.Text{FR: "la base d'Hélios ne répondait pas", EN: "the database of Hélios did not answer"}, renvoyerTelQuel},
	"ERREUR_CODIQUE": {Entete, lang.Text{FR: "le codique du poste comptable (IdPost) est inconnu", EN: "the codique of the accountant's office (IdPost) is unknown"},
		lang.Text{FR: "demandez-le au comptable, puis --idpost", EN: "ask the accountant, then --idpost"}},
	"ERREUR_SIRET": {Entete, lang.Text{FR: "le SIRET du budget (IdColl) ne convient pas", EN: "the SIRET of the budget (IdColl) does not suit"},
		lang.Text{FR: "demandez-le au comptable, et refaites les volumes avec --siret", EN: "ask the accountant, and make the volumes again with --siret"}},
	"ERREUR_CODE_COLLECTIVITE_BUDGET": {Entete, lang.Text{FR: "le code de la collectivité ou du budget ne convient pas", EN: "the code of the authority or of the budget does not suit"},
		lang.Text{FR: "demandez-les au comptable : --codbud pour le budget ; pour la collectivité, refaites les volumes avec --codcol", EN: "ask the accountant: --codbud for the budget; for the authority, make the volumes again with --codcol"}},
	"ERREUR_VERSION_PES": {Entete, lang.Text{FR: "la version ou le type du fichier PES ne convient pas", EN: "the version or the type of the PES file does not suit"},
		lang.Text{FR: "essayez l'autre type : --typfic PESALR2", EN: "try the other type: --typfic PESALR2"}},
	"ERREUR_SCHEMA_INCOMPLET": {Corriger, lang.Text{FR: "le fichier n'est pas conforme au schéma", EN: "the file does not conform to the schema"},
		lang.Text{FR: "contrôlez le volume avec « xhl check » et corrigez ce qu'il dit", EN: "check the volume with `xhl check` and correct what it says"}},
	"ERREUR_FLUX_VIDE":    {Corriger, lang.Text{FR: "le flux ne contient rien", EN: "the flux has nothing"}, lang.Text{FR: "refaites les volumes", EN: "make the volumes again"}},
	"ERREUR_CODIFICATION": {Corriger, lang.Text{FR: "un code du fichier est inconnu d'Hélios", EN: "a code of the file is unknown to Hélios"}, demanderComptable},
	"ERREUR_CERTIFICAT":   {Corriger, lang.Text{FR: "un certificat n'est pas accepté", EN: "a certificate is not accepted"}, demanderComptable},
	"ERREUR_AUTRE":        {Corriger, lang.Text{FR: "Hélios ne dit pas la cause par un code", EN: "Hélios gives no code for the cause"}, lireLibelle},
}

var (
	renvoyerTelQuel   = lang.Text{FR: "renvoyez la pièce telle quelle", EN: "send the piece again as it is"}
	demanderComptable = lang.Text{FR: "demandez au comptable ce qui est attendu", EN: "ask the accountant what is expected"}
	lireLibelle       = lang.Text{FR: "lisez le libellé, et demandez au comptable", EN: "read the label, and ask the accountant"}
	signature         = Cause{Corriger, lang.Text{FR: "une signature n'est pas acceptée ; un PES PJ n'en porte pas", EN: "a signature is not accepted; a PES PJ bears none"},
		lang.Text{FR: "envoyez le fichier tel que produit, sans le signer", EN: "send the file as it was made, without signing it"}}
	inconnue = Cause{Corriger, lang.Text{FR: "cause que ce programme ne connaît pas", EN: "cause that this program does not know"}, lireLibelle}
)

// CauseOf explains the code of a refusal; the label decides when it opens with
// 1984, the number of a duplicate.
func CauseOf(numAnoAck, libelle string) Cause {
	e := ErreurAck{NumAnoAck: numAnoAck, Libelle: libelle}
	if len(libelle) >= 4 && allDigits(libelle[:4]) {
		e.Numero = libelle[:4]
	}
	if e.Doublon() {
		return causes["ERREUR_DOUBLON_PJ"]
	}
	if c, known := causes[numAnoAck]; known {
		return c
	}
	if strings.HasPrefix(numAnoAck, "ERREUR_SIGNATURE") || strings.HasPrefix(numAnoAck, "ERREUR_PES_") {
		return signature
	}
	return inconnue
}
