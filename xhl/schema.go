package xhl

import (
	"slices"

	"paye/xhl/internal/schema"
)

// ligne is the element of the lines of one Nature: they share one list.
func ligne(n Nature) *schema.Element {
	return &schema.Element{Name: n.String(), Many: true, Children: ligneP,
		Add: func(p any) any {
			l := schema.Grow(&p.(*Remuneration).Lignes)
			l.Nature = n
			return l
		},
		At: func(p any, cursor int) (any, int) {
			lines := p.(*Remuneration).Lignes
			for ; cursor < len(lines); cursor++ {
				if lines[cursor].Nature == n {
					return &lines[cursor], cursor + 1
				}
			}
			return nil, cursor
		},
	}
}

func adresse[P any](at func(*P) *Adresse) *schema.Element {
	return schema.One("Adresse", at,
		schema.Leaf("TypAdr", schema.Enum("0", "1", "2"), func(a *Adresse) *string { return &a.TypAdr }),
		schema.LeafOpt("Adr1", schema.Texte(38), func(a *Adresse) schema.Optional { return &a.Adr1 }),
		schema.LeafOpt("Adr2", schema.Texte(38), func(a *Adresse) schema.Optional { return &a.Adr2 }),
		schema.LeafOpt("Adr3", schema.Texte(38), func(a *Adresse) schema.Optional { return &a.Adr3 }),
		schema.Leaf("CP", schema.Texte(5), func(a *Adresse) *string { return (*string)(&a.CP) }),
		schema.LeafOpt("Ville", schema.Texte(38), func(a *Adresse) schema.Optional { return &a.Ville }),
		schema.Leaf("CodRes", schema.Booleen, func(a *Adresse) *string { return &a.CodRes }),
		schema.LeafOpt("CodPays", schema.Num(3), func(a *Adresse) schema.Optional { return &a.CodPays }),
		schema.Leaf0("DteAdr", schema.Jour, func(a *Adresse) *string { return (*string)(&a.DteAdr) }),
	)
}

var periode = []*schema.Element{
	schema.Leaf("DateDebut", schema.Jour, func(p *Periode) *string { return (*string)(&p.DateDebut) }),
	schema.Leaf("DateFin", schema.Jour, func(p *Periode) *string { return (*string)(&p.DateFin) }),
}

var ligneP = []*schema.Element{
	schema.Leaf("Libelle", schema.Texte(100), func(l *LigneP) *string { return &l.Libelle }),
	schema.Leaf("Code", schema.Texte(12), func(l *LigneP) *string { return &l.Code }),
	schema.Leaf0("Base", schema.Mt, func(l *LigneP) *string { return (*string)(&l.Base) }),
	schema.Leaf0("Taux", schema.Taux3, func(l *LigneP) *string { return (*string)(&l.Taux) }),
	schema.Leaf0("NbUnite", schema.Dec3, func(l *LigneP) *string { return (*string)(&l.NbUnite) }),
	schema.Leaf("Mt", schema.Mt, func(l *LigneP) *string { return (*string)(&l.Mt) }),
	schema.Maybe("PeriodeRef", func(l *LigneP) **Periode { return &l.PeriodeRef }, periode...),
	schema.LeafOpt("CodeCaisse", schema.Texte(24), func(l *LigneP) schema.Optional { return &l.CodeCaisse }),
	schema.Leaf("Ordre", schema.Num(10), func(l *LigneP) *string { return &l.Ordre }),
}

