package hr

import "paye/internal/lang"

// Champ is one of the fields that travel from the source to payroll. Its name
// is the key of the mapping file and of the columns of the recap.
type Champ string

const (
	ChampSourceID          Champ = "identifiant_source"
	ChampTitre             Champ = "titre"
	ChampPrenom            Champ = "prenom"
	ChampNom               Champ = "nom"
	ChampNomNaissance      Champ = "nom_naissance"
	ChampDateNaissance     Champ = "date_naissance"
	ChampVilleNaissance    Champ = "ville_naissance"
	ChampNationalite       Champ = "nationalite"
	ChampMatricule         Champ = "matricule"
	ChampNIR               Champ = "nir"
	ChampAdresse           Champ = "adresse"
	ChampComplement        Champ = "complement"
	ChampCodePostal        Champ = "code_postal"
	ChampVille             Champ = "ville"
	ChampPays              Champ = "pays"
	ChampPaysNaissance     Champ = "pays_naissance"
	ChampTelPro            Champ = "telephone_pro"
	ChampTelPerso          Champ = "telephone_perso"
	ChampMailPerso         Champ = "email_perso"
	ChampMailPro           Champ = "email_pro"
	ChampEtudiant          Champ = "etudiant"
	ChampHandicap          Champ = "handicap"
	ChampDebutBOETH        Champ = "debut_boeth"
	ChampEnfants           Champ = "enfants"
	ChampEnfantsHandicapes Champ = "enfants_handicapes"
	ChampModePaiement      Champ = "mode_paiement"
	ChampIBAN              Champ = "iban"
	ChampBIC               Champ = "bic"
	ChampDebutContrat      Champ = "debut_contrat"
	ChampFinContrat        Champ = "fin_contrat"
	nbChamps                     = 30
)

// kind is how the value of a field is written and judged.
type kind uint8

const (
	kindText kind = iota + 1
	kindTitle
	kindDay
	kindCountry
	kindPhone
	kindMail
	kindYesNo
	kindCount
	kindPayment
	kindNumber // an identifier whose zeros count: matricule
	kindNIR
	kindAccount
	kindBank
	kindReference // the identifier of the source: never compared
)

// field is a row of the table of fields.
type field struct {
	Champ  Champ
	Kind   kind
	Label  lang.Text
	XHL    string // element of Agent that it feeds; empty when the journal has no place for it
	Max    int    // characters of that element; 0 without limit
	Needed bool   // a profile without it is incomplet
	Secret bool   // shown by its last four characters only
}

