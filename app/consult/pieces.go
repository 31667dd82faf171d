package consult

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"paye/app/build"
	"paye/xhl/run"
)

// IsRun reports whether an input is a run, which is encoded before it is looked
// into.
func IsRun(entree string) bool {
	if strings.HasSuffix(strings.ToLower(entree), ".jsonl") {
		return true
	}
	info, err := os.Stat(entree)
	return err == nil && info.IsDir()
}

// Encode writes the journal of a run.
func Encode(ctx context.Context, entree string, w io.Writer) error {
	return build.Encode(ctx, entree, w, run.EncodeOptions{})
}

// Pieces gives where the justificatifs below dir are, by IdUnique as the index
// has it and by file name. Without dir there are none.
func Pieces(dir, index string) (map[string]string, error) {
	found := map[string]string{}
	if dir == "" {
		return found, nil
	}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			found[e.Name()] = p
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find the justificatifs: %w", err)
	}
	if index == "" {
		return found, nil
	}
	f, err := os.Open(index)
	if err != nil {
		return nil, fmt.Errorf("read the index of the justificatifs: %w", err)
	}
	defer f.Close()
	return found, indexed(f, dir, found)
}

// indexed adds the identifiers of the index.
func indexed(f io.Reader, dir string, found map[string]string) error {
	rows := csv.NewReader(f)
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = ';', -1, true
	head, err := rows.Read()
	if err != nil {
		return nil // an index that cannot be read finds nothing; the build says what is wrong with it
	}
	id, file := slices.Index(head, "id_unique"), slices.Index(head, "fichier")
	if id < 0 || file < 0 {
		return nil
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil || len(row) <= max(id, file) || row[id] == "" {
			continue
		}
		name := path.Clean(filepath.ToSlash(row[file]))
		if p := filepath.Join(dir, filepath.FromSlash(name)); filepath.IsLocal(filepath.FromSlash(name)) {
			if _, err := os.Stat(p); err == nil {
				found[row[id]] = p
			}
		}
	}
}
