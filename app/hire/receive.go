package hire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"paye/due"
)

// maxAnswer is the largest answer that is read, in bytes.
const maxAnswer = 64 << 20

func reader(text []byte) io.Reader { return bytes.NewReader(text) }

// Receive reads one answer and applies it. Its content says what it is, never
// its name: a DUEAR001, or an XML return, of which lot may be the batch and
// correspondance the path of the mapping of level 3; both may be empty.
func (b *Bureau) Receive(ctx context.Context, path, lot, correspondance string) (*due.Bordereau, error) {
	var raw []byte
	err := b.read(path, func(r io.Reader) (err error) {
		raw, err = io.ReadAll(io.LimitReader(r, maxAnswer+1))
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(raw) > maxAnswer {
		return nil, Codes.New("DUE-B02", maxAnswer).At(path, -1, 0)
	}
	if text := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\ufeff")), " \t\r\n"); len(text) == 0 || text[0] != '<' {
		ar, err := due.ReadAR(reader(raw), path)
		if err != nil {
			return nil, err
		}
		return b.Registre.Receive(ctx, ar, raw)
	}
	var mapping due.Correspondance
	if correspondance != "" {
		err := b.read(correspondance, func(r io.Reader) (err error) {
			mapping, err = due.ReadCorrespondance(r, correspondance)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	ret, err := due.ReadRetour(reader(raw), path, mapping)
	if err != nil {
		return nil, err
	}
	return b.Registre.ReceiveRetour(ctx, ret, lot, raw)
}

// Answers are the paths of the files of the folder travail/AR, by name.
func (b *Bureau) Answers() ([]string, error) {
	dir := filepath.Join(b.chemins().Travail, "AR")
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the folder of the answers: %w", err)
	}
	var paths []string
	for _, e := range entries {
		if e.Type().IsRegular() && e.Name()[0] != '.' {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, nil
}
