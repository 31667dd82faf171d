package build

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"paye/compress"
	"paye/internal/identifiants"
	"paye/pespj"
	"paye/splitter"
	"paye/xhl"
)

// Paye is what identifies a payroll beyond its content.
type Paye struct {
	Siret string
	identifiants.Periode
	Train string // "" without one
}

// newPaye reads which payroll a journal is; siret stands in for the one it
// gives.
func newPaye(e *xhl.Entete, siret string) (p Paye, err error) {
	p = Paye{Siret: siret, Train: e.Train.Or("")}
	if p.Siret == "" {
		p.Siret = e.Employeur.Siret
	}
	if !identifiants.IsSIRET(p.Siret) {
		return p, Codes.New(SiretInvalide, p.Siret)
	}
	if p.Periode, err = identifiants.NewPeriode(e.Annee, e.Mois); err != nil {
		return p, Codes.New(PeriodeInvalide, e.Annee, e.Mois)
	}
	return p, nil
}

// nom is the base name of what a volume holds, the same for no other volume,
// train or period of the employer, since readers replace an import by another
// of the same name. The shape, SIRET-AAAA-ETAT_PAYE-MM, is one seen in files.
func (p Paye) nom(v *splitter.Volume) string {
	s := fmt.Sprintf("%s-%04d-ETAT_PAYE-%02d", p.Siret, p.Annee, p.Mois)
	if train := strings.TrimSuffix(pespj.NomPJSur(p.Train+".xhl"), ".xhl"); p.Train != "" {
		s += "-" + train
	}
	return fmt.Sprintf("%s-%03d", s, v.N)
}

// newFormat returns the format of the volumes that d asks for.
func newFormat(d *demand, p Paye) (splitter.Format, error) {
	zip := &splitter.Archive{SIRET: p.Siret, Date: p.Debut(), Nom: func(v *splitter.Volume) string { return p.nom(v) + ".xhl" }}
	switch d.Format {
	case FormatZip:
		return zip, nil
	case FormatXHL:
		return splitter.Nu{}, nil
	}
	base := &fluxPES{dem: d, paye: p, flux: d.Flux}
	base.flux.IdColl = p.Siret
	base.flux.DteStr = d.Date.Format(time.DateOnly)
	probe := base.flux
	probe.NomFic = "x.xml"
	if faults := probe.Check(); len(faults) > 0 {
		return nil, faults[0]
	}
	numbers, err := mandats(d.Mandats)
	if err != nil {
		return nil, err
	}
	for _, m := range numbers {
		base.refs = append(base.refs, pespj.RefCompta{Domaine: "01", Exercice: fmt.Sprintf("%04d", p.Annee), TypeObjet: "01", Identifiant: m})
	}
	if d.Packaging == EnPieces {
		return &fluxPieces{base}, nil
	}
	return &fluxArchive{base, zip}, nil
}

// mandats reads the numbers of --mandat: each is digits, several stand apart by
// commas, semicolons or blanks.
func mandats(list []string) (numbers []string, err error) {
	for _, text := range list {
		for _, n := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
			if len(n) > maxMandat || strings.Trim(n, "0123456789") != "" || strings.Trim(n, "0") == "" {
				return nil, Codes.New(MandatRefuse, text)
			}
			if !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
	}
	return numbers, nil
}

// maxMandat is the most digits that the number of a mandat has: Alphanum20 of
// PES PJ 5.30.
const maxMandat = 20

// Types of PJ of the DGFiP's list: état de paye, dépense.
const (
	typeEtatDePaye = "004"
	typeDepense    = "003"
)

// fluxPES is what both packagings of a PES PJ share.
type fluxPES struct {
	dem  *demand
	paye Paye
	flux pespj.Flux
	refs []pespj.RefCompta

	souvenir *souvenir // nil without a memory
}

func (f *fluxPES) Extension() string { return ".xml" }

// header returns the flux of a volume and the identity of its payroll piece.
func (f *fluxPES) header(v *splitter.Volume) (pespj.Flux, string, error) {
	hash := v.Hash()
	p := f.paye
	flux := f.flux
	var err error
	if flux.NomFic, err = f.nomFic(v, hash); err != nil {
		return flux, "", err
	}
	id, err := pespj.NewIdUnique(p.Siret, pespj.GenrePaye, p.Annee, p.Mois, hash[:])
	return flux, id, err
}

// room returns how many bytes of gzip one piece, whose markup is known, may
// have in a file of limit bytes.
func (f *fluxPES) room(limit int64, markup int64) int64 {
	return max(0, (limit-markup)/4*3)
}

// fluxArchive carries a volume as one piece: its zip archive.
type fluxArchive struct {
	*fluxPES
	zip *splitter.Archive
}

var _ splitter.Format = (*fluxArchive)(nil)

func (f *fluxArchive) Partage() splitter.Partage { return splitter.ParVolume }

func (f *fluxArchive) parts(v *splitter.Volume) (*pespj.Flux, *pespj.PJ, error) {
	flux, id, err := f.header(v)
	if err != nil {
		return nil, nil, err
	}
	size, err := f.zip.Size(v)
	if err != nil {
		return nil, nil, err
	}
	return &flux, &pespj.PJ{
		IdUnique: id, NomPJ: f.paye.nom(v) + ".zip", TypePJ: typeEtatDePaye, MIMEType: "application/zip",
		Description: fmt.Sprintf("Etat de paye %s, volume %d", f.paye, v.N),
		RefCompta:   f.refs,
		Gzip:        compress.StoredGzipSize(size),
	}, nil
}

