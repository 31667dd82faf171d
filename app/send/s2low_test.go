package send_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"testing"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/fluxbook"
)

func TestPlatformThatMisbehavesIsNeverGivenAFluxTwice(t *testing.T) {
	for _, c := range []struct {
		name          string
		faults        []sendtest.Fault
		state         string // after the first send
		resumed       string // after --resume
		posts, stored int
	}{
		{"takes it", nil, "depose", "depose", 1, 1},
		{"UTF-8 under a Latin-1 label", []sendtest.Fault{sendtest.Latin1}, "depose", "depose", 1, 1},
		{"text KO after it took it", []sendtest.Fault{sendtest.TextAfter}, "incertain", "depose", 2, 1},
		{"nothing after it took it", []sendtest.Fault{sendtest.EmptyAfter}, "incertain", "depose", 2, 1},
		{"500 after it took it", []sendtest.Fault{sendtest.ErrorAfter}, "incertain", "depose", 2, 1},
		{"cut after it took it", []sendtest.Fault{sendtest.CutAfter}, "incertain", "depose", 2, 1},
		{"redirect after it took it", []sendtest.Fault{sendtest.Redirect}, "incertain", "depose", 2, 1},
		{"page after it took it", []sendtest.Fault{sendtest.Page}, "incertain", "depose", 2, 1},
		{"503 before it reads", []sendtest.Fault{sendtest.ErrorBefore}, "incertain", "depose", 2, 1},
		{"no rights", []sendtest.Fault{sendtest.NoRights}, "produit", "produit", 1, 0},
		{"refuses the file", []sendtest.Fault{sendtest.RefusedFile}, "refuse", "refuse", 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, p := newWorld(t), sendtest.NewS2low(t)
			name := w.produce(5, "P1", "A")
			p.Fail(c.faults...)
			s := w.sender(s2low(t, p))
			w.deposit(s, fluxbook.Once)
			if got := string(w.flux(name).Etat); got != c.state {
				t.Errorf("state %s, want %s", got, c.state)
			}
			if c.state != "produit" {
				w.deposit(s, fluxbook.Once) // nothing leaves again by itself
			}
			w.deposit(s, fluxbook.Resume)
			if got := string(w.flux(name).Etat); got != c.resumed {
				t.Errorf("resumed: state %s, want %s", got, c.resumed)
			}
			if p.Posts != c.posts || len(p.Bodies) != c.stored {
				t.Errorf("%d posts, %d stored, want %d and %d", p.Posts, len(p.Bodies), c.posts, c.stored)
			}
			for _, body := range p.Bodies {
				if !bytes.Equal(body, w.file(name)) {
					t.Error("the platform has other bytes")
				}
			}
			w.sound()
		})
	}
}

func TestCutUploadIsTriedAgain(t *testing.T) {
	w, p := newWorld(t), sendtest.NewS2low(t)
	var ids []string
	for i := range 2000 { // more than the buffers of a socket hold
		ids = append(ids, "A"+string(rune('A'+i/26/26%26))+string(rune('A'+i/26%26))+string(rune('A'+i%26)))
	}
	w.produce(5, append(ids[:0:0], ids[:2000]...)...)
	p.Fail(sendtest.CutDuring)
	gone := w.deposit(w.sender(s2low(t, p)), fluxbook.Once)
	// All of the body may have been taken before the cut was seen; then nothing
	// is known, and nothing is tried.
	if got := gone[0].Flux.Etat; got == fluxbook.Depose && (p.Posts != 2 || len(p.Bodies) != 1) || got != fluxbook.Depose && got != fluxbook.Incertain {
		t.Errorf("state %s after %d posts, %d stored", got, p.Posts, len(p.Bodies))
	}
	w.sound()
}

func TestServerWithAnotherAuthorityGetsNothing(t *testing.T) {
	w, p := newWorld(t), sendtest.NewS2low(t)
	name := w.produce(5, "A")
	s, err := NewS2low(S2lowOptions{Address: p.URL, Certificate: p.Certificate, Key: p.Key, Authority: sendtest.NewS2low(t).Authority})
	if err != nil {
		t.Fatal(err)
	}
	gone := w.deposit(w.sender(s), fluxbook.Once)
	if gone[0].Issue != fluxbook.IssueNonParti || p.Posts != 0 {
		t.Errorf("%+v after %d posts", gone[0], p.Posts)
	}
	w.want(name, "produit: A produite")
}

func TestClientWithoutTheRightCertificateGetsNoFurther(t *testing.T) {
	w, p := newWorld(t), sendtest.NewS2low(t)
	w.produce(5, "A")
	other := sendtest.NewS2low(t)
	s, err := NewS2low(S2lowOptions{Address: p.URL, Certificate: other.Certificate, Key: other.Key, Authority: p.Authority})
	if err != nil {
		t.Fatal(err)
	}
	w.deposit(w.sender(s), fluxbook.Once)
	if len(p.Bodies) != 0 {
		t.Error("the flux is on the platform")
	}
	if err := s.Probe(t.Context()); err == nil {
		t.Error("the probe says that all is well")
	}
	if err := s2low(t, p).Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestUnreachablePlatformIsTriedAndGivenUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "https://" + l.Addr().String()
	l.Close()
	w, p := newWorld(t), sendtest.NewS2low(t)
	name := w.produce(5, "A")
	s, err := NewS2low(S2lowOptions{Address: address, Certificate: p.Certificate, Key: p.Key, Authority: p.Authority})
	if err != nil {
		t.Fatal(err)
	}
	if gone := w.deposit(w.sender(s), fluxbook.Once); gone[0].Issue != fluxbook.IssueNonParti {
		t.Errorf("%+v", gone[0])
	}
	w.want(name, "produit: A produite")
}

