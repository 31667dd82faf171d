package batch

import (
	"slices"
	"strings"
	"time"

	"paye/app/build"
	"paye/internal/anomalie"
)

// Step is a part of the work for one employer.
type Step string

// The steps, in the order in which they are done.
const (
	StepCheck      Step = "check"
	StepVariations Step = "variations"
	StepBuild      Step = "build"
	StepBulletins  Step = "bulletins"
	StepDeposit    Step = "deposit"
	StepSend       Step = "send"
)

// Steps are all of them, in order.
var Steps = []Step{StepCheck, StepVariations, StepBuild, StepBulletins, StepDeposit, StepSend}

// ParseSteps reads a list with commas and puts it in order; empty is check and
// build.
func ParseSteps(s string) ([]Step, error) {
	if s == "" {
		return []Step{StepCheck, StepBuild}, nil
	}
	wanted := make(map[Step]bool)
	for name := range strings.SplitSeq(s, ",") {
		step := Step(strings.TrimSpace(name))
		if !slices.Contains(Steps, step) {
			return nil, Codes.New(UnknownStep, string(step))
		}
		wanted[step] = true
	}
	return slices.DeleteFunc(slices.Clone(Steps), func(s Step) bool { return !wanted[s] }), nil
}

// Employeur is a payroll to work on: a row of the table. What it leaves empty is
// that of the whole batch.
type Employeur struct {
	Dossier string // name below the output folder
	Entree  string // a journal, a run, or the folder of one
	Siret   string
	IdPost  string
	CodCol  string
	CodBud  string
	FinJur  string
	Limit   int64 // bytes
	Mandats []string
	Avant   string // payroll of the month before, for variations

	// Faute is why the employer cannot be worked on at all, nil otherwise.
	Faute *anomalie.Anomalie
}

// Task is the work for one employer: a plain value that can be kept and sent,
// with references to what is read and written, never the content.
type Task struct {
	Dossier string        `json:"dossier"`
	Steps   []Step        `json:"steps"`
	Sortie  string        `json:"sortie"`            // folder of what is made
	Avant   string        `json:"avant,omitempty"`   // payroll of the month before
	Build   build.Request `json:"build"`             // Date is today when zero
	Octets  int64         `json:"octets"`            // of the input, to share the machine by
	Jour    time.Time     `json:"jour,omitzero"`     // that today is, when Build.Date is zero: all attempts write the same bytes
	Couleur string        `json:"couleur,omitempty"` // of the slips
	Logo    string        `json:"logo,omitempty"`    // file, of the slips
	Retry   bool          `json:"-"`                 // what is done is done again
	Later   []Step        `json:"-"`                 // steps after Steps, which are another job's
}

// Etat is how the work for an employer ended.
type Etat string

// What becomes of an employer.
const (
	Done        Etat = "fait"
	Already     Etat = "deja"       // done before, with the same content and options
	Anomalies   Etat = "anomalies"  // the check, the variations or an answer want a person
	Failed      Etat = "echec"      // a step stopped
	Interrupted Etat = "interrompu" // the batch stopped before its end
	Cancelled   Etat = "annule"     // somebody took it out of the queue
)

// Outcome is what became of one employer. It holds no personal datum but
// matricules.
type Outcome struct {
	Dossier   string `json:"dossier"`
	Siret     string `json:"siret,omitempty"`
	Periode   string `json:"periode,omitempty"` // YYYY-MM
	Etat      Etat   `json:"etat"`
	Step      Step   `json:"etape,omitempty"` // the last one that was begun
	Exit      int    `json:"exit"`            // code that the command of the step would have returned
	Bulletins int    `json:"bulletins,omitempty"`
	Volumes   int    `json:"volumes,omitempty"`
	Octets    int64  `json:"octets,omitempty"` // of the volumes
	Avis      int    `json:"avertissements,omitempty"`
	Millis    int64  `json:"duree_ms"`

	Code    string `json:"code,omitempty"`    // of the anomaly that stopped it
	Message string `json:"message,omitempty"` // in the language of the batch
	Geste   string `json:"geste,omitempty"`   // what a person does about it
	Machine bool   `json:"machine,omitempty"` // it is a fault of a machine: trying again may do

	cause error // what stopped it
}

// Waits reports whether a person has something to do.
func (o *Outcome) Waits() bool { return o.Etat == Anomalies || o.Etat == Failed }

// Summary is a night.
type Summary struct {
	Debut, Fin time.Time
	Outcomes   []Outcome // in the order of the employers
	SansPaye   []string  // what of the folder is no employer: see [Find]
}

// Count is how many employers ended in a state.
func (s *Summary) Count(e Etat) int {
	n := 0
	for i := range s.Outcomes {
		if s.Outcomes[i].Etat == e {
			n++
		}
	}
	return n
}

// Exit is the exit code of the whole: 130 when it was interrupted, else 3 when
// a person has something to do, else 0.
func (s *Summary) Exit() int {
	switch {
	case s.Count(Interrupted) > 0:
		return 130
	case s.Count(Failed)+s.Count(Anomalies) > 0:
		return 3
	}
	return 0
}
