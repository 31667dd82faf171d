package build

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"paye/internal/durable"
	"paye/internal/manifest"
	"paye/internal/share"
	"paye/splitter"
)

// livraison is a set of volumes on its way to its folder, out of sight:
// several are written at a time, and all appear together.
type livraison struct {
	depot    *Job
	out      *durable.Delivery
	expected int                // volumes; 0 while that is not known
	volumes  map[int]*written   // by number
	lost     *manifest.Manifest // PES files that this delivery replaces by others than their successors; nil for none

	ctx    context.Context // of the writers; ends with the first that fails
	cancel context.CancelFunc
	group  *errgroup.Group

	cores int
	ended chan struct{} // closed when a volume is in its file
	once  sync.Once
	alone sync.Mutex // of turn
}

// written is a volume as its writer leaves it.
type written struct {
	file   *durable.File // nil while it could not be made
	sha256 string
}

// livraison makes the folder ready. The caller defers abort.
func (d *Job) livraison(ctx context.Context, expected int) (*livraison, error) {
	l := &livraison{depot: d, expected: expected, volumes: make(map[int]*written)}
	o := durable.DeliveryOptions{Last: manifest.Name, Aside: setAside, Inputs: durable.InputsOf(append(d.source.files, d.dem.Index)...)}
	if d.dem.Recorder != nil {
		o.Published = d.dem.Recorder.Published
	}
	var err error
	if l.out, err = durable.Begin(d.dem.Sortie, o); err != nil {
		return nil, fmt.Errorf("begin a delivery: %w", err)
	}
	if err := l.earlier(); err != nil {
		l.out.Abort()
		return nil, err
	}
	l.former()
	workers := d.dem.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, l.cancel = context.WithCancel(ctx)
	l.group, l.ctx = errgroup.WithContext(ctx)
	l.cores, l.ended = workers, make(chan struct{})
	l.group.SetLimit(workers + 1) // one waits for the disk now and then, and the last ones end together
	return l, nil
}

// setAside is how the folder is called that keeps a delivery that the book
// refused after its files were in place.
const setAside = "non-inscrit"

// earlier tells what became of a delivery that had been interrupted in the
// folder. What is there now is looked at again: it may be that of another
// payroll.
func (l *livraison) earlier() error {
	dem := l.depot.dem
	switch {
	case l.out.Refused != nil:
		dem.Anomalie(Codes.New(LivraisonRefusee, dem.Sortie, l.out.Refused, l.out.Aside))
	case l.out.Completed:
		dem.Anomalie(Codes.New(LivraisonAchevee, dem.Sortie))
	default:
		return nil
	}
	return dem.spares(l.depot.Paye)
}

// former has the volumes of the earlier delivery removed. Without its manifest,
// or with a broken one, nothing is known of them.
func (l *livraison) former() {
	previous, err := manifest.Read(l.depot.dem.Sortie)
	if err != nil {
		return
	}
	if previous.Format == FormatPES && len(previous.Volumes) > 0 && (l.depot.dem.Format != FormatPES || !l.depot.Paye.of(previous)) {
		l.lost = previous
	}
	for _, v := range previous.Volumes {
		if name := v.Fichier; filepath.Base(name) == name && strings.HasPrefix(name, "volume-") {
			l.out.Drop(name)
		}
	}
}

// abort ends the writers that are still at work, and forgets what has not
// appeared.
func (l *livraison) abort() {
	l.cancel()
	l.group.Wait()
	l.out.Abort()
}

// write writes v and reads it back, while the caller goes on; it waits when
// all writers are at work. What failed is what the group tells.
func (l *livraison) write(v *splitter.Volume) {
	w := &written{}
	l.volumes[v.N] = w
	given := l.turn()
	l.beside(func() (err error) {
		defer given()
		if err := l.ctx.Err(); err != nil {
			return err
		}
		// A name that was made for too few volumes is changed by deliver.
		name := manifest.VolumeName(v.N, max(v.N, l.expected), l.depot.Format.Extension())
		if w.file, err = l.out.Create(name); err != nil {
			return fmt.Errorf("make volume %d: %w", v.N, err)
		}
		defer w.file.Abort()
		if w.sha256, err = l.depot.writeAndVerify(l.ctx, v, w.file, v.N < l.expected, given); err != nil {
			return err
		}
		l.once.Do(func() { close(l.ended) })
		return w.file.Commit()
	})
}

// beside does f on another core, or at once where there is one only: its stack has
// the room already.
func (l *livraison) beside(f func() error) {
	if l.cores == 1 {
		err := f()
		f = func() error { return err }
		if err == nil {
			return
		}
	}
	l.group.Go(f)
}

// turn lets a volume begin. Where another instance of the program reads volumes
// back it waits until the one before was given to it, which given tells, also of
// one that failed: written side by side, all of them would come there at the end.
func (l *livraison) turn() (given func()) {
	if !share.Beside(l.ctx) {
		return func() {}
	}
	l.alone.Lock()
	held := true
	return func() {
		if held {
			held = false
			l.alone.Unlock()
		}
	}
}

// wait returns when a core has no volume to write.
func (l *livraison) wait() {
	if len(l.volumes) < l.cores {
		return
	}
	select {
	case <-l.ended:
	case <-l.ctx.Done():
	}
}

// deliver lets the volumes of m, which were all written, appear in the folder
// with m, into which it puts their digests. Until they do, it hears ctx.
func (l *livraison) deliver(ctx context.Context, m *manifest.Manifest) error {
	if l.depot.dem.Written != nil {
		l.depot.dem.Written()
	}
	for i := range m.Volumes {
		v := &m.Volumes[i]
		w := l.volumes[v.N]
		v.SHA256 = w.sha256
		w.file.Rename(v.Fichier)
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := l.out.WriteFile(manifest.Name, append(data, '\n')); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	if err := l.prepare(ctx, m); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := l.out.Publish(); err != nil {
		return err
	}
	l.depot.dem.Progress.Begin(Termine, 0)
	if l.lost != nil {
		l.depot.dem.Anomalie(Codes.New(FluxRemplaces, len(l.lost.Volumes), l.lost.Volumes[0].NomFic))
	}
	l.others(m)
	return nil
}

// prepare tells the recorder of what is about to appear.
func (l *livraison) prepare(ctx context.Context, m *manifest.Manifest) error {
	if l.depot.dem.Recorder == nil {
		return nil
	}
	contents, err := l.depot.contents()
	if err != nil {
		return err
	}
	note, err := l.depot.dem.Recorder.Prepare(ctx, &Account{Dir: l.depot.dem.Sortie, Paye: l.depot.Paye, Manifest: m, Contents: contents})
	if err != nil {
		return fmt.Errorf("record the delivery: %w", err)
	}
	l.out.Note(note)
	return nil
}

// others tells of the volumes in the folder that are not of m.
func (l *livraison) others(m *manifest.Manifest) {
	if l.out.Alone() {
		return
	}
	keep := make(map[string]bool)
	for _, v := range m.Volumes {
		keep[v.Fichier] = true
	}
	if others := volumesBeside(l.depot.dem.Sortie, keep); len(others) > 0 {
		l.depot.dem.Anomalie(Codes.New(AutresVolumes, strings.Join(others[:min(len(others), 5)], ", ")))
	}
}
