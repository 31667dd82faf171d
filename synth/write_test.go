package synth

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"paye/internal/refdata"
	"paye/internal/xmlw"
	"paye/xhl"
	"paye/xhl/check"
	"paye/xhl/run"
)

func journal(t testing.TB, r *Run) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.WriteXHL(context.Background(), &out, new(Progress)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func runJSONL(t testing.TB, r *Run) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.WriteJSONL(context.Background(), &out, new(Progress)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestOptionsDecideEveryByteAndCoresNone(t *testing.T) {
	for _, p := range []Profil{Ordinaire, Dense} {
		o := Options{Bulletins: 700, Seed: 11, Profil: p, Workers: 1}
		alone := generate(t, o)
		o.Workers = 7
		many := generate(t, o)
		if !bytes.Equal(journal(t, alone), journal(t, many)) || !bytes.Equal(runJSONL(t, alone), runJSONL(t, many)) {
			t.Errorf("%s: one worker and seven do not write the same", p)
		}
		o.Seed++
		if bytes.Equal(journal(t, alone), journal(t, generate(t, o))) {
			t.Errorf("%s: two seeds write the same", p)
		}
	}
}

func TestABulletinDependsOnItsRankOnly(t *testing.T) {
	r := generate(t, Options{Bulletins: 300, Seed: 4, Profil: Dense})
	var reused, fresh xhl.Bulletin
	r.Bulletin(299, &reused)
	for _, i := range []int{120, 7, 298, 0} {
		fresh = xhl.Bulletin{}
		r.Bulletin(i, &reused)
		r.Bulletin(i, &fresh)
		if got, want := run.AppendBulletinJSON(nil, &reused), run.AppendBulletinJSON(nil, &fresh); !bytes.Equal(got, want) {
			t.Errorf("bulletin %d differs after another:\ngot  %s\nwant %s", i, got, want)
		}
	}
}

func TestTheJournalIsTheRunEncoded(t *testing.T) {
	for _, p := range []Profil{Ordinaire, Dense} {
		r := generate(t, Options{Bulletins: 400, Seed: 9, Profil: p})
		want := journal(t, r)
		var got bytes.Buffer
		w := xhl.NewWriter(&got, r.writerOptions())
		for line, err := range run.NewRunReader(bytes.NewReader(runJSONL(t, r)), xhl.Options{}).Lines() {
			switch {
			case err != nil:
			case line.Entete != nil:
				err = w.WriteEntete(line.Entete)
			case line.Groupe:
				err = w.BeginGroupe(line.Etablissement)
			case line.Bulletin != nil:
				err = w.WriteBulletin(line.Bulletin)
			case line.Nomenclatures != nil:
				err = w.WriteNomenclatures(line.Nomenclatures)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: run.jsonl encoded is %d bytes, journal.xhl is %d and another", p, got.Len(), len(want))
		}
	}
}

func TestJournalsAreValidForTheOfficialSchemas(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	shared := refdata.Path(t)
	for _, c := range []struct {
		name, schema string
		o            Options
	}{
		{"ordinaire", "paye-1.4", Options{Bulletins: 600}},
		{"dense", "paye-1.4", Options{Bulletins: 600, Profil: Dense}},
		{"utf-8", "paye-1.4", Options{Bulletins: 60, Charset: xmlw.UTF8}},
		{"one bulletin", "paye-1.4", Options{Bulletins: 1, Pieces: 3}},
		{"older schema", "paye-1.2b", Options{Bulletins: 600, Version: xhl.V12b}},
		{"older schema dense", "paye-1.2b", Options{Bulletins: 100, Version: xhl.V12b, Profil: Dense, Mois: 12, Annee: 2010}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.xhl")
			if err := os.WriteFile(path, journal(t, generate(t, c.o)), 0o600); err != nil {
				t.Fatal(err)
			}
			schema := filepath.Join(shared, "data", "xhl", c.schema, "DocumentPaye.xsd")
			if out, err := exec.Command(xmllint, "--nonet", "--noout", "--stream", "--schema", schema, path).CombinedOutput(); err != nil {
				t.Errorf("xmllint: %v\n%.2000s", err, out)
			}
		})
	}
}

// The weights of the DGFiP note, in bytes a bulletin: 134 Mo and 5.1 Mo for
// 18,856 bulletins, 414 Mo and 70 Mo for 60,603.
func TestWeightsAreThoseOfTheNote(t *testing.T) {
	for _, c := range []struct {
		profil                   Profil
		low, high, gzLow, gzHigh int
	}{
		{Ordinaire, 6800, 7500, 260, 400},
		{Dense, 6830 * 97 / 100, 6830 * 103 / 100, 1155 * 90 / 100, 1155 * 110 / 100},
	} {
		const n = 3000
		r := generate(t, Options{Bulletins: n, Seed: 1, Profil: c.profil})
		raw := journal(t, r)
		var gz bytes.Buffer
		w, _ := gzip.NewWriterLevel(&gz, 6)
		w.Write(raw)
		w.Close()
		if got := len(raw) / n; got < c.low || got > c.high {
			t.Errorf("%s: %d bytes a bulletin, %d to %d wanted", c.profil, got, c.low, c.high)
		}
		if got := gz.Len() / n; got < c.gzLow || got > c.gzHigh {
			t.Errorf("%s: %d bytes a bulletin compressed, %d to %d wanted", c.profil, got, c.gzLow, c.gzHigh)
		}
	}
}

func TestReferencesAreThoseOfTheIndex(t *testing.T) {
	r := generate(t, Options{Bulletins: 500, Seed: 6, Pieces: 60})
	var index bytes.Buffer
	if err := r.WriteJustificatifs(&index, new(Progress)); err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(&index)
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(rows[0], ";"), "matricule;id_unique;fichier;nom;description;support"; got != want {
		t.Fatalf("header %s, want %s", got, want)
	}
	inIndex, ids := map[string]bool{}, map[string]int{}
	for _, row := range rows[1:] {
		ids[row[1]]++
		if row[0] != "*" {
			inIndex[strings.Join([]string{row[0], row[1], row[2], row[5]}, " ")] = true
		}
	}
	inBulletins := map[string]bool{}
	var b xhl.Bulletin
	for i := range r.Len() {
		r.Bulletin(i, &b)
		for _, ref := range b.PJRef {
			inBulletins[strings.Join([]string{b.Agent.Matricule, ref.IdUnique, ref.NomPJ.V, ref.Support}, " ")] = true
		}
	}
	for key := range inIndex {
		if !inBulletins[key] {
			t.Errorf("%s is in the index only", key)
		}
	}
	if len(inBulletins) != len(inIndex) || len(inIndex) == 0 {
		t.Errorf("%d references in the bulletins, %d in the index", len(inBulletins), len(inIndex))
	}
	if len(ids) != 60 {
		t.Errorf("%d IdUnique in the index, want 60", len(ids))
	}
}

func TestIndexAloneLeavesBulletinsWithoutReferences(t *testing.T) {
	r := generate(t, Options{Bulletins: 100, Pieces: 40, References: DansIndex})
	var b xhl.Bulletin
	for i := range r.Len() {
		if r.Bulletin(i, &b); len(b.PJRef) > 0 {
			t.Fatalf("bulletin %d has %d references", i, len(b.PJRef))
		}
	}
	if lines := bytes.Count(r.appendIndex(nil), []byte("\n")); lines < 41 {
		t.Errorf("the index has %d lines for 40 pieces", lines)
	}
}

func TestPiecesAreOfEveryKind(t *testing.T) {
	for _, o := range []Options{{Pieces: 1}, {Pieces: 2}, {Pieces: 6}, {Pieces: 12}, {Pieces: 300, Profil: Dense}, {Pieces: 1800}} {
		n := o.Pieces
		o.Bulletins = max(40, n*30)
		r := generate(t, o)
		well := regexp.MustCompile(`^[0-9A-Z]{1,50}$`)
		ids, files := map[string]bool{}, map[string]bool{}
		kinds := map[Portee]int{}
		contracts := 0
		var b xhl.Bulletin
		for _, p := range r.Pieces() {
			if !well.MatchString(p.IdUnique) || ids[p.IdUnique] || files[p.Fichier] {
				t.Errorf("IdUnique %s or file %s is ill-formed or comes twice", p.IdUnique, p.Fichier)
			}
			ids[p.IdUnique], files[p.Fichier] = true, true
			kinds[p.Portee]++
			if (p.Portee == Individuelle) != (len(p.Agents) == 1) || (p.Portee == Generale) != (len(p.Agents) == 0) || !slices.IsSorted(p.Agents) {
				t.Errorf("piece %s of scope %d concerns bulletins %v", p.IdUnique, p.Portee, p.Agents)
			}
			if p.Genre == Contrat {
				contracts++
				if r.Bulletin(p.Agents[0], &b); b.Agent.Statut == "TITULAIRE" {
					t.Errorf("titulaire %s has a contract", b.Agent.Matricule)
				}
			}
		}
		if len(r.Pieces()) != n || contracts != max(1, n/10) {
			t.Errorf("%d pieces, %d contracts for %d wanted", len(r.Pieces()), contracts, n)
		}
		if n >= 6 && (kinds[Generale] == 0 || kinds[Partagee] == 0 || kinds[Individuelle] == 0) {
			t.Errorf("%d pieces: scopes %v, all three are wanted", n, kinds)
		}
	}
}

func TestGroupesCoverTheBook(t *testing.T) {
	for _, o := range []Options{{Bulletins: 1}, {Bulletins: 2, Etablissements: 2}, {Bulletins: 6, Etablissements: 6}, {Bulletins: 41}, {Bulletins: 5000, Profil: Dense}} {
		r := generate(t, o)
		next := 0
		for _, g := range r.Groupes() {
			if g.Debut != next || g.Fin <= g.Debut {
				t.Errorf("%+v: groupe of bulletins %d to %d after %d", o, g.Debut, g.Fin, next)
			}
			next = g.Fin
		}
		if next != r.Len() {
			t.Errorf("%+v: groupes end at %d of %d", o, next, r.Len())
		}
		next = 0
		for _, s := range r.sections {
			if s.debut != next || s.fin <= s.debut {
				t.Errorf("%+v: section of bulletins %d to %d after %d", o, s.debut, s.fin, next)
			}
			next = s.fin
		}
	}
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	for name, o := range map[string]Options{
		"too many bulletins":          {Bulletins: MaxBulletins + 1},
		"negative bulletins":          {Bulletins: -1},
		"more places than agents":     {Bulletins: 2, Etablissements: 3},
		"too many établissements":     {Etablissements: 7},
		"negative établissements":     {Etablissements: -1},
		"thirteenth month":            {Mois: 13},
		"year before the schema":      {Annee: 1999},
		"three pieces an agent":       {Bulletins: 10, Pieces: 30},
		"profile that does not exist": {Profil: 9},
		"references of no kind":       {References: 9},
	} {
		if _, err := Generate(o); !errors.Is(err, ErrOptions) {
			t.Errorf("%s: %v, want ErrOptions", name, err)
		}
	}
	if _, err := ParseProfil("epais"); err == nil {
		t.Error("an unknown profile is accepted")
	}
}

// stopping fails or cancels after some bytes.
type stopping struct {
	left int
	stop func() error
}

func (s *stopping) Write(p []byte) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, s.stop()
	}
	return len(p), nil
}

