package check

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"paye/internal/anomalie"
	xhlcheck "paye/xhl/check"
)

// Journal is a journal and where it was.
type Journal struct {
	Nom   string // of the anomalies: volume-01.zip!a.xhl
	Base  string // its file name, "" while unknown
	Bilan *xhlcheck.Bilan

	EnteteSeule bool // a head without bulletins, that goes with pieces

	archive     bool // its pieces are in the archive around it
	sansPieces  bool // but there are none: they may be elsewhere in the set
	rangPJ      int  // of the piece of a flux that it is in; 0 for none
	attendues   attendues
	registre    registre
	premier     string // matricule
	dernier     string
	repartition bool
}

// place is where a journal stands, and what is expected of it there.
type place struct {
	role    xhlcheck.PartieDeLot
	nom     string
	base    string
	rangPJ  int
	archive bool
}

// maxJournaux bounds the journals of one file: each is a document to hold
// against the others.
const maxJournaux = 64

// journal judges the journal that r gives.
func (c *checker) journal(ctx context.Context, f *Fichier, r io.Reader, p place) (*Journal, error) {
	j := &Journal{Nom: p.nom, Base: p.base, archive: p.archive, rangPJ: p.rangPJ}
	in := bufio.NewReaderSize(r, tete)
	role := p.role
	if role == xhlcheck.Premiere && len(f.Journaux) > 0 {
		role = xhlcheck.Suite
	}
	if role != xhlcheck.Entier && headOnly(in) {
		role, j.EnteteSeule = xhlcheck.EnteteSeule, true
	}
	o := xhlcheck.Options{
		Fichier: p.nom, Schema: c.o.Schema, PartieDeLot: role, Tolerant: c.o.Tolerant, MaxExemples: c.o.Max,
		Anomalie:  f.keep,
		Reference: j.attendues.add,
	}
	if c.inv.lot {
		o.Bulletin = func(b *xhlcheck.BulletinVu) {
			if b.Rang == 0 {
				j.premier = b.Matricule
			}
			j.dernier = b.Matricule
			if c.bulletins.Add(1) <= maxBulletins {
				j.registre.add(b)
			}
		}
	}
	var err error
	if j.Bilan, err = xhlcheck.Journal(ctx, in, o); err != nil {
		return nil, err
	}
	f.addBilan(j.Bilan)
	j.repartition = j.Bilan.RepartitionParNature != nil
	if role != xhlcheck.Premiere {
		j.Bilan.Nomenclatures = nil // its hash is enough
	}
	f.Journaux = append(f.Journaux, j)
	return j, nil
}

// Codes of xhl that a set looks at.
const (
	journalTronque     = "XHL-001"
	journalSansElement = "XHL-017"
	pieceSansReference = "XHL-243"
)

// complet reports whether the journal was read to its end.
func (j *Journal) complet() bool {
	return !j.Bilan.Interrompu && j.Bilan.N(journalTronque)+j.Bilan.N(journalSansElement) == 0
}

// headOnly reports whether a small journal has no bulletin.
func headOnly(r *bufio.Reader) bool {
	head, err := r.Peek(tete)
	return err == io.EOF && bytes.Contains(head, []byte("DocumentPaye>")) && !bytes.Contains(head, []byte("<PayeIndivMensuel"))
}

// attendues are the pieces that a journal references, by IdUnique, and by name
// where there is none.
type attendues struct {
	refs   map[string]*xhlcheck.Reference
	pleine bool
}

// maxPieces bounds the distinct pieces of a file.
const maxPieces = 1 << 18

func (a *attendues) add(ref *xhlcheck.Reference) {
	key := ref.IdUnique
	if key == "" {
		if key = ref.Fichier(); key == "" {
			return
		}
	}
	known := a.refs[key]
	switch {
	case known != nil:
		if travels(ref) {
			known.Support = ref.Support
		}
	case len(a.refs) >= maxPieces:
		a.pleine = true
	default:
		if a.refs == nil {
			a.refs = make(map[string]*xhlcheck.Reference)
		}
		a.refs[key] = ref
	}
}

// travels reports whether the document is a file, not paper or a disc.
func travels(ref *xhlcheck.Reference) bool {
	return ref.Support == "00" || ref.Support == "01" || ref.Support == "10"
}

// anomalie is a rule broken by a reference.
func (j *Journal) anomalie(a *anomalie.Anomalie, ref *xhlcheck.Reference) *anomalie.Anomalie {
	a.At(j.Nom, ref.Offset, ref.Ligne)
	a.Chemin, a.Matricule = ref.Chemin, ref.Matricule
	if a.Attendu == "" {
		a.Attendu = ref.IdUnique
	}
	return a
}

// maxBulletins bounds the bulletins of a set that are compared.
const maxBulletins = 1 << 20

// registre is what is kept of the bulletins of a journal: some thirty bytes
// each.
type registre struct {
	matricules []byte
	vus        []bulletinVu
}

type bulletinVu struct {
	empreinte uint64
	offset    int64
	fin       uint32 // of its matricule in matricules
}

func (r *registre) add(b *xhlcheck.BulletinVu) {
	m := b.Matricule
	if len(m) > 64 || len(r.matricules) > 1<<31 {
		m = "" // the schema allows 24 characters
	}
	r.matricules = append(r.matricules, m...)
	r.vus = append(r.vus, bulletinVu{b.Empreinte, b.Offset, uint32(len(r.matricules))})
}

func (r *registre) matricule(i int) string {
	start := uint32(0)
	if i > 0 {
		start = r.vus[i-1].fin
	}
	return string(r.matricules[start:r.vus[i].fin])
}
