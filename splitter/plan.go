package splitter

import (
	"context"
	"errors"
)

// Mode is how the book is cut; the three are those of the DGFiP note of 30
// November 2018, section 3.2.
type Mode string

const (
	Optimise Mode = "optimise" // the fewest volumes
	Nombre   Mode = "nombre"   // a fixed number of bulletins a volume
	Separe   Mode = "separe"   // the journal alone, then the pieces under XHL heads
)

// Options say how a book is cut.
type Options struct {
	Limit int64 // bytes of a volume's file at most
	Marge int64 // bytes of the limit to leave free
	Mode  Mode  // Optimise when empty
	Par   int   // bulletins a volume, in mode Nombre

	// Wishes for the mode Optimise, after the number of volumes.
	GardeOrdre bool   // volumes are runs of the book, the fewest among such plans
	Equilibre  bool   // even sizes, at the same number of volumes
	Ensemble   Classe // what volumes should not cut
}

// Classe is what bulletins are kept together by, as far as that costs no
// volume.
type Classe uint8

const (
	SansClasse       Classe = iota
	ParEtablissement        // DonneesIndiv
	ParService
)

// Pieces are the documents that travel with a book.
type Pieces struct {
	ParRef    []*Justificatif // one for each of Livre.RefIDs; nil when it does not travel
	Generales []*Justificatif
}

// Plan says what each volume holds.
type Plan struct {
	Volumes   []*Volume
	Limit     int64
	Mode      Mode
	Borne     int   // no plan of this format has fewer volumes
	Prouve    bool  // the plan has Borne volumes, and Borne survives a better compression of the journal
	Dupliques int64 // bytes, in the files, of pieces that travel again in another volume
	Agents    int   // agents whose bulletins are in several volumes
}

// NewPlan cuts the book. What stops it is an *Anomalie of Codes.
func NewPlan(ctx context.Context, l *Livre, p Pieces, f Format, o Options) (*Plan, error) {
	if o.Mode == "" {
		o.Mode = Optimise
	}
	pl, err := newPlanner(l, p, f, o)
	if err != nil {
		return nil, err
	}
	defer func() { pl.recette.Close() }() // another one when the book is compressed again
	if err := pl.tooLarge(); err != nil {
		return nil, err
	}
	var volumes []*Volume
	switch o.Mode {
	case Nombre:
		volumes, err = pl.nombre(ctx)
	case Separe:
		volumes, err = pl.separe(ctx)
	default:
		volumes, err = pl.optimise(ctx)
	}
	if err != nil {
		return nil, err
	}
	plan := &Plan{Volumes: volumes, Limit: o.Limit, Mode: o.Mode, Dupliques: pl.duplicated(volumes)}
	plan.Borne = 1
	switch {
	case len(volumes) == 1:
	case o.Mode == Separe:
		plan.Borne, err = pl.separeBound()
	default:
		plan.Borne, err = pl.bound(len(volumes))
	}
	if err != nil {
		return nil, err
	}
	plan.Prouve = plan.Borne == len(volumes)
	plan.Agents = pl.agentsCut(volumes)
	return plan, nil
}

type planner struct {
	livre   *Livre
	pieces  Pieces
	format  Format
	opts    Options // Limit without Marge
	recette *recette

	borne   int                    // see bound; 0 while it is not known
	prefix  []int64                // XHLCost of the blocs before bloc b
	carried map[*Justificatif]bool // pieces that travelled already, for Partage UneFois
	general int                    // general pieces placed
}

func newPlanner(l *Livre, p Pieces, f Format, o Options) (*planner, error) {
	if o.Marge < 0 || o.Limit <= o.Marge {
		return nil, marginTooLarge(o)
	}
	o.Limit -= o.Marge
	return &planner{livre: l, pieces: p, format: f, opts: o, recette: newRecette(l, l.niveau)}, nil
}

// try makes the volume of bulletins from to to-1 with its exact size.
func (pl *planner) try(n, from, to int, pieces []*Justificatif) (*Volume, error) {
	v := &Volume{N: n, Runs: []Run{{from, to}}, Pieces: pieces, Repartition: n == 1}
	return v, pl.weigh(v)
}

