package send_test

import (
	"bytes"
	"testing"
	"time"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/fluxbook"
)

// archivist is a platform whose list the account may see, with files of others.
func archivist(t *testing.T) *sendtest.S2low {
	t.Helper()
	p := sendtest.NewS2low(t)
	p.Archivist = true
	other, _ := writeFlux(t, "PESPJ_other.xml", "A")
	p.Keep(other)
	return p
}

func TestFluxThatArrivedBeforeATimeOutIsFoundInTheList(t *testing.T) {
	for name, fault := range map[string]sendtest.Fault{
		"no answer in time": sendtest.SilentAfter, "cut after it took it": sendtest.CutAfter, "text KO after it took it": sendtest.TextAfter,
		"500 after it took it": sendtest.ErrorAfter, "nothing after it took it": sendtest.EmptyAfter,
	} {
		t.Run(name, func(t *testing.T) {
			w, p := newWorld(t), archivist(t)
			nomFic := w.produce(5, "P1", "A")
			p.Fail(fault)
			tdt := s2low(t, p)
			tdt.AnswerWithin(2 * time.Second)
			s := w.sender(tdt)
			if gone := w.deposit(s, fluxbook.Once); gone[0].Issue != fluxbook.IssueDepose {
				t.Errorf("%+v", gone[0])
			}
			w.want(nomFic, "depose: P1 envoyee A envoyee")
			if f := w.flux(nomFic); f.Transaction != "2" {
				t.Errorf("transaction %q", f.Transaction)
			}
			w.clock.now = w.clock.now.Add(time.Hour)
			w.follow(s)
			w.deposit(s, fluxbook.Once)
			w.deposit(s, fluxbook.Resume)
			if p.Posts != 1 {
				t.Errorf("%d posts", p.Posts)
			}
			w.sound()
		})
	}
}

func TestFluxThatNeverArrivedMayLeaveAgain(t *testing.T) {
	w, p := newWorld(t), archivist(t)
	name := w.produce(5, "P1", "A")
	p.Fail(sendtest.SilentBefore)
	s := w.sender(s2low(t, p))
	gone := w.deposit(s, fluxbook.Once)
	if gone[0].Issue != fluxbook.IssueIncertain || !gone[0].Absent {
		t.Fatalf("%+v", gone[0])
	}
	// The platform may still be at work on it.
	wantCode(t, w.follow(s)[0].Faute, PasListe)
	w.want(name, "incertain: P1 envoyee A envoyee")
	w.clock.now = w.clock.now.Add(-time.Hour) // a clock that was set back proves nothing either
	wantCode(t, w.follow(s)[0].Faute, PasListe)
	w.clock.now = w.clock.now.Add(time.Hour + Settles)
	wantCode(t, w.follow(s)[0].Faute, JamaisArrive)
	w.want(name, "produit: P1 produite A produite")
	w.sound()
	w.deposit(s, fluxbook.Once)
	w.want(name, "depose: P1 envoyee A envoyee")
	if p.Posts != 2 || len(p.Bodies) != 2 || !bytes.Equal(p.Bodies["2"], w.file(name)) {
		t.Errorf("%d posts, %d stored", p.Posts, len(p.Bodies))
	}
	w.sound()
}

func TestFluxThatArrivesAfterTheFirstLookIsFoundByALaterOne(t *testing.T) {
	w, p := newWorld(t), archivist(t)
	name := w.produce(5, "A")
	p.Fail(sendtest.SilentBefore)
	s := w.sender(s2low(t, p))
	w.deposit(s, fluxbook.Once)
	p.Keep(w.file(name))
	p.Say("2", "1", "posté")
	w.clock.now = w.clock.now.Add(2 * Settles)
	w.follow(s)
	w.want(name, "depose: A envoyee")
	if f := w.flux(name); f.Transaction != "2" || p.Posts != 1 {
		t.Errorf("transaction %q after %d posts", f.Transaction, p.Posts)
	}
	w.sound()
}

func TestListThatCannotBeReadLeavesAFluxUncertain(t *testing.T) {
	for name, spoil := range map[string]func(*testing.T, *world, *sendtest.S2low){
		"not an archivist":      func(_ *testing.T, _ *world, p *sendtest.S2low) { p.Archivist = false },
		"a file that is hidden": func(_ *testing.T, _ *world, p *sendtest.S2low) { p.Hidden["1"] = true },
		"the name with other bytes": func(t *testing.T, w *world, p *sendtest.S2low) {
			p.Keep(bytes.Replace(w.file(w.nomFic), []byte("piece A"), []byte("piece B"), 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, p := newWorld(t), archivist(t)
			w.nomFic = w.produce(5, "A")
			spoil(t, w, p)
			p.Fail(sendtest.SilentBefore)
			s := w.sender(s2low(t, p))
			if gone := w.deposit(s, fluxbook.Once); gone[0].Issue != fluxbook.IssueIncertain || gone[0].Absent || gone[0].Message == "" {
				t.Errorf("%+v", gone[0])
			}
			w.clock.now = w.clock.now.Add(2 * Settles)
			wantCode(t, w.follow(s)[0].Faute, NumeroInconnu)
			w.deposit(s, fluxbook.Once)
			w.want(w.nomFic, "incertain: A envoyee")
			if p.Posts != 1 || p.Listings == 0 {
				t.Errorf("%d posts, %d lists", p.Posts, p.Listings)
			}
			w.sound()
		})
	}
}

func TestDuplicateAfterACutIsGivenItsNumber(t *testing.T) {
	w, p := newWorld(t), sendtest.NewS2low(t)
	name := w.produce(5, "A")
	p.Fail(sendtest.CutAfter)
	s := w.sender(s2low(t, p))
	w.deposit(s, fluxbook.Once) // the list is refused
	w.want(name, "incertain: A envoyee")
	p.Archivist = true
	w.deposit(s, fluxbook.Resume)
	if f := w.flux(name); f.Etat != fluxbook.Depose || f.Transaction != "1" || len(p.Bodies) != 1 {
		t.Errorf("%s, transaction %q, %d stored", f.Etat, f.Transaction, len(p.Bodies))
	}
	w.sound()
}
