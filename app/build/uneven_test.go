package build

import (
	"context"
	"path/filepath"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/splitter"
	"paye/synth"
)

func TestBalancedVolumesAreEvenOrItIsSaidWhy(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 600, Pieces: 24, Journal: true})
	for name, c := range map[string]struct {
		limit int64
		wish  func(*Request)
		told  bool
	}{
		"even":                       {2_000_000, func(*Request) {}, false},
		"not asked":                  {2_000_000, func(r *Request) { r.Equilibre = false }, false},
		"fixed cuts":                 {3_000_000, func(r *Request) { r.Mode, r.Par = splitter.Nombre, 550 }, true},
		"establishments are not cut": {2_000_000, func(r *Request) { r.Ensemble = splitter.ParEtablissement }, true},
	} {
		t.Run(name, func(t *testing.T) {
			dem := demande(filepath.Join(dir, "journal.xhl"), t.TempDir(), c.limit)
			dem.PJ, dem.Index, dem.Format, dem.Equilibre = filepath.Join(dir, "justificatifs"), filepath.Join(dir, "justificatifs.csv"), FormatZip, true
			c.wish(&dem.Request)
			told := false
			dem.Anomalie = func(a *anomalie.Anomalie) { told = told || a.Code == Inegaux }
			d, err := Prepare(context.Background(), dem.Request, dem.Watch)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if len(d.Plan.Volumes) < 2 {
				t.Fatalf("%d volumes", len(d.Plan.Volumes))
			}
			if told != c.told {
				for _, v := range d.Plan.Volumes {
					t.Log(v.Octets)
				}
				t.Errorf("told %v, want %v", told, c.told)
			}
		})
	}
}

func TestNoPieceIsBlamedWhereNoneTravels(t *testing.T) {
	d := &Job{dem: &demand{}, Plan: &splitter.Plan{Volumes: []*splitter.Volume{{Octets: 1000}, {Octets: 2000}}}}
	why := d.unevenness()
	if got := why.In(lang.French, why.Args...); got != "un bulletin reste entier" {
		t.Errorf("got %q", got)
	}
}
