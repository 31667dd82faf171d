package pespj

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"

	"paye/internal/anomalie"
)

var petites = Limites{Profondeur: 40, Balise: 8 << 10, Attributs: 16, PJ: 50, RefCompta: 20, Contenu: 1 << 20, Acquit: 1 << 20}

func seeds(f *testing.F, documents ...string) {
	for _, d := range documents {
		f.Add([]byte(d))
	}
}

// FuzzCheck: a verdict always comes, it does not depend on how bytes arrive,
// and what is refused has an error that says why.
func FuzzCheck(f *testing.F) {
	seeds(f, fluxValide, acquitValide, strings.Replace(fluxValide, "ISO-8859-1", "UTF-8", 1), string(utf16le("\uFEFF"+fluxValide)))
	f.Fuzz(func(t *testing.T, document []byte) {
		o := CheckOptions{Limites: petites}
		bilan, found := check(t, document, o)
		if !bilan.SchemaValide && bilan.Erreurs == 0 {
			t.Errorf("refused without an error: %v", found)
		}
		slow, foundSlowly := checkReader(t, iotest.OneByteReader(bytes.NewReader(document)), o)
		if *bilan != *slow || fmt.Sprint(found) != fmt.Sprint(foundSlowly) {
			t.Errorf("at once %+v %v\nbyte by byte %+v %v", *bilan, found, *slow, foundSlowly)
		}
	})
}

