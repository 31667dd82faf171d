package batch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"paye/app/check"
	"paye/internal/durable"
)

// verdictMark is in the names of the files beside an arrival that say what
// became of it.
const verdictMark = ".verdict."

// Verdict is what became of an arrival: the file NAME.verdict.json beside it,
// which also keeps it from being worked on again.
type Verdict struct {
	Outcome
	Erreurs int       `json:"erreurs"`          // that a check found
	Contenu string    `json:"contenu"`          // SHA-256 of what was read
	Fermes  bool      `json:"fermes,omitempty"` // something of it may not be read yet: it is looked at again
	Taille  int64     `json:"taille"`
	Modifie time.Time `json:"modifie"`
	Options string    `json:"options"` // SHA-256 of what was asked, and of the version
	Version string    `json:"version"`
	Quand   time.Time `json:"quand"`
}

// Watcher works on what arrives in a folder, each content once.
type Watcher struct {
	Arrivals
	Env    *Env
	Limits Limits
	Base   Task // what is asked; its names are those of each arrival
	Ended  func(*Verdict)

	rapports map[string]*check.Rapport // of this round, by name
}

// Round works on what has arrived and has no verdict yet, and says when to look
// again at the latest; 0 is when something changes.
func (w *Watcher) Round(ctx context.Context) (again time.Duration, err error) {
	list, again, err := w.Look(w.Env.Now())
	if err != nil {
		return 0, err
	}
	var tasks []*Task
	verdicts := make(map[string]*Verdict)
	for _, a := range list {
		v, err := w.open(ctx, a)
		if err != nil {
			return 0, err
		}
		if v == nil {
			continue
		}
		t := w.Base
		t.Dossier, t.Build.Entree, t.Octets = a.Name, a.Path, a.octets
		if w.Base.Sortie != "" {
			t.Sortie = filepath.Join(w.Base.Sortie, a.Name)
			t.Build.Sortie = t.Sortie
		}
		verdicts[a.Name] = v
		tasks = append(tasks, &t)
	}
	w.work(ctx, tasks, verdicts)
	return again, ctx.Err()
}

// open begins the verdict of an arrival, nil when it has one.
func (w *Watcher) open(ctx context.Context, a Arrival) (*Verdict, error) {
	v := &Verdict{Taille: a.octets, Modifie: a.changed.UTC(), Options: w.options(), Version: w.Env.Version}
	former := new(Verdict)
	text, err := os.ReadFile(w.beside(a.Name, "json"))
	known := err == nil && json.Unmarshal(text, former) == nil && former.Options == v.Options
	same := known && former.Taille == v.Taille && former.Modifie.Equal(v.Modifie)
	if same && !former.Fermes {
		return nil, nil
	}
	h := sha256.New()
	s := &survey{w: h, digest: digestFile}
	if err := s.add(ctx, a.Path); err != nil {
		return nil, err
	}
	v.Contenu, v.Fermes = hex.EncodeToString(h.Sum(nil)), s.unread
	if known && former.Contenu == v.Contenu {
		if same {
			return nil, nil
		}
		former.Modifie = v.Modifie // copied again
		return nil, w.write(former)
	}
	return v, nil
}

// options is the digest of what is asked.
func (w *Watcher) options() string {
	text, err := json.Marshal(&w.Base)
	if err != nil {
		panic(err) // of strings and numbers
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s", w.Env.Version, text))
	return hex.EncodeToString(sum[:])
}

// once is the memo of a watcher: the verdicts are.
type once struct{}

func (once) Find(string, Step) (Entry, bool) { return Entry{}, false }
func (once) Add(Entry) error                 { return nil }

// work works on a round. What failed for a reason that passes gets no verdict:
// the next round takes it up.
func (w *Watcher) work(ctx context.Context, tasks []*Task, verdicts map[string]*Verdict) {
	if len(tasks) == 0 {
		return
	}
	env := *w.Env
	w.rapports = make(map[string]*check.Rapport)
	reports := make(chan struct{}, 1)
	env.Checked = func(t *Task, r *check.Rapport) {
		reports <- struct{}{}
		w.rapports[t.Dossier] = r
		<-reports
	}
	Run(ctx, tasks, make([]*Outcome, len(tasks)), &env, once{}, w.Limits, Watch{Ended: func(o *Outcome) {
		v := verdicts[o.Dossier]
		v.Outcome = *o
		v.Quand = w.Env.Now().UTC()
		reports <- struct{}{}
		r := w.rapports[o.Dossier]
		delete(w.rapports, o.Dossier)
		<-reports
		if o.Etat == Interrupted || o.Machine {
			w.Ended(v)
			return
		}
		if err := w.publish(v, r); err != nil {
			v.Etat, v.Exit, v.Message, v.Machine = Failed, 1, err.Error(), true
		}
		w.Ended(v)
	}})
}

// publish writes the report of a check, then the verdict: who sees the second
// finds the first, and none of another content.
func (w *Watcher) publish(v *Verdict, r *check.Rapport) error {
	if r == nil {
		if err := durable.Remove(w.beside(v.Dossier, "html")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if r != nil {
		v.Erreurs = r.Observe(1).Erreurs
		var page bytes.Buffer
		if err := r.WriteHTML(&page, w.Env.Language, "xhl "+w.Env.Version); err != nil {
			return err
		}
		if err := durable.WriteFile(w.beside(v.Dossier, "html"), page.Bytes()); err != nil {
			return err
		}
	}
	return w.write(v)
}

func (w *Watcher) write(v *Verdict) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return durable.WriteFile(w.beside(v.Dossier, "json"), append(text, '\n'))
}

func (w *Watcher) beside(name, ext string) string {
	return filepath.Join(w.Dir, name+verdictMark+ext)
}
