package send

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"

	"paye/app/build"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/ledger"
)

// Recorder writes the deliveries of a build into the book, in the step that
// publishes them, and tells the build what was sent before. Only PES files are
// recorded: nothing else is acknowledged.
type Recorder struct {
	Book   *fluxbook.Book
	CodCol string
	CodBud string

	note []byte         // that Prepare returned
	paye *fluxbook.Paye // that it tells of
}

var (
	_ build.Recorder = (*Recorder)(nil)
	_ build.Memory   = (*Recorder)(nil)
)

func (r *Recorder) key(p build.Paye) fluxbook.Key {
	return fluxbook.Key{Siret: p.Siret, CodCol: r.CodCol, CodBud: r.CodBud, Annee: p.Annee, Mois: p.Mois, Train: p.Train}
}

// Prepare refuses what the book forbids, and returns what Published needs.
func (r *Recorder) Prepare(ctx context.Context, a *build.Account) ([]byte, error) {
	if a.Manifest.Format != build.FormatPES {
		return nil, nil
	}
	dir, err := filepath.Abs(a.Dir)
	if err != nil {
		return nil, err
	}
	p := &fluxbook.Paye{Key: r.key(a.Paye), Packaging: a.Manifest.Packaging, Dossier: dir, Version: a.Manifest.Version}
	for i, v := range a.Manifest.Volumes {
		volume := fluxbook.Volume{N: v.N, Fichier: v.Fichier, Octets: v.Octets, SHA256: v.SHA256, NomFic: v.NomFic}
		for _, c := range a.Contents[i] {
			volume.Pieces = append(volume.Pieces, fluxbook.Piece{IdUnique: c.IdUnique, Genre: c.Genre, SHA256: c.SHA256, Octets: c.Octets})
		}
		p.Volumes = append(p.Volumes, volume)
	}
	if err := r.Book.Prepare(atOnce(ctx), p); err != nil {
		return nil, err
	}
	r.note, err = json.Marshal(p)
	r.paye = p
	return r.note, err
}

// atOnce spares what takes no time to speak of the goroutines that listen for its
// interruption.
func atOnce(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

// Published records a delivery that is in its folder. It hears no
// interruption: the files are there. What the book refuses it would refuse
// again: the delivery is taken back.
func (r *Recorder) Published(note []byte) error {
	p, err := r.read(note)
	if err == nil && p != nil {
		_, err = r.Book.Record(context.Background(), p)
	}
	return forGood(err)
}

// forGood marks the errors that asking again does not change.
func forGood(err error) error {
	if anomalie.Is(err, fluxbook.NomFicPris) || anomalie.Is(err, fluxbook.AutreContenu) || anomalie.Is(err, NoteIllisible) {
		return &durable.Refused{Cause: err}
	}
	return err
}

// RecordAll is Published for the notes of many payrolls, as a part of a transaction
// of the book's ledger, a server's.
func (r *Recorder) RecordAll(ctx context.Context, tx ledger.Tx, notes [][]byte) error {
	var list []*fluxbook.Paye
	for _, note := range notes {
		p, err := r.read(note)
		if err != nil {
			return forGood(err)
		}
		if p != nil {
			list = append(list, p)
		}
	}
	return forGood(r.Book.RecordAll(ctx, tx, list))
}

// read reads what Prepare wrote; nil when that was nothing.
func (r *Recorder) read(note []byte) (*fluxbook.Paye, error) {
	switch {
	case len(note) == 0:
		return nil, nil
	case bytes.Equal(note, r.note):
		return r.paye, nil
	}
	p := new(fluxbook.Paye)
	if err := json.Unmarshal(note, p); err != nil {
		return nil, Codes.New(NoteIllisible)
	}
	return p, nil
}

// Past reports whether a volume of the payroll has left, and whether names of
// its month are taken.
func (r *Recorder) Past(ctx context.Context, p build.Paye) (sent, names bool, err error) {
	past, err := r.Book.Past(atOnce(ctx), r.key(p))
	return past.Sent, past.Names, err
}

// Known returns the pieces that need not travel again.
func (r *Recorder) Known(ctx context.Context, p build.Paye, contents map[string]string) (map[string]bool, error) {
	known, err := r.Book.Known(ctx, p.Siret, contents)
	ids := make(map[string]bool, len(known))
	for id := range known {
		ids[id] = true
	}
	return ids, err
}

// Envoi returns the first number that gives a NomFic never used.
func (r *Recorder) Envoi(ctx context.Context, p build.Paye, name func(int) (string, error)) (int, error) {
	return r.Book.Envoi(ctx, r.key(p), name)
}
