package send_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "paye/app/send"
	"paye/app/send/sendtest"
	"paye/internal/fluxbook"
	"paye/internal/refdata"
	"paye/pespj"
)

func acquit(t *testing.T, w *world, paths ...string) []*Lecture {
	t.Helper()
	var list []*Lecture
	if _, err := Acquit(t.Context(), &fluxbook.LateBook{Book: w.book}, paths, func(l *Lecture) error { list = append(list, l); return nil }); err != nil {
		t.Fatal(err)
	}
	return list
}

// The shapes that the platforms let through: other roots, labels that lie, no
// CodCol, no namespace, attributes on the next line, words for booleans.
func TestAcquittalsOfEveryShapeAreApplied(t *testing.T) {
	const name = "PESPJ_21967564200017_202605_0001_ABCDEFGHIJKL.xml"
	element := func(id, etat, more string) string {
		return `<ElementACQUIT><DomaineAck V="4"/><EtatAck V="` + etat + `"/><IdUnique V="` + id + `"/>` + more + `</ElementACQUIT>`
	}
	envelope := `<Enveloppe><Parametres><Version V="2"/><TypFic V="X"/><NomFic V="` + name + `"/></Parametres></Enveloppe>`
	ko := `<Erreur><NumAnoAck V="ERREUR_DOUBLON_PJ"/><LibelleAnoAck V="1984 - déjà là"/></Erreur>`
	for _, c := range []struct{ name, text, want string }{
		{"old root PES_ACK", `<PES_ACK>` + envelope + `<ACQUIT>` + element("P1", "1", "") + element("A", "0", ko) + `</ACQUIT></PES_ACK>`, "acquitte: P1 acceptee A refusee"},
		{"pes_nonacquit", `<pes_nonacquit>` + envelope + `<Erreur><NumAnoAck V="ERREUR_ENCODING"/></Erreur></pes_nonacquit>`, "refuse: P1 refusee A refusee"},
		{"true and false", `<PES_ACQUIT>` + envelope + `<ACQUIT>` + element("P1", "true", "") + element("A", "false", ko) + `</ACQUIT></PES_ACQUIT>`, "acquitte: P1 acceptee A refusee"},
		{"UTF-8 under a Latin-1 label", `<?xml version="1.0" encoding="ISO-8859-1"?><PES_ACQUIT>` + envelope + `<ACQUIT>` + element("P1", "1", "") + element("A", "0", ko) + `</ACQUIT></PES_ACQUIT>`, "acquitte: P1 acceptee A refusee"},
		{"attribute on the next line", `<PES_ACQUIT>` + strings.ReplaceAll(envelope, ` V=`, "\n  V=") + `<ACQUIT>` + strings.ReplaceAll(element("P1", "1", "")+element("A", "1", ""), ` V=`, "\n\tV=") + `</ACQUIT></PES_ACQUIT>`, "clos: P1 acceptee A acceptee"},
		{"state that cannot be read", `<PES_ACQUIT>` + envelope + `<ACQUIT>` + element("P1", "1", "") + element("A", "peut-être", "") + `</ACQUIT></PES_ACQUIT>`, "acquitte: P1 acceptee A sans_reponse"},
		{"no element", `<PES_ACQUIT>` + envelope + `<ACQUIT></ACQUIT></PES_ACQUIT>`, "acquitte: P1 sans_reponse A sans_reponse"},
		{"a piece that we did not send", `<PES_ACQUIT>` + envelope + `<ACQUIT>` + element("P1", "1", "") + element("A", "1", "") + element("Z", "0", ko) + `</ACQUIT></PES_ACQUIT>`, "clos: P1 acceptee A acceptee"},
		{"KO of a domain of parameters", `<PES_ACQUIT>` + envelope + `<ACQUIT><ElementACQUIT><DomaineAck V="99"/><EtatAck V="0"/></ElementACQUIT></ACQUIT></PES_ACQUIT>`, "refuse: P1 refusee A refusee"},
		{"no NomFic", `<PES_ACQUIT><ACQUIT>` + element("P1", "1", "") + element("A", "1", "") + `</ACQUIT></PES_ACQUIT>`, "clos: P1 acceptee A acceptee"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if got := w.produce(5, "P1", "A"); got != name {
				t.Fatal(got)
			}
			w.deposit(w.sender(NewFolder(t.TempDir(), "")), fluxbook.Once)
			path := filepath.Join(t.TempDir(), "ack.xml")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			acquit(t, w, path)
			w.want(name, c.want)
			w.sound()
		})
	}
}

