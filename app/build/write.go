package build

import (
	"bufio"
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"paye/internal/durable"
	"paye/internal/manifest"
	"paye/internal/sha"
	"paye/splitter"
)

// Write writes the volumes and the manifest into Request.Sortie. The volumes
// are written out of sight, read back and compared with the source; only when
// all are right, and the source is still what was read, do they and the manifest
// take the place of those of an earlier delivery, all or none: see package
// durable. Volumes that its manifest does not list stay, and are told of.
//
// An interruption is heard until the delivery begins to appear.
func (d *Job) Write(ctx context.Context) (*manifest.Manifest, error) {
	m, err := d.Manifeste()
	if err != nil {
		return nil, err
	}
	out, err := d.livraison(ctx, len(m.Volumes))
	if err != nil {
		return nil, err
	}
	defer out.abort()
	var total int64
	for _, v := range d.Plan.Volumes {
		total += 2 * v.Octets // written, then read back
	}
	d.dem.Progress.Begin(Writing, total)
	for _, v := range d.Plan.Volumes {
		out.write(v)
	}
	out.beside(func() error { // on the core that has no volume left
		out.wait()
		return d.source.stillHeld()
	})
	if err := out.group.Wait(); err != nil {
		return nil, err
	}
	if err := out.deliver(ctx, m); err != nil {
		return nil, err
	}
	return m, nil
}

// writeAndVerify writes a volume, reads it back, and returns its digest; more tells
// that other volumes follow, given that all of it was given to another instance.
func (d *Job) writeAndVerify(ctx context.Context, v *splitter.Volume, f *durable.File, more bool, given func()) (string, error) {
	sum, err := d.writeOne(ctx, v, f)
	if err != nil {
		return "", err
	}
	synced := f.SyncBeside() // the reading back, so that commit waits for little
	err = d.verify(ctx, v, f, more, given)
	return sum, cmp.Or(err, synced())
}

// writeBuffer is how many bytes go to a file at once.
const writeBuffer = 256 << 10

var writers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, writeBuffer) }}

func (d *Job) writeOne(ctx context.Context, v *splitter.Volume, f *durable.File) (string, error) {
	h := sha.New()
	var n atomic.Int64
	out := writers.Get().(*bufio.Writer)
	defer func() {
		out.Reset(nil)
		writers.Put(out)
	}()
	out.Reset(counting{Writer: tee{f, h}, count: func(k int) {
		n.Add(int64(k))
		d.dem.Progress.Add(int64(k))
	}})
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
	h := sha.New()
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
