package send_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/fluxbook"
	"paye/pespj"
)

// refused is a flux whose pieces were refused as said.
func refused(t *testing.T, w *world, why map[string]sendtest.Refusal, ids ...string) string {
	t.Helper()
	name := w.produce(5, ids...)
	s := w.sender(NewFolder(t.TempDir(), ""))
	w.deposit(s, fluxbook.Once)
	if _, err := AcquitBytes(t.Context(), w.book, "ack.xml", sendtest.Acquit(t, w.file(name), "2026-05-29", why)); err != nil {
		t.Fatal(err)
	}
	return name
}

func resend(t *testing.T, w *world, r Resend) []*Resent {
	t.Helper()
	r.Date = time.Date(2026, 5, 30, 0, 0, 0, 0, time.UTC)
	var list []*Resent
	if err := r.Resend(t.Context(), w.book, func(x *Resent) error { list = append(list, x); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

// pieces is "ID NomPJ content" of a flux file.
func pieces(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rd, err := pespj.NewReader(bytes.NewReader(text), pespj.ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for pj, err := range rd.PJ() {
		var content bytes.Buffer
		if err == nil {
			_, err = content.ReadFrom(pj)
		}
		if err == nil {
			err = pj.Finish()
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, pj.IdUnique+" "+pj.NomPJ+" "+content.String())
	}
	return list
}

var (
	timeout   = sendtest.Refusal{NumAnoAck: "ERREUR_TIMEOUT", Libelle: "délai dépassé"}
	duplicate = sendtest.Refusal{NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 - doublon"}
	extension = sendtest.Refusal{NumAnoAck: "ERREUR_PJ", Libelle: "1990 - extension"}
	codique   = sendtest.Refusal{NumAnoAck: "ERREUR_CODIQUE", Libelle: "codique inconnu"}
)

func TestOnlyRefusedPiecesLeaveAgain(t *testing.T) {
	w := newWorld(t)
	name := refused(t, w, map[string]sendtest.Refusal{"B": timeout}, "P1", "A", "B", "C")
	list := resend(t, w, Resend{})
	if len(list) != 1 || list[0].Made == nil || list[0].Pieces[0].Why != "" {
		t.Fatalf("%+v", list)
	}
	made := list[0].Made
	if len(made.NomFic) != len(name) || made.NomFic == name || !strings.HasSuffix(made.NomFic, "_R01.xml") {
		t.Errorf("name %s", made.NomFic)
	}
	if got := pieces(t, made.Fichier); len(got) != 1 || got[0] != "B B.pdf %PDF-1.4 B" {
		t.Errorf("it has %q", got)
	}
	w.want(name, "acquitte: P1 acceptee A acceptee B reprise C acceptee")
	if again := resend(t, w, Resend{}); len(again) != 0 {
		t.Errorf("a second resend: %+v", again)
	}
	w.sound()
}

func TestEachCauseAsksForItsOwn(t *testing.T) {
	corrected := filepath.Join(t.TempDir(), "Arrêté n° 3.pdf")
	if err := os.WriteFile(corrected, []byte("%PDF-1.7 corrected"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		why   sendtest.Refusal
		id    string
		ask   Resend
		waits string // code, "" when it leaves
		carry string // piece of the new flux
		state string
	}{
		{"duplicate, nothing said", duplicate, "B", Resend{}, ADemander, "", "acquitte: P1 acceptee B refusee"},
		{"duplicate that is there", duplicate, "B", Resend{AlreadyThere: []string{"B"}}, "", "", "clos: P1 acceptee B deja_la"},
		{"duplicate of another document, referenced", duplicate, "B", Resend{AsNew: []string{All}}, IdReference, "", "acquitte: P1 acceptee B refusee"},
		{"bad extension, nothing said", extension, "B", Resend{}, ACorriger, "", "acquitte: P1 acceptee B refusee"},
		{"bad extension, corrected", extension, "B", Resend{Replace: map[string]string{"B": corrected}}, "", "B Arrete_n_3.pdf %PDF-1.7 corrected", "acquitte: P1 acceptee B reprise"},
		{"mended elsewhere", extension, "B", Resend{AsIs: []string{"B"}}, "", "B B.pdf %PDF-1.4 B", "acquitte: P1 acceptee B reprise"},
		{"header, nothing said", codique, "B", Resend{}, ACorrigerEntete, "", "acquitte: P1 acceptee B refusee"},
		{"header, corrected", codique, "B", Resend{IdPost: "006222"}, "", "B B.pdf %PDF-1.4 B", "acquitte: P1 acceptee B reprise"},
		{"unknown cause", sendtest.Refusal{NumAnoAck: "ERREUR_NOUVELLE", Libelle: "?"}, "B", Resend{}, ACorriger, "", "acquitte: P1 acceptee B refusee"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			name := refused(t, w, map[string]sendtest.Refusal{c.id: c.why}, "P1", "B")
			list := resend(t, w, c.ask)
			if len(list) != 1 || len(list[0].Pieces) != 1 {
				t.Fatalf("%+v", list)
			}
			d := list[0].Pieces[0]
			if d.Why != c.waits || (d.Anomalie() != nil) != (c.waits != "") {
				t.Errorf("waits for %q, want %q", d.Why, c.waits)
			}
			carry := ""
			if list[0].Made != nil {
				carry = strings.Join(pieces(t, list[0].Made.Fichier), ", ")
			}
			if carry != c.carry {
				t.Errorf("carries %q, want %q", carry, c.carry)
			}
			w.want(name, c.state)
			w.sound()
		})
	}
}

func TestPayrollPieceMayTakeANewIdentity(t *testing.T) {
	w := newWorld(t)
	name := refused(t, w, map[string]sendtest.Refusal{"P1": duplicate}, "P1", "B")
	made := resend(t, w, Resend{AsNew: []string{"P1"}})[0].Made
	got := pieces(t, made.Fichier)
	if len(got) != 1 || strings.HasPrefix(got[0], "P1 ") || !strings.HasPrefix(got[0], siret+"PAYE202605") {
		t.Errorf("it has %q", got)
	}
	w.want(name, "acquitte: P1 reprise B acceptee")
	w.sound()
}

func TestWholeRefusalLeavesAgainUnderARightHeader(t *testing.T) {
	w := newWorld(t)
	name := w.produce(5, "P1", "A")
	w.deposit(w.sender(NewFolder(t.TempDir(), "")), fluxbook.Once)
	if _, err := AcquitBytes(t.Context(), w.book, "a", sendtest.Whole(name, "123", "2026-05-29", codique)); err != nil {
		t.Fatal(err)
	}
	w.want(name, "refuse: P1 refusee A refusee")
	made := resend(t, w, Resend{IdPost: "006222"})[0].Made
	text, err := os.ReadFile(made.Fichier)
	if err != nil || !bytes.Contains(text, []byte(`<IdPost V="006222"/>`)) || !bytes.Contains(text, []byte(`<DteStr V="2026-05-30"/>`)) || made.Pieces != 2 {
		t.Errorf("%v, %d pieces", err, made.Pieces)
	}
	if len(text) != len(w.file(name)) {
		t.Errorf("%d bytes, the refused flux had %d: a full volume would exceed its limit", len(text), len(w.file(name)))
	}
	// The second answer closes both.
	w.deposit(w.sender(NewFolder(t.TempDir(), "")), fluxbook.Once)
	if _, err := AcquitBytes(t.Context(), w.book, "b", sendtest.Acquit(t, text, "2026-05-31", nil)); err != nil {
		t.Fatal(err)
	}
	w.want(made.NomFic, "clos: P1 acceptee A acceptee")
	w.want(name, "clos: P1 reprise A reprise")
	w.sound()
}

func TestResendOfAResendHasANameOfItsOwn(t *testing.T) {
	w := newWorld(t)
	refused(t, w, map[string]sendtest.Refusal{"B": timeout}, "P1", "B")
	first := resend(t, w, Resend{})[0].Made
	w.deposit(w.sender(NewFolder(t.TempDir(), "")), fluxbook.Once)
	if _, err := AcquitBytes(t.Context(), w.book, "b", sendtest.Acquit(t, w.file(first.NomFic), "2026-05-31", map[string]sendtest.Refusal{"B": timeout})); err != nil {
		t.Fatal(err)
	}
	second := resend(t, w, Resend{})[0].Made
	if !strings.HasSuffix(second.NomFic, "_R02.xml") || second.Fichier == first.Fichier {
		t.Errorf("%s in %s", second.NomFic, second.Fichier)
	}
	w.sound()
}

func TestFluxWhoseFileChangedIsNotMadeAgain(t *testing.T) {
	w := newWorld(t)
	name := refused(t, w, map[string]sendtest.Refusal{"B": timeout}, "P1", "B")
	if err := os.WriteFile(w.flux(name).Fichier, []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := (&Resend{}).Resend(t.Context(), w.book, func(*Resent) error { return nil })
	wantCode(t, err, fluxbook.FichierChange)
	w.want(name, "acquitte: P1 acceptee B refusee")
}
