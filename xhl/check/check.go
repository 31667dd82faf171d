package check

import (
	"context"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"paye/internal/anomalie"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// Schema is what Journal judges a journal against.
type Schema uint8

const (
	SchemaDetecte Schema = iota // 1.4 when the journal has an element of it, else 1.2b, which 1.4 contains
	Schema14
	Schema12b
)

// PartieDeLot is the role of a file in a set of volumes made from one journal.
// Such a set conforms to the schema as a whole: only its first file carries
// RepartitionParNature (DGFiP, bureau CL2C, note of 30 November 2018).
type PartieDeLot uint8

const (
	Entier      PartieDeLot = iota // a journal by itself
	Premiere                       // the first file: its répartition is that of the whole set
	Suite                          // a later file: RepartitionParNature may be missing, and nothing else
	EnteteSeule                    // the head without bulletins that goes with pieces sent apart
)

// Options say what Journal judges and where its findings go. The zero value
// checks a whole journal on all cores.
type Options struct {
	Fichier     string // the journal's name in anomalies
	Schema      Schema
	PartieDeLot PartieDeLot

	// Tolerant turns into warnings the deviations that readers of the field
	// accept, XéMéLios first. SchemaValide does not depend on it.
	Tolerant bool

	// MaxExemples is how many anomalies of a code are given to Anomalie; all of
	// them are counted. 20 when 0.
	MaxExemples int

	// Anomalie is given the anomalies in the order of their places, those of the
	// journal as a whole last, after it was read to its end.
	Anomalie func(*xhl.Anomalie)

	// Reference is given each PJRef, and Bulletin each bulletin, in the order of
	// the journal while it is read. Both are called by the goroutine of Journal.
	// What they are given may be kept.
	Reference func(*Reference)
	Bulletin  func(*BulletinVu)

	Lus   *atomic.Int64 // if set: bytes judged so far, for a progress bar
	Cores int           // goroutines that judge; GOMAXPROCS when 0

	MaxTag      int // bytes of one tag, comment or text; 1 MiB when 0
	MaxBulletin int // bytes of one bulletin, as xhl.Options has it; 32 MiB when 0
	MaxDepth    int // elements open at once; 64 when 0
	Fenetre     int // bytes judged at once by a goroutine; 256 KiB when 0, 1 MiB in a browser
}

func (o *Options) defaults() {
	set := func(v *int, def int) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&o.MaxExemples, 20)
	set(&o.Cores, runtime.GOMAXPROCS(0))
	set(&o.MaxTag, 1<<20)
	set(&o.MaxBulletin, 32<<20)
	set(&o.MaxDepth, 64)
	set(&o.Fenetre, windowSize)
}

// BulletinVu is what Journal tells of a bulletin to those who compare journals.
type BulletinVu struct {
	Rang        int // from 0, over the whole journal
	Groupe      int // index of its DonneesIndiv, from 0
	Matricule   string
	Offset      int64
	Empreinte   uint64 // hash of its elements and values, PJRef left out
	MtBrut      xhl.Montant
	MtNetAPayer xhl.Montant
	Lignes      int // lines of Remuneration
	PJRef       int
}

// Compte is how often one code was found.
type Compte struct {
	Code    string
	Gravite anomalie.Gravite
	N       int
}

// Signe is how a journal writes what is withheld from agents: Deduction,
// Acompte and Retenue.
type Signe uint8

const (
	RetenuesPositives Signe = iota // as amounts to take off
	RetenuesNegatives              // as amounts to add
)

