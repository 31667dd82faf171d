package run

import (
	"io"

	"paye/internal/repeats"
	"paye/internal/xmlw"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// runAssembly puts the batches of a run into a Writer.
type runAssembly struct {
	out   *xhl.Writer
	dec   *LineDecoder
	opts  *EncodeOptions
	nom   *xhl.Nomenclatures
	xml   []byte // of nom, where it is known
	rep   *xhl.RepartitionParNature
	begun bool // the entete was written
	open  bool // a groupe is open
	last  RawLine
}

func newAssembly(w io.Writer, o *EncodeOptions) *runAssembly {
	return &runAssembly{out: xhl.NewWriter(w, o.Writer), dec: NewLineDecoder(o.Run), opts: o}
}

func (a *runAssembly) fail(what string, raw RawLine) error {
	return schema.Codes.New("XHL-305", what).At(a.opts.Run.Fichier, raw.Offset, raw.Ligne)
}

func (a *runAssembly) add(b *runBatch) error {
	if b.err != nil {
		return b.err
	}
	if b.lines != nil {
		a.last = b.lines[0]
		if !a.begun {
			return a.fail("entete", a.last)
		}
		if !a.open {
			if err := a.beginGroupe(nil); err != nil {
				return placed(err, a.opts.Run.Fichier, a.last)
			}
		}
		if a.opts.Encodes != nil {
			a.opts.Encodes.Add(int64(len(b.lines)))
		}
		a.opts.tell(b.notes)
		return a.out.WriteEncoded(b.raw, len(b.lines), b.totals)
	}
	a.last = b.control
	var line RunLine
	var bullet xhl.Bulletin
	if err := a.dec.Decode(b.control, &line, &bullet); err != nil {
		return err
	}
	return placed(a.control(&line), a.opts.Run.Fichier, b.control)
}

func (a *runAssembly) control(line *RunLine) error {
	switch {
	case line.Entete != nil:
		if a.begun {
			return a.fail("entete × 2", a.last)
		}
		a.begun = true
		return a.out.WriteEntete(line.Entete)
	case line.Groupe:
		if !a.begun {
			return a.fail("entete", a.last)
		}
		return a.beginGroupe(line.Etablissement)
	case line.Nomenclatures != nil:
		if a.nom != nil {
			return a.fail("nomenclatures × 2", a.last)
		}
		a.nom = line.Nomenclatures
		a.xml = encodedNomenclatures(a.last.Bytes, a.nom, a.opts.Writer)
	case line.Repartition != nil:
		if a.rep != nil {
			return a.fail("repartition × 2", a.last)
		}
		a.rep = line.Repartition
	}
	return nil
}

// encodedNomenclatures is what a Writer makes of the code lists of a line; nil where
// there is something to say of them, or they are not worth to be kept.
func encodedNomenclatures(line []byte, n *xhl.Nomenclatures, o xhl.WriterOptions) []byte {
	on := layout{o.Version, o.Charset, o.Compact}
	if raw, known := encoded.Find(on, line); known || len(line) < repeats.Least {
		return raw
	}
	raw, notes, err := xhl.AppendNomenclatures(nil, n, o)
	if err != nil || len(notes) > 0 {
		return nil
	}
	encoded.Keep(on, line, raw)
	return raw
}

// encoded are the code lists that were written last, by their lines.
var encoded repeats.Of[layout, []byte]

type layout struct {
	version xhl.Version
	charset xmlw.Charset
	compact bool
}

func (a *runAssembly) beginGroupe(e *xhl.Etablissement) error {
	if !a.open {
		a.open = true
		if err := a.opts.begin(a.nom, a.rep); err != nil {
			return err
		}
	}
	return a.out.BeginGroupe(e)
}

func (a *runAssembly) finish() error {
	if !a.begun {
		return a.fail("entete", a.last)
	}
	if !a.open {
		return schema.Codes.New("XHL-015").At(a.opts.Run.Fichier, -1, 0)
	}
	if a.nom == nil {
		return a.fail("nomenclatures", a.last)
	}
	var err error
	if a.xml != nil {
		err = a.out.WriteEncodedNomenclatures(a.xml, a.nom)
	} else {
		err = a.out.WriteNomenclatures(a.nom)
	}
	if err != nil {
		return placed(err, a.opts.Run.Fichier, a.last)
	}
	if a.rep != nil {
		if err := a.out.WriteRepartition(a.rep); err != nil {
			return err
		}
	}
	a.opts.tell(a.out.Notes())
	return placed(a.out.Close(), a.opts.Run.Fichier, a.last)
}
