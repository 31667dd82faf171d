package pespj

import (
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"time"

	"paye/internal/anomalie"
)

// CheckOptions are those of Check; the zero value works.
type CheckOptions struct {
	Fichier string // name of the file in anomalies
	Limites Limites
	// Limite is the size, in bytes, that the file may not exceed; a file of
	// exactly that size passes. 0 for none: each of the Plateformes that the
	// file is too large for is then a warning.
	Limite int64
	// Jour is today; a DteStr after it is a warning. No such check when zero.
	Jour time.Time
	// DejaEnvoye reports whether an IdUnique was sent before, in another
	// flux; nil when there is no register.
	DejaEnvoye func(idUnique string) bool
	// PJRefDeclaree reports whether a PES dépense carries the PJRef of a
	// piece; nil when none does.
	PJRefDeclaree func(idUnique string) bool
	// Contenu is given each piece at its content, with the original file as a
	// stream, to open it in the same pass. It need not read it all. It is
	// called before the values that follow the content are known. An error
	// other than what r returned stops the check.
	Contenu func(pj *PJLue, r io.Reader) error
	// Fin is given each piece once it is complete.
	Fin func(pj *PJLue)
}

// Bilan is the verdict on a flux.
type Bilan struct {
	// SchemaValide is the verdict of libxml2 with XSD PES 5.30, the contents
	// of the other domains and of the signature being accepted unchecked. A
	// DTD, and what exceeds the Limites, is refused where libxml2 may not.
	SchemaValide bool
	// SchemaValideJava is whether the validators written in Java take the flux
	// too: PES-302, PES-019 and PES-023 tell where they do not.
	SchemaValideJava bool
	Erreurs          int64
	Avertissements   int64
	Infos            int64

	Flux      FluxLu
	PJ        int   // pieces
	RefCompta int   // references of them all
	Octets    int64 // of the whole file, or up to the fault of a malformed one
}

// Check judges a flux in one pass, in memory that does not grow with it but
// for some 100 bytes a piece. It reports every anomaly to emit, those of an
// element when it ends, and goes on after each; a malformed document ends it,
// and that is an anomaly too. The error is of the machine, or of
// CheckOptions.Contenu.
func Check(r io.Reader, o CheckOptions, emit func(*anomalie.Anomalie)) (*Bilan, error) {
	c := &controle{o: o, emit: emit, ids: map[[16]byte]struct{}{}, noms: map[[16]byte]struct{}{}}
	p, err := newParcours(r, o.Fichier, o.Limites, c.report)
	c.p = p
	if err == nil {
		err = c.walk()
	}
	c.bilan.SchemaValide = p.schemaValide
	if f := p.ForJava; f != nil {
		p.forJava = true
		c.report(Codes.New(codeJava, f.Args...).At(p.fichier, f.Offset, f.Line))
	}
	c.bilan.SchemaValideJava = p.schemaValide && !p.forJava && p.NUL == nil
	c.bilan.Flux, c.bilan.Octets, c.bilan.PJ = p.flux, p.compte.n, p.nbPJ
	c.bilan.Flux.IdVer = p.texteDe(champIdVer)
	var a *anomalie.Anomalie
	if errors.As(err, &a) && c.panne == nil {
		c.report(a)
		c.bilan.SchemaValide, c.bilan.Octets = false, max(a.Offset, 0)
		c.bilan.SchemaValideJava = false
		err = nil
	}
	return &c.bilan, err
}

type controle struct {
	o      CheckOptions
	p      *walk
	emit   func(*anomalie.Anomalie)
	bilan  Bilan
	entete bool // the header was checked
	ids    map[[16]byte]struct{}
	noms   map[[16]byte]struct{}
	panne  error // of CheckOptions.Contenu
}

func (c *controle) report(a *anomalie.Anomalie) {
	switch a.Gravite {
	case anomalie.Erreur:
		c.bilan.Erreurs++
	case anomalie.Avertissement:
		c.bilan.Avertissements++
	default:
		c.bilan.Infos++
	}
	c.emit(a)
}

func (c *controle) walk() error {
	c.encodage()
	for {
		at, err := c.p.step()
		if err != nil {
			return err
		}
		switch at {
		case etEntete:
			c.checkEntete()
		case etFichier:
			if err := c.contenu(); err != nil {
				return err
			}
		case etRefCompta:
			c.checkRef()
		case etPJ:
			c.checkPJ()
			if c.o.Fin != nil {
				c.o.Fin(c.p.pj)
			}
		case etFin:
			c.checkFin()
			return nil
		}
	}
}

// maxDeclaration is how far platforms look for the name of the encoding.
const maxDeclaration = 50

func (c *controle) encodage() {
	p := c.p
	start := int64(0)
	if p.recoded() {
		start = -1
	}
	if p.BOM {
		c.report(Codes.New(codeBOM).At(p.fichier, start, 1))
	}
	if p.recoded() || !strings.EqualFold(p.Declared, "ISO-8859-1") || p.EncodingEnd > maxDeclaration {
		a := Codes.New(codeEncodage).At(p.fichier, start, 1)
		a.Trouve, a.Attendu = p.Encoding.String(), "ISO-8859-1"
		c.report(a)
	}
}

// contenu hands the content over, reads it to its end, and says what is wrong
// with it.
func (c *controle) contenu() error {
	pj := c.p.pj
	pj.walk = nil // the walk is ours
	if content := c.p.contenu; c.o.Contenu != nil {
		if err := c.o.Contenu(pj, content); err != nil {
			if content.err == nil || !errors.Is(err, content.err) {
				c.panne = err
				return err
			}
		}
	}
	if err := c.p.endContenu(); err != nil {
		c.p.err = err
		return err
	}
	switch {
	case pj.Faute != nil:
		c.report(pj.Faute)
	case pj.Octets == 0:
		c.report(c.lieu(codeContenuVide, champFichier))
	}
	return nil
}

// lieu is the anomaly code at the place of the value champ of the piece or of
// the header, whose element has been closed.
func (c *controle) lieu(code string, champ champ, args ...any) *anomalie.Anomalie {
	a := Codes.New(code, args...)
	v := &c.p.valeurs[champ]
	if v.seen {
		a.At(c.p.fichier, v.offset, v.ligne)
	} else {
		a.At(c.p.fichier, -1, 0)
	}
	if a.Chemin = nomDeChamp[champ]; champ >= champFichier && champ < champAutreDomaine && c.p.pj != nil {
		a.Chemin = c.p.cheminPJ() + strings.TrimPrefix(nomDeChamp[champ], cheminDePJ)
		if !v.seen {
			a.At(c.p.fichier, c.p.pj.Offset, c.p.pj.Ligne)
		}
	}
	return a
}

// seen adds value to set and reports whether it was there. Hashes are kept, so
// that a hostile file does not choose how much memory its values take.
func (c *controle) seen(set map[[16]byte]struct{}, value string) bool {
	sum := sha256.Sum256([]byte(value))
	key := [16]byte(sum[:16])
	if _, twice := set[key]; twice {
		return true
	}
	if len(set) < c.p.limites.PJ {
		set[key] = struct{}{}
	}
	return false
}
