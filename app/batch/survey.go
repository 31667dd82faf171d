package batch

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/zeebo/xxh3"
)

// walk visits a file, or a folder and what is below it, as a build finds them: a
// link is followed where it opens by a path, that is from itself and of what stands
// right in it, and not below the folder of the pieces. Hidden folders are left out,
// and what is not there is nothing. info is nil of what cannot be looked at. It ends
// with the first error of visit.
func walk(from string, visit func(name, at string, info fs.FileInfo) error) error {
	return walkIn(0, ".", from, visit)
}

func walkIn(depth int, name, at string, visit func(string, string, fs.FileInfo) error) error {
	info, err := os.Lstat(at)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 && depth < 2 {
		there, failed := os.Stat(at)
		if depth == 0 || failed != nil || !there.IsDir() || slices.Contains(piecesFolders, name) {
			info, err = there, failed
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return visit(name, at, nil)
	}
	if err := visit(name, at, info); err != nil || !info.IsDir() {
		return err
	}
	entries, err := os.ReadDir(at)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return visit(name+"/", at, nil)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && e.IsDir() {
			continue
		}
		if err := walkIn(depth+1, path.Join(name, e.Name()), filepath.Join(at, e.Name()), visit); err != nil {
			return err
		}
	}
	return nil
}

// piecesFolders are the folders that a build looks for pieces in.
var piecesFolders = []string{"justificatifs", "PJ"}

// survey is a digest of what a work will read.
type survey struct {
	w      io.Writer
	digest func(path string) (string, error)
	// unread tells that something is there that could not be read: it has a part
	// in the digest as such, and who works on it says why.
	unread bool
}

// add adds a file, or all files of a folder by name and digest; what is not
// there adds nothing. It fails with ctx only.
func (s *survey) add(ctx context.Context, path string) error {
	if path == "" {
		return nil
	}
	return walk(path, func(name, at string, info fs.FileInfo) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		sum, err := "", error(nil)
		switch {
		case info == nil:
			err = fs.ErrPermission
		case info.Mode().IsRegular():
			sum, err = s.digest(at)
		case info.Mode()&fs.ModeSymlink != 0:
			sum, err = os.Readlink(at)
		default:
			return nil
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // taken away meanwhile
		}
		if err != nil {
			s.unread, sum = true, "?"
		}
		fmt.Fprintf(s.w, "%s %s\n", name, sum)
		return nil
	})
}

// size adds up the files of an input.
func size(path string) (n int64) {
	walk(path, func(_, _ string, info fs.FileInfo) error {
		if info != nil && info.Mode().IsRegular() {
			n += info.Size()
		}
		return nil
	})
	return n
}

// surveyFile is a digest that tells whether a file of an employer is still the
// one that was worked on. Who forged another one of the same digest would only
// keep his own payroll from being made again.
func surveyFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	buf := surveys.Get().(*[surveyBuffer]byte)
	defer surveys.Put(buf)
	h := xxh3.New()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{f}, buf[:]); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	sum := h.Sum128().Bytes()
	return hex.EncodeToString(sum[:]), nil
}

const surveyBuffer = 128 << 10

var surveys = sync.Pool{New: func() any { return new([surveyBuffer]byte) }}