// enteteElement is DocumentPaye as far as the first DonneesIndiv.
var enteteElement = &schema.Element{Name: "DocumentPaye", Children: []*schema.Element{
	schema.Leaf("IdVer", schema.Dec2, func(e *Entete) *string { return (*string)(&e.IdVer) }),
	schema.Leaf("Annee", schema.Annee, func(e *Entete) *string { return &e.Annee }),
	schema.Leaf("Mois", schema.Mois, func(e *Entete) *string { return &e.Mois }),
	schema.Only14(schema.LeafOpt("Train", schema.Texte(24), func(e *Entete) schema.Optional { return &e.Train })),
	schema.Maybe("Budget", func(e *Entete) **Budget { return &e.Budget },
		schema.Leaf("Libelle", schema.Texte(100), func(b *Budget) *string { return &b.Libelle }),
		schema.Leaf("Code", schema.Texte(24), func(b *Budget) *string { return &b.Code }),
	),
	schema.One("Employeur", func(e *Entete) *Employeur { return &e.Employeur },
		schema.Leaf("Nom", schema.Texte(100), func(e *Employeur) *string { return &e.Nom }),
		schema.Leaf("APE", schema.Alphanum(5), func(e *Employeur) *string { return &e.APE }),
		adresse(func(e *Employeur) *Adresse { return &e.Adresse }),
		schema.Leaf("NumUrssaf", schema.Texte(24), func(e *Employeur) *string { return &e.NumUrssaf }),
		schema.Leaf("Siret", schema.Num(14), func(e *Employeur) *string { return &e.Siret }),
	),
}}

// Groupe is what stands once in a DonneesIndiv, a run of bulletins of one
// établissement.
type Groupe struct{ Etablissement *Etablissement } // nil when absent

var etablissementElement = schema.Maybe("Etablissement", func(g *Groupe) **Etablissement { return &g.Etablissement },
	schema.Leaf("Nom", schema.Texte(100), func(e *Etablissement) *string { return &e.Nom }),
	schema.Leaf("NumUrssaf", schema.Texte(24), func(e *Etablissement) *string { return &e.NumUrssaf }),
	adresse(func(e *Etablissement) *Adresse { return &e.Adresse }),
	schema.Leaf("Siret", schema.Num(14), func(e *Etablissement) *string { return &e.Siret }),
)

