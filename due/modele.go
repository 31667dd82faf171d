package due

import (
	"strings"

	"paye/internal/lang"
)

// cleModele is a key of the settings as the model shows it.
type cleModele struct {
	cle   string
	quoi  lang.Text
	exige bool // a declaration cannot be made without it
}

// modele is every key of the settings, in the order in which one fills them in;
// a test holds it against what ReadDossier reads.
var modele = []struct {
	titre lang.Text
	cles  []cleModele
}{
	{lang.Text{FR: "L'employeur, tel qu'il est connu de l'URSSAF", EN: "The employer, as the URSSAF knows him"}, []cleModele{
		{"raison_sociale", lang.Text{FR: "nom de l'employeur", EN: "name of the employer"}, true},
		{"siret", lang.Text{FR: "14 chiffres", EN: "14 digits"}, true},
		{"ape", lang.Text{FR: "code APE, par exemple 8411Z", EN: "APE code, for instance 8411Z"}, true},
		{"code_urssaf", lang.Text{FR: "code de l'URSSAF dont il dépend", EN: "code of his URSSAF"}, true},
		{"adresse1", lang.Text{FR: "adresse, première ligne", EN: "address, first line"}, true},
		{"adresse2", lang.Text{FR: "adresse, seconde ligne, si elle existe", EN: "address, second line, if there is one"}, false},
		{"code_postal", lang.Text{FR: "5 chiffres", EN: "5 digits"}, true},
		{"ville", lang.Text{FR: "ville", EN: "town"}, true},
		{"telephone", lang.Text{FR: "10 chiffres", EN: "10 digits"}, true},
		{"service_sante", lang.Text{FR: "service de santé au travail de ses embauches", EN: "occupational health service of his hires"}, true},
		{"regime", lang.Text{FR: "general ; un employeur agricole déclare à la MSA", EN: "general; a farming employer declares to the MSA"}, false},
		{"categories_exclues", lang.Text{FR: "catégories de contrats qui ne se déclarent pas d'ici, séparées par des virgules", EN: "categories of contracts that are not declared from here, separated by commas"}, false},
	}},
	{lang.Text{FR: "Le courrier : à qui, de qui", EN: "The mail: to whom, from whom"}, []cleModele{
		{"mapibox", lang.Text{FR: "chemin d'un mapibox.cfg, à la place des quatre clés qui suivent", EN: "path of a mapibox.cfg, in place of the four keys that follow"}, false},
		{"profil", lang.Text{FR: "nom du profil de transport", EN: "name of the transport profile"}, false},
		{"a", lang.Text{FR: "adresse du destinataire", EN: "address of the recipient"}, false},
		{"sujet", lang.Text{FR: "sujet des messages ; rien de personnel", EN: "subject of the messages; nothing personal"}, false},
		{"note", lang.Text{FR: "texte des messages ; rien de personnel", EN: "text of the messages; nothing personal"}, false},
		{"identite", lang.Text{FR: "adresse principale du profil", EN: "main address of the profile"}, false},
		{"expediteur", lang.Text{FR: "la même adresse", EN: "the same address"}, false},
	}},
	{lang.Text{FR: "Les trois chemins, et les clés", EN: "The three paths, and the keys"}, []cleModele{
		{"cles", lang.Text{FR: "dossier des clés, lisible par vous seul (0700)", EN: "folder of the keys, readable by you alone (0700)"}, false},
		{"travail", lang.Text{FR: "dossier de travail (0700) : outbox et AR y sont", EN: "working folder (0700): outbox and AR are in it"}, false},
		{"programme", lang.Text{FR: "programme de chiffrement, si ce n'est pas celui-ci qui chiffre", EN: "encryption program, if it is not this one that encrypts"}, false},
		{"chiffrement", lang.Text{FR: "openpgp ou smime", EN: "openpgp or smime"}, false},
		{"cle_destinataire", lang.Text{FR: "fichier du dossier des clés : la clé publique, ou le certificat, du destinataire", EN: "file of the key folder: the recipient's public key, or certificate"}, false},
		{"cle_propre", lang.Text{FR: "fichier du dossier des clés : notre clé secrète (« xhl due setup cle » en fait une)", EN: "file of the key folder: our secret key (“xhl due setup cle” makes one)"}, false},
		{"certificat_propre", lang.Text{FR: "S/MIME : notre certificat", EN: "S/MIME: our certificate"}, false},
		{"cle_privee_propre", lang.Text{FR: "S/MIME : la clé privée de notre certificat", EN: "S/MIME: the private key of our certificate"}, false},
	}},
	{lang.Text{FR: "Le serveur de courrier ; sans lui le message attend dans outbox", EN: "The mail server; without it the message waits in outbox"}, []cleModele{
		{"smtp", lang.Text{FR: "hôte:port", EN: "host:port"}, false},
		{"smtp_utilisateur", lang.Text{FR: "utilisateur ; le mot de passe se donne par XHL_SMTP_PASSWORD", EN: "user; the password is given by XHL_SMTP_PASSWORD"}, false},
		{"smtp_autorite", lang.Text{FR: "certificat (PEM) de l'autorité du serveur, si la machine ne la connaît pas", EN: "certificate (PEM) of the authority of the server, if the machine does not know it"}, false},
	}},
}

// Modele is a settings file to fill in: each key with what it is for. Keys that
// a declaration cannot do without stand open, the others behind a #.
func Modele(l lang.Language) string {
	var b strings.Builder
	b.WriteString(lang.Text{
		FR: "# Réglages des déclarations préalables à l'embauche. Une ligne « clé=valeur » par réglage ;\n# ce qui suit un # n'est pas lu. Aucun mot de passe ne va ici.\n",
		EN: "# Settings of the hiring declarations. One line “key=value” a setting; what follows a #\n# is not read. No password goes here.\n"}.In(l))
	for _, part := range modele {
		b.WriteString("\n# -- " + part.titre.In(l) + "\n")
		for _, k := range part.cles {
			b.WriteString("\n# " + k.quoi.In(l) + "\n")
			if !k.exige {
				b.WriteString("#")
			}
			b.WriteString(k.cle + "=\n")
		}
	}
	return b.String()
}
