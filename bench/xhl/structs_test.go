package xhl_test

import "encoding/xml"

// payeIndivMensuel is the bulletin of schema 1.4 in the manner of encoding/xml:
// what is compulsory is a value, what may be absent a pointer or a slice.
type payeIndivMensuel struct {
	XMLName           xml.Name `xml:"PayeIndivMensuel"`
	Agent             agent
	Evenement         []evenement
	Service           leaf
	NBI               []leaf
	QuotiteTrav       leaf
	Periode           periode
	Remuneration      remuneration
	NbHeureTotal      *leaf
	TauxHor           *leaf
	NbHeureSup        leaf
	MtBrut            leaf
	MtNet             leaf
	MtNetAPayer       leaf
	DatePaiement      leaf
	MtImposable       leaf
	CumulMtImposable  leaf
	CumulMtBrut       leaf
	CumulBaseSS       leaf
	RepartitionBudget []repartitionBudget
	PJRef             []pjRef
}

type leaf struct {
	V string `xml:"V,attr"`
}

type agent struct {
	Civilite           *leaf
	Nom                leaf
	ComplNom           *leaf
	Prenom             *leaf
	Matricule          leaf
	NIR                leaf
	Adresse            adresse
	NbEnfants          leaf
	Statut             leaf
	RefNomenStatutaire *correspondance
	EmploiMetier       leaf
	Grade              leaf
	Echelon            leaf
	Indice             leaf
	CptBancaire        *cptBancaire
}

type adresse struct {
	TypAdr  leaf
	Adr1    *leaf
	Adr2    *leaf
	Adr3    *leaf
	CP      leaf
	Ville   *leaf
	CodRes  leaf
	CodPays *leaf
	DteAdr  *leaf
}

type correspondance struct {
	Code    leaf
	Libelle leaf
}

type cptBancaire struct {
	IdPayInt  *leaf
	IdBancInt *leaf
	CodeEtab  *leaf
	CodeGuic  *leaf
	IdCpte    *leaf
	CleRib    *leaf
	BIC       *leaf
	IBAN      *leaf
	LibBanc   *leaf
	TitCpte   leaf
	DteBanc   *leaf
}

type evenement struct {
	Code        leaf
	Description *leaf
}

type periode struct {
	DateDebut leaf
	DateFin   leaf
}

type remuneration struct {
	TraitBrut      []ligneP
	IndemResid     []ligneP
	SupFam         []ligneP
	AvantageNature []ligneP
	Indemnite      []ligneP
	RemDivers      []ligneP
	Deduction      []ligneP
	Acompte        []ligneP
	Rappel         []ligneP
	Retenue        []ligneP
	Cotisation     []ligneP
	Commentaire    []commentaire
}

// lignes are the lines in the order of the schema.
func (r *remuneration) lignes() [11][]ligneP {
	return [...][]ligneP{r.TraitBrut, r.IndemResid, r.SupFam, r.AvantageNature, r.Indemnite, r.RemDivers,
		r.Deduction, r.Acompte, r.Rappel, r.Retenue, r.Cotisation}
}

type ligneP struct {
	Libelle    leaf
	Code       leaf
	Base       *leaf
	Taux       *leaf
	NbUnite    *leaf
	Mt         leaf
	PeriodeRef *periode
	CodeCaisse *leaf
	Ordre      leaf
}

type commentaire struct {
	Libelle leaf
	Ordre   leaf
}

type repartitionBudget struct {
	CodeBudget leaf
	Taux       *leaf
	Mt         *leaf
}

type pjRef struct {
	Support  leaf
	IdUnique leaf
	NomPJ    *leaf
}
