package jobs

import (
	"bytes"
	"cmp"
	"encoding/json"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Args are a job. The first four say which one it is: while it waits or is
// worked on there is no second with the same.
type Args struct {
	Employeur string `json:"employeur" river:"unique"` // who, as its book knows it
	Mois      string `json:"mois" river:"unique"`      // YYYY-MM
	Train     string `json:"train" river:"unique"`
	Step      string `json:"etape" river:"unique"`

	Lot      string `json:"lot"`                  // folder of the batch
	Dossier  string `json:"dossier"`              // of the employer in it
	Seconds  int    `json:"duree"`                // that an attempt may take
	Attempts int    `json:"tentatives,omitempty"` // at most; 6 when 0
	Task     Task   `json:"tache"`                // references and options, never content
}

// Task is the JSON of what a job does. In the row it is a text: River indexes each
// name and each value of an object, three times in the life of a job.
type Task []byte

// MarshalJSON implements [json.Marshaler].
func (t Task) MarshalJSON() ([]byte, error) { return json.Marshal(string(t)) }

// UnmarshalJSON implements [json.Unmarshaler]. It reads the object too that a
// version before wrote.
func (t *Task) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '"' {
		*t = bytes.Clone(data)
		return nil
	}
	var text string
	err := json.Unmarshal(data, &text)
	*t = Task(text)
	return err
}

// Kind names the jobs in the database.
func (Args) Kind() string { return "xhl_etape" }

// attempts leave room for some machines that die under a job; the fifth comes a
// quarter of an hour after the first. A fault of the data uses one.
const attempts = 6

// live are the states in which a job is still to end. A job that has ended bars
// no other: whether its work is done is what the ledger says.
var live = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled}

// InsertOpts are in the row of the job, whoever works on it.
func (a Args) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: cmp.Or(a.Attempts, attempts), UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: live}}
}

// limit is how long an attempt may take.
func (a *Args) limit() time.Duration { return time.Duration(max(a.Seconds, 1)) * time.Second }

// grace is what an attempt has beyond its time to notice that it is over. Only
// then may another worker be given the job.
func (a *Args) grace() time.Duration { return max(2*time.Second, a.limit()/10) }
