package input

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"sync"

	"paye/internal/cores"
	"paye/internal/lang"
)

// File is a regular file being read from its beginning. Read and Held are not
// safe for concurrent use with each other; ReadAt is.
type File struct {
	f      *os.File
	path   string // as it was given
	before fs.FileInfo
	n      int64    // bytes that Read gave
	sums   []uint32 // of each stretch of them, the last one under way
}

// Open opens the regular file at path. Anything else is an anomaly NotRegular,
// and a pipe is not waited for.
func Open(path string) (*File, error) {
	return open(path, os.Stat, func(name string) (*os.File, error) { return os.OpenFile(name, os.O_RDONLY|nonBlock, 0) })
}

// OpenIn is Open of a file below a folder that no link leads out of.
func OpenIn(root *os.Root, name string) (*File, error) {
	return open(name, root.Stat, func(name string) (*os.File, error) { return root.OpenFile(name, os.O_RDONLY|nonBlock, 0) })
}

// open looks before it opens, since opening a device may do something to it,
// and again afterwards, since another may have taken the name meanwhile.
func open(path string, stat func(string) (fs.FileInfo, error), opened func(string) (*os.File, error)) (*File, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(path, info)
	}
	f, err := opened(path)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil && !info.Mode().IsRegular() {
		err = Codes.New(NotRegular, path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &File{f: f, path: path, before: info}, nil
}

// notRegular refuses what is no file; of a folder, one is wanted that is in it.
func notRegular(path string, info fs.FileInfo) error {
	a := Codes.New(NotRegular, path)
	if info.IsDir() {
		a.Advise(lang.Text{FR: "c'est un dossier : donnez le fichier qui est dedans", EN: "it is a folder: give the file that is in it"}.With())
	}
	return a
}

// ReadFile reads a regular file whole; one of more than max bytes gives max+1.
func ReadFile(path string, max int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	return f.whole(max)
}

// ReadFileIn is ReadFile below a folder that no link leads out of.
func ReadFileIn(root *os.Root, name string, max int64) ([]byte, error) {
	f, err := OpenIn(root, name)
	if err != nil {
		return nil, err
	}
	return f.whole(max)
}

func (f *File) whole(max int64) ([]byte, error) {
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, max+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.path, err)
	}
	return data, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Read reads on.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.f.Read(p)
	if mayChange {
		f.add(p[:n])
	}
	return n, err
}

// stretch is how many bytes have a sum of their own, so that several processors
// look at them again at once.
const stretch = 16 << 20

func (f *File) add(p []byte) {
	for len(p) > 0 {
		if f.n%stretch == 0 {
			f.sums = append(f.sums, 0)
		}
		n := min(int64(len(p)), stretch-f.n%stretch)
		last := &f.sums[len(f.sums)-1]
		*last = crc32.Update(*last, castagnoli, p[:n])
		f.n += n
		p = p[n:]
	}
}

// ReadAt reads anywhere, as any io.ReaderAt.
func (f *File) ReadAt(p []byte, off int64) (int, error) { return f.f.ReadAt(p, off) }

// Name is the path as it was given.
func (f *File) Name() string { return f.path }

// Info is what the file was when it was opened.
func (f *File) Info() fs.FileInfo { return f.before }

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }

const block = 256 << 10

var blocks = sync.Pool{New: func() any { return new([block]byte) }}

// Held returns an anomaly Changed when the file is no longer what was opened:
// when its size or the time of its last change differs, or when it no longer begins with
// the bytes that Read gave. The name is not looked at: what was renamed or
// removed meanwhile is still what was read.
func (f *File) Held() error {
	if err := f.sameTime(); err != nil || !mayChange {
		return err
	}
	err := cores.Each(context.Background(), 0, len(f.sums), func(_ context.Context, k int) error { return f.again(int64(k)) })
	if err != nil {
		return err
	}
	return f.sameTime() // of what was read again
}

// again reads the stretch k once more, and compares it with what Read gave.
func (f *File) again(k int64) error {
	buf := blocks.Get().(*[block]byte)
	defer blocks.Put(buf)
	sum := uint32(0)
	for at, end := k*stretch, min((k+1)*stretch, f.n); at < end; {
		n, err := f.f.ReadAt(buf[:min(block, end-at)], at)
		sum = crc32.Update(sum, castagnoli, buf[:n])
		at += int64(n)
		if errors.Is(err, io.EOF) && at < end {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read %s again: %w", f.path, err)
		}
	}
	if sum != f.sums[k] {
		return Codes.New(Changed, f.path)
	}
	return nil
}

func (f *File) sameTime() error {
	now, err := f.f.Stat()
	if err != nil {
		return fmt.Errorf("look at %s again: %w", f.path, err)
	}
	if now.Size() != f.before.Size() || !now.ModTime().Equal(f.before.ModTime()) {
		return Codes.New(Changed, f.path)
	}
	return nil
}