// bulletinElement is PayeIndivMensuel; many of them follow each other, so its
// place in the Go types is the Reader's and the Writer's matter.
var bulletinElement = &schema.Element{Name: "PayeIndivMensuel", Min: 1, Many: true, Children: []*schema.Element{
	schema.One("Agent", func(b *Bulletin) *Agent { return &b.Agent },
		schema.LeafOpt("Civilite", schema.Texte(10), func(a *Agent) schema.Optional { return &a.Civilite }),
		schema.Leaf("Nom", schema.Texte(50), func(a *Agent) *string { return (*string)(&a.Nom) }),
		schema.LeafOpt("ComplNom", schema.Texte(50), func(a *Agent) schema.Optional { return &a.ComplNom }),
		schema.LeafOpt("Prenom", schema.Texte(50), func(a *Agent) schema.Optional { return &a.Prenom }),
		schema.Leaf("Matricule", schema.Texte(24), func(a *Agent) *string { return &a.Matricule }),
		schema.Leaf("NIR", schema.Alphanum(15), func(a *Agent) *string { return (*string)(&a.NIR) }),
		adresse(func(a *Agent) *Adresse { return &a.Adresse }),
		schema.Leaf("NbEnfants", schema.Num(2), func(a *Agent) *string { return (*string)(&a.NbEnfants) }),
		schema.Leaf("Statut", schema.Statut, func(a *Agent) *string { return &a.Statut }),
		schema.Maybe("RefNomenStatutaire", func(a *Agent) **RefNomenStatutaire { return &a.RefNomenStatutaire },
			schema.Leaf("Code", schema.Alphanum(10), func(r *RefNomenStatutaire) *string { return &r.Code }),
			schema.Leaf("Libelle", schema.Texte(100), func(r *RefNomenStatutaire) *string { return &r.Libelle }),
		),
		schema.Leaf("EmploiMetier", schema.Texte(50), func(a *Agent) *string { return &a.EmploiMetier }),
		schema.Leaf("Grade", schema.Texte(100), func(a *Agent) *string { return &a.Grade }),
		schema.Leaf("Echelon", schema.Texte(50), func(a *Agent) *string { return &a.Echelon }),
		schema.Leaf("Indice", schema.Num(4), func(a *Agent) *string { return &a.Indice }),
		schema.Maybe("CptBancaire", func(a *Agent) **CptBancaire { return &a.CptBancaire },
			schema.Choice(1, schema.LeafOpt("IdPayInt", schema.Alphanum(4), func(c *CptBancaire) schema.Optional { return &c.IdPayInt })),
			schema.Choice(1, schema.LeafOpt("IdBancInt", schema.Alphanum(11), func(c *CptBancaire) schema.Optional { return &c.IdBancInt })),
			schema.Choice(1, schema.Leaf("CodeEtab", schema.Alphanum(5), func(c *CptBancaire) *string { return (*string)(&c.CodeEtab) })),
			schema.Choice(1, schema.Leaf("CodeGuic", schema.Alphanum(5), func(c *CptBancaire) *string { return (*string)(&c.CodeGuic) })),
			schema.Choice(1, schema.Leaf("IdCpte", schema.Texte(11), func(c *CptBancaire) *string { return (*string)(&c.IdCpte) })),
			schema.Choice(1, schema.Leaf("CleRib", schema.Num(2), func(c *CptBancaire) *string { return (*string)(&c.CleRib) })),
			schema.Choice(2, schema.Only14(iban("BIC", schema.Alphanum(11), func(c *CptBancaire) schema.Optional { return &c.BIC }))),
			schema.Choice(2, schema.Only14(iban("IBAN", schema.Texte(34), func(c *CptBancaire) schema.Optional { return &c.IBAN }))),
			schema.LeafOpt("LibBanc", schema.Texte(24), func(c *CptBancaire) schema.Optional { return &c.LibBanc }),
			schema.Leaf("TitCpte", schema.Texte(32), func(c *CptBancaire) *string { return (*string)(&c.TitCpte) }),
			schema.Leaf0("DteBanc", schema.Jour, func(c *CptBancaire) *string { return (*string)(&c.DteBanc) }),
		),
	),
	schema.Many("Evenement", 0, func(b *Bulletin) *[]Evenement { return &b.Evenement },
		schema.Leaf("Code", schema.Texte(24), func(e *Evenement) *string { return &e.Code }),
		schema.LeafOpt("Description", schema.Texte(100), func(e *Evenement) schema.Optional { return &e.Description }),
	),
	schema.Leaf("Service", schema.Texte(50), func(b *Bulletin) *string { return &b.Service }),
	schema.Leaves("NBI", schema.Dec3, func(b *Bulletin) *string { return (*string)(schema.Grow(&b.NBI)) }, func(b *Bulletin, i int) *string {
		if i < len(b.NBI) {
			return (*string)(&b.NBI[i])
		}
		return nil
	}),
	schema.Leaf("QuotiteTrav", schema.Taux, func(b *Bulletin) *string { return (*string)(&b.QuotiteTrav) }),
	schema.One("Periode", func(b *Bulletin) *Periode { return &b.Periode }, periode...),
	schema.One("Remuneration", func(b *Bulletin) *Remuneration { return &b.Remuneration },
		ligne(TraitBrut), ligne(IndemResid), ligne(SupFam), ligne(AvantageNature), ligne(Indemnite), ligne(RemDivers),
		ligne(Deduction), ligne(Acompte), ligne(Rappel), ligne(Retenue), ligne(Cotisation),
		schema.Many("Commentaire", 0, func(r *Remuneration) *[]Commentaire { return &r.Commentaire },
			schema.Leaf("Libelle", schema.Texte(100), func(c *Commentaire) *string { return &c.Libelle }),
			schema.Leaf("Ordre", schema.Num(10), func(c *Commentaire) *string { return &c.Ordre }),
		),
	),
	schema.Leaf0("NbHeureTotal", schema.Dec3, func(b *Bulletin) *string { return (*string)(&b.NbHeureTotal) }),
	schema.Leaf0("TauxHor", schema.Mt3, func(b *Bulletin) *string { return (*string)(&b.TauxHor) }),
	schema.Leaf("NbHeureSup", schema.Dec3, func(b *Bulletin) *string { return (*string)(&b.NbHeureSup) }),
	schema.Leaf("MtBrut", schema.Mt, func(b *Bulletin) *string { return (*string)(&b.MtBrut) }),
	schema.Leaf("MtNet", schema.Mt, func(b *Bulletin) *string { return (*string)(&b.MtNet) }),
	schema.Leaf("MtNetAPayer", schema.Mt, func(b *Bulletin) *string { return (*string)(&b.MtNetAPayer) }),
	schema.Leaf("DatePaiement", schema.Jour, func(b *Bulletin) *string { return (*string)(&b.DatePaiement) }),
	schema.Leaf("MtImposable", schema.Mt, func(b *Bulletin) *string { return (*string)(&b.MtImposable) }),
	schema.Leaf("CumulMtImposable", schema.Mt, func(b *Bulletin) *string { return (*string)(&b.CumulMtImposable) }),
	schema.Leaf("CumulMtBrut", schema.Mt, func(b *Bulletin) *string { return (*string)(&b.CumulMtBrut) }),
	schema.Leaf("CumulBaseSS", schema.Mt, func(b *Bulletin) *string { return (*string)(&b.CumulBaseSS) }),
	schema.Many("RepartitionBudget", 0, func(b *Bulletin) *[]RepartitionBudget { return &b.RepartitionBudget },
		schema.Leaf("CodeBudget", schema.Texte(24), func(r *RepartitionBudget) *string { return &r.CodeBudget }),
		schema.Choice(1, schema.Leaf("Taux", schema.Taux, func(r *RepartitionBudget) *string { return (*string)(&r.Taux) })),
		schema.Choice(2, schema.Leaf("Mt", schema.Mt, func(r *RepartitionBudget) *string { return (*string)(&r.Mt) })),
	),
	schema.Many("PJRef", 0, func(b *Bulletin) *[]PJRef { return &b.PJRef }, pjRef...),
}}

