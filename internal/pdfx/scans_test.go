package pdfx

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"paye/internal/pdfx/cos"
)

// sheet is a page as a scanner sees it: lines of strokes, the light of the
// paper falling off to so many of 255 at the bottom, and noise.
func sheet(width, height int, shade func(x, y int) color.RGBA) []byte {
	r := rand.New(rand.NewPCG(1, 1))
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := shade(x, y)
			n := r.IntN(13) - 6
			at := img.PixOffset(x, y)
			for i, v := range [...]uint8{c.R, c.G, c.B} {
				img.Pix[at+i] = uint8(min(max(int(v)+n, 0), 255))
			}
			img.Pix[at+3] = 255
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 60}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// text is whether a stroke of a line of text is at a place, at 400 dpi.
func text(x, y int) bool {
	return y%80 < 40 && x%24 < 8 && x > 100 && y > 100 && (x/24*7+y/80*13)%5 != 0
}

func grey(v int) color.RGBA { return color.RGBA{uint8(v), uint8(v), uint8(v), 255} }

// onPage is a document of one A6 page that a picture fills, with a hidden text
// and a link, as programs that recognise text add them.
func onPage(width, height int, extra string, jpg []byte) []byte {
	content := "q 297 0 0 421 0 0 cm /Im0 Do Q BT 3 Tr /F0 10 Tf 100 700 Td (Contrat) Tj ET"
	return assemble("", catalogue, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 297 421] /Contents 5 0 R /Annots [6 0 R] /Resources << /XObject << /Im0 4 0 R >> /Font << /F0 7 0 R >> >> >>",
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode %s /Length %d >>\nstream\n%s\nendstream", width, height, extra, len(jpg), jpg),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Annot /Subtype /Link /Rect [10 10 100 40] /Border [0 0 0] /A << /S /URI /URI (https://exemple.fr) >> >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
}

const scanWidth, scanHeight = 1650, 2338 // A6 at 400 dpi

func lighten(t *testing.T, doc []byte) ([]byte, Outcome) {
	t.Helper()
	var b bytes.Buffer
	out, err := Optimise(context.Background(), Bytes(doc), int64(len(doc)), &b, OptimiseOptions{Scans: true, Judge: NewPoppler()})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), out
}

func TestScansBecomeBlackAndWhiteAt200DPI(t *testing.T) {
	for name, shade := range map[string]func(x, y int) color.RGBA{
		"ordinary paper": func(x, y int) color.RGBA {
			if text(x, y) {
				return grey(40)
			}
			return grey(240)
		},
		"light that falls off": func(x, y int) color.RGBA {
			paper := 240 - y*110/scanHeight
			if text(x, y) {
				return grey(paper / 5)
			}
			return grey(paper)
		},
	} {
		doc := onPage(scanWidth, scanHeight, "", sheet(scanWidth, scanHeight, shade))
		twin, out := lighten(t, doc)
		if out.Scans != 1 || len(twin) == 0 || len(twin) > len(doc)/10 {
			t.Errorf("%s: %d bytes of %d, %+v", name, len(twin), len(doc), out)
			continue
		}
		made, err := cos.Open(twin)
		if err != nil {
			t.Fatal(err)
		}
		info, err := infoOf(made)
		want := Image{825, 1169, 1, 1, "DeviceGray", "CCITTFaxDecode", info.Heaviest.Bytes, 199}
		if err != nil || info.Heaviest != want {
			t.Errorf("%s: %+v, %v; want %+v", name, info.Heaviest, err, want)
		}
		made.Pages(func(p cos.Page) bool {
			s := shownOn(made, p)
			r, ok := rasterOf(made, made.Object(s.pictures[0].number))
			if !ok {
				t.Fatalf("%s: the picture cannot be read", name)
			}
			wrong := 0
			for y := range r.height {
				for x := range r.width {
					// The middle of strokes and of gaps: their edges are anybody's.
					if X, Y := 2*x, 2*y; text(X-3, Y-3) == text(X+4, Y+4) && text(X-3, Y+4) == text(X+4, Y-3) && text(X-3, Y-3) == text(X-3, Y+4) && text(X, Y) == text(X-3, Y-3) &&
						text(X, Y) != (r.grey[y*r.width+x] == 0) {
						wrong++
					}
				}
			}
			if wrong > r.width*r.height/1000 {
				t.Errorf("%s: %d pixels are of the wrong colour", name, wrong)
			}
			return true
		})
	}
}

