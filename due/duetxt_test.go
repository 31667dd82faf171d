package due

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

func TestTextRoundTrip(t *testing.T) {
	l := lot(t, 5)
	l.Groupes[0].Employeur.Designation, l.Groupes[0].Employeur.Complement = "CENTRE COMMUNAL D'ACTION SOCIALE", "DE SAINT-EXEMPLE"
	l.Groupes[0].Hires[1].NIR, l.Groupes[0].Hires[1].CleNIR, l.Groupes[0].Hires[1].EtatNIR = "", "", NIRAbsent
	l.Groupes[0].Hires[2].Essai, l.Groupes[0].Hires[2].Nature, l.Groupes[0].Hires[2].DateFin = -1, CDI, Date{}
	l.Groupes[0].Hires[3].Essai, l.Groupes[0].Hires[3].Tardive = 0, true
	first := texte(t, l)
	back, err := ReadTexte(bytes.NewReader(first), "dpae.txt")
	if err != nil {
		t.Fatal(err)
	}
	if second := texte(t, back); !bytes.Equal(first, second) {
		t.Errorf("first\n%s\nsecond\n%s", first, second)
	}
	if got := back.Groupes[0].Employeur; got != l.Groupes[0].Employeur {
		t.Errorf("employer %+v, want %+v", got, l.Groupes[0].Employeur)
	}
	for i, got := range back.Groupes[0].Hires {
		want := l.Groupes[0].Hires[i]
		want.Matricule, want.Contrat = "", ""
		if got != want {
			t.Errorf("hire %d differs: %d %q %v, want %d %q %v", i, got.Essai, got.NIR.Reveal(), got.DateFin, want.Essai, want.NIR.Reveal(), want.DateFin)
		}
	}
}

// TestEveryPositionOfTheText reads the records by positions that are written
// here again, from the specification, not from the table of the writer.
func TestEveryPositionOfTheText(t *testing.T) {
	l := lot(t, 1)
	l.Groupes[0].Employeur.Adresse2 = "BP 13"
	text := texte(t, l)
	lines := strings.Split(string(text), "\r\n")
	if len(lines) != 5 || lines[4] != "" {
		t.Fatalf("%d lines", len(lines))
	}
	pad := func(s string, n int) string { return s + strings.Repeat(" ", n-len(s)) }
	sum := sha256.Sum256(text[:3*258])
	nir := jeanne().NIR[:11] + "10"
	for i, parts := range [][]string{
		{"01", "000001", "DUETXT01", "T", "23112026", "090000", pad("L20261123-0001", 20), "P", "01122026", "01122026", pad("", 10)},
		{"10", "000002", pad("COMMUNE D'EXEMPLE", 64), siret, "737", "8411Z", pad("1 PLACE DE LA MAIRIE", 32), pad("BP 13", 32),
			"31000", pad("TOULOUSE", 27), pad("0500000000", 11), "000001"},
		{"20", "000003", pad("00074-C2026-001", 20), pad("DURAND", 32), pad("MARTIN", 32), pad("JEANNE", 32), "F", nir, nirKey(nir),
			"12081985", pad("CAEN", 24), "14", "01122026", "0830", "1", "31082027", "030", pad("MT348", 10), " ", " "},
		{"99", "000004", "000001", "000001", "000004", hex.EncodeToString(sum[:]), "T"},
	} {
		if got, want := lines[i], pad(strings.Join(parts, ""), 256); got != want {
			t.Errorf("record %d\ngot  %q\nwant %q", i+1, got, want)
		}
	}
}

func TestAnyByteThatChangesIsSeen(t *testing.T) {
	good := texte(t, lot(t, 2))
	rng := rand.New(rand.NewPCG(3, 3))
	for at := range good {
		bad := bytes.Clone(good)
		bad[at] = byte(0x20 + (int(bad[at])-0x20+1+rng.IntN(93))%95)
		if good[at] == '\r' && bad[at] == ' ' {
			continue // 257 bytes are refused too, see the widths
		}
		if _, err := ReadTexte(bytes.NewReader(bad), "f"); err == nil {
			t.Fatalf("byte %d changed from %q to %q is accepted", at, good[at], bad[at])
		}
	}
}

// resigned changes text before its control record and computes the digest
// again, so that only the change itself is wrong.
func resigned(text []byte, control int, change func([]byte)) []byte {
	bad := bytes.Clone(text)
	change(bad)
	last := len(bad) - 258
	sum := sha256.Sum256(bad[:last])
	copy(bad[last+control-1:], hex.EncodeToString(sum[:]))
	return bad
}

