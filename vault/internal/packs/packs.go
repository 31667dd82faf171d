package packs

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"

	"paye/internal/durable"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/names"
)

// Blobs are on the disk in packs, blobs/000001.paq and so on, to which they
// are appended: one sync makes all the blobs of a batch durable, where a file
// a blob costs the disk one each.
//
//	"XHLPAQ1\n" | number (8)                       head of the pack
//	"XBLB" | length (4) | name (32) | ciphertext   a blob
//	"XVID" | length (4) | zeros                    the place of one that was deleted
//
// A blob never moves: the journal holds its place. A process has a pack for
// itself while it deposits, and goes on with one that another left when that
// ends with a whole blob. A pack that reached packLimit, or of which a write
// or a sync failed, is made read-only and is never appended to again.
const (
	packMagic  = "XHLPAQ1\n"
	packHead   = len(packMagic) + 8
	blobMark   = "XBLB"
	voidMark   = "XVID"
	EntryHead  = 4 + 4 + 32
	packLimit  = 64 << 20
	maxBlob    = 1 << 31
	Dir        = "blobs"
	PackSuffix = ".paq"
	lieuSize   = 4 + 8 + 4
	reuseTries = 4
)

// Folder is the folder of the packs.
type Folder struct {
	root  string
	disk  *disk.Disk
	Limit int64 // a pack that reached it is not appended to

	mu     sync.Mutex
	cur    *pack
	failed error // of a sync: nothing is appended after it
	buf    []byte
}

// pack is the one that a process appends to. It holds the lock of the file.
type pack struct {
	n   int64
	f   *os.File
	end int64
}

// New gives the packs of a folder.
func New(root string, d *disk.Disk) *Folder { return &Folder{root: root, disk: d, Limit: packLimit} }

// Name is the file of pack n.
func Name(n int64) string { return fmt.Sprintf("%06d%s", n, PackSuffix) }

// Path is the file of pack n, with its folder.
func (p *Folder) Path(n int64) string { return filepath.Join(p.root, Name(n)) }

func encodePackHead(n int64) []byte {
	return binary.BigEndian.AppendUint64([]byte(packMagic), uint64(n))
}

// numbers lists the packs that exist, in order.
func (p *Folder) numbers() ([]int64, error) {
	entries, err := os.ReadDir(p.root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the packs: %w", err)
	}
	var list []int64
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), PackSuffix)
		n, err := strconv.ParseInt(base, 10, 64)
		if ok && err == nil && Name(n) == e.Name() {
			list = append(list, n)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list, nil
}