// union lists the pieces of consecutive bulletins as they come.
type union struct {
	pl     *planner
	list   []*Justificatif
	seen   map[int32]bool
	counts []int // pieces after each bulletin, from the first on
	cost   []int64
	total  int64
	from   int
}

func (pl *planner) union(from int) *union {
	u := &union{pl: pl, seen: make(map[int32]bool), from: from}
	if pl.format.Partage() == Jamais {
		return u
	}
	for _, p := range pl.pieces.Generales[pl.general:] {
		u.list = append(u.list, p)
		u.total += pl.format.PieceCost(p)
	}
	return u
}

// through extends the union to bulletins from to to-1.
func (u *union) through(to int) {
	for i := u.from + len(u.counts); i < to; i++ {
		if u.pl.format.Partage() != Jamais {
			for _, ref := range u.pl.livre.Refs(i) {
				p := u.pl.pieces.ParRef[ref]
				if p == nil || u.seen[ref] || u.pl.carried[p] {
					continue
				}
				u.seen[ref] = true
				u.list = append(u.list, p)
				u.total += u.pl.format.PieceCost(p)
			}
		}
		u.counts = append(u.counts, len(u.list))
		u.cost = append(u.cost, u.total)
	}
}

func (u *union) pieces(to int) []*Justificatif {
	return u.list[:u.counts[to-1-u.from]:u.counts[to-1-u.from]]
}

// position is the estimated cost of the bulletins before i.
func (pl *planner) position(i int) int64 {
	l := pl.livre
	if pl.prefix == nil {
		pl.prefix = make([]int64, 1, len(l.blocs)+1)
	}
	for b := len(pl.prefix) - 1; b < len(l.blocs); b++ {
		pl.prefix = append(pl.prefix, pl.prefix[b]+pl.format.XHLCost(l.blocs[b].block))
	}
	if i == l.entries.len() {
		return pl.prefix[len(l.blocs)]
	}
	e := l.entries.at(i)
	b := &l.blocs[e.bloc].block
	return pl.prefix[e.bloc] + int64(float64(pl.format.XHLCost(*b))*float64(e.off)/float64(b.Raw))
}

// nextFit fills volumes in the order of the book, each to the last bulletin
// whose exact size still fits.
func (pl *planner) nextFit(ctx context.Context) ([]*Volume, error) {
	var volumes []*Volume
	for from := 0; from < pl.livre.entries.len(); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v, err := pl.fill(len(volumes)+1, from)
		if err != nil {
			return nil, err
		}
		if err := pl.recette.spoolPartials(v); err != nil {
			return nil, err
		}
		pl.carry(v)
		volumes = append(volumes, v)
		from = v.Runs[0].To
	}
	if pl.format.Partage() != Jamais && pl.general < len(pl.pieces.Generales) {
		return nil, Codes.New(GeneralesTropLourd, len(pl.pieces.Generales)-pl.general)
	}
	return volumes, nil
}

// carry remembers that the pieces of v travelled, where once is enough.
func (pl *planner) carry(v *Volume) {
	if pl.format.Partage() != UneFois {
		return
	}
	if pl.carried == nil {
		pl.carried = make(map[*Justificatif]bool)
	}
	for _, p := range v.Pieces {
		pl.carried[p] = true
	}
}

// fill makes the fullest volume that begins at bulletin from. It holds the
// general pieces not placed yet, as many as leave room for its first bulletin.
func (pl *planner) fill(n, from int) (*Volume, error) {
	if v, err := pl.rest(n, from); v != nil || err != nil {
		return v, err
	}
	u := pl.union(from)
	var first *Volume
	for {
		u.through(from + 1)
		var err error
		if first, err = pl.try(n, from, from+1, u.pieces(from+1)); err != nil {
			return nil, err
		}
		if first.Octets <= pl.opts.Limit {
			break
		}
		if len(u.list) == 0 || !u.list[0].General {
			return nil, pl.bulletinTooLarge(first, from)
		}
		// One general piece less: it waits for the next volume.
		u = pl.dropGeneral(u)
	}
	placed := 0
	for placed < len(u.list) && u.list[placed].General {
		placed++
	}
	best, known := first, first
	low, high := from+1, pl.livre.entries.len()+1
	for try := 0; low+1 < high; try++ {
		guess := pl.guess(u, known, low, high)
		if try > maxGuesses {
			guess = (low + high) / 2
		}
		u.through(guess)
		v, err := pl.try(n, from, guess, u.pieces(guess))
		if err != nil {
			return nil, err
		}
		if known = v; v.Octets <= pl.opts.Limit {
			best, low = v, guess
		} else {
			high = guess
		}
	}
	pl.general += placed
	return best, nil
}

