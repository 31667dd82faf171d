package xhl

// Entete is the head of a journal: the elements of DocumentPaye before the
// first DonneesIndiv. A volume repeats it.
type Entete struct {
	IdVer     Decimal
	Annee     string
	Mois      string // "8" or "08"
	Train     Opt[string]
	Budget    *Budget // nil when absent
	Employeur Employeur
}

// Budget is the budget that the journal belongs to: "00" for the main one,
// "99" for several.
type Budget struct {
	Libelle string
	Code    string
}

// Employeur is the authority that pays.
type Employeur struct {
	Nom       string
	APE       string
	Adresse   Adresse
	NumUrssaf string
	Siret     string
}

// Etablissement is the place that a DonneesIndiv is about. Its children are
// not in the order of those of Employeur.
type Etablissement struct {
	Nom       string
	NumUrssaf string
	Adresse   Adresse
	Siret     string
}

// Adresse is a postal address as the PES writes it.
type Adresse struct {
	TypAdr  string // "0", "1" or "2"
	Adr1    Opt[Nominatif]
	Adr2    Opt[Nominatif]
	Adr3    Opt[Nominatif]
	CP      Nominatif
	Ville   Opt[Nominatif]
	CodRes  string // xs:boolean
	CodPays Opt[string]
	DteAdr  Date
}

// Bulletin is one pay slip: an element PayeIndivMensuel. Its fields have the
// names and the order of the schema; an element that may be absent is an Opt,
// a pointer, a slice, or an empty Decimal or Date.
type Bulletin struct {
	Agent             Agent
	Evenement         []Evenement
	Service           string
	NBI               []Decimal // points, main function first
	QuotiteTrav       Decimal   // percent
	Periode           Periode
	Remuneration      Remuneration
	NbHeureTotal      Decimal
	TauxHor           Decimal
	NbHeureSup        Decimal
	MtBrut            Decimal
	MtNet             Decimal
	MtNetAPayer       Decimal
	DatePaiement      Date
	MtImposable       Decimal
	CumulMtImposable  Decimal
	CumulMtBrut       Decimal
	CumulBaseSS       Decimal
	RepartitionBudget []RepartitionBudget
	PJRef             []PJRef

	Lieu Lieu // where the Reader found it
}

// Lieu is the place of a bulletin in its journal.
type Lieu struct {
	Rang          int            // from 0, over the whole journal
	Groupe        int            // index of its DonneesIndiv, from 0
	Etablissement *Etablissement // of its DonneesIndiv; nil when that has none
	Offset        int64          // of Raw, in bytes from the start of the journal
	Ligne         int64          // of the start of Raw, from 1
	Raw           []byte         // the element with what precedes it since its elder sibling; valid until the next bulletin
}

// Agent is the person that is paid.
type Agent struct {
	Civilite           Opt[Nominatif]
	Nom                Nominatif
	ComplNom           Opt[Nominatif]
	Prenom             Opt[Nominatif]
	Matricule          string
	NIR                Nominatif
	Adresse            Adresse
	NbEnfants          Nominatif
	Statut             string
	RefNomenStatutaire *RefNomenStatutaire
	EmploiMetier       string
	Grade              string
	Echelon            string
	Indice             string
	CptBancaire        *CptBancaire
}

// RefNomenStatutaire names the grade in the national nomenclature (NET).
type RefNomenStatutaire struct {
	Code    string
	Libelle string
}

// CptBancaire is the account that is credited: either a RIB (CodeEtab,
// CodeGuic, IdCpte, CleRib, after IdPayInt and IdBancInt) or, from schema 1.4,
// a BIC with an IBAN. ParIBAN tells which.
type CptBancaire struct {
	IdPayInt  Opt[Nominatif]
	IdBancInt Opt[Nominatif]
	CodeEtab  Nominatif
	CodeGuic  Nominatif
	IdCpte    Nominatif
	CleRib    Nominatif
	BIC       Opt[Nominatif]
	IBAN      Opt[Nominatif]
	LibBanc   Opt[Nominatif]
	TitCpte   Nominatif
	DteBanc   Date
}

// ParIBAN reports whether the account is given by BIC and IBAN.
func (c *CptBancaire) ParIBAN() bool { return c.BIC.Set || c.IBAN.Set }

// Evenement is something that happened to the agent this month.
type Evenement struct {
	Code        string
	Description Opt[string]
}

// Periode is a span of days, both included.
type Periode struct {
	DateDebut Date
	DateFin   Date
}

// Nature is the kind of a line of Remuneration: the name of its element.
type Nature uint8

const (
	TraitBrut Nature = iota
	IndemResid
	SupFam
	AvantageNature
	Indemnite
	RemDivers
	Deduction
	Acompte
	Rappel
	Retenue
	Cotisation
	NbNatures
)

var natureNames = [NbNatures]string{
	"TraitBrut", "IndemResid", "SupFam", "AvantageNature", "Indemnite", "RemDivers",
	"Deduction", "Acompte", "Rappel", "Retenue", "Cotisation",
}

// String is the name of the element.
func (n Nature) String() string { return natureNames[n] }

// NatureOf tells the Nature that an element of Remuneration is.
func NatureOf(local []byte) (Nature, bool) {
	for n, name := range natureNames {
		if string(local) == name {
			return Nature(n), true
		}
	}
	return 0, false
}

// Natures lists the kinds of lines in the order of the schema.
func Natures() []Nature {
	list := make([]Nature, NbNatures)
	for n := range list {
		list[n] = Nature(n)
	}
	return list
}

// Remuneration holds the lines of a bulletin. Lignes is in the order of the
// document, which the schema wants sorted by Nature.
type Remuneration struct {
	Lignes      []LigneP
	Commentaire []Commentaire
}

// LigneP is one line of a bulletin. For a line by units Taux is an amount per
// unit. Ordre is the order of display on the bulletin.
type LigneP struct {
	Nature     Nature
	Libelle    string
	Code       string
	Base       Decimal
	Taux       Decimal
	NbUnite    Decimal
	Mt         Decimal
	PeriodeRef *Periode
	CodeCaisse Opt[string]
	Ordre      string
}

// Commentaire is a line of text of a bulletin.
type Commentaire struct {
	Libelle string
	Ordre   string
}

// RepartitionBudget says which part of a bulletin a budget bears: a rate in
// percent or an amount, one of the two.
type RepartitionBudget struct {
	CodeBudget string
	Taux       Decimal
	Mt         Decimal
}

// PJRef is the reference to a justificatif. The same IdUnique at several
// agents is one document.
type PJRef struct {
	Support  string
	IdUnique string
	NomPJ    Opt[string]
}
