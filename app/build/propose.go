package build

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/xhl"
	"paye/xhl/run"
)

// ReadIndex reads the justificatifs.csv called path.
func ReadIndex(path string) ([]IndexLigneLue, error) {
	// The build tells of lines that say nothing, and of the sheet.
	return readIndex(path, new(int), func(*anomalie.Anomalie) {})
}

// Propose makes the lines of a justificatifs.csv for files that nothing says
// anything of: a file whose name holds a matricule of the journal, as a word of
// its own, is proposed for that agent, and for each when it holds several. One
// whose name holds none has no matricule: its owner knows. It reads no file
// but the journal; what it proposes is for a person to confirm.
func Propose(ctx context.Context, entree string, files []string) ([]IndexLigneLue, error) {
	known, err := matriculesOf(ctx, entree)
	if err != nil {
		return nil, err
	}
	var lines []IndexLigneLue
	for _, file := range slices.Sorted(slices.Values(files)) {
		found := map[string]bool{}
		for _, word := range strings.FieldsFunc(strings.TrimSuffix(path.Base(file), path.Ext(file)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if m, ok := known[strings.ToUpper(word)]; ok && !found[m] {
				found[m] = true
				lines = append(lines, IndexLigneLue{Matricule: m, Fichier: file})
			}
		}
		if len(found) == 0 {
			lines = append(lines, IndexLigneLue{Fichier: file})
		}
	}
	return lines, nil
}

// matriculesOf are the matricules of a journal or a run, by their capitals.
func matriculesOf(ctx context.Context, entree string) (map[string]string, error) {
	src, err := openSource(ctx, entree, run.EncodeOptions{}, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer src.Close()
	reader, err := xhl.NewReader(src, xhl.Options{Fichier: entree})
	if err != nil {
		return nil, cause(ctx, src, err)
	}
	known := map[string]string{}
	for b, err := range xhl.NotEmpty(entree, reader.Bulletins()) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, cause(ctx, src, err)
		}
		known[strings.ToUpper(b.Agent.Matricule)] = b.Agent.Matricule
	}
	return known, nil
}

// WriteIndex writes a justificatifs.csv that the reader reads again. Lines
// without a matricule are left out: they say nothing yet.
func WriteIndex(w io.Writer, lines []IndexLigneLue) error {
	out := csv.NewWriter(w)
	out.Comma = ';'
	rows := [][]string{indexColumns}
	for _, l := range lines {
		if l.Matricule != "" {
			rows = append(rows, []string{l.Matricule, l.IdUnique, l.Fichier, l.Nom, l.Description, l.Support})
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s: %w", indexName, err)
	}
	return nil
}