// Bilan is the verdict on a journal.
type Bilan struct {
	// SchemaValide is the verdict of libxml2 2.9.14 with the official XSD, on
	// every journal but those that Journal refuses to read: with a DOCTYPE
	// (XHL-003), beyond a limit (XHL-004), in an encoding that it does not know
	// (XHL-005). The verdict is that on a whole document; libxml2 in its
	// streaming mode also lets undeclared prefixes through.
	SchemaValide bool

	// SchemaValideJava is the verdict of Xerces-J 2.12 and of the validator of
	// the JDK, on the same terms. It differs on a few shapes only, each of which
	// has its code: XHL-016, 018, 144 and 145 are what Java alone refuses, XHL-142
	// and 143, a byte that the charset leaves free and an empty CDATA section
	// what libxml2 alone does.
	SchemaValideJava bool

	// Conforme is SchemaValide, where the role of the file in a set excuses what
	// PartieDeLot says.
	Conforme bool

	Version    xhl.Version // the schema that it was judged against
	Encodage   string
	BOM        bool
	Interrompu bool // the end was not read, after a fault that stops the check

	Erreurs, Avertissements, Infos int
	Comptes                        []Compte // by code

	Octets, Lignes int64
	Groupes        int // DonneesIndiv
	Bulletins      int
	MtBrut         xhl.Montant // sums over the bulletins
	MtNetAPayer    xhl.Montant
	Signe          Signe

	// What the files of a set are compared by.
	Entete                 *xhl.Entete
	Nomenclatures          *xhl.Nomenclatures // nil when absent, or too large to keep
	RepartitionParNature   *xhl.RepartitionParNature
	EmpreinteEntete        uint64
	EmpreinteNomenclatures uint64
	Totaux                 *xhl.Totaux // of the lines, by nature and rubrique
}

// N returns how many anomalies of a code there are.
func (b *Bilan) N(code string) int {
	for _, c := range b.Comptes {
		if c.Code == code {
			return c.N
		}
	}
	return 0
}

// Journal judges a journal: plain bytes, in any encoding that [xhl.Encoding] knows.
// It goes on after a fault, so that one pass tells all that is wrong; only what
// makes the rest unreadable stops it, which Interrompu tells. The anomalies,
// their order and the Bilan depend on the bytes and the options, not on the
// number of cores. Memory does not grow with the journal, but for eight bytes a
// bulletin and the distinct codes and pieces, all bounded.
//
// An error comes from r or ctx; a fault of the journal never is one.
func Journal(ctx context.Context, r io.Reader, o Options) (*Bilan, error) {
	o.defaults()
	c := newCheck(o)
	if err := c.read(ctx, r); err != nil {
		return nil, err
	}
	c.conclude()
	return c.report(), nil
}

// report gives out the anomalies and counts them by gravity.
func (c *check) report() *Bilan {
	b := new(Bilan)
	*b = c.bilan // what is given out does not hold the buffers of the check
	byCode := make(map[string]*Compte)
	for kind, n := range c.all.counts {
		if n == 0 {
			continue
		}
		rule := faultRules[kind]
		g := c.gravite(fault(kind))
		switch g {
		case anomalie.Erreur:
			b.Erreurs += n
		case anomalie.Avertissement:
			b.Avertissements += n
		default:
			b.Infos += n
		}
		if byCode[rule.code] == nil {
			byCode[rule.code] = &Compte{Code: rule.code, Gravite: g}
		}
		byCode[rule.code].N += n
	}
	for _, compte := range byCode {
		b.Comptes = append(b.Comptes, *compte)
	}
	slices.SortFunc(b.Comptes, func(x, y Compte) int { return strings.Compare(x.Code, y.Code) })
	if c.opts.Anomalie == nil {
		return b
	}
	slices.SortStableFunc(c.all.list, func(x, y finding) int {
		switch {
		case x.off == y.off:
			return int(x.fault) - int(y.fault)
		case x.off < 0 || y.off >= 0 && x.off > y.off:
			return 1
		}
		return -1
	})
	for i := range c.all.list {
		f := &c.all.list[i]
		a := schema.Codes.New(faultRules[f.fault].code, f.args...).At(c.opts.Fichier, f.off, f.ligne)
		a.Gravite = c.gravite(f.fault)
		a.Chemin, a.Matricule, a.Trouve, a.Attendu = f.chemin(), f.matricule, f.trouve, f.attendu
		c.opts.Anomalie(a)
	}
	return b
}

// gravite is that of the registry, but for what the options excuse.
func (c *check) gravite(kind fault) anomalie.Gravite {
	rule := faultRules[kind]
	g := schema.Codes.New(rule.code).Gravite
	switch {
	case kind == faultNoRepartition && (c.opts.PartieDeLot == Suite || c.opts.PartieDeLot == EnteteSeule), kind == faultMissingBlock:
		return anomalie.Info
	case c.opts.Tolerant && rule.tolerant:
		return anomalie.Avertissement
	}
	return g
}
