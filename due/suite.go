package due

import "paye/internal/lang"

// Prochaine says what the set-up wants next, and by which command.
func (p *Progression) Prochaine() lang.Text {
	waits := func(e EtatEtape) bool { return e.Awaits != "" && e.Preuve == "" }
	receive := lang.Text{FR: "mettre la réponse dans le dossier AR du dossier de travail, puis « xhl due receive »", EN: "put the answer into the folder AR of the working folder, then “xhl due receive”"}
	switch {
	case !p.Contact:
		return lang.Text{FR: "prévenir le centre du début des essais, puis « xhl due setup contact --who NOM »", EN: "tell the centre that the trials begin, then “xhl due setup contact --who NAME”"}
	case p.Chemins == "":
		return lang.Text{FR: "confirmer les trois chemins : « xhl due setup chemins »", EN: "confirm the three paths: “xhl due setup chemins”"}
	case p.CleTest == "":
		return lang.Text{FR: "confirmer la clé de test du destinataire : « xhl due setup cle-test --fingerprint E »", EN: "confirm the recipient's test key: “xhl due setup cle-test --fingerprint F”"}
	case waits(p.Chiffrement) || waits(p.Serveur) || waits(p.CleFinale):
		return receive
	case p.Chiffrement.Preuve == "":
		return lang.Text{FR: "prouver le chiffrement : « xhl due send --mode reel --etape 4 »", EN: "prove the encryption: “xhl due send --mode reel --etape 4”"}
	case p.Serveur.Preuve == "":
		return lang.Text{FR: "prouver le serveur : « xhl due send --mode reel --etape 5 »", EN: "prove the server: “xhl due send --mode reel --etape 5”"}
	case !p.Conventions:
		return lang.Text{FR: "faire signer les conventions d'adhésion, puis « xhl due setup conventions --date JOUR --document FICHIER »", EN: "have the agreements signed, then “xhl due setup conventions --date DAY --document FILE”"}
	case p.CleDefinitive == "":
		return lang.Text{FR: "importer la clé définitive du destinataire : « xhl due setup cle-definitive --fingerprint E »", EN: "import the recipient's final key: “xhl due setup cle-definitive --fingerprint F”"}
	case p.ConfirmeePar == "":
		return lang.Text{FR: "faire confirmer la clé définitive par une autre personne : « xhl due setup confirmer --fingerprint E »", EN: "have another person confirm the final key: “xhl due setup confirmer --fingerprint F”"}
	case p.CleFinale.Preuve == "":
		return lang.Text{FR: "prouver la clé définitive : « xhl due send --mode reel --etape 6 »", EN: "prove the final key: “xhl due send --mode reel --etape 6”"}
	}
	return lang.Text{FR: "rien : « xhl due send --mode reel --indicateur reel --confirm SIRET » déclare", EN: "nothing: “xhl due send --mode reel --indicateur reel --confirm SIRET” declares"}
}
