package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

// This is the only file that prints. The rules of the terminal:
//
//   - what was asked for goes to standard output, talk goes to standard error;
//   - what was asked for and could not be written is a failure, exit 1;
//   - with --json, standard output has JSON lines only, the same in every
//     language, and the last one has the type "result";
//   - errors are one line "erreur :" or "error:", then what to do, as "conseil :"
//     or "hint:";
//   - colours and bars are for terminals; NO_COLOR is respected.
type ui struct {
	lang  lang.Language
	out   *output
	err   io.Writer
	json  bool
	quiet bool
	tty   bool // standard error is a terminal
	color bool

	repeats repeats
	advised advised

	mu       sync.Mutex
	progress *bars
}

func newUI(lang lang.Language, out, err io.Writer, getenv func(string) string) *ui {
	u := &ui{lang: lang, out: &output{w: out}, err: err}
	if f, ok := err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		u.tty = true
		u.color = getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
	}
	return u
}

func (u *ui) configure(json, quiet bool) { u.json, u.quiet = u.json || json, u.quiet || quiet }

func (u *ui) text(t lang.Text, args ...any) string { return t.In(u.lang, args...) }

// say is talk: it is left out with --quiet.
func (u *ui) say(t lang.Text, args ...any) {
	if !u.quiet {
		u.line(u.err, u.text(t, args...))
	}
}

// print is what was asked for, in words; --json has it as data instead.
func (u *ui) print(s string) {
	if !u.json {
		u.line(u.out, s)
	}
}