// Size is the exact length of the flux.
func (f *fluxArchive) Size(v *splitter.Volume) (int64, error) {
	flux, pj, err := f.parts(v)
	if err != nil {
		return 0, err
	}
	return pespj.Size(flux, pj)
}

// Write writes the flux, the archive being made on its way.
func (f *fluxArchive) Write(ctx context.Context, v *splitter.Volume, w io.Writer) error {
	flux, pj, err := f.parts(v)
	if err != nil {
		return err
	}
	pj.Contenu = func(w io.Writer) error {
		gz := compress.NewStoredGzip(w)
		if err := f.zip.Write(ctx, v, gz); err != nil {
			return err
		}
		return gz.Close()
	}
	out, err := pespj.NewWriter(w, flux)
	if err != nil {
		return err
	}
	if err := out.WritePJ(pj); err != nil {
		return err
	}
	return out.Close()
}

// Room is what the archive may weigh beside its own directory.
func (f *fluxArchive) Room(limit int64) int64 {
	flux, pj := f.flux, &pespj.PJ{IdUnique: strings.Repeat("0", 50), NomPJ: strings.Repeat("n", 60) + ".zip", TypePJ: typeEtatDePaye,
		MIMEType: "application/zip", Description: fmt.Sprintf("Etat de paye %s, volume 00", f.paye), RefCompta: f.refs}
	flux.NomFic = strings.Repeat("n", 48)
	markup, err := pespj.Size(&flux, pj)
	if err != nil {
		return 0
	}
	gzip := f.room(limit, markup)
	// A stored gzip costs 5 bytes a block of 65,535, 18 around them, and one
	// block more.
	n := gzip - 23
	n -= 5 * (n/65540 + 1)
	return f.zip.Room(n)
}

func (f *fluxArchive) XHLCost(b compress.Block) int64           { return f.zip.XHLCost(b) }
func (f *fluxArchive) PieceCost(p *splitter.Justificatif) int64 { return f.zip.PieceCost(p) }

// fluxPieces carries the XHL as one piece and every justificatif as another,
// each once in the set: Hélios refuses an IdUnique that it has.
type fluxPieces struct{ *fluxPES }

var _ splitter.Format = (*fluxPieces)(nil)

func (f *fluxPieces) Partage() splitter.Partage { return splitter.UneFois }

func (f *fluxPieces) journal(v *splitter.Volume, id string) *pespj.PJ {
	return &pespj.PJ{
		IdUnique: id, NomPJ: f.paye.nom(v) + ".xhl", TypePJ: typeEtatDePaye, MIMEType: pespj.TypeMIME("x.xhl"),
		Description: fmt.Sprintf("Etat de paye %s, volume %d", f.paye, v.N),
		RefCompta:   f.refs,
		Gzip:        compress.GzipSize(v.XHL),
		Contenu:     func(w io.Writer) error { return v.WriteGzip(w) },
	}
}

func (f *fluxPieces) justificatif(p *splitter.Justificatif) *pespj.PJ {
	return &pespj.PJ{IdUnique: p.IdUnique, NomPJ: p.NomPJ, TypePJ: typeDepense, MIMEType: p.MIMEType,
		Description: description(p.Description), RefCompta: f.refs, Gzip: p.Piece.GzipSize()}
}

// description cuts what the schema bounds at 250 characters.
func description(s string) string {
	if r := []rune(s); len(r) > 250 {
		return string(r[:250])
	}
	return s
}

// Size is the exact length of the flux.
func (f *fluxPieces) Size(v *splitter.Volume) (int64, error) {
	flux, id, err := f.header(v)
	if err != nil {
		return 0, err
	}
	total, err := flux.Size()
	if err == nil && !v.EnteteSeul {
		total, err = pespj.Size(&flux, f.journal(v, id))
	}
	for _, p := range v.Pieces {
		if err != nil {
			return 0, err
		}
		if f.souvenir.travels(p) {
			var n int64
			n, err = f.justificatif(p).Size()
			total += n
		}
	}
	return total, err
}

// Write writes the flux, the journal first.
func (f *fluxPieces) Write(ctx context.Context, v *splitter.Volume, w io.Writer) error {
	flux, id, err := f.header(v)
	if err != nil {
		return err
	}
	out, err := pespj.NewWriter(w, &flux)
	if err != nil {
		return err
	}
	if !v.EnteteSeul {
		if err := out.WritePJ(f.journal(v, id)); err != nil {
			return err
		}
	}
	enc := compress.NewEncoder(splitter.NiveauPieces)
	defer enc.Release()
	for _, p := range v.Pieces {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !f.souvenir.travels(p) {
			continue
		}
		pj := f.justificatif(p)
		pj.Contenu = func(w io.Writer) error {
			r, err := p.Open()
			if err != nil {
				return err
			}
			defer r.Close()
			return enc.CopyGzip(w, p.Piece, r)
		}
		if err := out.WritePJ(pj); err != nil {
			return err
		}
	}
	return out.Close()
}

// Room is what the elements of the pieces may weigh.
func (f *fluxPieces) Room(limit int64) int64 {
	flux := f.flux
	flux.NomFic = strings.Repeat("n", 48)
	head, err := flux.Size()
	if err != nil {
		return 0
	}
	return limit - head
}

// XHLCost is the element of a journal on the wire, but for its markup, which
// every volume has once.
func (f *fluxPieces) XHLCost(b compress.Block) int64 {
	return (b.Size*4 + 2) / 3
}

// PieceCost is the element of a piece on the wire.
func (f *fluxPieces) PieceCost(p *splitter.Justificatif) int64 {
	if !f.souvenir.travels(p) {
		return 0
	}
	n, err := f.justificatif(p).Size()
	if err != nil {
		return p.Piece.GzipSize() * 4 / 3
	}
	return n
}
