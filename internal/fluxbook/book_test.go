package fluxbook_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	"paye/internal/anomalie"
	. "paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/internal/ledger/ledgertest"
)

const siret = "21967564200017"

// clock is a clock that tests move.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// onBoth runs test with a new book in each database.
func onBoth(t *testing.T, test func(t *testing.T, b *Book, c *clock)) {
	t.Helper()
	ledgertest.Each(t, func(t *testing.T, at string) {
		c := &clock{time.Date(2026, 5, 28, 9, 0, 0, 0, time.UTC)}
		b, err := Open(t.Context(), at, "alice", c.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { b.Close() })
		test(t, b, c)
	})
}

// month is a delivery of one volume a list of pieces; a piece is "ID" or
// "ID=content".
func month(m int, volumes ...string) *Paye {
	p := &Paye{Key: Key{Siret: siret, CodCol: "123", CodBud: "00", Annee: 2026, Mois: m}, Packaging: "pieces", Dossier: fmt.Sprintf("/d/%02d", m)}
	for i, list := range volumes {
		v := Volume{N: i + 1, Fichier: fmt.Sprintf("volume-%02d.xml", i+1), Octets: 1000, SHA256: fmt.Sprintf("sum-%d-%d-%s", m, i, list), NomFic: fmt.Sprintf("PESPJ_%02d_%d.xml", m, i+1)}
		for _, id := range strings.Fields(list) {
			id, content, _ := strings.Cut(id, "=")
			v.Pieces = append(v.Pieces, Piece{IdUnique: id, Genre: "PJ", SHA256: "h" + id + content, Octets: 10})
		}
		p.Volumes = append(p.Volumes, v)
	}
	return p
}

