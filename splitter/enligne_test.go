package splitter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/xhl"
)

// announce tells of a journal that book made what its encoder would have told.
func announce(doc []byte, repartition bool) *xhl.Annonce {
	cut := func(from, to string) []byte {
		_, after, _ := bytes.Cut(doc, []byte(from))
		inside, _, _ := bytes.Cut(after, []byte(to))
		return []byte(from + string(inside) + to)
	}
	a := &xhl.Annonce{Fermeture: []byte("\n</DonneesIndiv>"), Nomenclatures: cut("\n<Nomenclatures>", "</Nomenclatures>"), Fin: []byte("\n</n:DocumentPaye>\n")}
	block := cut("\n<RepartitionParNature>", "</RepartitionParNature>")
	if a.RepartitionMax = len(block); repartition {
		a.RepartitionParNature = block
	}
	return a
}

// onTheWay cuts a journal that comes from r, and returns the numbers of the
// volumes in the order in which they were handed over.
func onTheWay(t testing.TB, r io.Reader, segment int, o Online, refs References) (*Livre, *Plan, []int, error) {
	t.Helper()
	read, err := NewReading(r, ReadOptions{Spool: t.TempDir(), Journal: xhl.Options{Segment: segment}})
	if err != nil {
		t.Fatal(err)
	}
	var order []int
	handed := o.Volume
	o.Volume = func(v *Volume) error {
		order = append(order, v.N)
		if handed != nil {
			return handed(v)
		}
		return nil
	}
	if o.Pieces == nil {
		o.Pieces = func(_ context.Context, l *Livre, from int) ([]*Justificatif, error) {
			return make([]*Justificatif, len(l.RefIDs)-from), nil
		}
	}
	if o.Generales == nil {
		o.Generales = func(context.Context, *Livre) ([]*Justificatif, error) { return nil, nil }
	}
	l, plan, err := read.Online(context.Background(), refs, o)
	if l != nil {
		t.Cleanup(func() { l.Close() })
	}
	return l, plan, order, err
}

func TestVolumesClosedOnTheWayAreThoseOfNextFit(t *testing.T) {
	same, sets := 0, 0
	for seed := range uint64(24) {
		rng := rand.New(rand.NewPCG(seed, 11))
		doc, pieces := randomBook(t, rng)
		var generales []*Justificatif
		if rng.IntN(3) == 0 {
			g := piece(t, "G", 5000, rng)
			g.General = true
			generales = append(generales, g)
		}
		o := Online{Format: []Format{archive, Nu{}}[rng.IntN(2)], Limit: 60_000 + int64(rng.IntN(200_000)), Marge: int64(rng.IntN(2)) * 1000,
			Annonce: []*xhl.Annonce{nil, announce(doc, false), announce(doc, true)}[rng.IntN(3)],
			Pieces: func(_ context.Context, l *Livre, from int) (list []*Justificatif, _ error) {
				for _, id := range l.RefIDs[from:] {
					list = append(list, pieces[id])
				}
				return list, nil
			},
			Generales: func(context.Context, *Livre) ([]*Justificatif, error) { return generales, nil },
		}
		segment := 1 + rng.IntN(40000)
		l, plan, order, err := onTheWay(t, bytes.NewReader(doc), segment, o, nil)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var p Pieces
		for _, id := range l.RefIDs {
			p.ParRef = append(p.ParRef, pieces[id])
		}
		p.Generales = generales
		offline, err := NewPlan(context.Background(), l, p, o.Format, Options{Limit: o.Limit, Marge: o.Marge, GardeOrdre: true})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		plan.Borne = offline.Borne
		checkSet(t, doc, l, plan, o.Format, Options{Limit: o.Limit - o.Marge})
		if k := len(plan.Volumes) - len(offline.Volumes); k < 0 || k > 1 {
			t.Errorf("seed %d: %d volumes on the way, %d once the book is known", seed, len(plan.Volumes), len(offline.Volumes))
		}
		sets++
		if reflect.DeepEqual(runs(plan), runs(offline)) {
			same++
		} else if len(generales) == 0 && o.Annonce != nil && o.Annonce.RepartitionParNature != nil {
			t.Errorf("seed %d: volumes %v on the way, next-fit has %v", seed, runs(plan), runs(offline))
		}
		last := len(order) - 1
		if late := o.Annonce != nil && o.Annonce.RepartitionParNature == nil && last > 0; late != (order[last] == 1 && last > 0) {
			t.Errorf("seed %d: volumes handed over in the order %v", seed, order)
		}
	}
	if same*2 < sets {
		t.Errorf("%d of %d sets are those of next-fit", same, sets)
	}
}

func runs(p *Plan) [][]Run {
	var list [][]Run
	for _, v := range p.Volumes {
		list = append(list, v.Runs)
	}
	return list
}

