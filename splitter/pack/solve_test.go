package pack

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// quick is a budget that suits instances of a dozen items.
const quick = 20_000

func TestProvedMinimumAgreesWithExhaustiveSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	proved, optimal := 0, 0
	const runs = 4000
	for range runs {
		in := randomInstance(r, 8)
		res, err := Solve(context.Background(), in, Options{Work: quick})
		if err != nil {
			t.Fatal(err)
		}
		best := exhaustive(in)
		if res.Plan.Volumes < best || res.Proved() && res.Plan.Volumes != best {
			t.Fatalf("%+v\ngot %d volumes, proved %v; the optimum is %d", in, res.Plan.Volumes, res.Proved(), best)
		}
		if res.Proved() {
			proved++
		}
		if res.Plan.Volumes == best {
			optimal++
		}
	}
	if proved < runs/2 || optimal < runs*99/100 {
		t.Errorf("%d proved and %d optimal of %d", proved, optimal, runs)
	}
}

func TestPlanHoldsEveryItemOnceWithinTheLimit(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range 1500 {
		in := randomInstance(r, 40)
		o := Options{Work: quick, Seed: r.Uint64(), KeepOrder: r.IntN(3) == 0, Balance: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			o.Class = randomClasses(r, in.Items())
		}
		res, err := Solve(context.Background(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := res.Measure.Size, recount(t, in, res.Plan); !slices.Equal(got, want) {
			t.Fatalf("%+v\nsizes %v, recounted %v", in, got, want)
		}
		if res.Plan.Volumes < res.Bound.Volumes || res.Plan.Volumes > NextFit(in).Volumes {
			t.Fatalf("%+v\n%d volumes, bound %d, next-fit %d", in, res.Plan.Volumes, res.Bound.Volumes, NextFit(in).Volumes)
		}
		if o.KeepOrder && (!slices.IsSorted(res.Plan.Volume) || res.Plan.Volumes != contiguous(in)) {
			t.Fatalf("%+v\n%v: not the fewest runs, %d", in, res.Plan, contiguous(in))
		}
		again, err := Solve(context.Background(), in, o)
		if err != nil || !reflect.DeepEqual(res, again) {
			t.Fatalf("%+v\nsame input, other result:\n%+v\n%+v (%v)", in, res, again, err)
		}
	}
}

// recount computes the sizes of volumes in the plainest way, and fails on a volume above the limit.
func recount(t *testing.T, in *Instance, p Plan) []int64 {
	t.Helper()
	var sizes []int64
	for v := range p.Volumes {
		size := in.Fixed
		if v == 0 {
			size += in.First
		}
		pieces := map[int32]bool{}
		for i, at := range p.Volume {
			if int(at) != v {
				continue
			}
			size += in.Private[i]
			for _, j := range in.Refs(i) {
				pieces[j] = true
			}
		}
		for j := range pieces {
			size += in.Piece[j]
		}
		if size > in.Limit {
			t.Fatalf("%+v\nvolume %d of %v has %d bytes, limit %d", in, v, p, size, in.Limit)
		}
		sizes = append(sizes, size)
	}
	return sizes
}

func randomClasses(r *rand.Rand, n int) []int32 {
	class := make([]int32, n)
	for i := range class {
		class[i] = r.Int32N(4)
	}
	return class
}

func TestPiecesOfNeighboursStayTogether(t *testing.T) {
	// Two pieces of 40, each wanted by every other item: two volumes of one piece each, where the order needs four.
	in := &Instance{Limit: 60, Piece: []int64{40, 40}}
	for i := range int32(10) {
		in.Add(4, i%2)
	}
	res, err := Solve(context.Background(), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Plan.Volumes != 2 || res.Measure.Duplicated != 0 || !res.Proved() {
		t.Errorf("got %d volumes, %d bytes duplicated, proved %v", res.Plan.Volumes, res.Measure.Duplicated, res.Proved())
	}
	if n := NextFit(in).Volumes; n != 10 {
		t.Errorf("next-fit makes %d volumes, want 10", n)
	}
}

func TestClassesAreCutNoMoreThanNeeded(t *testing.T) {
	// Three classes of 20, 20 and 20 bytes interleaved, volumes of 30: two volumes, so one class has to be cut, and only one.
	in := &Instance{Limit: 30}
	var class []int32
	for i := range int32(60) {
		in.Add(1)
		class = append(class, i%3)
	}
	res, err := Solve(context.Background(), in, Options{Class: class})
	if err != nil {
		t.Fatal(err)
	}
	if res.Plan.Volumes != 2 || res.ClassCuts != 1 {
		t.Errorf("got %d volumes and %d class cuts, want 2 and 1", res.Plan.Volumes, res.ClassCuts)
	}
}

func TestKeptOrderCutsBetweenClasses(t *testing.T) {
	in := &Instance{Limit: 10}
	class := []int32{1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2}
	for range class {
		in.Add(1)
	}
	res, err := Solve(context.Background(), in, Options{KeepOrder: true, Class: class})
	if err != nil {
		t.Fatal(err)
	}
	if res.ClassCuts != 0 || res.Plan.Volumes != 2 || !slices.IsSorted(res.Plan.Volume) {
		t.Errorf("got %v with %d class cuts", res.Plan, res.ClassCuts)
	}
}

func TestBalanceEvensSizes(t *testing.T) {
	for _, keep := range []bool{false, true} {
		in := &Instance{Limit: 100, Fixed: 1, First: 2}
		for range 150 {
			in.Add(1)
		}
		res, err := Solve(context.Background(), in, Options{Balance: true, KeepOrder: keep})
		if err != nil {
			t.Fatal(err)
		}
		if want := []int64{77, 77}; !slices.Equal(res.Measure.Size, want) {
			t.Errorf("keep order %v: got sizes %v, want %v", keep, res.Measure.Size, want)
		}
	}
}

func TestBalanceMovesWhatPiecesTieTogether(t *testing.T) {
	in := &Instance{Limit: 1000, Piece: []int64{90, 80, 70, 60, 50, 40, 300}}
	for j := range int32(6) {
		in.Add(10, j)
	}
	in.Add(10, 6)
	in.Add(10, 6) // two agents of one decision: together, or its piece is copied
	for range 400 {
		in.Add(2)
	}
	res, err := Solve(context.Background(), in, Options{Balance: true})
	if err != nil {
		t.Fatal(err)
	}
	if res.Plan.Volumes != 2 || res.Measure.Duplicated != 0 || slices.Max(res.Measure.Size)-slices.Min(res.Measure.Size) > 2 {
		t.Errorf("sizes %v, %d bytes duplicated", res.Measure.Size, res.Measure.Duplicated)
	}
}

func TestSandKeepsTheOrderOfTheBook(t *testing.T) {
	in := &Instance{Limit: 1000, Piece: []int64{300, 300}}
	for i := range int32(2000) {
		switch i {
		case 10, 1990:
			in.Add(1, 0) // neighbours of nothing, of the same piece
		case 20, 1980:
			in.Add(1, 1)
		default:
			in.Add(1)
		}
	}
	res, err := Solve(context.Background(), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if res.Plan.Volumes != 3 || res.Measure.Duplicated != 0 || res.Measure.Breaks > 2+2*4 {
		t.Errorf("got %d volumes, %d bytes duplicated, %d breaks", res.Plan.Volumes, res.Measure.Duplicated, res.Measure.Breaks)
	}
}

func TestCancelledSolveReturnsItsBestPlan(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	in := randomInstance(rand.New(rand.NewPCG(7, 7)), 40)
	res, err := Solve(ctx, in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(in, res.Plan); err != nil {
		t.Error(err)
	}
}

func TestItemAboveTheLimitIsNamed(t *testing.T) {
	in := &Instance{Limit: 100, Fixed: 10, Piece: []int64{60, 20}}
	in.Add(30, 0)
	in.Add(30, 0, 1)
	_, err := Solve(context.Background(), in, Options{})
	var large *TooLargeError
	if !errors.As(err, &large) || *large != (TooLargeError{Item: 1, Size: 120, Pieces: 80, Limit: 100}) {
		t.Errorf("got %v", err)
	}
}

func TestMalformedInstancesAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		in   Instance
		want error
	}{
		"limit below the fixed parts": {Instance{Limit: 10, Fixed: 8, First: 3}, ErrLimit},
		"negative private size":       {Instance{Limit: 10, Private: []int64{-1}}, ErrMalformed},
		"negative piece":              {Instance{Limit: 10, Piece: []int64{-1}}, ErrMalformed},
		"negative fixed part":         {Instance{Limit: 10, Fixed: -1}, ErrMalformed},
		"sizes that overflow":         {Instance{Limit: maxTotal, Private: []int64{1}}, ErrMalformed},
		"huge size":                   {Instance{Limit: 10, Private: []int64{1 << 62}}, ErrMalformed},
		"unknown piece":               {Instance{Limit: 10, Private: []int64{1}, Start: []int32{0, 1}, Ref: []int32{0}}, ErrMalformed},
		"repeated piece":              {Instance{Limit: 10, Private: []int64{1}, Piece: []int64{1}, Start: []int32{0, 2}, Ref: []int32{0, 0}}, ErrMalformed},
		"offsets backwards":           {Instance{Limit: 10, Private: []int64{1, 1}, Piece: []int64{1}, Start: []int32{0, 2, 1}, Ref: []int32{0}}, ErrMalformed},
		"references without offsets":  {Instance{Limit: 10, Private: []int64{1}, Piece: []int64{1}, Ref: []int32{0}}, ErrMalformed},
	} {
		if err := c.in.Validate(); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestMergedItemsStayTogether(t *testing.T) {
	in := &Instance{Limit: 10, Piece: []int64{2, 3}}
	in.Add(1, 0)
	in.Add(4)
	in.Add(1, 1, 0)
	in.Add(4)
	merged, into := Merge(in, []int32{7, 8, 7, 9})
	if merged.Items() != 3 || merged.Own(0) != 7 || !slices.Equal(into, []int32{0, 1, 0, 2}) {
		t.Fatalf("merged %+v into %v", merged, into)
	}
	res, err := Solve(context.Background(), merged, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := res.Plan.Expand(into)
	if _, err := Verify(in, p); err != nil || p.Volume[0] != p.Volume[2] {
		t.Errorf("plan %v: %v", p, err)
	}
}

func TestVerifyRefusesWrongPlans(t *testing.T) {
	in := &Instance{Limit: 10, Piece: []int64{5}}
	in.Add(3, 0)
	in.Add(3, 0)
	for name, p := range map[string]Plan{
		"above the limit":      {Volume: []int32{0, 0}, Volumes: 1},
		"item missing":         {Volume: []int32{0}, Volumes: 1},
		"volume out of range":  {Volume: []int32{0, 2}, Volumes: 2},
		"item without volume":  {Volume: []int32{0, -1}, Volumes: 2},
		"empty volume":         {Volume: []int32{0, 1}, Volumes: 3},
		"no volume":            {Volume: []int32{0, 0}, Volumes: 0},
		"more than can be had": {Volume: []int32{0, 1}, Volumes: 1 << 40},
	} {
		if _, err := Verify(in, p); !errors.Is(err, ErrPlan) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	m, err := Verify(in, Plan{Volume: []int32{0, 1}, Volumes: 2})
	if err != nil || m.Duplicated != 5 || m.Breaks != 1 {
		t.Errorf("got %+v, %v", m, err)
	}
}

func TestProgressEndsAtTheResult(t *testing.T) {
	in := randomInstance(rand.New(rand.NewPCG(8, 8)), 40)
	var p Progress
	res, err := Solve(context.Background(), in, Options{Work: quick, Progress: &p})
	if err != nil {
		t.Fatal(err)
	}
	if s := p.Snapshot(); s.Volumes != res.Plan.Volumes || s.Bound != res.Bound.Volumes || s.Tier != res.Tier {
		t.Errorf("got %+v, result %+v", s, res)
	}
}

func FuzzSolve(f *testing.F) {
	f.Add([]byte{30, 2, 3, 2, 10, 12, 5, 1, 6, 2, 7, 3, 9, 0})
	f.Add([]byte{0})
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func() int64 {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int64(int8(b))
		}
		in := &Instance{Limit: next(), Fixed: next(), First: next()}
		for range next() & 7 {
			in.Piece = append(in.Piece, next())
		}
		for len(data) > 0 && in.Items() < 60 {
			private, mask := next(), next()
			var refs []int32
			for j := range int32(8) {
				if mask>>j&1 == 1 {
					refs = append(refs, j)
				}
			}
			in.Add(private, refs...)
		}
		res, err := Solve(context.Background(), in, Options{Work: quick, KeepOrder: in.Limit&1 == 1, Balance: in.Limit&2 == 2})
		if err != nil {
			return
		}
		recount(t, in, res.Plan)
		if err := res.Bound.Check(in); err != nil {
			t.Fatal(err)
		}
	})
}
