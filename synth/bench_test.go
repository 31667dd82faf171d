package synth

import (
	"context"
	"io"
	"testing"

	"paye/xhl"
)

func BenchmarkBulletin(b *testing.B) {
	for _, p := range []Profil{Ordinaire, Dense} {
		b.Run("profil="+p.String(), func(b *testing.B) {
			r, err := Generate(Options{Bulletins: 10_000, Profil: p})
			if err != nil {
				b.Fatal(err)
			}
			var one xhl.Bulletin
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				r.Bulletin(n%10_000, &one)
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, p := range []Profil{Ordinaire, Dense} {
		r, err := Generate(Options{Bulletins: 2_000, Profil: p})
		if err != nil {
			b.Fatal(err)
		}
		for name, write := range map[string]func(context.Context, io.Writer, *Progress) error{"xhl": r.WriteXHL, "jsonl": r.WriteJSONL} {
			b.Run("format="+name+"/profil="+p.String(), func(b *testing.B) {
				var s Progress
				b.ReportAllocs()
				for b.Loop() {
					if err := write(context.Background(), io.Discard, &s); err != nil {
						b.Fatal(err)
					}
				}
				b.SetBytes(s.Octets.Load() / int64(b.N))
			})
		}
	}
}
