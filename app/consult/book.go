package consult

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"paye/app/intake"
	"paye/compress"
	"paye/internal/progress"
	"paye/xhl"
)

// Reading is the phase of Open, in bytes.
const Reading progress.Phase = "lecture"

// Entry is one bulletin.
type Entry struct {
	Rang          int
	Matricule     string
	Nom           xhl.Nominatif
	Prenom        xhl.Nominatif
	Service       string
	Grade         string
	Statut        string
	Etablissement int // of Book.Etablissements; -1 for none
	Brut          xhl.Montant
	Net           xhl.Montant // net to pay
	Pieces        int

	offset int64
	length int32
	groupe int32
	line   int64
	source uint16
	folded string // name, first name and matricule
	codes  []uint16
}

// Book is a payroll that is open: one journal, or those of the volumes of a
// set. Its methods may be called by several goroutines.
type Book struct {
	Entete         *xhl.Entete
	Nomenclatures  *xhl.Nomenclatures
	Entries        []Entry
	Etablissements []string
	Services       []string // sorted
	Grades         []string // sorted
	Totals         Totals
	Refs           []Ref // of justificatifs, in the order of the bulletins
	Repeated       int   // bulletins that another journal had already; they are left out

	sources []*source
	etabs   []*xhl.Etablissement
	codes   map[string]uint16
}

// source is one journal of a book.
type source struct {
	from     string
	file     *os.File
	copy     string // to take away
	encoding *xhl.Encoding
}

// Open reads journals as one payroll. A compressed one is copied, raw, into
// spool. The caller calls Close.
func Open(ctx context.Context, journals []Journal, spool string, p *progress.Progress) (_ *Book, err error) {
	b := &Book{codes: map[string]uint16{}}
	defer func() {
		if err != nil {
			b.Close()
		}
	}()
	var total int64
	for _, j := range journals {
		if info, err := os.Stat(j.Path); err == nil {
			total += info.Size()
		}
	}
	p.Begin(Reading, total)
	x := newIndexing(len(journals) > 1)
	for _, j := range journals {
		if err := b.open(ctx, j, spool, p, x); err != nil {
			return nil, err
		}
	}
	b.Services, b.Grades = sorted(x.services), sorted(x.grades)
	return b, nil
}

// open reads one journal.
func (b *Book) open(ctx context.Context, journal Journal, spool string, p *progress.Progress, x *indexing) error {
	j, err := compress.OpenJournal(journal.Path, compress.Limits{})
	if err != nil {
		return err
	}
	defer j.Close()
	s := &source{from: journal.From}
	var in io.Reader = &counted{ctx, j, p}
	if j.Container == compress.Plain {
		if s.file, err = os.Open(journal.Path); err != nil {
			return fmt.Errorf("open a journal to look into: %w", err)
		}
	} else {
		if s.file, err = os.CreateTemp(spool, "brut-*"); err != nil {
			return fmt.Errorf("copy a journal to look into: %w", err)
		}
		s.copy = s.file.Name()
		in = io.TeeReader(in, s.file)
	}
	b.sources = append(b.sources, s)
	r, err := xhl.NewReader(in, xhl.Options{})
	if err != nil {
		return err
	}
	s.encoding = r.Encoding()
	switch e := r.Entete(); {
	case b.Entete == nil:
		b.Entete = e
	case b.Entete.Employeur.Siret != e.Employeur.Siret || b.Entete.Annee != e.Annee || b.Entete.Mois != e.Mois:
		return intake.Codes.New(intake.TwoJournals, b.sources[0].from, journal.From)
	}
	if err := b.index(r, x); err != nil {
		return err
	}
	nomenclatures, err := r.Nomenclatures()
	if b.Nomenclatures == nil {
		b.Nomenclatures = nomenclatures
	}
	return err
}

// counted counts what is read and ends with its context.
type counted struct {
	ctx context.Context
	io.Reader
	p *progress.Progress
}

func (c *counted) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.Reader.Read(b)
	c.p.Add(int64(n))
	return n, err
}

// Close lets the files go, and takes the raw copies away.
func (b *Book) Close() error {
	var errs []error
	for _, s := range b.sources {
		if s.file != nil {
			errs = append(errs, s.file.Close())
		}
		if s.copy != "" {
			errs = append(errs, os.Remove(s.copy))
		}
	}
	b.sources = nil
	return errors.Join(errs...)
}

// interner keeps one copy of words that come often.
type interner map[string]string

func (i interner) word(s string) string {
	if kept, known := i[s]; known {
		return kept
	}
	s = strings.Clone(s)
	i[s] = s
	return s
}

// indexing is what the reading of the journals of a book shares.
type indexing struct {
	words            interner
	folder           *folder
	services, grades map[string]bool
	refs             map[string]int         // rank in Refs, by identifier
	seen             map[bulletinKey]uint16 // first source of a bulletin; nil for one journal
}

// bulletinKey tells a bulletin from another one. A copy may hold more
// references, so it is not its bytes.
type bulletinKey struct {
	matricule, from, to string
	etablissement       string
	brut, net           xhl.Montant
	lines               int
}

func newIndexing(several bool) *indexing {
	x := &indexing{words: interner{}, folder: newFolder(), services: map[string]bool{}, grades: map[string]bool{}, refs: map[string]int{}}
	if several {
		x.seen = map[bulletinKey]uint16{}
	}
	return x
}

