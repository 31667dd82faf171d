package synth

import "paye/xhl"

// rubrique is a pay item. One that agents of both kinds have has two codes,
// since titulaires and non titulaires are charged to different accounts: its
// code for a non titulaire begins with 2 instead of 1.
type rubrique struct {
	code    string
	libelle string
	nature  xhl.Nature
	caisse  string
	emp     string // account of the employer's part
	sal     string // account of the agent's part
	salNT   string // the same for a non titulaire; "" when there is no second code
}

// The accounts are those of the nomenclature M57.
const (
	salTitulaire     = "64111"
	salPrimes        = "64118"
	salSFT           = "64112"
	salNBI           = "64113"
	salNonTitulaire  = "64131"
	salPrimesNT      = "64138"
	salInsertion     = "64168"
	indemnitesElus   = "65311"
	retraiteElus     = "65313"
	tiersURSSAF      = "431"
	tiersSociaux     = "437"
	tiersImpot       = "4421"
	tiersOppositions = "427"
	tiersAcomptes    = "425"
)

const (
	rTraitement = iota
	rNBI
	rResidence
	rSFT
	rAvantage
	rIFSE
	rCIA
	rIHTS
	rIHTSDimanche
	rTransport
	rVacations
	rSalaire
	rFonction
	rTransfert
	rCNRACL
	rCNRACLNBI
	rRAFP
	rVieillesse
	rVieillesseDep
	rIrcantecA
	rIrcantecB
	rCSG
	rCSGImposable
	rCRDS
	rCSGCRDS
	rAcompte
	rImpot
	rMutuelle
	rPrevoyance
	rTitres
	rReprise
	rOpposition
	rAmicale
	eCNRACL
	eCNRACLNBI
	eATIACL
	eRAFP
	eMaladie
	eMaladieRG
	eAF
	eVieillesse
	eVieillesseDep
	eAccidents
	eIrcantecA
	eIrcantecB
	eIrcantecElus
	eFNAL
	eCSA
	eMobilite
	eCNFPT
	eApprentis
	eCDG
	eChomage
	ePrevoyance
	tCNRACL
	tURSSAF
	tIrcantec
	tCNFPT
	nbRubriques
)

const (
	caisseURSSAF   = "URSSAF"
	caisseCNRACL   = "CNRACL"
	caisseRAFP     = "RAFP"
	caisseIrcantec = "IRCANTEC"
	caisseDGFiP    = "DGFIP"
	caisseCNFPT    = "CNFPT"
	caisseCDG      = "CDG"
	caisseMutuelle = "MUTERR"
	caisseTitres   = "TITRES"
	caisseAmicale  = "COS"
	caisseTiers    = "OPPOSITION"
)

