package pdfx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"paye/internal/pdfx/cos"
)

func optimise(doc []byte) ([]byte, error) {
	var out bytes.Buffer
	o, err := Optimise(context.Background(), bytes.NewReader(doc), int64(len(doc)), &out, OptimiseOptions{})
	if n := o.Size; err == nil && n != int64(out.Len()) {
		err = fmt.Errorf("%d bytes said, %d written", n, out.Len())
	}
	return out.Bytes(), err
}

// repeated is a document of two pages that hold the same picture twice over,
// as merging programs make them.
func repeated(info string) []byte {
	picture := "<< /Type /XObject /Subtype /Image /Width 100 /Height 100 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 10000 >>\nstream\n" +
		strings.Repeat("0123456789", 1000) + "\nendstream"
	page := "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R /Resources << /XObject << /Im0 %d 0 R >> >> >>"
	return assemble("/Info 8 0 R", catalogue, "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
		fmt.Sprintf(page, 5), fmt.Sprintf(page, 6), picture, picture,
		"<< /Length 30 >>\nstream\nq 100 0 0 100 0 0 cm /Im0 Do Q\nendstream", info)
}

func TestOptimisingKeepsPagesAndDates(t *testing.T) {
	doc := repeated("<< /Title (Contrat) /CreationDate (D:20260128093000+01'00') /ModDate (D:20260129) >>")
	got, err := optimise(doc)
	if err != nil || len(got) == 0 || len(got) > len(doc)*2/3 {
		t.Fatalf("%d bytes of %d, %v", len(got), len(doc), err)
	}
	info, err := inspect(got)
	if err != nil || info.Pages != 2 || info.Heaviest.Width != 100 {
		t.Errorf("%+v, %v", info, err)
	}
	again, err := cos.Open(got)
	if err != nil {
		t.Fatal(err)
	}
	kept := again.Get(again.Trailer, "Info")
	for key, want := range map[string]string{"CreationDate": "D:20260128093000+01'00'", "ModDate": "D:20260129", "Title": "Contrat"} {
		if s := string(again.Get(kept, key).Bytes()); s != want {
			t.Errorf("%s is %q, want %q", key, s, want)
		}
	}
	if twice, _ := optimise(doc); !bytes.Equal(twice, got) {
		t.Error("two runs differ")
	}
	if _, err := exec.LookPath("pdfinfo"); err != nil {
		t.Skip("poppler-utils is not installed")
	}
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, got, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdfinfo", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Pages:           2\n") || strings.Contains(string(out), "Error") {
		t.Errorf("pdfinfo: %v\n%s", err, out)
	}
}

func TestWhatCannotBeLightenedIsLeftAlone(t *testing.T) {
	heavy := "<< /CreationDate (D:20260128) >>"
	conf := *configuration()
	conf.OwnerPW, conf.EncryptUsingAES, conf.EncryptKeyLength = "proprietaire", true, 256
	var encrypted bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(repeated(heavy)), &encrypted, &conf); err != nil {
		t.Fatal(err)
	}
	for name, doc := range map[string][]byte{
		"already light": document(1, 10),
		"signed":        repeated("<< /Type /Sig /ByteRange [0 10 20 30] >>"),
		"signed form":   repeated("<< /Fields [] /SigFlags 3 >>"),
		"encrypted":     encrypted.Bytes(),
	} {
		if got, err := optimise(doc); err != nil || len(got) != 0 {
			t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(doc), err)
		}
	}
}

func TestOptimisingSaysWhatIsUnreadable(t *testing.T) {
	if _, err := optimise([]byte("not a PDF")); code(err) != Illisible {
		t.Errorf("garbage: %v", err)
	}
	full := errors.New("disk full")
	doc := repeated("<< /CreationDate (D:20260128) >>")
	_, err := Optimise(context.Background(), bytes.NewReader(doc), int64(len(doc)), failingWriter{full}, OptimiseOptions{})
	if !errors.Is(err, full) {
		t.Errorf("full disk: %v", err)
	}
}

type failingWriter struct{ err error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.err }

// TestContentsThatWereRemovedGiveNoTwin: of a page whose contents an update has
// removed, poppler shows what they were and MuPDF nothing.
func TestContentsThatWereRemovedGiveNoTwin(t *testing.T) {
	doc := repeated("<< /Title (Contrat) >>")
	if twin, err := optimise(doc); err != nil || len(twin) == 0 {
		t.Fatalf("as it was: %d bytes, %v", len(twin), err)
	}
	at := bytes.Index(doc, []byte("/Contents "))
	var contents, size, before int
	if _, err := fmt.Sscanf(string(doc[at:]), "/Contents %d", &contents); err != nil {
		t.Fatal(err)
	}
	tail := string(doc[bytes.LastIndex(doc, []byte("trailer")):])
	if _, err := fmt.Sscanf(tail[strings.Index(tail, "/Size"):], "/Size %d", &size); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(tail[strings.Index(tail, "startxref"):], "startxref\n%d", &before); err != nil {
		t.Fatal(err)
	}
	update := fmt.Sprintf("xref\n0 1\n%010d 65535 f \n%d 1\n0000000000 00001 f \ntrailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", contents, contents, size, before, len(doc))
	o, err := Optimise(t.Context(), bytes.NewReader(append(doc, update...)), int64(len(doc)+len(update)), io.Discard, OptimiseOptions{})
	if err != nil || o.Kept != KeptDiffers || o.Size > 0 {
		t.Errorf("%+v, %v", o, err)
	}
}
