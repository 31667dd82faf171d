package payslip_test

import (
	"testing"

	"paye/payslip"
	"paye/synth"
	"paye/xhl"
)

func BenchmarkAppend(b *testing.B) {
	run, err := synth.Generate(synth.Options{Bulletins: 200, Seed: 1, Pieces: -1})
	if err != nil {
		b.Fatal(err)
	}
	r, err := payslip.New(payslip.Options{})
	if err != nil {
		b.Fatal(err)
	}
	list := make([]xhl.Bulletin, run.Len())
	for i := range list {
		run.Bulletin(i, &list[i])
	}
	e := run.Entete()
	var dst []byte
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if dst, err = r.Append(dst[:0], e, &list[i%len(list)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(dst)), "B/bulletin")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "bulletins/s")
}
