package pespj

import (
	"io"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/room"
)

// FluxLu is the envelope and the header of a flux that was read, as they
// stand: nothing is checked.
type FluxLu struct {
	Flux
	Version   string
	IdVer     string // of PES_PJ
	Encodage  string // as declared, "" when it is not
	Signature bool
	// AutresDomaines counts the accounting domains beside PES_PJ.
	AutresDomaines int
}

// Appele is how a message calls the flux: by its NomFic, where it has one.
func (f *FluxLu) Appele() any {
	if f.NomFic == "" {
		return sansNomFic.With()
	}
	return f.NomFic
}

var sansNomFic = lang.Text{FR: "sans NomFic", EN: "without NomFic"}

// PJLue is a piece of a flux that is being read. What stands after the content
// in the file is filled once the content has been read: by Finish, or when the
// next piece is asked for.
type PJLue struct {
	PJ            // Gzip is the length of the gzip stream that was read; Contenu is nil
	Rang   int    // from 1
	Offset int64  // of the element in the file; -1 in UTF-16
	Ligne  int64  // from 1
	Octets int64  // of the original file
	Debut  string // its first bytes, 4 at most, to know it by

	ServeurId string
	// Faute is what is wrong with the content, nil when it is sound.
	Faute *anomalie.Anomalie

	walk *walk
}

// etape is where a parcours stops.
type etape uint8

const (
	etFin       etape = iota
	etEntete          // the header of the flux is complete
	etFichier         // a content can be read
	etRefCompta       // a reference of the piece is complete
	etPJ              // a piece is complete
)

// valeur is what an element holds, and where.
type valeur struct {
	texte  string
	seen   bool // the element is there
	given  bool // and its attribute
	offset int64
	ligne  int64
}

// parcours walks a flux and keeps what its elements say. The Reader and Check
// drive it.
type walk struct {
	*validator
	flux    FluxLu
	valeurs [nombreDeChamps]valeur
	pj      *PJLue // of the last PJ element
	nbPJ    int
	ref     RefCompta
	nbRefs  int // of pj
	contenu *contenuPJ
	pesPJ   bool
	compte  compteur
	etape   etape // where the last step stopped
	ended   bool  // the document has ended
	err     error // what ended the walk before
}

func newParcours(r io.Reader, fichier string, l Limites, emit func(*anomalie.Anomalie)) (*walk, error) {
	p := &walk{compte: compteur{r: r}}
	s, err := openDocument(&p.compte, fichier, l.defaults())
	p.validator = newValideur(s, racineAller, emit)
	p.flux.Encodage = s.Declared
	if err != nil {
		p.schemaValide = false
	}
	return p, err
}

// step walks to the next stop and says where that is. A content that was
// not read to its end is, first.
func (p *walk) step() (etape, error) {
	if p.ended || p.err != nil {
		return etFin, p.err
	}
	if p.contenu != nil {
		p.err = p.endContenu()
	}
	if p.err == nil {
		p.etape, p.err = p.walk()
	}
	if p.err != nil {
		p.etape = etFin
	}
	p.ended = p.etape == etFin
	return p.etape, p.err
}

func (p *walk) walk() (etape, error) {
	for {
		ev, c, err := p.advance()
		switch {
		case err != nil:
			return etFin, err
		case ev == evFin:
			return etFin, nil
		case ev == evDebut:
			if p.opened(&c) {
				return etFichier, nil
			}
		case c.champ == champEnTete:
			p.fillEntete()
			return etEntete, nil
		case c.champ == champRefCompta:
			p.fillRef()
			return etRefCompta, nil
		case c.champ == champPJ:
			p.fillPJ()
			return etPJ, nil
		}
	}
}