// The public samples are answers to other people's fluxes. Given a flux of
// their names and pieces, they are read piece by piece.
func TestPublicSamplesAreReadPieceByPiece(t *testing.T) {
	samples, err := filepath.Glob(filepath.Join(refdata.Dir(t), "data", "pes", "samples", "*[aA][cC]*[kKqQ]*.xml"))
	if err != nil || len(samples) == 0 {
		t.Skip("the reference data is not there")
	}
	for _, sample := range samples {
		in, err := os.Open(sample)
		if err != nil {
			t.Fatal(err)
		}
		a, err := pespj.ReadAcquit(in, pespj.ReaderOptions{})
		in.Close()
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(sample), err)
			continue
		}
		said := make(map[string]fluxbook.EtatPiece)
		var pieces []fluxbook.Piece
		for _, e := range a.Elements {
			if e.IdUnique == "" {
				continue
			}
			if _, twice := said[e.IdUnique]; !twice {
				pieces = append(pieces, fluxbook.Piece{IdUnique: e.IdUnique, Genre: pespj.GenrePJ, SHA256: e.IdUnique})
			}
			state := fluxbook.Acceptee
			if e.Etat == pespj.Rejete {
				state = fluxbook.Refusee
			}
			if said[e.IdUnique] != fluxbook.Refusee {
				said[e.IdUnique] = state
			}
		}
		if len(pieces) == 0 {
			t.Errorf("%s names no piece", filepath.Base(sample))
		}
		w := newWorld(t)
		p := &fluxbook.Paye{Key: fluxbook.Key{Siret: siret, CodCol: "123", CodBud: "00", Annee: 2019, Mois: 1}, Dossier: w.dir,
			Volumes: []fluxbook.Volume{{N: 1, Fichier: "f.xml", NomFic: a.Flux.NomFic, Pieces: pieces}}}
		if _, err := w.book.Record(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		list := acquit(t, w, sample)
		if len(list) != 1 || list[0].Constat.Flux == nil {
			t.Errorf("%s is not matched", filepath.Base(sample))
			continue
		}
		for _, got := range list[0].Constat.Pieces {
			if got.Etat != said[got.IdUnique] {
				t.Errorf("%s: %s is %s, want %s", filepath.Base(sample), got.IdUnique, got.Etat, said[got.IdUnique])
			}
			if got.Etat == fluxbook.Refusee && got.Code == "" {
				t.Errorf("%s: %s is refused without a cause", filepath.Base(sample), got.IdUnique)
			}
		}
	}
}

func TestACutAcquittalOfAFolderIsTold(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	text, _ := writeFlux(t, "F.xml", "A1")
	ack := sendtest.Acquit(t, text, "2026-05-29", nil)
	for name, content := range map[string][]byte{"cut.xml": ack[:len(ack)/2], "note.txt": []byte("bonjour")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := acquit(t, w, dir)
	if len(got) != 1 || got[0].Faute == nil || filepath.Base(got[0].Fichier) != "cut.xml" {
		t.Errorf("told of %+v, want of cut.xml alone", got)
	}
}

func TestFolderOfManyAcquittalsIsReadOnce(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	const n = 450 // more than two transactions
	for i := range n {
		name := fmt.Sprintf("F%d.xml", i)
		p := &fluxbook.Paye{Key: fluxbook.Key{Siret: fmt.Sprintf("%014d", i), CodCol: "123", CodBud: "00", Annee: 2026, Mois: 5}, Dossier: w.dir,
			Volumes: []fluxbook.Volume{{N: 1, Fichier: name, NomFic: name, Pieces: []fluxbook.Piece{{IdUnique: fmt.Sprintf("A%d", i), Genre: "PJ", SHA256: "x"}}}}}
		if _, err := w.book.Record(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		text, _ := writeFlux(t, name, fmt.Sprintf("A%d", i))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("ack-%04d.xml", i)), sendtest.Acquit(t, text, "2026-05-29", nil), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(acquit(t, w, dir)); got != n {
		t.Errorf("%d read, want %d", got, n)
	}
	if got := len(acquit(t, w, dir)); got != 0 {
		t.Errorf("%d read again", got)
	}
	closed, err := w.book.In(t.Context(), fluxbook.Clos)
	if err != nil || len(closed) != n {
		t.Errorf("%d closed, %v", len(closed), err)
	}
}

func TestClockThatGoesBackLosesNothing(t *testing.T) {
	w := newWorld(t)
	name := w.produce(5, "P1")
	w.deposit(w.sender(NewFolder(t.TempDir(), "")), fluxbook.Once)
	w.clock.now = w.clock.now.AddDate(-1, 0, 0)
	if list, err := w.book.Status(t.Context(), fluxbook.Filtre{}); err != nil || list[0].Late != 0 {
		t.Errorf("late before it was sent: %+v, %v", list[0], err)
	}
	if _, err := AcquitBytes(t.Context(), w.book, "a", sendtest.Acquit(t, w.file(name), "2026-05-29", nil)); err != nil {
		t.Fatal(err)
	}
	w.want(name, "clos: P1 acceptee")
	w.sound()
}
