package check

import (
	"encoding/binary"
	"strings"
	"sync"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

// machine is the schema compiled for the checker: one node for each place of
// the tree, and one state for each place between the children of a container,
// so that a child is judged by one look at the edges of a state.
type machine struct {
	nodes  []*node
	states []state
	root   *node
	names  map[string]bool // of all elements
}

// node is an element at its place in the tree.
type node struct {
	el       *schema.Element
	parent   *node
	children []*node
	rank     int // in the parent's children
	id       uint16

	name  string
	open  string // `<Nom V="` of a leaf, `<Agent>` of a container
	close string // `</Agent>`

	// The first 16 bytes of open and what they are compared under, so that two
	// loads tell most tags.
	head, mask [2]uint64

	leaf   bool
	public bool   // the value may be shown in an anomaly
	first  uint16 // state of a container before its first child
	act    action
	fin    action // of a container, at its end
	nature xhl.Nature
	build  bool // the Go value is made: the head, Nomenclatures and RepartitionParNature
}

// state is a place in a container: what may come next, and whether the
// container may end.
type state struct {
	owner   *node
	at      int // the last child, by its rank; -1 before the first
	edges   []edge
	accepts bool
}

type edge struct {
	node *node
	to   uint16
}

// schemaMachine compiles the table once.
var schemaMachine = sync.OnceValue(func() *machine {
	m := &machine{names: make(map[string]bool)}
	m.root = m.compile(xhl.Table.Document, nil, 0)
	return m
})

func (m *machine) compile(e *schema.Element, parent *node, rank int) *node {
	n := &node{el: e, parent: parent, rank: rank, id: uint16(len(m.nodes)), name: e.Name, leaf: e.Value != nil,
		open: "<" + e.Name + ">", close: "</" + e.Name + ">"}
	if n.leaf {
		n.open = schema.OpenTag(e.Name)
	}
	var head [16]byte
	var mask [16]byte
	for i := range min(len(n.open), 16) {
		head[i], mask[i] = n.open[i], 0xFF
	}
	for i := range 2 {
		n.head[i] = binary.LittleEndian.Uint64(head[8*i:])
		n.mask[i] = binary.LittleEndian.Uint64(mask[8*i:])
	}
	m.nodes = append(m.nodes, n)
	m.names[n.name] = true
	path := n.path()
	n.public = isPublic(path, n)
	n.act, n.fin = actionAt(path)
	n.build = n.built()
	if n.leaf {
		if n.build {
			n.act = actBuild
		}
		return n
	}
	n.nature = natureOf(n)
	for i, c := range e.Children {
		n.children = append(n.children, m.compile(c, n, i))
	}
	n.first = uint16(len(m.states))
	for at := -1; at < len(n.children); at++ {
		m.states = append(m.states, m.state(n, at))
	}
	return n
}

func (m *machine) state(n *node, at int) state {
	s := state{owner: n, at: at}
	if at >= 0 && n.el.Children[at].Many {
		s.edges = append(s.edges, edge{n.children[at], n.first + uint16(at+1)})
	}
	for to := at + 1; to < len(n.children); to++ {
		if len(n.skipped(at, to)) == 0 {
			s.edges = append(s.edges, edge{n.children[to], n.first + uint16(to+1)})
		}
	}
	s.accepts = len(n.skipped(at, len(n.children))) == 0
	return s
}

// skipped returns the ranks of the compulsory children that are left out when
// child to, or the end tag for to = len(children), follows child at. Of the
// two branches of a choice only the one that is taken counts; when neither is,
// the first child that the first branch asks for stands for both, as does a
// child of the other branch than that of at.
func (n *node) skipped(at, to int) []int {
	children := n.el.Children
	branch := 0
	if at >= 0 {
		branch = children[at].Choice
	}
	if to < len(children) && children[to].Choice != 0 {
		if branch != 0 && branch != children[to].Choice {
			return []int{to}
		}
		branch = children[to].Choice
	}
	var list []int
	untaken := false
	for i := at + 1; i < to; i++ {
		c := children[i]
		switch {
		case c.Min == 0:
		case c.Choice == 0 || c.Choice == branch:
			list = append(list, i)
		case branch == 0 && !untaken:
			untaken = true
			list = append(list, i)
		}
	}
	return list
}

// child returns the child called local, nil when there is none.
func (n *node) child(local []byte) *node {
	for _, c := range n.children {
		if c.name == string(local) {
			return c
		}
	}
	return nil
}

// path is the place of the node below the root: "Employeur/Siret".
func (n *node) path() string {
	if n.parent == nil || n.parent.parent == nil {
		if n.parent == nil {
			return ""
		}
		return n.name
	}
	return n.parent.path() + "/" + n.name
}

// built reports whether the Go value of the node is made while checking. Those
// of bulletins are not: they are many, and what the rules need of them is a
// few values.
func (n *node) built() bool {
	for n.parent != nil && n.parent.parent != nil {
		n = n.parent
	}
	return n.parent != nil && n.name != xhl.Table.DonneesIndiv.Name
}

func natureOf(n *node) xhl.Nature {
	if n.parent == nil || n.parent.name != "Remuneration" {
		return xhl.NbNatures
	}
	if nature, ok := xhl.NatureOf([]byte(n.name)); ok {
		return nature
	}
	return xhl.NbNatures
}

const (
	inBulletin = "DonneesIndiv/PayeIndivMensuel/"
	inAgent    = inBulletin + "Agent/"
)

// isPublic tells the values that an anomaly may show. Out of the bulletins all
// may be but amounts; in them only what identifies nobody.
func isPublic(path string, n *node) bool {
	if !n.leaf {
		return false
	}
	rest, inside := strings.CutPrefix(path, inBulletin)
	if !inside {
		return n.el.Value.Kind != schema.KindDecimal || n.name == "IdVer"
	}
	switch n.name {
	case "Matricule", "Statut", "TypAdr", "CodRes", "CodPays", "CodeCaisse", "CodeBudget", "Ordre", "Support", "IdUnique", "DatePaiement":
		return true
	case "Code":
		return true
	case "DateDebut", "DateFin":
		return strings.HasPrefix(rest, "Periode/")
	}
	return false
}

// action is what the checker does with the value of a leaf, or at the end of a
// container, besides judging it.
type action uint8

const (
	actNone action = iota
	actBuild
	actMatricule
	actNIR
	actCodeEtab
	actCodeGuic
	actIdCpte
	actCleRib
	actIBAN
	actEvenement
	actDateDebut
	actDateFin
	actLigneCode
	actLigneMt
	actLigneCaisse
	actMtBrut
	actMtNetAPayer
	actDatePaiement
	actBudgetCode
	actBudgetTaux
	actBudgetMt
	actSupport
	actIdUnique
	actNomPJ
	actSiret

	finLigne
	finRemuneration
	finBancaire
	finBudget
	finPJRef
	finBulletin
)

func actionAt(path string) (act, fin action) {
	if rest, inside := strings.CutPrefix(path, inBulletin+"Remuneration/"); inside {
		kind, leaf, _ := strings.Cut(rest, "/")
		if _, known := xhl.NatureOf([]byte(kind)); !known {
			return actNone, actNone
		}
		switch leaf {
		case "":
			return actNone, finLigne
		case "Code":
			return actLigneCode, actNone
		case "Mt":
			return actLigneMt, actNone
		case "CodeCaisse":
			return actLigneCaisse, actNone
		}
		return actNone, actNone
	}
	switch path {
	case "DonneesIndiv/Etablissement/Siret":
		return actSiret, actNone
	case inAgent + "Matricule":
		return actMatricule, actNone
	case inAgent + "NIR":
		return actNIR, actNone
	case inAgent + "CptBancaire/CodeEtab":
		return actCodeEtab, actNone
	case inAgent + "CptBancaire/CodeGuic":
		return actCodeGuic, actNone
	case inAgent + "CptBancaire/IdCpte":
		return actIdCpte, actNone
	case inAgent + "CptBancaire/CleRib":
		return actCleRib, actNone
	case inAgent + "CptBancaire/IBAN":
		return actIBAN, actNone
	case inAgent + "CptBancaire":
		return actNone, finBancaire
	case inBulletin + "Evenement/Code":
		return actEvenement, actNone
	case inBulletin + "Periode/DateDebut":
		return actDateDebut, actNone
	case inBulletin + "Periode/DateFin":
		return actDateFin, actNone
	case inBulletin + "Remuneration":
		return actNone, finRemuneration
	case inBulletin + "MtBrut":
		return actMtBrut, actNone
	case inBulletin + "MtNetAPayer":
		return actMtNetAPayer, actNone
	case inBulletin + "DatePaiement":
		return actDatePaiement, actNone
	case inBulletin + "RepartitionBudget/CodeBudget":
		return actBudgetCode, actNone
	case inBulletin + "RepartitionBudget/Taux":
		return actBudgetTaux, actNone
	case inBulletin + "RepartitionBudget/Mt":
		return actBudgetMt, actNone
	case inBulletin + "RepartitionBudget":
		return actNone, finBudget
	case inBulletin + "PJRef/Support":
		return actSupport, actNone
	case inBulletin + "PJRef/IdUnique":
		return actIdUnique, actNone
	case inBulletin + "PJRef/NomPJ":
		return actNomPJ, actNone
	case inBulletin + "PJRef":
		return actNone, finPJRef
	case strings.TrimSuffix(inBulletin, "/"):
		return actNone, finBulletin
	}
	return actNone, actNone
}
