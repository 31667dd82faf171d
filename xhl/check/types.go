package check

import (
	"strconv"
	"strings"

	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// sameType reports whether an attribute xsi:type names the very type that the
// schema gives to the element, which is the only one that may stand there: no
// type of the schema derives from another.
func (w *walker) sameType(nd *node, raw []byte) bool {
	var lies int
	value, _ := xmlr.AppendValue(nil, raw, w.charset, &lies)
	prefix, local, ok := strings.Cut(string(value), ":")
	if !ok {
		prefix, local = "", prefix
	}
	uri, declared := w.lookup(prefix)
	name, commun := typeName(nd)
	want := schema.Namespace
	if commun {
		want = communNamespace
	}
	return name != "" && local == name && declared && uri == want
}

// communNamespace is that of the types that all the PES share.
const communNamespace = "http://www.minefi.gouv.fr/cp/helios/pes_v2/commun"

// typeName is the name that the XSD gives to the type of an element, "" for a
// type without a name, and whether it is one of the common types.
func typeName(nd *node) (name string, commun bool) {
	path := nd.path()
	inside := strings.HasPrefix(path+"/", inBulletin)
	commun = nd.leaf && !(inside && !strings.Contains(path, "/RepartitionBudget/")) && nd.name != "Mois" && nd.name != "Train"
	if !nd.leaf {
		switch nd.name {
		case "Budget":
			return "", false
		case "Adresse":
			return "TAdresse", !inside
		case "DonneesIndiv":
			return "TEtatDonneesIndivPaye", false
		case "Agent":
			return "TAgentPaye", false
		case "CptBancaire":
			return "TBancaire", false
		case "Evenement":
			return "TEvtPaye", false
		case "PeriodeRef":
			return "TPeriode", false
		case "Remuneration":
			return "TRemunerationPaye", false
		case "Commentaire":
			return "TLigneCommentaire", false
		case "PJRef":
			return "TPJReference", false
		case "Nomenclatures":
			return "TNomenclaturePaye", false
		case "NomenclatureRubriquePaye":
			return "TNomenclatureRubrique", false
		case "Repartition":
			return "TLigneRepartition", false
		case "Correspondance":
			if nd.parent.name == "NomenclatureRubriquePaye" {
				return "TLigneNomenclatureRubrique", false
			}
			return "TLigneNomenclature", false
		}
		switch {
		case nd.nature != xhl.NbNatures:
			return "TLignePaye", false
		case strings.HasPrefix(nd.name, "Nomenclature"):
			return "TNomenclature", false
		}
		return "T" + nd.name, false
	}
	l := nd.el.Value
	switch l.Kind {
	case schema.KindTexte:
		return "Base_Texte" + strconv.Itoa(l.Max), commun
	case schema.KindAlphanum:
		return "Base_Alphanum" + strconv.Itoa(l.Max), commun
	case schema.KindNum:
		return "Base_Num" + strconv.Itoa(l.Max), commun
	case schema.KindDate:
		return "Base_Date", commun
	case schema.KindAnnee:
		return "Base_Annee", commun
	case schema.KindBooleen:
		return "Base_Booleen", commun
	case schema.KindMois:
		return "Base_Mois", commun
	case schema.KindDecimal:
		return decimalTypes[[2]int{l.Total, l.Fraction}], commun
	}
	if nd.name == "Statut" {
		return "TStatut", commun
	}
	return "", false
}

var decimalTypes = map[[2]int]string{
	{14, 2}: "Base_Montant", {15, 3}: "Base_Montant3", {5, 2}: "Base_Taux", {6, 3}: "Base_Taux3", {0, 2}: "Base_Dec2", {0, 3}: "Base_Dec3",
}
