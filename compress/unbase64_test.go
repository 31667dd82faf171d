package compress

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

// spaced puts white space between characters of s here and there.
func spaced(r *rand.Rand, s string) string {
	var b strings.Builder
	for len(s) > 0 {
		n := min(len(s), 1+r.IntN(100))
		b.WriteString(s[:n])
		for range r.IntN(3) {
			b.WriteByte(" \n\r\t"[r.IntN(4)])
		}
		s = s[n:]
	}
	return b.String()
}

func TestBase64ReaderTakesWhiteSpaceAnywhere(t *testing.T) {
	r := seeded(40)
	for i := range 200 {
		want := noise(r, r.IntN(1<<r.IntN(18)))
		text := base64.StdEncoding.EncodeToString(want)
		var src io.Reader = strings.NewReader(text)
		switch i % 4 {
		case 1:
			src = strings.NewReader(spaced(r, text))
		case 2:
			src = iotest.OneByteReader(strings.NewReader(spaced(r, text)))
		case 3:
			src = iotest.DataErrReader(iotest.HalfReader(strings.NewReader(spaced(r, text))))
		}
		got, err := io.ReadAll(NewBase64Reader(src))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("case %d: %d bytes, %v, want %d bytes", i, len(got), err, len(want))
		}
	}
}

func TestBase64ReaderSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct {
		name, text, code string
		offset           int64
		before           string
	}{
		{"junk", "QUJD*UJD", Base64Intrus, 4, "ABC"},
		{"junk after white space", "QUJD QUJD\nQU!D", Base64Intrus, 12, "ABCABC"},
		{"NUL", "QUJD\x00", Base64Intrus, 4, "ABC"},
		{"byte above ASCII", "QUJDQUJDQUJDQ\xe9JD", Base64Intrus, 13, "ABCABCABC"},
		{"URL alphabet", "QUJDQUJDQUJD-_-_", Base64Intrus, 12, "ABCABCABC"},
		{"padding at the start", "====", Base64Bourre, 0, ""},
		{"padding after one character", "QUJDQ===", Base64Bourre, 5, "ABC"},
		{"characters after the padding", "QUI=QUJD", Base64Bourre, 4, "AB"},
		{"padding after the padding", "QUI==", Base64Bourre, 4, "AB"},
		{"character inside the padding", "QQ=Q", Base64Bourre, 3, ""},
		{"bits left over, one byte", "QR==", Base64Bourre, 3, ""},
		{"bits left over, two bytes", "QUJ=", Base64Bourre, 3, ""},
		{"one character", "Q", Base64Tronque, 1, ""},
		{"two characters", "QUJDQU", Base64Tronque, 6, "ABC"},
		{"three characters", "QUJDQUJ\n", Base64Tronque, 8, "ABC"},
		{"half of the padding", "QQ=", Base64Tronque, 3, ""},
	} {
		got, err := io.ReadAll(NewBase64Reader(strings.NewReader(c.text)))
		if codeOf(err) != c.code || offsetOf(err) != c.offset || string(got) != c.before {
			t.Errorf("%s: %q, %s at %d, want %q, %s at %d", c.name, got, codeOf(err), offsetOf(err), c.before, c.code, c.offset)
		}
	}
}

func TestBase64ReaderTakesPaddingAmidWhiteSpace(t *testing.T) {
	for text, want := range map[string]string{"": "", " \n": "", "Q Q =\n=\t": "A", "QU I\r\n = ": "AB"} {
		got, err := io.ReadAll(NewBase64Reader(strings.NewReader(text)))
		if err != nil || string(got) != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestBase64ReaderPassesErrorsOfTheReaderBelow(t *testing.T) {
	got, err := io.ReadAll(NewBase64Reader(io.MultiReader(strings.NewReader("QUJDQ"), iotest.ErrReader(iotest.ErrTimeout))))
	if !errors.Is(err, iotest.ErrTimeout) || string(got) != "ABC" {
		t.Errorf("got %q, %v, want ABC and the error of the reader", got, err)
	}
}

// plainBase64 is the twin of Base64Reader: drop the white space, then the
// standard library, strict.
func plainBase64(text []byte) ([]byte, bool) {
	text = bytes.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\r\t", r) {
			return -1
		}
		return r
	}, bytes.ToValidUTF8(text, []byte("*")))
	out, err := base64.StdEncoding.Strict().DecodeString(string(text))
	return out, err == nil
}

func FuzzBase64Reader(f *testing.F) {
	for _, s := range []string{"", "QUJD", "QUI=", "QQ==", "Q Q\n= =", "QUJDQUJDQUJDQ*JD", "QUI=\n=", "QR=="} {
		f.Add([]byte(s), uint8(3))
	}
	f.Fuzz(func(t *testing.T, text []byte, step uint8) {
		want, ok := plainBase64(text)
		got, err := io.ReadAll(NewBase64Reader(&stepReader{bytes.NewReader(text), int(step)}))
		if (err == nil) != ok || ok && !bytes.Equal(got, want) {
			t.Fatalf("%q: %q, %v; the plain twin: %q, %v", text, got, err, want, ok)
		}
		if at := offsetOf(err); err != nil && (at < 0 || at > int64(len(text))) {
			t.Fatalf("%q: offset %d", text, at)
		}
	})
}

// stepReader gives at most step bytes at a time.
type stepReader struct {
	r    io.Reader
	step int
}

func (s *stepReader) Read(p []byte) (int, error) {
	return s.r.Read(p[:min(len(p), max(1, s.step))])
}

func BenchmarkBase64Reader(b *testing.B) {
	line := base64.StdEncoding.EncodeToString(noise(seeded(41), 3<<20))
	var broken strings.Builder
	for i := 0; i < len(line); i += 76 {
		broken.WriteString(line[i:min(len(line), i+76)] + "\r\n")
	}
	for name, text := range map[string]string{"one line": line, "76 columns": broken.String()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := io.Copy(io.Discard, NewBase64Reader(strings.NewReader(text))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
