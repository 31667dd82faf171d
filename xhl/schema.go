package xhl

// Version is a version of the XHL schema.
type Version uint8

const (
	V14  Version = iota // Paye 1.4, 2011-08-17
	V12b                // Paye 1.2b, 2008-04-25
)

func (v Version) String() string {
	if v == V12b {
		return "1.2b"
	}
	return "1.4"
}

// Namespace is that of the root element, the only one that has one, in both
// versions of the schema.
const Namespace = "http://www.minefi.gouv.fr/cp/helios/pes_v2/paye_1_1"

// element is a line of the schema: its name, how often it stands in its
// parent, the type of its value or its children in their order, and where the
// value lives in the Go types. Reader, Writer, runs and checks all walk this
// one tree.
type element struct {
	name     string
	min      int // occurrences; max is 1 unless many
	many     bool
	only14   bool     // absent from schema 1.2b
	choice   int      // children with a choice of 1 exclude those with 2, and one of the two is there
	value    *lexical // of a leaf; nil for a container
	children []*element

	open      string // `<Nom V="`, of a leaf
	hasChoice bool   // some of the children are in a choice

	// Access to the values. parent is a pointer to the Go type of the
	// containing element.
	text func(parent any) *string  // a leaf that is there once
	opt  func(parent any) optional // a leaf whose absence differs from the empty text
	add  func(parent any) any      // a container: its value, made if it has to be; appended when many
	// at is the first value of a container at cursor or beyond, and the cursor
	// of the next one; nil when there is none left. The first cursor is 0.
	at   func(parent any, cursor int) (any, int)
	push func(parent any) *string        // a leaf with many values: a new one
	item func(parent any, i int) *string // a leaf with many values: the i-th, nil when there is none
}

// optional is what the table knows of an Opt.
type optional interface {
	get() (string, bool)
	set(string)
	clear()
}

// child returns the child called name and its index, looking first where the
// order of the schema wants it; -1 when there is none.
func (e *element) child(name []byte, from int) (*element, int) {
	for i := from; i < len(e.children); i++ {
		if string(name) == e.children[i].name {
			return e.children[i], i
		}
	}
	for i := 0; i < from && i < len(e.children); i++ {
		if string(name) == e.children[i].name {
			return e.children[i], i
		}
	}
	return nil, -1
}

// in reports whether version v of the schema has the element.
func (e *element) in(v Version) bool { return v == V14 || !e.only14 }

func openTag(name string) string { return "<" + name + ` V="` }

func anyChoice(children []*element) bool {
	for _, c := range children {
		if c.choice != 0 {
			return true
		}
	}
	return false
}

func leaf[P any](name string, l lexical, at func(*P) *string) *element {
	return &element{name: name, min: 1, value: &l, open: openTag(name), text: func(p any) *string { return at(p.(*P)) }}
}

// leaf0 is a leaf that may be absent and whose type refuses the empty text, so
// that the empty text means absent.
func leaf0[P any](name string, l lexical, at func(*P) *string) *element {
	e := leaf(name, l, at)
	e.min = 0
	return e
}

// leafOpt is a text that may be absent.
func leafOpt[P any](name string, l lexical, at func(*P) optional) *element {
	return &element{name: name, value: &l, open: openTag(name), opt: func(p any) optional { return at(p.(*P)) }}
}

func leaves[P any](name string, l lexical, at func(*P) *[]Decimal) *element {
	return &element{name: name, min: 1, many: true, value: &l, open: openTag(name),
		push: func(p any) *string { return (*string)(grow(at(p.(*P)))) },
		item: func(p any, i int) *string {
			if list := *at(p.(*P)); i < len(list) {
				return (*string)(&list[i])
			}
			return nil
		},
	}
}

func one[P, C any](name string, at func(*P) *C, children ...*element) *element {
	return &element{name: name, min: 1, children: children, hasChoice: anyChoice(children),
		add: func(p any) any { return at(p.(*P)) },
		at: func(p any, cursor int) (any, int) {
			if cursor > 0 {
				return nil, cursor
			}
			return at(p.(*P)), 1
		},
	}
}