// FuzzReader holds the Reader against a plain twin on what the schema takes.
func FuzzReader(f *testing.F) {
	seeds(f, fluxValide, strings.Replace(fluxValide, "ISO-8859-1", "UTF-8", 1), strings.ReplaceAll(fluxValide, " V=", "\nV = "))
	f.Fuzz(func(t *testing.T, document []byte) {
		rd, err := NewReader(bytes.NewReader(document), ReaderOptions{Limites: petites})
		if err != nil {
			return
		}
		var got []string
		for pj, err := range rd.PJ() {
			if err != nil {
				return
			}
			content, err := io.ReadAll(pj)
			if err = errors.Join(err, pj.Finish()); err != nil {
				return
			}
			got = append(got, fmt.Sprintf("%s %q %x", pj.IdUnique, pj.Description, content))
		}
		if bilan, _ := check(t, document, CheckOptions{Limites: petites}); !bilan.SchemaValide {
			return
		}
		if want, ok := plainPieces(document); ok && fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// plainPieces reads the pieces with the standard library, the whole document
// in memory. ok is false when the standard library refuses it, which is more
// often than libxml2 does.
func plainPieces(document []byte) (pieces []string, ok bool) {
	type value struct {
		V string `xml:"V,attr"`
	}
	var flux struct {
		PJ []struct {
			Fichier     string `xml:"Contenu>Fichier"`
			IdUnique    value
			Description value
		} `xml:"PES_PJ>PJ"`
	}
	dec := xml.NewDecoder(bytes.NewReader(document))
	dec.CharsetReader = func(charset string, r io.Reader) (io.Reader, error) {
		if !strings.EqualFold(charset, "ISO-8859-1") {
			return nil, errors.New(charset)
		}
		raw, err := io.ReadAll(r)
		runes := make([]rune, len(raw))
		for i, b := range raw {
			runes[i] = rune(b)
		}
		return strings.NewReader(string(runes)), err
	}
	if dec.Decode(&flux) != nil {
		return nil, false
	}
	for _, p := range flux.PJ {
		stream, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(p.Fichier), ""))
		if err != nil {
			return nil, false
		}
		zr, err := gzip.NewReader(bytes.NewReader(stream))
		if err != nil {
			return nil, false
		}
		content, err := io.ReadAll(zr)
		if err != nil {
			return nil, false
		}
		pieces = append(pieces, fmt.Sprintf("%s %q %x", p.IdUnique.V, p.Description.V, content))
	}
	return pieces, true
}

func TestReaderAgreesWithThePlainTwin(t *testing.T) {
	document := avecChange(t, "COMMUNE", "Été")
	want, ok := plainPieces(document)
	if !ok || len(want) != 2 {
		t.Fatalf("the plain twin reads %q", want)
	}
	rd, err := NewReader(bytes.NewReader(document), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for pj, err := range rd.PJ() {
		if err != nil {
			t.Fatal(err)
		}
		content, _ := io.ReadAll(pj)
		if err := pj.Finish(); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %q %x", pj.IdUnique, pj.Description, content))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// FuzzAcquit: what cannot be read is an anomaly, and no piece is ever taken
// for accepted without an element that says so.
func FuzzAcquit(f *testing.F) {
	seeds(f, acquitValide, strings.Replace(acquitValide, "UTF-8", "ISO-8859-1", 1), "<PES_ACK/>", "<pes_nonacquit><NomFic V='PESPJ_1'/></pes_nonacquit>")
	f.Fuzz(func(t *testing.T, document []byte) {
		a, err := ReadAcquit(bytes.NewReader(document), ReaderOptions{Limites: petites})
		if err != nil {
			var fault *anomalie.Anomalie
			if !errors.As(err, &fault) {
				t.Fatalf("the machine is blamed: %v", err)
			}
			return
		}
		states, _ := a.Reconcile(a.Flux.NomFic, "123", []string{"ID1", "ID2", "ID3"})
		for _, s := range states {
			said := false
			for _, e := range a.Elements {
				said = said || e.IdUnique == s.IdUnique && e.Etat == Accepte
			}
			if s.Reponse == Accepte && (!said || a.RefusGlobal) {
				t.Errorf("%s is taken for accepted", s.IdUnique)
			}
		}
	})
}

// FuzzWriter: what the writer accepts, the schema and the reader accept, with
// the size announced and the values given.
func FuzzWriter(f *testing.F) {
	f.Add("ID1", "paye.xhl", "Arrêté & co", "1303", "x")
	f.Add("A", "a.pdf", "œ € ’ 😀 <\">\t\r\n'", "0 1", "")
	f.Fuzz(func(t *testing.T, id, nom, description, identifiant, content string) {
		p := piece(1, gzOctets(content))
		p.IdUnique, p.NomPJ, p.Description = id, nom, description
		p.RefCompta[0].Identifiant = identifiant
		if len(p.Check()) > 0 {
			return
		}
		document := writeFlux(t, entete(), p)
		if want, err := Size(entete(), p); err != nil || int64(len(document)) != want {
			t.Errorf("%d bytes written, %d announced (%v)", len(document), want, err)
		}
		if bilan, found := check(t, document, CheckOptions{}); !bilan.SchemaValide {
			t.Errorf("invalid: %v", found)
		}
		rd, err := NewReader(bytes.NewReader(document), ReaderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for pj, err := range rd.PJ() {
			if err != nil {
				t.Fatal(err)
			}
			if err := pj.Finish(); err != nil {
				t.Fatal(err)
			}
			if pj.IdUnique != id || pj.NomPJ != nom || pj.Description != description || pj.RefCompta[0].Identifiant != identifiant || pj.Octets != int64(len(content)) {
				t.Errorf("came back as %+v", pj)
			}
		}
	})
}

// FuzzAcquitTree: what is read at a glance is what the patient reader makes of
// the same document.
func FuzzAcquitTree(f *testing.F) {
	seeds(f, acquitValide, strings.Replace(acquitValide, "UTF-8", "ISO-8859-1", 1), strings.ReplaceAll(acquitValide, "V=", "V\t=\n"),
		`<?xml version="1.0" encoding="ISO-8859-1"?><PES_ACK><x:NomFic xmlns:x="u" xmlns:V="u" x:V=" A&#10;&amp;\xe9 " V="B"/><ACQUIT><ElementACQUIT/></ACQUIT><!-- c --><?p i?></PES_ACK>`,
		`<a:b:c V="1"/>`, `<a V="" x:V="1"/>`, "<pes_nonacquit><Erreur><NumAnoAck V='1'/></Erreur></pes_nonacquit>\x00")
	f.Fuzz(func(t *testing.T, document []byte) {
		l := petites.defaults()
		got := readAtAGlance(document, l)
		if got == nil {
			return
		}
		doc, err := newDoc(document, "", l, &Acquit{})
		if err != nil {
			t.Fatalf("read at a glance, and refused: %v", err)
		}
		if want := treeOf(doc.Root()); !slices.Equal(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
}

// TestAcquittalsAreReadAtAGlance: the patient reader is for the others.
func TestAcquittalsAreReadAtAGlance(t *testing.T) {
	for _, c := range []struct {
		name, document string
		want           bool
	}{
		{"as its schema wants it", acquitValide, true},
		{"with accents, as announced", strings.Replace(strings.Replace(acquitValide, "UTF-8", "ISO-8859-1", 1), "illisible", "\xe9", 1), true},
		{"UTF-8 under another label", strings.Replace(strings.Replace(acquitValide, "UTF-8", "ISO-8859-1", 1), "illisible", "é", 1), false},
		{"two roots", acquitValide + "<a/>", false},
		{"deeper than is read", strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), false},
	} {
		if got := readAtAGlance([]byte(c.document), Limites{}.defaults()) != nil; got != c.want {
			t.Errorf("%s: %t, want %t", c.name, got, c.want)
		}
	}
}
