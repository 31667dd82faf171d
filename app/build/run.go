package build

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/sheet"
	"paye/xhl"
	"paye/xhl/run"
)

// IsRunFile reports whether a file is called as a run is, which is encoded: a
// .jsonl, or the workbook of a CSV run. Workbooks that are not read are runs
// too, so that they are told as such.
func IsRunFile(path string) bool {
	return slices.Contains([]string{".jsonl", ".xlsx", ".xlsm", ".xlsb", ".ods", ".xls"}, strings.ToLower(filepath.Ext(path)))
}

// columnNotes keeps what whole columns of a run show. The rest of what encoding
// notices is told again by who reads the journal.
func columnNotes(notes *[]*anomalie.Anomalie) func(*anomalie.Anomalie) {
	return func(a *anomalie.Anomalie) {
		if a.Code == "XHL-312" {
			*notes = append(*notes, a)
		}
	}
}

// JournalFile gives the file of the journal of an input. That of a run is encoded
// into a file of dir, the system's for temporary files when empty, which release
// removes.
func JournalFile(ctx context.Context, entree, dir string, o run.EncodeOptions) (path string, release func(), err error) {
	at, isRun, err := InputAt(entree)
	if err != nil || !isRun {
		return at, func() {}, err
	}
	f, err := os.CreateTemp(dir, "xhl-journal-*.xhl")
	if err != nil {
		return "", nil, fmt.Errorf("make a journal of the run: %w", err)
	}
	out := bufio.NewWriterSize(f, 256<<10)
	o.Run.Fichier = at
	if err := errors.Join(Encode(ctx, at, out, o), out.Flush(), f.Close()); err != nil {
		os.Remove(f.Name())
		return "", nil, err
	}
	return f.Name(), func() { os.Remove(f.Name()) }, nil
}

// Encode writes the journal of a run: a .jsonl, a workbook .xlsx, or a folder
// that holds a run.jsonl or the files of a CSV run.
func Encode(ctx context.Context, path string, w io.Writer, o run.EncodeOptions) error {
	st, err := os.Stat(path)
	if err != nil {
		return notFound(path, err)
	}
	if st.IsDir() {
		lines := beside(path, "run.jsonl")
		switch {
		case lines != "":
			path = lines
		case beside(path, run.CSVEntete) != "":
			return encodeCSV(ctx, path, w, o)
		default:
			return Codes.New(EntreeInconnue, path)
		}
	}
	f, err := input.Open(path)
	if err != nil {
		return notFound(path, err)
	}
	defer f.Close()
	if IsRunFile(path) && !strings.EqualFold(filepath.Ext(path), ".jsonl") {
		err = encodeBook(ctx, path, f, w, o)
	} else {
		err = run.EncodeJSON(ctx, f, w, o)
	}
	if err != nil {
		return err
	}
	return f.Held()
}

// encodeBook writes the journal of a workbook, whose sheets are the files of a
// CSV run.
func encodeBook(ctx context.Context, path string, f sheet.Source, w io.Writer, o run.EncodeOptions) error {
	book, err := sheet.OpenWorkbook(f)
	if err != nil {
		var refusal sheet.Refusal
		if errors.As(err, &refusal) {
			return Codes.New(ClasseurIllisible, path, refusal.Phrase).At(path, -1, 0)
		}
		return fmt.Errorf("read %s: %w", path, err)
	}
	defer book.Close()
	return run.EncodeCSV(ctx, book, w, o)
}

// encodeCSV follows no link out of the folder.
func encodeCSV(ctx context.Context, dir string, w io.Writer, o run.EncodeOptions) error {
	folder, err := input.OpenFolder(dir)
	if err != nil {
		return fmt.Errorf("open folder %s: %w", dir, err)
	}
	defer folder.Close()
	if err := run.EncodeCSV(ctx, folder, w, o); err != nil {
		return err
	}
	return folder.Held()
}

// ReadPast reads the codes of the journal of a month before.
func ReadPast(ctx context.Context, path string) (run.Past, error) {
	path, err := JournalAt(path)
	if err != nil {
		return nil, err
	}
	journal, err := OpenJournal(path, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer journal.Close()
	past, err := run.ReadPast(ctx, journal, xhl.Options{Fichier: path})
	return past, located(err, path)
}

// DecodeBook writes a journal as a workbook, whose sheets are the files of a CSV
// run and whose cells are all texts.
func DecodeBook(ctx context.Context, r io.Reader, w io.Writer, o xhl.Options, done *atomic.Int64) error {
	book, err := sheet.NewBook()
	if err != nil {
		return err
	}
	defer book.Close()
	err = run.DecodeCSV(ctx, r, o, run.CSVExact, func(name string) (io.WriteCloser, error) {
		return book.Sheet(strings.TrimSuffix(name, ".csv"))
	}, done)
	if err != nil {
		return err
	}
	return book.Write(w)
}