var rubriques = [nbRubriques]rubrique{
	rTraitement:   {"1000", "Traitement de base indiciaire", xhl.TraitBrut, "", "", salTitulaire, salNonTitulaire},
	rNBI:          {"1020", "Nouvelle bonification indiciaire", xhl.TraitBrut, "", "", salNBI, ""},
	rResidence:    {"1100", "Indemnité de résidence", xhl.IndemResid, "", "", salSFT, salNonTitulaire},
	rSFT:          {"1150", "Supplément familial de traitement", xhl.SupFam, "", "", salSFT, salNonTitulaire},
	rAvantage:     {"1180", "Avantage en nature logement", xhl.AvantageNature, "", "", salPrimes, ""},
	rIFSE:         {"1210", "IFSE", xhl.Indemnite, "", "", salPrimes, salPrimesNT},
	rCIA:          {"1215", "Complément indemnitaire annuel", xhl.Indemnite, "", "", salPrimes, salPrimesNT},
	rIHTS:         {"1310", "IHTS 14 premières heures", xhl.Indemnite, "", "", salPrimes, salPrimesNT},
	rIHTSDimanche: {"1314", "IHTS dimanches et jours fériés", xhl.Indemnite, "", "", salPrimes, salPrimesNT},
	rTransport:    {"1810", "Remboursement domicile-travail 75 %", xhl.RemDivers, "", "6478", "6478", "6478"},
	rVacations:    {"3010", "Vacations horaires", xhl.TraitBrut, "", "", salNonTitulaire, ""},
	rSalaire:      {"3100", "Salaire horaire PEC", xhl.TraitBrut, "", "", salInsertion, ""},
	rFonction:     {"3500", "Indemnité de fonction", xhl.RemDivers, "", "", indemnitesElus, ""},

	rTransfert:     {"5001", "Transfert primes/points", xhl.Deduction, "", "", salTitulaire, ""},
	rCNRACL:        {"5010", "CNRACL", xhl.Deduction, caisseCNRACL, "", tiersSociaux, ""},
	rCNRACLNBI:     {"5011", "CNRACL sur NBI", xhl.Deduction, caisseCNRACL, "", tiersSociaux, ""},
	rRAFP:          {"5020", "Retraite additionnelle", xhl.Deduction, caisseRAFP, "", tiersSociaux, ""},
	rVieillesse:    {"5030", "Assurance vieillesse plafonnée", xhl.Deduction, caisseURSSAF, "", tiersURSSAF, ""},
	rVieillesseDep: {"5031", "Assurance vieillesse déplafonnée", xhl.Deduction, caisseURSSAF, "", tiersURSSAF, ""},
	rIrcantecA:     {"5040", "IRCANTEC tranche A", xhl.Deduction, caisseIrcantec, "", tiersSociaux, ""},
	rIrcantecB:     {"5041", "IRCANTEC tranche B", xhl.Deduction, caisseIrcantec, "", tiersSociaux, ""},
	rCSG:           {"5100", "CSG déductible", xhl.Deduction, caisseURSSAF, "", tiersURSSAF, ""},
	rCSGImposable:  {"5101", "CSG non déductible", xhl.Deduction, caisseURSSAF, "", tiersURSSAF, ""},
	rCSGCRDS:       {"5105", "CSG et CRDS non déductibles", xhl.Deduction, caisseURSSAF, "", tiersURSSAF, ""},
	rCRDS:          {"5102", "CRDS", xhl.Deduction, caisseURSSAF, "", tiersURSSAF, ""},

	rAcompte:    {"6900", "Acompte versé", xhl.Acompte, "", "", tiersAcomptes, ""},
	rImpot:      {"6000", "Prélèvement à la source", xhl.Retenue, caisseDGFiP, "", tiersImpot, ""},
	rMutuelle:   {"6100", "Mutuelle santé", xhl.Retenue, caisseMutuelle, "", tiersSociaux, ""},
	rPrevoyance: {"6110", "Prévoyance maintien de salaire", xhl.Retenue, caisseMutuelle, "", tiersSociaux, ""},
	rTitres:     {"6200", "Titres restaurant part agent", xhl.Retenue, caisseTitres, "", tiersSociaux, ""},
	rReprise:    {"6300", "Reprise avantage en nature", xhl.Retenue, "", "", salPrimes, ""},
	rOpposition: {"6400", "Saisie administrative à tiers détenteur", xhl.Retenue, caisseTiers, "", tiersOppositions, ""},
	rAmicale:    {"6500", "Adhésion œuvres sociales", xhl.Retenue, caisseAmicale, "", tiersSociaux, ""},

	eCNRACL:        {"8010", "CNRACL part patronale", xhl.Cotisation, caisseCNRACL, "6453", "", ""},
	eCNRACLNBI:     {"8011", "CNRACL sur NBI part patronale", xhl.Cotisation, caisseCNRACL, "6453", "", ""},
	eATIACL:        {"8015", "ATIACL", xhl.Cotisation, caisseCNRACL, "6453", "", ""},
	eRAFP:          {"8020", "Retraite additionnelle part patronale", xhl.Cotisation, caisseRAFP, "6453", "", ""},
	eMaladie:       {"8100", "Maladie régime spécial", xhl.Cotisation, caisseURSSAF, "6451", "", ""},
	eMaladieRG:     {"8101", "Maladie régime général", xhl.Cotisation, caisseURSSAF, "6451", "", ""},
	eAF:            {"8110", "Allocations familiales", xhl.Cotisation, caisseURSSAF, "6451", "", ""},
	eVieillesse:    {"8120", "Vieillesse plafonnée part patronale", xhl.Cotisation, caisseURSSAF, "6451", "", ""},
	eVieillesseDep: {"8121", "Vieillesse déplafonnée part patronale", xhl.Cotisation, caisseURSSAF, "6451", "", ""},
	eAccidents:     {"8130", "Accidents du travail", xhl.Cotisation, caisseURSSAF, "6451", "", ""},
	eIrcantecA:     {"8140", "IRCANTEC tranche A part patronale", xhl.Cotisation, caisseIrcantec, "6453", "", ""},
	eIrcantecB:     {"8141", "IRCANTEC tranche B part patronale", xhl.Cotisation, caisseIrcantec, "6453", "", ""},
	eIrcantecElus:  {"8142", "IRCANTEC élus part patronale", xhl.Cotisation, caisseIrcantec, retraiteElus, "", ""},
	eFNAL:          {"8200", "FNAL", xhl.Cotisation, caisseURSSAF, "6332", "", ""},
	eCSA:           {"8210", "Contribution solidarité autonomie", xhl.Cotisation, caisseURSSAF, "6338", "", ""},
	eMobilite:      {"8220", "Versement mobilité", xhl.Cotisation, caisseURSSAF, "6331", "", ""},
	eCNFPT:         {"8230", "CNFPT", xhl.Cotisation, caisseCNFPT, "6336", "", ""},
	eApprentis:     {"8231", "CNFPT majoration apprentissage", xhl.Cotisation, caisseCNFPT, "6336", "", ""},
	eCDG:           {"8240", "Centre de gestion", xhl.Cotisation, caisseCDG, "6336", "", ""},
	eChomage:       {"8250", "Assurance chômage", xhl.Cotisation, caisseURSSAF, "6454", "", ""},
	tCNRACL:        {"8500", "Total CNRACL part patronale", xhl.Cotisation, caisseCNRACL, "6453", "", ""},
	tURSSAF:        {"8510", "Total URSSAF part patronale", xhl.Cotisation, caisseURSSAF, "6451", "", ""},
	tIrcantec:      {"8520", "Total IRCANTEC part patronale", xhl.Cotisation, caisseIrcantec, "6453", "", ""},
	tCNFPT:         {"8530", "Total CNFPT part patronale", xhl.Cotisation, caisseCNFPT, "6336", "", ""},
	ePrevoyance:    {"8300", "Participation prévoyance", xhl.Cotisation, caisseMutuelle, "6478", "", ""},
}

