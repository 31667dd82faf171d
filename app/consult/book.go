package consult

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

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
	folded string // name, first name and matricule
	codes  []uint16
}

// Book is a journal that is open. Its methods may be called by several
// goroutines.
type Book struct {
	Entete         *xhl.Entete
	Nomenclatures  *xhl.Nomenclatures
	Entries        []Entry
	Etablissements []string
	Services       []string // sorted
	Grades         []string // sorted
	Totals         Totals

	raw      io.ReaderAt
	file     *os.File
	copy     string // to take away
	encoding *xhl.Encoding
	etabs    []*xhl.Etablissement
	codes    map[string]uint16
}

// Open reads the journal at path. A compressed one is copied, raw, into spool.
// The caller calls Close.
func Open(ctx context.Context, path, spool string, p *progress.Progress) (_ *Book, err error) {
	j, err := compress.OpenJournal(path, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer j.Close()
	b := &Book{codes: map[string]uint16{}}
	defer func() {
		if err != nil {
			b.Close()
		}
	}()
	var in io.Reader = &counted{ctx, j, p}
	p.Begin(Reading, max(j.Raw, 0))
	if j.Container == compress.Plain {
		if b.file, err = os.Open(path); err != nil {
			return nil, fmt.Errorf("open a journal to look into: %w", err)
		}
	} else {
		if b.file, err = os.CreateTemp(spool, "brut-*"); err != nil {
			return nil, fmt.Errorf("copy a journal to look into: %w", err)
		}
		b.copy = b.file.Name()
		in = io.TeeReader(in, b.file)
	}
	b.raw = b.file
	r, err := xhl.NewReader(in, xhl.Options{})
	if err != nil {
		return nil, err
	}
	b.Entete, b.encoding = r.Entete(), r.Encoding()
	if err := b.index(r); err != nil {
		return nil, err
	}
	b.Nomenclatures, err = r.Nomenclatures()
	return b, err
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

// Close lets the file go, and takes the raw copy away.
func (b *Book) Close() error {
	if b.file == nil {
		return nil
	}
	err := b.file.Close()
	b.file = nil
	if b.copy != "" {
		err = errors.Join(err, os.Remove(b.copy))
	}
	return err
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

// index reads the bulletins to the end.
func (b *Book) index(r *xhl.Reader) error {
	words, folder := interner{}, newFolder()
	services, grades := map[string]bool{}, map[string]bool{}
	b.Totals.init()
	groupe := -1
	for v, err := range r.Bulletins() {
		if err != nil {
			return err
		}
		if v.Lieu.Groupe != groupe {
			groupe = v.Lieu.Groupe
			b.etablissement(v.Lieu.Etablissement)
		}
		e := Entry{Rang: v.Lieu.Rang, Matricule: strings.Clone(v.Agent.Matricule), Nom: xhl.Nominatif(strings.Clone(string(v.Agent.Nom))), Prenom: xhl.Nominatif(strings.Clone(string(v.Agent.Prenom.V))),
			Service: words.word(v.Service), Grade: words.word(v.Agent.Grade), Statut: words.word(v.Agent.Statut), Etablissement: len(b.Etablissements) - 1,
			Pieces: len(v.PJRef), offset: v.Lieu.Offset, length: int32(len(v.Lieu.Raw)), groupe: int32(v.Lieu.Groupe), line: v.Lieu.Ligne}
		e.Brut, _ = v.MtBrut.Montant()
		e.Net, _ = v.MtNetAPayer.Montant()
		e.folded = folder.fold(e.Nom.Reveal() + " " + e.Prenom.Reveal() + " " + e.Matricule)
		e.codes = b.codesOf(v)
		services[e.Service], grades[e.Grade] = true, true
		b.Totals.add(v, &e)
		b.Entries = append(b.Entries, e)
	}
	b.Services, b.Grades = sorted(services), sorted(grades)
	return nil
}

func (b *Book) etablissement(e *xhl.Etablissement) {
	name := ""
	if e != nil {
		name = strings.Clone(e.Nom)
		kept := *e
		e = &kept
	}
	b.Etablissements = append(b.Etablissements, name)
	b.etabs = append(b.etabs, e)
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

// Bulletin opens a bulletin by its rank; nil when there is none.
func (b *Book) Bulletin(rang int) (*xhl.Bulletin, error) {
	if rang < 0 || rang >= len(b.Entries) {
		return nil, nil
	}
	e := &b.Entries[rang]
	raw := make([]byte, e.length)
	if _, err := b.raw.ReadAt(raw, e.offset); err != nil {
		return nil, fmt.Errorf("open bulletin %d: %w", rang, err)
	}
	seg := &xhl.Segment{Raw: raw, Parts: []xhl.Part{{Kind: xhl.PartBulletin, End: len(raw)}}, Offset: e.offset, Ligne: e.line, Rang: rang, Groupe: int(e.groupe), Ouvert: true}
	v := new(xhl.Bulletin)
	if err := xhl.NewDecoder(b.encoding, xhl.Options{}).Bulletin(seg, 0, rang, v); err != nil {
		return nil, fmt.Errorf("open bulletin %d: %w", rang, err)
	}
	if e.Etablissement >= 0 {
		v.Lieu.Etablissement = b.etabs[e.Etablissement]
	}
	return v, nil
}
