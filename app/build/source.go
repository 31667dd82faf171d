package build

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/splitter"
	"paye/xhl"
	"paye/xhl/run"
)

// source is the input as a journal.
type source struct {
	io.ReadCloser
	name    string                      // as it was given, for messages
	total   int64                       // bytes of the journal; 0 when unknown
	dir     string                      // where its index and pieces may be
	files   []string                    // that are read
	archive func() (io.ReaderAt, int64) // the zip that the journal came in; nil without one
	again   splitter.Original           // the journal again; nil of one that is read once
	held    func() error                // whether they are still what was read; nil where the encoder of the run looks
	notes   *[]*anomalie.Anomalie       // of a run, whole once it is read to its end; nil of a journal
}

// tell hands on what the encoding of a run noticed.
func (s *source) tell(dem *demand) {
	if s.notes == nil {
		return
	}
	for _, a := range *s.notes {
		dem.Anomalie(a)
	}
}

// onlyJournal is the journal of a folder that holds one.
func onlyJournal(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", notFound(dir, err)
	}
	var list []string
	for _, e := range entries {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".xhl", ".xml", ".zip":
			if e.Type().IsRegular() {
				list = append(list, filepath.Join(dir, e.Name()))
			}
		}
	}
	switch len(list) {
	case 0:
		return "", Codes.New(EntreeInconnue, dir)
	case 1:
		return list[0], nil
	}
	return "", Codes.New(PlusieursJournaux, dir, len(list))
}

// InputAt tells what an input is made of: the file of the journal, or of the run,
// that stands at path or in the folder there. A run may be a folder of tables.
func InputAt(path string) (at string, isRun bool, err error) {
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return "", false, notFound(path, err)
	case !st.IsDir():
		return path, IsRunFile(path), nil
	}
	for _, name := range []string{"run.jsonl", "journal.xhl"} {
		if file := filepath.Join(path, name); exists(file) {
			return file, IsRunFile(file), nil
		}
	}
	if beside(path, run.CSVEntete) != "" {
		return path, true, nil
	}
	at, err = onlyJournal(path)
	return at, false, err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// JournalAt is the journal at path, or the one of the folder there, for who takes
// no run.
func JournalAt(path string) (string, error) {
	if file := filepath.Join(path, "journal.xhl"); exists(file) {
		return file, nil
	}
	at, _, err := InputAt(path)
	return at, err
}

// openSource opens a journal as it is, and a run as the journal that it
// encodes to with how.
func openSource(ctx context.Context, path string, how run.EncodeOptions, limits compress.Limits) (*source, error) {
	path, isRun, err := InputAt(path)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	if isRun && !IsRunFile(path) {
		dir = path // of the tables
	}
	if isRun {
		notes := new([]*anomalie.Anomalie)
		s := encoded(ctx, func(ctx context.Context, w io.Writer) error {
			how.Run = xhl.Options{Fichier: path, Anomalie: columnNotes(notes)}
			return Encode(ctx, path, w, how)
		})
		return &source{ReadCloser: s, name: path, dir: dir, files: RunFiles(path), notes: notes}, nil
	}
	j, err := compress.OpenJournal(path, limits)
	if err != nil {
		if anomalie.Unreachable(err) {
			err = notFound(path, err)
		}
		return nil, err
	}
	s := &source{ReadCloser: j, name: path, total: max(0, j.Raw), dir: dir, files: []string{path}, archive: j.Archive, held: j.Held}
	if again := j.Again(); again != nil && runtime.GOOS != "js" { // in a browser every read is a message
		s.again = again
	}
	return s, nil
}

// stillHeld returns an anomaly when the input is no longer what was read.
func (s *source) stillHeld() error {
	if s.held == nil {
		return nil
	}
	return s.held()
}

// RunFiles lists the files of a run: the one at path, or those that are read in
// the folder there.
func RunFiles(path string) []string {
	list := []string{path}
	if IsRunFile(path) {
		return list
	}
	for _, name := range []string{"run.jsonl", run.CSVEntete, run.CSVAgents, run.CSVLignes, run.CSVNomenclatures} {
		list = append(list, filepath.Join(path, name))
	}
	return list
}

func notFound(path string, err error) error {
	if anomalie.Unreachable(err) {
		return Codes.Opening(EntreeIntrouvable, path, err)
	}
	return err
}

// pipe is a journal that is being encoded. Its Read returns the error of the
// encoder.
type pipe struct {
	*io.PipeReader
	cancel context.CancelFunc
	done   chan struct{}
}

func encoded(ctx context.Context, encode func(context.Context, io.Writer) error) *pipe {
	ctx, cancel := context.WithCancel(ctx)
	r, w := io.Pipe()
	p := &pipe{PipeReader: r, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		w.CloseWithError(encode(ctx, w))
	}()
	return p
}

// Close stops the encoder and waits for it.
func (p *pipe) Close() error {
	p.cancel()
	err := p.PipeReader.Close()
	<-p.done
	return err
}

// OpenJournal opens a journal, plain or in a gzip or zip; it does not take
// runs. Held of it says whether it changed while it was read.
func OpenJournal(path string, limits compress.Limits) (*compress.Journal, error) {
	j, err := compress.OpenJournal(path, limits)
	if err != nil {
		return nil, notFound(path, err)
	}
	return j, nil
}

// EncodeStream writes the journal of a run.jsonl that comes from a stream. It
// stops with ctx even while the stream gives nothing, and then leaves a
// goroutine that waits for it.
func EncodeStream(ctx context.Context, r io.Reader, w io.Writer, o run.EncodeOptions) error {
	in, out := io.Pipe()
	defer in.Close()
	go func() {
		_, err := io.CopyBuffer(struct{ io.Writer }{out}, struct{ io.Reader }{r}, make([]byte, writeBuffer))
		out.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { out.CloseWithError(ctx.Err()) })
	defer stop()
	return run.EncodeJSON(ctx, in, w, o)
}

// OpenEntry opens what a build takes as a journal: one as it is, a run as the
// journal that it encodes to, or the one of a folder.
func OpenEntry(ctx context.Context, path string, limits compress.Limits) (io.ReadCloser, error) {
	s, err := openSource(ctx, path, run.EncodeOptions{}, limits)
	if err != nil {
		return nil, err
	}
	return s, nil
}
