package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// sampleFrame is a frame of two records with everything in them.
func sampleFrame(t testing.TB) []byte {
	t.Helper()
	var records []*record
	for i := range 2 {
		r := &record{header: header{Genre: EvDepot, Temps: 1_790_000_000_000, Index: 7 + int64(i), Sujet: ID{1}, Blob: BlobName{2}}}
		r.add(slotCorps, []byte("corps"))
		r.add(slotAgent, bytes.Repeat([]byte{9}, 40))
		r.Slots = slotsHash(r.slots)
		records = append(records, r)
	}
	b, _ := encodeFrame(7, records, []byte("note\n"))
	return b
}

func FuzzFrame(f *testing.F) {
	b := sampleFrame(f)
	f.Add(b)
	f.Add(b[:len(b)-3])
	f.Add([]byte("XLOT"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fr, err := readFrame(bytes.NewReader(b), 1, 0, int64(len(b)))
		if err != nil {
			return
		}
		if len(fr.records) != len(fr.hashes) || len(fr.places) != len(fr.hashes) || fr.size > int64(len(b)) {
			t.Fatalf("frame of %d hashes, %d records, %d places, %d bytes of %d", len(fr.hashes), len(fr.records), len(fr.places), fr.size, len(b))
		}
		whole := len(fr.misled) == 0
		for i, r := range fr.records {
			if whole = whole && r != nil && r.leaf() == fr.hashes[i] && fr.places[i].size == 4+headerSize+1+slotsSize(r); !whole {
				break
			}
		}
		if !whole || string(b[:4]) != frameMagic {
			return
		}
		// What was read whole is written the same.
		if again, _ := encodeFrame(fr.premier, fr.records, fr.note); !bytes.Equal(again, b[:fr.size]) {
			t.Errorf("read and written again: %x\nwas %x", again, b[:fr.size])
		}
	})
}

func FuzzPDFGate(f *testing.F) {
	f.Add(pdf("un"))
	f.Add([]byte("%PDF-1.7\n<</J#61vaScript(a\\)b)>>%%EOF"))
	f.Add([]byte("%PDF-1.7\n(((stream endstream /Launch %%EOF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		err := checkPDF(b)
		if err == nil && !bytes.Contains(b, []byte("%PDF-")) {
			t.Errorf("%q is accepted", b)
		}
		if err != nil && !isAnomalie(err) {
			t.Errorf("%q gives %v, no anomaly", b, err)
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	skey, vkey, err := note.GenerateKey(seeded(3), "essai")
	if err != nil {
		f.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		f.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		f.Fatal(err)
	}
	want := Point{Origine: "xhl-coffre/1", Taille: 12, Racine: tlog.Hash{1}, Temps: 99}
	msg, err := signPoint(want, signer)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(msg)
	f.Add(bytes.Replace(msg, []byte("12"), []byte("13"), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := ParsePoint(b, note.VerifierList(v))
		if err == nil && got != want {
			t.Errorf("%q is believed as %+v", b, got)
		}
	})
}

func FuzzReceipt(f *testing.F) {
	f.Add([]byte(`{"id":"00000000000000000000000000000001","index":3,"taille_arbre":9,"entete":"","sel":"","corps":"{}","preuve":[],"point":""}`))
	_, vkey, err := note.GenerateKey(seeded(3), "essai")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseRecu(b)
		if err != nil {
			return
		}
		if r.Verify(vkey, digestOf(b)) == nil {
			t.Errorf("%s verifies", b)
		}
	})
}

func TestFrameThatIsCutIsTornAndNothingElse(t *testing.T) {
	b := sampleFrame(t)
	for n := 1; n < len(b); n++ {
		if _, err := readFrame(bytes.NewReader(b[:n]), 1, 0, int64(n)); !errors.Is(err, errTorn) {
			t.Errorf("cut at %d of %d: %v, want torn", n, len(b), err)
		}
	}
	if _, err := readFrame(bytes.NewReader(nil), 1, 0, 0); err != io.EOF {
		t.Errorf("nothing: %v, want EOF", err)
	}
}

func TestPDFsThatAct(t *testing.T) {
	for text, code := range map[string]string{
		"pas un PDF":                                      "COF-210",
		"%PDF-1.7 sans fin":                               "COF-210",
		"%PDF-1.7\n<</Encrypt 3 0 R>>\n%%EOF":             "COF-211",
		"%PDF-1.7\n<</S/JavaScript/JS(a)>>\n%%EOF":        "COF-212",
		"%PDF-1.7\n<</S/J#61va#53cript>>\n%%EOF":          "COF-212",
		"%PDF-1.7\n<</S/Launch>>\n%%EOF":                  "COF-213",
		"%PDF-1.7\n<</Type/EmbeddedFile>>\n%%EOF":         "COF-214",
		"%PDF-1.7\n(texte) /Launch endstream \n%%EOF":     "COF-213",
		"%PDF-1.7\nstream\nx\nendstream/Launch\n%%EOF":    "COF-213",
		"%PDF-1.7\n(\\(/Launch)\n%%EOF":                   "",
		"%PDF-1.7\nstream\n/JS /Launch\nendstream\n%%EOF": "",
		"%PDF-1.7\n/JSX /Launcher\n%%EOF":                 "",
		"%PDF-1.7\n% /JavaScript\n%%EOF":                  "",
	} {
		err := checkPDF([]byte(text))
		if code == "" && err == nil {
			continue
		}
		if code == "" {
			t.Errorf("%q: %v, want accepted", text, err)
			continue
		}
		wantCode(t, err, code)
	}
}

func TestSlipForTheWrongPersonIsSeenInItsText(t *testing.T) {
	d := Document{Identite: Identite{Employeur: siret, Matricule: "12", Nom: "Lefèvre-Noël", Prenom: "Éloïse"}}
	for text, code := range map[string]string{
		"SIRET 210 600 118 00017 matricule 12":                  "",
		"SIRET 21060011800017 Mme ELOISE LEFEVRE NOEL":          "",
		"SIRET 21060011800017 LEFEVRE-NOEL Eloise, net à payer": "",
		"SIRET 21060011800017 matricule 123":                    "COF-216",
		"SIRET 21060011800017 matricule 312 Mme MARTIN":         "COF-216",
		"SIRET 21060022600018 matricule 12 ELOISE LEFEVRE NOEL": "COF-215",
	} {
		err := ControleTexte(&d, text)
		if code == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		wantCode(t, err, code)
	}
}

func TestReceiptGoesThroughJSON(t *testing.T) {
	c, _ := testVault(t)
	recu := deposit(t, c, bulletin("A1"))[0]
	b, err := json.Marshal(recu)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseRecu(b)
	if err != nil || !back.Equal(recu) {
		t.Errorf("got %+v, %v", back, err)
	}
}
