package synth

import "paye/xhl"

// edition is a kind of change that a second month may have.
type edition struct {
	// fits tells the agents whom it can happen to, by what the month before has
	// of them.
	fits func(f *temoin) bool
	// typ, champ and code are what a comparison should find.
	typ, champ, code string
	exigee           exigence
	piece            motif
}

// exigence is what the list of pieces says of an édition.
type exigence uint8

const (
	libre      exigence = iota // no piece is due
	officielle                 // an official list asks for it
	aVerifier                  // one is expected, by no official text
	constat                    // the row is a remark, with no piece
)

// temoin is what is known of a bulletin of the first month.
type temoin struct {
	i      int
	b      *xhl.Bulletin
	regime regime
	pas    int // of its grid, from 0; -1 without one
	pasMax int
	groupe int
}

func (t *temoin) has(code ...string) bool {
	for i := range t.b.Remuneration.Lignes {
		for _, c := range code {
			if t.b.Remuneration.Lignes[i].Code == c {
				return true
			}
		}
	}
	return false
}

func (t *temoin) indiciaire() bool { return t.regime == cnracl || t.regime == general }

// Codes of rubriques of a titulaire and of the others.
func both(r int) []string { return []string{rubriques[r].code, rubriques[r].codeNT()} }

func anyone(*temoin) bool         { return true }
func ofIndex(t *temoin) bool      { return t.indiciaire() }
func fullTime(t *temoin) bool     { return t.indiciaire() && t.b.QuotiteTrav == "100" }
func titulaire(t *temoin) bool    { return t.regime == cnracl && t.b.Agent.Statut == "TITULAIRE" }
func withoutHours(t *temoin) bool { return fullTime(t) && !t.has(both(rIHTS)...) }
func without(r int) func(*temoin) bool {
	return func(t *temoin) bool { return t.indiciaire() && !t.has(both(r)...) }
}

