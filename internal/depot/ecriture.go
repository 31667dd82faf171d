package depot

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"paye/internal/durable"
	"paye/splitter"
)

// Write writes the volumes and the manifest into Demande.Sortie. The volumes
// are written under hidden names, read back and compared with the source;
// only when all are right do they appear, and the manifest last. Volumes that
// the manifest of an earlier delivery lists are removed; others stay, and are
// told of.
func (d *Depot) Write(ctx context.Context) (*Manifeste, error) {
	m, err := d.Manifeste()
	if err != nil {
		return nil, err
	}
	out, err := d.livraison(len(m.Volumes))
	if err != nil {
		return nil, err
	}
	defer out.Abort()
	if err := d.writeAll(ctx, out, m); err != nil {
		return nil, err
	}
	if err := out.commit(ctx, m); err != nil {
		return nil, err
	}
	d.dem.Avancement.begin(Termine, 0)
	return m, d.leftovers(out.dir, m, out.previous)
}

// livraison is a set of volumes on its way to its folder, under hidden names.
type livraison struct {
	dir      string
	previous *Manifeste // nil without an earlier delivery
	files    []*durable.File
}

// livraison makes the folder ready for n volumes, or more.
func (d *Depot) livraison(n int) (*livraison, error) {
	l := &livraison{dir: d.dem.Sortie, files: make([]*durable.File, n)}
	if err := durable.MkdirAll(l.dir); err != nil {
		return nil, fmt.Errorf("make the folder of the volumes: %w", err)
	}
	if _, err := durable.Clean(l.dir); err != nil {
		return nil, fmt.Errorf("clean the folder of the volumes: %w", err)
	}
	l.previous, _ = ReadManifeste(l.dir) // without one, or with a broken one, nothing of it is removed
	return l, nil
}

// Abort forgets the volumes that were not committed.
func (l *livraison) Abort() {
	for _, f := range l.files {
		if f != nil {
			f.Abort()
		}
	}
}

// commit gives the volumes their names, and writes the manifest last.
func (l *livraison) commit(ctx context.Context, m *Manifeste) error {
	for _, f := range l.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.Commit(); err != nil {
			return fmt.Errorf("deliver %s: %w", f.Name(), err)
		}
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := durable.WriteFile(filepath.Join(l.dir, NomManifeste), append(data, '\n')); err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return nil
}

// writeAll writes and reads back the volumes, several at a time.
func (d *Depot) writeAll(ctx context.Context, out *livraison, m *Manifeste) error {
	var total int64
	for _, v := range d.Plan.Volumes {
		total += 2 * v.Octets // written, then read back
	}
	d.dem.Avancement.begin(Ecriture, total)
	workers := d.dem.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for i, v := range d.Plan.Volumes {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			f, err := out.create(v, m.Volumes[i].Fichier)
			if err != nil {
				return err
			}
			out.files[i] = f
			m.Volumes[i].SHA256, err = d.writeAndVerify(ctx, v, f)
			return err
		})
	}
	return g.Wait()
}

func (l *livraison) create(v *splitter.Volume, name string) (*durable.File, error) {
	f, err := durable.Create(filepath.Join(l.dir, name))
	if err != nil {
		return nil, fmt.Errorf("make volume %d: %w", v.N, err)
	}
	return f, nil
}

// writeAndVerify writes a volume, reads it back, and returns its digest.
func (d *Depot) writeAndVerify(ctx context.Context, v *splitter.Volume, f *durable.File) (string, error) {
	sum, err := d.writeOne(ctx, v, f)
	if err != nil {
		return "", err
	}
	synced := make(chan error, 1)
	go func() { synced <- f.Sync() }() // beside the reading back, so that commit waits for little
	err = d.verify(ctx, v, f)
	return sum, cmp.Or(err, <-synced)
}

// writeBuffer is how many bytes go to a file at once.
const writeBuffer = 256 << 10

func (d *Depot) writeOne(ctx context.Context, v *splitter.Volume, f *durable.File) (string, error) {
	h := sha256.New()
	var n atomic.Int64
	out := bufio.NewWriterSize(counting{Writer: tee{f, h}, count: func(k int) {
		n.Add(int64(k))
		d.dem.Avancement.fait.Add(int64(k))
	}}, writeBuffer)
	if err := d.Format.Write(ctx, v, out); err != nil {
		if ctx.Err() == nil {
			err = cmp.Or(changed(v), err)
		}
		return "", fmt.Errorf("write volume %d: %w", v.N, err)
	}
	if err := out.Flush(); err != nil {
		return "", fmt.Errorf("write volume %d: %w", v.N, err)
	}
	if n.Load() != v.Octets {
		return "", Codes.New(VerificationEchec, v.N, fmt.Sprintf("%d octets, %d prévus", n.Load(), v.Octets))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// changed names the first piece of a volume that is no longer what was
// measured; nil when all of them are.
func changed(v *splitter.Volume) error {
	for _, p := range v.Pieces {
		if sum, err := digest(p); err != nil || sum != p.SHA256 {
			return Codes.New(PieceChangee, p.NomPJ)
		}
	}
	return nil
}

func digest(p *splitter.Justificatif) (sum [32]byte, err error) {
	r, err := p.Open()
	if err != nil {
		return sum, err
	}
	defer r.Close()
	h := sha256.New()
	_, err = io.Copy(h, r)
	return [32]byte(h.Sum(nil)), err
}

// tee writes to a file and to a hash, which never fails.
type tee struct {
	file *durable.File
	hash interface{ Write([]byte) (int, error) }
}

func (t tee) Write(b []byte) (int, error) {
	n, err := t.file.Write(b)
	t.hash.Write(b[:n])
	return n, err
}

// leftovers removes the volumes of an earlier delivery that this one did not
// replace, and tells of the others.
func (d *Depot) leftovers(dir string, m, previous *Manifeste) error {
	keep := make(map[string]bool)
	for _, v := range m.Volumes {
		keep[v.Fichier] = true
	}
	if previous != nil {
		for _, v := range previous.Volumes {
			if name := v.Fichier; !keep[name] && filepath.Base(name) == name && strings.HasPrefix(name, "volume-") {
				if err := os.Remove(filepath.Join(dir, name)); err != nil && !os.IsNotExist(err) {
					return fmt.Errorf("remove a volume of the earlier delivery: %w", err)
				}
			}
		}
	}
	if others := volumesBeside(dir, keep); len(others) > 0 {
		d.dem.Anomalie(Codes.New(AutresVolumes, strings.Join(others[:min(len(others), 5)], ", ")))
	}
	return nil
}
