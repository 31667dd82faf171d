package splitter

import (
	"context"
	"fmt"
	"io"
	"time"

	"paye/compress"
)

// Archive is the zip "archive de paye": the XHL at the root, the pieces below
// PJ/<SIRET>. The layout is that of the official example of a sibling document
// type; for payroll it is inferred.
type Archive struct {
	SIRET string
	Date  time.Time              // of the entries
	Nom   func(v *Volume) string // of the XHL at the root
	// Entree returns the path of a piece in the archive; PJ/<SIRET>/<NomPJ>
	// when nil.
	Entree func(p *Justificatif) string
}

var _ Format = (*Archive)(nil)

func (a *Archive) Extension() string { return ".zip" }
func (a *Archive) Partage() Partage  { return ParVolume }

func (a *Archive) path(p *Justificatif) string {
	if a.Entree != nil {
		return a.Entree(p)
	}
	return "PJ/" + a.SIRET + "/" + p.NomPJ
}

func (a *Archive) entries(v *Volume) []compress.ZipEntry {
	list := make([]compress.ZipEntry, 0, 1+len(v.Pieces))
	list = append(list, compress.BlockEntry(a.Nom(v), v.XHL))
	for _, p := range a.files(v) {
		list = append(list, p.Piece.Entry(a.path(p)))
	}
	return list
}

// files are the pieces of a volume that have a file of their own: a document
// that travels under two identifiers and one name is there once.
func (a *Archive) files(v *Volume) []*Justificatif {
	seen := make(map[string]bool, len(v.Pieces))
	list := make([]*Justificatif, 0, len(v.Pieces))
	for _, p := range v.Pieces {
		if path := a.path(p); !seen[path] {
			seen[path] = true
			list = append(list, p)
		}
	}
	return list
}

// Size is the exact length of the archive.
func (a *Archive) Size(v *Volume) (int64, error) { return compress.ZipSize(a.entries(v)...), nil }

// Write writes the archive. A piece that is no longer what was measured is
// compress.ErrChanged.
func (a *Archive) Write(ctx context.Context, v *Volume, w io.Writer) error {
	z := compress.NewZipWriter(w, a.Date)
	if err := z.Begin(compress.BlockEntry(a.Nom(v), v.XHL)); err != nil {
		return err
	}
	if err := v.WriteDeflate(z); err != nil {
		return err
	}
	enc := compress.NewEncoder(NiveauPieces)
	defer enc.Release()
	for _, p := range a.files(v) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := copyPiece(p, func(r io.Reader) error { return enc.CopyEntry(z, a.path(p), p.Piece, r) }); err != nil {
			return err
		}
	}
	return z.Close()
}

// copyPiece opens a piece for copy.
func copyPiece(p *Justificatif, copyFrom func(io.Reader) error) error {
	r, err := p.Open()
	if err != nil {
		return fmt.Errorf("open piece %s: %w", p.NomPJ, err)
	}
	defer r.Close()
	if err := copyFrom(r); err != nil {
		return fmt.Errorf("copy piece %s: %w", p.NomPJ, err)
	}
	return nil
}

// Room is the room for entries.
func (a *Archive) Room(limit int64) int64 { return limit - compress.ZipSize() }

// XHLCost is the growth of the archive by the XHL.
func (a *Archive) XHLCost(b compress.Block) int64 { return b.Size }

// PieceCost is the growth of the archive by a piece.
func (a *Archive) PieceCost(p *Justificatif) int64 { return p.Piece.Entry(a.path(p)).Cost() }

// Nu is the bare XHL: no compression, no pieces.
type Nu struct{}

var _ Format = Nu{}

func (Nu) Extension() string             { return ".xhl" }
func (Nu) Partage() Partage              { return Jamais }
func (Nu) Size(v *Volume) (int64, error) { return v.XHL.Raw, nil }
func (Nu) Room(limit int64) int64        { return limit }
func (Nu) PieceCost(*Justificatif) int64 { return 0 }

// Write writes the journal of the volume.
func (Nu) Write(_ context.Context, v *Volume, w io.Writer) error { return v.WriteRaw(w) }

// XHLCost is the raw length.
func (Nu) XHLCost(b compress.Block) int64 { return b.Raw }
