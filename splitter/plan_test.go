package splitter

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/refdata"
	"paye/xhl"
)

// book writes a journal of n bulletins in etabs établissements; the bulletin i
// references the pieces refs(i).
func book(n, etabs int, rng *rand.Rand, refs func(i int) []string) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n" + `<n:DocumentPaye xmlns:n="` + xhl.Namespace + `"><IdVer V="1.4"/><Annee V="2026"/><Mois V="11"/><Employeur><Siret V="12345678200010"/></Employeur>`)
	for e := range etabs {
		fmt.Fprintf(&b, "\n<DonneesIndiv><Etablissement><Nom V=\"Etab %d\"/></Etablissement>", e)
		for i := e * n / etabs; i < (e+1)*n/etabs; i++ {
			fmt.Fprintf(&b, "\n<PayeIndivMensuel><Agent><Nom V=\"N%x\"/><Matricule V=\"M%06d\"/></Agent><Remuneration><TraitBrut><Code V=\"100\"/><Mt V=\"%d.%02d\"/></TraitBrut></Remuneration>", rng.Uint64(), i, rng.IntN(4000), rng.IntN(100))
			for _, id := range refs(i) {
				fmt.Fprintf(&b, `<PJRef><Support V="01"/><IdUnique V="%s"/><NomPJ V="%s.pdf"/></PJRef>`, id, id)
			}
			b.WriteString("</PayeIndivMensuel>")
		}
		b.WriteString("\n</DonneesIndiv>")
	}
	b.WriteString("\n<Nomenclatures>" + strings.Repeat("<x/>", 100) + "</Nomenclatures>\n<RepartitionParNature><Repartition><Code V=\"64111\"/><Mt V=\"1\"/></Repartition></RepartitionParNature>\n</n:DocumentPaye>\n")
	return b.Bytes()
}

