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

// Kind is how the value of a field is written and judged.
type Kind uint8

const (
	Text Kind = iota + 1
	Title
	Day
	Country
	Phone
	Mail
	YesNo
	Count
	Payment
	Number // an identifier whose zeros count: matricule
	SocialNumber
	Account
	Bank
	Reference // the identifier of the source: never compared
)

// Field is a row of the table of fields.
type Field struct {
	Champ  Champ
	Kind   Kind
	Label  lang.Text
	XHL    string // element of Agent that it feeds; empty when the journal has no place for it
	Max    int    // characters of that element; 0 without limit
	Needed bool   // a profile without it is incomplet
	Secret bool   // shown by its last four characters only
}

// Fields is every field that travels, in the order of the recap: the thirty of
// the integration guide and no other. Working time and pay have no row.
var Fields = [nbChamps]Field{
	{Champ: ChampSourceID, Kind: Reference, Label: lang.Text{FR: "identifiant dans la source", EN: "identifier in the source"}},
	{Champ: ChampTitre, Kind: Title, Label: lang.Text{FR: "titre civil", EN: "title"}, XHL: "Civilite", Max: 10, Needed: true},
	{Champ: ChampPrenom, Kind: Text, Label: lang.Text{FR: "prénom", EN: "first name"}, XHL: "Prenom", Max: 50, Needed: true},
	{Champ: ChampNom, Kind: Text, Label: lang.Text{FR: "nom", EN: "last name"}, XHL: "Nom", Max: 50, Needed: true},
	{Champ: ChampNomNaissance, Kind: Text, Label: lang.Text{FR: "nom de naissance", EN: "birth name"}, Needed: true},
	{Champ: ChampDateNaissance, Kind: Day, Label: lang.Text{FR: "date de naissance", EN: "date of birth"}, Needed: true},
	{Champ: ChampVilleNaissance, Kind: Text, Label: lang.Text{FR: "ville de naissance", EN: "town of birth"}, Needed: true},
	{Champ: ChampNationalite, Kind: Country, Label: lang.Text{FR: "nationalité", EN: "nationality"}, Needed: true},
	{Champ: ChampMatricule, Kind: Number, Label: lang.Text{FR: "matricule", EN: "matricule"}, XHL: "Matricule", Max: 24, Needed: true},
	{Champ: ChampNIR, Kind: SocialNumber, Label: lang.Text{FR: "numéro de sécurité sociale", EN: "social security number"}, XHL: "NIR", Max: 15, Needed: true, Secret: true},
	{Champ: ChampAdresse, Kind: Text, Label: lang.Text{FR: "adresse", EN: "address"}, XHL: "Adresse/Adr2", Max: 38, Needed: true},
	{Champ: ChampComplement, Kind: Text, Label: lang.Text{FR: "complément d'adresse", EN: "second address line"}, XHL: "Adresse/Adr1", Max: 76},
	{Champ: ChampCodePostal, Kind: Text, Label: lang.Text{FR: "code postal", EN: "postcode"}, XHL: "Adresse/CP", Max: 5, Needed: true},
	{Champ: ChampVille, Kind: Text, Label: lang.Text{FR: "ville", EN: "town"}, XHL: "Adresse/Ville", Max: 38, Needed: true},
	{Champ: ChampPays, Kind: Country, Label: lang.Text{FR: "pays", EN: "country"}, Needed: true},
	{Champ: ChampPaysNaissance, Kind: Country, Label: lang.Text{FR: "pays de naissance", EN: "country of birth"}, Needed: true},
	{Champ: ChampTelPro, Kind: Phone, Label: lang.Text{FR: "téléphone professionnel", EN: "work telephone"}},
	{Champ: ChampTelPerso, Kind: Phone, Label: lang.Text{FR: "téléphone personnel", EN: "personal telephone"}},
	{Champ: ChampMailPerso, Kind: Mail, Label: lang.Text{FR: "adresse électronique personnelle", EN: "personal mail"}},
	{Champ: ChampMailPro, Kind: Mail, Label: lang.Text{FR: "adresse électronique professionnelle", EN: "work mail"}},
	{Champ: ChampEtudiant, Kind: YesNo, Label: lang.Text{FR: "étudiant", EN: "student"}},
	{Champ: ChampHandicap, Kind: YesNo, Label: lang.Text{FR: "personne handicapée", EN: "disabled person"}},
	{Champ: ChampDebutBOETH, Kind: Day, Label: lang.Text{FR: "début de reconnaissance BOETH", EN: "start of the BOETH status"}},
	{Champ: ChampEnfants, Kind: Count, Label: lang.Text{FR: "enfants à charge", EN: "dependent children"}, XHL: "NbEnfants", Max: 2},
	{Champ: ChampEnfantsHandicapes, Kind: Count, Label: lang.Text{FR: "enfants handicapés", EN: "disabled children"}},
	{Champ: ChampModePaiement, Kind: Payment, Label: lang.Text{FR: "mode de paiement", EN: "payment mode"}},
	{Champ: ChampIBAN, Kind: Account, Label: lang.Text{FR: "IBAN", EN: "IBAN"}, XHL: "CptBancaire/IBAN", Max: 34, Secret: true},
	{Champ: ChampBIC, Kind: Bank, Label: lang.Text{FR: "BIC", EN: "BIC"}, XHL: "CptBancaire/BIC", Max: 11},
	{Champ: ChampDebutContrat, Kind: Day, Label: lang.Text{FR: "début du contrat", EN: "start of the contract"}, Needed: true},
	{Champ: ChampFinContrat, Kind: Day, Label: lang.Text{FR: "fin du contrat", EN: "end of the contract"}},
}

// position is the row of each field.
var position = func() map[Champ]int {
	m := make(map[Champ]int, nbChamps)
	for i := range Fields {
		m[Fields[i].Champ] = i
	}
	return m
}()

// Label is the name of the field for people.
func (c Champ) Label(l lang.Language) string {
	if i, known := position[c]; known {
		return Fields[i].Label.In(l)
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
