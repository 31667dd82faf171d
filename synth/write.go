package synth

import (
	"context"
	"fmt"
	"io"

	"paye/xhl"
	"paye/xhl/run"
)

// counted counts the bytes that pass.
type counted struct {
	w io.Writer
	s *Progress
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.s.Octets.Add(int64(n))
	return n, err
}

// WriteJSONL writes run.jsonl: the head, the bulletins of each établissement,
// the nomenclatures. The répartition par nature is left to be derived.
func (r *Run) WriteJSONL(ctx context.Context, w io.Writer, s *Progress) error {
	w = counted{w, s}
	write := func(p []byte) error {
		if _, err := w.Write(p); err != nil {
			return fmt.Errorf("write run: %w", err)
		}
		return nil
	}
	if err := write(run.AppendEnteteJSON(nil, &r.entete)); err != nil {
		return err
	}
	encoder := func() func(*bloc) {
		var one xhl.Bulletin
		return func(b *bloc) {
			if b.debut == r.groupes[b.groupe].Debut {
				b.octets = run.AppendEtablissementJSON(b.octets, r.groupes[b.groupe].Etablissement)
			}
			for i := b.debut; i < b.fin; i++ {
				r.Bulletin(i, &one)
				b.octets = run.AppendBulletinJSON(b.octets, &one)
			}
		}
	}
	err := r.inOrder(ctx, encoder, func(b *bloc) error {
		s.Bulletins.Add(int64(b.fin - b.debut))
		return write(b.octets)
	})
	if err != nil {
		return err
	}
	return write(run.AppendNomenclaturesJSON(nil, r.nom))
}

// WriteXHL writes the journal, with the répartition par nature of its lines.
func (r *Run) WriteXHL(ctx context.Context, w io.Writer, s *Progress) error {
	opts := r.writerOptions()
	out := xhl.NewWriter(counted{w, s}, opts)
	if err := out.WriteEntete(&r.entete); err != nil {
		return err
	}
	encoder := func() func(*bloc) {
		var one xhl.Bulletin
		enc := xhl.NewBulletinEncoder(opts)
		return func(b *bloc) {
			b.totaux = xhl.NewTotaux()
			for i := b.debut; i < b.fin && b.err == nil; i++ {
				r.Bulletin(i, &one)
				b.totaux.Add(&one)
				b.octets, b.err = enc.Append(b.octets, &one)
			}
		}
	}
	err := r.inOrder(ctx, encoder, func(b *bloc) error {
		if b.debut == r.groupes[b.groupe].Debut {
			if err := out.BeginGroupe(r.groupes[b.groupe].Etablissement); err != nil {
				return err
			}
		}
		s.Bulletins.Add(int64(b.fin - b.debut))
		return out.WriteEncoded(b.octets, b.fin-b.debut, b.totaux)
	})
	if err != nil {
		return err
	}
	if err := out.WriteNomenclatures(r.nom); err != nil {
		return err
	}
	return out.Close()
}

// WriteJustificatifs writes the index of the pieces, justificatifs.csv: one
// line an agent for a shared piece, matricule * for one of general scope.
func (r *Run) WriteJustificatifs(w io.Writer, s *Progress) error {
	if _, err := (counted{w, s}).Write(r.appendIndex(nil)); err != nil {
		return fmt.Errorf("write index of justificatifs: %w", err)
	}
	return nil
}

// writerOptions say how the journal is written. The HR package of a dense book
// does not indent.
func (r *Run) writerOptions() xhl.WriterOptions {
	return xhl.WriterOptions{Version: r.opts.Version, Charset: r.opts.Charset, Compact: r.opts.Profil == Dense}
}