// iban is a leaf of the choice BIC and IBAN: compulsory once it is chosen.
func iban(name string, l schema.Lexical, at func(*CptBancaire) schema.Optional) *schema.Element {
	e := schema.LeafOpt(name, l, at)
	e.Min = 1
	return e
}

var pjRef = []*schema.Element{
	schema.Leaf("Support", schema.Enum("00", "01", "02", "03", "10"), func(r *PJRef) *string { return &r.Support }),
	schema.Leaf("IdUnique", schema.Texte(50), func(r *PJRef) *string { return &r.IdUnique }),
	schema.LeafOpt("NomPJ", schema.Texte(100), func(r *PJRef) schema.Optional { return &r.NomPJ }),
}

var correspondance = []*schema.Element{
	schema.Leaf("Libelle", schema.Texte(100), func(c *Correspondance) *string { return &c.Libelle }),
	schema.Leaf("Code", schema.Texte(24), func(c *Correspondance) *string { return &c.Code }),
}

var nomenclature = []*schema.Element{
	schema.Leaf("Description", schema.Texte(100), func(n *Nomenclature) *string { return &n.Description }),
	schema.Many("Correspondance", 1, func(n *Nomenclature) *[]Correspondance { return &n.Correspondance }, correspondance...),
}

// Fin is what follows the bulletins; a block is nil when absent.
type Fin struct {
	Nomenclatures        *Nomenclatures
	RepartitionParNature *RepartitionParNature
}

