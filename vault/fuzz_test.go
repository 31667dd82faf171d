package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/acts"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// sampleFrame is a frame of two records with everything in them.
func sampleFrame(t testing.TB) []byte {
	t.Helper()
	var records []*journal.Record
	for i := range 2 {
		r := &journal.Record{Header: journal.Header{Genre: EvDepot, Temps: 1_790_000_000_000, Index: 7 + int64(i), Sujet: ID{1}, Blob: BlobName{2}}}
		r.Add(journal.SlotCorps, []byte("corps"))
		r.Add(journal.SlotAgent, bytes.Repeat([]byte{9}, 40))
		r.Slots = journal.SlotsHash(r.Parts)
		records = append(records, r)
	}
	b, _ := journal.EncodeFrame(7, records, []byte("note\n"))
	return b
}

func FuzzFrame(f *testing.F) {
	b := sampleFrame(f)
	f.Add(b)
	f.Add(b[:len(b)-3])
	f.Add([]byte("XLOT"))
	f.Fuzz(func(t *testing.T, b []byte) {
		fr, err := journal.ReadFrame(bytes.NewReader(b), 1, 0, int64(len(b)))
		if err != nil {
			return
		}
		if len(fr.Records) != len(fr.Hashes) || len(fr.Places) != len(fr.Hashes) || fr.Size > int64(len(b)) {
			t.Fatalf("frame of %d hashes, %d records, %d places, %d bytes of %d", len(fr.Hashes), len(fr.Records), len(fr.Places), fr.Size, len(b))
		}
		whole := len(fr.Misled) == 0
		for i, r := range fr.Records {
			if whole = whole && r != nil && r.Leaf() == fr.Hashes[i] && fr.Places[i].Size == 4+journal.HeaderSize+1+catalogue.SlotsSize(r); !whole {
				break
			}
		}
		if !whole || string(b[:4]) != journal.FrameMagic {
			return
		}
		// What was read whole is written the same.
		if again, _ := journal.EncodeFrame(fr.Premier, fr.Records, fr.Note); !bytes.Equal(again, b[:fr.Size]) {
			t.Errorf("read and written again: %x\nwas %x", again, b[:fr.Size])
		}
	})
}

func FuzzPDFGate(f *testing.F) {
	f.Add(pdf("un"))
	f.Add([]byte("%PDF-1.7\n<</J#61vaScript(a\\)b)>>%%EOF"))
	f.Add([]byte("%PDF-1.7\n(((stream endstream /Launch %%EOF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		err := checkPDF(ctx, b)
		if err == nil && !bytes.Contains(b, []byte("%PDF-")) {
			t.Errorf("%q is accepted", b)
		}
		if err != nil && !faults.Is(err) {
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
	msg, err := journal.SignPoint(want, signer)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(msg)
	f.Add(bytes.Replace(msg, []byte("12"), []byte("13"), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := journal.ParsePoint(b, note.VerifierList(v))
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
		if r.Verify(vkey, acts.DigestOf(b)) == nil {
			t.Errorf("%s verifies", b)
		}
	})
}

func TestFrameThatIsCutIsTornAndNothingElse(t *testing.T) {
	b := sampleFrame(t)
	for n := 1; n < len(b); n++ {
		if _, err := journal.ReadFrame(bytes.NewReader(b[:n]), 1, 0, int64(n)); !errors.Is(err, journal.ErrTorn) {
			t.Errorf("cut at %d of %d: %v, want torn", n, len(b), err)
		}
	}
	if _, err := journal.ReadFrame(bytes.NewReader(nil), 1, 0, 0); err != io.EOF {
		t.Errorf("nothing: %v, want EOF", err)
	}
}

// acting is a PDF of one page whose objects from 4 on are given; its catalogue
// opens with object 4.
func acting(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page>>endobj\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj%s endobj\n", i+4, o)
	}
	b.WriteString("trailer<</Root 1 0 R>>\n%%EOF\n")
	return b.Bytes()
}

func TestPDFsThatAct(t *testing.T) {
	for name, tc := range map[string]struct {
		pdf  []byte
		code string
	}{
		"no PDF":                     {[]byte("pas un PDF"), "COF-210"},
		"cut":                        {acting("<</S/GoTo>>")[:120], "COF-210"},
		"no page":                    {[]byte("%PDF-1.7\n1 0 obj<</Pages<</Kids[]>>>>endobj trailer<</Root 1 0 R>>\n%%EOF"), "COF-210"},
		"encrypted by nobody knows":  {bytes.Replace(acting("<<>>"), []byte("trailer<<"), []byte("trailer<</Encrypt<</Filter/Maison>>"), 1), "COF-211"},
		"a script":                   {acting("<</S/JavaScript/JS(a)>>"), "COF-212"},
		"a script, escaped":          {acting("<</S/J#61va#53cript>>"), "COF-212"},
		"a script, its name apart":   {acting("<</S 5 0 R/JS(a)>>", "/JavaScript"), "COF-212"},
		"a script, said twice":       {acting("<</S/JavaScript/S/GoTo>>"), "COF-212"},
		"a script in a former state": {append(acting("<</S/JavaScript/JS(a)>>"), "4 0 obj<</S/GoTo>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"...), "COF-212"},
		"a form with scripts":        {acting("<</XFA 5 0 R>>"), "COF-212"},
		"a program":                  {acting("<</S/Launch/F(calc)>>"), "COF-213"},
		"data sent":                  {acting("<</S/SubmitForm/F(http://x)>>"), "COF-213"},
		"a file":                     {acting("<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream"), "COF-214"},
		"a text that says so":        {acting("<</S/GoTo/D(/S/Launch /JS)>>"), ""},
		"a stream that says so":      {acting("<</Length 28>>stream\n5 0 obj<</S/Launch>>endobj  \nendstream"), ""},
		"names that look like it":    {acting("<</JSX 1/S/Launcher/Launch 2>>"), ""},
		"a font called JS":           {acting("<</JS 5 0 R>>", "<</Type/Font>>"), ""},
	} {
		err := checkPDF(ctx, tc.pdf)
		if tc.code == "" && err == nil {
			continue
		}
		if tc.code == "" {
			t.Errorf("%s: %v, want accepted", name, err)
			continue
		}
		wantCode(t, err, tc.code)
	}
}

// TestActionsInObjectStreamsAreSeen has qpdf hide harmless actions.
func TestActionsInObjectStreamsAreSeen(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		t.Skip("qpdf is not installed")
	}
	for name, tc := range map[string]struct{ action, code string }{
		"script":  {"<</S/JavaScript/JS(app.beep)>>", "COF-212"},
		"program": {"<</S/Launch/F(rien)>>", "COF-213"},
		"none":    {"<</S/GoTo/D[3 0 R/Fit]>>", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(dir+"/a.pdf", acting(tc.action), 0o600); err != nil {
			t.Fatal(err)
		}
		// qpdf repairs the input, which has no table, and says so: exit code 3.
		out, err := exec.Command("qpdf", "--warning-exit-0", "--object-streams=generate", dir+"/a.pdf", dir+"/b.pdf").CombinedOutput()
		if err != nil {
			t.Fatalf("qpdf: %v\n%s", err, out)
		}
		pdf, err := os.ReadFile(dir + "/b.pdf")
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(pdf, []byte("/Launch")) || bytes.Contains(pdf, []byte("JavaScript")) {
			t.Fatalf("%s: qpdf hid nothing", name)
		}
		if err := checkPDF(ctx, pdf); tc.code != "" {
			wantCode(t, err, tc.code)
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
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
