package pespj

// Namespaces of the roots.
const (
	NSAller  = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"
	NSRetour = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2"

	nsCommun = "http://www.minefi.gouv.fr/cp/helios/pes_v2/commun"
	nsDsig   = "http://www.w3.org/2000/09/xmldsig#"
	nsXSI    = "http://www.w3.org/2001/XMLSchema-instance"
	nsXSD    = "http://www.w3.org/2001/XMLSchema"
	nsXML    = "http://www.w3.org/XML/1998/namespace"
)

// contenu is what may stand inside an element of a type.
type contenu uint8

const (
	suite   contenu = iota // children in order, blanks between them
	vide                   // nothing, not even a blank; the value is in an attribute
	binaire                // xs:base64Binary
	skip                   // any children, unchecked: the other domains
	libre                  // anything: the signature
)

// genre is a complex type of the schema.
type genre struct {
	nom, ns   string // for xsi:type; no name for an anonymous type
	contenu   contenu
	attribut  string // the one attribute, "" for none
	requis    bool
	valeur    *simple
	particule []particule
}

const sansBorne = int(^uint(0) >> 1)

// particule is an element in a sequence. Particles of one sequence have
// distinct names, so that the automaton is a position.
type particule struct {
	nom, ns  string
	min, max int
	genre    *genre
	// option is above 0 for the branches of a choice of optional elements:
	// elements of two options exclude each other.
	option uint8
	champ  champ
}

// champ says where the reader keeps the value of an element.
type champ uint8

const (
	champAucun champ = iota
	champVersion
	champTypFic
	champNomFic
	champEmetteurSigle
	champEmetteurAdresse
	champRecepteurSigle
	champRecepteurAdresse
	champDteStr
	champIdPost
	champLibellePoste
	champIdColl
	champFinJur
	champCodCol
	champCodBud
	champLibelleColBud
	champIdVer
	champEnTete
	champFichier
	champIdUnique
	champServeurId
	champNomPJ
	champTypePJ
	champDescription
	champPJ
	champRefCompta
	champDomaine
	champExercice
	champTypeObjet
	champIdentifiant
	champComplement
	champIdTiers
	champAutreDomaine
	champPES_PJ
	champSignature
	nombreDeChamps
)

// feuille is <Nom V="…"/>; commun names its type for xsi:type, in the
// namespace that includes Simple_Type.xsd.
func feuille(typeName string, valeur *simple) *genre {
	return &genre{nom: typeName, ns: nsCommun, contenu: vide, attribut: "V", requis: true, valeur: valeur}
}

func sequence(typeName, ns string, p ...particule) *genre {
	return &genre{nom: typeName, ns: ns, contenu: suite, particule: p}
}

func un(nom string, g *genre, c champ) particule {
	return particule{nom: nom, min: 1, max: 1, genre: g, champ: c}
}

func auPlusUn(nom string, g *genre, c champ) particule {
	return particule{nom: nom, max: 1, genre: g, champ: c}
}

func plusieurs(nom string, min int, g *genre, c champ) particule {
	return particule{nom: nom, min: min, max: sansBorne, genre: g, champ: c}
}

// racine is a document that the schema declares.
type racine struct {
	nom, ns string
	genre   *genre
}