func TestStatusIsNotAnAcceptance(t *testing.T) {
	w, p := newWorld(t), sendtest.NewS2low(t)
	name := w.produce(5, "P1", "A")
	s := w.sender(s2low(t, p))
	w.deposit(s, fluxbook.Once)
	w.follow(s) // 3
	w.want(name, "transmis: P1 envoyee A envoyee")
	p.Say("1", "8", "information disponible") // and the file is not there: a redirect
	w.follow(s)
	w.want(name, "transmis: P1 envoyee A envoyee")
	p.Answer("1", []byte("<br>helios : fichier absent"))
	w.follow(s)
	w.want(name, "transmis: P1 envoyee A envoyee")
	p.Answer("1", sendtest.Acquit(t, w.file(name), "2026-05-29", map[string]sendtest.Refusal{"A": {NumAnoAck: "ERREUR_PJ", Libelle: "1990 - extension"}}))
	news := w.follow(s)
	if len(news) != 1 || news[0].Answer == nil || !news[0].Answer.Refus() {
		t.Errorf("%+v", news)
	}
	w.want(name, "acquitte: P1 acceptee A refusee")
	w.sound()
}

func TestPlatformRefusesAfterAnOK(t *testing.T) {
	w, p := newWorld(t), sendtest.NewS2low(t)
	name := w.produce(5, "A")
	s := w.sender(s2low(t, p))
	w.deposit(s, fluxbook.Once)
	p.Say("1", "-1", "Le nom du fichier (NomFic) est déjà connu")
	w.follow(s)
	w.want(name, "refuse: A refusee")
	if got := w.flux(name).Message; got != "Le nom du fichier (NomFic) est déjà connu é" {
		t.Errorf("message %q", got)
	}
	w.sound()
}

func TestAcquittalOfSomebodyElseIsNotTakenForOurs(t *testing.T) {
	w, p := newWorld(t), sendtest.NewS2low(t)
	name := w.produce(5, "A")
	s := w.sender(s2low(t, p))
	w.deposit(s, fluxbook.Once)
	other, _ := writeFlux(t, "PESPJ_other.xml", "A")
	p.Answer("1", sendtest.Acquit(t, other, "2026-05-29", nil))
	news := w.follow(s)
	if len(news) != 1 {
		t.Fatalf("%d news", len(news))
	}
	wantCode(t, news[0].Faute, AutreReponse)
	w.want(name, "depose: A envoyee")
	p.Answer("1", sendtest.Acquit(t, w.file(name), "2026-05-29", nil)) // the right one, later
	w.follow(s)
	w.want(name, "clos: A acceptee")
}

// errDied is a process that ends.
var errDied = errors.New("errDied")

func TestProcessThatDiesAtAnyStepSendsOnce(t *testing.T) {
	for _, at := range Steps {
		t.Run(string(at), func(t *testing.T) {
			w, p := newWorld(t), sendtest.NewS2low(t)
			name := w.produce(5, "A")
			s := w.sender(s2low(t, p))
			s.Step = func(step Step) error {
				if step == at {
					return errDied
				}
				return nil
			}
			err := s.Deposit(t.Context(), []*fluxbook.Flux{w.flux(name)}, fluxbook.Once, func(*Departure) error { return nil })
			if !errors.Is(err, errDied) {
				t.Fatalf("got %v", err)
			}
			w.open()
			s = w.sender(s2low(t, p))
			w.deposit(s, fluxbook.Once)
			if len(p.Bodies) > 1 {
				t.Fatalf("%d deposits", len(p.Bodies))
			}
			w.deposit(s, fluxbook.Resume)
			if len(p.Bodies) != 1 || w.flux(name).Etat != fluxbook.Depose {
				t.Errorf("%d deposits, state %s", len(p.Bodies), w.flux(name).Etat)
			}
			w.sound()
		})
	}
}

func TestWrongSettingsAreRefused(t *testing.T) {
	p := sendtest.NewS2low(t)
	for name, o := range map[string]S2lowOptions{
		"http":             {Address: "http://127.0.0.1", Certificate: p.Certificate, Key: p.Key},
		"a password":       {Address: "https://a:b@127.0.0.1", Certificate: p.Certificate, Key: p.Key},
		"no certificate":   {Address: p.URL},
		"a broken key":     {Address: p.URL, Certificate: p.Certificate, Key: []byte("x")},
		"broken authority": {Address: p.URL, Certificate: p.Certificate, Key: p.Key, Authority: []byte("x")},
	} {
		if _, err := NewS2low(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := tls.X509KeyPair(p.Certificate, p.Key); err != nil {
		t.Error(err)
	}
}