// rest makes the volume of all that is left, nil where that does not fit. It is
// put together only where it seems to.
func (pl *planner) rest(n, from int) (*Volume, error) {
	to := pl.livre.entries.len()
	journal := pl.position(to) - pl.position(from)
	if journal > pl.opts.Limit {
		return nil, nil
	}
	u := pl.union(from)
	if u.through(to); journal+u.total > pl.opts.Limit {
		return nil, nil
	}
	v, err := pl.try(n, from, to, u.pieces(to))
	if err != nil || v.Octets > pl.opts.Limit {
		return nil, err
	}
	pl.general = len(pl.pieces.Generales)
	return v, nil
}

// maxGuesses is how many volumes are tried on an estimate before halving.
const maxGuesses = 8

// guess returns how far the volume may go, strictly between low and high, by
// an estimate of what lies between that place and the end of a volume whose
// exact size is known.
func (pl *planner) guess(u *union, known *Volume, low, high int) int {
	slack := pl.format.Room(pl.opts.Limit) - pl.format.XHLCost(known.XHL)
	for _, p := range known.Pieces {
		slack -= pl.format.PieceCost(p)
	}
	to := known.Runs[0].To
	u.through(to)
	start := pl.position(to) + u.cost[to-1-u.from]
	fits := func(i int) bool {
		u.through(i)
		return pl.position(i)+u.cost[i-1-u.from]-start <= slack
	}
	// Gallop away from what is known, then halve.
	floor, top := low, high
	if to < high {
		step := 1
		for floor = max(to, low); floor+step < high && fits(floor+step); step *= 2 {
			floor += step
		}
		top = min(floor+step, high)
	}
	for floor+1 < top {
		if mid := (floor + top) / 2; fits(mid) {
			floor = mid
		} else {
			top = mid
		}
	}
	return min(max(floor, low+1), high-1)
}

func (pl *planner) dropGeneral(u *union) *union {
	generals := 0
	for generals < len(u.list) && u.list[generals].General {
		generals++
	}
	v := &union{pl: pl, seen: make(map[int32]bool), from: u.from}
	for _, p := range u.list[:generals-1] {
		v.list = append(v.list, p)
		v.total += pl.format.PieceCost(p)
	}
	return v
}

// nombre cuts every Par bulletins.
func (pl *planner) nombre(ctx context.Context) ([]*Volume, error) {
	if pl.opts.Par < 1 {
		return nil, errors.New("cut by number: at least one bulletin a volume")
	}
	var volumes []*Volume
	total := pl.livre.entries.len()
	for from := 0; from < total; from += pl.opts.Par {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+pl.opts.Par, total)
		u := pl.union(from)
		pl.general = len(pl.pieces.Generales)
		u.through(to)
		v, err := pl.try(len(volumes)+1, from, to, u.pieces(to))
		if err != nil {
			return nil, err
		}
		if v.Octets > pl.opts.Limit {
			return nil, Codes.New(NombreTropGrand, pl.opts.Par, v.N, v.Octets, pl.opts.Limit)
		}
		if err := pl.recette.spoolPartials(v); err != nil {
			return nil, err
		}
		pl.carry(v)
		volumes = append(volumes, v)
	}
	return volumes, nil
}

func (pl *planner) duplicated(volumes []*Volume) int64 {
	seen := make(map[*Justificatif]bool)
	var total int64
	for _, v := range volumes {
		for _, p := range v.Pieces {
			if seen[p] {
				total += pl.format.PieceCost(p)
			}
			seen[p] = true
		}
	}
	return total
}