func record(t *testing.T, b *Book, p *Paye) int {
	t.Helper()
	if err := b.Prepare(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	n, err := b.Record(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func flux(t *testing.T, b *Book, nomFic string) *Flux {
	t.Helper()
	f, err := b.Flux(t.Context(), nomFic, "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func deposit(t *testing.T, b *Book, nomFic string) *Flux {
	t.Helper()
	f := flux(t, b, nomFic)
	if err := b.Begin(t.Context(), f, "s2low", Once); err != nil {
		t.Fatal(err)
	}
	if err := b.End(t.Context(), f, IssueDepose, "42", ""); err != nil {
		t.Fatal(err)
	}
	return f
}

// answer receives an acknowledgment; said is "ID:OK ID:KO ID:1984".
func answer(t *testing.T, b *Book, nomFic, day, said string) *Constat {
	t.Helper()
	verdicts := make(map[string]Verdict)
	var ids []string
	for _, one := range strings.Fields(said) {
		id, word, _ := strings.Cut(one, ":")
		ids = append(ids, id)
		verdicts[id] = map[string]Verdict{
			"OK":   {Etat: Acceptee},
			"KO":   {Etat: Refusee, Code: "ERREUR_PJ", Libelle: "1990 - extension"},
			"1984": {Etat: Refusee, Code: "ERREUR_DOUBLON_PJ", Libelle: "1984 - doublon", Doublon: true},
		}[word]
	}
	r := &Reponse{Recu: Recu{Fichier: "ack.xml", NomFic: nomFic, CodCol: "000", DteStr: day, Contenu: []byte(nomFic + day + said)},
		Ids: ids, Verdicts: func(_ *Flux, pieces []PieceAcquittee) (list []Verdict) {
			for _, p := range pieces {
				v, ok := verdicts[p.IdUnique]
				if !ok {
					v.Etat = SansReponse
				}
				list = append(list, v)
			}
			return list
		}}
	list, err := b.Receive(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// states is "ID etat, ID etat" of a flux, after its own state.
func states(t *testing.T, b *Book, nomFic string) string {
	t.Helper()
	f := flux(t, b, nomFic)
	list, err := b.Pieces(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	s := string(f.Etat) + ":"
	for _, p := range list {
		s += " " + p.IdUnique + " " + string(p.Etat)
	}
	return s
}

func wantStates(t *testing.T, b *Book, nomFic, want string) {
	t.Helper()
	if got := states(t, b, nomFic); got != want {
		t.Errorf("%s\n got %s\nwant %s", nomFic, got, want)
	}
}

var wantCode = anomalietest.WantCode

// sound fails when the book contradicts itself.
func sound(t *testing.T, b *Book) {
	t.Helper()
	absent := func(string) (int64, string, error) { return 0, "", fs.ErrNotExist }
	_, err := b.Check(t.Context(), absent, func(a *anomalie.Anomalie) {
		if a.Code != FichierAbsent && a.Code != VolumeDisparu {
			t.Error(a)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFluxGoesFromProducedToClosed(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A B C"))
		const first = "PESPJ_05_1.xml"
		wantStates(t, b, first, "produit: A produite B produite C produite")
		f := deposit(t, b, first)
		wantStates(t, b, first, "depose: A envoyee B envoyee C envoyee")
		if err := b.Follow(t.Context(), f, Transmis, "", "en cours"); err != nil {
			t.Fatal(err)
		}
		answer(t, b, first, "2026-05-29", "A:OK B:1984 C:KO")
		wantStates(t, b, first, "acquitte: A acceptee B refusee C refusee")

		f = flux(t, b, first)
		if err := b.AlreadyThere(t.Context(), f, []string{"B"}); err != nil {
			t.Fatal(err)
		}
		envoi, err := b.NextEnvoi(t.Context(), f, func(n int) (string, error) { return fmt.Sprintf("PESPJ_05_1_R%02d.xml", n), nil })
		if err != nil || envoi != 1 {
			t.Fatalf("resend %d, %v", envoi, err)
		}
		again := &Renvoi{NomFic: "PESPJ_05_1_R01.xml", Fichier: "/d/05/r", Octets: 9, SHA256: "r", Pieces: []Piece{{IdUnique: "C", Genre: "PJ", SHA256: "hC corrected"}}, De: map[string]string{"C": "C"}}
		if _, err := b.Resend(t.Context(), f, envoi, again); err != nil {
			t.Fatal(err)
		}
		wantStates(t, b, first, "acquitte: A acceptee B deja_la C reprise")
		if _, err := b.Resend(t.Context(), f, 2, again); err == nil {
			t.Error("a piece is sent again twice")
		}
		sound(t, b)
		deposit(t, b, "PESPJ_05_1_R01.xml")
		answer(t, b, "PESPJ_05_1_R01.xml", "2026-05-30", "C:OK")
		wantStates(t, b, "PESPJ_05_1_R01.xml", "clos: C acceptee")
		wantStates(t, b, first, "clos: A acceptee B deja_la C reprise")
		sound(t, b)
		lines, err := b.Status(t.Context(), Filtre{})
		if err != nil || lines[0].Pieces != lines[0].Acceptes {
			t.Errorf("%+v, %v: a piece that left twice counts twice", lines[0], err)
		}
		moves, err := b.History(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		var path []string
		for _, m := range moves {
			path = append(path, string(m.Vers))
		}
		if want := "produit en_envoi depose transmis acquitte clos"; strings.Join(path, " ") != want {
			t.Errorf("history %v, want %s", path, want)
		}
	})
}

func TestFluxLeavesOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A"))
		var wg sync.WaitGroup
		var mu sync.Mutex
		begun := 0
		for range 6 {
			wg.Go(func() {
				f, err := b.Flux(t.Context(), "PESPJ_05_1.xml", "")
				if err != nil {
					t.Error(err)
					return
				}
				if b.Begin(t.Context(), f, "tdt", Once) == nil {
					mu.Lock()
					begun++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if begun != 1 {
			t.Errorf("begun %d times", begun)
		}
		f := flux(t, b, "PESPJ_05_1.xml")
		wantCode(t, b.Begin(t.Context(), f, "tdt", Once), DejaParti)
		if err := b.Begin(t.Context(), f, "tdt", Resume); err != nil { // the process died
			t.Error(err)
		}
		if err := b.End(t.Context(), f, IssueIncertain, "", "time-out"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, b.Begin(t.Context(), f, "tdt", Once), DejaParti)
		wantStates(t, b, "PESPJ_05_1.xml", "incertain: A envoyee")
		answer(t, b, "PESPJ_05_1.xml", "2026-05-29", "A:OK") // proves that it arrived
		wantStates(t, b, "PESPJ_05_1.xml", "clos: A acceptee")
		wantCode(t, b.Begin(t.Context(), f, "tdt", Resume), DejaParti)
		sound(t, b)
	})
}

func TestNetworkFaultBeforeTheFirstByteLeavesItProduced(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A"))
		f := flux(t, b, "PESPJ_05_1.xml")
		if err := b.Begin(t.Context(), f, "tdt", Once); err != nil {
			t.Fatal(err)
		}
		if err := b.End(t.Context(), f, IssueNonParti, "", "connection refused"); err != nil {
			t.Fatal(err)
		}
		wantStates(t, b, f.NomFic, "produit: A produite")
		deposit(t, b, f.NomFic)
		sound(t, b)
	})
}

func TestDeliveryOfWhichNothingLeftIsReplaced(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		p := month(5, "A B", "C")
		if e := record(t, b, p); e != 1 {
			t.Errorf("edition %d, want 1", e)
		}
		if e := record(t, b, p); e != 1 { // told twice
			t.Errorf("told twice: edition %d, want 1", e)
		}
		if e := record(t, b, month(5, "A=corrected B C")); e != 1 {
			t.Errorf("replaced: edition %d, want 1", e)
		}
		_, err := b.Flux(t.Context(), "PESPJ_05_2.xml", "")
		wantCode(t, err, Inconnu)
		deposit(t, b, "PESPJ_05_1.xml")

		next := month(5, "D")
		next.Volumes[0].NomFic = "PESPJ_05_1_R01.xml"
		if e := record(t, b, next); e != 2 {
			t.Errorf("after a sending: edition %d, want 2", e)
		}
		wantStates(t, b, "PESPJ_05_1.xml", "depose: A envoyee B envoyee C envoyee")
		sound(t, b)
	})
}

func TestIdentifierOfAnotherContentIsRefusedWithItsPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A", "B"))
		other := month(6, "B=other")
		err := b.Prepare(t.Context(), other)
		wantCode(t, err, AutreContenu)
		var a *anomalie.Anomalie
		if errors.As(err, &a); !strings.Contains(a.Message(lang.English), "2026-05, volume 2, flux PESPJ_05_2.xml") {
			t.Errorf("the message does not say where: %s", a.Message(lang.English))
		}
		_, err = b.Record(t.Context(), other)
		wantCode(t, err, AutreContenu)
		record(t, b, month(6, "B")) // the same content
		// Another authority has identifiers of its own.
		elsewhere := month(6, "B=other")
		elsewhere.Siret, elsewhere.Volumes[0].NomFic = "11111111100011", "PESPJ_x.xml"
		record(t, b, elsewhere)
		sound(t, b)
	})
}

func TestRefusedPieceFreesItsIdentifier(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A B"))
		deposit(t, b, "PESPJ_05_1.xml")
		answer(t, b, "PESPJ_05_1.xml", "", "A:OK B:KO")
		record(t, b, month(6, "B=corrected"))
		wantCode(t, b.Prepare(t.Context(), month(7, "A=corrected")), AutreContenu)
		sound(t, b)
	})
}

func TestPieceThatIsThereNeedNotTravelAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A B C", "D"))
		deposit(t, b, "PESPJ_05_1.xml")
		answer(t, b, "PESPJ_05_1.xml", "", "A:OK B:KO")
		known, err := b.Known(t.Context(), siret, map[string]string{"A": "hA", "B": "hB", "C": "hC", "D": "hD", "E": "hE"})
		if err != nil || len(known) != 1 || known["A"].NomFic != "PESPJ_05_1.xml" || known["A"].Mois != 5 {
			t.Errorf("%+v, %v", known, err)
		}
		if known, _ := b.Known(t.Context(), siret, map[string]string{"A": "another"}); len(known) != 0 {
			t.Errorf("another content is said to be there: %+v", known)
		}
		// Made before the first one was accepted, and still to leave.
		record(t, b, month(6, "A F"))
		wantCode(t, b.Begin(t.Context(), flux(t, b, "PESPJ_06_1.xml"), "tdt", Once), PartieAilleurs)
	})
}

func TestStatusCountsWhatWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A", "B", "C"))
		deposit(t, b, "PESPJ_05_1.xml")
		deposit(t, b, "PESPJ_05_2.xml")
		answer(t, b, "PESPJ_05_1.xml", "", "A:OK")
		c.now = c.now.Add(Late - time.Minute)
		list, err := b.Status(t.Context(), Filtre{})
		if err != nil || len(list) != 1 || list[0].Waits() || list[0].Fluxes != 3 || list[0].Acceptes != 1 || list[0].Par[Depose] != 1 || list[0].Par[Produit] != 1 {
			t.Fatalf("%+v, %v", list[0], err)
		}
		c.now = c.now.Add(2 * time.Minute)
		if list, _ = b.Status(t.Context(), Filtre{Siret: siret, Annee: 2026, Mois: 5}); list[0].Late != 1 || !list[0].Waits() {
			t.Errorf("%+v: not late", list[0])
		}
		if list, _ = b.Status(t.Context(), Filtre{Mois: 6}); len(list) != 0 {
			t.Errorf("%d payrolls of June", len(list))
		}
		if n, err := b.Bytes(t.Context(), c.now.Add(-Late-time.Hour)); err != nil || n != 2000 {
			t.Errorf("%d bytes sent, %v, want 2000", n, err)
		}
	})
}

func TestCheckFindsWhatWasTamperedWith(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		record(t, b, month(5, "A"))
		var found []string
		_, err := b.Check(t.Context(), func(string) (int64, string, error) { return 1000, "another", nil }, func(a *anomalie.Anomalie) { found = append(found, a.Code) })
		if err != nil || !slices.Equal(found, []string{FichierChange}) {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestEndedContextChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, b *Book, c *clock) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.Record(ctx, month(5, "A")); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		_, err := b.Flux(t.Context(), "PESPJ_05_1.xml", "")
		wantCode(t, err, Inconnu)
	})
}

func TestCodesAreComplete(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}
