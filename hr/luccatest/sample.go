package luccatest

import (
	"encoding/json"
	"strconv"
	"strings"

	"paye/hr"
)

// Sample is a small tenant of invented people, in the shape of the interface:
// seven agents of a town and one sheet in its CCAS.
func Sample() *Tenant {
	t := &Tenant{
		Units: []Object{{"id": 1, "code": "V", "name": "Ville"}, {"id": 2, "code": "C", "name": "CCAS"}},
		Definitions: []Object{
			{"id": "e_ModePaiement", "name": "Mode de paiement", "formatKey": "select", "extensionUserPropertyListEntries": []any{
				Object{"id": 1, "name": "Chèque"}, Object{"id": 2, "name": "Virement"}, Object{"id": 3, "name": "Espèces"}}},
			{"id": "e_NIR", "name": "Numéro de sécurité sociale", "formatKey": "text"}, {"id": "e_NomDeNaissance", "name": "Nom de naissance", "formatKey": "text"},
			{"id": "e_birthplace", "name": "Lieu", "formatKey": "text"}, {"id": "e_Codepostal", "name": "CP", "formatKey": "text"}, {"id": "e_Ville", "name": "Ville", "formatKey": "text"},
		},
		Fields: []Object{{"name": "id"}, {"name": "firstName"}, {"name": "lastName"}, {"name": "birthDate"}, {"name": "mail"}},
	}
	for i, p := range people {
		t.Users = append(t.Users, p.user(101+i))
	}
	return t
}

// person is what differs from one sheet of the sample to the next.
type person struct {
	title, first, last, birthName, birth, nir, matricule string
	unit                                                 int
}

var people = []person{
	{"Madame", "Éléonore", "LEFÈVRE", "DA SILVA", "1985-06-12", "285067511613189", "003131", 1},
	{"Monsieur", "Jean-Baptiste", "N'GUESSAN", "N'GUESSAN", "1978-11-03", "178119932601238", "003132", 1},
	{"Monsieur", "Ghjuvan", "ESEMPIU", "ESEMPIU", "1990-02-28", "190022A00412354", "003133", 1},
	{"Madame", "Marie", "DUPONT", "MARTIN", "1992-09-09", "2 92 09 75 116 142 74", "003134", 1},
	{"Monsieur", "Paul", "DUPONT", "DUPONT", "1991-01-15", "191017511615334", "003135", 1},
	{"Madame", "Odette", "PETIT", "GRAND", "1970-03-04", "270037511600133", "003136", 1},
	{"Madame", "Éléonore", "LEFÈVRE", "DA SILVA", "1985-06-12", "285067511613189", "CC0042", 2},
}

// user is the sheet of a person, with what all of them share.
func (p person) user(id int) Object {
	n := strconv.Itoa(id)
	value := func(v any) Object { return Object{"value": v} }
	return Object{
		"id": id, "firstName": p.first, "lastName": p.last, "civilTitle": p.title, "birthDate": p.birth + "T00:00:00",
		"mail": "agent" + n + "@ville.example", "personalEmail": "perso" + n + "@example.org", "directLine": "0199005678",
		"professionalMobile": "06 39 98 00 " + n[1:], "personalMobile": "+336399876" + n[1:],
		"nationality": Object{"id": 76, "name": "FR"}, "address": "13, rue Martin Bernard", "employeeNumber": p.matricule,
		"legalEntityID": p.unit, "legalEntity": Object{"id": p.unit, "name": "U" + strconv.Itoa(p.unit)},
		"dtContractStart": "2021-03-01T00:00:00", "dtContractEnd": nil,
		"extendedData": Object{
			"e_NomDeNaissance": value(p.birthName), "e_birthplace": value("PARIS 13E"), "e_PaysDeNaissance": value("FR"), "e_NIR": value(p.nir),
			"e_ComplementAdresse": value(""), "e_Codepostal": value("75013"), "e_Ville": value("PARIS"), "e_CodePays": value("FR"),
			"e_Etudiant": value(false), "e_BOETH": value(false), "e_DebutBOETH": value(nil), "e_EnfantsACharge": value(0), "e_EnfantsHandicapes": value(0),
			"e_ModePaiement": value(2), "e_RIB": value(Object{"e_IBAN": value("FR7630006000011234567890189"), "e_BIC": value("AGRIFRPPXXX")}),
		},
	}
}

// Mapping is the mapping.yaml of the sample and of the reference data; more is
// added at its end.
func (t *Tenant) Mapping(authority, more string) string {
	return strings.NewReplacer("URL", t.URL(), "PEM", authority).Replace(mapping) + more
}