// maybe is a container that may be absent.
func maybe[P, C any](name string, at func(*P) **C, children ...*element) *element {
	return &element{name: name, children: children, hasChoice: anyChoice(children),
		add: func(p any) any {
			c := at(p.(*P))
			*c = new(C)
			return *c
		},
		at: func(p any, cursor int) (any, int) {
			if c := *at(p.(*P)); c != nil && cursor == 0 {
				return c, 1
			}
			return nil, cursor
		},
	}
}

// many is a container that comes min times or more.
func many[P, C any](name string, min int, at func(*P) *[]C, children ...*element) *element {
	return &element{name: name, min: min, many: true, children: children, hasChoice: anyChoice(children),
		add: func(p any) any { return grow(at(p.(*P))) },
		at: func(p any, cursor int) (any, int) {
			if list := *at(p.(*P)); cursor < len(list) {
				return &list[cursor], cursor + 1
			}
			return nil, cursor
		},
	}
}

// grow lengthens a list by one zero value and returns it.
func grow[T any](list *[]T) *T {
	var zero T
	*list = append(*list, zero)
	return &(*list)[len(*list)-1]
}

// ligne is the element of the lines of one Nature: they share one list.
func ligne(n Nature) *element {
	return &element{name: n.String(), many: true, children: ligneP,
		add: func(p any) any {
			l := grow(&p.(*Remuneration).Lignes)
			l.Nature = n
			return l
		},
		at: func(p any, cursor int) (any, int) {
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

func only14(e *element) *element {
	e.only14 = true
	return e
}

func choice(n int, e *element) *element {
	e.choice = n
	return e
}

func adresse[P any](at func(*P) *Adresse) *element {
	return one("Adresse", at,
		leaf("TypAdr", enum("0", "1", "2"), func(a *Adresse) *string { return &a.TypAdr }),
		leafOpt("Adr1", texte(38), func(a *Adresse) optional { return &a.Adr1 }),
		leafOpt("Adr2", texte(38), func(a *Adresse) optional { return &a.Adr2 }),
		leafOpt("Adr3", texte(38), func(a *Adresse) optional { return &a.Adr3 }),
		leaf("CP", texte(5), func(a *Adresse) *string { return (*string)(&a.CP) }),
		leafOpt("Ville", texte(38), func(a *Adresse) optional { return &a.Ville }),
		leaf("CodRes", lexBool, func(a *Adresse) *string { return &a.CodRes }),
		leafOpt("CodPays", num(3), func(a *Adresse) optional { return &a.CodPays }),
		leaf0("DteAdr", lexJour, func(a *Adresse) *string { return (*string)(&a.DteAdr) }),
	)
}

var periode = []*element{
	leaf("DateDebut", lexJour, func(p *Periode) *string { return (*string)(&p.DateDebut) }),
	leaf("DateFin", lexJour, func(p *Periode) *string { return (*string)(&p.DateFin) }),
}

var ligneP = []*element{
	leaf("Libelle", texte(100), func(l *LigneP) *string { return &l.Libelle }),
	leaf("Code", texte(12), func(l *LigneP) *string { return &l.Code }),
	leaf0("Base", lexMt, func(l *LigneP) *string { return (*string)(&l.Base) }),
	leaf0("Taux", lexTaux3, func(l *LigneP) *string { return (*string)(&l.Taux) }),
	leaf0("NbUnite", lexDec3, func(l *LigneP) *string { return (*string)(&l.NbUnite) }),
	leaf("Mt", lexMt, func(l *LigneP) *string { return (*string)(&l.Mt) }),
	maybe("PeriodeRef", func(l *LigneP) **Periode { return &l.PeriodeRef }, periode...),
	leafOpt("CodeCaisse", texte(24), func(l *LigneP) optional { return &l.CodeCaisse }),
	leaf("Ordre", num(10), func(l *LigneP) *string { return &l.Ordre }),
}

// enteteElements stand in DocumentPaye before the first DonneesIndiv.
var enteteElements = []*element{
	leaf("IdVer", lexDec2, func(e *Entete) *string { return (*string)(&e.IdVer) }),
	leaf("Annee", lexGYear, func(e *Entete) *string { return &e.Annee }),
	leaf("Mois", lexMoisV, func(e *Entete) *string { return &e.Mois }),
	only14(leafOpt("Train", texte(24), func(e *Entete) optional { return &e.Train })),
	maybe("Budget", func(e *Entete) **Budget { return &e.Budget },
		leaf("Libelle", texte(100), func(b *Budget) *string { return &b.Libelle }),
		leaf("Code", texte(24), func(b *Budget) *string { return &b.Code }),
	),
	one("Employeur", func(e *Entete) *Employeur { return &e.Employeur },
		leaf("Nom", texte(100), func(e *Employeur) *string { return &e.Nom }),
		leaf("APE", alphanum(5), func(e *Employeur) *string { return &e.APE }),
		adresse(func(e *Employeur) *Adresse { return &e.Adresse }),
		leaf("NumUrssaf", texte(24), func(e *Employeur) *string { return &e.NumUrssaf }),
		leaf("Siret", num(14), func(e *Employeur) *string { return &e.Siret }),
	),
}

// groupe is the Go side of DonneesIndiv.
type groupe struct{ Etablissement *Etablissement }

var etablissementElement = maybe("Etablissement", func(g *groupe) **Etablissement { return &g.Etablissement },
	leaf("Nom", texte(100), func(e *Etablissement) *string { return &e.Nom }),
	leaf("NumUrssaf", texte(24), func(e *Etablissement) *string { return &e.NumUrssaf }),
	adresse(func(e *Etablissement) *Adresse { return &e.Adresse }),
	leaf("Siret", num(14), func(e *Etablissement) *string { return &e.Siret }),
)

// bulletinElement is PayeIndivMensuel; many of them follow each other, so its
// place in the Go types is the Reader's and the Writer's matter.
var bulletinElement = &element{name: "PayeIndivMensuel", min: 1, many: true, children: []*element{
	one("Agent", func(b *Bulletin) *Agent { return &b.Agent },
		leafOpt("Civilite", texte(10), func(a *Agent) optional { return &a.Civilite }),
		leaf("Nom", texte(50), func(a *Agent) *string { return (*string)(&a.Nom) }),
		leafOpt("ComplNom", texte(50), func(a *Agent) optional { return &a.ComplNom }),
		leafOpt("Prenom", texte(50), func(a *Agent) optional { return &a.Prenom }),
		leaf("Matricule", texte(24), func(a *Agent) *string { return &a.Matricule }),
		leaf("NIR", alphanum(15), func(a *Agent) *string { return (*string)(&a.NIR) }),
		adresse(func(a *Agent) *Adresse { return &a.Adresse }),
		leaf("NbEnfants", num(2), func(a *Agent) *string { return (*string)(&a.NbEnfants) }),
		leaf("Statut", lexStatut, func(a *Agent) *string { return &a.Statut }),
		maybe("RefNomenStatutaire", func(a *Agent) **RefNomenStatutaire { return &a.RefNomenStatutaire },
			leaf("Code", alphanum(10), func(r *RefNomenStatutaire) *string { return &r.Code }),
			leaf("Libelle", texte(100), func(r *RefNomenStatutaire) *string { return &r.Libelle }),
		),
		leaf("EmploiMetier", texte(50), func(a *Agent) *string { return &a.EmploiMetier }),
		leaf("Grade", texte(100), func(a *Agent) *string { return &a.Grade }),
		leaf("Echelon", texte(50), func(a *Agent) *string { return &a.Echelon }),
		leaf("Indice", num(4), func(a *Agent) *string { return &a.Indice }),
		maybe("CptBancaire", func(a *Agent) **CptBancaire { return &a.CptBancaire },
			choice(1, leafOpt("IdPayInt", alphanum(4), func(c *CptBancaire) optional { return &c.IdPayInt })),
			choice(1, leafOpt("IdBancInt", alphanum(11), func(c *CptBancaire) optional { return &c.IdBancInt })),
			choice(1, leaf("CodeEtab", alphanum(5), func(c *CptBancaire) *string { return (*string)(&c.CodeEtab) })),
			choice(1, leaf("CodeGuic", alphanum(5), func(c *CptBancaire) *string { return (*string)(&c.CodeGuic) })),
			choice(1, leaf("IdCpte", texte(11), func(c *CptBancaire) *string { return (*string)(&c.IdCpte) })),
			choice(1, leaf("CleRib", num(2), func(c *CptBancaire) *string { return (*string)(&c.CleRib) })),
			choice(2, only14(iban("BIC", alphanum(11), func(c *CptBancaire) optional { return &c.BIC }))),
			choice(2, only14(iban("IBAN", texte(34), func(c *CptBancaire) optional { return &c.IBAN }))),
			leafOpt("LibBanc", texte(24), func(c *CptBancaire) optional { return &c.LibBanc }),
			leaf("TitCpte", texte(32), func(c *CptBancaire) *string { return (*string)(&c.TitCpte) }),
			leaf0("DteBanc", lexJour, func(c *CptBancaire) *string { return (*string)(&c.DteBanc) }),
		),
	),
	many("Evenement", 0, func(b *Bulletin) *[]Evenement { return &b.Evenement },
		leaf("Code", texte(24), func(e *Evenement) *string { return &e.Code }),
		leafOpt("Description", texte(100), func(e *Evenement) optional { return &e.Description }),
	),
	leaf("Service", texte(50), func(b *Bulletin) *string { return &b.Service }),
	leaves("NBI", lexDec3, func(b *Bulletin) *[]Decimal { return &b.NBI }),
	leaf("QuotiteTrav", lexTaux, func(b *Bulletin) *string { return (*string)(&b.QuotiteTrav) }),
	one("Periode", func(b *Bulletin) *Periode { return &b.Periode }, periode...),
	one("Remuneration", func(b *Bulletin) *Remuneration { return &b.Remuneration },
		ligne(TraitBrut), ligne(IndemResid), ligne(SupFam), ligne(AvantageNature), ligne(Indemnite), ligne(RemDivers),
		ligne(Deduction), ligne(Acompte), ligne(Rappel), ligne(Retenue), ligne(Cotisation),
		many("Commentaire", 0, func(r *Remuneration) *[]Commentaire { return &r.Commentaire },
			leaf("Libelle", texte(100), func(c *Commentaire) *string { return &c.Libelle }),
			leaf("Ordre", num(10), func(c *Commentaire) *string { return &c.Ordre }),
		),
	),
	leaf0("NbHeureTotal", lexDec3, func(b *Bulletin) *string { return (*string)(&b.NbHeureTotal) }),
	leaf0("TauxHor", lexMt3, func(b *Bulletin) *string { return (*string)(&b.TauxHor) }),
	leaf("NbHeureSup", lexDec3, func(b *Bulletin) *string { return (*string)(&b.NbHeureSup) }),
	leaf("MtBrut", lexMt, func(b *Bulletin) *string { return (*string)(&b.MtBrut) }),
	leaf("MtNet", lexMt, func(b *Bulletin) *string { return (*string)(&b.MtNet) }),
	leaf("MtNetAPayer", lexMt, func(b *Bulletin) *string { return (*string)(&b.MtNetAPayer) }),
	leaf("DatePaiement", lexJour, func(b *Bulletin) *string { return (*string)(&b.DatePaiement) }),
	leaf("MtImposable", lexMt, func(b *Bulletin) *string { return (*string)(&b.MtImposable) }),
	leaf("CumulMtImposable", lexMt, func(b *Bulletin) *string { return (*string)(&b.CumulMtImposable) }),
	leaf("CumulMtBrut", lexMt, func(b *Bulletin) *string { return (*string)(&b.CumulMtBrut) }),
	leaf("CumulBaseSS", lexMt, func(b *Bulletin) *string { return (*string)(&b.CumulBaseSS) }),
	many("RepartitionBudget", 0, func(b *Bulletin) *[]RepartitionBudget { return &b.RepartitionBudget },
		leaf("CodeBudget", texte(24), func(r *RepartitionBudget) *string { return &r.CodeBudget }),
		choice(1, leaf("Taux", lexTaux, func(r *RepartitionBudget) *string { return (*string)(&r.Taux) })),
		choice(2, leaf("Mt", lexMt, func(r *RepartitionBudget) *string { return (*string)(&r.Mt) })),
	),
	many("PJRef", 0, func(b *Bulletin) *[]PJRef { return &b.PJRef }, pjRef...),
}}

// iban is a leaf of the choice BIC and IBAN: compulsory once it is chosen.
func iban(name string, l lexical, at func(*CptBancaire) optional) *element {
	e := leafOpt(name, l, at)
	e.min = 1
	return e
}

var pjRef = []*element{
	leaf("Support", enum("00", "01", "02", "03", "10"), func(r *PJRef) *string { return &r.Support }),
	leaf("IdUnique", texte(50), func(r *PJRef) *string { return &r.IdUnique }),
	leafOpt("NomPJ", texte(100), func(r *PJRef) optional { return &r.NomPJ }),
}

var correspondance = []*element{
	leaf("Libelle", texte(100), func(c *Correspondance) *string { return &c.Libelle }),
	leaf("Code", texte(24), func(c *Correspondance) *string { return &c.Code }),
}

var nomenclature = []*element{
	leaf("Description", texte(100), func(n *Nomenclature) *string { return &n.Description }),
	many("Correspondance", 1, func(n *Nomenclature) *[]Correspondance { return &n.Correspondance }, correspondance...),
}

// queue is the Go side of what follows the bulletins.
type queue struct {
	Nomenclatures        *Nomenclatures
	RepartitionParNature *RepartitionParNature
}

var nomenclaturesElement = maybe("Nomenclatures", func(q *queue) **Nomenclatures { return &q.Nomenclatures },
	one("NomenclatureEvtPaye", func(n *Nomenclatures) *Nomenclature { return &n.NomenclatureEvtPaye }, nomenclature...),
	one("NomenclatureRubriquePaye", func(n *Nomenclatures) *NomenclatureRubrique { return &n.NomenclatureRubriquePaye },
		leaf("Description", texte(100), func(n *NomenclatureRubrique) *string { return &n.Description }),
		many("Correspondance", 1, func(n *NomenclatureRubrique) *[]Rubrique { return &n.Correspondance },
			leaf("Libelle", texte(100), func(r *Rubrique) *string { return &r.Libelle }),
			leaf("Code", texte(12), func(r *Rubrique) *string { return &r.Code }),
			leafOpt("CodeCaisse", texte(24), func(r *Rubrique) optional { return &r.CodeCaisse }),
			leafOpt("CodeNatureEmp", texte(24), func(r *Rubrique) optional { return &r.CodeNatureEmp }),
			leafOpt("CodeNatureSal", texte(24), func(r *Rubrique) optional { return &r.CodeNatureSal }),
		),
	),
	one("NomenclatureCaisse", func(n *Nomenclatures) *Nomenclature { return &n.NomenclatureCaisse }, nomenclature...),
	maybe("NomenclatureBudget", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureBudget }, nomenclature...),
	maybe("NomenclatureNature", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureNature }, nomenclature...),
	maybe("NomenclatureStatut", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureStatut }, nomenclature...),
	only14(maybe("NomenclatureTrain", func(n *Nomenclatures) **Nomenclature { return &n.NomenclatureTrain }, nomenclature...)),
)

