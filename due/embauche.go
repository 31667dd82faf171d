package due

import (
	"fmt"
	"log/slog"

	"paye/internal/lang"
)

// Employeur is the employer as the settings give it: texts, not yet checked.
type Employeur struct {
	RaisonSociale string
	SIRET         string
	APE           string
	CodeURSSAF    string
	Adresse1      string
	Adresse2      string
	CodePostal    string
	Ville         string
	Telephone     string
	ServiceSante  string // of its hires, unless a contract has its own
	Regime        string // "general" or "agricole"; empty is general
}

// Salarie is the sheet of an employee as its source gives it: texts, not yet
// checked. It prints as its matricule.
type Salarie struct {
	Matricule            string
	NomNaissance         string
	NomUsage             string
	Prenom               string
	Sexe                 string // M, F, 1, 2, H
	NIR                  string // 13 characters, or 15 with the key
	CleNIR               string
	NIRAbsent            string // "oui": the absence of a NIR is declared
	DateNaissance        string
	VilleNaissance       string
	PaysNaissance        string
	DepartementNaissance string
}

// Contrat is a contract as its source gives it: texts, not yet checked.
type Contrat struct {
	Numero       string
	Section      string // organisational unit
	DateDebut    string
	HeureDebut   string
	Nature       string // CDI, CDD, CTT
	DateFin      string
	EssaiJours   string
	ServiceSante string // overrides that of the employer
	Categorie    string // contractuel, droit_prive, titulaire; empty when the source does not say
}

// Embauche is one hire: a sheet, a contract, and where they were read. It
// prints as its matricule, its contract and its place.
type Embauche struct {
	Salarie
	Contrat
	Fichier string // as the caller named it
	Ligne   int64  // from 1; 0 when the source has no lines
}

func (s Salarie) String() string             { return "matricule " + s.Matricule }
func (s Salarie) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }
func (s Salarie) LogValue() slog.Value       { return slog.StringValue(s.String()) }

func (e Embauche) String() string             { return e.Salarie.String() + ", contrat " + e.Numero }
func (e Embauche) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.String()) }
func (e Embauche) LogValue() slog.Value       { return slog.StringValue(e.String()) }

// Champ names one value of an employer, a sheet or a contract: the key of the
// settings file, the column of the CSV, the field of a report.
type Champ string

const (
	ChampRaisonSociale Champ = "raison_sociale"
	ChampSIRET         Champ = "siret"
	ChampAPE           Champ = "ape"
	ChampURSSAF        Champ = "code_urssaf"
	ChampAdresse1      Champ = "adresse1"
	ChampAdresse2      Champ = "adresse2"
	ChampCodePostal    Champ = "code_postal"
	ChampVille         Champ = "ville"
	ChampTelephone     Champ = "telephone"
	ChampRegime        Champ = "regime"

	ChampMatricule            Champ = "matricule"
	ChampNomNaissance         Champ = "nom_naissance"
	ChampNomUsage             Champ = "nom_usage"
	ChampPrenom               Champ = "prenom"
	ChampSexe                 Champ = "sexe"
	ChampNIR                  Champ = "nir"
	ChampCleNIR               Champ = "cle_nir"
	ChampNIRAbsent            Champ = "nir_absent"
	ChampDateNaissance        Champ = "date_naissance"
	ChampVilleNaissance       Champ = "ville_naissance"
	ChampPaysNaissance        Champ = "pays_naissance"
	ChampDepartementNaissance Champ = "departement_naissance"

	ChampContrat      Champ = "contrat"
	ChampSection      Champ = "section"
	ChampDateDebut    Champ = "date_debut"
	ChampHeureDebut   Champ = "heure_debut"
	ChampNature       Champ = "nature"
	ChampDateFin      Champ = "date_fin"
	ChampEssai        Champ = "essai_jours"
	ChampServiceSante Champ = "service_sante"
	ChampCategorie    Champ = "categorie"
)

// Libelle is the name of the field for people.
func (c Champ) Libelle(l lang.Language) string {
	if t, ok := libelles[c]; ok {
		return t.In(l)
	}
	return string(c)
}