// repeated reports whether an earlier journal had the bulletin.
func (x *indexing) repeated(v *xhl.Bulletin, e *Entry) bool {
	if x.seen == nil {
		return false
	}
	place := ""
	if v.Lieu.Etablissement != nil {
		place = v.Lieu.Etablissement.Siret
	}
	k := bulletinKey{e.Matricule, x.words.word(string(v.Periode.DateDebut)), x.words.word(string(v.Periode.DateFin)), x.words.word(place), e.Brut, e.Net, len(v.Remuneration.Lignes)}
	first, known := x.seen[k]
	if !known {
		x.seen[k] = e.source
	}
	return known && first != e.source
}

// index reads the bulletins of the last source to the end.
func (b *Book) index(r *xhl.Reader, x *indexing) error {
	from := uint16(len(b.sources) - 1)
	if from == 0 {
		b.Totals.init()
	}
	groupe, place := -1, -1
	for v, err := range r.Bulletins() {
		if err != nil {
			return err
		}
		if v.Lieu.Groupe != groupe {
			groupe = v.Lieu.Groupe
			place = b.etablissement(v.Lieu.Etablissement)
		}
		e := Entry{Rang: len(b.Entries), Matricule: strings.Clone(v.Agent.Matricule), Nom: xhl.Nominatif(strings.Clone(string(v.Agent.Nom))), Prenom: xhl.Nominatif(strings.Clone(string(v.Agent.Prenom.V))),
			Service: x.words.word(v.Service), Grade: x.words.word(v.Agent.Grade), Statut: x.words.word(v.Agent.Statut), Etablissement: place,
			Pieces: len(v.PJRef), offset: v.Lieu.Offset, length: int32(len(v.Lieu.Raw)), groupe: int32(v.Lieu.Groupe), line: v.Lieu.Ligne, source: from}
		e.Brut, _ = v.MtBrut.Montant()
		e.Net, _ = v.MtNetAPayer.Montant()
		if x.repeated(v, &e) {
			b.Repeated++
			continue
		}
		e.folded = x.folder.fold(e.Nom.Reveal() + " " + e.Prenom.Reveal() + " " + e.Matricule)
		e.codes = b.codesOf(v)
		x.services[e.Service], x.grades[e.Grade] = true, true
		b.reference(v, e.Rang, x)
		b.Totals.add(v, &e)
		b.Entries = append(b.Entries, e)
	}
	return nil
}

// reference notes the justificatifs that a bulletin names.
func (b *Book) reference(v *xhl.Bulletin, rang int, x *indexing) {
	for i := range v.PJRef {
		id, name := v.PJRef[i].IdUnique, v.PJRef[i].NomPJ.V
		key := id
		if key == "" {
			key = "/" + name
		}
		at, known := x.refs[key]
		if !known {
			at = len(b.Refs)
			x.refs[strings.Clone(key)] = at
			b.Refs = append(b.Refs, Ref{IdUnique: strings.Clone(id), NomPJ: strings.Clone(name), Rang: rang})
		}
		b.Refs[at].Bulletins++
	}
}

// etablissement gives the number of an établissement, which a journal or a set
// of volumes may open more than once.
func (b *Book) etablissement(e *xhl.Etablissement) int {
	name, siret := "", ""
	if e != nil {
		name, siret = strings.Clone(e.Nom), e.Siret
		kept := *e
		e = &kept
	}
	for i, known := range b.etabs {
		if b.Etablissements[i] == name && (known == nil) == (e == nil) && (e == nil || known.Siret == siret) {
			return i
		}
	}
	b.Etablissements = append(b.Etablissements, name)
	b.etabs = append(b.etabs, e)
	return len(b.etabs) - 1
}

// codesOf numbers the codes of a bulletin's lines, each once.
func (b *Book) codesOf(v *xhl.Bulletin) []uint16 {
	var list []uint16
	for i := range v.Remuneration.Lignes {
		code := v.Remuneration.Lignes[i].Code
		n, known := b.codes[code]
		if !known {
			if len(b.codes) >= 1<<16-1 {
				continue
			}
			n = uint16(len(b.codes))
			b.codes[strings.Clone(code)] = n
		}
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return slices.Clip(list)
}

func sorted(set map[string]bool) (list []string) {
	for s := range set {
		if s != "" {
			list = append(list, s)
		}
	}
	slices.Sort(list)
	return list
}

// From is the file that a bulletin came from: a volume, or the journal itself.
func (b *Book) From(rang int) string { return b.sources[b.Entries[rang].source].from }

// Bulletin opens a bulletin by its rank; nil when there is none.
func (b *Book) Bulletin(rang int) (*xhl.Bulletin, error) {
	if rang < 0 || rang >= len(b.Entries) {
		return nil, nil
	}
	e := &b.Entries[rang]
	raw := make([]byte, e.length)
	from := b.sources[e.source]
	if _, err := from.file.ReadAt(raw, e.offset); err != nil {
		return nil, fmt.Errorf("open bulletin %d: %w", rang, err)
	}
	seg := &xhl.Segment{Raw: raw, Parts: []xhl.Part{{Kind: xhl.PartBulletin, End: len(raw)}}, Offset: e.offset, Ligne: e.line, Rang: rang, Groupe: int(e.groupe), Ouvert: true}
	v := new(xhl.Bulletin)
	if err := xhl.NewDecoder(from.encoding, xhl.Options{}).Bulletin(seg, 0, rang, v); err != nil {
		return nil, fmt.Errorf("open bulletin %d: %w", rang, err)
	}
	if e.Etablissement >= 0 {
		v.Lieu.Etablissement = b.etabs[e.Etablissement]
	}
	return v, nil
}