var editions = map[string]edition{
	"entrant_contrat":    {nil, "entrant", "Matricule", "", officielle, motif{"Contrat d'engagement", "Recrutement sur contrat", ""}},
	"entrant_nomination": {nil, "entrant", "Matricule", "", officielle, motif{"Arrêté de nomination stagiaire", "Recrutement", ""}},
	"rematricule":        {ofIndex, "rematricule", "Matricule", "", aVerifier, motif{}},
	"second_contrat":     {nil, "contrat_ajoute", "Agent", "", officielle, motif{"Contrat d'engagement", "Vacations", ""}},
	"etablissement":      {ofIndex, "changement_etablissement", "Etablissement", "", aVerifier, motif{}},
	"sortant":            {anyone, "sortant", "Matricule", "", officielle, motif{"Arrêté de radiation des cadres", "Départ", ""}},

	"echelon": {func(t *temoin) bool { return t.indiciaire() && t.pas >= 0 && t.pas < t.pasMax }, "echelon", "Echelon", "", officielle,
		motif{"Arrêté d'avancement d'échelon", "Avancement à la durée unique", ""}},
	"grade":       {titulaire, "grade", "Grade", "", officielle, motif{"Arrêté d'avancement de grade", "Tableau d'avancement", ""}},
	"indice":      {ofIndex, "indice", "Indice", "", officielle, motif{"Arrêté de reclassement indiciaire", "Indice majoré", ""}},
	"nbi_donnee":  {func(t *temoin) bool { return titulaire(t) && !t.has(rubriques[rNBI].code) }, "nbi", "NBI", "", officielle, motif{"Arrêté portant attribution de la NBI", "Points attribués", ""}},
	"nbi_retiree": {func(t *temoin) bool { return titulaire(t) && t.has(rubriques[rNBI].code) }, "nbi", "NBI", "", officielle, motif{"Arrêté portant retrait de la NBI", "Points retirés", ""}},

	"quotite_80": {fullTime, "quotite", "QuotiteTrav", "", officielle, motif{"Arrêté de temps partiel", "Temps partiel sur autorisation", ""}},
	"quotite_50": {fullTime, "quotite", "QuotiteTrav", "", officielle, motif{"Arrêté de temps partiel", "Temps partiel sur autorisation", ""}},
	"quotite_100": {func(t *temoin) bool { return t.indiciaire() && t.b.QuotiteTrav == "80" }, "quotite", "QuotiteTrav", "", officielle,
		motif{"Arrêté de reprise à temps plein", "Fin du temps partiel", ""}},
	"quotite_fausse": {fullTime, "quotite", "QuotiteTrav", "", officielle, motif{"Arrêté de temps partiel", "Temps partiel sur autorisation", ""}},

	"enfant":          {fullTime, "enfants", "NbEnfants", "", officielle, motif{"État liquidatif du supplément familial", "Naissance", ""}},
	"enfant_sans_sft": {fullTime, "incoherent", "NbEnfants", "", officielle, motif{}},
	"sft_sans_enfant": {func(t *temoin) bool { return fullTime(t) && t.b.Agent.NbEnfants == "0" }, "incoherent", "", "1150", officielle, motif{}},

	"ifse":            {titulaire, "prime_modifiee", "", "1210", officielle, motif{"Arrêté d'attribution de l'IFSE", "Régime indemnitaire individuel", ""}},
	"ifse_collective": {titulaire, "prime_modifiee", "", "1210", officielle, motif{"Arrêté collectif de régime indemnitaire", "Revalorisation de l'IFSE d'un service", ""}},
	"cia":             {func(t *temoin) bool { return titulaire(t) && !t.has(rubriques[rCIA].code) }, "ponctuelle", "", "1215", officielle, motif{"Arrêté d'attribution du CIA", "Complément indemnitaire annuel", ""}},

	"heures":         {withoutHours, "heures", "", "1310", libre, motif{}},
	"heures_plafond": {withoutHours, "heures", "", "1310", officielle, motif{"Décision de dépassement du contingent mensuel", "Heures au-delà de 25", ""}},
	"heures_total":   {withoutHours, "heures", "", "1310", libre, motif{}},
	"heures_base":    {withoutHours, "heures", "", "1310", libre, motif{}},
	"heures_taux":    {withoutHours, "heures", "", "1310", libre, motif{}},
	"heures_compl": {func(t *temoin) bool { return t.indiciaire() && t.b.QuotiteTrav != "100" && !t.has(both(rIHTS)...) }, "heures", "", "1320", libre,
		motif{}},

	"astreinte":       {titulaire, "astreinte", "", "1400", officielle, motif{"État des astreintes", "Semaine complète", ""}},
	"vacation":        {func(t *temoin) bool { return t.regime == vacations }, "vacation", "", "3010", officielle, motif{"État des vacations", "Heures effectuées", ""}},
	"elu":             {func(t *temoin) bool { return t.regime == mandat }, "elu", "", "3500", officielle, motif{"État liquidatif des indemnités de fonction", "Élus", ""}},
	"demi_traitement": {fullTime, "absence", "traitement", "1000", officielle, motif{"Arrêté de congé de maladie", "Passage à demi-traitement", ""}},
	"conge_parental":  {fullTime, "absence", "traitement", "1000", officielle, motif{"Arrêté de congé parental", "Position de congé parental", ""}},

	"rappel_periode": {func(t *temoin) bool { return titulaire(t) && !withRappel(t) }, "rappel", "", "1000", officielle, motif{"Arrêté de reclassement d'échelon", "Effet rétroactif", ""}},
	"rappel":         {func(t *temoin) bool { return titulaire(t) && !withRappel(t) }, "rappel", "", "1000", officielle, motif{"Arrêté de reclassement d'échelon", "Effet rétroactif", ""}},
	"trop_percu":     {func(t *temoin) bool { return titulaire(t) && !withRappel(t) }, "rappel", "", "1000", officielle, motif{"Arrêté rapportant un avancement d'échelon", "Trop-perçu", ""}},
	"net_negatif":    {func(t *temoin) bool { return titulaire(t) && !withRappel(t) }, "rappel", "", "1000", officielle, motif{}},
	"acompte":        {without(rAcompte), "acompte", "", "6900", libre, motif{}},

	"saisie":   {without(rOpposition), "saisie", "", "6400", libre, motif{}},
	"mutuelle": {without(rMutuelle), "mutuelle", "", "6100", libre, motif{}},
	"pas":      {func(t *temoin) bool { return t.indiciaire() && t.has(rubriques[rImpot].code) }, "pas", "", "6000", libre, motif{}},
	"rib":      {ofIndex, "rib", "CptBancaire", "", libre, motif{}},
	"adresse":  {ofIndex, "", "", "", libre, motif{}},

	"transport":     {func(t *temoin) bool { return titulaire(t) && !t.has(rubriques[rTransport].code) }, "deplacement", "", "1810", aVerifier, motif{"Justificatif de transport", "Trajet domicile-travail", ""}},
	"avantage":      {func(t *temoin) bool { return titulaire(t) && !t.has(rubriques[rAvantage].code) }, "avantage", "", "1180", officielle, motif{"Arrêté de concession de logement", "Avantage en nature", ""}},
	"chomage":       {titulaire, "ponctuelle", "", "1850", officielle, motif{"Ouverture de droits à l'allocation de retour à l'emploi", "Chômage", ""}},
	"conges_payes":  {titulaire, "ponctuelle", "", "1860", officielle, motif{"Décompte des congés non pris", "Congés payés", ""}},
	"capital_deces": {titulaire, "ponctuelle", "", "1870", officielle, motif{"État de liquidation du capital décès", "Capital décès", ""}},

	"doublon":        {nil, "contrat_ajoute", "Agent", "", officielle, motif{}},
	"code_deux_fois": {titulaire, "", "", "", libre, motif{}},
	"totaux":         {ofIndex, "totaux_sans_ligne", "MtNet", "", constat, motif{}},
	"relibellee":     {nil, "rubrique_relibellee", "", "6500", libre, motif{}},
	"renumerotee":    {nil, "rubrique_renumerotee", "", "6210", libre, motif{}},
}

func withRappel(t *temoin) bool {
	for i := range t.b.Remuneration.Lignes {
		if t.b.Remuneration.Lignes[i].Nature == xhl.Rappel {
			return true
		}
	}
	return false
}