// The complex types of XSD PES 5.30 for the envelope, the header and PES_PJ.
// The content of the accounting domains and of the signature is not checked.
var (
	gEnveloppe = sequence("TEnveloppe", nsCommun,
		un("Parametres", sequence("TParametres", nsCommun,
			un("Version", feuille("Base_Num2", vNum2), champVersion),
			un("TypFic", feuille("Base_Texte32", vTexte32), champTypFic),
			un("NomFic", feuille("Base_Texte100", vTexte100), champNomFic)), champAucun),
		un("Emetteur", sequence("TCarteVisite", nsCommun,
			un("Sigle", feuille("Base_Texte32", vTexte32), champEmetteurSigle),
			un("Adresse", feuille("Base_Texte38", vTexte38), champEmetteurAdresse)), champAucun),
		auPlusUn("Recepteur", sequence("TCarteVisiteRecepteur", nsCommun,
			auPlusUn("Sigle", feuille("Base_Texte32", vTexte32), champRecepteurSigle),
			auPlusUn("Adresse", feuille("Base_Texte38", vTexte38), champRecepteurAdresse)), champAucun))

	gEnTetePES = sequence("TEnTetePES", nsCommun,
		un("DteStr", feuille("Base_Date", vDate), champDteStr),
		un("IdPost", feuille("Base_TexteCodique7", vCodique), champIdPost),
		auPlusUn("LibellePoste", feuille("Base_Texte38", vTexte38), champLibellePoste),
		un("IdColl", feuille("Base_Num14_Light", vNum14Light), champIdColl),
		auPlusUn("FinJur", feuille("Base_Alphanum20_Light", vAlphanum20Light), champFinJur),
		un("CodCol", feuille("Base_CodeCol3", vCodeCol3), champCodCol),
		un("CodBud", feuille("Base_CodeBud2", vCodeBud2), champCodBud),
		auPlusUn("LibelleColBud", feuille("Base_Texte38", vTexte38), champLibelleColBud))

	gFichier = &genre{contenu: binaire, attribut: "MIMEType", requis: true, valeur: vToken}

	gRefCompta = sequence("TPES_RefCompta", NSAller,
		un("Domaine", feuille("TDomaine", vDomaine), champDomaine),
		un("Exercice", feuille("Base_Annee", vAnnee), champExercice),
		un("TypeObjet", feuille("TObjet", vObjet), champTypeObjet),
		auPlusUn("Identifiant", feuille("Base_IdentifiantPJ20", vTexte20), champIdentifiant),
		auPlusUn("ComplementIdentifiant", feuille("Base_Alphanum20", vAlphanum20), champComplement),
		auPlusUn("IdTiers", feuille("Base_Texte15", vTexte15), champIdTiers))

	gPJ = sequence("", "",
		un("Contenu", sequence("", "", un("Fichier", gFichier, champFichier)), champAucun),
		un("IdUnique", feuille("Base_Alphanum50", vAlphanum50), champIdUnique),
		auPlusUn("ServeurId", feuille("Base_Alphanum20", vAlphanum20), champServeurId),
		un("NomPJ", feuille("Base_NomPJ", vNomPJ), champNomPJ),
		auPlusUn("TypePJ", feuille("TPJ", vTypePJ), champTypePJ),
		un("Description", feuille("Base_Texte250", vTexte250), champDescription),
		plusieurs("RefCompta", 0, gRefCompta, champRefCompta))

	gPES_PJ = sequence("TPES_PJs", NSAller,
		un("EnTetePES_PJ", sequence("", "", un("IdVer", feuille("Base_Num1", vNum1), champIdVer)), champAucun),
		plusieurs("PJ", 0, gPJ, champPJ))

	racineAller = &racine{"PES_Aller", NSAller, &genre{contenu: suite, attribut: "Id", valeur: vID, particule: []particule{
		un("Enveloppe", gEnveloppe, champAucun),
		un("EnTetePES", gEnTetePES, champEnTete),
		auPlusUn("PES_DepenseAller", autreDomaine("TPES_DepenseAller", "depense"), champAutreDomaine),
		auPlusUn("PES_RecetteAller", autreDomaine("TPES_RecetteAller", "recette"), champAutreDomaine),
		auPlusUn("PES_Facture", autreDomaine("TPESFacture", "facture"), champAutreDomaine),
		auPlusUn("PES_Marche", autreDomaine("TPES_MarcheAller", "marche"), champAutreDomaine),
		auPlusUn("PES_PJ", gPES_PJ, champPES_PJ),
		{nom: "Signature", ns: nsDsig, max: 1, genre: gLibre, champ: champSignature},
	}}}

	gLibre = &genre{nom: "anyType", ns: nsXSD, contenu: libre}
)

func autreDomaine(typeName, domaine string) *genre {
	return &genre{nom: typeName, ns: "http://www.minefi.gouv.fr/cp/helios/pes_v2/" + domaine + "/r0/aller", contenu: skip}
}

// The complex types of PES_V2_Acquit_Autonome_V2.xsd.
var (
	gErreur = sequence("TErreur", NSRetour,
		auPlusUn("NumAnoAck", &genre{nom: "TNumAnoAck", ns: NSRetour, contenu: vide, attribut: "V", requis: true, valeur: vNumAnoAck}, champAucun),
		auPlusUn("LibelleAnoAck", feuille("Base_Texte500_Light", vTexte500Light), champAucun))

	gDetailLigne = sequence("TDetailLigne", NSRetour,
		un("NumLigne", feuille("Base_Num13_Light", vNum13Light), champAucun),
		plusieurs("Erreur", 0, gErreur, champAucun))

	gDetailPiece = sequence("TDetailPiece", NSRetour,
		un("NumPiece", feuille("Base_Num13_Light", vNum13Light), champAucun),
		plusieurs("Erreur", 0, gErreur, champAucun),
		plusieurs("DetailLigne", 0, gDetailLigne, champAucun))

	gElementACQUIT = sequence("TElementACQUIT", NSRetour,
		un("DomaineAck", &genre{nom: "TDomaineAck", ns: NSRetour, contenu: vide, attribut: "V", requis: true, valeur: vDomaineAck}, champAucun),
		un("EtatAck", feuille("Base_Booleen", vBooleen), champAucun),
		particule{nom: "NumBord", max: 1, genre: feuille("Base_Num7_Light", vNum7Light), option: 1},
		particule{nom: "ExerciceBord", max: 1, genre: feuille("Base_Num4_Light", vNum4Light), option: 1},
		particule{nom: "IdMarche", max: 1, genre: feuille("Base_Texte18_Light", vTexte18Light), option: 2},
		particule{nom: "IdUnique", max: 1, genre: feuille("Base_Alphanum50_Light", vAlphanum50Light), option: 3},
		plusieurs("Erreur", 0, gErreur, champAucun),
		plusieurs("DetailPiece", 0, gDetailPiece, champAucun))

	racineAcquit = &racine{"PES_ACQUIT", NSRetour, sequence("TPES_ACQUIT", NSRetour,
		un("Enveloppe", gEnveloppe, champAucun),
		un("EnTetePES", gEnTetePES, champAucun),
		un("ACQUIT", sequence("TACQUIT", NSRetour,
			un("EnTeteAcquit", sequence("TEnTeteAcquit", NSRetour, un("IdVer", feuille("Base_Num2_Light", vNum2Light), champAucun)), champAucun),
			plusieurs("ElementACQUIT", 1, gElementACQUIT, champAucun)), champAucun))}
)
