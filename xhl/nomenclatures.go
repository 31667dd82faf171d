package xhl

// Nomenclatures are the code lists of the HR package. They follow the
// bulletins, and old codes stay listed.
type Nomenclatures struct {
	NomenclatureEvtPaye      Nomenclature
	NomenclatureRubriquePaye NomenclatureRubrique
	NomenclatureCaisse       Nomenclature
	NomenclatureBudget       *Nomenclature
	NomenclatureNature       *Nomenclature
	NomenclatureStatut       *Nomenclature
	NomenclatureTrain        *Nomenclature
}

// Nomenclature is one code list.
type Nomenclature struct {
	Description    string
	Correspondance []Correspondance
}

// Correspondance is one code with its label, which comes first on the wire.
type Correspondance struct {
	Libelle string
	Code    string
}

// NomenclatureRubrique is the list of the pay items.
type NomenclatureRubrique struct {
	Description    string
	Correspondance []Rubrique
}

// Rubrique is one pay item. CodeNatureEmp and CodeNatureSal are the accounts
// that bear the employer's and the agent's part.
type Rubrique struct {
	Libelle       string
	Code          string
	CodeCaisse    Opt[string]
	CodeNatureEmp Opt[string]
	CodeNatureSal Opt[string]
}

// Repartition is one line of RepartitionParNature: an account, and the amount
// that the journal charges to it.
type Repartition struct {
	Libelle      Opt[string]
	Code         string
	CodeFonction Opt[string]
	CodeBudget   Opt[string]
	Mt           Decimal
}

// RepartitionParNature is the last block of a journal: the accountant's link
// with the mandats.
type RepartitionParNature struct {
	Repartition []Repartition
}
