package build

import (
	"context"
	"path/filepath"
	"strings"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/xhl"
	"paye/xhl/run"
)

// ReadHead reads the head of an input, a journal or a run, and nothing of its
// bulletins: whose payroll it is, and of which month.
func ReadHead(ctx context.Context, entree string) (*xhl.Entete, error) {
	o := xhl.Options{Fichier: entree, Anomalie: func(*anomalie.Anomalie) {}}
	at, isRun, err := InputAt(entree)
	if err != nil {
		return nil, err
	}
	if isRun && strings.EqualFold(filepath.Ext(at), ".jsonl") {
		if head, err := firstLine(at, o); head != nil || err != nil {
			return head, err
		}
	}
	in, err := openSource(ctx, at, run.EncodeOptions{}, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r, err := xhl.NewReader(in, o)
	if err != nil {
		return nil, err
	}
	return r.Entete(), nil
}

// firstLine is the head of a run in its first line, which need not be encoded
// for it; nil when that line is another.
func firstLine(path string, o xhl.Options) (*xhl.Entete, error) {
	f, err := input.Open(path)
	if err != nil {
		return nil, notFound(path, err)
	}
	defer f.Close()
	for line, err := range run.NewHeadReader(f, o).Lines() {
		if err != nil {
			return nil, err
		}
		return line.Entete, nil
	}
	return nil, nil
}
