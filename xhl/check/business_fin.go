package check

import (
	"slices"
	"strings"

	"paye/internal/identifiants"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// conclude gives the verdicts, and applies the rules that need the whole
// journal.
func (c *check) conclude() {
	b := &c.bilan
	b.SchemaValide = c.all.refused(byLibxml2) == 0
	b.SchemaValideJava = c.all.refused(byJava) == 0
	b.Conforme = c.all.refused(byLibxml2) == c.allowed
	b.Groupes = c.groupes
	b.Version = xhl.V14
	if c.opts.Schema == Schema12b || c.opts.Schema == SchemaDetecte && !c.seen14 {
		b.Version = xhl.V12b
	}
	if c.build == nil {
		c.build = new(builder)
	}
	b.Entete = c.build.entete
	b.RepartitionParNature = c.build.queue.RepartitionParNature
	if !c.build.over {
		b.Nomenclatures = c.build.queue.Nomenclatures
	}
	if b.Entete != nil {
		b.EmpreinteEntete = empreinte(xhl.Table.Entete, b.Entete)
	}
	if b.Nomenclatures != nil {
		b.EmpreinteNomenclatures = empreinte(xhl.Table.Nomenclatures, b.Nomenclatures)
	}
	b.Totaux = c.totaux()
	c.convention()
	mislabelled := c.high > 0 && !c.mixed
	if c.lies > 0 && !mislabelled {
		c.note(faultLies, nil, c.lies)
	}
	if mislabelled {
		kind := faultUTF8
		if c.charset.IsUTF8() {
			kind = faultTwiceEncoded
		}
		c.note(kind, nil, c.bilan.Encodage)
	}
	c.entete()
	c.lostZeros()
	c.nomenclatures()
	c.repartition()
	for _, u := range []struct {
		name string
		set  *usage
	}{{"Code", &c.lignes}, {"CodeCaisse", &c.caisses}, {"Evenement/Code", &c.evenements}, {"CodeBudget", &c.budgets}} {
		if u.set.over {
			c.tooMany[u.name] = true
		}
	}
	for _, name := range []string{"Code", "CodeCaisse", "Evenement/Code", "CodeBudget", "Matricule", "IdUnique"} {
		if c.tooMany[name] {
			c.note(faultTooMany, nil, name)
		}
	}
	if c.build.over {
		c.note(faultTooMany, nil, xhl.Table.Nomenclatures.Name)
	}
}

// note reports a fault of the journal as a whole, or of an element of its head
// or end.
func (c *check) note(kind fault, path []string, args ...any) *finding {
	ex := c.example(kind)
	if ex == nil {
		return &finding{}
	}
	for _, name := range append([]string{xhl.Table.Document.Name}, path...) {
		ex.path = append(ex.path, step{name: name})
	}
	ex.args = args
	return ex
}

// convention tells the sign of what is withheld: the one under which fewer
// bulletins have a net to pay that differs from their lines, the usual one when
// that does not tell.
func (c *check) convention() {
	keep, drop := faultNet, faultNetInverse
	if c.all.counts[faultNetInverse] < c.all.counts[faultNet] {
		keep, drop = drop, keep
		c.bilan.Signe = RetenuesNegatives
	}
	c.all.list = slices.DeleteFunc(c.all.list, func(f finding) bool { return f.fault == drop })
	n := c.all.counts[keep]
	c.all.counts[drop] = 0
	c.all.counts[keep] = n
}

func (c *check) totaux() *xhl.Totaux {
	t := xhl.NewTotaux()
	for i := range c.lignes.list {
		u := &c.lignes.list[i]
		t.AddLignes(u.nature, string(u.key), u.total, u.read, u.n-u.read)
	}
	return t
}

// entete applies the rules of the head.
func (c *check) entete() {
	e := c.bilan.Entete
	if e == nil {
		return
	}
	if m := c.build.mois(); m != "" && (m[:4] < "2000" || m[:4] > "2100") {
		c.note(faultYearRange, []string{"Annee"}).trouve = m[:4]
	}
	if identifiants.CheckSIRET(e.Employeur.Siret) != nil {
		c.note(faultSiret, []string{"Employeur", "Siret"}).trouve = schema.Clip(e.Employeur.Siret)
	}
	if len(e.Employeur.APE) != 5 {
		c.note(faultAPE, []string{"Employeur", "APE"}).trouve = schema.Clip(e.Employeur.APE)
	}
}

// nomenclatures holds the codes that were used against the lists, which come
// after them. An empty code means none.
func (c *check) nomenclatures() {
	n, e := c.bilan.Nomenclatures, c.bilan.Entete
	if c.build.over || n == nil {
		return
	}
	if e != nil && e.Train.V != "" {
		switch {
		case n.NomenclatureTrain == nil:
			c.note(faultNoTrain, []string{"Train"}).trouve = schema.Clip(e.Train.V)
		case !codesOf(n.NomenclatureTrain)[e.Train.V]:
			c.note(faultCodeTrain, []string{"Train"}).trouve = schema.Clip(e.Train.V)
		}
	}
	rubriques, caisses := make(map[string]bool), codesOf(&n.NomenclatureCaisse)
	natures := codesOf(n.NomenclatureNature)
	for i := range n.NomenclatureRubriquePaye.Correspondance {
		r := &n.NomenclatureRubriquePaye.Correspondance[i]
		rubriques[r.Code] = true
		at := []string{xhl.Table.Nomenclatures.Name, "NomenclatureRubriquePaye", "Correspondance"}
		if code := r.CodeCaisse.V; code != "" && !caisses[code] {
			c.note(faultCodeCaisse, append(at, "CodeCaisse"), 1).trouve = schema.Clip(code)
		}
		if n.NomenclatureNature == nil {
			continue
		}
		if code := r.CodeNatureEmp.V; code != "" && !natures[code] {
			c.note(faultCodeNature, append(at, "CodeNatureEmp"), 1).trouve = schema.Clip(code)
		}
		if code := r.CodeNatureSal.V; code != "" && !natures[code] {
			c.note(faultCodeNature, append(at, "CodeNatureSal"), 1).trouve = schema.Clip(code)
		}
	}
	c.unlisted(&c.lignes, faultCodeRubrique, rubriques, "Remuneration/Code")
	c.unlisted(&c.caisses, faultCodeCaisse, caisses, "Remuneration/CodeCaisse")
	c.unlisted(&c.evenements, faultCodeEvenement, codesOf(&n.NomenclatureEvtPaye), "Evenement/Code")
	c.codesBudget(n, e)
	for _, list := range []struct {
		name string
		n    *xhl.Nomenclature
	}{
		{"NomenclatureEvtPaye", &n.NomenclatureEvtPaye}, {"NomenclatureCaisse", &n.NomenclatureCaisse},
		{"NomenclatureBudget", n.NomenclatureBudget}, {"NomenclatureNature", n.NomenclatureNature},
		{"NomenclatureStatut", n.NomenclatureStatut}, {"NomenclatureTrain", n.NomenclatureTrain},
	} {
		c.labels(list.name, list.n)
	}
	rub := new(xhl.Nomenclature)
	for _, r := range n.NomenclatureRubriquePaye.Correspondance {
		rub.Correspondance = append(rub.Correspondance, xhl.Correspondance{Libelle: r.Libelle, Code: r.Code})
	}
	c.labels("NomenclatureRubriquePaye", rub)
}

// codesOf is the set of the codes of a list, nil for none.
func codesOf(n *xhl.Nomenclature) map[string]bool {
	if n == nil {
		return nil
	}
	set := make(map[string]bool, len(n.Correspondance))
	for _, l := range n.Correspondance {
		set[l.Code] = true
	}
	return set
}

// codesBudget holds the budgets that are named against NomenclatureBudget, and
// finds those that blanks alone make differ from that of the journal.
func (c *check) codesBudget(n *xhl.Nomenclatures, e *xhl.Entete) {
	own := ""
	if e != nil && e.Budget != nil {
		own = e.Budget.Code
	}
	for i := range c.budgets.list {
		u := &c.budgets.list[i]
		if code := string(u.key); own != "" && code != own && strings.TrimSpace(code) == strings.TrimSpace(own) {
			c.first(faultBudgetBlanks, u, "RepartitionBudget/CodeBudget")
		}
	}
	if n.NomenclatureBudget == nil {
		return
	}
	listed := codesOf(n.NomenclatureBudget)
	c.unlisted(&c.budgets, faultCodeBudget, listed, "RepartitionBudget/CodeBudget")
	if own != "" && own != multiBudget && !listed[own] {
		c.note(faultCodeBudget, []string{"Budget", "Code"}, 1).trouve = schema.Clip(own)
	}
	if r := c.bilan.RepartitionParNature; r != nil {
		for _, l := range r.Repartition {
			if code := l.CodeBudget.V; code != "" && !listed[code] {
				c.note(faultCodeBudget, []string{xhl.Table.RepartitionParNature.Name, "Repartition", "CodeBudget"}, 1).trouve = schema.Clip(code)
			}
		}
	}
}

// multiBudget is the code of a journal that bears on several budgets.
const multiBudget = "99"

// unlisted reports the codes that a list does not have, where each was first
// used.
func (c *check) unlisted(u *usage, kind fault, listed map[string]bool, leaf string) {
	merged := make(map[string]*used)
	var order []*used
	for i := range u.list {
		e := &u.list[i]
		if len(e.key) == 0 || listed[string(e.key)] {
			continue
		}
		if first := merged[string(e.key)]; first != nil { // the same code under another nature
			first.n += e.n
			continue
		}
		copied := *e
		merged[string(e.key)] = &copied
		order = append(order, &copied)
	}
	for _, e := range order {
		c.first(kind, e, leaf)
	}
}

// first reports a code where it was first used.
func (c *check) first(kind fault, u *used, leaf string) {
	ex := c.example(kind)
	if ex == nil {
		return
	}
	ex.off, ex.ligne = u.first.off, u.first.ligne
	ex.path = cheminBulletin(u.groupe, u.rang)
	for name := range strings.SplitSeq(leaf, "/") {
		if name == "Code" && u.nature != xhl.NbNatures {
			ex.path = append(ex.path, step{name: u.nature.String()})
		}
		ex.path = append(ex.path, step{name: name})
	}
	ex.matricule, ex.trouve, ex.args = schema.Clip(string(u.matricule)), schema.Clip(string(u.key)), []any{u.n}
}

// labels reports the codes that a list gives twice with different labels.
func (c *check) labels(name string, n *xhl.Nomenclature) {
	if n == nil {
		return
	}
	seen := make(map[string]string, len(n.Correspondance))
	for _, l := range n.Correspondance {
		if label, twice := seen[l.Code]; twice && label != l.Libelle {
			c.note(faultTwoLabels, []string{xhl.Table.Nomenclatures.Name, name, "Correspondance", "Code"}, name).trouve = schema.Clip(l.Code)
			continue
		}
		seen[l.Code] = l.Libelle
	}
}

// repartition holds the last block against the lines, when every line names an
// account and the block is that of this journal alone.
func (c *check) repartition() {
	r := c.bilan.RepartitionParNature
	if r == nil {
		return
	}
	if lot := c.opts.PartieDeLot; lot == Suite || lot == EnteteSeule {
		c.note(faultRepartitionTwice, []string{xhl.Table.RepartitionParNature.Name})
		return
	}
	if c.opts.PartieDeLot == Premiere || c.bilan.Nomenclatures == nil || c.lignes.over {
		return
	}
	derived := c.bilan.Totaux.Repartition(c.bilan.Nomenclatures)
	if derived.NonImputees > 0 || len(derived.Illisibles) > 0 || len(derived.RepartitionParNature.Repartition) == 0 {
		return
	}
	for _, a := range r.Differences(derived.RepartitionParNature) {
		c.note(faultRepartition, []string{xhl.Table.RepartitionParNature.Name, "Repartition"}, a.Args...)
	}
}