// Put implements [Store]: it appends. The blob is durable once Sync returned.
func (p *Folder) Put(ctx context.Context, name names.BlobName, data []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(data) >= maxBlob {
		return nil, fmt.Errorf("put blob %s: %d bytes are too many", name, len(data))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.ready(); err != nil {
		return nil, err
	}
	b := append(p.buf[:0], blobMark...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	b = append(b, name[:]...)
	b = append(b, data...)
	if p.buf = b; cap(b) > 1<<20 {
		p.buf = nil
	}
	if err := p.disk.Write(p.cur.f, b, p.cur.end); err != nil {
		// What was written of it goes, or the pack ends here.
		if p.cur.f.Truncate(p.cur.end) != nil {
			p.seal()
		}
		return nil, fmt.Errorf("write blob %s: %w", name, err)
	}
	at := Lieu{p.cur.n, p.cur.end, int64(len(data))}
	p.cur.end += int64(len(b))
	return at.encode(), nil
}

// ready has a pack that can be appended to.
func (p *Folder) ready() error {
	if p.failed != nil {
		return p.failed
	}
	if p.cur != nil && p.cur.end < p.Limit {
		return nil
	}
	if p.cur != nil {
		// Blobs of others that wait for Sync are in it.
		if err := p.disk.Sync(p.cur.f); err != nil {
			p.fail(err)
			return p.failed
		}
		p.seal()
	}
	numbers, err := p.numbers()
	if err != nil {
		return err
	}
	last := int64(0)
	if len(numbers) > 0 {
		last = numbers[len(numbers)-1]
	}
	for _, n := range numbers[max(0, len(numbers)-reuseTries):] {
		if p.cur = p.reuse(n); p.cur != nil {
			return nil
		}
	}
	for n := last + 1; ; n++ {
		if p.cur, err = p.create(n); err == nil || !errors.Is(err, fs.ErrExist) && !errors.Is(err, durable.ErrLocked) {
			return err
		}
	}
}

// reuse takes a pack that another process left, nil when it is not to be
// appended to.
func (p *Folder) reuse(n int64) *pack {
	info, err := os.Stat(p.Path(n))
	if err != nil || info.Mode()&0o200 == 0 || info.Size() >= p.Limit {
		return nil
	}
	f, err := durable.OpenFile(p.Path(n), os.O_RDWR, 0)
	if err != nil {
		return nil
	}
	if durable.LockOpen(f, durable.Exclusive) == nil {
		// Its owner may have ended with it since.
		if info, err = f.Stat(); err == nil && info.Mode()&0o200 != 0 {
			if end, err := walkPack(f, n, nil); err == nil && end == info.Size() && end > 0 {
				return &pack{n, f, end}
			}
		}
	}
	f.Close()
	return nil
}

// create makes pack n, durable and empty.
func (p *Folder) create(n int64) (_ *pack, err error) {
	if err := p.disk.Check("create", p.Path(n)); err != nil {
		return nil, fmt.Errorf("create pack %d: %w", n, err)
	}
	f, err := durable.OpenFile(p.Path(n), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		if err := durable.MkdirAll(p.root); err != nil {
			return nil, fmt.Errorf("make the folder of the packs: %w", err)
		}
		f, err = durable.OpenFile(p.Path(n), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("create pack %d: %w", n, err)
	}
	if err = durable.LockOpen(f, durable.Exclusive); err == nil {
		if err = p.disk.Write(f, encodePackHead(n), 0); err == nil {
			if err = p.disk.Sync(f); err == nil {
				err = disk.SyncPath(p.root)
			}
		}
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("create pack %d: %w", n, err)
	}
	return &pack{n, f, int64(packHead)}, nil
}

// seal ends the pack in hand.
func (p *Folder) seal() {
	p.cur.f.Chmod(0o400) // it is read as well with another mode
	p.cur.f.Close()
	p.cur = nil
}

// fail ends with the packs: what the disk has of the one in hand is unknown.
func (p *Folder) fail(err error) {
	if p.failed == nil {
		p.failed = fmt.Errorf("sync a pack: %w", err)
	}
	if p.cur != nil {
		p.seal()
	}
}

// Close lets go of the pack in hand.
func (p *Folder) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cur != nil {
		p.cur.f.Close()
		p.cur = nil
	}
	if p.failed == nil {
		p.failed = fmt.Errorf("use the packs: %w", os.ErrClosed)
	}
}

// Sync implements [Store]. A pack that was ended was synced before.
func (p *Folder) Sync(ctx context.Context, lieux [][]byte) error {
	p.mu.Lock()
	cur, failed := p.cur, p.failed
	p.mu.Unlock()
	if failed != nil {
		return failed
	}
	concerned := false
	for _, b := range lieux {
		l, ok := ParseLieu(b)
		concerned = concerned || ok && cur != nil && l.Pack == cur.n
	}
	if !concerned {
		return ctx.Err()
	}
	err := p.disk.Sync(cur.f)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil && !(errors.Is(err, os.ErrClosed) && p.cur != cur) {
		p.fail(err)
	}
	return p.failed
}

// search finds a blob whose place is not known any more.
func (p *Folder) search(ctx context.Context, name names.BlobName) (Lieu, error) {
	for b, err := range p.All(ctx) {
		if err != nil && !faults.Is(err) {
			return Lieu{}, err
		}
		if err == nil && !b.Vide && b.Name == name {
			l, _ := ParseLieu(b.Lieu)
			return l, nil
		}
	}
	return Lieu{}, fmt.Errorf("search blob %s: %w", name, fs.ErrNotExist)
}

// Delete implements [Store]: the place is overwritten with zeros and given
// back to the disk. Done again it does no harm, and finishes one that was cut.
func (p *Folder) Delete(ctx context.Context, name names.BlobName, where []byte) error {
	l, ok := ParseLieu(where)
	if !ok {
		var err error
		if l, err = p.search(ctx, name); errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
	}
	err := p.void(name, l)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete blob %s: %w", name, err)
	}
	return nil
}

func (p *Folder) void(name names.BlobName, l Lieu) (err error) {
	path := p.Path(l.Pack)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o200 == 0 {
		if err := os.Chmod(path, 0o600); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.Chmod(path, mode)) }()
	}
	f, err := durable.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	var head [EntryHead]byte
	if _, err := f.ReadAt(head[:], l.Offset); err != nil {
		return err
	}
	zeros := make([]byte, int64(EntryHead)+l.size)
	binary.BigEndian.PutUint32(zeros[copy(zeros, voidMark):], uint32(l.size))
	if !isOf(head[:], name, l.size) {
		return fmt.Errorf("another blob is at %d of pack %d", l.Offset, l.Pack)
	}
	if err := p.disk.Write(f, zeros, l.Offset); err != nil {
		return err
	}
	if err := p.disk.Sync(f); err != nil {
		return err
	}
	disk.Punch(f, l.Offset+int64(EntryHead), l.size)
	return nil
}