// opened takes the start of an element; true when it is the content of a piece.
func (p *walk) opened(c *cadre) bool {
	offset, ligne := p.At(p.Start)
	v := valeur{seen: true, offset: offset, ligne: ligne}
	for i := range p.Attrs {
		if a := &p.Attrs[i]; len(a.NS) == 0 && c.genre.attribut == string(a.Name) {
			v.texte, v.given = string(a.Value), true
		}
	}
	if c.champ == champPJ {
		clear(p.valeurs[champFichier:champAutreDomaine])
		p.nbPJ++
		p.nbRefs = 0
		p.pj = &PJLue{Rang: p.nbPJ, Offset: offset, Ligne: ligne, walk: p}
	}
	if c.champ == champRefCompta {
		clear(p.valeurs[champDomaine:champAutreDomaine])
	}
	p.valeurs[c.champ] = v
	switch c.champ {
	case champFichier:
		p.openFichier(v)
		return true
	case champAutreDomaine:
		p.flux.AutresDomaines++
	case champSignature:
		p.flux.Signature = true
	case champPES_PJ:
		p.pesPJ = true
	}
	return false
}

func (p *walk) openFichier(v valeur) {
	p.pj.MIMEType = v.texte
	t := &texteFichier{v: p.validator, offset: v.offset, ligne: v.ligne, chemin: p.chemin()}
	p.contenu = newContenuPJ(t, p.limites.Contenu)
}

// endContenu reads the content to its end and gives the verdict of the schema
// on it. Faults of the content go to the piece, not to the caller.
func (p *walk) endContenu() error {
	c := p.contenu
	p.contenu = nil
	mem := room.Lend()
	err := c.drain(mem[:])
	mem.Give()
	c.release()
	if err != nil {
		return err
	}
	if !c.texte.lexical() {
		a := Codes.New(codeBase64Lexical).At(p.fichier, c.texte.offset, c.texte.ligne)
		a.Chemin = c.texte.chemin
		p.ecart(a)
	}
	p.forJava = p.forJava || c.texte.foreign
	p.closeCadre()
	j := p.pj
	j.Gzip, j.Octets = c.gz.n, c.octets
	j.Debut = string(c.debut[:min(c.octets, int64(len(c.debut)))])
	if j.Faute == nil {
		j.Faute = c.faute
	}
	return nil
}

func (p *walk) texteDe(c champ) string { return p.valeurs[c].texte }

func (p *walk) fillEntete() {
	f := &p.flux
	f.Version = p.texteDe(champVersion)
	f.TypFic, f.NomFic = p.texteDe(champTypFic), p.texteDe(champNomFic)
	f.EmetteurSigle, f.EmetteurAdresse = p.texteDe(champEmetteurSigle), p.texteDe(champEmetteurAdresse)
	f.RecepteurSigle, f.RecepteurAdresse = p.texteDe(champRecepteurSigle), p.texteDe(champRecepteurAdresse)
	f.DteStr, f.IdPost, f.LibellePoste = p.texteDe(champDteStr), p.texteDe(champIdPost), p.texteDe(champLibellePoste)
	f.IdColl, f.FinJur = p.texteDe(champIdColl), p.texteDe(champFinJur)
	f.CodCol, f.CodBud, f.LibelleColBud = p.texteDe(champCodCol), p.texteDe(champCodBud), p.texteDe(champLibelleColBud)
}

func (p *walk) fillRef() {
	p.ref = RefCompta{
		Domaine: p.texteDe(champDomaine), Exercice: p.texteDe(champExercice), TypeObjet: p.texteDe(champTypeObjet),
		Identifiant: p.texteDe(champIdentifiant), ComplementIdentifiant: p.texteDe(champComplement), IdTiers: p.texteDe(champIdTiers),
	}
	if p.nbRefs++; p.nbRefs <= p.limites.RefCompta {
		p.pj.RefCompta = append(p.pj.RefCompta, p.ref)
	}
}

func (p *walk) fillPJ() {
	j := p.pj
	j.IdUnique, j.ServeurId, j.NomPJ = p.texteDe(champIdUnique), p.texteDe(champServeurId), p.texteDe(champNomPJ)
	j.TypePJ, j.Description = p.texteDe(champTypePJ), p.texteDe(champDescription)
}