var repartitionElement = maybe("RepartitionParNature", func(q *queue) **RepartitionParNature { return &q.RepartitionParNature },
	many("Repartition", 1, func(r *RepartitionParNature) *[]Repartition { return &r.Repartition },
		leafOpt("Libelle", texte(100), func(r *Repartition) optional { return &r.Libelle }),
		leaf("Code", texte(24), func(r *Repartition) *string { return &r.Code }),
		leafOpt("CodeFonction", texte(24), func(r *Repartition) optional { return &r.CodeFonction }),
		leafOpt("CodeBudget", texte(24), func(r *Repartition) optional { return &r.CodeBudget }),
		leaf("Mt", lexMt, func(r *Repartition) *string { return (*string)(&r.Mt) }),
	),
)

// donneesIndivElement and documentElement complete the tree for what walks it
// as a whole.
var donneesIndivElement = &element{name: "DonneesIndiv", min: 1, many: true,
	children: []*element{etablissementElement, bulletinElement}}

var documentElement = &element{name: "DocumentPaye", min: 1,
	children: append(append([]*element{}, enteteElements...),
		donneesIndivElement, required(nomenclaturesElement), required(repartitionElement))}

// required marks an element that the schema wants and that readers can do
// without.
func required(e *element) *element {
	e.min = 1
	return e
}
