package batch

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"paye/app/build"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/manifest"
	"paye/internal/room"
)

// Memo is what is known of the steps that are done.
type Memo interface {
	// Find returns what was noted of a step of a folder.
	Find(dossier string, s Step) (Entry, bool)
	// Add notes a step that is done, and is on the disk.
	Add(Entry) error
}

// Joint is a Memo in the database of the book: a delivery is recorded, and its
// step noted, in one transaction.
type Joint interface {
	Memo
	// Wanted returns an error when the step is not to be done any more, since
	// another process did it, or somebody cancelled it. It is asked before
	// anything appears, with the folder locked.
	Wanted(dossier string, s Step, key string) error
	// Unseen reports whether the book is known to have no flux of a month.
	Unseen(fluxbook.Month) bool
	// AddWith notes a step in the transaction in which book, nil for none, records
	// its delivery.
	AddWith(e Entry, book Recorder, note []byte) error
}

// Entry is a step that is done: by what content and options, and what came of it.
type Entry struct {
	Dossier   string `json:"dossier"`
	Step      Step   `json:"etape"`
	Key       string `json:"cle"`
	Manifest  string `json:"manifeste,omitempty"` // SHA-256 of manifest.json, of a build; of names and sizes, of slips
	Siret     string `json:"siret,omitempty"`
	Periode   string `json:"periode,omitempty"`
	Bulletins int    `json:"bulletins,omitempty"`
	Volumes   int    `json:"volumes,omitempty"`
	Octets    int64  `json:"octets,omitempty"`
	Avis      int    `json:"avertissements,omitempty"`
}

