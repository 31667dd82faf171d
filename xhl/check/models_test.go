package check

import (
	"strings"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

const adresseModele = `<Adresse><TypAdr V="1"/><Adr1 V="1 RUE"/><Adr2 V=""/><Adr3 V="x"/><CP V="31000"/><Ville V="VILLE"/><CodRes V="0"/><CodPays V="100"/><DteAdr V="2003-01-15"/></Adresse>`

const lignePleine = `<Libelle V="TRAITEMENT"/><Code V="100"/><Base V="2000.00"/><Taux V="1.250"/><NbUnite V="151.670"/><Mt V="2000.00"/><PeriodeRef><DateDebut V="2026-01-01"/><DateFin V="2026-01-31"/></PeriodeRef><CodeCaisse V="C1"/><Ordre V="10"/>`

const nomModele = `<Description V="liste"/><Correspondance><Libelle V="un"/><Code V="1"/></Correspondance><Correspondance><Libelle V="deux"/><Code V="2"/></Correspondance>`

// complete is a journal that has every element of schema 1.4 at least once.
var complete = `<n:DocumentPaye xmlns:n="` + schema.Namespace + `" xmlns:c="` + communNamespace + `" xmlns:xsi="` + xsiNamespace + `" xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:schemaLocation="` + schema.Namespace + ` DocumentPaye.xsd">` +
	`<IdVer V="1.1"/><Annee V="2026"/><Mois V="11"/><Train V="1"/><Budget><Libelle V="Principal"/><Code V="00"/></Budget>` +
	`<Employeur><Nom V="Mairie"/><APE V="8411Z"/>` + adresseModele + `<NumUrssaf V="1"/><Siret V="12345678200010"/></Employeur>` +
	`<DonneesIndiv><Etablissement><Nom V="Ecole"/><NumUrssaf V="1"/>` + adresseModele + `<Siret V="12345678200010"/></Etablissement>` +
	`<PayeIndivMensuel><Agent><Civilite V="M"/><Nom V="NOM"/><ComplNom V="C"/><Prenom V="P"/><Matricule V="A1"/><NIR V="123456789012311"/>` + adresseModele +
	`<NbEnfants V="2"/><Statut V="TITULAIRE"/><RefNomenStatutaire><Code V="AAR3"/><Libelle V="REDACTEUR"/></RefNomenStatutaire><EmploiMetier V="E"/><Grade V="G"/><Echelon V="7"/><Indice V="513"/>` +
	`<CptBancaire><IdPayInt V="FR76"/><IdBancInt V="X"/><CodeEtab V="20041"/><CodeGuic V="01005"/><IdCpte V="0500013M026"/><CleRib V="06"/><LibBanc V="B"/><TitCpte V="T"/><DteBanc V="2020-01-01"/></CptBancaire></Agent>` +
	`<Evenement><Code V="1"/><Description V="d"/></Evenement><Evenement><Code V=""/></Evenement><Service V="S"/><NBI V="0"/><NBI V="25.000"/><QuotiteTrav V="100.00"/><Periode><DateDebut V="2026-11-01"/><DateFin V="2026-11-30"/></Periode>` +
	`<Remuneration>` + toutesLignes() + `<Commentaire><Libelle V="c"/><Ordre V="1"/></Commentaire><Commentaire><Libelle V="d"/><Ordre V="2"/></Commentaire></Remuneration>` +
	`<NbHeureTotal V="151.67"/><TauxHor V="12.345"/><NbHeureSup V="0"/><MtBrut V="14000.00"/><MtNet V="1.00"/><MtNetAPayer V="8000.00"/><DatePaiement V="2026-11-28"/><MtImposable V="1"/><CumulMtImposable V="1"/><CumulMtBrut V="1"/><CumulBaseSS V="1"/>` +
	`<RepartitionBudget><CodeBudget V="1"/><Taux V="50"/></RepartitionBudget><RepartitionBudget><CodeBudget V="2"/><Mt V="1000.00"/></RepartitionBudget><PJRef><Support V="01"/><IdUnique V="P1"/><NomPJ V="p1.pdf"/></PJRef><PJRef><Support V="10"/><IdUnique V="P2"/></PJRef></PayeIndivMensuel></DonneesIndiv>` +
	`<DonneesIndiv><PayeIndivMensuel><Agent><Nom V="B"/><Matricule V="B2"/><NIR V=""/><Adresse><TypAdr V="0"/><CP V=""/><CodRes V="false"/></Adresse><NbEnfants V=""/><Statut V="STAGIAIRE"/><EmploiMetier V=""/><Grade V=""/><Echelon V=""/><Indice V=""/>` +
	`<CptBancaire><BIC V="PSSTFRPPTOU"/><IBAN V="FR1420041010050500013M02606"/><TitCpte V="T"/></CptBancaire></Agent><Service V=""/><NBI V="0"/><QuotiteTrav V="80.00"/><Periode><DateDebut V="2026-11-01"/><DateFin V="2026-11-30"/></Periode><Remuneration/>` +
	`<NbHeureSup V="0"/><MtBrut V="0"/><MtNet V="0"/><MtNetAPayer V="0"/><DatePaiement V="2026-11-28"/><MtImposable V="0"/><CumulMtImposable V="0"/><CumulMtBrut V="0"/><CumulBaseSS V="0"/></PayeIndivMensuel></DonneesIndiv>` +
	`<Nomenclatures><NomenclatureEvtPaye>` + nomModele + `</NomenclatureEvtPaye><NomenclatureRubriquePaye><Description V="r"/><Correspondance><Libelle V="T"/><Code V="100"/><CodeCaisse V="C1"/><CodeNatureEmp V="1"/><CodeNatureSal V="2"/></Correspondance><Correspondance><Libelle V="U"/><Code V="200"/></Correspondance></NomenclatureRubriquePaye>` +
	`<NomenclatureCaisse><Description V="c"/><Correspondance><Libelle V="caisse"/><Code V="C1"/></Correspondance></NomenclatureCaisse><NomenclatureBudget>` + nomModele + `</NomenclatureBudget><NomenclatureNature>` + nomModele + `</NomenclatureNature><NomenclatureStatut>` + nomModele + `</NomenclatureStatut><NomenclatureTrain>` + nomModele + `</NomenclatureTrain></Nomenclatures>` +
	`<RepartitionParNature><Repartition><Libelle V="l"/><Code V="1"/><CodeFonction V="f"/><CodeBudget V="1"/><Mt V="2000.00"/></Repartition><Repartition><Code V="2"/><Mt V="8000.00"/></Repartition></RepartitionParNature></n:DocumentPaye>`

func toutesLignes() string {
	var b strings.Builder
	for _, n := range xhl.Natures() {
		b.WriteString("<" + n.String() + ">" + lignePleine + "</" + n.String() + ">")
	}
	b.WriteString(`<Cotisation><Libelle V=""/><Code V=""/><Mt V="0"/><Ordre V=""/></Cotisation>`)
	return b.String()
}

// complete12b is complete without what schema 1.2b does not have.
var complete12b = strings.NewReplacer(
	`<Train V="1"/>`, "",
	`<BIC V="PSSTFRPPTOU"/><IBAN V="FR1420041010050500013M02606"/>`, `<CodeEtab V="20041"/><CodeGuic V="01005"/><IdCpte V="0500013M026"/><CleRib V="06"/>`,
	`<NomenclatureTrain>`+nomModele+`</NomenclatureTrain>`, "").Replace(complete)

// petit is a small journal that has a leaf of every type of value.
var petit = `<n:DocumentPaye xmlns:n="` + schema.Namespace + `"><IdVer V="1.1"/><Annee V="2026"/><Mois V="11"/><Train V="1"/>` +
	`<Employeur><Nom V="Mairie"/><APE V="8411Z"/><Adresse><TypAdr V="1"/><CP V="31000"/><CodRes V="0"/><CodPays V="100"/><DteAdr V="2003-01-15"/></Adresse><NumUrssaf V="1"/><Siret V="12345678200010"/></Employeur>` +
	`<DonneesIndiv><PayeIndivMensuel><Agent><Nom V="B"/><Matricule V="B2"/><NIR V=""/><Adresse><TypAdr V="0"/><CP V=""/><CodRes V="false"/></Adresse><NbEnfants V=""/><Statut V="STAGIAIRE"/><EmploiMetier V=""/><Grade V=""/><Echelon V=""/><Indice V=""/></Agent>` +
	`<Service V=""/><NBI V="0"/><QuotiteTrav V="80.00"/><Periode><DateDebut V="2026-11-01"/><DateFin V="2026-11-30"/></Periode><Remuneration><TraitBrut><Libelle V=""/><Code V=""/><Taux V="1"/><Mt V="0"/><Ordre V=""/></TraitBrut></Remuneration>` +
	`<TauxHor V="1"/><NbHeureSup V="0"/><MtBrut V="0"/><MtNet V="0"/><MtNetAPayer V="0"/><DatePaiement V="2026-11-28"/><MtImposable V="0"/><CumulMtImposable V="0"/><CumulMtBrut V="0"/><CumulBaseSS V="0"/><PJRef><Support V="01"/><IdUnique V="P1"/></PJRef></PayeIndivMensuel></DonneesIndiv>` +
	`<Nomenclatures>` + nomsModele("EvtPaye", "RubriquePaye", "Caisse") + `</Nomenclatures><RepartitionParNature><Repartition><Code V="1"/><Mt V="0"/></Repartition></RepartitionParNature></n:DocumentPaye>`

func nomsModele(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString("<Nomenclature" + n + `><Description V=""/><Correspondance><Libelle V=""/><Code V=""/></Correspondance></Nomenclature` + n + ">")
	}
	return b.String()
}
