package etats

import "paye/internal/lang"

// Cause says in words why a row is there.
type Cause uint8

const (
	SansCause Cause = iota
	CauseChamp
	CauseChampDouteux
	CauseLigneApparue
	CauseLigneDisparue
	CauseLigneModifiee
	CauseHeuresPortees
	CauseHeuresInconnues
	CausePlafond
	CauseEnfantsSansSFT
	CauseSFTSansEnfant
	CauseSFT
	CauseDemiTraitement
	CauseSansTraitement
	CauseAbsence
	CauseRappel
	CauseRappelRattache
	CauseTaux
	CauseTraitement
	CauseResidu
	CauseTotaux
	CauseTotauxFichier
	CauseNonSuivi
	CauseEvenementNouveau
	CauseEvenementDisparu
	CauseMatricule
	CauseContrat
	CauseLibelle
	CauseCode
	CauseGenerale
)

// Text are the words of a Cause.
func (c Cause) Text() lang.Text { return causes[c] }

var causes = map[Cause]lang.Text{
	CauseChamp:            {FR: "la fiche change", EN: "the record changes"},
	CauseChampDouteux:     {FR: "la fiche change, mais le traitement n'est pas celui attendu : à vérifier", EN: "the record changes, but the traitement is not the expected one: to check"},
	CauseLigneApparue:     {FR: "ligne nouvelle", EN: "new line"},
	CauseLigneDisparue:    {FR: "ligne disparue", EN: "line gone"},
	CauseLigneModifiee:    {FR: "montant différent", EN: "other amount"},
	CauseHeuresPortees:    {FR: "heures et taux portés par le journal : décompte non exigé (note 10)", EN: "hours and rate are in the journal: no décompte due (note 10)"},
	CauseHeuresInconnues:  {FR: "heures non portées par le XHL : décompte à joindre", EN: "hours not in the XHL: a décompte must be attached"},
	CausePlafond:          {FR: "heures au-delà du plafond mensuel", EN: "hours above the monthly ceiling"},
	CauseEnfantsSansSFT:   {FR: "enfants modifiés sans le supplément familial : à vérifier", EN: "children changed without the supplément familial: to check"},
	CauseSFTSansEnfant:    {FR: "supplément familial sans enfant : à vérifier", EN: "supplément familial without a child: to check"},
	CauseSFT:              {FR: "supplément familial modifié", EN: "supplément familial changed"},
	CauseDemiTraitement:   {FR: "traitement réduit de moitié, ou rétabli", EN: "traitement halved, or restored"},
	CauseSansTraitement:   {FR: "plus aucun traitement, ou repris", EN: "no traitement left, or taken up again"},
	CauseAbsence:          {FR: "absence", EN: "absence"},
	CauseRappel:           {FR: "rappel", EN: "arrears"},
	CauseRappelRattache:   {FR: "rappel de la décision du même mois", EN: "arrears of the decision of the same month"},
	CauseTaux:             {FR: "taux différent", EN: "other rate"},
	CauseTraitement:       {FR: "traitement modifié sans changement de la fiche", EN: "traitement changed without a change of the record"},
	CauseResidu:           {FR: "le net à payer change d'un montant que les lignes n'expliquent pas", EN: "the net to pay changes by an amount that the lines do not explain"},
	CauseTotaux:           {FR: "un total déclaré change, les lignes sont les mêmes", EN: "a declared total changes, the lines are the same"},
	CauseTotauxFichier:    {FR: "les totaux déclarés changent sans les lignes sur plus d'un agent sur dix : le journal les a brouillés", EN: "declared totals change without the lines for more than one agent in ten: the journal scrambled them"},
	CauseNonSuivi:         {FR: "n'a pas suivi la cause générale", EN: "did not follow the general cause"},
	CauseEvenementNouveau: {FR: "évènement nouveau", EN: "new event"},
	CauseEvenementDisparu: {FR: "évènement disparu", EN: "event gone"},
	CauseMatricule:        {FR: "même NIR, autre matricule", EN: "same NIR, other matricule"},
	CauseContrat:          {FR: "contrat de plus, ou de moins, d'un agent présent", EN: "one contract more, or less, of a present agent"},
	CauseLibelle:          {FR: "même code, autre libellé", EN: "same code, other label"},
	CauseCode:             {FR: "même ligne sous un autre code", EN: "same line under another code"},
	CauseGenerale:         {FR: "cause générale", EN: "general cause"},
}
