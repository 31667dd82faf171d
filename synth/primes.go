package synth

import (
	"strconv"

	"paye/xhl"
)

// prime is an indemnity that some agents have: an amount of its own, or a
// number of units. Amounts are centimes; taux are of a unit.
type prime struct {
	rubrique
	low, high int
	unites    int // at most in a month; 0 for an amount
}

// primes is the régime indemnitaire of a large authority, which years of
// délibérations have made.
var primes = makePrimes([]modele{
	{"Indemnité d'astreinte semaine complète", 12000, 16000, 0},
	{"Indemnité d'astreinte week-end", 10900, 11700, 3},
	{"Indemnité d'astreinte nuit", 1005, 1075, 9},
	{"Intervention sur astreinte", 1600, 2200, 12},
	{"Indemnité de permanence dimanche", 13930, 14110, 2},
	{"Indemnité horaire travail normal de nuit", 17, 97, 60},
	{"Indemnité travail dimanche et jours fériés", 74, 480, 24},
	{"Indemnité de panier", 197, 240, 21},
	{"Travaux dangereux 1re catégorie", 103, 115, 40},
	{"Travaux insalubres 2e catégorie", 31, 38, 60},
	{"Travaux incommodes 3e catégorie", 15, 19, 80},
	{"Indemnité de chaussures et petit équipement", 273, 1000, 0},
	{"Régie d'avances et de recettes", 917, 5900, 0},
	{"Responsabilité de régisseur suppléant", 300, 1800, 0},
	{"Prime de responsabilité emploi fonctionnel", 20000, 66000, 0},
	{"Indemnité spéciale de fonctions police", 18000, 52000, 0},
	{"Indemnité d'administration et de technicité", 4000, 32000, 0},
	{"Prime de service et de rendement", 9000, 41000, 0},
	{"Indemnité spécifique de service", 11000, 57000, 0},
	{"Indemnité de suivi et d'orientation part fixe", 10000, 11000, 0},
	{"Indemnité de suivi et d'orientation part modulable", 3000, 12000, 0},
	{"Heures supplémentaires d'enseignement", 2600, 4800, 16},
	{"Étude surveillée", 1600, 2500, 22},
	{"Surveillance cantine", 1020, 1380, 24},
	{"Complément de traitement indiciaire", 18000, 24100, 0},
	{"Prime grand âge", 9000, 11800, 0},
	{"Prime spéciale de sujétions auxiliaires", 7000, 19000, 0},
	{"Prime forfaitaire mensuelle auxiliaires", 1524, 1601, 0},
	{"Indemnité forfaitaire risque usagers", 8000, 11000, 0},
	{"Indemnité différentielle SMIC", 5, 3400, 0},
	{"Garantie individuelle du pouvoir d'achat", 900, 21000, 0},
	{"Indemnité compensatrice CSG", 700, 5200, 0},
	{"Forfait télétravail", 288, 300, 12},
	{"Forfait mobilités durables", 10000, 30000, 0},
	{"Monétisation compte épargne temps", 8300, 15000, 6},
	{"Indemnité de mobilité", 3000, 9000, 0},
	{"Prime d'intéressement collectif", 2000, 24000, 0},
	{"Prime de fin d'année mensualisée", 6000, 15000, 0},
	{"Prime annuelle avantage acquis", 4000, 19000, 0},
	{"Treizième mois avantage acquis", 11000, 26000, 0},
	{"Indemnité de tutorat", 4000, 11000, 0},
	{"Indemnité de maître d'apprentissage", 3500, 9900, 0},
	{"Vacation de formateur interne", 1500, 4600, 14},
	{"Vacation de jury", 2500, 7000, 4},
	{"Indemnité de bureau de vote", 6000, 18000, 2},
	{"Indemnité horaire élections", 1200, 3900, 14},
	{"Indemnité de mise sous pli", 15, 38, 900},
	{"Recensement feuille de logement", 52, 61, 380},
	{"Recensement bulletin individuel", 99, 131, 620},
	{"Conduite de véhicule lourd", 900, 4200, 0},
	{"Conduite d'engins de déneigement", 1300, 2500, 18},
	{"Indemnité de sujétion piscine", 2000, 7700, 0},
	{"Indemnité de sujétion crèche", 2500, 9300, 0},
	{"Indemnité gens du voyage", 1800, 6400, 0},
	{"Indemnité de fonction informatique", 12000, 38000, 0},
	{"Prime informatique chef de projet", 21000, 47000, 0},
	{"Indemnité de polyvalence", 1900, 8000, 0},
	{"Prime d'assiduité", 1000, 7600, 0},
	{"Part résultat collectif", 1700, 9000, 0},
	{"IFSE régie", 1100, 8800, 0},
	{"IFSE sujétions particulières", 2600, 17500, 0},
	{"IFSE encadrement intermédiaire", 6100, 22400, 0},
	{"IFSE expertise", 5300, 26000, 0},
	{"IFSE maintien à titre individuel", 1500, 39000, 0},
	{"CIA acompte semestriel", 9000, 48000, 0},
	{"Accueil continu premier enfant", 82000, 109000, 0},
	{"Accueil continu deuxième enfant", 71000, 98000, 0},
	{"Accueil intermittent", 3320, 4810, 17},
	{"Accueil relais", 3700, 5600, 9},
	{"Indemnité d'entretien enfant", 375, 1640, 62},
	{"Indemnité de sujétion enfant", 460, 2390, 31},
	{"Indemnité d'attente", 3000, 3900, 26},
	{"Majoration accueil urgence", 2100, 6800, 4},
	{"Indemnité de disponibilité", 3300, 4700, 21},
	{"Congés assistant familial", 4700, 31000, 0},
	{"Indemnité de repas", 1750, 2070, 22},
	{"Indemnité de nuitée", 9000, 14000, 5},
	{"Frais kilométriques jusqu'à 2000 km", 32, 45, 640},
	{"Frais kilométriques de 2001 à 10000 km", 40, 55, 900},
	{"Fourniture de pneus neige", 900, 4800, 0},
	{"Indemnité de stage", 390, 470, 150},
	{"Supplément régime de travail", 3100, 15200, 0},
	{"Indemnité temps de trajet", 600, 1900, 19},
	{"Coupure de service", 450, 990, 20},
	{"Dérogation horaire", 700, 1800, 22},
	{"Travail en cycle décalé", 2500, 11700, 0},
	{"Prime de salissure", 900, 3300, 0},
	{"Indemnité de petit équipement", 273, 327, 0},
	{"Prime de feu", 21000, 46000, 0},
	{"Indemnité de responsabilité grade", 14000, 33000, 0},
	{"Indemnité de spécialité opérationnelle", 3900, 17000, 0},
	{"Vacation horaire médecin", 3900, 8100, 36},
	{"Vacation psychologue", 2700, 4900, 40},
	{"Garde de pharmacie", 6100, 14000, 3},
	{"Participation santé employeur", 1500, 6000, 0},
	{"Allocation enfant handicapé", 18000, 19300, 0},
	{"Prestation séjour enfants", 840, 2500, 14},
	{"Aide à la garde d'enfant", 2200, 15000, 0},
	{"Prime de naissance œuvres sociales", 10000, 25000, 0},
	{"Indemnité de départ volontaire mensualisée", 30000, 90000, 0},
})

type modele struct {
	libelle   string
	low, high int
	unites    int
}

// makePrimes gives each its code, from 1400.
func makePrimes(modeles []modele) []prime {
	list := make([]prime, len(modeles))
	for i, m := range modeles {
		list[i] = prime{rubrique{strconv.Itoa(1400 + 3*i), m.libelle, xhl.Indemnite, "", "", salPrimes, salPrimesNT}, m.low, m.high, m.unites}
	}
	return list
}
