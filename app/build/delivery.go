package build

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"paye/internal/durable"
	"paye/splitter"
)

// livraison is a set of volumes on its way to its folder, under hidden names:
// several are written at a time, and all appear together.
type livraison struct {
	depot    *Job
	previous *Manifeste       // nil without an earlier delivery
	expected int              // volumes; 0 while that is not known
	volumes  map[int]*written // by number

	ctx    context.Context // of the writers; ends with the first that fails
	cancel context.CancelFunc
	group  *errgroup.Group
}

// written is a volume as its writer leaves it.
type written struct {
	file   *durable.File // nil while it could not be made
	sha256 string
}

// livraison makes the folder ready. The caller defers abort.
func (d *Job) livraison(ctx context.Context, expected int) (*livraison, error) {
	dir := d.dem.Sortie
	if err := durable.MkdirAll(dir); err != nil {
		return nil, fmt.Errorf("make the folder of the volumes: %w", err)
	}
	if _, err := durable.Clean(dir); err != nil {
		return nil, fmt.Errorf("clean the folder of the volumes: %w", err)
	}
	l := &livraison{depot: d, expected: expected, volumes: make(map[int]*written)}
	l.previous, _ = ReadManifeste(dir) // without one, or with a broken one, nothing of it is removed
	workers := d.dem.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, l.cancel = context.WithCancel(ctx)
	l.group, l.ctx = errgroup.WithContext(ctx)
	l.group.SetLimit(workers + 1) // one waits for the disk now and then, and the last ones end together
	return l, nil
}

// abort ends the writers that are still at work, and forgets the volumes that
// were not committed.
func (l *livraison) abort() {
	l.cancel()
	l.group.Wait()
	for _, w := range l.volumes {
		if w.file != nil {
			w.file.Abort()
		}
	}
}

// write writes v and reads it back, while the caller goes on; it waits when
// all writers are at work. What failed is what the group tells.
func (l *livraison) write(v *splitter.Volume) {
	w := &written{}
	l.volumes[v.N] = w
	l.group.Go(func() (err error) {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		// A name that was made for too few volumes is changed by commit.
		name := NomVolume(v.N, max(v.N, l.expected), l.depot.Format.Extension())
		if w.file, err = durable.Create(filepath.Join(l.depot.dem.Sortie, name)); err != nil {
			return fmt.Errorf("make volume %d: %w", v.N, err)
		}
		w.sha256, err = l.depot.writeAndVerify(l.ctx, v, w.file)
		return err
	})
}

// deliver lets the volumes of m, which were all written, appear in the folder,
// and puts their digests into m.
func (l *livraison) deliver(ctx context.Context, m *Manifeste) error {
	if err := l.commit(ctx, m); err != nil {
		return err
	}
	l.depot.dem.Progress.begin(Termine, 0)
	return l.leftovers(m)
}

// commit gives the volumes their names, and writes the manifest last.
func (l *livraison) commit(ctx context.Context, m *Manifeste) error {
	for i := range m.Volumes {
		if err := ctx.Err(); err != nil {
			return err
		}
		v := &m.Volumes[i]
		w := l.volumes[v.N]
		v.SHA256 = w.sha256
		w.file.Rename(v.Fichier)
		if err := w.file.Commit(); err != nil {
			return fmt.Errorf("deliver %s: %w", w.file.Name(), err)
		}
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(l.depot.dem.Sortie, NomManifeste), append(data, '\n')); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// leftovers removes the volumes of an earlier delivery that this one did not
// replace, and tells of the others.
func (l *livraison) leftovers(m *Manifeste) error {
	dir, keep := l.depot.dem.Sortie, make(map[string]bool)
	for _, v := range m.Volumes {
		keep[v.Fichier] = true
	}
	if l.previous != nil {
		for _, v := range l.previous.Volumes {
			if name := v.Fichier; !keep[name] && filepath.Base(name) == name && strings.HasPrefix(name, "volume-") {
				if err := os.Remove(filepath.Join(dir, name)); err != nil && !os.IsNotExist(err) {
					return fmt.Errorf("remove a volume of the earlier delivery: %w", err)
				}
			}
		}
	}
	if others := volumesBeside(dir, keep); len(others) > 0 {
		l.depot.dem.Anomalie(Codes.New(AutresVolumes, strings.Join(others[:min(len(others), 5)], ", ")))
	}
	return nil
}