var caisses = []xhl.Correspondance{
	{Libelle: "URSSAF", Code: caisseURSSAF},
	{Libelle: "Caisse nationale de retraites des agents des collectivités locales", Code: caisseCNRACL},
	{Libelle: "Retraite additionnelle de la fonction publique", Code: caisseRAFP},
	{Libelle: "IRCANTEC", Code: caisseIrcantec},
	{Libelle: "Direction générale des finances publiques", Code: caisseDGFiP},
	{Libelle: "Centre national de la fonction publique territoriale", Code: caisseCNFPT},
	{Libelle: "Centre de gestion", Code: caisseCDG},
	{Libelle: "Mutuelle des territoires", Code: caisseMutuelle},
	{Libelle: "Émetteur de titres restaurant", Code: caisseTitres},
	{Libelle: "Comité des œuvres sociales", Code: caisseAmicale},
	{Libelle: "Oppositions et saisies", Code: caisseTiers},
}

var natures = []xhl.Correspondance{
	{Libelle: "Personnel - Avances et acomptes", Code: tiersAcomptes},
	{Libelle: "Personnel - Oppositions", Code: tiersOppositions},
	{Libelle: "Sécurité sociale", Code: tiersURSSAF},
	{Libelle: "Autres organismes sociaux", Code: tiersSociaux},
	{Libelle: "Prélèvement à la source - Impôt sur le revenu", Code: tiersImpot},
	{Libelle: "Versement mobilité", Code: "6331"},
	{Libelle: "Cotisations versées au FNAL", Code: "6332"},
	{Libelle: "Cotisations au CNFPT et au centre de gestion", Code: "6336"},
	{Libelle: "Autres impôts, taxes et versements assimilés sur rémunérations", Code: "6338"},
	{Libelle: "Rémunération principale des titulaires", Code: salTitulaire},
	{Libelle: "Supplément familial de traitement et indemnité de résidence", Code: salSFT},
	{Libelle: "NBI", Code: salNBI},
	{Libelle: "Autres indemnités des titulaires", Code: salPrimes},
	{Libelle: "Rémunérations des non titulaires", Code: salNonTitulaire},
	{Libelle: "Autres indemnités des non titulaires", Code: salPrimesNT},
	{Libelle: "Autres emplois d'insertion", Code: salInsertion},
	{Libelle: "Cotisations à l'URSSAF", Code: "6451"},
	{Libelle: "Cotisations aux caisses de retraite", Code: "6453"},
	{Libelle: "Cotisations à l'assurance chômage", Code: "6454"},
	{Libelle: "Autres charges sociales diverses", Code: "6478"},
	{Libelle: "Indemnités de fonction des élus", Code: indemnitesElus},
	{Libelle: "Cotisations de retraite des élus", Code: retraiteElus},
}

