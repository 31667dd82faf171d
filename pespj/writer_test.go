package pespj

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/lang"
)

func entete() *Flux {
	return &Flux{
		NomFic: "PESPJ_21967564200017_202611_0001_0123456789AB.xml", EmetteurSigle: "EDITEUR", EmetteurAdresse: "MOTEUR 1",
		DteStr: "2026-11-22", IdPost: "006111", IdColl: siretValide, CodCol: "123", CodBud: "00", LibelleColBud: "COMMUNE DE L'ÎLE",
	}
}

// piece is the piece number n, whose gzip stream is given.
func piece(n int, stream []byte) *PJ {
	return &PJ{
		IdUnique: fmt.Sprintf("ID%06d", n), NomPJ: fmt.Sprintf("piece-%06d.pdf", n), TypePJ: TypeDepense,
		Description: "Arrêté n° 1", MIMEType: "application/pdf",
		RefCompta: []RefCompta{{Domaine: "01", Exercice: "2026", TypeObjet: "01", Identifiant: "1303"}},
		Gzip:      int64(len(stream)),
		Contenu:   func(w io.Writer) error { _, err := w.Write(stream); return err },
	}
}

func writeFlux(t *testing.T, f *Flux, pieces ...*PJ) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pieces {
		if err := w.WritePJ(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Size() != int64(b.Len()) {
		t.Errorf("the writer counted %d bytes and wrote %d", w.Size(), b.Len())
	}
	return b.Bytes()
}

func TestSizeIsThatOfTheFile(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	texts := []string{"Arrêté", "œuvre & <fils> \"x\" 'y'", "100 € l’unité", "une tabulation\tet une ligne\nde plus", "😀"}
	for range 200 {
		f := entete()
		f.LibelleColBud, f.EmetteurSigle = texts[r.IntN(len(texts))], texts[r.IntN(len(texts)-2)]
		if strings.Contains(f.LibelleColBud, "\n") {
			f.LibelleColBud = ""
		}
		var pieces []*PJ
		for i := range r.IntN(5) {
			p := piece(i, gzOctets(strings.Repeat("x", r.IntN(3000))))
			p.Description = strings.ReplaceAll(texts[r.IntN(len(texts))], "\n", " ")
			if r.IntN(2) == 0 {
				p.TypePJ, p.RefCompta = "", nil
			}
			for range r.IntN(3) {
				p.RefCompta = append(p.RefCompta, RefCompta{"01", "2026", "02", "77", "3", "X"})
			}
			pieces = append(pieces, p)
		}
		want, err := Size(f, pieces...)
		if err != nil {
			t.Fatal(err)
		}
		if got := int64(len(writeFlux(t, f, pieces...))); got != want {
			t.Fatalf("file of %d bytes, %d announced", got, want)
		}
	}
}

// The markup of a piece, as the format's description counts it.
func TestMarkupOfAPieceIsAsTheFormatCounts(t *testing.T) {
	p := piece(1, gzOctets("x"))
	p.IdUnique, p.NomPJ, p.Description = "A", "a.pdf", "é & ’"
	encoded := len("A") + len("a.pdf") + len("x &amp; &#8217;")
	got, err := p.Size()
	if err != nil {
		t.Fatal(err)
	}
	if want := int64(139+encoded+98+len("1303")) + compress.Base64Size(p.Gzip); got != want {
		t.Errorf("got %d bytes, want %d", got, want)
	}
}

func TestSameCallsWriteSameBytes(t *testing.T) {
	one := writeFlux(t, entete(), piece(1, gzOctets("a")), piece(2, gzOctets("b")))
	two := writeFlux(t, entete(), piece(1, gzOctets("a")), piece(2, gzOctets("b")))
	if !bytes.Equal(one, two) {
		t.Errorf("two files differ:\n%s\n%s", one, two)
	}
}

func TestFileIsOneLineOfLatin1(t *testing.T) {
	p := piece(1, gzOctets(strings.Repeat("long ", 100)))
	p.Description = "Arrêté — œuvre"
	got := writeFlux(t, entete(), p)
	if !bytes.HasPrefix(got, []byte(`<?xml version="1.0" encoding="ISO-8859-1"?><n:PES_Aller `)) {
		t.Errorf("the file opens with %.60q", got)
	}
	if bytes.ContainsAny(got, "\r\n") {
		t.Error("the file has line breaks")
	}
	if !bytes.Contains(got, []byte("V=\"Arr\xeat\xe9 &#8212; &#339;uvre\"")) {
		t.Errorf("the description is not Latin-1 with references:\n%s", got)
	}
}

func TestWrittenFluxPassesCheckAndXSD(t *testing.T) {
	full := entete()
	full.FinJur, full.LibellePoste, full.RecepteurAdresse = "060000001", "TRÉSORERIE", "LYON"
	zip := piece(3, gzOctets("PK\x03\x04"))
	zip.TypePJ, zip.NomPJ, zip.MIMEType = TypeEtatPaye, "paye.zip", "application/zip"
	documents := [][]byte{
		writeFlux(t, entete(), piece(1, gzOctets("a"))),
		writeFlux(t, full, piece(1, gzOctets("a")), piece(2, gzOctets("")), zip),
		writeFlux(t, full),
	}
	for i, d := range documents {
		bilan, found := check(t, d, CheckOptions{})
		want := []string{"[]", "[PES-309]", "[PES-211]"}[i]
		if got := fmt.Sprint(codes(found)); !bilan.SchemaValide || got != want {
			t.Errorf("document %d: schema valid %v, codes %s, want %s", i, bilan.SchemaValide, got, want)
		}
	}
	for i, ok := range jugeXSD(t, xsdAller(t), documents) {
		if !ok {
			t.Errorf("document %d fails the XSD", i)
		}
	}
}

// A Fichier above 10 MB needs the huge mode of readers.
func TestLargeFluxPassesXSD(t *testing.T) {
	noise := make([]byte, 12_000_000)
	rand.NewChaCha8([32]byte{}).Read(noise)
	path := filepath.Join(t.TempDir(), "grand.xml")
	if err := os.WriteFile(path, writeFlux(t, entete(), piece(1, gzOctets(string(noise)))), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(xmllint(t), "--huge", "--nonet", "--noout", "--schema", xsdAller(t), path).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestWriterRefusesAStreamOfAnotherLength(t *testing.T) {
	stream := gzOctets("x")
	for name, change := range map[string]func(*PJ){
		"shorter": func(p *PJ) { p.Gzip++ },
		"longer":  func(p *PJ) { p.Gzip-- },
		"not gzip": func(p *PJ) {
			p.Contenu = func(w io.Writer) error { _, err := w.Write(make([]byte, len(stream))); return err }
		},
		"failing": func(p *PJ) { p.Contenu = func(io.Writer) error { return os.ErrPermission } },
	} {
		w, err := NewWriter(io.Discard, entete())
		if err != nil {
			t.Fatal(err)
		}
		p := piece(1, stream)
		change(p)
		if err := w.WritePJ(p); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if w.Close() == nil {
			t.Errorf("%s: the file was closed as sound", name)
		}
	}
}

func TestWriterReportsEveryFailedWrite(t *testing.T) {
	stream := gzOctets(strings.Repeat("x", 200_000))
	whole := len(writeFlux(t, entete(), piece(1, stream)))
	for room := 0; room < whole; room += 1 + whole/50 {
		w, err := NewWriter(&fullDisk{room: room}, entete())
		if err == nil {
			err = w.WritePJ(piece(1, stream))
		}
		if err == nil {
			err = w.Close()
		}
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d of %d bytes: got %v, want %v", room, whole, err, errFull)
		}
	}
}

var errFull = errors.New("no space left")

type fullDisk struct{ room int }

func (d *fullDisk) Write(b []byte) (int, error) {
	n := min(len(b), d.room)
	if d.room -= n; n < len(b) {
		return n, errFull
	}
	return n, nil
}

func TestMissingHeaderNamesTheFlag(t *testing.T) {
	for flag, change := range map[string]func(*Flux){
		"--idpost": func(f *Flux) { f.IdPost = "" }, "--codcol": func(f *Flux) { f.CodCol = "000" },
		"--codbud": func(f *Flux) { f.CodBud = "1" }, "--finjur": func(f *Flux) { f.FinJur = "é" },
		"--idcoll": func(f *Flux) { f.IdColl = "123" }, "--date": func(f *Flux) { f.DteStr = "2026-11-22Z" },
		"--emetteur-adresse": func(f *Flux) { f.EmetteurAdresse = "   " }, "--libellecolbud": func(f *Flux) { f.LibelleColBud = "   " },
		"--nomfic": func(f *Flux) { f.NomFic = "paie-août.xml" }, "--emetteur": func(f *Flux) { f.EmetteurSigle = "a\x00" },
	} {
		f := entete()
		change(f)
		_, err := NewWriter(io.Discard, f)
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Classe() != anomalie.Usage || !strings.Contains(a.Aide(lang.English), flag+" ") {
			t.Errorf("%s: got %v", flag, err)
		}
	}
	if faults := (&Flux{}).Check(); len(faults) != 8 {
		t.Errorf("an empty flux has %d faults, want 8: %v", len(faults), faults)
	}
}

func TestWriterRefusesPiecesThatHeliosWould(t *testing.T) {
	for name, change := range map[string]func(*PJ){
		"id with a dash":       func(p *PJ) { p.IdUnique = "A-1" },
		"id of zeros":          func(p *PJ) { p.IdUnique = "000" },
		"name with an accent":  func(p *PJ) { p.NomPJ = "arrêté.pdf" },
		"unknown type":         func(p *PJ) { p.TypePJ = "015" },
		"no description":       func(p *PJ) { p.Description = "" },
		"blank description":    func(p *PJ) { p.Description = "   " },
		"no media type":        func(p *PJ) { p.MIMEType = "" },
		"no content":           func(p *PJ) { p.Contenu = nil },
		"payroll into revenue": func(p *PJ) { p.RefCompta[0].Domaine = "02" },
		"domain 05":            func(p *PJ) { p.RefCompta[0].Domaine, p.TypePJ = "05", "" },
		"no mandat":            func(p *PJ) { p.RefCompta[0].Identifiant = "" },
		"year with a zone":     func(p *PJ) { p.RefCompta[0].Exercice = "2026Z" },
		"CFU without a ref":    func(p *PJ) { p.TypePJ, p.RefCompta = "012", nil },
	} {
		p := piece(1, gzOctets("x"))
		change(p)
		if len(p.Check()) == 0 {
			t.Errorf("%s: accepted", name)
		}
	}
	w, err := NewWriter(io.Discard, entete())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WritePJ(piece(1, gzOctets("x"))); err != nil {
		t.Fatal(err)
	}
	var a *anomalie.Anomalie
	if err := w.WritePJ(piece(1, gzOctets("y"))); !errors.As(err, &a) || a.Code != codePJDouble {
		t.Errorf("second piece of one identity: got %v", err)
	}
}

// A file of exactly the limit passes, one byte more does not: the figure that
// a volume is planned with is the one that a check applies.
func TestLimitIsInclusive(t *testing.T) {
	p := piece(1, gzOctets(strings.Repeat("x", 1000)))
	limit, err := Size(entete(), p)
	if err != nil {
		t.Fatal(err)
	}
	document := writeFlux(t, entete(), p)
	for slack, want := range map[int64]string{0: "[]", 1: "[]", -1: "[PES-213]"} {
		_, found := check(t, document, CheckOptions{Limite: limit + slack})
		if got := fmt.Sprint(codes(found)); got != want {
			t.Errorf("limit %+d: got %s, want %s", slack, got, want)
		}
	}
}

func TestContentComesBackAsItWas(t *testing.T) {
	stream := gzOctets("bytes of the original file")
	document := writeFlux(t, entete(), piece(1, stream))
	if !bytes.Contains(document, []byte(">"+base64.StdEncoding.EncodeToString(stream)+"<")) {
		t.Error("the content is not the base64 of the stream on one line")
	}
	rd, err := NewReader(bytes.NewReader(document), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	flux, err := rd.Flux()
	if err != nil || flux.NomFic != entete().NomFic || flux.CodBud != "00" || flux.LibelleColBud != "COMMUNE DE L'ÎLE" {
		t.Fatalf("got %+v, %v", flux, err)
	}
	for pj, err := range rd.PJ() {
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(pj)
		if err != nil || string(got) != "bytes of the original file" {
			t.Errorf("got %q, %v", got, err)
		}
		if err := pj.Finish(); err != nil {
			t.Error(err)
		}
		if pj.IdUnique != "ID000001" || pj.Gzip != int64(len(stream)) || pj.Octets != int64(len(got)) || len(pj.RefCompta) != 1 {
			t.Errorf("got %+v", pj)
		}
	}
}