var nomenclaturesElement = schema.Maybe("Nomenclatures", func(q *Fin) **Nomenclatures { return &q.Nomenclatures },
	schema.One("NomenclatureEvtPaye", func(n *Nomenclatures) *Nomenclature { return &n.NomenclatureEvtPaye }, nomenclature...),
	schema.One("NomenclatureRubriquePaye", func(n *Nomenclatures) *NomenclatureRubrique { return &n.NomenclatureRubriquePaye },
		schema.Leaf("Description", schema.Texte(100), func(n *NomenclatureRubrique) *string { return &n.Description }),
		schema.Many("Correspondance", 1, func(n *NomenclatureRubrique) *[]Rubrique { return &n.Correspondance },
			schema.Leaf("Libelle", schema.Texte(100), func(r *Rubrique) *string { return &r.Libelle }),
			schema.Leaf("Code", schema.Texte(12), func(r *Rubrique) *string { return &r.Code }),
			schema.LeafOpt("CodeCaisse", schema.Texte(24), func(r *Rubrique) schema.Optional { return &r.CodeCaisse }),
			schema.LeafOpt("CodeNatureEmp", schema.Texte(24), func(r *Rubrique) schema.Optional { return &r.CodeNatureEmp }),
			schema.LeafOpt("CodeNatureSal", schema.Texte(24), func(r *Rubrique) schema.Optional { return &r.CodeNatureSal }),
		),
	),
	schema.One("NomenclatureCaisse", func(n *Nomenclatures) *Nomenclature { return &n.NomenclatureCaisse }, nomenclature...),
	schema.Maybe("NomenclatureBudget", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureBudget }, nomenclature...),
	schema.Maybe("NomenclatureNature", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureNature }, nomenclature...),
	schema.Maybe("NomenclatureStatut", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureStatut }, nomenclature...),
	schema.Only14(schema.Maybe("NomenclatureTrain", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureTrain }, nomenclature...)),
)

var repartitionElement = schema.Maybe("RepartitionParNature", func(q *Fin) **RepartitionParNature { return &q.RepartitionParNature },
	schema.Many("Repartition", 1, func(r *RepartitionParNature) *[]Repartition { return &r.Repartition },
		schema.LeafOpt("Libelle", schema.Texte(100), func(r *Repartition) schema.Optional { return &r.Libelle }),
		schema.Leaf("Code", schema.Texte(24), func(r *Repartition) *string { return &r.Code }),
		schema.LeafOpt("CodeFonction", schema.Texte(24), func(r *Repartition) schema.Optional { return &r.CodeFonction }),
		schema.LeafOpt("CodeBudget", schema.Texte(24), func(r *Repartition) schema.Optional { return &r.CodeBudget }),
		schema.Leaf("Mt", schema.Mt, func(r *Repartition) *string { return (*string)(&r.Mt) }),
	),
)

// donneesIndivElement and documentElement complete the tree for what walks it
// as a whole.
var donneesIndivElement = &schema.Element{Name: "DonneesIndiv", Min: 1, Many: true,
	Children: []*schema.Element{etablissementElement, bulletinElement}}

var documentElement = &schema.Element{Name: "DocumentPaye", Min: 1,
	Children: append(slices.Clone(enteteElement.Children),
		donneesIndivElement, required(nomenclaturesElement), required(repartitionElement))}

// required marks an element that the schema wants and that readers can do
// without.
func required(e *schema.Element) *schema.Element {
	e.Min = 1
	return e
}

// matriculeElement names a bulletin in anomalies.
var matriculeElement = func() *schema.Element {
	agent, _ := bulletinElement.Child([]byte("Agent"), 0)
	matricule, _ := agent.Child([]byte("Matricule"), 0)
	return matricule
}()

// Table gives the tree of the schema, with its access to the types of this
// package, to the packages below this folder that check and make journals; for
// others it is closed.
var Table = schema.Table{
	Document: documentElement, Entete: enteteElement, DonneesIndiv: donneesIndivElement, Etablissement: etablissementElement,
	Bulletin: bulletinElement, Matricule: matriculeElement,
	Nomenclatures: nomenclaturesElement, RepartitionParNature: repartitionElement,
}