// data is what was asked for, as a JSON line; it is left out without --json.
func (u *ui) data(v any) error {
	if !u.json {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	u.line(u.out, string(b))
	return nil
}

func (u *ui) line(w io.Writer, s string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.progress != nil && w == u.err {
		u.progress.above(s)
		return
	}
	fmt.Fprintln(w, s)
}

func (u *ui) paint(color, s string) string {
	if !u.color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

const (
	red    = "31"
	yellow = "33"
	bold   = "1"
)

var graviteLabels = map[anomalie.Gravite]struct {
	lang.Text
	color string
}{
	anomalie.Erreur:        {lang.Text{FR: "erreur", EN: "error"}, red},
	anomalie.Avertissement: {lang.Text{FR: "avertissement", EN: "warning"}, yellow},
	anomalie.Info:          {lang.Text{FR: "information", EN: "note"}, bold},
}

var conseil = lang.Text{FR: "conseil : %s", EN: "hint: %s"}

// anomalie shows a finding that does not stop the work, and what to do, which is
// told once.
func (u *ui) anomalie(a *anomalie.Anomalie) {
	if u.json {
		u.data(a)
		return
	}
	if u.quiet && a.Gravite != anomalie.Erreur {
		return
	}
	label := graviteLabels[a.Gravite]
	s := u.paint(label.color, u.text(label.Text)) + u.colon() + a.Code + " " + a.Message(u.lang)
	if lieu := a.Lieu(u.lang); lieu != "" {
		s += " (" + lieu + ")"
	}
	if hint := u.advised.new(a.Code, a.Aide(u.lang)); hint != "" {
		s += "\n" + u.text(conseil, hint)
	}
	u.line(u.err, s)
}

// gathered shows a finding that many bulletins may have: the first ones of a
// kind, and all of them as data.
func (u *ui) gathered(a *anomalie.Anomalie) {
	if u.json || u.repeats.shows(a) {
		u.anomalie(a)
	}
}

// endGathered tells how many there were beyond those that were shown.
func (u *ui) endGathered() {
	for _, r := range u.repeats.end() {
		if u.quiet && r.first.Gravite != anomalie.Erreur {
			continue
		}
		label := graviteLabels[r.first.Gravite]
		u.line(u.err, u.paint(label.color, u.text(label.Text))+u.colon()+u.text(lang.Text{FR: "%s et %d de plus", EN: "%s and %d more"}, r.first.Code, r.hidden()))
	}
}

// colon is the French or English one.
func (u *ui) colon() string {
	if u.lang == lang.English {
		return ": "
	}
	return " : "
}

var interrompu = lang.Text{FR: "interrompu ; rien n'est resté à moitié écrit, la même commande peut être relancée", EN: "interrupted; nothing was left half-written, the same command can be run again"}

var (
	sortieCoupee     = lang.Text{FR: "la sortie standard n'a pas pu être écrite en entier : %v", EN: "standard output could not be written whole: %v"}
	sortieCoupeeAide = lang.Text{FR: "libérez de la place ou changez de destination, et redemandez-la ; ce que la commande devait écrire ailleurs l'est", EN: "make room or choose another destination, and ask for it again; what the command had to write elsewhere is written"}
)

// cutShort says that what was asked for did not all arrive.
func (u *ui) cutShort(err error) {
	u.line(u.err, u.paint(red, u.text(lang.Text{FR: "erreur", EN: "error"}))+u.colon()+u.text(sortieCoupee, err))
	u.line(u.err, u.text(conseil, u.text(sortieCoupeeAide)))
}

// fail says why the command stops, and what to do.
func (u *ui) fail(err error, code int) {
	var a *anomalie.Anomalie
	var asked *usageError
	var message, hint, detail string
	switch {
	case code == exitInterrupted:
		message = u.text(interrompu)
	case errors.As(err, &a):
		message = a.Code + " " + a.Message(u.lang)
		if lieu := a.Lieu(u.lang); lieu != "" {
			message += " (" + lieu + ")"
		}
		hint = a.Aide(u.lang)
	case errors.As(err, &asked):
		message, hint = asked.what, asked.hint
	default:
		message, hint = u.said(err)
		detail = err.Error()
	}
	if u.json {
		result := map[string]any{"type": "result", "ok": false, "exit": code}
		if a != nil {
			u.data(a)
			result["code"] = a.Code
		}
		if detail != "" {
			result["detail"] = detail
		}
		u.data(result)
	}
	u.line(u.err, u.paint(red, u.text(lang.Text{FR: "erreur", EN: "error"}))+u.colon()+message)
	if hint != "" {
		u.line(u.err, u.text(conseil, hint))
	}
}

// number writes a number with its groups, as the language does.
func (u *ui) number(n int64) string { return u.text(lang.Text{FR: "%d", EN: "%d"}, n) }

// octets writes a size for people.
func (u *ui) octets(n int64) string { return lang.Octets(n).In(u.lang) }

// What the interface counts in more than one place.
var (
	bulletinsCounted = lang.Text{FR: "%d bulletin{s}", EN: "%d bulletin{s}"}
	piecesCounted    = lang.Text{FR: "%d pièce{s}", EN: "%d piece{s}"}
	volumesCounted   = lang.Text{FR: "%d volume{s}", EN: "%d volume{s}"}
)

// pourcent writes part of whole with one decimal.
func (u *ui) pourcent(part, whole int64) string {
	if whole <= 0 {
		return ""
	}
	return u.text(lang.Text{FR: "%.1f %%", EN: "%.1f%%"}, 100*float64(part)/float64(whole))
}

// status is a step of a long work: its name, what is done and what there is to
// do, in bytes or in pieces; total is 0 when unknown.
type status struct {
	name        lang.Text
	key         string
	done, total int64
}

// bars shows how far a work is, by asking it.
type bars struct {
	ui    *ui
	ask   func() status
	stop  chan struct{}
	ended sync.WaitGroup
	bars  *mpb.Progress
	bar   *mpb.Bar
}

// How often progress is shown: a bar, a JSON line, a line of text.
const (
	barPeriod  = 150 * time.Millisecond
	jsonPeriod = time.Second
	linePeriod = 30 * time.Second
)

// startProgress shows the progress of a work until endProgress: a bar on a
// terminal, a line every 30 s elsewhere, JSON lines with --json.
func (u *ui) startProgress(ask func() status) { u.startTable(ask, nil) }

// startTable is startProgress with lines below the bar of a terminal.
func (u *ui) startTable(ask func() status, lines func() []string) {
	if u.quiet {
		return
	}
	u.endProgress()
	p := &bars{ui: u, ask: ask, stop: make(chan struct{})}
	period := linePeriod
	switch {
	case u.json:
		period = jsonPeriod
	case u.tty:
		period = barPeriod
		p.bars = mpb.New(mpb.WithOutput(u.err), mpb.WithWidth(40), mpb.WithRefreshRate(barPeriod))
		below := mpb.BarFillerFunc(func(w io.Writer, _ decor.Statistics) error {
			if lines == nil {
				return nil
			}
			_, err := io.WriteString(w, strings.Join(append(lines(), ""), "\n"))
			return err
		})
		p.bar = p.bars.AddBar(0, // whose total is still unknown, and may change
			mpb.BarRemoveOnComplete(),
			mpb.BarExtender(below, false),
			mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return u.text(p.ask().name) }, decor.WC{W: 24, C: decor.DindentRight})),
			mpb.AppendDecorators(decor.Percentage(decor.WC{W: 6})))
	}
	u.mu.Lock()
	u.progress = p
	u.mu.Unlock()
	p.ended.Add(1)
	go func() {
		defer p.ended.Done()
		tick := time.NewTicker(period)
		defer tick.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-tick.C:
				p.show()
			}
		}
	}()
}

func (p *bars) show() {
	s := p.ask()
	switch {
	case p.bar != nil:
		p.bar.SetTotal(max(s.total, s.done)+1, false)
		p.bar.SetCurrent(s.done)
	case p.ui.json:
		p.ui.data(struct {
			Type  string `json:"type"`
			Etape string `json:"etape"`
			Fait  int64  `json:"fait"`
			Total int64  `json:"total,omitempty"`
		}{"progress", s.key, s.done, s.total})
	default:
		line := p.ui.text(s.name)
		if s.total > 0 {
			line += " " + p.ui.pourcent(s.done, s.total)
		} else if s.done > 0 {
			line += " " + p.ui.octets(s.done)
		}
		p.ui.mu.Lock()
		fmt.Fprintln(p.ui.err, line)
		p.ui.mu.Unlock()
	}
}

// above prints a line without breaking the bar. The caller holds ui.mu.
func (p *bars) above(s string) {
	if p.bars != nil {
		fmt.Fprintln(p.bars, s)
		return
	}
	fmt.Fprintln(p.ui.err, s)
}

// endProgress takes the bar away.
func (u *ui) endProgress() {
	u.mu.Lock()
	p := u.progress
	u.mu.Unlock()
	if p == nil {
		return
	}
	close(p.stop)
	p.ended.Wait()
	if p.bar != nil {
		p.bar.Abort(true)
		p.bars.Wait()
	}
	u.mu.Lock()
	u.progress = nil
	u.mu.Unlock()
}