// codeNT is the code of the rubrique for a non titulaire.
func (r *rubrique) codeNT() string {
	if r.salNT == "" {
		return r.code
	}
	return "2" + r.code[1:]
}

// nomenclatures lists every code that a run may use.
func (r *Run) nomenclatures() *xhl.Nomenclatures {
	run := r
	n := &xhl.Nomenclatures{
		NomenclatureEvtPaye:      xhl.Nomenclature{Description: "Évènements de paye", Correspondance: evenements},
		NomenclatureRubriquePaye: xhl.NomenclatureRubrique{Description: "Rubriques de paye"},
		NomenclatureCaisse:       xhl.Nomenclature{Description: "Caisses et tiers", Correspondance: caisses},
		NomenclatureBudget:       &xhl.Nomenclature{Description: "Budgets", Correspondance: budgets},
		NomenclatureNature:       &xhl.Nomenclature{Description: "Comptes par nature", Correspondance: natures},
	}
	list := &n.NomenclatureRubriquePaye.Correspondance
	add := func(r *rubrique) {
		one := xhl.Rubrique{Libelle: r.libelle, Code: r.code}
		opt := func(at *xhl.Opt[string], v string) {
			if v != "" {
				*at = xhl.Some(v)
			}
		}
		opt(&one.CodeCaisse, r.caisse)
		opt(&one.CodeNatureEmp, r.emp)
		opt(&one.CodeNatureSal, r.sal)
		one.Code, one.Libelle = run.renamed(one.Code, one.Libelle)
		*list = append(*list, one)
		if r.salNT != "" {
			one.Code = r.codeNT()
			opt(&one.CodeNatureSal, r.salNT)
			*list = append(*list, one)
		}
	}
	for i := range rubriques {
		add(&rubriques[i])
	}
	for i := range primes {
		add(&primes[i].rubrique)
	}
	if r.suite != nil {
		for i := range rubriquesSuite {
			add(&rubriquesSuite[i])
		}
	}
	if r.opts.Version == xhl.V14 {
		n.NomenclatureTrain = &xhl.Nomenclature{Description: "Trains de paye",
			Correspondance: []xhl.Correspondance{{Libelle: "Paye mensuelle", Code: train}}}
	}
	return n
}

const train = "PAYE"

// The first budget is the main imputation budget.
var budgets = []xhl.Correspondance{
	{Libelle: "Budget principal", Code: "00"},
	{Libelle: "Eau et assainissement", Code: "01"},
	{Libelle: "Restauration municipale", Code: "02"},
}

const (
	evtEchelon     = "AVE"
	evtRecrutement = "REC"
	evtPrime       = "RIF"
	evtPartiel     = "TPS"
	evtMaladie     = "CMO"
	evtNaissance   = "ENF"
	evtBanque      = "RIB"
	evtRappel      = "RAP"
	evtNBI         = "NBI"
	evtStage       = "STA"
)

var evenements = []xhl.Correspondance{
	{Libelle: "Avancement d'échelon", Code: evtEchelon},
	{Libelle: "Recrutement ou renouvellement de contrat", Code: evtRecrutement},
	{Libelle: "Modification du régime indemnitaire", Code: evtPrime},
	{Libelle: "Temps partiel", Code: evtPartiel},
	{Libelle: "Congé de maladie ordinaire", Code: evtMaladie},
	{Libelle: "Naissance ou enfant à charge", Code: evtNaissance},
	{Libelle: "Changement de coordonnées bancaires", Code: evtBanque},
	{Libelle: "Rappel", Code: evtRappel},
	{Libelle: "Attribution de nouvelle bonification indiciaire", Code: evtNBI},
	{Libelle: "Nomination en qualité de stagiaire", Code: evtStage},
	{Libelle: "Avancement de grade", Code: "AVG"},
	{Libelle: "Mutation", Code: "MUT"},
	{Libelle: "Disponibilité", Code: "DIS"},
	{Libelle: "Fin de contrat", Code: "FIN"},
}
