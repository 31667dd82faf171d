package check

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/semaphore"

	"paye/internal/progress"
)

// StreamHead is how much of a stream must be there for its kind to be told.
const StreamHead = tete

// Stream judges one file as it comes, without its being written down first, and
// gives what [Check] gives of the same bytes in a file called nom. A journal, a
// flux and an acquittal can be judged so. ok is false when the first bytes tell
// of anything else: nothing is read then, r still gives all of it.
//
// A stream that breaks off is an error, never a verdict on what came of it.
func Stream(ctx context.Context, nom string, r *bufio.Reader, o Options) (_ *Rapport, ok bool, err error) {
	head, err := r.Peek(tete)
	if err != nil && err != io.EOF {
		return nil, false, fmt.Errorf("read %s: %w", nom, err)
	}
	genre, _ := genreDe(head)
	if genre != PES && genre != XHL && genre != Acquit {
		return nil, false, nil
	}
	if o.Max <= 0 {
		o.Max = 5
	}
	if o.Progress == nil {
		o.Progress = new(progress.Progress)
	}
	c := &checker{o: o, inv: &inventaire{constats: Constats{max: o.Max}}, room: semaphore.NewWeighted(enVol)}
	e := &entree{nom: nom, genre: genre}
	f := c.begin(e)
	in := &lecture{ctx: ctx, r: r, lus: o.Progress.Done()}
	err = c.juge(ctx, f, e, in)
	if err == nil {
		_, err = io.Copy(io.Discard, in) // a judge may stop before the end
	}
	if in.cut != nil {
		err = in.cut
	}
	if err != nil {
		return nil, true, fmt.Errorf("check %s: %w", nom, err)
	}
	f.Octets = in.n
	c.finish(f)
	f.seul()
	return &Rapport{Fichiers: []*Fichier{f}, Limite: o.Limite, Jour: o.Jour}, true, nil
}