func TestVolumesAreHandedOverWhileTheJournalIsStillComing(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	doc := book(2000, 3, rng, func(int) []string { return nil })
	in, out := io.Pipe()
	second := make(chan struct{})
	go func() {
		// The end of the journal comes once two volumes were handed over.
		out.Write(doc[:len(doc)-20_000])
		<-second
		out.Write(doc[len(doc)-20_000:])
		out.Close()
	}()
	handed := 0
	_, plan, order, err := onTheWay(t, in, 10_000, Online{Format: Nu{}, Limit: 100_000, Annonce: announce(doc, false), Volume: func(v *Volume) error {
		if handed++; handed == 2 {
			close(second)
		}
		return nil
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(order) != len(plan.Volumes) || len(order) < 4 || order[0] != 2 || order[len(order)-1] != 1 {
		t.Errorf("%d volumes handed over in the order %v, want the first one last", len(plan.Volumes), order)
	}
}

func TestBulletinsOfAnAgentThatFollowEachOtherStayTogether(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	doc := string(book(900, 2, rng, func(int) []string { return nil }))
	for i := range 900 { // three bulletins an agent
		doc = strings.Replace(doc, fmt.Sprintf(`<Matricule V="M%06d"/>`, i), fmt.Sprintf(`<Matricule V="A%06d"/>`, i/3), 1)
	}
	l, plan, _, err := onTheWay(t, strings.NewReader(doc), 7000, Online{Format: Nu{}, Limit: 20_000, Annonce: announce([]byte(doc), false)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	plan.Borne = 1
	checkSet(t, []byte(doc), l, plan, Nu{}, Options{Limit: 20_000})
	if plan.Agents != 0 || len(plan.Volumes) < 5 {
		t.Errorf("%d volumes, %d agents cut, want none", len(plan.Volumes), plan.Agents)
	}
	// An agent whose bulletins fill more than a volume is cut all the same.
	for i := range 300 {
		doc = strings.ReplaceAll(doc, fmt.Sprintf(`<Matricule V="A%06d"/>`, i), `<Matricule V="A"/>`)
	}
	_, plan, _, err = onTheWay(t, strings.NewReader(doc), 7000, Online{Format: Nu{}, Limit: 20_000, Annonce: announce([]byte(doc), false)}, nil)
	if err != nil || plan.Agents != 1 || len(plan.Volumes) < 5 {
		t.Errorf("one agent with 900 bulletins: %v, %+v", err, plan)
	}
}

func TestEndOfTheJournalMustBeTheAnnouncedOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	doc := book(300, 1, rng, func(int) []string { return nil })
	other := announce(doc, false)
	other.Nomenclatures = []byte("\n<Nomenclatures></Nomenclatures>")
	if _, _, _, err := onTheWay(t, bytes.NewReader(doc), 7000, Online{Format: Nu{}, Limit: 20_000, Annonce: other}, nil); !errors.Is(err, errAnnonce) {
		t.Errorf("other nomenclatures: %v", err)
	}
	// A répartition that comes late and is larger than any that the
	// nomenclatures allow for does not fit in the room that was kept.
	long := bytes.Replace(doc, []byte(`<Code V="64111"/>`), []byte(`<Code V="`+strings.Repeat("6", 10_000)+`"/>`), 1)
	_, _, _, err := onTheWay(t, bytes.NewReader(long), 7000, Online{Format: Nu{}, Limit: 20_000, Annonce: announce(doc, false)}, nil)
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != RepartitionTardive {
		t.Errorf("a late répartition of 10 kB: %v", err)
	}
}

func TestBulletinTooLargeStopsTheWay(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	doc := book(50, 1, rng, func(i int) []string { return map[int][]string{30: {"BIG", "BAG"}}[i] })
	big := map[string]*Justificatif{"BIG": piece(t, "BIG", 40_000, rng), "BAG": piece(t, "BAG", 40_000, rng)}
	take := func(_ context.Context, l *Livre, from int) (list []*Justificatif, _ error) {
		for _, id := range l.RefIDs[from:] {
			list = append(list, big[id])
		}
		return list, nil
	}
	for limit, want := range map[int64]string{30_000: PieceTropGrande, 60_000: BulletinTropGrand, 300: LimiteTropPetite} {
		_, _, _, err := onTheWay(t, bytes.NewReader(doc), 2000, Online{Format: archive, Limit: limit, Annonce: announce(doc, false), Pieces: take}, nil)
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Code != want || a.Classe() != anomalie.TropGrand {
			t.Errorf("limit %d: %v, want %s", limit, err, want)
		}
	}
}

func TestVolumesHandedOverCanStillBeWrittenAfterAFailure(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	doc := book(400, 1, rng, func(i int) []string { return map[int][]string{390: {"BIG"}}[i] })
	big := piece(t, "BIG", 90_000, rng)
	var handed []*Volume
	l, _, _, err := onTheWay(t, bytes.NewReader(doc), 2000, Online{Format: archive, Limit: 5_000, Annonce: announce(doc, false),
		Pieces: func(_ context.Context, l *Livre, from int) (list []*Justificatif, _ error) {
			for range l.RefIDs[from:] {
				list = append(list, big)
			}
			return list, nil
		},
		Volume: func(v *Volume) error { handed = append(handed, v); return nil },
	}, nil)
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != PieceTropGrande || l == nil || len(handed) == 0 {
		t.Fatalf("%v, %d volumes handed over, want a piece that is too large after some", err, len(handed))
	}
	for _, v := range handed {
		var out bytes.Buffer
		if err := archive.Write(context.Background(), v, &out); err != nil || int64(out.Len()) != v.Octets {
			t.Errorf("volume %d: %d bytes of %d, %v", v.N, out.Len(), v.Octets, err)
		}
	}
}
