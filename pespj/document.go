package pespj

import (
	"errors"
	"io"

	"paye/internal/anomalie"
	"paye/internal/xmlr"
)

// Limites bound what a reader accepts. The zero value takes the defaults.
type Limites struct {
	Profondeur int   // of open elements; default 256, as libxml2
	Balise     int   // bytes of one tag; default 1 MiB
	Attributs  int   // attributes of one tag, namespaces in scope; default 128
	PJ         int   // pieces of a flux whose identity is compared; default 500,000
	RefCompta  int   // references kept for one piece; default 10,000
	Contenu    int64 // bytes of one piece once expanded; default 16 GiB
	Acquit     int64 // bytes of an acquittal, which is held in memory; default 16 MiB
}

func (l Limites) defaults() Limites {
	setDefault(&l.Profondeur, 256)
	setDefault(&l.Balise, 1<<20)
	setDefault(&l.Attributs, 128)
	setDefault(&l.PJ, 500_000)
	setDefault(&l.RefCompta, 10_000)
	setDefault(&l.Contenu, 16<<30)
	setDefault(&l.Acquit, 16<<20)
	return l
}

func setDefault[T int | int64](v *T, value T) {
	if *v <= 0 {
		*v = value
	}
}

// document is an XML document whose faults are anomalies of this package.
type document struct {
	*xmlr.Document
	fichier string
	limites Limites
}

func openDocument(src io.Reader, fichier string, l Limites) (*document, error) {
	doc, err := xmlr.NewDocument(src, fichier, xmlr.Limits{Depth: l.Profondeur, Tag: l.Balise, Attrs: l.Attributs})
	d := &document{doc, fichier, l}
	return d, d.anomalie(err)
}

// next reads one event. Errors are anomalies, or come from the reader below.
func (d *document) next() (xmlr.Event, error) {
	event, err := d.Next()
	if err != nil {
		err = d.anomalie(err)
	}
	return event, err
}

var codesXML = [xmlr.NbFaults]string{
	xmlr.BadMarkup: codeBalisage, xmlr.HasDoctype: codeDTD, xmlr.TooLarge: codeBaliseGeante, xmlr.RepeatedAttribute: codeAttributDouble,
	xmlr.BadCharacter: codeCaractere, xmlr.BadReference: codeReference, xmlr.TooManyAttributes: codeAttributs, xmlr.BadBytes: codeOctets,
	xmlr.Truncated: codeTronque, xmlr.EndsAtNUL: codeNulFinal, xmlr.OutsideRoot: codeHorsRacine, xmlr.BadEndTag: codeFermeture,
	xmlr.TooDeep: codeProfondeur, xmlr.EndOfCDATA: codeFinCDATA, xmlr.BadComment: codeCommentaire, xmlr.BadInstruction: codeInstruction,
	xmlr.Empty: codeVide, xmlr.BadDeclaration: codeDeclaration, xmlr.UnknownEncoding: codeEncodageInconnu,
}

// anomalie turns a breach of XML into an anomaly; other errors stay.
func (d *document) anomalie(err error) error {
	var a *anomalie.Anomalie
	var f *xmlr.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &a): // of a reader below
		return a
	case errors.As(err, &f):
		return d.of(f)
	}
	return err
}

func (d *document) of(f *xmlr.Fault) *anomalie.Anomalie {
	a := Codes.New(codesXML[f.Kind], f.Args...).At(d.fichier, f.Offset, f.Line)
	if f.Kind == xmlr.UnknownEncoding {
		a.Trouve, a.Attendu = d.Declared, "ISO-8859-1"
	}
	return a
}

// faute is the anomaly code at a place of the window.
func (d *document) faute(code string, i int, args ...any) *anomalie.Anomalie {
	offset, ligne := d.At(i)
	return Codes.New(code, args...).At(d.fichier, offset, ligne)
}

// recoded reports whether the bytes of the window are not those of the file.
func (d *document) recoded() bool { return d.UTF16 != xmlr.NotUTF16 }
