package etats

// Classe is what a rubrique pays.
type Classe uint8

const (
	Inconnue Classe = iota
	Traitement
	Absence
	NBI
	Residence
	SFT
	Avantage
	IFSE
	CIA
	Prime
	IHTS14
	IHTSPlus
	IHTSDimanche
	IHTSNuit
	HeuresCompl
	Astreinte
	Intervention
	Permanence
	Vacation
	IndemniteElu
	Transport
	Deplacement
	CongesPayes
	Chomage
	Licenciement
	CapitalDeces
	IJSS
	Compensatrice
	ActionSociale
	Cotisation
	PAS
	Mutuelle
	Saisie
	Titres
	Acompte
	Autre
	nbClasses
)

var classeNames = [nbClasses]string{
	"inconnu", "traitement", "absence", "nbi", "residence", "sft", "avantage", "ifse", "cia", "prime",
	"ihts_14", "ihts_plus", "ihts_dimanche", "ihts_nuit", "heures_compl", "astreinte", "intervention", "permanence",
	"vacation", "indemnite_elu", "transport", "deplacement", "conges_payes", "chomage", "licenciement", "capital_deces",
	"ijss", "compensatrice", "action_sociale", "cotisation", "pas", "mutuelle", "saisie", "titres", "acompte", "autre",
}

func (c Classe) String() string { return classeNames[c] }

// parseClasse reads the name of a Classe.
func parseClasse(name string) (Classe, bool) {
	for c, n := range classeNames {
		if n == name {
			return Classe(c), true
		}
	}
	return 0, false
}

// Heures reports whether the class pays hours beyond the usual ones.
func (c Classe) Heures() bool { return c >= IHTS14 && c <= HeuresCompl }

// IHTS reports whether it pays supplementary hours proper, which the monthly
// ceiling counts.
func (c Classe) IHTS() bool { return c >= IHTS14 && c <= IHTSNuit }

// astreinte gathers the classes that an état of astreintes lists.
func (c Classe) astreinte() bool { return c >= Astreinte && c <= Permanence }

// indiciaire reports whether the amount follows the index point.
func (c Classe) indiciaire() bool {
	switch c {
	case Traitement, Absence, NBI, Residence, SFT, IndemniteElu:
		return true
	}
	return c.Heures()
}

// ponctuelle reports whether what the class pays is not due every month.
func (c Classe) ponctuelle() bool {
	switch c {
	case CIA, CongesPayes, Chomage, Licenciement, CapitalDeces, ActionSociale:
		return true
	}
	return false
}

// retenue reports whether the class is none of the ordonnateur's liquidation.
func (c Classe) retenue() bool { return c >= Cotisation && c <= Acompte }
