package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"paye/xhl"
)

// againstTwin checks a journal with Check and with the plain checker, and with
// Check cut otherwise.
func againstTwin(t *testing.T, src []byte) {
	t.Helper()
	whole := Options{Schema: Schema14, Cores: 1, Fenetre: len(src) + 1}
	b, list := judged(t, src, whole)
	for _, a := range list {
		if a.Offset > int64(4*len(src)+8) || a.Message(0) == a.Code {
			t.Errorf("anomaly out of the journal or without a message: %v", a)
		}
	}
	for _, size := range []int{64, 1000} {
		var first []*xhl.Anomalie
		for _, cores := range []int{1, 3} {
			cut := Options{Schema: Schema14, Cores: cores, Fenetre: size}
			again, others := judged(t, src, cut)
			if !sameBilan(b, again) {
				t.Fatalf("windows of %d bytes on %d cores: %s\nin one window: %s", size, cores, brief(again), brief(b))
			}
			if cores == 1 {
				first = others
			} else if got, want := fmt.Sprint(others), fmt.Sprint(first); got != want {
				t.Fatalf("on %d cores:\n%s\non one:\n%s", cores, got, want)
			}
		}
	}
	if refused(b) {
		return
	}
	want, known := func() (valid, known bool) {
		defer func() {
			if err, ok := recover().(error); ok && !errors.Is(err, errTwinXsi) {
				panic(err)
			}
		}()
		return twin(src, xhl.V14)
	}()
	if known && b.SchemaValide != want {
		list = slices.DeleteFunc(list, func(a *xhl.Anomalie) bool { return a.Code > "XHL-2" })
		t.Fatalf("valid %v, the plain checker says %v: %v", b.SchemaValide, want, list)
	}
}

func brief(b *Bilan) string {
	return fmt.Sprint(b.SchemaValide, b.Interrompu, b.Octets, b.Lignes, b.Groupes, b.Bulletins, b.Comptes, b.EmpreinteEntete, b.EmpreinteNomenclatures)
}

// sameBilan compares all that does not depend on the size of the windows.
func sameBilan(a, b *Bilan) bool {
	x, y := *a, *b
	return reflect.DeepEqual(&x, &y)
}

func TestCheckAgreesWithThePlainChecker(t *testing.T) {
	for _, seed := range []uint64{11, 12} {
		names, journals := mutants(t, petit, seed, 400)
		for i, src := range journals {
			t.Run(fmt.Sprintf("%d %s", i, names[i]), func(t *testing.T) { againstTwin(t, src) })
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(petit))
	for _, text := range texts {
		f.Add([]byte(strings.Replace(petit, `<Service V=""/>`, `<Service V="">`+text+`</Service>`, 1)))
	}
	f.Add([]byte(strings.ReplaceAll(petit, `="`, ` = "`)))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<16 {
			return
		}
		againstTwin(t, src)
	})
}

func TestCheckNeverPanicsOnATruncatedJournal(t *testing.T) {
	for n := range len(petit) {
		b, list := judged(t, []byte(petit[:n]), Options{Fenetre: 512})
		if b.SchemaValide || len(list) == 0 {
			t.Fatalf("cut at %d: valid %v with %d anomalies", n, b.SchemaValide, len(list))
		}
	}
}

func TestCheckEndsOnHostileInput(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	head, tail, _ := strings.Cut(petit, "<Service V=")
	tail = "<Service V=" + tail
	for _, tc := range []struct{ name, src, code string }{
		{"nothing", "", "XHL-017"},
		{"blanks", many(" ", 5000), "XHL-017"},
		{"null bytes", many("\x00", 5000), "XHL-002"},
		{"deep nesting", head + many("<a>", 100000), "XHL-004"},
		{"deep bulletins", head + many("<PayeIndivMensuel>", 100000), "XHL-004"},
		{"gigantic value", head + `<Service V="` + many("x", 3<<20) + `"/>` + tail, "XHL-004"},
		{"endless comment", head + "<!--" + many(" x", 2<<20), "XHL-004"},
		{"endless text", head + many("x", 3<<20), "XHL-004"},
		{"many attributes", head + "<Service " + many(`a="1" `, 1000) + "/>" + tail, "XHL-007"},
		{"many entities", head + `<Service V="` + many("&a;", 1000) + `"/>` + tail, "XHL-010"},
		{"DTD", "<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]>" + petit, "XHL-003"},
		{"DTD after the declaration", `<?xml version="1.0"?>` + "\n<!DOCTYPE n:DocumentPaye SYSTEM 'http://x/'>" + petit, "XHL-003"},
		{"one tag that never ends", head + "<Service " + many(" ", 3<<20), "XHL-004"},
		{"end tags alone", head + many("</a>", 50000), "XHL-009"},
		{"bulletin ends in a comment", head + "<!-- " + many("</PayeIndivMensuel> ", 2000) + " -->" + tail, ""},
		{"a zip", "PK\x03\x04" + many("\x07\x00", 3000), "XHL-002"},
		{"UTF-16 without characters", "\xff\xfe" + many("\x00\xd8", 3000), "XHL-002"},
		{"another root", "<a>" + many("<b/>", 3000) + "</a>", "XHL-006"},
		{"two roots", petit + petit, "XHL-011"},
		{"unknown encoding", `<?xml version="1.0" encoding="EBCDIC-XX"?>` + petit, "XHL-005"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, list := judged(t, []byte(tc.src), Options{Fenetre: 4096})
			if tc.code == "" {
				if !b.SchemaValide {
					t.Errorf("invalid: %v", list)
				}
				return
			}
			if b.SchemaValide || b.N(tc.code) == 0 {
				t.Errorf("valid %v, want %s among %v", b.SchemaValide, tc.code, b.Comptes)
			}
		})
	}
}

