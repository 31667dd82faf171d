package pespj

import (
	"bytes"
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"paye/compress"
	"paye/internal/anomalie"
)

// fluxDe writes one piece per content, the gzip streams as they are.
func fluxDe(tb testing.TB, gzips ...[]byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, entete())
	if err != nil {
		tb.Fatal(err)
	}
	for i, stream := range gzips {
		p := piece(i, stream)
		if err := w.WritePJ(p); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkCheck(b *testing.B) {
	noise := make([]byte, 96_000_000)
	rng := rand.NewChaCha8([32]byte{1})
	rng.Read(noise)
	var journal bytes.Buffer
	line := `<Remuneration><Code V="TBI"/><Libelle V="Traitement de base indiciaire"/><Mt V="`
	for r := rand.New(rng); journal.Len() < 64<<20; {
		journal.WriteString(line)
		journal.WriteString(strings.Repeat(string(rune('0'+r.IntN(10))), 1+r.IntN(5)))
		journal.WriteString(`"/></Remuneration>`)
	}
	enc := compress.NewEncoder(compress.Normal)
	var packed bytes.Buffer
	gzw := compress.NewGzipWriter(&packed)
	for raw := journal.Bytes(); len(raw) > 0; raw = raw[min(len(raw), compress.BlockRaw):] {
		data, block := enc.AppendBlock(nil, raw[:min(len(raw), compress.BlockRaw)])
		if err := gzw.WriteBlock(block, data); err != nil {
			b.Fatal(err)
		}
	}
	gzw.Close()
	var pieces [][]byte
	for i := range 1500 {
		pieces = append(pieces, gzOctets(string(noise[i*60_000:(i+1)*60_000])))
	}
	var tiny [][]byte
	for range 20_000 {
		tiny = append(tiny, gzOctets("x"))
	}
	for name, flux := range map[string][]byte{
		"archive": fluxDe(b, gzOctets(string(noise))),
		"journal": fluxDe(b, packed.Bytes()),
		"pieces":  fluxDe(b, pieces...),
		// What a hostile or an accounting flux is made of.
		"tiny":       fluxDe(b, tiny...),
		"accounting": []byte(strings.Replace(fluxValide, "<PES_PJ>", "<PES_DepenseAller>"+strings.Repeat("<Piece><BlocPiece><InfoPce><IdPce V=\"832\"/><TypPce V=\"01\"/></InfoPce></BlocPiece></Piece>\n", 300_000)+"</PES_DepenseAller><PES_PJ>", 1)),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(flux)))
			b.ReportAllocs()
			for b.Loop() {
				bilan, err := Check(bytes.NewReader(flux), CheckOptions{}, func(*anomalie.Anomalie) {})
				if err != nil || bilan.Erreurs > 0 {
					b.Fatal(bilan, err)
				}
			}
		})
	}
}

func TestMemoryDoesNotGrowWithThePiece(t *testing.T) {
	alloc := func(size int) float64 {
		flux := fluxDe(t, gzOctets(strings.Repeat("0123456789abcdef", size/16)))
		return testing.AllocsPerRun(3, func() {
			if _, err := Check(bytes.NewReader(flux), CheckOptions{}, func(*anomalie.Anomalie) {}); err != nil {
				t.Fatal(err)
			}
		})
	}
	small, large := alloc(1<<20), alloc(16<<20)
	if large > small+20 {
		t.Errorf("%v allocations for 16 MiB, %v for 1 MiB", large, small)
	}
}

func BenchmarkWriter(b *testing.B) {
	stream := gzOctets(strings.Repeat("x", 32<<20))
	b.SetBytes(int64(len(stream)))
	for b.Loop() {
		w, err := NewWriter(io.Discard, entete())
		if err != nil {
			b.Fatal(err)
		}
		if err := w.WritePJ(piece(1, stream)); err != nil {
			b.Fatal(err)
		}
	}
}

func TestManyTinyPiecesShareTheirBuffers(t *testing.T) {
	const pieces = 500
	list := make([][]byte, pieces)
	for i := range list {
		list[i] = gzOctets("x")
		if i%2 == 1 {
			list[i][10] ^= 0xff // its reader stops at once
		}
	}
	flux := fluxDe(t, list...)
	// A collection empties the pools, whenever it comes.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Check(bytes.NewReader(flux), CheckOptions{}, func(*anomalie.Anomalie) {}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	// A reader of its own takes 190 KiB, a shared one 2. The race detector makes
	// pools forget one buffer of four by chance: 93 then, give or take 4.
	if each := (after.TotalAlloc - before.TotalAlloc) / pieces; each > 140<<10 {
		t.Errorf("%d bytes were allocated a piece", each)
	}
}