// stepKey is what a step is known by: the content, the options, the steps
// before it.
func (w *work) stepKey(before string, s Step) string {
	h := sha256.New()
	opts := *w.Task
	opts.Steps, opts.Octets, opts.Jour, opts.Build.Entree = nil, 0, time.Time{}, ""
	opts.Build.Replace = false // a leave, which changes no byte
	if s == StepCheck {
		opts.Build, opts.Sortie = Task{}.Build, "" // no option of the volumes has a part in it
	}
	logo := ""
	switch s {
	case StepBulletins, StepDeposit:
		if opts.Logo != "" {
			logo, _ = surveyFile(opts.Logo)
		}
	default:
		opts.Couleur, opts.Logo = "", "" // of the slips alone
	}
	text, err := json.Marshal(opts)
	if err != nil {
		panic(err) // of strings and numbers
	}
	fmt.Fprintf(h, "%s %s %s %s %s", before, s, w.env.Version, text, logo)
	if s == StepCheck {
		if _, isRun, err := build.InputAt(w.Build.Entree); err == nil && w.byBuild(isRun) {
			fmt.Fprint(h, " by the build") // not what a check alone says
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (w *work) entry(s Step, key string) Entry {
	o := w.out
	e := Entry{Dossier: w.Dossier, Step: s, Key: key, Siret: o.Siret, Periode: o.Periode, Bulletins: o.Bulletins, Volumes: o.Volumes, Octets: o.Octets, Avis: o.Avis}
	switch s {
	case StepBuild:
		e.Manifest, _ = digestFile(filepath.Join(w.Sortie, manifest.Name))
	case StepBulletins:
		e.Manifest = listing(w.slips())
	}
	return e
}

// already reports whether a step is done, and what it made is still there.
func (w *work) already(done Memo, s Step, key string) bool {
	e, ok := done.Find(w.Dossier, s)
	if !ok || e.Key != key || w.Retry {
		return false
	}
	switch s {
	case StepBuild:
		if !w.delivered(e.Manifest) {
			return false
		}
		durable.Sweep(w.Sortie)
	case StepBulletins:
		if listing(w.slips()) != e.Manifest || durable.Interrupted(w.slips()) {
			return false
		}
		durable.Sweep(w.slips())
	}
	o := w.out
	o.Siret, o.Periode, o.Bulletins, o.Volumes, o.Octets = e.Siret, e.Periode, e.Bulletins, e.Volumes, e.Octets
	return true
}

// delivered reports whether the folder holds the delivery whose manifest has the
// digest: the manifest to the byte, the volumes by their size.
func (w *work) delivered(sum string) bool {
	if got, err := digestFile(filepath.Join(w.Sortie, manifest.Name)); err != nil || got != sum || durable.Interrupted(w.Sortie) {
		return false
	}
	m, err := manifest.Read(w.Sortie)
	if err != nil {
		return false
	}
	for _, v := range m.Volumes {
		st, err := os.Stat(filepath.Join(w.Sortie, v.Fichier))
		if err != nil || st.Size() != v.Octets {
			return false
		}
	}
	return true
}

// listing is a digest of the names and sizes of the files in a folder.
func listing(dir string) string {
	h := sha256.New()
	walk(dir, func(name, _ string, info fs.FileInfo) error {
		if info != nil && info.Mode().IsRegular() {
			fmt.Fprintf(h, "%s %d\n", name, info.Size())
		}
		return nil
	})
	return hex.EncodeToString(h.Sum(nil))
}

// content is the digest of all that the work reads: the input, its index and
// pieces, the month before. It is taken first, so that what changes on the way
// is worked on again.
func (w *work) content(ctx context.Context) (string, error) {
	h := sha256.New()
	s := &survey{w: h, digest: surveyFile}
	b := &w.Build
	list := []string{b.Entree, b.PJ, b.Index, b.FichierMandats, b.LastMonth, w.Avant}
	if st, err := os.Stat(b.Entree); err == nil && !st.IsDir() { // what stands beside it is read too
		for _, name := range append([]string{"justificatifs.csv", "mandats.csv", "rubriques.csv"}, piecesFolders...) {
			list = append(list, filepath.Join(filepath.Dir(b.Entree), name))
		}
	}
	for i, path := range list {
		fmt.Fprintln(h, i)
		if err := s.add(ctx, path); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func digestFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	mem := room.Lend()
	defer mem.Give()
	h := sha256.New()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{f}, mem[:]); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// JournalName is the file of the steps that are done, in the output folder.
const JournalName = "batch.jsonl"

// ownNames are the files of a batch in its output folder.
var ownNames = []string{JournalName, ReportName + ".html", ReportName + ".csv", ReportName + ".json"}

// Journal is the Memo of a folder: lines that are added, the last one of a step
// counting. A line that is lost costs doing its step again, which changes
// nothing: lines are therefore not synced one by one.
type Journal struct {
	lock *durable.Lock
	mu   sync.Mutex
	f    *os.File
	done map[string]Entry
}

// OpenJournal opens the journal of an output folder, which it makes, and locks
// it: one batch at a time works there. The caller closes it.
func OpenJournal(dir string) (*Journal, error) {
	if err := durable.MkdirAll(dir); err != nil {
		return nil, err
	}
	lock, err := durable.LockFile(filepath.Join(dir, ".xhl-batch"), durable.Exclusive)
	if errors.Is(err, durable.ErrLocked) {
		return nil, Codes.New(Running, dir)
	}
	if err != nil {
		return nil, err
	}
	j := &Journal{lock: lock, done: make(map[string]Entry)}
	if err := j.open(filepath.Join(dir, JournalName)); err != nil {
		lock.Close()
		return nil, err
	}
	return j, nil
}

func (j *Journal) open(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the journal of the batch: %w", err)
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e Entry
		if json.Unmarshal(bytes.TrimSpace(lines.Bytes()), &e) == nil { // a line that was cut is of no step
			j.done[e.Dossier+"\x00"+string(e.Step)] = e
		}
	}
	if _, err := f.WriteString("\n"); err != nil { // after a line that was cut
		f.Close()
		return fmt.Errorf("open the journal of the batch: %w", err)
	}
	j.f = f
	return nil
}

// Find returns what was noted of a step.
func (j *Journal) Find(dossier string, s Step) (Entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.done[dossier+"\x00"+string(s)]
	return e, ok
}

// Add notes a step.
func (j *Journal) Add(e Entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done[e.Dossier+"\x00"+string(e.Step)] = e
	_, err = j.f.Write(append(line, '\n'))
	if err != nil {
		return fmt.Errorf("write the journal of the batch: %w", err)
	}
	return nil
}

// Close puts the journal on the disk and gives the folder back.
func (j *Journal) Close() error {
	return errors.Join(durable.SyncFile(j.f), j.f.Close(), j.lock.Close())
}