const mapping = `version: 1
employeur: "21310555400017"
source: {type: lucca, url: "URL", authority: "PEM", hosts: [localhost], private: true}
etablissements: {"1": "21310555400017", "2": "26310555300006"}
champs:
  titre: {path: civilTitle}
  prenom: {path: firstName}
  nom: {path: lastName}
  nom_naissance: {path: extendedData.e_NomDeNaissance}
  date_naissance: {path: birthDate}
  ville_naissance: {path: extendedData.e_birthplace}
  nationalite: {path: nationality.name, values: {Française: FR, Ivoirienne: CI}}
  matricule: {path: employeeNumber}
  nir: {path: extendedData.e_NIR}
  adresse: {path: [extendedData.e_Numerodevoie, extendedData.e_Nom-de-la-voie], else: address}
  complement: {path: extendedData.e_ComplementAdresse}
  code_postal: {path: extendedData.e_Codepostal}
  ville: {path: extendedData.e_Ville}
  pays: {path: extendedData.e_CodePays}
  pays_naissance: {path: extendedData.e_PaysDeNaissance}
  telephone_pro: {path: professionalMobile, else: directLine}
  telephone_perso: {path: personalMobile}
  email_perso: {path: personalEmail}
  email_pro: {path: mail}
  etudiant: {path: extendedData.e_Etudiant}
  handicap: {path: extendedData.e_BOETH}
  debut_boeth: {path: extendedData.e_DebutBOETH}
  enfants: {path: extendedData.e_EnfantsACharge}
  enfants_handicapes: {path: extendedData.e_EnfantsHandicapes}
  mode_paiement: {path: extendedData.e_ModePaiement}
  iban: {path: extendedData.e_RIB.e_IBAN}
  bic: {path: extendedData.e_RIB.e_BIC}
  debut_contrat: {path: dtContractStart}
  fin_contrat: {path: dtContractEnd}
absences:
  accounts:
    "1": {name: Congés payés, type: conges_payes}
    "4": {name: RTT, type: rtt}
    "8": {name: Télétravail, type: teletravail}
    "12": {name: Arrêt maladie, type: exclude}
`

// Leave is a half-day of absence that stands.
func Leave(owner, day string, morning bool, account, name string) Object {
	half := map[bool]string{true: "AM", false: "PM"}[morning]
	id, err := strconv.Atoi(owner)
	if err != nil {
		panic(err)
	}
	number, _ := strconv.Atoi(account) // a test may have no number there
	return Object{
		"id": owner + "-" + strings.ReplaceAll(day, "-", "") + "-" + half, "date": day + "T00:00:00", "isAM": morning, "leaveAccountId": number,
		"leaveAccount": Object{"id": number, "name": name}, "leavePeriodId": 9000, "isActive": true, "value": nil, "cancellationDate": nil,
		"leavePeriod": Object{"id": 9000, "ownerId": id, "isConfirmed": true},
	}
}

// Person is the sheet of the n-th of many people, who differ in every key.
func Person(n int) Object {
	p := people[0]
	p.last, p.birthName, p.matricule = "AGENT "+strconv.Itoa(n), "AGENT "+strconv.Itoa(n), strconv.Itoa(100_000+n)
	number := 1_80_01_75_116_000 + n%1000
	number += n / 1000 % 12 * 100_000_000 // the month
	number += n / 12_000 * 10_000_000_000 // the year
	p.title, p.birth = "Monsieur", "19"+strconv.Itoa(80+n/12_000)+"-"+two(1+n/1000%12)+"-15"
	p.nir = strconv.Itoa(number) + two(97-number%97)
	u := p.user(1000 + n)
	u["mail"], u["personalEmail"] = "a"+strconv.Itoa(n)+"@ville.example", "p"+strconv.Itoa(n)+"@example.org"
	u["professionalMobile"], u["personalMobile"] = nil, "+3360"+strconv.Itoa(1_000_000+n)
	return u
}

func two(n int) string { return strconv.Itoa(n/10) + strconv.Itoa(n%10) }

// Record is the sheet of the n-th of many people as a source gives it.
func Record(n int, paths []string) hr.Record {
	text, err := json.Marshal(Person(n))
	if err != nil {
		panic(err)
	}
	user, err := hr.ParseTree(text)
	if err != nil {
		panic(err)
	}
	r := hr.Record{ID: user.Text("id"), Etab: "1", Values: make(map[string]json.RawMessage, len(paths))}
	for _, path := range paths {
		if value, found := user.Resolve(path); found {
			if r.Values[path], err = json.Marshal(value); err != nil {
				panic(err)
			}
		}
	}
	return r
}