func TestTextRefusals(t *testing.T) {
	good := texte(t, lot(t, 2))
	// at writes s at position pos of record rec.
	at := func(rec, pos int, s string) func([]byte) {
		return func(b []byte) { copy(b[(rec-1)*258+pos-1:], s) }
	}
	cut := func(n int) []byte { return good[:n] }
	for _, c := range []struct {
		name, code string
		text       []byte
	}{
		{"empty", "DUE-T01", nil},
		{"another file", "DUE-T02", []byte("hello\r\n")},
		{"another version", "DUE-T01", resigned(good, 27, at(1, 9, "DUETXT02"))},
		{"short record", "DUE-T02", append(bytes.Clone(cut(100)), "\r\n"...)},
		{"cut inside", "DUE-T02", cut(700)},
		{"cut between records", "DUE-T08", cut(3 * 258)},
		{"unknown type", "DUE-T03", resigned(good, 27, at(3, 1, "21"))},
		{"control character", "DUE-T04", resigned(good, 27, at(3, 29, "\x07"))},
		{"not ASCII", "DUE-T04", resigned(good, 27, at(3, 29, "\xc9"))},
		{"wrong number", "DUE-T05", resigned(good, 27, at(3, 3, "000009"))},
		{"filler is not blank", "DUE-T06", resigned(good, 27, at(3, 211, "X"))},
		{"no such day", "DUE-T07", resigned(good, 27, at(3, 175, "31112026"))},
		{"no such hour", "DUE-T07", resigned(good, 27, at(3, 183, "2460"))},
		{"no such nature", "DUE-T07", resigned(good, 27, at(3, 187, "4"))},
		{"no sex", "DUE-T07", resigned(good, 27, at(3, 125, " "))},
		{"not left-aligned", "DUE-T07", resigned(good, 27, at(3, 29, " DURAND"))},
		{"NIR without key", "DUE-T07", resigned(good, 27, at(3, 139, "  "))},
		{"count of the employer", "DUE-T03", resigned(good, 27, at(2, 202, "000001"))},
		{"count of hires", "DUE-T09", resigned(good, 27, at(5, 15, "000003"))},
		{"count of employers", "DUE-T09", resigned(good, 27, at(5, 9, "000002"))},
		{"count of records", "DUE-T09", resigned(good, 27, at(5, 21, "000004"))},
		{"digest", "DUE-T10", func() []byte { b := bytes.Clone(good); at(3, 29, "X")(b); return b }()},
		{"mode of the control", "DUE-T11", resigned(good, 27, at(5, 91, "R"))},
		{"something after", "DUE-T12", append(bytes.Clone(good), good[:258]...)},
	} {
		l, err := ReadTexte(bytes.NewReader(c.text), "dpae.txt")
		a, ok := err.(*anomalie.Anomalie)
		if !ok || a.Code != c.code || l != nil && c.code != "DUE-T09" && c.code != "DUE-T10" && c.code != "DUE-T11" && c.code != "DUE-T12" {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
	}
}

func TestLineFeedAloneIsAccepted(t *testing.T) {
	unix := bytes.ReplaceAll(texte(t, lot(t, 2)), []byte("\r\n"), []byte("\n"))
	if _, err := ReadTexte(bytes.NewReader(unix), "f"); err != nil {
		t.Error(err)
	}
}

func TestTooManyCharactersForAZoneAreNeverCut(t *testing.T) {
	l := lot(t, 1)
	l.ID = strings.Repeat("X", 21)
	if err := WriteTexte(new(bytes.Buffer), l); err == nil {
		t.Error("21 characters are accepted in 20")
	}
}

func TestZonesOfALayoutNeitherOverlapNorOverflow(t *testing.T) {
	for _, g := range []gabarit{GabaritTexte, GabaritAR} {
		for kind, zones := range g {
			at := zoneSequence.Fin
			for _, z := range zones {
				if z.Debut <= at || z.Fin < z.Debut || z.Fin > largeurFixe {
					t.Errorf("record %s: zone %s %d-%d after %d", kind, z.Nom, z.Debut, z.Fin, at)
				}
				at = z.Fin
			}
			if kind == "20" && at != 210 {
				t.Errorf("record 20 ends at %d", at)
			}
		}
	}
}

// ar answers every hire of l with E, with changes.
func ar(l *Lot, change func(*AR)) *AR {
	a := &AR{Lot: l.ID, Indicateur: l.Indicateur, Date: monday, Niveau: 3, Accepte: true, Code: "00"}
	for i, d := range l.Groupes[0].Hires {
		a.Reponses = append(a.Reponses, Reponse{Numero: i + 3, Cle: d.Cle, Statut: StatutEnregistree, Code: "00",
			Reference: "REF" + strconv.Itoa(i), Date: Date{2026, 11, 23}, Heure: Heure{10, 5, true}})
	}
	if change != nil {
		change(a)
	}
	return a
}

func arBytes(t *testing.T, a *AR) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := WriteAR(&buf, a); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestARRoundTrip(t *testing.T) {
	want := ar(lot(t, 3), func(a *AR) {
		a.Reponses[1] = Reponse{Numero: 4, Cle: a.Reponses[1].Cle, Statut: StatutErreur, Code: "12", Champ: 6, Texte: "Numero de securite sociale invalide"}
		a.Reponses[2] = Reponse{Numero: 5, Cle: a.Reponses[2].Cle, Statut: StatutAttente}
	})
	got, err := ReadAR(bytes.NewReader(arBytes(t, want)), "dpae.txt")
	if err != nil {
		t.Fatal(err)
	}
	got.Date = got.Date.UTC()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if champ := got.Reponses[1].NomChamp(); champ != ChampNIR {
		t.Errorf("zone 6 is %s, want %s", champ, ChampNIR)
	}
}

func TestARPositions(t *testing.T) {
	text := string(arBytes(t, ar(lot(t, 1), func(a *AR) { a.Texte = "FICHIER ACCEPTE" })))
	for _, c := range []struct {
		from, to int
		want     string
	}{
		{1, 8, "51000001"}, {9, 16, "DUEAR001"}, {17, 17, "T"}, {18, 31, "23112026090000"}, {32, 45, "L20261123-0001"},
		{52, 53, "3A"}, {54, 55, "00"}, {62, 76, "FICHIER ACCEPTE"},
		{258 + 1, 258 + 8, "60000002"}, {258 + 9, 258 + 14, "000003"}, {258 + 15, 258 + 29, "00074-C2026-001"}, {258 + 35, 258 + 37, "E00"},
		{258 + 44, 258 + 47, "REF0"}, {258 + 64, 258 + 75, "231120261005"}, {258 + 76, 258 + 78, "   "},
		{516 + 1, 516 + 38, "79000003000001000001000000000000000003"}, {516 + 103, 516 + 103, "T"},
	} {
		if got := text[c.from-1 : c.to]; got != c.want {
			t.Errorf("%d-%d: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestARRefusals(t *testing.T) {
	l := lot(t, 2)
	good := arBytes(t, ar(l, nil))
	at := func(rec, pos int, s string) []byte {
		return resigned(good, 39, func(b []byte) { copy(b[(rec-1)*258+pos-1:], s) })
	}
	twice := ar(l, func(a *AR) { a.Reponses[1].Cle = a.Reponses[0].Cle })
	for _, c := range []struct {
		name, code string
		text       []byte
	}{
		{"the file that was sent, under the same name", "DUE-T03", texte(t, l)},
		{"cut in the middle", "DUE-T02", good[:len(good)/2+10]},
		{"cut after a record", "DUE-T08", good[:2*258]},
		{"level 4", "DUE-T07", at(1, 52, "4")},
		{"unknown verdict", "DUE-T07", at(1, 53, "X")},
		{"unknown status", "DUE-T07", at(2, 35, "Z")},
		{"registered without reference", "DUE-T07", at(2, 44, strings.Repeat(" ", 20))},
		{"registered with another code", "DUE-T07", at(2, 36, "17")},
		{"whole file with a key", "DUE-T07", at(2, 9, "000000")},
		{"no such zone", "DUE-T07", at(2, 76, "099")},
		{"count of E", "DUE-T09", at(4, 15, "000001")},
		{"one key twice, differently", "DUE-R07", arBytes(t, twice)},
	} {
		_, err := ReadAR(bytes.NewReader(c.text), "dpae.txt")
		if a, ok := err.(*anomalie.Anomalie); !ok || a.Code != c.code {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
	}
}

func TestARRefusalNamesRecordAndPosition(t *testing.T) {
	bad := resigned(arBytes(t, ar(lot(t, 2), nil)), 39, func(b []byte) { copy(b[258+35-1:], "Z") })
	_, err := ReadAR(bytes.NewReader(bad), "AR/dpae.txt")
	if want := "(AR/dpae.txt, line 2, 60[35])"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzReadAR(f *testing.F) {
	a := &AR{Lot: "L1", Indicateur: Essai, Date: monday, Niveau: 3, Accepte: true, Reponses: []Reponse{
		{Numero: 3, Cle: "00074-C1", Statut: StatutEnregistree, Code: "00", Reference: "R1"},
		{Numero: 4, Cle: "00074-C2", Statut: StatutErreur, Code: "12", Champ: 6},
	}}
	var buf bytes.Buffer
	if err := WriteAR(&buf, a); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add(buf.Bytes()[:300])
	f.Fuzz(func(t *testing.T, text []byte) {
		// A digest that does not match would hide everything else.
		if n := len(text); n >= 2*258 && n%258 == 0 {
			text = resigned(text, 39, func([]byte) {})
		}
		got, err := ReadAR(bytes.NewReader(text), "f")
		if err != nil {
			return
		}
		// What is accepted says the same when it is written again.
		var again bytes.Buffer
		if err := WriteAR(&again, got); err != nil {
			t.Fatal(err)
		}
		back, err := ReadAR(&again, "f")
		if err != nil || fmt.Sprint(back) != fmt.Sprint(got) {
			t.Fatalf("%v: %v then %v", err, got, back)
		}
	})
}
