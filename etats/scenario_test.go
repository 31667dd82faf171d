package etats_test

import (
	"context"
	"testing"

	"paye/etats/etatstest"
)

// TestScenarios holds comparisons to what was planted: with the mapping given,
// everything is found and nothing else; with a proposed one, nearly so.
func TestScenarios(t *testing.T) {
	for _, s := range etatstest.Scenarios(1000) {
		for _, given := range []bool{true, false} {
			name := s.Name + "/proposed"
			if given {
				name = s.Name + "/given"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r, err := s.Play(context.Background(), 1, given)
				if err != nil {
					t.Fatal(err)
				}
				judge(t, &r.Score, given)
			})
		}
	}
}

func judge(t *testing.T, s *etatstest.Score, given bool) {
	t.Helper()
	recall, precision := 970, 950
	if given {
		recall, precision = 1000, 990
	}
	if s.Recall() < recall || s.Precision() < precision {
		t.Errorf("recall %d ‰ of %d planted, precision %d ‰ of %d found; want %d and %d", s.Recall(), s.Planted, s.Precision(), s.Found, recall, precision)
	}
	if given && (s.Coverage() < 990 || !s.MissingRight) {
		t.Errorf("coverage right %d ‰, missing pieces exact: %v", s.Coverage(), s.MissingRight)
	}
	if !s.GeneralRight {
		t.Error("the general causes are not those planted")
	}
	if t.Failed() {
		for _, list := range [][]string{s.Lost, s.Extra, s.Wrong} {
			for i, one := range list {
				if i < 12 {
					t.Log(one)
				}
			}
			t.Log("--")
		}
	}
}