func piece(t testing.TB, id string, size int, rng *rand.Rand) *Justificatif {
	t.Helper()
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	enc := compress.NewEncoder(compress.Normal)
	defer enc.Release()
	measured, err := enc.Measure(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return &Justificatif{IdUnique: id, NomPJ: id + ".pdf", Piece: measured, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// randomBook is a book of up to 600 bulletins, a quarter of which reference one
// of up to 30 pieces, by identifier.
func randomBook(t testing.TB, rng *rand.Rand) ([]byte, map[string]*Justificatif) {
	t.Helper()
	n := 1 + rng.IntN(600)
	var ids []string
	pieces := map[string]*Justificatif{}
	for k := range 1 + rng.IntN(30) {
		id := fmt.Sprintf("P%03d", k)
		ids = append(ids, id)
		pieces[id] = piece(t, id, 100+rng.IntN(20000), rng)
	}
	return book(n, 1+rng.IntN(4), rng, func(int) []string {
		if rng.IntN(4) > 0 {
			return nil
		}
		return []string{ids[rng.IntN(len(ids))]}
	}), pieces
}

var archive = &Archive{SIRET: "12345678200010", Date: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Nom: func(v *Volume) string { return fmt.Sprintf("paye-%d.xhl", v.N) }}

func read(t testing.TB, doc []byte, segment int, refs func(string) []xhl.PJRef) *Livre {
	t.Helper()
	r, err := NewReading(bytes.NewReader(doc), ReadOptions{Spool: t.TempDir(), Journal: xhl.Options{Segment: segment}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Livre(context.Background(), refs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// bulletinsOf reads the journal of a volume back with the standard library and
// our Reader, and returns the raw bulletins.
func bulletinsOf(t testing.TB, file []byte, f Format) (raw [][]byte, xhlDoc []byte, pieces map[string]int) {
	t.Helper()
	xhlDoc, pieces = file, map[string]int{}
	if f == Format(archive) {
		z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range z.File {
			r, err := e.Open()
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(e.Name, ".xhl") {
				xhlDoc = data
				continue
			}
			pieces[filepath.Base(e.Name)]++
		}
	}
	rd, err := xhl.NewReader(bytes.NewReader(xhlDoc), xhl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range rd.Bulletins() {
		if err != nil {
			t.Fatalf("%v\n%.3000s", err, xhlDoc)
		}
		raw = append(raw, bytes.Clone(b.Lieu.Raw))
	}
	return raw, xhlDoc, pieces
}

// checkSet writes the volumes of a plan and verifies all that a set promises:
// planned sizes, every bulletin once and as it was, its pieces beside it, the
// répartition in the first volume only.
func checkSet(t testing.TB, doc []byte, l *Livre, p *Plan, f Format, o Options) {
	t.Helper()
	want, _, _ := bulletinsOf(t, doc, Nu{})
	var got [][]byte
	for _, v := range p.Volumes {
		var out bytes.Buffer
		if err := f.Write(context.Background(), v, &out); err != nil {
			t.Fatal(err)
		}
		if int64(out.Len()) != v.Octets || v.Octets > o.Limit {
			t.Errorf("volume %d: %d bytes, %d planned, limit %d", v.N, out.Len(), v.Octets, o.Limit)
		}
		raw, doc, pieces := bulletinsOf(t, out.Bytes(), f)
		if len(raw) != v.Bulletins() {
			t.Errorf("volume %d: %d bulletins, %d planned", v.N, len(raw), v.Bulletins())
		}
		if has := bytes.Contains(doc, []byte("<RepartitionParNature>")); has != (v.N == 1) {
			t.Errorf("volume %d: répartition %v", v.N, has)
		}
		if f.Partage() == ParVolume {
			rd, _ := xhl.NewReader(bytes.NewReader(doc), xhl.Options{})
			for b := range rd.Bulletins() {
				for _, ref := range b.PJRef {
					if pieces[ref.NomPJ.V] != 1 {
						t.Errorf("volume %d: piece %s is there %d times", v.N, ref.NomPJ.V, pieces[ref.NomPJ.V])
					}
				}
			}
		}
		got = append(got, raw...)
	}
	seen := make(map[int]bool)
	next := 0
	for _, v := range p.Volumes {
		last := -1
		for _, run := range v.Runs {
			for i := run.From; i < run.To; i++ {
				if i <= last || seen[i] {
					t.Fatalf("volume %d: bulletin %d out of order, or twice", v.N, i)
				}
				last, seen[i] = i, true
				if !bytes.Equal(bytes.TrimSpace(got[next]), bytes.TrimSpace(want[i])) {
					t.Fatalf("bulletin %d changed:\n%s\n%s", i, got[next], want[i])
				}
				next++
			}
		}
	}
	if len(seen) != len(want) || len(got) != len(want) {
		t.Fatalf("%d bulletins in the volumes, %d in the journal", len(got), len(want))
	}
	if p.Borne > len(p.Volumes) || p.Borne < 1 {
		t.Errorf("bound %d for %d volumes", p.Borne, len(p.Volumes))
	}
}

func TestVolumesHoldTheBookAsItWasAndWeighWhatWasPlanned(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 7))
		doc, pieces := randomBook(t, rng)
		l := read(t, doc, 1+rng.IntN(40000), nil)
		var p Pieces
		for _, id := range l.RefIDs {
			p.ParRef = append(p.ParRef, pieces[id])
		}
		for _, f := range []Format{archive, Nu{}} {
			o := Options{Limit: 60_000 + int64(rng.IntN(200_000)), Marge: int64(rng.IntN(2)) * 1000,
				GardeOrdre: rng.IntN(3) == 0, Equilibre: rng.IntN(3) == 0, Ensemble: Classe(rng.IntN(3))}
			plan, err := NewPlan(context.Background(), l, p, f, o)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			checkSet(t, doc, l, plan, f, o)
		}
	}
}

func TestSharedPiecesAreKeptTogetherWhenThatSavesAVolume(t *testing.T) {
	// Two decisions of 50,000 bytes, each for every other agent: in the order of
	// the book every volume carries both, apart each carries one.
	rng := rand.New(rand.NewPCG(5, 5))
	doc := book(2000, 1, rng, func(i int) []string { return []string{[]string{"PAIR", "IMPAIR"}[i%2]} })
	l := read(t, doc, 20_000, nil)
	pieces := Pieces{}
	for _, id := range l.RefIDs {
		pieces.ParRef = append(pieces.ParRef, piece(t, id, 50_000, rng))
	}
	ordered, err := NewPlan(context.Background(), l, pieces, archive, Options{Limit: 110_000, GardeOrdre: true})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := NewPlan(context.Background(), l, pieces, archive, Options{Limit: 110_000})
	if err != nil {
		t.Fatal(err)
	}
	checkSet(t, doc, l, plan, archive, Options{Limit: 110_000})
	if len(plan.Volumes) >= len(ordered.Volumes) || plan.Dupliques >= ordered.Dupliques {
		t.Errorf("%d volumes and %d bytes twice, in the order of the book %d and %d", len(plan.Volumes), plan.Dupliques, len(ordered.Volumes), ordered.Dupliques)
	}
}

func TestBulletinsOfAnAgentStayTogether(t *testing.T) {
	doc := book(300, 2, rand.New(rand.NewPCG(1, 1)), func(int) []string { return nil })
	doc = bytes.Replace(doc, []byte("M000290"), []byte("M000003"), 1)
	l := read(t, doc, 3000, nil)
	o := Options{Limit: 6100}
	plan, err := NewPlan(context.Background(), l, Pieces{}, archive, o)
	if err != nil {
		t.Fatal(err)
	}
	checkSet(t, doc, l, plan, archive, o)
	if len(plan.Volumes) < 2 || plan.Agents != 0 {
		t.Errorf("%d volumes cut %d agents", len(plan.Volumes), plan.Agents)
	}
}

func TestEvenVolumesAreEven(t *testing.T) {
	doc := book(1200, 1, rand.New(rand.NewPCG(1, 1)), func(int) []string { return nil })
	l := read(t, doc, 3000, nil)
	for _, ordered := range []bool{true, false} {
		o := Options{Limit: 24_000, Equilibre: true, GardeOrdre: ordered}
		plan, err := NewPlan(context.Background(), l, Pieces{}, archive, o)
		if err != nil {
			t.Fatal(err)
		}
		checkSet(t, doc, l, plan, archive, o)
		least, most := plan.Volumes[0].Octets, plan.Volumes[0].Octets
		for _, v := range plan.Volumes {
			least, most = min(least, v.Octets), max(most, v.Octets)
		}
		if len(plan.Volumes) < 2 || most-least > most/10 {
			t.Errorf("order kept %v: %d volumes of %d to %d bytes", ordered, len(plan.Volumes), least, most)
		}
	}
}

func TestOneVolumeOfAWholeBookIsTheJournal(t *testing.T) {
	doc := book(300, 3, rand.New(rand.NewPCG(1, 1)), func(int) []string { return nil })
	l := read(t, doc, 5000, nil)
	plan, err := NewPlan(context.Background(), l, Pieces{}, Nu{}, Options{Limit: 1 << 30})
	if err != nil || len(plan.Volumes) != 1 || !plan.Prouve {
		t.Fatalf("%+v, %v", plan, err)
	}
	var out bytes.Buffer
	if err := (Nu{}).Write(context.Background(), plan.Volumes[0], &out); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), doc) {
		t.Errorf("the volume differs from the journal")
	}
}

func TestReferencesAreInsertedAndNothingElseChanges(t *testing.T) {
	doc := book(50, 2, rand.New(rand.NewPCG(1, 1)), func(i int) []string { return nil })
	l := read(t, doc, 3000, func(m string) []xhl.PJRef {
		if m == "M000007" {
			return []xhl.PJRef{{Support: "01", IdUnique: "ARRETE7", NomPJ: xhl.Some("a.pdf")}}
		}
		return nil
	})
	if len(l.RefIDs) != 1 || l.RefIDs[0] != "ARRETE7" || len(l.Refs(7)) != 1 || len(l.Refs(8)) != 0 {
		t.Fatalf("references: %v", l.RefIDs)
	}
	plan, err := NewPlan(context.Background(), l, Pieces{ParRef: []*Justificatif{nil}}, Nu{}, Options{Limit: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := plan.Volumes[0].WriteRaw(&out); err != nil {
		t.Fatal(err)
	}
	const inserted = `<PJRef><Support V="01"/><IdUnique V="ARRETE7"/><NomPJ V="a.pdf"/></PJRef>`
	if n := strings.Count(out.String(), inserted); n != 1 {
		t.Fatalf("%d insertions\n%s", n, out.String()[:4000])
	}
	if strings.Replace(out.String(), inserted, "", 1) != string(doc) {
		t.Errorf("something else changed")
	}
}

func TestSetsOfAFixedNumberOfBulletins(t *testing.T) {
	doc := book(250, 2, rand.New(rand.NewPCG(1, 1)), func(int) []string { return nil })
	l := read(t, doc, 5000, nil)
	o := Options{Limit: 1 << 20, Mode: Nombre, Par: 100}
	plan, err := NewPlan(context.Background(), l, Pieces{}, archive, o)
	if err != nil || len(plan.Volumes) != 3 || plan.Volumes[2].Bulletins() != 50 {
		t.Fatalf("%v, %v", plan, err)
	}
	checkSet(t, doc, l, plan, archive, o)
	o.Limit = 1500
	_, err = NewPlan(context.Background(), l, Pieces{}, archive, o)
	if a := (*anomalie.Anomalie)(nil); !errors.As(err, &a) || a.Code != NombreTropGrand {
		t.Errorf("over the limit: %v", err)
	}
}

func TestWhatExceedsTheLimitIsNamed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	doc := book(20, 1, rng, func(i int) []string {
		if i == 9 {
			return []string{"GROS", "AUTRE"}
		}
		return nil
	})
	l := read(t, doc, 5000, nil)
	gros, autre := piece(t, "GROS", 40_000, rng), piece(t, "AUTRE", 40_000, rng)
	for _, tc := range []struct {
		name, code string
		limit      int64
	}{
		{"a piece", PieceTropGrande, 30_000},
		{"a bulletin with its pieces", BulletinTropGrand, 70_000},
		{"the head", PieceTropGrande, 100},
	} {
		_, err := NewPlan(context.Background(), l, Pieces{ParRef: []*Justificatif{gros, autre}}, archive, Options{Limit: tc.limit})
		a := (*anomalie.Anomalie)(nil)
		if !errors.As(err, &a) || a.Code != tc.code || a.Classe() != anomalie.TropGrand {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.code)
		}
		if tc.code == BulletinTropGrand && a != nil && a.Matricule != "M000009" {
			t.Errorf("matricule %q", a.Matricule)
		}
	}
	_, err := NewPlan(context.Background(), l, Pieces{ParRef: make([]*Justificatif, 2)}, archive, Options{Limit: 200})
	if a := (*anomalie.Anomalie)(nil); !errors.As(err, &a) || a.Code != LimiteTropPetite {
		t.Errorf("limit below the head: %v", err)
	}
	_, err = NewPlan(context.Background(), l, Pieces{ParRef: make([]*Justificatif, 2)}, archive, Options{Limit: 200, Marge: 200})
	if a := (*anomalie.Anomalie)(nil); !errors.As(err, &a) || a.Code != MargeTropGrande || a.Classe() != anomalie.Usage {
		t.Errorf("a margin as large as the limit: %v", err)
	}
}

// The limit is on the file: the size that an anomaly names is the least limit
// under which it goes away.
func TestTheSizeThatIsRefusedIsThatOfTheFile(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	doc := book(3, 1, rng, func(int) []string { return []string{"GROS"} })
	l := read(t, doc, 5000, nil)
	gros := []*Justificatif{piece(t, "GROS", 40_000, rng)}
	for _, f := range []Format{archive, once{archive}} {
		for _, tc := range []struct {
			name, code string
			pieces     []*Justificatif
			limit      int64
			mode       Mode
			size       int // argument of the message
		}{
			{"a piece", PieceTropGrande, gros, 30_000, Optimise, 2},
			{"a piece under a head", PieceTropGrande, gros, 30_000, Separe, 2},
			{"a bulletin without pieces", LimiteTropPetite, make([]*Justificatif, 1), 200, Optimise, 1},
		} {
			refused := func(limit int64) *anomalie.Anomalie {
				_, err := NewPlan(context.Background(), l, Pieces{ParRef: tc.pieces}, f, Options{Limit: limit, Mode: tc.mode})
				a := (*anomalie.Anomalie)(nil)
				if errors.As(err, &a) && a.Code == tc.code {
					return a
				}
				return nil
			}
			a := refused(tc.limit)
			if a == nil {
				t.Errorf("%T, %s: not refused at %d bytes", f, tc.name, tc.limit)
				continue
			}
			size := a.Args[tc.size].(int64)
			if refused(size-1) == nil || refused(size) != nil {
				t.Errorf("%T, %s: said to make %d bytes, refused at one less %v, at that limit %v", f, tc.name, size, refused(size-1), refused(size))
			}
		}
	}
}

func TestOfficialSampleIsCutAsItIs(t *testing.T) {
	doc, err := os.ReadFile(refdata.Path(t, "data", "xhl", "samples", "PayeCeplExemple082011_schema_1.4.xhl"))
	if err != nil {
		t.Fatal(err)
	}
	l := read(t, doc, 100_000, nil)
	o := Options{Limit: 60_000}
	plan, err := NewPlan(context.Background(), l, Pieces{}, archive, o)
	if err != nil {
		t.Fatal(err)
	}
	checkSet(t, doc, l, plan, archive, o)
	t.Logf("%d volumes, bound %d", len(plan.Volumes), plan.Borne)
}

func TestCodesAreCompleteInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}

// once is the archive of a format whose pieces travel once in the set.
type once struct{ *Archive }

func (once) Partage() Partage { return UneFois }