func TestALongDeclarationFitsSmallWindows(t *testing.T) {
	for _, blanks := range []int{0, 100, 5000} {
		src := `<?xml version="1.0"` + strings.Repeat(" ", blanks) + "?>" + sain
		src = strings.Replace(src, `<?xml version="1.0" encoding="ISO-8859-1"?>`, "", 1)
		for _, size := range []int{1, 50, 3000} {
			if b, list := judged(t, []byte(src), Options{Fenetre: size}); !b.SchemaValide || b.Bulletins != 2 {
				t.Errorf("%d blanks in windows of %d: valid %v, %d bulletins, %v", blanks, size, b.SchemaValide, b.Bulletins, list)
			}
		}
	}
}

func TestCheckReportsTheErrorOfItsReader(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, size := range []int{100, 1 << 20} {
		r := io.MultiReader(strings.NewReader(petit[:1000]), iotest.ErrReader(broken))
		if _, err := Journal(context.Background(), r, Options{Fenetre: size}); !errors.Is(err, broken) {
			t.Errorf("windows of %d: got %v, want the reader's error", size, err)
		}
	}
}

func TestCheckStopsWhenItIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Journal(ctx, strings.NewReader(strings.Repeat(petit, 3)), Options{Fenetre: 512}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// A reader that gives a few bytes at a time changes nothing.
func TestCheckDoesNotDependOnTheReadsOfItsSource(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	src := longJournal(r, 40)
	want, _ := judged(t, src, Options{Fenetre: 700})
	got, err := Journal(context.Background(), iotest.OneByteReader(bytes.NewReader(src)), Options{Fenetre: 700})
	if err != nil {
		t.Fatal(err)
	}
	if !sameBilan(want, got) {
		t.Errorf("got  %s\nwant %s", brief(got), brief(want))
	}
}

// longJournal repeats the bulletin of petit, in several DonneesIndiv, some of
// them spoilt.
func longJournal(r *rand.Rand, bulletins int) []byte {
	start := strings.Index(petit, "<PayeIndivMensuel>")
	end := strings.Index(petit, "</PayeIndivMensuel>") + len("</PayeIndivMensuel>")
	var out strings.Builder
	out.WriteString(petit[:start])
	for i := range bulletins {
		b := strings.Replace(petit[start:end], `<Matricule V="B2"/>`, fmt.Sprintf(`<Matricule V="M%d"/>`, i-i%7/6), 1)
		switch r.IntN(12) {
		case 0:
			b = strings.Replace(b, `<NBI V="0"/>`, "", 1)
		case 1:
			b = strings.Replace(b, "</Agent>", "", 1)
		case 2:
			b = "<!-- " + b + " -->" + b
		case 3:
			b = strings.Replace(b, `<MtBrut V="0"/>`, `<MtBrut V="1,5"/>`, 1)
		case 4:
			b += "</DonneesIndiv>\n<DonneesIndiv>"
		case 5:
			b = strings.Replace(b, `<Service V=""/>`, `<Service V = "&#10;a"/>`, 1)
		}
		out.WriteString("\n" + b)
	}
	out.WriteString(petit[end:])
	return []byte(out.String())
}

func TestManyCoresGiveWhatOneGives(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		src := longJournal(r, 60)
		o := Options{Fenetre: 1 + r.IntN(5000), Cores: 1}
		want, wantList := judged(t, src, o)
		o.Cores = 4
		got, gotList := judged(t, src, o)
		if !sameBilan(want, got) || fmt.Sprint(wantList) != fmt.Sprint(gotList) {
			t.Errorf("seed %d: %s\nwant %s\n%v\nwant %v", seed, brief(got), brief(want), gotList, wantList)
		}
		one, _ := judged(t, src, Options{Fenetre: len(src) + 1, Cores: 1})
		if !sameBilan(one, got) {
			t.Errorf("seed %d: in windows %s\nin one %s", seed, brief(got), brief(one))
		}
	}
}
