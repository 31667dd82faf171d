package build

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/pdfx"
	"paye/splitter"
)

// adviceBytes and advicePages bound the documents that are tried, the heaviest
// first. What is no heavy scan, which is known from the look that every piece
// gets, costs nothing.
const adviceBytes = 64 << 20

// Advice is what Request.Light would save, where pieces are heavy scans. Its
// sizes are those of twins that were made, and its volumes those of a plan with
// them: nothing is estimated.
type Advice struct {
	Heavy   int          // documents that are heavy scans
	Tried   int          // of those, the ones whose twin was made; the heaviest
	Twins   []AdviceTwin // the lighter ones, the most telling first
	Saved   int64        // bytes of all of them
	Volumes int          // with them; 0 where that is not known
	Without int          // volumes of the plan; 0 where a piece is too large for one
}

// AdviceTwin is a document that has a lighter twin; bytes of gzip, on the wire.
type AdviceTwin struct {
	IdUnique string `json:"id_unique"`
	From     int64  `json:"octets"`
	To       int64  `json:"octets_allege"`
}

// advise tries lighter twins of the heaviest scans and tells what they would
// save; without a plan, a piece is too large for any volume.
func (d *Job) advise(ctx context.Context, heavy []scan) error {
	if len(heavy) == 0 {
		return nil
	}
	tried := worthTrying(heavy)
	sizes, err := measureTwins(ctx, tried)
	if err != nil || len(sizes) == 0 {
		return err
	}
	a := &Advice{Heavy: len(heavy), Tried: len(tried)}
	for p, size := range sizes {
		a.Twins = append(a.Twins, AdviceTwin{p.IdUnique, p.Piece.GzipSize(), size.GzipSize()})
		a.Saved += p.Piece.GzipSize() - size.GzipSize()
	}
	slices.SortFunc(a.Twins, func(x, y AdviceTwin) int {
		return cmp.Or(cmp.Compare(y.From-y.To, x.From-x.To), cmp.Compare(x.IdUnique, y.IdUnique))
	})
	if d.Plan != nil {
		a.Without = len(d.Plan.Volumes)
	}
	if a.Volumes, err = d.volumesWith(ctx, sizes, a.Without); err != nil {
		return err
	}
	d.Advice = a
	d.dem.Anomalie(Codes.New(AllegerPossible, a.Heavy, a.Tried, len(a.Twins), lang.Octets(a.Saved), a.names(), a.volumes()))
	return nil
}

// scan is a document that is a heavy scan.
type scan struct {
	*splitter.Justificatif
	pages int
}

// heavyScans are those that travel as they are, the heaviest first.
func (d *Job) heavyScans() []scan {
	if d.dem.Light {
		return nil
	}
	var list []scan
	for _, q := range d.catalogue.pieces {
		if m := d.catalogue.measured[q.fichier]; m != nil && m.scan > 0 && (q.reference || q.generale) && d.souvenir.travels(&q.Justificatif) {
			list = append(list, scan{&q.Justificatif, m.scan})
		}
	}
	slices.SortFunc(list, func(a, b scan) int {
		return cmp.Or(cmp.Compare(b.Piece.GzipSize(), a.Piece.GzipSize()), strings.Compare(a.IdUnique, b.IdUnique))
	})
	return list
}

// worthTrying are the scans that the bounds allow.
func worthTrying(heavy []scan) []*splitter.Justificatif {
	var list []*splitter.Justificatif
	pages, octets := advicePages, int64(adviceBytes)
	for _, s := range heavy {
		if s.pages <= pages && s.Piece.Raw <= min(octets, pdfx.MaxSize) {
			pages, octets = pages-s.pages, octets-s.Piece.Raw
			list = append(list, s.Justificatif)
		}
	}
	return list
}

// measureTwins makes the twins of documents, and keeps how large they are.
func measureTwins(ctx context.Context, list []*splitter.Justificatif) (map[*splitter.Justificatif]compress.Piece, error) {
	made := make([]compress.Piece, len(list))
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	judge := pdfx.NewPoppler()
	for i, p := range list {
		group.Go(func() (err error) {
			_, made[i], err = makeTwin(each, p, judge)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	sizes := make(map[*splitter.Justificatif]compress.Piece)
	for i, size := range made {
		if size.Raw > 0 {
			sizes[list[i]] = size
		}
	}
	return sizes, nil
}

// volumesWith is how many volumes there are with the twins, 0 where they do not
// all fit into any.
func (d *Job) volumesWith(ctx context.Context, sizes map[*splitter.Justificatif]compress.Piece, without int) (int, error) {
	if without == 1 {
		return 1, nil // there is nothing to save
	}
	with := make(map[*splitter.Justificatif]*splitter.Justificatif)
	swap := func(list []*splitter.Justificatif) []*splitter.Justificatif {
		list = slices.Clone(list)
		for i, p := range list {
			size, has := sizes[p]
			if !has {
				continue
			}
			if with[p] == nil {
				twin := *p
				twin.Piece = size
				with[p] = &twin
			}
			list[i] = with[p]
		}
		return list
	}
	pieces := splitter.Pieces{ParRef: swap(d.Pieces.ParRef), Generales: swap(d.Pieces.Generales)}
	plan, err := splitter.NewPlan(ctx, d.Livre, pieces, d.Format, d.options())
	var tooLarge *anomalie.Anomalie
	if errors.As(err, &tooLarge) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return len(plan.Volumes), nil
}

// namesTold is how many documents the sentence names.
const namesTold = 5

// names are the documents that weigh most.
func (a *Advice) names() string {
	var names []string
	for _, t := range a.Twins[:min(namesTold, len(a.Twins))] {
		names = append(names, t.IdUnique)
	}
	if len(a.Twins) > namesTold {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// volumes says what becomes of the number of volumes.
func (a *Advice) volumes() lang.Phrase {
	switch {
	case a.Volumes == 0:
		return lang.Text{FR: "cela ne suffit pas pour tenir dans la limite", EN: "that is not enough to stay within the limit"}.With()
	case a.Without == 0:
		return lang.Text{FR: "tout tient alors dans la limite, en %d volume{s}", EN: "all then stays within the limit, in %d volume{s}"}.With(a.Volumes)
	case a.Volumes < a.Without:
		return lang.Text{FR: "%d volume{s} au lieu de %d", EN: "%d volume{s} instead of %d"}.With(a.Volumes, a.Without)
	}
	return lang.Text{FR: "aucun volume de moins", EN: "no volume fewer"}.With()
}
