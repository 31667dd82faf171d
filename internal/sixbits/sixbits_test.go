package sixbits

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"testing"
)

func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// The standard library is the judge of every way.
var encoders = map[string]func(dst, src []byte) int{"fast": encodeFast, "plain": encodePlain, "both": Encode}
var decoders = map[string]func(dst, src []byte) int{"fast": decodeFast, "plain": decodePlain, "both": Decode}

func TestEncodeIsThatOfTheStandard(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 300 {
		src := noise(r, n)
		for name, encode := range encoders {
			dst := make([]byte, n/3*4+Slack)
			done := encode(dst, src)
			want := base64.StdEncoding.EncodeToString(src[:done])
			if done%3 != 0 || string(dst[:done/3*4]) != want {
				t.Fatalf("%s, %d bytes: %d done, %q, want %q", name, n, done, dst[:done/3*4], want)
			}
			if name == "both" && n-done >= 32 {
				t.Fatalf("%d bytes: %d left", n, n-done)
			}
		}
	}
}

func TestNothingIsWrittenBeyondTheRoom(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	src := noise(r, 400)
	text := []byte(base64.StdEncoding.EncodeToString(src))
	for room := range 200 {
		buf := bytes.Repeat([]byte{'!'}, 300)
		Encode(buf[:room:room], src)
		if i := bytes.IndexFunc(buf[room:], func(r rune) bool { return r != '!' }); i >= 0 {
			t.Fatalf("room for %d characters: written %d beyond", room, i)
		}
		buf = bytes.Repeat([]byte{'!'}, 300)
		if done := Decode(buf[:room:room], text); done/4*3 > room || !bytes.Equal(buf[:done/4*3], src[:done/4*3]) {
			t.Fatalf("room for %d bytes: %d done", room, done)
		}
		if i := bytes.IndexFunc(buf[room:], func(r rune) bool { return r != '!' }); i >= 0 {
			t.Fatalf("room for %d bytes: written %d beyond", room, i)
		}
	}
}

// Every byte, at every place of the 32 that are looked at together.
func TestEveryByteIsTakenOrStoppedAt(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	src := noise(r, 72)
	text := []byte(base64.StdEncoding.EncodeToString(src))
	dst := make([]byte, len(src)+Slack)
	for c := range 256 {
		for at := range text {
			altered := bytes.Clone(text)
			altered[at] = byte(c)
			want, err := base64.StdEncoding.DecodeString(string(altered))
			valid := err == nil && Values[c] != None
			for name, decode := range decoders {
				done := decode(dst, altered)
				switch {
				case done%4 != 0, done > at && !valid, name != "fast" && valid && done != len(text), name != "fast" && !valid && done != at/8*8:
					t.Fatalf("%s: byte %#x at %d: %d done", name, c, at, done)
				case valid && !bytes.Equal(dst[:done/4*3], want[:done/4*3]), !valid && !bytes.Equal(dst[:done/4*3], src[:done/4*3]):
					t.Fatalf("%s: byte %#x at %d: other bytes", name, c, at)
				}
			}
			full := runPlain(altered)
			if valid != (full == len(altered)) {
				t.Fatalf("byte %#x at %d: a run of %d", c, at, full)
			}
			if n := Run(altered); n > full || avx2Here() && n != full/32*32 {
				t.Fatalf("byte %#x at %d: a run of %d, want %d", c, at, n, full)
			}
		}
	}
}

// runPlain is the length of the run that src begins with.
func runPlain(src []byte) int {
	for i, c := range src {
		if Values[c] == None {
			return i
		}
	}
	return len(src)
}

func avx2Here() bool { return runFast(bytes.Repeat([]byte{'A'}, 32)) == 32 }

func FuzzDecode(f *testing.F) {
	f.Add([]byte("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg=="))
	f.Add(bytes.Repeat([]byte("+/Az09Z"), 30))
	f.Fuzz(func(t *testing.T, text []byte) {
		dst, plain := make([]byte, len(text)+Slack), make([]byte, len(text)+Slack)
		done, want := Decode(dst, text), decodePlain(plain, text)
		if done != want || !bytes.Equal(dst[:done/4*3], plain[:done/4*3]) {
			t.Fatalf("%d characters done, the plain twin %d", done, want)
		}
		again := make([]byte, done+Slack)
		n := Encode(again, dst[:done/4*3])
		if string(again[:n/3*4]) != string(text[:n/3*4]) {
			t.Fatalf("%q became %q", text[:n/3*4], again[:n/3*4])
		}
		if run, full := Run(text), runPlain(text); run > full {
			t.Fatalf("a run of %d, %d by the plain twin", run, full)
		}
	})
}

func BenchmarkEncode(b *testing.B) { bench(b, encoders, noise(rand.New(rand.NewPCG(4, 4)), 48<<10)) }

func BenchmarkDecode(b *testing.B) {
	bench(b, decoders, []byte(base64.StdEncoding.EncodeToString(noise(rand.New(rand.NewPCG(4, 4)), 48<<10))))
}

func bench(b *testing.B, ways map[string]func(dst, src []byte) int, src []byte) {
	dst := make([]byte, 64<<10+Slack)
	for _, name := range []string{"fast", "plain"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				ways[name](dst, src)
			}
		})
	}
}
