package etats

// labelRule proposes a class for the labels that hold one of its phrases, and
// none of those of sauf.
type labelRule struct {
	classe    Classe
	confiance string
	phrases   []string
	avec      []string // one of these too, when there are any
	sauf      []string
}

func (r *labelRule) match(label string) bool {
	return has(label, r.phrases...) && (r.avec == nil || has(label, r.avec...)) && !has(label, r.sauf...)
}

var (
	heuresSup = []string{"IHTS", "HEURES SUP*", "HEURE SUP*", "H SUP*", "HS", "HSUP*", "HRES SUP*", "H S"}
	// pasHeures are labels that speak of hours and pay none: IFTS, the
	// thirteen-hours prime, hours of teaching.
	pasHeures = []string{"FORF*", "IFTS", "I F T S", "13 HEURES", "ENSEIGN*", "RETENUE*"}
)

// labelRules are tried in their order on the labels of Indemnite, RemDivers and
// Rappel. Labels are abbreviated in many ways: the phrases were taken from the
// official samples and from what local authorities call their primes.
var labelRules = []labelRule{
	{Prime, haute, []string{"FORF TRVX SUP*", "FORFAIT TRAVAUX SUP*", "FORFAITAIRE TRAVAUX SUP*", "FORFAITAIRE POUR TRAVAUX SUP*", "IFTS", "I F T S", "13 HEURES"}, nil, nil},
	{HeuresCompl, haute, []string{"HEURES COMPL*", "HEURE COMPL*", "H COMPL*", "HRES COMPL*"}, nil, nil},
	{IHTSDimanche, haute, heuresSup, []string{"DIM*", "FERIE*", "JF"}, pasHeures},
	{IHTSNuit, haute, heuresSup, []string{"NUIT*"}, pasHeures},
	{IHTSPlus, haute, heuresSup, []string{"TX2", "TAUX 2", "PLUS", "DELA", "SUIVANTES", "1 27", "127", "T2"}, pasHeures},
	{IHTS14, moyenne, heuresSup, nil, pasHeures},
	{CIA, haute, []string{"CIA", "C I A", "COMPLEMENT INDEMNITAIRE*", "COMPL INDEMN*"}, nil, []string{"ACOMPTE"}},
	{IFSE, haute, []string{"IFSE", "I F S E"}, nil, nil},
	{Intervention, moyenne, []string{"INTERVENTION*"}, []string{"ASTREINTE*", "ASTR"}, nil},
	{Astreinte, haute, []string{"ASTREINTE*", "ASTR"}, nil, nil},
	{Permanence, haute, []string{"PERMANENCE*"}, nil, nil},
	{Vacation, haute, []string{"VACATION*", "VACATAIRE*"}, nil, nil},
	{NBI, haute, []string{"NBI", "N B I", "BONIFICATION INDICIAIRE"}, nil, nil},
	{SFT, haute, []string{"SFT", "SUPPLEMENT FAMILIAL", "SUPPLEMT FAMILIAL", "SUP FAMILIAL"}, nil, nil},
	{Residence, haute, []string{"IND RESID*", "INDEMNITE DE RESIDENCE", "INDEMN RESIDENCE"}, nil, nil},
	{IndemniteElu, haute, []string{"ELU", "ELUS", "INDEMNITE DU MAIRE", "INDEMNITE ADJOINT*", "INDEMNITE CONSEILLER*"}, nil, nil},
	{IndemniteElu, moyenne, []string{"INDEMNITE DE FONCTION", "IND DE FONCTION", "INDEMNITE FONCTION", "IND FONCTION", "INDEMN DE FONCTION", "INDEMN FONCTION", "INDEM DE FONCTION", "INDEM FONCTION"}, nil, nil},
	{CongesPayes, haute, []string{"CONGES PAYES", "CONGE PAYE", "CONGES NON PRIS", "ICCP", "COMPENSATRICE DE CONGE*", "COMP CONGES"}, nil, nil},
	{Chomage, haute, []string{"CHOMAGE", "RETOUR EMPLOI", "RETOUR A L EMPLOI", "ARE"}, nil, nil},
	{Licenciement, haute, []string{"LICENCIEMENT", "RUPTURE CONVENTIONNELLE", "FIN DE CONTRAT", "PRECARITE"}, nil, nil},
	{CapitalDeces, haute, []string{"CAPITAL DECES"}, nil, nil},
	{IJSS, haute, []string{"IJSS", "INDEMNITES JOURNALIERES", "IJ SS"}, nil, nil},
	{Transport, haute, []string{"DOMICILE TRAVAIL", "DOM TRAV*", "REMBT TRANSPORT", "REMBOURSEMENT TRANSPORT*", "TITRE DE TRANSPORT", "MOBILITES DURABLES", "NAVIGO"}, nil, nil},
	{Deplacement, haute, []string{"DEPLACEMENT*", "DEPLCT*", "KILOMETR*", "FRAIS DE MISSION", "NUITEE*", "ORDRE DE MISSION", "INDEMNITE DE REPAS"}, nil, nil},
	{Avantage, moyenne, []string{"AVANTAGE EN NATURE", "AVANTAGE NATURE", "AVANT NATURE"}, nil, nil},
	{Compensatrice, moyenne, []string{"COMPENSATRICE*", "COMPENSAT*", "GIPA", "GARANTIE INDIVIDUELLE*", "DIFFERENTIELLE"}, nil, nil},
	{ActionSociale, moyenne, []string{"CENTRE AERE", "PRESTATION SEJOUR*", "HANDICAPE", "GARDE D ENFANT", "OEUVRES SOCIALES", "PARTICIPATION SANTE*"}, nil, nil},
	{Prime, moyenne, []string{"PRIME*", "IND", "INDEM*", "INDTE", "IAT", "ISS", "PSR", "ISOE", "RIFSEEP", "FORFAIT*"}, nil, []string{"TRANSPT*"}},
	{Deplacement, faible, []string{"TRANSPT*", "TRANSPORT*"}, nil, nil},
}

// retenueRules are those of the labels of Retenue.
var retenueRules = []labelRule{
	{PAS, haute, []string{"PRELEVEMENT A LA SOURCE", "PAS", "IMPOT*", "PREL SOURCE", "PREL A LA SOURCE", "PRELEVT A LA SOURCE", "PRELEVEMENT SOURCE", "P A S"}, nil, nil},
	{Saisie, haute, []string{"SAISIE*", "OPPOSITION*", "SATD", "S A T D", "TIERS DETENTEUR", "ATD", "PENSION ALIMENTAIRE"}, nil, nil},
	{Titres, haute, []string{"TITRE*", "TICKET*", "CHEQUE DEJEUNER", "CHEQUES DEJEUNER", "CHEQUE REPAS"}, nil, nil},
	{Mutuelle, haute, []string{"MUTUELLE*", "PREVOYANCE", "PREFON", "MNT", "M N T", "M G E T", "M G P A T", "COMPLEMENTAIRE SANTE", "GARANTIE*"}, nil, nil},
	{Avantage, haute, []string{"REPRISE AVANTAGE*", "REPRISE AV*", "AVANTAGE EN NATURE", "AVANT NATURE"}, nil, nil},
}
