package jobs

import (
	"testing"

	"github.com/riverqueue/river/rivertype"
)

func TestSuspectsAreThoseThatMayHaveKilledTheirWorker(t *testing.T) {
	for _, tc := range []struct {
		metadata          string
		attempt, attempts int
		want              bool
	}{
		{`{}`, 2, 6, false},
		{`{"snoozes": 2}`, 2, 2, false},
		{`{"river:rescue_count": 1}`, 2, 6, false},
		{`{"river:rescue_count": 2, "snoozes": 1}`, 3, 6, true},
		{`{"river:rescue_count": 1}`, 4, 6, true},
		{`{"river:rescue_count": 1}`, 2, 2, true},
	} {
		if got := suspect(&rivertype.JobRow{Metadata: []byte(tc.metadata), Attempt: tc.attempt, MaxAttempts: tc.attempts}); got != tc.want {
			t.Errorf("%s, attempt %d of %d: %v", tc.metadata, tc.attempt, tc.attempts, got)
		}
	}
}
