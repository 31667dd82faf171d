package payslip_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/payslip"
)

func picture(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(y), B: 90, A: uint8(x + y)})
		}
	}
	return img
}

func encoded(t *testing.T, img image.Image, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(b *bytes.Buffer, img image.Image) error  { return png.Encode(b, img) }
func asJPEG(b *bytes.Buffer, img image.Image) error { return jpeg.Encode(b, img, nil) }

func TestLogoIsInTheDocument(t *testing.T) {
	for name, row := range map[string]struct {
		file []byte
		want string // of pdfimages -list: width and height
	}{
		"PNG":        {encoded(t, picture(120, 80), asPNG), "120 80 rgb"},
		"JPEG":       {encoded(t, picture(120, 80), asJPEG), "120 80 rgb"},
		"large PNG":  {encoded(t, picture(1200, 300), asPNG), "480 120 rgb"},
		"tall JPEG":  {encoded(t, picture(100, 1000), asJPEG), "48 480 rgb"},
		"thin PNG":   {encoded(t, picture(3000, 1), asPNG), "480 1 rgb"},
		"small icon": {encoded(t, picture(1, 1), asPNG), "1 1 rgb"},
	} {
		t.Run(name, func(t *testing.T) {
			pdf := render(t, payslip.Options{Logo: row.file}, employer(), slip())
			if got := fields(judge(t, pdf, "pdfimages", "-list", "FILE")); !strings.Contains(got, row.want) {
				t.Errorf("no picture %q in %s", row.want, got)
			}
			line(t, text(t, pdf), "Commune de Castelbrume")
			judge(t, pdf, "pdftoppm", "-r", "30", "FILE")
		})
	}
}

func TestLogoThatIsNone(t *testing.T) {
	whole := encoded(t, picture(50, 50), asPNG)
	for name, row := range map[string]struct {
		file []byte
		code string
	}{
		"GIF":       {[]byte("GIF89a"), "BUL-001"},
		"cut short": {whole[:len(whole)/2], "BUL-001"},
		"too wide":  {encoded(t, image.NewGray(image.Rect(0, 0, 8001, 1)), asPNG), "BUL-002"},
		"too heavy": {append(whole, make([]byte, payslip.MaxLogo)...), "BUL-002"},
	} {
		_, err := payslip.New(payslip.Options{Logo: row.file})
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Code != row.code {
			t.Errorf("%s: got %v, want %s", name, err, row.code)
		}
	}
}