// fields is every field that travels, in the order of the recap: the thirty of
// the integration guide and no other. Working time and pay have no row.
var fields = [nbChamps]field{
	{Champ: ChampSourceID, Kind: kindReference, Label: lang.Text{FR: "identifiant dans la source", EN: "identifier in the source"}},
	{Champ: ChampTitre, Kind: kindTitle, Label: lang.Text{FR: "titre civil", EN: "title"}, XHL: "Civilite", Max: 10, Needed: true},
	{Champ: ChampPrenom, Kind: kindText, Label: lang.Text{FR: "prénom", EN: "first name"}, XHL: "Prenom", Max: 50, Needed: true},
	{Champ: ChampNom, Kind: kindText, Label: lang.Text{FR: "nom", EN: "last name"}, XHL: "Nom", Max: 50, Needed: true},
	{Champ: ChampNomNaissance, Kind: kindText, Label: lang.Text{FR: "nom de naissance", EN: "birth name"}, Needed: true},
	{Champ: ChampDateNaissance, Kind: kindDay, Label: lang.Text{FR: "date de naissance", EN: "date of birth"}, Needed: true},
	{Champ: ChampVilleNaissance, Kind: kindText, Label: lang.Text{FR: "ville de naissance", EN: "town of birth"}, Needed: true},
	{Champ: ChampNationalite, Kind: kindCountry, Label: lang.Text{FR: "nationalité", EN: "nationality"}, Needed: true},
	{Champ: ChampMatricule, Kind: kindNumber, Label: lang.Text{FR: "matricule", EN: "matricule"}, XHL: "Matricule", Max: 24, Needed: true},
	{Champ: ChampNIR, Kind: kindNIR, Label: lang.Text{FR: "numéro de sécurité sociale", EN: "social security number"}, XHL: "NIR", Max: 15, Needed: true, Secret: true},
	{Champ: ChampAdresse, Kind: kindText, Label: lang.Text{FR: "adresse", EN: "address"}, XHL: "Adresse/Adr2", Max: 38, Needed: true},
	{Champ: ChampComplement, Kind: kindText, Label: lang.Text{FR: "complément d'adresse", EN: "second address line"}, XHL: "Adresse/Adr1", Max: 76},
	{Champ: ChampCodePostal, Kind: kindText, Label: lang.Text{FR: "code postal", EN: "postcode"}, XHL: "Adresse/CP", Max: 5, Needed: true},
	{Champ: ChampVille, Kind: kindText, Label: lang.Text{FR: "ville", EN: "town"}, XHL: "Adresse/Ville", Max: 38, Needed: true},
	{Champ: ChampPays, Kind: kindCountry, Label: lang.Text{FR: "pays", EN: "country"}, Needed: true},
	{Champ: ChampPaysNaissance, Kind: kindCountry, Label: lang.Text{FR: "pays de naissance", EN: "country of birth"}, Needed: true},
	{Champ: ChampTelPro, Kind: kindPhone, Label: lang.Text{FR: "téléphone professionnel", EN: "work telephone"}},
	{Champ: ChampTelPerso, Kind: kindPhone, Label: lang.Text{FR: "téléphone personnel", EN: "personal telephone"}},
	{Champ: ChampMailPerso, Kind: kindMail, Label: lang.Text{FR: "adresse électronique personnelle", EN: "personal mail"}},
	{Champ: ChampMailPro, Kind: kindMail, Label: lang.Text{FR: "adresse électronique professionnelle", EN: "work mail"}},
	{Champ: ChampEtudiant, Kind: kindYesNo, Label: lang.Text{FR: "étudiant", EN: "student"}},
	{Champ: ChampHandicap, Kind: kindYesNo, Label: lang.Text{FR: "personne handicapée", EN: "disabled person"}},
	{Champ: ChampDebutBOETH, Kind: kindDay, Label: lang.Text{FR: "début de reconnaissance BOETH", EN: "start of the BOETH status"}},
	{Champ: ChampEnfants, Kind: kindCount, Label: lang.Text{FR: "enfants à charge", EN: "dependent children"}, XHL: "NbEnfants", Max: 2},
	{Champ: ChampEnfantsHandicapes, Kind: kindCount, Label: lang.Text{FR: "enfants handicapés", EN: "disabled children"}},
	{Champ: ChampModePaiement, Kind: kindPayment, Label: lang.Text{FR: "mode de paiement", EN: "payment mode"}},
	{Champ: ChampIBAN, Kind: kindAccount, Label: lang.Text{FR: "IBAN", EN: "IBAN"}, XHL: "CptBancaire/IBAN", Max: 34, Secret: true},
	{Champ: ChampBIC, Kind: kindBank, Label: lang.Text{FR: "BIC", EN: "BIC"}, XHL: "CptBancaire/BIC", Max: 11},
	{Champ: ChampDebutContrat, Kind: kindDay, Label: lang.Text{FR: "début du contrat", EN: "start of the contract"}, Needed: true},
	{Champ: ChampFinContrat, Kind: kindDay, Label: lang.Text{FR: "fin du contrat", EN: "end of the contract"}},
}

// position is the row of each field.
var position = func() map[Champ]int {
	m := make(map[Champ]int, nbChamps)
	for i := range fields {
		m[fields[i].Champ] = i
	}
	return m
}()

// Label is the name of the field for people.
func (c Champ) Label(l lang.Language) string {
	if i, known := position[c]; known {
		return fields[i].Label.In(l)
	}
	return string(c)
}

// Policy says what becomes of a value of payroll.
type Policy struct {
	Empty    Empty    `yaml:"empty,omitempty"`
	Conflict Conflict `yaml:"conflict,omitempty"`
}

// Empty says what an empty value of the source does to ours.
type Empty string

// Conflict says who wins when payroll changed a value that the source did not.
type Conflict string

const (
	Clear Empty = "clear"
	Keep  Empty = "keep"

	SourceWins  Conflict = "source"
	PayrollWins Conflict = "keep-payroll"
)