func TestWritingStopsWhenItIsTold(t *testing.T) {
	full := errors.New("disk full")
	r := generate(t, Options{Bulletins: 3000})
	for name, write := range map[string]func(context.Context, io.Writer, *Progress) error{"xhl": r.WriteXHL, "jsonl": r.WriteJSONL} {
		if err := write(context.Background(), &stopping{1 << 20, func() error { return full }}, new(Progress)); !errors.Is(err, full) {
			t.Errorf("%s on a full disk: %v", name, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		err := write(ctx, &stopping{1 << 20, func() error { cancel(); return ctx.Err() }}, new(Progress))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s cancelled: %v", name, err)
		}
		if err := write(ctx, io.Discard, new(Progress)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s cancelled before it began: %v", name, err)
		}
	}
}

func TestProgressCountsBulletinsAndBytes(t *testing.T) {
	r := generate(t, Options{Bulletins: 300})
	var s Progress
	var out bytes.Buffer
	if err := r.WriteXHL(context.Background(), &out, &s); err != nil {
		t.Fatal(err)
	}
	if s.Bulletins.Load() != 300 || s.Octets.Load() != int64(out.Len()) {
		t.Errorf("%d bulletins and %d bytes counted, want 300 and %d", s.Bulletins.Load(), s.Octets.Load(), out.Len())
	}
}

func TestTheCheckerOfJournalsFindsNothingToSay(t *testing.T) {
	for _, o := range []Options{{Bulletins: 1500}, {Bulletins: 1500, Profil: Dense}, {Bulletins: 300, Version: xhl.V12b}} {
		raw := journal(t, generate(t, o))
		_, err := check.Journal(context.Background(), bytes.NewReader(raw), check.Options{Anomalie: func(a *xhl.Anomalie) {
			t.Errorf("%s, schema %s: %v", o.Profil, o.Version, a)
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}
