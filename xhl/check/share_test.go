package check

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"paye/internal/share"
	"paye/internal/share/sharetest"
	"paye/xhl"
)

// everything is all that Journal says of a journal.
type everything struct {
	Bilan      *Bilan
	Anomalies  string
	References []*Reference
	Bulletins  []*BulletinVu
}

func toldOf(t testing.TB, ctx context.Context, src []byte, o Options) (e everything) {
	t.Helper()
	var list []*xhl.Anomalie
	o.Anomalie = func(a *xhl.Anomalie) { list = append(list, a) }
	o.Reference = func(r *Reference) { e.References = append(e.References, r) }
	o.Bulletin = func(b *BulletinVu) { e.Bulletins = append(e.Bulletins, b) }
	var err error
	if e.Bilan, err = Journal(ctx, bytes.NewReader(src), o); err != nil {
		t.Fatal(err)
	}
	e.Anomalies = fmt.Sprint(list)
	return e
}

// sound is a journal of many bulletins whose faults are few.
func sound(r *rand.Rand, bulletins int) []byte {
	start := strings.Index(petit, "<PayeIndivMensuel>")
	end := strings.Index(petit, "</PayeIndivMensuel>") + len("</PayeIndivMensuel>")
	var out strings.Builder
	out.WriteString(petit[:start])
	for i := range bulletins {
		b := strings.Replace(petit[start:end], `<Matricule V="B2"/>`, fmt.Sprintf(`<Matricule V="M%d"/>`, i-i%37/36), 1)
		b = strings.Replace(b, "</PayeIndivMensuel>", fmt.Sprintf(`<PJRef><Support V="01"/><IdUnique V="p%d"/><NomPJ V="décision&#32;%d.pdf"/></PJRef></PayeIndivMensuel>`, i%9, i%10), 1)
		switch r.IntN(40) {
		case 0:
			b = strings.Replace(b, `<MtBrut V="0"/>`, `<MtBrut V="1,5"/>`, 1)
		case 1:
			b += "</DonneesIndiv>\n<DonneesIndiv>"
		case 2:
			b = strings.Replace(b, `<Service V=""/>`, `<Service V="`+strings.Repeat("s", 200)+`"/>`, 1)
		case 3:
			b = "<!-- </PayeIndivMensuel> -->" + b
		}
		out.WriteString("\n" + b)
	}
	out.WriteString(petit[end:])
	return []byte(out.String())
}

func TestAnotherInstanceGivesWhatOneGives(t *testing.T) {
	done := int64(0)
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 17))
		src := sound(r, 120)
		if seed%4 == 0 {
			src = longJournal(r, 60)
		}
		o := Options{Fenetre: 3000 + r.IntN(9000), Cores: 1, MaxExemples: 1 + r.IntN(4)}
		want := toldOf(t, context.Background(), src, o)
		peer := sharetest.Inside(share.Kinds{Windows: Assist})
		got := toldOf(t, share.With(context.Background(), peer), src, o)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("seed %d: %s\nwant %s\n%s\nwant %s", seed, brief(got.Bilan), brief(want.Bilan), got.Anomalies, want.Anomalies)
		}
		done += peer.Done()
	}
	if done == 0 {
		t.Error("the other instance judged nothing")
	}
}

// A harvest that travelled is merged as the one that did not.
func TestAHarvestTravelsWhole(t *testing.T) {
	src := sound(rand.New(rand.NewPCG(3, 3)), 50)
	o := Options{Cores: 1, Bulletin: func(*BulletinVu) {}}
	o.defaults()
	c := newCheck(o)
	from := bytes.Index(src, bulletinEnd) + len(bulletinEnd) + 1
	to := bytes.LastIndex(src, bulletinEnd) + len(bulletinEnd) + 1
	cut := &windows{src: bytes.NewReader(nil)}
	head := &window{buf: append(bytes.Clone(src[:from]), make([]byte, padding)...), n: from}
	w, err := c.head(head, cut)
	if err != nil {
		t.Fatal(err)
	}
	w.walk()
	c.learn(w)
	for kind := range c.quota {
		c.quota[kind].Store(int32(o.MaxExemples))
	}
	win := &window{buf: append(bytes.Clone(src[from:to]), make([]byte, padding)...), n: to - from, off: int64(from), lines: -1}
	here, there := c.newWalker(), c.newWalker()
	here.judgeFrom(c.between, win)
	task := Assist(append(o.common(), src[:from]...))
	if task == nil {
		t.Fatal("no session begins")
	}
	answer, ok := task([]byte("before"), append(c.full(nil), src[from:to]...))
	if !ok {
		t.Fatal("the harvest does not travel")
	}
	answer = answer[len("before"):]
	lines := win.lines
	win.lines = -1
	if !there.gather(c.between, win, answer) {
		t.Fatal("the harvest cannot be read")
	}
	if want := bytes.Count(src[from:to], []byte("\n")); win.lines != want || lines != want {
		t.Errorf("%d lines here, %d elsewhere, want %d", lines, win.lines, want)
	}
	if got, want := mergedOf(o, there), mergedOf(o, here); !reflect.DeepEqual(got, want) || len(want.Bulletins) == 0 || len(want.References) == 0 || len(want.Lignes) == 0 {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for n := range answer {
		if there.gather(c.between, win, answer[:n]) {
			t.Errorf("%d of %d bytes are taken for all", n, len(answer))
		}
	}
	for i := range answer { // nothing of it ends the program
		spoilt := bytes.Clone(answer)
		spoilt[i] ^= 0xFF
		there.gather(c.between, win, spoilt)
	}
}

// merged is what a harvest comes to.
type merged struct {
	Bulletins  []BulletinVu
	References []Reference
	Lignes     []string
	Bilan      Bilan
	Rest       string
}

func mergedOf(o Options, w *walker) (m merged) {
	o.Bulletin = func(b *BulletinVu) { m.Bulletins = append(m.Bulletins, *b) }
	o.Reference = func(r *Reference) { m.References = append(m.References, *r) }
	c := newCheck(o)
	c.ligne = 7
	w.follow(c)
	c.merge(w)
	for i := range c.lignes.list {
		e := &c.lignes.list[i]
		m.Lignes = append(m.Lignes, fmt.Sprint(e.nature, string(e.key), e.n, e.read, e.total, e.first.off, e.first.ligne, e.groupe, e.rang, string(e.matricule)))
	}
	m.Bilan = c.bilan
	m.Rest = fmt.Sprint(c.all.counts, c.lies, c.high, c.mixed, c.allowed, c.seen14, c.groupes, c.rang)
	for _, f := range w.frames {
		m.Rest += fmt.Sprint(" ", f.rep, f.index)
	}
	return m
}
