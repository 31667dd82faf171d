package pespj

import (
	"bytes"
	"strconv"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/xmlr"
)

// valideur walks a document along the schema's tables. It reports every
// departure and goes on as a reader of good will would, matching elements by
// their names; schemaValide keeps the verdict that libxml2 gives.
type validator struct {
	*document
	racine       *racine
	emit         func(*anomalie.Anomalie)
	schemaValide bool

	pile           []cadre
	saut           int  // elements open when the walk began to pass over a subtree; 0 outside
	espaceReported bool // codeEspaceDeNoms was said once
	utf8Reported   bool
	forJava        bool // something that Java alone refuses was there
}

// cadre is an open element.
type cadre struct {
	nom           string
	rang          int // among its like, from 1; 0 where only one may stand
	genre         *genre
	champ         champ
	pos, vus      int // particle reached, and how many of it
	option        uint8
	texteReported bool
}

func newValideur(s *document, r *racine, emit func(*anomalie.Anomalie)) *validator {
	return &validator{document: s, racine: r, emit: emit, schemaValide: true}
}

// gInconnu is the type of an element that the schema does not have: its
// content is passed over.
var gInconnu = &genre{contenu: skip}

// located is the anomaly code at octets[i], on the current path.
func (v *validator) located(code string, i int, args ...any) *anomalie.Anomalie {
	a := v.faute(code, i, args...)
	a.Chemin = v.chemin()
	return a
}

// ecart reports a departure from the schema.
func (v *validator) ecart(a *anomalie.Anomalie) {
	v.schemaValide = false
	v.emit(a)
}

func (v *validator) chemin() string {
	var b strings.Builder
	for i := range v.pile {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(v.pile[i].nom)
		if v.pile[i].rang > 0 {
			b.WriteString("[" + strconv.Itoa(v.pile[i].rang) + "]")
		}
	}
	return b.String()
}

// enfant takes the start tag under the scanner: it checks its place and its
// attributes, and pushes it.
func (v *validator) enfant() error {
	if len(v.pile) == 0 {
		return v.openRoot()
	}
	parent := &v.pile[len(v.pile)-1]
	if parent.genre.contenu == skip {
		v.saut = v.Depth()
		return nil
	}
	c := cadre{nom: string(v.Name[:min(len(v.Name), 64)]), genre: gInconnu}
	switch parent.genre.contenu {
	case libre:
		c.genre = gLibre
	case vide, binaire:
		v.ecart(v.located(codeInattendu, v.Start, c.nom, parent.nom))
	default:
		v.place(parent, &c)
	}
	v.pile = append(v.pile, c)
	if c.genre == gInconnu {
		v.saut = v.Depth()
		return nil
	}
	v.checkAttributs(&v.pile[len(v.pile)-1])
	return nil
}

func (v *validator) openRoot() error {
	c := cadre{nom: v.racine.nom, genre: v.racine.genre}
	switch {
	case string(v.Name) != v.racine.nom:
		v.schemaValide = false
		a := v.faute(codeRacine, v.Start, clip(v.NS), clip(v.Name))
		a.Trouve, a.Attendu = clip(v.Name), v.racine.nom
		return a
	case string(v.NS) != v.racine.ns:
		a := v.faute(codeRacine, v.Start, clip(v.NS), clip(v.Name))
		a.Trouve, a.Attendu = clip(v.NS), v.racine.ns
		v.ecart(a)
		v.espaceReported = true
	}
	v.pile = append(v.pile, c)
	v.checkAttributs(&v.pile[0])
	return nil
}

func clip(b []byte) string { return string(b[:min(len(b), 128)]) }

// place finds the particle of parent for the element under the scanner, and
// moves parent's position.
func (v *validator) place(parent, c *cadre) {
	suite := parent.genre.particule
	found := -1
	for i := range suite {
		if suite[i].nom == string(v.Name) {
			found = i
			break
		}
	}
	if found < 0 {
		v.ecart(v.located(codeInattendu, v.Start, c.nom, parent.nom))
		return
	}
	p := &suite[found]
	if p.ns != string(v.NS) {
		v.schemaValide = false
		if !v.espaceReported {
			v.espaceReported = true
			v.ecart(v.located(codeEspaceDeNoms, v.Start, c.nom, clip(v.NS)))
		}
	}
	c.genre, c.champ = p.genre, p.champ
	switch {
	case found < parent.pos, found == parent.pos && parent.vus >= p.max,
		p.option > 0 && parent.option > 0 && p.option != parent.option:
		v.ecart(v.located(codeMalPlace, v.Start, c.nom, parent.nom))
		return
	case found > parent.pos:
		v.manquants(parent, found)
		parent.pos, parent.vus = found, 0
	}
	parent.vus++
	parent.option = max(parent.option, p.option)
	if p.max > 1 {
		c.rang = parent.vus
	}
}

// manquants reports the compulsory elements of parent from its position to the
// particle end, not included.
func (v *validator) manquants(parent *cadre, end int) {
	for i := parent.pos; i < end; i++ {
		p := &parent.genre.particule[i]
		if p.min > 0 && (i > parent.pos || parent.vus == 0) {
			v.ecart(v.located(codeManquant, v.Start, p.nom, parent.nom))
		}
	}
}