func TestWhatIsNoScanKeepsItsPictures(t *testing.T) {
	page := func(x, y int) color.RGBA {
		if text(x, y) {
			return grey(40)
		}
		return grey(240)
	}
	plain := sheet(825, 1169, page)
	for name, doc := range map[string][]byte{
		"a photograph": onPage(825, 1169, "", sheet(825, 1169, func(x, y int) color.RGBA {
			return color.RGBA{uint8(x * 255 / 825), uint8(y * 255 / 1169), uint8((x + y) % 256), 255}
		})),
		"in greys": onPage(825, 1169, "", sheet(825, 1169, func(x, y int) color.RGBA { return grey((x/7 + y/5) % 256) })),
		"on a page of the size of a stamp": bytes.ReplaceAll(bytes.Replace(onPage(64, 64, "", sheet(64, 64, page)), []byte("297 0 0 421"), []byte("015 0 0 015"), 1),
			[]byte("[0 0 297 421]"), []byte("[0 0 015 015]")),
		"whose colours its dictionary decides": onPage(825, 1169, "/DecodeParms << /ColorTransform 0 >>", plain),
		"with a mask":                          onPage(825, 1169, "/SMask 4 0 R", plain),
		"under 200 dpi":                        onPage(620, 877, "", sheet(620, 877, page)),
		"under text that is seen":              bytes.Replace(onPage(825, 1169, "", plain), []byte("3 Tr"), []byte("0 Tr"), 1),
		"on a part of the page":                bytes.Replace(onPage(825, 1169, "", plain), []byte("297 0 0 421 0 0 cm"), []byte("147 0 0 221 0 0 cm"), 1),
	} {
		if _, out := lighten(t, doc); out.Scans != 0 {
			t.Errorf("%s: %+v", name, out)
		}
	}
}

func TestSignedScansAreLeftAlone(t *testing.T) {
	doc := onPage(825, 1169, "/Sceau << /Type /Sig /ByteRange [0 10 20 30] /Contents <00> >>", sheet(825, 1169, func(x, y int) color.RGBA { return grey(240) }))
	if twin, out := lighten(t, doc); len(twin) > 0 || out.Kept != KeptSigned {
		t.Errorf("%d bytes, %+v", len(twin), out)
	}
}

// TestScansAreReadByOtherPrograms draws a twin with what is installed.
func TestScansAreReadByOtherPrograms(t *testing.T) {
	doc := onPage(scanWidth, scanHeight, "", sheet(scanWidth, scanHeight, func(x, y int) color.RGBA {
		if text(x, y) {
			return grey(40)
		}
		return grey(240)
	}))
	twin, _ := lighten(t, doc)
	path := filepath.Join(t.TempDir(), "twin.pdf")
	if err := os.WriteFile(path, twin, 0o600); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, command := range renderers(path) {
		name := command[0]
		if name == "node" {
			name = command[3]
		}
		if _, err := exec.LookPath(command[0]); err != nil {
			continue
		}
		ran++
		out, err := exec.Command(command[0], command[1:]...).Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		dark := 0
		for _, g := range out[min(20, len(out)):] {
			if g < 160 {
				dark++
			}
		}
		if share := float64(dark) / float64(len(out)); !(share >= 0.05 && share <= 0.5) {
			t.Errorf("%s draws a page that is dark for %.2f", name, share)
		}
	}
	if ran == 0 {
		t.Skip("no program that draws PDF is installed")
	}
	t.Logf("%d of five engines drew it", ran)
}

// renderers are the commands that draw the first page of a document at 50 dpi in
// greys: poppler, MuPDF, Ghostscript, and PDFium and pdf.js where XHL_DRAWERS
// names a folder that has their packages.
func renderers(path string) [][]string {
	list := [][]string{
		{"pdftoppm", "-q", "-r", "50", "-gray", path},
		{"mutool", "draw", "-q", "-r", "50", "-c", "gray", "-F", "pgm", "-o", "-", path},
		{"gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pgmraw", "-r50", "-sOutputFile=-", path},
	}
	if packages := os.Getenv("XHL_DRAWERS"); packages != "" {
		for _, engine := range []string{"pdfium", "pdfjs"} {
			list = append(list, []string{"node", filepath.Join("testdata", "draw.mjs"), packages, engine, path})
		}
	}
	return list
}
