package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"paye/app/check"
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/progress"
)

// Engine answers the wishes of one page, one at a time. The working folder of
// the process is the drop.
type Engine struct {
	Version string
	Now     func() time.Time
	Out     string // folder of what is made
}

// Ask is one wish.
type Ask struct {
	Do     string   `json:"do"`
	Folder string   `json:"folder,omitempty"` // to work in; as it is when empty
	Paths  []string `json:"paths,omitempty"`  // for check; of the month before, for variations

	Limit    string   `json:"limit,omitempty"`    // for check
	Tolerant bool     `json:"tolerant,omitempty"` // for check
	Settings Settings `json:"settings"`

	Rows       []row    `json:"rows,omitempty"`       // for indexText
	Matricules []string `json:"matricules,omitempty"` // for bulletins; all of them when empty
}

// Answer is what a wish came to. Without a Fault it is whole.
type Answer struct {
	Lines []json.RawMessage `json:"lines"`
	View  any               `json:"view,omitempty"`
	Fault *Fault            `json:"fault,omitempty"`
}

// Text is a text for people in both languages: the page shows one, and changes
// without asking again.
type Text struct {
	FR string `json:"fr"`
	EN string `json:"en"`
}

// both makes a Text of what says something in a language.
func both(say func(lang.Language) string) Text { return Text{say(lang.French), say(lang.English)} }

// Fault is what stopped the work.
type Fault struct {
	Code    string `json:"code,omitempty"`
	Message Text   `json:"message"`
	Lieu    Text   `json:"lieu"`
	Aide    Text   `json:"aide"`
}

// FaultOf tells an error.
func FaultOf(err error) *Fault {
	var a *anomalie.Anomalie
	if errors.As(err, &a) {
		return &Fault{Code: a.Code, Message: both(a.Message), Lieu: both(a.Lieu), Aide: both(a.OnPage)}
	}
	f := &Fault{Message: both(func(l lang.Language) string { return lang.Say(l, err) })}
	if why, known := lang.Explain(err); known {
		f.Aide = both(func(l lang.Language) string { return why.Hint.In(l) })
	}
	return f
}

// work is a wish under way.
type work struct {
	*Engine
	ask    Ask
	lines  []json.RawMessage
	found  *check.Constats
	counts *progress.Progress
}

// maxExamples is how many places of a code are told.
const maxExamples = 5

// Answer does what is asked, counting in p.
func (e *Engine) Answer(ctx context.Context, ask Ask, p *progress.Progress) *Answer {
	w := &work{Engine: e, ask: ask, found: check.NewConstats(maxExamples), counts: p}
	wishes := map[string]func(context.Context) (any, error){"check": w.check, "sort": w.sort, "plan": w.plan, "build": w.build,
		"index": w.index, "indexText": w.indexText, "bulletins": w.bulletins, "variations": w.variations}
	wish := wishes[ask.Do]
	if wish == nil {
		return &Answer{Fault: FaultOf(fmt.Errorf("unknown wish %q", ask.Do))}
	}
	if ask.Folder != "" {
		if err := os.Chdir(ask.Folder); err != nil {
			return &Answer{Fault: FaultOf(err)}
		}
	}
	view, err := wish(ctx)
	answer := &Answer{Lines: w.lines, View: view}
	if err != nil {
		answer.Fault = FaultOf(err)
		answer.View = map[string]any{"groups": groups(w.found)}
	}
	return answer
}

// tell adds values as the command prints them.
func (w *work) tell(values ...any) error {
	for _, v := range values {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("write a line: %w", err)
		}
		w.lines = append(w.lines, b)
	}
	return nil
}

// anomaly keeps what is found on the way.
func (w *work) anomaly(a *anomalie.Anomalie) {
	w.found.Add(a)
	if b, err := json.Marshal(a); err == nil { // of strings and numbers
		w.lines = append(w.lines, b)
	}
}