func (v *validator) checkAttributs(c *cadre) {
	g := c.genre
	seen := false
	for i := range v.Attrs {
		a := &v.Attrs[i]
		switch {
		case string(a.NS) == nsXSI:
			v.checkXSI(c, a)
		case g.contenu == skip || g.contenu == libre:
		case len(a.NS) == 0 && g.attribut != "" && string(a.Name) == g.attribut:
			seen = true
			if g.valeur.java != nil && g.valeur.valide(a.Value) && !g.valeur.java(a.Value) {
				v.forJava = true
				v.emit(v.located(codeJava, a.At, c.nom))
			}
			if !g.valeur.valide(a.Value) {
				f := v.located(codeValeur, a.At, c.nom)
				f.Trouve, f.Attendu = shown(c.champ, a.Value), g.valeur.attendu
				v.ecart(f)
			}
		default:
			v.ecart(v.located(codeAttributInconnu, a.At, clip(a.Name), c.nom))
		}
	}
	if g.requis && !seen {
		v.ecart(v.located(codeAttributRequis, v.Start, g.attribut, c.nom))
	}
	v.checkUTF8()
}

// shown is a refused value, cut short. A description or a file name may name a
// person: its length is shown instead.
func shown(c champ, value []byte) string {
	if c == champDescription || c == champNomPJ || c == champIdTiers {
		return strconv.Itoa(len([]rune(string(value)))) + " car."
	}
	return clip(value)
}

// checkXSI checks the attributes of XML Schema itself: no type of these
// schemas has a derived one, so that xsi:type can only repeat the declared
// type.
func (v *validator) checkXSI(c *cadre, a *xmlr.DocAttr) {
	switch string(a.Name) {
	case "schemaLocation", "noNamespaceSchemaLocation":
		return
	case "nil":
		if c.genre.contenu == libre && c.champ != champSignature {
			return
		}
	case "type":
		prefix, local := xmlr.SplitName(a.Value)
		uri, bound := v.URI(prefix)
		known := (bound || prefix == nil) && c.genre.nom != "" && string(local) == c.genre.nom && string(uri) == c.genre.ns
		if known || c.genre.contenu == libre && string(uri) == nsXSD {
			return
		}
	default:
		v.ecart(v.located(codeAttributInconnu, a.At, "xsi:"+clip(a.Name), c.nom))
		return
	}
	v.ecart(v.located(codeXSI, a.At, string(a.Name), c.nom))
}

// checkUTF8 looks for values that say Latin-1 and are UTF-8. Text in
// Latin-1 that is also UTF-8 by chance would need an accent followed by a
// symbol, such as "Ã©".
func (v *validator) checkUTF8() {
	if v.utf8Reported || v.Charset != xmlr.Latin1 {
		return
	}
	for i := range v.Attrs {
		if looksUTF8(v.Attrs[i].Value) {
			v.utf8Reported = true
			v.emit(v.located(codeUTF8SousLatin1, v.Attrs[i].At))
			return
		}
	}
}

// looksUTF8 reports whether s, Latin-1 turned into UTF-8, was UTF-8 before.
func looksUTF8(s []byte) bool {
	var raw []byte
	high := false
	for _, r := range string(s) {
		if r > 0xFF {
			return false
		}
		high = high || r >= 0x80
		raw = append(raw, byte(r))
	}
	return high && xmlr.UTF8.Invalid(raw) < 0
}

// takeText takes the text under the scanner, outside of Fichier.
func (v *validator) takeText() {
	c := &v.pile[len(v.pile)-1]
	if c.texteReported {
		return
	}
	blank := v.Class&^xmlr.Blank == 0 && !v.CDATA
	if c.genre.contenu == vide || !blank && (c.genre.contenu == suite || c.genre.contenu == skip && c.genre != gInconnu) {
		c.texteReported = true
		at := v.Start
		if c.genre.contenu != vide && !v.CDATA {
			at += len(v.Text) - len(bytes.TrimLeft(v.Text, " \t\r\n"))
		}
		v.ecart(v.located(codeTexteInterdit, at, c.nom))
	}
}

// closeCadre takes the end tag under the scanner.
func (v *validator) closeCadre() cadre {
	c := &v.pile[len(v.pile)-1]
	if c.genre.contenu == suite {
		v.manquants(c, len(c.genre.particule))
	}
	closed := *c
	v.pile = v.pile[:len(v.pile)-1]
	return closed
}

// evenement is what a walk stops at.
type evenement uint8

const (
	evFin    evenement = iota
	evDebut            // an element was opened: pile's last, and its attributes
	evFinDe            // an element was closed: the cadre returned
	evErreur           // with the error
)

// advance walks to the next event. Text, comments and subtrees without a schema
// are passed over.
func (v *validator) advance() (evenement, cadre, error) {
	for {
		j, err := v.next()
		if err != nil {
			v.schemaValide = false
			return evErreur, cadre{}, err
		}
		switch j {
		case xmlr.Ended:
			if v.NUL != nil {
				v.emit(v.of(v.NUL))
			}
			return evFin, cadre{}, nil
		case xmlr.Opened:
			if v.saut > 0 {
				continue
			}
			if err := v.enfant(); err != nil {
				return evErreur, cadre{}, err
			}
			if v.saut == 0 {
				return evDebut, v.pile[len(v.pile)-1], nil
			}
		case xmlr.Closed:
			if v.saut > 0 {
				if v.Depth() >= v.saut {
					continue
				}
				v.saut = 0
				if len(v.pile) == v.Depth() {
					continue // the subtree was not pushed
				}
			}
			return evFinDe, v.closeCadre(), nil
		case xmlr.Data:
			if v.saut == 0 {
				v.takeText()
			}
		}
	}
}
