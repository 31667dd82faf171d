package send_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/pespj"
)

const siret = "21967564200017"

// clock is a clock that tests move.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// world is a book with fluxes whose files are there.
type world struct {
	t      *testing.T
	at     string
	book   *fluxbook.Book
	clock  *clock
	dir    string
	nomFic string // of the flux that a test is about
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, at: t.TempDir(), clock: &clock{time.Date(2026, 5, 28, 9, 0, 0, 0, time.UTC)}, dir: t.TempDir()}
	w.open()
	t.Cleanup(func() { w.book.Close() })
	return w
}

// open opens the book, as a process that starts does.
func (w *world) open() {
	w.t.Helper()
	if w.book != nil {
		w.book.Close()
	}
	var err error
	if w.book, err = fluxbook.Open(w.t.Context(), w.at, "alice", w.clock.Now); err != nil {
		w.t.Fatal(err)
	}
}

// produce writes a flux of pieces and records it, and returns its NomFic. A
// piece is its IdUnique; "P…" is a payroll.
func (w *world) produce(month int, ids ...string) string {
	w.t.Helper()
	nomFic := fmt.Sprintf("PESPJ_%s_2026%02d_0001_ABCDEFGHIJKL.xml", siret, month)
	text, pieces := writeFlux(w.t, nomFic, ids...)
	dir := filepath.Join(w.dir, fmt.Sprint(month))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "volume-01.xml"), text, 0o600); err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	p := &fluxbook.Paye{Key: fluxbook.Key{Siret: siret, CodCol: "123", CodBud: "00", Annee: 2026, Mois: month}, Packaging: "pieces", Dossier: dir,
		Volumes: []fluxbook.Volume{{N: 1, Fichier: "volume-01.xml", Octets: int64(len(text)), SHA256: hex.EncodeToString(sum[:]), NomFic: nomFic, Pieces: pieces}}}
	if _, err := w.book.Record(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
	return nomFic
}

func writeFlux(t testing.TB, nomFic string, ids ...string) ([]byte, []fluxbook.Piece) {
	t.Helper()
	flux := &pespj.Flux{NomFic: nomFic, EmetteurSigle: "XHL", EmetteurAdresse: "xhl", DteStr: "2026-05-28", IdPost: "006111", IdColl: siret, CodCol: "123", CodBud: "00"}
	var out bytes.Buffer
	w, err := pespj.NewWriter(&out, flux)
	if err != nil {
		t.Fatal(err)
	}
	var pieces []fluxbook.Piece
	for _, id := range ids {
		content := []byte("%PDF-1.4 " + id)
		sum := sha256.Sum256(content)
		kind, genre := "003", pespj.GenrePJ
		if strings.HasPrefix(id, "P") {
			kind, genre = "004", pespj.GenrePaye
		}
		pj := &pespj.PJ{IdUnique: id, NomPJ: id + ".pdf", TypePJ: kind, Description: "piece " + id, MIMEType: "application/pdf",
			RefCompta: []pespj.RefCompta{{Domaine: "01", Exercice: "2026", TypeObjet: "01", Identifiant: "1204"}},
			Gzip:      compress.StoredGzipSize(int64(len(content))), Contenu: func(w io.Writer) error {
				gz := compress.NewStoredGzip(w)
				if _, err := gz.Write(content); err != nil {
					return err
				}
				return gz.Close()
			}}
		if err := w.WritePJ(pj); err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, fluxbook.Piece{IdUnique: id, Genre: genre, SHA256: hex.EncodeToString(sum[:]), Octets: int64(len(content))})
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), pieces
}

func (w *world) flux(nomFic string) *fluxbook.Flux {
	w.t.Helper()
	f, err := w.book.Flux(w.t.Context(), nomFic, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// file is the content of a flux.
func (w *world) file(nomFic string) []byte {
	w.t.Helper()
	text, err := os.ReadFile(w.flux(nomFic).Fichier)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// states is the state of a flux and of its pieces.
func (w *world) states(nomFic string) string {
	w.t.Helper()
	f := w.flux(nomFic)
	list, err := w.book.Pieces(w.t.Context(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	s := string(f.Etat) + ":"
	for _, p := range list {
		s += " " + p.IdUnique + " " + string(p.Etat)
	}
	return s
}

func (w *world) want(nomFic, want string) {
	w.t.Helper()
	if got := w.states(nomFic); got != want {
		w.t.Errorf("%s\n got %s\nwant %s", nomFic, got, want)
	}
}

// sound holds the book against itself and the files.
func (w *world) sound() {
	w.t.Helper()
	_, err := w.book.Check(w.t.Context(), FileDigest, func(a *anomalie.Anomalie) {
		if a.Gravite == anomalie.Erreur {
			w.t.Error(a)
		}
	})
	if err != nil {
		w.t.Error(err)
	}
}

func (w *world) sender(tdt Tdt) *Sender {
	return &Sender{Book: w.book, Tdt: tdt, Sleep: func(context.Context, time.Duration) error { return nil }}
}

// deposit hands over everything that is in the state that again is for.
func (w *world) deposit(s *Sender, again fluxbook.Again) []*Departure {
	w.t.Helper()
	states := []fluxbook.Etat{fluxbook.Produit}
	if again == fluxbook.Resume {
		states = []fluxbook.Etat{fluxbook.EnEnvoi, fluxbook.Incertain}
	}
	list, err := w.book.In(w.t.Context(), states...)
	if err != nil {
		w.t.Fatal(err)
	}
	var gone []*Departure
	err = s.Deposit(w.t.Context(), list, again, func(d *Departure) error { gone = append(gone, d); return nil })
	if err != nil {
		w.t.Fatal(err)
	}
	return gone
}

func (w *world) follow(s *Sender) []*Followed {
	w.t.Helper()
	var list []*Followed
	if err := s.Follow(w.t.Context(), func(f *Followed) error { list = append(list, f); return nil }); err != nil {
		w.t.Fatal(err)
	}
	return list
}

func s2low(t *testing.T, p *sendtest.S2low) *S2low {
	t.Helper()
	s, err := NewS2low(S2lowOptions{Address: p.URL, Certificate: p.Certificate, Key: p.Key, Authority: p.Authority})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var wantCode = anomalietest.WantCode