var libelles = map[Champ]lang.Text{
	ChampRaisonSociale:        {FR: "raison sociale", EN: "employer name"},
	ChampSIRET:                {FR: "SIRET", EN: "SIRET"},
	ChampAPE:                  {FR: "code APE", EN: "APE code"},
	ChampURSSAF:               {FR: "code URSSAF", EN: "URSSAF code"},
	ChampAdresse1:             {FR: "adresse", EN: "address"},
	ChampAdresse2:             {FR: "complément d'adresse", EN: "second address line"},
	ChampCodePostal:           {FR: "code postal", EN: "postcode"},
	ChampVille:                {FR: "ville", EN: "town"},
	ChampTelephone:            {FR: "téléphone", EN: "telephone"},
	ChampRegime:               {FR: "régime", EN: "scheme"},
	ChampMatricule:            {FR: "matricule", EN: "matricule"},
	ChampNomNaissance:         {FR: "nom de naissance", EN: "birth name"},
	ChampNomUsage:             {FR: "nom d'usage", EN: "used name"},
	ChampPrenom:               {FR: "prénom", EN: "first name"},
	ChampSexe:                 {FR: "sexe", EN: "sex"},
	ChampNIR:                  {FR: "NIR", EN: "NIR"},
	ChampCleNIR:               {FR: "clé du NIR", EN: "NIR key"},
	ChampNIRAbsent:            {FR: "NIR déclaré absent", EN: "NIR declared absent"},
	ChampDateNaissance:        {FR: "date de naissance", EN: "date of birth"},
	ChampVilleNaissance:       {FR: "ville de naissance", EN: "town of birth"},
	ChampPaysNaissance:        {FR: "pays de naissance", EN: "country of birth"},
	ChampDepartementNaissance: {FR: "département de naissance", EN: "department of birth"},
	ChampContrat:              {FR: "contrat", EN: "contract"},
	ChampSection:              {FR: "section", EN: "section"},
	ChampDateDebut:            {FR: "date d'embauche", EN: "hire date"},
	ChampHeureDebut:           {FR: "heure d'embauche", EN: "hire time"},
	ChampNature:               {FR: "nature du contrat", EN: "nature of the contract"},
	ChampDateFin:              {FR: "fin de contrat", EN: "end of the contract"},
	ChampEssai:                {FR: "période d'essai (jours)", EN: "trial period (days)"},
	ChampServiceSante:         {FR: "service de santé au travail", EN: "occupational health service"},
	ChampCategorie:            {FR: "catégorie", EN: "category"},
}

// colonne ties a field to its place in an Embauche.
type colonne struct {
	champ Champ
	de    func(*Embauche) *string
}

// colonnes is every field of a hire, in the order of the CSV.
var colonnes = []colonne{
	{ChampMatricule, func(e *Embauche) *string { return &e.Matricule }},
	{ChampNomNaissance, func(e *Embauche) *string { return &e.NomNaissance }},
	{ChampNomUsage, func(e *Embauche) *string { return &e.NomUsage }},
	{ChampPrenom, func(e *Embauche) *string { return &e.Prenom }},
	{ChampSexe, func(e *Embauche) *string { return &e.Sexe }},
	{ChampNIR, func(e *Embauche) *string { return &e.NIR }},
	{ChampCleNIR, func(e *Embauche) *string { return &e.CleNIR }},
	{ChampNIRAbsent, func(e *Embauche) *string { return &e.NIRAbsent }},
	{ChampDateNaissance, func(e *Embauche) *string { return &e.DateNaissance }},
	{ChampVilleNaissance, func(e *Embauche) *string { return &e.VilleNaissance }},
	{ChampPaysNaissance, func(e *Embauche) *string { return &e.PaysNaissance }},
	{ChampDepartementNaissance, func(e *Embauche) *string { return &e.DepartementNaissance }},
	{ChampContrat, func(e *Embauche) *string { return &e.Numero }},
	{ChampSection, func(e *Embauche) *string { return &e.Section }},
	{ChampDateDebut, func(e *Embauche) *string { return &e.DateDebut }},
	{ChampHeureDebut, func(e *Embauche) *string { return &e.HeureDebut }},
	{ChampNature, func(e *Embauche) *string { return &e.Nature }},
	{ChampDateFin, func(e *Embauche) *string { return &e.DateFin }},
	{ChampEssai, func(e *Embauche) *string { return &e.EssaiJours }},
	{ChampServiceSante, func(e *Embauche) *string { return &e.Contrat.ServiceSante }},
	{ChampCategorie, func(e *Embauche) *string { return &e.Categorie }},
}
