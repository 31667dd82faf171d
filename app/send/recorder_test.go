package send_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"paye/app/build"
	. "paye/app/send"
	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/pespj"
)

// dying is a recorder whose process ends at a call.
type dying struct {
	Recorder
	at string
}

func (d *dying) Prepare(ctx context.Context, a *build.Account) ([]byte, error) {
	if d.at == "before it prepares" {
		return nil, errDied
	}
	note, err := d.Recorder.Prepare(ctx, a)
	if d.at == "after it prepared" {
		return nil, errDied
	}
	return note, err
}

func (d *dying) Published(note []byte) error {
	if d.at == "before it records" {
		return errDied
	}
	err := d.Recorder.Published(note)
	if d.at == "after it recorded" {
		return errDied
	}
	return err
}

func example(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "testdata", "exemple"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func deliver(t *testing.T, r build.Recorder, m build.Memory, out string) error {
	t.Helper()
	return watched(t, r, m, out, nil)
}

// delivered is what a delivery that succeeds told, by code.
func delivered(t *testing.T, r *Recorder, out string) (told []string) {
	t.Helper()
	if err := watched(t, r, r, out, func(a *anomalie.Anomalie) { told = append(told, a.Code) }); err != nil {
		t.Fatal(err)
	}
	return told
}

func watched(t *testing.T, r build.Recorder, m build.Memory, out string, tell func(*anomalie.Anomalie)) error {
	t.Helper()
	job, err := build.Prepare(t.Context(), build.Request{Entree: example(t), Sortie: out, Limit: 2_000_000, Packaging: build.EnPieces, Date: time.Date(2026, 5, 28, 0, 0, 0, 0, time.UTC),
		Flux: pespj.Flux{EmetteurSigle: "XHL", EmetteurAdresse: "xhl", IdPost: "006111", CodCol: "123", CodBud: "00"}},
		build.Watch{Recorder: r, Memory: m, Spool: t.TempDir(), Anomalie: tell})
	if err != nil {
		t.Fatal(err)
	}
	defer job.Close()
	_, err = job.Write(t.Context())
	return err
}

// A delivery is in its folder and in the book, or in neither, once the next
// command has run there.
func TestBuildThatDiesAtAnyStepAgreesWithTheBook(t *testing.T) {
	for _, at := range []string{"before it prepares", "after it prepared", "before it records", "after it recorded"} {
		t.Run(at, func(t *testing.T) {
			w := newWorld(t)
			out := filepath.Join(w.dir, "out")
			recorder := Recorder{Book: w.book, CodCol: "123", CodBud: "00"}
			d := &dying{recorder, at}
			if err := deliver(t, d, d, out); !errors.Is(err, errDied) {
				t.Fatalf("got %v", err)
			}
			w.open()
			recorder.Book = w.book
			if err := deliver(t, &recorder, &recorder, out); err != nil {
				t.Fatal(err)
			}
			list, err := w.book.List(t.Context(), fluxbook.Filtre{})
			if err != nil || len(list) != 1 || list[0].Etat != fluxbook.Produit {
				t.Errorf("%d fluxes, %v", len(list), err)
			}
			w.sound()
		})
	}
}

// What the book refuses after the files were in place blocks no later build: a
// folder whose build was killed before it was recorded, while the same payroll
// was made and sent from elsewhere.
func TestDeliveryThatTheBookRefusesLaterIsSetAside(t *testing.T) {
	w := newWorld(t)
	here, elsewhere := filepath.Join(w.dir, "here"), filepath.Join(w.dir, "elsewhere")
	r := &Recorder{Book: w.book, CodCol: "123", CodBud: "00"}
	killed := &dying{*r, "before it records"}
	if err := deliver(t, killed, killed, here); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	orphan, err := os.ReadFile(filepath.Join(here, "volume-01.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := deliver(t, r, r, elsewhere); err != nil {
		t.Fatal(err)
	}
	box := t.TempDir()
	w.deposit(w.sender(NewFolder(box, "")), fluxbook.Once)
	for _, refused := range []bool{true, false} { // once it is settled, it is
		if told := delivered(t, r, here); slices.Contains(told, build.LivraisonRefusee) != refused {
			t.Errorf("told %q", told)
		}
	}
	kept, err := os.ReadFile(filepath.Join(here, "non-inscrit-1", "volume-01.xml"))
	if err != nil || string(kept) != string(orphan) {
		t.Errorf("what was seen in the folder is not kept: %v", err)
	}
	w.deposit(w.sender(NewFolder(box, "")), fluxbook.Once)
	if list, err := w.book.List(t.Context(), fluxbook.Filtre{}); err != nil || len(list) != 2 || list[0].NomFic == list[1].NomFic {
		t.Errorf("%d fluxes, %v", len(list), err)
	}
	w.sound()
}

func TestSameBuildTwiceIsOneDelivery(t *testing.T) {
	w := newWorld(t)
	out := filepath.Join(w.dir, "out")
	r := &Recorder{Book: w.book, CodCol: "123", CodBud: "00"}
	var texts []string
	for range 2 {
		if err := deliver(t, r, r, out); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(out, "volume-01.xml"))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("the same input gives other bytes")
	}
	if list, err := w.book.List(t.Context(), fluxbook.Filtre{}); err != nil || len(list) != 1 {
		t.Errorf("%d fluxes, %v", len(list), err)
	}
	w.sound()
}
